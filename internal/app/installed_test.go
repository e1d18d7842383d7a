package app

import (
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// model says of an installation that tests work on copies of: which database it
// is on, and how many customers it was filled with, 0 for one that was only set
// up. Making it takes longer than most tests.
type model struct {
	dialect   sqldb.Dialect
	customers int
}

// made is a model that was made once in this process and closed.
type made struct {
	once       sync.Once
	files      db.Files
	database   string // of PostgreSQL; it is only copied
	passphrase string
}

// models keeps those of this process.
type models struct {
	mu sync.Mutex
	of map[model]*made
}

var ready models

func (m *models) made(of model) *made {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = map[model]*made{}
	}
	if m.of[of] == nil {
		m.of[of] = &made{}
	}
	return m.of[of]
}

// installed opens a copy of a model and gives its recovery passphrase.
func installed(t *testing.T, of model) (a *App, passphrase string) {
	t.Helper()
	return installedIn(t, of, Options{DataDir: t.TempDir()})
}

// installedIn is installed in a data folder.
func installedIn(t *testing.T, of model, o Options) (a *App, passphrase string) {
	t.Helper()
	m := ready.made(of)
	m.once.Do(func() { m.make(t, of) })
	if m.passphrase == "" {
		t.Fatal("the installation that tests copy could not be made: see the first test that failed")
	}
	must(t, m.files.Put(o.DataDir))
	if m.database != "" {
		o.Database = pg.Copy(t, m.database)
	}
	return quiet(t, o), m.passphrase
}

func (m *made) make(t *testing.T, of model) {
	t.Helper()
	o := Options{DataDir: t.TempDir()}
	if of.dialect == sqldb.Postgres {
		o.Database = pg.Template(t)
	}
	a := quiet(t, o)
	passphrase := setUp(t, a)
	if of.customers > 0 {
		fillWith(t, a, of.customers)
	}
	shut(t, a)
	files, err := db.Read(o.DataDir)
	must(t, err)
	m.files, m.database, m.passphrase = files, o.Database, passphrase
}

// onEach runs fn for either database.
func onEach(t *testing.T, fn func(t *testing.T, d sqldb.Dialect)) {
	t.Helper()
	for _, d := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(d), func(t *testing.T) { fn(t, d) })
	}
}
