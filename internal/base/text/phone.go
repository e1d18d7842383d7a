package text

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// DefaultRegion is the region that numbers without a country code belong to
// where a company has set none.
const DefaultRegion = "CN"

// NormalizePhone gives the form a phone number is stored and compared in.
//
//   - A number of any country becomes E.164 (+8613800138000, +861012345678),
//     read from defaultRegion (ISO 3166-1 alpha-2, "" = CN) when it has no country code.
//   - Service numbers that are dialled as they are stay bare digits: 110, 10086,
//     95588, 400 and 800 numbers.
//   - An extension (转, 分机, ext, x, #) is kept behind as ;ext=123.
//   - Anything else is reduced to its digits, with the + it began with; without
//     digits the result is "".
//
// The result is a fixed point: NormalizePhone of it gives it again.
func NormalizePhone(s, defaultRegion string) string {
	if defaultRegion == "" {
		defaultRegion = DefaultRegion
	}
	defaultRegion = strings.ToUpper(defaultRegion)
	number, ext := cutExtension(norm.NFKC.String(s))
	number = canonical(number, defaultRegion)
	if number == "" || ext == "" {
		return number + ext
	}
	return number + ";ext=" + ext
}

// canonical is NormalizePhone of a number without extension.
func canonical(s, region string) string {
	d := onlyDigits(s)
	plus := strings.HasPrefix(strings.TrimLeft(s, " (tel:TEL"), "+")
	if national, ok := chinese(d, plus, region); ok {
		if isService(national) {
			return national
		}
		return "+86" + national
	}
	text := d
	if plus && d != "" {
		text = "+" + d
	}
	if len(d) < 5 || len(d) > 17 {
		return text
	}
	n, err := phonenumbers.Parse(text, region)
	if err != nil {
		return text
	}
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	if national, ok := strings.CutPrefix(e164, "+86"); ok && isService(national) {
		return national
	}
	if phonenumbers.IsValidNumber(n) || plus && phonenumbers.IsPossibleNumber(n) && readsBack(e164) {
		return e164
	}
	return text
}

// readsBack says whether a number that is in no plan stays what it is: zeros
// after a country code are taken for a national prefix and cut, one at a time.
func readsBack(e164 string) bool {
	n, err := phonenumbers.Parse(e164, "ZZ")
	return err == nil && phonenumbers.Format(n, phonenumbers.E164) == e164
}

// chinese recognises the usual Chinese numbers by the number plan. The library
// would give the same, at fifty times the cost, which an import feels.
func chinese(d string, plus bool, region string) (national string, ok bool) {
	switch {
	case plus:
		national, ok = strings.CutPrefix(d, "86")
		return national, ok && (isChineseMobile(national) || isChineseLandline(national))
	case region != DefaultRegion:
		return "", false
	case isChineseMobile(d), isService(d):
		return d, true
	}
	national, ok = strings.CutPrefix(d, "0")
	return national, ok && isChineseLandline(national) && !isService(national)
}

// isChineseMobile says whether d is 11 digits from 13 to 19.
func isChineseMobile(d string) bool {
	return len(d) == 11 && d[0] == '1' && d[1] >= '3'
}

// isChineseLandline says whether d is an area code (10, 2x, 3xx to 9xx) and a
// number of eight, or outside 10 and 2x also seven digits, that begins with 2 to 8.
func isChineseLandline(d string) bool {
	area := 3
	switch {
	case strings.HasPrefix(d, "10"), strings.HasPrefix(d, "2"):
		area = 2
	case d == "" || d[0] < '3':
		return false
	}
	n := len(d) - area
	return (n == 8 || n == 7 && area == 3) && d[area] >= '2' && d[area] <= '8'
}

// isService says whether Chinese subscribers dial these digits as they are:
// 110, 10086, 95588, 9510105, 400 and 800 numbers.
func isService(d string) bool {
	switch len(d) {
	case 3, 4, 5, 6:
		return d[0] == '1' || d[0] == '9'
	case 7, 8:
		return strings.HasPrefix(d, "95") || strings.HasPrefix(d, "96") || strings.HasPrefix(d, "1010")
	case 10:
		return strings.HasPrefix(d, "400") || strings.HasPrefix(d, "800")
	}
	return false
}

// extensionMarks stand between a number and its extension, longest first where
// one begins another.
var extensionMarks = [...]string{";ext=", "转分机", "分机号", "分机", "内线", "转", "extension", "ext.", "ext", "x", "#"}

// cutExtension splits off an extension of one to seven digits.
func cutExtension(s string) (number, ext string) {
	low := lower(s)
	for _, mark := range extensionMarks {
		i := strings.LastIndex(low, mark)
		if i < 0 || !strings.ContainsAny(low[:i], "0123456789") {
			continue
		}
		ext = onlyDigits(low[i+len(mark):])
		rest := strings.Trim(low[i+len(mark):], " :：-.()#0123456789")
		if rest == "" && ext != "" && len(ext) <= 7 {
			return trimMarks(low[:i]), ext
		}
	}
	return low, ""
}

// trimMarks takes what is left of a doubled mark (转 ext 12) off the end.
func trimMarks(s string) string {
	return strings.TrimRight(s, " -,;(（")
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
}

// SplitPhones cuts a text with several numbers at ; , / 、 (of either width)
// and line ends. Pieces without a digit are dropped, the others trimmed; an
// extension written ;ext=12 stays with its number.
func SplitPhones(s string) []string {
	var phones []string
	for len(s) > 0 {
		end, width := nextSeparator(s)
		if piece := strings.TrimSpace(s[:end]); onlyDigits(norm.NFKC.String(piece)) != "" {
			phones = append(phones, piece)
		}
		s = s[end+width:]
	}
	return phones
}

func nextSeparator(s string) (at, width int) {
	for i, r := range s {
		switch r {
		case ';', '；':
			if w := len(string(r)); !strings.HasPrefix(lower(s[i+w:]), "ext=") {
				return i, w
			}
		case ',', '，', '/', '／', '、', '\n', '\r':
			return i, len(string(r))
		}
	}
	return len(s), 0
}

// PhoneTail is the last four digits of a normalised number, without its
// extension; fewer when there are no more.
func PhoneTail(norm string) string {
	number, _, _ := strings.Cut(norm, ";")
	d := onlyDigits(number)
	return d[max(0, len(d)-4):]
}
