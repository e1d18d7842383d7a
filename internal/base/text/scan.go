package text

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// kind says what a run of characters is to the search.
type kind uint8

const (
	blank  kind = iota
	hanRun      // characters searched in pairs: Han, kana, Hangul
	wordRun
)

// run is a piece of a folded text without anything between its characters.
type run struct {
	kind       kind
	digits     bool // a word of the digits 0 to 9 only
	start, end int  // in the folded runes
}

// scanned is a folded text and its runs, in order.
type scanned struct {
	text []rune
	runs []run
}

// room keeps short texts off the heap.
type room struct {
	text [160]rune
	runs [24]run
}

// scan folds s for searching and cuts it into runs. Marks are dropped, not only
// for comfort: FTS5 would cut a word there.
func (m *room) scan(s string) scanned {
	text, runs := m.text[:0], m.runs[:0]
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	open := run{kind: blank}
	for _, r := range s {
		k := blank
		switch {
		case r < utf8.RuneSelf:
			switch {
			case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
				k = wordRun
			case 'A' <= r && r <= 'Z':
				k, r = wordRun, r+'a'-'A'
			}
		case r >= 0x4E00 && r < lowEnd:
			k = hanRun
		default:
			if unicode.In(r, unicode.M, unicode.Cf) {
				continue
			}
			if k = classify(r); k == wordRun {
				r = unicode.ToLower(r)
			}
		}
		if k != open.kind {
			runs = open.endAt(text, runs)
			open = run{kind: k, digits: true, start: len(text)}
		}
		open.digits = open.digits && isDigit(r)
		text = append(text, r)
	}
	return scanned{text, open.endAt(text, runs)}
}

// endAt ends the run with the text so far and appends it to runs, unless it is blank.
func (r run) endAt(text []rune, runs []run) []run {
	if r.kind == blank {
		return runs
	}
	r.end = len(text)
	return append(runs, r)
}

// classify sorts the runes beyond ASCII and the common Han block.
func classify(r rune) kind {
	switch {
	case !unicode.IsLetter(r) && !unicode.IsNumber(r):
		return blank
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul), r == 'ー':
		return hanRun
	}
	return wordRun
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

// group finds a number written in pieces that starts with the runs from i on:
// digits joined by single hyphens (0755-8888-9999, 2024-01-05), or by single
// blanks where that makes a phone (138 0013 8000, +86 10 1234 5678). It gives
// the index after its last run, i+1 when the run stands alone.
func (sc scanned) group(i int) int {
	end, hyphens := i+1, i+1
	if !sc.runs[i].digits {
		return end
	}
	total := sc.runs[i].len()
	blanks := false
	for end < len(sc.runs) && sc.runs[end].digits && sc.runs[end].start == sc.runs[end-1].end+1 {
		c := sc.text[sc.runs[end].start-1]
		if c != '-' && c != ' ' {
			break
		}
		if total += sc.runs[end].len(); total > maxDigits {
			break
		}
		blanks = blanks || c == ' '
		end++
		if !blanks {
			hyphens = end
		}
		if blanks && sc.isPhone(i, end) {
			hyphens = end
		}
	}
	return hyphens
}

func (r run) len() int { return r.end - r.start }

// isPhone says whether the digits of the runs from i to end look like one phone
// number, so that blanks inside it do not count.
func (sc scanned) isPhone(i, end int) bool {
	var d [maxDigits]byte
	n := sc.digits(i, end, d[:0])
	first := sc.runs[i].start
	switch {
	case first > 0 && sc.text[first-1] == '+':
		return len(n) >= 10 && len(n) <= 15
	case n[0] == '1':
		return len(n) == 11
	case n[0] == '0':
		return len(n) >= 10 && len(n) <= 13
	case string(n[:3]) == "400" || string(n[:3]) == "800":
		return len(n) == 10
	}
	return false
}

// digits appends the digits of the runs from i to end.
func (sc scanned) digits(i, end int, b []byte) []byte {
	for _, r := range sc.runs[i:end] {
		for _, c := range sc.text[r.start:r.end] {
			b = append(b, byte(c))
		}
	}
	return b
}

const (
	// maxWord is where words are cut, in characters; nobody types more.
	maxWord = 40
	// maxDigits is the longest number that is put together from pieces, and
	// the longest tail that is kept.
	maxDigits = 20
	// minTail is the shortest end of a number that finds it.
	minTail = 4
	// maxPinyin is how many Han characters of a text get pinyin.
	maxPinyin = 64
	// maxCombinations bounds the combinations of readings of a text.
	maxCombinations = 64
	// maxTokens bounds combinations × characters of a text: an address with
	// many polyphones must not fill the index.
	maxTokens = 640
)

// afterCountry is a Chinese mobile number without its country code, or nil.
func afterCountry(d []byte) []byte {
	switch {
	case len(d) == 13 && string(d[:3]) == "861":
		return d[2:]
	case len(d) == 15 && string(d[:5]) == "00861":
		return d[4:]
	}
	return nil
}

// voice is a run of Han characters that all have readings, with the readings
// that are searched for.
type voice struct {
	start, end int
	choices    [maxPinyin][]uint16
}

// budget counts what a text may still spend on pinyin.
type budget struct{ chars, combinations, tokens int }

func fullBudget() budget { return budget{maxPinyin, maxCombinations, maxTokens} }

// next fills v with the next stretch of characters with readings at or after
// from, within the run; false when there is none or the budget is spent.
func (v *voice) next(t *table, sc scanned, r run, from int, b *budget) bool {
	for from < r.end && t.of(sc.text[from]).first == 0 {
		from++
	}
	v.start, v.end = from, from
	for v.end < r.end && b.chars > 0 {
		h := t.of(sc.text[v.end])
		if h.first == 0 {
			break
		}
		i := v.end - v.start
		v.choices[i] = t.all(h)
		v.end++
		b.chars--
	}
	n := v.end - v.start
	if n == 0 {
		return false
	}
	v.addExtras(t, sc.text, r)
	v.limit(n, b)
	return true
}

// addExtras adds the readings that words and family names give: 大 is also dai
// in 大夫, 区 also ou where a short name begins with it.
func (v *voice) addExtras(t *table, text []rune, r run) {
	for i := v.start; i < v.end; i++ {
		if !t.of(text[i]).opens {
			continue
		}
		if id := t.names[text[i]]; id != 0 && i == r.start && r.len() >= 2 && r.len() <= 4 {
			v.add(0, id)
		}
		for _, w := range t.words[text[i]] {
			if len(w.extra) > 0 && i+len(w.chars) <= v.end && slices.Equal(w.chars, text[i:i+len(w.chars)]) {
				for _, e := range w.extra {
					v.add(i-v.start+e.at, e.syllable)
				}
			}
		}
	}
}

// add gives a character one more reading. The lists of the table are shared.
func (v *voice) add(i int, id uint16) {
	if !slices.Contains(v.choices[i], id) {
		v.choices[i] = append(slices.Clip(v.choices[i]), id)
	}
}

// limit keeps the readings of polyphones from the front until their
// combinations would be too many, and only the usual reading after that.
func (v *voice) limit(n int, b *budget) {
	combinations := 1
	for i := range n {
		more := combinations * len(v.choices[i])
		if more > 1 && (more > b.combinations || more*n > b.tokens) {
			v.choices[i] = v.choices[i][:1]
			continue
		}
		combinations = more
	}
	b.combinations = max(b.combinations-combinations, 1)
	b.tokens = max(b.tokens-combinations*n, 0)
}
