package schema

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/base/region"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// regionType is a province, city or county of GB/T 2260: 2, 4 or 6 digits, so
// that "under" is a prefix.
type regionType struct{}

func (regionType) Name() string                           { return "region" }
func (regionType) Columns(_ *Field, base string) []Column { return single(base, record.KindText) }
func (regionType) Ops(*Field) []Op {
	return append(append([]Op(nil), equalOps...), OpUnder, OpNotUnder)
}

func (regionType) Check(f *Field) *errs.Error {
	if f.Set.Level < 0 || f.Set.Level > 3 {
		return wrong("error.setting_level")
	}
	return nil
}

func (regionType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

// Parse accepts a code of 2, 4 or 6 digits (zeros at the end dropped) or names
// such as 江苏, 江苏省南京市, 江苏/南京/玄武区.
func (regionType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	code, ok := region.Find(s)
	if !ok {
		return record.Null, wrong("error.region", "value", s)
	}
	return record.Text(code), nil
}

func (regionType) Text(_ *Field, v record.Value, _ *Env) string { return region.Name(v.Str()) }

func (regionType) Validate(f *Field, v record.Value) *errs.Error {
	if !region.Known(v.Str()) || f.Set.Level > 0 && len(v.Str()) > 2*f.Set.Level {
		return wrong("error.region", "value", v.Str())
	}
	return nil
}

func (t regionType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (regionType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return rawjson.AppendString(b, v.Str())
}

// IsRegion says whether the field holds a region code.
func IsRegion(f *Field) bool { _, ok := f.Type.(regionType); return ok }
