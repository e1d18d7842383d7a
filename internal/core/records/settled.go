package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// lineFormulas computes the formulas of lines again after the record they are
// part of was derived.
func (s *Session) lineFormulas(ctx context.Context, ent *schema.Entity, items []*item) error {
	if def := s.st.Def(ent.Name); def == nil || def.Hooks.Derive == nil || len(ent.Lines) == 0 {
		return nil
	}
	return s.withLines(ctx, ent, items, func(_ context.Context, ent *schema.Entity, kids []*item) error {
		for _, kid := range kids {
			if kid.op != access.Delete && kid.err == nil {
				kid.err = s.e.compute(ent, kid.after)
			}
		}
		return nil
	})
}

// locked refuses edits of what is settled; actions and rules go on.
func (s *Session) locked(_ context.Context, ent *schema.Entity, items []*item) error {
	def := s.st.Def(ent.Name)
	if def == nil || def.Locked.State == nil {
		return nil
	}
	state := ent.Field(entity.KeyOf(def.Locked.State))
	for _, it := range items {
		if it.trusted || it.exact || it.action != nil || it.before == nil || it.kind == kindRestore {
			continue
		}
		label := it.before.At(state.Slot).Str()
		if !slices.Contains(def.Locked.In, label) || !def.Locked.Touched(it.change(s, ent)) && !it.linesChange(ent, def.Locked.Lines) {
			continue
		}
		if o := state.Option(label); o != nil {
			label = o.Label.In(s.actor.Env.Locale)
		}
		it.err = errs.New(errs.Locked, "error.locked_state", "entity", ent.Label.In(s.actor.Env.Locale), "state", label)
	}
	return nil
}

// linesChange says whether lines come, go or are edited with the record, those of
// open groups aside.
func (it *item) linesChange(ent *schema.Entity, open []string) bool {
	for i := range ent.Lines {
		g := &ent.Lines[i]
		if slices.Contains(open, g.Key) {
			continue
		}
		for _, kid := range it.lines[g.Key] {
			kid.settle(g.Entity)
			if kid.op != access.Update || len(kid.changed) > 0 {
				return true
			}
		}
	}
	return false
}
