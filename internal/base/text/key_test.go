package text

import (
	"testing"

	"pgregory.net/rapid"
)

func TestKey(t *testing.T) {
	for in, want := range map[string]string{"": "", "A-1": "a-1", "Ａ－１": "a-1", " 上 海　（云腾） ": "上海(云腾)", "ﬁ": "fi", "a\u200bb": "ab", "É": "é", "İ": "i"} {
		if got := Key(in); got != want {
			t.Errorf("Key(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if k := Key(s); Key(k) != k {
			t.Fatalf("Key(%q) = %q, and its key is %q", s, k, Key(k))
		}
	})
}
