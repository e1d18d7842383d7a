package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// scanTest has a table of 3,000 rows.
func scanTest(t *testing.T) *DB {
	t.Helper()
	db := openTest(t, Options{Readers: 1})
	execAll(t, db, "CREATE TABLE r (id INTEGER PRIMARY KEY, n INTEGER, s TEXT) STRICT",
		`INSERT INTO r WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i < 3000)
			SELECT i, iif(i % 7 = 0, NULL, -i), iif(i % 5 = 0, NULL, iif(i % 11 = 0, '', '甲' || i)) FROM c`)
	return db
}

func scan(ctx context.Context, db *DB, columns, rest string, args []record.Value, each func([]record.Value) error) error {
	return db.Read(ctx, func(q sqldb.Querier) error { return q.(sqldb.Scanner).Scan(ctx, columns, rest, args, each) })
}

// Scan hands out what a query gives.
func TestScanIsAQuery(t *testing.T) {
	db := scanTest(t)
	ctx := t.Context()
	const rest = "FROM r WHERE id % ?1 > 0"
	args := []record.Value{record.Int(3)}
	var rows sqldb.Rows
	if err := db.ReadOne(ctx, "SELECT s, id, n, n * 2 "+rest, args, []record.Kind{record.KindText, record.KindInt, record.KindInt, record.KindInt}, &rows); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := scan(ctx, db, "s, id, n, n * 2", rest, args, func(row []record.Value) error {
		if got, want := fmt.Sprint(row), fmt.Sprint(rows.Row(n)); got != want {
			t.Errorf("row %d: %s, want %s", n, got, want)
		}
		n++
		return nil
	})
	if err != nil || n != 2000 || rows.Len() != n {
		t.Errorf("%d of %d rows, %v", n, rows.Len(), err)
	}
	if err := scan(ctx, db, "id", "FROM r WHERE 1=0", nil, func([]record.Value) error { t.Error("a row"); return nil }); err != nil {
		t.Error(err)
	}
}

// However a Scan ends, the next one of the connection works.
func TestScanEnds(t *testing.T) {
	db := scanTest(t)
	own := errors.New("enough")
	for name, c := range map[string]struct {
		columns string
		each    func(cancel func()) error
		want    func(error) bool
	}{
		"error":      {"id", func(func()) error { return own }, func(err error) bool { return errors.Is(err, own) }},
		"panic":      {"id", func(func()) error { panic("oh") }, func(err error) bool { return errs.Is(err, errs.Internal) }},
		"cancelled":  {"id", func(cancel func()) error { cancel(); return nil }, func(err error) bool { return errors.Is(err, context.Canceled) }},
		"wrong":      {"nothing", func(func()) error { return nil }, func(err error) bool { return err != nil && strings.Contains(err.Error(), "nothing") }},
		"other kind": {"id / 2.5", func(func()) error { return nil }, func(err error) bool { return err != nil && strings.Contains(err.Error(), "column 1") }},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			rows := 0
			err := scan(ctx, db, c.columns, "FROM r", nil, func([]record.Value) error { rows++; return c.each(cancel) })
			if !c.want(err) || name != "cancelled" && rows > 1 || rows >= 3000 {
				t.Errorf("after %d rows: %v", rows, err)
			}
			n := 0
			if err := scan(t.Context(), db, "id", "FROM r", nil, func([]record.Value) error { n++; return nil }); err != nil || n != 3000 {
				t.Errorf("then %d rows, %v", n, err)
			}
		})
	}
}

// An error of the function ends the Scan only.
func TestScanGivenUp(t *testing.T) {
	db := scanTest(t)
	ctx := t.Context()
	enough := errors.New("enough")
	err := db.Read(ctx, func(q sqldb.Querier) error {
		if err := q.(sqldb.Scanner).Scan(ctx, "id", "FROM r", nil, func([]record.Value) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("the Scan gives %v", err)
		}
		n := 0
		if err := q.(sqldb.Scanner).Scan(ctx, "id", "FROM r", nil, func([]record.Value) error { n++; return nil }); err != nil || n != 3000 {
			t.Errorf("the next one: %d rows, %v", n, err)
		}
		var out sqldb.Rows
		return q.Query(ctx, "SELECT count(*) FROM r", nil, []record.Kind{record.KindInt}, &out)
	})
	if err != nil {
		t.Error(err)
	}
}

// Nobody else may call what hands out rows.
func TestScanFunctionAlone(t *testing.T) {
	db := scanTest(t)
	if err := scan(t.Context(), db, "id", "FROM r", nil, func([]record.Value) error { return nil }); err != nil {
		t.Fatal(err)
	}
	var out sqldb.Rows
	if err := db.ReadOne(t.Context(), "SELECT gx_scan(id) FROM r", nil, []record.Kind{record.KindNull}, &out); err == nil {
		t.Error("it was called without a Scan")
	}
}
