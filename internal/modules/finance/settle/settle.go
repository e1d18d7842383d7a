// Package settle is how receipts and instalments are put together and taken
// apart again (核销, FIN-1), and how bad debts are written off.
package settle

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// What reverse asks for; without a day it is today.
var (
	Because = entity.Text("reason", 300).Required()
	When    = entity.Date("date")
)

// Entity is finance.settlement with its rules.
func Entity() entity.Def {
	d := settlement.Entity
	d.Hooks = entity.Hooks{Validate: validate, Within: within}
	d.Actions = []entity.Action{{Name: "reverse", Op: access.Approve, Move: entity.Move{State: settlement.State, From: []string{settlement.Done}, To: settlement.Reversed},
		Input: entity.Fields(Because, When), Run: reverse}}
	return d
}

// validate computes what a new settlement comes to. It never changes afterwards
// but for the days and the owner of its instalment.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return period.Check(ctx, tx, settlement.On.Get(c.Before))
	}
	if c.Before != nil {
		return nil
	}
	if err := period.Check(ctx, tx, settlement.On.Get(r)); err != nil {
		return err
	}
	if settlement.Reverses.Get(r) != 0 {
		return nil // the mirror of one that was right
	}
	if err := tx.Guard(ctx, "settle:"+id.ID(settlement.Instalment.Get(r)).String(), "settle:"+id.ID(settlement.Receipt.Get(r)).String()); err != nil {
		return err
	}
	to, err := tx.Get(ctx, instalment.Entity.Name, settlement.Instalment.Get(r))
	if err != nil {
		return err
	}
	settlement.Customer.Set(r, instalment.Customer.Get(to))
	settlement.Currency.Set(r, instalment.Currency.Get(to))
	settlement.DueOn.Set(r, instalment.DueOn.Get(to))
	settlement.BookedOn.Set(r, instalment.BookedOn.Get(to))
	settlement.Owner.Set(r, instalment.Owner.Get(to))
	if settlement.Kind.Get(r) == settlement.BadDebt {
		return writtenOff(r, to, tx.Here().Currency)
	}
	if settlement.Kind.Get(r) == settlement.Recovery {
		return standsAgain(ctx, tx, r, to)
	}
	if settlement.Receipt.Get(r) == 0 {
		return errs.New(errs.Invalid, "error.required").At(settlement.Receipt.Key())
	}
	from, err := tx.Get(ctx, receipt.Entity.Name, settlement.Receipt.Get(r))
	if err != nil {
		return err
	}
	if err := fits(r, from, to); err != nil {
		return err
	}
	if err := amounts(r, from, to); err != nil {
		return err
	}
	return worth(r, from, to, tx.Here().Currency)
}

// fits refuses what cannot belong together.
func fits(r, from, to *record.Record) error {
	switch {
	case receipt.State.Get(from) != receipt.Confirmed:
		return errs.New(errs.Conflict, "error.receipt_draft").At(settlement.Receipt.Key())
	case receipt.Customer.Get(from) != instalment.Customer.Get(to):
		return errs.New(errs.Invalid, "error.settle_customer").At(settlement.Instalment.Key())
	case settlement.On.Get(r) < receipt.On.Get(from):
		return errs.New(errs.Invalid, "error.settle_before", "day", receipt.On.Get(from)).At(settlement.On.Key())
	case settlement.Discount.Get(r) < 0 || settlement.Amount.Get(r) < 0 || settlement.Paid.Get(r) < 0:
		return errs.New(errs.Invalid, "error.amount_positive").At(settlement.Amount.Key())
	}
	return nil
}

// amounts fills in what nobody said: as much as there is on both sides, each in
// its own currency.
func amounts(r, from, to *record.Record) error {
	own, other := instalment.Currency.Get(to), receipt.Currency.Get(from)
	settlement.PaidCurrency.Set(r, other)
	off := money.Round(settlement.Discount.Get(r), own)
	have, err := across(receipt.Left.Get(from), from, to)
	if err != nil {
		return err
	}
	said, paid := !settlement.Amount.Value(r).IsNull(), !settlement.Paid.Value(r).IsNull()
	amount := settlement.Amount.Get(r)
	switch {
	case !said && paid:
		if amount, err = across(settlement.Paid.Get(r), from, to); err != nil {
			return err
		}
	case !said:
		amount = min(have, instalment.Left.Get(to)-off)
	}
	amount = money.Round(amount, own)
	if !paid {
		if amount == have && (own != other) {
			settlement.Paid.Set(r, receipt.Left.Get(from)) // all of it, whatever rounding says
		} else {
			back := amount
			if own != other {
				if back, err = money.Cross(amount, paper.RateOf(to, instalment.Rate), paper.RateOf(from, receipt.Rate), other); err != nil {
					return err
				}
			}
			settlement.Paid.Set(r, back)
		}
	}
	settlement.Paid.Set(r, money.Round(settlement.Paid.Get(r), other))
	settlement.Amount.Set(r, amount)
	if !settlement.Discount.Value(r).IsNull() {
		settlement.Discount.Set(r, off)
	}
	settlement.Credit.Set(r, amount+off)
	switch {
	case own == other && settlement.Paid.Get(r) != amount:
		return errs.New(errs.Invalid, "error.settle_paid").At(settlement.Paid.Key())
	case amount+off <= 0:
		return errs.New(errs.Invalid, "error.amount_positive").At(settlement.Amount.Key())
	case amount+off > instalment.Left.Get(to):
		return errs.New(errs.Invalid, "error.settle_above", "open", money.Text(instalment.Left.Get(to))).At(settlement.Amount.Key())
	case settlement.Paid.Get(r) > receipt.Left.Get(from):
		return errs.New(errs.Invalid, "error.settle_receipt", "open", money.Text(receipt.Left.Get(from))).At(settlement.Amount.Key())
	}
	return nil
}

// across is an amount of the receipt's currency in the instalment's.
func across(n int64, from, to *record.Record) (int64, error) {
	if receipt.Currency.Get(from) == instalment.Currency.Get(to) {
		return n, nil
	}
	return money.Cross(n, paper.RateOf(from, receipt.Rate), paper.RateOf(to, instalment.Rate), instalment.Currency.Get(to))
}

// worth computes both sides in the company's own currency. What closes an
// instalment or a receipt takes all that is left of it, so that rounding leaves
// nothing behind.
func worth(r, from, to *record.Record, own string) (err error) {
	credit := instalment.LeftBase.Get(to)
	if settlement.Credit.Get(r) != instalment.Left.Get(to) {
		if credit, err = money.Convert(settlement.Credit.Get(r), paper.RateOf(to, instalment.Rate), own); err != nil {
			return err
		}
	}
	paid, charges := receipt.LeftBase.Get(from), int64(0)
	if settlement.Paid.Get(r) != receipt.Left.Get(from) {
		if paid, err = money.Convert(settlement.Paid.Get(r), paper.RateOf(from, receipt.Rate), own); err != nil {
			return err
		}
	}
	if n := receipt.Charges.Get(from); n != 0 {
		if charges, err = money.Cross(n, settlement.Paid.Get(r), receipt.Amount.Get(from), receipt.Currency.Get(from)); err != nil {
			return err
		}
	}
	off, err := money.Convert(settlement.Discount.Get(r), paper.RateOf(to, instalment.Rate), own)
	if err != nil {
		return err
	}
	settlement.CreditBase.Set(r, credit)
	settlement.PaidBase.Set(r, paid)
	settlement.Charges.Set(r, charges)
	settlement.Difference.Set(r, paid-(credit-off))
	return nil
}

// within lets both sides compute anew what settlements say of them.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	r := c.After
	switch {
	case c.Before != nil && c.After != nil && !c.Restored():
		return nil
	case r == nil:
		r = c.Before
	}
	if n := settlement.Receipt.Get(r); n != 0 {
		if err := touch(ctx, tx, receipt.Entity.Name, n); err != nil {
			return err
		}
	}
	return touch(ctx, tx, instalment.Entity.Name, settlement.Instalment.Get(r))
}

func touch(ctx context.Context, tx entity.Writer, name string, n int64) error {
	err := tx.Update(ctx, name, n, func(*record.Record) {})
	if errs.Is(err, errs.NotFound) {
		return nil // it goes in the same write
	}
	return err
}

// reverse takes a settlement back by its mirror; both stay.
func reverse(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	was := c.After
	on := tx.Here().Today()
	if v := input.Get(When.Key()); !v.IsNull() {
		on = v.Str()
	}
	if on < settlement.On.Get(was) {
		return errs.New(errs.Invalid, "error.reverse_before", "day", settlement.On.Get(was)).At(When.Key())
	}
	n, err := tx.Create(ctx, settlement.Entity.Name, func(r *record.Record) {
		for _, f := range []*entity.Field[int64]{settlement.Amount, settlement.Discount, settlement.Credit, settlement.Paid, settlement.Charges, settlement.CreditBase, settlement.PaidBase, settlement.Difference} {
			if v := f.Value(was); !v.IsNull() {
				f.Set(r, -v.Int())
			}
		}
		for _, f := range []entity.Declared{settlement.Kind, settlement.Customer, settlement.Instalment, settlement.Receipt, settlement.Currency, settlement.PaidCurrency,
			settlement.DueOn, settlement.BookedOn, settlement.Owner} {
			r.Set(entity.KeyOf(f), was.Get(entity.KeyOf(f)))
		}
		settlement.State.Set(r, settlement.Reversal)
		settlement.On.Set(r, on)
		settlement.Reverses.Set(r, was.ID())
		r.Set(settlement.Reason.Key(), input.Get(Because.Key()))
	})
	if err != nil {
		return err
	}
	return tx.Update(ctx, settlement.Entity.Name, was.ID(), func(r *record.Record) {
		settlement.ReversedBy.Set(r, n)
		r.Set(settlement.Reason.Key(), input.Get(Because.Key()))
	})
}
