package targets_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/targets/standing"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// sold is an order as the test itself keeps it.
type sold struct {
	owner, dept, cents int64
	day                string
	counts             bool
}

// firm is a company with three departments below one and two salespeople in
// each, what they sold at random in 2030 and 2031, and what they were to sell.
type firm struct {
	*company.Company
	depts, people []int64 // depts[0] is above the others
	deptOf        map[int64]int64
	orders        []sold
	goals         map[int64]int64 // of people, departments and, under 0, the company: cents a month of 2031
}

func newFirm(t *testing.T, c *company.Company, many int) *firm {
	t.Helper()
	f := &firm{Company: c, deptOf: map[int64]int64{}, goals: map[int64]int64{}}
	f.depts = []int64{c.Dept("销售中心", 0)}
	for i := range 3 {
		d := c.Dept(fmt.Sprintf("销售%d部", i+1), f.depts[0])
		f.depts = append(f.depts, d)
		for j := range 2 {
			m := c.Member(company.Person{Login: fmt.Sprintf("s%d%d", i, j), Dept: d})
			f.people, f.deptOf[m] = append(f.people, m), d
		}
	}
	r := rand.New(rand.NewPCG(7, 11))
	c.Write(func(ctx context.Context, s *records.Session) error {
		who, err := s.Create(ctx, customer.Entity.Name, func(x *record.Record) {
			customer.Name.Set(x, "远航贸易有限公司")
			customer.Owner.Set(x, f.people[0])
		})
		for range many {
			m := f.people[r.IntN(len(f.people))]
			o := sold{owner: m, dept: f.deptOf[m], cents: 1 + r.Int64N(10_000_000), counts: r.IntN(5) > 0,
				day: time.Date(2030, 1, 1+r.IntN(730), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)}
			if err == nil {
				err = book(ctx, s, who, o)
			}
			f.orders = append(f.orders, o)
		}
		return err
	})
	k := c.As("admin")
	for i, id := range append(slices.Concat(f.depts, f.people), 0) {
		f.goals[id] = int64(100_000+i*1000) * 100
		body := row{"year": "2031", "measure": "order_amount", "kind": "company", "total": decimal.Format(12*f.goals[id], 2, 0)}
		switch {
		case i < len(f.depts):
			body["kind"], body["department"] = "department", text(id)
		case id != 0:
			body["kind"], body["member"] = "member", text(id)
		}
		k.Post("/records/targets.target", body).Want(http.StatusCreated)
	}
	return f
}

func book(ctx context.Context, s *records.Session, who int64, o sold) error {
	state := order.Confirmed
	if !o.counts {
		state = order.Draft
	}
	_, err := s.Create(ctx, order.Entity.Name, func(x *record.Record) {
		order.Head.Customer.Set(x, who)
		order.Head.Owner.Set(x, o.owner)
		order.Head.Currency.Set(x, "CNY")
		order.Head.Inclusive.Set(x, true)
		order.On.Set(x, o.day)
		order.Status.Set(x, state)
	}, entity.Made{Group: paper.Items, Fill: []func(*record.Record){func(x *record.Record) {
		order.Item.Name.Set(x, "服务")
		order.Item.Quantity.Set(x, 1_000_000)
		order.Item.Given.Set(x, o.cents*100)
	}}})
	return err
}

// come is what the test itself adds up: of days from one up to another, of a
// member, a department and those below it, or everybody.
func (f *firm) come(from, to string, id int64) (sum int64) {
	for _, o := range f.orders {
		if o.counts && o.day >= from && o.day < to && (id == 0 || o.owner == id || o.dept == id || id == f.depts[0]) {
			sum += o.cents
		}
	}
	return sum
}

// cents reads a figure, 0 for none.
func cents(t *testing.T, v any) int64 {
	t.Helper()
	if v == nil {
		return 0
	}
	n, err := decimal.Parse(v.(string), 2)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func idOf(v any) string {
	if v == nil {
		return ""
	}
	return v.(row)["id"].(string)
}

// What the report says of targets, actual figures and the year before is what
// the test adds up itself, by department, member, month and quarter.
func TestCompletionOfRandomOrders(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		f := newFirm(t, c, 120)
		k := c.As("admin")
		ask := func(in row) []any {
			return k.Post("/reports/targets.target/completion", in).Want(http.StatusOK).JSON()["rows"].([]any)
		}
		check := func(what string, line row, target, actual, last int64) {
			t.Helper()
			if cents(t, line["target"]) != target || cents(t, line["actual"]) != actual || cents(t, line["last_year"]) != last || cents(t, line["gap"]) != actual-target {
				t.Errorf("%s: %v, want %d, %d, %d", what, line, target, actual, last)
			}
		}
		for _, period := range []struct {
			name, day, from, to, from0, to0 string
			months                          int64
		}{{"month", "2031-03-15", "2031-03-01", "2031-04-01", "2030-03-01", "2030-04-01", 1}, {"quarter", "2031-06-30", "2031-04-01", "2031-07-01", "2030-04-01", "2030-07-01", 3},
			{"year", "2031-01-01", "2031-01-01", "2032-01-01", "2030-01-01", "2031-01-01", 12}} {
			for by, list := range map[string][]int64{"department": f.depts, "member": f.people} {
				rows := ask(row{"by": by, "period": period.name, "date": period.day, "measure": "order_amount"})
				if len(rows) != len(list) {
					t.Errorf("%s by %s: %d rows", period.name, by, len(rows))
				}
				for _, one := range rows {
					line := one.(row)
					at := slices.IndexFunc(list, func(id int64) bool { return text(id) == idOf(line["row_"+by]) })
					if at < 0 {
						t.Fatalf("%s by %s: who is %v", period.name, by, line)
					}
					id := list[at]
					check(period.name+" by "+by, line, period.months*f.goals[id], f.come(period.from, period.to, id), f.come(period.from0, period.to0, id))
					open := int64(0)
					if id == f.depts[0] {
						open = period.months * (f.goals[id] - f.goals[f.depts[1]] - f.goals[f.depts[2]] - f.goals[f.depts[3]])
					} else if by == "department" {
						open = period.months * f.goals[id]
						for m, d := range f.deptOf {
							if d == id {
								open -= period.months * f.goals[m]
							}
						}
					}
					if cents(t, line["open"]) != open {
						t.Errorf("not broken down: %v, want %d", line, open)
					}
				}
			}
		}
		follow(t, k, k.Post("/reports/targets.target/completion", row{"by": "member", "period": "quarter", "date": "2031-06-30", "measure": "order_amount"}).Want(http.StatusOK).JSON())
		// By time, of everybody, a department and a member.
		for _, of := range []struct {
			key string
			id  int64
		}{{"", 0}, {"department", f.depts[0]}, {"department", f.depts[2]}, {"member", f.people[3]}} {
			for by, length := range map[string]int{"month": 1, "quarter": 3} {
				in := row{"by": by, "date": "2031-05-01", "measure": "order_amount"}
				if of.key != "" {
					in[of.key] = text(of.id)
				}
				for i, one := range ask(in) {
					day := func(year, n int) string {
						return time.Date(year, time.Month(1+n*length), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
					}
					check(by, one.(row), int64(length)*f.goals[of.id], f.come(day(2031, i), day(2031, i+1), of.id), f.come(day(2030, i), day(2030, i+1), of.id))
				}
			}
		}
	})
}

// A product's target is met by lines: with their share of the discount and tax,
// at the rate of their paper, of what counts and in time.
func TestCompletionByProduct(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		pump := k.Post("/records/catalog.product", row{"name": "水泵"}).Want(http.StatusCreated).Str("id")
		pipe := k.Post("/records/catalog.product", row{"name": "水管"}).Want(http.StatusCreated).Str("id")
		who := k.Post("/records/crm.customer", row{"name": "远航贸易有限公司"}).Want(http.StatusCreated).Str("id")
		for _, o := range []row{
			{"date": "2031-02-03", "currency": "CNY", "discount": "10"}, {"date": "2030-02-28", "currency": "CNY"}, {"date": "2031-02-28", "currency": "USD", "rate": "7.123457"}, {"date": "2031-03-01", "currency": "CNY"},
		} {
			o["customer"] = who
			o["items"] = []row{{"product": pump, "name": "水泵", "quantity": "3", "given_amount": "100.01"}, {"product": pipe, "name": "水管", "quantity": "1", "given_amount": "99.99"}}
			made := k.Post("/records/sales.order", o).Want(http.StatusCreated).Str("id")
			k.Post("/records/sales.order/"+made+"/actions/confirm", row{}).Want(http.StatusOK)
		}
		k.Post("/records/targets.target", row{"year": "2031", "kind": "product", "product": pump, "measure": "order_amount", "total": "12000"}).Want(http.StatusCreated)
		k.Post("/records/targets.target", row{"year": "2031", "kind": "product", "product": pump, "measure": "visits", "total": "12"}).Want(http.StatusUnprocessableEntity)
		rows := k.Post("/reports/targets.target/completion", row{"by": "product", "period": "month", "date": "2031-02-10"}).Want(http.StatusOK).JSON()["rows"].([]any)
		if len(rows) != 1 {
			t.Fatalf("rows: %v", rows)
		}
		line := rows[0].(row)
		// 100.01 − its share 5.00 of 10, and 100.01 × 7.123457 = 712.4169…
		if idOf(line["row_product"]) != pump || cents(t, line["target"]) != 100000 || cents(t, line["actual"]) != 9501+71242 || cents(t, line["last_year"]) != 10001 {
			t.Errorf("by product: %v", line)
		}
	})
}

// follow opens the list behind a figure: it adds up to it.
func follow(t *testing.T, k *company.Client, table row) {
	t.Helper()
	line := table["rows"].([]any)[0].(row)
	at, _ := table["opens"].([]any)[0].(row)["actual"].(row)
	if at == nil {
		t.Fatalf("nothing lies behind %v", line)
	}
	var sum int64
	for _, one := range k.Get("/records/" + at["entity"].(string) + "?limit=200&fields=total_base&filter=" + url.QueryEscape(at["filter"].(string))).Items() {
		sum += cents(t, one["total_base"])
	}
	if sum == 0 || sum != cents(t, line["actual"]) {
		t.Errorf("the list behind comes to %d: %v", sum, line)
	}
}

// Standings are taken once at the end of a month, and stay when somebody goes
// to another department; rankings are of them, places are those the test finds.
func TestStandingsStayAndRank(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		f := newFirm(t, c, 80)
		tick := func(day string) (made int) {
			c.Write(func(ctx context.Context, s *records.Session) error {
				at, err := time.ParseInLocation(time.DateOnly, day, s.Here().Zone)
				for n := 1; err == nil && n > 0; made += n {
					n, err = standing.Tick(ctx, s, at)
				}
				return err
			})
			return made
		}
		if tick("2031-04-01") == 0 || tick("2031-04-01") != 0 || tick("2031-04-30") != 0 {
			t.Error("standings are taken once")
		}
		k := c.As("admin")
		taken := func() map[string]row {
			out := map[string]row{}
			for _, one := range k.Get(`/records/targets.standing?limit=200&fields=kind,member,department,target,actual,month&filter=month%20%3D%3D%20%222031-03-01%22%20and%20measure%20%3D%3D%20%22order_amount%22`).Items() {
				out[cmp.Or(idOf(one["member"]), idOf(one["department"]), "company")] = one
			}
			return out
		}
		check := func() {
			t.Helper()
			got := taken()
			for _, id := range append(slices.Concat(f.depts, f.people), 0) {
				key := "company"
				if id != 0 {
					key = text(id)
				}
				if one := got[key]; one == nil || cents(t, one["actual"]) != f.come("2031-03-01", "2031-04-01", id) || cents(t, one["target"]) != f.goals[id] {
					t.Errorf("%s stands at %v, want %d of %d", key, one, f.come("2031-03-01", "2031-04-01", id), f.goals[id])
				}
			}
		}
		check()
		c.Write(func(ctx context.Context, s *records.Session) error {
			return s.Update(ctx, member.Entity.Name, f.people[0], func(r *record.Record) { member.Department.Set(r, f.depts[3]) })
		})
		tick("2031-04-02")
		check()

		made := k.Post("/records/targets.ranking", row{"name": "三月榜", "measures": []string{"order_amount"}, "period": "month"}).Want(http.StatusCreated).Str("id")
		rows := k.Post("/records/targets.ranking/"+made+"/questions/places", row{"date": "2031-03-20"}).Want(http.StatusOK).JSON()["rows"].([]any)
		place := func(from, to string, id int64) (n int) {
			for _, other := range f.people {
				if f.come(from, to, other) > f.come(from, to, id) {
					n++
				}
			}
			return n + 1
		}
		if len(rows) != len(f.people) {
			t.Fatalf("%d places", len(rows))
		}
		for _, one := range rows {
			line := one.(row)
			id := f.people[slices.IndexFunc(f.people, func(id int64) bool { return text(id) == idOf(line["member"]) })]
			if cents(t, line["actual"]) != f.come("2031-03-01", "2031-04-01", id) || fmt.Sprint(line["place"]) != fmt.Sprint(place("2031-03-01", "2031-04-01", id)) ||
				f.come("2031-02-01", "2031-03-01", id) > 0 != (line["before"] != nil) ||
				line["before"] != nil && fmt.Sprint(line["before"]) != fmt.Sprint(place("2031-02-01", "2031-03-01", id)) || cents(t, line["last"]) != f.come("2031-02-01", "2031-03-01", id) {
				t.Errorf("place: %v", line)
			}
		}
	})
}
