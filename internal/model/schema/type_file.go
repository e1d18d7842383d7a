package schema

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// fileType holds uploaded files: ids of rows of the file table, always a list.
type fileType struct{ referenceType }

func (fileType) Name() string { return "file" }

func (fileType) Check(f *Field) *errs.Error {
	if !f.Set.Many {
		return wrong("error.setting_many_needed")
	}
	return nil
}
func (fileType) Columns(*Field, string) []Column { return nil }
func (fileType) Ops(*Field) []Op                 { return nullOps }

func (fileType) Validate(*Field, record.Value) *errs.Error { return nil }

// IsFile says whether the field holds uploaded files.
func IsFile(f *Field) bool { _, ok := f.Type.(fileType); return ok }

// keyType is the id of a record.
type keyType struct{ referenceType }

func (keyType) Name() string             { return "id" }
func (keyType) Check(*Field) *errs.Error { return nil }
func (keyType) Columns(_ *Field, base string) []Column {
	return single(base, record.KindInt)
}
func (keyType) Ops(*Field) []Op { return []Op{OpEq, OpNe, OpIn, OpNotIn} }

// autoNumberType is a number the system gives in the saving transaction (PLT-16).
type autoNumberType struct{ textType }

func (autoNumberType) Name() string { return "auto_number" }

func (autoNumberType) Check(f *Field) *errs.Error {
	if n := f.Set.Number; n != nil {
		switch n.Date {
		case "", "YYYY", "YYYYMM", "YYYYMMDD":
		default:
			return wrong("error.setting_number")
		}
		switch n.Reset {
		case "", "never", "year", "month", "day":
		default:
			return wrong("error.setting_number")
		}
		if n.Digits < 0 || n.Digits > 12 || len(n.Prefix) > 32 {
			return wrong("error.setting_number")
		}
	}
	return nil
}

// CheckNumbering says what is wrong with numbers that begin anew and do not say
// when they did: the same would be given twice.
func CheckNumbering(n *Numbering) *errs.Error {
	least := map[string]int{"year": len("YYYY"), "month": len("YYYYMM"), "day": len("YYYYMMDD")}
	if n != nil && len(n.Date) < least[n.Reset] {
		return wrong("error.setting_number_reset")
	}
	return nil
}

// IsAutoNumber says whether the system numbers the field.
func IsAutoNumber(f *Field) bool { _, ok := f.Type.(autoNumberType); return ok }
