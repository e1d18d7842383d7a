package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// keptSums is what an aggregate is answered by where settled months are among what
// it asks: their sums, and the rows of the days between them.
type keptSums struct {
	months []record.Value
	days   []days
	rest   *query.Cond // of the condition, without the day
}

// days are those from a first one up to a last one, which is not of them; "" is
// open. None are those of rows without a day.
type days struct {
	from, to string
	none     bool
}

// mostSpans is how many times between settled months are asked for.
const mostSpans = 12

// keep has an aggregate answered by settled months as far as it can be.
func (a *Aggregate) keep(ctx context.Context, q sqldb.Querier) error {
	m := a.Entity.Months
	if m == nil || !a.summable() {
		return nil
	}
	// Which months are settled is asked before they are read: others may take one
	// out in between where the two see different moments.
	_, scans := q.(sqldb.Scanner)
	if s, is := q.(sqldb.Snapshotter); !scans && (!is || !s.Snapshot()) {
		return nil // within a write
	}
	span, ok := dayRange(a.Where, m.Day)
	if !ok {
		return nil
	}
	_, settled := monthTables(a.Entity)
	b := &builder{d: q.Dialect()}
	b.add("SELECT ").col("t", Column(m.Day)).add(" FROM ").col("", settled).add(" t")
	if span.from != "" {
		b.add(" WHERE ").col("t", Column(m.Day)).add(" >= ").arg(record.Text(span.from))
	}
	b.add(" ORDER BY 1")
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindText}, &rows); err != nil {
		return err
	}
	k := &keptSums{rest: withoutDay(a.Where, m.Day)}
	at := span.from
	for i := range rows.Len() {
		month := strings.Clone(rows.At(i, 0).Str())
		next := nextMonth(month)
		if span.to != "" && next > span.to {
			break
		}
		k.months = append(k.months, record.Text(month))
		if at < month {
			k.days = append(k.days, days{from: at, to: month})
		}
		at = next
	}
	if span.to == "" || at < span.to {
		k.days = append(k.days, days{from: at, to: span.to})
	}
	if span.from == "" && span.to == "" {
		k.days = append(k.days, days{none: true})
	}
	if len(k.months) > 0 && len(k.days) <= mostSpans {
		a.kept = k
	}
	return nil
}

// summable says whether sums by month tell all that is asked.
func (a *Aggregate) summable() bool {
	m := a.Entity.Months
	p := a.Permit.Pred()
	if _, all := branches(a.Snap, a.Entity, p); !all || p.Except != nil || a.Words != nil {
		return false
	}
	for _, g := range a.Groups {
		switch {
		case len(g.Steps) > 0:
			if !slices.Contains(m.By, g.Steps[0].Field) {
				return false
			}
		case g.Field == m.Day:
			if g.Unit != "month" && g.Unit != "quarter" && g.Unit != "year" {
				return false
			}
		case g.bucketed() || !slices.Contains(m.By, g.Field):
			return false
		}
	}
	for _, x := range a.Measures {
		if x.Only != nil || x.Op != "count" && (x.Op != "sum" || !slices.Contains(m.Of, x.Field)) {
			return false
		}
	}
	return summableCond(m, a.Where, true)
}

// summableCond says whether a condition holds of all rows of a sum or of none;
// at its top it may also limit the days.
func summableCond(m *schema.Months, c *query.Cond, top bool) bool {
	switch {
	case c == nil || c.Kind == query.Constant:
		return true
	case c.Kind == query.And || c.Kind == query.Or:
		return !slices.ContainsFunc(c.Kids, func(kid *query.Cond) bool { return !summableCond(m, kid, top && c.Kind == query.And) })
	case c.Kind != query.Compare:
		return false
	case len(c.Steps) > 0:
		return slices.Contains(m.By, c.Steps[0].Field)
	case c.Field == m.Day:
		return top
	case slices.Contains(m.Of, c.Field):
		return c.Op == schema.OpNull || c.Op == schema.OpNotNull
	}
	return slices.Contains(m.By, c.Field)
}

// dayRange is what days a condition leaves; not ok where it says more than
// between which days they are.
func dayRange(c *query.Cond, day *schema.Field) (out days, ok bool) {
	switch {
	case c == nil:
		return days{}, true
	case c.Kind == query.And:
		for _, kid := range c.Kids {
			one, ok := dayRange(kid, day)
			if !ok {
				return days{}, false
			}
			out.from = max(out.from, one.from)
			if one.to != "" && (out.to == "" || one.to < out.to) {
				out.to = one.to
			}
		}
		return out, true
	case c.Kind != query.Compare || len(c.Steps) > 0 || c.Field != day:
		return days{}, true
	}
	var last string // of them
	switch c.Op {
	case schema.OpGe:
		return days{from: c.Vals[0].Str()}, c.Vals[0].Str() != ""
	case schema.OpLt:
		return days{to: c.Vals[0].Str()}, c.Vals[0].Str() != ""
	case schema.OpLe:
		last = c.Vals[0].Str()
	case schema.OpEq, schema.OpBetween:
		out.from, last = c.Vals[0].Str(), c.Vals[len(c.Vals)-1].Str()
	default:
		return days{}, false
	}
	t, err := time.Parse(time.DateOnly, last)
	out.to = t.AddDate(0, 0, 1).Format(time.DateOnly)
	return out, err == nil
}

// withoutDay is a condition without what its top says of the day.
func withoutDay(c *query.Cond, day *schema.Field) *query.Cond {
	switch {
	case c == nil || c.Kind == query.Compare && len(c.Steps) == 0 && c.Field == day:
		return nil
	case c.Kind != query.And:
		return c
	}
	rest := *c
	rest.Kids = nil
	for _, kid := range c.Kids {
		if left := withoutDay(kid, day); left != nil {
			rest.Kids = append(rest.Kids, left)
		}
	}
	if len(rest.Kids) == 0 {
		return nil
	}
	return &rest
}

// within writes that a row is of some days.
func (d days) within(b *builder, column string) {
	if d.none {
		b.add(" AND ").col("t", column).add(" IS NULL")
		return
	}
	if d.from != "" {
		b.add(" AND ").col("t", column).add(" >= ").arg(record.Text(d.from))
	}
	if d.to != "" {
		b.add(" AND ").col("t", column).add(" < ").arg(record.Text(d.to))
	}
}

// parts writes rows and sums as one table t, each with how many rows it is.
func (b *builder) parts(a *Aggregate) {
	m := a.Entity.Months
	columns := func() {
		b.col("t", Column(m.Day))
		for _, f := range slices.Concat(m.By, m.Of) {
			b.add(", ").col("t", Column(f))
		}
	}
	b.add("(")
	for _, d := range a.kept.days {
		b.add("SELECT ")
		columns()
		b.add(", 1::bigint AS ").col("", sumRows).add(" FROM ").col("", a.Entity.Table).add(" t WHERE t.", live)
		d.within(b, Column(m.Day))
		b.add(" UNION ALL ")
	}
	sums, _ := monthTables(a.Entity)
	b.add("SELECT ")
	columns()
	b.add(", ").col("t", sumRows).add(" FROM ").col("", sums).add(" t WHERE ").oneOf("t", Column(m.Day), a.kept.months).add(") t ")
}

// remaining writes which of the parts are counted.
func (b *builder) remaining(a *Aggregate) {
	b.add("WHERE 1=1")
	if a.kept.rest != nil {
		b.add(" AND ")
		b.cond(a.Snap, a.Entity, "t", a.kept.rest)
	}
}

// foldKept is foldRows of an aggregate that settled months answer in part: it
// goes through each part by itself.
func foldKept(ctx context.Context, q sqldb.Querier, scan sqldb.Scanner, a *Aggregate, bounds [][]time.Time) ([][]record.Value, error) {
	day := Column(a.Entity.Months.Day)
	sums, _ := monthTables(a.Entity)
	var f *fold
	part := func(weight, table string, which func(b *builder)) error {
		b := &builder{d: q.Dialect(), rights: a.Rights}
		b.join(a)
		fresh := newFold(a, bounds, b, make([]string, len(a.Measures)))
		if f == nil {
			f = fresh
			f.weight = len(f.columns) + 1
		}
		columns := strings.Join(append(slices.Clone(fresh.columns), weight), ", ")
		b.joined(a.Snap)
		joins := string(b.buf)
		b.buf = b.buf[:0]
		b.remaining(a)
		which(b)
		where := string(b.buf)
		cover := ""
		if table == a.Entity.Table {
			if name := covering(a, joins != "", columns, joins, where); name != "" {
				cover = `INDEXED BY "` + name + `" `
			}
		}
		return scan.Scan(ctx, columns, `FROM "`+table+`" t `+cover+joins+where, b.args, f.add)
	}
	err := part(`t."`+sumRows+`"`, sums, func(b *builder) { b.add(" AND ").oneOf("t", day, a.kept.months) })
	for i := 0; err == nil && i < len(a.kept.days); i++ {
		err = part("1", a.Entity.Table, func(b *builder) {
			b.add(" AND t.", live)
			a.kept.days[i].within(b, day)
		})
	}
	if err != nil {
		return nil, err
	}
	return f.rows()
}
