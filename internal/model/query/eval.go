package query

import (
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Eval decides a condition in memory, by the semantics that the SQL has. Paths
// need other records: look gives the record at the end of a reference, nil
// when there is none or it may not be read.
func Eval(c *Cond, rec *record.Record, look func(Step, int64) *record.Record) bool {
	if c == nil {
		return true
	}
	switch c.Kind {
	case Constant:
		return c.Const
	case And:
		for _, k := range c.Kids {
			if !Eval(k, rec, look) {
				return false
			}
		}
		return true
	case Or:
		for _, k := range c.Kids {
			if Eval(k, rec, look) {
				return true
			}
		}
		return false
	}
	for _, s := range c.Steps {
		var next *record.Record
		if ref := rec.At(s.Field.Slot); !ref.IsNull() && look != nil {
			next = look(s, ref.Int())
		}
		if next == nil {
			return matches(c, record.Null)
		}
		rec = next
	}
	return matches(c, rec.At(c.Field.Slot))
}

// Positive gives the operator that op negates, and whether op is such a
// negation that also matches an empty value.
func Positive(op schema.Op) (schema.Op, bool) {
	switch op {
	case schema.OpNe:
		return schema.OpEq, true
	case schema.OpNotIn:
		return schema.OpIn, true
	case schema.OpNotContains:
		return schema.OpContains, true
	case schema.OpNotStarts:
		return schema.OpStarts, true
	case schema.OpNotUnder:
		return schema.OpUnder, true
	case schema.OpNull:
		return schema.OpNotNull, true
	}
	return op, false
}

func matches(c *Cond, v record.Value) bool {
	op, negative := Positive(c.Op)
	return holds(c, op, v) != negative
}

func holds(c *Cond, op schema.Op, v record.Value) bool {
	if v.IsNull() {
		return false
	}
	if op == schema.OpNotNull {
		return true
	}
	if v.Kind() == record.KindList {
		for _, one := range v.List() {
			if holds(c, op, one) {
				return true
			}
		}
		return false
	}
	v = Comparable(c.Field, op, v)
	switch op {
	case schema.OpEq:
		return v.Equal(c.Vals[0])
	case schema.OpIn:
		for _, w := range c.Vals {
			if v.Equal(w) {
				return true
			}
		}
		return false
	case schema.OpLt:
		return v.Compare(c.Vals[0]) < 0
	case schema.OpLe:
		return v.Compare(c.Vals[0]) <= 0
	case schema.OpGt:
		return v.Compare(c.Vals[0]) > 0
	case schema.OpGe:
		return v.Compare(c.Vals[0]) >= 0
	case schema.OpBetween:
		return v.Compare(c.Vals[0]) >= 0 && v.Compare(c.Vals[1]) <= 0
	case schema.OpNotBetween:
		return v.Compare(c.Vals[0]) < 0 || v.Compare(c.Vals[1]) > 0
	case schema.OpContains:
		return strings.Contains(v.Str(), Operand(c.Field, op, c.Vals[0]).Str())
	case schema.OpStarts:
		return strings.HasPrefix(v.Str(), Operand(c.Field, op, c.Vals[0]).Str())
	case schema.OpUnder:
		return strings.HasPrefix(v.Str(), c.Vals[0].Str())
	}
	return false
}

// Comparable is the form of a stored value that an operator looks at: the
// folded key for contains and starts_with on folded fields, the normalised
// number on phones, mail addresses in lower case, the value itself otherwise.
func Comparable(f *schema.Field, op schema.Op, v record.Value) record.Value {
	switch {
	case f.Type.Name() == "phone":
		return record.Text(text.NormalizePhone(v.Str(), "CN"))
	case folds(f, op):
		return record.Text(text.Key(v.Str()))
	case Lowered(f, op):
		return record.Text(lower(v.Str()))
	}
	return v
}

// Lowered says whether an operator looks at a field without the case of the
// letters a to z: at mail addresses, whose domain has none and whose local part
// no mail system in use tells apart by it (RFC 5321 2.4). Operands are lowered
// when they are bound.
func Lowered(f *schema.Field, op schema.Op) bool {
	if f.Type.Name() != "email" {
		return false
	}
	switch op {
	case schema.OpEq, schema.OpNe, schema.OpIn, schema.OpNotIn, schema.OpContains, schema.OpNotContains, schema.OpStarts, schema.OpNotStarts:
		return true
	}
	return false
}

// lower does what lower() does in both databases: ASCII only.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// Operand is the form of an operand that Comparable values are compared with.
func Operand(f *schema.Field, op schema.Op, v record.Value) record.Value {
	if folds(f, op) {
		return record.Text(text.Key(v.Str()))
	}
	return v
}

func folds(f *schema.Field, op schema.Op) bool {
	if !f.Folded && !f.Unique {
		return false
	}
	switch op {
	case schema.OpContains, schema.OpNotContains, schema.OpStarts, schema.OpNotStarts:
		return f.Type.Name() == "text"
	}
	return false
}
