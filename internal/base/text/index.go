package text

import "unicode/utf8"

// IndexTokens appends the search tokens of a text to dst, in index order. See
// the package comment for what they are. Bulk work takes AppendIndexText, which
// makes no garbage.
func IndexTokens(dst []string, s string) []string {
	var b [2048]byte
	all := string(AppendIndexText(b[:0], s))
	start := 0
	for i := range len(all) {
		if all[i] == ' ' {
			dst = append(dst, all[start:i])
			start = i + 1
		}
	}
	if start < len(all) {
		dst = append(dst, all[start:])
	}
	return dst
}

// AppendIndexText appends the search tokens of a text, joined by single blanks:
// the text to give to FTS5 or to_tsvector('simple', …). It allocates nothing
// but dst for texts of usual length.
func AppendIndexText(dst []byte, s string) []byte {
	var m room
	sc := m.scan(s)
	w := writer{out: dst, start: len(dst), budget: fullBudget()}
	for i := 0; i < len(sc.runs); {
		if sc.runs[i].kind == hanRun {
			w.han(sc, sc.runs[i])
			i++
			continue
		}
		next := sc.group(i)
		for _, r := range sc.runs[i:next] {
			w.word(sc.text[r.start:r.end])
		}
		if next > i+1 {
			var d [maxDigits]byte
			w.number(sc.digits(i, next, d[:0]))
		}
		i = next
	}
	return w.out
}

// writer collects tokens, a blank between two.
type writer struct {
	out    []byte
	start  int
	budget budget
}

// token starts a token; prefix 0 is none.
func (w *writer) token(prefix byte) {
	if len(w.out) > w.start {
		w.out = append(w.out, ' ')
	}
	if prefix != 0 {
		w.out = append(w.out, prefix)
	}
}

// han writes the tokens of a run of Han characters.
func (w *writer) han(sc scanned, r run) {
	t := sc.text
	for i := r.start; i < r.end; i++ {
		w.token(0)
		w.out = utf8.AppendRune(w.out, t[i])
		if i+1 < r.end {
			w.out = utf8.AppendRune(w.out, t[i+1])
		}
	}
	var v voice
	tab := readings()
	for from := r.start; v.next(tab, sc, r, from, &w.budget); from = v.end {
		w.pinyin(tab, v.choices[:v.end-v.start])
		w.initials(tab, v.choices[:v.end-v.start])
	}
}

// pinyin writes pairs of syllables for every combination of readings.
func (w *writer) pinyin(t *table, choices [][]uint16) {
	var at [maxPinyin]int
	for {
		for i := range choices {
			w.token('p')
			w.out = append(w.out, t.syllables[choices[i][at[i]]]...)
			if i+1 < len(choices) {
				w.out = append(w.out, t.syllables[choices[i+1][at[i+1]]]...)
			} else {
				w.out = append(w.out, '0')
			}
		}
		if !advance(at[:len(choices)], func(i int) int { return len(choices[i]) }) {
			return
		}
	}
}

// maxInitials is the length of a token of initials.
const maxInitials = 4

// initials writes the next four initials from every character, for every
// combination that sounds different.
func (w *writer) initials(t *table, choices [][]uint16) {
	var letters [maxPinyin][]byte
	var b [maxPinyin * 4]byte
	buf := b[:0]
	for i, c := range choices {
		from := len(buf)
		for _, id := range c {
			if l := t.syllables[id][0]; !contains(buf[from:], l) {
				buf = append(buf, l)
			}
		}
		letters[i] = buf[from:len(buf):len(buf)]
	}
	var at [maxPinyin]int
	for {
		for i := range choices {
			w.token('i')
			for j := i; j < min(i+maxInitials, len(choices)); j++ {
				w.out = append(w.out, letters[j][at[j]])
			}
		}
		if !advance(at[:len(choices)], func(i int) int { return len(letters[i]) }) {
			return
		}
	}
}

func contains(b []byte, c byte) bool {
	for _, x := range b {
		if x == c {
			return true
		}
	}
	return false
}

// advance counts up at, whose places have their own numbers of digits; false
// after the last combination.
func advance(at []int, radix func(i int) int) bool {
	for i := len(at) - 1; i >= 0; i-- {
		if at[i]++; at[i] < radix(i) {
			return true
		}
		at[i] = 0
	}
	return false
}

// word writes a word, what follows each change between letters and digits in
// it, and the tails of its numbers.
func (w *writer) word(t []rune) {
	number := -1 // where the number begins that i lies in
	for i := range t {
		digit := isDigit(t[i])
		if i > 0 && digit == isDigit(t[i-1]) {
			continue
		}
		w.token('w')
		for _, c := range t[i:min(len(t), i+maxWord)] {
			w.out = utf8.AppendRune(w.out, c)
		}
		if digit {
			number = i
		} else if number >= 0 {
			w.tail(t[number:i])
			number = -1
		}
	}
	if number >= 0 {
		w.tail(t[number:])
		w.withoutCountry(t[number:])
	}
}

// tail writes a number backwards.
func (w *writer) tail(d []rune) {
	if len(d) < minTail {
		return
	}
	w.token('d')
	for i := len(d) - 1; i >= max(0, len(d)-maxDigits); i-- {
		w.out = append(w.out, byte(d[i]))
	}
}

// withoutCountry writes a mobile number as people type it, without +86.
func (w *writer) withoutCountry(number []rune) {
	var d [15]byte
	if len(number) > len(d) {
		return
	}
	for i, c := range number {
		d[i] = byte(c)
	}
	if short := afterCountry(d[:len(number)]); short != nil {
		w.token('w')
		w.out = append(w.out, short...)
	}
}

// number writes a number that was put together from pieces.
func (w *writer) number(d []byte) {
	w.token('w')
	w.out = append(w.out, d...)
	if short := afterCountry(d); short != nil {
		w.token('w')
		w.out = append(w.out, short...)
	}
	if len(d) < minTail {
		return
	}
	w.token('d')
	for i := len(d) - 1; i >= 0; i-- {
		w.out = append(w.out, d[i])
	}
}
