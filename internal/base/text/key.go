package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Key is the stored comparison key of a text (DESIGN §3): NFKC, which makes
// full and half width one, lower case, blanks and invisible characters
// removed. Punctuation stays, so that A-1 and A1 are two codes. It is "" when
// nothing else was in the text, and Key(Key(s)) = Key(s).
func Key(s string) string {
	if plainKey(s) {
		return s
	}
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf) || r == '\ufe0f' {
			return -1
		}
		return r
	}, lower(norm.NFKC.String(s))))
}

// plainKey says whether s is its own key already: lower-case ASCII without blanks.
func plainKey(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
