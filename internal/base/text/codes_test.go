package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestUSCC(t *testing.T) {
	// Published codes of well-known bodies, and one with letters in its middle part.
	for _, code := range []string{"91330100799655058B", "9144030071526726XG", "914403001922038216", "91110000802100433B", "12100000400002259P", "91350100M000100Y43"} {
		if got, ok := USCC(code); !ok || got != code {
			t.Errorf("USCC(%s) = %s, %v", code, got, ok)
		}
	}
	for in, want := range map[string]string{" 9144030071526726xg ": "9144030071526726XG", "９１３３０１００７９９６５５０５８Ｂ": "91330100799655058B", "9133 0100 7996 5505 8B": "91330100799655058B", "91330100-79965505-8B": "91330100799655058B"} {
		if got, ok := USCC(in); !ok || got != want {
			t.Errorf("USCC(%q) = %q, %v", in, got, ok)
		}
	}
	for _, code := range []string{"", "91330100799655058A", "91330100799655058", "91330100799655058BB", "91330100I99655058B", "913301007996550招8B", "9133010079965505招", "91A30100799655058B"} {
		if _, ok := USCC(code); ok {
			t.Errorf("USCC(%q) passes", code)
		}
	}
}

// The check character finds every single wrong character and every swap of neighbours.
func TestUSCCFindsSlips(t *testing.T) {
	const code, alphabet = "91350100M000100Y43", "0123456789ABCDEFGHJKLMNPQRTUWXY"
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(code)
		i := rapid.IntRange(0, 17).Draw(t, "place")
		if rapid.Bool().Draw(t, "swap") && i < 17 {
			b[i], b[i+1] = b[i+1], b[i]
		} else {
			b[i] = rapid.SampledFrom([]byte(alphabet)).Draw(t, "character")
		}
		if _, ok := USCC(string(b)); ok != (string(b) == code) {
			t.Fatalf("USCC(%s) = %v", b, ok)
		}
	})
}

func TestIDCard(t *testing.T) {
	for id, want := range map[string]bool{
		"11010519491231002X": true, // the example in GB 11643-1999
		"440524188001010014": true, // and the second
		"11010519491231002x": true,
		"１１０１０５１９４９１２３１００２Ｘ":    true,
		" 110105 19491231 002X": true,
		"110105194912310021":    false,
		"11010519491331002X":    false,
		"11010519490230002X":    false,
		"110105491231002":       false,
		"":                      false,
		"1101051949123100XX":    false,
		"01010519491231002X":    false,
		"11010519491231002招":    false,
	} {
		if got := IDCard(id); got != want {
			t.Errorf("IDCard(%q) = %v", id, got)
		}
	}
}

func TestEmail(t *testing.T) {
	for in, want := range map[string]string{
		"Zhang.San@Example.COM":                 "zhang.san@example.com",
		" a@b.cn ":                              "a@b.cn",
		"ａ＠ｂ．ｃｎ":                                "a@b.cn",
		"mailto:a+tag@mail.b.co":                "a+tag@mail.b.co",
		"o'neil_1@x-y.org":                      "o'neil_1@x-y.org",
		"张三@例子.中国":                              "张三@例子.中国",
		"":                                      "",
		"a":                                     "",
		"@b.cn":                                 "",
		"a@":                                    "",
		"a@b":                                   "",
		"a@@b.cn":                               "",
		"a@b@c.cn":                              "",
		".a@b.cn":                               "",
		"a.@b.cn":                               "",
		"a..b@c.cn":                             "",
		"a b@c.cn":                              "",
		"a@b..cn":                               "",
		"a@-b.cn":                               "",
		"a@b-.cn":                               "",
		"a@1.2.3.4":                             "",
		"a@[1.2.3.4]":                           "",
		"\"a b\"@c.cn":                          "",
		"A <a@b.cn>":                            "",
		"a@b.cn\r\nBcc: c@d.cn":                 "",
		"a,b@c.cn":                              "",
		strings.Repeat("a", 65) + "@b.cn":       "",
		"a@" + strings.Repeat("b", 64) + ".cn":  "",
		"a@" + strings.Repeat("b.", 130) + "cn": "",
	} {
		got, ok := Email(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("Email(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://Example.com/Path?q=1#f":       "https://example.com/Path?q=1#f",
		"HTTP://example.com":                   "http://example.com",
		"example.com":                          "https://example.com",
		" www.example.com/a ":                  "https://www.example.com/a",
		"example.com:8080/x":                   "https://example.com:8080/x",
		"http://192.168.1.1:8080":              "http://192.168.1.1:8080",
		"http://[::1]:80/":                     "http://[::1]:80/",
		"localhost:3000":                       "https://localhost:3000",
		"https://例子.中国/路径":                     "https://例子.中国/%E8%B7%AF%E5%BE%84",
		"":                                     "",
		"javascript:alert(1)":                  "",
		"JavaScript://example.com/%0aalert(1)": "",
		"data:text/html,x":                     "",
		"mailto:a@b.cn":                        "",
		"ftp://example.com":                    "",
		"file:///etc/passwd":                   "",
		"//example.com":                        "",
		"https://":                             "",
		"https://user:pass@example.com":        "",
		"https://example.com@evil.cn":          "",
		"https://exa mple.com":                 "",
		"https://example.com/\nx":              "",
		"https://example.com\\@evil.cn":        "",
		"word":                                 "",
		"https://-x.com":                       "",
		"https://fe80::1%25eth0/":              "",
		"https://x.com:99999999999999/":        "",
	} {
		got, ok := URL(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("URL(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzCodes(f *testing.F) {
	for _, s := range []string{"91350100M000100Y43", "11010519491231002X", "a@b.cn", "example.com:80/x", "javascript:alert(1)", "http://[::1]/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if code, ok := USCC(s); ok {
			if again, ok := USCC(code); !ok || again != code || len(code) != 18 {
				t.Fatalf("USCC %q -> %q -> %q", s, code, again)
			}
		}
		IDCard(s)
		if addr, ok := Email(s); ok {
			if again, ok := Email(addr); !ok || again != addr || strings.ContainsAny(addr, " \r\n<>,;\"") {
				t.Fatalf("Email %q -> %q -> %q, %v", s, addr, again, ok)
			}
		}
		if u, ok := URL(s); ok {
			if again, ok := URL(u); !ok || again != u || !strings.HasPrefix(u, "http") || strings.ContainsAny(u, " \r\n\\\"<>") {
				t.Fatalf("URL %q -> %q -> %q, %v", s, u, again, ok)
			}
		}
	})
}
