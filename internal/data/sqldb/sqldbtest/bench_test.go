package sqldbtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	testdb "github.com/guanxicrm/guanxi/internal/testkit/db"
)

const (
	benchRows    = 100_000
	benchColumns = "id, version, created_at, created_by, updated_at, owner_id, dept_id, amount, status, name, phone, city"
)

func benchKinds() []record.Kind {
	kinds := make([]record.Kind, 12)
	for i := range kinds {
		kinds[i] = record.KindInt
		if i >= 8 {
			kinds[i] = record.KindText
		}
	}
	return kinds
}

// benchRow is row i: eight numbers and four texts.
func benchRow(i int64) []record.Value {
	status := []string{"active", "lead", "lost"}[i%3]
	return []record.Value{
		record.Int(i), record.Int(1), record.Int(1_700_000_000_000_000 + i), record.Int(7), record.Int(1_700_000_000_000_000 + i), record.Int(i % 200), record.Int(i % 20), record.Int(i * 10_000),
		record.Text(status), record.Text(fmt.Sprint("上海市招商银行支行", i)), record.Text(fmt.Sprint("+86138", 10_000_000+i)), record.Text("上海"),
	}
}

// benchEach runs fn on both databases, filled with customers.
func benchEach(b *testing.B, fn func(b *testing.B, db sqldb.DB)) {
	b.Helper()
	for _, open := range []func(testing.TB) sqldb.DB{testdb.SQLite, testdb.Postgres} {
		db := open(b)
		var create []string
		for c := range strings.SplitSeq(benchColumns, ", ") {
			kind := "BIGINT"
			switch c {
			case "id":
				kind = "INTEGER PRIMARY KEY" // the row's own number on SQLite
				if db.Dialect() == sqldb.Postgres {
					kind = "BIGINT PRIMARY KEY"
				}
			case "status", "name", "phone", "city":
				kind = "TEXT"
			}
			create = append(create, c+" "+kind)
		}
		ddl(b, db, "CREATE TABLE c ("+strings.Join(create, ", ")+")", "CREATE INDEX c_owner ON c (owner_id, status, id)")
		err := db.Write(b.Context(), func(tx sqldb.Tx) error {
			rows := make([]record.Value, 0, 12*benchRows)
			for i := range int64(benchRows) {
				rows = append(rows, benchRow(i)...)
			}
			return tx.(sqldb.Bulk).InsertMany(b.Context(), "c", strings.Split(benchColumns, ", "), rows)
		})
		if err != nil {
			b.Fatal(err)
		}
		ddl(b, db, "ANALYZE")
		if db.Dialect() == sqldb.SQLite {
			var out sqldb.Rows // what the checkpointer does when the writes rest
			if err := db.Exclusive(b.Context(), func(q sqldb.Querier) error {
				return q.Query(b.Context(), "PRAGMA wal_checkpoint(TRUNCATE)", nil, []record.Kind{record.KindInt, record.KindInt, record.KindInt}, &out)
			}); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(string(db.Dialect()), func(b *testing.B) { fn(b, db) })
	}
}

// parallel runs fn b.N times in all, by a number of clients.
func parallel(b *testing.B, clients int, fn func(ctx context.Context, i int64, out *sqldb.Rows) error) {
	b.Helper()
	b.Run(fmt.Sprint(clients), func(b *testing.B) {
		ctx, cancel := context.WithCancel(b.Context()) // cancellable, as a request's is
		defer cancel()
		b.ReportAllocs()
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				var out sqldb.Rows
				for i := c; i < b.N; i += clients {
					out.Reset(12)
					if err := fn(ctx, int64(i), &out); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// One row of twelve columns by its id: alone, and in a Read.
func BenchmarkPoint(b *testing.B) {
	benchEach(b, func(b *testing.B, db sqldb.DB) {
		b.Helper()
		sql, kinds := "SELECT "+benchColumns+" FROM c WHERE id = "+p(db, 1), benchKinds()
		for _, clients := range []int{1, 16} {
			parallel(b, clients, func(ctx context.Context, i int64, out *sqldb.Rows) error {
				return db.ReadOne(ctx, sql, []record.Value{record.Int(i * 48_271 % benchRows)}, kinds, out)
			})
		}
		b.Run("read", func(b *testing.B) {
			for _, clients := range []int{1, 16} {
				parallel(b, clients, func(ctx context.Context, i int64, out *sqldb.Rows) error {
					return db.Read(ctx, func(q sqldb.Querier) error {
						return q.Query(ctx, sql, []record.Value{record.Int(i * 48_271 % benchRows)}, kinds, out)
					})
				})
			}
		})
	})
}

// The 50 newest of one owner and status.
func BenchmarkList50(b *testing.B) {
	benchEach(b, func(b *testing.B, db sqldb.DB) {
		b.Helper()
		sql, kinds := "SELECT "+benchColumns+" FROM c WHERE owner_id = "+p(db, 1)+" AND status = "+p(db, 2)+" ORDER BY id DESC LIMIT 50", benchKinds()
		for _, clients := range []int{1, 16} {
			parallel(b, clients, func(ctx context.Context, i int64, out *sqldb.Rows) error {
				return db.ReadOne(ctx, sql, []record.Value{record.Int(i * 7 % 200), record.Text("lead")}, kinds, out)
			})
		}
	})
}

// One row, durable when the call returns.
func BenchmarkInsert(b *testing.B) {
	benchEach(b, func(b *testing.B, db sqldb.DB) {
		b.Helper()
		sql := "INSERT INTO c (" + benchColumns + ") VALUES ("
		for i := range 12 {
			if i > 0 {
				sql += ", "
			}
			sql += p(db, i+1)
		}
		sql += ")"
		var last atomic.Int64
		last.Store(benchRows)
		for _, clients := range []int{1, 16, 64} {
			parallel(b, clients, func(ctx context.Context, _ int64, _ *sqldb.Rows) error {
				return write(ctx, db, sql, benchRow(last.Add(1))...)
			})
		}
	})
}

// A thousand rows at a time; the figure is for one row.
func BenchmarkBulk(b *testing.B) {
	next := int64(benchRows) // goes on when the benchmark is run again
	benchEach(b, func(b *testing.B, db sqldb.DB) {
		b.Helper()
		var rows []record.Value
		for b.Loop() {
			rows = append(rows, benchRow(next)...)
			if next++; next%1000 != 0 {
				continue
			}
			err := db.Write(b.Context(), func(tx sqldb.Tx) error {
				return tx.(sqldb.Bulk).InsertMany(b.Context(), "c", strings.Split(benchColumns, ", "), rows)
			})
			if err != nil {
				b.Fatal(err)
			}
			rows = rows[:0]
		}
	})
}
