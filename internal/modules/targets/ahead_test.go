package targets_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// promise is an open opportunity as the test itself keeps it.
type promise struct {
	owner, dept, cents, weighted int64
	day, category                string
}

// promises makes open opportunities at random, some that do not count.
func (f *firm) promises(t *testing.T, many int) (out []promise) {
	t.Helper()
	k := f.As("admin").With("If-Match", "*")
	who := k.Get("/records/crm.customer?limit=1").Items()[0]["id"]
	r := rand.New(rand.NewPCG(2, 4))
	for i := range many {
		m := f.people[r.IntN(len(f.people))]
		p := promise{owner: m, dept: f.deptOf[m], cents: 1 + r.Int64N(9_000_000), category: []string{"commit", "best", "pipeline", "omitted", ""}[r.IntN(5)],
			day: time.Date(2030, 12, 1+r.IntN(430), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)}
		rate := r.Int64N(101)
		p.weighted = half(p.cents*rate, 100)
		in := row{"name": "商机", "customer": who, "owner": text(m), "amount": decimal.Format(p.cents, 2, 2), "win_rate": fmt.Sprint(rate), "expected_on": p.day}
		if p.category != "" {
			in["forecast"] = p.category
		}
		at := "/records/sales.opportunity/" + k.Post("/records/sales.opportunity", in).Want(http.StatusCreated).Str("id")
		switch {
		case p.category == "":
			k.Patch(at, row{"forecast": nil}).Want(http.StatusOK)
			p.category = "pipeline"
		case i%7 == 0:
			k.Post(at+"/actions/lose", row{"reason": "price"}).Want(http.StatusOK)
			continue
		}
		if p.category != "omitted" {
			out = append(out, p)
		}
	}
	return out
}

// half divides and rounds half away from zero, of what is not negative.
func half(n, by int64) int64 { return (2*n + by) / (2 * by) }

// The forecast against the target is what the test adds up itself, by whom and
// when it likes, and each figure leads to a list that comes to it.
func TestForecastAgainstTarget(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		f := newFirm(t, c, 60)
		open := f.promises(t, 60)
		k := c.As("admin")
		type span struct{ from, to string }
		opened := 0
		check := func(what string, line, opens row, id, goal int64, s span) {
			t.Helper()
			want := map[string]int64{"actual": f.come(s.from, s.to, id)}
			for _, p := range open {
				if p.day < s.from || p.day >= s.to || id != 0 && id != p.owner && id != p.dept && id != f.depts[0] {
					continue
				}
				want[map[string]string{"commit": "commit", "best": "best", "pipeline": "open_amount"}[p.category]] += p.cents
				want["weighted"] += p.weighted
			}
			want["expected"] = want["actual"] + want["commit"]
			want["target"], want["missing"] = goal, max(goal-want["actual"], 0)
			for _, key := range []string{"target", "actual", "commit", "best", "open_amount", "weighted", "expected", "missing"} {
				if cents(t, line[key]) != want[key] {
					t.Errorf("%s of %d in %v: %s is %v, not %d", what, id, s, key, line[key], want[key])
				}
				place, is := opens[key].(row)
				if !is || key == "target" || want[key] == 0 {
					continue
				}
				opened++
				measure := map[string]string{"actual": "sum:total_base", "weighted": "sum:weighted"}[key]
				if measure == "" {
					measure = "sum:amount_base"
				}
				list := k.Post(fmt.Sprintf("/records/%s/aggregate", place["entity"]), row{"filter": place["filter"], "group": []string{}, "measures": []string{measure}}).Want(http.StatusOK).JSON()
				if have := cents(t, list["rows"].([]any)[0].([]any)[0]); have != want[key] {
					t.Errorf("%s of %d in %v: the list behind %s comes to %d, not %d", what, id, s, key, have, want[key])
				}
			}
			rate := func(key string, part, whole int64) {
				switch {
				case whole == 0 && line[key] != nil:
					t.Errorf("%s of %d: %s is %v", what, id, key, line[key])
				case whole != 0:
					has, _ := new(big.Rat).SetString(fmt.Sprint(line[key]))
					exact := new(big.Rat).SetFrac64(part*100, whole)
					if d := exact.Sub(exact, has); d.Abs(d).Cmp(big.NewRat(1, 200)) > 0 {
						t.Errorf("%s of %d: %s is %v, %d of %d", what, id, key, line[key], part, whole)
					}
				}
			}
			rate("rate", want["actual"], goal)
			rate("expected_rate", want["expected"], goal)
			rate("coverage", want["commit"]+want["best"]+want["open_amount"], want["missing"])
		}
		day := func(month int) string {
			return time.Date(2031, time.Month(1+month), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		}
		for _, p := range []struct {
			name, day string
			at, long  int
		}{{"month", "2031-03-15", 2, 1}, {"quarter", "2031-06-30", 3, 3}, {"year", "2031-01-01", 0, 12}} {
			s := span{day(p.at), day(p.at + p.long)}
			for by, list := range map[string][]int64{"department": f.depts, "member": f.people, "company": {0}} {
				got := k.Post("/reports/targets.target/forecast", row{"by": by, "period": p.name, "date": p.day, "measure": "order_amount"}).Want(http.StatusOK).JSON()
				rows := got["rows"].([]any)
				if len(rows) != len(list) {
					t.Errorf("%s by %s: %d rows", p.name, by, len(rows))
				}
				for n, one := range rows {
					line, id := one.(row), int64(0)
					if by != "company" {
						id = list[slices.IndexFunc(list, func(id int64) bool { return text(id) == idOf(line["row_"+by]) })]
					}
					check(p.name+" by "+by, line, got["opens"].([]any)[n].(row), id, int64(p.long)*f.goals[id], s)
				}
			}
		}
		for _, of := range []struct {
			key string
			id  int64
		}{{"", 0}, {"department", f.depts[2]}, {"member", f.people[3]}} {
			for by, long := range map[string]int{"month": 1, "quarter": 3} {
				in := row{"by": by, "date": "2031-05-01", "measure": "order_amount"}
				if of.key != "" {
					in[of.key] = text(of.id)
				}
				got := k.Post("/reports/targets.target/forecast", in).Want(http.StatusOK).JSON()
				for n, one := range got["rows"].([]any) {
					check(by, one.(row), got["opens"].([]any)[n].(row), of.id, int64(long)*f.goals[of.id], span{day(n * long), day((n + 1) * long)})
				}
			}
		}
		if opened < 100 {
			t.Errorf("only %d figures were opened", opened)
		}
	})
}
