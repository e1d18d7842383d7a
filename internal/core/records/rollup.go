package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// rollUp keeps the roll-up columns of the records that the written ones point
// to (PLT-17): counts and sums by difference, the others anew, once per parent.
// They do not raise the parent's version.
func (s *Session) rollUp(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, r := range s.st.Rollups(ent.Name) {
		var ids []int64
		for _, f := range r.Fields {
			changed, err := s.rollUpField(ctx, ent, items, r.Entity, f)
			if err != nil {
				return err
			}
			ids = append(ids, changed...)
		}
		if err := s.rolled(r.Entity, ids); err != nil {
			return err
		}
	}
	return nil
}

// rolled has the hooks of the records whose roll-ups changed look at them again,
// where they declare that they do.
func (s *Session) rolled(parent *schema.Entity, ids []int64) error {
	def := s.st.Def(parent.Name)
	if def == nil || !def.Hooks.WithRollups {
		return nil
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if err := s.Update(s.ctx, parent.Name, id, func(*record.Record) {}); err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return nil
}

// delta is what a batch does to the roll-up of one parent.
type delta struct {
	count, sum int64
	anew       bool
}

// rollUpField keeps one roll-up and gives the records whose it is.
func (s *Session) rollUpField(ctx context.Context, ent *schema.Entity, items []*item, parent *schema.Entity, f *schema.Field) ([]int64, error) {
	r := f.Set.Rollup
	via, of := ent.Field(r.Via), ent.Field(r.Field)
	if via == nil || of == nil && r.Op != "count" {
		return nil, nil
	}
	byParent := map[int64]*delta{}
	var order []int64
	at := func(id int64) *delta {
		d := byParent[id]
		if d == nil {
			d = &delta{}
			byParent[id] = d
			order = append(order, id)
		}
		return d
	}
	add := func(rec *record.Record, sign int64) {
		if rec == nil || rec.At(via.Slot).IsNull() {
			return
		}
		d := at(rec.At(via.Slot).Int())
		d.count += sign
		if of != nil {
			d.sum += sign * rec.At(of.Slot).Int()
		}
		d.anew = true
	}
	for _, it := range items {
		if it.kind != kindRestore {
			add(it.before, -1)
		}
		if it.op != access.Delete {
			add(it.after, 1)
		}
	}
	for _, id := range order {
		d := byParent[id]
		var err error
		switch {
		case r.Op == "count" && d.count != 0:
			err = store.AddTo(ctx, s.tx, parent, id, f, d.count)
		case r.Op == "sum" && d.sum != 0:
			err = store.AddTo(ctx, s.tx, parent, id, f, d.sum)
		case r.Op != "count" && r.Op != "sum" && d.anew:
			err = store.Recompute(ctx, s.tx, ent, via, of, r.Op, parent, id, f)
		}
		if err != nil {
			return nil, err
		}
	}
	return order, nil
}

// RepairRollups computes every roll-up of an entity anew, page by page; the
// nightly job.
func (e *Engine) RepairRollups(ctx context.Context, name string) error {
	parent := e.Registry.State().Entity(name)
	if parent == nil {
		return errNoEntity(name)
	}
	b := Backfill{Total: 1}
	for _, f := range parent.Fields {
		if schema.IsRollup(f) && !f.Retired {
			b.Fields = append(b.Fields, Derived{name, f.Key})
		}
	}
	return e.RunBackfill(ctx, &b, func(context.Context, sqldb.Tx, *Backfill) error { return nil }, nil)
}
