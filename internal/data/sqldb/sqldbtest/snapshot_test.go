package sqldbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/sqlite"
	"github.com/guanxicrm/guanxi/internal/model/record"
	testdb "github.com/guanxicrm/guanxi/internal/testkit/db"
)

// A snapshot taken while others write is one moment of the database.
func TestSnapshotFile(t *testing.T) {
	db := testdb.SQLite(t)
	ddl(t, db, "CREATE TABLE a (id BIGINT PRIMARY KEY, s TEXT)", "CREATE TABLE b (id BIGINT PRIMARY KEY)")
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wrote := make(chan struct{}, 1000)
	for w := range int64(4) {
		wg.Go(func() {
			for i := w; ctx.Err() == nil; i += 4 {
				err := db.Write(ctx, func(tx sqldb.Tx) error {
					if _, err := tx.Exec(ctx, "INSERT INTO a VALUES (?1, hex(randomblob(500)))", record.Int(i)); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, "INSERT INTO b VALUES (?1)", record.Int(i))
					return err
				})
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				select {
				case wrote <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 200 {
		<-wrote
	}
	file := filepath.Join(t.TempDir(), "copy.db")
	before := number(t, db, "SELECT count(*) FROM a")
	err := db.Snapshot(t.Context(), file)
	after := number(t, db, "SELECT count(*) FROM a")
	stop()
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	shot, err := sqlite.Open(file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer shot.Close()
	a, b := number(t, shot, "SELECT count(*) FROM a"), number(t, shot, "SELECT count(*) FROM b")
	if a != b || a < before || a > after {
		t.Errorf("%d and %d rows, between %d and %d at the time", a, b, before, after)
	}
	if err := db.Snapshot(t.Context(), file); !errors.Is(err, os.ErrExist) {
		t.Errorf("over an existing file: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	other := filepath.Join(t.TempDir(), "other.db")
	if err := db.Snapshot(gone, other); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, _ := filepath.Glob(other + "*"); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}
