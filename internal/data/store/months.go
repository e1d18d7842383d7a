package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Months that nobody works on any more are kept added up (schema.Months), so
// that a report of a year adds up some rows of each instead of all that was
// written. One table holds the sums, another one which months they hold of: a
// write that touches a month takes it out of there in its own transaction, and
// from then on its rows are added up one by one again, until it is settled anew.

const (
	sumOrder = "no" // of a row among those of its month
	sumRows  = "n"  // how many rows it stands for
)

// monthTables names the tables of an entity's sums and of its settled months. A
// declaration that changed has tables of its own, which begin empty.
func monthTables(e *schema.Entity) (sums, settled string) {
	list := []string{Column(e.Months.Day), "|"}
	for _, f := range e.Months.By {
		list = append(list, Column(f), ",")
	}
	list = append(list, "|")
	for _, f := range e.Months.Of {
		list = append(list, Column(f), ",")
	}
	sum := sha256.Sum256([]byte(strings.Join(list, "")))
	name := e.Table + "__" + hex.EncodeToString(sum[:4])
	return name + "_sums", name + "_months"
}

func tablesOfMonths(e *schema.Entity) []ddl.Table {
	if e.Months == nil {
		return nil
	}
	sums, settled := monthTables(e)
	day := Column(e.Months.Day)
	t := ddl.Table{Name: sums, Key: []string{day, sumOrder}, NoRowid: true, Columns: []ddl.Column{
		{Name: day, Kind: record.KindText, NotNull: true}, // the first of the month
		{Name: sumOrder, Kind: record.KindInt, NotNull: true},
		{Name: sumRows, Kind: record.KindInt, NotNull: true}}}
	for _, f := range slices.Concat(e.Months.By, e.Months.Of) {
		t.Columns = append(t.Columns, ddl.Column{Name: Column(f), Kind: f.Columns[0].Kind})
	}
	return []ddl.Table{t, {Name: settled, Key: []string{day}, NoRowid: true, Columns: []ddl.Column{{Name: day, Kind: record.KindText, NotNull: true}}}}
}

// monthOf writes the month of a row as it is kept: its first day.
func (b *builder) monthOf(e *schema.Entity) *builder {
	return b.add("substr(").col("", Column(e.Months.Day)).add(", 1, 7) || '-01'")
}

// touched says whether a change of fields changes sums of months.
func touched(e *schema.Entity, changed []*schema.Field) bool {
	m := e.Months
	return slices.ContainsFunc(changed, func(f *schema.Field) bool { return f == m.Day || slices.Contains(m.By, f) || slices.Contains(m.Of, f) })
}

// unsettle takes the months of rows out of those that are settled. It follows
// the write: the lock that that took on the table lets no month be settled
// before the transaction ends.
func unsettle(ctx context.Context, tx sqldb.Tx, e *schema.Entity, column string, values []record.Value) error {
	_, settled := monthTables(e)
	b := &builder{d: tx.Dialect()}
	b.add("DELETE FROM ").col("", settled).add(" WHERE ").col("", Column(e.Months.Day)).add(" IN (SELECT ")
	b.monthOf(e).add(" FROM ").col("", e.Table).add(" WHERE ").oneOf("", column, values).add(")")
	_, err := tx.Exec(ctx, string(b.buf), b.args...)
	return err
}

// moving is unsettle for a write that may give rows another month, or remove
// them: what it does is asked for before, and what that gives is called behind
// the write.
func moving(ctx context.Context, tx sqldb.Tx, e *schema.Entity, column string, values []record.Value) (func() error, error) {
	b := &builder{d: tx.Dialect()}
	b.add("SELECT DISTINCT ").monthOf(e).add(" FROM ").col("", e.Table).add(" WHERE ").oneOf("", column, values).add(" AND ").col("", Column(e.Months.Day)).add(" IS NOT NULL")
	var rows sqldb.Rows
	if err := tx.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindText}, &rows); err != nil {
		return nil, err
	}
	months := make([]record.Value, rows.Len())
	for i := range months {
		months[i] = record.RawText(strings.Clone(rows.At(i, 0).Str()))
	}
	return func() error {
		if len(months) > 0 {
			_, settled := monthTables(e)
			b := &builder{d: tx.Dialect()}
			b.add("DELETE FROM ").col("", settled).add(" WHERE ").oneOf("", Column(e.Months.Day), months)
			if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
				return err
			}
		}
		return unsettle(ctx, tx, e, column, values)
	}, nil
}

// MonthsWithin counts the live rows of each month before a day, those of least
// rows or more, and says which of them are settled.
func MonthsWithin(ctx context.Context, q sqldb.Querier, e *schema.Entity, before string, least int) (months []string, settled []bool, err error) {
	_, table := monthTables(e)
	b := &builder{d: q.Dialect()}
	day := Column(e.Months.Day)
	b.add("SELECT m, (SELECT count(*) FROM ").col("", table).add(" s WHERE s.").col("", day).add(" = m) FROM (SELECT ").monthOf(e).add(" AS m, count(*) AS n FROM ").col("", e.Table)
	b.add(" WHERE ", live, " AND ").col("", day).add(" < ").arg(record.Text(before)).add(" GROUP BY 1) c WHERE n >= ").arg(record.Int(int64(least))).add(" ORDER BY 1")
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindText, record.KindInt}, &rows); err != nil {
		return nil, nil, err
	}
	for i := range rows.Len() {
		months, settled = append(months, strings.Clone(rows.At(i, 0).Str())), append(settled, rows.At(i, 1).Bool())
	}
	return months, settled, nil
}

// monthSums writes the question for what a month comes to, without the order.
func (b *builder) monthSums(e *schema.Entity, month string) {
	m := e.Months
	b.add("SELECT count(*) AS ").col("", sumRows)
	for _, f := range m.By {
		b.add(", ").col("t", Column(f))
	}
	for _, f := range m.Of {
		b.add(", sum(").col("t", Column(f)).add(")")
		if b.d == sqldb.Postgres {
			b.add("::bigint")
		}
		b.add(" AS ").col("", Column(f))
	}
	b.add(" FROM ").col("", e.Table).add(" t WHERE t.", live, " AND ").col("t", Column(m.Day)).add(" >= ").arg(record.Text(month))
	b.add(" AND ").col("t", Column(m.Day)).add(" < ").arg(record.Text(nextMonth(month))).add(" GROUP BY ")
	for i, f := range m.By {
		if i > 0 {
			b.add(", ")
		}
		b.col("t", Column(f))
	}
	for _, f := range m.Of { // a figure that is empty is not 0
		b.add(", ").col("t", Column(f)).add(" IS NULL")
	}
}

// SettledWrongly says in how many rows a settled month is not what its rows
// come to: none, unless somebody else wrote them.
func SettledWrongly(ctx context.Context, q sqldb.Querier, e *schema.Entity, month string) (int64, error) {
	sums, settled := monthTables(e)
	b := &builder{d: q.Dialect()}
	stored := func() {
		b.add("SELECT ").col("", sumRows)
		for _, f := range slices.Concat(e.Months.By, e.Months.Of) {
			b.add(", ").col("", Column(f))
		}
		b.add(" FROM ").col("", sums).add(" WHERE ").col("", Column(e.Months.Day)).add(" = ").arg(record.Text(month))
	}
	b.add("SELECT (SELECT count(*) FROM (")
	b.monthSums(e, month)
	b.add(" EXCEPT ")
	stored()
	b.add(") a) + (SELECT count(*) FROM (")
	stored()
	b.add(" EXCEPT ")
	b.monthSums(e, month)
	b.add(") b) FROM ").col("", settled).add(" WHERE ").col("", Column(e.Months.Day)).add(" = ").arg(record.Text(month))
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindInt}, &rows); err != nil || rows.Len() == 0 {
		return 0, err
	}
	return rows.At(0, 0).Int(), nil
}

// Settle adds up a month. On PostgreSQL it waits for those who write rows of
// the entity, and they for it.
func Settle(ctx context.Context, tx sqldb.Tx, e *schema.Entity, month string) error {
	sums, settled := monthTables(e)
	day := Column(e.Months.Day)
	if tx.Dialect() == sqldb.Postgres {
		b := &builder{d: tx.Dialect()}
		b.add("LOCK TABLE ").col("", e.Table).add(" IN SHARE MODE")
		for _, sql := range []string{"SET LOCAL lock_timeout = '2s'", string(b.buf)} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
	}
	for _, table := range []string{sums, settled} {
		b := &builder{d: tx.Dialect()}
		b.add("DELETE FROM ").col("", table).add(" WHERE ").col("", day).add(" = ").arg(record.Text(month))
		if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
			return err
		}
	}
	b := &builder{d: tx.Dialect()}
	b.add("INSERT INTO ").col("", sums).add(" (").col("", day).add(", ").col("", sumOrder).add(", ").col("", sumRows)
	for _, f := range slices.Concat(e.Months.By, e.Months.Of) {
		b.add(", ").col("", Column(f))
	}
	b.add(") SELECT ").arg(record.Text(month)).add(", row_number() OVER (), s.* FROM (")
	b.monthSums(e, month)
	b.add(") s")
	if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
		return err
	}
	b = &builder{d: tx.Dialect()}
	b.add("INSERT INTO ").col("", settled).add(" VALUES (").arg(record.Text(month)).add(")")
	_, err := tx.Exec(ctx, string(b.buf), b.args...)
	return err
}

// nextMonth is the first day of the month after that which begins on a day.
func nextMonth(month string) string {
	t, err := time.Parse(time.DateOnly, month)
	if err != nil {
		return month // no month: no rows
	}
	return t.AddDate(0, 1, 0).Format(time.DateOnly)
}
