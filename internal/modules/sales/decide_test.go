package sales_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A paper that waits rings at the nearest above its owner who may give away as
// much, and rings no more once that is decided; its owner hears what was decided.
func TestWhoDecidesIsTold(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		all := append(entity.Allow("sales.*", access.All, access.Read, access.Create, access.Update, access.Approve), entity.Allow("crm.*", access.All, access.Read)...)
		seller, leader, head := c.Role("seller", all), c.Role("leader", all), c.Role("head", all)
		for role, most := range map[int64]string{seller: "5", leader: "10", head: "30"} {
			k.Patch("/records/org.role/"+id.ID(role).String(), row{"max_discount": most}).Want(http.StatusOK)
		}
		sales := k.Post("/records/org.department", row{"name": "销售部"}).Want(http.StatusCreated).Str("id")
		people := map[string]string{}
		for login, role := range map[string]int64{"xiaowang": seller, "laoli": leader, "zhao": head} {
			people[login] = id.ID(c.Member(company.Person{Login: login, Roles: []int64{role}})).String()
		}
		k.Patch("/records/org.member/"+people["xiaowang"], row{"superior": people["laoli"], "department": sales}).Want(http.StatusOK)
		k.Patch("/records/org.department/"+sales, row{"head": people["zhao"]}).Want(http.StatusOK)
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")

		bell := func(login string) (out []string) {
			for _, r := range c.As(login).Get("/records/org.reminder?filter=state%20%3D%3D%20%22due%22%20and%20owner%20%3D%3D%20me&sort=id").Items() {
				if kind := r["kind"].(string); kind != "given" {
					out = append(out, kind+" "+r["title"].(string))
				}
			}
			return out
		}
		rings := func(login string, want ...string) {
			t.Helper()
			got := bell(login)
			if len(got) != len(want) {
				t.Fatalf("%s is told %q, want %q", login, got, want)
			}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s is told %q, want %q", login, got[i], want[i])
				}
			}
		}
		wang := c.As("xiaowang").With("If-Match", "*")
		quote := func(off string) (at, name string) {
			made := wang.Post("/records/sales.quote", row{"customer": customer, "name": "泵站", "items": []row{{"name": "泵", "price": "100", "discount": off}}}).Want(http.StatusCreated)
			at = "/records/sales.quote/" + made.Str("id")
			wang.Post(at+"/actions/submit", row{}).Want(http.StatusOK)
			return at, made.Str("number") + " 泵站"
		}

		quote("5") // within the limits: nobody is asked
		rings("laoli")
		at, name := quote("8")
		rings("laoli", "asked "+name)
		rings("zhao")
		c.As("laoli").With("If-Match", "*").Post(at+"/actions/approve", row{"comment": "老客户"}).Want(http.StatusOK)
		rings("laoli")
		rings("xiaowang", "approved "+name+": 老客户")

		at, deep := quote("20") // more than his superior may give: the head of the department is asked
		rings("laoli")
		rings("zhao", "asked "+deep)
		zhao := c.As("zhao").With("If-Match", "*")
		zhao.Post(at+"/actions/reject", row{"reason": "太低"}).Want(http.StatusOK)
		rings("zhao")
		rings("xiaowang", "approved "+name+": 老客户", "rejected "+deep+": 太低")

		at, far := quote("40") // more than anybody above may give
		rings("zhao")
		rings("admin", "asked "+far)
		wang.Post(at+"/actions/withdraw", row{}).Want(http.StatusOK)
		rings("admin")

		// Nobody decides on his own: an order of the head's is the administrator's to approve.
		made := zhao.Post("/records/sales.order", row{"customer": customer, "items": []row{{"name": "泵", "price": "100", "discount": "31"}}}).Want(http.StatusCreated)
		at = "/records/sales.order/" + made.Str("id")
		zhao.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		company.Holds(t, zhao.Get(at), "status", "pending")
		rings("admin", "asked "+made.Str("number"))
		k.Patch("/records/org.role/"+id.ID(head).String(), row{"max_discount": "50"}).Want(http.StatusOK)
		if r := zhao.Post(at+"/actions/approve", row{}).Want(http.StatusForbidden); r.Str("key") != "error.approve_own" {
			t.Errorf("refused by %s", r.Body)
		}
		k.Post(at+"/actions/approve", row{}).Want(http.StatusOK)
		rings("admin")
		rings("zhao", "approved "+made.Str("number"))
	})
}
