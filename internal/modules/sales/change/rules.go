package change

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// target is a kind of paper that can be changed.
type target struct {
	name     string
	by       *entity.Field[int64] // of the change
	head     *paper.Head
	item     *paper.Item
	lines    string
	revision *entity.Field[int64]
	state    *entity.Field[string]
	states   []string
}

func targets() []target {
	return []target{
		{contract.Entity.Name, Contract, contract.Head, contract.Item, "sales.contract_item", contract.Revision, contract.Status, []string{contract.Approved, contract.Active}},
		{order.Entity.Name, Order, order.Head, order.Item, "sales.order_item", order.Revision, order.Status, []string{order.Confirmed}},
	}
}

// targetOf is what a change is about; false where it is about nothing.
func targetOf(r *record.Record) (target, bool) {
	for _, t := range targets() {
		if t.by.Get(r) != 0 {
			return t, true
		}
	}
	return target{}, false
}

// Extensions let contracts and orders be changed after they were agreed on.
func Extensions() (out []entity.Extension) {
	for _, t := range targets() {
		out = append(out, entity.Extension{Of: t.name, Actions: []entity.Action{{Name: "change", Op: access.Update, Makes: Entity.Name,
			Move: entity.Move{State: t.state, From: t.states}, Input: entity.Fields(Why), Run: t.begin}}})
	}
	return out
}

// begin makes the draft of a change: the paper as it is now.
func (t target) begin(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	lines, err := t.head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	made := entity.Made{Group: paper.Items}
	for _, line := range lines {
		made.Fill = append(made.Fill, func(r *record.Record) {
			Item.Carry(line, r)
			Line.Set(r, id.ID(line.ID()).String())
			WasQuantity.Set(r, t.item.Quantity.Get(line))
			r.Set(WasPrice.Key(), t.item.Price.Value(line))
			WasTotal.Set(r, t.item.Total.Get(line))
		})
	}
	_, err = tx.Create(ctx, Entity.Name, func(r *record.Record) {
		t.head.Copy(c.After, r)
		r.Set(Head.Off.Key(), t.head.Off.Value(c.After))
		t.by.Set(r, c.After.ID())
		r.Set(Reason.Key(), input.Get(Why.Key()))
		Base.Set(r, max(t.revision.Get(c.After), 1))
		Was.Set(r, t.head.Total.Get(c.After))
		if t.by == Contract {
			r.Set(EndsOn.Key(), contract.EndsOn.Value(c.After))
		}
	}, made)
	return err
}

// derive computes what the paper would come to, and the difference.
func derive(r *record.Record, n entity.Needs) error {
	if err := Head.Derive(r, n); err != nil {
		return err
	}
	d, err := decimal.Sub(Head.Total.Get(r), Was.Get(r))
	Difference.Set(r, d)
	return err
}

// validate holds a change to the paper that it is about.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	if _, ok := targetOf(c.After); !ok {
		return errs.New(errs.Invalid, "error.change_of_nothing")
	}
	if c.Before != nil && c.Touches(Head.Customer, Head.Currency) {
		return errs.New(errs.Invalid, "error.change_fixed").At(Head.Customer.Key())
	}
	return Head.Validate(ctx, tx, c, On)
}

// submit asks for approval of a change that goes below the limits or that makes
// the paper smaller; any other is done at once.
func submit(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Filled(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	over, err := Head.Over(ctx, tx, lines, c.Actor, false)
	if err != nil {
		return err
	}
	asks := len(over) > 0 || Difference.Get(c.After) < 0
	if err := tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) {
		Limits.Clear(r)
		Opinion.Clear(r)
		ApprovedBy.Clear(r)
		if len(over) > 0 {
			Limits.Set(r, over.String())
		}
		if !asks {
			Status.Set(r, Applied)
		}
	}); err != nil {
		return err
	}
	if asks {
		return Head.Ask(ctx, tx, c, over)
	}
	return apply(ctx, tx, c)
}

func approve(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	if err := Head.MayApprove(ctx, tx, c); err != nil {
		return err
	}
	if err := apply(ctx, tx, c); err != nil {
		return err
	}
	return Head.Agreed(ctx, tx, c, input)
}

// apply makes the paper what the change says, in the change's own transaction:
// lines and totals have their history there, and the paper a new revision.
func apply(ctx context.Context, tx entity.Writer, c entity.Change) error {
	t, ok := targetOf(c.After)
	if !ok {
		return errs.New(errs.Invalid, "error.change_of_nothing")
	}
	of := t.by.Get(c.After)
	if err := tx.Guard(ctx, "change:"+id.ID(of).String()); err != nil {
		return err
	}
	now, err := tx.Get(ctx, t.name, of)
	if err != nil {
		return err
	}
	if err := t.still(c.After, now); err != nil {
		return err
	}
	if err := t.applyLines(ctx, tx, c.After.ID(), of); err != nil {
		return err
	}
	if err := tx.Update(ctx, t.name, of, func(r *record.Record) {
		r.Set(t.head.Off.Key(), Head.Off.Value(c.After))
		r.Set(t.head.Inclusive.Key(), Head.Inclusive.Value(c.After))
		for _, f := range []string{Head.Payment.Key(), Head.Incoterm.Key(), Head.PortFrom.Key(), Head.PortTo.Key()} {
			r.Set(f, c.After.Get(f))
		}
		t.revision.Set(r, Base.Get(c.After)+1)
		if t.by == Contract {
			r.Set(contract.EndsOn.Key(), EndsOn.Value(c.After))
		}
	}); err != nil {
		return err
	}
	return tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) { AppliedAt.Set(r, c.Now) })
}

// still refuses what another change overtook, and papers that are over.
func (t target) still(r, now *record.Record) error {
	open := false
	for _, s := range t.states {
		open = open || t.state.Get(now) == s
	}
	if !open {
		return errs.New(errs.Conflict, "error.change_closed", "paper", now.Get("number").Str())
	}
	if at := max(t.revision.Get(now), 1); at != Base.Get(r) {
		return errs.New(errs.Conflict, "error.change_overtaken", "paper", now.Get("number").Str())
	}
	return nil
}

func (t target) applyLines(ctx context.Context, tx entity.Writer, from, of int64) error {
	wanted, err := Head.Lines(ctx, tx, from)
	if err != nil {
		return err
	}
	there, err := t.head.Lines(ctx, tx, of)
	if err != nil {
		return err
	}
	left := map[string]*record.Record{}
	for _, line := range there {
		left[id.ID(line.ID()).String()] = line
	}
	for at, line := range wanted {
		fill := func(r *record.Record) {
			Item.Carry(line, r)
			r.Set("position", record.Int(int64(at+1)<<10))
		}
		if old := left[Line.Get(line)]; old != nil {
			delete(left, Line.Get(line))
			if err := t.delivered(old, Item.Quantity.Get(line)); err != nil {
				return err
			}
			if err := tx.Update(ctx, t.lines, old.ID(), fill); err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Create(ctx, t.lines, func(r *record.Record) { r.Set("parent", record.Int(of)); fill(r) }); err != nil {
			return err
		}
	}
	for _, old := range there {
		if left[id.ID(old.ID()).String()] == nil {
			continue
		}
		if err := t.delivered(old, 0); err != nil {
			return err
		}
		if err := tx.Delete(ctx, t.lines, old.ID()); err != nil {
			return err
		}
	}
	return nil
}

// delivered refuses less of a line than went out.
func (t target) delivered(line *record.Record, quantity int64) error {
	if t.by != Order || order.Delivered.Get(line) <= quantity {
		return nil
	}
	return errs.New(errs.Conflict, "error.change_delivered", "name", order.Item.Name.Get(line), "quantity", decimal.Grouped(order.Delivered.Get(line), 6, 0))
}
