// Package db gives tests fresh databases of both dialects.
package db

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/postgres"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/sqlite"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// Each runs fn as the subtests "sqlite" and "postgres", each on an empty
// database of its own.
func Each(t *testing.T, fn func(t *testing.T, db sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite opens an empty SQLite database; it is closed at the end of the test.
func SQLite(t testing.TB) sqldb.DB {
	t.Helper()
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "test.db"), sqlite.Options{Beside: "search"})
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, db)
	return db
}

// Postgres opens an empty PostgreSQL database; it is closed and dropped at the
// end of the test.
func Postgres(t testing.TB) sqldb.DB {
	t.Helper()
	db, err := postgres.Open(context.Background(), pg.URL(t), postgres.Options{Readers: 8, Writers: 24})
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, db)
	return db
}

func closeAfter(t testing.TB, db sqldb.DB) {
	t.Helper()
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}
