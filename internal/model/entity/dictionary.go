package entity

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// SameAs gives a choice the options of another: they are one dictionary, which
// administrators keep in one place.
func (f *Field[T]) SameAs(entity string, other Declared) *Field[T] {
	f.def.Set.SameAs = entity + "." + other.declaration().Key
	return f
}

// IsChoice says whether a field's values are options of a dictionary.
func IsChoice(f *schema.Field) bool {
	return f.Type.Name() == "choice" || f.Type.Name() == "tree_choice"
}

// splitField takes "crm.customer.source" apart.
func splitField(name string) (entity, key string) {
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return "", name
	}
	return name[:at], name[at+1:]
}

// share gives fields the options of those whose dictionary they use. What only
// the field itself offered once stays behind them: records may hold it.
func share(list []*schema.Entity, o *Overlay) {
	for _, e := range list {
		for _, f := range e.Fields {
			if f.Set.SameAs == "" {
				continue
			}
			own := f.Set.Options
			f.Set.Options = slices.Clone(optionsOf(list, o, f.Set.SameAs))
			for _, opt := range own {
				if f.Option(opt.Code) == nil {
					f.Set.Options = append(f.Set.Options, opt)
				}
			}
		}
	}
}

// optionsOf are the options of a field, also where its entity was retired.
func optionsOf(list []*schema.Entity, o *Overlay, name string) []schema.Option {
	of, key := splitField(name)
	for _, e := range list {
		if e.Name == of {
			for _, f := range e.Fields {
				if f.Key == key {
					return f.Set.Options
				}
			}
		}
	}
	for _, p := range o.Fields {
		if p.Add && p.Entity == of && p.Key == key {
			return p.Settings.Options
		}
	}
	return nil
}

// checkShare says what is wrong with the dictionary that a field wants to use.
func checkShare(snap *schema.Snapshot, p FieldPatch) *errs.Error {
	if p.Settings.SameAs == "" {
		return nil
	}
	of, key := splitField(p.Settings.SameAs)
	if e := snap.Entity(of); e != nil {
		if f := e.Field(key); f != nil && f.Type.Name() == p.Type && f.Set.SameAs == "" {
			return nil
		}
	}
	return errs.New(errs.Invalid, "error.option_same", "field", p.Settings.SameAs).At("settings")
}

// Dictionary are the fields that have one dictionary: its own first.
func (s *State) Dictionary(e *schema.Entity, f *schema.Field) []DictionaryField {
	name := e.Name + "." + f.Key
	out := []DictionaryField{{e, f}}
	for _, other := range s.Entities {
		for _, g := range other.Fields {
			if g.Set.SameAs == name {
				out = append(out, DictionaryField{other, g})
			}
		}
	}
	return out
}

// DictionaryField is a field that uses a dictionary.
type DictionaryField struct {
	Entity *schema.Entity
	Field  *schema.Field
}

// Declares says whether the program itself knows an option of a field.
func (s *State) Declares(e *schema.Entity, f *schema.Field, code string) bool {
	d := s.declared(e, f)
	return d != nil && d.Option(code) != nil
}

// FixedOptions says whether the program reads the codes of a field, or its
// actions move it from option to option: administrators name its options, and
// neither add nor merge any.
func (s *State) FixedOptions(e *schema.Entity, f *schema.Field) bool {
	def := s.Def(e.Name)
	return f.Coded || def != nil && slices.ContainsFunc(def.Actions, func(a Action) bool { return a.Move.Key() == f.Key })
}

// InputFields are the fields that an action asks for, with the options of the
// moment where they use the dictionary of a record's field.
func (s *State) InputFields(a *Action) []*schema.Field {
	out := a.InputFields()
	for _, f := range out {
		of, key := splitField(f.Set.SameAs)
		if e := s.Entity(of); e != nil && e.Field(key) != nil {
			f.Set.Options = e.Field(key).Set.Options
		}
	}
	return out
}
