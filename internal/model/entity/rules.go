package entity

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Is is the condition that a field equals a value in text form; a reference's
// text form is the id.
func Is(f Declared, text string) *query.Node {
	return query.Comparing(f.declaration().Key, schema.OpEq, text)
}

// Not is the condition that a field does not equal a value in text form; an
// empty field does not.
func Not(f Declared, text string) *query.Node {
	return query.Comparing(f.declaration().Key, schema.OpNe, text)
}

// Empty is the condition that a field has no value.
func Empty(f Declared) *query.Node {
	return query.Comparing(f.declaration().Key, schema.OpNull)
}

// LinesOf reads the lines of a record by the name of their entity, in order.
func LinesOf(ctx context.Context, tx Reader, name string, of int64) ([]*record.Record, error) {
	where := query.Comparing(parentKey, schema.OpEq, id.ID(of).String())
	list, err := tx.Find(ctx, name, where, mostLines)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b *record.Record) int {
		return cmp.Compare(a.Get(positionKey).Int(), b.Get(positionKey).Int())
	})
	return list, nil
}

// mostLines is above what a record may have of a group.
const mostLines = 10_000

// Filled is the condition that a field has a value.
func Filled(f Declared) *query.Node {
	return query.Comparing(f.declaration().Key, schema.OpNotNull)
}

// In is the condition that a field is one of some values in text form.
func In(f Declared, texts ...string) *query.Node {
	return query.Comparing(f.declaration().Key, schema.OpIn, texts...)
}

// Restored says whether a change takes a record out of the recycle bin.
func (c Change) Restored() bool {
	return c.Before != nil && c.After != nil && !c.Before.At(record.SlotDeletedAt).IsNull()
}

// Touches says whether a change sets one of the fields anew: always for a new
// and for a restored record that has a value in it.
func (c Change) Touches(fields ...Declared) bool {
	if c.After == nil {
		return false
	}
	for _, f := range fields {
		slot := c.After.Shape.Slot(f.declaration().Key)
		switch {
		case c.Before == nil || c.Restored():
			if !c.After.At(slot).IsNull() {
				return true
			}
		case !c.Before.At(slot).Equal(c.After.At(slot)):
			return true
		}
	}
	return false
}

// NoCircle refuses a change that puts a record above itself along a reference
// to its own entity, with the error of the given key on that field. A module
// calls it in Validate, where one record gets its own error, and again in
// Within: only there the other records of one write are seen.
func NoCircle(ctx context.Context, tx Reader, c Change, above *Field[int64], key string) error {
	if !c.Touches(above) {
		return nil
	}
	self, at := c.After.ID(), above.Get(c.After)
	if self == 0 || at == 0 {
		return nil // nothing can be below a record that has no id yet
	}
	if err := tx.Guard(ctx, "circle:"+c.Entity.Name+"."+above.Key()); err != nil {
		return err
	}
	for seen := map[int64]bool{}; at != 0; {
		if at == self || seen[at] {
			return errs.New(errs.Invalid, key).At(above.Key())
		}
		seen[at] = true
		r, err := tx.Get(ctx, c.Entity.Name, at)
		if errs.Is(err, errs.NotFound) {
			return nil // a deleted record ends the line
		}
		if err != nil {
			return err
		}
		at = above.Get(r)
	}
	return nil
}
