package store

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// LoadLinks calls put with the values of a many-valued field for each id that has some.
func LoadLinks(ctx context.Context, q sqldb.Querier, e *schema.Entity, f *schema.Field, ids []record.Value, put func(id int64, vals record.Value)) error {
	b := &builder{d: q.Dialect()}
	b.add("SELECT id, target FROM ").col("", LinkTable(e, f)).add(" WHERE ")
	b.oneOf("", "id", ids)
	b.add(" ORDER BY id, position")
	var out sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindInt, linkKind(f)}, &out); err != nil {
		return err
	}
	for i := 0; i < out.Len(); {
		id := out.At(i, 0).Int()
		var vals []record.Value
		for i < out.Len() && out.At(i, 0).Int() == id {
			vals = append(vals, out.At(i, 1))
			i++
		}
		put(id, record.List(vals))
	}
	return nil
}

// LoadLong calls put with the long texts of the fields for each id that has some.
func LoadLong(ctx context.Context, q sqldb.Querier, e *schema.Entity, fields []*schema.Field, ids []record.Value, put func(id int64, f *schema.Field, v record.Value)) error {
	keys := make([]record.Value, len(fields))
	for i, f := range fields {
		keys[i] = record.Text(f.Key)
	}
	b := &builder{d: q.Dialect()}
	b.add("SELECT id, field, text FROM ").col("", LongTable(e)).add(" WHERE ")
	b.oneOf("", "id", ids)
	b.add(" AND ")
	b.oneOf("", "field", keys)
	var out sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindInt, record.KindText, record.KindText}, &out); err != nil {
		return err
	}
	for i := range out.Len() {
		for _, f := range fields {
			if f.Key == out.At(i, 1).Str() {
				put(out.At(i, 0).Int(), f, out.At(i, 2))
			}
		}
	}
	return nil
}

// Match appends the live records whose key of field f (by a duplicate rule's
// normalisation) is one of keys. It looks past rights: the caller masks what it tells.
func Match(ctx context.Context, tx sqldb.Tx, e *schema.Entity, f *schema.Field, by string, keys []record.Value, fields []*schema.Field, out *sqldb.Rows) error {
	b := &builder{d: tx.Dialect()}
	b.add("SELECT ")
	for i, g := range fields {
		for j, c := range readColumns(g) {
			if i+j > 0 {
				b.add(", ")
			}
			b.col("", c.Name)
		}
	}
	b.add(" FROM ").col("", e.Table).add(" WHERE ")
	b.oneOf("", MatchColumn(f, by), keys)
	b.add(" AND ", live, " ORDER BY id LIMIT ").arg(record.Int(int64(len(keys)) * matchLimit))
	return tx.Query(ctx, string(b.buf), b.args, kindsOf(fields), out)
}

// matchLimit bounds the duplicates looked at per key.
const matchLimit = 20
