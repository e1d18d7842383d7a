package sheet

import (
	"strconv"
	"strings"
)

// plainDecimal says whether s is -?digits[.digits] without needless zeros in
// front.
func plainDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, frac, point := strings.Cut(s, ".")
	if !allDigits(whole) || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	return !point || allDigits(frac)
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// literal is a number as an XLSX file writes it, taken apart: its digits
// without zeros at both ends, and where the point stands.
type literal struct {
	negative bool
	digits   string
	exp      int // value = 0.digits × 10^exp
	fraction bool
}

func parseLiteral(s string) (literal, bool) {
	var l literal
	if s != "" && (s[0] == '-' || s[0] == '+') {
		l.negative = s[0] == '-'
		s = s[1:]
	}
	mantissa, e := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || n < -400 || n > 400 {
			return l, false
		}
		mantissa, e = s[:i], n
	}
	whole, frac, _ := strings.Cut(mantissa, ".")
	all := whole + frac
	if !allDigits(all) {
		return l, false
	}
	l.digits = strings.TrimLeft(all, "0")
	l.exp = e + len(whole) - (len(all) - len(l.digits))
	l.digits = strings.TrimRight(l.digits, "0")
	if l.digits == "" {
		return literal{}, true
	}
	l.fraction = len(l.digits) > l.exp
	return l, true
}

// append writes the literal as a plain decimal.
func (l literal) append(b []byte) []byte {
	if l.digits == "" {
		return append(b, '0')
	}
	if l.negative {
		b = append(b, '-')
	}
	if l.exp <= 0 {
		b = append(b, '0', '.')
		for i := l.exp; i < 0; i++ {
			b = append(b, '0')
		}
		return append(b, l.digits...)
	}
	if l.exp >= len(l.digits) {
		b = append(b, l.digits...)
		for i := len(l.digits); i < l.exp; i++ {
			b = append(b, '0')
		}
		return b
	}
	b = append(b, l.digits[:l.exp]...)
	b = append(b, '.')
	return append(b, l.digits[l.exp:]...)
}

// appendNumber writes the number that a person means by a literal of an XLSX
// file, exactly and never scientific.
//
// Excel stores binary floating point with 17 digits (1111.1111000000001) and
// shows at most 15. The shortest decimal of the same binary number is taken;
// and where a sum has left noise (0.30000000000000004), what Excel shows. A
// literal of more than 17 digits cannot stem from binary floating point and is
// kept digit by digit, as is every whole number.
func appendNumber(b []byte, s string) ([]byte, bool) {
	l, ok := parseLiteral(s)
	if !ok {
		return b, false
	}
	if n := len(l.digits); !l.fraction || n < 16 || n > 17 {
		return l.append(b), true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return l.append(b), true
	}
	short, _ := parseLiteral(strconv.FormatFloat(f, 'e', -1, 64))
	if len(short.digits) < 16 {
		return short.append(b), true
	}
	if shown, _ := parseLiteral(strconv.FormatFloat(f, 'e', 14, 64)); len(shown.digits) <= 12 {
		return shown.append(b), true
	}
	return short.append(b), true
}

// significant counts the digits of a plain decimal that carry value.
func significant(s string) int {
	l, ok := parseLiteral(s)
	if !ok {
		return 0
	}
	return len(l.digits)
}
