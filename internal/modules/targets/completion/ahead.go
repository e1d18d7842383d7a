package completion

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/forecast"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
	"github.com/guanxicrm/guanxi/internal/modules/targets/tree"
)

// What the forecast against the target asks, at the places of what completion
// asks: the measures are amounts, rows stand for people, times or the company.
var (
	AheadMeasure = entity.Choice("measure", measure.Amounts()...).Default(measure.OrderAmount)
	AheadBy      = entity.Choice("by", ByDept, ByMember, ByCompany, ByMonth, ByQuarter).Default(ByDept)
)

// What its rows say beside target and actual figure: open opportunities that are
// expected in the time, those promised, in the best case and all others of the
// forecast; Expected is the actual figure with what is promised, Missing what of
// the target is still to be reached, Coverage all open opportunities as a part
// of that.
var (
	RowPeriod    = entity.Text("row_period", 10)
	Wanted       = entity.Money("target").InBase()
	Reached      = entity.Money("actual").InBase()
	Commit       = entity.Money("commit").InBase()
	Best         = entity.Money("best").InBase()
	Pipeline     = entity.Money("open_amount").InBase()
	Weighted     = entity.Money("weighted").InBase()
	Expected     = entity.Money("expected").InBase()
	ExpectedRate = entity.Percent("expected_rate")
	Missing      = entity.Money("missing").InBase()
	Coverage     = entity.Percent("coverage")
)

// Places of the columns: the first name a row.
const (
	colMonth = iota
	colQuarter
	colPeriod
	colDept
	colMember
	colTarget
	colActual
	colRate
	colCommit
	colBest
	colPipeline
	colWeighted
	colExpected
	colExpectedRate
	colMissing
	colCoverage
	colAll
)

// Ahead is the report "forecast" of targets.target: what was reached, what open
// opportunities promise, and whether that is enough (SAL-7, SAL-8).
func Ahead() entity.Report {
	rows := []entity.Declared{RowMonth, RowQuarter, RowPeriod, RowDept, RowMember}
	return entity.Report{Name: "forecast", Icon: "target",
		Input:   entity.Fields(AheadMeasure, AheadBy, Period, On, Dept, Member),
		Columns: append(rows, Wanted, Reached, Rate, Commit, Best, Pipeline, Weighted, Expected, ExpectedRate, Missing, Coverage),
		Charts: []entity.Chart{{Kind: entity.ChartColumns, By: rows, Of: []entity.Declared{Reached, Commit, Best, Pipeline}}, {Kind: entity.ChartLines, By: rows, Of: []entity.Declared{Wanted, Expected}},
			{Kind: entity.ChartBars, By: rows, Of: []entity.Declared{Coverage}}},
		Needs: []entity.Reading{entity.Reads(opportunity.Entity.Name, opportunity.AmountBase, opportunity.Weighted, opportunity.Forecast)},
		Opens: opensAhead, Run: runAhead}
}

// Figures of open opportunities.
const (
	inCommit = iota
	inBest
	inPipeline
	inWeighted
	inAll
)

func runAhead(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, bool, error) {
	a, err := begin(ctx, q, input)
	if err != nil {
		return nil, false, err
	}
	var rows [][]record.Value
	switch a.by {
	case ByMonth, ByQuarter, ByCompany:
		rows, err = a.timesAhead(ctx, q)
	default:
		rows, err = a.peopleAhead(ctx, q)
	}
	return rows, false, err
}

// parts are the spans that the rows of a time stand for.
func (a *ask) parts() []measure.Span {
	switch a.by {
	case ByMonth:
		return a.span.Parts(measure.Month)
	case ByQuarter:
		return a.span.Parts(measure.Quarter)
	}
	return []measure.Span{a.span}
}

// called names the row of a part by its columns.
func (a *ask) called(part measure.Span) []record.Value {
	name := make([]record.Value, colTarget)
	switch part.Months() {
	case measure.Month:
		name[colMonth] = record.Text(part.From()[:7])
	case measure.Quarter:
		name[colQuarter] = record.Text(part.Year() + "-Q" + string(rune('1'+part.At()/measure.Quarter)))
	default:
		name[colPeriod] = record.Text(part.Year())
	}
	return name
}

func (a *ask) timesAhead(ctx context.Context, q entity.Sums) ([][]record.Value, error) {
	parts := a.parts()
	got, err := a.m.By(ctx, q, parts, measure.Nobody, a.of)
	if err != nil {
		return nil, err
	}
	open, err := promised(ctx, q, parts, measure.Nobody, a.of)
	if err != nil {
		return nil, err
	}
	kind, subject := a.whose()
	var rows [][]record.Value
	for i, part := range parts {
		actual := int64(0)
		if got[0] != nil {
			actual = got[0][i]
		}
		want, has := a.planned.of(kind, subject, part)
		row, err := ahead(a.called(part), want, has, actual, figuresAt(open[0], i))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (a *ask) peopleAhead(ctx context.Context, q entity.Sums) ([][]record.Value, error) {
	t, err := tree.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	group, kind, col := measure.Depts, target.Department, colDept
	if a.by == ByMember {
		group, kind, col = measure.Members, target.Member, colMember
	}
	now, err := a.figures(ctx, q, t, group, a.span)
	if err != nil {
		return nil, err
	}
	open, err := promised(ctx, q, []measure.Span{a.span}, group, a.of)
	if err == nil && group == measure.Depts {
		err = t.Up(open)
	}
	if err != nil {
		return nil, err
	}
	subjects := t.Under(a.of.Dept)
	if a.by == ByMember {
		promises := make(map[int64]int64, len(open))
		for id, list := range open {
			promises[id] = list[inWeighted]
		}
		subjects = a.members(t, now, promises)
	}
	var rows [][]record.Value
	for _, id := range subjects {
		want, has := a.planned.of(kind, id, a.span)
		if !has && now[id] == 0 && open[id] == nil {
			continue
		}
		name := make([]record.Value, colTarget)
		name[col] = record.Int(id)
		row, err := ahead(name, want, has, now[id], figuresAt(open[id], 0))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// figuresAt are the figures of the n-th span.
func figuresAt(list []int64, n int) []int64 {
	if list == nil {
		return make([]int64, inAll)
	}
	return list[n*inAll : (n+1)*inAll]
}

// ahead is a row, of amounts; target and actual figure come in the scale of measures.
func ahead(name []record.Value, want int64, has bool, actual int64, open []int64) ([]record.Value, error) {
	actual, err := measure.Amount(actual)
	if err == nil {
		want, err = measure.Amount(want)
	}
	if err != nil {
		return nil, err
	}
	row := slices.Concat(name, make([]record.Value, colAll-colTarget))
	row[colActual] = record.Int(actual)
	for i, at := range []int{inCommit: colCommit, inBest: colBest, inPipeline: colPipeline, inWeighted: colWeighted} {
		row[at] = record.Int(open[i])
	}
	expected, err := decimal.Add(actual, open[inCommit])
	if err != nil {
		return nil, err
	}
	row[colExpected] = record.Int(expected)
	if !has {
		return row, nil
	}
	missing, err := decimal.Sub(want, actual)
	if err != nil {
		return nil, err
	}
	missing = max(missing, 0)
	row[colTarget], row[colMissing] = record.Int(want), record.Int(missing)
	if row[colRate], err = share(actual, want); err != nil {
		return nil, err
	}
	if row[colExpectedRate], err = share(expected, want); err != nil {
		return nil, err
	}
	all, err := decimal.Add(open[inCommit], open[inBest])
	if err == nil {
		all, err = decimal.Add(all, open[inPipeline])
	}
	if err == nil {
		row[colCoverage], err = share(all, missing)
	}
	return row, err
}

// promised are the open opportunities of the forecast by whose they are: for
// each span, one after the other, the figures of ahead.
func promised(ctx context.Context, q entity.Sums, spans []measure.Span, by string, of measure.Of) (map[int64][]int64, error) {
	ask := entity.Sum{Entity: opportunity.Entity.Name, Where: openIn(measure.Joined(spans), of), Cut: opportunity.ExpectedOn.Key(),
		Group: []string{opportunity.Forecast.Key()}, Of: []string{opportunity.AmountBase.Key(), opportunity.Weighted.Key()}}
	for _, s := range spans[1:] {
		ask.At = append(ask.At, s.From())
	}
	switch by {
	case measure.Members:
		ask.Group = append(ask.Group, opportunity.Owner.Key())
	case measure.Depts:
		ask.Group = append(ask.Group, "dept")
	}
	rows, _, err := q.Sum(ctx, ask)
	if err != nil {
		return nil, err
	}
	out := map[int64][]int64{}
	for _, row := range rows {
		whose, n := int64(0), len(ask.Group)
		if n > 1 {
			whose = row[1].Int()
		}
		if out[whose] == nil {
			out[whose] = make([]int64, inAll*len(spans))
		}
		at := map[string]int{forecast.Commit: inCommit, forecast.Best: inBest, forecast.Pipeline: inPipeline}[forecast.CategoryOf(row[0].Str())]
		figures := figuresAt(out[whose], int(row[n].Int()))
		for i, sum := range map[int]int64{at: row[n+1].Int(), inWeighted: row[n+2].Int()} {
			if figures[i], err = decimal.Add(figures[i], sum); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// openIn are the open opportunities of the forecast that are expected in a span.
func openIn(span measure.Span, of measure.Of) *query.Node {
	return query.All(entity.Is(opportunity.State, stage.Open), entity.Not(opportunity.Forecast, forecast.Omitted), span.In(opportunity.ExpectedOn), of.Owning(opportunity.Owner.Key()))
}

// opensAhead leads to what was reached and to the target as completion does, and
// from what is expected to the opportunities.
func opensAhead(at entity.Asked, row []record.Value, column string) entity.Place {
	a, err := askOf(at.Here, at.Input)
	if err != nil {
		return entity.Place{}
	}
	for _, part := range a.parts() {
		if name := a.called(part); name[colMonth].Equal(row[colMonth]) && name[colQuarter].Equal(row[colQuarter]) {
			a.span = part
			break
		}
	}
	switch {
	case !row[colDept].IsNull():
		a.of = measure.Of{Dept: row[colDept].Int()}
	case !row[colMember].IsNull():
		a.of = measure.Of{Member: row[colMember].Int(), Dept: a.of.Dept}
	}
	where := openIn(a.span, a.of)
	switch column {
	case Wanted.Key():
		return entity.Place{Entity: target.Entity.Name, Filter: query.Print(query.All(entity.Is(target.Year, a.span.Year()), entity.Is(target.Measure, a.m.Code), a.subject()))}
	case Reached.Key():
		name, filter := a.m.Behind(at.Here, a.span, a.of)
		return entity.Place{Entity: name, Filter: filter}
	case Commit.Key(), Best.Key():
		where = query.All(where, entity.Is(opportunity.Forecast, column))
	case Pipeline.Key():
		where = query.All(where, entity.Not(opportunity.Forecast, forecast.Commit), entity.Not(opportunity.Forecast, forecast.Best))
	case Weighted.Key():
	default:
		return entity.Place{}
	}
	return entity.Place{Entity: opportunity.Entity.Name, Filter: query.Print(where)}
}
