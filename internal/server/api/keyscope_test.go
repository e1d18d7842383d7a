package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// narrowed gives a client with a key of the administrator's that is narrowed.
func narrowed(c *company.Company, owner *company.Client, scope map[string]any) *company.Client {
	key := owner.Post("/me/keys", map[string]any{"name": "narrow", "scope": scope}).Want(201).Str("key")
	return c.Anonymous().With("Authorization", "Bearer "+key)
}

// A key only takes away from its owner's rights: one that may only read
// changes nothing by any route, one for some entities reaches no other.
func TestKeysOnlyNarrow(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		id := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		path := "/records/crm.customer/" + id
		changeset := admin.With("If-Match", "*").Patch(path, map[string]any{"status": "won"}).Want(200).Str("changeset")
		view := admin.Post("/views", map[string]any{"entity": "crm.customer", "name": "全部"}).Want(201).Str("id")
		session := admin.Get("/me/keys").Want(200).Str("items.0.id")

		reader := narrowed(c, admin, map[string]any{"read_only": true}).With("If-Match", "*")
		for _, call := range []struct {
			method, path string
			body         any
		}{
			{"POST", "/records/crm.customer", map[string]any{"name": "乙"}},
			{"PATCH", path, map[string]any{"status": "lost"}},
			{"DELETE", path, nil},
			{"POST", path + "/restore", "{}"},
			{"POST", path + "/actions/transfer", map[string]any{"owner": id}},
			{"POST", "/records/crm.customer/preview", map[string]any{"id": id, "values": map[string]any{}}},
			{"PATCH", "/me", map[string]any{"name": "别人"}},
			{"POST", "/me/password", map[string]any{"old": company.Password, "new": "Another-long-91-word"}},
			{"DELETE", "/me/sessions/" + session, nil},
			{"DELETE", "/me/keys/" + session, nil},
			{"POST", "/views", map[string]any{"entity": "crm.customer", "name": "新"}},
			{"PATCH", "/views/" + view, map[string]any{"entity": "crm.customer", "name": "新"}},
			{"DELETE", "/views/" + view, nil},
			{"POST", "/files", "内容"},
			{"POST", "/changesets/" + changeset + "/undo", nil},
			{"PATCH", "/settings", map[string]any{"name": "别家"}},
			{"POST", "/customize/entities", map[string]any{"name": "paper", "label": zh("单据")}},
		} {
			if r := reader.Do(call.method, call.path, call.body); r.Status != http.StatusForbidden && r.Status != http.StatusNotFound {
				t.Errorf("a reading key: %s %s: status %d: %.200s", call.method, call.path, r.Status, r.Body)
			}
		}
		reader.Post("/records/crm.customer/query", map[string]any{"limit": 1}).Want(200)
		reader.Post("/records/crm.customer/aggregate", map[string]any{"group": []string{}, "measures": []string{"count"}}).Want(200)
		if r := admin.Get(path).Want(200); r.Str("status") != "won" {
			t.Errorf("the record is %s", r.Body)
		}

		one := narrowed(c, admin, map[string]any{"entities": []string{"crm.contact"}})
		one.Get(path).Want(404)
		one.Get("/records/crm.customer").Want(403)
		one.Get("/settings").Want(403)
		one.Post("/changesets/"+changeset+"/undo", nil)
		if r := admin.Get(path).Want(200); r.Str("status") != "won" {
			t.Errorf("a key for contacts took back a change of a customer: %s", r.Body)
		}
		// From a narrow key comes no wider one.
		for _, scope := range []map[string]any{{}, {"entities": []string{}}, {"entities": []string{"crm.customer"}}} {
			r := one.Post("/me/keys", map[string]any{"name": "wide", "scope": scope})
			if r.Status == http.StatusForbidden {
				continue
			}
			wide := c.Anonymous().With("Authorization", "Bearer "+r.Want(201).Str("key"))
			if got := wide.Get(path); got.Status == http.StatusOK || strings.Contains(string(got.Body), "甲公司") {
				t.Errorf("a key for contacts made one with the scope %v that reads customers", scope)
			}
		}
	})
}

// What a narrowed key may see is not what its owner may: one answer of meta
// does not stand for the other. It is the same at every node and start.
func TestMetaOfANarrowedKey(t *testing.T) {
	c := company.Open(t, company.Options{})
	c.Member(company.Person{Login: "zhang", Roles: []int64{c.Role("seller", sales())}})
	whole := c.As("zhang")
	tag := whole.Get("/meta").Want(200).Header.Get("ETag")
	for name, scope := range map[string]map[string]any{"read only": {"read_only": true}, "entities": {"entities": []string{"crm.contact"}}} {
		if r := narrowed(c, whole, scope).With("If-None-Match", tag).Get("/meta"); r.Status != http.StatusOK {
			t.Errorf("%s: status %d", name, r.Status)
		}
	}
	if r := narrowed(c, whole, map[string]any{}).With("If-None-Match", tag).Get("/meta"); r.Status != http.StatusNotModified {
		t.Errorf("another whole key: status %d", r.Status)
	}
	// Who does not gain or lose anything need not read it anew.
	c.Member(company.Person{Login: "li"})
	if r := whole.With("If-None-Match", tag).Get("/meta"); r.Status != http.StatusNotModified {
		t.Errorf("after another member came: status %d", r.Status)
	}
}
