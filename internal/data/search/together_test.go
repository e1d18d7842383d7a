package search

import (
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// All pairs of a phrase may lie in a record without the phrase; and what is
// asked together is answered as alone.
func TestPhrasesStandTogether(t *testing.T) {
	docs := []Doc{
		{ID: 1, Owner: 7, Parts: []Part{{Title: true, Text: "上海招商银行"}}},
		{ID: 2, Owner: 7, Parts: []Part{{Title: true, Text: "商银、招商、银行"}}},
		{ID: 3, Owner: 7, Parts: []Part{{Title: true, Text: "招商"}, {Class: classNote, Text: "商银行"}, {Text: "银行"}}},
		{ID: 4, Owner: 8, Parts: []Part{{Title: true, Text: "无"}, {Class: classNote, Text: "找招商银行"}}},
	}
	all, mine := Scope{Classes: []uint8{classNote}}, Scope{Classes: []uint8{classNote}, Owners: []int64{7}}
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := filled(t, d, docs)
		var queries []*Query
		var want [][]int64
		for _, c := range []struct {
			ask   string
			scope Scope
			want  []int64
		}{
			{"招商银行", all, []int64{4, 1}}, {"zhaoshangyinhang", all, []int64{4, 1}}, {"招商银行", mine, []int64{1}},
			{"zhaoshangyin", mine, []int64{1}}, {"招商银行 上海", all, []int64{1}}, {"银行", all, []int64{4, 3, 2, 1}}, {"招商银", Scope{}, []int64{1}},
		} {
			if got := found(t, d, x, text.QueryTerms(c.ask), c.scope); !slices.Equal(got, c.want) {
				t.Errorf("%s: %d, want %d", c.ask, got, c.want)
			}
			q, _ := x.Query(d.Dialect(), text.QueryTerms(c.ask), c.scope)
			queries, want = append(queries, q), append(want, c.want)
		}
		if err := d.Read(t.Context(), func(r sqldb.Querier) error {
			answers, err := ResolveAll(t.Context(), r, queries)
			for i, a := range answers {
				if !a.Complete || !slices.Equal(a.IDs, want[i]) {
					t.Errorf("question %d of several: %d, complete %v, want %d", i, a.IDs, a.Complete, want[i])
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
