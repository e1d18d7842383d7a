package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// copied opens what lies in the files of a running database: what a machine
// that loses its power now would find.
func copied(t *testing.T, db *DB) *DB {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy.db")
	for _, ending := range []string{"", "-wal"} {
		b, err := os.ReadFile(db.file + ending)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+ending, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other, err := Open(to, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return other
}

func number(t *testing.T, q interface {
	Query(context.Context, string, []record.Value, []record.Kind, *sqldb.Rows) error
}, sql string) int64 {
	t.Helper()
	var out sqldb.Rows
	if err := q.Query(t.Context(), sql, nil, []record.Kind{record.KindInt}, &out); err != nil {
		t.Fatal(err)
	}
	return out.At(0, 0).Int()
}

// When Write returns, what it wrote is in the files, also of transactions that
// are larger than what is held back, that did not fit in the page cache and
// were read again, or follow one that was taken back.
func TestCommitIsInTheFile(t *testing.T) {
	ctx := t.Context()
	db := openTest(t, Options{CacheKiB: 64})
	if db.w.c.gather == nil {
		t.Fatal("nothing is held back")
	}
	execAll(t, db, "CREATE TABLE c (id INTEGER PRIMARY KEY, b BLOB)")
	lost := errors.New("lost")
	total := int64(0)
	for i, n := range []int64{1, 3, 200, 1, 40, 700, 2, 5} {
		write := func(end error) error {
			return db.Write(ctx, func(tx sqldb.Tx) error {
				for range n {
					if _, err := tx.Exec(ctx, "INSERT INTO c (b) VALUES (randomblob(3000))"); err != nil {
						return err
					}
				}
				if _, err := tx.Exec(ctx, "UPDATE c SET b = randomblob(3000) WHERE id % 7 = 0"); err != nil {
					return err
				}
				if got := number(t, tx, "SELECT count(*) FROM c"); got != total+n {
					t.Errorf("%d: reads %d rows, wrote %d", i, got, total+n)
				}
				return end
			})
		}
		if err := write(lost); !errors.Is(err, lost) {
			t.Fatal(err)
		}
		if err := write(nil); err != nil {
			t.Fatal(err)
		}
		total += n
		other := copied(t, db)
		err := other.Read(ctx, func(q sqldb.Querier) error {
			if got := number(t, q, "SELECT count(*) FROM c"); got != total {
				t.Errorf("%d: %d rows are in the files, want %d", i, got, total)
			}
			if bad := number(t, q, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"); bad != 0 {
				t.Errorf("%d: damaged", i)
			}
			return nil
		})
		if err := errors.Join(err, other.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
