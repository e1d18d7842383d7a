package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
)

// sql changes the database behind the program's back.
func sql(t *testing.T, a *App, statements ...string) {
	t.Helper()
	err := a.DB.Write(t.Context(), func(tx sqldb.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unindex takes out of the index what which names.
func unindex(t *testing.T, a *App, del, which string) {
	t.Helper()
	var rows sqldb.Rows
	must(t, a.DB.ReadOne(t.Context(), which, nil, []record.Kind{record.KindInt}, &rows))
	must(t, sqldb.Beside(a.DB).Write(t.Context(), func(tx sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), del+ddl.Param(tx.Dialect(), 1), rows.At(0, 0))
		return err
	}))
}

// Each fault is found by its name, alone, and is gone when mended.
func TestDoctorFinds(t *testing.T) {
	databases(t, func(t *testing.T, address func() string) {
		c := clock.NewFake(morning)
		a := quiet(t, Options{Clock: c, Database: address()})
		defer shut(t, a)
		setUp(t, a)
		fill(t, a)
		if err := a.Engine.Search.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		blobs := func() (names []string) {
			_ = a.Files.List(t.Context(), func(name string) error { names = append(names, name); return nil })
			return names
		}
		var lost string
		id := "id"
		if a.DB.Dialect() == sqldb.SQLite {
			id = "rowid"
		}
		saved := map[string]string{}
		cases := []struct {
			want        string
			spoil, mend func()
		}{
			{"error.audit_fault", func() { sql(t, a, "UPDATE audit SET actor = actor + 1") }, func() { sql(t, a, "UPDATE audit SET actor = actor - 1") }},
			{"error.key_exposed", func() { must(t, os.Chmod(a.Keys.Source().Path, 0o644)); reload(t, a) }, func() { must(t, os.Chmod(a.Keys.Source().Path, 0o600)); reload(t, a) }},
			{"error.overlay_skipped", func() {
				sql(t, a, `INSERT INTO overlay (target, kind, body, position) VALUES ('crm.gone.x', 'field', '{"entity":"crm.gone","key":"x"}', 1)`)
				must(t, a.Customize.Load(t.Context()))
			}, func() {
				sql(t, a, "DELETE FROM overlay WHERE target = 'crm.gone.x'")
				must(t, a.Customize.Load(t.Context()))
			}},
			{"error.recovery_missing", func() { keep(t, a, func(s *customize.Company) { saved["r"], s.Recipient = s.Recipient, "" }) },
				func() { keep(t, a, func(s *customize.Company) { s.Recipient = saved["r"] }) }},
			{"error.files_lost", func() {
				for _, name := range blobs() {
					if ok, _ := a.Engine.FileNamed(t.Context(), name); ok {
						lost = filepath.Join(a.DataDir, filesDir, name[:2], name[2:4], name)
						must(t, os.Rename(lost, lost+".away"))
						return
					}
				}
			}, func() { must(t, os.Rename(lost+".away", lost)) }},
			{"error.search_lost", func() {
				unindex(t, a, "DELETE FROM crm_customer_fts WHERE "+id+" = ", "SELECT max(id) FROM crm_customer WHERE deleted_at IS NULL")
			},
				func() {
					sql(t, a, "INSERT INTO search_dirty (entity, record_id) SELECT 'crm.customer', max(id) FROM crm_customer WHERE deleted_at IS NULL")
				}},
			{"error.backup_none", func() { c.Advance(27 * time.Hour) }, func() { write(t, a) }},
			{"error.backup_late", func() { c.Advance(27 * time.Hour) }, func() { write(t, a) }},
			{"error.schema_behind", func() { drop(t, a, "DROP INDEX file_blob") }, func() { must(t, a.applyTables(t.Context(), platformTables())) }},
		}
		for _, x := range cases {
			if r := examine(t, a); !r.OK || len(r.Checks) != 10 {
				t.Fatalf("before %s: %+v", x.want, r)
			}
			x.spoil()
			r := examine(t, a)
			if r.OK || !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Wrong && f.Key == x.want }) ||
				slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Wrong && f.Key != x.want }) {
				t.Errorf("%s: %+v", x.want, r.Findings)
			}
			x.mend()
		}
		if r := examine(t, a); !r.OK {
			t.Errorf("at the end: %+v", r.Findings)
		}
	})
}

// A row without the one it points to is found on SQLite, where the file may be
// damaged behind the program's back; PostgreSQL refuses it itself.
func TestDoctorFindsLostReferences(t *testing.T) {
	a, _ := installed(t, model{sqldb.SQLite, someCustomers})
	defer shut(t, a)
	drop(t, a, "PRAGMA foreign_keys = OFF", "UPDATE crm_contact SET customer_id = 12345 WHERE id = (SELECT max(id) FROM crm_contact)", "PRAGMA foreign_keys = ON")
	if r := examine(t, a); r.OK || !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Key == "error.database_fault" }) {
		t.Errorf("%+v", r)
	}
}

// A server looks at itself as often as it likes while its search index is
// written and merged: what a connection remembers of the index from last time
// is no damage.
func TestDoctorLooksAgain(t *testing.T) {
	a, _ := installed(t, model{sqldb.SQLite, 0})
	defer shut(t, a)
	admin, _ := a.Dir.MemberByLogin("admin")
	st := a.Registry.State()
	for round := range 4 {
		for i := range 12 { // each leaves a piece
			must(t, a.Engine.InTx(t.Context(), access.System("test"), func(s *records.Session) error {
				_, err := s.Create(t.Context(), customer.Entity.Name, func(r *record.Record) {
					customer.Name.Set(r, fmt.Sprintf("第%d轮第%d公司", round, i))
					customer.Owner.Set(r, admin.ID)
				})
				return err
			}))
			must(t, a.Engine.Search.CatchUp(t.Context()))
		}
		if r := examine(t, a); !r.OK {
			t.Fatalf("round %d: %+v", round, r.Findings)
		}
		for _, x := range a.Engine.SearchIndexes(st.Snapshot) {
			for more := true; more; {
				var err error
				more, err = x.Merge(t.Context(), a.DB)
				must(t, err)
			}
		}
		if r := examine(t, a); !r.OK {
			t.Fatalf("round %d, after the merge: %+v", round, r.Findings)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reload reads the keys anew, as a start does.
func reload(t *testing.T, a *App) {
	t.Helper()
	k, err := loadKeys(a.Options, false)
	must(t, err)
	a.Keys = k
	a.Files, err = files.OpenLocal(filepath.Join(a.DataDir, filesDir), k)
	must(t, err)
}

// drop runs what is no write of a transaction.
func drop(t *testing.T, a *App, statements ...string) {
	t.Helper()
	must(t, execute(t.Context(), a.DB, statements))
}

func write(t *testing.T, a *App) {
	t.Helper()
	_, err := a.WriteBackup(t.Context(), filepath.Join(a.DataDir, backupDir, "by-hand.gxbackup"), nil)
	must(t, err)
}
