package finance_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/ageing"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

// digitsOf are the minor digits of the currencies of the histories, rateOf what
// one of each is worth in the company's own, in millionths.
var (
	digitsOf = map[string]int64{"CNY": 2, "JPY": 0, "KWD": 3, "USD": 2}
	rateOf   = map[string]int64{"CNY": 1_000_000, "JPY": 48_123, "KWD": 23_456_789, "USD": 7_123_457}
)

// half rounds a rational number of 1/10,000 to a currency's minor unit, half
// away from zero, as people do on paper.
func half(n *big.Rat, currency string) int64 {
	unit := int64(1)
	for range 4 - digitsOf[currency] {
		unit *= 10
	}
	q := new(big.Rat).Quo(n, new(big.Rat).SetInt64(unit))
	twice := new(big.Int).Mul(q.Num(), big.NewInt(2))
	twice.Add(twice, new(big.Int).Mul(q.Denom(), big.NewInt(int64(q.Sign()))))
	return new(big.Int).Quo(twice, new(big.Int).Mul(q.Denom(), big.NewInt(2))).Int64() * unit
}

// worth is an amount in another currency by the rates of both.
func worth(n int64, from, to string) int64 {
	if from == to {
		return n
	}
	return half(new(big.Rat).Mul(big.NewRat(n, 1), big.NewRat(rateOf[from], rateOf[to])), to)
}

// claim and payment are what the test itself keeps, deed one settlement.
type (
	claim struct {
		id, amount, left, base, leftBase int64
		currency                         string
		due, booked                      int
	}
	payment struct {
		id, amount, left, base, leftBase int64
		currency                         string
		day                              int
	}
	deed struct {
		id                                      int64
		of                                      *claim
		by                                      *payment
		day                                     int
		credit, paid, off, creditBase, paidBase int64
		undone                                  bool
	}
)

// TestHistoriesOfSettling checks ten thousand documents (a hundred thousand with
// GUANXI_SOAK) on each database: a document is a record with a number that
// somebody would file, a claim, a receipt, a settlement or the mirror that takes
// one back. They come in histories: a claim with receipts of several currencies
// that settle it in parts, with discounts, bad debts and undoing. What is open,
// what it is worth, what every settlement comes to and how old it is at any day is
// what rational numbers say; undone to the last, everything stands as it began.
func TestHistoriesOfSettling(t *testing.T) {
	t.Parallel()
	house.Each(t, app.Modules(), func(t *testing.T, h *house.House) {
		most, batch := 10_000, 25
		switch {
		case testing.Short():
			most = 300
		case os.Getenv("GUANXI_SOAK") != "":
			most = 100_000
		}
		seed := rand.Uint64()
		t.Logf("seed %d, %d documents", seed, most)
		r := rand.New(rand.NewPCG(seed, 11))
		owner := h.Add("org.member", func(r *record.Record) {
			member.Name.Set(r, "周经理")
			member.Login.Set(r, "zhou")
		})
		deeds, documents, histories, ages := 0, 0, 0, 0
		for ; documents < most; histories += batch {
			// What a batch wrote is taken back with its transaction, so that the
			// last one is as quick as the first.
			err := h.Write(h.System(), func(s *records.Session) error {
				m := &books{t: t, ctx: t.Context(), s: s, r: r, owner: owner}
				if err := m.batch(batch); err != nil {
					return err
				}
				deeds, documents, ages = deeds+len(m.deeds), documents+m.documents, ages+m.reports
				return errTaken
			})
			if !errs.Is(err, errs.Conflict) || errs.KeyOf(err) != errs.KeyOf(errTaken) {
				t.Fatalf("after %d histories: %v", histories, err)
			}
		}
		t.Logf("%d documents in %d histories, %d settlements undone to the last, %d ageing reports", documents, histories, deeds, ages)
	})
}

// errTaken takes a batch back.
var errTaken = errs.New(errs.Conflict, "error.settle_nothing")

// books are the claims and payments of a batch.
type books struct {
	t     *testing.T
	ctx   context.Context
	s     *records.Session
	r     *rand.Rand
	who   []int64
	owner int64
	owes  map[int64][]*claim
	deeds []*deed

	documents, reports int // made, and reports held against the test's own figures
}

func (b *books) create(name string, fill func(*record.Record)) int64 {
	b.t.Helper()
	n, err := b.s.Create(b.ctx, name, fill)
	if err != nil {
		b.t.Fatal(err)
	}
	if name != customer.Entity.Name {
		b.documents++
	}
	return n
}

func (b *books) day(n int) string { return firstDay.AddDate(0, 0, n).Format(time.DateOnly) }

func (b *books) amount(currency string) int64 {
	n := half(big.NewRat(1+b.r.Int64N(900_000_000_000), 1), currency)
	return max(n, 10_000)
}

func (b *books) batch(histories int) error {
	b.owes = map[int64][]*claim{}
	for i := range histories {
		if i%5 == 0 {
			b.who = append(b.who, b.create(customer.Entity.Name, func(x *record.Record) {
				customer.Name.Set(x, fmt.Sprintf("客户 %d 公司", i))
				customer.Owner.Set(x, b.owner)
			}))
		}
		b.history(b.who[len(b.who)-1])
	}
	b.ages()
	for i := len(b.deeds) - 1; i >= 0; i-- {
		if d := b.deeds[i]; !d.undone {
			b.undo(d)
		}
	}
	for _, list := range b.owes {
		for _, c := range list {
			b.holds(c)
			if c.left != c.amount || c.leftBase != c.base {
				b.t.Fatalf("undone to the last, %d of %d is open", c.left, c.amount)
			}
		}
	}
	return nil
}

// history makes a claim and lets it be settled in one to three steps.
func (b *books) history(who int64) {
	codes := []string{"CNY", "JPY", "KWD", "USD"}
	c := &claim{currency: codes[b.r.IntN(4)], booked: b.r.IntN(100)}
	c.amount, c.due = b.amount(c.currency), c.booked+b.r.IntN(400)-30
	c.left, c.base = c.amount, worth(c.amount, c.currency, "CNY")
	c.leftBase = c.base
	c.id = b.create(instalment.Name, func(x *record.Record) {
		instalment.Customer.Set(x, who)
		instalment.Amount.Set(x, c.amount)
		instalment.Currency.Set(x, c.currency)
		instalment.Rate.Set(x, rateOf[c.currency])
		instalment.BookedOn.Set(x, b.day(c.booked))
		instalment.DueOn.Set(x, b.day(c.due))
		instalment.Owner.Set(x, b.owner)
	})
	b.owes[who] = append(b.owes[who], c)
	for range 1 + b.r.IntN(3) {
		if c.left == 0 {
			break
		}
		switch b.r.IntN(6) {
		case 0:
			b.giveUp(c)
		default:
			b.pay(who, c, codes)
		}
		if n := len(b.deeds); n > 0 && b.r.IntN(4) == 0 && b.deeds[n-1].of == c && !b.deeds[n-1].undone {
			b.undo(b.deeds[n-1])
		}
	}
	b.holds(c)
}

// pay settles a claim by a new receipt: all there is on either side, or a part,
// with a discount or without.
func (b *books) pay(who int64, c *claim, codes []string) {
	p := &payment{currency: c.currency, day: c.booked + b.r.IntN(300)}
	if b.r.IntN(3) == 0 {
		p.currency = codes[b.r.IntN(4)]
	}
	p.amount = b.amount(p.currency)
	if b.r.IntN(3) == 0 && p.currency == c.currency {
		p.amount = c.left
	}
	p.left, p.base = p.amount, worth(p.amount, p.currency, "CNY")
	p.leftBase = p.base
	p.id = b.create(receipt.Entity.Name, func(x *record.Record) {
		receipt.Customer.Set(x, who)
		receipt.Amount.Set(x, p.amount)
		receipt.Currency.Set(x, p.currency)
		receipt.Rate.Set(x, rateOf[p.currency])
		receipt.On.Set(x, b.day(p.day))
		receipt.State.Set(x, receipt.Confirmed)
		receipt.Owner.Set(x, b.owner)
	})
	d := &deed{of: c, by: p, day: p.day + b.r.IntN(50)}
	if b.r.IntN(4) == 0 {
		d.off = half(big.NewRat(c.left/50, 1), c.currency)
	}
	have := worth(p.left, p.currency, c.currency)
	amount := min(have, c.left-d.off)
	said := b.r.IntN(2) == 0 && amount > 0
	if said {
		amount = half(big.NewRat(1+b.r.Int64N(amount), 1), c.currency)
	}
	if amount+d.off <= 0 || amount > have {
		return // nothing that could be settled
	}
	d.paid = worth(amount, c.currency, p.currency)
	if amount == have && p.currency != c.currency {
		d.paid = p.left
	}
	if d.paid > p.left {
		return // rounding: a part of one is more than all of the other
	}
	d.credit = amount + d.off
	d.creditBase, d.paidBase = worth(d.credit, c.currency, "CNY"), worth(d.paid, p.currency, "CNY")
	if d.credit == c.left {
		d.creditBase = c.leftBase
	}
	if d.paid == p.left {
		d.paidBase = p.leftBase
	}
	d.id = b.create(settlement.Entity.Name, func(x *record.Record) {
		settlement.Receipt.Set(x, p.id)
		settlement.Instalment.Set(x, c.id)
		settlement.On.Set(x, b.day(d.day))
		settlement.Owner.Set(x, b.owner)
		if said {
			settlement.Amount.Set(x, amount)
		}
		if d.off > 0 {
			settlement.Discount.Set(x, d.off)
		}
	})
	b.done(d)
}

func (b *books) giveUp(c *claim) {
	d := &deed{of: c, day: c.booked + b.r.IntN(300), credit: half(big.NewRat(1+b.r.Int64N(c.left), 1), c.currency)}
	if d.credit == 0 {
		return
	}
	d.creditBase = worth(d.credit, c.currency, "CNY")
	if d.credit == c.left {
		d.creditBase = c.leftBase
	}
	d.id = b.create(settlement.Entity.Name, func(x *record.Record) {
		settlement.Kind.Set(x, settlement.BadDebt)
		settlement.Instalment.Set(x, c.id)
		settlement.On.Set(x, b.day(d.day))
		settlement.Owner.Set(x, b.owner)
		settlement.Amount.Set(x, d.credit)
	})
	b.done(d)
}

// done notes a deed and holds the settlement to it.
func (b *books) done(d *deed) {
	b.deeds = append(b.deeds, d)
	d.of.left -= d.credit
	d.of.leftBase -= d.creditBase
	if d.by != nil {
		d.by.left -= d.paid
		d.by.leftBase -= d.paidBase
	}
	x, err := b.s.Get(b.ctx, settlement.Entity.Name, d.id)
	if err != nil {
		b.t.Fatal(err)
	}
	got := [...]int64{settlement.Credit.Get(x), settlement.CreditBase.Get(x), settlement.Paid.Get(x), settlement.PaidBase.Get(x), settlement.Difference.Get(x)}
	difference := int64(0)
	if d.by != nil {
		difference = d.paidBase - (d.creditBase - worth(d.off, d.of.currency, "CNY"))
	}
	if want := [...]int64{d.credit, d.creditBase, d.paid, d.paidBase, difference}; got != want {
		b.t.Fatalf("a settlement in %s of one in %s comes to %v, want %v", settlement.PaidCurrency.Get(x), d.of.currency, got, want)
	}
	b.holds(d.of)
	b.left(d.by)
}

// undo takes a settlement back by its mirror.
func (b *books) undo(d *deed) {
	was, err := b.s.Get(b.ctx, settlement.Entity.Name, d.id)
	if err != nil {
		b.t.Fatal(err)
	}
	c := entity.Change{Actor: b.s.Actor(), After: was, Before: was}
	said := record.New(record.NewShape("reverse", []string{"reason", "date"}, 0))
	said.Set("reason", record.Text("试验"))
	said.Set("date", record.Text(b.day(d.day)))
	if err := reverseOf(b.s)(b.ctx, b.s, c, said); err != nil {
		b.t.Fatal(err)
	}
	b.documents++
	d.undone = true
	d.of.left += d.credit
	d.of.leftBase += d.creditBase
	if d.by != nil {
		d.by.left += d.paid
		d.by.leftBase += d.paidBase
	}
	b.holds(d.of)
	b.left(d.by)
}

// reverseOf is what the action runs.
func reverseOf(s *records.Session) func(context.Context, entity.Writer, entity.Change, *record.Record) error {
	for _, a := range s.State().Def(settlement.Entity.Name).Actions {
		if a.Name == "reverse" {
			return a.Run
		}
	}
	return nil
}

func (b *books) holds(c *claim) {
	x, err := b.s.Get(b.ctx, instalment.Name, c.id)
	if err != nil {
		b.t.Fatal(err)
	}
	got := [...]int64{instalment.Left.Get(x), instalment.LeftBase.Get(x), instalment.Received.Get(x), instalment.Received.Get(x) + instalment.Left.Get(x)}
	if want := [...]int64{c.left, c.leftBase, c.amount - c.left, c.amount}; got != want {
		b.t.Fatalf("of %d %s: open, in the own currency, settled, in all: %v, want %v", c.amount, c.currency, got, want)
	}
}

func (b *books) left(p *payment) {
	if p == nil {
		return
	}
	x, err := b.s.Get(b.ctx, receipt.Entity.Name, p.id)
	if err != nil {
		b.t.Fatal(err)
	}
	if got, want := [...]int64{receipt.Left.Get(x), receipt.LeftBase.Get(x)}, [...]int64{p.left, p.leftBase}; got != want {
		b.t.Fatalf("a receipt of %d %s has %v left, want %v", p.amount, p.currency, got, want)
	}
}

// openAt is what of a claim was open at the end of a day.
func (b *books) openAt(c *claim, day int) int64 {
	if c.booked > day {
		return 0
	}
	n := c.amount
	for _, d := range b.deeds {
		if d.of == c && d.day <= day && !d.undone {
			n -= d.credit
		}
	}
	return n
}

// ages holds the ageing report, by customer and by instalment, to what the test
// adds up itself, at three days.
func (b *books) ages() {
	for range 3 {
		day := b.r.IntN(500)
		want, wantEach := map[string]string{}, map[string]string{}
		for who, list := range b.owes {
			sums := map[string]*[8]int64{}
			for _, c := range list {
				n := b.openAt(c, day)
				if n == 0 {
					continue
				}
				if sums[c.currency] == nil {
					sums[c.currency] = &[8]int64{}
				}
				at := bucketOf(c.due, day)
				sums[c.currency][at] += n
				sums[c.currency][7] += n
				var one [8]int64
				one[at], one[7] = n, n
				wantEach[c.currency+" "+idText(c.id)] = fmt.Sprint(one)
			}
			for code, s := range sums {
				want[code+" "+idText(who)] = fmt.Sprint(*s)
			}
		}
		b.report(day, ageing.ByCustomer, 0, want)
		b.report(day, ageing.ByInstalment, 1, wantEach)
	}
}

func (b *books) report(day int, by string, column int, want map[string]string) {
	rep := ageing.Report()
	input := record.New(record.NewShape("ageing", []string{"date", "by", "customer", "in_base"}, 0))
	input.Set("date", record.Text(b.day(day)))
	input.Set("by", record.Text(by))
	rows, more, err := rep.Run(b.ctx, b.s, input)
	if err != nil || more {
		b.t.Fatal(err, more)
	}
	got := map[string]string{}
	for _, row := range rows {
		var sums [8]int64
		for i := range sums {
			sums[i] = row[4+i].Int()
		}
		got[row[3].Str()+" "+idText(row[column].Int())] = fmt.Sprint(sums)
	}
	b.reports++
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Fatalf("ageing by %s on %s:\n got %v\nwant %v", by, b.day(day), got, want)
	}
}
