package sqldbtest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	testdb "github.com/guanxicrm/guanxi/internal/testkit/db"
)

// column reads one column of numbers.
func column(t testing.TB, db sqldb.DB, sql string) []int64 {
	t.Helper()
	var out sqldb.Rows
	if err := db.ReadOne(t.Context(), sql, nil, oneInt, &out); err != nil {
		t.Fatal(err)
	}
	var list []int64
	for i := range out.Len() {
		list = append(list, out.At(i, 0).Int())
	}
	return list
}

// What fails in a part of a transaction takes back that part alone, also after
// a statement that the database refused.
func TestSubFailsAlone(t *testing.T) {
	odd := errors.New("odd")
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db, 1)
		ctx := t.Context()
		var after []int64
		add := func(tx sqldb.Tx, n int64) error {
			tx.AfterCommit(func() { after = append(after, n) })
			_, err := tx.Exec(ctx, "INSERT INTO n VALUES ("+p(db, 1)+")", record.Int(n))
			return err
		}
		err := db.Write(ctx, func(tx sqldb.Tx) error {
			if err := tx.Sub(ctx, func() error { return add(tx, 2) }); err != nil {
				return err
			}
			if err := tx.Sub(ctx, func() error { return errors.Join(add(tx, 3), add(tx, 1)) }); !errs.Is(err, errs.Duplicate) {
				t.Errorf("a refused statement: %v", err)
			}
			if err := tx.Sub(ctx, func() error { return errors.Join(add(tx, 4), odd) }); !errors.Is(err, odd) {
				t.Errorf("a refusing function: %v", err)
			}
			if err := tx.Sub(ctx, func() error { _ = add(tx, 1); return nil }); !errs.Is(err, errs.Duplicate) {
				t.Errorf("a refusal that was ignored: %v", err)
			}
			return add(tx, 5)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := column(t, db, "SELECT id FROM n ORDER BY id"); !slices.Equal(got, []int64{1, 2, 5}) {
			t.Errorf("left %v", got)
		}
		if !slices.Equal(after, []int64{2, 5}) {
			t.Errorf("after the commit %v", after)
		}
	})
}

// Parts lie within each other; the outer one takes the inner ones along.
func TestSubWithinSub(t *testing.T) {
	odd := errors.New("odd")
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		ctx := t.Context()
		err := db.Write(ctx, func(tx sqldb.Tx) error {
			add := func(n int64) error {
				_, err := tx.Exec(ctx, "INSERT INTO n VALUES ("+p(db, 1)+")", record.Int(n))
				return err
			}
			lost := tx.Sub(ctx, func() error {
				if err := errors.Join(add(1), tx.Sub(ctx, func() error { return add(2) })); err != nil {
					return err
				}
				return odd
			})
			if !errors.Is(lost, odd) {
				t.Errorf("the outer part gave %v", lost)
			}
			return tx.Sub(ctx, func() error {
				if err := tx.Sub(ctx, func() error { return errors.Join(add(3), add(3)) }); !errs.Is(err, errs.Duplicate) {
					t.Errorf("the inner part gave %v", err)
				}
				return add(4)
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := column(t, db, "SELECT id FROM n ORDER BY id"); !slices.Equal(got, []int64{4}) {
			t.Errorf("left %v", got)
		}
	})
}

// A part does not bring back what is lost: a transaction that a statement
// outside of it lost, and one whose function panics.
func TestSubSavesNoLostTransaction(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db, 1)
		ctx := t.Context()
		err := db.Write(ctx, func(tx sqldb.Tx) error {
			_, lost := tx.Exec(ctx, "INSERT INTO n VALUES (2), (1)")
			if err := tx.Sub(ctx, func() error { t.Error("ran"); return nil }); lost == nil || !errors.Is(err, lost) {
				t.Errorf("after %v: %v", lost, err)
			}
			return nil
		})
		if !errs.Is(err, errs.Duplicate) {
			t.Errorf("lost: %v", err)
		}
		err = db.Write(ctx, func(tx sqldb.Tx) error {
			return tx.Sub(ctx, func() error {
				if _, err := tx.Exec(ctx, "INSERT INTO n VALUES (3)"); err != nil {
					return err
				}
				panic("here")
			})
		})
		if panicked, is := errors.AsType[*sqldb.PanicError](err); !is || panicked.Value != "here" {
			t.Errorf("panic: %v", err)
		}
		if err := db.Write(ctx, func(tx sqldb.Tx) error {
			return tx.Sub(ctx, func() error { _, err := tx.Exec(ctx, "INSERT INTO n VALUES (4)"); return err })
		}); err != nil {
			t.Errorf("the next one: %v", err)
		}
		if got := column(t, db, "SELECT id FROM n ORDER BY id"); !slices.Equal(got, []int64{1, 4}) {
			t.Errorf("left %v", got)
		}
	})
}

// A statement that a cancelled call broke off is taken back like any other,
// or the transaction is lost as a whole: never half of it is written.
func TestSubCancelled(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		countTable(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		var sub error
		err := db.Write(t.Context(), func(tx sqldb.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO n VALUES (1)"); err != nil {
				return err
			}
			sub = tx.Sub(ctx, func() error {
				if _, err := tx.Exec(ctx, "INSERT INTO n VALUES (2)"); err != nil {
					return err
				}
				cancel()
				return ctx.Err()
			})
			return nil
		})
		if !errors.Is(sub, context.Canceled) {
			t.Errorf("the part gave %v", sub)
		}
		want := []int64{1}
		if err != nil {
			want = nil
		}
		if got := column(t, db, "SELECT id FROM n ORDER BY id"); !slices.Equal(got, want) {
			t.Errorf("left %v after %v", got, err)
		}
	})
}
