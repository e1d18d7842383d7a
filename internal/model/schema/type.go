package schema

import (
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Op is a filter operator. Their written semantics: docs/filters.md.
type Op string

// The operators.
const (
	OpEq          Op = "=="
	OpNe          Op = "!="
	OpLt          Op = "<"
	OpLe          Op = "<="
	OpGt          Op = ">"
	OpGe          Op = ">="
	OpIn          Op = "in"
	OpNotIn       Op = "not in"
	OpContains    Op = "contains"
	OpNotContains Op = "not contains"
	OpStarts      Op = "starts_with"
	OpNotStarts   Op = "not starts_with"
	OpNull        Op = "is null"
	OpNotNull     Op = "is not null"
	OpBetween     Op = "between"
	OpNotBetween  Op = "not between"
	OpUnder       Op = "under"
	OpNotUnder    Op = "not under"
)

// Env is what parsing and printing need to know of the person in front.
type Env struct {
	Locale string
	Zone   *time.Location
	Region string // default region of phone numbers, "CN"
}

// Type is a field type: its settings, storage, validation, text form, import
// parser, JSON form and operators, in one file each. Types hold no state.
type Type interface {
	// Name is the type's name in the API, for ever.
	Name() string
	// Check says what is wrong with a field's settings.
	Check(f *Field) *errs.Error
	// Columns are the columns in the entity's table, the value's first; none
	// for a type whose values live elsewhere. base is the field's column name.
	Columns(f *Field, base string) []Column
	// Expand appends the values of Columns for v.
	Expand(f *Field, v record.Value, dst []record.Value) []record.Value
	// Parse reads what a person or a file wrote. References are given as ids.
	Parse(f *Field, text string, env *Env) (record.Value, *errs.Error)
	// Text is the human form that Parse reads back.
	Text(f *Field, v record.Value, env *Env) string
	// Validate checks one value; the text of the error names the limit.
	Validate(f *Field, v record.Value) *errs.Error
	// Decode reads the JSON form of one value.
	Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error)
	// Encode appends the JSON form; references append the bare id string.
	Encode(f *Field, b []byte, v record.Value) []byte
	// Ops are the filter operators the type knows.
	Ops(f *Field) []Op
}

// Traits of a type that the API and the page ask for.
type Traits struct {
	Sortable  bool
	Groupable bool
	Number    bool // sum and avg make sense
	Time      bool // can be grouped by day, week, month, quarter, year
	Textual   bool // has a text to search
}

// TraitsOf says what can be done with a field's values.
func TraitsOf(f *Field) Traits {
	if f.Many() || f.Volatile {
		return Traits{}
	}
	switch f.Type.(type) {
	case textType:
		return Traits{Sortable: true, Groupable: true, Textual: true}
	case longTextType, richTextType:
		return Traits{Textual: true}
	case numberType, decimalType, moneyType, percentType:
		return Traits{Sortable: true, Groupable: true, Number: true}
	case dateType, instantType:
		return Traits{Sortable: true, Groupable: true, Time: true}
	case timeType:
		return Traits{Sortable: true, Groupable: true}
	case switchType, choiceType, treeChoiceType, regionType, referenceType, memberType, departmentType:
		return Traits{Sortable: true, Groupable: true}
	case phoneType, emailType, urlType, autoNumberType:
		return Traits{Sortable: true, Textual: true}
	case formulaType:
		return TraitsOf(&Field{Type: resultType(f), Key: f.Key})
	case rollupType:
		return Traits{Sortable: true, Number: f.Set.Rollup != nil && f.Set.Rollup.Op != "last" && TraitsOf(&Field{Type: rollupResult(f), Key: f.Key}).Number}
	}
	return Traits{}
}

// Types lists every field type in the order the page offers them.
func Types() []Type {
	return []Type{textType{}, longTextType{}, richTextType{}, numberType{}, decimalType{}, moneyType{}, percentType{}, dateType{}, timeType{},
		instantType{}, switchType{}, choiceType{}, treeChoiceType{}, referenceType{}, anyRefType{}, memberType{}, departmentType{},
		regionType{}, phoneType{}, emailType{}, urlType{}, fileType{}, autoNumberType{}, formulaType{}, rollupType{}, keyType{}}
}

// TypeNamed finds a type by its API name; nil when there is none.
func TypeNamed(name string) Type {
	for _, t := range Types() {
		if t.Name() == name {
			return t
		}
	}
	return nil
}

var (
	equalOps = []Op{OpEq, OpNe, OpIn, OpNotIn, OpNull, OpNotNull}
	orderOps = append(append([]Op(nil), equalOps...), OpLt, OpLe, OpGt, OpGe, OpBetween, OpNotBetween)
	textOps  = append(append([]Op(nil), orderOps...), OpContains, OpNotContains, OpStarts, OpNotStarts)
	nullOps  = []Op{OpNull, OpNotNull}
)

func wrong(key string, args ...string) *errs.Error { return errs.New(errs.Invalid, key, args...) }

// single is the part shared by types with one column of one kind.
func single(base string, k record.Kind) []Column { return []Column{{Name: base, Kind: k}} }
