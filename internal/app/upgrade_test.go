package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// aged makes an installation whose data an older program left.
func aged(t *testing.T, d sqldb.Dialect) (o Options, passphrase string) {
	t.Helper()
	a, passphrase := installed(t, model{d, someCustomers})
	err := a.DB.Exclusive(t.Context(), func(q sqldb.Querier) error {
		for _, sql := range []string{"UPDATE data_version SET version = 0", "DROP TABLE outbox_parked", "ALTER TABLE crm_customer DROP COLUMN fax"} {
			if _, err := q.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	shut(t, a)
	return Options{DataDir: a.DataDir, Database: a.Database, Version: "test", Log: a.Log}, passphrase
}

// Before a data upgrade the data is kept, on both databases, and it is said
// where; on PostgreSQL as a backup that restores.
func TestKeptBeforeAnUpgrade(t *testing.T) {
	onEach(t, func(t *testing.T, d sqldb.Dialect) {
		o, passphrase := aged(t, d)
		steps := []string{}
		out, err := Migrate(t.Context(), o, false, func(p Progress) { steps = append(steps, p.What) })
		if err != nil || !out.Applied {
			t.Fatalf("%+v, %v", out, err)
		}
		want := filepath.Join(o.DataDir, backupDir, "before-version-1")
		info, err := os.Stat(out.Kept)
		if err != nil || !strings.HasPrefix(out.Kept, want) || info.Size() == 0 || len(steps) == 0 || steps[0] != out.Kept {
			t.Fatalf("kept %q, steps %q, %v", out.Kept, steps, err)
		}
		if o.Database == "" {
			return
		}
		r := RestoreOptions{Options: Options{DataDir: filepath.Join(t.TempDir(), "new"), Database: pg.URL(t)}, File: out.Kept, Passphrase: passphrase}
		sum, err := Restore(t.Context(), r)
		if err != nil || sum.Blobs != 3 || sum.Header.DataVersion != 0 {
			t.Fatalf("%+v, %v", sum, err)
		}
		works(t, r.Options)
		if _, err := backup.Prune(filepath.Dir(out.Kept), 1); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(out.Kept); err != nil {
			t.Errorf("thinning out the daily backups: %v", err)
		}
	})
}
