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

// maxMany is the most values of a many-valued field.
const maxMany = 500

// check validates fields one by one and collects every error, so that a form
// shows them together. Only fields that change are checked on an update, and
// empty ones of which a change may ask a value now: an old value that a newer
// rule forbids does not stop other work.
func (s *Session) check(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, it := range items {
		if it.op == access.Delete {
			continue
		}
		var list []*errs.Error
		rules := s.st.Rules(ent.Name)
		for _, f := range ent.Fields {
			if f.System || f.Retired || schema.IsRollup(f) {
				continue
			}
			v := it.after.At(f.Slot)
			if it.before != nil && it.kind != kindRestore && it.before.At(f.Slot).Equal(v) && !(v.IsNull() && rules.Stirred(f, it.before, it.after)) {
				continue
			}
			err := checkField(f, v, rules.Required(f, it.after))
			if err == nil {
				err = s.checkAsked(f, v)
			}
			if err != nil {
				list = append(list, err.At(f.Key))
			}
		}
		it.err = errs.Join(list)
	}
	if err := s.checkFiles(ctx, ent, alive(items)); err != nil {
		return err
	}
	if err := s.checkArgs(ctx, alive(items)); err != nil {
		return err
	}
	return s.checkRefs(ctx, ent, alive(items))
}

func checkField(f *schema.Field, v record.Value, required bool) *errs.Error {
	if v.IsNull() {
		if required && !schema.IsAutoNumber(f) && !schema.IsFormula(f) {
			return errs.New(errs.Invalid, "error.required")
		}
		return nil
	}
	if !f.Many() {
		return f.Type.Validate(f, v)
	}
	if len(v.List()) > maxMany {
		return errs.New(errs.Invalid, "error.many_values", "most", "500")
	}
	for _, one := range v.List() {
		if err := f.Type.Validate(f, one); err != nil {
			return err
		}
	}
	return nil
}

// checkRefs makes sure that every newly set reference points to a record that
// is there and that the actor may read: nobody learns of a record by naming it.
// What comes back from the recycle bin keeps its references; only those it
// cannot be without must be there.
func (s *Session) checkRefs(ctx context.Context, ent *schema.Entity, items []*item) error {
	past := s.trustedBatch() || !slices.ContainsFunc(items, func(it *item) bool { return !it.trusted && it.kind != kindRestore })
	for _, f := range ent.Fields {
		if f.System || f.Retired || f == ent.Dept || !schema.IsRef(f) && !schema.IsAnyRef(f) {
			continue
		}
		if f == ent.Parent && len(items) > 0 && items[0].under != nil {
			continue // it is being written with the line
		}
		wanted := map[string][]record.Value{}
		for _, it := range items {
			for _, ref := range newRefs(f, it) {
				wanted[ref.target] = append(wanted[ref.target], record.Int(ref.id))
			}
		}
		found := map[int64]bool{}
		for target, ids := range wanted {
			if err := s.findRefs(ctx, target, ids, past, found); err != nil {
				return err
			}
		}
		if len(wanted) == 0 {
			continue
		}
		for _, it := range items {
			for _, ref := range newRefs(f, it) {
				if f == ent.Owner && !past && it.err == nil && s.left(ref.id) {
					it.err = errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.owner_disabled").At(f.Key)})
				}
				if !found[ref.id] && !s.reviving[ref.id] && it.err == nil && !(ref.target == ent.Name && ref.id == it.id) {
					it.err = errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.reference").At(f.Key)})
				}
			}
		}
	}
	return nil
}

// left says whether a member was disabled. One who never had a login is not
// meant: records of his come with imports before he is given one.
func (s *Session) left(member int64) bool {
	m, ok := s.e.Dir.Member(member)
	return ok && m.Disabled && m.Login != ""
}

type ref struct {
	target string
	id     int64
}

func newRefs(f *schema.Field, it *item) []ref {
	v := it.after.At(f.Slot)
	if it.kind == kindRestore && !f.Required {
		return nil
	}
	if it.op == access.Delete || v.IsNull() || it.before != nil && it.kind != kindRestore && it.before.At(f.Slot).Equal(v) {
		return nil
	}
	if schema.IsAnyRef(f) {
		return []ref{{v.Str(), v.Int()}}
	}
	target := schema.RefTarget(f)
	if !f.Many() {
		return []ref{{target, v.Int()}}
	}
	var out []ref
	for _, one := range v.List() {
		out = append(out, ref{target, one.Int()})
	}
	return out
}

func (s *Session) findRefs(ctx context.Context, target string, ids []record.Value, past bool, found map[int64]bool) error {
	var rest []record.Value
	for _, id := range ids {
		switch {
		case target == schema.MemberEntity:
			if m, ok := s.e.Dir.Member(id.Int()); ok && (!m.Disabled || past) {
				found[id.Int()] = true
				continue
			}
			rest = append(rest, id)
		default:
			rest = append(rest, id)
		}
	}
	ent := s.st.Entity(target)
	if ent == nil || len(rest) == 0 {
		return nil
	}
	permit := s.actor.Permit(ent, access.Read)
	if past {
		permit = access.System("reference set by a rule").Permit(ent, access.Read)
	}
	fields := []*schema.Field{ent.Fields[record.SlotID]}
	var rows sqldb.Rows
	if err := store.Get(ctx, s.tx, store.Select{Snap: s.st.Snapshot, Entity: ent, Permit: permit, Fields: fields, Hold: true}, rest, &rows); err != nil {
		return err
	}
	for i := range rows.Len() {
		found[rows.At(i, 0).Int()] = true
	}
	return nil
}

// trustedBatch says whether a rule, not a person, sets the fields.
func (s *Session) trustedBatch() bool { return s.depth > 0 || s.actor.IsSystem() }
