package entity

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// InputFields are the fields an action asks for, in order.
func (a *Action) InputFields() []*schema.Field {
	out := make([]*schema.Field, len(a.Input))
	for i, d := range a.Input {
		f := *d.declaration()
		f.Slot = i
		out[i] = &f
	}
	return out
}

// InputOf are the fields that a list of handles declares, in order.
func InputOf(list []Declared) []*schema.Field { return (&Action{Input: list}).InputFields() }

// DecodeInput reads an action's typed input from the members of a JSON object;
// version is given back apart, -1 when there is none. The handles in Input
// read the record.
func (s *State) DecodeInput(a *Action, body []rawjson.Member, env *schema.Env) (rec *record.Record, version int64, err error) {
	fields := s.InputFields(a)
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.Key
	}
	rec = record.New(record.NewShape("action."+a.Name, keys, 0))
	version = -1
	var list []*errs.Error
	for _, m := range body {
		if m.Key == "version" {
			v, verr := schema.TypeNamed("number").Decode(nil, m.Val, nil)
			if verr != nil {
				return nil, 0, verr
			}
			version = v.Int()
			continue
		}
		slot := rec.Shape.Slot(m.Key)
		if slot < 0 {
			list = append(list, errs.New(errs.BadRequest, "error.field_unknown", "field", m.Key).At(m.Key))
			continue
		}
		v, verr := fields[slot].Type.Decode(fields[slot], m.Val, env)
		if verr == nil && !v.IsNull() {
			verr = fields[slot].Type.Validate(fields[slot], v)
		}
		if verr != nil {
			list = append(list, verr.At(m.Key))
			continue
		}
		rec.SetAt(slot, v)
	}
	for i, f := range fields {
		if f.Required && rec.At(i).IsNull() && len(list) == 0 {
			list = append(list, errs.New(errs.Invalid, "error.required").At(f.Key))
		}
	}
	return rec, version, errs.Join(list)
}
