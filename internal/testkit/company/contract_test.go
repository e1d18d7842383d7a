package company

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The contract must bite: each reply here breaks the document in one way.
func TestContractBites(t *testing.T) {
	c := Open(t, Options{})
	admin := c.As("admin")
	made := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司", "amount": "12.50", "phones": []string{"10086"}}).Want(201)
	path := "/records/crm.customer/" + made.Str("id")
	reply := func(status int, kind, body string) Reply {
		return Reply{Status: status, Header: http.Header{"Content-Type": {kind}}, Body: []byte(body)}
	}
	good := string(admin.Get(path).Want(200).Body)
	problem := string(admin.Get("/records/crm.customer/garbage").Want(404).Body)
	change := func(in, from, to string) string {
		t.Helper()
		if !strings.Contains(in, from) {
			t.Fatalf("no %s in %s", from, in)
		}
		return strings.Replace(in, from, to, 1)
	}
	const json, details = "application/json", "application/problem+json"
	for name, x := range map[string]struct {
		method, path string
		r            Reply
		wrong        bool
	}{
		"as it is":             {"GET", path, reply(200, json, good), false},
		"a problem as it is":   {"GET", path, reply(404, details, problem), false},
		"a defect":             {"GET", path, reply(500, details, problem), false},
		"a page with a query":  {"GET", "/records/crm.customer?limit=1", reply(200, json, `{"items":[`+good+`],"has_more":false,"next":null}`), false},
		"unknown entity":       {"GET", "/records/crm.nothing", reply(404, details, problem), false},
		"one more member":      {"GET", path, reply(200, json, change(good, `"version":`, `"extra":1,"version":`)), true},
		"no id":                {"GET", path, reply(200, json, change(good, `"id":`, `"version":`)), true},
		"money as a number":    {"GET", path, reply(200, json, change(good, `"12.50"`, `12.5`)), true},
		"unknown code":         {"GET", path, reply(200, json, change(good, `"status":"lead"`, `"status":"gone"`)), true},
		"a list as a text":     {"GET", path, reply(200, json, change(good, `["10086"]`, `"10086"`)), true},
		"a bare reference":     {"GET", path, reply(200, json, change(good, `"updated_by":{`, `"updated_by":"x","parent":{`)), true},
		"a problem as JSON":    {"GET", path, reply(404, json, problem), true},
		"a problem short":      {"GET", path, reply(404, details, `{"status":404}`), true},
		"an undocumented code": {"GET", path, reply(418, details, problem), true},
		"a body with 304":      {"GET", path, reply(304, json, good), true},
		"another method":       {"POST", path, reply(200, json, good), true},
		"an unknown route":     {"GET", "/nothing", reply(200, json, good), true},
	} {
		if got := c.contract.check(admin, x.method, x.path, x.r); (got != "") != x.wrong {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Whose documents are taken for the same has the same, and nobody else.
func TestDocumentsOfTheLike(t *testing.T) {
	t.Parallel()
	type caller struct {
		what string
		like likeness
		body []byte
	}
	var callers []caller
	ask := func(c *Company, login string) {
		t.Helper()
		m, ok := c.member(login)
		like, err := c.likenessOf(c.App.Registry.State(), m)
		if err != nil || !ok {
			t.Fatal(login, ok, err)
		}
		body, err := c.As(login).document()
		if err != nil {
			t.Fatal(err)
		}
		callers = append(callers, caller{c.App.DataDir + " " + login, like, body})
	}
	hidden := access.FieldGrant{Entity: "crm.customer", Field: "amount", Level: schema.Hidden}
	read := func(entity string, scope access.Scope) access.Grant {
		return access.Grant{Entity: entity, Op: access.Read, Scope: scope}
	}
	for i := range 2 {
		c := Open(t, Options{})
		ask(c, "admin")
		if i == 1 {
			c.Role("other", nil) // the ids that follow are others
		}
		c.Member(Person{Login: "clerk", Roles: []int64{c.Role("clerk", []access.Grant{read("crm.*", access.Own)}, hidden)}})
		c.Member(Person{Login: "both", Roles: []int64{c.Role("part", []access.Grant{read("crm.customer", access.Own)}, hidden), c.Role("rest", []access.Grant{read("crm.contact", access.All)})}})
		c.Member(Person{Login: "seller", Roles: []int64{c.Role("seller", append([]access.Grant{read("crm.*", access.Own)}, access.Grant{Entity: "crm.*", Op: access.Update, Scope: access.Own}))}})
		ask(c, "clerk")
		ask(c, "both")
		ask(c, "seller")
		c.As("admin").Post("/records/crm.pool", map[string]any{"name": "公海", "everyone": true}).Want(201)
		ask(c, "seller") // who may claim now
		label := map[string]any{"zh-CN": "机密"}
		c.As("admin").Post("/customize/entities", map[string]any{"name": "secret", "label": label, "title": "name"}).Want(201)
		ask(c, "admin")
		if i == 0 {
			c.As("admin").Post("/customize/entities/x.secret/fields", map[string]any{"key": "name", "type": "text", "label": label}).Want(201)
			ask(c, "admin")
			ask(c, "clerk")
		}
	}
	alike := 0
	for i, a := range callers {
		for _, b := range callers[:i] {
			if same := a.like == b.like; same != bytes.Equal(a.body, b.body) && (same || a.what[len(a.what)-5:] == "admin") {
				t.Errorf("%s and %s: taken for the same: %v", a.what, b.what, same)
			} else if same {
				alike++
			}
		}
	}
	if alike < 4 {
		t.Errorf("%d of %d are alike", alike, len(callers))
	}
}
