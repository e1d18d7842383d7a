package api_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// The same code typed in two ways at once, or restored while it is written
// anew, is still one company (PLT-12).
func TestRacesOfWhatRulesMakeOfInput(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		const code = "91350100M000100Y43"
		for round := range 5 {
			got := race(12, func(i int) company.Reply {
				typed := code
				if i%2 == 0 {
					typed = " " + strings.ToLower(code)
				}
				return admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprintf("公司%d-%d", round, i), "uscc": typed})
			})
			if got[201] != 1 {
				t.Errorf("typed in two ways: %v", got)
			}
			var ids []string
			for _, it := range admin.Get("/records/crm.customer").Want(200).Items() {
				ids = append(ids, fmt.Sprint(it["id"]))
			}
			for _, id := range ids {
				admin.With("If-Match", "*").Do("DELETE", "/records/crm.customer/"+id, nil).Want(200)
			}
		}
		var deleted []string
		for _, it := range admin.Get("/records/crm.customer?deleted=true&" + filter(`uscc == "`+code+`"`)).Want(200).Items() {
			deleted = append(deleted, fmt.Sprint(it["id"]))
		}
		got := race(len(deleted), func(i int) company.Reply { return admin.Post("/records/crm.customer/"+deleted[i]+"/restore", "{}") })
		if got[200] != 1 {
			t.Errorf("%d restored at once: %v", len(deleted), got)
		}
	})
}

// Nothing live hangs under what was deleted while it was written.
func TestRaceOfReferenceAndDeletion(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		for round := range 12 {
			id := admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprintf("公司%d", round)}).Want(201).Str("id")
			race(9, func(i int) company.Reply {
				if i == 4 {
					return admin.With("If-Match", "*").Do("DELETE", "/records/crm.customer/"+id, nil)
				}
				return admin.Post("/records/crm.contact", map[string]any{"name": fmt.Sprintf("人%d-%d", round, i), "customer": id})
			})
		}
		if n := len(admin.Get("/records/crm.customer").Want(200).Items()); n != 0 {
			t.Fatalf("%d customers left", n)
		}
		if left := admin.Get("/records/crm.contact?count=true").Want(200).Str("count.value"); left != "0" {
			t.Errorf("%s contacts hang under deleted customers", left)
		}
	})
}

// Of two first runs at once one wins, and only its administrator is there.
func TestRaceOfFirstRuns(t *testing.T) {
	run := func(t *testing.T, c *company.Company) {
		var wg sync.WaitGroup
		done := make([]error, 6)
		for i := range done {
			wg.Go(func() {
				_, done[i] = c.App.Setup(context.Background(), api.SetupInput{Company: fmt.Sprint("公司", i), Login: fmt.Sprint("admin", i), Name: "管理员", Password: company.Password})
			})
		}
		wg.Wait()
		won := -1
		for i, err := range done {
			if err == nil && won >= 0 {
				t.Errorf("the first run was done by %d and by %d", won, i)
			}
			if err == nil {
				won = i
			}
		}
		if won < 0 {
			t.Fatal(done)
		}
		k := c.As(fmt.Sprint("admin", won))
		if n := len(k.Get("/records/org.member").Want(200).Items()); n != 1 {
			t.Errorf("%d members after the first run", n)
		}
		if got := k.Get("/settings").Want(200).Str("name"); got != fmt.Sprint("公司", won) {
			t.Errorf("%d did the first run of %s", won, got)
		}
	}
	t.Run("sqlite", func(t *testing.T) { run(t, company.Open(t, company.Options{NoSetup: true})) })
	t.Run("postgres", func(t *testing.T) { run(t, company.Open(t, company.Options{NoSetup: true, Database: pg.URL(t)})) })
}

// Two administrators who change different settings at once both succeed, and
// what they set is at work at once.
func TestSettingsKeepBothChanges(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		for round := range 6 {
			got := race(2, func(i int) company.Reply {
				if i == 0 {
					return admin.Patch("/settings", map[string]any{"name": fmt.Sprint("公司", round)})
				}
				return admin.Patch("/settings", map[string]any{"backup_keep": 20 + round})
			})
			r := admin.Get("/settings").Want(200)
			if got[200] != 2 || r.Str("name") != fmt.Sprint("公司", round) || r.Str("backup_keep") != fmt.Sprint(20+round) {
				t.Errorf("%v: %s", got, r.Body)
			}
		}
		admin.Patch("/settings", map[string]any{"zone": "America/New_York"}).Want(200)
		if got := admin.Get("/me").Str("me.zone"); got != "America/New_York" {
			t.Errorf("the company's zone is still %s", got)
		}
	})
}

// The greatest of many that are written at once is the greatest.
func TestRaceOfRollups(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Post("/customize/entities", map[string]any{"name": "exam", "label": zh("考核")}).Want(201)
		admin.Post("/customize/entities/x.exam/fields", map[string]any{"key": "customer", "type": "reference", "label": zh("客户"), "settings": map[string]any{"target": "crm.customer"}}).Want(201)
		admin.Post("/customize/entities/x.exam/fields", map[string]any{"key": "score", "type": "number", "label": zh("分")}).Want(201)
		admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "best", "type": "rollup", "label": zh("最高分"),
			"settings": map[string]any{"rollup": map[string]any{"entity": "x.exam", "via": "customer", "op": "max", "field": "score"}}}).Want(201)
		for round := range 6 {
			id := admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprint("公司", round)}).Want(201).Str("id")
			race(12, func(i int) company.Reply {
				return admin.Post("/records/x.exam", map[string]any{"customer": id, "score": i + 1})
			})
			if got := admin.Get("/records/crm.customer/" + id).Want(200).Str("best"); got != "12" {
				t.Errorf("best %s", got)
			}
		}
	})
}

// What is refused within a bulk that goes on is in the audit log.
func TestDenialsInBulkAreAudited(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("reader", append(sales(), access.Grant{Entity: "crm.customer", Op: access.Read, Scope: access.All}))
		c.Member(company.Person{Login: "reader", Roles: []int64{role}})
		reader := c.As("reader")
		var ids []string
		for _, k := range []*company.Client{c.As("admin"), reader} {
			ids = append(ids, k.Post("/records/crm.customer", map[string]any{"name": "公司"}).Want(201).Str("id"))
		}
		count := func() (n int64) {
			var rows sqldb.Rows
			if err := c.App.DB.Read(context.Background(), func(q sqldb.Querier) error {
				return q.Query(context.Background(), "SELECT count(*) FROM audit WHERE action = 'denied'", nil, []record.Kind{record.KindInt}, &rows)
			}); err != nil {
				t.Fatal(err)
			}
			return rows.At(0, 0).Int()
		}
		for _, body := range []map[string]any{{"op": "update", "ids": ids, "patch": map[string]any{"status": "won"}}, {"op": "delete", "ids": ids}} {
			before := count()
			if r := reader.Post("/records/crm.customer/bulk", body).Want(200); r.Str("results.0.status") != "403" || r.Str("done") != "1" {
				t.Errorf("bulk %s", r.Body)
			}
			if n := count() - before; n != 1 {
				t.Errorf("%v: %d denials audited", body["op"], n)
			}
		}
	})
}
