// Package txorder numbers transactions so that a reader who remembers the last
// number he saw never misses a row and never sees one appear behind him.
//
// A table that is read this way has a column xid and the primary key (xid,
// id). On PostgreSQL the number is the transaction's own id: transactions that
// run at the same time commit in any order, so a reader takes only rows below
// Horizon, the oldest transaction that still runs. On SQLite there is one
// writer: a row's number is one more than the largest of its table, every
// committed row may be read, and whoever trims such a table leaves its last
// row in place.
//
// The ids of a PostgreSQL cluster say nothing in another one. Rebase therefore
// keeps an offset that lifts the numbers above all that came with a backup.
package txorder

import (
	"context"
	"math"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Tables holds the offset.
func Tables() []ddl.Table {
	return []ddl.Table{{
		Name: "tx_base",
		Columns: []ddl.Column{
			{Name: "id", Kind: record.KindInt},
			{Name: "base", Kind: record.KindInt, NotNull: true},
		},
		Key: []string{"id"},
	}}
}

// Position is the place of a row in the order of transactions.
type Position struct{ Xid, ID int64 }

// Before says whether p comes earlier than o.
func (p Position) Before(o Position) bool {
	return p.Xid < o.Xid || p.Xid == o.Xid && p.ID < o.ID
}

// Base is the SQL expression for the offset between PostgreSQL's own numbers of
// transactions and those in the tables.
const Base = `COALESCE((SELECT base FROM tx_base WHERE id = 1), 0)`

// Number is the SQL expression for the number of the running transaction, for
// a row of table.
func Number(d sqldb.Dialect, table string) string {
	if d == sqldb.Postgres {
		return "(pg_current_xact_id()::text::bigint + " + Base + ")"
	}
	return "(SELECT COALESCE(MAX(xid), 0) + 1 FROM " + ddl.Quote(table) + ")"
}

// Ceiling is the SQL expression for a number that every transaction which has
// committed when the statement runs lies below; 0 on SQLite, where order needs
// no second look.
func Ceiling(d sqldb.Dialect) string {
	if d == sqldb.Postgres {
		return "(pg_snapshot_xmax(pg_current_snapshot())::text::bigint + " + Base + ")"
	}
	return "0"
}

// Horizon is the number below which nothing can appear any more.
func Horizon(ctx context.Context, q sqldb.Querier) (int64, error) {
	if q.Dialect() != sqldb.Postgres {
		return math.MaxInt64, nil
	}
	return one(ctx, q, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + "+Base)
}

// Rebase lifts the numbers of all later transactions above highest, the largest
// one stored. It is called after rows were brought in from another database,
// before anybody writes. It does nothing when they are above already.
func Rebase(ctx context.Context, tx sqldb.Tx, highest int64) error {
	if tx.Dialect() != sqldb.Postgres {
		return nil
	}
	now, err := one(ctx, tx, "SELECT "+Number(sqldb.Postgres, ""))
	if err != nil || now > highest {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO tx_base (id, base) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET base = tx_base.base + excluded.base`, record.Int(highest-now+1))
	return err
}

func one(ctx context.Context, q sqldb.Querier, sql string) (int64, error) {
	var rows sqldb.Rows
	rows.Reset(1)
	if err := q.Query(ctx, sql, nil, []record.Kind{record.KindInt}, &rows); err != nil {
		return 0, err
	}
	return rows.At(0, 0).Int(), nil
}
