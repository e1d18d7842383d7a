package api_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

func zh(text string) map[string]string { return map[string]string{"zh-CN": text, "en": text + " en"} }

// A field added at run time is at work at once: page, filter, sort, search,
// rights, unique rule, no restart (PLT-3).
func TestFieldAddedAtRunTime(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		before := admin.Get("/meta").Want(200).Str("version")
		add := func(body map[string]any) {
			t.Helper()
			admin.Post("/customize/entities/crm.customer/fields", body).Want(201)
		}
		add(map[string]any{"key": "nickname", "type": "text", "label": zh("昵称"), "search": true, "unique": true, "settings": map[string]any{"max": 20}})
		add(map[string]any{"key": "grade", "type": "choice", "label": zh("等级"), "settings": map[string]any{"options": []map[string]any{
			{"code": "a", "label": zh("甲等")}, {"code": "b", "label": zh("乙等")}}}})
		add(map[string]any{"key": "rate", "type": "percent", "label": zh("比例"), "settings": map[string]any{}})
		add(map[string]any{"key": "share", "type": "formula", "label": zh("份额"), "settings": map[string]any{"formula": "amount * rate / 100", "result": "money"}})
		add(map[string]any{"key": "helpers", "type": "member", "label": zh("协办"), "settings": map[string]any{"many": true}})
		meta := admin.Get("/meta").Want(200)
		if meta.Str("version") == before || !strings.Contains(string(meta.Body), `"key":"nickname"`) || !strings.Contains(string(meta.Body), "昵称") {
			t.Error("meta does not know the field")
		}
		made := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司", "nickname": "老甲头", "grade": "甲等", "amount": "1000", "rate": "12.5",
			"helpers": []string{c.As("admin").Get("/me").Str("me.id")}}).Want(201)
		if made.Str("grade") != "a" || made.Str("share") != "125.00" || made.Str("helpers.0.label") != "管理员" {
			t.Errorf("made %s", made.Body)
		}
		if r := admin.Post("/records/crm.customer", map[string]any{"name": "乙公司", "nickname": "老 甲 头"}).Want(409); !strings.Contains(string(r.Body), `"field":"nickname"`) {
			t.Errorf("unique: %s", r.Body)
		}
		admin.Post("/records/crm.customer", map[string]any{"name": "乙公司", "nickname": strings.Repeat("长", 21)}).Want(422)
		for _, q := range []string{filter(`nickname contains "甲头"`), filter(`grade == "a"`), filter(`share > 100`), filter("helpers == me"), "q=" + url.QueryEscape("老甲头") + "&fresh=true"} {
			if n := len(admin.Get("/records/crm.customer?sort=-share,nickname&" + q).Want(200).Items()); n != 1 {
				t.Errorf("%s: %d records", q, n)
			}
		}
		role := c.Role("clerk", sales(), access.FieldGrant{Entity: "crm.customer", Field: "nickname", Level: schema.Hidden})
		c.Member(company.Person{Login: "clerk", Roles: []int64{role}})
		clerk := c.As("clerk")
		clerk.Get("/records/crm.customer?" + filter(`nickname == "老甲头"`)).Want(400)
		clerk.Post("/records/crm.customer", map[string]any{"name": "丙", "nickname": "x"}).Want(400)
		clerk.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "y", "type": "text", "label": zh("y")}).Want(403)
		for _, bad := range []map[string]any{{"key": "Nick", "type": "text", "label": zh("x")}, {"key": "name", "type": "text", "label": zh("x")},
			{"key": "z", "type": "nothing", "label": zh("x")}, {"key": "z", "type": "text"},
			{"key": "z", "type": "formula", "label": zh("x"), "settings": map[string]any{"formula": "nothing + 1"}}} {
			if r := admin.Post("/customize/entities/crm.customer/fields", bad); r.Status != 422 && r.Status != 409 {
				t.Errorf("%v: status %d %s", bad, r.Status, r.Body)
			}
		}
		admin.Do("DELETE", "/customize/entities/crm.customer/fields/nickname", nil).Want(200)
		admin.Get("/records/crm.customer?" + filter(`nickname == "老甲头"`)).Want(400)
		if strings.Contains(string(admin.Get("/records/crm.customer/"+made.Str("id")).Body), "老甲头") {
			t.Error("a retired field is still shown")
		}
	})
}

// An entity added at run time has the same abilities as a built-in one (PLT-4).
func TestEntityAddedAtRunTime(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Post("/customize/entities", map[string]any{"name": "city", "label": zh("城市"), "title": "name"}).Want(201)
		for _, f := range []map[string]any{{"key": "code", "type": "text", "label": zh("代码"), "unique": true, "required": true},
			{"key": "name", "type": "text", "label": zh("名称"), "search": true},
			{"key": "customer", "type": "reference", "label": zh("客户"), "settings": map[string]any{"target": "crm.customer"}}} {
			admin.Post("/customize/entities/x.city/fields", f).Want(201)
		}
		cust := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		made := admin.Post("/records/x.city", map[string]any{"code": "130100", "name": "石家庄市", "customer": cust}).Want(201)
		if made.Str("customer.label") != "甲公司" || made.Str("owner.label") != "管理员" {
			t.Errorf("made %s", made.Body)
		}
		admin.Post("/records/x.city", map[string]any{"name": "无代码"}).Want(422)
		if hits := admin.Get("/search?fresh=true&q=" + url.QueryEscape("shijiazhuang")).Want(200).Items(); len(hits) != 1 || hits[0]["entity"] != "x.city" {
			t.Errorf("search %v", hits)
		}
		rel := admin.Get("/records/crm.customer/" + cust + "/related").Want(200)
		if !strings.Contains(string(rel.Body), `"x.city.customer","entity":"x.city","field":"customer","count":{"value":1`) {
			t.Errorf("related %s", rel.Body)
		}
		c.Member(company.Person{Login: "nobody"})
		c.As("nobody").Get("/records/x.city").Want(403)
		role := c.Role("reader", []access.Grant{{Entity: "x.*", Op: access.Read, Scope: access.All}})
		c.Member(company.Person{Login: "reader", Roles: []int64{role}})
		if n := len(c.As("reader").Get("/records/x.city").Want(200).Items()); n != 1 {
			t.Errorf("%d cities", n)
		}
		admin.Post("/customize/entities", map[string]any{"name": "city", "label": zh("城市")}).Want(409)
		admin.Post("/customize/entities", map[string]any{"name": "9x", "label": zh("城市")}).Want(422)
	})
}

// Customizing does not touch what a search may find: what was there before is
// still found, and hidden and masked fields stay so in the index, for records
// from before and after.
func TestCustomizingKeepsTheRightsOfSearch(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		role := c.Role("clerk", []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.All}},
			access.FieldGrant{Entity: "crm.customer", Field: "short_name", Level: schema.Hidden},
			access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: schema.Masked})
		c.Member(company.Person{Login: "clerk", Roles: []int64{role}})
		clerk := c.As("clerk")
		look := func(when string, names ...string) {
			t.Helper()
			for _, x := range []struct {
				k    *company.Client
				q    string
				want int
			}{{admin, "招商", len(names)}, {admin, "秘密", len(names)}, {admin, "1381234", len(names)}, {clerk, "招商", len(names)},
				{clerk, "秘密", 0}, {clerk, "1381234", 0}, {clerk, "5678", len(names)}} {
				if got := x.k.Get("/search?fresh=true&q=" + url.QueryEscape(x.q)).Want(200).Items(); len(got) != x.want {
					t.Errorf("%s: %s is found %d times, want %d", when, x.q, len(got), x.want)
				}
			}
		}
		before := map[string]any{"name": "招商一公司", "short_name": "秘密一", "phone": "13812345678"}
		admin.Post("/records/crm.customer", before).Want(201)
		look("before", "招商一公司")
		admin.Post("/customize/entities", map[string]any{"name": "city", "label": zh("城市")}).Want(201)
		look("after an entity was added", "招商一公司")
		admin.Post("/records/crm.customer", map[string]any{"name": "招商二公司", "short_name": "秘密二", "phone": "13812345678"}).Want(201)
		look("a record after an entity was added", "招商一公司", "招商二公司")
		admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "nick", "type": "text", "label": zh("昵称"), "search": true}).Want(201)
		look("after a field was added", "招商一公司", "招商二公司")
	})
}

// An entity that was retired with its fields is no fault, also where another
// one counted its records: that field stays as it was last.
func TestRetiredEntityIsNoFault(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		const entities, customers = "/customize/entities", "/records/crm.customer"
		admin.Post(entities, map[string]any{"name": "exam", "label": zh("考核")}).Want(201)
		admin.Post(entities+"/x.exam/fields", map[string]any{"key": "customer", "type": "reference", "label": zh("客户"), "settings": map[string]any{"target": "crm.customer"}}).Want(201)
		admin.Post(entities+"/x.exam/fields", map[string]any{"key": "score", "type": "number", "label": zh("分")}).Want(201)
		admin.Post(entities+"/crm.customer/fields", map[string]any{"key": "best", "type": "rollup", "label": zh("最高分"),
			"settings": map[string]any{"rollup": map[string]any{"entity": "x.exam", "via": "customer", "op": "max", "field": "score"}}}).Want(201)
		admin.Post(entities+"/x.exam/fields", map[string]any{"key": "held_on", "type": "date", "label": zh("日期")}).Want(201)
		admin.Post(entities+"/crm.customer/fields", map[string]any{"key": "newest", "type": "rollup", "label": zh("最近"),
			"settings": map[string]any{"rollup": map[string]any{"entity": "x.exam", "via": "customer", "op": "max", "field": "held_on"}}}).Want(201)
		id := admin.Post(customers, map[string]any{"name": "甲公司"}).Want(201).Str("id")
		admin.Post("/records/x.exam", map[string]any{"customer": id, "score": 7, "held_on": "2026-02-28"}).Want(201)
		admin.Do("DELETE", entities+"/x.exam", nil).Want(200)

		admin.Get("/records/x.exam").Want(404)
		admin.With("If-Match", "*").Patch(customers+"/"+id, map[string]any{"status": "won"}).Want(200)
		admin.Get(customers + "/" + id + "/related").Want(200)
		if got := admin.Get(customers + "?fields=name,best,newest&filter=" + url.QueryEscape("best > 6")).Want(200); got.Str("items.0.best") != "7" || got.Str("items.0.newest") != "2026-02-28" {
			t.Errorf("the best of a retired entity: %s", got.Body)
		}
		c.App.Run(t.Context(), "tester", app.Request{Command: "doctor"}, func(e app.Event) {
			if e.Error != nil || e.Result != nil && strings.Contains(string(e.Result), `"ok":false`) {
				t.Errorf("doctor: %s %v", e.Result, e.Error)
			}
		})
		admin.Post("/customize/entities/x.exam/fields", map[string]any{"key": "more", "type": "number", "label": zh("分")}).Want(404)
	})
}
