package instalment

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// follow lets the plan of a paper go with its total: what is planned beyond it is
// taken off the last instalments, as far as they are not paid, and a plan that
// was whole is so again. Interest is beside the plan.
func (s source) follow(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before == nil || c.After == nil || c.Restored() || !c.Touches(s.head.Total) {
		return nil
	}
	list, err := s.all(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(r *record.Record) bool { return Kind.Get(r) == Interest })
	slices.SortStableFunc(list, func(a, b *record.Record) int {
		return cmp.Or(-cmp.Compare(DueOn.Get(a), DueOn.Get(b)), -cmp.Compare(a.ID(), b.ID()))
	})
	var planned int64
	for _, one := range list {
		planned += Amount.Get(one)
	}
	total := s.head.Total.Get(c.After)
	switch {
	case len(list) == 0 || planned == total:
		return nil
	case planned > total:
		return s.cut(ctx, tx, list, planned-total, total)
	case planned == s.head.Total.Get(c.Before):
		return s.raise(ctx, tx, list, c.After, total-planned)
	}
	return nil // it was not whole before
}

// cut takes so much off the instalments, the last due first.
func (s source) cut(ctx context.Context, tx entity.Writer, list []*record.Record, over, total int64) error {
	for _, one := range list {
		off := min(over, Left.Get(one))
		over -= off
		var err error
		switch {
		case off == 0:
		case off == Amount.Get(one):
			err = tx.Delete(ctx, Name, one.ID())
		default:
			err = amount(ctx, tx, one, Amount.Get(one)-off, total)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// raise adds to the last instalment that is not paid, or makes one more.
func (s source) raise(ctx context.Context, tx entity.Writer, list []*record.Record, of *record.Record, more int64) error {
	total := s.head.Total.Get(of)
	for _, one := range list {
		if Left.Get(one) > 0 {
			return amount(ctx, tx, one, Amount.Get(one)+more, total)
		}
	}
	_, err := tx.Create(ctx, Name, func(r *record.Record) {
		s.by.Set(r, of.ID())
		s.describe(r, of)
		Term.Set(r, int64(len(list)+1))
		Kind.Set(r, "stage")
		Amount.Set(r, more)
		DueOn.Set(r, max(tx.Here().Today(), DueOn.Get(list[0])))
		share(r, more, total)
	})
	return err
}

func amount(ctx context.Context, tx entity.Writer, one *record.Record, n, total int64) error {
	return tx.Update(ctx, Name, one.ID(), func(r *record.Record) {
		Amount.Set(r, n)
		share(r, n, total)
	})
}

// share notes what part of the whole an instalment is.
func share(r *record.Record, n, total int64) {
	if p, err := money.Rate(n, total); err == nil {
		Percent.Set(r, p)
	}
}

// describe takes over from a paper what its instalments have in common with it.
func (s source) describe(r, of *record.Record) {
	Customer.Set(r, s.head.Customer.Get(of))
	Currency.Set(r, s.head.Currency.Get(of))
	r.Set(Rate.Key(), s.head.Rate.Value(of))
	Owner.Set(r, s.head.Owner.Get(of))
}
