package search

import (
	"fmt"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// A load leaves a bounded number of pieces, an idle index few, and neither
// loses or brings back a word.
func TestPiecesAreMerged(t *testing.T) {
	d := db.SQLite(t)
	s := newShop(t, d)
	x := s.indexer(clock.System{})
	ctx := t.Context()
	pieces := func() (n int64) {
		s.must(d.Read(ctx, func(q sqldb.Querier) (err error) {
			n, err = readInt(ctx, q, "SELECT count(DISTINCT segid) FROM shop_fts_idx")
			return err
		}))
		return n
	}
	for i := range int64(3 * busyPieces) {
		s.must(s.put(ctx, i/2, fmt.Sprintf("云腾 u%dv", i))) // each name is replaced once
		s.must(x.CatchUp(ctx))
		if n := pieces(); n > 2*busyPieces {
			t.Fatalf("%d pieces after %d batches", n, i+1)
		}
	}
	s.must(x.mergeIdle(ctx))
	if n := pieces(); n >= 2*mergeFrom {
		t.Errorf("%d pieces are left", n)
	}
	s.want("u0v")
	s.want("u7v", 3)
	run(t, sqldb.Beside(d), "INSERT INTO shop_fts (shop_fts) VALUES ('integrity-check')")
	if more, err := s.x.Merge(ctx, d); err != nil || more {
		t.Errorf("a merged index has more to merge (%v)", err)
	}
}

// The pieces are counted right, also when they are many, and merged down.
func TestPiecesAreCounted(t *testing.T) {
	d := db.SQLite(t)
	s := newShop(t, d)
	ctx := t.Context()
	check := func() (n int) {
		s.must(d.Read(ctx, func(q sqldb.Querier) error {
			want, err := readInt(ctx, q, "SELECT count(DISTINCT segid) FROM shop_fts_idx")
			if err == nil {
				n, err = s.x.countPieces(ctx, q)
			}
			if n != int(want) {
				t.Errorf("counted %d pieces of %d", n, want)
			}
			return err
		}))
		return n
	}
	if n := check(); n != 0 {
		t.Errorf("%d pieces of nothing", n)
	}
	const batches = 200 // more than a number of seven bits
	for i := range int64(batches) {
		write(t, sqldb.Beside(d), func(tx sqldb.Tx) error {
			return s.x.Put(ctx, tx, []Doc{{ID: i + 1, Parts: []Part{{Text: fmt.Sprintf("云腾 u%dv", i)}}}})
		})
	}
	if n := check(); n != batches {
		t.Errorf("%d batches left %d pieces", batches, n)
	}
	dear := func() bool {
		q, _ := s.x.Query(d.Dialect(), text.QueryTerms("云腾"), Scope{})
		return q.dear()
	}
	if dear() {
		t.Error("one way to find a word is dear")
	}
	s.must(s.x.mergeDown(ctx, d, batches))
	if !dear() {
		t.Error("to try a word in 200 pieces on each row is not dear")
	}
	if n := check(); n != batches {
		t.Errorf("%d pieces are left although so many may be", n)
	}
	s.must(s.x.mergeDown(ctx, d, 100))
	if n := check(); n > 100 {
		t.Errorf("%d pieces are left of those that were to be 100", n)
	}
	s.must(s.x.mergeDown(ctx, d, 0)) // ends, although some stay
	s.want("u7v", 8)
	if dear() {
		t.Error("one way is dear where all is merged")
	}
}
