// Package region knows the provinces, cities and counties of China (GB/T
// 2260). Codes have 2, 4 or 6 digits, so that a region's code is a prefix of
// the codes below it.
package region

import (
	_ "embed" // the table
	"slices"
	"sort"
	"strings"
	"sync"
)

//go:embed gb2260.csv
var table string

// Region is one entry of the table.
type Region struct {
	Code string
	Name string
}

type index struct {
	all    []Region            // by code
	name   map[string]string   // code to name
	byName map[string][]string // short name to codes, provinces first
}

var load = sync.OnceValue(func() *index {
	x := &index{name: map[string]string{}, byName: map[string][]string{}}
	for line := range strings.Lines(table) {
		code, name, ok := strings.Cut(strings.TrimSpace(line), ",")
		if !ok {
			continue
		}
		x.all = append(x.all, Region{code, name})
		x.name[code] = name
	}
	sort.Slice(x.all, func(i, j int) bool { return x.all[i].Code < x.all[j].Code })
	for _, digits := range []int{2, 4, 6} {
		for _, r := range x.all {
			if len(r.Code) != digits || unnamed(r.Name) {
				continue
			}
			x.byName[r.Name] = append(x.byName[r.Name], r.Code)
			if s := short(r.Name); s != r.Name {
				x.byName[s] = append(x.byName[s], r.Code)
			}
		}
	}
	return x
})

// unnamed groups stand between a municipality and its districts; people do not name them.
func unnamed(name string) bool {
	return name == "市辖区" || name == "县" || strings.HasSuffix(name, "直辖县级行政区划")
}

// suffixes are what people leave out, longest first.
var suffixes = []string{"维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "自治县", "地区", "省", "市", "县", "区", "盟"}

func short(name string) string {
	for _, s := range suffixes {
		if b, ok := strings.CutSuffix(name, s); ok && len(b) >= len("京京") {
			return b
		}
	}
	return name
}

// All lists every region by code.
func All() []Region { return load().all }

// Known says whether code is a region.
func Known(code string) bool { _, ok := load().name[code]; return ok }

// Label is the region's own name, "" for an unknown code.
func Label(code string) string { return load().name[code] }

// Name is the full name, province first, parts joined by a slash, such as
// 江苏省/南京市/玄武区; the unnamed groups are left out. An unknown code is given back as it is.
func Name(code string) string {
	x := load()
	if _, ok := x.name[code]; !ok {
		return code
	}
	var parts []string
	for n := 2; n <= len(code); n += 2 {
		if name := x.name[code[:n]]; name != "" && !unnamed(name) {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, "/")
}

// Find reads a code of 2, 4 or 6 digits (zeros at the end stand for "all of
// it") or names from province downwards, with or without 省 市 区 and
// separators. A name that several regions bear needs its city or province in front.
func Find(s string) (string, bool) {
	x := load()
	s = strings.TrimSpace(s)
	if s != "" && strings.Trim(s, "0123456789") == "" {
		for len(s) > 2 && len(s)%2 == 0 && strings.HasSuffix(s, "00") {
			s = s[:len(s)-2]
		}
		return s, Known(s)
	}
	s = joinedNames(s)
	if code, ok := x.descend("", s); ok {
		return code, true
	}
	if codes := x.byName[s]; len(codes) > 0 && (len(codes) == 1 || len(codes[0]) < len(codes[1])) {
		return codes[0], true
	}
	return "", false
}

// Lead finds the region that an address begins with, named from its province
// down to the city at least, and gives what is behind it: 江苏苏州工业园区 is
// Suzhou and 工业园区. The longest name counts; a text that begins with no
// such names is not ok.
func Lead(s string) (code, rest string, ok bool) {
	x, runes := load(), []rune(strings.TrimSpace(s))
	for n := len(runes) - 1; n > 2; n-- {
		if strings.ContainsRune("省市县区州旗盟", runes[n]) {
			continue // in the middle of a name
		}
		code, ok := x.descend("", joinedNames(string(runes[:n])))
		if ok && (len(code) > 4 || len(code) == 4 && !x.alone(string(runes[:n])) || municipal(code) && runes[n-1] == '市') {
			return code, strings.TrimLeft(string(runes[n:]), separators), true
		}
	}
	return "", "", false
}

// alone says whether a text is one name and no names below one another.
func (x *index) alone(s string) bool { return len(x.byName[joinedNames(s)]) > 0 }

// municipal says whether a code is that of a city right under the state.
func municipal(code string) bool { return slices.Contains([]string{"11", "12", "31", "50"}, code) }

// separators stand between names and mean nothing.
const separators = "/- 　·,，、"

func joinedNames(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(separators, r) {
			return -1
		}
		return r
	}, s)
}

// descend reads names below a code, longest name first.
func (x *index) descend(under, s string) (string, bool) {
	if s == "" {
		return under, under != ""
	}
	for n := len(s); n > 0; n-- {
		for _, code := range x.byName[s[:n]] {
			if !strings.HasPrefix(code, under) || len(code) <= len(under) || under == "" && len(code) > 4 {
				continue
			}
			if found, ok := x.descend(code, s[n:]); ok {
				return found, true
			}
		}
	}
	if len(under) != 2 {
		return "", false
	}
	for n := len(s); n > 0; n-- { // 上海市上海市: the city of a municipality is the municipality
		if slices.Contains(x.byName[s[:n]], under) {
			return x.descend(under, s[n:])
		}
	}
	return "", false
}
