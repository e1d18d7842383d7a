package text

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSortsAsPeopleExpect(t *testing.T) {
	// Each list is in the right order.
	for _, want := range [][]string{
		{"123", "3M", "Apple", "banana", "Émile", "Zebra", "阿里巴巴", "百度", "华为", "京东", "腾讯", "字节跳动"},
		{"安徽", "北京", "长沙", "重庆", "福建", "广东", "广西", "海南", "河北", "厦门", "浙江", "重量"},
		{"曹操", "曾国藩", "张飞", "赵云"},
		{"区大伟", "潘安"},
		{"任小明", "单田芳", "石头"},
		{"单一窗口平台", "上海"},
		{"市商行", "市商行道", "市商型"},
		{"李安", "李伟", "里昂", "力安", "力伟"},
		{"妈", "麻", "马", "骂", "吗"},
		{"a b", "a c", "ab", "ac"},
		{"《安徒生》", "《百年孤独》", "【财务】"},
		{"Ａpple", "apple2", "Apricot"},
		{"Москва", "中国", "ひらがな"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortStableFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestSortKeyIgnoresCaseWidthAndPunctuation(t *testing.T) {
	for _, pair := range [][2]string{{"ABC", "abc"}, {"ＡＢＣ", "abc"}, {"《招商》", "招商"}, {"É", "e"}, {"  a   b ", "a b"}} {
		if a, b := SortKey(pair[0]), SortKey(pair[1]); a != b {
			t.Errorf("%q -> %q, %q -> %q", pair[0], a, pair[1], b)
		}
	}
	for _, empty := range []string{"", "  ", "\u200b"} {
		if got := SortKey(empty); got != "" {
			t.Errorf("SortKey(%q) = %q", empty, got)
		}
	}
	if SortKey("***") == "" {
		t.Error("a text of punctuation has no key")
	}
}

func TestSortKeyIsCutBetweenCharacters(t *testing.T) {
	long := strings.Repeat("招商", 50)
	if got := SortKey(long); len(got) != 63 || utf8.RuneCountInString(got) != 21 {
		t.Errorf("%d bytes, %d characters", len(got), utf8.RuneCountInString(got))
	}
	if got := SortKey(strings.Repeat("a", 63) + "招"); len(got) != 63 {
		t.Errorf("%d bytes", len(got))
	}
	if got := SortKey(strings.Repeat("a", 500)); len(got) != 64 {
		t.Errorf("%d bytes", len(got))
	}
}

// Keys are stored. When this fails, the order of some character changed (the
// dictionary or the lists): raise SortKeyVersion, then pin the new sum.
func TestSortKeyVersionIsRaisedWithTheTable(t *testing.T) {
	sum := fnv.New64a()
	for r := rune(0x20); r < highEnd; r++ {
		if utf8.ValidRune(r) {
			fmt.Fprintf(sum, "%s\n", SortKey(string(r)))
		}
	}
	for _, list := range []string{words, surnames} {
		for entry := range strings.SplitSeq(list, ",") {
			fmt.Fprintf(sum, "%s\n", SortKey(strings.Fields(entry)[0]+"某"))
		}
	}
	if got, want := fmt.Sprintf("%d:%016x", SortKeyVersion, sum.Sum64()), "1:08aefd4ea57c0ef6"; got != want {
		t.Errorf("keys are %s, pinned %s", got, want)
	}
}

// The lists name characters and readings that exist.
func TestReadingLists(t *testing.T) {
	tab := readings()
	for _, s := range tab.syllables[1:] {
		if len(s) > maxSyllable || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" || strings.HasPrefix(s, "i") || strings.HasPrefix(s, "u") || strings.HasPrefix(s, "v") {
			t.Errorf("syllable %q", s)
		}
	}
	if list := Syllables(); !slices.IsSorted(list) || !slices.Contains(list, "zhuang") || slices.Contains(list, "") {
		t.Errorf("Syllables = %v", list)
	}
	if n := len(tab.syllables); n < 400 || n > 430 {
		t.Errorf("%d syllables, Mandarin has some 410", n)
	}
	for r, list := range parsePolyphones() {
		for _, each := range list {
			if each.tone < 1 || each.tone > 5 {
				t.Errorf("%c: tone %d", r, each.tone)
			}
		}
	}
	for _, list := range tab.words {
		for _, w := range list {
			for at, r := range w.readings {
				if at >= len(w.chars) {
					t.Errorf("%s has no character %d", string(w.chars), at+1)
				}
				if _, ok := tab.ranks[pair{w.chars[at], r}]; !ok {
					t.Errorf("%s: character %d has this reading everywhere", string(w.chars), at+1)
				}
			}
		}
	}
	for r, name := range tab.surnames {
		if _, ok := tab.ranks[pair{r, name}]; !ok {
			t.Errorf("%c is %s everywhere", r, name.syllable)
		}
	}
	for text, want := range map[string]string{"行": "xing hang", "重": "zhong chong", "女": "nv", "略": "lue", "嗯": "en", "㐀": "qiu", "〇": "ling"} {
		r, _ := utf8.DecodeRuneInString(text)
		var got []string
		for _, id := range tab.all(tab.of(r)) {
			got = append(got, tab.syllables[id])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s reads %v, want %s", text, got, want)
		}
	}
}
