package sqldbtest

import (
	"context"
	"strconv"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// p writes the n-th parameter of a statement.
func p(db interface{ Dialect() sqldb.Dialect }, n int) string {
	if db.Dialect() == sqldb.Postgres {
		return "$" + strconv.Itoa(n)
	}
	return "?" + strconv.Itoa(n)
}

// in writes a condition that column is in the n-th parameter, a list.
func in(db sqldb.DB, column string, n int) string {
	if db.Dialect() == sqldb.Postgres {
		return column + " = ANY(" + p(db, n) + ")"
	}
	return column + " IN (SELECT value FROM json_each(" + p(db, n) + "))"
}

// bytesType is the type of a column of raw bytes.
func bytesType(db sqldb.DB) string {
	if db.Dialect() == sqldb.Postgres {
		return "BYTEA"
	}
	return "BLOB"
}

// ddl runs statements that change the schema.
func ddl(t testing.TB, db sqldb.DB, list ...string) {
	t.Helper()
	err := db.Exclusive(t.Context(), func(q sqldb.Querier) error {
		for _, s := range list {
			if _, err := q.Exec(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// write runs one statement in a transaction of its own.
func write(ctx context.Context, db sqldb.DB, sql string, args ...record.Value) error {
	return db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
}

// number reads one integer.
func number(t testing.TB, db sqldb.DB, sql string, args ...record.Value) int64 {
	t.Helper()
	var out sqldb.Rows
	if err := db.ReadOne(t.Context(), sql, args, oneInt, &out); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if out.Len() != 1 {
		t.Fatalf("%s: %d rows", sql, out.Len())
	}
	return out.At(0, 0).Int()
}

var oneInt = []record.Kind{record.KindInt}
