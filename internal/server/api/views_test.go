package api_test

import (
	"fmt"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Who looks after more than his own records may share a list; what it opens
// first for is an administrator's word, and survives its owner's changes.
func TestViewsSharedAndFirst(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		dept := c.Dept("东区", 0)
		seller := c.Role("seller", sales())
		head := c.Role("head", append(sales(), access.Grant{Entity: "crm.customer", Op: access.Update, Scope: access.Department}))
		c.Member(company.Person{Login: "zhang", Dept: dept, Roles: []int64{seller}})
		c.Member(company.Person{Login: "wang", Dept: dept, Roles: []int64{head}})
		admin, zhang, wang := c.As("admin"), c.As("zhang"), c.As("wang")
		view := func(more map[string]any) map[string]any {
			v := map[string]any{"entity": "crm.customer", "name": "东区", "filter": `status == "won"`, "columns": []string{"name", "status"}, "widths": map[string]any{"name": 300}}
			for k, x := range more {
				v[k] = x
			}
			return v
		}
		zhang.Post("/views", view(map[string]any{"shared": true})).Want(403)
		zhang.Post("/views", view(map[string]any{"widths": map[string]any{"name": 5}})).Want(422)
		zhang.Post("/views", view(map[string]any{"first_for": []string{id.ID(seller).String()}})).Want(422)
		own := zhang.Post("/views", view(map[string]any{"first": true, "name": "我的"})).Want(201)
		if own.Str("opens") != "own" || own.Str("widths.name") != "300" {
			t.Errorf("own %s", own.Body)
		}
		wang.Post("/views", view(map[string]any{"shared": true, "first": true})).Want(403)
		shared := wang.Post("/views", view(map[string]any{"shared": true})).Want(201).Str("id")
		zhang.Patch("/views/"+shared, view(map[string]any{"name": "抢"})).Want(404)

		for role, want := range map[int64]string{seller: "role", head: ""} {
			r := admin.Patch("/views/"+shared, view(map[string]any{"shared": true, "first_for": []string{id.ID(role).String()}})).Want(200)
			if r.Str("mine") != "false" || r.Str("by") == "" {
				t.Errorf("changed by the administrator: %s", r.Body)
			}
			if got := opens(zhang, shared); got != want {
				t.Errorf("a list of %d opens for a seller by %q, want %q", role, got, want)
			}
		}
		admin.Patch("/views/"+shared, view(map[string]any{"shared": true, "first": true})).Want(200)
		wang.Patch("/views/"+shared, view(map[string]any{"shared": true, "name": "东区客户"})).Want(200)
		if got := opens(zhang, shared); got != "all" {
			t.Errorf("after its owner changed it, it opens by %q", got)
		}
		if meta := wang.Get("/meta"); meta.Str("entities.crm.customer") == "" && !sharesIn(meta) {
			t.Error("meta does not say that the head may share")
		}
		if sharesIn(zhang.Get("/meta")) {
			t.Error("meta says that a seller may share")
		}
		zhang.Do("DELETE", "/views/"+shared, nil).Want(404)
		admin.Do("DELETE", "/views/"+shared, nil).Want(204)
	})
}

func sharesIn(meta company.Reply) bool {
	entities, _ := meta.JSON()["entities"].(map[string]any)
	customer, _ := entities["crm.customer"].(map[string]any)
	return customer["shares_views"] == true
}

func opens(k *company.Client, view string) string {
	for _, v := range k.Get("/views?entity=crm.customer").Want(200).Items() {
		if v["id"] == view {
			return fmt.Sprint(v["opens"])
		}
	}
	return "gone"
}
