package schema

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// JSON is a JSON value whose type is not known yet.
type JSON = rawjson.Value

// defaultMax is the most characters of a text field without a limit of its own.
const defaultMax = 255

// textType is one line of text (PLT-3).
type textType struct{}

func (textType) Name() string { return "text" }

func (textType) Check(f *Field) *errs.Error {
	if f.Set.Max < 0 || f.Set.Max > 4000 {
		return wrong("error.setting_max", "most", "4000")
	}
	return nil
}

func (textType) Columns(f *Field, base string) []Column {
	cols := single(base, record.KindText)
	if f.Folded || f.Unique {
		cols = append(cols, Column{Name: base + "_k", Kind: record.KindText})
	}
	if f.Company {
		cols = append(cols, Column{Name: base + "_c", Kind: record.KindText})
	}
	if f.Sortable {
		cols = append(cols, Column{Name: base + "_s", Kind: record.KindText})
	}
	return cols
}

func (textType) Expand(f *Field, v record.Value, dst []record.Value) []record.Value {
	dst = append(dst, v)
	if f.Folded || f.Unique {
		dst = append(dst, record.Text(text.Key(v.Str())))
	}
	if f.Company {
		dst = append(dst, record.Text(text.FoldCompany(v.Str())))
	}
	if f.Sortable {
		dst = append(dst, record.Text(text.SortKey(v.Str())))
	}
	return dst
}

func (textType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	return record.Text(s), nil
}

func (textType) Text(_ *Field, v record.Value, _ *Env) string { return v.Str() }

func (textType) Validate(f *Field, v record.Value) *errs.Error {
	limit := f.Set.Max
	if limit == 0 {
		limit = defaultMax
	}
	return checkText(v.Str(), limit)
}

func (textType) Decode(_ *Field, j JSON, _ *Env) (record.Value, *errs.Error) { return decodeText(j) }

func (textType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return rawjson.AppendString(b, v.Str())
}

func (textType) Ops(*Field) []Op { return textOps }

// longTextType is text of many lines, kept in the side table and read only when asked for.
type longTextType struct{}

// longMax is the most characters of a long text.
const longMax = 100_000

func (longTextType) Name() string                    { return "long_text" }
func (longTextType) Check(*Field) *errs.Error        { return nil }
func (longTextType) Columns(*Field, string) []Column { return nil }
func (longTextType) Expand(_ *Field, _ record.Value, dst []record.Value) []record.Value {
	return dst
}

func (longTextType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	return record.Text(strings.ReplaceAll(s, "\r\n", "\n")), nil
}
func (longTextType) Text(_ *Field, v record.Value, _ *Env) string { return v.Str() }
func (longTextType) Validate(_ *Field, v record.Value) *errs.Error {
	return checkText(v.Str(), longMax)
}
func (longTextType) Decode(_ *Field, j JSON, _ *Env) (record.Value, *errs.Error) {
	return decodeText(j)
}

func (longTextType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return rawjson.AppendString(b, v.Str())
}
func (longTextType) Ops(*Field) []Op { return nullOps }

// decodeText takes a JSON string as it is; surrounding blanks are kept because
// they may mean something to the system the text came from.
func decodeText(j JSON) (record.Value, *errs.Error) {
	if j.IsNull() {
		return record.Null, nil
	}
	s, ok := j.Str()
	if !ok {
		return record.Null, wrong("error.want_text")
	}
	return record.Text(s), nil
}

func checkText(s string, limit int) *errs.Error {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return wrong("error.text_characters")
	}
	if len(s) > limit {
		if n := utf8.RuneCountInString(s); n > limit {
			return wrong("error.text_long", "most", strconv.Itoa(limit), "length", strconv.Itoa(n))
		}
	}
	return nil
}
