package search

import (
	"sort"
	"strings"
	"sync"

	"github.com/guanxicrm/guanxi/internal/base/text"
)

// Asked for a beginning, FTS5 reads the lists of all tokens that begin so to
// their ends before it gives the first hit, even when it is one token:
// 公司 typed as gongsi would take 100 ms among a million names. Where the
// tokens that a beginning stands for are few and known, we name them instead.

// maxNamed is how many tokens are named at most; beyond it FTS5 looks
// for them, and their lists are short.
const maxNamed = 64

// initialsWhole is the length of a token of four initials, which nothing
// follows (see base/text).
const initialsWhole = 5

// syllables is every syllable that base/text writes, in order. The tokenizer
// itself tells them: a single character ends a run, so its token is p, the
// syllable and 0.
var syllables = sync.OnceValue(func() []string {
	seen := map[string]bool{}
	var tokens []string
	for r := rune(0x3400); r <= 0x9FFF; r++ {
		tokens = text.IndexTokens(tokens[:0], string(r))
		for _, t := range tokens {
			if s, ok := strings.CutSuffix(t, "0"); ok && strings.HasPrefix(s, "p") {
				seen[s[1:]] = true
			}
		}
	}
	list := make([]string, 0, len(seen))
	for s := range seen {
		list = append(list, s)
	}
	sort.Strings(list)
	return list
})

// startWith gives the syllables that begin with s.
func startWith(s string) []string {
	list := syllables()
	from := sort.SearchStrings(list, s)
	to := from
	for to < len(list) && strings.HasPrefix(list[to], s) {
		to++
	}
	return list[from:to]
}

// completions names the tokens that begin with token; ok is false when they
// are too many or not known.
func completions(token string) (list []string, ok bool) {
	switch {
	case token == "":
		return nil, false
	case token[0] == 'i' && len(token) >= initialsWhole:
		return []string{token}, true
	case token[0] != 'p':
		return nil, false
	}
	letters := token[1:]
	if len(startWith(letters)) > 0 {
		return nil, false // the first syllable is not at its end: all pairs that begin with it
	}
	for n := 1; n < len(letters); n++ {
		if first := startWith(letters[:n]); len(first) == 0 || first[0] != letters[:n] {
			continue
		}
		for _, second := range startWith(letters[n:]) {
			list = append(list, "p"+letters[:n]+second)
		}
		if letters[n:] == "0" {
			list = append(list, token)
		}
	}
	return list, len(list) <= maxNamed
}
