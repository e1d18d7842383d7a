package api_test

import (
	"net/url"
	"strings"
	"testing"

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
