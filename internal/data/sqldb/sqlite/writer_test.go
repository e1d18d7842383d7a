package sqlite

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// A group in which writes fail, panic and even end the goroutine: each loses
// its own work only, except the last, which takes the group with it.
func TestGroup(t *testing.T) {
	db := openTest(t, Options{})
	execAll(t, db, "CREATE TABLE g (id INTEGER PRIMARY KEY, n INTEGER UNIQUE)")
	ctx := context.Background()
	insert := func(n int64, end func() error) error {
		return db.Write(ctx, func(tx sqldb.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO g (n) VALUES (?1)", record.Int(n)); err != nil {
				return err
			}
			return end()
		})
	}
	odd := errors.New("odd")
	var wg sync.WaitGroup
	for i := range int64(64) {
		wg.Go(func() {
			var err error
			switch i % 4 {
			case 0:
				if err = insert(i, func() error { panic("here") }); !errs.Is(err, errs.Internal) {
					t.Errorf("panic gave %v", err)
				}
			case 1:
				if err = insert(i, func() error { return odd }); !errors.Is(err, odd) {
					t.Errorf("error gave %v", err)
				}
			default:
				if err = insert(i, func() error { return nil }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var out sqldb.Rows
	if err := db.ReadOne(ctx, "SELECT count(*), min(n % 4) FROM g", nil, []record.Kind{record.KindInt, record.KindInt}, &out); err != nil {
		t.Fatal(err)
	}
	if n, least := out.At(0, 0).Int(), out.At(0, 1).Int(); n != 32 || least != 2 {
		t.Errorf("%d rows of 32, least %d", n, least)
	}
	wg.Go(func() {
		_ = insert(1000, func() error { runtime.Goexit(); return nil })
	})
	wg.Wait()
	if err := insert(1001, func() error { return nil }); err != nil {
		t.Errorf("after a write that ended its goroutine: %v", err)
	}
}
