package paper

import (
	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// one is 1 in the scale that numbers are reckoned in.
const one = 1_000_000

// reckoned is what the result of a reckoning is a value of.
func reckoned() *schema.Field {
	return &schema.Field{Key: "reckoned", Type: schema.TypeNamed("decimal"), Slot: -1}
}

// reckon gives the value of a piece: that of its field, or what several come to,
// to a millionth. Nothing comes of what is not there or not to be seen, nor of
// what is too large.
func (v *values) reckon(p place, piece *schema.PrintPiece) (found, bool) {
	f, ok := v.at(p, piece.Path)
	if !ok || len(piece.More) == 0 {
		return f, ok
	}
	n, ok := scaled(f)
	for _, term := range piece.More {
		if !ok {
			return found{}, false
		}
		var by int64
		if f, there := v.at(p, term.Path); !there {
			return found{}, false
		} else if by, ok = scaled(f); !ok {
			return found{}, false
		}
		n, ok = apply(n, term.Op, by)
	}
	out := found{field: reckoned(), leaf: p.leaf}
	out.shown.Value = record.Int(n)
	return out, ok
}

func apply(n int64, op string, by int64) (int64, bool) {
	if op != "*" && by == 0 {
		return 0, false
	}
	var err error
	switch op {
	case "*":
		n, err = decimal.MulDiv(n, by, one)
	case "/":
		n, err = decimal.MulDiv(n, one, by)
	default: // rounded up: a carton that is not full is a carton
		whole := n / by
		if n%by != 0 && (n > 0) == (by > 0) {
			whole++
		}
		n, err = decimal.MulDiv(whole, one, 1)
	}
	return n, err == nil
}

// scaled gives a number in millionths.
func scaled(f found) (int64, bool) {
	if f.shown.Masked || f.shown.Value.IsNull() || f.field.Many() {
		return 0, false
	}
	n, factor := f.shown.Value.Int(), int64(1)
	switch f.field.Type.Name() {
	case "decimal", "percent":
	case "money":
		factor = one / 10_000
	case "number":
		factor = one
	default:
		return 0, false
	}
	n, err := decimal.MulDiv(n, factor, 1)
	return n, err == nil
}
