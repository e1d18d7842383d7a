package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// step does what an action does to its own record: the state moves on, if it
// may from where it is, and the action fills in what it was told.
func (s *Session) step(ent *schema.Entity, it *item) error {
	a := it.action
	if a == nil {
		return nil
	}
	if f := ent.Field(a.Move.Key()); f != nil {
		if at := it.before.At(f.Slot).Str(); len(a.Move.From) > 0 && !slices.Contains(a.Move.From, at) {
			label := at
			if o := f.Option(at); o != nil {
				label = o.Label.In(s.actor.Env.Locale)
			}
			return errs.New(errs.Conflict, "error.action_state", "state", label).At(f.Key)
		}
		if a.Move.To != "" {
			it.after.SetAt(f.Slot, record.Text(a.Move.To))
		}
	}
	if a.Fill == nil {
		return nil
	}
	return a.Fill(it.after, entity.Change{Entity: ent, Actor: s.actor, Before: it.before, After: it.after, Now: s.now}, it.input())
}

// input is what the action was told, a record of nothing when it was not told anything.
func (it *item) input() *record.Record {
	if it.arg == nil {
		keys := make([]string, len(it.action.Input))
		for i, f := range it.action.InputFields() {
			keys[i] = f.Key
		}
		it.arg = record.New(record.NewShape("action."+it.action.Name, keys, 0))
	}
	return it.arg
}

// checkArgs holds references in the input of actions to those of a record: what
// is named must be there, and readable for who names it.
func (s *Session) checkArgs(ctx context.Context, items []*item) error {
	for _, it := range items {
		if it.action == nil {
			continue
		}
		for _, f := range it.action.InputFields() {
			v := it.input().At(f.Slot)
			if v.IsNull() || !schema.IsRef(f) {
				continue
			}
			ids := []record.Value{v}
			if f.Many() {
				ids = v.List()
			}
			found := map[int64]bool{}
			if err := s.findRefs(ctx, schema.RefTarget(f), ids, s.trustedBatch(), found); err != nil {
				return err
			}
			if it.err == nil && slices.ContainsFunc(ids, func(v record.Value) bool { return !found[v.Int()] }) {
				it.err = errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.reference").At(f.Key)})
			}
		}
	}
	return nil
}
