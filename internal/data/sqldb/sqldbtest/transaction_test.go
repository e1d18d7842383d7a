package sqldbtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	testdb "github.com/guanxicrm/guanxi/internal/testkit/db"
)

// endless counts for minutes: only an interrupt ends it.
const endless = "WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < 2000000000) SELECT count(*) FROM g"

// countTable makes a table n with one row for each number.
func countTable(t testing.TB, db sqldb.DB, rows ...int64) {
	t.Helper()
	ddl(t, db, "CREATE TABLE n (id BIGINT PRIMARY KEY)")
	for _, r := range rows {
		if err := write(t.Context(), db, "INSERT INTO n VALUES ("+p(db, 1)+")", record.Int(r)); err != nil {
			t.Fatal(err)
		}
	}
}

// All queries of a Read see the commits up to its first one, no later ones.
func TestSnapshotOfRead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db, 1)
		err := db.Read(t.Context(), func(q sqldb.Querier) error {
			for i := range int64(3) {
				var out sqldb.Rows
				if err := q.Query(t.Context(), "SELECT count(*) FROM n", nil, oneInt, &out); err != nil {
					return err
				}
				if n := out.At(0, 0).Int(); n != 1 {
					t.Errorf("query %d sees %d rows", i, n)
				}
				if err := write(t.Context(), db, "INSERT INTO n VALUES ("+p(db, 1)+")", record.Int(10+i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := number(t, db, "SELECT count(*) FROM n"); n != 4 {
			t.Errorf("%d rows after it", n)
		}
	})
}

// A Read cannot write, and gives back what its function gave.
func TestReadOnly(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		err := db.Read(t.Context(), func(q sqldb.Querier) error {
			_, err := q.Exec(t.Context(), "INSERT INTO n VALUES (1)")
			return err
		})
		if err == nil {
			t.Error("a Read wrote")
		}
		odd := errors.New("odd")
		if err := db.Read(t.Context(), func(sqldb.Querier) error { return odd }); !errors.Is(err, odd) {
			t.Errorf("gave %v", err)
		}
		err = db.Read(t.Context(), func(sqldb.Querier) error { panic("here") })
		if p, is := errors.AsType[*sqldb.PanicError](err); !is || p.Value != "here" || len(p.Stack) == 0 || !errs.Is(err, errs.Internal) {
			t.Errorf("a panic gave %v", err)
		}
		if n := number(t, db, "SELECT count(*) FROM n"); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

// Errors, panics and lost statements take back exactly their own write.
func TestRollback(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		odd := errors.New("odd")
		ends := []struct {
			name string
			end  func(tx sqldb.Tx) error
			ok   func(error) bool
		}{
			{"kept", func(sqldb.Tx) error { return nil }, func(err error) bool { return err == nil }},
			{"error", func(sqldb.Tx) error { return odd }, func(err error) bool { return errors.Is(err, odd) }},
			{"panic", func(sqldb.Tx) error { panic(odd) }, func(err error) bool {
				p, is := errors.AsType[*sqldb.PanicError](err)
				return is && p.Value == any(odd)
			}},
			{"lost", func(tx sqldb.Tx) error {
				_, first := tx.Exec(t.Context(), "INSERT INTO n VALUES (-1), (-1)")
				if _, err := tx.Exec(t.Context(), "INSERT INTO n VALUES (-2)"); first == nil || !errors.Is(err, first) {
					return fmt.Errorf("after a lost statement: %w, then %w", first, err)
				}
				return nil // swallowed, and lost all the same
			}, func(err error) bool { return errs.Is(err, errs.Duplicate) }},
		}
		var wg sync.WaitGroup
		for i := range int64(80) {
			e := ends[i%4]
			wg.Go(func() {
				err := db.Write(t.Context(), func(tx sqldb.Tx) error {
					if _, err := tx.Exec(t.Context(), "INSERT INTO n VALUES ("+p(db, 1)+")", record.Int(i)); err != nil {
						return err
					}
					return e.end(tx)
				})
				if !e.ok(err) {
					t.Errorf("%s gave %v", e.name, err)
				}
			})
		}
		wg.Wait()
		if n := number(t, db, "SELECT count(*) * 1000 + sum(id % 4) FROM n"); n != 20_000 {
			t.Errorf("%d", n)
		}
	})
}

// A function that keeps its transaction cannot use it after the end.
func TestUseAfterEnd(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		var kept []sqldb.Querier
		keep := func(q sqldb.Querier) error { kept = append(kept, q); return nil }
		if err := errors.Join(
			db.Read(t.Context(), keep),
			db.Write(t.Context(), func(tx sqldb.Tx) error { return keep(tx) }),
			db.Exclusive(t.Context(), keep),
		); err != nil {
			t.Fatal(err)
		}
		for i, q := range kept {
			var out sqldb.Rows
			if err := q.Query(t.Context(), "SELECT 1", nil, oneInt, &out); err == nil {
				t.Errorf("%d still reads", i)
			}
			if _, err := q.Exec(t.Context(), "INSERT INTO n VALUES (1)"); err == nil {
				t.Errorf("%d still writes", i)
			}
		}
	})
}

// A cancelled read ends soon; the database goes on.
func TestCancel(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		var out sqldb.Rows
		for name, read := range map[string]func(context.Context) error{
			"one": func(ctx context.Context) error { return db.ReadOne(ctx, endless, nil, oneInt, &out) },
			"read": func(ctx context.Context) error {
				return db.Read(ctx, func(q sqldb.Querier) error { return q.Query(ctx, endless, nil, oneInt, &out) })
			},
			"exclusive": func(ctx context.Context) error {
				return db.Exclusive(ctx, func(q sqldb.Querier) error { return q.Query(ctx, endless, nil, oneInt, &out) })
			},
		} {
			for range 3 {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
				start := time.Now()
				err := read(ctx)
				cancel()
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
					t.Errorf("%s: %v after %v", name, err, time.Since(start))
				}
				if n := number(t, db, "SELECT 7"); n != 7 {
					t.Errorf("read %d", n)
				}
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		none := func(sqldb.Tx) error { t.Error("ran"); return nil }
		if err := db.Write(ctx, none); !errors.Is(err, context.Canceled) {
			t.Errorf("write: %v", err)
		}
		if err := db.ReadOne(ctx, "SELECT 1", nil, oneInt, &out); !errors.Is(err, context.Canceled) {
			t.Errorf("read: %v", err)
		}
	})
}

// Reads that wait for a connection leave when they are cancelled.
func TestCancelWhileWaiting(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		full, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				var out sqldb.Rows
				if err := db.ReadOne(full, endless, nil, oneInt, &out); !errors.Is(err, context.Canceled) {
					t.Errorf("gave %v", err)
				}
			})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var out sqldb.Rows
		if err := db.ReadOne(ctx, endless, nil, oneInt, &out); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("gave %v", err)
		}
		stop()
		wg.Wait()
	})
}

// Callbacks run once, after the commit, in order, on the caller's goroutine;
// never for a write that was lost.
func TestAfterCommit(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		var wg sync.WaitGroup
		for i := range int64(32) {
			wg.Go(func() {
				var order []int // shared with nobody: the race detector sees another goroutine
				err := db.Write(t.Context(), func(tx sqldb.Tx) error {
					for k := range 3 {
						tx.AfterCommit(func() {
							if k == 0 && number(t, db, "SELECT count(*) FROM n WHERE id = "+p(db, 1), record.Int(i)) != 1 {
								t.Error("ran before the commit")
							}
							order = append(order, k)
						})
					}
					if _, err := tx.Exec(t.Context(), "INSERT INTO n VALUES ("+p(db, 1)+")", record.Int(i)); err != nil {
						return err
					}
					if i%2 == 1 {
						return errors.New("odd")
					}
					return nil
				})
				want := []int{0, 1, 2}
				if i%2 == 1 {
					want = nil
				}
				if (err != nil) != (i%2 == 1) || !slices.Equal(order, want) {
					t.Errorf("%d: %v, callbacks %v", i, err, order)
				}
			})
		}
		wg.Wait()
	})
}

// Two transactions that guard the same key do not overlap: 100 check and
// insert, one finds nothing.
func TestGuard(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		ddl(t, db, "CREATE TABLE g (k TEXT, i BIGINT)")
		var inserted atomic.Int64
		var wg sync.WaitGroup
		for i := range int64(100) {
			wg.Go(func() {
				keys := []string{"a", "b", "c"}
				if i%2 == 1 {
					slices.Reverse(keys) // the order in which they are named must not matter
				}
				won := false
				err := db.Write(t.Context(), func(tx sqldb.Tx) error {
					won = false
					if err := tx.Guard(t.Context(), keys...); err != nil {
						return err
					}
					var out sqldb.Rows
					if err := tx.Query(t.Context(), "SELECT count(*) FROM g WHERE k = 'x'", nil, oneInt, &out); err != nil || out.At(0, 0).Int() > 0 {
						return err
					}
					won = true
					_, err := tx.Exec(t.Context(), "INSERT INTO g VALUES ('x', "+p(db, 1)+")", record.Int(i))
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if won {
					inserted.Add(1)
				}
			})
		}
		wg.Wait()
		if n := number(t, db, "SELECT count(*) FROM g"); n != 1 || inserted.Load() != 1 {
			t.Errorf("%d rows, %d inserted", n, inserted.Load())
		}
	})
}

// Transactions that lock rows in opposite order come through: the victim of
// the deadlock runs again, also when it was lost in a part that can fail alone.
func TestRetry(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		ddl(t, db, "CREATE TABLE r (id BIGINT PRIMARY KEY, n BIGINT)", "INSERT INTO r VALUES (1, 0), (2, 0)")
		t.Run("whole", func(t *testing.T) { crossLocks(t, db, 22, func(_ sqldb.Tx, fn func() error) error { return fn() }) })
		t.Run("part", func(t *testing.T) {
			crossLocks(t, db, 44, func(tx sqldb.Tx, fn func() error) error { return tx.Sub(t.Context(), fn) })
		})
	})
}

func crossLocks(t *testing.T, db sqldb.DB, want int64, part func(sqldb.Tx, func() error) error) {
	t.Helper()
	var wg sync.WaitGroup
	var runs, after atomic.Int64
	holds := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	for who, order := range [][]int64{{1, 2}, {2, 1}} {
		wg.Go(func() {
			err := db.Write(t.Context(), func(tx sqldb.Tx) error {
				again := runs.Add(1) > 2
				tx.AfterCommit(func() { after.Add(1) })
				for i, id := range order {
					if err := part(tx, func() error {
						_, err := tx.Exec(t.Context(), "UPDATE r SET n = n + 1 WHERE id = "+p(tx, 1), record.Int(id))
						return err
					}); err != nil {
						return err
					}
					// On PostgreSQL both hold their first row before either wants its second.
					if i == 0 && !again && tx.Dialect() == sqldb.Postgres {
						close(holds[who])
						<-holds[1-who]
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := number(t, db, "SELECT min(n) * 10 + max(n) FROM r"); n != want {
		t.Errorf("%d", n)
	}
	// On PostgreSQL the victim runs again, also twice when it is quick
	// enough to take its first row before the survivor has both.
	if n := runs.Load(); db.Dialect() == sqldb.SQLite && n != 2 || db.Dialect() == sqldb.Postgres && n < 3 || after.Load() != 2 {
		t.Errorf("%d runs, %d callbacks", n, after.Load())
	}
}

// Exclusive changes the schema while statements of it are cached everywhere.
func TestSchemaChange(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		ddl(t, db, "CREATE TABLE s (id BIGINT PRIMARY KEY, a TEXT)", "INSERT INTO s VALUES (1, '5')")
		kinds := []record.Kind{record.KindInt, record.KindText}
		read := func() error {
			var out sqldb.Rows
			return db.ReadOne(t.Context(), "SELECT id, a FROM s", nil, kinds, &out)
		}
		for i := range 3 {
			if err := read(); err != nil {
				t.Fatal(err)
			}
			if err := write(t.Context(), db, "UPDATE s SET a = a"); err != nil {
				t.Fatal(err)
			}
			ddl(t, db, fmt.Sprintf("ALTER TABLE s ADD COLUMN c%d BIGINT", i), fmt.Sprintf("CREATE INDEX s_c%d ON s (c%d)", i, i))
		}
		if db.Dialect() == sqldb.Postgres {
			ddl(t, db, "ALTER TABLE s ALTER COLUMN a TYPE BIGINT USING a::bigint")
			if err := read(); err != nil {
				t.Errorf("after a change of type: %v", err)
			}
			if err := db.Read(t.Context(), func(q sqldb.Querier) error {
				var out sqldb.Rows
				return q.Query(t.Context(), "SELECT id, a FROM s", nil, kinds, &out)
			}); err != nil {
				t.Errorf("after a change of type, in a transaction: %v", err)
			}
		}
		odd := errors.New("odd")
		if err := db.Exclusive(t.Context(), func(sqldb.Querier) error { return odd }); !errors.Is(err, odd) {
			t.Errorf("gave %v", err)
		}
		if err := db.Exclusive(t.Context(), func(sqldb.Querier) error { panic("here") }); !errs.Is(err, errs.Internal) {
			t.Errorf("a panic gave %v", err)
		}
		if err := read(); err != nil {
			t.Error(err)
		}
	})
}

// The counts of the health page; SQLite shares commits between writers.
func TestStats(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		before := db.Stats()
		var wg sync.WaitGroup
		for c := range int64(64) {
			wg.Go(func() {
				for i := range int64(5) {
					if err := write(t.Context(), db, "INSERT INTO n VALUES ("+p(db, 1)+")", record.Int(c*100+i)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		number(t, db, "SELECT 1")
		s := db.Stats()
		writes, commits := s.Writes-before.Writes, s.Commits-before.Commits
		if writes != 320 || s.Reads-before.Reads != 1 || s.Readers < 1 {
			t.Errorf("%+v after %+v", s, before)
		}
		// How many share a commit is up to the disk: in memory a commit takes no time.
		if db.Dialect() == sqldb.SQLite && commits >= writes || db.Dialect() == sqldb.Postgres && commits != writes {
			t.Errorf("%d commits of %d writes", commits, writes)
		}
	})
}

// A statement before Close is done, one after it is refused.
func TestClose(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		started := make(chan struct{})
		finish := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			err := db.Write(t.Context(), func(tx sqldb.Tx) error {
				close(started)
				<-finish
				_, err := tx.Exec(t.Context(), "INSERT INTO n VALUES (1)")
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		<-started
		wg.Go(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		close(finish)
		wg.Wait()
		var out sqldb.Rows
		for name, err := range map[string]error{
			"write":     write(t.Context(), db, "INSERT INTO n VALUES (2)"),
			"one":       db.ReadOne(t.Context(), "SELECT 1", nil, oneInt, &out),
			"read":      db.Read(t.Context(), func(sqldb.Querier) error { return nil }),
			"exclusive": db.Exclusive(t.Context(), func(sqldb.Querier) error { return nil }),
		} {
			if !errs.Is(err, errs.Unavailable) {
				t.Errorf("%s after Close: %v", name, err)
			}
		}
	})
}
