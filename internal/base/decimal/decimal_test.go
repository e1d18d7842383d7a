package decimal

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"pgregory.net/rapid"
)

// key is the message key of an error, "" for none.
func key(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Key
	}
	if err != nil {
		return "not an *errs.Error"
	}
	return ""
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text   string
		digits int
		want   int64
		err    string
	}{
		{"0", 4, 0, ""},
		{"1200.00", 4, 12_000_000, ""},
		{"-0.0001", 4, -1, ""},
		{"+5", 4, 50_000, ""},
		{".5", 4, 5_000, ""},
		{"5.", 4, 50_000, ""},
		{"1,234.50", 4, 12_345_000, ""},
		{"1，234.50", 4, 12_345_000, ""},
		{"１，２３４．５０", 4, 12_345_000, ""},
		{"¥1,234,567.89", 4, 12_345_678_900, ""},
		{"￥12", 4, 120_000, ""},
		{"-¥12", 4, -120_000, ""},
		{"¥ -12", 4, -120_000, ""},
		{"$0.99", 4, 9_900, ""},
		{"€ 3", 4, 30_000, ""},
		{"−7", 4, -70_000, ""},
		{"－7", 4, -70_000, ""},
		{"  42\t", 4, 420_000, ""},
		{"000012", 4, 120_000, ""},
		{"1.23400000", 4, 12_340, ""},
		{"1.2345678900", 10, 12_345_678_900, ""},
		{"0.123456", 6, 123_456, ""},
		{"1e3", 4, 10_000_000, ""},
		{"1.5E-2", 4, 150, ""},
		{"1e-4", 4, 1, ""},
		{"120000e-8", 4, 12, ""},
		{"0e999", 4, 0, ""},
		{"922337203685477.5807", 4, math.MaxInt64, ""},
		{"-922337203685477.5808", 4, math.MinInt64, ""},

		{"922337203685477.5808", 4, 0, "error.number_range"},
		{"-922337203685477.5809", 4, 0, "error.number_range"},
		{"1e15", 4, 0, "error.number_range"},
		{"1e999", 4, 0, "error.number_range"},
		{"99999999999999999999999999", 4, 0, "error.number_range"},
		{"0.00001", 4, 0, "error.decimal_digits"},
		{"1e-5", 4, 0, "error.decimal_digits"},
		{"1.23456", 4, 0, "error.decimal_digits"},
		{"", 4, 0, "error.number"},
		{"   ", 4, 0, "error.number"},
		{".", 4, 0, "error.number"},
		{"-", 4, 0, "error.number"},
		{"¥", 4, 0, "error.number"},
		{"¥¥1", 4, 0, "error.number"},
		{"$-$1", 4, 0, "error.number"},
		{"--1", 4, 0, "error.number"},
		{"+-1", 4, 0, "error.number"},
		{"1-", 4, 0, "error.number"},
		{"abc", 4, 0, "error.number"},
		{"12元", 4, 0, "error.number"},
		{"1.2.3", 4, 0, "error.number"},
		{"1,5", 4, 0, "error.number"},
		{"1,2345", 4, 0, "error.number"},
		{"1234,567", 4, 0, "error.number"},
		{",123", 4, 0, "error.number"},
		{"1,,234", 4, 0, "error.number"},
		{"1.234,567", 4, 0, "error.number"},
		{"1 234", 4, 0, "error.number"},
		{"0x10", 4, 0, "error.number"},
		{"1e", 4, 0, "error.number"},
		{"1e1.5", 4, 0, "error.number"},
		{"1e99999", 4, 0, "error.number"},
		{"NaN", 4, 0, "error.number"},
		{"Infinity", 4, 0, "error.number"},
		{"1_000", 4, 0, "error.number"},
		{"1\x002", 4, 0, "error.number"},
		{strings.Repeat("9", 10_000), 4, 0, "error.number"},
	} {
		got, err := Parse(c.text, c.digits)
		if got != c.want || key(err) != c.err {
			t.Errorf("Parse(%.40q, %d) = %d, %v, want %d, %q", c.text, c.digits, got, err, c.want, c.err)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		n           int64
		scale, show int
		want        string
	}{
		{12_000_000, 4, 2, "1200.00"},
		{12_345_678, 4, 2, "1234.5678"},
		{12_345_600, 4, 2, "1234.56"},
		{12_345_600, 4, 0, "1234.56"},
		{120_000, 4, 0, "12"},
		{-1, 4, 2, "-0.0001"},
		{0, 4, 2, "0.00"},
		{0, 6, 0, "0"},
		{5, 0, 0, "5"},
		{5, 0, 2, "5.00"},
		{15, 1, 3, "1.500"},
		{10, 10, 0, "0.000000001"},
		{math.MinInt64, 4, 2, "-922337203685477.5808"},
		{math.MaxInt64, 0, 0, "9223372036854775807"},
	} {
		if got := Format(c.n, c.scale, c.show); got != c.want {
			t.Errorf("Format(%d, %d, %d) = %q, want %q", c.n, c.scale, c.show, got, c.want)
		}
	}
	if got := string(Append([]byte("x="), 5_000, 4, 2)); got != "x=0.50" {
		t.Errorf("Append = %q", got)
	}
}

func TestFormatNeverTakesAScaleForDigits(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Format took 10,000 for a number of digits")
		}
	}()
	Format(1, MoneyScale, 2)
}

// rounded is a rational rounded half away from zero.
func rounded(r *big.Rat) *big.Int {
	twice := new(big.Int).Lsh(new(big.Int).Abs(r.Num()), 1)
	twice.Add(twice, r.Denom())
	q := new(big.Int).Quo(twice, new(big.Int).Lsh(r.Denom(), 1))
	if r.Sign() < 0 {
		q.Neg(q)
	}
	return q
}

// number draws integers of every magnitude and the edges.
func number() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000),
		rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, math.MaxInt64 - 1, MoneyScale, DecimalScale, RateScale, 1 << 32, 1 << 62}))
}

func TestMulDivIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, d := number().Draw(t, "a"), number().Draw(t, "b"), number().Draw(t, "d")
		got, err := MulDiv(a, b, d)
		if d == 0 {
			if key(err) != "error.divide_by_zero" {
				t.Fatalf("by zero: %d, %v", got, err)
			}
			return
		}
		product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		checkAgainst(t, got, err, rounded(new(big.Rat).SetFrac(product, big.NewInt(d))))
	})
}

func checkAgainst(t *rapid.T, got int64, err error, want *big.Int) {
	if !want.IsInt64() {
		if key(err) != "error.number_range" {
			t.Fatalf("got %d, %v, want out of range (%s)", got, err, want)
		}
		return
	}
	if err != nil || got != want.Int64() {
		t.Fatalf("got %d, %v, want %s", got, err, want)
	}
}

func TestAddSubAreChecked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := number().Draw(t, "a"), number().Draw(t, "b")
		sum, err := Add(a, b)
		checkAgainst(t, sum, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)))
		difference, err := Sub(a, b)
		checkAgainst(t, difference, err, new(big.Int).Sub(big.NewInt(a), big.NewInt(b)))
	})
}

func TestRoundToIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, scale := number().Draw(t, "n"), rapid.SampledFrom([]int{0, 4, 6, 10}).Draw(t, "scale")
		to := rapid.IntRange(-12, 12).Draw(t, "to")
		got := RoundTo(n, scale, to)
		if to >= scale {
			if got != n {
				t.Fatalf("%d became %d", n, got)
			}
			return
		}
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale-to)), nil)
		want := rounded(new(big.Rat).SetFrac(big.NewInt(n), unit))
		want.Mul(want, unit)
		if !want.IsInt64() { // cut, not rounded, at the ends
			want.Quo(big.NewInt(n), unit).Mul(want, unit)
		}
		if got != want.Int64() {
			t.Fatalf("RoundTo(%d, %d, %d) = %d, want %s", n, scale, to, got, want)
		}
	})
}

func TestRoundsHalfAwayFromZero(t *testing.T) {
	for n, want := range map[int64]int64{50: 100, -50: -100, 49: 0, -49: 0, 150: 200, 250: 300, -250: -300} {
		if got := RoundTo(n, 4, 2); got != want {
			t.Errorf("RoundTo(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestFormatThenParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, scale := number().Draw(t, "n"), rapid.SampledFrom([]int{4, 6, 10}).Draw(t, "scale")
		text := Format(n, scale, rapid.IntRange(0, scale).Draw(t, "show"))
		exact, ok := new(big.Rat).SetString(text)
		want := new(big.Rat).SetFrac(big.NewInt(n), big.NewInt(pow10(scale)))
		if !ok || exact.Cmp(want) != 0 {
			t.Fatalf("%d at %d digits became %s", n, scale, text)
		}
		back, err := Parse(text, scale)
		if err != nil || back != n {
			t.Fatalf("%s became %d, %v, want %d", text, back, err, n)
		}
	})
}

func TestMinorUnits(t *testing.T) {
	for code, want := range map[string]int{"JPY": 0, "KRW": 0, "VND": 0, "CNY": 2, "USD": 2, "HKD": 2, "KWD": 3, "BHD": 3, "CLF": 4, "???": 2} {
		if got := MinorUnits(code); got != want {
			t.Errorf("MinorUnits(%s) = %d, want %d", code, got, want)
		}
	}
}

func TestCurrencies(t *testing.T) {
	list := Currencies()
	if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
		t.Error("not sorted or not unique")
	}
	counts := map[int]int{}
	for _, c := range list {
		if len(c) != 3 || c != strings.ToUpper(c) {
			t.Errorf("%q is no code", c)
		}
		counts[MinorUnits(c)]++
	}
	// ISO 4217 list one: 17 currencies without minor unit, 7 with three digits, 2 with four.
	if counts[0] != 17 || counts[3] != 7 || counts[4] != 2 {
		t.Errorf("minor units %v", counts)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1,234.50", "¥-12", "1e3", "-922337203685477.5808", "１，２３４", "0.0000", "1e-400"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s, MoneyDigits)
		if err != nil {
			if key(err) == "not an *errs.Error" || n != 0 {
				t.Fatalf("%q: %d, %v", s, n, err)
			}
			return
		}
		if again, err := Parse(Format(n, MoneyDigits, 0), MoneyDigits); err != nil || again != n {
			t.Fatalf("%q: %d, then %d, %v", s, n, again, err)
		}
		plainText := strings.ReplaceAll(s, ",", "")
		if exact, ok := new(big.Rat).SetString(plainText); ok && !strings.ContainsAny(s, "/_xXbBoOpP") {
			if exact.Cmp(new(big.Rat).SetFrac64(n, MoneyScale)) != 0 {
				t.Fatalf("%q became %s", s, Format(n, MoneyDigits, 0))
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("1234567.89", MoneyDigits); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	var buf [32]byte
	for b.Loop() {
		Append(buf[:0], 12_345_678_900, MoneyDigits, 2)
	}
}
