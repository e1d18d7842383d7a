package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Everybody's recycle bin holds what he may both read and bring back, with who
// deleted it and when; whatever hung under it comes back with it (PLT-11).
func TestTheBinShowsWhatCanBeBroughtBack(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		grants := func(read, del access.Scope) []access.Grant {
			var out []access.Grant
			for _, e := range []string{"crm.customer", "crm.contact"} {
				out = append(out, access.Grant{Entity: e, Op: access.Read, Scope: read}, access.Grant{Entity: e, Op: access.Create, Scope: read},
					access.Grant{Entity: e, Op: access.Delete, Scope: del})
			}
			return out
		}
		dept := c.Dept("销售部", 0)
		for login, g := range map[string][]access.Grant{"zhang": sales(), "li": sales(), "desk": grants(access.All, access.Own),
			"chief": grants(access.Department, access.Department), "odd": grants(access.Own, access.All), "reader": grants(access.All, access.None)} {
			c.Member(company.Person{Login: login, Dept: dept, Roles: []int64{c.Role(login, g)}})
		}
		drop := func(login, name string) (id, contact string) {
			who := c.As(login)
			id = who.Post("/records/crm.customer", map[string]any{"name": name}).Want(201).Str("id")
			contact = who.Post("/records/crm.contact", map[string]any{"name": name + "的人", "customer": id}).Want(201).Str("id")
			who.With("If-Match", "*").Do("DELETE", "/records/crm.customer/"+id, nil).Want(200)
			return id, contact
		}
		zhangs, contact := drop("zhang", "张的客户")
		lis, _ := drop("li", "李的客户")
		desks, _ := drop("desk", "前台的客户")
		all := []string{zhangs, lis, desks}

		const bin = "/records/crm.customer?deleted=true&sort=-deleted_at&fields=name,deleted_at,deleted_by&count=true"
		for login, want := range map[string][]string{"zhang": {zhangs}, "li": {lis}, "desk": {desks}, "chief": all, "odd": nil, "reader": nil, "admin": all} {
			r := c.As(login).Get(bin).Want(200)
			var got []string
			for _, it := range r.Items() {
				got = append(got, fmt.Sprint(it["id"]))
				if it["deleted_at"] == nil || it["deleted_by"] == nil {
					t.Errorf("%s is not told who deleted when: %s", login, r.Body)
				}
			}
			slices.Sort(got)
			sorted := slices.Clone(want)
			slices.Sort(sorted)
			if !slices.Equal(got, sorted) || r.Str("count.value") != fmt.Sprint(len(want)) {
				t.Errorf("the bin of %s: %v of %v, %s", login, got, sorted, r.Body)
			}
		}
		if r := c.As("li").Get(bin + "&" + filter(`name contains "张"`)).Want(200); len(r.Items()) != 0 || strings.Contains(string(r.Body), "张的") {
			t.Errorf("li finds another's in the bin: %s", r.Body)
		}

		for login, status := range map[string]int{"li": 404, "odd": 404, "desk": 403, "reader": 403} {
			c.As(login).Post("/records/crm.customer/"+zhangs+"/restore", "{}").Want(status)
		}
		c.As("chief").Post("/records/crm.customer/"+zhangs+"/restore", "{}").Want(200)
		c.As("zhang").Get("/records/crm.contact/" + contact).Want(200)
		if n := len(c.As("zhang").Get(bin).Items()); n != 0 {
			t.Errorf("%d left in the bin after the restore", n)
		}
	})
}
