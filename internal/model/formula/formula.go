// Package formula is the language of computed fields and of conditions that
// administrators write (PLT-17). The syntax is that of expr-lang/expr; meaning
// and evaluation are here, because money needs exact decimals and people leave
// fields empty. What an expression means, in full: docs/filters.md.
//
// In short: number, decimal, percent and money are one exact type with six
// fractional digits; + and − are exact, × and ÷ round half away from zero; a
// division by zero is empty. An operation on an empty value gives empty, save
// in coalesce, if, is_empty, concat and the + of texts; a comparison with an
// empty value is false, save !=. Every function is total, and source, nodes,
// depth and texts are bounded, so an evaluation always ends soon.
package formula

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Env is what an evaluation knows besides the record: the time, and the
// company's zone, whose day today() is. A nil Zone is UTC.
type Env struct {
	Now  time.Time
	Zone *time.Location
}

// Program is a compiled formula. It is immutable and safe for concurrent use.
type Program struct {
	field    *schema.Field // whose value it computes; nil for a condition
	result   string        // name of the result's type
	code     code
	fields   []*schema.Field
	volatile bool
}

// Compile checks the formula of a field against the fields of its entity, f
// itself need not be among them. Errors are Invalid, with "at" (character,
// from 1) and "near": error.formula_syntax, error.formula_type,
// error.formula_field (no such field), error.formula_function,
// error.formula_arguments, error.formula_number, error.formula_option,
// error.formula_path; without a place: error.formula_long,
// error.formula_complex, error.formula_result (does not fit the field's result
// type), error.formula_circle (reads its own value, perhaps through others).
func Compile(e *schema.Entity, f *schema.Field) (*Program, error) {
	p, err := compile(e, f)
	if err != nil {
		return nil, err
	}
	if err := circle(e, p); err != nil {
		return nil, err
	}
	return p, nil
}

// CompileCheck checks a condition that may use the whole language, such as a
// validation rule. Its value is a switch; empty counts as no. Errors as Compile.
func CompileCheck(e *schema.Entity, text string) (*Program, error) {
	p, err := build(e, text, "switch")
	if err != nil {
		return nil, err
	}
	return p, nil
}

func compile(e *schema.Entity, f *schema.Field) (*Program, *errs.Error) {
	p, err := build(e, f.Set.Formula, resultName(f))
	if err != nil {
		return nil, err
	}
	p.field = f
	return p, nil
}

func build(e *schema.Entity, text, result string) (*Program, *errs.Error) {
	read, err := parse(text)
	if err != nil {
		return nil, err
	}
	c := &checker{parsed: read, ent: e}
	p := &Program{result: result, code: c.node(read.root)}
	if c.err == nil && !fits(p.code.kind, result) {
		c.err = errs.New(errs.Invalid, "error.formula_result", "result", result)
	}
	if c.err != nil {
		return nil, c.err
	}
	p.fields, p.volatile = c.fields, c.volatile
	return p, nil
}

// fits says whether an expression of a kind may fill a result type. A text
// takes whatever has a text, a date takes a moment's day.
func fits(k kind, result string) bool {
	switch result {
	case "switch":
		return k == kindSwitch || k == kindEmpty
	case "date":
		return k == kindDate || k == kindMoment || k == kindEmpty
	case "text":
		return textOf(k) != nil
	}
	return k == kindNumber || k == kindEmpty
}

// Field is the field whose value p computes, nil for a condition.
func (p *Program) Field() *schema.Field { return p.field }

// Fields are the fields that p reads, each once, in order of appearance. Who
// may not see one of them must not see the result either (DESIGN §5).
func (p *Program) Fields() []*schema.Field { return p.fields }

// Volatile says whether the value can change without the record being
// written: p reads the clock, a roll-up, an automatic number or a system field
// (in a Set: also another volatile formula). It is computed when read, not stored.
func (p *Program) Volatile() bool { return p.volatile }

// Eval computes the value of a record, as the result type stores it: numbers
// rounded half away from zero to the type's digits. Errors are Invalid, at the
// field: error.number_range, error.date_range, error.text_long.
func (p *Program) Eval(rec *record.Record, env Env) (record.Value, error) {
	fr := frame{rec: rec, now: env.Now, zone: env.Zone}
	if fr.zone == nil {
		fr.zone = time.UTC
	}
	v := p.code.eval(&fr)
	out := p.store(&fr, v)
	if fr.err != nil {
		if p.field != nil {
			return record.Null, fr.err.At(p.field.Key)
		}
		return record.Null, fr.err
	}
	return out, nil
}

// safeInteger is the largest whole number that every JSON reader keeps exact.
const safeInteger = 1 << 53

// store converts a result to what the result type stores.
func (p *Program) store(fr *frame, v value) record.Value {
	if !v.set || fr.err != nil {
		return record.Null
	}
	switch p.result {
	case "switch":
		return record.Bool(v.true())
	case "date":
		if p.code.kind == kindMoment {
			return record.Text(dateText(dayOf(fr.local(v.int()))))
		}
		return record.Text(dateText(v.int()))
	case "text":
		return p.storeText(fr, textOf(p.code.kind)(fr, v))
	}
	digits := digits
	switch p.result {
	case "number":
		digits = 0
	case "money":
		digits = 4
	}
	n, ok := v.n.count(digits)
	if !ok || digits == 0 && (n > safeInteger || n < -safeInteger) {
		fr.fail("error.number_range")
		return record.Null
	}
	return record.Int(n)
}

// storeText refuses a text that is longer than the field holds; to cut it
// silently would store half a sentence.
func (p *Program) storeText(fr *frame, s string) record.Value {
	most := 255
	if p.field != nil && p.field.Set.Max > 0 {
		most = p.field.Set.Max
	}
	if len(s) > most {
		if n := utf8.RuneCountInString(s); n > most {
			fr.fail("error.text_long", "most", strconv.Itoa(most), "length", strconv.Itoa(n))
			return record.Null
		}
	}
	return record.Text(s)
}
