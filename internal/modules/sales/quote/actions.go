package quote

import (
	"cmp"
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// What the actions ask for.
var (
	Comment = entity.Text("comment", 300)
	Refusal = entity.Text("reason", 300).Required()
	Because = entity.Text("reason", 300).Required()
	Make    = entity.Choice("make", "contract", "order", "both", "nothing").Required().Default("contract")
)

// derive computes the paper, and until when it holds: so many days from its date,
// unless the day is said.
func derive(r *record.Record, n entity.Needs) error {
	if err := Head.Derive(r, n); err != nil {
		return err
	}
	changed := func(f entity.Declared) bool {
		key := entity.KeyOf(f)
		return n.Was == nil && !r.Get(key).IsNull() || n.Was != nil && !n.Was.Get(key).Equal(r.Get(key))
	}
	from, err := time.Parse(time.DateOnly, On.Get(r))
	if err != nil {
		return nil //nolint:nilerr // no day, no end: the paper asks for its day itself
	}
	until, err := time.Parse(time.DateOnly, ValidUntil.Get(r))
	switch {
	case changed(ValidUntil) && err == nil:
		if days := int64(until.Sub(from) / (24 * time.Hour)); days >= 0 {
			ValidDays.Set(r, days)
		}
	case changed(ValidUntil):
		ValidDays.Clear(r)
	case (changed(ValidDays) || changed(On)) && !ValidDays.Value(r).IsNull() && ValidDays.Get(r) <= mostDays:
		ValidUntil.Set(r, from.AddDate(0, 0, int(ValidDays.Get(r))).Format(time.DateOnly))
	}
	return nil
}

// mostDays is above how long a quote holds; a day so far off can be given as such.
const mostDays = 100_000

// validate keeps the worth in the company's own currency, and the dates in order.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	if until := ValidUntil.Get(c.After); until != "" && c.Touches(ValidUntil, On) && until < On.Get(c.After) {
		return errs.New(errs.Invalid, "error.valid_before").At(ValidUntil.Key())
	}
	return Head.Validate(ctx, tx, c, On)
}

// submit asks for approval, or gives it at once to what is within the limits
// (SAL-9).
func submit(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Filled(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	over, err := Head.Over(ctx, tx, lines, c.Actor, false)
	if err != nil {
		return err
	}
	if err := tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) {
		Opinion.Clear(r)
		ApprovedBy.Clear(r)
		if len(over) == 0 {
			Status.Set(r, Approved)
			Reason.Clear(r)
			return
		}
		Reason.Set(r, over.String())
	}); err != nil || len(over) == 0 {
		return err
	}
	return Head.Ask(ctx, tx, c, over)
}

// approve holds who approves to what his roles may give away.
func approve(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	if err := Head.MayApprove(ctx, tx, c); err != nil {
		return err
	}
	return Head.Agreed(ctx, tx, c, input)
}

func withdraw(r *record.Record, _ entity.Change, _ *record.Record) error {
	Opinion.Clear(r)
	ApprovedBy.Clear(r)
	return nil
}

func send(r *record.Record, c entity.Change, _ *record.Record) error {
	SentAt.Set(r, c.Now)
	return nil
}

func decline(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(Declining.Key(), input.Get(Because.Key()))
	return nil
}

// accept makes what follows from an accepted quote, with its lines.
func accept(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	lines, err := Head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	what := input.Get(Make.Key()).Str()
	var deal, sale int64
	if what == "contract" || what == "both" {
		if err := paper.MayMake(tx, c, contract.Entity.Name); err != nil {
			return err
		}
		deal, err = tx.Create(ctx, contract.Entity.Name, func(r *record.Record) {
			Head.Copy(c.After, r)
			contract.Name.Set(r, cmp.Or(Name.Get(c.After), Number.Get(c.After)))
			contract.Quote.Set(r, c.After.ID())
			contract.Opportunity.Set(r, Opportunity.Get(c.After))
		}, Item.Copy(lines))
		if err != nil {
			return err
		}
	}
	if what == "order" || what == "both" {
		if err := paper.MayMake(tx, c, order.Entity.Name); err != nil {
			return err
		}
		sale, err = tx.Create(ctx, order.Entity.Name, func(r *record.Record) {
			Head.Copy(c.After, r)
			order.Quote.Set(r, c.After.ID())
			order.Contract.Set(r, deal)
			order.Opportunity.Set(r, Opportunity.Get(c.After))
		}, Item.Copy(lines))
		if err != nil {
			return err
		}
	}
	return tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) {
		Contract.Set(r, deal)
		Order.Set(r, sale)
	})
}

// revise makes the next version of a quote, open for changes.
func revise(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	_, err = tx.Create(ctx, c.Entity.Name, func(r *record.Record) {
		Head.Copy(c.After, r)
		Name.Set(r, Name.Get(c.After))
		Opportunity.Set(r, Opportunity.Get(c.After))
		Version.Set(r, Version.Get(c.After)+1)
		Of.Set(r, c.After.ID())
	}, Item.Copy(lines))
	return err
}
