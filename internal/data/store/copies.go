package store

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// SetCopies writes into the lines of a record, deleted ones too, what they keep
// of the fields of it that changed.
func SetCopies(ctx context.Context, tx sqldb.Tx, lines *schema.Entity, rec *record.Record, changed []*schema.Field) error {
	b := &builder{d: tx.Dialect()}
	b.add("UPDATE ").col("", lines.Table).add(" SET ")
	var kept []*schema.Field
	for _, c := range lines.Copies {
		if !slices.Contains(changed, c.Of) {
			continue
		}
		if kept = append(kept, c.Field); len(kept) > 1 {
			b.add(", ")
		}
		b.col("", Column(c.Field)).add(" = ").arg(c.Of.Type.Expand(c.Of, rec.At(c.Of.Slot), nil)[0])
	}
	if len(kept) == 0 {
		return nil
	}
	b.add(" WHERE ").col("", Column(lines.Parent)).add(" = ").arg(record.Int(rec.ID()))
	moved := func() error { return nil }
	if lines.Months != nil && touched(lines, kept) {
		var err error
		if moved, err = moving(ctx, tx, lines, Column(lines.Parent), []record.Value{record.Int(rec.ID())}); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
		return err
	}
	return moved()
}

// FillCopies writes into lines what they keep of their records, where it is
// another, and says of how many it was.
func FillCopies(ctx context.Context, tx sqldb.Tx, lines *schema.Entity, ids []record.Value) (int64, error) {
	if len(lines.Copies) == 0 || len(ids) == 0 {
		return 0, nil
	}
	if tx.Dialect() == sqldb.Postgres { // as in Recompute
		b := &builder{d: tx.Dialect()}
		b.add("SELECT 1 FROM ").col("", lines.Of.Table).add(" WHERE id IN (SELECT ").col("", Column(lines.Parent)).add(" FROM ").col("", lines.Table).add(" WHERE ").oneOf("", "id", ids)
		b.add(") ORDER BY id FOR NO KEY UPDATE")
		if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
			return 0, err
		}
	}
	moved := func() error { return nil }
	if lines.Months != nil {
		var err error
		if moved, err = moving(ctx, tx, lines, "id", ids); err != nil {
			return 0, err
		}
	}
	b := &builder{d: tx.Dialect()}
	b.add("UPDATE ").col("", lines.Table).add(" AS t SET ")
	for i, c := range lines.Copies {
		if i > 0 {
			b.add(", ")
		}
		b.col("", Column(c.Field)).add(" = ").col("r", Column(c.Of))
	}
	b.add(" FROM ").col("", lines.Of.Table).add(" r WHERE r.id = ").col("t", Column(lines.Parent)).add(" AND ").oneOf("t", "id", ids).add(" AND (")
	for i, c := range lines.Copies {
		if i > 0 {
			b.add(" OR ")
		}
		b.col("t", Column(c.Field)).add(" IS DISTINCT FROM ").col("r", Column(c.Of))
	}
	b.add(")")
	n, err := tx.Exec(ctx, string(b.buf), b.args...)
	if err != nil || n == 0 {
		return n, err
	}
	return n, moved()
}

// CopyIndexes names the indexes over lines that hold what the lines keep of
// their records.
func CopyIndexes(e *schema.Entity) []string {
	if len(e.Copies) == 0 {
		return nil
	}
	var out []string
	for _, x := range indexes(e) {
		if slices.ContainsFunc(e.Copies, func(c schema.Copy) bool { return slices.Contains(x.Columns, Column(c.Field)) }) {
			out = append(out, x.Name)
		}
	}
	return out
}

// shortened is what an aggregate of lines asks, answered by what they keep of
// their records. Who reads a line reads its record, so nothing is told that
// the way by the record would not tell.
func shortened(a Aggregate) Aggregate {
	if len(a.Entity.Copies) == 0 {
		return a
	}
	a.Groups = slices.Clone(a.Groups)
	for i := range a.Groups {
		g := &a.Groups[i]
		g.Steps, g.Field = nearer(a.Entity, g.Steps, g.Field)
	}
	done := map[*query.Cond]*query.Cond{}
	a.Where = nearerCond(a.Entity, a.Where, done)
	a.Measures = slices.Clone(a.Measures)
	for i := range a.Measures {
		a.Measures[i].Only = nearerCond(a.Entity, a.Measures[i].Only, done)
	}
	return a
}

// nearer is a path to a field that begins at what lines keep of their record,
// where they do.
func nearer(e *schema.Entity, steps []query.Step, f *schema.Field) ([]query.Step, *schema.Field) {
	if len(steps) == 0 || steps[0].Field != e.Parent {
		return steps, f
	}
	if len(steps) == 1 {
		if kept := e.CopyOf(f); kept != nil {
			return nil, kept
		}
		return steps, f
	}
	kept := e.CopyOf(steps[1].Field)
	if kept == nil {
		return steps, f
	}
	return append([]query.Step{{Field: kept, Target: steps[1].Target}}, steps[2:]...), f
}

func nearerCond(e *schema.Entity, c *query.Cond, done map[*query.Cond]*query.Cond) *query.Cond {
	if c == nil {
		return nil
	}
	if known := done[c]; known != nil {
		return known
	}
	near := *c
	near.Kids = make([]*query.Cond, len(c.Kids))
	for i, kid := range c.Kids {
		near.Kids[i] = nearerCond(e, kid, done)
	}
	if c.Kind == query.Compare {
		near.Steps, near.Field = nearer(e, c.Steps, c.Field)
	}
	done[c] = &near
	return &near
}
