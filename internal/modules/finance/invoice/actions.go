package invoice

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

func issue(r *record.Record, _ entity.Change, input *record.Record) error {
	Official.Set(r, strings.ReplaceAll(strings.TrimSpace(input.Get(newNumber.Key()).Str()), " ", ""))
	r.Set(IssuedOn.Key(), input.Get(newDay.Key()))
	return nil
}

func allowAbove(r *record.Record, c entity.Change, input *record.Record) error {
	AboveBy.Set(r, c.Actor.ID())
	r.Set(AboveWhy.Key(), input.Get(aboveWhy.Key()))
	return nil
}

func handOver(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(HandedOn.Key(), input.Get(handDay.Key()))
	r.Set(HandedTo.Key(), input.Get(to.Key()))
	return nil
}

func cancel(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(CancelWhy.Key(), input.Get(because.Key()))
	return nil
}

// reverse asks for a red invoice that takes one back: all that is left of it, or
// an amount, which each line bears its part of.
func reverse(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	of := c.After
	if RedOf.Get(of) != 0 {
		return errs.New(errs.Conflict, "error.invoice_red_red")
	}
	taken, err := sum(ctx, tx, Total, RedOf, of.ID(), 0, entity.Not(State, Cancelled))
	if err != nil {
		return err
	}
	rest := Total.Get(of) + taken
	amount := rest
	if v := input.Get(redAmount.Key()); !v.IsNull() {
		amount = money.Round(v.Int(), Currency.Get(of))
	}
	switch {
	case rest <= 0:
		return errs.New(errs.Conflict, "error.invoice_red_full")
	case amount <= 0:
		return errs.New(errs.Invalid, "error.amount_positive").At(redAmount.Key())
	case amount > rest:
		return errs.New(errs.Invalid, "error.invoice_red_above", "total", money.Text(Total.Get(of)), "taken", money.Text(-taken)).At(redAmount.Key())
	}
	lines, err := redLines(ctx, tx, of, amount)
	if err != nil {
		return err
	}
	_, err = tx.Create(ctx, entityName, func(r *record.Record) {
		for _, f := range []entity.Declared{Kind, Customer, Contract, Order, Instalment, Currency, Rate, Heading, Buyer, TaxNo, Address, Phone, Bank, BankAccount, Owner} {
			r.Set(entity.KeyOf(f), of.Get(entity.KeyOf(f)))
		}
		Inclusive.Set(r, true)
		RedOf.Set(r, of.ID())
		r.Set(RedWhy.Key(), input.Get(redWhy.Key()))
		r.Set(Confirmation.Key(), input.Get(redApproved.Key()))
	}, entity.Made{Group: items, Fill: lines})
	return err
}

// redLines are the lines of an invoice with the sign turned, over an amount.
func redLines(ctx context.Context, tx entity.Reader, of *record.Record, amount int64) ([]func(*record.Record), error) {
	from, err := entity.LinesOf(ctx, tx, itemName, of.ID())
	if err != nil {
		return nil, err
	}
	totals := make([]int64, len(from))
	for i, one := range from {
		totals[i] = Amount.Get(one)
	}
	parts, whole, err := share(totals, amount, Currency.Get(of))
	if err != nil {
		return nil, err
	}
	var out []func(*record.Record)
	for i, one := range from {
		if parts[i] == 0 {
			continue
		}
		out = append(out, func(r *record.Record) {
			for _, f := range []entity.Declared{Product, Name, Code, Spec, Unit, TaxRate} {
				r.Set(entity.KeyOf(f), one.Get(entity.KeyOf(f)))
			}
			if whole && !Quantity.Value(one).IsNull() {
				Quantity.Set(r, -Quantity.Get(one))
			}
			Given.Set(r, -parts[i])
		})
	}
	return out, nil
}
