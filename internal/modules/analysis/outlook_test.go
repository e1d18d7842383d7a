package analysis_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// chance is an opportunity as the test itself keeps it.
type chance struct {
	at, owner, dept, category, expected, ended string
	amount                                     *big.Rat // in the company's own currency
	rate                                       int64    // percent
}

// seen is what a snapshot should hold for one who asks.
type seen struct {
	day, kind string
	sums      map[string]*big.Rat
}

// tally adds up the chances that come within days, of somebody.
func tally(list []*chance, from, to string, counts func(*chance) bool) map[string]*big.Rat {
	out := map[string]*big.Rat{}
	for _, k := range []string{"won_amount", "commit", "best", "open_amount", "weighted", "expected", "deals"} {
		out[k] = new(big.Rat)
	}
	for _, d := range list {
		day := d.expected
		if d.category == "won" {
			day = d.ended
		}
		key := map[string]string{"won": "won_amount", "commit": "commit", "best": "best", "pipeline": "open_amount", "": "open_amount"}[d.category]
		if d.category == "lost" || key == "" || day < from || day > to || !counts(d) {
			continue
		}
		out[key].Add(out[key], d.amount)
		out["deals"].Add(out["deals"], big.NewRat(1, 1))
		if d.category == "won" || d.category == "commit" {
			out["expected"].Add(out["expected"], d.amount)
		}
		if d.category != "won" {
			out["weighted"].Add(out["weighted"], cents(new(big.Rat).Mul(d.amount, big.NewRat(d.rate, 100))))
		}
	}
	return out
}

// A snapshot of each week is what opportunities were when it was taken: once a
// week of the company's, late where the program did not run, none for a week
// that went by; by hand whenever somebody likes. Each sees his own.
func TestForecastsAreKeptByWeek(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { keepsForecasts(t, company.Options{}) })
	t.Run("postgres", func(t *testing.T) { keepsForecasts(t, company.Options{Database: pg.URL(t)}) })
}

func keepsForecasts(t *testing.T, o company.Options) {
	shanghai := time.FixedZone("+8", 8*60*60)
	at := clock.NewFake(time.Date(2026, 5, 7, 10, 0, 0, 0, shanghai)) // a Thursday
	o.Clock = at
	c := company.Open(t, o)
	k := c.As("admin").With("If-Match", "*")
	r := rand.New(rand.NewPCG(3, 5))
	east, west := c.Dept("华东", 0), c.Dept("华西", 0)
	own := c.Role("field_sales", entity.Allow("sales.*", access.Own, access.Read))
	tree := c.Role("regional", append(entity.Allow("sales.*", access.Tree, access.Read), entity.Allow("sales.forecast", access.All, access.Create)...))
	var owners, depts []string
	for i, dept := range []int64{east, west, west} {
		owners = append(owners, id.ID(c.Member(company.Person{Login: fmt.Sprint("s", i), Dept: dept, Roles: []int64{own}})).String())
		depts = append(depts, id.ID(dept).String())
	}
	c.Member(company.Person{Login: "boss", Dept: west, Roles: []int64{tree}})
	firm := k.Post("/records/crm.customer", row{"name": "远航贸易有限公司"}).Want(http.StatusCreated).Str("id")

	if err := c.App.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(k.Get("/records/sales.forecast").Items()); n != 0 {
		t.Fatalf("%d snapshots of nothing", n)
	}
	var deals []*chance
	month := func() string {
		return time.Date(2026, time.Month(4+r.IntN(5)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	amount := func() (string, string, *big.Rat) {
		n := fmt.Sprintf("%d.%02d", 1+r.IntN(90_000), r.IntN(100))
		if r.IntN(3) == 0 {
			return n, "USD", cents(new(big.Rat).Mul(rat(n), rat("7.25")))
		}
		return n, "CNY", rat(n)
	}
	work := func() {
		for range 3 {
			i := r.IntN(3)
			n, money, worth := amount()
			d := &chance{owner: owners[i], dept: depts[i], category: []string{"pipeline", "best", "commit", "omitted"}[r.IntN(4)], expected: month(), amount: worth, rate: int64(1 + r.IntN(99))}
			in := row{"name": "商机", "customer": firm, "owner": d.owner, "forecast": d.category, "expected_on": d.expected, "amount": n, "currency": money, "win_rate": strconv.FormatInt(d.rate, 10)}
			if money == "USD" {
				in["rate"] = "7.25"
			}
			if r.IntN(6) == 0 {
				delete(in, "expected_on")
				d.expected = ""
			}
			d.at = "/records/sales.opportunity/" + k.Post("/records/sales.opportunity", in).Want(http.StatusCreated).Str("id")
			deals = append(deals, d)
		}
		for _, d := range deals {
			if d.category == "won" || d.category == "lost" {
				continue
			}
			switch r.IntN(8) {
			case 0:
				k.Post(d.at+"/actions/win", row{"reason": "price"}).Want(http.StatusOK)
				d.category, d.ended = "won", at.Now().In(shanghai).Format(time.DateOnly)
			case 1:
				k.Post(d.at+"/actions/lose", row{"reason": "price"}).Want(http.StatusOK)
				d.category = "lost"
			case 2:
				d.expected = month()
				k.Patch(d.at, row{"expected_on": d.expected}).Want(http.StatusOK)
			case 3:
				d.category = "commit"
				k.Patch(d.at, row{"forecast": "commit"}).Want(http.StatusOK)
			case 4:
				d.category = ""
				k.Patch(d.at, row{"forecast": nil}).Want(http.StatusOK)
			}
		}
	}
	type viewer struct {
		login  string
		input  row
		counts func(*chance) bool
	}
	viewers := []viewer{
		{"admin", row{}, func(*chance) bool { return true }},
		{"admin", row{"member": owners[0]}, func(d *chance) bool { return d.owner == owners[0] }},
		{"admin", row{"department": depts[1]}, func(d *chance) bool { return d.dept == depts[1] }},
		{"s1", row{}, func(d *chance) bool { return d.owner == owners[1] }},
		{"boss", row{}, func(d *chance) bool { return d.dept == depts[1] }},
	}
	spans := []struct{ period, from, to string }{{"this_quarter", "2026-04-01", "2026-06-30"}, {"this_year", "2026-01-01", "2026-12-31"}, {"custom", "2026-06-01", "2026-07-31"}}
	want := map[string][]seen{}
	keep := func(kind string) {
		for v, one := range viewers {
			for _, s := range spans {
				key := fmt.Sprint(v, s.period)
				want[key] = append(want[key], seen{at.Now().In(shanghai).Format(time.DateOnly), kind, tally(deals, s.from, s.to, one.counts)})
			}
		}
	}
	tick := func() {
		t.Helper()
		for range 2 { // the second finds nothing to do
			if err := c.App.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	work()
	tick() // at once, late in the first week
	keep("weekly")
	for n, day := range []string{"2026-05-11T00:30:00+08:00", "2026-05-20T12:00:00+08:00", "2026-06-01T00:00:10+08:00"} { // on a Monday that is Sunday in Greenwich; late; after a week without the program
		work()
		now, err := time.Parse(time.RFC3339, day)
		if err != nil {
			t.Fatal(err)
		}
		at.Set(now)
		tick()
		keep("weekly")
		if n == 1 {
			work()
			at.Advance(2 * time.Hour)
			tick()
			c.As("boss").Post("/records/sales.forecast", row{"remark": "例会"}).Want(http.StatusCreated)
			keep("manual")
			c.As("boss").Post("/records/sales.forecast", row{}).Want(http.StatusConflict)
			c.As("s1").Post("/records/sales.forecast", row{}).Want(http.StatusForbidden)
		}
	}
	work()
	keep("now")

	if n := len(k.Get("/records/sales.forecast").Items()); n != 5 {
		t.Errorf("%d snapshots, not 4 by week and one by hand", n)
	}
	opened := 0
	for v, one := range viewers {
		for _, s := range spans {
			in := row{"period": s.period}
			if s.period == "custom" {
				in["from"], in["to"] = s.from, s.to
			}
			for key, value := range one.input {
				in[key] = value
			}
			got := c.As(one.login).Post("/reports/sales.forecast_row/outlook", in).Want(http.StatusOK).JSON()
			opened += sameOutlook(t, fmt.Sprint(one.login, in), c.As(one.login), got, want[fmt.Sprint(v, s.period)], s.period == "this_quarter")
		}
	}
	if opened < 80 {
		t.Errorf("only %d figures were opened", opened)
	}
}

// sameOutlook compares a report with what the test keeps, follows each figure to
// its list where that is asked for, and says how many those were.
func sameOutlook(t *testing.T, what string, k *company.Client, got row, want []seen, follow bool) (opened int) {
	t.Helper()
	rows := got["rows"].([]any)
	if len(rows) != len(want) {
		t.Fatalf("%s: %d rows, not %d: %v", what, len(rows), len(want), rows)
	}
	sumOf := map[string]string{"weighted": "sum:weighted"}
	var before *seen
	for n, w := range want {
		r := rows[n].(row)
		if r["time"] != w.day || r["kind"] != w.kind {
			t.Errorf("%s: row %d is of %v (%v), not %s (%s)", what, n, r["time"], r["kind"], w.day, w.kind)
		}
		for column, sum := range w.sums {
			if rat(fmt.Sprint(r[column])).Cmp(sum) != 0 {
				t.Errorf("%s: %s on %s is %v, not %s", what, column, w.day, r[column], sum.FloatString(2))
			}
			place, is := got["opens"].([]any)[n].(row)[column].(row)
			if is != (sum.Sign() != 0) {
				t.Errorf("%s: %s on %s opens %v", what, column, w.day, place)
			}
			if !is || !follow {
				continue
			}
			opened++
			measure := sumOf[column]
			switch {
			case column == "deals" && w.kind == "now":
				measure = "count"
			case column == "deals":
				measure = "sum:deals"
			case measure == "":
				measure = "sum:amount_base"
			}
			list := k.Post(fmt.Sprintf("/records/%s/aggregate", place["entity"]), row{"filter": place["filter"], "group": []string{}, "measures": []string{measure}}).Want(http.StatusOK).JSON()
			if have := list["rows"].([]any)[0].([]any)[0]; rat(fmt.Sprint(have)).Cmp(sum) != 0 {
				t.Errorf("%s: the list behind %s on %s comes to %v, not %s", what, column, w.day, have, sum.FloatString(2))
			}
		}
		for moved, of := range map[string]string{"moved_expected": "expected", "moved_weighted": "weighted"} {
			switch {
			case before == nil && r[moved] != nil:
				t.Errorf("%s: nothing is before %s, but %v", what, w.day, r[moved])
			case before != nil && rat(fmt.Sprint(r[moved])).Cmp(new(big.Rat).Sub(w.sums[of], before.sums[of])) != 0:
				t.Errorf("%s: %s of %s is %v", what, moved, w.day, r[moved])
			}
		}
		if w.kind == "weekly" {
			before = &want[n]
		}
	}
	return opened
}
