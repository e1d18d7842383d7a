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
