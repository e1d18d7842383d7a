package txorder

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// maxRows is how many rows one statement inserts; more go as a bulk.
const maxRows = 16

// Inserter adds rows to a table that is read in the order of transactions. It
// is made once and safe for many goroutines.
type Inserter struct {
	table   string
	columns []string // without the ones it fills in itself
	numbers []string // the columns filled in, and below the expressions for them
	exprs   map[sqldb.Dialect][]string
	sql     map[sqldb.Dialect][]string // by number of rows - 1
}

// NewInserter prepares the statements for table. Column xid gets the number of
// the transaction; ceiling, when not "", names a column that gets Ceiling.
func NewInserter(table, ceiling string, columns ...string) *Inserter {
	in := &Inserter{
		table: table, columns: columns, numbers: []string{"xid"},
		exprs: map[sqldb.Dialect][]string{}, sql: map[sqldb.Dialect][]string{},
	}
	if ceiling != "" {
		in.numbers = append(in.numbers, ceiling)
	}
	for _, d := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		in.exprs[d] = []string{Number(d, table), Ceiling(d)}[:len(in.numbers)]
		for n := range maxRows {
			in.sql[d] = append(in.sql[d], in.statement(d, n+1))
		}
	}
	return in
}

func (in *Inserter) statement(d sqldb.Dialect, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + ddl.Quote(in.table) + " (")
	for i, c := range in.all() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(ddl.Quote(c))
	}
	b.WriteString(") VALUES ")
	at := 0
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + strings.Join(in.exprs[d], ", "))
		for range in.columns {
			at++
			b.WriteString(", " + ddl.Param(d, at))
		}
		b.WriteString(")")
	}
	return b.String()
}

func (in *Inserter) all() []string { return append(append([]string{}, in.numbers...), in.columns...) }

// Insert adds rows, which are row-major without the columns filled in. All of
// them go in one statement when they are few.
func (in *Inserter) Insert(ctx context.Context, tx sqldb.Tx, rows []record.Value) error {
	width := len(in.columns)
	n := len(rows) / width
	if bulk, ok := tx.(sqldb.Bulk); ok && n > maxRows {
		return in.insertMany(ctx, tx, bulk, rows)
	}
	for n > 0 {
		part := min(n, maxRows)
		if _, err := tx.Exec(ctx, in.sql[tx.Dialect()][part-1], rows[:part*width]...); err != nil {
			return err
		}
		rows, n = rows[part*width:], n-part
	}
	return nil
}

func (in *Inserter) insertMany(ctx context.Context, tx sqldb.Tx, bulk sqldb.Bulk, rows []record.Value) error {
	var numbers sqldb.Rows
	numbers.Reset(len(in.numbers))
	kinds := []record.Kind{record.KindInt, record.KindInt}[:len(in.numbers)]
	if err := tx.Query(ctx, "SELECT "+strings.Join(in.exprs[tx.Dialect()], ", "), nil, kinds, &numbers); err != nil {
		return err
	}
	width := len(in.columns)
	full := make([]record.Value, 0, len(rows)/width*(width+len(kinds)))
	for i := 0; i < len(rows); i += width {
		full = append(append(full, numbers.Row(0)...), rows[i:i+width]...)
	}
	return bulk.InsertMany(ctx, in.table, in.all(), full)
}
