package finance_test

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interest"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

// terms are an interest rule, and debt is an instalment, as the test itself
// keeps them; days are counted from the first, percents in millionths.
type (
	terms struct {
		id, rate, year, cap, least, priority int64
		from, until, grace                   int
		currency, level                      string
		late                                 bool
	}
	debt struct {
		id, who, amount int64
		currency, level string
		due, booked     int
		credits         map[int]int64
		taken           map[int]bool // days that were charged
		charged         int64
	}
	run struct {
		from, days         int
		base, rate, amount int64
		rule               int64
	}
)

// TestHistoriesOfInterest checks the dry run and the charges that follow it, over
// random rules, debts, part payments, payments taken back and charges cancelled,
// against days counted one by one and rational numbers.
func TestHistoriesOfInterest(t *testing.T) {
	t.Parallel()
	house.Each(t, app.Modules(), func(t *testing.T, h *house.House) {
		rounds := 60
		switch {
		case testing.Short():
			rounds = 3
		case os.Getenv("GUANXI_SOAK") != "":
			rounds = 600
		case strings.HasSuffix(t.Name(), "/postgres"): // the rules are the same, and a question costs more
			rounds = 15
		}
		seed := rand.Uint64()
		t.Logf("seed %d, %d rounds", seed, rounds)
		r := rand.New(rand.NewPCG(seed, 12))
		h.Clock.Advance(5 * 365 * 24 * time.Hour)
		owner := h.Add("org.member", func(r *record.Record) {
			member.Name.Set(r, "周经理")
			member.Login.Set(r, "zhou")
		})
		compared, charged, taken := 0, 0, 0
		for round := range rounds {
			err := h.Write(h.System(), func(s *records.Session) error {
				l := &lender{books: &books{t: t, ctx: t.Context(), s: s, r: r, owner: owner}}
				l.prepare()
				for range 6 {
					l.settle()
					l.compare(r.IntN(900))
					l.charge(r.IntN(900))
					if r.IntN(3) == 0 {
						l.cancel()
					}
				}
				l.compare(1000)
				compared, charged, taken = compared+l.compared, charged+l.made, taken+l.undone
				return errTaken
			})
			if !errs.Is(err, errs.Conflict) || errs.KeyOf(err) != errs.KeyOf(errTaken) {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		t.Logf("%d instalments compared, %d charges, %d cancelled", compared, charged, taken)
		if compared == 0 || charged == 0 {
			t.Error("the histories show nothing")
		}
	})
}

type lender struct {
	*books
	rules                  []*terms
	debts                  []*debt
	charges                map[int64][]func() // what cancelling one gives back
	compared, made, undone int
}

func (l *lender) prepare() {
	codes, levels := []string{"CNY", "JPY", "KWD", "USD"}, []string{"", "a", "b"}
	l.charges = map[int64][]func(){}
	for i := range 1 + l.r.IntN(4) {
		x := &terms{rate: 1 + l.r.Int64N(40_000_000), year: []int64{365, 360, 1}[l.r.IntN(3)], from: l.r.IntN(300) - 100, until: far, grace: []int{0, 0, 5, 30}[l.r.IntN(4)],
			currency: []string{"", "", codes[l.r.IntN(4)]}[l.r.IntN(3)], level: levels[l.r.IntN(3)], priority: l.r.Int64N(3), late: l.r.IntN(2) == 0}
		if x.year == 1 {
			x.rate = 1 + l.r.Int64N(100_000)
		}
		if l.r.IntN(3) == 0 {
			x.until = x.from + l.r.IntN(400)
		}
		if l.r.IntN(3) == 0 {
			x.cap = 10_000 + l.r.Int64N(20_000_000)
		}
		if l.r.IntN(3) == 0 {
			x.least = l.r.Int64N(50_000_000)
		}
		x.id = l.create(interestrule.EntityName, func(r *record.Record) {
			interestrule.Name.Set(r, fmt.Sprintf("规则 %d", i))
			interestrule.Rate.Set(r, x.rate)
			interestrule.Per.Set(r, map[bool]string{true: "day", false: "year"}[x.year == 1])
			if x.year > 1 {
				interestrule.Basis.Set(r, fmt.Sprint(x.year))
			}
			interestrule.Grace.Set(r, int64(x.grace))
			interestrule.Counts.Set(r, map[bool]string{true: "grace", false: "due"}[x.late])
			interestrule.From.Set(r, l.day(x.from))
			interestrule.Priority.Set(r, x.priority)
			for field, text := range map[*entity.Field[string]]string{interestrule.Currency: x.currency, interestrule.Level: x.level} {
				if text != "" {
					field.Set(r, text)
				}
			}
			if x.until != far {
				interestrule.Until.Set(r, l.day(x.until))
			}
			if x.cap > 0 {
				interestrule.Cap.Set(r, x.cap)
			}
			if x.least > 0 {
				interestrule.Least.Set(r, x.least)
			}
		})
		l.rules = append(l.rules, x)
	}
	for i := range 3 {
		level := levels[l.r.IntN(3)]
		who := l.create(customer.Entity.Name, func(x *record.Record) {
			customer.Name.Set(x, fmt.Sprintf("客户 %d 公司", i))
			customer.Owner.Set(x, l.owner)
			if level != "" {
				customer.Level.Set(x, level)
			}
		})
		l.who = append(l.who, who)
		for range 3 {
			d := &debt{who: who, level: level, currency: codes[l.r.IntN(4)], booked: l.r.IntN(200), credits: map[int]int64{}, taken: map[int]bool{}}
			d.amount, d.due = l.amount(d.currency), d.booked+l.r.IntN(200)-20
			d.id = l.create(instalment.Name, func(x *record.Record) {
				instalment.Customer.Set(x, who)
				instalment.Amount.Set(x, d.amount)
				instalment.Currency.Set(x, d.currency)
				instalment.Rate.Set(x, rateOf[d.currency])
				instalment.BookedOn.Set(x, l.day(d.booked))
				instalment.DueOn.Set(x, l.day(d.due))
				instalment.Owner.Set(x, l.owner)
			})
			l.debts = append(l.debts, d)
		}
	}
}

// far is a day that never comes.
const far = 1 << 30

// settle lets a debt become less, and sometimes as much as it was again.
func (l *lender) settle() {
	d := l.debts[l.r.IntN(len(l.debts))]
	left := d.at(far)
	if left == 0 {
		return
	}
	n := half(big.NewRat(1+l.r.Int64N(left), 1), d.currency)
	if n == 0 {
		return
	}
	on := d.booked + l.r.IntN(600)
	made := l.create(settlement.Entity.Name, func(x *record.Record) {
		settlement.Kind.Set(x, settlement.BadDebt)
		settlement.Instalment.Set(x, d.id)
		settlement.On.Set(x, l.day(on))
		settlement.Owner.Set(x, l.owner)
		settlement.Amount.Set(x, n)
	})
	d.credits[on] += n
	if l.r.IntN(4) > 0 {
		return
	}
	was, err := l.s.Get(l.ctx, settlement.Entity.Name, made)
	if err != nil {
		l.t.Fatal(err)
	}
	back := on + l.r.IntN(100)
	said := record.New(record.NewShape("reverse", []string{"reason", "date"}, 0))
	said.Set("reason", record.Text("试验"))
	said.Set("date", record.Text(l.day(back)))
	if err := reverseOf(l.s)(l.ctx, l.s, entity.Change{Actor: l.s.Actor(), After: was, Before: was}, said); err != nil {
		l.t.Fatal(err)
	}
	d.credits[back] -= n
}

func (d *debt) at(day int) int64 {
	if day < d.booked {
		return 0
	}
	n := d.amount
	for on, credit := range d.credits {
		if on <= day {
			n -= credit
		}
	}
	return n
}

// rule is the one that counts for a debt on a day.
func (l *lender) rule(d *debt, day int) *terms {
	var best *terms
	for _, x := range l.rules {
		if day < x.from || x.until != far && day > x.until || x.currency != "" && x.currency != d.currency || x.level != "" && x.level != d.level {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(x.priority, best.priority), cmp.Compare(len(x.currency), len(best.currency)), cmp.Compare(len(x.level), len(best.level)),
			cmp.Compare(x.from, best.from), cmp.Compare(x.id, best.id)) > 0 {
			best = x
		}
	}
	return best
}

// owes counts the days of a debt one by one.
func (l *lender) owes(d *debt, until int) (runs []run, total int64, small bool) {
	for day := d.due; day < until; day++ {
		x := l.rule(d, day)
		if x == nil || d.taken[day] || until <= d.due+x.grace {
			continue
		}
		base := d.at(day)
		if end := d.due + x.grace; day < end {
			if base = min(base, d.at(end)); x.late {
				base = 0
			}
		}
		if base <= 0 {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1].from+runs[n-1].days == day && runs[n-1].base == base && runs[n-1].rule == x.id {
			runs[n-1].days++
			continue
		}
		runs = append(runs, run{from: day, days: 1, base: base, rate: x.rate, rule: x.id})
	}
	var last *terms
	for i := range runs {
		r := &runs[i]
		last = l.rules[slices.IndexFunc(l.rules, func(x *terms) bool { return x.id == r.rule })]
		r.amount = half(new(big.Rat).Mul(big.NewRat(r.base, 1), big.NewRat(r.rate*int64(r.days), 100_000_000*last.year)), d.currency)
		total += r.amount
	}
	if last == nil {
		return nil, 0, false
	}
	if last.cap > 0 {
		most := max(half(new(big.Rat).Mul(big.NewRat(d.amount, 1), big.NewRat(last.cap, 100_000_000)), d.currency)-d.charged, 0)
		if total > most {
			total = most
			var kept []run
			for _, r := range runs {
				if r.amount = min(r.amount, most); r.amount > 0 {
					kept = append(kept, r)
				}
				most -= r.amount
			}
			runs = kept
		}
	}
	if worth(total, d.currency, "CNY") < last.least {
		return runs, 0, true
	}
	return runs, total, false
}

// compare holds the dry run to it.
func (l *lender) compare(until int) {
	l.t.Helper()
	want := map[string]string{}
	for _, d := range l.debts {
		if runs, total, small := l.owes(d, until); len(runs) > 0 || d.charged != 0 {
			want[idText(d.id)] = fmt.Sprint(total, d.charged, small, runs)
			l.compared++
		}
	}
	late, more, err := interest.Ask{Until: l.day(until)}.Reckon(l.ctx, l.s)
	if err != nil || more {
		l.t.Fatal(err, more)
	}
	got := map[string]string{}
	for _, one := range late {
		var runs []run
		for _, p := range one.Parts {
			runs = append(runs, run{from: l.number(p.From), days: int(p.Days), base: p.Base, rate: p.Rate, amount: p.Amount, rule: p.Rule})
		}
		if due := one.Due; due >= l.day(until) { // charged before, on a day that is later than this one
			continue
		}
		got[idText(one.Instalment)] = fmt.Sprint(one.Total, one.Charged, one.Small, runs)
	}
	for key, text := range want {
		if d := l.debts[slices.IndexFunc(l.debts, func(d *debt) bool { return idText(d.id) == key })]; d.due >= until {
			delete(want, key)
		} else if got[key] != text {
			l.t.Fatalf("until %d, %s %d due %d: got %s, want %s\nrules %s", until, d.currency, d.amount, d.due, got[key], text, l.told())
		}
	}
	if len(got) > len(want) {
		l.t.Fatalf("until %d: got %v, want %v", until, got, want)
	}
}

func (l *lender) told() string {
	var b strings.Builder
	for _, x := range l.rules {
		fmt.Fprintf(&b, "%+v\n", *x)
	}
	return b.String()
}

func (l *lender) number(text string) int {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		l.t.Fatal(err)
	}
	return int(at.Sub(firstDay) / (24 * time.Hour))
}

// charge charges a customer in one currency, if there is anything to charge.
func (l *lender) charge(until int) {
	d := l.debts[l.r.IntN(len(l.debts))]
	var sum int64
	var back []func()
	for _, one := range l.debts {
		if one.who != d.who || one.currency != d.currency {
			continue
		}
		runs, total, _ := l.owes(one, until)
		if total == 0 {
			continue
		}
		sum += total
		one.charged += total
		back = append(back, func() { one.charged -= total })
		for _, r := range runs {
			for day := r.from; day < r.from+r.days; day++ {
				if one.taken[day] {
					l.t.Fatalf("day %d is charged twice", day)
				}
				one.taken[day] = true
				back = append(back, func() { delete(one.taken, day) })
			}
		}
	}
	if sum == 0 {
		return
	}
	made := l.create(interest.Name, func(x *record.Record) {
		interest.Customer.Set(x, d.who)
		interest.Currency.Set(x, d.currency)
		interest.Until.Set(x, l.day(until))
		interest.Owner.Set(x, l.owner)
	})
	l.made++
	l.charges[made] = back
	doc, err := l.s.Get(l.ctx, interest.Name, made)
	if err != nil {
		l.t.Fatal(err)
	}
	lines, err := entity.LinesOf(l.ctx, l.s, "finance.interest_item", made)
	if err != nil {
		l.t.Fatal(err)
	}
	var added int64
	for _, line := range lines {
		added += line.Get("amount").Int()
	}
	if debts := l.debtsOf(made); interest.Total.Get(doc) != sum || added != sum || len(debts) != 1 || instalment.Amount.Get(debts[0]) != sum {
		l.t.Fatalf("charged %d, lines %d, want %d, owed by %d", interest.Total.Get(doc), added, sum, len(debts))
	}
}

func (l *lender) debtsOf(charge int64) []*record.Record {
	list, err := l.s.Find(l.ctx, instalment.Name, entity.Is(interest.Charge, id.ID(charge).String()), 10)
	if err != nil {
		l.t.Fatal(err)
	}
	return list
}

// cancel takes one charge back: its days are free again and nothing is owed by it.
func (l *lender) cancel() {
	for made, back := range l.charges {
		delete(l.charges, made)
		if err := l.s.Update(context.WithoutCancel(l.ctx), interest.Name, made, func(x *record.Record) { interest.State.Set(x, interest.Cancelled) }); err != nil {
			l.t.Fatal(err)
		}
		for _, one := range back {
			one()
		}
		if n := len(l.debtsOf(made)); n != 0 {
			l.t.Fatalf("cancelled, it is still owed by %d", n)
		}
		l.undone++
		return
	}
}
