package text

import (
	"slices"
	"strings"
)

// QueryTerm is one thing a query asks for; all terms of a query must be found.
type QueryTerm struct {
	// Any lists the ways to find it in the index; one must hold.
	Any []Alt
	// Text is the folded piece of the query, which Match goes by.
	Text string
	han  bool
}

// Alt is one way to find a term: its tokens next to each other in this order;
// with Prefix the last of them may be the beginning of a token.
type Alt struct {
	Phrase []string
	Prefix bool
}

const (
	// maxTerms and maxPhrase bound a query; what goes beyond is not looked for.
	maxTerms  = 16
	maxPhrase = 32
	// maxCuts bounds the ways a query is cut into syllables, the likely ones
	// (long syllables first) are taken. Real words have one to eight.
	maxCuts = 64
	// maxLetters is the longest query that is read as pinyin.
	maxLetters = 64
)

// QueryTerms reads what a person typed into a search box. A run of Han
// characters is a phrase; one character finds every word it is in. Latin letters
// are the beginning of a word, or initials, or pinyin (the last syllable may be
// unfinished), from any character of a name. Digits are the beginning of a
// number or, from four on, its end. The result is empty when there is nothing
// to look for.
func QueryTerms(s string) []QueryTerm {
	var m room
	sc := m.scan(s)
	var terms []QueryTerm
	for i := 0; i < len(sc.runs) && len(terms) < maxTerms; {
		r := sc.runs[i]
		next := sc.group(i)
		var term QueryTerm
		switch {
		case r.kind == hanRun:
			term = hanTerm(sc.text[r.start:r.end])
		case r.digits:
			term = digitTerm(string(sc.digits(i, next, nil)))
		default:
			term = wordTerm(sc.text[r.start:r.end])
		}
		terms = append(terms, term)
		i = next
	}
	return terms
}

func hanTerm(text []rune) QueryTerm {
	text = text[:min(len(text), maxPhrase+1)]
	term := QueryTerm{Text: string(text), han: true}
	if len(text) == 1 {
		term.Any = []Alt{{Phrase: []string{term.Text}, Prefix: true}}
		return term
	}
	pairs := make([]string, 0, len(text)-1)
	for i := range len(text) - 1 {
		pairs = append(pairs, string(text[i:i+2]))
	}
	term.Any = []Alt{{Phrase: pairs}}
	return term
}

func digitTerm(d string) QueryTerm {
	d = d[:min(len(d), maxWord)]
	term := QueryTerm{Text: d}
	forms := []string{d}
	if short := afterCountry([]byte(d)); short != nil {
		forms = append(forms, string(short))
	}
	for _, f := range forms {
		term.Any = append(term.Any, Alt{[]string{"w" + f}, true})
		if len(f) >= minTail && len(f) <= maxDigits {
			back := []byte(f)
			slices.Reverse(back)
			term.Any = append(term.Any, Alt{[]string{"d" + string(back)}, true})
		}
	}
	return term
}

func wordTerm(text []rune) QueryTerm {
	text = text[:min(len(text), maxWord)]
	q := string(text)
	term := QueryTerm{Text: q, Any: []Alt{{[]string{"w" + q}, true}}}
	q = latin(q)
	if q == "" {
		return term
	}
	if alt, ok := initialsAlt(q); ok {
		term.Any = append(term.Any, alt)
	}
	if len(q) > 1 {
		term.Any = append(term.Any, pinyinAlts(q)...)
	}
	return term
}

// latin is a query as letters of pinyin, "" when it cannot be pinyin: ü is v,
// and lüe and nüe are lue and nue as in the table.
func latin(q string) string {
	q = strings.ReplaceAll(q, "ü", "v")
	for _, r := range q {
		if !isLatin(r) {
			return ""
		}
	}
	if len(q) > maxLetters {
		return ""
	}
	return strings.NewReplacer("lve", "lue", "nve", "nue").Replace(q)
}

// initialsAlt finds letters that each begin a character.
func initialsAlt(q string) (Alt, bool) {
	if strings.ContainsAny(q, "iuv") {
		return Alt{}, false // no syllable begins with these
	}
	if len(q) <= maxInitials {
		return Alt{[]string{"i" + q}, true}, true
	}
	var phrase []string
	for i := 0; i+maxInitials <= len(q) && i < maxPhrase; i++ {
		phrase = append(phrase, "i"+q[i:i+maxInitials])
	}
	return Alt{Phrase: phrase}, true
}

// pinyinAlts cuts letters into syllables in every way.
func pinyinAlts(q string) []Alt {
	c := cutter{q: q, prefixes: readings().prefixes, dead: make([]bool, len(q)+1)}
	c.cut(0)
	return c.alts
}

type cutter struct {
	q        string
	prefixes map[string]bool
	dead     []bool // no cut is possible from here on
	parts    []string
	alts     []Alt
}

const maxSyllable = 6 // zhuang

// cut tries the longest syllable first and says whether the rest can be cut.
func (c *cutter) cut(from int) bool {
	if c.dead[from] {
		return false
	}
	found := false
	rest := c.q[from:]
	if _, ok := c.prefixes[rest]; ok && len(c.alts) < maxCuts {
		c.add(rest)
		found = true
	}
	for n := min(len(rest)-1, maxSyllable); n > 0; n-- {
		if !c.prefixes[rest[:n]] || len(c.alts) >= maxCuts {
			continue
		}
		c.parts = append(c.parts, rest[:n])
		found = c.cut(from+n) || found
		c.parts = c.parts[:len(c.parts)-1]
	}
	c.dead[from] = !found && len(c.alts) < maxCuts
	return found
}

// add makes the phrase of pairs for the parts so far and a last one, which may be unfinished.
func (c *cutter) add(last string) {
	parts := append(slices.Clone(c.parts), last)
	if len(parts) == 1 {
		c.alts = append(c.alts, Alt{[]string{"p" + last}, true})
		return
	}
	phrase := make([]string, 0, len(parts)-1)
	for i := range len(parts) - 1 {
		phrase = append(phrase, "p"+parts[i]+parts[i+1])
	}
	c.alts = append(c.alts, Alt{phrase, true})
}
