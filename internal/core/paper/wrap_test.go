package paper

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func plain(r rune) float64 {
	if wide(r) {
		return 2
	}
	return 1
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width float64
		want  string
	}{
		{"", 10, ""},
		{"短", 10, "短"},
		{"一二三四五六", 8, "一二三四|五六"},
		{"一二三四，五六", 8, "一二三|四，五六"},
		{"一二三（四五）", 8, "一二三|（四五）"},
		{"hello world again", 11, "hello world|again"},
		{"hello", 3, "hel|lo"},
		{"报价 Quotation", 12, "报价|Quotation"},
		{"一\n\n二", 10, "一||二"},
		{"一\r\n二", 10, "一|二"},
		{"中", 0.5, "中"},
		{"2026-11-23 到期", 12, "2026-11-23|到期"},
	} {
		if got := strings.Join(wrap(c.text, c.width, plain), "|"); got != c.want {
			t.Errorf("%q in %v: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// Nothing is lost but blanks, and no line is too long unless one letter is.
func TestWrapKeepsEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("中文，。（）ab c1-23 ￥%\n")), 0, 80, -1).Draw(t, "text")
		width := rapid.Float64Range(1, 30).Draw(t, "width")
		lines := wrap(text, width, plain)
		bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
		if got := bare(strings.Join(lines, "")); got != bare(text) {
			t.Fatalf("%q became %q", text, lines)
		}
		for _, l := range lines {
			w := 0.0
			for _, r := range l {
				w += plain(r)
			}
			if w > width+0.01 && len([]rune(l)) > 1 {
				t.Fatalf("%q is %v wide of %v", l, w, width)
			}
		}
	})
}

func TestEnglish(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount   int64
		currency string
		want     string
	}{
		{0, "USD", "SAY US DOLLARS ZERO ONLY"},
		{12_345_000, "USD", "SAY US DOLLARS ONE THOUSAND TWO HUNDRED AND THIRTY-FOUR AND CENTS FIFTY ONLY"},
		{10_000_000, "USD", "SAY US DOLLARS ONE THOUSAND ONLY"},
		{10_010_000, "EUR", "SAY EUROS ONE THOUSAND AND ONE ONLY"},
		{3_000, "GBP", "SAY POUNDS STERLING ZERO AND PENCE THIRTY ONLY"},
		{1_000_000_000_000, "CNY", "SAY RENMINBI YUAN ONE HUNDRED MILLION ONLY"},
		{1_000_100_500, "CNY", "SAY RENMINBI YUAN ONE HUNDRED THOUSAND AND TEN AND 5/100 ONLY"},
		{-110_000, "USD", "SAY US DOLLARS MINUS ELEVEN ONLY"},
		{12_345, "KWD", "SAY KWD ONE AND 235/1000 ONLY"},
		{15_000, "JPY", "SAY JAPANESE YEN TWO ONLY"},
		{9_223_372_036_854_775_807, "USD", "SAY US DOLLARS NINE HUNDRED AND TWENTY-TWO TRILLION THREE HUNDRED AND THIRTY-SEVEN BILLION TWO HUNDRED AND THREE MILLION SIX HUNDRED AND EIGHTY-FIVE THOUSAND FOUR HUNDRED AND SEVENTY-SEVEN AND CENTS FIFTY-EIGHT ONLY"},
	} {
		if got := english(c.amount, c.currency); got != c.want {
			t.Errorf("%d %s: %q, want %q", c.amount, c.currency, got, c.want)
		}
	}
}
