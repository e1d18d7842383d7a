package search

import (
	"bytes"
	"hash/maphash"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/text"
)

// maxPositions is how many tokens of a document are indexed; PostgreSQL counts
// places to 16,383.
const maxPositions = 16000

// Tokens that do not come from a text start with an underscore, which
// base/text never gives: _o7 owner, _d3 department, _p? beginnings; and for
// class 5: _5_word a word, _5p? beginnings, _5=138… a whole number, _5e8000 its
// last four digits.
func ownerToken(id int64) string { return "_o" + strconv.FormatInt(id, 36) }
func deptToken(id int64) string  { return "_d" + strconv.FormatInt(id, 36) }

// A tag keeps the tokens of a field class apart from those of the others.
type tag struct{ word, begin, number, end string }

func tagOf(class uint8) tag {
	if class == 0 {
		return tag{begin: "_p"}
	}
	c := "_" + strconv.Itoa(int(class))
	return tag{word: c + "_", begin: c + "p", number: c + "=", end: c + "e"}
}

// clean drops what a token of base/text never holds and what would be a sign
// to a database: ASCII other than lower-case letters and digits.
func clean(token string) string {
	for i := 0; i < len(token); i++ {
		if sign(token[i]) {
			return strings.Map(func(r rune) rune {
				if r < utf8.RuneSelf && sign(byte(r)) {
					return -1
				}
				return r
			}, token)
		}
	}
	return token
}

func sign(c byte) bool {
	return c < utf8.RuneSelf && (c < 'a' || c > 'z') && (c < '0' || c > '9')
}

// beginnings appends the lengths in bytes of those beginnings of token that
// are tokens of their own on SQLite. Without them FTS5 would merge the lists of
// a large part of the dictionary for a short beginning: 100 ms among a million
// records. (GIN merges faster, and what is frequent is not asked of it; there
// they would only make the rows longer.) Which they are depends on nothing but
// the letters, so that asking and indexing agree:
//
//	招商        招                    the first character of a pair
//	izsyh       iz izs izsy           up to three initials
//	pgongsi     pgo pgon pgong        the first syllable as far as it is typed
//	wht2024     wh wht wht2           one to three characters of a word, up to six letters
//
// Numbers read backwards (d) are asked for from four digits on and need none.
func beginnings(dst []int, token string) []int {
	if token == "" {
		return dst
	}
	switch token[0] {
	case 'i':
		return firstBytes(dst, token, 2, 4)
	case 'w':
		n := 4
		for n < 7 && n < len(token) && token[n] >= 'a' {
			n++ // among letters: many share the name of a mail domain
		}
		return firstBytes(dst, token, 2, n)
	case 'p':
		for n := 3; n <= syllable(token); n++ {
			dst = append(dst, n)
		}
		return dst
	case 'd':
		return dst
	}
	_, n := utf8.DecodeRuneInString(token)
	return append(dst, n)
}

// isBeginning says whether token is a beginning that has a token of its own.
func isBeginning(token string) bool {
	cuts := beginnings(make([]int, 0, 8), token)
	return len(cuts) > 0 && cuts[len(cuts)-1] == len(token)
}

// firstBytes appends from … to, as far as token reaches and is ASCII.
func firstBytes(dst []int, token string, from, to int) []int {
	for n := from; n <= min(to, len(token)) && token[n-1] < utf8.RuneSelf; n++ {
		dst = append(dst, n)
	}
	return dst
}

// syllable is the end of the first syllable of a p token by its shape:
// consonants, vowels, n or ng.
func syllable(token string) int {
	i := 1
	for i < len(token) && !vowel(token[i]) && token[i] >= 'a' {
		i++
	}
	for i < len(token) && vowel(token[i]) {
		i++
	}
	if i < len(token) && token[i] == 'n' {
		if i++; i < len(token) && token[i] == 'g' {
			i++
		}
	}
	return i
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'v':
		return true
	}
	return false
}

// encoder turns documents into what the databases take. It is reused from
// document to document and not safe for several goroutines.
type encoder struct {
	words []string
	cuts  []int
	tags  []tag     // by class, as far as they were needed
	extra tokenSet  // tokens without a place
	cols  [2][]byte // of an FTS5 row
	begin bool      // the dialect needs beginnings
}

// tag is tagOf, made once.
func (e *encoder) tag(class uint8) *tag {
	for n := len(e.tags); n <= int(class); n++ {
		e.tags = append(e.tags, tagOf(uint8(n)))
	}
	return &e.tags[class]
}

// tokenSet is some hundred tokens, each once, in the order they came.
type tokenSet struct {
	text  []byte  // each behind a blank
	ends  []int   // in text
	slots []int32 // by hash: the number of a token and one; 0 is free
}

var tokenSeed = maphash.MakeSeed()

func (s *tokenSet) reset() {
	s.text, s.ends = s.text[:0], s.ends[:0]
	clear(s.slots)
}

// add puts prefix and token together in.
func (s *tokenSet) add(prefix, token string) {
	if 2*len(s.ends) >= len(s.slots) {
		s.grow()
	}
	at := len(s.text)
	s.text = append(append(append(s.text, ' '), prefix...), token...)
	if !s.place(len(s.ends), s.text[at+1:]) {
		s.text = s.text[:at]
		return
	}
	s.ends = append(s.ends, len(s.text))
}

// place notes token i, unless it is there.
func (s *tokenSet) place(i int, token []byte) bool {
	mask := len(s.slots) - 1
	for at := int(maphash.Bytes(tokenSeed, token)) & mask; ; at = (at + 1) & mask {
		other := s.slots[at]
		if other == 0 {
			s.slots[at] = int32(i + 1)
			return true
		}
		if bytes.Equal(s.at(int(other-1)), token) {
			return false
		}
	}
}

// at is token i; valid until the next one is added.
func (s *tokenSet) at(i int) []byte {
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.text[from+1 : s.ends[i]]
}

func (s *tokenSet) grow() {
	s.slots = make([]int32, max(512, 2*len(s.slots)))
	for i := range s.ends {
		s.place(i, s.at(i))
	}
}

// part makes the words of p and notes the tokens without a place.
func (e *encoder) part(p Part) []string {
	t := e.tag(p.Class)
	e.words = text.IndexTokens(e.words[:0], p.Text)
	for i, w := range e.words {
		w = clean(w)
		e.words[i] = w
		if !e.begin {
			continue
		}
		e.cuts = beginnings(e.cuts[:0], w)
		for _, n := range e.cuts {
			e.extra.add(t.begin, w[:n])
		}
	}
	if d := digitsOf(p.Text); t.number != "" && len(d) >= 4 {
		e.extra.add(t.number, d)
		e.extra.add(t.end, d[len(d)-4:])
		if short, ok := strings.CutPrefix(d, "86"); ok && len(short) == 11 {
			e.extra.add(t.number, short)
		}
	}
	return e.words
}

func (e *encoder) rights(d *Doc) {
	if d.Owner != 0 {
		e.extra.add(ownerToken(d.Owner), "")
	}
	if d.Dept != 0 {
		e.extra.add(deptToken(d.Dept), "")
	}
}

// columns gives the two texts of an FTS5 row: the title's words with all
// tokens that have no place, and the words of the rest.
func (e *encoder) columns(d *Doc) (n, t string) {
	e.extra.reset()
	e.begin = true
	col := [2][]byte{e.cols[0][:0], e.cols[1][:0]}
	left := maxPositions
	for _, p := range d.Parts {
		b := &col[1]
		if p.Title {
			b = &col[0]
		}
		word := e.tag(p.Class).word
		for _, w := range e.part(p) {
			if left--; left < 0 {
				break
			}
			if len(*b) > 0 {
				*b = append(*b, ' ')
			}
			*b = append(append(*b, word...), w...)
		}
	}
	e.rights(d)
	col[0] = append(col[0], e.extra.text...)
	e.cols = col
	return string(col[0]), string(col[1])
}

// vector gives the text of a tsvector: words with places, the title's with
// weight A and behind the mark of its beginning; the rest without a place.
func (e *encoder) vector(d *Doc) string {
	e.extra.reset()
	e.begin = false
	var b []byte
	at, marked := 0, false
	for _, p := range d.Parts {
		word := e.tag(p.Class).word
		if p.Title && !marked {
			marked = true
			at++
			b = lexeme(b, titleMark, "")
			b = append(append(strconv.AppendInt(append(b, ':'), int64(at), 10), 'A'), ' ')
		}
		for _, w := range e.part(p) {
			if at++; at > maxPositions {
				break
			}
			b = lexeme(b, word, w)
			b = strconv.AppendInt(append(b, ':'), int64(at), 10)
			if p.Title {
				b = append(b, 'A')
			}
			b = append(b, ' ')
		}
	}
	e.rights(d)
	for i := range e.extra.ends {
		b = append(append(append(b, '\''), e.extra.at(i)...), '\'', ' ')
	}
	return string(b)
}

// titleMark stands before the first word of the title on PostgreSQL, which has
// no operator for "at the beginning".
const titleMark = "_s"

// lexeme quotes a token; a cleaned token holds nothing that needs escaping.
func lexeme(b []byte, prefix, token string) []byte {
	b = append(b, '\'')
	b = append(b, prefix...)
	b = append(b, token...)
	return append(b, '\'')
}

// digitsOf is the ASCII digits of s; full-width ones count too.
func digitsOf(s string) string {
	var b []byte
	for _, r := range s {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r >= '0' && r <= '9' {
			b = append(b, byte(r))
		}
	}
	return string(b)
}
