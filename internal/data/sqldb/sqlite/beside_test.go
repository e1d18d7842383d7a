package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

func count(t testing.TB, db sqldb.DB, table string) (int64, error) {
	t.Helper()
	var out sqldb.Rows
	err := db.ReadOne(context.Background(), "SELECT count(*) FROM "+table, nil, []record.Kind{record.KindInt}, &out)
	if err != nil {
		return 0, err
	}
	return out.At(0, 0).Int(), nil
}

func wantCount(t testing.TB, db sqldb.DB, table string, want int64) {
	t.Helper()
	if n, err := count(t, db, table); err != nil || n != want {
		t.Errorf("%s has %d rows, want %d (%v)", table, n, want, err)
	}
}

// Readers see the tables of both files, neither writer waits for the other,
// and a snapshot of the first leaves the second out.
func TestBeside(t *testing.T) {
	db := openTest(t, Options{Beside: "se'arch"}) // a quote is no end
	ctx := t.Context()
	execAll(t, db, "CREATE TABLE a (i INTEGER)", "CREATE TABLE both (i INTEGER)")
	execAll(t, db.Beside(), "CREATE TABLE b (i INTEGER)", "CREATE TABLE both (i INTEGER)")
	add := func(d sqldb.DB, table string, inside func() error) error {
		return d.Write(ctx, func(tx sqldb.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO "+table+" VALUES (1)"); err != nil {
				return err
			}
			return inside()
		})
	}
	none := func() error { return nil }
	if err := add(db, "a", func() error { return add(db.Beside(), "b", none) }); err != nil {
		t.Fatal(err)
	}
	if err := add(db.Beside(), "b", func() error { return add(db, "both", none) }); err != nil {
		t.Fatal(err)
	}
	wantCount(t, db, "a", 1)
	wantCount(t, db, "b", 2)
	wantCount(t, db, "both", 1) // the first file's
	if err := add(db, "b", none); err == nil {
		t.Error("a write of the first file reached the second")
	}
	done := db.MassWrite()
	if err := db.Read(ctx, func(q sqldb.Querier) error {
		_, err := q.Exec(ctx, "INSERT INTO b VALUES (1)")
		return err
	}); err == nil {
		t.Error("a reader wrote to the second file")
	}
	done()
	file := filepath.Join(t.TempDir(), "shot.db")
	if err := db.Snapshot(ctx, file); err != nil {
		t.Fatal(err)
	}
	shot, err := Open(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantCount(t, shot, "a", 1)
	if _, err := count(t, shot, "b"); err == nil {
		t.Error("the snapshot holds the second file")
	}
	if err := shot.Close(); err != nil {
		t.Fatal(err)
	}
}

// The second file is opened again, or anew, while the first is read and
// written; without it only its own tables are missing.
func TestReopenBeside(t *testing.T) {
	db := openTest(t, Options{Beside: "search"})
	execAll(t, db, "CREATE TABLE a (i INTEGER)", "INSERT INTO a VALUES (1)")
	execAll(t, db.Beside(), "CREATE TABLE b (i INTEGER)", "INSERT INTO b VALUES (1)")
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for range 50 {
				wantCount(t, db, "a", 1)
			}
		})
	}
	for range 5 {
		if err := db.Reopen(false); err != nil {
			t.Fatal(err)
		}
		wantCount(t, db, "b", 1)
	}
	others.Wait()
	if err := db.Reopen(true); err != nil {
		t.Fatal(err)
	}
	if _, err := count(t, db, "b"); err == nil {
		t.Error("the new file holds the old table")
	}
	for range 3 { // a second file that is gone, and one that cannot be made
		name := besideFile(db.file, "search")
		if err := db.beside.Load().Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(name, "x"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := db.Reopen(false); err == nil {
			t.Error("a folder is a database")
		}
		wantCount(t, db, "a", 1)
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
		if err := db.Reopen(false); err != nil {
			t.Fatal(err)
		}
		execAll(t, db.Beside(), "CREATE TABLE b (i INTEGER)")
		wantCount(t, db, "b", 0)
	}
}

// Reopen waits for a read that holds the second file; the others go on, without
// it, however long that read takes.
func TestReopenHoldsNobodyUp(t *testing.T) {
	db := openTest(t, Options{Beside: "search", Readers: 2})
	execAll(t, db, "CREATE TABLE a (i INTEGER)")
	execAll(t, db.Beside(), "CREATE TABLE b (i INTEGER)")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	ask := func(q sqldb.Querier, table string) error {
		var out sqldb.Rows
		return q.Query(ctx, "SELECT count(*) FROM "+table, nil, []record.Kind{record.KindInt}, &out)
	}
	read := func(table string) error {
		return db.Read(ctx, func(q sqldb.Querier) error { return ask(q, table) })
	}
	reading, end := make(chan struct{}), make(chan struct{})
	long, reopened := make(chan error, 1), make(chan error, 1)
	go func() {
		long <- db.Read(ctx, func(q sqldb.Querier) error {
			err := ask(q, "b")
			close(reading)
			<-end
			return err
		})
	}()
	<-reading
	go func() { reopened <- db.Reopen(true) }()
	for read("b") == nil && ctx.Err() == nil { // until Reopen has come to wait
		runtime.Gosched()
	}
	for range 3 {
		if err := read("a"); err != nil {
			t.Errorf("a read of the first file: %v", err)
		}
	}
	select {
	case err := <-reopened:
		t.Errorf("Reopen did not wait: %v", err)
	default:
	}
	close(end)
	if err := <-long; err != nil {
		t.Error(err)
	}
	if err := <-reopened; err != nil {
		t.Error(err)
	}
	execAll(t, db.Beside(), "CREATE TABLE c (i INTEGER)")
	if err := read("c"); err != nil {
		t.Errorf("the new file: %v", err)
	}
}

// A reader that could not attach the second file is not kept.
func TestReaderWithoutTheSecondFile(t *testing.T) {
	db := openTest(t, Options{Beside: "search"})
	execAll(t, db, "CREATE TABLE a (i INTEGER)")
	execAll(t, db.Beside(), "CREATE TABLE b (i INTEGER)")
	name := besideFile(db.file, "search")
	if err := os.Rename(name, name+".away"); err != nil {
		t.Fatal(err)
	}
	wantCount(t, db, "a", 0)
	if err := os.Rename(name+".away", name); err != nil {
		t.Fatal(err)
	}
	wantCount(t, db, "b", 0)
}
