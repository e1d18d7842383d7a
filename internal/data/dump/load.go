package dump

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// markTable stands in a database for as long as a load into it is not over, so
// that nobody takes a part for the whole.
const markTable = "guanxi_restoring"

// State is how far a load has come.
type State string

// The states of a database.
const (
	Empty   State = "empty"   // no table
	Loading State = "loading" // a load was cut off: what is there is worth nothing
	Loaded  State = "loaded"  // all rows are in, Release was not reached
	InUse   State = "in_use"  // any other database with tables
)

var tablesSQL = ddl.Text{
	SQLite:   `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`,
	Postgres: `SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')`,
}

func tableNames(ctx context.Context, q sqldb.Querier) ([]string, error) {
	var rows sqldb.Rows
	rows.Reset(1)
	if err := q.Query(ctx, tablesSQL.For(q.Dialect()), nil, []record.Kind{record.KindText}, &rows); err != nil {
		return nil, err
	}
	list := make([]string, rows.Len())
	for i := range list {
		list[i] = rows.At(i, 0).Str()
	}
	return list, nil
}

// StateOf tells what stands in a database.
func StateOf(ctx context.Context, q sqldb.Querier) (State, error) {
	list, err := tableNames(ctx, q)
	switch {
	case err != nil:
		return "", err
	case len(list) == 0:
		return Empty, nil
	case !slices.Contains(list, markTable):
		return InUse, nil
	}
	var rows sqldb.Rows
	rows.Reset(1)
	if err := q.Query(ctx, "SELECT state FROM "+markTable+" ORDER BY state", nil, []record.Kind{record.KindText}, &rows); err != nil {
		return "", err
	}
	if rows.Len() == 1 && rows.At(0, 0).Str() == string(Loaded) {
		return Loaded, nil
	}
	return Loading, nil
}

// Loader fills an empty database: Begin, Create, Insert, Finish, Release. Keys
// of other tables are checked at the end, so rows may come in any order.
type Loader struct {
	db     sqldb.DB
	tables []ddl.Table // made so far, as they are declared
}

// NewLoader makes a loader of db.
func NewLoader(db sqldb.DB) *Loader { return &Loader{db: db} }

// Begin claims the database. What a load that was cut off left is removed
// first; a database in use is Conflict "error.restore_database".
func (l *Loader) Begin(ctx context.Context) error {
	var state State
	err := l.db.Read(ctx, func(q sqldb.Querier) (err error) {
		state, err = StateOf(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	switch state {
	case Empty:
	case InUse:
		return errs.New(errs.Conflict, "error.restore_database")
	default:
		if err := l.Clear(ctx); err != nil {
			return err
		}
	}
	list := []string{"CREATE TABLE " + markTable + " (state TEXT NOT NULL)", "INSERT INTO " + markTable + " (state) VALUES ('" + string(Loading) + "')"}
	if l.db.Dialect() == sqldb.SQLite {
		list = append(list, "PRAGMA foreign_keys = OFF")
	}
	return l.exec(ctx, list...)
}

// Clear removes every table of a database that Begin claimed.
func (l *Loader) Clear(ctx context.Context) error {
	return l.db.Exclusive(ctx, func(q sqldb.Querier) error {
		list, err := tableNames(ctx, q)
		if err != nil {
			return err
		}
		slices.SortFunc(list, func(a, b string) int { // the mark goes last
			switch {
			case a == markTable:
				return 1
			case b == markTable:
				return -1
			}
			return 0
		})
		for _, name := range list {
			sql := "DROP TABLE IF EXISTS " + ddl.Quote(name)
			if q.Dialect() == sqldb.Postgres {
				sql += " CASCADE"
			}
			if _, err := q.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}

// Create makes tables without what costs while rows come in: indexes, and on
// PostgreSQL references.
func (l *Loader) Create(ctx context.Context, tables []ddl.Table) error {
	bare := slices.Clone(tables)
	for i := range bare {
		bare[i].Indexes = nil
		if l.db.Dialect() == sqldb.Postgres {
			bare[i].Columns = slices.Clone(bare[i].Columns)
			for j := range bare[i].Columns {
				bare[i].Columns[j].Ref = ""
			}
		}
	}
	// A circle of references or one to a table that comes later needs all the
	// targets to be known to the planner.
	if err := l.apply(ctx, bare); err != nil {
		return err
	}
	l.tables = append(l.tables, tables...)
	return nil
}

func (l *Loader) apply(ctx context.Context, tables []ddl.Table) error {
	var p ddl.Plan
	err := l.db.Read(ctx, func(q sqldb.Querier) (err error) {
		p, err = ddl.NewPlan(ctx, q, tables)
		return err
	})
	if err != nil || p.Empty() {
		return err
	}
	return ddl.Apply(ctx, l.db, p, nil)
}

// Insert adds rows, row-major over columns.
func (l *Loader) Insert(ctx context.Context, table string, columns []string, rows []record.Value) error {
	return l.db.Write(ctx, func(tx sqldb.Tx) error {
		bulk, ok := tx.(sqldb.Bulk)
		if !ok {
			return errs.New(errs.Internal, "error.internal")
		}
		return bulk.InsertMany(ctx, table, columns, rows)
	})
}

// Finish makes indexes and references, which checks them, and lets after write
// what belongs to the loaded state. Rows that miss their target are Invalid
// "error.restore_references". highest is the largest number of a transaction
// among the rows (see txorder.Rebase).
func (l *Loader) Finish(ctx context.Context, highest int64, after func(sqldb.Tx) error) error {
	if err := l.apply(ctx, l.tables); err != nil {
		return err
	}
	if err := l.references(ctx); err != nil {
		return err
	}
	if err := l.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := txorder.Rebase(ctx, tx, highest); err != nil {
			return err
		}
		return after(tx)
	}); err != nil {
		return err
	}
	return l.exec(ctx, "UPDATE "+markTable+" SET state = '"+string(Loaded)+"'")
}

func (l *Loader) references(ctx context.Context) error {
	if l.db.Dialect() == sqldb.SQLite {
		var lost []string
		err := l.db.Read(ctx, func(q sqldb.Querier) (err error) {
			lost, err = lostReferences(ctx, q, 1)
			return err
		})
		if err != nil {
			return err
		}
		if len(lost) > 0 {
			return errs.New(errs.Invalid, "error.restore_references", "row", lost[0])
		}
		return l.exec(ctx, "PRAGMA foreign_keys = ON")
	}
	var list []string
	for _, t := range l.tables {
		list = append(list, ddl.References(l.db.Dialect(), t)...)
	}
	err := l.exec(ctx, list...)
	if errs.Is(err, errs.Conflict) {
		return errs.New(errs.Invalid, "error.restore_references", "row", "").With(err)
	}
	return err
}

// Release takes the mark away: the database is in use from now on. It does
// nothing where there is none.
func Release(ctx context.Context, db sqldb.DB) error {
	return db.Exclusive(ctx, func(q sqldb.Querier) error {
		_, err := q.Exec(ctx, "DROP TABLE IF EXISTS "+markTable)
		return err
	})
}

func (l *Loader) exec(ctx context.Context, list ...string) error {
	return l.db.Exclusive(ctx, func(q sqldb.Querier) error {
		for _, sql := range list {
			if _, err := q.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}
