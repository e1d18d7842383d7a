package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// shop is an entity table with its index and indexer.
type shop struct {
	t  *testing.T
	db sqldb.DB
	x  *Index
	// broken makes reading the records of the second entity fail.
	broken error
}

func newShop(t *testing.T, d sqldb.DB) *shop {
	s := &shop{t: t, db: d, x: New("shop")}
	run(t, d, DirtyDDL(d.Dialect())...)
	run(t, d, DirtyDDL(d.Dialect())...)
	run(t, d, "CREATE TABLE shop (id BIGINT PRIMARY KEY, name TEXT NOT NULL)")
	x := s.indexer(clock.System{})
	run(t, sqldb.Beside(d), s.x.DDL(d.Dialect())...)
	s.must(x.CatchUp(t.Context()))
	return s
}

func (s *shop) indexer(c clock.Clock) *Indexer {
	s.t.Helper()
	x := NewIndexer(s.db, c, slog.New(slog.DiscardHandler), func(entity string) (Source, bool) {
		switch entity {
		case "crm.shop":
			return Source{Index: s.x, Load: s.load}, true
		case "crm.broken":
			return Source{Index: s.x, Load: func(context.Context, sqldb.Querier, []int64) ([]Doc, error) { return nil, s.broken }}, true
		}
		return Source{}, false
	})
	if err := x.Join(s.t.Context(), func() []Marked { return []Marked{{"crm.shop", "shop", s.x}} }); err != nil {
		s.t.Fatal(err)
	}
	return x
}

func (s *shop) load(ctx context.Context, q sqldb.Querier, ids []int64) ([]Doc, error) {
	sql := "SELECT id, name FROM shop WHERE id IN (SELECT value FROM json_each(?1))"
	if q.Dialect() == sqldb.Postgres {
		sql = "SELECT id, name FROM shop WHERE id = ANY($1)"
	}
	var rows sqldb.Rows
	if err := q.Query(ctx, sql, []record.Value{record.Ints(ids)}, []record.Kind{record.KindInt, record.KindText}, &rows); err != nil {
		return nil, err
	}
	docs := make([]Doc, rows.Len())
	for i := range docs {
		docs[i] = Doc{ID: rows.At(i, 0).Int(), Parts: []Part{{Title: true, Text: rows.At(i, 1).Str()}}}
	}
	return docs, nil
}

// put writes a shop and marks it, as the write path does; "" deletes it.
func (s *shop) put(ctx context.Context, id int64, name string) error {
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		one, two := "?1", "?2"
		if tx.Dialect() == sqldb.Postgres {
			one, two = "$1", "$2"
		}
		var err error
		if name == "" {
			_, err = tx.Exec(ctx, "DELETE FROM shop WHERE id = "+one, record.Int(id))
		} else {
			_, err = tx.Exec(ctx, "INSERT INTO shop (id, name) VALUES ("+one+", "+two+") ON CONFLICT (id) DO UPDATE SET name = excluded.name",
				record.Int(id), record.Text(name))
		}
		if err != nil {
			return err
		}
		return MarkDirty(ctx, tx, "crm.shop", id)
	})
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) want(ask string, ids ...int64) {
	s.t.Helper()
	want := map[int64]bool{}
	for _, id := range ids {
		want[id] = true
	}
	var got []int64
	q, _ := s.x.Query(s.db.Dialect(), text.QueryTerms(ask), Scope{})
	s.must(s.db.Read(s.t.Context(), func(r sqldb.Querier) error {
		var err error
		got, _, err = q.Resolve(s.t.Context(), r)
		return err
	}))
	same(s.t, ask, got, want)
}

func (s *shop) marks() (n int64) {
	s.t.Helper()
	s.must(s.db.Read(s.t.Context(), func(q sqldb.Querier) error {
		var err error
		n, err = readInt(s.t.Context(), q, "SELECT count(*) FROM search_dirty")
		return err
	}))
	return n
}

func TestIndexFollowsWrites(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		s := newShop(t, d)
		x := s.indexer(clock.System{})
		ctx := t.Context()
		s.must(x.Wait(ctx)) // nothing to do
		s.must(s.put(ctx, 1, "云腾"))
		s.must(s.put(ctx, 2, "天华"))
		s.must(s.put(ctx, 2, "天华二店"))
		s.want("天华")
		s.must(x.Wait(ctx))
		s.want("云腾", 1)
		s.want("二店", 2)
		s.must(s.put(ctx, 1, "海信"))
		s.must(s.put(ctx, 2, ""))
		s.must(x.Wait(ctx))
		s.want("云腾")
		s.want("海信", 1)
		s.want("天华")
		if n := s.marks(); n != 0 {
			t.Errorf("%d marks are left", n)
		}
	})
}

// Run follows by the wake-up alone: the clock stands still but for the moment
// in which it gathers writes.
func TestRunFollowsAWakeUp(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		s := newShop(t, d)
		c := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		x := s.indexer(c)
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { x.Run(ctx) })
		defer done.Wait()
		defer cancel()
		c.BlockUntil(1) // it waits
		s.must(s.put(ctx, 1, "云腾"))
		x.Wake()
		c.BlockUntil(2) // it gathers
		c.Advance(settle)
		c.BlockUntil(2) // the old second and a new one: it waits again, the batch is in
		s.want("云腾", 1)
		s.must(s.put(ctx, 2, "云腾")) // another node's write: no wake-up
		c.Advance(followTime)
		c.BlockUntil(1)
		s.want("云腾", 1, 2)
		for range 4 { // one is heard, one may wait: none blocks
			x.Wake()
		}
	})
}

func TestOneBrokenEntityStopsNoOther(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		s := newShop(t, d)
		s.broken = errors.New("no such column")
		x := s.indexer(clock.System{})
		ctx := t.Context()
		write(t, d, func(tx sqldb.Tx) error { return MarkDirty(ctx, tx, "crm.broken", 7) })
		write(t, d, func(tx sqldb.Tx) error { return MarkDirty(ctx, tx, "crm.unknown", 8, 9) })
		write(t, d, func(tx sqldb.Tx) error { return MarkDirty(ctx, tx, "crm.shop") })
		s.must(s.put(ctx, 1, "云腾"))
		if err := x.CatchUp(ctx); !errors.Is(err, s.broken) {
			t.Errorf("CatchUp gives %v", err)
		}
		s.want("云腾", 1)
		if n := s.marks(); n != 1 {
			t.Errorf("%d marks are left, want the broken one", n)
		}
		s.broken = nil
		s.must(x.CatchUp(ctx))
		if n := s.marks(); n != 0 {
			t.Errorf("%d marks are left", n)
		}
	})
}

func TestRebuildMarksEverything(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		s := newShop(t, d)
		ctx := t.Context()
		const n = 700 // more than two batches
		write(t, d, func(tx sqldb.Tx) error {
			var rows []record.Value
			for i := range n {
				rows = append(rows, record.Int(int64(i+1)), record.Text(fmt.Sprintf("云腾%d", 1000+i)))
			}
			return tx.(sqldb.Bulk).InsertMany(ctx, "shop", []string{"id", "name"}, rows)
		})
		s.must(Rebuild(ctx, d, "crm.shop", "shop"))
		if got := s.marks(); got != n {
			t.Errorf("%d marks, want %d", got, n)
		}
		s.must(s.indexer(clock.System{}).Wait(ctx))
		s.want("1699", 700)
		s.want("1000", 1)
		if n := s.marks(); n != 0 {
			t.Errorf("%d marks are left", n)
		}
	})
}

// Writers and several indexers (nodes, on PostgreSQL) race; in the end the
// index holds the last text of every record.
func TestIndexersRaceAndNoOldTextStays(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		s := newShop(t, d)
		ctx := t.Context()
		nodes := []*Indexer{s.indexer(clock.System{})}
		if d.Dialect() == sqldb.Postgres {
			nodes = append(nodes, s.indexer(clock.System{}), s.indexer(clock.System{}))
		}
		const shops, rounds = 6, 25
		var writers, indexers sync.WaitGroup
		stop := make(chan struct{})
		for _, x := range nodes {
			indexers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if err := x.CatchUp(ctx); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for id := int64(1); id <= shops; id++ {
			writers.Go(func() {
				for r := range rounds {
					if err := s.put(ctx, id, fmt.Sprintf("店%d号 v%d", id, 1000+r)); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writers.Wait()
		close(stop)
		indexers.Wait()
		s.must(nodes[0].Wait(ctx))
		for r := range rounds - 1 {
			s.want(fmt.Sprintf("v%d", 1000+r))
		}
		s.want(fmt.Sprintf("v%d", 1000+rounds-1), 1, 2, 3, 4, 5, 6)
		if n := s.marks(); n != 0 {
			t.Errorf("%d marks are left", n)
		}
	})
}

// Whoever waits for a fresh index behind a long piece of work can give up.
func TestWaitGivesUp(t *testing.T) {
	s := newShop(t, db.SQLite(t))
	x := s.indexer(clock.System{})
	s.must(s.put(t.Context(), 1, "云腾"))
	s.must(x.enter(t.Context()))
	defer x.leave()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	gone := make(chan error, 1)
	go func() { gone <- x.Wait(ctx) }()
	select {
	case err := <-gone:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits")
	}
}
