package text_test

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/text"
)

func TestSpelling(t *testing.T) {
	for in, want := range map[string]string{
		"商机":       "shang ji",
		"新建客户":     "xin jian ke hu",
		"API 商机":   "api shang ji",
		"导出CSV":    "dao chu csv",
		"A客户B":     "a ke hu b",
		"":         "",
		"Contacts": "contacts",
	} {
		if got := text.Spelling(in); got != want {
			t.Errorf("%s is typed %q, want %q", in, got, want)
		}
	}
	if got := text.Spelling("重"); got != "zhong/chong" && got != "chong/zhong" {
		t.Errorf("重 is typed %q", got)
	}
}
