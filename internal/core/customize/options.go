package customize

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Held says whether records hold an option of a field.
type Held func(code string) (bool, error)

// MergeOption takes an option out of use in favour of another: what stands below
// it goes below that one, what is written with its code or label becomes that
// one, also in filters and conditions. The records that hold it are the caller's
// to change. check is asked first, of what administrators said of the field.
func (s *Store) MergeOption(ctx context.Context, of, key, from, into string, check func(entity.FieldPatch) error) (entity.FieldPatch, error) {
	return s.ChangeField(ctx, of, key, func(p *entity.FieldPatch) error {
		if err := check(*p); err != nil {
			return err
		}
		f := s.registry.State().Entity(of).Field(key)
		if f == nil || !entity.IsChoice(f) || f.Set.SameAs != "" {
			return errs.New(errs.NotFound, "error.field_unknown", "field", key)
		}
		options, err := mergedOptions(f, from, into)
		if err != nil {
			return err
		}
		p.Settings.Options = options
		if f.Default == from {
			p.Default = into
		}
		return nil
	})
}

// mergedOptions are the options of a field after a merge.
func mergedOptions(f *schema.Field, from, into string) ([]schema.Option, error) {
	gone, stays := f.Option(from), f.Option(into)
	switch {
	case gone == nil:
		return nil, errs.New(errs.Invalid, "error.option", "value", from).At("from")
	case stays == nil || stays.Hidden || from == into || slices.Contains(schema.Descendants(f, from), into):
		return nil, errs.New(errs.Invalid, "error.option_merge", "value", into).At("into")
	}
	out := slices.Clone(f.Set.Options)
	for i := range out {
		o := &out[i]
		switch {
		case o.Code == from:
			o.Hidden, o.Into, o.Parent = true, into, ""
		case o.Parent == from:
			o.Parent = into
		}
	}
	return out, nil
}

// KeepHeld puts options that a change leaves out, and that records hold, back
// into it, hidden: nothing that was chosen loses its name. What others stand
// below, or were merged into, stays with them.
func KeepHeld(was entity.FieldPatch, p *entity.FieldPatch, declared func(code string) bool, held Held) error {
	var left []schema.Option
	for _, o := range was.Settings.Options {
		if declared(o.Code) || slices.ContainsFunc(p.Settings.Options, func(n schema.Option) bool { return n.Code == o.Code }) {
			continue
		}
		kept, err := held(o.Code)
		if err != nil {
			return err
		}
		if o.Hidden = true; kept {
			p.Settings.Options = append(p.Settings.Options, o)
		} else {
			left = append(left, o)
		}
	}
	for i := 0; i < len(left); i++ {
		o := left[i]
		if slices.ContainsFunc(p.Settings.Options, func(n schema.Option) bool { return n.Into == o.Code || n.Parent == o.Code }) {
			p.Settings.Options = append(p.Settings.Options, o)
			left, i = slices.Delete(left, i, i+1), -1 // it may stand below another one
		}
	}
	return nil
}

// checkOptions holds a field to the dictionary that it uses: its options are
// changed where they are kept; and to those that the program goes by.
func checkOptions(st *entity.State, e *schema.Entity, f *schema.Field, was, now entity.FieldPatch) error {
	switch {
	case now.Settings.SameAs != was.Settings.SameAs:
		return errs.New(errs.Invalid, "error.field_type_fixed").At("settings")
	case f.Set.SameAs != "" && !slices.EqualFunc(now.Settings.Options, was.Settings.Options, schema.Option.Equal):
		return errs.New(errs.Invalid, "error.option_shared", "field", f.Set.SameAs).At("settings")
	case st.FixedOptions(e, f) && slices.ContainsFunc(now.Settings.Options, func(o schema.Option) bool {
		old := f.Option(o.Code)
		return old == nil || o.Hidden && !old.Hidden
	}):
		return errs.New(errs.Invalid, "error.option_fixed").At("settings")
	}
	return nil
}
