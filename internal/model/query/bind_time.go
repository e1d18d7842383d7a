package query

import (
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// span is what an operand means on a field of moments: a day is the time from
// its first moment to before the next day's, a moment is itself.
type span struct {
	from, to int64 // to is exclusive; equal to from+1 for a moment
}

// dated binds comparisons on fields of moments, where a day means all of it:
// "created_at == today()" is true from midnight to midnight in the viewer's zone.
func (b *binder) dated(c *Cond, n *Node) (out *Cond, done bool, err error) {
	if schema.ValueType(c.Field) != "instant" || c.Op == schema.OpNull || c.Op == schema.OpNotNull {
		return nil, false, nil
	}
	spans := make([]span, 0, len(n.Args))
	for _, a := range n.Args {
		if a.Kind == NullArg {
			switch c.Op {
			case schema.OpIn, schema.OpNotIn:
				continue
			case schema.OpEq, schema.OpNe:
				return nil, false, nil
			}
			return &Cond{Kind: Constant}, true, nil // nothing is before or after an empty value
		}
		s, err := b.span(c.Field, a, n.Path)
		if err != nil {
			return nil, true, err
		}
		spans = append(spans, s)
	}
	cmp := func(op schema.Op, v int64) *Cond {
		return &Cond{Kind: Compare, Steps: c.Steps, Field: c.Field, Op: op, Vals: []record.Value{record.Int(v)}}
	}
	inside := func(s span) *Cond {
		if s.to == s.from+1 {
			return cmp(schema.OpEq, s.from)
		}
		return &Cond{Kind: And, Kids: []*Cond{cmp(schema.OpGe, s.from), cmp(schema.OpLt, s.to)}}
	}
	outside := func(s span) *Cond {
		if s.to == s.from+1 {
			return cmp(schema.OpNe, s.from)
		}
		empty := &Cond{Kind: Compare, Steps: c.Steps, Field: c.Field, Op: schema.OpNull}
		return &Cond{Kind: Or, Kids: []*Cond{cmp(schema.OpLt, s.from), cmp(schema.OpGe, s.to), empty}}
	}
	switch c.Op {
	case schema.OpEq:
		return inside(spans[0]), true, nil
	case schema.OpNe:
		return outside(spans[0]), true, nil
	case schema.OpIn, schema.OpNotIn:
		if len(spans) == 0 {
			return &Cond{Kind: Constant, Const: c.Op == schema.OpNotIn}, true, nil
		}
		out = &Cond{Kind: Or}
		one := inside
		if c.Op == schema.OpNotIn {
			out, one = &Cond{Kind: And}, outside
		}
		for _, s := range spans {
			out.Kids = append(out.Kids, one(s))
		}
		return out, true, nil
	case schema.OpLt:
		return cmp(schema.OpLt, spans[0].from), true, nil
	case schema.OpGe:
		return cmp(schema.OpGe, spans[0].from), true, nil
	case schema.OpLe:
		return cmp(schema.OpLt, spans[0].to), true, nil
	case schema.OpGt:
		return cmp(schema.OpGe, spans[0].to), true, nil
	case schema.OpBetween:
		return &Cond{Kind: And, Kids: []*Cond{cmp(schema.OpGe, spans[0].from), cmp(schema.OpLt, spans[1].to)}}, true, nil
	case schema.OpNotBetween:
		return &Cond{Kind: Or, Kids: []*Cond{cmp(schema.OpLt, spans[0].from), cmp(schema.OpGe, spans[1].to)}}, true, nil
	}
	return nil, false, nil
}

func (b *binder) span(f *schema.Field, a Arg, path string) (span, error) {
	loc := b.who.Env.Zone
	if loc == nil {
		loc = time.UTC
	}
	day := func(d calendar.Date) span {
		return span{from: d.Start(loc).UnixMicro(), to: d.AddDays(1).Start(loc).UnixMicro()}
	}
	if a.Kind == Func {
		if d, at, ok := b.when(a); ok {
			if !at.IsZero() {
				return span{from: at.UnixMicro(), to: at.UnixMicro() + 1}, nil
			}
			return day(d), nil
		}
	} else if len(a.Text) == len("2006-01-02") {
		if d, err := calendar.ParseDate(a.Text); err == nil {
			return day(d), nil
		}
	}
	vals, err := b.value(f, schema.OpEq, a, path)
	if err != nil {
		return span{}, err
	}
	return span{from: vals[0].Int(), to: vals[0].Int() + 1}, nil
}
