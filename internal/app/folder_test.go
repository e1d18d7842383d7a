package app

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// Whoever forgets --database, or gives one too many, is told so: no second,
// empty installation comes up in the folder of the first.
func TestFolderKnowsItsDatabase(t *testing.T) {
	never := func(t *testing.T, o Options, want string) {
		t.Helper()
		o.Version = "test"
		a, err := Open(t.Context(), o)
		if errs.KeyOf(err) != want {
			t.Errorf("opened: %v, want %s", err, want)
		}
		if err == nil {
			shut(t, a)
		}
		if _, err := Migrate(t.Context(), o, true, func(Progress) {}); errs.KeyOf(err) != want {
			t.Errorf("planned: %v, want %s", err, want)
		}
		if _, err := Examine(t.Context(), o, Request{Command: "doctor"}, func(Progress) {}); errs.KeyOf(err) != want {
			t.Errorf("examined: %v, want %s", err, want)
		}
	}
	a, _ := installed(t, model{sqldb.Postgres, 0})
	postgres := Options{DataDir: a.DataDir, Database: a.Database}
	shut(t, a)
	never(t, Options{DataDir: postgres.DataDir}, "error.folder_postgres")
	if _, err := os.Stat(filepath.Join(postgres.DataDir, databaseFile)); err == nil {
		t.Error("an empty database was made")
	}
	if err := os.Remove(filepath.Join(postgres.DataDir, postgresMark)); err != nil { // as before there were marks
		t.Fatal(err)
	}
	never(t, Options{DataDir: postgres.DataDir}, "error.folder_bare")
	a = quiet(t, postgres)
	if a.NeedsSetup() {
		t.Error("not set up any more")
	}
	shut(t, a)

	a, _ = installed(t, model{sqldb.SQLite, 0})
	own := Options{DataDir: a.DataDir}
	shut(t, a)
	other := pg.URL(t)
	never(t, Options{DataDir: own.DataDir, Database: other}, "error.folder_sqlite")
	a = quiet(t, own)
	if a.NeedsSetup() {
		t.Error("not set up any more")
	}
	shut(t, a)
}
