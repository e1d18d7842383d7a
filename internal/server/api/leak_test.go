package api_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// sales are the grants of a salesperson: his own customers and what hangs under them.
func sales() []access.Grant {
	var out []access.Grant
	for _, e := range []string{"crm.customer", "crm.contact"} {
		for _, op := range []access.Op{access.Read, access.Create, access.Update, access.Delete, access.Export} {
			out = append(out, access.Grant{Entity: e, Op: op, Scope: access.Own})
		}
	}
	return out
}

func filter(text string) string { return "filter=" + url.QueryEscape(text) }

// Another's customer is not there, by any path (ORG-10, E of the kernel; the
// classes of SECURITY.md: record access by a side door).
func TestAnothersCustomerIsNotThere(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		dept := c.Dept("销售部", 0)
		role := c.Role("seller", sales())
		c.Member(company.Person{Login: "zhang", Dept: dept, Roles: []int64{role}})
		c.Member(company.Person{Login: "li", Dept: dept, Roles: []int64{role}})
		zhang, li, admin := c.As("zhang"), c.As("li"), c.As("admin")

		file := zhang.With("X-Filename", "secret.txt").With("Content-Type", "text/plain").Post("/files", "绝密").Want(201).Str("id")
		made := zhang.Post("/records/crm.customer", map[string]any{"name": "秘密客户公司", "phone": "13812345678", "attachments": []string{file}}).Want(201)
		id := made.Str("id")
		path := "/records/crm.customer/" + id
		contact := zhang.Post("/records/crm.contact", map[string]any{"name": "王秘密", "customer": id, "mobile": "13911112222"}).Want(201).Str("id")
		own := li.Post("/records/crm.customer", map[string]any{"name": "李的客户"}).Want(201).Str("id")

		for what, r := range map[string]company.Reply{
			"get":      li.Get(path),
			"fields":   li.Get(path + "?fields=name"),
			"expand":   li.Get(path + "?expand=owner"),
			"patch":    li.With("If-Match", "*").Patch(path, map[string]any{"name": "x"}),
			"stale":    li.Patch(path, map[string]any{"version": 99, "name": "x"}),
			"delete":   li.With("If-Match", "*").Do("DELETE", path, nil),
			"related":  li.Get(path + "/related"),
			"timeline": li.Get(path + "/timeline"),
			"restore":  li.Post(path+"/restore", "{}"),
			"transfer": li.With("If-Match", "*").Post(path+"/actions/transfer", map[string]any{"owner": own}),
			"action":   li.Post(path+"/actions/nothing", "{}"),
			"contact":  li.Get("/records/crm.contact/" + contact),
			"file":     li.Get("/files/" + file),
		} {
			if r.Status != 404 {
				t.Errorf("%s: status %d: %.200s", what, r.Status, r.Body)
			}
			if strings.Contains(string(r.Body), "秘密") {
				t.Errorf("%s leaks: %s", what, r.Body)
			}
		}
		for _, p := range []string{"/records/crm.customer?count=true", "/records/crm.customer?" + filter(`name contains "秘密"`) + "&count=true",
			"/records/crm.customer?q=" + url.QueryEscape("秘密") + "&fresh=true", "/search?fresh=true&q=" + url.QueryEscape("秘密"), "/search?fresh=true&q=5678",
			"/records/crm.contact", "/records/crm.contact?" + filter(`customer.name contains "秘密"`), "/records/crm.contact?expand=customer",
			"/records/crm.customer?" + filter(`id == "`+id+`"`), "/records/crm.customer?deleted=true"} {
			r := li.Get(p).Want(200)
			if strings.Contains(string(r.Body), id) || strings.Contains(string(r.Body), "秘密") || strings.Contains(string(r.Body), contact) {
				t.Errorf("%s leaks: %s", p, r.Body)
			}
		}
		if n := li.Get("/records/crm.customer?count=true").Str("count.value"); n != "1" {
			t.Errorf("li counts %s customers", n)
		}
		agg := li.Post("/records/crm.customer/aggregate", map[string]any{"group": []string{"owner"}, "measures": []string{"count"}}).Want(200)
		if strings.Count(string(agg.Body), "zhang") != 0 || !strings.Contains(string(agg.Body), ",1]]") {
			t.Errorf("aggregate %s", agg.Body)
		}
		bulk := li.Post("/records/crm.customer/bulk", map[string]any{"op": "update", "ids": []string{id, own}, "patch": map[string]any{"status": "won"}}).Want(200)
		if bulk.Str("done") != "1" || bulk.Str("failed") != "1" || bulk.Str("results.0.status") != "404" {
			t.Errorf("bulk %s", bulk.Body)
		}
		// A reference to it cannot be set, a file of it cannot be taken.
		li.Post("/records/crm.contact", map[string]any{"name": "探子", "customer": id}).Want(422)
		li.With("If-Match", "*").Patch("/records/crm.customer/"+own, map[string]any{"parent": id}).Want(422)
		li.With("If-Match", "*").Patch("/records/crm.customer/"+own, map[string]any{"attachments": []string{file}}).Want(422)
		// A duplicate is told masked.
		dup := li.Post("/records/crm.customer/duplicates", map[string]any{"values": map[string]any{"name": "秘密客户有限公司"}}).Want(200)
		if strings.Contains(string(dup.Body), "秘密客户公司") || strings.Contains(string(dup.Body), id) || dup.Str("items.0.owner") != "zhang" {
			t.Errorf("duplicates %s", dup.Body)
		}
		// The boss' link to it shows as hidden.
		admin.With("If-Match", "*").Patch("/records/crm.customer/"+own, map[string]any{"parent": id}).Want(200)
		if r := li.Get("/records/crm.customer/" + own); r.Str("parent.hidden") != "true" || r.Str("parent.id") != "" {
			t.Errorf("parent %s", r.Body)
		}
		// Its owner still has everything.
		if r := zhang.Get(path).Want(200); r.Str("name") != "秘密客户公司" || r.Str("version") != "1" {
			t.Errorf("the owner reads %s", r.Body)
		}
		zhang.Get("/files/" + file).Want(200)
		if n := zhang.Get(path + "/related").Want(200).Str("items.0.count.value"); n == "" {
			t.Error("no related counts for the owner")
		}
	})
}

// A hidden field leaks by no filter, sort, group, search, timeline or write; a
// masked one only by equality and the last four digits (DESIGN §5).
func TestHiddenAndMaskedFields(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("clerk", sales(),
			access.FieldGrant{Entity: "crm.customer", Field: "amount", Level: schema.Hidden},
			access.FieldGrant{Entity: "crm.customer", Field: "short_name", Level: schema.Hidden},
			access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: schema.Masked},
			access.FieldGrant{Entity: "crm.customer", Field: "status", Level: schema.Read})
		clerk := c.Member(company.Person{Login: "clerk", Roles: []int64{role}})
		admin := c.As("admin")
		made := admin.Post("/records/crm.customer", map[string]any{"name": "华联商厦", "short_name": "隐名", "amount": "987654.00", "phone": "13812345678",
			"owner": c.As("clerk").Get("/me").Str("me.id")}).Want(201)
		_ = clerk
		path := "/records/crm.customer/" + made.Str("id")
		admin.With("If-Match", "*").Patch(path, map[string]any{"amount": "987655.00", "phone": "13812345679"}).Want(200)
		k := c.As("clerk")
		read := k.Get(path).Want(200)
		for _, word := range []string{"987655", "隐名", "amount", "short_name", "13812345679"} {
			if strings.Contains(string(read.Body), word) {
				t.Errorf("the record shows %s: %s", word, read.Body)
			}
		}
		if read.Str("phone.masked") != "138****5679" {
			t.Errorf("phone %s", read.Body)
		}
		if b := k.Get(path + "/timeline").Want(200).Text(); strings.Contains(b, "98765") || strings.Contains(b, "13812345678") {
			t.Errorf("timeline leaks: %s", b)
		}
		for _, p := range []string{"?" + filter("amount > 1"), "?sort=amount", "?fields=amount", "?" + filter(`short_name == "隐名"`),
			"?sort=phone", "?" + filter(`phone contains "5679"`), "?" + filter(`phone != "13812345679"`), "?" + filter(`phone is not null`)} {
			k.Get("/records/crm.customer" + p).Want(400)
		}
		k.Post("/records/crm.customer/aggregate", map[string]any{"group": []string{}, "measures": []string{"sum:amount"}}).Want(400)
		k.Post("/records/crm.customer/aggregate", map[string]any{"group": []string{"phone"}, "measures": []string{"count"}}).Want(400)
		k.With("If-Match", "*").Patch(path, map[string]any{"amount": "1"}).Want(400)
		k.With("If-Match", "*").Patch(path, map[string]any{"status": "won"}).Want(403)
		found := func(words string) int {
			return len(k.Get("/records/crm.customer?fresh=true&q=" + url.QueryEscape(words)).Want(200).Items())
		}
		if found("隐名") != 0 || found("yinming") != 0 {
			t.Error("a hidden text is found")
		}
		if found("华联") != 1 || found("5679") != 1 || found("13812345679") != 1 {
			t.Errorf("name %d, last four %d, whole number %d", found("华联"), found("5679"), found("13812345679"))
		}
		if found("138123") != 0 || found("345679") != 0 {
			t.Error("a part of a masked number is found")
		}
		if n := len(k.Get("/records/crm.customer?" + filter(`phone == "138 1234 5679"`)).Want(200).Items()); n != 1 {
			t.Errorf("equality on a masked phone found %d", n)
		}
		limited := false
		for range 70 {
			limited = limited || k.Get("/records/crm.customer?"+filter(`phone == "13800000000"`)).Status == 429
		}
		if !limited {
			t.Error("guessing a masked number is not limited")
		}
		meta := string(k.Get("/meta").Want(200).Body)
		if strings.Contains(meta, `"key":"short_name"`) {
			t.Error("meta names a hidden field")
		}
	})
}

// Every route has a policy, and none but the public ones answers a stranger.
func TestEveryRouteHasAPolicy(t *testing.T) {
	c := company.Open(t, company.Options{})
	s := api.New(api.Options{Engine: c.App.Engine, Rights: c.App.Rights, Sessions: c.App.Sessions, Customize: c.App.Customize, Files: c.App.Files,
		Texts: c.App.Texts, Platform: c.App, Clock: c.App.Clock, Log: c.App.Log})
	public := map[string]bool{"GET /health": true, "GET /setup": true, "POST /setup": true, "POST /session": true,
		"POST /session/link/look": true, "POST /session/link": true, "POST /session/renew": true, "POST /session/forgot": true, "GET /company": true, "GET /company/logo": true}
	c.Member(company.Person{Login: "nobody"})
	for _, r := range s.Routes() {
		name := r.Method + " " + r.Path
		if (r.Policy == api.Public) != public[name] {
			t.Errorf("%s is %s", name, r.Policy)
		}
		path := strings.NewReplacer("{entity}", "crm.customer", "{id}", "0000000000001", "{name}", "x", "{key}", "k").Replace(r.Path)
		if r.Policy != api.Public {
			c.Anonymous().Do(r.Method, path, "{}").Want(401)
		}
		if r.Policy == api.Admin {
			c.As("nobody").Do(r.Method, path, "{}").Want(403)
		}
	}
}

// A shared view is there for those who may read its entity and ask what it
// asks, without the columns that they may not see.
func TestSharedViewsUnderRights(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		grants := []access.Grant{{Entity: "crm.contact", Op: access.Read, Scope: access.Own}}
		c.Member(company.Person{Login: "li", Roles: []int64{c.Role("contacts", grants,
			access.FieldGrant{Entity: "crm.contact", Field: "phone", Level: schema.Hidden})}})
		admin, li := c.As("admin"), c.As("li")
		share := func(name, entity, filter string, columns ...string) {
			t.Helper()
			admin.Post("/views", map[string]any{"entity": entity, "name": name, "filter": filter, "sort": "name", "columns": columns, "shared": true}).Want(201)
		}
		share("大客户", "crm.customer", `amount > 1000000`, "name")
		share("没有电话", "crm.contact", `phone is null`, "name")
		share("联系人", "crm.contact", ``, "name", "phone")
		for _, path := range []string{"/views", "/views?entity=crm.contact"} {
			items := li.Get(path).Want(200).Items()
			if len(items) != 1 || items[0]["name"] != "联系人" || len(items[0]["columns"].([]any)) != 1 {
				t.Errorf("%s: %v", path, items)
			}
		}
		if items := li.Get("/views?entity=crm.customer").Want(200).Items(); len(items) != 0 {
			t.Errorf("views of customers: %v", items)
		}
		if items := admin.Get("/views").Want(200).Items(); len(items) != 3 {
			t.Errorf("the administrator: %v", items)
		}
	})
}
