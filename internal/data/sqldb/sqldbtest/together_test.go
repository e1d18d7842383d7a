package sqldbtest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	testdb "github.com/guanxicrm/guanxi/internal/testkit/db"
)

// ask gives a question for one number.
func ask(sql string, args ...record.Value) sqldb.Question {
	return sqldb.Question{SQL: sql, Args: args, Kinds: oneInt, Out: new(sqldb.Rows)}
}

// ways to ask several questions at once.
func ways(t *testing.T, db sqldb.DB) map[string]func(...sqldb.Question) error {
	ctx := t.Context()
	return map[string]func(...sqldb.Question) error{
		"ReadAll": func(q ...sqldb.Question) error { return db.ReadAll(ctx, q...) },
		"Read": func(q ...sqldb.Question) error {
			return db.Read(ctx, func(r sqldb.Querier) error { return r.QueryAll(ctx, q...) })
		},
		"Write": func(q ...sqldb.Question) error {
			return db.Write(ctx, func(tx sqldb.Tx) error { return tx.QueryAll(ctx, q...) })
		},
		"Exclusive": func(q ...sqldb.Question) error {
			return db.Exclusive(ctx, func(r sqldb.Querier) error { return r.QueryAll(ctx, q...) })
		},
	}
}

// Each question gets its own answer, behind what its Out held; none and one
// are as good as many.
func TestQueryAll(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db, 1, 2, 3)
		for name, all := range ways(t, db) {
			if err := all(); err != nil {
				t.Errorf("%s: nothing asked: %v", name, err)
			}
			one := ask("SELECT count(*) FROM n")
			if err := all(one); err != nil || one.Out.Len() != 1 || one.Out.At(0, 0).Int() != 3 {
				t.Errorf("%s: one question: %v, %d rows", name, err, one.Out.Len())
			}
			from := "SELECT id FROM n WHERE id >= " + p(db, 1) + " ORDER BY id"
			a, b, none := ask(from, record.Int(2)), ask(from, record.Int(1)), ask(from, record.Int(9))
			wide := sqldb.Question{SQL: "SELECT id, 'x', NULL FROM n ORDER BY id", Kinds: []record.Kind{record.KindInt, record.KindText, record.KindText}, Out: new(sqldb.Rows)}
			b.Out = one.Out
			if err := all(a, wide, b, none, ask("SELECT 1")); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if a.Out.Len() != 2 || a.Out.At(0, 0).Int() != 2 || b.Out.Len() != 4 || b.Out.At(1, 0).Int() != 1 || none.Out.Len() != 0 {
				t.Errorf("%s: %d, %d and %d rows", name, a.Out.Len(), b.Out.Len(), none.Out.Len())
			}
			if wide.Out.Len() != 3 || wide.Out.At(2, 0).Int() != 3 || wide.Out.At(2, 1).Str() != "x" || !wide.Out.At(2, 2).IsNull() {
				t.Errorf("%s: %d wide rows", name, wide.Out.Len())
			}
		}
	})
}

// All questions of a ReadAll see the same commits, however long one of them
// takes while others write.
func TestReadAllIsOneSnapshot(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		ddl(t, db, "CREATE TABLE pair (id BIGINT PRIMARY KEY, v BIGINT)", "INSERT INTO pair VALUES (1, 0), (2, 0)")
		stop := make(chan struct{})
		var writer sync.WaitGroup
		writer.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := write(context.Background(), db, "UPDATE pair SET v = v + 1"); err != nil {
					t.Error(err)
					return
				}
			}
		})
		long := strings.Replace(endless, "2000000000", "20000", 1)
		last := int64(-1)
		for moved := 0; moved < 10 && !t.Failed(); {
			a, b := ask("SELECT v FROM pair WHERE id = 1"), ask("SELECT v FROM pair WHERE id = 2")
			if err := db.ReadAll(t.Context(), a, ask(long), b); err != nil {
				t.Fatal(err)
			}
			va, vb := a.Out.At(0, 0).Int(), b.Out.At(0, 0).Int()
			if va != vb {
				t.Errorf("one question sees %d, the other %d", va, vb)
			}
			if va > last {
				last = va
				moved++
			}
		}
		close(stop)
		writer.Wait()
	})
}

// One question that fails fails them all, ends a transaction and leaves the
// connection in order; so does a cancelled call.
func TestQueryAllFails(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db, 1)
		good := func() sqldb.Question { return ask("SELECT count(*) FROM n") }
		zero := ask("SELECT id FROM n WHERE id = "+p(db, 1), record.RawText("a\x00b"))
		narrow := sqldb.Question{SQL: "SELECT id, id FROM n", Kinds: oneInt, Out: new(sqldb.Rows)}
		// Fails while it runs: the least integer has no opposite.
		running := ask("SELECT abs(id - 9223372036854775807 - 2) FROM n")
		for name, all := range ways(t, db) {
			for what, bad := range map[string]sqldb.Question{"unknown table": ask("SELECT 1 FROM nowhere"), "zero byte": zero, "columns": narrow, "running": running} {
				for range 2 { // the second time statements are prepared
					if err := all(good(), bad, good()); err == nil {
						t.Errorf("%s: %s gave no error", name, what)
					}
					ok := good()
					if err := all(good(), ok); err != nil || ok.Out.At(0, 0).Int() != 1 {
						t.Errorf("%s: after %s: %v", name, what, err)
					}
				}
			}
		}
		err := db.Write(t.Context(), func(tx sqldb.Tx) error {
			if _, err := tx.Exec(t.Context(), "INSERT INTO n VALUES (2)"); err != nil {
				return err
			}
			if err := tx.QueryAll(t.Context(), good(), running); err == nil {
				t.Error("no error in a write")
			}
			return nil
		})
		if err == nil {
			t.Error("a write went on after a question that failed")
		}
		if n := number(t, db, "SELECT count(*) FROM n"); n != 1 {
			t.Errorf("%d rows", n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.ReadAll(ctx, good(), good()); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before: %v", err)
		}
	})
}

// A type that changes under prepared statements is no error, and no row is
// answered twice.
func TestQueryAllAfterSchemaChange(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db, 1)
		ddl(t, db, "CREATE TABLE s (id BIGINT PRIMARY KEY, a INTEGER)", "INSERT INTO s VALUES (1, 5)")
		for round := range 2 {
			for name, all := range ways(t, db) {
				first, second := ask("SELECT id FROM n"), ask("SELECT a FROM s")
				if err := all(first, second); err != nil {
					t.Errorf("round %d, %s: %v", round, name, err)
				}
				if first.Out.Len() != 1 || second.Out.Len() != 1 || second.Out.At(0, 0).Int() != 5 {
					t.Errorf("round %d, %s: %d and %d rows", round, name, first.Out.Len(), second.Out.Len())
				}
			}
			if db.Dialect() == sqldb.Postgres {
				ddl(t, db, "ALTER TABLE s ALTER COLUMN a TYPE BIGINT")
			}
		}
	})
}
