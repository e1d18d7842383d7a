package schema

import (
	"cmp"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// switchType is yes or no, stored as 1 or 0.
type switchType struct{}

func (switchType) Name() string                              { return "switch" }
func (switchType) Check(*Field) *errs.Error                  { return nil }
func (switchType) Columns(_ *Field, base string) []Column    { return single(base, record.KindInt) }
func (switchType) Validate(*Field, record.Value) *errs.Error { return nil }
func (switchType) Ops(*Field) []Op                           { return equalOps }

func (switchType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (switchType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "":
		return record.Null, nil
	case "1", "true", "yes", "y", "on", "是", "有", "对", "真", "√":
		return record.Bool(true), nil
	case "0", "false", "no", "n", "off", "否", "无", "错", "假", "×":
		return record.Bool(false), nil
	}
	return record.Null, wrong("error.switch", "value", s)
}

func (switchType) Text(_ *Field, v record.Value, env *Env) string {
	zh := env == nil || env.Locale != "en"
	switch {
	case v.IsNull():
		return ""
	case v.Bool() && zh:
		return "是"
	case v.Bool():
		return "Yes"
	case zh:
		return "否"
	}
	return "No"
}

func (t switchType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (switchType) Encode(_ *Field, b []byte, v record.Value) []byte {
	if v.Bool() {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

// choiceType is one or several codes of a dictionary.
type choiceType struct{}

func (choiceType) Name() string { return "choice" }

func (choiceType) Check(f *Field) *errs.Error {
	seen := map[string]bool{}
	for _, o := range f.Set.Options {
		if o.Code == "" || len(o.Code) > 64 || seen[o.Code] {
			return wrong("error.option_code", "code", o.Code)
		}
		seen[o.Code] = true
	}
	for _, o := range f.Set.Options {
		if o.Parent != "" && !seen[o.Parent] {
			return wrong("error.option_parent", "code", o.Code)
		}
		if o.Into != "" && (!o.Hidden || f.Option(o.Into) == nil || f.settled(o.Code) == "") {
			return wrong("error.option_into", "code", o.Code)
		}
	}
	return nil
}

// settled is the option that a code stands for: itself, or where it was merged
// into; "" when the merges run in a circle.
func (f *Field) settled(code string) string {
	for range f.Set.Options {
		o := f.Option(code)
		if o == nil || o.Into == "" {
			return code
		}
		code = o.Into
	}
	return ""
}

func (choiceType) Columns(f *Field, base string) []Column {
	if f.Many() {
		return nil
	}
	return single(base, record.KindText)
}

func (choiceType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

// Parse accepts a code or a label in either language, whatever the case or
// width; a trade's label (制造) also as 制造业 and 制造行业, as tables write it.
// Of two with one label the one that is still offered is meant; one that was
// merged stands for what it was merged into.
func (choiceType) Parse(f *Field, s string, _ *Env) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	code, hidden := "", ""
	if f.Option(s) != nil {
		code = s
	}
	want := text.Fold(s)
	trade, cut := strings.CutSuffix(want, "行业")
	if !cut {
		trade, cut = strings.CutSuffix(want, "业")
	}
	short := ""
	for i := range f.Set.Options {
		o := &f.Set.Options[i]
		if code != "" {
			break
		}
		label := text.Fold(o.Label["zh-CN"])
		switch {
		case text.Fold(o.Code) != want && label != want && text.Fold(o.Label["en"]) != want:
			if cut && !o.Hidden && (label == trade || label == trade+"业") {
				short = o.Code
			}
		case o.Hidden:
			hidden = cmp.Or(hidden, o.Code)
		default:
			code = o.Code
		}
	}
	if code = cmp.Or(code, hidden, short); code == "" {
		return record.Null, wrong("error.option", "value", s)
	}
	return record.Text(f.settled(code)), nil
}

func (choiceType) Text(f *Field, v record.Value, env *Env) string {
	if o := f.Option(v.Str()); o != nil {
		return o.Label.In(env.locale())
	}
	return v.Str()
}

func (choiceType) Validate(f *Field, v record.Value) *errs.Error {
	if f.Option(v.Str()) == nil {
		return wrong("error.option", "value", v.Str())
	}
	return nil
}

func (t choiceType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (choiceType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return rawjson.AppendString(b, v.Str())
}
func (choiceType) Ops(*Field) []Op { return equalOps }

func (e *Env) locale() string {
	if e == nil || e.Locale == "" {
		return "zh-CN"
	}
	return e.Locale
}

// treeChoiceType is a code of a dictionary whose entries have parents; "under"
// is resolved to a set of codes in memory.
type treeChoiceType struct{ choiceType }

func (treeChoiceType) Name() string { return "tree_choice" }

func (t treeChoiceType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (treeChoiceType) Ops(*Field) []Op {
	return append(append([]Op(nil), equalOps...), OpUnder, OpNotUnder)
}

// Descendants lists a code and every code below it.
func Descendants(f *Field, code string) []string {
	out := []string{code}
	for i := 0; i < len(out); i++ {
		for _, o := range f.Set.Options {
			if o.Parent == out[i] {
				out = append(out, o.Code)
			}
		}
	}
	return out
}
