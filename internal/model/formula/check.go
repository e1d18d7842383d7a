package formula

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// code is a checked expression: its kind and how to evaluate it.
type code struct {
	kind  kind
	eval  func(*frame) value
	loc   file.Location
	text  *string       // a literal text, which a date or a choice may claim
	field *schema.Field // a plain field
}

// checker turns a tree into code, checking every type on the way. The first
// error stops it: every method gives an empty code after that.
type checker struct {
	*parsed
	ent      *schema.Entity
	fields   []*schema.Field
	volatile bool
	nodes    int
	depth    int
	err      *errs.Error
}

func (c *checker) fail(key string, loc file.Location, args ...string) code {
	if c.err == nil {
		c.err = c.src.err(key, loc, args...)
	}
	return code{eval: empty}
}

func empty(*frame) value { return value{} }

// place is where a node stands; a call of expr has no end of its own.
func place(n ast.Node) file.Location {
	if n == nil {
		return file.Location{}
	}
	return n.Location()
}

// enter counts a node; false when an error or a bound ends the check. Shared
// nodes (a < b < c) count each time, so that what is evaluated is bounded too.
func (c *checker) enter() bool {
	c.nodes++
	c.depth++
	if c.err == nil && (c.nodes > maxNodes || c.depth > maxDepth) {
		c.err = errs.New(errs.Invalid, "error.formula_complex")
	}
	if c.err != nil {
		c.depth--
	}
	return c.err == nil
}

func (c *checker) leave() { c.depth-- }

// node checks one node.
func (c *checker) node(n ast.Node) code {
	if !c.enter() {
		return code{eval: empty}
	}
	defer c.leave()
	out := c.one(c.loosen(n))
	if out.eval == nil {
		out.eval = empty
	}
	out.loc = place(n)
	return out
}

func (c *checker) one(n ast.Node) code {
	switch n := n.(type) {
	case *ast.NilNode:
		return code{kind: kindEmpty}
	case *ast.BoolNode:
		return constant(kindSwitch, boolValue(n.Value))
	case *ast.IntegerNode, *ast.FloatNode:
		return c.literal(n)
	case *ast.StringNode:
		out := constant(kindText, textValue(n.Value))
		out.text = &n.Value
		return out
	case *ast.IdentifierNode:
		return c.variable(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.choose(c.node(n.Cond), c.node(n.Exp1), c.node(n.Exp2))
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, name(id.Value))
		}
	case *ast.BuiltinNode:
		return c.fail("error.formula_function", n.Location(), "name", n.Name)
	case *ast.MemberNode:
		return c.fail("error.formula_path", n.Location())
	case nil:
		return c.fail("error.formula_syntax", file.Location{})
	}
	return c.fail("error.formula_syntax", place(n))
}

func constant(k kind, v value) code {
	return code{kind: k, eval: func(*frame) value { return v }}
}

// literal reads a number from the text itself: expr has made a float of it.
func (c *checker) literal(n ast.Node) code {
	loc := n.Location()
	x, ok := readNumber(string(c.src.between(loc)))
	if !ok {
		return c.fail("error.formula_number", loc)
	}
	return constant(kindNumber, numberValue(x))
}

// between is the text of a place in ASCII digits, whatever the keyboard wrote.
func (src source) between(loc file.Location) source {
	if loc.From < 0 || loc.To > len(src) || loc.From > loc.To {
		return nil
	}
	out := make(source, 0, loc.To-loc.From)
	for _, r := range src[loc.From:loc.To] {
		if r >= '！' && r <= '～' {
			r = r - '！' + '!'
		}
		out = append(out, r)
	}
	return out
}

func (c *checker) variable(n *ast.IdentifierNode) code {
	key := name(n.Value)
	f := c.ent.Field(key)
	if f == nil {
		if key == "null" {
			return code{kind: kindEmpty}
		}
		return c.fail("error.formula_field", n.Location(), "field", key)
	}
	c.reads(f)
	k, slot, shape, digits := kindOf(f), f.Slot, c.ent.Shape, places(f)
	return code{kind: k, field: f, eval: func(fr *frame) value {
		if fr.rec.Shape != shape { // a record of another version of the registry
			return read(k, digits, fr.rec.Get(key))
		}
		return read(k, digits, fr.rec.At(slot))
	}}
}

// reads notes a field. Values that the system sets behind the write path make
// a formula as volatile as the clock does: stored, it would not follow them.
func (c *checker) reads(f *schema.Field) {
	if f.System || schema.IsRollup(f) || f.Type.Name() == "auto_number" {
		c.volatile = true
	}
	for _, g := range c.fields {
		if g == f {
			return
		}
	}
	c.fields = append(c.fields, f)
}

// fit makes two operands one kind: an empty literal fits anything, a literal
// text that is a date fits a date. false when they do not fit.
func (c *checker) fit(a, b *code) (kind, bool) {
	switch {
	case a.kind == kindEmpty:
		return b.kind, true
	case b.kind == kindEmpty:
		return a.kind, true
	}
	c.claim(a, b.kind)
	c.claim(b, a.kind)
	return a.kind, a.kind == b.kind
}

// claim makes a literal text a date where a date is wanted.
func (c *checker) claim(a *code, want kind) {
	if a.text == nil || want != kindDate && want != kindMoment {
		return
	}
	d, ok := parseDate(*a.text)
	if !ok {
		c.fail("error.date", a.loc, "value", *a.text)
		return
	}
	loc := a.loc
	*a = constant(kindDate, intValue(d))
	a.loc = loc
}

func (c *checker) mismatch(n ast.Node) code { return c.fail("error.formula_type", place(n)) }

func (c *checker) unary(n *ast.UnaryNode) code {
	switch n.Operator {
	case "not", "!":
		return c.negated(n.Node)
	case "-", "+":
		x := c.node(n.Node)
		if x.kind != kindNumber && x.kind != kindEmpty {
			return c.mismatch(n)
		}
		if n.Operator == "+" {
			return code{kind: kindNumber, eval: x.eval}
		}
		return code{kind: kindNumber, eval: func(fr *frame) value {
			v := x.eval(fr)
			v.n = v.n.neg()
			return v
		}}
	}
	return c.fail("error.formula_syntax", n.Location())
}

// negated pushes not down to the comparisons, as filters do: not (a < b) is
// a >= b, and neither holds for an empty value.
func (c *checker) negated(n ast.Node) code {
	if !c.enter() {
		return code{eval: empty}
	}
	defer c.leave()
	switch n := c.loosen(n).(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return c.truth(c.node(n.Node), n)
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return either(c.truth(c.negated(n.Left), n), c.truth(c.negated(n.Right), n))
		case "or", "||":
			return both(c.truth(c.negated(n.Left), n), c.truth(c.negated(n.Right), n))
		case "in":
			return c.within(n, true)
		}
		if op := opposite(n.Operator); op != "" {
			return c.compare(n, op)
		}
	case *ast.ConditionalNode:
		return c.choose(c.node(n.Cond), c.negated(n.Exp1), c.negated(n.Exp2))
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok && id.Value == "if" && len(n.Arguments) == 3 {
			return c.choose(c.node(n.Arguments[0]), c.negated(n.Arguments[1]), c.negated(n.Arguments[2]))
		}
	}
	x := c.truth(c.node(n), n)
	return code{kind: kindSwitch, eval: func(fr *frame) value {
		v := x.eval(fr)
		if v.set {
			v.n.lo ^= 1
		}
		return v
	}}
}

func opposite(op string) string {
	switch op {
	case "==":
		return "!="
	case "!=":
		return "=="
	case "<":
		return ">="
	case ">=":
		return "<"
	case ">":
		return "<="
	case "<=":
		return ">"
	}
	return ""
}

// truth wants a switch.
func (c *checker) truth(x code, n ast.Node) code {
	if x.kind != kindSwitch && x.kind != kindEmpty {
		return c.mismatch(n)
	}
	x.kind = kindSwitch
	return x
}

// both is and: false when one side is false, else empty when one is empty.
func both(a, b code) code {
	return code{kind: kindSwitch, eval: func(fr *frame) value {
		x := a.eval(fr)
		if x.set && !x.true() {
			return x
		}
		y := b.eval(fr)
		if y.set && !y.true() || x.set {
			return y
		}
		return x
	}}
}

// either is or: true when one side is true, else empty when one is empty.
func either(a, b code) code {
	return code{kind: kindSwitch, eval: func(fr *frame) value {
		x := a.eval(fr)
		if x.true() {
			return x
		}
		y := b.eval(fr)
		if y.true() || x.set {
			return y
		}
		return x
	}}
}

func (c *checker) binary(n *ast.BinaryNode) code {
	switch n.Operator {
	case "and", "&&":
		return both(c.truth(c.node(n.Left), n), c.truth(c.node(n.Right), n))
	case "or", "||":
		return either(c.truth(c.node(n.Left), n), c.truth(c.node(n.Right), n))
	case "==", "!=", "<", "<=", ">", ">=":
		return c.compare(n, n.Operator)
	case "in":
		return c.within(n, false)
	case "contains":
		return c.apply(n, "contains", []ast.Node{n.Left, n.Right})
	case "??":
		return c.apply(n, "coalesce", []ast.Node{n.Left, n.Right})
	case "+", "-", "*", "/":
		return c.arithmetic(n, c.node(n.Left), c.node(n.Right))
	}
	return c.fail("error.formula_syntax", n.Location())
}

// choose is if(cond, a, b): an empty condition takes b.
func (c *checker) choose(cond, a, b code) code {
	cond = c.truth(cond, nil)
	k, ok := c.fit(&a, &b)
	if !ok || k == kindOther {
		return c.fail("error.formula_type", b.loc)
	}
	return code{kind: k, eval: func(fr *frame) value {
		if cond.eval(fr).true() {
			return a.eval(fr)
		}
		return b.eval(fr)
	}}
}
