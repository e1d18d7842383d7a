package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/text"
)

// maxShown is how much of a text is searched for marks, in characters.
const maxShown = 400

// Highlight tells which characters of a shown text the terms hit, also by
// pinyin and initials: ranges [from, to) of runes, in order, apart from each
// other. Show only text that the viewer may read.
func Highlight(s string, terms []text.QueryTerm) [][2]int {
	runes := []rune(s)
	runes = runes[:min(len(runes), maxShown)]
	var hits [][2]int
	for i := range terms {
		m := marker{runes: runes, term: terms[i : i+1]}
		m.han = len(terms[i].Text) > 0 && terms[i].Text[0] >= utf8.RuneSelf && !letterTerm(&terms[i])
		m.mark()
		hits = append(hits, m.hits...)
	}
	return merge(hits)
}

// letterTerm says whether a term is looked for in words, not in Han runs.
func letterTerm(t *text.QueryTerm) bool {
	return len(t.Any) > 0 && len(t.Any[0].Phrase) > 0 && strings.HasPrefix(t.Any[0].Phrase[0], "w")
}

// marker finds the hits of one term.
type marker struct {
	runes []rune
	term  []text.QueryTerm
	han   bool
	hits  [][2]int
}

func (m *marker) matches(from, to int) bool {
	return from < to && text.Match(m.term, string(m.runes[from:to]))
}

func (m *marker) add(from, to int) { m.hits = append(m.hits, [2]int{from, to}) }

// mark goes through the stretches of pair-searched characters and of words.
func (m *marker) mark() {
	for at := 0; at < len(m.runes); {
		end := at
		wide := m.wide(at)
		for end < len(m.runes) && m.wide(end) == wide {
			end++
		}
		switch {
		case wide:
			m.run(at, end)
		case !m.han:
			m.words(at, end)
		}
		at = end
	}
}

// wide says whether the character at i is one of a Han run. A combining mark
// belongs to what it stands on.
func (m *marker) wide(i int) bool {
	for i > 0 && unicode.IsMark(m.runes[i]) {
		i--
	}
	r := m.runes[i]
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// run finds the shortest pieces of a Han run that match, one behind the other.
// More characters never take a match away there.
func (m *marker) run(from, to int) {
	for m.matches(from, to) {
		end := from + 1
		for !m.matches(from, end) {
			end++
		}
		start := from
		for m.matches(start+1, end) {
			start++
		}
		m.add(start, end)
		from = end
	}
}

// words marks in every word the part that is asked for, the whole word when it
// is found another way (a number without its signs).
func (m *marker) words(from, to int) {
	found := false
	for at := from; at < to; {
		end := at
		for end < to && (unicode.IsLetter(m.runes[end]) || unicode.IsDigit(m.runes[end]) || unicode.IsMark(m.runes[end])) {
			end++
		}
		if m.matches(at, end) {
			found = true
			m.word(at, end)
		}
		at = max(end, at+1)
	}
	if !found && m.matches(from, to) {
		m.number(from, to)
	}
}

func (m *marker) word(from, to int) {
	n := utf8.RuneCountInString(m.term[0].Text)
	if n < to-from {
		for i := from; i+n <= to; i++ {
			if text.Fold(string(m.runes[i:i+n])) == m.term[0].Text && m.matches(i, to) {
				m.add(i, i+n)
				return
			}
		}
	}
	m.add(from, to)
}

// number marks the digits, with the signs between them, of a number in pieces:
// its end when the term is its end, else from its beginning.
func (m *marker) number(from, to int) {
	want := len(m.term[0].Text)
	for from < to && !unicode.IsDigit(m.runes[from]) {
		from++
	}
	for to > from && !unicode.IsDigit(m.runes[to-1]) {
		to--
	}
	start := to
	for left := want; start > from && left > 0; {
		if start--; unicode.IsDigit(m.runes[start]) {
			left--
		}
	}
	if start < to && onlyDigits(m.runes[start:to]) == m.term[0].Text {
		m.add(start, to)
		return
	}
	if from < to {
		m.add(from, to)
	}
}

func onlyDigits(runes []rune) string { return digitsOf(string(runes)) }

// merge sorts ranges and joins those that touch.
func merge(hits [][2]int) [][2]int {
	slices.SortFunc(hits, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	out := hits[:0]
	for _, h := range hits {
		if n := len(out); n > 0 && h[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], h[1])
			continue
		}
		out = append(out, h)
	}
	return out
}
