package search

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/text"
)

var (
	regions  = []string{"北京", "天津", "上海", "江苏", "浙江", "广东", "四川", "重庆", "西安", "内蒙古"}
	banks    = []string{"招商银行", "工商银行", "招远"}
	branches = []string{"徐汇", "朝阳", "福田", "长安", "银川路", "乐山", "都江堰", "六安"}
	kinds    = []string{"支行", "分行"}
	brands   = []rune("云腾海天华信中科金东方正大恒瑞泰安盛达宏远博雅新锐明德长江黄河龙凤飞跃星辰光耀联创智慧鼎立")
	trades   = []string{"网络科技", "机械设备", "商贸", "物流", "Smart Home", "医药", "IT咨询"}
	forms    = []string{"有限公司", "有限责任公司", "股份有限公司", "集团有限公司"}
)

const (
	classPhone = 1
	classNote  = 2
	owners     = 40
)

// testDoc is one record of the tests, made from its number.
func testDoc(i int) Doc {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	var name string
	if i%3 == 0 {
		name = pick(r, regions) + pick(r, banks) + pick(r, branches) + pick(r, kinds)
	} else {
		name = pick(r, regions) + string([]rune{pick(r, brands), pick(r, brands)}) + pick(r, trades) + pick(r, forms)
	}
	owner := int64(1 + r.IntN(owners))
	return Doc{
		// Ids as the generator makes them: some in one millisecond, then a gap.
		ID:    int64(i/7)<<21 | int64(i%7) + 1,
		Owner: owner, Dept: 1 + owner%5,
		Parts: []Part{
			{Title: true, Text: name},
			{Class: classPhone, Text: fmt.Sprintf("1%02d-%04d-%04d", 30+r.IntN(60), r.IntN(10000), r.IntN(10000))},
			{Class: classNote, Text: pick(r, []string{"老客户", "HT2024", "zhang san 介绍", "重要 VIP"})},
		},
	}
}

func testDocs(n int) []Doc {
	docs := make([]Doc, n)
	for i := range docs {
		docs[i] = testDoc(i)
	}
	return docs
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// scan is the answer by definition: every term matches in a part that s may
// search. For masked parts the whole number or its last four digits.
func scan(docs []Doc, terms []text.QueryTerm, s Scope) map[int64]bool {
	found := map[int64]bool{}
	for _, d := range docs {
		ok := len(terms) > 0 && mine(d, s)
		for i := range terms {
			ok = ok && holds(d, terms[i:i+1], s)
		}
		if ok {
			found[d.ID] = true
		}
	}
	return found
}

func holds(d Doc, term []text.QueryTerm, s Scope) bool {
	for _, p := range d.Parts {
		switch {
		case p.Class == 0 || has(s.Classes, p.Class):
			if text.Match(term, p.Text) {
				return true
			}
		case has(s.Masked, p.Class):
			digits, want := digitsOf(p.Text), term[0].Text
			if digits == want || len(want) == 4 && strings.HasSuffix(digits, want) {
				return true
			}
		}
	}
	return false
}

func mine(d Doc, s Scope) bool {
	if n := len(s.Owners) + len(s.Depts); n == 0 || n > NarrowLimit {
		return true
	}
	return has(s.Owners, d.Owner) || has(s.Depts, d.Dept)
}

func has[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
