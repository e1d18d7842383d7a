package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

var update = flag.Bool("update", false, "write the golden files")

type documentOf struct {
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas map[string]struct {
			Properties map[string]json.RawMessage `json:"properties"`
			Required   []string                   `json:"required"`
		} `json:"schemas"`
	} `json:"components"`
}

func read(t *testing.T, k *company.Client) documentOf {
	t.Helper()
	var d documentOf
	if err := json.Unmarshal(k.Get("/openapi.json").Want(200).Body, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// No route is without its description.
func TestOpenAPINamesEveryRoute(t *testing.T) {
	c := company.Open(t, company.Options{})
	d := read(t, c.As("admin"))
	routes := api.New(api.Options{}).Routes()
	if len(routes) < 50 {
		t.Fatalf("only %d routes", len(routes))
	}
	for _, r := range routes {
		path := strings.NewReplacer("{entity}/{id}/questions/{question}", "crm.pool/{id}/questions/preview", "/reports/{entity}/{report}/{format}", "/reports/finance.instalment/ageing/{format}", "/reports/{entity}/{report}", "/reports/finance.instalment/ageing", "{entity}", "crm.customer", "actions/{name}", "actions/transfer").Replace(r.Path)
		if d.Paths[path][strings.ToLower(r.Method)] == nil {
			t.Errorf("%s %s is not in the document", r.Method, r.Path)
		}
	}
}

// The document tells a caller of what he may see, and of nothing else.
func TestOpenAPIUnderRights(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		first := admin.Get("/openapi.json").Want(200)
		admin.With("If-None-Match", first.Header.Get("ETag")).Get("/openapi.json").Want(304)
		admin.Post("/customize/entities", map[string]any{"name": "secret", "label": zh("机密"), "title": "name"}).Want(201)
		admin.Post("/customize/entities/x.secret/fields", map[string]any{"key": "name", "type": "text", "label": zh("名称"), "required": true}).Want(201)
		admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "secret", "type": "reference", "label": zh("机密"), "settings": map[string]any{"target": "x.secret"}}).Want(201)
		admin.With("If-None-Match", first.Header.Get("ETag")).Get("/openapi.json").Want(200)
		all := read(t, admin)
		if all.Paths["/records/x.secret"]["post"] == nil || all.Components.Schemas["x.secret"].Properties["name"] == nil {
			t.Error("the administrator's document lacks the new entity")
		}
		if !bytes.Contains(all.Components.Schemas["crm.customer"].Properties["secret"], []byte("x.secret.ref")) {
			t.Errorf("reference %s", all.Components.Schemas["crm.customer"].Properties["secret"])
		}

		role := c.Role("clerk", sales(), access.FieldGrant{Entity: "crm.customer", Field: "amount", Level: schema.Hidden},
			access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: schema.Masked},
			access.FieldGrant{Entity: "crm.customer", Field: "status", Level: schema.Read})
		c.Member(company.Person{Login: "clerk", Roles: []int64{role}})
		clerk := c.As("clerk")
		if b := clerk.Get("/openapi.json").Body; bytes.Contains(b, []byte("x.secret")) || bytes.Contains(b, []byte("org.grant")) {
			t.Error("the clerk's document names entities he has no right to")
		}
		d := read(t, clerk)
		out, in := d.Components.Schemas["crm.customer"].Properties, d.Components.Schemas["crm.customer.input"].Properties
		if out["amount"] != nil || in["amount"] != nil || in["phone"] != nil || in["status"] != nil || in["name"] == nil || out["status"] == nil {
			t.Errorf("record %v, input %v", out, in)
		}
		if !bytes.Contains(out["phone"], []byte("Masked")) {
			t.Errorf("phone %s", out["phone"])
		}
		c.Anonymous().Get("/openapi.json").Want(401)
	})
}

// A page of another site is refused in the same form as everything else.
func TestForeignWritesAreRefused(t *testing.T) {
	c := company.Open(t, company.Options{})
	foreign := c.As("admin").With("Origin", "https://elsewhere.example")
	if r := foreign.Post("/records/crm.customer", map[string]any{"name": "甲"}).Want(403); r.Str("key") != "error.cross_origin" {
		t.Errorf("refusal %s", r.Body)
	}
	if n := len(foreign.Get("/records/crm.customer").Want(200).Items()); n != 0 {
		t.Errorf("%d customers", n)
	}
}
