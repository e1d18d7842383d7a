package sqlite

import (
	"context"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// planOf says how a reader finds the rows of one owner in a state that half of
// all are in.
func planOf(t testing.TB, q func(context.Context, string, []record.Value, []record.Kind, *sqldb.Rows) error) string {
	t.Helper()
	var out sqldb.Rows
	err := q(context.Background(), "EXPLAIN QUERY PLAN SELECT count(rest) FROM deal WHERE state = ?1 AND note = ?2 AND kind = 1 AND owner = ?3", []record.Value{record.Text("open"), record.Text("x"), record.Int(7)},
		[]record.Kind{record.KindInt, record.KindInt, record.KindInt, record.KindText}, &out)
	if err != nil || out.Len() != 1 {
		t.Fatal(out.Len(), err)
	}
	_, index, _ := strings.Cut(out.At(0, 3).Str(), "INDEX ")
	index, _, _ = strings.Cut(index, " ")
	return index
}

// Readers go by what was seen of the tables last: those that were idle and those
// that were at work. What is kept of a table that became small is forgotten.
func TestAnalyze(t *testing.T) {
	db := openTest(t, Options{Readers: 2, Beside: "search"})
	ctx := t.Context()
	rows := "INSERT INTO deal SELECT value, CASE WHEN value % 2 THEN 'open' ELSE 'won' END, value % 200, 'x', 1, 'r', 1 FROM json_each(?1)"
	fill := func(n int) {
		all := make([]record.Value, n)
		for i := range all {
			all[i] = record.Int(int64(i))
		}
		if err := db.Write(ctx, func(tx sqldb.Tx) error {
			_, err := tx.Exec(ctx, rows, record.List(all))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	execAll(t, db, "CREATE TABLE deal (id INTEGER PRIMARY KEY, state TEXT, owner INTEGER, note TEXT, more INTEGER, rest TEXT, kind INTEGER DEFAULT 1)", `CREATE TABLE "few ""x""" (i INTEGER)`,
		"CREATE INDEX by_state ON deal (state, note, kind)", "CREATE INDEX by_owner ON deal (owner, more)")
	fill(6000)
	analyze := func(want int) {
		t.Helper()
		if n, err := db.Analyze(ctx, []string{`few "x"`, "deal"}, 6000); err != nil || n != want {
			t.Fatalf("%d tables have statistics, want %d (%v)", n, want, err)
		}
	}
	if got := planOf(t, db.ReadOne); got != "by_state" {
		t.Fatalf("without statistics it goes by %q: the test shows nothing", got)
	}
	held := make(chan struct{})
	let := make(chan struct{})
	end := make(chan error)
	go func() {
		end <- db.Read(ctx, func(q sqldb.Querier) error {
			var out sqldb.Rows
			err := q.Query(ctx, "SELECT count(*) FROM deal", nil, []record.Kind{record.KindInt}, &out)
			close(held)
			<-let
			return err
		})
	}()
	<-held
	analyze(1)
	close(let)
	if err := <-end; err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got := planOf(t, db.ReadOne); got != "by_owner" {
			t.Errorf("with statistics a reader goes by %q", got)
		}
	}
	if err := db.Exclusive(ctx, func(q sqldb.Querier) error {
		if got := planOf(t, q.Query); got != "by_owner" {
			t.Errorf("with statistics the writer goes by %q", got)
		}
		_, err := q.Exec(ctx, "DELETE FROM deal WHERE id < 10")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	analyze(0)
	if got := planOf(t, db.ReadOne); got != "by_state" {
		t.Errorf("a small table still has statistics: by %q", got)
	}
	analyze(0) // nothing to forget
}
