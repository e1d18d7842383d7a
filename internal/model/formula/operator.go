package formula

import (
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// compare checks a comparison. An empty value is in no order: <, <=, > and >=
// are false with it, == is false and != true, as in filters; comparing with
// the literal null asks whether the other side is empty.
func (c *checker) compare(n *ast.BinaryNode, op string) code {
	a, b := c.node(n.Left), c.node(n.Right)
	if c.err != nil {
		return code{eval: empty}
	}
	if a.kind == kindEmpty || b.kind == kindEmpty {
		if op != "==" && op != "!=" {
			return c.mismatch(n)
		}
		if a.kind == kindEmpty {
			a = b
		}
		want := op == "!="
		return code{kind: kindSwitch, eval: func(fr *frame) value { return boolValue(a.eval(fr).set == want) }}
	}
	c.claim(&a, b.kind)
	c.claim(&b, a.kind)
	c.codes(&a, &b)
	c.codes(&b, &a)
	c.sameDay(&a, &b)
	equality := op == "==" || op == "!="
	if a.kind != b.kind || a.kind == kindOther || a.kind == kindSwitch && !equality {
		return c.mismatch(n)
	}
	order := orderOf(a.kind)
	holds := holdsOf(op)
	return code{kind: kindSwitch, eval: func(fr *frame) value {
		x := a.eval(fr)
		y := b.eval(fr)
		if !x.set || !y.set {
			return boolValue(op == "!=")
		}
		return boolValue(holds(order(x, y)))
	}}
}

func holdsOf(op string) func(int) bool {
	switch op {
	case "==":
		return func(c int) bool { return c == 0 }
	case "!=":
		return func(c int) bool { return c != 0 }
	case "<":
		return func(c int) bool { return c < 0 }
	case "<=":
		return func(c int) bool { return c <= 0 }
	case ">":
		return func(c int) bool { return c > 0 }
	}
	return func(c int) bool { return c >= 0 }
}

// orderOf is how values of a kind compare: texts byte by byte, as in the database.
func orderOf(k kind) func(x, y value) int {
	switch k {
	case kindNumber:
		return func(x, y value) int { return x.n.compare(y.n) }
	case kindText:
		return func(x, y value) int { return strings.Compare(x.s, y.s) }
	}
	return func(x, y value) int {
		switch a, b := x.int(), y.int(); {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	}
}

// codes refuses a literal that is no code of the choice it is compared with:
// such a comparison would never hold.
func (c *checker) codes(f, lit *code) {
	if f.field == nil || lit.text == nil || !schema.IsChoice(f.field) || *lit.text == "" {
		return
	}
	if f.field.Option(*lit.text) == nil {
		c.fail("error.formula_option", lit.loc, "value", *lit.text, "field", f.field.Key)
	}
}

// sameDay compares a moment with a date by the moment's day in the company's zone.
func (c *checker) sameDay(a, b *code) {
	switch {
	case a.kind == kindMoment && b.kind == kindDate:
		*a = day(*a)
	case a.kind == kindDate && b.kind == kindMoment:
		*b = day(*b)
	}
}

// day is the date of a moment.
func day(x code) code {
	return code{kind: kindDate, loc: x.loc, eval: func(fr *frame) value {
		v := x.eval(fr)
		if !v.set {
			return v
		}
		return intValue(dayOf(fr.local(v.int())))
	}}
}

// within is in and not in over a list of values; each is compared as == does.
func (c *checker) within(n *ast.BinaryNode, negated bool) code {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return c.fail("error.formula_syntax", n.Location())
	}
	x := c.node(n.Left)
	items := make([]entry, len(list.Nodes))
	for i, node := range list.Nodes {
		item := c.node(node)
		c.claim(&item, x.kind)
		c.codes(&x, &item)
		if x.kind == kindDate && item.kind == kindMoment {
			item = day(item)
		}
		items[i] = entry{code: item, day: x.kind == kindMoment && item.kind == kindDate}
		if !items[i].day && item.kind != kindEmpty && item.kind != x.kind || x.kind == kindOther {
			return c.mismatch(node)
		}
	}
	order := orderOf(x.kind)
	return code{kind: kindSwitch, eval: func(fr *frame) value {
		v := x.eval(fr)
		if !v.set {
			return boolValue(negated)
		}
		for i := range items {
			have := v
			if items[i].day {
				have = intValue(dayOf(fr.local(v.int())))
			}
			if w := items[i].eval(fr); w.set && order(have, w) == 0 {
				return boolValue(!negated)
			}
		}
		return boolValue(negated)
	}}
}

// entry is one value of a list; day says that it is a date among moments.
type entry struct {
	code
	day bool
}

// arithmetic is + - * /: numbers with numbers, a date and days, date − date,
// moment − moment in days, and + that joins texts.
func (c *checker) arithmetic(n *ast.BinaryNode, a, b code) code {
	if c.err != nil {
		return code{eval: empty}
	}
	if n.Operator == "-" {
		c.claim(&a, b.kind)
		c.claim(&b, a.kind)
		c.sameDay(&a, &b)
	}
	ka, kb := a.kind, b.kind
	if ka == kindEmpty {
		ka = other(kb)
	}
	if kb == kindEmpty {
		kb = other(ka)
	}
	switch {
	case ka == kindNumber && kb == kindNumber:
		return numeric(n.Operator, a, b)
	case n.Operator == "+" && ka == kindText && kb == kindText:
		return code{kind: kindText, eval: func(fr *frame) value { return fr.text(a.eval(fr).s + b.eval(fr).s) }}
	case n.Operator == "+" && ka == kindNumber && (kb == kindDate || kb == kindMoment):
		return shift(b, a, 1)
	case (n.Operator == "+" || n.Operator == "-") && (ka == kindDate || ka == kindMoment) && kb == kindNumber:
		sign := int64(1)
		if n.Operator == "-" {
			sign = -1
		}
		return shift(a, b, sign)
	case n.Operator == "-" && ka == kb && (ka == kindDate || ka == kindMoment):
		return apart(a, b)
	}
	return c.mismatch(n)
}

// other is what an empty literal stands for beside a kind.
func other(k kind) kind {
	switch k {
	case kindText:
		return kindText
	case kindOther, kindSwitch:
		return kindOther
	}
	return kindNumber
}

func numeric(op string, a, b code) code {
	f := number.mul
	switch op {
	case "+":
		f = number.add
	case "-":
		f = func(x, y number) (number, bool) { return x.add(y.neg()) }
	case "/":
		return code{kind: kindNumber, eval: func(fr *frame) value {
			x, y := a.eval(fr), b.eval(fr)
			if !x.set || !y.set || y.n.zero() { // a share of nothing is not known, it is no error
				return value{}
			}
			return fr.number(x.n.div(y.n))
		}}
	}
	return code{kind: kindNumber, eval: func(fr *frame) value {
		x, y := a.eval(fr), b.eval(fr)
		if !x.set || !y.set {
			return value{}
		}
		return fr.number(f(x.n, y.n))
	}}
}

// shift moves a date by days, rounded to whole ones, or a moment by 24 hours each.
func shift(a, by code, sign int64) code {
	k := a.kind
	return code{kind: k, eval: func(fr *frame) value {
		x, y := a.eval(fr), by.eval(fr)
		if !x.set || !y.set {
			return value{}
		}
		if k == kindDate {
			n, ok := y.n.count(0)
			if !ok || n > lastDay*2 || n < -lastDay*2 {
				return fr.fail("error.date_range")
			}
			return fr.date(x.int() + sign*n)
		}
		n, ok := y.n.count(digits)
		if !ok || n > lastDay*2*unit || n < -lastDay*2*unit {
			return fr.fail("error.date_range")
		}
		return fr.moment(x.int() + sign*n*(dayMicro/unit))
	}}
}

// apart is how many days a is after b: whole ones between dates, exact to six
// digits between moments.
func apart(a, b code) code {
	k := a.kind
	return code{kind: kindNumber, eval: func(fr *frame) value {
		x, y := a.eval(fr), b.eval(fr)
		if !x.set || !y.set {
			return value{}
		}
		if k == kindDate {
			return numberValue(whole(x.int() - y.int()))
		}
		return fr.number(whole(x.int() - y.int()).div(whole(dayMicro)))
	}}
}
