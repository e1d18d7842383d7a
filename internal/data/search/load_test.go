package search

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// add makes shops from … to-1, marked as one write.
func (s *shop) add(ctx context.Context, from, to int64) {
	s.t.Helper()
	write(s.t, s.db, func(tx sqldb.Tx) error {
		var rows []record.Value
		var ids []int64
		for i := from; i < to; i++ {
			rows, ids = append(rows, record.Int(i), record.Text(fmt.Sprintf("云腾%d", 10000+i))), append(ids, i)
		}
		if err := tx.(sqldb.Bulk).InsertMany(ctx, "shop", []string{"id", "name"}, rows); err != nil {
			return err
		}
		return MarkDirty(ctx, tx, "crm.shop", ids...)
	})
}

// Many marks go in whole, in their order and beside those of other entities,
// whatever happens to the records meanwhile.
func TestALoadIsFollowed(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		s := newShop(t, d)
		s.broken = errors.New("no such column")
		x := s.indexer(clock.System{})
		ctx := t.Context()
		const n = 4*batchDocs + 100
		s.add(ctx, 1, n/2)
		write(t, d, func(tx sqldb.Tx) error { return MarkDirty(ctx, tx, "crm.broken", 7) })
		write(t, d, func(tx sqldb.Tx) error { return MarkDirty(ctx, tx, "crm.unknown", 8) })
		s.add(ctx, n/2, n+1)
		s.must(s.put(ctx, 5, "星河"))    // marked in the first batch and in the last
		s.must(s.put(ctx, n-3, ""))    // gone before it is read
		s.must(s.put(ctx, n+50, "北斗")) // behind all others
		if err := x.CatchUp(ctx); !errors.Is(err, s.broken) {
			t.Errorf("CatchUp gives %v", err)
		}
		if got := s.marks(); got != 1 {
			t.Errorf("%d marks are left, want the broken one", got)
		}
		for _, i := range []int64{1, batchDocs, batchDocs + 1, n / 2, 3*batchDocs + 7, n} {
			s.want(fmt.Sprint(10000+i), i)
		}
		s.want(fmt.Sprint(10005))
		s.want(fmt.Sprint(10000 + n - 3))
		s.want("星河", 5)
		s.want("北斗", n+50)
		// What is there already is replaced, not doubled.
		s.must(Rebuild(ctx, d, "crm.shop", "shop"))
		s.broken = nil
		s.must(x.CatchUp(ctx))
		s.want("星河", 5)
		s.want(fmt.Sprint(10000+n), n)
		if d.Dialect() == sqldb.SQLite {
			run(t, sqldb.Beside(d), "INSERT INTO shop_fts (shop_fts) VALUES ('integrity-check')")
		}
	})
}

// While a batch is being written to the index, records are written.
func TestALoadLetsOthersWrite(t *testing.T) {
	d := db.SQLite(t)
	s := newShop(t, d)
	x := s.indexer(clock.System{})
	ctx := t.Context()
	s.add(ctx, 1, 6*batchDocs)
	first, err := x.read(ctx, 1<<40, nil)
	s.must(err)
	s.must(sqldb.Beside(d).Write(ctx, func(tx sqldb.Tx) error {
		done, err := putWhile(ctx, tx, []batch{first}, (*batch).putAll)
		if err != nil || done != 1 {
			t.Errorf("it put %d batches: %v", done, err)
		}
		return s.put(ctx, 1, "北斗") // on the file of the records
	}))
	if n := s.marks(); n != 6*batchDocs {
		t.Errorf("%d marks are left before they are taken away", n)
	}
	s.must(x.CatchUp(ctx))
	s.want("北斗", 1)
}

// While it is held the Indexer follows only when it is told to.
func TestHold(t *testing.T) {
	d := db.SQLite(t)
	s := newShop(t, d)
	c := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	x := s.indexer(c)
	ctx, cancel := context.WithCancel(t.Context())
	release := x.Hold()
	var done sync.WaitGroup
	done.Go(func() { x.Run(ctx) })
	defer done.Wait()
	defer cancel()
	c.BlockUntil(1)
	s.must(s.put(ctx, 1, "云腾"))
	c.Advance(followTime)
	c.BlockUntil(1) // it has looked again and waits
	if n := s.marks(); n != 1 {
		t.Fatalf("%d marks are left while it is held", n)
	}
	s.must(x.CatchUp(ctx))
	s.want("云腾", 1)
	s.must(s.put(ctx, 2, "云腾"))
	release()
	release() // does nothing
	c.BlockUntil(2)
	c.Advance(settle)
	c.BlockUntil(2)
	s.want("云腾", 1, 2)
	if x.held.Load() != 0 {
		t.Error("it is held")
	}
}
