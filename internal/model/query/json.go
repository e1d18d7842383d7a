package query

import (
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// ParseJSON reads the JSON form: {"and":[…]}, {"or":[…]}, {"not":…} or
// {"field":…,"op":…,"value":…}, where a value may be {"fn":"month_start","args":[-1]}.
// A JSON string is read as the text form.
func ParseJSON(v rawjson.Value) (*Node, error) {
	if v.IsNull() {
		return nil, nil
	}
	if s, ok := v.Str(); ok {
		return Parse(s)
	}
	if len(v) > maxText*4 {
		return nil, errs.New(errs.BadRequest, "error.filter_long")
	}
	return fromJSON(v, 0)
}

func fromJSON(v rawjson.Value, depth int) (*Node, error) {
	bad := errs.New(errs.BadRequest, "error.filter_json")
	if depth > maxDepth {
		return nil, errs.New(errs.BadRequest, "error.filter_deep")
	}
	ms, err := v.Members()
	if err != nil {
		return nil, bad
	}
	if len(ms) == 0 {
		return nil, nil
	}
	n := &Node{Kind: Compare}
	var value rawjson.Value
	for _, m := range ms {
		switch m.Key {
		case "and", "or", "not":
			if len(ms) != 1 {
				return nil, bad
			}
			return branch(m, depth)
		case "field":
			n.Path, _ = m.Val.Str()
		case "op":
			s, _ := m.Val.Str()
			n.Op = schema.Op(s)
		case "value":
			value = m.Val
		default:
			return nil, bad
		}
	}
	if n.Path == "" || !knownOp(n.Op) {
		return nil, bad
	}
	return n, n.operands(value)
}

func branch(m rawjson.Member, depth int) (*Node, error) {
	if m.Key == "not" {
		kid, err := fromJSON(m.Val, depth+1)
		if err != nil || kid == nil {
			return nil, errOr(err)
		}
		return &Node{Kind: Not, Kids: []*Node{kid}}, nil
	}
	items, err := m.Val.Items()
	if err != nil {
		return nil, errOr(nil)
	}
	n := &Node{Kind: And}
	if m.Key == "or" {
		n.Kind = Or
	}
	for _, it := range items {
		kid, err := fromJSON(it, depth+1)
		if err != nil || kid == nil {
			return nil, errOr(err)
		}
		n.Kids = append(n.Kids, kid)
	}
	if len(n.Kids) == 0 {
		return nil, errOr(nil)
	}
	return n, nil
}

func errOr(err error) error {
	if err != nil {
		return err
	}
	return errs.New(errs.BadRequest, "error.filter_json")
}

func (n *Node) operands(v rawjson.Value) error {
	values := []rawjson.Value{v}
	switch n.Op {
	case schema.OpNull, schema.OpNotNull:
		return nil
	case schema.OpIn, schema.OpNotIn, schema.OpBetween, schema.OpNotBetween:
		items, err := v.Items()
		if err != nil || len(items) > maxArgs || (n.Op == schema.OpBetween || n.Op == schema.OpNotBetween) && len(items) != 2 {
			return errOr(nil)
		}
		values = items
	}
	for _, it := range values {
		a, err := argOf(it)
		if err != nil {
			return err
		}
		n.Args = append(n.Args, a)
	}
	return nil
}

func argOf(v rawjson.Value) (Arg, error) {
	switch v.Kind() {
	case '"', '0', 't', 'f':
		return Arg{Text: v.Text()}, nil
	case 'n':
		return Arg{Kind: NullArg}, nil
	case '{':
		name, _ := v.Get("fn")
		a := Arg{Kind: Func, Text: name.Text()}
		if args, ok := v.Get("args"); ok {
			items, err := args.Items()
			if err != nil || len(items) > 1 {
				return a, errOr(nil)
			}
			for _, it := range items {
				n, err := strconv.ParseInt(it.Text(), 10, 32)
				if err != nil {
					return a, errOr(nil)
				}
				a.N, a.HasN = n, true
			}
		}
		if knownFunc(a.Text) {
			return a, nil
		}
	}
	return Arg{}, errOr(nil)
}

func knownOp(op schema.Op) bool {
	switch op {
	case schema.OpEq, schema.OpNe, schema.OpLt, schema.OpLe, schema.OpGt, schema.OpGe, schema.OpIn, schema.OpNotIn,
		schema.OpContains, schema.OpNotContains, schema.OpStarts, schema.OpNotStarts, schema.OpNull, schema.OpNotNull,
		schema.OpBetween, schema.OpNotBetween, schema.OpUnder, schema.OpNotUnder:
		return true
	}
	return false
}

// AppendJSON writes a bound condition in the JSON form, for evaluators
// elsewhere: operands are values of the field as the API has them, `under` of a
// tree lists what is under it, and what looks at a folded text says so and has
// its operand folded. Paths and constants are not written.
func AppendJSON(b []byte, c *Cond) []byte {
	if c.Kind == And || c.Kind == Or {
		word := `{"and":[`
		if c.Kind == Or {
			word = `{"or":[`
		}
		b = append(b, word...)
		for i, k := range c.Kids {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendJSON(b, k)
		}
		return append(b, "]}"...)
	}
	b = append(b, `{"field":`...)
	b = rawjson.AppendString(b, c.Field.Key)
	b = append(b, `,"op":`...)
	b = rawjson.AppendString(b, string(c.Op))
	several := false
	switch c.Op {
	case schema.OpNull, schema.OpNotNull:
		return append(b, '}')
	case schema.OpIn, schema.OpNotIn, schema.OpBetween, schema.OpNotBetween, schema.OpUnder, schema.OpNotUnder:
		several = true
	}
	if folds(c.Field, c.Op) {
		b = append(b, `,"folded":true`...)
	}
	b = append(b, `,"value":`...)
	if several {
		b = append(b, '[')
	}
	for i, v := range c.Vals {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.Field.Type.Encode(c.Field, b, Operand(c.Field, c.Op, v))
	}
	if several {
		b = append(b, ']')
	}
	return append(b, '}')
}
