package targets_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type row = map[string]any

func text(n int64) string { return id.ID(n).String() }

func monthly(r company.Reply) (out [12]string) {
	for i := range out {
		out[i] = r.Str("m" + strconv.Itoa(i+1))
	}
	return out
}

// A year, its quarters and its months agree, whichever of them is given.
func TestYearAddsUp(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		east := c.Dept("华东部", 0)
		k := c.As("admin").With("If-Match", "*")
		made := k.Post("/records/targets.target", row{"year": "2027", "kind": "department", "department": text(east), "measure": "order_amount", "total": "100"}).Want(http.StatusCreated)
		self := "/records/targets.target/" + made.Str("id")
		company.Holds(t, made, "name", "华东部 2027", "m1", "8.33", "m11", "8.33", "m12", "8.37", "q1", "24.99", "q4", "25.03", "total", "100")

		// A month takes quarter and year along; a quarter its months and the year.
		r := k.Patch(self, row{"m1": "10"}).Want(http.StatusOK)
		company.Holds(t, r, "m1", "10", "m2", "8.33", "q1", "26.66", "total", "101.67")
		r = k.Patch(self, row{"q1": "100"}).Want(http.StatusOK)
		company.Holds(t, r, "m1", "37.5", "m2", "31.24", "m3", "31.26", "q1", "100", "q2", "24.99", "total", "175.01")
		// The year takes all along by their shares, and comes to what was said.
		r = k.Patch(self, row{"total": "350.02"}).Want(http.StatusOK)
		company.Holds(t, r, "m1", "75", "m2", "62.48", "m3", "62.52", "q1", "200", "m12", "16.74", "total", "350.02")
		// Year and one quarter: the others take the rest.
		r = k.Patch(self, row{"total": "1000", "q1": "100"}).Want(http.StatusOK)
		company.Holds(t, r, "q1", "100", "m1", "37.5", "total", "1000")

		// Of a new one what is empty shares what is left, and what cannot agree is refused.
		r = k.Post("/records/targets.target", row{"year": "2027", "kind": "company", "measure": "won_count", "total": "50", "m1": "6", "q2": "11"}).Want(http.StatusCreated)
		company.Holds(t, r, "name", "云腾科技 2027", "m1", "6", "m2", "4", "m3", "4", "m4", "3", "m6", "5", "q2", "11", "total", "50", "m12", "5")
		// Who says no year, on the page too, means this one.
		if f := c.App.Registry.State().Entity("targets.target").Field("year"); f.Required {
			t.Error("the form asks for a year")
		}
		r = k.Post("/records/targets.target", row{"kind": "company", "measure": "visits", "total": "12"}).Want(http.StatusCreated)
		company.Holds(t, r, "year", c.App.Clock.Now().Format("2006"))
		for _, bad := range []row{
			{"year": "2027", "kind": "company", "measure": "visits", "total": "2.5"},
			{"year": "2027", "kind": "company", "measure": "visits", "total": "10", "q1": "11"},
			{"year": "2027", "kind": "company", "measure": "visits", "q1": "10", "m1": "4", "m2": "4", "m3": "4"},
			{"year": "2027", "kind": "company", "measure": "visits"},
			{"year": "27", "kind": "company", "measure": "visits", "total": "10"},
			{"year": "2027", "kind": "department", "measure": "visits", "total": "10"},
			{"year": "2027", "kind": "company", "measure": "won_count", "total": "10"}, // there is one
		} {
			if r := k.Post("/records/targets.target", bad); r.Status != http.StatusUnprocessableEntity && r.Status != http.StatusConflict {
				t.Errorf("%v: %d %s", bad, r.Status, r.Body)
			}
		}

		// Split anew, as the year before; carried to another year with more.
		k.Post(self+"/actions/spread", row{"way": "even", "total": "1200"}).Want(http.StatusOK)
		k.Patch(self, row{"m12": "0"}).Want(http.StatusOK)
		k.Post(self+"/actions/spread", row{"way": "last_target"}).Want(http.StatusUnprocessableEntity)
		k.Post(self+"/actions/copy", row{"growth": "10"}).Want(http.StatusOK)
		next := k.Get(`/records/targets.target?filter=year%20%3D%3D%20%222028%22`).Items()
		if len(next) != 1 {
			t.Fatalf("carried on: %v", next)
		}
		other := "/records/targets.target/" + next[0]["id"].(string)
		company.Holds(t, k.Get(other), "name", "华东部 2028", "m1", "110", "m12", "0", "q4", "220", "total", "1210")
		k.Post(other+"/actions/spread", row{"way": "even"}).Want(http.StatusOK)
		if got := monthly(k.Get(other)); got[11] == "0" {
			t.Errorf("evenly: %v", got)
		}
		k.Post(other+"/actions/spread", row{"way": "last_target", "total": "2200"}).Want(http.StatusOK)
		company.Holds(t, k.Get(other), "m1", "200", "m11", "200", "m12", "0", "total", "2200")
		k.Post(self+"/actions/copy", row{}).Want(http.StatusConflict)
	})
}

// Who sees and sets which targets, and how those of a department break down.
func TestTargetsAreSeenByScope(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		sales := c.Dept("销售中心", 0)
		east, west := c.Dept("华东部", sales), c.Dept("华西部", sales)
		own := c.Role("只看自己", entity.Allow("targets.target", access.Own, access.Read))
		tree := c.Role("看部门", entity.Allow("targets.target", access.Tree, access.Read, access.Create, access.Update))
		ann := c.Member(company.Person{Login: "ann", Dept: east, Roles: []int64{own}})
		bob := c.Member(company.Person{Login: "bob", Dept: west, Roles: []int64{own}})
		c.Member(company.Person{Login: "eve", Dept: east, Roles: []int64{tree}})
		k := c.As("admin")
		put := func(body row) string {
			body["year"], body["measure"] = "2027", "receipts"
			return k.Post("/records/targets.target", body).Want(http.StatusCreated).Str("id")
		}
		put(row{"kind": "company", "total": "2400"})
		top := put(row{"kind": "department", "department": text(sales), "total": "1200"})
		put(row{"kind": "department", "department": text(east), "total": "700"})
		put(row{"kind": "department", "department": text(west), "total": "400"})
		put(row{"kind": "member", "member": text(ann), "total": "300"})
		put(row{"kind": "member", "member": text(bob), "total": "500"})
		for login, want := range map[string]int{"ann": 1, "bob": 1, "eve": 2, "admin": 6} {
			if got := len(c.As(login).Get("/records/targets.target").Items()); got != want {
				t.Errorf("%s sees %d targets, not %d", login, got, want)
			}
		}
		eve := c.As("eve")
		eve.Post("/records/targets.target", row{"year": "2027", "measure": "visits", "kind": "member", "member": text(ann), "total": "12"}).Want(http.StatusCreated)
		eve.Post("/records/targets.target", row{"year": "2027", "measure": "visits", "kind": "member", "member": text(bob), "total": "12"}).Want(http.StatusForbidden)
		c.As("ann").Post("/records/targets.target", row{"year": "2027", "measure": "receipts", "kind": "company", "total": "12"}).Want(http.StatusForbidden)

		rows := k.Post("/records/targets.target/"+top+"/questions/breakdown", row{}).Want(http.StatusOK).JSON()["rows"].([]any)
		var got [][2]any
		for _, one := range rows {
			got = append(got, [2]any{one.(row)["row"], one.(row)["total"]})
		}
		want := [][2]any{{"self", "1200"}, {"part", "700"}, {"part", "400"}, {"sum", "1100"}, {"difference", "100"}}
		if len(got) != len(want) {
			t.Fatalf("broken down: %v", got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("row %d is %v, not %v", i, got[i], want[i])
			}
		}
	})
}
