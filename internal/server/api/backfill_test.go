package api_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// latest waits for the newest job of a kind.
func latest(t *testing.T, k *company.Client, kind string) company.Reply {
	t.Helper()
	for _, it := range k.Get("/jobs").Want(200).Items() {
		if it["kind"] == kind {
			return ended(t, k, "/jobs/"+fmt.Sprint(it["id"]))
		}
	}
	t.Fatalf("no job of kind %s", kind)
	return company.Reply{}
}

// A formula or roll-up that comes later is computed for the records that are
// there already, as a job that anybody in charge sees; it is no edit.
func TestNewComputedFieldsOfOldRecords(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		field := func(entity string, body map[string]any) {
			t.Helper()
			admin.Post("/customize/entities/"+entity+"/fields", body).Want(201)
		}
		rollup := func(op, of string) map[string]any {
			r := map[string]any{"entity": "x.visit", "via": "customer", "op": op}
			if of != "" {
				r["field"] = of
			}
			return map[string]any{"rollup": r}
		}
		admin.Post("/customize/entities", map[string]any{"name": "visit", "label": zh("拜访"), "title": "place"}).Want(201)
		field("x.visit", map[string]any{"key": "place", "type": "text", "label": zh("地点")})
		field("x.visit", map[string]any{"key": "customer", "type": "reference", "label": zh("客户"), "settings": map[string]any{"target": "crm.customer"}})
		field("x.visit", map[string]any{"key": "hours", "type": "number", "label": zh("小时")})
		field("crm.customer", map[string]any{"key": "minutes_first", "type": "rollup", "label": zh("分钟前"), "settings": rollup("count", "")})
		if r := latest(t, admin, "backfill"); r.Str("state") != "done" || r.Str("result.done") != "0" {
			t.Errorf("with no records %s", r.Body)
		}

		var firms []string
		for i := range 3 {
			firms = append(firms, admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprint("公司", i)}).Want(201).Str("id"))
		}
		var first string
		for chunk := range 3 { // more than a page
			var items []map[string]any
			for i := range 150 {
				items = append(items, map[string]any{"place": "门店", "customer": firms[(chunk+i)%2], "hours": 2})
			}
			items[0]["hours"] = nil
			first = admin.Post("/records/x.visit/bulk", map[string]any{"op": "create", "items": items}).Want(200).Str("results.1.id")
		}
		visit, firm := "/records/x.visit/"+first, "/records/crm.customer/"+firms[0]
		gone := admin.Get("/records/x.visit?sort=id&limit=2").Items()[1]["id"]
		admin.With("If-Match", "*").Do("DELETE", fmt.Sprint("/records/x.visit/", gone), nil).Want(200)
		was := []string{admin.Get(visit).Str("version"), admin.Get(visit).Str("updated_at"), admin.Get(firm).Str("version"), admin.Get(firm).Str("updated_at")}
		entries := number(t, c, "SELECT count(*) FROM history")

		field("x.visit", map[string]any{"key": "minutes", "type": "formula", "label": zh("分钟"), "settings": map[string]any{"formula": "hours * 60", "result": "number"}})
		if r := latest(t, admin, "backfill"); r.Str("state") != "done" || r.Str("result.done") != "450" || r.Str("result.changed") != "447" || r.Str("result.failed") != "0" {
			t.Errorf("the formula's job %s", r.Body)
		}
		field("crm.customer", map[string]any{"key": "visits", "type": "rollup", "label": zh("拜访数"), "settings": rollup("count", "")})
		latest(t, admin, "backfill")
		field("crm.customer", map[string]any{"key": "spent", "type": "rollup", "label": zh("耗时"), "settings": rollup("sum", "minutes")})
		if r := latest(t, admin, "backfill"); r.Str("result.changed") != "2" {
			t.Errorf("the roll-up's job %s", r.Body)
		}
		if n := len(admin.Get("/records/x.visit?limit=200&" + filter(`minutes == 120`)).Items()); n != 200 {
			t.Errorf("%d visits by the formula", n)
		}
		visits := 0
		for i, f := range firms {
			r := admin.Get("/records/crm.customer/" + f)
			var n, spent int
			fmt.Sscan(r.Str("visits"), &n)
			fmt.Sscan(r.Str("spent"), &spent)
			visits += n
			if i < 2 && (n < 220 || spent < (n-3)*120 || spent > n*120) || i == 2 && n != 0 {
				t.Errorf("%s", r.Body)
			}
		}
		if visits != 449 {
			t.Errorf("%d visits rolled up", visits)
		}

		// Computed in another way, it follows, and so does what is rolled up from it.
		before := admin.Get(firm).Str("spent")
		admin.Patch("/customize/entities/x.visit/fields/minutes", map[string]any{"settings": map[string]any{"formula": "hours * 600", "result": "number"}}).Want(200)
		latest(t, admin, "backfill")
		if got := admin.Get(firm).Str("spent"); got != before+"0" {
			t.Errorf("spent %s, before %s", got, before)
		}
		admin.Patch("/customize/entities/x.visit/fields/minutes", map[string]any{"label": zh("用时")}).Want(200)

		now := []string{admin.Get(visit).Str("version"), admin.Get(visit).Str("updated_at"), admin.Get(firm).Str("version"), admin.Get(firm).Str("updated_at")}
		if strings.Join(was, " ") != strings.Join(now, " ") || number(t, c, "SELECT count(*) FROM history") != entries {
			t.Errorf("a computed value was an edit: %v, then %v", was, now)
		}
		if n := number(t, c, "SELECT count(*) FROM job WHERE kind = 'backfill'"); n != 5 {
			t.Errorf("%d backfills", n)
		}
		c.Member(company.Person{Login: "li"})
		if n := len(c.As("li").Get("/jobs").Want(200).Items()); n != 0 {
			t.Errorf("a member sees %d jobs of others", n)
		}
	})
}

// What was cut off goes on where it was.
func TestBackfillGoesOn(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Post("/customize/entities", map[string]any{"name": "visit", "label": zh("拜访")}).Want(201)
		admin.Post("/customize/entities/x.visit/fields", map[string]any{"key": "hours", "type": "number", "label": zh("小时")}).Want(201)
		admin.Post("/customize/entities/x.visit/fields", map[string]any{"key": "minutes", "type": "formula", "label": zh("分钟"), "settings": map[string]any{"formula": "hours * 600", "result": "number"}}).Want(201)
		latest(t, admin, "backfill")
		for range 3 {
			var items []map[string]any
			for i := range 170 {
				items = append(items, map[string]any{"hours": i%2 + 1})
			}
			admin.Post("/records/x.visit/bulk", map[string]any{"op": "create", "items": items}).Want(200)
		}
		ctx := context.Background()
		write := func(sql string) {
			t.Helper()
			if err := c.App.DB.Write(ctx, func(tx sqldb.Tx) error { _, err := tx.Exec(ctx, sql); return err }); err != nil {
				t.Fatal(err)
			}
		}
		table := c.App.Registry.State().Entity("x.visit")
		write("UPDATE " + table.Table + " SET " + table.Field("minutes").Columns[0].Name + " = NULL")
		write("UPDATE " + table.Table + " SET " + table.Field("hours").Columns[0].Name + " = 9000000000000000000 WHERE id = (SELECT max(id) FROM " + table.Table + ")")

		b := records.Backfill{Fields: []records.Derived{{Entity: "x.visit", Field: "minutes"}, {Entity: "x.gone", Field: "x"}}}
		cut := errors.New("cut off")
		var kept records.Backfill
		pages := 0
		step := func(_ context.Context, tx sqldb.Tx, now *records.Backfill) error {
			if pages++; pages == 2 {
				return cut
			}
			next := *now
			tx.AfterCommit(func() { kept = next })
			return nil
		}
		if err := c.App.Engine.RunBackfill(ctx, &b, step, nil); !errors.Is(err, cut) {
			t.Fatal(err)
		}
		if kept.Done != 200 || kept.After == 0 {
			t.Fatalf("kept %+v", kept)
		}
		again := kept
		if err := c.App.Engine.RunBackfill(ctx, &again, step, nil); err != nil {
			t.Fatal(err)
		}
		if again.Done != 510 || again.Changed != 509 || again.Failed != 1 {
			t.Errorf("ended %+v", again)
		}
		if n := len(admin.Get("/records/x.visit?limit=200&" + filter(`minutes is null`)).Items()); n != 1 {
			t.Errorf("%d without a value", n)
		}
	})
}
