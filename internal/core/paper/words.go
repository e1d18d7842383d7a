package paper

import (
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
)

// below20 and tens are the words of small numbers.
func below20() []string {
	return strings.Fields("ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN")
}

func tens() []string {
	return strings.Fields("- TEN TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY")
}

// currencyNames are what English papers call a currency and its hundredths; the
// others go by their code.
func currencyNames(code string) (name, part string) {
	switch code {
	case "CNY":
		return "RENMINBI YUAN", ""
	case "USD":
		return "US DOLLARS", "CENTS"
	case "EUR":
		return "EUROS", "CENTS"
	case "GBP":
		return "POUNDS STERLING", "PENCE"
	case "HKD":
		return "HONG KONG DOLLARS", "CENTS"
	case "JPY":
		return "JAPANESE YEN", ""
	case "AUD":
		return "AUSTRALIAN DOLLARS", "CENTS"
	case "CAD":
		return "CANADIAN DOLLARS", "CENTS"
	case "SGD":
		return "SINGAPORE DOLLARS", "CENTS"
	}
	return code, ""
}

// english writes an amount of 1/10,000 in words, as trade documents do: SAY US
// DOLLARS ONE THOUSAND TWO HUNDRED AND CENTS FIFTY ONLY. Amounts are rounded to
// the currency's minor unit; parts without a name are written 50/100.
func english(n int64, currency string) string {
	digits := decimal.MinorUnits(currency)
	n = decimal.RoundTo(n, 4, digits)
	name, part := currencyNames(currency)
	out := "SAY " + name + " "
	u := uint64(n)
	if n < 0 {
		out += "MINUS "
		u = -u
	}
	out += count(u / 10_000)
	if rest := u % 10_000; rest > 0 && digits > 0 {
		for range 4 - digits {
			rest /= 10
		}
		if part != "" && digits == 2 {
			out += " AND " + part + " " + count(rest)
		} else {
			scale := uint64(1)
			for range digits {
				scale *= 10
			}
			out += " AND " + decimal.Format(int64(rest), 0, 0) + "/" + decimal.Format(int64(scale), 0, 0)
		}
	}
	return out + " ONLY"
}

// count writes a whole number.
func count(n uint64) string {
	if n == 0 {
		return below20()[0]
	}
	var parts []string
	for _, step := range []struct {
		size uint64
		name string
	}{{1_000_000_000_000_000, "QUADRILLION"}, {1_000_000_000_000, "TRILLION"}, {1_000_000_000, "BILLION"}, {1_000_000, "MILLION"}, {1000, "THOUSAND"}} {
		if n >= step.size {
			parts = append(parts, hundreds(n/step.size)+" "+step.name)
			n %= step.size
		}
	}
	if n > 0 {
		if len(parts) > 0 && n < 100 {
			return strings.Join(parts, " ") + " AND " + hundreds(n)
		}
		parts = append(parts, hundreds(n))
	}
	return strings.Join(parts, " ")
}

// hundreds writes a number from 1 to 999.
func hundreds(n uint64) string {
	small, ten := below20(), tens()
	out := ""
	if n >= 100 {
		out = small[n/100] + " HUNDRED"
		if n %= 100; n == 0 {
			return out
		}
		out += " AND "
	}
	if n < 20 {
		return out + small[n]
	}
	if out += ten[n/10]; n%10 > 0 {
		out += "-" + small[n%10]
	}
	return out
}
