package sqldbtest

import (
	"errors"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	testdb "github.com/guanxicrm/guanxi/internal/testkit/db"
)

// A violated index is told apart from every other: by its columns, and by its
// name where it is over expressions or on PostgreSQL.
func TestUnique(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		ddl(t, db,
			"CREATE TABLE u (id BIGINT PRIMARY KEY, a BIGINT, b TEXT, c TEXT, deleted_at BIGINT)",
			"CREATE UNIQUE INDEX u_ab ON u (a, b) WHERE deleted_at IS NULL",
			"CREATE UNIQUE INDEX u_c ON u (lower(c))",
			"INSERT INTO u (id, a, b, c) VALUES (1, 10, 'x', 'One')",
		)
		for _, c := range []struct {
			sql, index string
			columns    []string
		}{
			{"INSERT INTO u (id) VALUES (1)", "u_pkey", []string{"id"}},
			{"INSERT INTO u (id, a, b) VALUES (2, 10, 'x')", "u_ab", []string{"a", "b"}},
			{"INSERT INTO u (id, c) VALUES (2, 'ONE')", "u_c", nil},
		} {
			err := write(t.Context(), db, c.sql)
			e, is := errors.AsType[*errs.Error](err)
			if !is || e.Code != errs.Duplicate || e.Key != "error.unique" || e.Cause == nil {
				t.Fatalf("%s: %v", c.sql, err)
			}
			table, index, columns, ok := sqldb.UniqueColumns(err)
			byName := index == c.index && (db.Dialect() == sqldb.SQLite || table == "u")
			byColumns := table == "u" && len(c.columns) > 0 && slices.Equal(columns, c.columns)
			if !ok || !byName && !byColumns || db.Dialect() == sqldb.Postgres && !byName || len(c.columns) > 0 && !byColumns {
				t.Errorf("%s: table %q, index %q, columns %q, %v", c.sql, table, index, columns, ok)
			}
		}
		if err := write(t.Context(), db, "INSERT INTO u (id, a, b, deleted_at) VALUES (3, 10, 'x', 1)"); err != nil {
			t.Errorf("outside of the partial index: %v", err)
		}
		if _, _, _, ok := sqldb.UniqueColumns(write(t.Context(), db, "INSERT INTO nowhere VALUES (1)")); ok {
			t.Error("any error passes for a violation")
		}
	})
}

// Both ends of a reference are watched at once, not at the commit.
func TestForeignKey(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		ddl(t, db,
			"CREATE TABLE a (id BIGINT PRIMARY KEY)",
			"CREATE TABLE b (id BIGINT PRIMARY KEY, a_id BIGINT REFERENCES a(id))",
			"INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1, 1)",
		)
		for _, sql := range []string{"INSERT INTO b VALUES (2, 7)", "DELETE FROM a WHERE id = 1", "UPDATE b SET a_id = 7"} {
			err := db.Write(t.Context(), func(tx sqldb.Tx) error {
				if _, err := tx.Exec(t.Context(), sql); err == nil {
					t.Errorf("%s: no error from the statement", sql)
				}
				return nil // the transaction must be lost all the same
			})
			if e, is := errors.AsType[*errs.Error](err); !is || e.Code != errs.Conflict || e.Key != "error.foreign_key" {
				t.Errorf("%s: %v", sql, err)
			}
		}
	})
}
