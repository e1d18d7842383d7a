package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// parse reads a value as its field does, and where that fails as people write
// it in tables in Chinese: 12.5万元, 25-6-8 or 25.6.8 for a day of 2025, A类 or
// 重点 for the option A 级（重点）. The preview shows what it became; what may
// mean two things is refused.
func parse(f *schema.Field, t string, env *schema.Env) (record.Value, *errs.Error) {
	v, err := f.Type.Parse(f, t, env)
	if err == nil {
		return v, nil
	}
	other := ""
	switch f.Type.Name() {
	case "money":
		other = plainFigure(t, true)
	case "number", "decimal":
		other = plainFigure(t, false)
	case "date", "instant":
		if env.Locale == "" || env.Locale == "zh-CN" {
			other = fullYear(t)
		}
	case "choice", "multi_choice", "tree_choice":
		other = likeOption(f, t)
	}
	if other == "" {
		return v, err
	}
	if w, werr := f.Type.Parse(f, other, env); werr == nil {
		return w, nil
	}
	return v, err
}

// powers are the words for powers of ten behind a figure, longest first; w is
// how 万 is typed, of money only: 60W may be watts.
var powers = []struct{ word, zeros string }{
	{"百万", "e6"}, {"千万", "e7"}, {"亿", "e8"}, {"万", "e4"}, {"w", "e4"}, {"W", "e4"}, {"千", "e3"},
}

// plainFigure writes 12.5万元 as 12.5e4, "" when there is nothing to rewrite.
func plainFigure(t string, isMoney bool) string {
	s := strings.TrimSpace(t)
	for _, name := range []string{"人民币", "RMB", "CNY"} {
		s = strings.TrimPrefix(s, name)
	}
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "元"))
	for _, p := range powers {
		if rest, ok := strings.CutSuffix(s, p.word); ok && (isMoney || !strings.EqualFold(p.word, "w")) {
			return strings.TrimSpace(rest) + p.zeros
		}
	}
	if s == strings.TrimSpace(t) {
		return ""
	}
	return s
}

// shortYear is a date whose year has two digits, the year in front as in China.
var shortYear = regexp.MustCompile(`^(\d\d)([-/.年]\d{1,2}[-/.月]\d{1,2}日?)( .*)?$`)

// fullYear gives a year of two digits its century, as Excel does: 00 to 29 are
// of this one. "" when the text is nothing of the kind.
func fullYear(t string) string {
	m := shortYear.FindStringSubmatch(strings.TrimSpace(t))
	if m == nil {
		return ""
	}
	century := "20"
	if m[1] >= "30" {
		century = "19"
	}
	return century + m[1] + m[2] + m[3]
}

// likeOption is the code of the only option that a text may mean: its code or
// label without 类, 级, 型 or 业, what stands before the brackets of its label
// or in them. "" when none or several are called so.
func likeOption(f *schema.Field, t string) string {
	want := loose(t)
	var found []string
	for _, o := range f.Set.Options {
		names := []string{loose(o.Code)}
		for _, label := range o.Label {
			before, in, _ := strings.Cut(text.Key(label), "(")
			names = append(names, loose(before))
			if in != "" {
				names = append(names, loose(strings.TrimSuffix(in, ")")))
			}
		}
		if want != "" && slices.Contains(names, want) {
			found = append(found, o.Code)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// loose is a name without its blanks and without what only says of what kind it is.
func loose(s string) string {
	key := text.Key(s)
	for _, end := range []string{"行业", "业", "类", "级", "型"} {
		if rest, ok := strings.CutSuffix(key, end); ok && rest != "" {
			return rest
		}
	}
	return key
}
