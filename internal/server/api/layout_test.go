package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Lists and forms of a built-in entity are laid out at run time, its words and
// options changed, its fields hidden and shown again (PLT-6, PLT-7).
func TestLayoutChangedAtRunTime(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		const at = "/customize/entities/crm.customer"
		customer := func() map[string]any {
			return admin.Get("/meta").Want(200).JSON()["entities"].(map[string]any)["crm.customer"].(map[string]any) //nolint:forcetypeassert // held to the document by the client
		}
		change := func(want int, path string, body map[string]any) company.Reply {
			return admin.Patch(at+path, body).Want(want)
		}
		admin.Post(at+"/fields", map[string]any{"key": "nick", "type": "text", "label": zh("昵称")}).Want(201)
		change(200, "", map[string]any{"label": zh("客户单位"), "icon": "star", "layout": map[string]any{"list": []string{"name", "nick"},
			"groups": []map[string]any{{"key": "first", "label": zh("要紧的"), "fields": []string{"nick", "name"}, "columns": 1}, {"key": "basic", "fields": []string{"phone"}}}}})
		got := customer()
		layout := got["layout"].(map[string]any)                                        //nolint:forcetypeassert // as above
		groups := layout["groups"].([]any)                                              //nolint:forcetypeassert // as above
		first := groups[0].(map[string]any)                                             //nolint:forcetypeassert // as above
		if list := layout["list"].([]any); !slices.Equal(list, []any{"name", "nick"}) { //nolint:forcetypeassert // as above
			t.Errorf("columns %v", list)
		}
		if fields := first["fields"].([]any); first["key"] != "first" || fields[0] != "nick" || fields[1] != "name" || len(fields) < 5 { //nolint:forcetypeassert // as above
			t.Errorf("the first group holds what no other names: %v", first)
		}
		if got["icon"] != "star" || got["label"].(map[string]any)["zh-CN"] != "客户单位" { //nolint:forcetypeassert // as above
			t.Errorf("label %v, icon %v", got["label"], got["icon"])
		}
		for _, wrong := range []map[string]any{{"list": []string{"nothing"}}, {"list": []string{"name", "name"}}, {"groups": []map[string]any{{"key": "A", "fields": []string{}}}},
			{"groups": []map[string]any{{"key": "a", "fields": []string{"name"}}}}, {"groups": []map[string]any{{"key": "a", "label": zh("a"), "fields": []string{"name"}, "columns": 9}}}} {
			change(422, "", map[string]any{"layout": wrong})
		}
		// Tabs hold groups; those without one stand above them, and who laid a form out without any has none.
		change(422, "", map[string]any{"layout": map[string]any{"groups": []map[string]any{{"key": "basic", "fields": []string{"name"}, "tab": "nowhere"}}}})
		change(422, "", map[string]any{"layout": map[string]any{"tabs": []map[string]any{{"key": "own"}}, "groups": []map[string]any{{"key": "basic", "fields": []string{"name"}}}}})
		change(422, "", map[string]any{"layout": map[string]any{"tabs": []map[string]any{{"key": "own", "label": zh("甲")}, {"key": "own", "label": zh("乙")}}, "groups": []map[string]any{{"key": "basic", "fields": []string{"name"}}}}})
		if tabs := layout["tabs"].([]any); len(tabs) != 0 { //nolint:forcetypeassert // as above
			t.Errorf("tabs of a form that was laid out without any: %v", tabs)
		}
		change(200, "", map[string]any{"layout": map[string]any{"tabs": []map[string]any{{"key": "tax", "label": zh("工商开票信息")}, {"key": "own", "label": zh("自己的")}},
			"groups": []map[string]any{{"key": "basic", "fields": []string{"name"}}, {"key": "tax", "label": zh("税务"), "fields": []string{"uscc"}, "tab": "tax"}, {"key": "x", "label": zh("x"), "fields": []string{"nick"}, "tab": "own"}}}})
		layout = customer()["layout"].(map[string]any) //nolint:forcetypeassert // as above
		tabs, _ := json.Marshal(layout["tabs"])
		if want := `[{"key":"tax","label":{"en":"工商开票信息 en","zh-CN":"工商开票信息"}},{"key":"own","label":{"en":"自己的 en","zh-CN":"自己的"}}]`; string(tabs) != want {
			t.Errorf("tabs %s", tabs)
		}
		if groups := layout["groups"].([]any); groups[0].(map[string]any)["tab"] != nil || groups[1].(map[string]any)["tab"] != "tax" || groups[2].(map[string]any)["tab"] != "own" { //nolint:forcetypeassert // as above
			t.Errorf("groups %v", groups)
		}
		change(200, "", map[string]any{"layout": map[string]any{"card": []string{"name"}}})
		change(200, "", map[string]any{"layout": map[string]any{"tabs": []map[string]any{{"key": "own", "label": zh("自己的")}},
			"groups": []map[string]any{{"key": "basic", "fields": []string{"name"}}, {"key": "tax", "label": zh("税务"), "fields": []string{"uscc"}}, {"key": "x", "label": zh("x"), "fields": []string{"nick"}, "tab": "own"}}}})
		layout = customer()["layout"].(map[string]any)                                                                                                                                                    //nolint:forcetypeassert // as above
		if groups, list := layout["groups"].([]any), layout["list"].([]any); groups[1].(map[string]any)["tab"] != nil || !slices.Equal(list, []any{"name", "nick"}) || len(layout["tabs"].([]any)) != 1 { //nolint:forcetypeassert // as above
			t.Errorf("a group that left its tab, a list that nobody spoke of: %v, %v", groups, list)
		}

		c.Member(company.Person{Login: "nobody"})
		c.As("nobody").Get(at).Want(403)

		// Options: one is added in front, one is no longer offered.
		change(200, "/fields/status", map[string]any{"settings": map[string]any{"options": []map[string]any{
			{"code": "dormant", "label": zh("休眠"), "color": "gray"}, {"code": "won", "label": zh("成交客户"), "color": "green"}, {"code": "lost", "label": zh("流失"), "hidden": true}}}})
		made := admin.Post("/records/crm.customer", map[string]any{"name": "甲", "status": "休眠"}).Want(201)
		if made.Str("status") != "dormant" {
			t.Errorf("status %s", made.Body)
		}
		change(200, "/fields/status", map[string]any{"settings": map[string]any{"options": []map[string]any{
			{"code": "dormant", "label": zh("休眠"), "color": "gray"}, {"code": "won", "label": zh("成交客户"), "color": "green"}, {"code": "lost", "label": zh("流失")}}}})
		admin.Post("/records/crm.customer", map[string]any{"name": "丙", "status": "流失"}).Want(201) // offered again
		def := admin.Get(at).Want(200)
		if i, j := strings.Index(string(def.Body), `"code":"dormant"`), strings.Index(string(def.Body), `"code":"won"`); i < 0 || j < i {
			t.Error("the options are not in the order that was asked for")
		}
		// A built-in field is hidden for everybody and comes back with its values.
		admin.With("If-Match", "*").Patch("/records/crm.customer/"+made.Str("id"), map[string]any{"website": "example.com"}).Want(200)
		change(200, "/fields/website", map[string]any{"retired": true})
		if body := admin.Get("/records/crm.customer/" + made.Str("id")).Want(200).JSON(); body["website"] != nil {
			t.Error("a hidden field is answered")
		}
		change(200, "/fields/website", map[string]any{"retired": false})
		if admin.Get("/records/crm.customer/"+made.Str("id")).Want(200).Str("website") == "" {
			t.Error("the value of a field that was hidden is gone")
		}
		// Required and no longer; what the program requires stays so.
		change(200, "/fields/phone", map[string]any{"required": true})
		admin.Post("/records/crm.customer", map[string]any{"name": "乙"}).Want(422)
		change(200, "/fields/phone", map[string]any{"required": false})
		admin.Post("/records/crm.customer", map[string]any{"name": "乙"}).Want(201)
		change(200, "/fields/name", map[string]any{"required": false, "retired": true})
		admin.Post("/records/crm.customer", map[string]any{"phone": "10086"}).Want(422)
	})
}
