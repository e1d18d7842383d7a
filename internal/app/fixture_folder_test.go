package app_test

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// A restore makes the tables as this version declares them. What an upgrade of
// the program finds are tables as they were made then: a fixture therefore also
// carries the data folder, with the database in it as it lay on the disk.

// folderOf names the packed data folder of a backup.
func folderOf(backup string) string { return strings.TrimSuffix(backup, ".gxbackup") + ".tar.gz" }

// databaseSQL is the dump of a PostgreSQL database within a packed data folder.
const databaseSQL = "database.sql"

// pack copies the installation's data folder and database.
func pack(t *testing.T, c *company.Company, file string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"files", "secret"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(c.App.DataDir, name))); err != nil {
			t.Fatal(err)
		}
	}
	if c.App.DB.Dialect() == sqldb.Postgres {
		pg.Dump(t, c.App.Database, filepath.Join(dir, databaseSQL))
	} else if err := c.App.DB.Snapshot(t.Context(), filepath.Join(dir, "guanxi.db")); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	if err := errors.Join(w.AddFS(os.DirFS(dir)), w.Close(), z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// unpack brings a packed data folder into dir, and its database to the address
// of a PostgreSQL database where it has one ("" = it lies in dir).
func unpack(t *testing.T, file, dir string) (database string) {
	t.Helper()
	z := gunzip(t, file)
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(h.Name))
		content, err := io.ReadAll(r)
		if err = errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o700)); err == nil {
			err = os.WriteFile(path, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	sql := filepath.Join(dir, databaseSQL)
	if _, err := os.Stat(sql); err != nil {
		return ""
	}
	database = pg.URL(t)
	pg.Load(t, database, sql)
	if err := os.Remove(sql); err != nil {
		t.Fatal(err)
	}
	return database
}
