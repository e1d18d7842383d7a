package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold is the comparison key of a text (stored as name_k): NFKC, lower case,
// full and half width made one, all white space, punctuation and invisible
// characters removed. Symbols stay: C++ is not C. It is "" when nothing else
// was in the text, and Fold(Fold(s)) = Fold(s).
func Fold(s string) string {
	if key, ok := foldASCII(s); ok {
		return key
	}
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		if skipped(r) {
			return -1
		}
		return r
	}, lower(norm.NFKC.String(s))))
}

// foldASCII is Fold for the short way: nothing but ASCII.
func foldASCII(s string) (string, bool) {
	b := make([]byte, 0, 64)
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return "", false
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case skipped(rune(c)):
			continue
		}
		b = append(b, c)
	}
	return string(b), true
}

// lower makes lower case one rune at a time; a dotted capital I gives a plain i.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'İ' {
			return 'i'
		}
		return unicode.ToLower(r)
	}, s)
}

// skipped says whether a rune does not count when texts are compared.
func skipped(r rune) bool {
	if r < utf8.RuneSelf {
		switch {
		case r <= ' ', r == 0x7f:
			return true
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return false
		}
		return !strings.ContainsRune("+$<>=|~", r)
	}
	return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf, unicode.Sk) ||
		r == utf8.RuneError || r == '\ufe0f'
}

// FoldCompany is the key that duplicate rules compare company names by: Fold
// without the legal form (有限公司, 集团, Co., Ltd., GmbH …) and without a
// region in brackets (（上海）). It is never empty unless s is: a name that is
// nothing but a legal form is kept.
func FoldCompany(s string) string {
	full := Fold(s)
	if full == "" {
		return s
	}
	key := Fold(cutForms(cutRegions(lower(norm.NFKC.String(s)))))
	if key == "" {
		return full
	}
	return key
}

// cutRegions removes brackets that hold the name of a region, with what they hold.
func cutRegions(s string) string {
	for from := 0; ; {
		open := strings.IndexAny(s[from:], "([【〔")
		if open < 0 {
			return s
		}
		open += from
		_, w := utf8.DecodeRuneInString(s[open:])
		inside, after, ok := cutAny(s[open+w:], ")]】〕")
		if !ok {
			return s
		}
		if isRegion(strings.TrimSpace(inside)) {
			s = s[:open] + " " + after
		}
		from = open + w
		if from > len(s) {
			return s
		}
	}
}

// cutAny cuts s around the first rune that is one of chars.
func cutAny(s, chars string) (before, after string, found bool) {
	i := strings.IndexAny(s, chars)
	if i < 0 {
		return s, "", false
	}
	_, w := utf8.DecodeRuneInString(s[i:])
	return s[:i], s[i+w:], true
}

// isRegion says whether a text in brackets names a region of registration.
func isRegion(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 12 {
		return false
	}
	if strings.Contains(regions, " "+s+" ") {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	return n > 2 && n <= 8 && strings.ContainsRune("省市区县州", last)
}

// regions are the names that stand in brackets in company names without a
// final 省 or 市: provinces, the larger cities, and their usual English forms.
const regions = " 中国 大陆 内地 全国 亚洲 亚太 大中华 大中华区 国际 北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 " +
	"四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 深圳 广州 珠海 东莞 佛山 中山 惠州 汕头 南京 苏州 无锡 常州 " +
	"南通 扬州 镇江 徐州 盐城 泰州 昆山 杭州 宁波 温州 嘉兴 绍兴 金华 义乌 台州 湖州 合肥 芜湖 福州 厦门 泉州 漳州 南昌 赣州 济南 青岛 烟台 " +
	"潍坊 临沂 淄博 威海 郑州 洛阳 武汉 宜昌 襄阳 长沙 株洲 衡阳 成都 绵阳 贵阳 昆明 西安 咸阳 兰州 西宁 银川 乌鲁木齐 拉萨 呼和浩特 包头 " +
	"沈阳 大连 长春 哈尔滨 石家庄 唐山 保定 太原 南宁 柳州 桂林 海口 三亚 海南岛 横琴 前海 浦东 雄安 " +
	"china prc asia beijing shanghai tianjin chongqing shenzhen guangzhou hongkong hong kong hangzhou suzhou nanjing wuhan chengdu " +
	"qingdao dalian xiamen ningbo taiwan macau singapore japan korea usa uk deutschland germany france "

// forms are legal forms without blanks and points, longest first where one
// ends with another.
var (
	hanForms   = [...]string{"股份有限责任公司", "有限责任公司", "股份有限公司", "有限合伙企业", "集团有限公司", "有限公司", "股份公司", "集团公司", "控股公司", "有限合伙", "普通合伙", "株式会社", "有限会社", "总公司", "公司", "集团"}
	latinForms = " co ltd coltd company limited inc incorporated corp corporation llc llp lp plc gmbh ag kg kgaa ohg sa sas sarl srl spa bv nv oy oyj ab as aps pty pte sdn bhd kk jsc ooo group holding holdings "
)

// cutForms takes legal forms off the end, as many as there are.
func cutForms(s string) string {
	s = strings.ReplaceAll(s, ".", "")
	for {
		s = strings.TrimRightFunc(s, skipped)
		cut := cutForm(s)
		if cut == s || strings.TrimFunc(cut, skipped) == "" {
			break
		}
		s = cut
	}
	for _, front := range [...]string{"株式会社", "有限会社"} {
		if rest, ok := strings.CutPrefix(s, front); ok && rest != "" {
			return rest
		}
	}
	return s
}

// cutForm takes one legal form off the end. A branch (分公司) is another
// business than its company, so that word stays.
func cutForm(s string) string {
	if strings.HasSuffix(s, "分公司") || strings.HasSuffix(s, "子公司") {
		return s
	}
	for _, f := range hanForms {
		if rest, ok := strings.CutSuffix(s, f); ok {
			return rest
		}
	}
	start := strings.LastIndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
	if start >= 0 {
		_, w := utf8.DecodeRuneInString(s[start:])
		start += w
	} else {
		start = 0
	}
	if word := s[start:]; word != "" && strings.Contains(latinForms, " "+word+" ") {
		return s[:start]
	}
	return s
}
