package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// bell reads what stands behind a member's bell.
func bell(k *company.Client) []map[string]any {
	return k.Get(`/records/org.reminder?filter=owner%20%3D%3D%20me%20and%20state%20%3D%3D%20%22due%22&sort=at&fields=*`).Want(http.StatusOK).Items()
}

// Who is given something is told so once, whatever his roles; who gave it hears
// that it was done; what a member gives himself, or an undo brings back, tells nobody.
func TestWhoIsGivenSomethingIsTold(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("all", entity.Allow("*", access.All, access.Read, access.Create, access.Update, access.Transfer))
		c.Member(company.Person{Login: "li", Roles: []int64{role}})
		zhao := id.ID(c.Member(company.Person{Login: "zhao", Roles: []int64{c.Role("tasks", entity.Allow("work.task", access.Own, access.Read))}})).String()
		li, other := c.As("li"), c.As("zhao")

		var ids []string
		for _, name := range []string{"甲公司", "乙公司", "丙公司"} {
			ids = append(ids, li.Post("/records/crm.customer", map[string]any{"name": name}).Want(http.StatusCreated).Str("id"))
		}
		if n := len(bell(li)); n != 0 {
			t.Fatalf("%d notices of his own work", n)
		}
		li.Post("/records/crm.customer/bulk", map[string]any{"op": "transfer", "ids": ids, "owner": zhao}).Want(http.StatusOK)
		byHand := c.Anonymous().With("Cookie", signIn(t, c, "li"))
		task := byHand.Post("/records/work.task", map[string]any{"title": "准备样品", "assignee": zhao}).Want(http.StatusCreated).Str("id")
		li.Post("/records/work.task", map[string]any{"title": "程序建的", "assignee": zhao}).Want(http.StatusCreated)

		got := bell(other)
		if len(got) != 2 || got[0]["title"] != "…" || got[0]["count"].(interface{ String() string }).String() != "3" || got[0]["of"] != "crm.customer" ||
			got[0]["kind"] != "given" || got[1]["title"] != "准备样品" {
			t.Fatalf("he is told %v", got)
		}
		if about, _ := got[0]["about"].(map[string]any); about["hidden"] != true {
			t.Errorf("without a right to customers he is told which: %v", about)
		}
		first := "/records/org.reminder/" + got[0]["id"].(string) + "/actions/seen"
		other = other.With("If-Match", "*")
		other.Post(first, map[string]any{}).Want(http.StatusOK)
		if r := other.Get("/records/crm.customer"); r.Status != http.StatusForbidden && len(r.Items()) != 0 {
			t.Error("the bell gave him a right")
		}
		if n := len(bell(li)); n != 0 {
			t.Errorf("%d notices for the one who gave", n)
		}
		undo := li.Post("/records/crm.customer/bulk", map[string]any{"op": "transfer", "ids": ids[:1], "owner": c.As("admin").Get("/me").Str("me.id")}).Want(http.StatusOK)
		if r := li.Post("/changesets/"+undo.Str("changeset")+"/undo", nil).Want(http.StatusOK); r.Str("undone") != "1" || len(bell(c.As("admin"))) != 0 {
			t.Errorf("taken back: %s, and he is still told", r.Body)
		}
		c.As("admin").With("If-Match", "*").Post("/records/work.task/"+task+"/actions/done", map[string]any{}).Want(http.StatusOK)
		if got := bell(li); len(got) != 1 || got[0]["kind"] != "finished" || got[0]["title"] != "准备样品" {
			t.Errorf("who gave the task is told %v", got)
		}
	})
}

// signIn gives the cookie of a member's session: what he does is done by hand.
func signIn(t *testing.T, c *company.Company, login string) string {
	t.Helper()
	in := c.Anonymous().Post("/session", map[string]any{"login": login, "password": company.Password}).Want(http.StatusOK)
	cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
	return cookie
}
