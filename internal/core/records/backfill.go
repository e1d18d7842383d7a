package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// BackfillKind is the kind of jobs that compute a new formula or roll-up for
// the records that were there before it.
const BackfillKind = "backfill"

// backfillPage is how many records one transaction computes.
const backfillPage = 200

// Derived names a field whose values are computed.
type Derived struct {
	Entity string `json:"entity"`
	Field  string `json:"field"`
}

// Backfill is what such a job has to do, and how far it is: kept with every
// step, so that it goes on after a crash.
type Backfill struct {
	Registry int64     `json:"registry"` // version of the overlay that defines the fields
	Fields   []Derived `json:"fields"`   // still to be done, the first of them in work
	After    int64     `json:"after,omitempty"`
	Done     int       `json:"done"`    // records looked at
	Changed  int       `json:"changed"` // of them, records whose value became another
	Failed   int       `json:"failed"`  // of them, records whose formula has no result, such as a division by zero
	Total    int       `json:"total"`
}

// DerivedAnew lists the stored formulas and roll-ups of now that were not
// there in was, or are computed in another way.
func DerivedAnew(was, now *schema.Snapshot) []Derived {
	var out []Derived
	for _, ent := range now.Entities {
		old := was.Entity(ent.Name)
		for _, f := range ent.Fields {
			if !backfilled(f) {
				continue
			}
			if old == nil || !sameDefinition(old.Field(f.Key), f) {
				out = append(out, Derived{ent.Name, f.Key})
			}
		}
	}
	return out
}

func backfilled(f *schema.Field) bool {
	return f != nil && !f.Retired && (schema.IsRollup(f) || schema.IsFormula(f) && !f.Volatile)
}

func sameDefinition(a, b *schema.Field) bool {
	if !backfilled(a) || a.Set.Formula != b.Set.Formula || a.Set.Result != b.Set.Result || (a.Set.Rollup == nil) != (b.Set.Rollup == nil) {
		return false
	}
	return a.Set.Rollup == nil || *a.Set.Rollup == *b.Set.Rollup
}

// RunBackfill computes the fields page by page. A computed value is no edit:
// versions, history and events stay as they are. step is called in the
// transaction of each page with what to keep of b; progress may be nil.
func (e *Engine) RunBackfill(ctx context.Context, b *Backfill, step func(ctx context.Context, tx sqldb.Tx, b *Backfill) error, progress func(done, total int)) error {
	if e.Registry.State().Overlay.Version < b.Registry {
		return errs.New(errs.Unavailable, "error.definition_moved")
	}
	if b.Total == 0 {
		if err := e.countBackfill(ctx, b); err != nil {
			return err
		}
	}
	for len(b.Fields) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var next Backfill
		err := e.InTx(ctx, access.System("values of a new formula or roll-up"), func(s *Session) error {
			next = *b
			if err := s.backfill(&next); err != nil {
				return err
			}
			return step(ctx, s.tx, &next)
		})
		if err != nil {
			return err
		}
		*b = next
		if progress != nil {
			progress(b.Done, max(b.Total, b.Done))
		}
	}
	return nil
}

func (e *Engine) countBackfill(ctx context.Context, b *Backfill) error {
	st := e.Registry.State()
	return e.DB.Read(ctx, func(q sqldb.Querier) error {
		for _, d := range b.Fields {
			ent := st.Entity(d.Entity)
			if ent == nil {
				continue
			}
			n, err := store.Rows(ctx, q, ent)
			if err != nil {
				return err
			}
			b.Total += int(n)
		}
		return nil
	})
}

// backfill computes the next page of the first field, and goes on to the next
// field behind the last.
func (s *Session) backfill(b *Backfill) error {
	d := b.Fields[0]
	ent := s.st.Entity(d.Entity)
	if ent == nil || !backfilled(ent.Field(d.Field)) { // taken away meanwhile
		b.Fields, b.After = b.Fields[1:], 0
		return nil
	}
	ids, err := store.After(s.ctx, s.tx, ent, b.After, backfillPage)
	if err != nil {
		return err
	}
	f := ent.Field(d.Field)
	if len(ids) > 0 {
		var changed []record.Value
		var failed int
		if schema.IsRollup(f) {
			changed, err = s.rollUpPage(ent, f, ids)
		} else {
			changed, failed, err = s.computePage(ent, ids)
		}
		if err != nil {
			return err
		}
		b.Done += len(ids)
		b.Changed += len(changed)
		b.Failed += failed
		b.After = ids[len(ids)-1].Int()
	}
	if len(ids) == backfillPage {
		return nil
	}
	b.Fields, b.After = append(b.Fields[1:len(b.Fields):len(b.Fields)], s.above(ent, f, b.Fields[1:])...), 0
	return nil
}

// above lists the roll-ups that read a computed field and are not listed yet.
func (s *Session) above(ent *schema.Entity, f *schema.Field, listed []Derived) (out []Derived) {
	if schema.IsRollup(f) {
		return nil // a roll-up of a roll-up follows in the night, as it does when records are written
	}
	for _, parent := range s.st.Entities {
		for _, g := range parent.Fields {
			d := Derived{parent.Name, g.Key}
			if schema.IsRollup(g) && !g.Retired && g.Set.Rollup.Entity == ent.Name && g.Set.Rollup.Field == f.Key && !containsDerived(listed, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

func containsDerived(list []Derived, d Derived) bool {
	for _, x := range list {
		if x == d {
			return true
		}
	}
	return false
}

// computePage computes the stored formulas of some records. One that has no
// result is left empty.
func (s *Session) computePage(ent *schema.Entity, ids []record.Value) (changed []record.Value, failed int, err error) {
	items := make([]*item, len(ids))
	for i, v := range ids {
		items[i] = &item{op: access.Update, id: v.Int()}
	}
	recs, err := s.lock(s.ctx, ent, items)
	if err != nil {
		return nil, 0, err
	}
	var dirty []int64
	for _, v := range ids {
		was := recs[v.Int()]
		if was == nil {
			continue
		}
		now := was.Clone()
		if err := s.e.compute(ent, now); err != nil {
			failed++
			continue
		}
		var fields []*schema.Field
		for _, f := range ent.Formulas {
			if !was.At(f.Slot).Equal(now.At(f.Slot)) {
				fields = append(fields, f)
			}
		}
		if len(fields) == 0 {
			continue
		}
		if err := store.SetComputed(s.ctx, s.tx, ent, now, fields); err != nil {
			return nil, 0, err
		}
		changed, dirty = append(changed, v), append(dirty, v.Int())
	}
	if len(dirty) == 0 || s.e.Search == nil || len(ent.SearchFields()) == 0 {
		return changed, failed, nil
	}
	return changed, failed, search.MarkDirty(s.ctx, s.tx, ent.Name, dirty...)
}

// rollUpPage computes a roll-up of some records.
func (s *Session) rollUpPage(parent *schema.Entity, f *schema.Field, ids []record.Value) ([]record.Value, error) {
	r := f.Set.Rollup
	from := s.st.Entity(r.Entity)
	if from == nil || from.Field(r.Via) == nil || from.Field(r.Field) == nil && r.Op != "count" {
		return nil, nil
	}
	return store.RecomputeSome(s.ctx, s.tx, from, from.Field(r.Via), from.Field(r.Field), r.Op, parent, ids, f)
}
