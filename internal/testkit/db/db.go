// Package db gives tests fresh databases of both dialects.
package db

import (
	"context"
	"path/filepath"
	"sync"
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
	return sqliteIn(t, t.TempDir())
}

func sqliteIn(t testing.TB, dir string) sqldb.DB {
	t.Helper()
	db, err := sqlite.Open(filepath.Join(dir, "test.db"), sqlite.Options{Beside: "search"})
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
	return postgresAt(t, pg.URL(t))
}

func postgresAt(t testing.TB, address string) sqldb.DB {
	t.Helper()
	db, err := postgres.Open(context.Background(), address, postgres.Options{Readers: 8, Writers: 24})
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, db)
	return db
}

// Prepared is a database of each dialect that was filled once in this process:
// tests work on copies, since making a hundred tables takes longer than most of
// them.
type Prepared struct {
	sqlite, postgres sync.Once
	files            Files  // SQLite's
	database         string // of PostgreSQL; it is only copied
}

// Each runs fn as the subtests "sqlite" and "postgres", each on a copy of its
// own of what fill made of an empty database.
func (p *Prepared) Each(t *testing.T, fill func(db sqldb.DB) error, fn func(t *testing.T, db sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, p.ofSQLite(t, fill)) })
	t.Run("postgres", func(t *testing.T) { fn(t, p.ofPostgres(t, fill)) })
}

const notMade = "the database that tests copy could not be made: see the first test that failed"

func (p *Prepared) ofSQLite(t *testing.T, fill func(db sqldb.DB) error) sqldb.DB {
	t.Helper()
	p.sqlite.Do(func() {
		dir := t.TempDir()
		filled(t, sqliteIn(t, dir), fill)
		files, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		p.files = files
	})
	if p.files == nil {
		t.Fatal(notMade)
	}
	dir := t.TempDir()
	if err := p.files.Put(dir); err != nil {
		t.Fatal(err)
	}
	return sqliteIn(t, dir)
}

func (p *Prepared) ofPostgres(t *testing.T, fill func(db sqldb.DB) error) sqldb.DB {
	t.Helper()
	p.postgres.Do(func() {
		address := pg.Template(t)
		filled(t, postgresAt(t, address), fill)
		p.database = address
	})
	if p.database == "" {
		t.Fatal(notMade)
	}
	return postgresAt(t, pg.Copy(t, p.database))
}

// filled fills a database and closes it.
func filled(t *testing.T, db sqldb.DB, fill func(db sqldb.DB) error) {
	t.Helper()
	if err := fill(db); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func closeAfter(t testing.TB, db sqldb.DB) {
	t.Helper()
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}
