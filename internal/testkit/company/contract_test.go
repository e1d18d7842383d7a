package company

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
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
	const plain, details = "application/json", "application/problem+json"
	for name, x := range map[string]struct {
		method, path string
		r            Reply
		wrong        bool
	}{
		"as it is":             {"GET", path, reply(200, plain, good), false},
		"a problem as it is":   {"GET", path, reply(404, details, problem), false},
		"a defect":             {"GET", path, reply(500, details, problem), false},
		"a page with a query":  {"GET", "/records/crm.customer?limit=1", reply(200, plain, `{"items":[`+good+`],"has_more":false,"next":null}`), false},
		"unknown entity":       {"GET", "/records/crm.nothing", reply(404, details, problem), false},
		"one more member":      {"GET", path, reply(200, plain, change(good, `"version":`, `"extra":1,"version":`)), true},
		"no id":                {"GET", path, reply(200, plain, change(good, `"id":`, `"version":`)), true},
		"money as a number":    {"GET", path, reply(200, plain, change(good, `"12.50"`, `12.5`)), true},
		"unknown code":         {"GET", path, reply(200, plain, change(good, `"status":"lead"`, `"status":"gone"`)), true},
		"a list as a text":     {"GET", path, reply(200, plain, change(good, `["10086"]`, `"10086"`)), true},
		"a bare reference":     {"GET", path, reply(200, plain, change(good, `"updated_by":{`, `"updated_by":"x","parent":{`)), true},
		"a problem as JSON":    {"GET", path, reply(404, plain, problem), true},
		"a problem short":      {"GET", path, reply(404, details, `{"status":404}`), true},
		"an undocumented code": {"GET", path, reply(418, details, problem), true},
		"a body with 304":      {"GET", path, reply(304, plain, good), true},
		"another method":       {"POST", path, reply(200, plain, good), true},
		"an unknown route":     {"GET", "/nothing", reply(200, plain, good), true},
	} {
		if got := c.contract.check(admin, x.method, x.path, x.r); (got != "") != x.wrong {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// whole asks the server for the document.
func whole(t *testing.T, k *Client) []byte {
	t.Helper()
	return k.Get("/openapi.json").Want(200).Body
}

// What is made of the document for one request is what the whole says of it.
func TestOfOneRequestIsOfTheWhole(t *testing.T) {
	t.Parallel()
	c := Open(t, Options{})
	admin := c.As("admin")
	label := map[string]any{"zh-CN": "机密"}
	admin.Post("/customize/entities", map[string]any{"name": "secret", "label": label, "title": "name"}).Want(201)
	admin.Post("/customize/entities/x.secret/fields", map[string]any{"key": "name", "type": "text", "label": label}).Want(201)
	hidden := access.FieldGrant{Entity: "crm.customer", Field: "amount", Level: schema.Hidden}
	grants := []access.Grant{{Entity: "crm.*", Op: access.Read, Scope: access.Own}, {Entity: "crm.customer", Op: access.Update, Scope: access.Own}, {Entity: "sales.order", Op: access.Read, Scope: access.All}}
	c.Member(Person{Login: "clerk", Roles: []int64{c.Role("clerk", grants, hidden)}})
	for _, login := range []string{"admin", "clerk"} {
		k := c.As(login)
		var all map[string]any
		if err := json.Unmarshal(whole(t, k), &all); err != nil {
			t.Fatal(err)
		}
		p, err := c.contract.of(k)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for path, methods := range dig(all, "paths") {
			if strings.Contains(path, ".") && !few.MatchString(path) {
				continue // other entities have the same
			}
			for method, op := range methods.(map[string]any) { //nolint:forcetypeassert // as the document is written
				if method == "parameters" {
					continue
				}
				n++
				var one map[string]any
				if err := json.Unmarshal(c.contract.server().OpenAPIOf(p.state, p.actor, strings.ToUpper(method), path), &one); err != nil {
					t.Fatal(err)
				}
				if got := dig(one, "paths", path)[method]; !reflect.DeepEqual(got, op) {
					t.Errorf("%s: %s %s is\n%v\nin the whole\n%v", login, method, path, got, op)
				}
				for kind, list := range dig(one, "components") {
					for name, got := range list.(map[string]any) { //nolint:forcetypeassert // as above
						if !reflect.DeepEqual(got, dig(all, "components", kind)[name]) {
							t.Errorf("%s: %s %s: %s %s is not that of the whole", login, method, path, kind, name)
						}
					}
				}
				for _, ref := range refs.FindAllString(fmt.Sprint(one), -1) {
					parts := strings.Split(ref, "/")
					if dig(one, parts[1:len(parts)-1]...)[parts[len(parts)-1]] == nil {
						t.Errorf("%s: %s %s refers to %s, which is not there", login, method, path, ref)
					}
				}
			}
		}
		if n < 100 {
			t.Errorf("%s: %d operations", login, n)
		}
	}
	if p, _ := c.contract.of(c.As("clerk")); bytes.Contains(c.contract.server().OpenAPIOf(p.state, p.actor, "GET", "/records/x.secret"), []byte("x.secret")) {
		t.Error("a clerk is told of what he has no right to")
	}
}

var (
	refs = regexp.MustCompile(`#/components/\w+/[\w.-]+`)
	few  = regexp.MustCompile(`/(crm\.customer|crm\.pool|sales\.order|x\.secret)(/|$)|openapi`)
)

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
		callers = append(callers, caller{c.App.DataDir + " " + login, like, whole(t, c.As(login))})
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
