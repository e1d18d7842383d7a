package formula

import (
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Condition turns a condition into a filter that decides the same: fields
// compared with fixed values or functions of time, in, contains, is_empty, and
// a switch by itself, joined by and, or, not. So it can run in the database
// and in the page. Anything else (two fields compared, arithmetic) is Invalid
// error.formula_condition; other errors as Compile. A path such as owner.name
// is checked only up to its first field; query.Bind checks the rest.
func Condition(e *schema.Entity, text string) (*query.Node, error) {
	read, err := parse(text)
	if err != nil {
		return nil, err
	}
	b := &conditions{c: &checker{parsed: read, ent: e}, snap: schema.NewSnapshot(0, []*schema.Entity{e})}
	n := b.node(read.root, false)
	if b.c.err != nil {
		return nil, b.c.err
	}
	if height(n) > maxHeight {
		return nil, errs.New(errs.Invalid, "error.formula_complex")
	}
	return n, nil
}

// maxHeight keeps a condition within what the text and JSON forms of filters take.
const maxHeight = 30

func height(n *query.Node) int {
	h := 0
	for _, k := range n.Kids {
		h = max(h, height(k)+1)
	}
	return h
}

type conditions struct {
	c    *checker
	snap *schema.Snapshot
}

func (b *conditions) refuse(n ast.Node) *query.Node {
	b.c.fail("error.formula_condition", place(n))
	return nil
}

// node carries a negation down to the leaves, so that empty values are decided
// there exactly as a formula decides them.
func (b *conditions) node(n ast.Node, negated bool) *query.Node {
	if !b.c.enter() {
		return nil
	}
	defer b.c.leave()
	switch n := b.c.loosen(n).(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return b.node(n.Node, !negated)
		}
	case *ast.BinaryNode:
		return b.binary(n, negated)
	case *ast.CallNode:
		return b.call(n, negated)
	case *ast.IdentifierNode, *ast.MemberNode:
		word := "true"
		if negated {
			word = "false"
		}
		return b.leaf(n, b.path(n), schema.OpEq, query.Arg{Text: word})
	}
	return b.refuse(n)
}

func (b *conditions) binary(n *ast.BinaryNode, negated bool) *query.Node {
	op := n.Operator
	switch op {
	case "and", "&&", "or", "||":
		kind := query.And
		if (op == "or" || op == "||") != negated {
			kind = query.Or
		}
		return chain(kind, b.node(n.Left, negated), b.node(n.Right, negated))
	case "in":
		return b.within(n, negated)
	case "contains":
		return b.contains(n, n.Left, n.Right, negated)
	}
	left, right := n.Left, n.Right
	if b.fixed(left) {
		left, right, op = right, left, mirrored(op)
	}
	if negated {
		op = opposite(op)
	}
	if opposite(op) == "" || !b.fixed(right) {
		return b.refuse(n)
	}
	path := b.path(left)
	if a := b.arg(right); a.Kind != query.NullArg {
		return b.leaf(n, path, schema.Op(op), a)
	}
	switch op {
	case "==":
		return b.leaf(n, path, schema.OpNull)
	case "!=":
		return b.leaf(n, path, schema.OpNotNull)
	}
	return b.refuse(n) // nothing is less than null
}

// mirrored is the operator with its sides exchanged.
func mirrored(op string) string {
	switch op {
	case "<":
		return ">"
	case ">":
		return "<"
	case "<=":
		return ">="
	case ">=":
		return "<="
	}
	return op
}

// chain joins conditions; a and b and c is one node, however it was nested.
func chain(kind query.Kind, sides ...*query.Node) *query.Node {
	out := &query.Node{Kind: kind}
	for _, n := range sides {
		switch {
		case n == nil: // after an error
		case n.Kind == kind:
			out.Kids = append(out.Kids, n.Kids...)
		default:
			out.Kids = append(out.Kids, n)
		}
	}
	return out
}

func (b *conditions) within(n *ast.BinaryNode, negated bool) *query.Node {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return b.refuse(n)
	}
	var args []query.Arg
	for _, item := range list.Nodes {
		if !b.fixed(item) {
			return b.refuse(item)
		}
		args = append(args, b.arg(item))
	}
	return b.leaf(n, b.path(n.Left), turned(schema.OpIn, negated), args...)
}

func (b *conditions) contains(n, field, part ast.Node, negated bool) *query.Node {
	if _, ok := part.(*ast.StringNode); !ok {
		return b.refuse(part)
	}
	return b.leaf(n, b.path(field), turned(schema.OpContains, negated), b.arg(part))
}

func turned(op schema.Op, negated bool) schema.Op {
	if negated {
		return "not " + op
	}
	return op
}

func (b *conditions) call(n *ast.CallNode, negated bool) *query.Node {
	id, _ := n.Callee.(*ast.IdentifierNode)
	switch {
	case id != nil && id.Value == "is_empty" && len(n.Arguments) == 1:
		op := schema.OpNull
		if negated {
			op = schema.OpNotNull
		}
		return b.leaf(n, b.path(n.Arguments[0]), op)
	case id != nil && name(id.Value) == "contains" && len(n.Arguments) == 2:
		return b.contains(n, n.Arguments[0], n.Arguments[1], negated)
	}
	return b.refuse(n)
}

// path is a field or a path of fields; "" after an error.
func (b *conditions) path(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		key := name(n.Value)
		if b.c.ent.Field(key) == nil {
			b.c.fail("error.formula_field", n.Location(), "field", key)
			return ""
		}
		return key
	case *ast.MemberNode:
		rest, ok := n.Property.(*ast.StringNode)
		if ok && !n.Optional && !n.Method {
			return b.path(n.Node) + "." + rest.Value
		}
	}
	b.refuse(n)
	return ""
}

// leaf is one comparison, checked against the field as a filter would be.
func (b *conditions) leaf(at ast.Node, path string, op schema.Op, args ...query.Arg) *query.Node {
	if b.c.err != nil {
		return nil
	}
	n := &query.Node{Kind: query.Compare, Path: path, Op: op, Args: args}
	if strings.Contains(path, ".") {
		return n
	}
	if _, err := query.Bind(b.snap, b.c.ent, n, &query.Viewer{}, everything{}); err != nil {
		b.c.fail("error.formula_condition", place(at))
		b.c.err = b.c.err.With(err)
		return nil
	}
	return n
}

// everything is the rights of a check that looks at types only.
type everything struct{}

// Level is always Write.
func (everything) Level(*schema.Entity, *schema.Field) schema.Level { return schema.Write }

// fixed says whether a node is an operand that a filter knows.
func (b *conditions) fixed(n ast.Node) bool {
	_, ok := b.operand(n)
	return ok
}

// arg is the operand of a node that is fixed.
func (b *conditions) arg(n ast.Node) query.Arg {
	a, _ := b.operand(n)
	return a
}

func (b *conditions) operand(n ast.Node) (query.Arg, bool) {
	switch n := n.(type) {
	case *ast.NilNode:
		return query.Arg{Kind: query.NullArg}, true
	case *ast.StringNode:
		return query.Arg{Text: n.Value}, true
	case *ast.BoolNode:
		word := "false"
		if n.Value {
			word = "true"
		}
		return query.Arg{Text: word}, true
	case *ast.IdentifierNode:
		key := name(n.Value)
		switch {
		case b.c.ent.Field(key) != nil:
		case key == "null":
			return query.Arg{Kind: query.NullArg}, true
		case key == "me" || key == "my_department":
			return query.Arg{Kind: query.Func, Text: key}, true
		}
		return query.Arg{}, false
	case *ast.IntegerNode, *ast.FloatNode, *ast.UnaryNode:
		x, ok := b.number(n)
		return query.Arg{Text: x.String()}, ok
	case *ast.CallNode:
		return b.function(n)
	case *ast.BinaryNode:
		return b.daysFrom(n)
	}
	return query.Arg{}, false
}

// number is a literal number with its sign.
func (b *conditions) number(n ast.Node) (number, bool) {
	if u, ok := n.(*ast.UnaryNode); ok {
		x, ok := b.number(u.Node)
		switch u.Operator {
		case "-":
			return x.neg(), ok
		case "+":
			return x, ok
		}
		return number{}, false
	}
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return readNumber(string(b.c.src.between(n.Location())))
	}
	return number{}, false
}

// function is a function of filters: today(), month_start(-1) …
func (b *conditions) function(n *ast.CallNode) (query.Arg, bool) {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || len(n.Arguments) > 1 || !query.IsFunction(id.Value) {
		return query.Arg{}, false
	}
	a := query.Arg{Kind: query.Func, Text: id.Value}
	if len(n.Arguments) == 1 {
		x, isNumber := b.number(n.Arguments[0])
		count, ok := x.count(0)
		if !isNumber || !ok || x != whole(count) || count > far || count < -far {
			return query.Arg{}, false
		}
		a.N, a.HasN = count, true
	}
	return a, true
}

// far bounds what is added to today(): a little more than all days there are.
const far = 4_000_000

// daysFrom is today() + 3 and today() - 3.
func (b *conditions) daysFrom(n *ast.BinaryNode) (query.Arg, bool) {
	call, ok := n.Left.(*ast.CallNode)
	if !ok || n.Operator != "+" && n.Operator != "-" {
		return query.Arg{}, false
	}
	a, ok := b.function(call)
	x, isNumber := b.number(n.Right)
	count, fits := x.count(0)
	if !ok || a.Text != "today" || a.HasN || !isNumber || !fits || x != whole(count) || count > far || count < -far {
		return query.Arg{}, false
	}
	if n.Operator == "-" {
		count = -count
	}
	return query.Arg{Kind: query.Func, Text: "days", N: count, HasN: true}, true
}
