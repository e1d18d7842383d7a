package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// An invited member comes in by his link; disabled, he is out at once and for
// good; without roles he is told whom to ask (ORG-1, SYS-6).
func TestInvitedMemberComesInAndLeaves(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		state := func(id string) string {
			for _, it := range admin.Get("/members/access").Want(200).Items() {
				if it["id"] == id {
					return it["state"].(string) //nolint:forcetypeassert // held to the document by the client
				}
			}
			return ""
		}
		li := admin.Post("/records/org.member", map[string]any{"name": "李娜", "login": "li.na"}).Want(201).Str("id")
		link := admin.Post("/members/"+li+"/link", nil).Want(201).Str("token")
		if got := state(li); got != "invited" {
			t.Errorf("before: %q", got)
		}
		if got := c.Anonymous().Post("/session/link/look", map[string]any{"token": link}).Want(200); got.Str("login") != "li.na" || got.Str("company") != "云腾科技" {
			t.Errorf("the link says %s", got.Body)
		}
		c.Anonymous().Post("/session/link", map[string]any{"token": link, "password": "12345678"}).Want(422)
		in := c.Anonymous().Post("/session/link", map[string]any{"token": link, "password": "Otter-lamp-77-cloud"}).Want(200)
		cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
		browser := c.Anonymous().With("Cookie", cookie)
		c.Anonymous().Post("/session/link", map[string]any{"token": link, "password": "Otter-lamp-78-cloud"}).Want(404)
		if got := state(li); got != "active" {
			t.Errorf("after: %q", got)
		}
		meta := browser.Get("/meta").Want(200)
		if meta.Str("ask.0") != "管理员" {
			t.Errorf("whom to ask: %s", meta.Body)
		}
		browser.Post("/members/"+li+"/link", nil).Want(403)
		browser.Get("/members/access").Want(403)
		browser.Get("/roles/" + li + "/rights").Want(403)
		admin.Post("/members/0000000000001/link", nil).Want(404)

		act := func(name string) {
			admin.With("If-Match", "*").Post("/records/org.member/"+li+"/actions/"+name, map[string]any{}).Want(200)
		}
		act("disable")
		browser.Get("/me").Want(401)
		admin.Post("/members/"+li+"/link", nil).Want(409)
		if _, err := c.App.Sessions.EndLeavers(t.Context()); err != nil { // or the background did it
			t.Fatal(err)
		}
		act("enable")
		browser.Get("/me").Want(401)
	})
}

// What a role grants works at once, in one step, and only administrators say it.
func TestRoleRightsWorkAtOnce(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		role := admin.Post("/records/org.role", map[string]any{"name": "渠道"}).Want(201).Str("id")
		wang := c.Member(company.Person{Login: "wang"})
		admin.With("If-Match", "*").Do("PATCH", "/records/org.member/"+id.ID(wang).String(), map[string]any{"roles": map[string]any{"add": []string{role}}}).Want(200)
		him := c.As("wang")
		him.Get("/records/crm.customer").Want(403)
		type list = []map[string]any
		put := func(want int, grants, fields list) company.Reply {
			return admin.Do("POST", "/roles/"+role+"/rights", map[string]any{"grants": grants, "fields": fields}).Want(want)
		}
		grant := func(op, scope string) map[string]any {
			return map[string]any{"entity": "crm.customer", "operation": op, "scope": scope}
		}
		put(200, list{grant("read", "all"), grant("create", "all")}, list{{"entity": "crm.customer", "field": "phone", "level": "masked"}})
		made := admin.Post("/records/crm.customer", map[string]any{"name": "云上", "phone": "13812345678"}).Want(201).Str("id")
		if got := him.Get("/records/crm.customer/" + made).Want(200).Str("phone"); !strings.Contains(got, "*") {
			t.Errorf("phone %q", got)
		}
		him.Post("/records/crm.customer", map[string]any{"name": "自己的"}).Want(201)
		got := put(200, list{grant("read", "all")}, list{{"entity": "crm.customer", "field": "phone", "level": "hidden"}})
		if got.Str("grants.0.operation") != "read" || got.Str("grants.1.operation") != "" || got.Str("fields.0.level") != "hidden" {
			t.Errorf("rights %s", got.Body)
		}
		him.Post("/records/crm.customer", map[string]any{"name": "不行"}).Want(403)
		if body := him.Get("/records/crm.customer/" + made).Want(200).JSON(); body["phone"] != nil {
			t.Errorf("phone is still there: %v", body)
		}
		// A wrong one changes nothing.
		put(422, list{grant("read", "own"), {"entity": "nowhere", "operation": "read", "scope": "all"}}, list{})
		put(422, list{}, list{{"entity": "crm.customer", "field": "nothing", "level": "read"}})
		put(422, list{}, list{{"entity": "crm.customer", "field": "phone", "level": "maybe"}})
		twice := map[string]any{"entity": "crm.customer", "field": "phone", "level": "read"}
		put(409, list{}, list{twice, {"entity": "crm.customer", "field": "phone", "level": "write"}})
		him.Get("/records/crm.customer/" + made).Want(200)
		him.Do("POST", "/roles/"+role+"/rights", map[string]any{"grants": list{}, "fields": list{}}).Want(403)
		admin.Do("POST", "/roles/"+made+"/rights", map[string]any{"grants": list{}, "fields": list{}}).Want(404)
		put(200, list{}, list{})
		him.Get("/records/crm.customer").Want(403)
	})
}
