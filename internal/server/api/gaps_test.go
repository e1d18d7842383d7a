package api_test

import (
	"fmt"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// An upload becomes one record's, however many want it: at the same moment, in
// one call.
func TestRaceOfOneUpload(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		for round := range 8 {
			file := uploaded(admin, "a.csv", fmt.Sprint("x", round))
			got := race(8, func(i int) company.Reply {
				return admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprintf("公司%d-%d", round, i), "attachments": []string{file}})
			})
			if got[201] != 1 || got[422] != 7 {
				t.Errorf("at once: %v", got)
			}
		}
		file := uploaded(admin, "b.csv", "y")
		item := func(name string) map[string]any {
			return map[string]any{"name": name, "attachments": []string{file}}
		}
		items := []map[string]any{item("甲"), item("乙"), {"name": "丙"}}
		r := admin.Post("/records/crm.customer/bulk", map[string]any{"op": "create", "items": items}).Want(200)
		if r.Str("done") != "2" || r.Str("results.0.status") != "200" || r.Str("results.1.status") != "422" || r.Str("results.1.error.errors.0.field") != "attachments" {
			t.Errorf("in one call: %s", r.Body)
		}
	})
}

// Who left the company is given nothing; what he has stays his until it is
// handed over.
func TestDisabledMembersAreGivenNothing(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin").With("If-Match", "*")
		c.Member(company.Person{Login: "li"})
		li := admin.Get("/records/org.member?" + filter(`login == "li"`)).Items()[0]["id"]
		his := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司", "owner": li}).Want(201).Str("id")
		other := admin.Post("/records/crm.customer", map[string]any{"name": "乙公司"}).Want(201).Str("id")
		admin.Post(fmt.Sprint("/records/org.member/", li, "/actions/disable"), "{}").Want(200)
		refused := func(r company.Reply) {
			t.Helper()
			if r.Status != 422 || r.Str("errors.0.field") != "owner" || r.Str("errors.0.code") != "error.owner_disabled" {
				t.Errorf("%d %s", r.Status, r.Body)
			}
		}
		refused(admin.Post("/records/crm.customer", map[string]any{"name": "丙公司", "owner": li}))
		refused(admin.Patch("/records/crm.customer/"+other, map[string]any{"owner": li}))
		refused(admin.Post("/records/crm.customer/"+other+"/actions/transfer", map[string]any{"owner": li}))
		r := admin.Post("/records/crm.customer/bulk", map[string]any{"op": "transfer", "ids": []string{other}, "owner": li}).Want(200)
		if r.Str("failed") != "1" || r.Str("results.0.error.errors.0.code") != "error.owner_disabled" {
			t.Errorf("%s", r.Body)
		}
		admin.Patch("/records/crm.customer/"+his, map[string]any{"address": "一号", "owner": li}).Want(200)
		admin.Do("DELETE", "/records/crm.customer/"+his, nil).Want(200)
		admin.Post("/records/crm.customer/"+his+"/restore", nil).Want(200)

		// One without a login never was at work here; imports name such owners.
		none := admin.Post("/records/org.member", map[string]any{"name": "王芳"}).Want(201).Str("id")
		admin.Post("/records/crm.customer", map[string]any{"name": "丁公司", "owner": none}).Want(201)
	})
}

// Whoever changes his profile is answered with what it is now.
func TestProfileAnswersTheNewName(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		c.Member(company.Person{Login: "li"})
		li := c.As("li")
		if got := li.Patch("/me", map[string]any{"name": "李娜"}).Want(200).Str("me.name"); got != "李娜" {
			t.Errorf("answered %q", got)
		}
		if got := li.Get("/me").Want(200).Str("me.name"); got != "李娜" {
			t.Errorf("then %q", got)
		}
	})
}

// Handing over is a write as any other: it names the version it saw.
func TestTransferNamesItsVersion(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		me := admin.Get("/me").Str("me.id")
		at := "/records/crm.customer/" + admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		admin.Post(at+"/actions/transfer", map[string]any{"owner": me}).Want(428)
		admin.Post(at+"/actions/transfer", map[string]any{"owner": me, "version": 7}).Want(409)
		admin.With("If-Match", `"v7"`).Post(at+"/actions/transfer", map[string]any{"owner": me}).Want(412)
		admin.Post(at+"/actions/transfer", map[string]any{"owner": me, "version": 1}).Want(200)
	})
}

// A new record counts nothing: that is 0, for filters too, not unknown.
func TestNewRecordsCountNothing(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		made := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201)
		if got := made.Str("contact_count"); got != "0" {
			t.Errorf("made with %q contacts", got)
		}
		if n := len(admin.Get("/records/crm.customer?" + filter("contact_count == 0")).Items()); n != 1 {
			t.Errorf("%d customers without contacts", n)
		}
		person := admin.Post("/records/crm.contact", map[string]any{"name": "人", "customer": made.Str("id")}).Want(201).Str("id")
		if got := admin.Get("/records/crm.customer/" + made.Str("id")).Str("contact_count"); got != "1" {
			t.Errorf("%q contacts", got)
		}
		admin.With("If-Match", "*").Do("DELETE", "/records/crm.contact/"+person, nil).Want(200)
		if got := admin.Get("/records/crm.customer/" + made.Str("id")).Str("contact_count"); got != "0" {
			t.Errorf("%q contacts after all", got)
		}
	})
}
