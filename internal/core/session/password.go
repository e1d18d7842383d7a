package session

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

const (
	minPassword = 8   // ASVS V6.2.1
	maxPassword = 128 // ASVS V6.2.9 asks for at least 64
)

// CheckPassword says whether a password may be set by a member: least (never
// fewer than 8) to 128 characters of any kind, no rules of composition (ASVS V6.2.5), but none of
// those that are guessed first (V6.2.4) and none made of the words around the
// member (V6.2.11). 15 characters are advised. A password is used exactly as
// typed (V6.2.8).
func CheckPassword(password string, m Member, least int, context []string) error {
	least = max(least, minPassword)
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return errs.New(errs.Invalid, "error.password_characters").At("password")
	case n < least:
		return errs.New(errs.Invalid, "error.password_short", "min", strconv.Itoa(least)).At("password")
	case n > maxPassword:
		return errs.New(errs.Invalid, "error.password_long", "max", "128").At("password")
	}
	words := append([]string{m.Login, m.Name, "guanxi", "guanxicrm", "关系"}, context...)
	if login, _, ok := strings.Cut(m.Login, "@"); ok {
		words = append(words, login)
	}
	if madeOf(password, words) {
		return errs.New(errs.Invalid, "error.password_context").At("password")
	}
	if common(password) {
		return errs.New(errs.Invalid, "error.password_common").At("password")
	}
	return nil
}

// plain writes a password as guessers see it: lower case, with the usual
// signs for letters undone.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '@', '4':
			return 'a'
		case '3':
			return 'e'
		case '1', '!':
			return 'i'
		case '0':
			return 'o'
		case '$', '5':
			return 's'
		case '7':
			return 't'
		}
		return unicode.ToLower(r)
	}, s)
}

// madeOf says whether a password is one of the words with little around it:
// digits and signs, or fewer than four letters.
func madeOf(password string, words []string) bool {
	forms := []string{strings.ToLower(password), plain(password)}
	for _, w := range words {
		w = strings.ToLower(strings.TrimSpace(w))
		if utf8.RuneCountInString(w) < 2 {
			continue
		}
		for i, form := range forms {
			word := w
			if i == 1 {
				word = plain(w)
			}
			if rest := strings.ReplaceAll(form, word, ""); rest != form && letters(rest) < 4 && utf8.RuneCountInString(rest) < minPassword {
				return true
			}
		}
	}
	return false
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// common says whether a password is among the first that guessers try. They
// try words with digits and signs around them, so the list holds the words and
// this function the ways: several thousand passwords (ASVS V6.2.4).
func common(password string) bool {
	lower := strings.ToLower(password)
	if repeats(lower) || walks(lower) || date(lower) || lucky(lower) {
		return true
	}
	for _, form := range []string{lower, plain(lower)} {
		core := strings.TrimFunc(form, func(r rune) bool { return !unicode.IsLetter(r) })
		if letters(core) == 0 {
			continue
		}
		around := utf8.RuneCountInString(form) - utf8.RuneCountInString(core)
		if around <= 8 && (isCommon(core) || twoCommon(core) || repeats(core) || walks(core)) {
			return true
		}
	}
	// abc123 kinds: letters and digits that both walk or repeat.
	cut := strings.IndexFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	return cut > 0 && simple(lower[:cut]) && simple(lower[cut:])
}

func simple(s string) bool { return len(s) <= 2 || repeats(s) || walks(s) || isCommon(s) }

func isCommon(word string) bool {
	return len(word) > 1 && strings.Contains(commonWords, " "+word+" ")
}

// twoCommon says whether a word is two of the list in a row: iloveyou + qwerty.
func twoCommon(word string) bool {
	for i := 2; i < len(word)-1; i++ {
		if isCommon(word[:i]) && isCommon(word[i:]) {
			return true
		}
	}
	return false
}

// repeats says whether s is a piece of up to four characters again and again.
func repeats(s string) bool {
	r := []rune(s)
	for n := 1; n <= 4 && 2*n <= len(r); n++ {
		same := true
		for i := n; i < len(r) && same; i++ {
			same = r[i] == r[i-n]
		}
		if same {
			return true
		}
	}
	return false
}

// rows are the ways fingers walk: the alphabet, the digits, the keyboard along
// and downwards.
var rows = [...]string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "147258369", "1q2w3e4r5t6y7u8i9o0p", "789456123", "741852963"}

// walks says whether s is pieces of three and more of such rows, forwards or
// backwards: qwertyuiop, 123456789, abcd1234, 1qaz2wsx.
func walks(s string) bool {
	for s != "" {
		n := 0
		for _, row := range rows {
			n = max(n, along(s, row), along(s, reverse(row)))
		}
		if n < 3 && n < len(s) || n == 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

// along is how long s follows row from some place in it.
func along(s, row string) int {
	at := strings.IndexByte(row, s[0])
	if at < 0 {
		return 0
	}
	n := 0
	for n < len(s) && at+n < len(row) && s[n] == row[at+n] {
		n++
	}
	return n
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// luckyNumbers are what numeric passwords are put together from.
var luckyNumbers = [...]string{"520", "521", "1314", "131", "168", "518", "888", "666", "999", "88", "66", "123", "321", "456", "789", "000"}

// lucky says whether s is only such numbers: 5201314.
func lucky(s string) bool {
	if s == "" {
		return true
	}
	for _, n := range luckyNumbers {
		if rest, ok := strings.CutPrefix(s, n); ok && lucky(rest) {
			return true
		}
	}
	return false
}

// date says whether s is a date as digits, with or without signs: 19900101,
// 1990-1-1, 01011990.
func date(s string) bool {
	var d []byte
	for i := range len(s) {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			d = append(d, s[i])
		case !strings.ContainsRune("-/. _", rune(s[i])):
			return false
		}
	}
	if len(d) < 6 || len(d) > 8 {
		return false
	}
	return century(string(d[:2])) || len(d) == 8 && century(string(d[4:6]))
}

func century(s string) bool { return s == "19" || s == "20" }
