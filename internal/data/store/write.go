package store

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Insert writes new records with their links and long texts; each needs its id and version.
func Insert(ctx context.Context, tx sqldb.Tx, e *schema.Entity, recs ...*record.Record) error {
	return InsertReady(ctx, tx, e, recs, func(int, *schema.Field) []record.Value { return nil })
}

// InsertReady is Insert for a caller who worked out some columns before: ready
// gives those of record i's field, nil for none. It is asked only for fields of
// several columns, and for what lines keep of their record.
func InsertReady(ctx context.Context, tx sqldb.Tx, e *schema.Entity, recs []*record.Record, ready func(i int, f *schema.Field) []record.Value) error {
	columns := make([]string, 0, len(e.Fields)+8)
	for _, f := range e.Fields {
		for _, c := range f.Columns {
			columns = append(columns, c.Name)
		}
	}
	for _, c := range e.Copies {
		columns = append(columns, Column(c.Field))
	}
	rows := make([]record.Value, 0, len(columns)*len(recs))
	for i, r := range recs {
		for _, f := range e.Fields {
			if !f.Stored() {
				continue
			}
			if len(f.Columns) > 1 {
				if columns := ready(i, f); columns != nil {
					rows = append(rows, columns...)
					continue
				}
			}
			rows = f.Type.Expand(f, r.At(f.Slot), rows)
		}
		for _, c := range e.Copies {
			v := record.Null
			if columns := ready(i, c.Field); columns != nil {
				v = columns[0]
			}
			rows = append(rows, v)
		}
	}
	if err := insert(ctx, tx, e.Table, columns, rows); err != nil {
		return err
	}
	for _, f := range e.Links {
		if err := insertLinks(ctx, tx, e, f, recs); err != nil {
			return err
		}
	}
	if e.Months != nil && len(recs) > 0 {
		ids := make([]record.Value, len(recs))
		for i, r := range recs {
			ids[i] = record.Int(r.ID())
		}
		if err := unsettle(ctx, tx, e, "id", ids); err != nil {
			return err
		}
	}
	return insertLong(ctx, tx, e, recs)
}

// insert adds rows by the quick way of the database when there are many.
func insert(ctx context.Context, tx sqldb.Tx, table string, columns []string, rows []record.Value) error {
	if len(rows) == 0 {
		return nil
	}
	if bulk, ok := tx.(sqldb.Bulk); ok && len(rows) > len(columns) {
		return bulk.InsertMany(ctx, table, columns, rows)
	}
	b := &builder{d: tx.Dialect(), buf: make([]byte, 0, 512)}
	b.add("INSERT INTO ").col("", table).add(" (")
	for i, c := range columns {
		if i > 0 {
			b.add(", ")
		}
		b.col("", c)
	}
	b.add(") VALUES (")
	for i, v := range rows[:len(columns)] {
		if i > 0 {
			b.add(", ")
		}
		b.arg(v)
	}
	b.add(")")
	_, err := tx.Exec(ctx, string(b.buf), b.args...)
	return err
}

func insertLinks(ctx context.Context, tx sqldb.Tx, e *schema.Entity, f *schema.Field, recs []*record.Record) error {
	columns := []string{"id", "position", "target"}
	phone := f.Type.Name() == "phone"
	if phone {
		columns = append(columns, "norm")
	}
	var rows []record.Value
	for _, r := range recs {
		for i, v := range r.At(f.Slot).List() {
			rows = append(rows, record.Int(r.ID()), record.Int(int64(i)), v)
			if phone {
				rows = append(rows, record.Text(text.NormalizePhone(v.Str(), "CN")))
			}
		}
	}
	for len(rows) == len(columns) { // a single row
		return insert(ctx, tx, LinkTable(e, f), columns, rows)
	}
	return insert(ctx, tx, LinkTable(e, f), columns, rows)
}

func insertLong(ctx context.Context, tx sqldb.Tx, e *schema.Entity, recs []*record.Record) error {
	if len(e.Long) == 0 {
		return nil
	}
	var rows []record.Value
	for _, r := range recs {
		for _, f := range e.Long {
			if v := r.At(f.Slot); !v.IsNull() {
				rows = append(rows, record.Int(r.ID()), record.Text(f.Key), v)
			}
		}
	}
	return insert(ctx, tx, LongTable(e), []string{"id", "field", "text"}, rows)
}

// ErrStale is returned by Update when the record's version is not the one expected.
var ErrStale = errs.New(errs.Conflict, "error.version")

// Update writes the changed fields of a record that is stored as before; after
// holds the new values, its version included. ErrStale when its version is
// another by now.
func Update(ctx context.Context, tx sqldb.Tx, e *schema.Entity, before, after *record.Record, changed []*schema.Field) error {
	b := &builder{d: tx.Dialect(), buf: make([]byte, 0, 512)}
	b.add("UPDATE ").col("", e.Table).add(" SET ")
	n := 0
	var vals []record.Value
	set := func(f *schema.Field) {
		vals = f.Type.Expand(f, after.At(f.Slot), vals[:0])
		for i, c := range f.Columns {
			if n > 0 {
				b.add(", ")
			}
			b.col("", c.Name).add(" = ").arg(vals[i])
			n++
		}
	}
	for _, f := range changed {
		if f.Stored() && !f.System {
			set(f)
		}
	}
	for _, slot := range []int{record.SlotVersion, record.SlotUpdatedAt, record.SlotUpdatedBy} {
		set(e.Fields[slot])
	}
	// Nearly every index holds deleted_at, and SQLite writes all indexes of a
	// column that is set, to whatever value.
	sums := e.Months != nil && touched(e, changed)
	for _, slot := range []int{record.SlotDeletedAt, record.SlotDeletedBy} {
		if !before.At(slot).Equal(after.At(slot)) {
			set(e.Fields[slot])
			sums = e.Months != nil
		}
	}
	b.add(" WHERE id = ").arg(record.Int(after.ID())).add(" AND version = ").arg(record.Int(before.Version()))
	hit, err := tx.Exec(ctx, string(b.buf), b.args...)
	if err != nil {
		return err
	}
	if hit == 0 {
		return ErrStale
	}
	if sums {
		if err := unsettle(ctx, tx, e, "id", []record.Value{record.Int(after.ID())}); err != nil {
			return err
		}
	}
	for _, f := range changed {
		if err := replaceAside(ctx, tx, e, f, after); err != nil {
			return err
		}
	}
	return nil
}

// replaceAside rewrites a field that is stored beside the entity's table.
func replaceAside(ctx context.Context, tx sqldb.Tx, e *schema.Entity, f *schema.Field, after *record.Record) error {
	b := &builder{d: tx.Dialect()}
	switch {
	case f.Many():
		b.add("DELETE FROM ").col("", LinkTable(e, f)).add(" WHERE id = ").arg(record.Int(after.ID()))
		if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
			return err
		}
		return insertLinks(ctx, tx, e, f, []*record.Record{after})
	case schema.IsLong(f):
		b.add("DELETE FROM ").col("", LongTable(e)).add(" WHERE id = ").arg(record.Int(after.ID())).add(" AND field = ").arg(record.Text(f.Key))
		if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
			return err
		}
		v := after.At(f.Slot)
		if v.IsNull() {
			return nil
		}
		return insert(ctx, tx, LongTable(e), []string{"id", "field", "text"}, []record.Value{record.Int(after.ID()), record.Text(f.Key), v})
	}
	return nil
}

// SetColumns writes system-kept columns (roll-ups) without touching the version.
func SetColumns(ctx context.Context, tx sqldb.Tx, e *schema.Entity, id int64, fields []*schema.Field, vals []record.Value) error {
	b := &builder{d: tx.Dialect()}
	b.add("UPDATE ").col("", e.Table).add(" SET ")
	for i, f := range fields {
		if i > 0 {
			b.add(", ")
		}
		b.col("", Column(f)).add(" = ").arg(vals[i])
	}
	b.add(" WHERE id = ").arg(record.Int(id))
	if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil || e.Months == nil || !touched(e, fields) {
		return err
	}
	return unsettle(ctx, tx, e, "id", []record.Value{record.Int(id)})
}

// Purge removes records for good; links and long texts with them.
func Purge(ctx context.Context, tx sqldb.Tx, e *schema.Entity, ids []record.Value) error {
	gone := func() error { return nil }
	if e.Months != nil {
		var err error
		if gone, err = moving(ctx, tx, e, "id", ids); err != nil {
			return err
		}
	}
	tables := []string{}
	for _, f := range e.Links {
		tables = append(tables, LinkTable(e, f))
	}
	if len(e.Long) > 0 {
		tables = append(tables, LongTable(e))
	}
	for _, table := range append(tables, e.Table) {
		b := &builder{d: tx.Dialect()}
		b.add("DELETE FROM ").col("", table).add(" WHERE ")
		b.oneOf("", "id", ids)
		if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil {
			return err
		}
	}
	return gone()
}

// Lock reads fields of records and, on PostgreSQL, locks their rows in order;
// deleted ones are among them, those that are not there are not. columns are
// those of fields.
func Lock(ctx context.Context, tx sqldb.Tx, e *schema.Entity, fields []*schema.Field, columns *Columns, ids []record.Value) ([]*record.Record, error) {
	b := &builder{d: tx.Dialect(), buf: make([]byte, 0, 1024)}
	b.add("SELECT ", columns.text, " FROM ").col("", e.Table).add(" t WHERE ").oneOf("t", "id", ids)
	if b.d == sqldb.Postgres {
		if len(ids) > 1 {
			b.add(" ORDER BY t.id")
		}
		b.add(" FOR UPDATE")
	}
	var out sqldb.Rows
	if err := tx.Query(ctx, string(b.buf), b.args, columns.kinds, &out); err != nil {
		return nil, err
	}
	recs := make([]*record.Record, out.Len())
	for i := range recs {
		recs[i] = record.New(e.Shape)
		Unpack(out.Row(i), fields, recs[i])
	}
	return recs, nil
}

// SetComputed writes computed fields of a record that is locked. They are no
// edit: version and times stay.
func SetComputed(ctx context.Context, tx sqldb.Tx, e *schema.Entity, rec *record.Record, fields []*schema.Field) error {
	b := &builder{d: tx.Dialect(), buf: make([]byte, 0, 256)}
	b.add("UPDATE ").col("", e.Table).add(" SET ")
	n := 0
	for _, f := range fields {
		for i, v := range f.Type.Expand(f, rec.At(f.Slot), nil) {
			if n > 0 {
				b.add(", ")
			}
			b.col("", f.Columns[i].Name).add(" = ").arg(v)
			n++
		}
	}
	b.add(" WHERE id = ").arg(record.Int(rec.ID()))
	if _, err := tx.Exec(ctx, string(b.buf), b.args...); err != nil || e.Months == nil || !touched(e, fields) {
		return err
	}
	return unsettle(ctx, tx, e, "id", []record.Value{record.Int(rec.ID())})
}

// After lists the ids that follow id, deleted records among them, ascending.
func After(ctx context.Context, q sqldb.Querier, e *schema.Entity, id int64, limit int) ([]record.Value, error) {
	b := &builder{d: q.Dialect()}
	b.add("SELECT id FROM ").col("", e.Table).add(" WHERE id > ").arg(record.Int(id)).add(" ORDER BY id LIMIT ").arg(record.Int(int64(limit)))
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindInt}, &rows); err != nil {
		return nil, err
	}
	ids := make([]record.Value, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i, 0)
	}
	return ids, nil
}

// Rows counts the rows of an entity's table, deleted records among them.
func Rows(ctx context.Context, q sqldb.Querier, e *schema.Entity) (int64, error) {
	b := &builder{d: q.Dialect()}
	b.add("SELECT count(*) FROM ").col("", e.Table)
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), nil, []record.Kind{record.KindInt}, &rows); err != nil {
		return 0, err
	}
	return rows.At(0, 0).Int(), nil
}

// Add adds rows to a table of the platform; rows is row-major.
func Add(ctx context.Context, tx sqldb.Tx, table string, columns []string, rows []record.Value) error {
	return insert(ctx, tx, table, columns, rows)
}
