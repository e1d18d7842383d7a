package interest

import (
	"cmp"
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// chargeKey is the field by which an instalment knows the charge that it is for.
const chargeKey = "interest_charge"

// What interest adds: to instalments the charge, to contracts the rate that was
// agreed on, which goes before those of rules; 0 is none.
var (
	Charge  = entity.Ref(chargeKey, Name).ReadOnly().VisibleWhen(entity.Is(instalment.Kind, kindInterest))
	OwnRate = entity.Percent("late_rate").Between("0", "100").Apart().Audited()
	OwnPer  = entity.Choice("late_per", interestrule.Year, interestrule.Day).Default(interestrule.Day).Coded().VisibleWhen(entity.Filled(OwnRate))
)

// What charging asks for; without a day it is up to today, payable at once.
var (
	askUntil = entity.Date(untilKey).Default("today()")
	askDue   = entity.Date("due_on")
)

// Extensions are what interest adds to instalments, contracts and customers.
func Extensions() []entity.Extension {
	return []entity.Extension{
		{Of: instalment.Name, Fields: []entity.Declared{Charge}, Validate: owedBy, Groups: []schema.Group{{Key: "interest", Fields: []string{chargeKey}, Columns: 2}}},
		{Of: contract.Entity.Name, Fields: []entity.Declared{OwnRate, OwnPer}, Groups: []schema.Group{{Key: "interest", Fields: []string{OwnRate.Key(), OwnPer.Key()}, Columns: 2}}},
		{Of: customer.Entity.Name, Actions: []entity.Action{{Name: "charge_interest", Op: access.Read, Makes: Name, Bulk: true, Input: entity.Fields(askUntil, askDue), Run: charge}}},
	}
}

// owedBy keeps the instalment of a charge as it is while the charge stands.
func owedBy(ctx context.Context, tx entity.Reader, c entity.Change) error {
	at := c.After
	if at == nil {
		at = c.Before
	}
	of := Charge.Get(at)
	if of == 0 || c.Before == nil || c.After != nil && !c.Restored() && !c.Touches(instalment.Amount, instalment.Currency, instalment.Customer, instalment.Kind) {
		return nil
	}
	stands, err := tx.Get(ctx, Name, of)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	charged := err == nil && State.Get(stands) == Charged
	switch {
	case c.Restored() && !charged:
		return errs.New(errs.Conflict, "error.interest_gone")
	case !c.Restored() && charged:
		return errs.New(errs.Conflict, "error.interest_stands", "number", Number.Get(stands))
	}
	return nil
}

// validate computes what a new charge comes to. What was cancelled or taken back
// never comes again: its days may have been charged anew.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	switch {
	case r == nil:
		return unsettled(ctx, tx, c.Before)
	case c.Restored(), c.Before != nil && c.Touches(State) && State.Get(r) == Charged:
		return errs.New(errs.Conflict, "error.interest_gone")
	case c.Before != nil && c.Touches(State):
		return unsettled(ctx, tx, r)
	case c.Before != nil:
		return nil
	case len(c.Lines(items)) > 0:
		return errs.New(errs.Invalid, "error.interest_lines").At(items)
	case DueOn.Get(r) < On.Get(r):
		return errs.New(errs.Invalid, "error.interest_due").At(DueOn.Key())
	case Until.Get(r) > tx.Here().Today():
		return errs.New(errs.Invalid, "error.interest_future").At(Until.Key())
	}
	if err := period.Check(ctx, tx, On.Get(r)); err != nil {
		return err
	}
	if err := tx.Guard(ctx, "interest:"+id.ID(Customer.Get(r)).String()); err != nil {
		return err
	}
	list, err := ask(ctx, tx, r)
	if err != nil {
		return err
	}
	var total int64
	for _, l := range list {
		if total, err = decimal.Add(total, l.Total); err != nil {
			return err
		}
	}
	if total <= 0 {
		return errs.New(errs.Conflict, "error.interest_nothing", "day", Until.Get(r))
	}
	Total.Set(r, total)
	return rated(ctx, tx, r, list)
}

// rated fills in the rate of the day, else that of what was paid late.
func rated(ctx context.Context, tx entity.Reader, r *record.Record, list []Late) error {
	err := paper.Rated(ctx, tx, r, Currency, Rate, On.Get(r))
	if last := list[len(list)-1].Rate; err != nil && last != 0 {
		Rate.Set(r, last)
		return nil
	}
	return err
}

// mostLines is how many lines a charge has at most.
const mostLines = 2000

// ask is what a charge is for: what is worth charging.
func ask(ctx context.Context, tx entity.Reader, r *record.Record) (out []Late, err error) {
	list, more, err := Ask{Until: Until.Get(r), Customer: Customer.Get(r), Currency: Currency.Get(r)}.Reckon(ctx, tx)
	n := 0
	for _, l := range list {
		if l.Total > 0 {
			out = append(out, l)
			n += len(l.Parts)
		}
	}
	if err == nil && (more || n > mostLines) {
		err = errs.New(errs.Invalid, "error.interest_long").At(Until.Key())
	}
	return out, err
}

// unsettled refuses to take back what was paid, and what lies in a closed period.
func unsettled(ctx context.Context, tx entity.Reader, r *record.Record) error {
	list, err := tx.Find(ctx, instalment.Name, entity.Is(Charge, id.ID(r.ID()).String()), 10)
	if err != nil {
		return err
	}
	for _, one := range list {
		if instalment.Received.Get(one) != 0 {
			return errs.New(errs.Conflict, "error.instalment_settled")
		}
	}
	return period.Check(ctx, tx, On.Get(r))
}

func cancel(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(Reason.Key(), input.Get(cancelWhy.Key()))
	return nil
}

// within writes the lines of a new charge and what is owed by it; of one that is
// taken back nothing is owed.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	switch {
	case c.Before == nil:
		return write(ctx, tx, c.After)
	case c.After == nil:
		return release(ctx, tx, c.Before)
	case c.Touches(State) && State.Get(c.After) == Cancelled:
		return release(ctx, tx, c.After)
	}
	return nil
}

func release(ctx context.Context, tx entity.Writer, r *record.Record) error {
	list, err := tx.Find(ctx, instalment.Name, entity.Is(Charge, id.ID(r.ID()).String()), 10)
	if err != nil {
		return err
	}
	for _, one := range list {
		if err := tx.Delete(ctx, instalment.Name, one.ID()); err != nil {
			return err
		}
	}
	return nil
}

func write(ctx context.Context, tx entity.Writer, r *record.Record) error {
	list, err := ask(ctx, tx, r)
	if err != nil {
		return err
	}
	at := int64(0)
	for _, l := range list {
		for _, p := range l.Parts {
			at++
			if _, err := tx.Create(ctx, itemName, func(line *record.Record) {
				line.Set("parent", record.Int(r.ID()))
				line.Set("position", record.Int(at))
				lineOf.Set(line, l.Instalment)
				lineNumber.Set(line, l.Number)
				lineDue.Set(line, l.Due)
				p.write(line)
			}); err != nil {
				return err
			}
		}
	}
	_, err = tx.Create(ctx, instalment.Name, func(x *record.Record) {
		instalment.Kind.Set(x, kindInterest)
		instalment.Customer.Set(x, Customer.Get(r))
		instalment.Currency.Set(x, Currency.Get(r))
		x.Set(instalment.Rate.Key(), Rate.Value(r))
		instalment.Amount.Set(x, Total.Get(r))
		instalment.BookedOn.Set(x, On.Get(r))
		instalment.DueOn.Set(x, DueOn.Get(r))
		instalment.Owner.Set(x, Owner.Get(r))
		Charge.Set(x, r.ID())
	})
	return err
}

func (p Part) write(line *record.Record) {
	lineFrom.Set(line, p.From)
	lineUntil.Set(line, p.Until)
	lineDays.Set(line, p.Days)
	lineBase.Set(line, p.Base)
	lineRate.Set(line, p.Rate)
	linePer.Set(line, p.basis())
	lineRule.Set(line, p.Rule)
	lineAmount.Set(line, p.Amount)
}

// basis is the code of how a rate is meant: of a year of so many days, of a day.
func (p Part) basis() string { return decimal.Format(p.Year, 0, 0) }

// charge charges a customer with what he owes, a document for each currency.
func charge(ctx context.Context, tx entity.Writer, c entity.Change, said *record.Record) error {
	a := Ask{Until: cmp.Or(askUntil.Get(said), tx.Here().Today()), Customer: c.After.ID()}
	list, _, err := a.Reckon(ctx, tx)
	if err != nil {
		return err
	}
	last := ""
	for _, l := range list { // they come by currency
		if l.Total == 0 || l.Currency == last {
			continue
		}
		last = l.Currency
		if _, err := tx.Create(ctx, Name, func(r *record.Record) {
			Customer.Set(r, a.Customer)
			Currency.Set(r, l.Currency)
			Until.Set(r, a.Until)
			Owner.Set(r, c.Actor.ID())
			DueOn.Set(r, cmp.Or(askDue.Get(said), tx.Here().Today()))
		}); err != nil {
			return err
		}
	}
	if last == "" {
		return errs.New(errs.Conflict, "error.interest_nothing", "day", a.Until)
	}
	return nil
}
