package instalment

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// derive rounds the amount to the currency's minor unit.
func derive(r *record.Record, _ entity.Needs) error {
	if !Amount.Value(r).IsNull() {
		Amount.Set(r, money.Round(Amount.Get(r), Currency.Get(r)))
	}
	return nil
}

// validate keeps what is received, and so what is open: both follow from the
// settlements, whoever writes, so that nothing else can change them.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		if Received.Get(c.Before) != 0 {
			return errs.New(errs.Conflict, "error.instalment_settled")
		}
		return period.Check(ctx, tx, BookedOn.Get(c.Before))
	}
	if c.Touches(BookedOn, Amount, Currency, Rate, Customer) {
		days := []string{BookedOn.Get(r)}
		if c.Before != nil {
			days = append(days, BookedOn.Get(c.Before))
		}
		if err := period.Check(ctx, tx, days...); err != nil {
			return err
		}
	}
	if Amount.Get(r) <= 0 && c.Touches(Amount) {
		return errs.New(errs.Invalid, "error.amount_positive").At(Amount.Key())
	}
	for _, of := range sources {
		if err := of.check(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := paper.Rated(ctx, tx, r, Currency, Rate, BookedOn.Get(r)); err != nil {
		return err
	}
	return balance(ctx, tx, c)
}

// balance computes the instalment's columns from its settlements.
func balance(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	sums, err := settlement.Of(ctx, tx, settlement.Instalment, r.ID())
	if err != nil {
		return err
	}
	if sums.Credit != 0 && (Currency.Get(r) != Currency.Get(c.Before) || paper.RateOf(r, Rate) != paper.RateOf(c.Before, Rate) || Customer.Get(r) != Customer.Get(c.Before)) {
		return errs.New(errs.Conflict, "error.instalment_settled")
	}
	left, err := decimal.Sub(Amount.Get(r), sums.Credit)
	if err != nil {
		return err
	}
	if left < 0 || sums.Credit < 0 || sums.Off < 0 {
		return errs.New(errs.Invalid, "error.settled_above", "amount", money.Text(Amount.Get(r)), "settled", money.Text(sums.Credit)).At(Amount.Key())
	}
	base, err := money.Convert(Amount.Get(r), paper.RateOf(r, Rate), tx.Here().Currency)
	if err != nil {
		return err
	}
	if left == 0 {
		base = sums.CreditBase // whatever is left of rounding goes with the last one
	}
	AmountBase.Set(r, base)
	Received.Set(r, sums.Credit)
	ReceivedBase.Set(r, sums.CreditBase)
	Left.Set(r, left)
	WrittenOff.Set(r, sums.Off)
	LeftBase.Set(r, base-sums.CreditBase)
	LastOn.Clear(r)
	if sums.Last != "" {
		LastOn.Set(r, sums.Last)
	}
	State.Set(r, stateOf(sums.Credit, left))
	return nil
}

func stateOf(received, left int64) string {
	switch {
	case left == 0:
		return Paid
	case received > 0:
		return Part
	}
	return Open
}

// source is what instalments are of: its reference here, its head.
type source struct {
	by   *entity.Field[int64]
	name string
	head *paper.Head
}

// sources are the papers that instalments are of.
var sources = []source{{Contract, contract.Entity.Name, contract.Head}, {Order, order.Entity.Name, order.Head}}

// Interest is the kind of an instalment that is beside a paper's total.
const Interest = "interest"

func (s source) check(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if s.by.Get(r) == 0 || !c.Touches(s.by, Amount, Currency, Customer) {
		return nil
	}
	if c.Before != nil && !c.Restored() && !c.Touches(s.by, Currency, Customer) && Amount.Get(r) <= Amount.Get(c.Before) {
		return nil // less is never too much
	}
	of, err := tx.Get(ctx, s.name, s.by.Get(r))
	if err != nil {
		return err
	}
	if s.head.Customer.Get(of) != Customer.Get(r) {
		return errs.New(errs.Invalid, "error.paper_customer").At(s.by.Key())
	}
	if s.head.Currency.Get(of) != Currency.Get(r) {
		return errs.New(errs.Invalid, "error.paper_currency", "currency", s.head.Currency.Get(of)).At(Currency.Key())
	}
	if err := tx.Guard(ctx, s.name+":"+id.ID(of.ID()).String()); err != nil {
		return err
	}
	list, err := s.all(ctx, tx, of.ID())
	if err != nil {
		return err
	}
	planned := Amount.Get(r)
	for _, one := range list {
		if one.ID() != r.ID() && Kind.Get(one) != Interest {
			if planned, err = decimal.Add(planned, Amount.Get(one)); err != nil {
				return err
			}
		}
	}
	if total := s.head.Total.Get(of); planned > total && Kind.Get(r) != Interest {
		return errs.New(errs.Invalid, "error.plan_above", "total", money.Text(total), "planned", money.Text(planned)).At(Amount.Key())
	}
	return nil
}

// all are the instalments of a paper.
func (s source) all(ctx context.Context, tx entity.Reader, of int64) ([]*record.Record, error) {
	return tx.Find(ctx, Name, entity.Is(s.by, id.ID(of).String()), 1000)
}

// within lets the papers know how far they are paid, and settlements when the
// instalment is due.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	for _, of := range sources {
		for _, at := range sides(c) {
			if n := of.by.Get(at); n != 0 {
				if err := of.paid(ctx, tx, n); err != nil {
					return err
				}
			}
		}
	}
	if c.Before == nil || c.After == nil || !c.Touches(DueOn, BookedOn, Owner) {
		return nil
	}
	list, err := tx.Find(ctx, settlement.Entity.Name, entity.Is(settlement.Instalment, id.ID(c.After.ID()).String()), 10_000)
	if err != nil {
		return err
	}
	for _, one := range list {
		if err := tx.Update(ctx, settlement.Entity.Name, one.ID(), func(r *record.Record) {
			settlement.DueOn.Set(r, DueOn.Get(c.After))
			settlement.BookedOn.Set(r, BookedOn.Get(c.After))
			settlement.Owner.Set(r, Owner.Get(c.After))
		}); err != nil {
			return err
		}
	}
	return nil
}

// sides are a change's records, before and after.
func sides(c entity.Change) []*record.Record {
	switch {
	case c.Before == nil:
		return []*record.Record{c.After}
	case c.After == nil:
		return []*record.Record{c.Before}
	}
	return []*record.Record{c.Before, c.After}
}

// PaidState is how far a contract or an order is paid; finance adds it to both.
var PaidState = entity.Choice("payment", "unpaid", "part", "paid").Colors("gray", "orange", "green").Default("unpaid").ReadOnly().Coded()

// kept computes a paper's state of payment anew when its total changes.
func (s source) kept(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.Before == nil || c.After == nil || !c.Touches(s.head.Total) {
		return nil
	}
	state, err := s.state(ctx, tx, c.After)
	if err == nil {
		PaidState.Set(c.After, state)
	}
	return err
}

// paid keeps a paper's state of payment.
func (s source) paid(ctx context.Context, tx entity.Writer, n int64) error {
	of, err := tx.Get(ctx, s.name, n)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	state, err := s.state(ctx, tx, of)
	if err != nil || state == PaidState.Get(of) {
		return err
	}
	return tx.Update(ctx, s.name, n, func(r *record.Record) { PaidState.Set(r, state) })
}

// state is how far a paper is paid: wholly when what came is its total.
func (s source) state(ctx context.Context, tx entity.Reader, of *record.Record) (string, error) {
	list, err := s.all(ctx, tx, of.ID())
	if err != nil {
		return "", err
	}
	var received int64
	for _, one := range list {
		if Kind.Get(one) == Interest {
			continue
		}
		if received, err = decimal.Add(received, Received.Get(one)); err != nil {
			return "", err
		}
	}
	switch {
	case received >= s.head.Total.Get(of) && received > 0:
		return "paid", nil
	case received > 0:
		return "part", nil
	}
	return "unpaid", nil
}

// Months gives the day a number of months after another, at most its month's last.
func Months(day string, months int) (string, error) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", errs.New(errs.Invalid, "error.value").With(err)
	}
	first := time.Date(at.Year(), at.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(at.Day(), last)-1).Format(time.DateOnly), nil
}
