package importer

import (
	"testing"

	"pgregory.net/rapid"
)

func TestLongID(t *testing.T) {
	for in, want := range map[string]string{
		"001D000000IqhSL": "001D000000IqhSLIAZ", "500600000013bJW": "500600000013bJWAAY", "005A0000000wxyz": "005A0000000wxyzIAA",
		"123456789012345": "123456789012345", "001D000000IqhS": "001D000000IqhS", "001D000000IqhS-": "001D000000IqhS-", "": "", "客户": "客户",
	} {
		if got := longID(in); got != want {
			t.Errorf("longID(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9A-Za-z]{15}`).Draw(t, "id")
		if got := longID(s); got[:15] != s || longID(got) != got {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestJoinTexts(t *testing.T) {
	for _, x := range [][3]string{{"Ann", "Lee", "Ann Lee"}, {"王", "芳", "王芳"}, {"", "a", "a"}, {"a", "", "a"}, {"江苏", "Nanjing", "江苏 Nanjing"}} {
		if got := joinTexts(x[0], x[1]); got != x[2] {
			t.Errorf("%q, want %q", got, x[2])
		}
	}
}

func TestParseMapping(t *testing.T) {
	for in, want := range map[string]Mapping{
		"客户名称=name": {Headers: []string{"客户名称"}, Field: "name"}, "a=b=name": {Headers: []string{"a=b"}, Field: "name"},
		"A+B=name": {Headers: []string{"A+B"}, Field: "name"}, "photo=": {Headers: []string{"photo"}}, `"成交"=status`: {Const: "成交", Field: "status"},
	} {
		got, err := ParseMapping(in)
		if err != nil || got.Field != want.Field || got.Const != want.Const || len(got.Headers) != len(want.Headers) || len(got.Headers) > 0 && got.Headers[0] != want.Headers[0] {
			t.Errorf("%q: %+v %v, want %+v", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "name", "=name"} {
		if got, err := ParseMapping(bad); err == nil {
			t.Errorf("%q gives %+v", bad, got)
		}
	}
}

// Every alias leads to fields, and none stands twice.
func TestAliases(t *testing.T) {
	for h, keys := range aliases {
		if h == "" || len(keys) == 0 {
			t.Errorf("%q leads to %v", h, keys)
		}
	}
}
