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

// A write that fails after it wrote has the others of its group run once more;
// one that fails before does not.
func TestGroupRunsAgain(t *testing.T) {
	t.Run("and goes on", groupGoesOn)
	t.Run("and is ended", groupIsEnded)
}

// A write that ends its goroutine when it runs again takes the group with it,
// and leaves nobody waiting.
func groupIsEnded(t *testing.T) {
	db := openTest(t, Options{})
	execAll(t, db, "CREATE TABLE g (id INTEGER PRIMARY KEY)")
	ctx := context.Background()
	insert := func(tx sqldb.Tx, id int64) error {
		_, err := tx.Exec(ctx, "INSERT INTO g VALUES (?1)", record.Int(id))
		return err
	}
	odd := errors.New("odd")
	leads, runs := make(chan struct{}), 0
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = db.Write(ctx, func(tx sqldb.Tx) error {
			if runs++; runs > 1 {
				runtime.Goexit()
			}
			close(leads)
			for n := 0; n < 2; runtime.Gosched() {
				db.w.mu.Lock()
				n = len(db.w.queue)
				db.w.mu.Unlock()
			}
			return insert(tx, 0)
		})
	})
	<-leads
	for range 2 {
		wg.Go(func() {
			if err := db.Write(ctx, func(tx sqldb.Tx) error { return errors.Join(insert(tx, 1), odd) }); err == nil {
				t.Error("a write of a lost group succeeded")
			}
		})
	}
	wg.Wait()
	if err := db.Write(ctx, func(tx sqldb.Tx) error { return insert(tx, 2) }); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func groupGoesOn(t *testing.T) {
	db := openTest(t, Options{})
	execAll(t, db, "CREATE TABLE g (id INTEGER PRIMARY KEY)")
	ctx := context.Background()
	odd := errors.New("odd")
	waiting := func() int {
		db.w.mu.Lock()
		defer db.w.mu.Unlock()
		return len(db.w.queue)
	}
	until := func(n int) {
		for waiting() < n {
			runtime.Gosched()
		}
	}
	var runs, after [5]int // written by the leader's goroutine alone, but for after
	insert := func(tx sqldb.Tx, id int64) error {
		tx.AfterCommit(func() { after[id]++ })
		_, err := tx.Exec(ctx, "INSERT INTO g VALUES (?1)", record.Int(id))
		return err
	}
	before := db.Stats().Commits
	var wg sync.WaitGroup
	leads := make(chan struct{})
	wg.Go(func() {
		if err := db.Write(ctx, func(tx sqldb.Tx) error {
			if runs[0]++; runs[0] == 1 {
				close(leads)
				until(4)
			}
			return insert(tx, 0)
		}); err != nil {
			t.Error(err)
		}
	})
	<-leads
	for i, fn := range []func(tx sqldb.Tx) error{
		func(tx sqldb.Tx) error { return insert(tx, 1) },
		func(sqldb.Tx) error { return odd },
		func(tx sqldb.Tx) error { return errors.Join(insert(tx, 3), odd) },
		func(tx sqldb.Tx) error { return insert(tx, 4) },
	} {
		wg.Go(func() {
			err := db.Write(ctx, func(tx sqldb.Tx) error { runs[i+1]++; return fn(tx) })
			if fails := i == 1 || i == 2; errors.Is(err, odd) != fails || !fails && err != nil {
				t.Errorf("write %d gave %v", i+1, err)
			}
		})
		if i < 3 { // they queue in order; with the last one the leader goes on
			until(i + 1)
		}
	}
	wg.Wait()
	if want := [5]int{2, 2, 1, 1, 1}; runs != want {
		t.Errorf("runs %v, want %v", runs, want)
	}
	if want := [5]int{1, 1, 0, 0, 1}; after != want {
		t.Errorf("after the commit %v, want %v", after, want)
	}
	var out sqldb.Rows
	if err := db.ReadOne(ctx, "SELECT group_concat(id ORDER BY id) FROM g", nil, []record.Kind{record.KindText}, &out); err != nil {
		t.Fatal(err)
	}
	if got := out.At(0, 0).Str(); got != "0,1,4" {
		t.Errorf("rows %s", got)
	}
	if n := db.Stats().Commits - before; n != 1 {
		t.Errorf("%d commits", n)
	}
}
