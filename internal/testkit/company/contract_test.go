package company

import (
	"net/http"
	"strings"
	"testing"
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
