package analysis_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// buyer is a customer as the test itself keeps him.
type buyer struct {
	id, owner     int64
	level         string
	orders        []purchase
	r, f, m       int
	last, segment string
	count, cents  int64
}

type purchase struct {
	day    string
	cents  int64
	counts bool
}

// What customers are worth is what the test reckons itself: fifths by how many
// are below, equal figures with equal scores; anew when days go by, orders come
// and the model changes.
func TestValuesOfCustomers(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { valuesCustomers(t, company.Options{}) })
	t.Run("postgres", func(t *testing.T) { valuesCustomers(t, company.Options{Database: pg.URL(t)}) })
}

func valuesCustomers(t *testing.T, o company.Options) {
	at := clock.NewFake(time.Date(2026, 6, 30, 2, 0, 0, 0, time.UTC))
	o.Clock = at
	c := company.Open(t, o)
	r := rand.New(rand.NewPCG(9, 1))
	role := c.Role("field_sales", entity.Allow("*", access.Own, access.Read))
	var owners []int64
	for i := range 3 {
		owners = append(owners, c.Member(company.Person{Login: fmt.Sprint("s", i), Dept: c.Dept(fmt.Sprint("部门", i), 0), Roles: []int64{role}}))
	}
	list := make([]*buyer, 230) // more than a page
	book := func(b *buyer, p purchase) {
		b.orders = append(b.orders, p)
		c.Write(func(ctx context.Context, s *records.Session) error { return place(ctx, s, b, p) })
	}
	c.Write(func(ctx context.Context, s *records.Session) error {
		for i := range list {
			b := &buyer{owner: owners[r.IntN(3)], level: []string{"a", "b", "c", "d"}[r.IntN(4)]}
			var err error
			b.id, err = s.Create(ctx, customer.Entity.Name, func(x *record.Record) {
				customer.Name.Set(x, fmt.Sprint("客户有限公司", i))
				customer.Owner.Set(x, b.owner)
				customer.Level.Set(x, b.level)
			})
			for range r.IntN(4) * r.IntN(2) {
				p := purchase{time.Date(2026, 6, 30-r.IntN(600), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), []int64{10_000, 25_050, 99_999, 1 + r.Int64N(5_000_000)}[r.IntN(4)], r.IntN(8) > 0}
				b.orders = append(b.orders, p)
				if err == nil {
					err = place(ctx, s, b, p)
				}
			}
			if err != nil {
				return err
			}
			list[i] = b
		}
		return nil
	})
	tick := func() {
		t.Helper()
		if err := c.App.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tick()
	k := c.As("admin").With("If-Match", "*")
	reckonFifths(list, "2026-06-30", "2025-07-01")
	sameValues(t, c, list, "at first")

	// Half a year later some are asleep; what is in the future does not count yet.
	book(list[0], purchase{"2026-12-01", 777_700, true})
	book(list[1], purchase{"2027-03-01", 888_800, true})
	k.Patch("/records/crm.customer/"+id.ID(list[2].id).String(), row{"owner": id.ID(owners[2]).String(), "level": "a"}).Want(http.StatusOK)
	list[2].owner, list[2].level = owners[2], "a"
	k.Do("DELETE", "/records/crm.customer/"+id.ID(list[3].id).String(), nil).Want(http.StatusOK)
	list[3].orders = nil
	at.Set(time.Date(2026, 12, 30, 17, 0, 0, 0, time.UTC)) // the 31st where the company is
	tick()
	reckonFifths(list, "2026-12-31", "2026-01-01")
	sameValues(t, c, list, "half a year later")

	// Limits that an administrator sets.
	model := "/records/sales.value_model/" + k.Get("/records/sales.value_model").Items()[0]["id"].(string)
	k.Patch(model, row{"by": "thresholds", "days2": 300}).Want(http.StatusUnprocessableEntity)
	limits := row{"by": "thresholds", "months": 24}
	for i := range 4 {
		n := i + 2
		limits[fmt.Sprint("days", n)], limits[fmt.Sprint("orders", n)], limits[fmt.Sprint("amount", n)] = 500-100*n, n, fmt.Sprint(1000*n*n)
	}
	k.Patch(model, row{"by": "thresholds", "days2": 300, "days3": 300}).Want(http.StatusUnprocessableEntity)
	k.Patch(model, limits).Want(http.StatusOK)
	tick()
	reckon(list, "2026-12-31", "2025-01-01", func(b *buyer, days, count, cents int64) (r, f, m int) {
		r, f, m = 1, 1, 1
		for n := int64(2); n <= 5; n++ {
			if days <= 500-100*n {
				r = int(n)
			}
			if count >= n {
				f = int(n)
			}
			if cents >= 1000*n*n*100 {
				m = int(n)
			}
		}
		return r, f, m
	})
	sameValues(t, c, list, "by thresholds")
}

// place writes an order of one line.
func place(ctx context.Context, s *records.Session, b *buyer, p purchase) error {
	_, err := s.Create(ctx, order.Entity.Name, func(x *record.Record) {
		order.Head.Customer.Set(x, b.id)
		order.Head.Owner.Set(x, b.owner)
		order.Head.Currency.Set(x, "CNY")
		order.Head.Inclusive.Set(x, true)
		order.On.Set(x, p.day)
		order.Status.Set(x, order.Draft)
		if p.counts {
			order.Status.Set(x, order.Confirmed)
		}
	}, entity.Made{Group: paper.Items, Fill: []func(*record.Record){func(x *record.Record) {
		order.Item.Name.Set(x, "服务")
		order.Item.Quantity.Set(x, 1_000_000)
		order.Item.Given.Set(x, p.cents*100)
	}}})
	return err
}

// reckon is what the test reckons: the figures of days from one to another, the
// scores as it is told.
func reckon(list []*buyer, today, from string, scores func(b *buyer, days, count, cents int64) (r, f, m int)) {
	for _, b := range list {
		b.last, b.count, b.cents, b.segment, b.r, b.f, b.m = "", 0, 0, "", 0, 0, 0
		recent := ""
		for _, p := range b.orders {
			if !p.counts || p.day > today {
				continue
			}
			b.last = max(b.last, p.day)
			if p.day >= from {
				recent = max(recent, p.day)
				b.count++
				b.cents += p.cents
			}
		}
		switch {
		case b.last == "":
			continue
		case b.count == 0:
			b.segment = "sleeping"
			continue
		}
		now, _ := time.Parse(time.DateOnly, today)
		then, _ := time.Parse(time.DateOnly, recent)
		b.r, b.f, b.m = scores(b, int64(now.Sub(then).Hours()/24), b.count, b.cents)
		b.segment = map[[3]bool]string{{true, true, true}: "key", {false, true, true}: "winback", {true, false, true}: "grow", {false, false, true}: "retain",
			{true, true, false}: "promise", {true, false, false}: "fresh", {false, true, false}: "regular", {}: "fading"}[[3]bool{b.r > 3, b.f > 3, b.m > 3}]
	}
}

// reckonFifths scores each by how many have less: two fifths or more, and he has 3.
func reckonFifths(list []*buyer, today, from string) {
	type figures struct{ days, count, cents int64 }
	all := map[*buyer]figures{}
	reckon(list, today, from, func(b *buyer, days, count, cents int64) (int, int, int) {
		all[b] = figures{days, count, cents}
		return 1, 1, 1
	})
	n := len(all)
	fifth := func(b *buyer, less func(a, b figures) bool) int {
		below, score := 0, 1
		for _, other := range all {
			if less(other, all[b]) {
				below++
			}
		}
		for j := 1; j <= 4; j++ {
			if 5*below >= n*j {
				score = j + 1
			}
		}
		return score
	}
	reckon(list, today, from, func(b *buyer, _, _, _ int64) (int, int, int) {
		return fifth(b, func(a, b figures) bool { return a.days > b.days }), fifth(b, func(a, b figures) bool { return a.count < b.count }), fifth(b, func(a, b figures) bool { return a.cents < b.cents })
	})
}

// sameValues compares what is kept, and what the report and the lists behind it
// come to, with what the test reckoned.
func sameValues(t *testing.T, c *company.Company, list []*buyer, when string) {
	t.Helper()
	k := c.As("admin")
	kept := map[string]row{}
	path := "/records/sales.customer_value?limit=200&fields=customer,segment,recency,frequency,monetary,last_order_on,orders,amount_base,level,owner"
	for next := ""; ; {
		page := k.Get(path + next).Want(http.StatusOK).JSON()
		for _, one := range page["items"].([]any) {
			kept[one.(row)["customer"].(row)["id"].(string)] = one.(row)
		}
		if page["next"] == nil {
			break
		}
		next = "&cursor=" + page["next"].(string)
	}
	segments, ofOwner, ofLevel := sums{}, sums{}, sums{}
	worth := sums{}
	seen := 0
	for n, b := range list {
		got, is := kept[id.ID(b.id).String()]
		if b.segment == "" {
			if is {
				t.Errorf("%s: customer %d has a value: %v", when, n, got)
			}
			continue
		}
		seen++
		score := func(n int) any {
			if n == 0 {
				return nil
			}
			return fmt.Sprint(n)
		}
		if !is || got["segment"] != b.segment || got["recency"] != score(b.r) || got["frequency"] != score(b.f) || got["monetary"] != score(b.m) || got["last_order_on"] != b.last ||
			fmt.Sprint(got["orders"]) != fmt.Sprint(b.count) || rat(fmt.Sprint(got["amount_base"])).Cmp(big.NewRat(b.cents, 100)) != 0 || got["owner"].(row)["id"] != id.ID(b.owner).String() || got["level"] != b.level {
			t.Errorf("%s: customer %d is %v, not %+v", when, n, got, b)
		}
		segments.add(b.segment, big.NewRat(1, 1))
		worth.add(b.segment, big.NewRat(b.cents, 100))
		if b.owner == list[2].owner {
			ofOwner.add(b.segment, big.NewRat(1, 1))
		}
		if b.level == "a" {
			ofLevel.add(b.segment, big.NewRat(1, 1))
		}
	}
	if len(kept) != seen || seen < 50 || len(segments) < 4 {
		t.Errorf("%s: %d values, not %d, in %d segments", when, len(kept), seen, len(segments))
	}
	ask := func(in row) row { return k.Post("/reports/sales.customer_value/rfm", in).Want(http.StatusOK).JSON() }
	whole := ask(row{})
	same(t, when, whole["rows"].([]any), "segment", "customers", segments)
	same(t, when, whole["rows"].([]any), "segment", "amount_base", worth)
	same(t, when+" of a member", ask(row{"member": id.ID(list[2].owner).String()})["rows"].([]any), "segment", "customers", ofOwner)
	same(t, when+" of a level", ask(row{"level": "a"})["rows"].([]any), "segment", "customers", ofLevel)
}
