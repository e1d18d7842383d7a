package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                "",
		" \t\n　":          "",
		"***":             "",
		"ABC":             "abc",
		"ＡＢＣ　１２３":         "abc123",
		"A & B, Co.":      "abco",
		"C++":             "c++",
		"招商 银行":           "招商银行",
		"招商·银行（上海）":       "招商银行上海",
		"ｶﾀｶﾅ":            "カタカナ",
		"①㈱":              "1株",
		"ﬁn":              "fin",
		"e\u0301":         "é",
		"İstanbul":        "istanbul",
		"a\u200bb\ufeffc": "abc",
		"zero\u00a0width": "zerowidth",
		"ÀÉ":              "àé",
		"10%":             "10",
		"“引号”、《书名》—破折号…": "引号书名破折号",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldIsAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkFold(t, rapid.OneOf(rapid.String(), someText()).Draw(t, "text"))
	})
}

func checkFold(t interface{ Fatalf(string, ...any) }, s string) {
	key := Fold(s)
	if again := Fold(key); again != key {
		t.Fatalf("Fold(%q) = %q, then %q", s, key, again)
	}
	if strings.ContainsFunc(key, unicode.IsSpace) || !utf8.ValidString(key) {
		t.Fatalf("Fold(%q) = %q", s, key)
	}
	if company := FoldCompany(s); company == "" && s != "" {
		t.Fatalf("FoldCompany(%q) is empty", s)
	}
	sort := SortKey(s)
	if len(sort) > maxSortKey || !utf8.ValidString(sort) || strings.ContainsRune(sort, 0) {
		t.Fatalf("SortKey(%q) = %q", s, sort)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Ａ＆Ｂ（上海）有限公司", "İ\u0307", "ΌΣΟΣ", "\xff\xfe", "ǅ", "\u0345α", "ᾳ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, s) })
}

func TestFoldCompany(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "",
		"阿里巴巴（中国）有限公司":        "阿里巴巴",
		"阿里巴巴(中国)有限公司":        "阿里巴巴",
		"华为技术有限公司":            "华为技术",
		"华为技术":                "华为技术",
		"比亚迪股份有限公司":           "比亚迪",
		"小米科技有限责任公司":          "小米科技",
		"海尔集团公司":              "海尔",
		"北京小米（集团）公司":          "北京小米",
		"沃尔玛（中国）投资有限公司":       "沃尔玛投资",
		"张三（北京市朝阳区）":          "张三",
		"某某【北京】有限公司":          "某某",
		"王五（销售）":              "王五销售",
		"上海测试有限公司徐汇分公司":       "上海测试有限公司徐汇分公司",
		"有限公司":                "有限公司",
		"（上海）":                "上海",
		"Foo Co., Ltd.":       "foo",
		"FOO CO.,LTD":         "foo",
		"Foo Bar Inc.":        "foobar",
		"ACME GmbH & Co. KG":  "acme",
		"Siemens A.G.":        "siemens",
		"Zinc":                "zinc",
		"Inc":                 "inc",
		"ABC (Hong Kong) Ltd": "abc",
		"株式会社　日立製作所":          "日立製作所",
		"Ａｐｐｌｅ　Ｉｎｃ":           "apple",
		"***":                 "***",
		"ABC (未完":             "abc未完",
	} {
		if got := FoldCompany(in); got != want {
			t.Errorf("FoldCompany(%q) = %q, want %q", in, got, want)
		}
	}
}
