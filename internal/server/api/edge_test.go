package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// One of several that breaks a unique rule fails alone; all together fail with atomic.
func TestBulkFailsOneByOne(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "code", "type": "text", "label": zh("代码"), "unique": true}).Want(201)
		admin.Post("/records/crm.customer", map[string]any{"name": "甲", "code": "a"}).Want(201)
		items := []map[string]any{{"name": "乙", "code": "b"}, {"name": "丙", "code": "a"}, {"name": "丁", "code": "d"}, {"name": "戊", "code": "b"}}
		admin.Post("/records/crm.customer/bulk", map[string]any{"op": "create", "items": items, "atomic": true}).Want(409)
		if n := len(admin.Get("/records/crm.customer").Items()); n != 1 {
			t.Fatalf("%d customers after a refusal", n)
		}
		r := admin.Post("/records/crm.customer/bulk", map[string]any{"op": "create", "items": items}).Want(200)
		if r.Str("done") != "2" || r.Str("failed") != "2" || r.Str("results.1.status") != "409" || r.Str("results.3.status") != "409" || r.Str("results.2.status") != "200" {
			t.Errorf("bulk %s", r.Body)
		}
		if n := len(admin.Get("/records/crm.customer").Items()); n != 3 {
			t.Errorf("%d customers", n)
		}
	})
}

// What an administrator names must not meet a name that the tables use already.
func TestNamesOfCustomFieldsDoNotMeet(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		field := func(entity, key, typ string, settings map[string]any) company.Reply {
			return admin.Post("/customize/entities/"+entity+"/fields", map[string]any{"key": key, "type": typ, "label": zh(key), "settings": settings})
		}
		add := func(name string) company.Reply {
			return admin.Post("/customize/entities", map[string]any{"name": name, "label": zh(name)})
		}
		field("crm.customer", "memo", "text", nil).Want(201)
		for _, key := range []string{"memo_k", "memo_s"} {
			if r := field("crm.customer", key, "number", nil); r.Status >= 500 {
				t.Errorf("%s: %d %s", key, r.Status, r.Body)
			} else if r.Status == 201 {
				made := admin.Post("/records/crm.customer", map[string]any{"name": key, "memo": "文字", key: 7})
				if made.Status != 201 || made.Str(key) != "7" || made.Str("memo") != "文字" {
					t.Errorf("%s: %d %s", key, made.Status, made.Body)
				}
			}
		}
		add("note").Want(201)
		field("x.note", "text", "text", nil).Want(201)
		field("x.note", "tags", "choice", map[string]any{"many": true, "options": []map[string]any{{"code": "a", "label": zh("a")}}}).Want(201)
		field("x.note", "long", "long_text", nil).Want(201)
		for _, name := range []string{"note_long", "note__x_tags", "note_fts"} {
			if r := add(name); r.Status >= 500 {
				t.Errorf("%s: %d %s", name, r.Status, r.Body)
			}
		}
		made := admin.Post("/records/x.note", map[string]any{"text": "一", "tags": []string{"a"}, "long": "长文"}).Want(201)
		if made.Str("long") != "长文" || made.Str("tags.0") != "a" {
			t.Errorf("made %s", made.Body)
		}
		long := strings.Repeat("n", 40)
		if r := add(long); r.Status == 201 {
			for _, typ := range []string{"text", "phone", "long_text"} {
				key := typ + strings.Repeat("k", 40-len(typ))
				if r := field("x."+long, key, typ, map[string]any{"many": typ == "phone"}); r.Status >= 500 {
					t.Errorf("%s: %d %s", typ, r.Status, r.Body)
				}
			}
		} else if r.Status >= 500 {
			t.Errorf("a long name: %d %s", r.Status, r.Body)
		}
		admin.Get("/records/crm.customer").Want(200)
	})
}

// A change of hidden fields alone leaves no trace in the history of a record.
func TestTimelineKeepsHiddenChangesAway(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("clerk", sales(), access.FieldGrant{Entity: "crm.customer", Field: "amount", Level: schema.Hidden})
		c.Member(company.Person{Login: "clerk", Roles: []int64{role}})
		clerk, admin := c.As("clerk"), c.As("admin")
		path := "/records/crm.customer/" + clerk.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		for i := range 3 {
			admin.With("If-Match", "*").Patch(path, map[string]any{"amount": fmt.Sprint(i + 1)}).Want(200)
			admin.With("If-Match", "*").Patch(path, map[string]any{"address": fmt.Sprint(i + 1)}).Want(200)
		}
		var kinds []string
		for cursor := ""; ; {
			r := clerk.Get(path + "/timeline?limit=2&cursor=" + cursor).Want(200)
			for _, it := range r.Items() {
				kinds = append(kinds, fmt.Sprint(it["kind"], len(it["changes"].([]any))))
			}
			if cursor = r.Str("next"); cursor == "" {
				break
			}
		}
		if got := fmt.Sprint(kinds); got != "[update1 update1 update1 create0]" {
			t.Errorf("timeline %s", got)
		}
		if n := len(admin.Get(path + "/timeline").Want(200).Items()); n != 7 {
			t.Errorf("the administrator sees %d entries", n)
		}
	})
}

// A sum beyond what can be held is said, and days from the edges of time take
// nothing from the others.
func TestAggregateAtTheEdges(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		for i, amount := range []string{"900000000000000", "900000000000000", "5.5"} {
			admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprint("公司", i), "amount": amount, "next_follow_on": []string{"0001-01-01", "9999-12-31", "2026-02-03"}[i],
				"source_created_at": []string{"0001-06-01T00:00:00Z", "1969-12-31T20:00:00Z", "9999-06-01T20:00:00Z"}[i]}).Want(201)
		}
		ask := func(group, measure string) company.Reply {
			return admin.Post("/records/crm.customer/aggregate", map[string]any{"group": []string{group}, "measures": []string{measure}})
		}
		if r := ask("status", "sum:amount"); r.Status != 422 {
			t.Errorf("sum: %d %s", r.Status, r.Body)
		}
		for unit, want := range map[string]string{
			"day":     `[["0001-01-01",1],["2026-02-03",1],["9999-12-31",1]]`,
			"week":    `[["0001-01-01",1],["2026-02-02",1],["9999-12-27",1]]`,
			"month":   `[["0001-01",1],["2026-02",1],["9999-12",1]]`,
			"quarter": `[["0001-Q1",1],["2026-Q1",1],["9999-Q4",1]]`,
			"year":    `[["0001",1],["2026",1],["9999",1]]`,
		} {
			if r := ask("next_follow_on:"+unit, "count").Want(200); !strings.Contains(string(r.Body), `"rows":`+want) {
				t.Errorf("%s: %s, want %s", unit, r.Body, want)
			}
		}
		moments := `"rows":[["0001-06-01",1],["1970-01-01",1],["9999-06-02",1]]` // in the company's zone
		if r := ask("source_created_at:day", "count").Want(200); !strings.Contains(string(r.Body), moments) {
			t.Errorf("moments: %s, want %s", r.Body, moments)
		}
	})
}

// An address finds itself in whatever case it was entered, and a moment that
// no calendar has is refused.
func TestFiltersByMailAndFarTimes(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Post("/records/crm.customer", map[string]any{"name": "甲", "email": "Wang@Example.COM"}).Want(201)
		admin.Post("/records/crm.customer", map[string]any{"name": "乙"}).Want(201)
		for text, want := range map[string]int{`email == "wang@example.com"`: 1, `email != "WANG@example.com"`: 1, `email in ("wang@EXAMPLE.com", "x@y.cn")`: 1,
			`email contains "@EXAMPLE"`: 1, `email not contains "@example"`: 1, `email == "li@example.com"`: 0} {
			if n := len(admin.Get("/records/crm.customer?" + filter(text)).Want(200).Items()); n != want {
				t.Errorf("%s: %d records, want %d", text, n, want)
			}
		}
		for text, status := range map[string]int{`created_at > hours(3000000)`: 200, `created_at > hours(-3000000)`: 200, `created_at > hours(2000000000)`: 400,
			`next_follow_on > days(2000000000)`: 400, `next_follow_on > year_start(-2000000000)`: 400} {
			if r := admin.Get("/records/crm.customer?" + filter(text)); r.Status != status || status == 400 && r.Str("key") != "error.filter_far" {
				t.Errorf("%s: %d %s", text, r.Status, r.Body)
			}
		}
	})
}
