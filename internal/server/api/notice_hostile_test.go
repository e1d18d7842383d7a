package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A notice tells no title that its member may not read.
func TestNoticesTellNoTitlesBeyondRights(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		all := []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.All}, {Entity: "crm.customer", Op: access.Update, Scope: access.All}, {Entity: "crm.customer", Op: access.Create, Scope: access.All}, {Entity: "crm.customer", Op: access.Transfer, Scope: access.All}}
		c.Member(company.Person{Login: "zhang", Roles: []int64{c.Role("chief", all)}})
		none := id.ID(c.Member(company.Person{Login: "none", Roles: []int64{c.Role("none", []access.Grant{{Entity: "crm.contact", Op: access.Read, Scope: access.Own}})}})).String()
		half := id.ID(c.Member(company.Person{Login: "half", Roles: []int64{c.Role("half", all, access.FieldGrant{Entity: "crm.customer", Field: "name", Level: schema.Hidden})}})).String()
		zhang := c.As("zhang").With("If-Match", "*")
		for _, to := range []string{none, half} {
			made := zhang.Post("/records/crm.customer", object{"name": "密名公司"}).Want(201)
			zhang.Patch("/records/crm.customer/"+made.Str("id"), object{"owner": to}).Want(200)
		}
		for _, who := range []string{"none", "half"} {
			r := c.As(who).Get("/records/org.reminder?count=true")
			if n := r.Str("count.value"); n != "1" {
				t.Errorf("%s has %s notices, want 1", who, n)
			}
			if strings.Contains(string(r.Body), "密名") {
				t.Errorf("%s is told the title", who)
			}
			if s := c.As(who).Get("/search?fresh=true&entity=org.reminder&q=%E5%AF%86%E5%90%8D"); strings.Contains(string(s.Body), "密名") {
				t.Errorf("%s finds the title", who)
			}
		}
	})
}
