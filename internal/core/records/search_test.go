package records_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// searchOwners own 2.5 % of the customers each.
const searchOwners = 40

// seller is the salesperson who asks; his first customers are chosen so that
// every question finds one.
const seller = 7

func searchRows() int {
	if testing.Short() {
		return 1000
	}
	return 3000
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

var (
	regions  = []string{"北京", "天津", "上海", "江苏", "浙江", "广东", "四川", "重庆", "西安", "内蒙古"}
	banks    = []string{"招商银行", "工商银行", "招远"}
	branches = []string{"徐汇", "朝阳", "福田", "长安", "银川路", "乐山", "都江堰", "六安"}
	kinds    = []string{"支行", "分行"}
	brands   = []rune("云腾海天华信中科金东方正大恒瑞泰安盛达宏远博雅新锐明德长江黄河龙凤飞跃星辰光耀联创智慧鼎立")
	trades   = []string{"网络科技", "机械设备", "商贸", "物流", "Smart Home", "医药", "IT咨询"}
	forms    = []string{"有限公司", "有限责任公司", "股份有限公司", "集团有限公司"}
)

// searchName names customer i: half are branches of banks.
func searchName(r *rand.Rand, i int) string {
	if i%searchOwners == seller && i < 3*searchOwners {
		return []string{"上海招商银行徐汇支行", "北京工商银行徐汇支行", "广东云腾网络科技有限公司"}[i/searchOwners]
	}
	if r.IntN(2) == 0 {
		return pick(r, regions) + pick(r, banks) + pick(r, branches) + pick(r, kinds)
	}
	return pick(r, regions) + string([]rune{pick(r, brands), pick(r, brands)}) + pick(r, trades) + pick(r, forms)
}

// searchPhone has one of 20 ends and is written in one of four ways.
func searchPhone(r *rand.Rand, i int) string {
	start, middle, end := 130+r.IntN(60), i, 5000+37*(i/searchOwners%20)
	return fmt.Sprintf([]string{"%d%04d%04d", "%d-%04d-%04d", "%d %04d %04d", "+86 %d%04d%04d"}[r.IntN(4)], start, middle, end)
}

// loadCustomers makes the customers of the test.
func loadCustomers(c *company.Company, owners []int64) {
	ent := c.App.Registry.State().Entity("crm.customer")
	set := func(key string, v record.Value) records.Input { return records.Input{Field: ent.Field(key), Value: v} }
	r := rand.New(rand.NewPCG(3, 7))
	for from := 0; from < searchRows(); from += 200 {
		var patches []records.Patch
		for i := from; i < from+200; i++ {
			in := []records.Input{set("name", record.Text(searchName(r, i))), set("owner", record.Int(owners[i%searchOwners])),
				set("phone", record.Text(searchPhone(r, i))), set("source_created_at", record.Int(r.Int64N(1e15))), set("status", record.Text([]string{"lead", "won"}[r.IntN(2)]))}
			if i%5 == 0 {
				in = append(in, set("contact_name", record.Text(pick(r, []string{"张招娣", "单雄信", "zhang san", "曾公司"}))))
			}
			if i%9 == 0 {
				in = append(in, set("phones", record.List([]record.Value{record.Text(searchPhone(r, 4000+i)), record.Text("010-8888" + fmt.Sprint(1000+i%50))})))
			}
			patches = append(patches, records.Patch{Inputs: in})
		}
		c.Write(func(_ context.Context, s *records.Session) error {
			_, err := s.Batch(ent, patches, true)
			return err
		})
	}
}

// found is what a list shows, in its order.
type found struct {
	ids   []string
	texts map[string][]string // what can be searched, by id
}

// searched are the fields that the search reads.
const searched = "name,short_name,business,phone,phones,email,contact_name,uscc"

// pages reads a list to its end.
func pages(k *company.Client, query string) found {
	out := found{texts: map[string][]string{}}
	for cursor := ""; ; {
		r := k.Get("/records/crm.customer?limit=200&fields=" + searched + "&" + query + cursor).Want(200)
		for _, it := range r.Items() {
			id := fmt.Sprint(it["id"])
			out.ids = append(out.ids, id)
			for key, v := range it {
				if key != "id" && key != "version" {
					out.texts[id] = append(out.texts[id], parts(key, v)...)
				}
			}
		}
		next := r.Str("next")
		if next == "" {
			return out
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
}

// parts are the texts of a value; a phone can also be searched as it is called.
func parts(key string, v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, one := range v {
			out = append(out, parts(key, one)...)
		}
		return out
	}
	s := fmt.Sprint(v)
	if key == "phone" || key == "phones" {
		return []string{s, text.NormalizePhone(s, "CN")}
	}
	return []string{s}
}

// scan is the answer by definition: the rows of a list of which some text
// matches each word.
func (f found) scan(words string) (ids []string) {
	terms := text.QueryTerms(words)
	for _, id := range f.ids {
		all := len(terms) > 0
		for i := range terms {
			all = all && slices.ContainsFunc(f.texts[id], func(s string) bool { return text.Match(terms[i:i+1], s) })
		}
		if all {
			ids = append(ids, id)
		}
	}
	return ids
}

// searchCompany has the customers of the test and a role for their owners.
func searchCompany(c *company.Company) (owners []int64) {
	var grants []access.Grant
	for _, op := range []access.Op{access.Read, access.Create, access.Update, access.Delete, access.Transfer} {
		grants = append(grants, access.Grant{Entity: "crm.customer", Op: op, Scope: access.Own})
	}
	role := c.Role("seller", grants)
	for i := range searchOwners {
		owners = append(owners, c.Member(company.Person{Login: fmt.Sprintf("s%02d", i), Roles: []int64{role}}))
	}
	loadCustomers(c, owners)
	return owners
}

// What the search finds is what a scan of the rows that one may read finds,
// for everybody, in lists of any order and in the search box.
func TestSearchIsAScan(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		searchCompany(c)
		asked := []struct {
			words string
			none  bool
		}{
			{words: "银行"}, {words: "招"}, {words: "公司"}, {words: "zsyh"}, {words: "zhaoshangyinhang"}, {words: "xhzh"},
			{words: "5000"}, {words: "徐汇 银行"}, {words: "gongs"}, {words: "13"}, {words: "招商银行徐汇"},
			{words: "饕餮", none: true}, {words: "银行 饕餮", none: true}, {words: "qqqq", none: true}, {words: "9999", none: true},
		}
		for _, who := range []string{"admin", fmt.Sprintf("s%02d", seller)} {
			k := c.As(who)
			k.Get("/search?fresh=true&q=x").Want(200)
			least, readable := 1, searchRows()/searchOwners
			if who == "admin" {
				least, readable = searchRows()/150, searchRows() // 20 hits of 3,000
			}
			won := "sort=-id&filter=" + url.QueryEscape(`status == "won"`)
			for _, order := range []string{"sort=-id", "sort=name", "sort=-source_created_at", won} {
				mine := pages(k, order)
				if order != won && len(mine.ids) != readable {
					t.Fatalf("%s reads %d customers, want %d", who, len(mine.ids), readable)
				}
				for _, q := range asked {
					want := mine.scan(q.words)
					if q.none && len(want) > 0 || order != won && !q.none && len(want) < least {
						t.Fatalf("%s asks %s: the scan finds %d: the question tests nothing", who, q.words, len(want))
					}
					checkList(t, k, order, q.words, want)
					if order == "sort=name" {
						c.App.Engine.TakeFewHits(100)
						checkList(t, k, order, q.words, want)
						checkList(t, k, won, q.words, pages(k, won).scan(q.words))
						c.App.Engine.TakeFewHits(0)
					}
					if order == "sort=-id" {
						checkBox(t, k, q.words, want)
					}
				}
			}
		}
	})
}

// checkList compares a list and its count with the scan.
func checkList(t *testing.T, k *company.Client, query, words string, want []string) {
	t.Helper()
	query += "&q=" + url.QueryEscape(words)
	if got := pages(k, query); !slices.Equal(got.ids, want) {
		t.Errorf("%s with %s: %d hits, the scan finds %d; first difference %s", words, query, len(got.ids), len(want), difference(got.ids, want))
	}
	if n := k.Get("/records/crm.customer?limit=1&count=true&" + query).Want(200).Str("count.value"); n != strconv.Itoa(len(want)) {
		t.Errorf("%s with %s: counts %s, the scan finds %d", words, query, n, len(want))
	}
}

// checkBox compares the search box with the scan.
func checkBox(t *testing.T, k *company.Client, words string, want []string) {
	t.Helper()
	for _, limit := range []int{7, records.SearchLimit} {
		r := k.Get(fmt.Sprintf("/search?entity=crm.customer&limit=%d&q=%s", limit, url.QueryEscape(words))).Want(200)
		var got []string
		for _, it := range r.Items() {
			id := fmt.Sprint(it["id"])
			if !slices.Contains(want, id) || slices.Contains(got, id) {
				t.Errorf("%s finds %v", words, it)
			}
			got = append(got, id)
		}
		if len(got) != min(limit, len(want)) || r.Str("has_more") != fmt.Sprint(len(want) > limit) {
			t.Errorf("%s: %d hits at most %d, more %s; the scan finds %d", words, len(got), limit, r.Str("has_more"), len(want))
		}
	}
}

// difference names the first place where two lists differ.
func difference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf("at %d: %s, want %s", i, g, w)
		}
	}
	return "none"
}

// What was written before the question is found as it is now, when asked to
// wait: renamed, deleted, brought back, handed over.
func TestSearchFollows(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		owners := searchCompany(c)
		admin, mine, other := c.As("admin"), c.As(fmt.Sprintf("s%02d", seller)), c.As("s08")
		hits := func(k *company.Client, words string) int {
			t.Helper()
			list := k.Get("/records/crm.customer?fresh=true&limit=200&q=" + url.QueryEscape(words)).Want(200).Items()
			box := k.Get("/search?fresh=true&entity=crm.customer&limit=50&q=" + url.QueryEscape(words)).Want(200).Items()
			if len(list) != len(box) {
				t.Errorf("%s: the list finds %d, the box %d", words, len(list), len(box))
			}
			return len(list)
		}
		expect := func(what, words string, forAdmin, forMine, forOther int) {
			t.Helper()
			if a, m, o := hits(admin, words), hits(mine, words), hits(other, words); a != forAdmin || m != forMine || o != forOther {
				t.Errorf("%s: %s finds %d %d %d, want %d %d %d", what, words, a, m, o, forAdmin, forMine, forOther)
			}
		}
		expect("before", "饕餮", 0, 0, 0)
		made := mine.Post("/records/crm.customer", map[string]any{"name": "饕餮客户", "phone": "13912349876"}).Want(201).Str("id")
		path := "/records/crm.customer/" + made
		expect("made", "饕餮", 1, 1, 0)
		expect("made", "ttkh", 1, 1, 0)
		mine.With("If-Match", "*").Patch(path, map[string]any{"name": "貔貅客户"}).Want(200)
		expect("renamed", "饕餮", 0, 0, 0)
		expect("renamed", "貔貅", 1, 1, 0)
		mine.With("If-Match", "*").Post(path+"/actions/transfer", map[string]any{"owner": id.ID(owners[8]).String()}).Want(204) // he sees it no more
		expect("handed over", "貔貅", 1, 0, 1)
		other.With("If-Match", "*").Do("DELETE", path, nil).Want(200)
		expect("deleted", "貔貅", 0, 0, 0)
		other.Post(path+"/restore", "{}").Want(200)
		expect("restored", "貔貅", 1, 0, 1)
		admin.Post("/records/crm.customer/bulk", map[string]any{"op": "update", "ids": []string{made}, "patch": map[string]any{"phone": "13912340417"}}).Want(200)
		if n := hits(other, "9876"); n != 0 {
			t.Errorf("the old phone finds %d", n)
		}
		if n := hits(other, "0417"); n != 1 {
			t.Errorf("the new phone finds %d", n)
		}
	})
}
