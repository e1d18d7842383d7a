package store

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// AddTo adds n to a roll-up column of one record.
func AddTo(ctx context.Context, tx sqldb.Tx, e *schema.Entity, id int64, f *schema.Field, n int64) error {
	b := &builder{d: tx.Dialect()}
	b.add("UPDATE ").col("", e.Table).add(" SET ").col("", Column(f)).add(" = coalesce(").col("", Column(f)).add(", 0) + ").arg(record.Int(n))
	b.add(" WHERE id = ").arg(record.Int(id))
	_, err := tx.Exec(ctx, string(b.buf), b.args...)
	return err
}

// Recompute sets a roll-up column of one record from the live records that point to it.
func Recompute(ctx context.Context, tx sqldb.Tx, from *schema.Entity, via, of *schema.Field, op string, e *schema.Entity, id int64, f *schema.Field) error {
	if tx.Dialect() == sqldb.Postgres { // the statement must begin after those that wrote others of the parent have ended
		b := &builder{d: tx.Dialect()}
		b.add("SELECT 1 FROM ").col("", e.Table).add(" WHERE id = ").arg(record.Int(id)).add(" FOR NO KEY UPDATE")
		if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
			return err
		}
	}
	b := &builder{d: tx.Dialect()}
	b.recompute(from, via, of, op, e, f)
	b.add(" WHERE id = ").arg(record.Int(id))
	_, err := tx.Exec(ctx, string(b.buf), b.args...)
	return err
}

// RecomputeSome sets a roll-up column of some records and tells whose value
// became another.
func RecomputeSome(ctx context.Context, tx sqldb.Tx, from *schema.Entity, via, of *schema.Field, op string, e *schema.Entity, ids []record.Value, f *schema.Field) ([]record.Value, error) {
	if tx.Dialect() == sqldb.Postgres { // as in Recompute
		b := &builder{d: tx.Dialect()}
		b.add("SELECT 1 FROM ").col("", e.Table).add(" WHERE ").oneOf("", "id", ids).add(" ORDER BY id FOR NO KEY UPDATE")
		if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
			return nil, err
		}
	}
	b := &builder{d: tx.Dialect()}
	b.add("SELECT id FROM ").col("", e.Table).add(" WHERE ").oneOf("", "id", ids).add(" AND ").col("", Column(f)).add(" IS DISTINCT FROM ")
	b.rolledUp(from, via, of, op, e)
	b.add(" ORDER BY id")
	var rows sqldb.Rows
	if err := tx.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindInt}, &rows); err != nil || rows.Len() == 0 {
		return nil, err
	}
	changed := make([]record.Value, rows.Len())
	for i := range changed {
		changed[i] = rows.At(i, 0)
	}
	b = &builder{d: tx.Dialect()}
	b.recompute(from, via, of, op, e, f)
	b.add(" WHERE ").oneOf("", "id", changed)
	_, err := tx.Exec(ctx, string(b.buf), b.args...)
	return changed, err
}

func (b *builder) recompute(from *schema.Entity, via, of *schema.Field, op string, e *schema.Entity, f *schema.Field) {
	b.add("UPDATE ").col("", e.Table).add(" SET ").col("", Column(f)).add(" = ")
	b.rolledUp(from, via, of, op, e)
}

// rolledUp is the value of a roll-up for the row of e's table.
func (b *builder) rolledUp(from *schema.Entity, via, of *schema.Field, op string, e *schema.Entity) {
	b.add("(SELECT ")
	switch op {
	case "count":
		b.add("count(*)")
	case "last":
		b.col("c", Column(of))
	default:
		b.add(op, "(").col("c", Column(of)).add(")")
		if op == "sum" && b.d == sqldb.Postgres {
			b.add("::bigint")
		}
	}
	b.add(" FROM ").col("", from.Table).add(" c WHERE ").col("c", Column(via)).add(" = ").col("", e.Table).add(".id AND c.", live)
	if op == "last" {
		b.add(" ORDER BY c.id DESC LIMIT 1")
	}
	b.add(")")
}
