package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

func openTest(t testing.TB, opt Options) *DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "test.db"), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func execAll(t testing.TB, db sqldb.DB, list ...string) {
	t.Helper()
	err := db.Exclusive(context.Background(), func(q sqldb.Querier) error {
		for _, s := range list {
			if _, err := q.Exec(context.Background(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The features the rest of the system counts on, and the layout of the cells
// that readRow reads in place: all kinds through both ways of reading.
func TestLibrary(t *testing.T) {
	db := openTest(t, Options{})
	execAll(t, db,
		"CREATE VIRTUAL TABLE f USING fts5(g, content='', detail=none)",
		"CREATE TABLE k (i INTEGER, t TEXT, b BLOB, n INTEGER, r REAL, z BLOB, h BLOB)",
		"INSERT INTO k VALUES (-9223372036854775808, '银行', x'00ff', NULL, 12, zeroblob(5), x'')",
		"INSERT INTO k SELECT i, t || '', b, n, r, z, h FROM k",
		"INSERT INTO k SELECT i + 0, '1' || 2, b || b, n + 1, r + 0, zeroblob(5), h FROM k LIMIT 1",
	)
	ctx := context.Background()
	var out sqldb.Rows
	kinds := []record.Kind{record.KindInt, record.KindText, record.KindBytes, record.KindNull, record.KindInt, record.KindBytes, record.KindBytes}
	if err := db.ReadOne(ctx, "SELECT * FROM k ORDER BY rowid", nil, kinds, &out); err != nil {
		t.Fatal(err)
	}
	want := []record.Value{record.Int(-1 << 63), record.RawText("银行"), record.RawBytes("\x00\xff"), record.Null, record.Int(12), record.RawBytes("\x00\x00\x00\x00\x00"), record.RawBytes("")}
	for i := range 3 {
		for j, w := range want {
			if i == 2 && (j == 1 || j == 2) {
				continue
			}
			if got := out.At(i, j); got.Kind() != w.Kind() || got.Int() != w.Int() || got.Str() != w.Str() {
				t.Errorf("row %d column %d: %v, want %v", i, j, got, w)
			}
		}
	}
	out.Reset(1)
	one := []record.Kind{record.KindInt}
	for _, q := range []string{"SELECT sqrt(16)", "SELECT sum(value) FROM json_each('[1,3]')", "SELECT 4.0", "SELECT count(*) + 4 FROM f"} {
		if err := db.ReadOne(ctx, q, nil, one, &out); err != nil {
			t.Fatal(q, err)
		}
		if n := out.At(out.Len()-1, 0).Int(); n != 4 {
			t.Errorf("%s = %d", q, n)
		}
	}
	if err := db.ReadOne(ctx, "SELECT 4.5", nil, one, &out); err == nil {
		t.Error("a broken number was read as a whole one")
	}
}

// A statement compiled before a change of the schema never gives columns that
// are not there any more.
func TestColumnsChanged(t *testing.T) {
	db := openTest(t, Options{})
	execAll(t, db, "CREATE TABLE c (a INTEGER, b TEXT, c INTEGER)", "INSERT INTO c VALUES (1, 'x', 3)")
	ctx := context.Background()
	three := []record.Kind{record.KindInt, record.KindText, record.KindInt}
	var out sqldb.Rows
	if err := db.ReadOne(ctx, "SELECT * FROM c", nil, three, &out); err != nil {
		t.Fatal(err)
	}
	execAll(t, db, "ALTER TABLE c DROP COLUMN b")
	for range 2 {
		out.Reset(3)
		if err := db.ReadOne(ctx, "SELECT * FROM c", nil, three, &out); err == nil {
			t.Errorf("read %v", out.Row(0))
		}
	}
	out.Reset(2)
	if err := db.ReadOne(ctx, "SELECT * FROM c", nil, []record.Kind{record.KindInt, record.KindInt}, &out); err != nil || out.At(0, 1).Int() != 3 {
		t.Errorf("with the right kinds: %v", err)
	}
}

// More statements than a connection keeps.
func TestManyStatements(t *testing.T) {
	db := openTest(t, Options{Readers: 1})
	ctx := context.Background()
	for round := range 2 {
		for i := range 3 * cacheSize / 2 {
			var out sqldb.Rows
			if err := db.ReadOne(ctx, fmt.Sprintf("SELECT %d + ?1", i), []record.Value{record.Int(1)}, []record.Kind{record.KindInt}, &out); err != nil || out.At(0, 0).Int() != int64(i)+1 {
				t.Fatalf("round %d, statement %d: %v", round, i, err)
			}
		}
	}
	if n := db.free[0].cache.Len(); n != cacheSize {
		t.Errorf("%d statements are kept", n)
	}
}

// When the writes rest, the log is worked into the file.
func TestCheckpoint(t *testing.T) {
	db := openTest(t, Options{})
	execAll(t, db, "CREATE TABLE c (a INTEGER)")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for range look.C {
		if ctx.Err() != nil {
			t.Fatal("the log was not worked in")
		}
		last := db.check.last.Load()
		if log, done := last>>32, last&(1<<32-1); log > 0 && log == done {
			return
		}
	}
}
