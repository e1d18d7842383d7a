package ranking

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
	"github.com/guanxicrm/guanxi/internal/modules/targets/standing"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
	"github.com/guanxicrm/guanxi/internal/modules/targets/tree"
)

// What is asked: the measure, the ranking's first when empty; the period that a
// day is in, today's when empty.
var (
	Of = entity.Choice("measure", measure.Codes()...)
	On = entity.Date("date")
)

// What a row says. Who has as much as another has the same place. Before is the
// place in the period before, nothing for who had no figure there, Last the figure.
var (
	Place  = entity.Number("place")
	Before = entity.Number("before")
	Member = entity.Member("member")
	Dept   = entity.Dept("department")
	Actual = entity.Decimal("actual", 0)
	Target = entity.Decimal("target", 0)
	Rate   = entity.Percent("rate")
	Last   = entity.Decimal("last", 0)
)

// length is that of a ranking's period in months.
func length(r *record.Record) int {
	switch Period.Get(r) {
	case Quarter:
		return measure.Quarter
	case Year:
		return measure.Year
	}
	return measure.Month
}

// one is who stands in a ranking.
type one struct {
	id, actual, target, rate int64
	has                      bool // a target
	place                    int64
}

// board is a ranking of one measure while it is worked out.
type board struct {
	tx    entity.Reader
	r     *record.Record
	code  string
	kind  string // of target
	among []int64
	tree  *tree.Tree
}

func answer(ctx context.Context, tx entity.Reader, r, input *record.Record, _ time.Time) ([][]record.Value, bool, error) {
	b := board{tx: tx, r: r, code: Of.Get(input), kind: target.Member}
	if b.code == "" && len(Measures.Get(r)) > 0 {
		b.code = Measures.Get(r)[0].Str()
	}
	day := cmp.Or(On.Get(input), tx.Here().Today())
	span, err := measure.SpanOf(day, length(r))
	if err != nil {
		return nil, false, err
	}
	if b.tree, err = tree.Read(ctx, tx); err != nil {
		return nil, false, err
	}
	b.among = b.members()
	if Subjects.Get(r) == Depts {
		b.kind, b.among = target.Department, b.departments()
	}
	now, err := b.places(ctx, span)
	if err != nil {
		return nil, false, err
	}
	before, err := b.places(ctx, span.Before())
	if err != nil {
		return nil, false, err
	}
	then := make(map[int64]one, len(before))
	for _, o := range before {
		if o.actual > 0 { // who had nothing stood nowhere, whoever else had nothing
			then[o.id] = o
		}
	}
	more := len(now) > entity.MostAnswers
	rows := make([][]record.Value, 0, len(now))
	for _, o := range now[:min(len(now), entity.MostAnswers)] {
		rows = append(rows, b.row(o, then))
	}
	return rows, more, nil
}

func (b *board) row(o one, then map[int64]one) []record.Value {
	row := []record.Value{record.Int(o.place), record.Null, record.Null, record.Null, record.Int(o.actual), record.Null, record.Null, record.Null}
	if was, has := then[o.id]; has {
		row[1], row[7] = record.Int(was.place), record.Int(was.actual)
	}
	if b.kind == target.Member {
		row[2] = record.Int(o.id)
		if d := b.tree.DeptOf(o.id); d != 0 {
			row[3] = record.Int(d)
		}
	} else {
		row[3] = record.Int(o.id)
	}
	if o.has {
		row[5], row[6] = record.Int(o.target), record.Int(o.rate)
	}
	return row
}

// members are those that the ranking is of.
func (b *board) members() []int64 {
	within := Within.Get(b.r)
	if within == 0 {
		return b.tree.Everybody()
	}
	var out []int64
	for _, d := range b.tree.Under(within) {
		out = append(out, b.tree.Members(d)...)
	}
	return out
}

// departments are those that the ranking is of: a company that stands as one
// department at the top is not compared with itself.
func (b *board) departments() []int64 {
	out := b.tree.Below(Within.Get(b.r))
	for len(out) == 1 && len(b.tree.Below(out[0])) > 0 {
		out = b.tree.Below(out[0])
	}
	return out
}

// places are those of a span, the first first: who has neither figures nor a
// target has none.
func (b *board) places(ctx context.Context, span measure.Span) ([]one, error) {
	actual, err := b.actual(ctx, span)
	if err != nil {
		return nil, err
	}
	wanted, err := b.wanted(ctx, span)
	if err != nil {
		return nil, err
	}
	var out []one
	for _, id := range b.among {
		o := one{id: id, actual: actual[id]}
		o.target, o.has = wanted[id]
		if !o.has && o.actual == 0 {
			continue
		}
		if o.rate, err = money.Rate(o.actual, o.target); err != nil {
			return nil, err
		}
		o.has = o.has && o.target > 0
		out = append(out, o)
	}
	worth := func(o one) int64 { return o.actual }
	if By.Get(b.r) == ByRate {
		worth = func(o one) int64 { return o.rate }
	}
	slices.SortFunc(out, func(x, y one) int {
		return cmp.Or(cmp.Compare(worth(y), worth(x)), cmp.Compare(y.actual, x.actual), cmp.Compare(x.id, y.id))
	})
	for i := range out {
		out[i].place = int64(i + 1)
		if i > 0 && worth(out[i]) == worth(out[i-1]) {
			out[i].place = out[i-1].place
		}
	}
	return out, nil
}

// actual are the figures of a span: of months as they were taken at their end
// where they were, else as they are now.
func (b *board) actual(ctx context.Context, span measure.Span) (map[int64]int64, error) {
	out := map[int64]int64{}
	taken, err := b.taken(ctx, span, out)
	if err != nil {
		return nil, err
	}
	var live []measure.Span
	for _, month := range span.Parts(measure.Month) {
		if !taken[month.From()] {
			live = append(live, month)
			continue
		}
		if err := b.live(ctx, live, out); err != nil {
			return nil, err
		}
		live = nil
	}
	return out, b.live(ctx, live, out)
}

// taken adds what was taken at the end of the months of a span, and gives the
// first days of those that it was taken of.
func (b *board) taken(ctx context.Context, span measure.Span, to map[int64]int64) (map[string]bool, error) {
	group := standing.OfMember.Key()
	if b.kind == target.Department {
		group = standing.OfDept.Key()
	}
	rows, _, err := b.tx.Sum(ctx, entity.Sum{Entity: standing.Entity.Name, Where: query.All(entity.Is(standing.Measure, b.code), entity.In(standing.Kind, b.kind, target.Company),
		span.In(standing.Month)), Group: []string{standing.Month.Key(), standing.Kind.Key(), group}, Of: []string{standing.Actual.Key()}})
	months := map[string]bool{}
	for _, row := range rows {
		months[row[0].Str()] = true
		if row[1].Str() != b.kind {
			continue
		}
		if to[row[2].Int()], err = decimal.Add(to[row[2].Int()], row[3].Int()); err != nil {
			return nil, err
		}
	}
	return months, err
}

// live adds what months that follow one another come to now.
func (b *board) live(ctx context.Context, months []measure.Span, to map[int64]int64) error {
	if len(months) == 0 {
		return nil
	}
	by := measure.Members
	if b.kind == target.Department {
		by = measure.Depts
	}
	got, err := measure.Named(b.code).By(ctx, b.tx, []measure.Span{measure.Joined(months)}, by, measure.Of{})
	if err == nil && b.kind == target.Department {
		err = b.tree.Up(got)
	}
	for id, list := range got {
		if err == nil {
			to[id], err = decimal.Add(to[id], list[0])
		}
	}
	return err
}

// wanted are the targets of a span.
func (b *board) wanted(ctx context.Context, span measure.Span) (map[int64]int64, error) {
	group := target.OfMember.Key()
	if b.kind == target.Department {
		group = target.OfDept.Key()
	}
	var of []string
	for i := span.At(); i < span.At()+span.Months(); i++ {
		of = append(of, target.Month(i).Key())
	}
	rows, _, err := b.tx.Sum(ctx, entity.Sum{Entity: target.Entity.Name, Where: query.All(entity.Is(target.Year, span.Year()), entity.Is(target.Measure, b.code), entity.Is(target.Kind, b.kind)),
		Group: []string{group}, Of: of})
	if err != nil {
		return nil, err
	}
	out := make(map[int64]int64, len(rows))
	for _, row := range rows {
		sum := int64(0)
		for i := range of {
			if sum, err = decimal.Add(sum, row[1+i].Int()); err != nil {
				return nil, err
			}
		}
		out[row[0].Int()] = sum
	}
	return out, nil
}
