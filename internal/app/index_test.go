package app

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// place is where the first page of a table of the search index lies.
func place(t *testing.T, a *App, table string) (file string, at int64) {
	t.Helper()
	must(t, a.DB.(sqldb.Besider).Reopen(false)) // all of it is in the file
	var rows sqldb.Rows
	must(t, a.DB.ReadOne(t.Context(), "SELECT rootpage FROM beside.sqlite_schema WHERE name = '"+table+"'", nil, []record.Kind{record.KindInt}, &rows))
	return filepath.Join(a.DataDir, searchFile), (rows.At(0, 0).Int() - 1) * 4096
}

// scribble writes over a page.
func scribble(t *testing.T, file string, at int64) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte{0xa5}, 4096), at)
	must(t, err)
	must(t, f.Close())
}

// Doctor says of a damaged index that it is the index, and nothing else.
func TestDoctorFindsADamagedIndex(t *testing.T) {
	a, _ := installed(t, model{sqldb.SQLite, someCustomers})
	defer shut(t, a)
	write(t, a)
	must(t, a.Engine.Search.CatchUp(t.Context()))
	file, at := place(t, a, "crm_customer_fts_data")
	scribble(t, file, at)
	must(t, a.DB.(sqldb.Besider).Reopen(false))
	r := examine(t, a)
	if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Key == "error.search_damaged" }) ||
		slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Wrong && f.Key != "error.search_damaged" }) {
		t.Errorf("%+v", r.Findings)
	}
}

// A damaged index does not keep the program from starting, and is made anew.
func TestStartWithADamagedIndex(t *testing.T) {
	for _, table := range []string{"crm_customer_fts_data", "crm_customer_fts_config"} {
		t.Run(table, func(t *testing.T) {
			a, _ := installed(t, model{sqldb.SQLite, someCustomers})
			must(t, a.Engine.Search.CatchUp(t.Context()))
			write(t, a)
			file, at := place(t, a, table)
			shut(t, a)
			scribble(t, file, at)
			a = quiet(t, Options{DataDir: a.DataDir})
			defer shut(t, a)
			_, err := a.maintainSearch(t.Context()) // if not before, the night meets it
			must(t, err)
			must(t, a.Engine.Search.CatchUp(t.Context()))
			if r := examine(t, a); !r.OK {
				t.Errorf("%+v", r.Findings)
			}
		})
	}
}

// Doctor tells that a new index is being made, not that nothing waits.
func TestDoctorTellsOfANewIndex(t *testing.T) {
	a, _ := installed(t, model{sqldb.SQLite, 0})
	shut(t, a)
	must(t, os.Remove(filepath.Join(a.DataDir, searchFile)))
	a = quiet(t, Options{DataDir: a.DataDir})
	defer shut(t, a)
	told := func() bool {
		return slices.ContainsFunc(examine(t, a).Findings, func(f Finding) bool { return f.Key == "note.search_new" && !f.Wrong })
	}
	if !told() {
		t.Error("nothing is told")
	}
	must(t, a.Engine.Search.CatchUp(t.Context()))
	if told() {
		t.Error("it is still told")
	}
}
