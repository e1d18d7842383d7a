package text

import (
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

func TestNormalizePhone(t *testing.T) {
	for in, want := range map[string]string{
		"13800138000":                "+8613800138000",
		"138 0013 8000":              "+8613800138000",
		"138-0013-8000":              "+8613800138000",
		"１３８００１３８０００":                "+8613800138000",
		"+86 138 0013 8000":          "+8613800138000",
		"8613800138000":              "+8613800138000",
		"86-13800138000":             "+8613800138000",
		"008613800138000":            "+8613800138000",
		"(+86)13800138000":           "+8613800138000",
		"tel:+8613800138000":         "+8613800138000",
		"19912345678":                "+8619912345678",
		"010-12345678":               "+861012345678",
		"(010) 1234 5678":            "+861012345678",
		"0755-88889999":              "+8675588889999",
		"0755-88889999转123":          "+8675588889999;ext=123",
		"0755-88889999 转分机 123":      "+8675588889999;ext=123",
		"0755-88889999-分机:123":       "+8675588889999;ext=123",
		"0755-88889999 ext. 8001":    "+8675588889999;ext=8001",
		"+8675588889999;ext=8001":    "+8675588889999;ext=8001",
		"0755-88889999x12":           "+8675588889999;ext=12",
		"0755-88889999#12":           "+8675588889999;ext=12",
		"400-820-8820":               "4008208820",
		"4008208820转1":               "4008208820;ext=1",
		"+86 400 820 8820":           "4008208820",
		"800-820-8820":               "8008208820",
		"95588":                      "95588",
		"10086":                      "10086",
		"110":                        "110",
		"12345":                      "12345",
		"9510 5105":                  "95105105",
		"1010 1010":                  "10101010",
		"12345678":                   "12345678",
		"+1 (650) 253-0000":          "+16502530000",
		"+1 650-253-0000 x44":        "+16502530000;ext=44",
		"+44 20 7946 0958":           "+442079460958",
		"+852 2345 6789":             "+85223456789",
		"+81-3-1234-5678":            "+81312345678",
		"电话：13800138000":             "+8613800138000",
		"":                           "",
		"无":                          "",
		"abc":                        "",
		"转 123":                      "123",
		"99999999999999999999999999": "99999999999999999999999999",
		"+999123":                    "+999123",
	} {
		if got := NormalizePhone(in, "CN"); got != want {
			t.Errorf("NormalizePhone(%q) = %q, want %q", in, got, want)
		}
	}
	for _, c := range [][3]string{{"650-253-0000", "US", "+16502530000"}, {"020 7946 0958", "gb", "+442079460958"}, {"13800138000", "", "+8613800138000"},
		{"+8613800138000", "US", "+8613800138000"}, {"650-253-0000", "??", "6502530000"}} {
		if got := NormalizePhone(c[0], c[1]); got != c[2] {
			t.Errorf("NormalizePhone(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestNormalizePhoneIsAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkPhone(t, rapid.OneOf(rapid.StringMatching(`\+?[0-9]{1,16}`), rapid.StringMatching(`[-+0-9()转x#; .]{1,24}`), rapid.String()).Draw(t, "phone"))
	})
}

func checkPhone(t interface{ Fatalf(string, ...any) }, s string) {
	once := NormalizePhone(s, "CN")
	if twice := NormalizePhone(once, "CN"); twice != once {
		t.Fatalf("%q -> %q -> %q", s, once, twice)
	}
	if rest := strings.Trim(strings.Replace(once, ";ext=", "", 1), "0123456789"); rest != "" && rest != "+" {
		t.Fatalf("%q -> %q", s, once)
	}
	if tail := PhoneTail(once); len(tail) > 4 || onlyDigits(tail) != tail {
		t.Fatalf("tail of %q is %q", once, tail)
	}
}

// The short way for Chinese numbers gives what the library gives for every
// number that is in its plan.
func TestChineseNumbersAgreeWithTheLibrary(t *testing.T) {
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.StringMatching(`1[3-9][0-9]{9}|0(10|2[0-9])[0-9]{8}|0[3-9][0-9]{2}[0-9]{7,8}`).Draw(t, "number")
		n, err := phonenumbers.Parse(d, "CN")
		if err != nil || !phonenumbers.IsValidNumber(n) {
			return
		}
		want := phonenumbers.Format(n, phonenumbers.E164)
		if national, ok := strings.CutPrefix(want, "+86"); ok && isService(national) {
			want = national
		}
		for _, form := range []string{d, want, "+86" + strings.TrimPrefix(d, "0")} {
			if got := NormalizePhone(form, "CN"); got != want {
				t.Fatalf("NormalizePhone(%s) = %s, want %s", form, got, want)
			}
		}
		valid++
	})
	if valid == 0 {
		t.Error("no number was compared")
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"0755-88889999转分机 123", "+1 650 253 0000 x44", "(+86)138;ext=5", "95588#", "86861380013800"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 {
			return
		}
		checkPhone(t, s)
		for _, p := range SplitPhones(s) {
			if p != strings.TrimSpace(p) || p == "" {
				t.Fatalf("%q gave %q", s, p)
			}
		}
	})
}

func TestSplitPhones(t *testing.T) {
	for in, want := range map[string][]string{
		"13800138000":                        {"13800138000"},
		"13800138000;13900139000":            {"13800138000", "13900139000"},
		"13800138000；13900139000":            {"13800138000", "13900139000"},
		"a1, b2，c3/d4、e5\nf6":                {"a1", "b2", "c3", "d4", "e5", "f6"},
		"+8675588889999;ext=12;13800138000":  {"+8675588889999;ext=12", "13800138000"},
		"无/13800138000/-":                    {"13800138000"},
		"":                                   nil,
		"；；":                                 nil,
		" 13800138000 \r\n 139 0013 9000 \n": {"13800138000", "139 0013 9000"},
	} {
		if got := SplitPhones(in); !slices.Equal(got, want) {
			t.Errorf("SplitPhones(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPhoneTail(t *testing.T) {
	for in, want := range map[string]string{"+8613800138000": "8000", "+8675588889999;ext=12": "9999", "110": "110", "": ""} {
		if got := PhoneTail(in); got != want {
			t.Errorf("PhoneTail(%q) = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkNormalizeMobile(b *testing.B) {
	for b.Loop() {
		NormalizePhone("138 0013 8000", "CN")
	}
}

func BenchmarkNormalizeLandline(b *testing.B) {
	for b.Loop() {
		NormalizePhone("0755-88889999", "CN")
	}
}
