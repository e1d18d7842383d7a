package txorder_test

import (
	"context"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

var ctx = context.Background()

// note is a table read in the order of transactions.
var note = ddl.Table{
	Name: "note", Key: []string{"xid", "id"}, NoRowid: true,
	Columns: []ddl.Column{
		{Name: "xid", Kind: record.KindInt}, {Name: "seen", Kind: record.KindInt, NotNull: true},
		{Name: "id", Kind: record.KindInt}, {Name: "text", Kind: record.KindText},
	},
}

func each(t *testing.T, fn func(t *testing.T, d sqldb.DB, in *txorder.Inserter)) {
	t.Helper()
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		var p ddl.Plan
		err := d.Read(ctx, func(q sqldb.Querier) (err error) {
			p, err = ddl.NewPlan(ctx, q, append(txorder.Tables(), note))
			return err
		})
		if err == nil {
			err = ddl.Apply(ctx, d, p, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		fn(t, d, txorder.NewInserter("note", "seen", "id", "text"))
	})
}

func insert(t *testing.T, d sqldb.DB, in *txorder.Inserter, ids ...int64) {
	t.Helper()
	err := d.Write(ctx, func(tx sqldb.Tx) error {
		var rows []record.Value
		for _, n := range ids {
			rows = append(rows, record.Int(n), record.Text("x"))
		}
		return in.Insert(ctx, tx, rows)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// read gives the notes (xid, seen, id) in order, and the horizon.
func read(t *testing.T, d sqldb.DB) (list [][3]int64, horizon int64) {
	t.Helper()
	err := d.Read(ctx, func(q sqldb.Querier) (err error) {
		if horizon, err = txorder.Horizon(ctx, q); err != nil {
			return err
		}
		var rows sqldb.Rows
		rows.Reset(3)
		list = nil
		if err := q.Query(ctx, `SELECT xid, seen, id FROM note ORDER BY xid, id`, nil, []record.Kind{record.KindInt, record.KindInt, record.KindInt}, &rows); err != nil {
			return err
		}
		for i := range rows.Len() {
			list = append(list, [3]int64{rows.At(i, 0).Int(), rows.At(i, 1).Int(), rows.At(i, 2).Int()})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, horizon
}

// Later transactions have larger numbers, whatever the ids; few rows, many rows
// and a bulk are numbered alike, below the horizon once they are committed.
func TestNumbers(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, in *txorder.Inserter) {
		insert(t, d, in, 900)
		insert(t, d, in, 500, 501)
		var bulk []int64
		for n := range int64(40) {
			bulk = append(bulk, n+1)
		}
		insert(t, d, in, bulk...)
		insert(t, d, in, 100)
		list, horizon := read(t, d)
		var ids []int64
		for i, r := range list {
			ids = append(ids, r[2])
			before := i > 0 && list[i-1][0] != r[0] && list[i-1][0] >= r[1]
			if r[0] >= horizon || d.Dialect() == sqldb.Postgres && before || d.Dialect() == sqldb.SQLite && r[1] != 0 {
				t.Errorf("row %d: number %d, ceiling %d, horizon %d", i, r[0], r[1], horizon)
			}
		}
		want := slices.Concat([]int64{900, 500, 501}, bulk, []int64{100})
		if !slices.Equal(ids, want) {
			t.Errorf("order %v", ids)
		}
		if list[3][0] != list[42][0] {
			t.Error("a bulk has one number")
		}
	})
}

// Rows that came from another database have numbers of their own; Rebase lifts
// the later ones above them.
func TestRebase(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, in *txorder.Inserter) {
		const far = 1 << 40
		rebase := func(highest int64) {
			t.Helper()
			if err := d.Write(ctx, func(tx sqldb.Tx) error { return txorder.Rebase(ctx, tx, highest) }); err != nil {
				t.Fatal(err)
			}
		}
		restored := func(xid, n int64) {
			t.Helper()
			err := d.Write(ctx, func(tx sqldb.Tx) error {
				_, err := tx.Exec(ctx, ddl.Both(`INSERT INTO note (xid, seen, id) VALUES ($1, 0, $2)`).For(tx.Dialect()), record.Int(xid), record.Int(n))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		restored(far, 1)
		rebase(far)
		insert(t, d, in, 2)
		rebase(far) // changes nothing
		insert(t, d, in, 3)
		restored(2*far, 4)
		rebase(2 * far)
		insert(t, d, in, 5)
		list, horizon := read(t, d)
		for i, r := range list {
			if r[2] != int64(i)+1 || i > 0 && r[0] <= list[i-1][0] || r[0] >= horizon {
				t.Errorf("row %d: %v, horizon %d", i, r, horizon)
			}
		}
	})
}

// An open transaction keeps the horizon below its own number.
func TestHorizon(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, in *txorder.Inserter) {
		if d.Dialect() == sqldb.SQLite {
			if _, horizon := read(t, d); horizon != 1<<63-1 {
				t.Errorf("horizon %d", horizon)
			}
			return
		}
		began, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- d.Write(ctx, func(tx sqldb.Tx) error {
				err := in.Insert(ctx, tx, []record.Value{record.Int(1), record.Null})
				close(began)
				<-goOn
				return err
			})
		}()
		<-began
		insert(t, d, in, 2)
		list, horizon := read(t, d)
		if len(list) != 1 || list[0][0] < horizon {
			t.Errorf("%v is below the horizon %d, an earlier one is still open", list, horizon)
		}
		close(goOn)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		list, horizon = read(t, d)
		if len(list) != 2 || list[0][2] != 1 || list[1][0] >= horizon {
			t.Errorf("%v, horizon %d", list, horizon)
		}
	})
}
