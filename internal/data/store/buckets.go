package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

const (
	// denseBuckets is up to how many buckets all are made between the least and
	// the greatest value. Where there would be more, mostly for one mistyped
	// year, only those are made that a value falls into.
	denseBuckets = 1000
	// mostDays is on how many days the values may lie that need more.
	mostDays = 10_000
	day      = 24 * time.Hour
)

// bucketsOf gives the first moments of the buckets of a group's values, in
// order: every value lies in the last one that begins at or before it.
func bucketsOf(ctx context.Context, q sqldb.Querier, s Select, g Group, zone *time.Location) ([]time.Time, error) {
	if g.Cuts != nil {
		return append([]time.Time{{}}, g.Cuts...), nil // what is before the first begins with time
	}
	if g.Unit == "" {
		return nil, nil
	}
	if bounds := boundsOf(s.Where, g, zone); bounds != nil {
		return bounds, nil
	}
	s = s.within(g.Steps)
	b := &builder{d: q.Dialect(), rights: s.Rights}
	column, kind := Column(g.Field), g.Field.Columns[0].Kind
	// Each bound is a question of its own: the index answers it at its end.
	for i, fn := range []string{"min", "max"} {
		if i > 0 {
			b.add(" UNION ALL ")
		}
		b.add("SELECT ", fn, "(").col("t", column).add(") FROM ").col("", s.Entity.Table).add(" t WHERE t.", live)
	}
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{kind}, &rows); err != nil {
		return nil, err
	}
	if rows.Len() < 2 || rows.At(0, 0).IsNull() {
		return nil, nil
	}
	from, to := moment(rows.At(0, 0), zone), moment(rows.At(1, 0), zone)
	bounds, ok := calendar.Buckets(from, to.Add(time.Microsecond), g.Unit, zone, denseBuckets)
	if !ok {
		return sparse(ctx, q, s, g, zone)
	}
	return bounds[:len(bounds)-1], nil // the last is the end of the last bucket
}

// boundsOf gives the buckets of the time that a condition leaves, nil where it
// leaves one side open or more buckets than are made.
func boundsOf(where *query.Cond, g Group, zone *time.Location) []time.Time {
	from, to := limits(where, g)
	if from.IsNull() || to.IsNull() || from.Compare(to) > 0 {
		return nil
	}
	bounds, ok := calendar.Buckets(moment(from, zone), moment(to, zone).Add(time.Microsecond), g.Unit, zone, denseBuckets)
	if !ok || len(bounds) < 2 {
		return nil
	}
	return bounds[:len(bounds)-1]
}

// limits are the least and greatest value of a group's field that a condition
// allows, null for any.
func limits(c *query.Cond, g Group) (from, to record.Value) {
	if c == nil {
		return record.Null, record.Null
	}
	if c.Kind == query.And {
		for _, kid := range c.Kids {
			low, high := limits(kid, g)
			if from.IsNull() || !low.IsNull() && low.Compare(from) > 0 {
				from = low
			}
			if to.IsNull() || !high.IsNull() && high.Compare(to) < 0 {
				to = high
			}
		}
		return from, to
	}
	if c.Kind != query.Compare || c.Field != g.Field || !slices.Equal(c.Steps, g.Steps) {
		return record.Null, record.Null
	}
	switch c.Op {
	case schema.OpGe, schema.OpGt:
		return c.Vals[0], record.Null
	case schema.OpLe, schema.OpLt:
		return record.Null, c.Vals[0]
	case schema.OpEq:
		return c.Vals[0], c.Vals[0]
	case schema.OpBetween:
		return c.Vals[0], c.Vals[1]
	}
	return record.Null, record.Null
}

// sparse gives the buckets of the days that have values among those that are
// asked for, and a few beside them. Values on too many days: Invalid
// "error.buckets_many" at the field.
func sparse(ctx context.Context, q sqldb.Querier, s Select, g Group, zone *time.Location) ([]time.Time, error) {
	b := &builder{d: q.Dialect(), rights: s.Rights}
	column, kind := Column(g.Field), g.Field.Columns[0].Kind
	b.add("SELECT DISTINCT ").col("t", column)
	if kind == record.KindInt {
		b.add(" / ", strconv.FormatInt(day.Microseconds(), 10))
	}
	b.add(" FROM ").col("", s.Entity.Table).add(" t WHERE t.", live, " AND ").col("t", column).add(" IS NOT NULL AND ")
	b.permit(s.Snap, s.Entity, "t", s.Permit.Pred())
	if s.Where != nil {
		b.add(" AND ")
		b.cond(s.Snap, s.Entity, "t", s.Where)
	}
	b.limit(mostDays + 1)
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{kind}, &rows); err != nil {
		return nil, err
	}
	if rows.Len() > mostDays {
		return nil, errs.New(errs.Invalid, "error.buckets_many", "field", g.Field.Key, "max", strconv.Itoa(mostDays)).At(g.Field.Key)
	}
	var out []time.Time
	for i := range rows.Len() {
		v := rows.At(i, 0)
		if kind == record.KindText {
			out = append(out, g.Unit.Start(moment(v, zone), zone))
			continue
		}
		// A day of the world is part of two days of a zone, and before 1970
		// the number is that of the day after.
		for n := v.Int() - 1; n <= v.Int()+1; n++ {
			out = append(out, g.Unit.Start(time.UnixMicro(n*day.Microseconds()), zone))
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal), nil
}

func moment(v record.Value, zone *time.Location) time.Time {
	if v.Kind() == record.KindText {
		return calendar.Date(v.Str()).Start(zone)
	}
	return time.UnixMicro(v.Int())
}
