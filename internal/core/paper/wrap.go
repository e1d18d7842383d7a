package paper

import "strings"

// Characters that no line begins with, and none ends with (GB/T 15834, JIS X 4051).
const (
	neverFirst = "，。、；：？！）】》」』”’…—％‰℃·,.;:?!)]}%'\""
	neverLast  = "（【《「『“‘￥＄$([{#"
)

// wide characters may stand at either end of a line.
func wide(r rune) bool { return r >= 0x2e80 && r != 0xfeff }

// wrap cuts a text into lines of a width: at its own line ends, between
// Chinese characters, at blanks, and anywhere where a word is longer than a line.
func wrap(text string, width float64, measure func(rune) float64) []string {
	var out []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		out = append(out, wrapLine([]rune(clean(line)), width, measure)...)
	}
	return out
}

// clean leaves out what has no place on paper.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == 0xa0 || r == 0x3000:
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x200b && r <= 0x200f || r == 0xfeff || r >= 0xfe00 && r <= 0xfe0f:
			return -1
		}
		return r
	}, s)
}

func wrapLine(r []rune, width float64, measure func(rune) float64) []string {
	var out []string
	for {
		at, used := 0, 0.0
		for at < len(r) && used+measure(r[at]) <= width+0.01 {
			used += measure(r[at])
			at++
		}
		if at = max(at, 1); at >= len(r) {
			return append(out, string(r))
		}
		cut := breakBefore(r, at)
		out = append(out, strings.TrimRight(string(r[:cut]), " "))
		for cut < len(r) && r[cut] == ' ' {
			cut++
		}
		if r = r[cut:]; len(r) == 0 {
			return out
		}
	}
}

// breakBefore gives the last place at or before at where a line may end.
func breakBefore(r []rune, at int) int {
	for i := at; i > 0; i-- {
		before, after := r[i-1], r[i]
		if strings.ContainsRune(neverFirst, after) || strings.ContainsRune(neverLast, before) {
			continue
		}
		if after == ' ' || before == ' ' || before == '-' || before == '/' || wide(before) || wide(after) {
			return i
		}
	}
	return at
}
