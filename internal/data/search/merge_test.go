package search

import (
	"fmt"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/clock"
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
	run(t, d, "INSERT INTO shop_fts (shop_fts) VALUES ('integrity-check')")
	if more, err := s.x.Merge(ctx, d); err != nil || more {
		t.Errorf("a merged index has more to merge (%v)", err)
	}
}
