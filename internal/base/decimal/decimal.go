// Package decimal is exact fixed-point arithmetic in int64: money in 1/10,000,
// every other decimal in 1/1,000,000, exchange rates in 1/10^10. Products go
// through 128 bits, rounding is half away from zero, and nothing overflows
// silently.
package decimal

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// The scales: how many units make 1.
const (
	MoneyScale   = 10_000
	DecimalScale = 1_000_000
	RateScale    = 10_000_000_000
)

// The fractional digits of the scales.
const (
	MoneyDigits   = 4
	DecimalDigits = 6
	RateDigits    = 10
)

// maxDigits is the largest power of ten an int64 holds.
const maxDigits = 18

// Format writes n, a number of 10^-scaleDigits units, as plain decimal text:
// at least minDigits fractional digits, no trailing zeros beyond them.
// scaleDigits is one of MoneyDigits, DecimalDigits, RateDigits (0 to 18).
func Format(n int64, scaleDigits, minDigits int) string {
	var b [24]byte
	return string(Append(b[:0], n, scaleDigits, minDigits))
}

// Grouped is what Format gives, as people read it: 1,234,567.00.
func Grouped(n int64, scaleDigits, minDigits int) string {
	return Group(Format(n, scaleDigits, minDigits))
}

// Group sets commas between the thousands of a plain decimal text.
func Group(s string) string {
	whole := len(s)
	if i := strings.IndexByte(s, '.'); i >= 0 {
		whole = i
	}
	first := 0
	if strings.HasPrefix(s, "-") {
		first = 1
	}
	var b strings.Builder
	for i := range len(s) {
		if i > first && i < whole && (whole-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Append appends what Format gives.
func Append(b []byte, n int64, scaleDigits, minDigits int) []byte {
	u := magnitude(n)
	if n < 0 {
		b = append(b, '-')
	}
	unit := uint64(pow10(scaleDigits))
	whole, frac := u/unit, u%unit
	b = strconv.AppendUint(b, whole, 10)
	shown := scaleDigits
	for shown > minDigits && frac%10 == 0 {
		frac /= 10
		shown--
	}
	if shown > 0 {
		b = append(b, '.')
		at := len(b)
		for range shown {
			b = append(b, '0')
		}
		for i := len(b) - 1; i >= at; i-- {
			b[i] = '0' + byte(frac%10)
			frac /= 10
		}
	}
	for ; shown < minDigits; shown++ {
		if shown == 0 {
			b = append(b, '.')
		}
		b = append(b, '0')
	}
	return b
}

// MulDiv is a × b ÷ d, exact through 128 bits, rounded half away from zero.
// A result beyond int64 is Invalid "error.number_range", d = 0 is Invalid
// "error.divide_by_zero".
func MulDiv(a, b, d int64) (int64, error) {
	if d == 0 {
		return 0, errs.New(errs.Invalid, "error.divide_by_zero")
	}
	ud := magnitude(d)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi >= ud {
		return 0, outOfRange()
	}
	q, r := bits.Div64(hi, lo, ud)
	if r >= ud-r {
		if q == math.MaxUint64 {
			return 0, outOfRange()
		}
		q++
	}
	return signed(q, (a < 0) != (b < 0) != (d < 0))
}

// Add is a + b; beyond int64 it is Invalid "error.number_range".
func Add(a, b int64) (int64, error) {
	c := a + b
	if (c > a) != (b > 0) && b != 0 {
		return 0, outOfRange()
	}
	return c, nil
}

// Sub is a − b; beyond int64 it is Invalid "error.number_range".
func Sub(a, b int64) (int64, error) {
	c := a - b
	if (c < a) != (b > 0) && b != 0 {
		return 0, outOfRange()
	}
	return c, nil
}

// RoundTo rounds n, a number of 10^-scaleDigits units, to toDigits fractional
// digits, half away from zero; the result has the same scale. toDigits may be
// negative (tens, hundreds). Where rounding up would leave int64 (within half
// a step of its ends) n is cut instead.
func RoundTo(n int64, scaleDigits, toDigits int) int64 {
	if toDigits >= scaleDigits {
		return n
	}
	drop := scaleDigits - toDigits
	if drop > maxDigits {
		return 0
	}
	unit := pow10(drop)
	rest := n % unit
	cut := n - rest
	switch {
	case rest >= unit-rest && cut <= math.MaxInt64-unit:
		return cut + unit
	case -rest >= unit+rest && cut >= math.MinInt64+unit:
		return cut - unit
	}
	return cut
}

// magnitude is |n|, also for the smallest int64.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// signed gives a magnitude its sign, or an error when it does not fit.
func signed(u uint64, negative bool) (int64, error) {
	switch {
	case negative && u <= 1<<63:
		return int64(-u), nil
	case !negative && u <= math.MaxInt64:
		return int64(u), nil
	}
	return 0, outOfRange()
}

func pow10(n int) int64 {
	if n < 0 || n > maxDigits {
		panic("decimal: a scale has 0 to 18 digits, not " + strconv.Itoa(n))
	}
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

func outOfRange() *errs.Error { return errs.New(errs.Invalid, "error.number_range") }
