package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Group is one key of an aggregate; Unit makes buckets of a date or moment,
// Cuts those between moments of the asker's own: the key is the bucket's number
// then, 0 before the first of them.
type Group struct {
	Field *schema.Field
	Steps []query.Step // the references that lead to it, each under the read rights of where it leads
	Unit  calendar.Unit
	Cuts  []time.Time
}

// bucketed says whether the key is a bucket.
func (g Group) bucketed() bool { return g.Unit != "" || g.Cuts != nil }

// Measure is count, or sum, avg, min, max of a field, of the records that Only
// holds of where it is set.
type Measure struct {
	Op    string
	Field *schema.Field
	Only  *query.Cond

	in *span // nil = in all of them
}

// Aggregate asks for measures by group under the rights of its Select.
type Aggregate struct {
	Select
	Groups   []Group
	Measures []Measure
	Most     int  // that many groups with the greatest first measure, greatest first; 0 = by their keys
	Cap      int  // that many groups at most, the first by their keys; 0 = groupCap
	Whole    bool // with Most: the last row is that of all groups together, its keys empty
	Across   bool // without Most: the buckets between the Cuts of the last group are no key; a sum stands once for each of them instead, a count is of all

	kept *keptSums // nil = by the rows alone
}

// cap is how many groups are read.
func (a *Aggregate) cap() int { return cmp.Or(a.Most, a.Cap, groupCap) }

// whole says whether all groups are wanted together too.
func (a *Aggregate) whole() bool { return a.Whole && a.Most > 0 && len(a.Groups) > 0 }

// groupCap bounds the groups that are read; an answer beyond is cut and says so.
const groupCap = 10_001

// RunAggregate gives a row for each group, keys first, in order of the keys.
// Buckets are made in Go as ranges in the zone and given as their first day.
func RunAggregate(ctx context.Context, db sqldb.DB, a Aggregate, zone *time.Location) (out [][]record.Value, err error) {
	err = db.Read(ctx, func(q sqldb.Querier) error {
		out, err = AggregateIn(ctx, q, a, zone)
		return err
	})
	return out, err
}

// AggregateIn is RunAggregate as a part of a larger read.
func AggregateIn(ctx context.Context, q sqldb.Querier, a Aggregate, zone *time.Location) ([][]record.Value, error) {
	if a.Permit.Pred() == nil {
		return nil, nil
	}
	bounds := make([][]time.Time, len(a.Groups))
	for i, g := range a.Groups {
		var err error
		if bounds[i], err = bucketsOf(ctx, q, a.Select, g, zone); err != nil {
			return nil, err
		}
	}
	near := shortened(a)
	if err := near.keep(ctx, q); err != nil {
		return nil, err
	}
	rows, err := groupRows(ctx, q, &near, bounds)
	if err != nil {
		return nil, err
	}
	told := &a
	if a.Across {
		told = a.spread()
	}
	for i, row := range rows {
		rows[i] = finish(told, bounds, row, zone)
	}
	return rows, nil
}

// groupRows gives a row for each group: keys, buckets by their number, then the
// measures, an average as a sum and a count.
func groupRows(ctx context.Context, q sqldb.Querier, a *Aggregate, bounds [][]time.Time) ([][]record.Value, error) {
	if scan, is := q.(sqldb.Scanner); is {
		if a.Across {
			return foldAcross(ctx, q, scan, a, bounds)
		}
		return foldRows(ctx, q, scan, a, bounds)
	}
	if a.Across {
		a = a.spread()
	}
	b := &builder{d: q.Dialect(), rights: a.Rights}
	kinds := b.aggregate(a, bounds)
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, kinds, &rows); err != nil {
		return nil, err
	}
	out := make([][]record.Value, 0, rows.Len()+1)
	wide := len(kinds)
	if a.whole() { // what all come to stands behind every row
		wide = len(a.Groups) + (len(kinds)-len(a.Groups))/2
	}
	for i := range rows.Len() {
		out = append(out, rows.Row(i)[:wide:wide])
	}
	if a.whole() && rows.Len() > 0 {
		out = append(out, slices.Concat(make([]record.Value, len(a.Groups)), rows.Row(0)[wide:]))
	}
	return out, nil
}

// aggregate writes the statement for PostgreSQL, and for what a rule adds up
// within a write on SQLite.
func (b *builder) aggregate(a *Aggregate, bounds [][]time.Time) []record.Kind {
	var kinds []record.Kind
	b.join(a)
	b.add("SELECT ")
	for i, g := range a.Groups {
		if i > 0 {
			b.add(", ")
		}
		if !g.bucketed() {
			b.col(b.at(g.Steps), Column(g.Field))
			kinds = append(kinds, g.Field.Columns[0].Kind)
		} else {
			b.bucket(g, bounds[i])
			kinds = append(kinds, record.KindInt)
		}
	}
	for i, m := range a.Measures {
		if i+len(a.Groups) > 0 {
			b.add(", ")
		}
		kinds = append(kinds, b.measure(a, m, false)...)
	}
	if a.whole() {
		for _, m := range a.Measures {
			b.add(", ")
			kinds = append(kinds, b.measure(a, m, true)...)
		}
	}
	b.add(" FROM ")
	if a.kept != nil {
		b.parts(a)
		b.joined(a.Snap)
		b.remaining(a)
	} else {
		b.col("", a.Entity.Table).add(" t ")
		b.joined(a.Snap)
		b.counted(&a.Select)
	}
	for i := range a.Groups {
		if i == 0 {
			b.add(" GROUP BY ")
		} else {
			b.add(", ")
		}
		b.add(ordinal(i))
	}
	if a.Most > 0 {
		b.add(" ORDER BY ", ordinal(len(a.Groups)), " DESC")
		if b.d == sqldb.Postgres {
			b.add(" NULLS LAST")
		}
	}
	for i := range a.Groups {
		if i == 0 && a.Most == 0 {
			b.add(" ORDER BY ")
		} else {
			b.add(", ")
		}
		b.add(ordinal(i))
	}
	b.limit(a.cap())
	return kinds
}

// counted writes which rows t are counted.
func (b *builder) counted(s *Select) {
	b.add("WHERE t.", live, " AND ")
	b.permit(s.Snap, s.Entity, "t", s.Permit.Pred())
	if s.Where != nil {
		b.add(" AND ")
		b.cond(s.Snap, s.Entity, "t", s.Where)
	}
	if s.Words != nil {
		cond, args := s.Words.Within("t.id", len(b.args)+1)
		b.args = append(b.args, args...)
		b.add(" AND ", cond)
	}
}

func ordinal(i int) string { return strconv.Itoa(i + 1) }

// measure writes the columns of a measure: of each group, or of all of them
// together in every row.
func (b *builder) measure(a *Aggregate, m Measure, whole bool) []record.Kind {
	one := func(fn, again string, big bool) {
		if whole {
			b.add(again, "(")
		}
		b.add(fn)
		switch {
		case m.Field == nil && a.kept != nil:
			b.add("(").col("t", sumRows).add(")")
		case m.Field == nil:
			b.add("(*)")
		default:
			b.add("(").col("t", Column(m.Field)).add(")")
		}
		if sign := " FILTER (WHERE "; m.Only != nil || m.in != nil {
			if m.Only != nil {
				b.add(sign)
				b.cond(a.Snap, a.Entity, "t", m.Only)
				sign = " AND "
			}
			if m.in != nil {
				b.add(sign)
				b.within(m.in)
			}
			b.add(")")
		}
		if whole {
			b.add(") OVER ()")
		}
		if big && b.d == sqldb.Postgres {
			b.add("::bigint") // a sum of them is numeric there
		}
	}
	if m.Op == "count" && a.kept != nil {
		one("sum", "sum", true)
		return []record.Kind{record.KindInt}
	}
	switch m.Op {
	case "count":
		one("count", "sum", whole)
	case "avg":
		one("sum", "sum", true)
		b.add(", ")
		one("count", "sum", whole)
		return []record.Kind{record.KindInt, record.KindInt}
	case "sum":
		one("sum", "sum", true)
	default:
		one(m.Op, m.Op, false)
		return []record.Kind{m.Field.Columns[0].Kind}
	}
	return []record.Kind{record.KindInt}
}

// bucket writes the number of the bucket a value falls into: a balanced tree of
// comparisons, so that a year of days costs nine of them.
func (b *builder) bucket(g Group, bounds []time.Time) {
	if len(bounds) == 0 {
		b.add("CAST(NULL AS BIGINT)")
		return
	}
	b.add("CASE WHEN ").col(b.at(g.Steps), Column(g.Field)).add(" IS NULL THEN NULL ELSE ")
	b.bucketTree(g, bounds, 0, len(bounds))
	b.add(" END")
}

func (b *builder) bucketTree(g Group, bounds []time.Time, lo, hi int) {
	if hi-lo == 1 {
		b.add(strconv.Itoa(lo))
		return
	}
	mid := (lo + hi) / 2
	b.add("CASE WHEN ").before(g, bounds[mid])
	b.add(" THEN ")
	b.bucketTree(g, bounds, lo, mid)
	b.add(" ELSE ")
	b.bucketTree(g, bounds, mid, hi)
	b.add(" END")
}

// before writes that a value lies before a moment.
func (b *builder) before(g Group, at time.Time) {
	b.col(b.at(g.Steps), Column(g.Field)).add(" < ")
	if g.Field.Columns[0].Kind == record.KindText {
		b.arg(record.Text(at.Format(time.DateOnly)))
	} else {
		b.add(strconv.FormatInt(at.UnixMicro(), 10))
	}
}

// finish turns bucket numbers into days and sums into averages.
func finish(a *Aggregate, bounds [][]time.Time, row []record.Value, zone *time.Location) []record.Value {
	out := row[:0] // nothing is written before it was read: an average becomes one of two
	for i, g := range a.Groups {
		v := row[i]
		if g.Unit != "" && !v.IsNull() {
			v = record.Text(bounds[i][v.Int()].In(zone).Format(time.DateOnly))
		}
		out = append(out, v)
	}
	at := len(a.Groups)
	for _, m := range a.Measures {
		v := row[at]
		at++
		if m.Op == "avg" {
			n := row[at]
			at++
			if !v.IsNull() && n.Int() > 0 {
				avg, err := decimal.MulDiv(v.Int(), 1, n.Int())
				if err == nil {
					v = record.Int(avg)
				}
			}
		}
		if (m.Op == "sum" || m.Op == "count") && v.IsNull() {
			v = record.Int(0)
		}
		out = append(out, v)
	}
	return out
}
