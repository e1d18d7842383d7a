package schema

import "testing"

// A value of a choice is found by code and by either label; a trade also with
// 业 or 行业 behind it, but never in place of an option that is called so; of two of one name
// by the one that is still offered, and by what was merged into another.
func TestChoiceParse(t *testing.T) {
	option := func(code, zh, en string) Option {
		return Option{Code: code, Label: Labels{"zh-CN": zh, "en": en}}
	}
	f := &Field{Key: "trade", Type: TypeNamed("choice"), Set: Settings{Options: []Option{
		option("making", "制造", "Manufacturing"), option("farming", "农业", "Agriculture"), option("bank", "银", "Silver"), option("banking", "银行", "Banking"), option("soft", "软件", "Software"),
		{Code: "it", Label: Labels{"zh-CN": "软件", "en": "IT"}, Hidden: true, Into: "net"}, {Code: "net", Label: Labels{"zh-CN": "互联网"}, Hidden: true, Into: "web"}, option("web", "网络", "Web"),
		{Code: "coal", Label: Labels{"zh-CN": "煤"}, Hidden: true},
	}}}
	for in, want := range map[string]string{
		"making": "making", "制造": "making", "ＭＡＫＩＮＧ": "making", "manufacturing": "making", "制造业": "making", "制造行业": "making", "软件行业": "soft",
		"农业": "farming", "农行业": "farming", "银行": "banking", "银": "bank", "": "",
		"软件": "soft", "it": "web", "IT": "web", "互联网": "web", "煤": "coal", "煤业": "!",
		"皮革": "!", "业": "!", "行业": "!", "制造厂": "!", "制造行": "!", "农": "!",
	} {
		got, err := f.Type.Parse(f, in, nil)
		if want == "!" && err == nil || want != "!" && (err != nil || got.Str() != want) {
			t.Errorf("%q: %q %v, want %s", in, got.Str(), err, want)
		}
	}
}
