package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Taking back is no way around rights: what went to somebody else and was
// changed since stays as it is, and nothing of it is told.
func TestUndoKeepsToRights(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("seller", append(sales(), access.Grant{Entity: "crm.customer", Op: access.Transfer, Scope: access.Own}))
		c.Member(company.Person{Login: "zhang", Roles: []int64{role}})
		c.Member(company.Person{Login: "li", Roles: []int64{role}})
		zhang, li, admin := c.As("zhang"), c.As("li"), c.As("admin")
		lis := li.Get("/me").Str("me.id")

		made := zhang.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201)
		path := "/records/crm.customer/" + made.Str("id")
		changed := zhang.With("If-Match", "*").Patch(path, map[string]any{"status": "won", "address": "旧址"}).Want(200).Str("changeset")

		// Handed over by himself, and taken back at once.
		zhang.With("If-Match", "*").Post(path+"/actions/transfer", map[string]any{"owner": lis}).Want(204)
		zhang.Get(path).Want(404)
		moved := ""
		for _, it := range li.Get(path + "/timeline").Want(200).Items() {
			if it["kind"] == "transfer" {
				moved, _ = it["changeset"].(string)
			}
		}
		zhang.Post("/changesets/"+moved+"/undo", nil).Want(200)
		zhang.Get(path).Want(200)

		// Now it is Li's for good, under another name.
		admin.With("If-Match", "*").Patch(path, map[string]any{"owner": lis, "name": "绝密公司", "contact_name": "某"}).Want(200)
		for _, what := range []string{changed, made.Str("changeset")} {
			r := zhang.Post("/changesets/"+what+"/undo", nil).Want(200)
			if strings.Contains(string(r.Body), "绝密") {
				t.Errorf("the report tells of it: %s", r.Body)
			}
			if r.Str("undone") != "0" {
				t.Errorf("undone %s", r.Body)
			}
		}
		if r := li.Get(path).Want(200); r.Str("status") != "won" || r.Str("address") != "旧址" {
			t.Errorf("changed past rights: %s", r.Body)
		}
	})
}

// A deletion is taken back with all that went along, and what others hung
// under a new record keeps it from being taken back.
func TestUndoOfWholes(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		person := admin.Post("/records/crm.contact", map[string]any{"name": "王五"}).Want(201).Str("id")
		made := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201)
		id := made.Str("id")
		path := "/records/crm.customer/" + id
		under := admin.Post("/records/crm.contact", map[string]any{"name": "赵六", "customer": id}).Want(201).Str("id")
		link := admin.Post("/records/crm.affiliation", map[string]any{"contact": person, "customer": id}).Want(201).Str("id")
		admin.With("If-Match", "*").Patch("/records/crm.contact/"+person, map[string]any{"customer": id}).Want(200)

		there := func(want int) {
			t.Helper()
			for _, p := range []string{path, "/records/crm.contact/" + person, "/records/crm.contact/" + under, "/records/crm.affiliation/" + link} {
				admin.Get(p).Want(want)
			}
		}
		gone := admin.With("If-Match", "*").Do("DELETE", path, nil).Want(200).Str("changeset")
		there(404)
		if r := admin.Post("/changesets/"+gone+"/undo", nil).Want(200); r.Str("undone") != "4" || r.Str("conflicts.0.reason") != "" {
			t.Errorf("undo %s", r.Body)
		}
		there(200)
		if r := admin.Get(path); r.Str("contact_count") != "2" {
			t.Errorf("contacts counted: %s", r.Str("contact_count"))
		}
		admin.With("If-Match", "*").Do("DELETE", path, nil).Want(200)
		admin.Post(path+"/restore", "{}").Want(200)
		there(200)

		other := admin.Post("/records/crm.customer", map[string]any{"name": "乙公司"}).Want(201)
		admin.With("If-Match", "*").Patch("/records/crm.contact/"+under, map[string]any{"customer": other.Str("id")}).Want(200)
		r := admin.Post("/changesets/"+other.Str("changeset")+"/undo", nil).Want(200)
		if r.Str("undone") != "0" || r.Str("conflicts.0.reason") != "error.delete_used" || strings.Contains(r.Str("conflicts.0.message"), "{") {
			t.Errorf("undo of a customer with a contact: %s", r.Body)
		}
		r = admin.Post("/changesets/"+made.Str("changeset")+"/undo", nil).Want(200)
		if r.Str("undone") != "0" || r.Str("conflicts.0.id") != id || strings.Contains(r.Str("conflicts.0.message"), "{") {
			t.Errorf("undo of a customer with contacts: %s", r.Body)
		}
		there(200)
	})
}

// What is restored may point to something that is gone for good.
func TestRestoreWithReferenceToTheDeleted(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin").With("If-Match", "*")
		parent := admin.Post("/records/crm.customer", map[string]any{"name": "总公司"}).Want(201).Str("id")
		child := admin.Post("/records/crm.customer", map[string]any{"name": "分店", "parent": parent}).Want(201).Str("id")
		admin.Do("DELETE", "/records/crm.customer/"+child, nil).Want(200)
		admin.Do("DELETE", "/records/crm.customer/"+parent, nil).Want(200)
		admin.Post("/records/crm.customer/"+child+"/restore", "{}").Want(200)
	})
}

// Redone after being taken back, a change counts again.
func TestUndoOfAnUndoCountsAgain(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin").With("If-Match", "*")
		path := "/records/crm.customer/" + admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		first := admin.Patch(path, map[string]any{"address": "一号"}).Want(200).Str("changeset")
		second := admin.Patch(path, map[string]any{"address": "二号"}).Want(200).Str("changeset")
		back := admin.Post("/changesets/"+second+"/undo", nil).Want(200).Str("changeset")
		admin.Post("/changesets/"+back+"/undo", nil).Want(200)
		if got := admin.Get(path).Str("address"); got != "二号" {
			t.Fatalf("after redoing: %s", got)
		}
		r := admin.Post("/changesets/"+first+"/undo", nil).Want(200)
		if got := admin.Get(path).Str("address"); got != "二号" || r.Str("conflicts.0.fields.0") != "address" {
			t.Errorf("taking the first change back lost the second: %s, %s", got, r.Body)
		}
	})
}

// A hand-over that is taken back gives the record its department back, also
// when its owner has moved on to another one since.
func TestUndoOfHandOverKeepsDepartment(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		east, west := c.Dept("东区", 0), c.Dept("西区", 0)
		role := c.Role("seller", sales())
		c.Member(company.Person{Login: "zhang", Dept: east, Roles: []int64{role}})
		c.Member(company.Person{Login: "li", Dept: west, Roles: []int64{role}})
		admin := c.As("admin").With("If-Match", "*")
		zhang := c.As("zhang").Get("/me").Str("me.id")
		path := "/records/crm.customer/" + c.As("zhang").Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		before := admin.Get(path).Str("dept.label")
		moved := admin.Patch(path, map[string]any{"owner": c.As("li").Get("/me").Str("me.id")}).Want(200).Str("changeset")
		admin.Patch("/records/org.member/"+zhang, map[string]any{"department": c.As("li").Get("/me").Str("me.departments.0")}).Want(200)
		if r := admin.Post("/changesets/"+moved+"/undo", nil).Want(200); r.Str("undone") != "1" {
			t.Fatalf("undo %s", r.Body)
		}
		if r := admin.Get(path); r.Str("dept.label") != before || r.Str("owner.id") != zhang {
			t.Errorf("was in %s, is %s", before, r.Body)
		}
	})
}
