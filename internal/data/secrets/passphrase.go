package secrets

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// A recovery passphrase is six groups of five Crockford base-32 characters:
// 28 characters of randomness (140 bits) and 2 that check the typing.
const (
	passphraseData  = 28
	passphraseChars = 30
	passphraseGroup = 5
	crockford       = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// NewPassphrase makes a recovery passphrase, like
// "7K3QD-0MZ4R-…": shown once, written down by a person, never stored.
func NewPassphrase(random io.Reader) string {
	var raw [passphraseData]byte
	if _, err := io.ReadFull(orRandom(random), raw[:]); err != nil {
		panic(fmt.Sprintf("secrets: no randomness: %v", err))
	}
	for i := range raw {
		raw[i] = crockford[raw[i]&31]
	}
	return group(string(raw[:]) + passphraseCheck(string(raw[:])))
}

// ParsePassphrase accepts what a person typed: any case, full width, blanks
// and dashes anywhere, O for 0, I and L for 1. It gives the written form, or
// Invalid "error.passphrase_typed" when characters are missing, foreign or
// the check does not fit.
func ParsePassphrase(typed string) (string, error) {
	var b strings.Builder
	for _, r := range typed {
		if r >= '！' && r <= '～' { // full width from a Chinese keyboard
			r -= '！' - '!'
		}
		if isBreak(r) {
			continue
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if !strings.ContainsRune(crockford, r) {
			return "", errs.New(errs.Invalid, "error.passphrase_typed")
		}
		b.WriteRune(r)
	}
	s := b.String()
	if len(s) != passphraseChars || passphraseCheck(s[:passphraseData]) != s[passphraseData:] {
		return "", errs.New(errs.Invalid, "error.passphrase_typed")
	}
	return group(s), nil
}

func isBreak(r rune) bool {
	return r <= ' ' || strings.ContainsRune("-_.,\u00a0\u00ad\u200b\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u3000\ufeff。", r)
}

func passphraseCheck(data string) string {
	sum := sha256.Sum256([]byte("guanxi passphrase " + data))
	return string([]byte{crockford[sum[0]&31], crockford[sum[1]&31]})
}

func group(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += passphraseGroup {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(s[i : i+passphraseGroup])
	}
	return b.String()
}
