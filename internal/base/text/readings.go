package text

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// reading is one syllable with its tone.
type reading struct {
	syllable string // a to z, ü written v, lüe and nüe written lue and nue
	tone     byte   // 1 to 4, 5 = none
}

// han is what is known of one character.
type han struct {
	first uint16 // the usual syllable, 0 = no reading
	rank  uint16 // place in the order by pinyin, tone, code point
	more  uint16 // index into table.more, 0 = one reading only
	opens bool   // some word that begins with it, or it as a family name, adds a reading
}

// table holds the readings of all characters. It is made once from the
// dictionary of go-pinyin and the lists in readings_data.go, and never changes.
type table struct {
	syllables []string         // [0] is ""
	numbers   []uint16         // 0, 1, 2 …: a slice of one of them is the choice of a character with one reading
	low       []han            // U+3007 to U+9FFF
	high      []han            // U+20000 on
	more      [][]uint16       // all syllables of a polyphone, the usual one first
	ranks     map[pair]uint16  // places of readings that are not the usual ones
	words     map[rune][]word  // by first character, longest first
	surnames  map[rune]reading // readings as a family name
	names     map[rune]uint16  // those of surnames that the character does not have by itself
	prefixes  map[string]bool  // every beginning of a syllable; true = a whole one
}

type pair struct {
	char rune
	reading
}

type word struct {
	chars    []rune
	readings map[int]reading
	extra    []extra // those of readings that the character does not have by itself
}

// extra is a syllable that a character has at a place of a word.
type extra struct {
	at       int
	syllable uint16
}

const (
	lowStart  = 0x3007
	lowEnd    = 0xA000
	highStart = 0x20000
	highEnd   = 0x32400
)

var readings = sync.OnceValue(buildTable)

// Syllables lists the syllables that tokens of pinyin are made of, sorted.
func Syllables() []string {
	list := slices.Clone(readings().syllables[1:])
	slices.Sort(list)
	return list
}

// of gives what is known of a character; the zero han for all others.
func (t *table) of(r rune) han {
	switch {
	case r >= lowStart && r < lowEnd:
		return t.low[r-lowStart]
	case r >= highStart && r < highEnd:
		return t.high[r-highStart]
	}
	return han{}
}

// all gives the syllables of a character in living use, the usual one first.
func (t *table) all(h han) []uint16 {
	if h.more != 0 {
		return t.more[h.more]
	}
	return t.numbers[h.first : h.first+1]
}

// entry is a reading of a character while the table is made.
type entry struct {
	pair
	usual bool // the reading the character has by itself
}

func buildTable() *table {
	t := &table{
		low: make([]han, lowEnd-lowStart), high: make([]han, highEnd-highStart),
		more: make([][]uint16, 1), ranks: map[pair]uint16{}, words: map[rune][]word{}, surnames: map[rune]reading{}, names: map[rune]uint16{},
	}
	living := parsePolyphones()
	entries := make([]entry, 0, len(pinyin.PinyinDict)+512)
	for c, list := range pinyin.PinyinDict {
		r := rune(c)
		if _, ok := living[r]; !ok && t.slot(r) != nil {
			first, _, _ := strings.Cut(list, ",")
			entries = append(entries, entry{pair{r, fromMarks(first)}, true})
		}
	}
	for r, list := range living {
		for i, each := range list {
			entries = append(entries, entry{pair{r, each}, i == 0})
		}
	}
	entries = t.addWords(entries)
	slices.SortFunc(entries, compareEntries)
	t.fill(slices.CompactFunc(entries, func(a, b entry) bool { return a.pair == b.pair }), living)
	return t
}

// compareEntries orders by pinyin, tone and code point, the usual reading before its doubles.
func compareEntries(a, b entry) int {
	return cmp.Or(strings.Compare(a.syllable, b.syllable), cmp.Compare(a.tone, b.tone), cmp.Compare(a.char, b.char),
		cmp.Compare(order(a.usual), order(b.usual)))
}

func order(usual bool) int {
	if usual {
		return 0
	}
	return 1
}

// fill numbers the syllables and the characters in sorted order.
func (t *table) fill(entries []entry, living map[rune][]reading) {
	number := map[string]uint16{}
	t.syllables = append(t.syllables, "")
	t.prefixes = map[string]bool{}
	for i, e := range entries {
		if _, ok := number[e.syllable]; !ok {
			number[e.syllable] = uint16(len(t.syllables))
			t.syllables = append(t.syllables, e.syllable)
			for n := 1; n < len(e.syllable); n++ {
				if p := e.syllable[:n]; !t.prefixes[p] {
					t.prefixes[p] = false // the beginning of a syllable, unless it is one itself
				}
			}
			t.prefixes[e.syllable] = true
		}
		if e.usual {
			*t.slot(e.char) = han{first: number[e.syllable], rank: uint16(i)}
		} else {
			t.ranks[e.pair] = uint16(i)
		}
	}
	for i := range t.syllables {
		t.numbers = append(t.numbers, uint16(i))
	}
	for r, list := range living {
		var ids []uint16
		for _, each := range list {
			if id := number[each.syllable]; !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		if len(ids) > 1 {
			t.slot(r).more = uint16(len(t.more))
			t.more = append(t.more, ids)
		}
	}
	t.addExtras(number)
}

// addExtras finds the readings that only words and family names give.
func (t *table) addExtras(number map[string]uint16) {
	for first, list := range t.words {
		for i := range list {
			for at, r := range list[i].readings {
				if id := number[r.syllable]; !slices.Contains(t.all(t.of(list[i].chars[at])), id) {
					list[i].extra = append(list[i].extra, extra{at, id})
					t.slot(first).opens = true
				}
			}
		}
	}
	for r, name := range t.surnames {
		if id := number[name.syllable]; !slices.Contains(t.all(t.of(r)), id) {
			t.names[r] = id
			t.slot(r).opens = true
		}
	}
}

// slot is where a character's entry lives, nil when it has no place.
func (t *table) slot(r rune) *han {
	switch {
	case r >= lowStart && r < lowEnd:
		return &t.low[r-lowStart]
	case r >= highStart && r < highEnd:
		return &t.high[r-highStart]
	}
	return nil
}

func parsePolyphones() map[rune][]reading {
	living := map[rune][]reading{}
	for line := range strings.SplitSeq(polyphones, ",") {
		f := strings.Fields(line)
		r, _ := utf8.DecodeRuneInString(f[0])
		list := make([]reading, 0, len(f)-1)
		for _, s := range f[1:] {
			list = append(list, fromDigit(s))
		}
		living[r] = list
	}
	return living
}

// addWords reads words and surnames, and adds their readings to entries.
func (t *table) addWords(entries []entry) []entry {
	for line := range strings.SplitSeq(words, ",") {
		f := strings.Fields(line)
		w := word{chars: []rune(f[0]), readings: map[int]reading{}}
		for _, s := range f[1:] {
			at := int(s[0] - '1')
			w.readings[at] = fromDigit(s[1:])
			entries = append(entries, entry{pair{w.chars[at], w.readings[at]}, false})
		}
		t.words[w.chars[0]] = append(t.words[w.chars[0]], w)
	}
	for _, list := range t.words {
		slices.SortStableFunc(list, func(a, b word) int { return len(b.chars) - len(a.chars) })
	}
	for line := range strings.SplitSeq(surnames, ",") {
		f := strings.Fields(line)
		r, _ := utf8.DecodeRuneInString(f[0])
		t.surnames[r] = fromDigit(f[1])
		entries = append(entries, entry{pair{r, t.surnames[r]}, false})
	}
	return entries
}

// fromDigit reads hang2.
func fromDigit(s string) reading {
	return spell(s[:len(s)-1], s[len(s)-1]-'0')
}

// fromMarks reads háng.
func fromMarks(s string) reading {
	const marked = "āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜ"
	plain, tone := make([]byte, 0, 6), byte(5)
	for _, r := range s {
		i := 0
		for _, m := range marked {
			if m == r {
				tone = byte(i%4 + 1)
				r = rune("aeoiuv"[i/4])
				break
			}
			i++
		}
		switch {
		case r == 'ü':
			r = 'v'
		case r == 'ê' || r == 'ế' || r == 'ề':
			r = 'e'
		case r == 'ń' || r == 'ň' || r == 'ǹ':
			r = 'n'
		case r == 'ḿ':
			r = 'm'
		}
		if r >= 'a' && r <= 'z' {
			plain = append(plain, byte(r))
		}
	}
	return spell(string(plain), tone)
}

// spell settles what has several spellings. Sounds without a vowel are no
// syllables: they would make every n and m of a query a cut.
func spell(s string, tone byte) reading {
	switch s {
	case "lve", "nve":
		s = s[:1] + "ue"
	case "n", "ng":
		s = "en"
	case "m", "hm":
		s = "mu"
	case "hng":
		s = "heng"
	}
	return reading{s, tone}
}
