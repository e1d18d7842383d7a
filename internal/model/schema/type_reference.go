package schema

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Names of the two entities that field types refer to. They are declared by a
// module; the types only need their names.
const (
	MemberEntity     = "org.member"
	DepartmentEntity = "org.department"
)

// referenceType is a record of one entity, or several.
type referenceType struct{}

func (referenceType) Name() string { return "reference" }

func (referenceType) Check(f *Field) *errs.Error {
	if RefTarget(f) == "" {
		return wrong("error.setting_target")
	}
	return nil
}

func (referenceType) Columns(f *Field, base string) []Column {
	if f.Many() {
		return nil
	}
	return []Column{{Name: base + "_id", Kind: record.KindInt, Ref: RefTarget(f)}}
}

func (referenceType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (referenceType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	n, err := id.Parse(s)
	if err != nil {
		return record.Null, asError(err)
	}
	return record.Int(int64(n)), nil
}

func (referenceType) Text(_ *Field, v record.Value, _ *Env) string {
	if v.IsNull() {
		return ""
	}
	return id.ID(v.Int()).String()
}
func (referenceType) Validate(*Field, record.Value) *errs.Error { return nil }

// Decode accepts an id or an object with an id.
func (t referenceType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	if j.Kind() == '{' {
		j, _ = j.Get("id")
	}
	return decodeByParse(t, f, j, env)
}

func (referenceType) Encode(_ *Field, b []byte, v record.Value) []byte {
	b = append(b, '"')
	b = id.ID(v.Int()).AppendText(b)
	return append(b, '"')
}

func (referenceType) Ops(*Field) []Op { return equalOps }

// RefTarget is the entity a reference, member or department field points to.
func RefTarget(f *Field) string {
	switch f.Type.(type) {
	case memberType:
		return MemberEntity
	case departmentType:
		return DepartmentEntity
	}
	return f.Set.Target
}

// IsRef says whether the field's values are ids of records of one entity.
func IsRef(f *Field) bool {
	switch f.Type.(type) {
	case referenceType, memberType, departmentType:
		return true
	}
	return false
}

// IsMember says whether the field holds members.
func IsMember(f *Field) bool { _, ok := f.Type.(memberType); return ok }

// IsDepartment says whether the field holds departments.
func IsDepartment(f *Field) bool { _, ok := f.Type.(departmentType); return ok }

// IsAnyRef says whether the field may point to records of several entities.
func IsAnyRef(f *Field) bool { _, ok := f.Type.(anyRefType); return ok }

// IsChoice says whether the field's values are codes of a dictionary.
func IsChoice(f *Field) bool {
	switch f.Type.(type) {
	case choiceType, treeChoiceType:
		return true
	}
	return false
}

// memberType is a person of the company (成员).
type memberType struct{ referenceType }

func (memberType) Name() string             { return "member" }
func (memberType) Check(*Field) *errs.Error { return nil }

// departmentType is a department; "under" means it or one below it.
type departmentType struct{ referenceType }

func (departmentType) Name() string             { return "department" }
func (departmentType) Check(*Field) *errs.Error { return nil }
func (departmentType) Ops(*Field) []Op {
	return append(append([]Op(nil), equalOps...), OpUnder, OpNotUnder)
}

// anyRefType points to a record of any of several entities: two columns, no foreign key.
type anyRefType struct{}

func (anyRefType) Name() string { return "any_ref" }

func (anyRefType) Check(f *Field) *errs.Error {
	if f.Set.Many {
		return wrong("error.setting_many")
	}
	return nil
}

func (anyRefType) Columns(_ *Field, base string) []Column {
	return []Column{{Name: base + "_type", Kind: record.KindText}, {Name: base + "_id", Kind: record.KindInt}}
}

func (anyRefType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	if v.IsNull() {
		return append(dst, record.Null, record.Null)
	}
	return append(dst, record.Text(v.Str()), record.Int(v.Int()))
}

// Parse reads entity:ID.
func (anyRefType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	for i := len(s) - 1; i > 0; i-- {
		if s[i] == ':' {
			n, err := id.Parse(s[i+1:])
			if err != nil {
				return record.Null, asError(err)
			}
			return record.Ref(s[:i], int64(n)), nil
		}
	}
	return record.Null, wrong("error.any_ref", "value", s)
}

func (anyRefType) Text(_ *Field, v record.Value, _ *Env) string {
	if v.IsNull() {
		return ""
	}
	return v.Str() + ":" + id.ID(v.Int()).String()
}

func (anyRefType) Validate(f *Field, v record.Value) *errs.Error {
	for _, t := range f.Set.Targets {
		if t == v.Str() {
			return nil
		}
	}
	return wrong("error.any_ref_target", "entity", v.Str())
}

func (t anyRefType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	if j.Kind() != '{' {
		return decodeByParse(t, f, j, env)
	}
	kind, _ := j.Get("type")
	rec, _ := j.Get("id")
	if kind.IsNull() && rec.IsNull() {
		return record.Null, nil
	}
	return t.Parse(f, kind.Text()+":"+rec.Text(), env)
}

func (anyRefType) Encode(_ *Field, b []byte, v record.Value) []byte {
	b = append(b, `{"type":"`...)
	b = append(b, v.Str()...)
	b = append(b, `","id":"`...)
	b = id.ID(v.Int()).AppendText(b)
	return append(b, `"}`...)
}

func (anyRefType) Ops(*Field) []Op { return []Op{OpEq, OpNe, OpIn, OpNotIn, OpNull, OpNotNull} }
