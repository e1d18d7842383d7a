package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A field is shown and asked for where conditions over its record hold, alike
// in the page, the API and an import; what is not shown is kept (PLT-3).
func TestConditionalFields(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		const at, list = "/customize/entities/crm.customer/fields", "/records/crm.customer"
		add := func(want int, body map[string]any) company.Reply { return admin.Post(at, body).Want(want) }
		add(201, map[string]any{"key": "lost_why", "type": "text", "label": zh("丢单原因"), "visible_when": `status == "lost"`, "required_when": `status == "lost"`})
		add(201, map[string]any{"key": "rival", "type": "text", "label": zh("竞争对手"), "required": true, "visible_when": `lost_why contains "对手"`})
		fieldOf := func(who *company.Client, key string) map[string]any {
			for _, f := range who.Get("/meta").Want(200).JSON()["entities"].(map[string]any)["crm.customer"].(map[string]any)["fields"].([]any) { //nolint:forcetypeassert // held to the document by the client
				if f := f.(map[string]any); f["key"] == key { //nolint:forcetypeassert // as above
					return f
				}
			}
			t.Fatalf("no field %s", key)
			return nil
		}
		if when, _ := fieldOf(admin, "lost_why")["visible_when"].(map[string]any); when["field"] != "status" || when["op"] != "==" || when["value"] != "lost" {
			t.Errorf("meta says %v", when)
		}

		// Creating: asked for where the condition holds, and in a chain.
		admin.Post(list, map[string]any{"name": "甲"}).Want(201)
		wants := func(r company.Reply, field string) {
			t.Helper()
			if body := string(r.Want(422).Body); !strings.Contains(body, `"field":"`+field+`"`) || !strings.Contains(body, "error.required") {
				t.Errorf("the error is not at %s: %s", field, body)
			}
		}
		wants(admin.Post(list, map[string]any{"name": "乙", "status": "lost"}), "lost_why")
		wants(admin.Post(list, map[string]any{"name": "乙", "status": "lost", "lost_why": "败给对手"}), "rival")
		made := admin.Post(list, map[string]any{"name": "乙", "status": "lost", "lost_why": "败给对手", "rival": "丙"}).Want(201)
		one, whatever := list+"/"+made.Str("id"), admin.With("If-Match", "*")

		// Changing: what is emptied, and what a change elsewhere asks for now.
		wants(whatever.Patch(one, map[string]any{"lost_why": nil}), "lost_why")
		whatever.Patch(one, map[string]any{"status": "won"}).Want(200)
		kept := whatever.Patch(one, map[string]any{"lost_why": nil}).Want(200)
		if kept.Str("rival") != "丙" {
			t.Errorf("a value that is not shown is gone: %s", kept.Body)
		}
		wants(whatever.Patch(one, map[string]any{"status": "lost"}), "lost_why")
		whatever.Patch(one, map[string]any{"status": "lost", "lost_why": "价格"}).Want(200)
		whatever.Patch(one, map[string]any{"phone": "021-55551234"}).Want(200)

		// A rule that is newer than a record asks when it is touched, not before.
		admin.Patch(at+"/lost_why", map[string]any{"required_when": `status == "lost" or level == "a"`}).Want(200)
		old := admin.Post(list, map[string]any{"name": "丁"}).Want(201)
		wants(whatever.Patch(list+"/"+old.Str("id"), map[string]any{"status": "lost", "level": "a"}), "lost_why")
		whatever.Patch(list+"/"+old.Str("id"), map[string]any{"level": "a"}).Want(200) // not shown: not asked for

		// The same in a form's preview and an import.
		if body := string(admin.Post(list+"/preview", map[string]any{"values": map[string]any{"name": "戊", "status": "lost"}}).Want(200).Body); !strings.Contains(body, `"field":"lost_why"`) {
			t.Errorf("preview: %s", body)
		}

		file := uploaded(admin, "c.csv", "客户名称,客户状态,丢单原因\n己,流失,\n庚,流失,价格\n辛,成交,价格\n")
		done := finished(t, admin, admin.Post("/import/crm.customer", map[string]any{"file": file, "map": map[string]string{"客户名称": "name", "客户状态": "status", "丢单原因": "lost_why"}}))
		if done.Str("result.created") != "2" || done.Str("result.failed") != "1" || done.Str("result.errors.0.line") != "2" || done.Str("result.errors.0.field") != "lost_why" {
			t.Errorf("import: %s", done.Body)
		}
		if got := admin.Get(list + "?fields=lost_why&" + filter(`name == "辛"`)).Want(200).Items(); len(got) != 1 || got[0]["lost_why"] != "价格" {
			t.Errorf("what an import brings for a field that is not shown: %v", got)
		}

		// Conditions that cannot be are refused at the field that holds them.
		refused := func(r company.Reply, key, field string) {
			t.Helper()
			if body := string(r.Want(422).Body); !strings.Contains(body, key) || !strings.Contains(body, `"field":"`+field+`"`) {
				t.Errorf("want %s at %s: %s", key, field, body)
			}
		}
		refused(add(422, map[string]any{"key": "a", "type": "text", "label": zh("甲"), "visible_when": `owner.name == "x"`}), "error.rule_field", "visible_when")
		refused(admin.Patch(at+"/status", map[string]any{"visible_when": `rival is null`}), "error.rule_circle", "visible_when")
		refused(admin.Patch(at+"/name", map[string]any{"visible_when": `level == "a"`}), "error.rule_always", "visible_when")
		refused(admin.Patch(at+"/contact_count", map[string]any{"required_when": `level == "a"`}), "error.rule_unfillable", "required_when")
		refused(admin.Patch(at+"/lost_why", map[string]any{"retired": true}), "error.rule_retired", "visible_when")
		whatever.Patch(one, map[string]any{"level": "b"}).Want(200) // nothing of it came into effect

		// Who may not read what a condition looks at is not told the condition.
		role := c.Role("seller", sales(), access.FieldGrant{Entity: "crm.customer", Field: "status", Level: schema.Hidden})
		c.Member(company.Person{Login: "seller", Roles: []int64{role}})
		if when := fieldOf(c.As("seller"), "lost_why")["visible_when"]; when != nil {
			t.Errorf("a condition over a hidden field is told: %v", when)
		}

		// What the program says of its own fields: a lead's reason needs its state.
		lead := admin.Post("/records/crm.lead", map[string]any{"name": "线索"}).Want(201)
		wants(admin.With("If-Match", "*").Post("/records/crm.lead/"+lead.Str("id")+"/actions/discard", map[string]any{}), "reason")
		admin.With("If-Match", "*").Post("/records/crm.lead/"+lead.Str("id")+"/actions/discard", map[string]any{"reason": "no_need"}).Want(200)
	})
}
