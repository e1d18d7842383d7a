package schema

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/base/richtext"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// richTextType is formatted text: canonical markup (base/richtext), kept in the
// side table as long texts are. Whatever comes in is made canonical; nothing else is stored.
type richTextType struct{}

// richMax is the most characters of a formatted text, its markup counted.
const richMax = 200_000

func (richTextType) Name() string                    { return "rich_text" }
func (richTextType) Check(*Field) *errs.Error        { return nil }
func (richTextType) Columns(*Field, string) []Column { return nil }
func (richTextType) Expand(_ *Field, _ record.Value, dst []record.Value) []record.Value {
	return dst
}

// Parse takes markup when the text begins with a tag, else plain text.
func (richTextType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	if err := checkText(s, richMax); err != nil {
		return record.Null, err
	}
	if s = richtext.Read(s); s == "" {
		return record.Null, nil
	}
	return record.Text(s), nil
}

// Text is plain where the text has no looks, else its markup.
func (richTextType) Text(_ *Field, v record.Value, _ *Env) string { return richtext.Text(v.Str()) }

func (richTextType) Validate(_ *Field, v record.Value) *errs.Error {
	if err := checkText(v.Str(), richMax); err != nil {
		return err
	}
	if richtext.Clean(v.Str()) != v.Str() {
		return wrong("error.rich_text")
	}
	return nil
}

func (t richTextType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	v, err := decodeText(j)
	if err != nil || v.IsNull() {
		return v, err
	}
	return t.Parse(f, v.Str(), env)
}

func (richTextType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return rawjson.AppendString(b, v.Str())
}

func (richTextType) Ops(*Field) []Op { return nullOps }

// IsLong says whether a field's values are kept in the side table and read only when asked for.
func IsLong(f *Field) bool {
	switch f.Type.(type) {
	case longTextType, richTextType:
		return true
	}
	return false
}

// Words is a value as its words alone: what is searched and shown in a line.
func Words(f *Field, v record.Value, env *Env) string {
	if _, ok := f.Type.(richTextType); ok {
		return richtext.Plain(v.Str())
	}
	return f.Type.Text(f, v, env)
}
