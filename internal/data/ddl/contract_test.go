package ddl_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

func plan(t *testing.T, d sqldb.DB, want []ddl.Table) ddl.Plan {
	t.Helper()
	p, err := planError(d, want)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func planError(d sqldb.DB, want []ddl.Table) (p ddl.Plan, err error) {
	err = d.Read(context.Background(), func(q sqldb.Querier) error {
		p, err = ddl.NewPlan(context.Background(), q, want)
		return err
	})
	return p, err
}

func apply(t *testing.T, d sqldb.DB, want []ddl.Table) {
	t.Helper()
	if err := ddl.Apply(context.Background(), d, plan(t, d, want), nil); err != nil {
		t.Fatal(err)
	}
	if p := plan(t, d, want); !p.Empty() {
		t.Fatalf("still to do after Apply: %+v", p.Steps())
	}
}

func exec(t *testing.T, d sqldb.DB, sql string, args ...record.Value) {
	t.Helper()
	err := d.Write(context.Background(), func(tx sqldb.Tx) error {
		_, err := tx.Exec(context.Background(), ddl.Both(sql).For(d.Dialect()), args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sqls(p ddl.Plan) []string {
	var list []string
	for _, s := range p.Steps() {
		list = append(list, s.SQL)
	}
	return list
}

// grown is shop with a new column, a new reference, new indexes and a new table.
func grown() []ddl.Table {
	tables := shop()
	c := &tables[1]
	c.Columns = append(c.Columns,
		ddl.Column{Name: "x_city", Kind: record.KindText},
		ddl.Column{Name: "level", Kind: record.KindInt, NotNull: true, Default: "3"},
		ddl.Column{Name: "source_id", Kind: record.KindInt, Ref: "source"},
	)
	c.Indexes = append(c.Indexes,
		ddl.Index{Name: "customer_x_city_ix", Columns: []string{"x_city DESC", "id"}, Where: "deleted_at IS NULL"},
		ddl.Index{Name: "customer_only_ix", Columns: []string{"level"}, Only: sqldb.Postgres},
	)
	return append(tables, ddl.Table{Name: "source", Columns: []ddl.Column{{Name: "id", Kind: record.KindInt}}, Key: []string{"id"}})
}

func TestPlanAndApply(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		golden(t, "plan_new_"+string(d.Dialect())+".sql", sqls(plan(t, d, shop())))
		apply(t, d, shop())
		exec(t, d, `INSERT INTO customer (id, name) VALUES (1, 'a'), (2, 'b')`)

		golden(t, "plan_grown_"+string(d.Dialect())+".sql", sqls(plan(t, d, grown())))
		var seen []string
		var last, of int
		err := ddl.Apply(context.Background(), d, plan(t, d, grown()), func(done, total int, what string) {
			seen, last, of = append(seen, what), done, total
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(seen) != of+1 || last != of || seen[of] != "" {
			t.Errorf("progress told %d of %d: %q", last, of, seen)
		}
		var rows sqldb.Rows
		rows.Reset(3)
		err = d.ReadOne(context.Background(), `SELECT x_city, level, source_id FROM customer WHERE id = 2`, nil,
			[]record.Kind{record.KindText, record.KindInt, record.KindInt}, &rows)
		if err != nil || !rows.At(0, 0).IsNull() || rows.At(0, 1).Int() != 3 || !rows.At(0, 2).IsNull() {
			t.Errorf("old rows have %v, %v", rows.Row(0), err)
		}
		if p := plan(t, d, grown()); !p.Empty() || len(p.Unknown) != 0 {
			t.Errorf("a second plan has %v, unknown %v", p.Steps(), p.Unknown)
		}
		want := []string{"column customer.x_city", "column customer.level", "column customer.source_id", "index customer_x_city_ix", "table source"}
		if d.Dialect() == sqldb.Postgres {
			want = slices.Insert(want, 3, "index customer_only_ix")
		}
		p := plan(t, d, shop())
		if diff := cmp.Diff(want, p.Unknown); diff != "" || !p.Empty() {
			t.Errorf("unknown to an older program (-want +got):\n%s", diff)
		}
	})
}

func TestReferences(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		apply(t, d, grown())
		ctx := context.Background()
		for _, sql := range []string{
			`INSERT INTO visit (id, customer_id) VALUES (1, 7)`,
			`INSERT INTO customer (id, name, last_visit_id) VALUES (1, 'a', 7)`,
			`INSERT INTO customer (id, name, source_id) VALUES (1, 'a', 7)`,
		} {
			err := d.Write(ctx, func(tx sqldb.Tx) error { _, err := tx.Exec(ctx, sql); return err })
			if !errors.Is(err, sqldb.ErrForeignKey) && errs.CodeOf(err) != errs.Conflict {
				t.Errorf("%s: %v", sql, err)
			}
		}
		exec(t, d, `INSERT INTO customer (id, name) VALUES (1, 'a')`)
		exec(t, d, `INSERT INTO visit (id, customer_id) VALUES (1, 1)`)
		err := d.Write(ctx, func(tx sqldb.Tx) error { _, err := tx.Exec(ctx, `DELETE FROM customer`); return err })
		if errs.CodeOf(err) != errs.Conflict {
			t.Errorf("a referenced row is kept, got %v", err)
		}
	})
}

// Byte order, not that of a language, and strict types on both.
func TestTypes(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		apply(t, d, shop())
		exec(t, d, `INSERT INTO customer (id, name) VALUES (1, 'b'), (2, 'A'), (3, 'ä'), (4, 'B'), (5, '安')`)
		var rows sqldb.Rows
		rows.Reset(1)
		if err := d.ReadOne(context.Background(), `SELECT name FROM customer ORDER BY name`, nil, []record.Kind{record.KindText}, &rows); err != nil {
			t.Fatal(err)
		}
		var got string
		for i := range rows.Len() {
			got += rows.At(i, 0).Str()
		}
		if got != "ABbä安" {
			t.Errorf("order %q", got)
		}
		err := d.Write(context.Background(), func(tx sqldb.Tx) error {
			_, err := tx.Exec(context.Background(), `INSERT INTO customer (id, name, due) VALUES (9, 'x', 'soon')`)
			return err
		})
		if err == nil {
			t.Error("a text went into a number column")
		}
	})
}

func TestPlanRefuses(t *testing.T) {
	change := func(fn func(c *ddl.Table)) []ddl.Table {
		tables := shop()
		fn(&tables[1])
		return tables
	}
	cases := map[string]struct {
		want []ddl.Table
		key  string
	}{
		"kind":          {change(func(c *ddl.Table) { c.Columns[1].Kind = record.KindInt }), "error.schema_column"},
		"bytes":         {change(func(c *ddl.Table) { c.Columns[4].Kind = record.KindText }), "error.schema_column"},
		"nullness":      {change(func(c *ddl.Table) { c.Columns[3].NotNull = true }), "error.schema_column"},
		"key":           {change(func(c *ddl.Table) { c.Key = []string{"name"} }), "error.schema_key"},
		"longer key":    {change(func(c *ddl.Table) { c.Key = []string{"id", "name"} }), "error.schema_key"},
		"index columns": {change(func(c *ddl.Table) { c.Indexes[1].Columns[0] = "due" }), "error.schema_index"},
		"index unique":  {change(func(c *ddl.Table) { c.Indexes[0].Unique = false }), "error.schema_index"},
		"index partial": {change(func(c *ddl.Table) { c.Indexes[0].Where = "" }), "error.schema_index"},
		"no default": {change(func(c *ddl.Table) {
			c.Columns = append(c.Columns, ddl.Column{Name: "n", Kind: record.KindInt, NotNull: true})
		}), "error.schema_default"},
		"reference default": {change(func(c *ddl.Table) {
			c.Columns = append(c.Columns, ddl.Column{Name: "n", Kind: record.KindInt, Ref: "visit", Default: "1"})
		}), "error.schema_reference_default"},
	}
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		apply(t, d, shop())
		for name, c := range cases {
			_, err := planError(d, c.want)
			if e, ok := errors.AsType[*errs.Error](err); !ok || e.Key != c.key || e.Code != errs.Conflict {
				t.Errorf("%s: got %v, want %s", name, err, c.key)
			}
		}
	})
}

func TestUniqueIndexOverDuplicates(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		apply(t, d, shop())
		exec(t, d, `INSERT INTO customer (id, name) VALUES (1, 'a'), (2, 'a')`)
		want := shop()
		want[1].Indexes = append(want[1].Indexes, ddl.Index{Name: "customer_name_ux", Columns: []string{"name"}, Unique: true})
		err := ddl.Apply(context.Background(), d, plan(t, d, want), nil)
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || e.Code != errs.Duplicate || e.Key != "error.schema_duplicates" || e.Args["table"] != "customer" || e.Args["index"] != "customer_name_ux" {
			t.Fatalf("got %v", err)
		}
		if p := plan(t, d, shop()); len(p.Unknown) != 0 {
			t.Errorf("the failed index was left behind: %v", p.Unknown)
		}
		exec(t, d, `UPDATE customer SET name = 'b' WHERE id = 2`)
		apply(t, d, want)
	})
}

// errKilled is what a test's progress panics with, between two steps.
var errKilled = errors.New("killed")

// Killing Apply before any step leaves a state from which the next one goes on.
func TestResume(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		kills := 0
		for _, want := range [][]ddl.Table{shop(), grown()} {
			for stop := 0; ; stop++ {
				err := applyUntil(d, plan(t, d, want), stop%4)
				if errors.Is(err, errKilled) && stop < 40 {
					kills++
					if stop%4 == 3 { // one step further each round, so that it ends
						step(t, d, want)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if p := plan(t, d, want); !p.Empty() {
				t.Errorf("left to do: %v", p.Steps())
			}
		}
		if kills < 6 {
			t.Errorf("only %d kills", kills)
		}
	})
}

// applyUntil is Apply that dies before step stop.
func applyUntil(d sqldb.DB, p ddl.Plan, stop int) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errKilled
		}
		if p, is := errors.AsType[*sqldb.PanicError](err); is && p.Value == any(errKilled) {
			err = errKilled
		}
	}()
	return ddl.Apply(context.Background(), d, p, func(done, _ int, what string) {
		if done == stop && what != "" {
			panic(errKilled)
		}
	})
}

// step runs the first step that can run alone, as a crash right after it would
// leave the database.
func step(t *testing.T, d sqldb.DB, want []ddl.Table) {
	t.Helper()
	steps := plan(t, d, want).Steps()
	if strings.HasPrefix(steps[0].SQL, "CREATE TABLE") {
		apply(t, d, want)
		return
	}
	err := d.Exclusive(context.Background(), func(q sqldb.Querier) error {
		_, err := q.Exec(context.Background(), steps[0].SQL)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An index is built while others write; it misses none of their rows.
func TestIndexWithWriters(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		apply(t, d, shop())
		ctx := context.Background()
		stop := make(chan struct{})
		started := make(chan struct{}, 4)
		var wrote [4]int64
		var writers sync.WaitGroup
		for w := range int64(4) {
			writers.Go(func() {
				for {
					id := record.Int(w*1_000_000 + wrote[w] + 1)
					err := d.Write(ctx, func(tx sqldb.Tx) error {
						_, err := tx.Exec(ctx, ddl.Both(`INSERT INTO customer (id, name, name_k) VALUES ($1, 'n', $2)`).For(d.Dialect()), id, record.Text(strconv.FormatInt(id.Int(), 10)))
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					wrote[w]++
					if wrote[w] == 20 {
						started <- struct{}{}
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		for range 4 {
			<-started
		}
		apply(t, d, grown())
		close(stop)
		writers.Wait()
		var total int64
		for _, n := range wrote {
			total += n
		}
		var rows sqldb.Rows
		rows.Reset(1)
		if err := d.ReadOne(ctx, `SELECT COUNT(*) FROM customer`, nil, []record.Kind{record.KindInt}, &rows); err != nil || rows.At(0, 0).Int() != total {
			t.Errorf("%d rows of %d, %v", rows.At(0, 0).Int(), total, err)
		}
	})
}

// Several nodes start at once with the same new schema.
func TestApplyTogether(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		p := plan(t, d, grown())
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				if err := ddl.Apply(context.Background(), d, p, nil); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if p := plan(t, d, grown()); !p.Empty() {
			t.Errorf("left to do: %v", p.Steps())
		}
	})
}

// What a killed concurrent build leaves on PostgreSQL is dropped and built anew.
func TestInvalidIndexLeftBehind(t *testing.T) {
	d := db.Postgres(t)
	apply(t, d, shop())
	exec(t, d, `INSERT INTO customer (id, name) VALUES (1, 'a'), (2, 'a')`)
	ctx := context.Background()
	err := d.Exclusive(ctx, func(q sqldb.Querier) error {
		_, err := q.Exec(ctx, `CREATE UNIQUE INDEX CONCURRENTLY customer_name_ux ON customer (name)`)
		return err
	})
	if !errs.Is(err, errs.Duplicate) {
		t.Fatalf("the build should have failed: %v", err)
	}
	exec(t, d, `DELETE FROM customer WHERE id = 2`)
	want := shop()
	want[1].Indexes = append(want[1].Indexes, ddl.Index{Name: "customer_name_ux", Columns: []string{"name"}, Unique: true})
	steps := plan(t, d, want).Steps()
	if len(steps) != 2 || steps[0].SQL != `DROP INDEX CONCURRENTLY IF EXISTS "customer_name_ux"` {
		t.Fatalf("steps %+v", steps)
	}
	apply(t, d, want)
}

// A table that others hold for longer than the lock timeout is tried again.
func TestColumnWaitsForLock(t *testing.T) {
	d := db.Postgres(t)
	apply(t, d, shop())
	ctx := context.Background()
	held, release := make(chan struct{}), make(chan struct{})
	var holder sync.WaitGroup
	holder.Go(func() {
		err := d.Write(ctx, func(tx sqldb.Tx) error {
			_, err := tx.Exec(ctx, `LOCK TABLE customer IN SHARE MODE`)
			close(held)
			<-release
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	p := plan(t, d, grown())
	err := ddl.Apply(ctx, d, p, func(_, _ int, what string) {
		if what == "add column customer.x_city" {
			go func() {
				awaitBlocked(t, d, true)
				awaitBlocked(t, d, false) // it gave up after its 2 s and lets others pass
				close(release)
			}()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	holder.Wait()
}

// awaitBlocked returns when a session waits for a lock, or when none does.
func awaitBlocked(t *testing.T, d sqldb.DB, want bool) {
	t.Helper()
	for {
		var rows sqldb.Rows
		rows.Reset(1)
		if err := d.ReadOne(context.Background(), `SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, nil, []record.Kind{record.KindInt}, &rows); err != nil {
			t.Error(err)
			return
		}
		if rows.At(0, 0).Bool() == want {
			return
		}
	}
}
