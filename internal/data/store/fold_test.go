package store

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// With far more groups than an answer holds, the first of them are complete
// and nothing but them is kept for long.
func TestFoldOfManyGroups(t *testing.T) {
	const groups = 6 * groupCap
	f := &fold{by: []foldKey{{at: 0}}, measures: []foldMeasure{{op: "count", only: -1}, {op: "sum", at: 0, only: -1}}, cells: map[string]*cell{}, limit: groupCap}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 { // each group has three rows, far apart
		for _, n := range r.Perm(groups) {
			if err := f.add([]record.Value{record.Int(int64(n))}); err != nil {
				t.Fatal(err)
			}
			if len(f.cells) > 4*groupCap {
				t.Fatalf("%d groups are kept", len(f.cells))
			}
		}
	}
	rows, err := f.rows()
	if err != nil || len(rows) != groupCap {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows {
		n := int64(i)
		if row[0].Int() != n || row[1].Int() != 3 || row[2].Int() != 3*n {
			t.Fatalf("row %d: %v", i, row)
		}
	}
}

// A sum may pass the range on its way, as PostgreSQL's may, not at its end.
func TestFoldOfLargeSums(t *testing.T) {
	for name, c := range map[string]struct {
		add  []int64
		want int64
		out  bool
	}{
		"there and back":      {[]int64{math.MaxInt64, 5, -5}, math.MaxInt64, false},
		"back and there":      {[]int64{math.MinInt64, -1, 1, 1}, math.MinInt64 + 1, false},
		"least":               {[]int64{math.MinInt64 + 1, -1}, math.MinInt64, false},
		"one above":           {[]int64{math.MaxInt64, 1}, 0, true},
		"one below":           {[]int64{math.MinInt64, -1}, 0, true},
		"far above":           {[]int64{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64}, 0, true},
		"cancelled to naught": {[]int64{math.MaxInt64, math.MaxInt64, -math.MaxInt64, -math.MaxInt64}, 0, false},
	} {
		f := &fold{measures: []foldMeasure{{op: "sum", only: -1}}, limit: 1, cells: map[string]*cell{}}
		f.list = []*cell{f.cell(nil)}
		f.cells[""] = f.list[0]
		for _, n := range c.add {
			if err := f.add([]record.Value{record.Int(n)}); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := f.rows()
		switch {
		case c.out && !errs.Is(err, errs.Invalid):
			t.Errorf("%s: %v, %v", name, rows, err)
		case !c.out && (err != nil || rows[0][0].Int() != c.want):
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
}

// The bucket found beside that of the row before is the one that a search finds.
func TestFoldBucket(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	k := foldKey{ints: []int64{-50, -10, 0, 1, 30, 1000}}
	for range 5000 {
		n := -50 + r.Int64N(1200)
		want, found := slices.BinarySearch(k.ints, n)
		if !found {
			want--
		}
		v := record.Int(n)
		if got := k.bucket(&v); got != want {
			t.Fatalf("%d is in %d, want %d", n, got, want)
		}
	}
}
