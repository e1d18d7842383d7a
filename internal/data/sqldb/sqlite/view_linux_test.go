package sqlite

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// mappings counts how often a file is mapped.
func mappings(t *testing.T, file string) (n int) {
	t.Helper()
	list, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		if strings.HasSuffix(strings.TrimSpace(line), file) {
			n++
		}
	}
	return n
}

// All connections read through one mapping, what was committed a moment ago
// too: while the file grows from nothing to beyond the mapping's end, when it
// shrinks, and when it grows again.
func TestOneMapping(t *testing.T) {
	ctx := t.Context()
	db := openTest(t, Options{MmapBytes: 1 << 20, Readers: 4, CacheKiB: 64, Beside: "search"})
	execAll(t, db, "CREATE TABLE c (id INTEGER PRIMARY KEY, b BLOB)")
	execAll(t, db.Beside(), "CREATE TABLE s (id INTEGER PRIMARY KEY, b BLOB)")
	rows := int64(0)
	see := func() {
		t.Helper()
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				if err := db.Read(ctx, func(q sqldb.Querier) error {
					for _, table := range []string{"c", "s"} {
						if n := number(t, q, "SELECT sum(length(b) = 2000) FROM "+table); n != rows {
							t.Errorf("%s: %d rows, want %d", table, n, rows)
						}
					}
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		readers.Wait()
	}
	grow := func(steps int) {
		t.Helper()
		for range steps {
			for table, d := range map[string]sqldb.DB{"c": db, "s": db.Beside()} {
				if err := d.Write(ctx, func(tx sqldb.Tx) error {
					for range 40 {
						if _, err := tx.Exec(ctx, "INSERT INTO "+table+" (b) VALUES (randomblob(2000))"); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
			rows += 40
			see()
			intoTheFile(t, db)
			see()
		}
	}
	grow(20)
	for _, file := range []string{db.file, db.beside.Load().file} {
		if n := mappings(t, file); n != 1 {
			t.Errorf("%s is mapped %d times", file, n)
		}
	}
	execAll(t, db, "DELETE FROM c WHERE id % 10 > 0", "VACUUM")
	execAll(t, db.Beside(), "DELETE FROM s WHERE id % 10 > 0", "VACUUM")
	rows /= 10
	see()
	intoTheFile(t, db)
	if end := db.view.end.Load(); end >= 1<<20 {
		t.Errorf("the file shrank, its end is seen at %d", end)
	}
	see()
	grow(20)
	if err := db.Read(ctx, func(q sqldb.Querier) error {
		if bad := number(t, q, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"); bad != 0 {
			t.Error("damaged")
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// intoTheFile works the logs into the files and empties them.
func intoTheFile(t *testing.T, db *DB) {
	t.Helper()
	for _, d := range []sqldb.DB{db, db.Beside()} {
		if err := d.Exclusive(t.Context(), func(q sqldb.Querier) error {
			var out sqldb.Rows
			kinds := []record.Kind{record.KindInt, record.KindInt, record.KindInt}
			return q.Query(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)", nil, kinds, &out)
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// A second file that could not be opened again is read without the mapping that
// is gone.
func TestMappingIsGone(t *testing.T) {
	db := openTest(t, Options{Beside: "search"})
	execAll(t, db, "CREATE TABLE a (i INTEGER)")
	execAll(t, db.Beside(), "CREATE TABLE b (i INTEGER)", "INSERT INTO b VALUES (1)")
	wantCount(t, db, "b", 1)
	db.partReaders()
	second := db.beside.Load()
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	db.joinReaders()
	wantCount(t, db, "b", 1)
	if n := mappings(t, second.file); n > 1 {
		t.Errorf("mapped %d times", n)
	}
	if err := db.Reopen(false); err != nil {
		t.Fatal(err)
	}
	wantCount(t, db, "b", 1)
}
