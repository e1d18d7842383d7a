package formula

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
)

// number is an exact decimal: a signed 128-bit count of 1/1,000,000. It holds
// every number, amount and percentage a field can hold and reaches about
// ±1.7 × 10^32. Addition and subtraction are exact; products and quotients are
// rounded half away from zero to six digits. The smallest 128-bit integer is
// not used, so that every number has a negative.
type number struct {
	hi int64
	lo uint64
}

// unit is how many parts make 1.
const unit = decimal.DecimalScale

// digits is how many fractional digits a number has.
const digits = decimal.DecimalDigits

// whole is the number n.
func whole(n int64) number { return scaled(n, 0) }

// scaled is n, a count of 10^-places, with 0 to 6 places.
func scaled(n int64, places int) number {
	neg := n < 0
	m := uint64(n)
	if neg {
		m = -m
	}
	hi, lo := bits.Mul64(m, power(digits-places))
	x, _ := compose(neg, hi, lo)
	return x
}

// power is 10^n, n from 0 to 18.
func power(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

func (x number) negative() bool { return x.hi < 0 }
func (x number) zero() bool     { return x.hi == 0 && x.lo == 0 }

func (x number) neg() number {
	lo, borrow := bits.Sub64(0, x.lo, 0)
	hi, _ := bits.Sub64(0, uint64(x.hi), borrow)
	return number{int64(hi), lo}
}

// magnitude is |x| as an unsigned 128-bit integer.
func (x number) magnitude() (hi, lo uint64) {
	if x.negative() {
		x = x.neg()
	}
	return uint64(x.hi), x.lo
}

// compose gives a magnitude its sign; false when it is too large.
func compose(neg bool, hi, lo uint64) (number, bool) {
	if hi > math.MaxInt64 {
		return number{}, false
	}
	x := number{int64(hi), lo}
	if neg {
		x = x.neg()
	}
	return x, true
}

func (x number) compare(y number) int {
	switch {
	case x.hi < y.hi || x.hi == y.hi && x.lo < y.lo:
		return -1
	case x == y:
		return 0
	}
	return 1
}

// add is x + y; false beyond the range.
func (x number) add(y number) (number, bool) {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	hi, _ := bits.Add64(uint64(x.hi), uint64(y.hi), carry)
	z := number{int64(hi), lo}
	if x.negative() == y.negative() && z.negative() != x.negative() || z == (number{hi: math.MinInt64}) {
		return number{}, false
	}
	return z, true
}

// mul is x × y, rounded; false beyond the range.
func (x number) mul(y number) (number, bool) {
	neg := x.negative() != y.negative()
	xh, xl := x.magnitude()
	yh, yl := y.magnitude()
	if xh == 0 && yh == 0 {
		hi, lo := bits.Mul64(xl, yl)
		qh, ql, r := divide(hi, lo, unit)
		qh, ql = roundUp(qh, ql, r >= unit-r)
		return compose(neg, qh, ql)
	}
	a, b := wide(xh, xl), wide(yh, yl)
	return quotient(neg, a.Mul(a, b), big.NewInt(unit))
}

// div is x ÷ y, rounded; y is not 0. false beyond the range.
func (x number) div(y number) (number, bool) {
	neg := x.negative() != y.negative()
	xh, xl := x.magnitude()
	yh, yl := y.magnitude()
	if xh == 0 && yh == 0 {
		hi, lo := bits.Mul64(xl, unit)
		qh, ql, r := divide(hi, lo, yl)
		qh, ql = roundUp(qh, ql, r >= yl-r)
		return compose(neg, qh, ql)
	}
	a := wide(xh, xl)
	return quotient(neg, a.Mul(a, big.NewInt(unit)), wide(yh, yl))
}

// divide is a 128-bit integer by a 64-bit one.
func divide(hi, lo, d uint64) (qh, ql, r uint64) {
	qh, r = hi/d, hi%d
	ql, r = bits.Div64(r, lo, d)
	return qh, ql, r
}

// roundUp adds 1 when up.
func roundUp(hi, lo uint64, up bool) (uint64, uint64) {
	if !up {
		return hi, lo
	}
	lo, carry := bits.Add64(lo, 1, 0)
	return hi + carry, lo
}

func wide(hi, lo uint64) *big.Int {
	n := new(big.Int).SetUint64(hi)
	n.Lsh(n, 64)
	return n.Or(n, new(big.Int).SetUint64(lo))
}

// quotient is a ÷ d rounded, for operands beyond 64 bits.
func quotient(neg bool, a, d *big.Int) (number, bool) {
	q, r := new(big.Int).QuoRem(a, d, new(big.Int))
	if r.Lsh(r, 1).Cmp(d) >= 0 {
		q.Add(q, big.NewInt(1))
	}
	if q.BitLen() > 127 {
		return number{}, false
	}
	lo := new(big.Int).And(q, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
	return compose(neg, q.Rsh(q, 64).Uint64(), lo)
}

// round rounds half away from zero to places fractional digits; negative
// places are tens, hundreds …, at most 12 of them.
func (x number) round(places int) (number, bool) {
	if places >= digits {
		return x, true
	}
	step := power(digits - max(places, -12))
	hi, lo := x.magnitude()
	qh, ql, r := divide(hi, lo, step)
	qh, ql = roundUp(qh, ql, r >= step-r)
	return multiply(x.negative(), qh, ql, step)
}

// floor is the largest whole number not above x, ceil the smallest not below.
func (x number) floor() (number, bool) { return x.toward(true) }
func (x number) ceil() (number, bool)  { return x.toward(false) }

func (x number) toward(down bool) (number, bool) {
	hi, lo := x.magnitude()
	qh, ql, r := divide(hi, lo, unit)
	qh, ql = roundUp(qh, ql, r > 0 && x.negative() == down)
	return multiply(x.negative(), qh, ql, unit)
}

func multiply(neg bool, hi, lo, by uint64) (number, bool) {
	over, high := bits.Mul64(hi, by)
	carry, low := bits.Mul64(lo, by)
	high, c := bits.Add64(high, carry, 0)
	if over != 0 || c != 0 {
		return number{}, false
	}
	return compose(neg, high, low)
}

// count is x in units of 10^-places, rounded half away from zero; false
// beyond int64.
func (x number) count(places int) (int64, bool) {
	step := power(digits - places)
	hi, lo := x.magnitude()
	qh, ql, r := divide(hi, lo, step)
	qh, ql = roundUp(qh, ql, r >= step-r)
	if qh != 0 || ql > math.MaxInt64 {
		return 0, false
	}
	if x.negative() {
		return -int64(ql), true
	}
	return int64(ql), true
}

// String is the plain decimal text without zeros at the end.
func (x number) String() string {
	if n, ok := x.count(digits); ok {
		return decimal.Format(n, digits, 0)
	}
	hi, lo := x.magnitude()
	q, r := new(big.Int).QuoRem(wide(hi, lo), big.NewInt(unit), new(big.Int))
	s := q.String()
	if x.negative() {
		s = "-" + s
	}
	if rest := decimal.Format(r.Int64(), digits, 0); len(rest) > 1 {
		s += rest[1:]
	}
	return s
}

// readNumber reads a literal: digits with at most one point. false when it
// has more than six fractional digits or is too long.
func readNumber(text string) (number, bool) {
	var hi, lo uint64
	places := -1
	step := func(d uint64) bool {
		over, high := bits.Mul64(hi, 10)
		carry, low := bits.Mul64(lo, 10)
		var c uint64
		lo, c = bits.Add64(low, d, 0)
		hi, _ = bits.Add64(high, carry, c)
		return over == 0 && hi <= math.MaxInt64/16
	}
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '_':
			continue
		case c == '.' && places < 0:
			places = 0
			continue
		case c < '0' || c > '9':
			return number{}, false
		}
		if places == digits {
			if c != '0' {
				return number{}, false
			}
			continue
		}
		if places >= 0 {
			places++
		}
		if !step(uint64(c - '0')) {
			return number{}, false
		}
	}
	for range digits - max(places, 0) {
		if !step(0) {
			return number{}, false
		}
	}
	return compose(false, hi, lo)
}
