package decimal

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// maxText bounds what is read as a number; longer texts are not numbers.
const maxText = 128

// Parse reads a number as people and other programs write it and gives it in
// units of 10^-digits (MoneyDigits, DecimalDigits or RateDigits). Accepted are
// a sign, one of ¥ ￥ $ € before the number, full-width forms, a comma between
// groups of three digits, and an exponent. The result is exact or an error:
// Invalid "error.decimal_digits" when it has more fractional digits than fit
// (zeros at the end do not count), "error.number_range" beyond int64,
// "error.number" when it is no number.
func Parse(s string, digits int) (int64, error) {
	text := plain(s)
	if text == "" || len(text) > maxText {
		return 0, notNumber(s)
	}
	negative, text := sign(text)
	mantissa, exponent, ok := cutExponent(text)
	if !ok {
		return 0, notNumber(s)
	}
	whole, frac, _ := strings.Cut(mantissa, ".")
	whole, ok = ungroup(whole)
	if !ok || !allDigits(frac) || whole == "" && frac == "" {
		return 0, notNumber(s)
	}
	// The value is all × 10^(exponent−len(frac)); in our units the power grows by digits.
	all := strings.TrimLeft(whole+frac, "0")
	power := exponent - len(frac) + digits
	if trimmed := strings.TrimRight(all, "0"); len(trimmed) < len(all) {
		power += len(all) - len(trimmed)
		all = trimmed
	}
	switch {
	case all == "":
		return 0, nil
	case power < 0:
		return 0, errs.New(errs.Invalid, "error.decimal_digits", "value", clip(s), "digits", strconv.Itoa(digits))
	case len(all)+power > maxDigits+1:
		return 0, outOfRange()
	}
	var u uint64
	for _, c := range all + strings.Repeat("0", power) {
		hi, lo := bits.Mul64(u, 10)
		sum, carry := bits.Add64(lo, uint64(c-'0'), 0)
		if hi != 0 || carry != 0 {
			return 0, outOfRange()
		}
		u = sum
	}
	return signed(u, negative)
}

// plain trims white space and turns full-width and look-alike signs into ASCII.
func plain(s string) string {
	s = strings.TrimSpace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '−':
			return '-'
		case r == '￥':
			return '¥'
		}
		return r
	}, s)
}

// sign takes one sign and one currency sign off the front, in either order.
func sign(s string) (negative bool, rest string) {
	s, currency := cutCurrency(s)
	if s == "" || s[0] != '-' && s[0] != '+' {
		return false, s
	}
	negative, rest = s[0] == '-', strings.TrimSpace(s[1:])
	if !currency {
		rest, _ = cutCurrency(rest)
	}
	return negative, rest
}

func cutCurrency(s string) (rest string, found bool) {
	for _, c := range []string{"¥", "$", "€"} {
		if rest, ok := strings.CutPrefix(s, c); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return s, false
}

// cutExponent splits 1.5e3 into 1.5 and 3.
func cutExponent(s string) (mantissa string, exponent int, ok bool) {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return s, 0, true
	}
	e := s[i+1:]
	if e == "" || len(e) > 4 {
		return "", 0, false
	}
	exponent, err := strconv.Atoi(e)
	return s[:i], exponent, err == nil
}

// ungroup takes the commas out of 1,234,567. Groups of any other length are
// refused: 1,5 may be one and a half where it was written.
func ungroup(s string) (string, bool) {
	groups := strings.Split(s, ",")
	for i, g := range groups {
		if !allDigits(g) {
			return "", false
		}
		if len(groups) == 1 {
			continue
		}
		if i == 0 && (g == "" || len(g) > 3) || i > 0 && len(g) != 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func notNumber(s string) *errs.Error {
	return errs.New(errs.Invalid, "error.number", "value", clip(s))
}

// clip keeps messages short.
func clip(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
