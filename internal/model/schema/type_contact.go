package schema

import (
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// phoneType keeps a number as entered and beside it the normalised form for
// search and duplicates; several numbers go into a link table.
type phoneType struct{}

func (phoneType) Name() string             { return "phone" }
func (phoneType) Check(*Field) *errs.Error { return nil }

func (phoneType) Columns(f *Field, base string) []Column {
	if f.Many() {
		return nil
	}
	return []Column{{Name: base, Kind: record.KindText}, {Name: base + "_n", Kind: record.KindText}}
}

func (phoneType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v, record.Text(text.NormalizePhone(v.Str(), "CN")))
}

func (phoneType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	return record.Text(strings.TrimSpace(s)), nil
}
func (phoneType) Text(_ *Field, v record.Value, _ *Env) string { return v.Str() }

func (phoneType) Validate(_ *Field, v record.Value) *errs.Error {
	if err := checkText(v.Str(), 64); err != nil {
		return err
	}
	if text.NormalizePhone(v.Str(), "CN") == "" {
		return wrong("error.phone", "value", v.Str())
	}
	return nil
}
func (phoneType) Decode(_ *Field, j JSON, _ *Env) (record.Value, *errs.Error) { return decodeText(j) }

func (phoneType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return rawjson.AppendString(b, v.Str())
}
func (phoneType) Ops(*Field) []Op {
	return []Op{OpEq, OpNe, OpIn, OpNotIn, OpContains, OpNotContains, OpNull, OpNotNull}
}

// emailType is a mail address; kept as entered, compared without case.
type emailType struct{ textType }

func (emailType) Name() string             { return "email" }
func (emailType) Check(*Field) *errs.Error { return nil }

func (emailType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	return record.Text(strings.TrimSpace(s)), nil
}

func (emailType) Validate(_ *Field, v record.Value) *errs.Error {
	if _, ok := text.Email(v.Str()); !ok {
		return wrong("error.email", "value", v.Str())
	}
	return nil
}

// urlType is a web address, http or https.
type urlType struct{ textType }

func (urlType) Name() string             { return "url" }
func (urlType) Check(*Field) *errs.Error { return nil }

func (urlType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return record.Null, nil
	}
	u, ok := text.URL(s)
	if !ok {
		return record.Null, wrong("error.url", "value", s)
	}
	return record.Text(u), nil
}

func (t urlType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (urlType) Validate(_ *Field, v record.Value) *errs.Error {
	if _, ok := text.URL(v.Str()); !ok || len(v.Str()) > 2000 {
		return wrong("error.url", "value", v.Str())
	}
	return nil
}
