package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// SortKeyVersion is raised when SortKey gives another key for some text; keys
// in the database made by an older version are then made again.
const SortKeyVersion = 1

const (
	maxSortKey = 64
	// A character with a reading becomes one rune of three bytes, from rankBase
	// on in the order of pinyin. It lies above all Latin, Greek and Cyrillic.
	rankBase = 0x0800
	// Whatever else is written from rankBase on comes after the Han characters.
	otherShift = 0x10000
)

// SortKey is the key that lists sort by (stored as name_s), to be compared byte
// by byte: at most 64 bytes of valid UTF-8, cut between characters. Digits come
// first, then Latin without case and marks, then Han by pinyin, tone and
// character, one after the other, so that a family name stays together; then
// all other scripts. A word fixes the reading of its characters (重庆, 银行), a
// short name that of its family name (单, 解). Punctuation does not count. The
// key is "" only when s holds nothing to see.
func SortKey(s string) string {
	key := make([]byte, 0, maxSortKey+utf8.UTFMax)
	runes := sortable(s)
	t := readings()
	var fixed map[int]reading
	if hasHan(runes) {
		fixed = t.fixed(runes)
	}
	for i, r := range runes {
		at := len(key)
		switch h := t.of(r); {
		case h.first != 0:
			rank := h.rank
			if f, ok := fixed[i]; ok {
				if special, ok := t.ranks[pair{r, f}]; ok {
					rank = special
				}
			}
			key = utf8.AppendRune(key, rankBase+rune(rank))
		case r < rankBase:
			key = utf8.AppendRune(key, r)
		default:
			key = utf8.AppendRune(key, min(r+otherShift, unicode.MaxRune))
		}
		if len(key) > maxSortKey {
			return string(key[:at])
		}
	}
	return string(key)
}

// sortable folds a text for sorting: lower case, no marks, no punctuation, one
// blank between words. A text of punctuation only stays as it is.
func sortable(s string) []rune {
	out := make([]rune, 0, 32)
	blank := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.IsSpace(r):
			blank = len(out) > 0
		case skipped(r), unicode.Is(unicode.Mn, r) && r < rankBase:
		default:
			if blank {
				out = append(out, ' ')
				blank = false
			}
			out = append(out, unicode.ToLower(r))
		}
		if len(out) > maxSortKey+1 {
			break
		}
	}
	if len(out) == 0 {
		for _, r := range strings.TrimSpace(s) {
			if len(out) < maxSortKey && unicode.IsGraphic(r) {
				out = append(out, r)
			}
		}
	}
	return out
}

func hasHan(runes []rune) bool {
	for _, r := range runes {
		if r >= lowStart {
			return true
		}
	}
	return false
}

// fixed finds the readings that words and a family name settle, by place.
func (t *table) fixed(runes []rune) map[int]reading {
	var found map[int]reading
	set := func(i int, r reading) {
		if found == nil {
			found = map[int]reading{}
		}
		found[i] = r
	}
	for i := 0; i < len(runes); {
		w := t.wordAt(runes[i:])
		if w == nil {
			i++
			continue
		}
		for at, r := range w.readings {
			set(i+at, r)
		}
		i += len(w.chars)
	}
	if len(runes) >= 2 && len(runes) <= 4 && t.wordAt(runes) == nil {
		if r, ok := t.surnames[runes[0]]; ok {
			set(0, r)
		}
	}
	return found
}

// wordAt is the longest known word that runes begin with.
func (t *table) wordAt(runes []rune) *word {
	list := t.words[runes[0]]
	for i := range list {
		c := list[i].chars
		if len(c) <= len(runes) && string(c) == string(runes[:len(c)]) {
			return &list[i]
		}
	}
	return nil
}
