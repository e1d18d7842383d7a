package store

import (
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// span is a bucket of a group. It begins at from, the first of all with time,
// and ends before to; the last ends never.
type span struct {
	group    Group
	from, to time.Time
}

// within writes that a row lies in a bucket.
func (b *builder) within(s *span) {
	b.col(b.at(s.group.Steps), Column(s.group.Field)).add(" IS NOT NULL")
	if !s.from.IsZero() {
		b.add(" AND NOT ").before(s.group, s.from)
	}
	if !s.to.IsZero() {
		b.add(" AND ").before(s.group, s.to)
	}
}

// spread is an aggregate whose buckets stand beside one another as the database
// is asked for it, each sum for each bucket: it then makes and sends as many rows
// as there are groups, not as there are buckets in them.
func (a *Aggregate) spread() *Aggregate {
	out := *a
	out.Groups, out.Measures = a.Groups[:len(a.Groups)-1], nil
	for _, m := range a.Measures {
		if m.Op == "count" {
			out.Measures = append(out.Measures, m)
			continue
		}
		for _, s := range a.buckets() {
			m.in = &s
			out.Measures = append(out.Measures, m)
		}
	}
	return &out
}

// buckets are those of the last group.
func (a *Aggregate) buckets() []span {
	g := a.Groups[len(a.Groups)-1]
	list := []span{{group: g}}
	for _, at := range g.Cuts {
		list[len(list)-1].to = at
		list = append(list, span{group: g, from: at})
	}
	return list
}

// foldAcross is foldRows of buckets that stand beside one another.
func foldAcross(ctx context.Context, q sqldb.Querier, scan sqldb.Scanner, a *Aggregate, bounds [][]time.Time) ([][]record.Value, error) {
	all := *a
	all.Cap = a.cap() * (len(a.buckets()) + 1) // one more for what has no day
	rows, err := foldRows(ctx, q, scan, &all, bounds)
	if err != nil {
		return nil, err
	}
	rows = across(a, rows)
	return rows[:min(len(rows), a.cap())], nil
}

// across puts rows of buckets, in the order of their keys, beside one another.
func across(a *Aggregate, rows [][]record.Value) (out [][]record.Value) {
	keys, buckets := len(a.Groups)-1, len(a.buckets())
	wide := keys + len(a.spread().Measures)
	var is []record.Value
	for _, row := range rows {
		if len(out) == 0 || !slices.Equal(row[:keys], is[:keys]) {
			is = append(make([]record.Value, 0, wide), row[:keys]...)[:wide]
			out = append(out, is)
		}
		at := keys
		for i, m := range a.Measures {
			v := row[keys+1+i]
			if m.Op == "count" {
				is[at] = record.Int(is[at].Int() + v.Int())
				at++
				continue
			}
			if !row[keys].IsNull() { // what has no day is in no bucket
				is[at+int(row[keys].Int())] = v
			}
			at += buckets
		}
	}
	return out
}
