package store

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Use is how many records hold an option.
type Use struct {
	Live   int64
	Binned int64 // in the recycle bin
}

// UseOfOptions counts the records that hold each option of a choice, those that
// the permit reaches. Of s only Snap, Entity, Permit and Rights are asked.
func UseOfOptions(ctx context.Context, q sqldb.Querier, s Select, f *schema.Field) (map[string]Use, error) {
	if s.Permit.Pred() == nil {
		return nil, nil
	}
	b := &builder{d: q.Dialect(), rights: s.Rights}
	if f.Many() {
		b.add("SELECT l.target, CASE WHEN t.deleted_at IS NULL THEN 0 ELSE 1 END, count(*) FROM ").col("", LinkTable(s.Entity, f)).add(" l JOIN ").col("", s.Entity.Table).add(" t ON t.id = l.id WHERE ")
	} else {
		b.add("SELECT ").col("t", Column(f)).add(", CASE WHEN t.deleted_at IS NULL THEN 0 ELSE 1 END, count(*) FROM ").col("", s.Entity.Table).add(" t WHERE ")
		b.col("t", Column(f)).add(" IS NOT NULL AND ")
	}
	b.permit(s.Snap, s.Entity, "t", s.Permit.Pred())
	b.add(" GROUP BY 1, 2")
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindText, record.KindInt, record.KindInt}, &rows); err != nil {
		return nil, err
	}
	out := map[string]Use{}
	for i := range rows.Len() {
		u := out[rows.At(i, 0).Str()]
		if rows.At(i, 1).Int() == 1 {
			u.Binned += rows.At(i, 2).Int()
		} else {
			u.Live += rows.At(i, 2).Int()
		}
		out[rows.At(i, 0).Str()] = u
	}
	return out, nil
}
