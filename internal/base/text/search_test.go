package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// find is what a full-text index does with tokens and terms: every term must
// have a phrase whose tokens stand next to each other.
func find(tokens []string, terms []QueryTerm) bool {
	for _, t := range terms {
		if !slices.ContainsFunc(t.Any, func(a Alt) bool { return hasPhrase(tokens, a) }) {
			return false
		}
	}
	return len(terms) > 0
}

func hasPhrase(tokens []string, a Alt) bool {
	last := len(a.Phrase) - 1
	for i := range tokens {
		if i+last >= len(tokens) {
			return false
		}
		if slices.Equal(tokens[i:i+last], a.Phrase[:last]) &&
			(tokens[i+last] == a.Phrase[last] || a.Prefix && strings.HasPrefix(tokens[i+last], a.Phrase[last])) {
			return true
		}
	}
	return false
}

func TestSearchFinds(t *testing.T) {
	const bank = "上海招商银行徐汇支行"
	for _, c := range []struct {
		text, query string
		want        bool
	}{
		{bank, "银行", true},
		{bank, "招", true},
		{bank, "行", true},
		{bank, "上海招商银行徐汇支行", true},
		{bank, "招商 徐汇", true},
		{bank, "招行", false},
		{bank, "行徐汇支", true},
		{bank, "zsyh", true},
		{bank, "ZSYH", true},
		{bank, "ｚｓｙｈ", true},
		{bank, "zsyx", true},
		{bank, "xhzh", true},
		{bank, "shzsyhxhzh", true},
		{bank, "zsyhxhzhx", false},
		{bank, "z", true},
		{bank, "zh", true},
		{bank, "zhaoshangyinhang", true},
		{bank, "zhaoshangyinxing", true},
		{bank, "zhaoshangy", true},
		{bank, "xuhuizhi", true},
		{bank, "shanghai", true},
		{bank, "hang", true},
		{bank, "angyin", false},
		{bank, "zhaoshangxuhui", false},
		{bank, "zhao shang", true},
		{"重庆长安汽车", "chongqing", true},
		{"重庆长安汽车", "zhongqing", true},
		{"重庆长安汽车", "cqca", true},
		{"重庆长安汽车", "zqca", true},
		{"厦门国贸", "xiamen", true},
		{"华润大厦", "huarundasha", true},
		{"曾志伟", "zzw", true},
		{"曾志伟", "czw", true},
		{"单田芳", "stf", true},
		{"区大伟", "oudawei", true},
		{"浦东新区", "pdxo", false},
		{"大连银行", "dly", true},
		{"李大夫诊所", "daifu", true},
		{"李大夫诊所", "dafu", true},
		{"万俟先生", "moqi", true},
		{"万科", "moke", false},
		{"模具厂", "mjc", true},
		{"模具厂", "muju", true},
		{"吕布", "lvbu", true},
		{"吕布", "lübu", true},
		{"战略", "zhanlve", true},
		{"战略", "zhanlue", true},
		{"西安市", "xian", true},
		{"鲜花", "xian", true},
		{"方案", "fangan", true},
		{"反感", "fangan", true},
		{"招商（上海）银行", "招商", true},
		{"招商（上海）银行", "商上", false},
		{"公司", "公司", true},
		{"北京華為", "華為", true},
		{"+8613800138000", "8000", true},
		{"+8613800138000", "13800138000", true},
		{"+8613800138000", "1380", true},
		{"+8613800138000", "+86 138 0013 8000", true},
		{"13800138000", "+8613800138000", true},
		{"+8613800138000", "0013", false},
		{"+8613800138000", "00138000", true},
		{"138-0013-8000", "13800138000", true},
		{"138 0013 8000", "13800138000", true},
		{"138 0013 8000", "80013", false},
		{"电话：0755-8888 9999", "075588889999", true},
		{"电话：0755-88889999", "88889999", true},
		{"HT-2024-0001", "ht-2024-0001", true},
		{"HT-2024-0001", "0001", true},
		{"HT20240001", "ht2024", true},
		{"HT20240001", "20240001", true},
		{"HT20240001", "0001", true},
		{"HT20240001", "001", false},
		{"iPhone 15 Pro", "iph pro 15", true},
		{"iPhone15", "15", true},
		{"iPhone", "phone", false},
		{"Zhang.San@Example.com.cn", "zhang.san@example.com.cn", true},
		{"Zhang.San@Example.com.cn", "example", true},
		{"Zhang.San@Example.com.cn", "san@ex", true},
		{"Müller GmbH", "müll", true},
		{"A公司B", "公司", true},
		{"华为Mate手机", "mate手", true},
		{"トヨタ自動車", "トヨ", true},
		{bank, "", false},
		{bank, "。！", false},
		{"", "银行", false},
	} {
		terms := QueryTerms(c.query)
		if got := Match(terms, c.text); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.query, c.text, got)
		}
		if got := find(IndexTokens(nil, c.text), terms); got != c.want {
			t.Errorf("index: %q in %q = %v\n%v\n%v", c.query, c.text, got, IndexTokens(nil, c.text), terms)
		}
	}
}

func TestTokensArePinned(t *testing.T) {
	for text, want := range map[string]string{
		"招商银行":          "招商 商银 银行 行 pzhaoshang pshangyin pyinxing pxing0 pzhaoshang pshangyin pyinhang phang0 izsyx isyx iyx ix izsyh isyh iyh ih",
		"HT2024":        "wht2024 w2024 d4202",
		"138-0013-8000": "w138 w0013 d3100 w8000 d0008 w13800138000 d00083100831",
		"a@b.cn":        "wa wb wcn",
		"王":             "王 pwang0 iw",
		"":              "",
	} {
		if got := strings.Join(IndexTokens(nil, text), " "); got != want {
			t.Errorf("%q:\n%s, want\n%s", text, got, want)
		}
	}
	// The worked example of the package comment, with a reading of its own: 张 has one.
	if got, want := string(AppendIndexText([]byte("x: "), "张三")), "x: 张三 三 pzhangsan psan0 izs is"; got != want {
		t.Errorf("AppendIndexText = %q, want %q", got, want)
	}
}

// Characters of names, many with several readings, and what stands between them.
const alphabet = "招商银行上海重庆长安厦门大会计乐曾单解西安方案反感北京华为技术股份有限公司张王李吕女略一二三恩安昂额爱奥鱼儿饿々〇ー株式トヨ한국㐀𠮷"

func someText() *rapid.Generator[string] {
	han := rapid.SampledFrom([]rune(alphabet))
	part := rapid.OneOf(
		rapid.Map(rapid.SliceOfN(han, 1, 8), func(r []rune) string { return string(r) }),
		rapid.StringMatching(`[a-zA-Z]{1,6}`),
		rapid.StringMatching(`[A-Z]{1,2}[0-9]{1,8}`),
		rapid.StringMatching(`(\+86 ?|\+86-|0086|86)?1[3-9][0-9] ?-?[0-9]{4} ?-?[0-9]{4}`),
		rapid.StringMatching(`0[0-9]{2,3}[- ][0-9]{4}[- ]?[0-9]{3,4}`),
		rapid.StringMatching(`[0-9]{1,24}`),
		rapid.SampledFrom([]string{" ", "-", "（", "）", ".", "@", "，", "&", "é", "ß", "Ⅳ", "½", "+", "\u0301", "\u200b", "  "}),
	)
	return rapid.Map(rapid.SliceOfN(part, 0, 6), func(p []string) string { return strings.Join(p, "") })
}

// someQuery takes its queries from the text most of the time: by chance alone nothing is found.
func someQuery(t *rapid.T, text string) string {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return someText().Draw(t, "query")
	case 1:
		return rapid.StringMatching(`[a-z]{1,5}|[0-9]{1,6}`).Draw(t, "query")
	case 2:
		return voiceOf(t, text, true)
	case 3:
		return voiceOf(t, text, false)
	}
	r := []rune(text)
	from := rapid.IntRange(0, len(r)).Draw(t, "from")
	return string(r[from:rapid.IntRange(from, len(r)).Draw(t, "to")])
}

// voiceOf spells a text from some character on in some reading.
func voiceOf(t *rapid.T, text string, initials bool) string {
	var b strings.Builder
	r := []rune(text)
	tab := readings()
	for _, c := range r[rapid.IntRange(0, len(r)).Draw(t, "from"):] {
		h := tab.of(c)
		if h.first == 0 {
			break
		}
		s := tab.syllables[rapid.SampledFrom(tab.all(h)).Draw(t, "reading")]
		if initials {
			s = s[:1]
		}
		b.WriteString(s)
	}
	s := b.String()
	return s[:rapid.IntRange(0, len(s)).Draw(t, "cut")]
}

// The index finds what the definition says, and nothing else.
func TestIndexEqualsScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := someText().Draw(t, "text")
		query := someQuery(t, text)
		checkIndexEqualsScan(t, text, query)
	})
}

func checkIndexEqualsScan(t interface {
	Helper()
	Fatalf(string, ...any)
}, text, query string) {
	t.Helper()
	terms := QueryTerms(query)
	indexed, scanned := find(IndexTokens(nil, text), terms), Match(terms, text)
	cuts := 0
	for _, term := range terms {
		cuts = max(cuts, len(term.Any))
	}
	// Where a query has more cuts than are tried, the index may miss, but never invent.
	if indexed != scanned && (indexed || cuts < maxCuts) {
		t.Fatalf("text %q, query %q: index %v, scan %v\n%q\n%v", text, query, indexed, scanned, IndexTokens(nil, text), terms)
	}
}

// Every token is one word to FTS5 and to PostgreSQL, and short.
func TestTokensAreLettersAndDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(someText(), rapid.String()).Draw(t, "text")
		for _, token := range IndexTokens(nil, text) {
			checkToken(t, text, token)
		}
	})
}

func checkToken(t interface{ Fatalf(string, ...any) }, text, token string) {
	if token == "" || len(token) > 4*(maxWord+1) {
		t.Fatalf("%q: token %q", text, token)
	}
	for _, r := range token {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			t.Fatalf("%q: token %q holds %U", text, token, r)
		}
	}
}

// A name whose every character has many readings does not fill the index.
func TestCombinationsAreBounded(t *testing.T) {
	for _, text := range []string{strings.Repeat("行", 60), strings.Repeat("和", 200), strings.Repeat("行 ", 200), strings.Repeat("单会长乐", 50)} {
		n := len([]rune(text))
		tokens := IndexTokens(nil, text)
		if limit := n*2 + 2*(maxTokens+maxPinyin); len(tokens) > limit {
			t.Errorf("%d characters gave %d tokens, limit %d", n, len(tokens), limit)
		}
	}
	if n := len(IndexTokens(nil, strings.Repeat("行", 6))); n != 6+2*6*64 {
		t.Errorf("six polyphones gave %d tokens: all 64 combinations fit", n)
	}
}

func TestQueriesAreBounded(t *testing.T) {
	for _, q := range []string{strings.Repeat("an", 30), strings.Repeat("a", 40), strings.Repeat("银", 500), strings.Repeat("a b ", 500), strings.Repeat("1", 500)} {
		terms := QueryTerms(q)
		if len(terms) > maxTerms {
			t.Errorf("%.20q: %d terms", q, len(terms))
		}
		for _, term := range terms {
			if len(term.Any) > maxCuts+2 {
				t.Errorf("%.20q: %d alternatives", q, len(term.Any))
			}
			for _, a := range term.Any {
				if len(a.Phrase) > maxWord {
					t.Errorf("%.20q: a phrase of %d", q, len(a.Phrase))
				}
			}
		}
	}
}

func FuzzIndexEqualsScan(f *testing.F) {
	f.Add("上海招商银行徐汇支行 13800138000", "zsyh")
	f.Add("重庆长安", "chongqingchang")
	f.Add("HT-2024-0001 +86 138-0013-8000", "138 0013 8000")
	f.Add("Müller Straße 12½", "strasse")
	f.Fuzz(func(t *testing.T, text, query string) {
		if len(text) > 300 || len(query) > 60 {
			return
		}
		checkIndexEqualsScan(t, text, query)
		for _, token := range IndexTokens(nil, text) {
			checkToken(t, text, token)
		}
	})
}

var names = [...]string{"上海招商银行股份有限公司徐汇支行", "深圳市华星光电技术有限公司", "杭州云启科技有限责任公司", "北京京东世纪贸易有限公司", "广东美的集团股份有限公司",
	"苏州汇川机电设备有限公司", "成都天府软件园有限公司", "青岛海信电器股份有限公司"}

func BenchmarkIndexText(b *testing.B) {
	readings()
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	i, size := 0, 0
	for b.Loop() {
		buf = AppendIndexText(buf[:0], names[i%len(names)])
		size += len(buf)
		i++
	}
	b.ReportMetric(float64(size)/float64(i), "bytes/name")
}

func BenchmarkIndexTokens(b *testing.B) {
	readings()
	var dst []string
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		dst = IndexTokens(dst[:0], names[i%len(names)])
		i++
	}
	b.ReportMetric(float64(len(dst)), "tokens")
}

func BenchmarkIndexPhone(b *testing.B) {
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendIndexText(buf[:0], "+8613800138000")
	}
}

func BenchmarkQueryTerms(b *testing.B) {
	readings()
	b.ReportAllocs()
	for b.Loop() {
		QueryTerms("zhaoshangyinhang")
	}
}

func BenchmarkSortKey(b *testing.B) {
	readings()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		SortKey(names[i%len(names)])
		i++
	}
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		Fold(names[i%len(names)])
		i++
	}
}
