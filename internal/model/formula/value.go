package formula

import (
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// kind is the type of an expression, known when it is compiled.
type kind uint8

const (
	kindEmpty  kind = iota // the literal null: fits every kind
	kindNumber             // number, decimal, percent, money: one exact type
	kindText
	kindDate
	kindMoment
	kindSwitch
	kindOther // references, many-valued fields, files: only is_empty and length take them
)

// value is what an expression gives. The zero value is empty. Dates are days
// since 1970-01-01, moments microseconds, switches 0 or 1, all in n.lo.
type value struct {
	n   number
	s   string
	set bool
}

func numberValue(n number) value { return value{n: n, set: true} }
func intValue(n int64) value     { return value{n: number{lo: uint64(n)}, set: true} }

// textValue is a text; "" is empty, as in a field.
func textValue(s string) value { return value{s: s, set: s != ""} }

func boolValue(b bool) value {
	if b {
		return value{n: number{lo: 1}, set: true}
	}
	return value{set: true}
}

func (v value) int() int64 { return int64(v.n.lo) }

// true says whether v is a switch that is on; an empty one is not.
func (v value) true() bool { return v.set && v.n.lo != 0 }

// kindOf is the kind of a field's values, of a formula's and roll-up's results too.
func kindOf(f *schema.Field) kind {
	if f.Many() {
		return kindOther
	}
	name := f.Type.Name()
	switch name {
	case "formula":
		name = resultName(f)
	case "rollup":
		name = rollupName(f)
	}
	switch name {
	case "number", "decimal", "percent", "money":
		return kindNumber
	case "date":
		return kindDate
	case "instant":
		return kindMoment
	case "switch":
		return kindSwitch
	case "text", "long_text", "choice", "tree_choice", "region", "phone", "email", "url", "auto_number":
		return kindText
	}
	return kindOther
}

// resultName is the type that a formula field stores and prints as.
func resultName(f *schema.Field) string {
	switch f.Set.Result {
	case "number", "money", "percent", "date", "switch", "text":
		return f.Set.Result
	}
	return "decimal"
}

func rollupName(f *schema.Field) string {
	switch {
	case f.Set.Rollup != nil && f.Set.Rollup.Op == "count" || f.Set.Result == "":
		return "number"
	case f.Set.Result == "instant":
		return "instant"
	}
	return resultName(f)
}

// places is how many fractional digits the stored integers of a number field have.
func places(f *schema.Field) int {
	name := f.Type.Name()
	switch name {
	case "formula":
		name = resultName(f)
	case "rollup":
		name = rollupName(f)
	}
	switch name {
	case "number":
		return 0
	case "money":
		return 4
	}
	return digits
}

// read turns a stored value into a value of the field's kind.
func read(k kind, places int, v record.Value) value {
	if v.IsNull() {
		return value{}
	}
	switch k {
	case kindNumber:
		return numberValue(scaled(v.Int(), places))
	case kindText:
		return textValue(v.Str())
	case kindDate:
		d, ok := parseDate(v.Str())
		if !ok {
			return value{}
		}
		return intValue(d)
	}
	return value{n: number{lo: uint64(v.Int())}, set: true}
}

// The first and last day that a date may be: 0001-01-01 and 9999-12-31.
const (
	firstDay  = -719162
	lastDay   = 2932896
	daySecond = 24 * 60 * 60
	dayMicro  = daySecond * 1_000_000
)

// parseDate reads YYYY-MM-DD.
func parseDate(s string) (int64, bool) {
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y, m, d := atoi(s[:4]), atoi(s[5:7]), atoi(s[8:])
	if y < 1 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return dayOf(t), t.Day() == d
}

// atoi reads digits, -1 for anything else.
func atoi(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// dayOf is the wall-clock day of t, counted from 1970-01-01.
func dayOf(t time.Time) int64 {
	y, m, d := t.Date()
	return floorDiv(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix(), daySecond)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func timeOf(day int64) time.Time { return time.Unix(day*daySecond, 0).UTC() }

func dateText(day int64) string { return timeOf(day).Format(time.DateOnly) }

// frame is one evaluation.
type frame struct {
	rec  *record.Record
	now  time.Time
	zone *time.Location
	err  *errs.Error // the first thing that went wrong
}

// fail notes an error; the result counts as empty from here on.
func (fr *frame) fail(key string, args ...string) value {
	if fr.err == nil {
		fr.err = errs.New(errs.Invalid, key, args...)
	}
	return value{}
}

// number keeps the result of an operation that may leave the range.
func (fr *frame) number(n number, ok bool) value {
	if !ok {
		return fr.fail("error.number_range")
	}
	return numberValue(n)
}

// date keeps a day that may leave the years 1 to 9999.
func (fr *frame) date(day int64) value {
	if day < firstDay || day > lastDay {
		return fr.fail("error.date_range")
	}
	return intValue(day)
}

// moment keeps a moment that may leave the years 1 to 9999.
func (fr *frame) moment(micros int64) value {
	if micros < firstDay*dayMicro || micros >= (lastDay+1)*dayMicro {
		return fr.fail("error.date_range")
	}
	return intValue(micros)
}

// text keeps a text that may have become too long.
func (fr *frame) text(s string) value {
	if len(s) > maxResult {
		return fr.fail("error.text_long", "most", strconv.Itoa(maxResult), "length", strconv.Itoa(len(s)))
	}
	return textValue(s)
}

// local is a moment on the wall clock of the company.
func (fr *frame) local(micros int64) time.Time { return time.UnixMicro(micros).In(fr.zone) }
