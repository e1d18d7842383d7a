package analysis_test

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/analysis"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type row = map[string]any

// world is what the test made, as it remembers it.
type world struct {
	orders []sale
	deals  []deal
	names  map[string]string // of customers, members and categories, by id
}

type sale struct {
	customer, industry, owner, day string
	counts                         bool
	total, net, cost               *big.Rat
	lines                          []line
}

type line struct {
	category string
	total    *big.Rat
}

type deal struct {
	owner, source string
	state         string
	far           int
	amount        int64
}

func rat(s string) *big.Rat { r, _ := new(big.Rat).SetString(s); return r }

// cents rounds half away from zero to cents.
func cents(r *big.Rat) *big.Rat {
	n := new(big.Rat).Mul(r, big.NewRat(100, 1))
	half := big.NewRat(1, 2)
	if n.Sign() < 0 {
		half.Neg(half)
	}
	n.Add(n, half)
	q := new(big.Int).Quo(n.Num(), n.Denom())
	return new(big.Rat).SetFrac(q, big.NewInt(100))
}

func furnish(t *testing.T, c *company.Company) *world {
	t.Helper()
	k := c.As("admin").With("If-Match", "*")
	r := rand.New(rand.NewPCG(4, 8))
	w := &world{names: map[string]string{}}
	east, west := c.Dept("华东", 0), c.Dept("华西", 0)
	role := c.Role("seller", entity.Allow("*", access.Own, access.Read))
	var owners []string
	for i, dept := range []int64{east, west, west} {
		name := fmt.Sprint("s", i)
		m := id.ID(c.Member(company.Person{Login: fmt.Sprint("s", i), Dept: dept, Roles: []int64{role}})).String()
		owners, w.names[m] = append(owners, m), name
	}
	industries := []string{"software", "retail", ""}
	var customers []string
	for i := range 5 {
		in := row{"name": fmt.Sprint("客户有限公司", i), "owner": owners[i%3], "region": []string{"310104", "320506"}[i%2]}
		if s := industries[i%3]; s != "" {
			in["industry"] = s
		}
		customers = append(customers, k.Post("/records/crm.customer", in).Want(http.StatusCreated).Str("id"))
		w.names[customers[i]] = in["name"].(string)
	}
	var categories, products []string
	for i := range 2 {
		categories = append(categories, k.Post("/records/catalog.category", row{"name": fmt.Sprint("类别", i)}).Want(http.StatusCreated).Str("id"))
		w.names[categories[i]] = fmt.Sprint("类别", i)
	}
	for i := range 4 {
		products = append(products, k.Post("/records/catalog.product", row{"name": fmt.Sprint("产品", i), "category": categories[i%2], "price": "10", "cost": strconv.Itoa(3 + i), "tax_rate": "13"}).Want(http.StatusCreated).Str("id"))
	}
	for i := range 24 {
		n := r.IntN(5)
		o := sale{customer: w.names[customers[n]], industry: industries[n%3], owner: w.names[owners[i%3]], day: time.Date(2025, time.Month(1+r.IntN(18)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), counts: i%5 != 0, total: new(big.Rat), cost: new(big.Rat)}
		var items []row
		for range 1 + r.IntN(3) {
			p, quantity, price := r.IntN(4), 1+r.IntN(30), fmt.Sprintf("%d.%02d", r.IntN(300), r.IntN(100))
			items = append(items, row{"product": products[p], "quantity": strconv.Itoa(quantity), "price": price, "discount": "7.5"})
			sum := cents(new(big.Rat).Mul(new(big.Rat).Mul(rat(price), big.NewRat(int64(quantity), 1)), rat("0.925")))
			o.total.Add(o.total, sum)
			o.cost.Add(o.cost, big.NewRat(int64(quantity*(3+p)), 1))
			o.lines = append(o.lines, line{w.names[categories[p%2]], sum})
		}
		made := k.Post("/records/sales.order", row{"customer": customers[n], "owner": owners[i%3], "date": o.day, "items": items}).Want(http.StatusCreated)
		o.net = rat(made.Str("net"))
		if o.counts {
			k.Post("/records/sales.order/"+made.Str("id")+"/actions/confirm", row{}).Want(http.StatusOK)
		}
		w.orders = append(w.orders, o)
	}
	stages := k.Get("/records/sales.stage?sort=order").Items()
	for i := range 24 {
		d := deal{owner: w.names[owners[i%3]], source: []string{"web", "phone", "ads"}[r.IntN(3)], state: "open", amount: int64(1000 + r.IntN(100_000))}
		at := "/records/sales.opportunity/" + k.Post("/records/sales.opportunity", row{"name": fmt.Sprint("商机", i), "customer": customers[r.IntN(5)], "owner": owners[i%3], "source": d.source,
			"amount": strconv.FormatInt(d.amount, 10), "expected_on": "2026-06-30"}).Want(http.StatusCreated).Str("id")
		for d.far < 3 && r.IntN(3) > 0 {
			d.far++
			k.Patch(at, row{"stage": stages[d.far]["id"]}).Want(http.StatusOK)
		}
		if d.far > 0 && r.IntN(4) == 0 {
			k.Patch(at, row{"stage": stages[0]["id"]}).Want(http.StatusOK) // back to the start: it had come further
		}
		switch r.IntN(3) {
		case 0:
			k.Post(at+"/actions/win", row{"reason": "price"}).Want(http.StatusOK)
			d.state, d.far = "won", 4
		case 1:
			k.Post(at+"/actions/lose", row{"reason": "price"}).Want(http.StatusOK)
			d.state = "lost"
		}
		w.deals = append(w.deals, d)
	}
	return w
}

// sums adds up figures by key.
type sums map[string]*big.Rat

func (s sums) add(key string, v *big.Rat) {
	if s[key] == nil {
		s[key] = new(big.Rat)
	}
	s[key].Add(s[key], v)
}

func keyIn(r row, column string) string {
	switch v := r[column].(type) {
	case nil:
		return ""
	case map[string]any:
		return fmt.Sprint(v["label"])
	default:
		return fmt.Sprint(v)
	}
}

// same compares a column of a report with what the test added up.
func same(t *testing.T, what string, rows []any, key, column string, want sums) {
	t.Helper()
	got := map[string]bool{}
	for _, one := range rows {
		r := one.(row)
		name := keyIn(r, key)
		got[name] = true
		if have := rat(fmt.Sprint(r[column])); want[name] == nil && have.Sign() != 0 || want[name] != nil && have.Cmp(want[name]) != 0 {
			t.Errorf("%s: %s of %q is %v, not %v", what, column, name, r[column], want[name])
		}
	}
	for name := range want {
		if !got[name] {
			t.Errorf("%s: no row for %q", what, name)
		}
	}
}

func TestReportsAgreeWithWhatWasMade(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		w := furnish(t, c)
		k := c.As("admin")
		ask := func(path string, in row) (rows, totals []any) {
			t.Helper()
			in["period"] = cmp.Or(fmt.Sprint(in["period"]), "all")
			r := k.Post("/reports/"+path, in).Want(http.StatusOK).JSON()
			return r["rows"].([]any), r["totals"].([]any)
		}
		all := func(by string) row { return row{"by": by, "period": "all"} }

		total := map[string]sums{}
		for _, by := range []string{"customer", "member", "industry", "month", "quarter", "year", "category"} {
			total[by] = sums{}
		}
		costs, whole := sums{}, new(big.Rat)
		for _, o := range w.orders {
			if !o.counts {
				continue
			}
			month, _ := strconv.Atoi(o.day[5:7])
			for by, key := range map[string]string{"customer": o.customer, "member": o.owner, "industry": o.industry, "month": o.day[:7], "quarter": fmt.Sprintf("%s-Q%d", o.day[:4], (month+2)/3), "year": o.day[:4]} {
				total[by].add(key, o.total)
			}
			for _, l := range o.lines {
				total["category"].add(l.category, l.total)
			}
			costs.add(o.customer, o.cost)
			whole.Add(whole, o.total)
		}
		columns := map[string]string{"customer": "customer", "member": "owner", "industry": "industry", "month": "time", "quarter": "time", "year": "time", "category": "category"}
		for by, want := range total {
			if by != "category" {
				rows, totals := ask("sales.order/turnover", all(by))
				same(t, "turnover by "+by, rows, columns[by], "total_base", want)
				if len(rows) > 1 && rat(totals[0].(row)["total_base"].(string)).Cmp(whole) != 0 {
					t.Errorf("turnover by %s: %v in all, not %s", by, totals, whole.FloatString(2))
				}
				rows, _ = ask("sales.order/ranking", all(cmp.Or(map[string]string{"year": "quarter"}[by], by)))
				if by != "year" {
					same(t, "ranking by "+by, rows, columns[by], "order_amount", want)
				}
			}
			rows, _ := ask("sales.order/products", all(by))
			same(t, "products by "+by, rows, columns[by], "total", want)
		}
		rows, _ := ask("sales.order/margin", all("customer"))
		same(t, "margin", rows, "customer", "cost_base", costs)
		rows, _ = ask("sales.order/product_margin", all("customer"))
		same(t, "margin of products", rows, "customer", "cost_base", costs)
		k.Post("/reports/sales.order/turnover", row{"period": "custom", "from": "2025-12-31", "to": "2025-03-10"}).Want(http.StatusUnprocessableEntity)
		some, _ := ask("sales.order/turnover", row{"by": "month", "period": "custom", "from": "2025-03-10", "to": "2025-12-31"})
		want := sums{}
		for _, o := range w.orders {
			if o.counts && o.day >= "2025-03-10" && o.day <= "2025-12-31" {
				want.add(o.day[:7], o.total)
			}
		}
		same(t, "some months", some, "time", "total_base", want)

		// Deals: how far they came, and what became of them.
		reach, amounts, lost := make([]int, 5), make([]int64, 5), make([]int, 5)
		won, losses := sums{}, sums{}
		for _, d := range w.deals {
			for i := range d.far + 1 {
				reach[i]++
				amounts[i] += d.amount
			}
			switch d.state {
			case "lost":
				lost[d.far]++
				losses.add(d.owner, big.NewRat(1, 1))
			case "won":
				won.add(d.owner, big.NewRat(d.amount, 1))
			}
		}
		steps, _ := ask("sales.opportunity/funnel", row{"period": "all"})
		if len(steps) != 5 {
			t.Fatalf("the funnel has %d steps", len(steps))
		}
		for i, one := range steps {
			r := one.(row)
			if fmt.Sprint(r["reached"]) != strconv.Itoa(reach[i]) || rat(r["amount"].(string)).Cmp(big.NewRat(amounts[i], 1)) != 0 || fmt.Sprint(r["dropped"]) != strconv.Itoa(lost[i]) {
				t.Errorf("step %d: %v, not %d, %d, %d", i, r, reach[i], amounts[i], lost[i])
			}
		}
		ended, _ := ask("sales.opportunity/win_rate", all("member"))
		same(t, "won", ended, "owner", "won_amount", won)
		same(t, "lost", ended, "owner", "lost", losses)
		other := k.Post("/records/sales.pipeline", row{"name": "招投标"}).Want(http.StatusCreated).Str("id")
		for _, name := range []string{"funnel", "win_rate", "forecast"} {
			if rows, _ := ask("sales.opportunity/"+name, row{"period": "all", "pipeline": other}); len(rows) > 0 {
				t.Errorf("%s of a pipeline without opportunities: %v", name, rows)
			}
		}
		for _, one := range ended {
			r := one.(row)
			n, _ := strconv.Atoi(fmt.Sprint(r["won"]))
			m, _ := strconv.Atoi(fmt.Sprint(r["lost"]))
			if want := fmt.Sprintf("%.1f", float64(n*100)/float64(max(n+m, 1))); n+m > 0 && rat(r["win_rate"].(string)).FloatString(1) != want {
				t.Errorf("win rate of %d and %d: %v, not %s", n, m, r["win_rate"], want)
			}

		}

		// A salesperson sees his own.
		own, _ := c.As("s0").Post("/reports/sales.order/turnover", all("member")).Want(http.StatusOK).JSON()["rows"].([]any)
		mine := sums{}
		for _, o := range w.orders {
			if o.counts && o.owner == "s0" {
				mine.add(o.owner, o.total)
			}
		}
		reachable := sums{} // … and what his customers bought of others
		for _, one := range own {
			r := one.(row)
			reachable.add(keyIn(r, "owner"), rat(r["total_base"].(string)))
		}
		if reachable["s0"] == nil || reachable["s0"].Cmp(mine["s0"]) != 0 {
			t.Errorf("his own: %v, not %v", own, mine)
		}
	})
}

// A figure opens a list that comes to the same figure.
func TestFiguresOpenWhatTheyAreMadeOf(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		furnish(t, c)
		sumOf := map[string]string{"total_base": "total_base", "net_base": "net_base", "won_amount": "amount_base", "lost_amount": "amount_base", "order_amount": "total_base", "commit": "amount_base", "total": "total",
			"quantity": "quantity", "weighted": "weighted", "open_amount": "amount_base", "margin_base": "margin_base", "cost_base": "cost_base", "receipts": "amount_base", "net": "net", "days": "days"}
		for _, login := range []string{"admin", "s1"} {
			k, opened := c.As(login), 0
			for _, x := range analysis.Module().Extends {
				for _, r := range x.Reports {
					if r.Name == "outlook" { // of snapshots, which have a test of their own
						continue
					}
					for _, by := range choices(r) {
						in := row{}
						if slices.ContainsFunc(r.Input, func(f entity.Declared) bool { return entity.KeyOf(f) == "period" }) {
							in["period"] = "all"
						}
						if by != "" {
							in["by"] = by
						}
						answer := k.Post("/reports/"+x.Of+"/"+r.Name, in).Want(http.StatusOK).JSON()
						for n, one := range answer["rows"].([]any) {
							for column, at := range answer["opens"].([]any)[n].(row) {
								opened++
								measure, place := "count", at.(row)
								if of := map[string]string{"net_base": "net", "cost_base": "cost_amount"}[column]; of != "" && place["entity"] == "sales.order_item" {
									measure = "sum:" + of
								} else if place["entity"] == "sales.customer_value" && column != "customers" {
									measure = "sum:" + column
								} else if key := sumOf[column]; key != "" {
									measure = "sum:" + key
								}
								list := k.Post(fmt.Sprintf("/records/%s/aggregate", place["entity"]), row{"filter": place["filter"], "group": []string{}, "measures": []string{measure}}).Want(http.StatusOK).JSON()
								if got := list["rows"].([]any)[0].([]any)[0]; rat(fmt.Sprint(got)).Cmp(rat(fmt.Sprint(one.(row)[column]))) != 0 {
									t.Errorf("%s: %s by %s: %s is %v, its list comes to %v (%v)", login, r.Name, by, column, one.(row)[column], got, place["filter"])
								}
							}
						}
					}
				}
			}
			if opened < 50 {
				t.Errorf("%s: only %d figures were opened", login, opened)
			}
		}
	})
}

// choices are what the rows of a report can stand for.
func choices(r entity.Report) []string {
	for _, f := range entity.InputOf(r.Input) {
		if f.Key == "by" {
			var out []string
			for _, o := range f.Set.Options {
				out = append(out, o.Code)
			}
			return out
		}
	}
	return []string{""}
}

// What costs are is kept from who may not see them, and so are the reports of them.
func TestMarginIsHiddenWithTheCosts(t *testing.T) {
	t.Parallel()
	c := company.Open(t, company.Options{})
	role := c.Role("blind", entity.Allow("*", access.All, access.Read), access.FieldGrant{Entity: "sales.order", Field: "cost_base"}, access.FieldGrant{Entity: "sales.order_item", Field: "cost_amount"})
	c.Member(company.Person{Login: "blind", Dept: c.Dept("销售部", 0), Roles: []int64{role}})
	k := c.As("blind")
	k.Post("/reports/sales.order/turnover", row{}).Want(http.StatusOK)
	k.Post("/reports/sales.order/margin", row{}).Want(http.StatusForbidden)
	k.Post("/reports/sales.order/product_margin", row{}).Want(http.StatusForbidden)
	var names []string
	for _, r := range k.Get("/meta").Want(http.StatusOK).JSON()["reports"].([]any) {
		names = append(names, r.(row)["name"].(string))
	}
	if slices.Contains(names, "margin") || !slices.Contains(names, "turnover") {
		t.Errorf("reports: %v", names)
	}
}

// A page tells the greatest of many rows, a file all of them; both add up all.
func TestFilesHaveAllRows(t *testing.T) {
	t.Parallel()
	c := company.Open(t, company.Options{})
	admin, _ := c.App.Dir.MemberByLogin("admin")
	const many = 205
	c.Write(func(ctx context.Context, s *records.Session) error {
		for i := range many {
			who, err := s.Create(ctx, customer.Entity.Name, func(r *record.Record) {
				customer.Name.Set(r, fmt.Sprint("客户", i))
				customer.Owner.Set(r, admin.ID)
			})
			if err != nil {
				return err
			}
			_, err = s.Create(ctx, followup.Entity.Name, func(r *record.Record) {
				followup.About.Set(r, record.Ref(customer.Entity.Name, who))
				followup.Content.Set(r, "电话")
				followup.Owner.Set(r, admin.ID)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	k, in := c.As("admin"), row{"by": "customer", "period": "all"}
	page := k.Post("/reports/crm.follow_up/activity", in).Want(http.StatusOK).JSON()
	if rows := page["rows"].([]any); len(rows) != 200 || page["more"] != true || fmt.Sprint(page["totals"].([]any)[0].(row)["follow_ups"]) != strconv.Itoa(many) {
		t.Errorf("%d rows, more %v, totals %v", len(rows), page["more"], page["totals"])
	}
	file := strings.Split(strings.TrimSpace(string(k.Post("/reports/crm.follow_up/activity/csv", in).Want(http.StatusOK).Body)), "\n")
	if last := file[len(file)-1]; len(file) != many+2 || !strings.HasPrefix(last, fmt.Sprint(",", many, ",")) {
		t.Errorf("%d lines in the file, the last is %q", len(file), last)
	}
}
