package db

import (
	"context"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Each database is empty and of the dialect that the subtest is named after.
func TestEach(t *testing.T) {
	tables := map[sqldb.Dialect]string{
		sqldb.SQLite:   "SELECT count(*) FROM sqlite_schema",
		sqldb.Postgres: "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
	}
	seen := 0
	Each(t, func(t *testing.T, db sqldb.DB) {
		seen++
		var out sqldb.Rows
		if err := db.ReadOne(context.Background(), tables[db.Dialect()], nil, []record.Kind{record.KindInt}, &out); err != nil {
			t.Fatal(err)
		}
		if n := out.At(0, 0).Int(); n != 0 {
			t.Errorf("%d tables", n)
		}
	})
	if seen != 2 {
		t.Errorf("%d databases", seen)
	}
}

// Each copy has what was filled in once, and nothing of another copy.
func TestPrepared(t *testing.T) {
	var p Prepared
	filled, seen := 0, 0
	fill := func(db sqldb.DB) error {
		filled++
		return db.Exclusive(context.Background(), func(q sqldb.Querier) error {
			_, err := q.Exec(context.Background(), "CREATE TABLE kept (n bigint)")
			return err
		})
	}
	for range 2 {
		p.Each(t, fill, func(t *testing.T, db sqldb.DB) {
			seen++
			err := db.Write(context.Background(), func(tx sqldb.Tx) error {
				_, err := tx.Exec(context.Background(), "INSERT INTO kept VALUES (1)")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var out sqldb.Rows
			if err := db.ReadOne(context.Background(), "SELECT count(*) FROM kept", nil, []record.Kind{record.KindInt}, &out); err != nil {
				t.Fatal(err)
			}
			if n := out.At(0, 0).Int(); n != 1 {
				t.Errorf("%d rows", n)
			}
		})
	}
	if filled != 2 || seen != 4 {
		t.Errorf("filled %d times for %d copies", filled, seen)
	}
}
