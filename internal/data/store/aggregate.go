package store

import (
	"context"
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

// Measure is count, or sum, avg, min, max of a field.
type Measure struct {
	Op    string
	Field *schema.Field
}

// Aggregate asks for measures by group under the rights of its Select.
type Aggregate struct {
	Select
	Groups   []Group
	Measures []Measure
	Most     int // that many groups with the greatest first measure, greatest first; 0 = by their keys
}

// cap is how many groups are read.
func (a *Aggregate) cap() int {
	if a.Most > 0 {
		return a.Most
	}
	return groupCap
}

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
	rows, err := groupRows(ctx, q, &a, bounds)
	if err != nil {
		return nil, err
	}
	out := make([][]record.Value, len(rows))
	for i, row := range rows {
		out[i] = finish(&a, bounds, row, zone)
	}
	return out, nil
}

// groupRows gives a row for each group: keys, buckets by their number, then the
// measures, an average as a sum and a count.
func groupRows(ctx context.Context, q sqldb.Querier, a *Aggregate, bounds [][]time.Time) ([][]record.Value, error) {
	if scan, is := q.(sqldb.Scanner); is {
		return foldRows(ctx, q, scan, a, bounds)
	}
	b := &builder{d: q.Dialect(), rights: a.Rights}
	kinds := b.aggregate(a, bounds)
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, kinds, &rows); err != nil {
		return nil, err
	}
	out := make([][]record.Value, rows.Len())
	for i := range out {
		out[i] = rows.Row(i)
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
		kinds = append(kinds, record.KindInt)
		switch m.Op {
		case "count":
			b.add("count(*)")
		case "avg":
			b.sum(m.Field)
			b.add(", count(").col("t", Column(m.Field)).add(")")
			kinds = append(kinds, record.KindInt)
		case "sum":
			b.sum(m.Field)
		default:
			b.add(m.Op, "(").col("t", Column(m.Field)).add(")")
			kinds[len(kinds)-1] = m.Field.Columns[0].Kind
		}
	}
	b.add(" FROM ").col("", a.Entity.Table).add(" t ")
	b.joined(a.Snap)
	b.counted(&a.Select)
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

func (b *builder) sum(f *schema.Field) {
	b.add("sum(").col("t", Column(f)).add(")")
	if b.d == sqldb.Postgres {
		b.add("::bigint") // a sum of them is numeric there
	}
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
	b.add("CASE WHEN ").col(b.at(g.Steps), Column(g.Field)).add(" < ")
	if g.Field.Columns[0].Kind == record.KindText {
		b.arg(record.Text(bounds[mid].Format(time.DateOnly)))
	} else {
		b.add(strconv.FormatInt(bounds[mid].UnixMicro(), 10))
	}
	b.add(" THEN ")
	b.bucketTree(g, bounds, lo, mid)
	b.add(" ELSE ")
	b.bucketTree(g, bounds, mid, hi)
	b.add(" END")
}

// finish turns bucket numbers into days and sums into averages.
func finish(a *Aggregate, bounds [][]time.Time, row []record.Value, zone *time.Location) []record.Value {
	out := make([]record.Value, 0, len(row))
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
		if m.Op == "sum" && v.IsNull() {
			v = record.Int(0)
		}
		out = append(out, v)
	}
	return out
}
