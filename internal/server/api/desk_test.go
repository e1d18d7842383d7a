package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What a member starred and saw is named under the rights of the moment: a
// record that went to another is gone from his desk, and comes back with it.
func TestDeskFollowsRights(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("seller", sales())
		c.Member(company.Person{Login: "zhang", Roles: []int64{role}})
		c.Member(company.Person{Login: "li", Roles: []int64{role}})
		zhang, li, admin := c.As("zhang"), c.As("li"), c.As("admin")
		one := zhang.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		two := zhang.Post("/records/crm.customer", map[string]any{"name": "乙公司"}).Want(201).Str("id")
		for _, body := range []map[string]any{{"entity": "crm.customer", "record": one}, {"entity": "crm.customer", "record": two},
			{"entity": "crm.customer", "view": "mine"}, {"entity": "crm.customer"}} {
			zhang.Post("/me/starred", body).Want(204)
		}
		zhang.Post("/me/seen", map[string]any{"entity": "crm.customer", "record": one}).Want(204)
		zhang.Post("/me/seen", map[string]any{"entity": "crm.customer", "record": two}).Want(204)
		zhang.Post("/me/seen", map[string]any{"entity": "crm.customer", "record": one}).Want(204)
		want := func(k *company.Client, starred, seen string) {
			t.Helper()
			r := k.Get("/me/desk").Want(200)
			if got := names(r, "starred"); got != starred {
				t.Errorf("starred %s, want %s: %s", got, starred, r.Body)
			}
			if got := names(r, "seen"); got != seen {
				t.Errorf("seen %s, want %s", got, seen)
			}
		}
		want(zhang, "crm.customer?|crm.customer?mine|乙公司|甲公司", "甲公司|乙公司")
		want(li, "", "")

		// Others cannot find out by a star that a record is there.
		li.Post("/me/starred", map[string]any{"entity": "crm.customer", "record": one}).Want(404)
		li.Post("/me/seen", map[string]any{"entity": "crm.customer", "record": one}).Want(404)
		zhang.Post("/me/starred", map[string]any{"entity": "crm.customer", "view": "no such view"}).Want(404)
		zhang.Post("/me/starred", map[string]any{"entity": "crm.nothing"}).Want(404)

		to := map[string]any{"owner": li.Get("/me").Str("me.id")}
		admin.With("If-Match", "*").Post("/records/crm.customer/"+one+"/actions/transfer", to).Want(200)
		want(zhang, "crm.customer?|crm.customer?mine|乙公司", "乙公司")
		li.With("If-Match", "*").Post("/records/crm.customer/"+one+"/actions/transfer", map[string]any{"owner": zhang.Get("/me").Str("me.id")})
		zhang.With("If-Match", "*").Do("DELETE", "/records/crm.customer/"+two, nil).Want(200)
		if got := names(zhang.Get("/me/desk").Want(200), "starred"); strings.Contains(got, "乙公司") {
			t.Errorf("a deleted record stays: %s", got)
		}
		zhang.Post("/me/starred", map[string]any{"entity": "crm.customer", "view": "mine", "off": true}).Want(204)
		if got := names(zhang.Get("/me/desk").Want(200), "starred"); strings.Contains(got, "mine") {
			t.Errorf("the star stays: %s", got)
		}
	})
}

func names(r company.Reply, list string) string {
	var out []string
	for i := 0; ; i++ {
		at := fmt.Sprintf("%s.%d.", list, i)
		entity := r.Str(at + "entity")
		if entity == "" {
			return strings.Join(out, "|")
		}
		name := r.Str(at + "name")
		if name == "" {
			name = entity + "?" + r.Str(at+"view")
		}
		out = append(out, name)
	}
}

func TestStarsAreBoundedAndTheOldestSeenGoes(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		star := func(i int) company.Reply {
			id := admin.Post("/records/catalog.unit", map[string]any{"name": fmt.Sprint("单位", i), "code": fmt.Sprint("u", i)}).Want(201).Str("id")
			admin.Post("/me/seen", map[string]any{"entity": "catalog.unit", "record": id}).Want(204)
			return admin.Post("/me/starred", map[string]any{"entity": "catalog.unit", "record": id})
		}
		for i := range 100 {
			star(i).Want(204)
		}
		star(100).Want(422)
		if got := names(admin.Get("/me/desk").Want(200), "seen"); strings.Count(got, "|") != 39 || !strings.HasPrefix(got, "单位100|单位99|") {
			t.Errorf("seen: %s", got)
		}
	})
}

// How the page looks comes with the session, so that the first paint is right.
func TestLook(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		c.Member(company.Person{Login: "zhang"})
		zhang, admin := c.As("zhang"), c.As("admin")
		zhang.Patch("/me/look", map[string]any{"theme": "dark", "folded": []string{"org"}}).Want(200)
		zhang.Patch("/me/look", map[string]any{"density": "compact"}).Want(200)
		r := zhang.Get("/session").Want(200)
		if r.Str("me.look.theme") != "dark" || r.Str("me.look.density") != "compact" || r.Str("me.look.folded.0") != "org" {
			t.Errorf("the look: %s", r.Body)
		}
		if theme := admin.Get("/session").Str("me.look.theme"); theme != "" {
			t.Errorf("another's look is %q", theme)
		}
		if r := zhang.Patch("/me/look", map[string]any{"theme": "pink"}).Want(422); r.Str("errors.0.field") != "theme" {
			t.Errorf("where it is wrong: %s", r.Body)
		}
		zhang.Patch("/me/look", map[string]any{"colour": "red"}).Want(400)
	})
}

func TestMyPicture(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		c.Member(company.Person{Login: "zhang"})
		c.Member(company.Person{Login: "li"})
		zhang, li := c.As("zhang"), c.As("li")
		file := zhang.With("X-Filename", "me.png").With("Content-Type", "image/png").Post("/files", "\x89PNG\r\n\x1a\n").Want(201).Str("id")
		if r := zhang.Patch("/me", map[string]any{"avatar": []string{file}}).Want(200); r.Str("me.avatar") != file {
			t.Errorf("the picture: %s", r.Body)
		}
		li.Get("/files/" + file).Want(200)
		li.Patch("/me", map[string]any{"avatar": []string{li.With("X-Filename", "b.png").Post("/files", "b").Want(201).Str("id")}}).Want(200)
		if r := zhang.Patch("/me", map[string]any{"avatar": []string{}}).Want(200); r.Str("me.avatar") != "" {
			t.Errorf("the picture stays: %s", r.Body)
		}
	})
}

func TestSpelling(t *testing.T) {
	c := company.Open(t, company.Options{})
	r := c.As("admin").Post("/meta/spelling", map[string]any{"texts": []string{"商机", "API 商机"}}).Want(200)
	if r.Str("items.0") != "shang ji" || r.Str("items.1") != "api shang ji" {
		t.Errorf("spelled %s", r.Body)
	}
}
