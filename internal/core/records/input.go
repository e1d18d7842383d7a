package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Input is one field that a caller wants to set. For a many-valued field Add
// and Remove may be given instead of Value.
type Input struct {
	Field       *schema.Field
	Value       record.Value
	Partial     bool // Add and Remove instead of Value
	Add, Remove []record.Value
	// Columns are what the field's columns will hold for Value, when the caller
	// worked them out beforehand (Prepare); nil = the write path does it.
	Columns []record.Value
	// Group has the input be the whole list of detail lines of a group instead
	// of the value of a field.
	Group *schema.Lines
	Lines []LineInput
}

// LineInput is one line: a new one, or with its ID one that is there.
type LineInput struct {
	ID     int64
	Inputs []Input
}

// Prepare works out what a write would otherwise do while it holds the writer:
// folded names, sort keys, normalised numbers. Mass writes call it on another
// goroutine.
func (in *Input) Prepare() {
	if len(in.Field.Columns) > 1 && !in.Partial && !in.Value.IsNull() {
		in.Columns = in.Field.Type.Expand(in.Field, in.Value, nil)
	}
}

// ready are the columns of a field that were worked out beforehand, nil when
// they were not or a rule has changed the value since.
func (it *item) ready(ent *schema.Entity, f *schema.Field) []record.Value {
	if f.Slot < 0 {
		return it.copied(ent, f)
	}
	for i := range it.inputs {
		in := &it.inputs[i]
		if in.Field == f {
			if in.Columns != nil && it.after.At(f.Slot).Equal(in.Value) {
				return in.Columns
			}
			return nil
		}
	}
	return nil
}

// Decode reads the fields of a JSON object. Unknown, hidden and read-only
// fields are errors; "version" is given back apart. All errors are reported together.
func (e *Engine) Decode(actor *access.Actor, ent *schema.Entity, body []rawjson.Member) (in []Input, version int64, err error) {
	var list []*errs.Error
	version = -1
	for _, m := range body {
		if m.Key == "version" {
			v, verr := schema.TypeNamed("number").Decode(nil, m.Val, nil)
			if verr != nil || v.IsNull() {
				list = append(list, errs.New(errs.BadRequest, "error.number", "value", m.Val.Text()).At("version"))
			}
			version = v.Int()
			continue
		}
		if g := ent.Line(m.Key); g != nil && actor.Sees(g.Entity) {
			i, errors := e.decodeLines(actor, g, m.Val)
			in, list = append(in, i), append(list, errors...)
			continue
		}
		f := ent.Field(m.Key)
		if f == nil || actor.Level(ent, f) == schema.Hidden {
			list = append(list, errs.New(errs.BadRequest, "error.field_unknown", "field", m.Key).At(m.Key))
			continue
		}
		if actor.Level(ent, f) != schema.Write {
			list = append(list, errs.New(errs.Forbidden, "error.field_read_only", "field", m.Key).At(m.Key))
			continue
		}
		i, ferr := decodeField(f, m.Val, &actor.Env)
		if ferr != nil {
			list = append(list, ferr.At(m.Key))
			continue
		}
		in = append(in, i)
	}
	return in, version, errs.Join(list)
}

func decodeField(f *schema.Field, j rawjson.Value, env *schema.Env) (Input, *errs.Error) {
	in := Input{Field: f}
	if !f.Many() {
		v, err := f.Type.Decode(f, j, env)
		in.Value = v
		return in, err
	}
	switch j.Kind() {
	case 'n', 0:
		in.Value = record.Null
		return in, nil
	case '{':
		in.Partial = true
		ms, err := j.Members()
		if err != nil {
			return in, errs.New(errs.Invalid, "error.want_list")
		}
		for _, m := range ms {
			vals, ferr := decodeList(f, m.Val, env)
			if ferr != nil {
				return in, ferr
			}
			switch m.Key {
			case "add":
				in.Add = vals
			case "remove":
				in.Remove = vals
			default:
				return in, errs.New(errs.Invalid, "error.want_list")
			}
		}
		return in, nil
	}
	vals, err := decodeList(f, j, env)
	in.Value = record.List(vals)
	return in, err
}

func decodeList(f *schema.Field, j rawjson.Value, env *schema.Env) ([]record.Value, *errs.Error) {
	items, err := j.Items()
	if err != nil {
		return nil, errs.New(errs.Invalid, "error.want_list")
	}
	var out []record.Value
	for _, it := range items {
		v, ferr := f.Type.Decode(f, it, env)
		if ferr != nil {
			return nil, ferr
		}
		if !v.IsNull() && !containsValue(out, v) {
			out = append(out, v)
		}
	}
	return out, nil
}

func containsValue(list []record.Value, v record.Value) bool {
	return slices.ContainsFunc(list, v.Equal)
}

// fillIn puts inputs, defaults and what rules set into the new state.
func (s *Session) fillIn(_ context.Context, ent *schema.Entity, items []*item) error {
	for _, it := range items {
		if it.op == access.Delete || it.kind == kindRestore {
			continue
		}
		if it.op == access.Create {
			s.defaults(ent, it)
		}
		for _, in := range it.inputs {
			if in.Group != nil {
				continue
			}
			it.after.SetAt(in.Field.Slot, in.apply(it.after.At(in.Field.Slot)))
		}
		if it.fill != nil {
			it.fill(it.after)
		}
		if err := s.rule(s.step(ent, it), it); err != nil {
			return err
		}
		s.setDept(ent, it)
	}
	return nil
}

func (in *Input) apply(old record.Value) record.Value {
	if !in.Partial {
		return in.Value
	}
	var out []record.Value
	for _, v := range old.List() {
		if !containsValue(in.Remove, v) {
			out = append(out, v)
		}
	}
	for _, v := range in.Add {
		if !containsValue(out, v) {
			out = append(out, v)
		}
	}
	return record.List(out)
}

// defaults fills a new record: the declared ones, the actor as its owner, and
// that nothing is counted for it yet.
func (s *Session) defaults(ent *schema.Entity, it *item) {
	for _, f := range ent.Fields {
		if schema.IsRollup(f) && f.Set.Rollup.Op == "count" && !f.Retired {
			it.after.SetAt(f.Slot, record.Int(0))
		}
		if f.Default == "" || f.Retired {
			continue
		}
		if v, ok := s.defaultValue(f); ok {
			it.after.SetAt(f.Slot, v)
		}
	}
	if ent.Owner != nil && s.actor.ID() != 0 && !InPool(ent, it.inputs) {
		it.after.SetAt(ent.Owner.Slot, record.Int(s.actor.ID()))
	}
}

func (s *Session) defaultValue(f *schema.Field) (record.Value, bool) {
	switch f.Default {
	case "me":
		if schema.IsMember(f) && s.actor.ID() != 0 {
			return record.Int(s.actor.ID()), true
		}
		return record.Null, false
	case "now()":
		if f.Type.Name() == "instant" {
			return record.Int(s.now), true
		}
	case "currency()":
		v, err := f.Type.Parse(f, s.e.currency(), &s.actor.Env)
		return v, err == nil
	case "today()":
		d := query.Today(s.moment(), s.e.Dir.Zone())
		v, err := f.Type.Parse(f, d, &s.actor.Env)
		return v, err == nil
	}
	v, err := f.Type.Parse(f, f.Default, &s.actor.Env)
	if err == nil && f.Many() && !v.IsNull() {
		v = record.List([]record.Value{v})
	}
	return v, err == nil
}

// setDept keeps the department (所属部门) beside the owner: it follows when the owner is set.
func (s *Session) setDept(ent *schema.Entity, it *item) {
	if ent.Owner == nil {
		return
	}
	owner := it.after.At(ent.Owner.Slot)
	if it.exact || it.before != nil && it.before.At(ent.Owner.Slot).Equal(owner) {
		return
	}
	dept := record.Null
	if m, ok := s.e.Dir.Member(owner.Int()); ok && !owner.IsNull() && len(m.Depts) > 0 {
		dept = record.Int(m.Depts[0])
	}
	it.after.SetAt(ent.Dept.Slot, dept)
}
