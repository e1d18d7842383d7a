package formula

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
)

// call checks a function call.
func (c *checker) call(n *ast.CallNode, fn string) code {
	if fn == "if" {
		if len(n.Arguments) != 3 {
			return c.fail("error.formula_arguments", n.Location(), "name", fn)
		}
		return c.choose(c.node(n.Arguments[0]), c.node(n.Arguments[1]), c.node(n.Arguments[2]))
	}
	return c.apply(n, fn, n.Arguments)
}

// apply checks a function over its arguments. Every function gives empty when
// one of its arguments is, save coalesce, is_empty and concat.
func (c *checker) apply(n ast.Node, fn string, nodes []ast.Node) code {
	least, most := arity(fn)
	if least < 0 {
		return c.fail("error.formula_function", n.Location(), "name", fn)
	}
	if len(nodes) < least || len(nodes) > most {
		return c.fail("error.formula_arguments", n.Location(), "name", fn)
	}
	args := make([]code, len(nodes))
	for i, node := range nodes {
		args[i] = c.node(node)
	}
	if c.err != nil {
		return code{eval: empty}
	}
	var out code
	switch fn {
	case "is_empty":
		x := args[0]
		return code{kind: kindSwitch, eval: func(fr *frame) value { return boolValue(!x.eval(fr).set) }}
	case "today", "now":
		return c.clock(fn)
	case "coalesce", "min", "max":
		out = c.several(fn, args)
	case "round", "abs", "floor", "ceil":
		out = c.rounding(fn, args)
	case "length", "upper", "lower", "left", "right", "contains", "concat":
		out = c.textual(fn, args)
	default:
		out = c.dated(fn, args)
	}
	if out.eval == nil {
		return c.mismatch(n)
	}
	return out
}

// arity is how many arguments a function takes, -1 for one that does not exist.
func arity(fn string) (least, most int) {
	switch fn {
	case "today", "now":
		return 0, 0
	case "is_empty", "abs", "floor", "ceil", "length", "upper", "lower", "year", "month", "day":
		return 1, 1
	case "round":
		return 1, 2
	case "left", "right", "contains", "days_between", "add_days", "add_months":
		return 2, 2
	case "coalesce", "min", "max", "concat":
		return 1, maxNodes
	}
	return -1, -1
}

// clock is today() and now(), which make a formula volatile.
func (c *checker) clock(fn string) code {
	c.volatile = true
	if fn == "today" {
		return code{kind: kindDate, eval: func(fr *frame) value { return intValue(dayOf(fr.now.In(fr.zone))) }}
	}
	return code{kind: kindMoment, eval: func(fr *frame) value { return intValue(fr.now.UnixMicro()) }}
}

// want makes an argument a kind; false when it is another.
func (c *checker) want(x *code, k kind) bool {
	c.claim(x, k)
	return x.kind == k || x.kind == kindEmpty
}

// several is coalesce, min and max: arguments of one kind.
func (c *checker) several(fn string, args []code) code {
	k := kindEmpty
	for i := range args {
		fitted := code{kind: k}
		got, ok := c.fit(&args[i], &fitted)
		if !ok || got == kindOther {
			return code{}
		}
		k = got
	}
	if fn == "coalesce" {
		return code{kind: k, eval: func(fr *frame) value {
			for i := range args {
				if v := args[i].eval(fr); v.set {
					return v
				}
			}
			return value{}
		}}
	}
	if k == kindSwitch || k == kindText {
		return code{}
	}
	order, sign := orderOf(k), 1
	if fn == "max" {
		sign = -1
	}
	return code{kind: k, eval: func(fr *frame) value {
		best := args[0].eval(fr)
		for i := 1; i < len(args) && best.set; i++ {
			if v := args[i].eval(fr); !v.set || sign*order(v, best) < 0 {
				best = v
			}
		}
		return best
	}}
}

func (c *checker) rounding(fn string, args []code) code {
	for i := range args {
		if !c.want(&args[i], kindNumber) {
			return code{}
		}
	}
	x := args[0]
	f := number.floor
	switch fn {
	case "ceil":
		f = number.ceil
	case "abs":
		f = func(n number) (number, bool) {
			if n.negative() {
				n = n.neg()
			}
			return n, true
		}
	case "round":
		if len(args) == 2 {
			return roundTo(x, args[1])
		}
		f = func(n number) (number, bool) { return n.round(0) }
	}
	return code{kind: kindNumber, eval: func(fr *frame) value {
		v := x.eval(fr)
		if !v.set {
			return v
		}
		return fr.number(f(v.n))
	}}
}

func roundTo(x, places code) code {
	return code{kind: kindNumber, eval: func(fr *frame) value {
		v, p := x.eval(fr), places.eval(fr)
		if !v.set || !p.set {
			return value{}
		}
		return fr.number(v.n.round(small(p)))
	}}
}

// small is a whole number that fits places, characters and months; anything
// larger means "as far as it goes".
func small(v value) int {
	const far = 1_000_000
	n, ok := v.n.count(0)
	switch {
	case !ok && v.n.negative():
		return -far
	case !ok:
		return far
	}
	return int(min(max(n, -far), far))
}

func (c *checker) textual(fn string, args []code) code {
	if fn == "concat" {
		return concat(args)
	}
	x := args[0]
	if fn == "length" && x.kind == kindOther && x.field != nil && x.field.Many() {
		return many(c, x)
	}
	if !c.want(&args[0], kindText) {
		return code{}
	}
	switch fn {
	case "length":
		return code{kind: kindNumber, eval: func(fr *frame) value {
			v := x.eval(fr)
			if !v.set {
				return v
			}
			return numberValue(whole(int64(utf8.RuneCountInString(v.s))))
		}}
	case "upper":
		return mapped(x, strings.ToUpper)
	case "lower":
		return mapped(x, strings.ToLower)
	case "contains":
		if !c.want(&args[1], kindText) {
			return code{}
		}
		y := args[1]
		return code{kind: kindSwitch, eval: func(fr *frame) value {
			v, w := x.eval(fr), y.eval(fr)
			return boolValue(v.set && w.set && strings.Contains(v.s, w.s))
		}}
	}
	if !c.want(&args[1], kindNumber) {
		return code{}
	}
	return cut(x, args[1], fn == "left")
}

func mapped(x code, f func(string) string) code {
	return code{kind: kindText, eval: func(fr *frame) value {
		v := x.eval(fr)
		if !v.set {
			return v
		}
		return fr.text(f(v.s))
	}}
}

// many is how many values a many-valued field holds, 0 when it is empty.
func many(c *checker, x code) code {
	key := x.field.Key
	return code{kind: kindNumber, eval: func(fr *frame) value {
		return numberValue(whole(int64(len(fr.rec.Get(key).List()))))
	}}
}

// cut is left and right: the first or last n characters.
func cut(x, n code, left bool) code {
	return code{kind: kindText, eval: func(fr *frame) value {
		v, w := x.eval(fr), n.eval(fr)
		if !v.set || !w.set {
			return value{}
		}
		want := small(w)
		if want <= 0 {
			return value{}
		}
		have := utf8.RuneCountInString(v.s)
		if want >= have {
			return v
		}
		if !left {
			want = have - want
		}
		at := 0
		for range want {
			_, size := utf8.DecodeRuneInString(v.s[at:])
			at += size
		}
		if left {
			return textValue(v.s[:at])
		}
		return textValue(v.s[at:])
	}}
}

// concat joins anything that has a text; an empty value adds nothing.
func concat(args []code) code {
	parts := make([]func(*frame, value) string, len(args))
	for i, a := range args {
		if parts[i] = textOf(a.kind); parts[i] == nil {
			return code{}
		}
	}
	return code{kind: kindText, eval: func(fr *frame) value {
		var b strings.Builder
		for i := range args {
			if v := args[i].eval(fr); v.set {
				b.WriteString(parts[i](fr, v))
			}
			if b.Len() > maxResult {
				break
			}
		}
		return fr.text(b.String())
	}}
}

// textOf is how a value of a kind reads; nil for a kind without a text.
// Switches have none: their words depend on the language of the reader.
func textOf(k kind) func(*frame, value) string {
	switch k {
	case kindEmpty, kindText:
		return func(_ *frame, v value) string { return v.s }
	case kindNumber:
		return func(_ *frame, v value) string { return v.n.String() }
	case kindDate:
		return func(_ *frame, v value) string { return dateText(v.int()) }
	case kindMoment:
		return func(fr *frame, v value) string { return fr.local(v.int()).Format(time.DateTime) }
	}
	return nil
}

// dated is the functions over dates; a moment counts as its day in the
// company's zone.
func (c *checker) dated(fn string, args []code) code {
	for i := range args {
		if (fn == "add_days" || fn == "add_months") && i == 1 {
			if !c.want(&args[1], kindNumber) {
				return code{}
			}
			continue
		}
		if !c.want(&args[i], kindDate) && args[i].kind != kindMoment {
			return code{}
		}
	}
	x := args[0]
	switch fn {
	case "days_between":
		x, y := date(args[0]), date(args[1])
		return apart(y, x)
	case "add_days", "add_months":
		return added(x, args[1], fn == "add_months")
	}
	x = date(x)
	part := func(t time.Time) int { return t.Year() }
	switch fn {
	case "month":
		part = func(t time.Time) int { return int(t.Month()) }
	case "day":
		part = time.Time.Day
	}
	return code{kind: kindNumber, eval: func(fr *frame) value {
		v := x.eval(fr)
		if !v.set {
			return v
		}
		return numberValue(whole(int64(part(timeOf(v.int())))))
	}}
}

// date makes a moment its day.
func date(x code) code {
	if x.kind == kindMoment {
		return day(x)
	}
	x.kind = kindDate
	return x
}

// added moves a date or moment by whole days or months on the wall clock; a
// day that a month does not have becomes its last day.
func added(x, by code, months bool) code {
	k := x.kind
	if k == kindEmpty {
		k = kindDate
	}
	step := calendar.AddDays
	if months {
		step = calendar.AddMonths
	}
	return code{kind: k, eval: func(fr *frame) value {
		v, w := x.eval(fr), by.eval(fr)
		if !v.set || !w.set {
			return value{}
		}
		n := small(w)
		if n > 2*lastDay || n < -2*lastDay {
			return fr.fail("error.date_range")
		}
		if k == kindDate {
			return fr.date(dayOf(step(timeOf(v.int()), n, time.UTC)))
		}
		return fr.moment(step(fr.local(v.int()), n, fr.zone).UnixMicro())
	}}
}
