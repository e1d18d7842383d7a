package company

import (
	"context"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/db"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// template is an installation that was set up once in this process and closed
// again: an Open without wishes of its own copies it, since making a hundred
// tables for every test takes longer than most tests.
type template struct {
	once       sync.Once
	files      db.Files
	database   string // a database that is only copied; "" = SQLite
	passphrase string
}

var templates struct{ sqlite, postgres template }

// copyTo brings the installation into dir and gives its database's address and
// its passphrase.
func (m *template) copyTo(t testing.TB, dir string) (database, passphrase string) {
	t.Helper()
	m.once.Do(func() { m.make(t) })
	if m.passphrase == "" {
		t.Fatal("the installation that tests copy could not be made: see the first test that failed")
	}
	if err := m.files.Put(dir); err != nil {
		t.Fatal(err)
	}
	if m.database != "" {
		database = pg.Copy(t, m.database)
	}
	return database, m.passphrase
}

// make sets the installation up. Its folder goes with the test, its database with
// the server of the tests.
func (m *template) make(t testing.TB) {
	t.Helper()
	dir := t.TempDir()
	if m == &templates.postgres {
		m.database = pg.Template(t)
	}
	a, err := open(t, Options{Dir: dir, Database: m.database})
	if err != nil {
		t.Fatal(err)
	}
	passphrase, err := a.Setup(context.Background(), setup)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if m.files, err = db.Read(dir); err != nil {
		t.Fatal(err)
	}
	m.passphrase = passphrase
}
