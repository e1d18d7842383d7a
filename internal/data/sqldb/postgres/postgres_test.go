package postgres

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

func openTest(t *testing.T, address string, opt Options) *DB {
	t.Helper()
	db, err := Open(t.Context(), address, opt)
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

func exec(ctx context.Context, db *DB, sql string) error {
	return db.Exclusive(ctx, func(q sqldb.Querier) error {
		_, err := q.Exec(ctx, sql)
		return err
	})
}

// A statement that reads for too long is stopped by the server and says so.
func TestReadTimeout(t *testing.T) {
	db := openTest(t, pg.URL(t), Options{ReadTimeout: 50 * time.Millisecond})
	var out sqldb.Rows
	err := db.ReadOne(t.Context(), "SELECT count(*) FROM generate_series(1, 1000000000)", nil, []record.Kind{record.KindInt}, &out)
	if e, is := errors.AsType[*errs.Error](err); !is || e.Code != errs.Unavailable || e.Key != "error.database_timeout" {
		t.Errorf("%v", err)
	}
	if err := db.Write(t.Context(), func(tx sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), "SELECT pg_sleep(0.1)") // writes have no such limit
		return err
	}); err != nil {
		t.Error(err)
	}
}

// A change of the schema does not queue behind a long transaction, where it
// would hold up everybody else.
// A reader sees one moment, a writer what others commit between its statements.
func TestSnapshot(t *testing.T) {
	db := openTest(t, pg.URL(t), Options{})
	count := func(q sqldb.Querier) (n int64, snapshot bool) {
		t.Helper()
		var rows sqldb.Rows
		if err := q.Query(t.Context(), "SELECT count(*) FROM a", nil, []record.Kind{record.KindInt}, &rows); err != nil {
			t.Fatal(err)
		}
		return rows.At(0, 0).Int(), q.(sqldb.Snapshotter).Snapshot()
	}
	if err := exec(t.Context(), db, "CREATE TABLE a (n BIGINT)"); err != nil {
		t.Fatal(err)
	}
	sees := func(q sqldb.Querier) error {
		first, snapshot := count(q)
		if err := exec(t.Context(), db, "INSERT INTO a VALUES (1)"); err != nil {
			return err
		}
		if second, _ := count(q); snapshot != (first == second) {
			t.Errorf("%d, then %d, snapshot %t", first, second, snapshot)
		}
		return nil
	}
	if err := db.Read(t.Context(), sees); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(tx sqldb.Tx) error { return sees(tx) }); err != nil {
		t.Fatal(err)
	}
}

func TestLockTimeout(t *testing.T) {
	db := openTest(t, pg.URL(t), Options{})
	if err := exec(t.Context(), db, "CREATE TABLE l (id BIGINT)"); err != nil {
		t.Fatal(err)
	}
	err := db.Write(t.Context(), func(tx sqldb.Tx) error {
		if _, err := tx.Exec(t.Context(), "INSERT INTO l VALUES (1)"); err != nil {
			return err
		}
		if err := exec(t.Context(), db, "ALTER TABLE l ADD COLUMN a BIGINT"); err == nil || !strings.Contains(err.Error(), sqldb.ErrBusy.Key) {
			t.Errorf("gave %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := exec(t.Context(), db, "ALTER TABLE l ADD COLUMN a BIGINT"); err != nil {
		t.Error(err)
	}
	if err := exec(t.Context(), db, "CREATE INDEX CONCURRENTLY l_id ON l (id)"); err != nil {
		t.Error(err)
	}
}

// Many processes may start on a new schema at once; each schema is separate.
func TestSchema(t *testing.T) {
	address := pg.URL(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			db, err := Open(t.Context(), address+"&schema=new", Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	a, b := openTest(t, address+"&schema=new", Options{}), openTest(t, address, Options{})
	if err := exec(t.Context(), a, "CREATE TABLE s (id BIGINT)"); err != nil {
		t.Fatal(err)
	}
	var out sqldb.Rows
	count := func(db *DB) error {
		out.Reset(1)
		return db.ReadOne(t.Context(), "SELECT count(*) FROM s", nil, []record.Kind{record.KindInt}, &out)
	}
	if err := count(a); err != nil {
		t.Error(err)
	}
	if err := count(b); err == nil {
		t.Error("the table of one schema is seen in the other")
	}
}

// Without the server every call says that the database is away.
func TestAway(t *testing.T) {
	s, err := pg.Start(pg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	db := openTest(t, strings.Replace(s.URL, "/postgres?", "/template1?", 1), Options{})
	var out sqldb.Rows
	read := func() error {
		return db.ReadOne(t.Context(), "SELECT 1", nil, []record.Kind{record.KindInt}, &out)
	}
	if err := read(); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	for name, err := range map[string]error{
		"idle connection": read(),
		"new connection":  read(),
		"read":            db.Read(t.Context(), func(q sqldb.Querier) error { _, err := q.Exec(t.Context(), "SELECT 1"); return err }),
		"write":           db.Write(t.Context(), func(tx sqldb.Tx) error { _, err := tx.Exec(t.Context(), "SELECT 1"); return err }),
	} {
		if e, is := errors.AsType[*errs.Error](err); !is || e.Code != errs.Unavailable || e.Key != "error.database_away" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
