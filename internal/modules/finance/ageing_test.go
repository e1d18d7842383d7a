package finance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// owed is an instalment as the test itself keeps it.
type owed struct {
	id, customer, amount int64
	currency             string
	due, booked          int           // days since the first
	settled              map[int]int64 // by day

}

func idText(n int64) string { return id.ID(n).String() }

var firstDay = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func dayOf(n int) string { return firstDay.AddDate(0, 0, n).Format(time.DateOnly) }

func (o *owed) openAt(day int) int64 {
	if o.booked > day {
		return 0
	}
	n := o.amount
	for at, s := range o.settled {
		if at <= day {
			n -= s
		}
	}
	return n
}

// bucketOf is how the test itself counts days.
func bucketOf(due, day int) int {
	for i, last := range []int{0, 30, 60, 90, 180, 365} {
		if day-due <= last {
			return i
		}
	}
	return 6
}

var bucketKeys = []string{"not_due", "days_30", "days_60", "days_90", "days_180", "days_365", "older"}

// Random histories of settling and taking back: what is open, and how old, at
// any day is what the test counts itself, by customer, by instalment and in the
// list; and undone to the last, nothing is settled.
func TestAgeingOfRandomHistories(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		rounds := 60
		if testing.Short() {
			rounds = 15
		}
		r := rand.New(rand.NewPCG(3, 5))
		var list []*owed
		var owner int64
		if m, ok := c.App.Dir.MemberByLogin("admin"); ok {
			owner = m.ID
		}
		c.Write(func(ctx context.Context, s *records.Session) error {
			for i := range 4 {
				who, err := s.Create(ctx, customer.Entity.Name, func(x *record.Record) {
					customer.Name.Set(x, fmt.Sprintf("客户 %d 公司", i))
					customer.Owner.Set(x, owner)
				})
				if err != nil {
					return err
				}
				for range 6 {
					o := &owed{customer: who, amount: (1 + r.Int64N(1_000_000)) * 100, currency: []string{"CNY", "USD"}[r.IntN(2)], booked: r.IntN(100), settled: map[int]int64{}}
					o.due = o.booked + r.IntN(500) - 50
					if o.id, err = s.Create(ctx, instalment.Name, func(x *record.Record) {
						instalment.Customer.Set(x, who)
						instalment.Amount.Set(x, o.amount)
						instalment.Currency.Set(x, o.currency)
						instalment.Rate.Set(x, 7_123_457)
						instalment.BookedOn.Set(x, dayOf(o.booked))
						instalment.DueOn.Set(x, dayOf(o.due))
						instalment.Owner.Set(x, owner)
					}); err != nil {
						return err
					}
					list = append(list, o)
				}
			}
			return nil
		})
		k := c.As("admin")
		type done struct {
			of   *owed
			id   string
			day  int
			what int64
		}
		var deeds []done
		for range rounds {
			o := list[r.IntN(len(list))]
			day := o.booked + r.IntN(500)
			open := o.openAt(1 << 30)
			if open == 0 || r.IntN(4) == 0 && len(deeds) > 0 {
				if len(deeds) == 0 {
					continue
				}
				i := r.IntN(len(deeds))
				d := deeds[i]
				back := d.day + r.IntN(60)
				act(k, "finance.settlement", d.id, "reverse", row{"reason": "认错了", "date": dayOf(back)}).Want(http.StatusOK)
				d.of.settled[back] -= d.what
				deeds = slices.Delete(deeds, i, i+1)
				continue
			}
			pay := min(open, (1+r.Int64N(800_000))*100)
			var came int64
			c.Write(func(ctx context.Context, s *records.Session) (err error) {
				came, err = s.Create(ctx, receipt.Entity.Name, func(x *record.Record) {
					receipt.Customer.Set(x, o.customer)
					receipt.Amount.Set(x, pay)
					receipt.Currency.Set(x, o.currency)
					receipt.Rate.Set(x, 6_999_991)
					receipt.On.Set(x, dayOf(day))
					receipt.State.Set(x, receipt.Confirmed)
					receipt.Owner.Set(x, owner)
				})
				if err != nil {
					return err
				}
				n, err := s.Create(ctx, settlement.Entity.Name, func(x *record.Record) {
					settlement.Instalment.Set(x, o.id)
					settlement.Receipt.Set(x, came)
					settlement.On.Set(x, dayOf(day))
					settlement.Owner.Set(x, owner)
				})
				deeds = append(deeds, done{o, idText(n), day, pay})
				return err
			})
			o.settled[day] += pay
		}
		for range 12 {
			checkAgeing(t, k, list, r.IntN(700))
		}
		for _, d := range deeds {
			act(k, "finance.settlement", d.id, "reverse", row{"reason": "清空", "date": dayOf(900)}).Want(http.StatusOK)
			d.of.settled[900] -= d.what
		}
		checkAgeing(t, k, list, 950)
		for _, s := range k.Get("/records/finance.instalment?limit=200&fields=received,received_base,open,amount,open_base,amount_base").Items() {
			if s["received"] != "0.00" || s["received_base"] != "0.00" || s["open"] != s["amount"] || s["open_base"] != s["amount_base"] {
				t.Errorf("everything was taken back: %v", s)
			}
		}
	})
}

func checkAgeing(t *testing.T, k *company.Client, list []*owed, day int) {
	t.Helper()
	wanted, each := map[string]int64{}, map[string]int64{}
	for _, o := range list {
		if n := o.openAt(day); n != 0 {
			wanted[idText(o.customer)+o.currency+bucketKeys[bucketOf(o.due, day)]] += n
			wanted[idText(o.customer)+o.currency+"total"] += n
			each[idText(o.id)] = n
		}
	}
	table := k.Post("/reports/finance.instalment/ageing", row{"date": dayOf(day)}).Want(http.StatusOK).JSON()["rows"].([]any)
	got := map[string]int64{}
	for _, one := range table {
		line := one.(map[string]any)
		for _, key := range append(slices.Clone(bucketKeys), "total") {
			if n := figure(t, line[key]); n != 0 {
				got[line["customer"].(map[string]any)["id"].(string)+line["currency"].(string)+key] = n
			}
		}
	}
	same(t, fmt.Sprintf("by customer on %s", dayOf(day)), got, wanted)
	rows := k.Post("/reports/finance.instalment/ageing", row{"date": dayOf(day), "by": "instalment"}).Want(http.StatusOK).JSON()["rows"].([]any)
	single := map[string]int64{}
	for _, one := range rows {
		line := one.(map[string]any)
		single[line["instalment"].(map[string]any)["id"].(string)] = figure(t, line["total"])
	}
	same(t, fmt.Sprintf("by instalment on %s", dayOf(day)), single, each)
}

func figure(t *testing.T, v any) int64 {
	t.Helper()
	n, err := decimal.Parse(v.(string), decimal.MoneyDigits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func same(t *testing.T, what string, got, want map[string]int64) {
	t.Helper()
	for key := range want {
		if got[key] != want[key] {
			t.Errorf("%s: %s is %d, want %d", what, key, got[key], want[key])
		}
	}
	for key := range got {
		if got[key] != 0 && want[key] == 0 {
			t.Errorf("%s: %s is %d, want nothing", what, key, got[key])
		}
	}
}

// A page of a report shows so many rows and says that there are more; what they
// add up to is of all of them, and a file has every row.
func TestReportsShowSoMany(t *testing.T) {
	t.Parallel()
	c := company.Open(t, company.Options{})
	k := c.As("admin")
	who := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
	of, err := id.Parse(who)
	if err != nil {
		t.Fatal(err)
	}
	const n = records.MaxShown + 5
	m, _ := c.App.Dir.MemberByLogin("admin")
	c.Write(func(ctx context.Context, s *records.Session) error {
		for range n {
			if _, err := s.Create(ctx, instalment.Name, func(x *record.Record) {
				instalment.Customer.Set(x, int64(of))
				instalment.Amount.Set(x, 10_000)
				instalment.DueOn.Set(x, dayOf(0))
				instalment.Owner.Set(x, m.ID)
			}); err != nil {
				return err
			}
		}
		return nil
	})
	var table struct {
		Rows, Totals []struct{ Total string }
		More         bool
	}
	answer := k.Post("/reports/finance.instalment/ageing", row{"by": "instalment"}).Want(http.StatusOK)
	if err := json.Unmarshal(answer.Body, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Rows) != records.MaxShown || !table.More || len(table.Totals) != 1 || table.Totals[0].Total != fmt.Sprintf("%d.00", n) {
		t.Errorf("%d rows, more %v, totals %v", len(table.Rows), table.More, table.Totals)
	}
	file := k.Post("/reports/finance.instalment/ageing/csv", row{"by": "instalment"}).Want(http.StatusOK)
	if lines := bytes.Count(bytes.TrimSpace(file.Body), []byte("\n")); lines != n+1 { // a head, and what they add up to
		t.Errorf("the file has %d lines", lines)
	}
}
