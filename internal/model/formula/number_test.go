package formula

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// exact is a number as a fraction.
func exact(x number) *big.Rat {
	n := new(big.Int).Lsh(big.NewInt(x.hi), 64)
	n.Add(n, new(big.Int).SetUint64(x.lo))
	return new(big.Rat).SetFrac(n, big.NewInt(unit))
}

// nearest is a fraction rounded half away from zero to a multiple of 10^-places.
func nearest(r *big.Rat, places int) *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil)
	scale := new(big.Rat).SetInt(ten)
	if places < 0 {
		scale.Inv(scale)
	}
	x := new(big.Rat).Mul(r, scale)
	twice := new(big.Int).Lsh(new(big.Int).Abs(x.Num()), 1)
	twice.Add(twice, x.Denom())
	q := twice.Quo(twice, new(big.Int).Lsh(x.Denom(), 1))
	if r.Sign() < 0 {
		q.Neg(q)
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(q), scale)
}

// inRange says whether a number can hold a fraction of six digits.
func inRange(r *big.Rat) bool {
	n := new(big.Rat).Mul(r, new(big.Rat).SetInt64(unit))
	return n.IsInt() && n.Num().BitLen() <= 127
}

// numbers draws numbers of every size and the edges of the machine words.
func numbers() *rapid.Generator[number] {
	small := rapid.Custom(func(t *rapid.T) number {
		return scaled(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "n"), rapid.SampledFrom([]int{0, 4, 6}).Draw(t, "places"))
	})
	word := rapid.Custom(func(t *rapid.T) number {
		n := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, unit, -unit})).Draw(t, "n")
		return scaled(n, rapid.SampledFrom([]int{0, 4, 6}).Draw(t, "places"))
	})
	huge := rapid.Custom(func(t *rapid.T) number {
		x := number{rapid.Int64().Draw(t, "hi"), rapid.Uint64().Draw(t, "lo")}
		if x == (number{hi: math.MinInt64}) {
			return number{}
		}
		return x
	})
	return rapid.OneOf(small, word, huge)
}

func agree(t *rapid.T, what string, got number, ok bool, want *big.Rat) {
	t.Helper()
	if ok != inRange(want) || ok && exact(got).Cmp(want) != 0 {
		t.Fatalf("%s = %s, %v, want %s", what, got, ok, want.FloatString(6))
	}
}

func TestArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := numbers().Draw(t, "x"), numbers().Draw(t, "y")
		a, b := exact(x), exact(y)
		sum, ok := x.add(y)
		agree(t, "sum", sum, ok, new(big.Rat).Add(a, b))
		product, ok := x.mul(y)
		agree(t, "product", product, ok, nearest(new(big.Rat).Mul(a, b), 6))
		if !y.zero() {
			q, ok := x.div(y)
			agree(t, "quotient", q, ok, nearest(new(big.Rat).Quo(a, b), 6))
		}
		if got := x.compare(y); got != a.Cmp(b) {
			t.Fatalf("compare = %d", got)
		}
		agree(t, "negative", x.neg(), true, new(big.Rat).Neg(a))
	})
}

func TestRoundingIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, places := numbers().Draw(t, "x"), rapid.IntRange(-12, 7).Draw(t, "places")
		a := exact(x)
		r, ok := x.round(places)
		agree(t, "round", r, ok, nearest(a, min(places, 6)))
		quotient := new(big.Int).Div(a.Num(), a.Denom()) // Euclidean: floor for a positive divisor
		down, ok := x.floor()
		agree(t, "floor", down, ok, new(big.Rat).SetInt(quotient))
		if !a.IsInt() {
			quotient.Add(quotient, big.NewInt(1))
		}
		up, ok := x.ceil()
		agree(t, "ceil", up, ok, new(big.Rat).SetInt(quotient))
		for _, digits := range []int{0, 4, 6} {
			want := new(big.Rat).Mul(nearest(a, digits), new(big.Rat).SetInt64(int64(power(digits))))
			n, ok := x.count(digits)
			fits := want.Num().IsInt64() && want.Num().Int64() != math.MinInt64
			if ok != fits || ok && want.Cmp(new(big.Rat).SetInt64(n)) != 0 {
				t.Fatalf("count(%d) = %d, %v, want %s", digits, n, ok, want)
			}
		}
	})
}

func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := numbers().Draw(t, "x")
		text := x.String()
		want, ok := new(big.Rat).SetString(text)
		if !ok || exact(x).Cmp(want) != 0 {
			t.Fatalf("%s is written %s", exact(x).FloatString(6), text)
		}
		if x.negative() || x.hi > math.MaxInt64/16 {
			return
		}
		if y, ok := readNumber(text); !ok || y != x {
			t.Fatalf("%s read back as %s, %v", text, y, ok)
		}
	})
}

func TestReadNumber(t *testing.T) {
	for text, want := range map[string]string{"0": "0", "007": "7", "1.50": "1.5", "1.1234560000": "1.123456", ".25": "0.25", "3.": "3",
		"10_000": "10000", "1.1234567": "", "1e3": "", "0x10": "", "1.2.3": "", "99999999999999999999999999999999999": ""} {
		x, ok := readNumber(text)
		if ok != (want != "") || ok && x.String() != want {
			t.Errorf("%s = %s, %v", text, x, ok)
		}
	}
}
