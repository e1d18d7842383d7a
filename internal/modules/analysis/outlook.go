package analysis

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/forecast"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// How the forecast of a period went from snapshot to snapshot (SAL-8): what is
// asked and what a row says. The last row is how it stands now.
var (
	target = entity.Choice("period", "this_month", "next_month", "last_month", "this_quarter", "next_quarter", "last_quarter", "this_year", "next_year", "last_year", custom).Default("this_quarter")
	first  = entity.Date("from").VisibleWhen(entity.Is(target, custom))
	final  = entity.Date("to").VisibleWhen(entity.Is(target, custom))
	weeks  = entity.Choice("weeks", "13", "26", "52").Default("13")

	taken         = entity.Choice("kind", forecast.Weekly, forecast.Manual, current).Colors("blue", "teal", "green")
	inForecast    = entity.Number("deals")
	movedExpected = base("moved_expected")
	movedWeighted = base("moved_weighted")
)

// current is the kind of the row that is computed from opportunities.
const current = "now"

// Places of a row's columns.
const (
	atTime = iota
	atKind
	atWon
	atCommit
	atBest
	atOpen
	atWeighted
	atExpected
	atDeals
	atMovedExpected
	atMovedWeighted
	outlookWidth
)

// outlook is the report "outlook" of the rows of forecast snapshots.
func outlook() entity.Report {
	return entity.Report{Name: "outlook", Icon: "chart-line", Input: []entity.Declared{target, first, final, weeks, whose, dept, flow},
		Columns: entity.Fields(ofTime, taken, wonAmount, commit, best, open, weighted, expected, inForecast, movedExpected, movedWeighted),
		Charts: []entity.Chart{{Kind: entity.ChartColumns, By: entity.Fields(ofTime), Of: entity.Fields(wonAmount, commit, best, open)},
			{Kind: entity.ChartLines, By: entity.Fields(ofTime), Of: entity.Fields(expected, weighted)}},
		Needs: []entity.Reading{entity.Reads(forecast.Entity.Name), entity.Reads(opportunity.Entity.Name, opportunity.AmountBase, opportunity.Weighted, opportunity.Forecast)},
		Run:   runOutlook, Opens: openOutlook}
}

// ahead is the period that is asked for, in whole months.
func ahead(here entity.Here, input *record.Record) (span, error) {
	today, err := time.Parse(time.DateOnly, here.Today())
	if err != nil {
		return span{}, errs.New(errs.Internal, "error.internal").With(err)
	}
	months := func(length, by int) (span, error) {
		from := time.Date(today.Year(), 1+time.Month((int(today.Month())-1)/length*length+by*length), 1, 0, 0, 0, 0, time.UTC)
		return span{from.Format(time.DateOnly), from.AddDate(0, length, -1).Format(time.DateOnly)}, nil
	}
	switch cmp.Or(target.Get(input), "this_quarter") {
	case "this_month":
		return months(1, 0)
	case "next_month":
		return months(1, 1)
	case "last_month":
		return months(1, -1)
	case "next_quarter":
		return months(3, 1)
	case "last_quarter":
		return months(3, -1)
	case "this_year":
		return months(12, 0)
	case "next_year":
		return months(12, 1)
	case "last_year":
		return months(12, -1)
	case custom:
		return wholeMonths(cmp.Or(first.Get(input), here.Today()), cmp.Or(final.Get(input), first.Get(input), here.Today()))
	}
	return months(3, 0)
}

// wholeMonths are the months that two days lie in, and those between.
func wholeMonths(from, to string) (span, error) {
	last, err := time.Parse(time.DateOnly, max(from, to))
	if err != nil || len(from) < len(time.DateOnly) {
		return span{}, errs.New(errs.Invalid, "error.value").With(err)
	}
	return span{min(from, to)[:8] + "01", last.AddDate(0, 1, -last.Day()).Format(time.DateOnly)}, nil
}

// shot is a snapshot.
type shot struct{ day, kind string }

// shots are the snapshots that tell of a period, oldest first, at most so many
// and the one before them.
func shots(ctx context.Context, q entity.Sums, s span, most int) ([]shot, error) {
	rows, _, err := q.Sum(ctx, entity.Sum{Entity: forecast.Entity.Name, Group: []string{forecast.On.Key(), forecast.Kind.Key()}})
	if err != nil {
		return nil, err
	}
	var out []shot
	for _, row := range rows {
		if one := (shot{row[0].Str(), row[1].Str()}); forecast.Since(one.day) <= s.from {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b shot) int { return cmp.Or(cmp.Compare(a.day, b.day), -cmp.Compare(a.kind, b.kind)) })
	return out[max(len(out)-most-1, 0):], nil
}

func runOutlook(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, bool, error) {
	s, err := ahead(q.Here(), input)
	if err != nil {
		return nil, false, err
	}
	most, err := strconv.Atoi(cmp.Or(weeks.Get(input), "13"))
	if err != nil {
		return nil, false, errs.New(errs.Invalid, "error.value").With(err)
	}
	list, err := shots(ctx, q, s, most)
	if err != nil {
		return nil, false, err
	}
	by := map[shot][]record.Value{}
	var rows [][]record.Value
	for _, one := range list {
		by[one] = blank(one.day, one.kind)
		rows = append(rows, by[one])
	}
	if len(list) > 0 {
		sums, _, err := q.Sum(ctx, entity.Sum{Entity: forecast.Row.Name, Where: query.All(query.Comparing(forecast.RowOn.Key(), schema.OpGe, list[0].day), s.on(forecast.Month.Key()), asks(input)),
			Group: []string{forecast.RowOn.Key(), forecast.RowKind.Key(), forecast.Category.Key()}, Of: []string{forecast.AmountBase.Key(), forecast.Weighted.Key(), forecast.Deals.Key()}})
		if err != nil {
			return nil, false, err
		}
		for _, r := range sums {
			if row := by[shot{r[0].Str(), r[1].Str()}]; row != nil {
				if err := count(row, r[2].Str(), r[3].Int(), r[4].Int(), r[5].Int()); err != nil {
					return nil, false, err
				}
			}
		}
	}
	if today := q.Here().Today(); forecast.Since(today) <= s.from {
		row, err := live(ctx, q, s, input)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, row)
	}
	if err := compareRows(rows); err != nil {
		return nil, false, err
	}
	if len(list) > most {
		rows = rows[1:]
	}
	return rows, false, nil
}

func blank(day, kind string) []record.Value {
	row := make([]record.Value, outlookWidth)
	row[atTime], row[atKind] = record.Text(day), record.Text(kind)
	for i := atWon; i <= atDeals; i++ {
		row[i] = record.Int(0)
	}
	return row
}

// asks is whose opportunities are asked for, and of which pipeline.
func asks(input *record.Record) *query.Node {
	return query.All(of("owner", schema.OpEq, input, whose), of("dept", schema.OpUnder, input, dept), of("pipeline", schema.OpEq, input, flow))
}

// count adds the opportunities of a category to a row; those left out of the
// forecast do not count.
func count(row []record.Value, category string, amount, weight, deals int64) error {
	add := func(at int, n int64) error {
		sum, err := decimal.Add(row[at].Int(), n)
		row[at] = record.Int(sum)
		return err
	}
	at, is := map[string]int{forecast.Won: atWon, forecast.Commit: atCommit, forecast.Best: atBest, forecast.Pipeline: atOpen}[category]
	if !is {
		return nil
	}
	err := add(at, amount)
	if err == nil {
		err = add(atDeals, deals)
	}
	if err == nil && (at == atWon || at == atCommit) {
		err = add(atExpected, amount)
	}
	if err == nil && at != atWon {
		err = add(atWeighted, weight)
	}
	return err
}

// live is how the forecast of a period stands now.
func live(ctx context.Context, q entity.Sums, s span, input *record.Record) ([]record.Value, error) {
	row := blank(q.Here().Today(), current)
	rows, _, err := q.Sum(ctx, entity.Sum{Entity: opportunity.Entity.Name, Where: query.All(opened(s), asks(input)), Group: []string{opportunity.Forecast.Key()}, Of: []string{opportunity.AmountBase.Key(), opportunity.Weighted.Key()}})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := count(row, forecast.CategoryOf(r[0].Str()), r[1].Int(), r[2].Int(), r[3].Int()); err != nil {
			return nil, err
		}
	}
	rows, _, err = q.Sum(ctx, entity.Sum{Entity: opportunity.Entity.Name, Where: query.All(gained(s), asks(input)), Of: []string{opportunity.AmountBase.Key()}})
	for _, r := range rows {
		if err == nil {
			err = count(row, forecast.Won, r[0].Int(), 0, r[1].Int())
		}
	}
	return row, err
}

func opened(s span) *query.Node {
	return query.All(entity.Is(opportunity.State, stage.Open), s.on(opportunity.ExpectedOn.Key()))
}

func gained(s span) *query.Node {
	return query.All(entity.Is(opportunity.State, stage.Won), s.on(opportunity.ClosedOn.Key()))
}

// compareRows sets each row beside the last weekly one before it.
func compareRows(rows [][]record.Value) error {
	var before []record.Value
	for _, row := range rows {
		if before != nil {
			for to, of := range map[int]int{atMovedExpected: atExpected, atMovedWeighted: atWeighted} {
				n, err := decimal.Sub(row[of].Int(), before[of].Int())
				if err != nil {
					return err
				}
				row[to] = record.Int(n)
			}
		}
		if row[atKind].Str() == forecast.Weekly {
			before = row
		}
	}
	return nil
}

// openOutlook leads from a figure of a snapshot to its rows, and from one of now
// to the opportunities; from what moved until now to those that changed.
func openOutlook(ask entity.Asked, row []record.Value, column string) entity.Place {
	s, err := ahead(ask.Here, ask.Input)
	at := slices.Index([]string{atTime: "", atWon: wonAmount.Key(), atCommit: commit.Key(), atBest: best.Key(), atOpen: open.Key(), atWeighted: weighted.Key(),
		atExpected: expected.Key(), atDeals: inForecast.Key(), atMovedExpected: movedExpected.Key(), atMovedWeighted: movedWeighted.Key()}, column)
	if err != nil || at < atWon || row[at].IsNull() || row[at].Int() == 0 {
		return entity.Place{}
	}
	if row[atKind].Str() != current {
		where := inSnapshot(at)
		if where == nil {
			return entity.Place{}
		}
		return entity.Place{Entity: forecast.Row.Name, Filter: query.Print(query.All(query.Comparing(forecast.RowOn.Key(), schema.OpEq, row[atTime].Str()), entity.Is(forecast.RowKind, row[atKind].Str()),
			where, s.on(forecast.Month.Key()), asks(ask.Input)))}
	}
	thisWeek := &query.Node{Kind: query.Compare, Path: "updated_at", Op: schema.OpGe, Args: []query.Arg{{Kind: query.Func, Text: "week_start"}}}
	var where *query.Node
	switch at {
	case atWon:
		where = gained(s)
	case atCommit, atBest:
		where = query.All(opened(s), entity.Is(opportunity.Forecast, map[int]string{atCommit: forecast.Commit, atBest: forecast.Best}[at]))
	case atOpen:
		where = query.All(opened(s), inPipeline())
	case atWeighted:
		where = query.All(opened(s), notOmitted())
	case atExpected:
		where = either(gained(s), query.All(opened(s), entity.Is(opportunity.Forecast, forecast.Commit)))
	case atDeals:
		where = either(gained(s), query.All(opened(s), notOmitted()))
	default: // since the beginning of the week
		where = query.All(thisWeek, either(s.on(opportunity.ExpectedOn.Key()), s.on(opportunity.ClosedOn.Key())))
	}
	return entity.Place{Entity: opportunity.Entity.Name, Filter: query.Print(query.All(where, asks(ask.Input)))}
}

// inSnapshot is which rows of a snapshot a figure is made of.
func inSnapshot(at int) *query.Node {
	switch at {
	case atWon:
		return entity.Is(forecast.Category, forecast.Won)
	case atCommit:
		return entity.Is(forecast.Category, forecast.Commit)
	case atBest:
		return entity.Is(forecast.Category, forecast.Best)
	case atOpen:
		return entity.Is(forecast.Category, forecast.Pipeline)
	case atExpected:
		return entity.In(forecast.Category, forecast.Won, forecast.Commit)
	case atWeighted:
		return entity.In(forecast.Category, forecast.Commit, forecast.Best, forecast.Pipeline)
	case atDeals:
		return entity.In(forecast.Category, forecast.Won, forecast.Commit, forecast.Best, forecast.Pipeline)
	}
	return nil
}

func either(kids ...*query.Node) *query.Node { return &query.Node{Kind: query.Or, Kids: kids} }

// inPipeline are opportunities of the pipeline: those that say nothing else too.
func inPipeline() *query.Node {
	return either(entity.Is(opportunity.Forecast, forecast.Pipeline), entity.Empty(opportunity.Forecast))
}

func notOmitted() *query.Node { return entity.Not(opportunity.Forecast, forecast.Omitted) }
