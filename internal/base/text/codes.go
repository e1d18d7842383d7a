package text

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// codeText is a code as it was meant: half width, upper case, without blanks
// and hyphens.
func codeText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(s))
}

// USCC gives a unified social credit code (统一社会信用代码) in its normal form
// and says whether it is one by GB 32100-2015: 18 characters, the region in
// digits, the check character right. The form is given also for a wrong code.
func USCC(s string) (string, bool) {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" // without I O S V Z
	code := codeText(s)
	if len(code) != 18 {
		return code, false
	}
	sum, weight := 0, 1
	for i := range 17 {
		value := strings.IndexByte(alphabet, code[i])
		if value < 0 || i >= 2 && i < 8 && value > 9 {
			return code, false
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return code, alphabet[(31-sum%31)%31] == code[17]
}

// IDCard says whether s is a citizen identity number (公民身份号码) by
// GB 11643-1999: 18 characters, a day of birth that exists, the check
// character right. X may be small, digits may be full width.
func IDCard(s string) bool {
	code := codeText(s)
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1 // weights are powers of two modulo 11, from the right
	for i := 17; i >= 0; i-- {
		value := int(code[i]) - '0'
		if i == 17 && code[i] == 'X' {
			value = 10
		} else if value < 0 || value > 9 {
			return false
		}
		sum += value * weight
		weight = weight * 2 % 11
	}
	born, err := time.Parse("20060102", code[6:14])
	return err == nil && born.Year() >= 1800 && code[0] != '0' && sum%11 == 1
}

// Email gives a mail address in its normal form (half width, lower case,
// without mailto:) and says whether it is one: RFC 5322 dot-atom@domain with
// the lengths of RFC 5321, letters of any script (RFC 6531). Quoted local parts
// and address literals are refused.
func Email(s string) (string, bool) {
	addr := lower(strings.TrimSpace(norm.NFKC.String(s)))
	addr = strings.TrimPrefix(addr, "mailto:")
	local, domain, ok := strings.Cut(addr, "@")
	if !ok || len(addr) > 254 || local == "" || len(local) > 64 || !isDomain(domain) {
		return addr, false
	}
	for part := range strings.SplitSeq(local, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool { return !isLocal(r) }) {
			return addr, false
		}
	}
	return addr, true
}

func isLocal(r rune) bool {
	if r < utf8.RuneSelf {
		return isDigit(r) || isLatin(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// isDomain says whether s is a host name of two labels or more, in lower case,
// whose last label is not a number.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, r := range l {
			if !isDigit(r) && !isLatin(r) && r != '-' && (r < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)) {
				return false
			}
		}
	}
	return onlyDigits(labels[len(labels)-1]) != labels[len(labels)-1]
}

// URL gives a web address in its normal form (scheme and host in lower case,
// https:// before a bare domain) and says whether it is one: http or https, a
// domain, an IP address or localhost, no user name or password inside.
func URL(s string) (string, bool) {
	text := strings.TrimSpace(s)
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\\' }) || len(text) > 2048 {
		return text, false
	}
	if !hasScheme(text) {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https" {
		return s, false
	}
	host := lower(norm.NFKC.String(u.Hostname()))
	if port, err := strconv.ParseUint(u.Port(), 10, 16); !isHost(host) || u.Port() != "" && (err != nil || port == 0) {
		return s, false
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if p := u.Port(); p != "" {
		host += ":" + p
	}
	// Put together by hand: url.URL would escape a host of Chinese letters.
	text = u.Scheme + "://" + host + u.EscapedPath()
	if u.RawQuery != "" || u.ForceQuery {
		text += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		text += "#" + u.EscapedFragment()
	}
	return text, true
}

// hasScheme tells https://x and mailto:x from a domain with a port.
func hasScheme(s string) bool {
	before, after, ok := strings.Cut(s, ":")
	if !ok || strings.ContainsAny(before, "./?#[") {
		return false
	}
	return strings.HasPrefix(after, "//") || after == "" || !isDigit(rune(after[0]))
}

func isHost(host string) bool {
	if host == "localhost" || isDomain(host) {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Zone() == ""
}
