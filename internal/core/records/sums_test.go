package records_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Figures of some of the records, the groups with the most and what all come to
// are told in one answer, also within a write.
func TestSumsOfSomeAndOfAll(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		sales := loadSales(c, []int64{c.Member(company.Person{Login: "s0"})}, 400)
		won := entity.Is(entity.Text("status", 10), "won")
		ask := entity.Sum{Entity: "crm.customer", Group: []string{"next_follow_on"}, Of: []string{"amount", "amount", "count:", "max:amount", "min:amount"},
			Most: 7, Whole: true, Only: []*query.Node{won, nil, won, won}}
		want := sumsOf(sales, 7)
		checkSums(t, c, ask, want, true)
	})
}

// Buckets that stand beside one another hold what they hold as rows, also within
// a write; what has no day is counted and in no bucket.
func TestSumsBesideOneAnother(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		sales := loadSales(c, []int64{c.Member(company.Person{Login: "s0"})}, 400)
		won := entity.Is(entity.Text("status", 10), "won")
		days := []string{"2023-12-01", "2024-01-10"}
		ask := entity.Sum{Entity: "crm.customer", Group: []string{"status"}, Cut: "next_follow_on", At: days, Across: true, Of: []string{"amount", "amount"}, Only: []*query.Node{nil, won}}
		type group struct {
			all, won [3]int64
			rows     int64
		}
		groups := map[string]*group{}
		for _, s := range sales {
			g := groups[s.status]
			if g == nil {
				g = &group{}
				groups[s.status] = g
			}
			g.rows++
			if s.day == "" || s.amount == nil {
				continue
			}
			n := 0
			for n < len(days) && s.day >= days[n] {
				n++
			}
			g.all[n] += *s.amount
			if s.status == "won" {
				g.won[n] += *s.amount
			}
		}
		var want []string
		for _, status := range slices.Sorted(maps.Keys(groups)) {
			g := groups[status]
			row := []record.Value{record.Text(status)}
			for _, n := range append(append(g.all[:], g.won[:]...), g.rows) {
				row = append(row, record.Int(n))
			}
			want = append(want, fmt.Sprint(row))
		}
		checkSums(t, c, ask, want, false)
	})
}

// checkSums asks in a read and within a write; more says that there are groups
// beyond the answer.
func checkSums(t *testing.T, c *company.Company, ask entity.Sum, want []string, more bool) {
	t.Helper()
	check := func(how string, q entity.Sums) {
		t.Helper()
		rows, beyond, err := q.Sum(t.Context(), ask)
		if err != nil || beyond != more {
			t.Fatalf("%s: %v, %v", how, beyond, err)
		}
		var got []string
		for _, row := range rows {
			got = append(got, fmt.Sprint(row))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%q\nwant\n%q", how, got, want)
		}
	}
	err := c.App.DB.Read(t.Context(), func(q sqldb.Querier) error {
		check("read", records.SumsOf(c.App.Engine, q, access.System("test")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Write(func(_ context.Context, s *records.Session) error {
		check("within a write", s)
		return nil
	})
}

// sumsOf are the groups by definition: those with the greatest sum of what was
// won first, and last all together.
func sumsOf(sales []sale, most int) (out []string) {
	type group struct {
		day               string
		won, all, n, rows int64
		none, some        bool
		least, greatWon   int64
	}
	add := func(g *group, s sale) {
		g.rows++
		if s.status == "won" {
			g.n++
		}
		if s.amount == nil {
			return
		}
		if !g.some || *s.amount < g.least {
			g.least = *s.amount
		}
		g.some = true
		g.all += *s.amount
		if s.status != "won" {
			return
		}
		if !g.none || *s.amount > g.greatWon {
			g.greatWon = *s.amount
		}
		g.none = true
		g.won += *s.amount
	}
	groups, all := map[string]*group{}, &group{}
	for _, s := range sales {
		if groups[s.day] == nil {
			groups[s.day] = &group{day: s.day}
		}
		add(groups[s.day], s)
		add(all, s)
	}
	var list []*group
	for _, g := range groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *group) int {
		if a.none != b.none {
			return map[bool]int{true: -1, false: 1}[a.none]
		}
		return cmp.Or(cmp.Compare(b.won, a.won), emptyLast(a.day, b.day))
	})
	for _, g := range append(list[:most:most], all) {
		of := func(there bool, n int64) record.Value {
			if !there {
				return record.Null
			}
			return record.Int(n)
		}
		key := record.Null
		if g.day != "" {
			key = record.Text(g.day)
		}
		out = append(out, fmt.Sprint([]record.Value{key, record.Int(g.won), record.Int(g.all), record.Int(g.n), of(g.none, g.greatWon), of(g.some, g.least), record.Int(g.rows)}))
	}
	return out
}
