package sqlite

import (
	"context"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// replace puts another file in place of every open descriptor of file, so that
// writes to it fail.
func replace(t *testing.T, file, by string, flags int) {
	t.Helper()
	other, err := os.OpenFile(by, flags, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, fd := range fds {
		target, err := os.Readlink("/proc/self/fd/" + fd.Name())
		if err != nil || target != file {
			continue
		}
		var at int
		for _, d := range fd.Name() {
			at = 10*at + int(d-'0')
		}
		if err := syscall.Dup3(int(other.Fd()), at, 0); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n == 0 {
		t.Fatalf("%s is not open", file)
	}
}

// A commit that the disk does not take ends all writing: the whole group
// learns it, and OnFatal is called once.
func TestFatal(t *testing.T) {
	for name, c := range map[string]struct {
		by    string
		flags int
	}{
		"full":     {"/dev/full", os.O_WRONLY},
		"readonly": {os.DevNull, os.O_RDONLY},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var fatals []error
			db := openTest(t, Options{OnFatal: func(err error) {
				mu.Lock()
				defer mu.Unlock()
				fatals = append(fatals, err)
			}})
			execAll(t, db, "CREATE TABLE f (id INTEGER PRIMARY KEY)")
			insert := func() error {
				return db.Write(t.Context(), func(tx sqldb.Tx) error {
					_, err := tx.Exec(t.Context(), "INSERT INTO f DEFAULT VALUES")
					return err
				})
			}
			if err := insert(); err != nil {
				t.Fatal(err)
			}
			replace(t, db.file+"-wal", c.by, c.flags)
			var wg sync.WaitGroup
			for range 32 {
				wg.Go(func() {
					if err := insert(); err == nil {
						t.Error("a write was acknowledged")
					}
				})
			}
			wg.Wait()
			if err := insert(); !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), "error.database_failed") {
				t.Errorf("then: %v", err)
			}
			if err := db.Exclusive(t.Context(), func(sqldb.Querier) error { return nil }); !errs.Is(err, errs.Unavailable) {
				t.Errorf("exclusive: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			if len(fatals) != 1 || !fatal(fatals[0]) {
				t.Errorf("reported %v", fatals)
			}
		})
	}
}

// A statement that finds no room takes its group back and leaves the database
// working.
func TestFull(t *testing.T) {
	db := openTest(t, Options{OnFatal: func(err error) { t.Errorf("fatal: %v", err) }})
	execAll(t, db, "CREATE TABLE f (id INTEGER PRIMARY KEY, b BLOB)", "PRAGMA max_page_count = 50")
	ctx := context.Background()
	insert := func(size int64) error {
		return db.Write(ctx, func(tx sqldb.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO f (b) VALUES (zeroblob(?1))", record.Int(size))
			return err
		})
	}
	for range 3 {
		if err := insert(1 << 20); !full(err) || !errs.Is(err, errs.Unavailable) {
			t.Errorf("too large: %v", err)
		}
		if err := insert(10); err != nil {
			t.Errorf("small: %v", err)
		}
	}
	var out sqldb.Rows
	if err := db.ReadOne(ctx, "SELECT count(*), sum(length(b)) FROM f", nil, []record.Kind{record.KindInt, record.KindInt}, &out); err != nil {
		t.Fatal(err)
	}
	if out.At(0, 0).Int() != 3 || out.At(0, 1).Int() != 30 {
		t.Errorf("%d rows of %d bytes", out.At(0, 0).Int(), out.At(0, 1).Int())
	}
}

// A second file whose disk takes no commit stops no write and no read of the
// first; opened again it holds what was committed before.
func TestSecondFileFails(t *testing.T) {
	for by, flags := range map[string]int{"/dev/full": os.O_WRONLY, os.DevNull: os.O_RDONLY} {
		t.Run(by, func(t *testing.T) {
			db := openTest(t, Options{Beside: "search", OnFatal: func(err error) { t.Errorf("fatal: %v", err) }})
			execAll(t, db, "CREATE TABLE a (i INTEGER)")
			execAll(t, db.Beside(), "CREATE TABLE b (i INTEGER)")
			insert := func(d sqldb.DB, table string) error {
				return d.Write(t.Context(), func(tx sqldb.Tx) error {
					_, err := tx.Exec(t.Context(), "INSERT INTO "+table+" VALUES (1)")
					return err
				})
			}
			if err := insert(db.Beside(), "b"); err != nil {
				t.Fatal(err)
			}
			replace(t, besideFile(db.file, "search")+"-wal", by, flags)
			for range 2 {
				if err := insert(db.Beside(), "b"); err == nil {
					t.Error("a write to the second file was acknowledged")
				}
				if err := insert(db, "a"); err != nil {
					t.Errorf("the first file: %v", err)
				}
			}
			wantCount(t, db, "a", 2)
			if err := db.Reopen(false); err != nil {
				t.Fatal(err)
			}
			if err := insert(db.Beside(), "b"); err != nil {
				t.Errorf("opened again: %v", err)
			}
			wantCount(t, db, "b", 2)
		})
	}
}
