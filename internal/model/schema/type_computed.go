package schema

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// formulaType is computed from other fields of the record (PLT-17). It stores
// and prints like its result type.
type formulaType struct{}

func resultType(f *Field) Type {
	switch f.Set.Result {
	case "number":
		return numberType{}
	case "money":
		return moneyType{}
	case "percent":
		return percentType{}
	case "date":
		return dateType{}
	case "switch":
		return switchType{}
	case "text":
		return textType{}
	}
	return decimalType{}
}

func (formulaType) Name() string { return "formula" }

func (formulaType) Check(f *Field) *errs.Error {
	switch f.Set.Result {
	case "", "decimal", "number", "money", "percent", "date", "switch", "text":
	default:
		return wrong("error.setting_result")
	}
	if f.Set.Formula == "" {
		return wrong("error.setting_formula")
	}
	return nil
}

func (formulaType) Columns(f *Field, base string) []Column {
	if f.Volatile {
		return nil
	}
	return resultType(f).Columns(f, base)
}

func (formulaType) Expand(f *Field, v record.Value, dst []record.Value) []record.Value {
	return resultType(f).Expand(f, v, dst)
}

func (formulaType) Parse(f *Field, s string, env *Env) (record.Value, *errs.Error) {
	return resultType(f).Parse(f, s, env)
}

func (formulaType) Text(f *Field, v record.Value, env *Env) string {
	return resultType(f).Text(f, v, env)
}
func (formulaType) Validate(*Field, record.Value) *errs.Error { return nil }

func (formulaType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return resultType(f).Decode(f, j, env)
}

func (formulaType) Encode(f *Field, b []byte, v record.Value) []byte {
	return resultType(f).Encode(f, b, v)
}

// Ops are those of the result; what is not stored cannot be asked for.
func (formulaType) Ops(f *Field) []Op {
	if f.Volatile {
		return nil
	}
	return resultType(f).Ops(f)
}

// IsFormula says whether the field is computed from its own record.
func IsFormula(f *Field) bool { _, ok := f.Type.(formulaType); return ok }

// IsRollup says whether the field is kept from records that point here.
func IsRollup(f *Field) bool { _, ok := f.Type.(rollupType); return ok }

// ValueType names the type of a field's values: that of the result of a formula
// or a roll-up, else the field's own.
func ValueType(f *Field) string {
	switch f.Type.(type) {
	case formulaType:
		return resultType(f).Name()
	case rollupType:
		return rollupResult(f).Name()
	}
	return f.Type.Name()
}

// rollupType is kept from the records that point here: count, sum, min, max, last.
type rollupType struct{}

func (rollupType) Name() string { return "rollup" }

func (rollupType) Check(f *Field) *errs.Error {
	r := f.Set.Rollup
	if r == nil || r.Entity == "" || r.Via == "" {
		return wrong("error.setting_rollup")
	}
	switch r.Op {
	case "count":
	case "sum", "min", "max", "last":
		if r.Field == "" {
			return wrong("error.setting_rollup")
		}
	default:
		return wrong("error.setting_rollup")
	}
	return nil
}

// rollupResult is the type a roll-up prints as; Set.Result is filled by the
// registry from the summed field.
func rollupResult(f *Field) Type {
	if f.Set.Rollup != nil && f.Set.Rollup.Op == "count" || f.Set.Result == "" {
		return numberType{}
	}
	if f.Set.Result == "instant" {
		return instantType{}
	}
	return resultType(f)
}

func (rollupType) Columns(f *Field, base string) []Column { return rollupResult(f).Columns(f, base) }

func (rollupType) Expand(f *Field, v record.Value, dst []record.Value) []record.Value {
	return rollupResult(f).Expand(f, v, dst)
}

func (rollupType) Parse(f *Field, s string, env *Env) (record.Value, *errs.Error) {
	return rollupResult(f).Parse(f, s, env)
}

func (rollupType) Text(f *Field, v record.Value, env *Env) string {
	return rollupResult(f).Text(f, v, env)
}
func (rollupType) Validate(*Field, record.Value) *errs.Error { return nil }

func (rollupType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return rollupResult(f).Decode(f, j, env)
}

func (rollupType) Encode(f *Field, b []byte, v record.Value) []byte {
	return rollupResult(f).Encode(f, b, v)
}
func (rollupType) Ops(f *Field) []Op { return rollupResult(f).Ops(f) }
