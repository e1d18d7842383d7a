package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// While one types, a customer that is a lead already is told, and the other way
// round: in full to who may read it, masked with its owner to others, and not at
// all by a field that is hidden from him (PLT-12).
func TestLikenessAcrossEntities(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		grants := sales()
		for _, op := range []access.Op{access.Read, access.Create, access.Update} {
			grants = append(grants, access.Grant{Entity: "crm.lead", Op: op, Scope: access.Own})
		}
		c.Member(company.Person{Login: "zhang", Roles: []int64{c.Role("seller", grants)}})
		c.Member(company.Person{Login: "li", Roles: []int64{c.Role("narrow", grants, access.FieldGrant{Entity: "crm.lead", Field: "mobile", Level: schema.Hidden})}})
		zhang, li, admin := c.As("zhang"), c.As("li"), c.As("admin")
		lead := zhang.Post("/records/crm.lead", map[string]any{"company": "苏州汇川技术有限公司", "contact_name": "王芳", "mobile": "138 1662 4380", "email": "wf@Example.com"}).Want(201)
		customer := zhang.Post("/records/crm.customer", map[string]any{"name": "杭州海康威视", "phone": "0571-88075998", "email": "office@hik.example"}).Want(201)
		look := func(k *company.Client, name string, values map[string]any) company.Reply {
			return k.Post("/records/"+name+"/preview", map[string]any{"values": values}).Want(200)
		}
		for _, values := range []map[string]any{{"name": "苏州汇川技术"}, {"phone": "+86 13816624380"}, {"email": "wf@Example.com"}} {
			got := look(zhang, "crm.customer", values)
			if got.Str("duplicates.0.id") != lead.Str("id") || got.Str("duplicates.0.entity") != "crm.lead" || got.Str("duplicates.0.strict") != "false" {
				t.Errorf("%v: %s", values, got.Body)
			}
		}
		both := look(zhang, "crm.customer", map[string]any{"name": "苏州汇川技术", "phone": "13816624380"})
		if both.Str("duplicates.0.matched.0") != "name" || both.Str("duplicates.0.matched.1") != "phone" || both.Str("duplicates.1.id") != "" {
			t.Errorf("one record is one hit: %s", both.Body)
		}
		for _, values := range []map[string]any{{"company": "杭州海康威视有限公司"}, {"mobile": "0571 8807 5998"}, {"email": "OFFICE@hik.example"}} {
			got := look(zhang, "crm.lead", values)
			if got.Str("duplicates.0.id") != customer.Str("id") || got.Str("duplicates.0.entity") != "crm.customer" {
				t.Errorf("%v: %s", values, got.Body)
			}
		}
		// Who may not read it learns that it is there and whom to ask.
		got := look(li, "crm.customer", map[string]any{"name": "苏州汇川技术"})
		if got.Str("duplicates.0.owner") != "zhang" || got.Str("duplicates.0.id") != "" || strings.Contains(string(got.Body), "汇川技术") || strings.Contains(string(got.Body), lead.Str("id")) {
			t.Errorf("another's lead: %s", got.Body)
		}
		if got := look(li, "crm.customer", map[string]any{"phone": "13816624380"}); got.Str("duplicates.0.entity") != "" {
			t.Errorf("found by a hidden field: %s", got.Body)
		}
		// The question before saving says the same; saving is not kept from it.
		if got := zhang.Post("/records/crm.customer/duplicates", map[string]any{"values": map[string]any{"name": "苏州汇川技术"}}).Want(200); got.Str("items.0.entity") != "crm.lead" {
			t.Errorf("duplicates: %s", got.Body)
		}
		made := admin.Post("/records/crm.customer?duplicates=refuse", map[string]any{"name": "苏州汇川技术"}).Want(201)
		if made.Str("duplicates.0.id") != "" {
			t.Errorf("saved: %s", made.Body)
		}
	})
}
