package money

import (
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
)

const (
	figures = "零壹贰叁肆伍陆柒捌玖"
	places  = "拾佰仟"
)

// figure is a digit as it is written on cheques and contracts.
func figure(d uint64) string { return string([]rune(figures)[d]) }

// Upper writes an amount in 1/10,000 as 大写金额: 壹拾万零壹拾元零伍分. It is
// rounded to the currency's minor unit; 人民币 and other names of currencies
// are not part of it, their unit is: 元 for what has cents, else the currency's
// own (円). The rules are those of the People's Bank for filling in bills:
// 整 after 元 and 角, never after 分; one 零 for any run of zeros inside.
func Upper(amount int64, currency string) string {
	digits := decimal.MinorUnits(currency)
	amount = decimal.RoundTo(amount, amountDigits, min(digits, amountDigits))
	var b strings.Builder
	n := uint64(amount)
	if amount < 0 {
		b.WriteString("负")
		n = -n
	}
	whole, rest := n/10_000, n%10_000
	if whole > 0 || rest == 0 {
		b.WriteString(wholeUpper(whole))
		b.WriteString("元")
	}
	b.WriteString(smallUpper(rest, whole > 0))
	return b.String()
}

// smallUpper is what comes after 元: 角, 分 and, for currencies that have it, 厘.
func smallUpper(rest uint64, after bool) string {
	if rest == 0 {
		return "整"
	}
	jiao, fen, li := rest/1000, rest/100%10, rest/10%10
	var b strings.Builder
	gap := after && jiao == 0
	for _, one := range []struct {
		n    uint64
		unit string
	}{{jiao, "角"}, {fen, "分"}, {li, "厘"}} {
		if one.n == 0 {
			gap = gap || b.Len() > 0
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		b.WriteString(figure(one.n) + one.unit)
	}
	if fen == 0 && li == 0 {
		b.WriteString("整")
	}
	return b.String()
}

// wholeUpper writes a whole number: what is above 亿, 万 and the rest, with 零
// where the next part does not fill its place.
func wholeUpper(n uint64) string {
	if n == 0 {
		return "零"
	}
	var b strings.Builder
	for _, part := range []struct {
		n, full uint64 // full: from here on the part needs no 零 before it
		unit    string
	}{{n / 100_000_000, 0, "亿"}, {n / 10_000 % 10_000, 1000, "万"}, {n % 10_000, 1000, ""}} {
		if part.n == 0 {
			continue
		}
		before := n / 10_000 % 10_000
		if b.Len() > 0 && (part.n < part.full || part.unit == "" && before == 0) {
			b.WriteString("零")
		}
		if part.unit == "亿" && part.n >= 10_000 {
			b.WriteString(wholeUpper(part.n)) // 壹万亿
		} else {
			b.WriteString(groupUpper(part.n))
		}
		b.WriteString(part.unit)
	}
	return b.String()
}

// groupUpper writes 1 to 9,999.
func groupUpper(g uint64) string {
	var b strings.Builder
	gap := false
	for i, at := 3, uint64(1000); i >= 0; i, at = i-1, at/10 {
		d := g / at % 10
		if d == 0 {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		b.WriteString(figure(d))
		if i > 0 {
			b.WriteRune([]rune(places)[i-1])
		}
	}
	return b.String()
}
