package search

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Query is a question put for one dialect and one actor. It is immutable.
type Query struct {
	index    *Index
	dialect  sqldb.Dialect
	words    string // the terms alone
	match    string // the terms and what narrows them
	loose    string // match with phrases as words anywhere; "" = there is no phrase; PostgreSQL only
	title    string // the terms as the title holds them; "" = never
	start    string // the terms as the title begins with them; "" = never
	narrowed bool
	need     []need // for the estimate: all of these
	narrow   []string
}

// need is one term: any of its alternatives, each a list of tokens that must
// all be there; the last of one may be a beginning.
type need struct{ any []alternative }

type alternative struct {
	class  uint8
	tokens []string
	prefix bool
	begin  string // the one token that stands for a short beginning
}

// Query puts terms for an actor. ok is false when there is nothing to ask (no
// terms) or when nothing that the actor may search can match.
func (x *Index) Query(d sqldb.Dialect, terms []text.QueryTerm, s Scope) (q *Query, ok bool) {
	if len(terms) == 0 {
		return nil, false
	}
	q = &Query{index: x, dialect: d}
	for _, t := range terms {
		n := need{any: s.alternatives(d, t.Any)}
		if len(n.any) == 0 {
			return nil, false
		}
		q.need = append(q.need, n)
	}
	q.narrow = s.narrow()
	q.narrowed = len(q.narrow) > 0
	w := writer{pg: d == sqldb.Postgres}
	q.words = w.all(q.need, anywhere)
	q.match = q.mine(w, q.words)
	if w.pg && q.phrases() {
		q.loose = q.mine(w, writer{pg: true, loose: true}.all(q.need, anywhere))
	}
	if title := s.inTitle(q.need); title != nil {
		q.title = q.mine(w, w.all(title, inTitle))
		if len(title) == 1 {
			q.start = q.mine(w, w.all(title, atStart))
		}
	}
	return q, true
}

// mine adds what narrows a question to words.
func (q *Query) mine(w writer, words string) string {
	if !q.narrowed {
		return words
	}
	return w.any(q.narrow) + w.and() + "(" + words + ")"
}

// inTitle keeps what a title can hold; nil when that is nothing of some term.
func (s *Scope) inTitle(list []need) []need {
	out := make([]need, len(list))
	for i, n := range list {
		for _, a := range n.any {
			if a.class == 0 || a.class == s.Title {
				out[i].any = append(out[i].any, a)
			}
		}
		if len(out[i].any) == 0 {
			return nil
		}
	}
	return out
}

// alternatives are the ways to find a term in what s may search. They are tried
// in order on a record, so that those of the title, where most hits are, come
// first.
func (s *Scope) alternatives(d sqldb.Dialect, list []text.Alt) (out []alternative) {
	var asked []text.Alt
	for _, a := range list {
		switch {
		case len(a.Phrase) == 0:
		case d == sqldb.SQLite:
			asked = append(asked, named(a)...)
		default:
			asked = append(asked, a)
		}
	}
	each := func(c uint8) {
		plain := slices.Contains(s.Plain, c)
		for _, a := range asked {
			if !plain || !spelled(a) {
				out = append(out, tagged(d, c, a))
			}
		}
	}
	if s.Title != 0 && slices.Contains(s.Classes, s.Title) {
		each(s.Title)
	}
	if !s.Closed {
		each(0)
	}
	for _, c := range s.Classes {
		if c != 0 && c != s.Title {
			each(c)
		}
	}
	for _, c := range s.Masked {
		if slices.Contains(s.Classes, c) {
			continue
		}
		for _, a := range list {
			out = masked(out, c, a)
		}
	}
	return out
}

// spelled says whether a is how hanzi are spoken: pinyin or initials.
func spelled(a text.Alt) bool {
	return a.Phrase[0] != "" && (a.Phrase[0][0] == 'p' || a.Phrase[0][0] == 'i')
}

// named replaces a beginning by the tokens it stands for, where it can. Among
// them may be none: then nothing can match.
func named(a text.Alt) []text.Alt {
	last := len(a.Phrase) - 1
	if !a.Prefix || last == 0 && isBeginning(clean(a.Phrase[0])) {
		return []text.Alt{a}
	}
	tokens, ok := completions(a.Phrase[last])
	if !ok {
		return []text.Alt{a}
	}
	list := make([]text.Alt, len(tokens))
	for i, t := range tokens {
		list[i].Phrase = append(slices.Clone(a.Phrase[:last]), t)
	}
	return list
}

// tagged turns the words of a into tokens of class c. A short beginning is a
// token of its own, so that it is found by one list.
func tagged(d sqldb.Dialect, c uint8, a text.Alt) alternative {
	t := tagOf(c)
	alt := alternative{class: c, prefix: a.Prefix, tokens: make([]string, len(a.Phrase))}
	for i, w := range a.Phrase {
		alt.tokens[i] = t.word + clean(w)
	}
	if d == sqldb.SQLite && len(a.Phrase) == 1 && a.Prefix {
		if w := clean(a.Phrase[0]); isBeginning(w) {
			alt.begin = t.begin + w
		}
	}
	return alt
}

// masked adds what a may ask of a masked class: four digits as the end of the
// number in it, or all its digits.
func masked(dst []alternative, c uint8, a text.Alt) []alternative {
	if c == 0 || len(a.Phrase) != 1 || a.Phrase[0] == "" {
		return dst
	}
	kind, digits := a.Phrase[0][0], a.Phrase[0][1:]
	if kind != 'w' || len(digits) < 4 || strings.Trim(digits, "0123456789") != "" {
		return dst
	}
	t := tagOf(c)
	if len(digits) == 4 {
		dst = append(dst, alternative{class: c, tokens: []string{t.end + digits}})
	}
	return append(dst, alternative{class: c, tokens: []string{t.number + digits}})
}

func (s *Scope) narrow() []string {
	n := len(s.Owners) + len(s.Depts)
	if n == 0 || n > NarrowLimit {
		return nil
	}
	list := make([]string, 0, n)
	for _, o := range s.Owners {
		list = append(list, ownerToken(o))
	}
	for _, d := range s.Depts {
		list = append(list, deptToken(d))
	}
	return list
}

// place is where in a document a term must stand.
type place uint8

const (
	anywhere place = iota
	inTitle
	atStart // of the title
)

// writer writes match expressions of a dialect.
type writer struct {
	pg    bool
	loose bool // the words of a phrase may stand anywhere
}

func (w writer) and() string {
	if w.pg {
		return " & "
	}
	return " AND "
}

func (w writer) or() string {
	if w.pg {
		return " | "
	}
	return " OR "
}

func (w writer) all(list []need, p place) string {
	var b strings.Builder
	for i, n := range list {
		if i > 0 {
			b.WriteString(w.and())
		}
		if len(n.any) > 1 {
			b.WriteByte('(')
		}
		for j, a := range n.any {
			if j > 0 {
				b.WriteString(w.or())
			}
			if w.pg {
				w.tsquery(&b, a, p)
			} else {
				w.fts5(&b, a, p)
			}
		}
		if len(n.any) > 1 {
			b.WriteByte(')')
		}
	}
	return b.String()
}

// any writes tokens of which one must be there.
func (w writer) any(tokens []string) string {
	list := make([]string, len(tokens))
	for i, t := range tokens {
		if w.pg {
			list[i] = "'" + t + "'"
		} else {
			list[i] = `"` + t + `"`
		}
	}
	return "(" + strings.Join(list, w.or()) + ")"
}

func (w writer) fts5(b *strings.Builder, a alternative, p place) {
	switch p {
	case anywhere:
		if a.begin != "" {
			b.WriteString(`"` + a.begin + `"`)
			return
		}
	case inTitle:
		b.WriteString("n : ")
	case atStart:
		b.WriteString("n : ^ ")
	}
	b.WriteByte('"')
	b.WriteString(strings.Join(a.tokens, " "))
	b.WriteByte('"')
	if a.prefix {
		b.WriteString(" *")
	}
}

func (w writer) tsquery(b *strings.Builder, a alternative, p place) {
	weight := "A"
	switch p {
	case anywhere:
		weight = ""
	case atStart:
		b.WriteString("'" + titleMark + "':A <-> ")
	}
	for i, t := range a.tokens {
		switch {
		case i > 0 && w.loose:
			b.WriteString(" & ")
		case i > 0:
			b.WriteString(" <-> ")
		}
		b.WriteString("'" + t + "'")
		if a.prefix && i == len(a.tokens)-1 {
			b.WriteString(":*" + weight)
		} else if weight != "" {
			b.WriteString(":" + weight)
		}
	}
}
