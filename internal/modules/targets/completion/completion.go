// Package completion is how far targets are met (完成情况, SAL-7): by department,
// member, month and quarter, with what the year before had and what comes out
// when things go on as they do.
package completion

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
	"github.com/guanxicrm/guanxi/internal/modules/targets/tree"
)

// Codes of what a row stands for, and of how long the period is.
const (
	ByDept    = "department"
	ByMember  = "member"
	ByMonth   = "month"
	ByQuarter = "quarter"
	ByProduct = "product"
	ByCompany = "company"

	InMonth   = "month"
	InQuarter = "quarter"
	InYear    = "year"
)

// What is asked: of which measure; what a row stands for; the period that a day
// is in, today's when empty; of one department with those below it, or of one
// member.
var (
	Measure = entity.Choice("measure", measure.Codes()...).Default(measure.OrderAmount)
	By      = entity.Choice("by", ByDept, ByMember, ByProduct, ByMonth, ByQuarter).Default(ByDept)
	Period  = entity.Choice("period", InMonth, InQuarter, InYear).Default(InMonth).VisibleWhen(entity.In(By, ByDept, ByMember, ByProduct, ByCompany))
	On      = entity.Date("date")
	Dept    = entity.Dept("department").VisibleWhen(entity.Not(By, ByProduct))
	Member  = entity.Member("member").VisibleWhen(entity.In(By, ByMonth, ByQuarter))
)

// What a row says; of the first five the one that it stands for. Gap is by how
// much the actual figure is above the target, Parts what the targets right below
// come to where there are any, Open what of the target is not among them.
var (
	RowMonth   = entity.Text("month", 7)
	RowQuarter = entity.Text("quarter", 7)
	RowDept    = entity.Dept("row_department")
	RowMember  = entity.Member("row_member")
	RowProduct = entity.Ref("row_product", product.Entity.Name)
	Target     = figure("target")
	Actual     = figure("actual")
	Rate       = entity.Percent("rate")
	Gap        = figure("gap")
	Forecast   = figure("forecast")
	Last       = figure("last_year")
	Growth     = entity.Percent("growth")
	Open       = figure("open")
)

// figure is a column of what the measure says: an amount, or a number.
func figure(key string) *entity.Field[int64] {
	return entity.Decimal(key, 0).AmountWhen(Measure, measure.Amounts()...)
}

// Lengths of the periods in months.
func months(period string) int {
	switch period {
	case InQuarter:
		return measure.Quarter
	case InYear:
		return measure.Year
	}
	return measure.Month
}

// Report is the report "completion" of targets.target.
func Report() entity.Report {
	rows := []entity.Declared{RowMonth, RowQuarter, RowDept, RowMember, RowProduct}
	return entity.Report{Name: "completion", Icon: "goal",
		Input:   entity.Fields(Measure, By, Period, On, Dept, Member),
		Columns: entity.Fields(append(rows, Target, Actual, Rate, Gap, Forecast, Last, Growth, Open)...),
		Charts: []entity.Chart{{Kind: entity.ChartBars, By: rows, Of: []entity.Declared{Rate}}, {Kind: entity.ChartBars, By: rows, Of: []entity.Declared{Actual}},
			{Kind: entity.ChartLines, By: rows, Of: []entity.Declared{Target, Actual, Last}}},
		Opens: opens, Run: run}
}

// ask is what is asked, worked out.
type ask struct {
	m       measure.Measure
	by      string
	span    measure.Span
	of      measure.Of
	today   string
	step    int64
	planned planned
}

func askOf(here entity.Here, input *record.Record) (ask, error) {
	a := ask{by: By.Get(input), today: here.Today(), of: measure.Of{Dept: Dept.Get(input), Member: Member.Get(input)}}
	code, day := Measure.Get(input), On.Get(input)
	if code == "" {
		code = measure.OrderAmount
	}
	if a.by == "" {
		a.by = ByDept
	}
	if day == "" {
		day = a.today
	}
	length := months(Period.Get(input))
	switch a.by {
	case ByMonth, ByQuarter:
		length = measure.Year
	default:
		a.of.Member = 0
	}
	a.m, a.step = measure.Named(code), measure.Step(code, here.Currency)
	var err error
	a.span, err = measure.SpanOf(day, length)
	return a, err
}

// begin works out what is asked and reads the targets of its year.
func begin(ctx context.Context, q entity.Sums, input *record.Record) (ask, error) {
	a, err := askOf(q.Here(), input)
	if err == nil {
		a.planned, err = read(ctx, q, a.m.Code, a.span.Year())
	}
	return a, err
}

// whose is whom a target of what is asked is for: a member, a department or the
// company.
func (a *ask) whose() (kind string, id int64) {
	switch {
	case a.of.Member != 0:
		return target.Member, a.of.Member
	case a.of.Dept != 0:
		return target.Department, a.of.Dept
	}
	return target.Company, 0
}

func run(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, bool, error) {
	a, err := begin(ctx, q, input)
	if err != nil {
		return nil, false, err
	}
	var rows [][]record.Value
	switch a.by {
	case ByMonth, ByQuarter:
		rows, err = a.times(ctx, q)
	case ByProduct:
		rows, err = a.products(ctx, q)
	default:
		rows, err = a.people(ctx, q)
	}
	return rows, false, err
}

// times are the rows of the months or quarters of a year.
func (a *ask) times(ctx context.Context, q entity.Sums) ([][]record.Value, error) {
	length := measure.Month
	if a.by == ByQuarter {
		length = measure.Quarter
	}
	parts := a.span.Parts(length)
	all := append(a.span.LastYear().Parts(length), parts...)
	got, err := a.m.By(ctx, q, all, measure.Nobody, a.of)
	if err != nil {
		return nil, err
	}
	figures := got[0]
	if figures == nil {
		figures = make([]int64, len(all))
	}
	kind, subject := a.whose()
	var rows [][]record.Value
	for i, part := range parts {
		name := a.named(part, i)
		want, has := a.planned.of(kind, subject, part)
		row, err := a.row(name, part, want, has, figures[len(parts)+i], figures[i])
		if err != nil {
			return nil, err
		}
		rows = append(rows, append(row, record.Null))
	}
	return rows, nil
}

// named are the columns that name a month or quarter, the n-th of its year.
func (a *ask) named(part measure.Span, n int) []record.Value {
	if a.by == ByQuarter {
		return []record.Value{record.Null, record.Text(part.Year() + "-Q" + string(rune('1'+n))), record.Null, record.Null, record.Null}
	}
	return []record.Value{record.Text(part.From()[:7]), record.Null, record.Null, record.Null, record.Null}
}

// people are the rows of departments, each before those below it, or of members.
func (a *ask) people(ctx context.Context, q entity.Sums) ([][]record.Value, error) {
	t, err := tree.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	group, kind := measure.Depts, target.Department
	if a.by == ByMember {
		group, kind = measure.Members, target.Member
	}
	now, err := a.figures(ctx, q, t, group, a.span)
	if err != nil {
		return nil, err
	}
	before, err := a.figures(ctx, q, t, group, a.span.LastYear())
	if err != nil {
		return nil, err
	}
	subjects := t.Under(a.of.Dept)
	if a.by == ByMember {
		subjects = a.members(t, now, before)
	}
	var rows [][]record.Value
	for _, id := range subjects {
		want, has := a.planned.of(kind, id, a.span)
		if !has && now[id] == 0 && before[id] == 0 {
			continue
		}
		name := []record.Value{record.Null, record.Null, record.Int(id), record.Null, record.Null}
		if a.by == ByMember {
			name = []record.Value{record.Null, record.Null, record.Null, record.Int(id), record.Null}
		}
		row, err := a.row(name, a.span, want, has, now[id], before[id])
		if err != nil {
			return nil, err
		}
		open := record.Null
		if a.by == ByDept && has {
			if open, err = a.open(t, id, want); err != nil {
				return nil, err
			}
		}
		rows = append(rows, append(row, open))
	}
	return rows, nil
}

// products are the rows of products that have a target.
func (a *ask) products(ctx context.Context, q entity.Sums) ([][]record.Value, error) {
	var ids []int64
	for of := range a.planned {
		if of.kind == target.Product {
			ids = append(ids, of.id)
		}
	}
	slices.Sort(ids)
	now, err := a.m.ByProduct(ctx, q, a.span, ids)
	if err != nil {
		return nil, err
	}
	before, err := a.m.ByProduct(ctx, q, a.span.LastYear(), ids)
	if err != nil {
		return nil, err
	}
	var rows [][]record.Value
	for _, id := range ids {
		want, _ := a.planned.of(target.Product, id, a.span)
		row, err := a.row([]record.Value{record.Null, record.Null, record.Null, record.Null, record.Int(id)}, a.span, want, true, now[id], before[id])
		if err != nil {
			return nil, err
		}
		rows = append(rows, append(row, record.Null))
	}
	return rows, nil
}

// figures are those of a span by member or department; a department has those
// of the departments below it too.
func (a *ask) figures(ctx context.Context, q entity.Sums, t *tree.Tree, group string, span measure.Span) (map[int64]int64, error) {
	got, err := a.m.By(ctx, q, []measure.Span{span}, group, a.of)
	if err == nil && group == measure.Depts {
		err = t.Up(got)
	}
	out := make(map[int64]int64, len(got))
	for id, list := range got {
		out[id] = list[0]
	}
	return out, err
}

// members are those of a department and below, and who has figures there
// although he is somewhere else by now, the one with the most first.
func (a *ask) members(t *tree.Tree, now, before map[int64]int64) []int64 {
	var out []int64
	for _, d := range append([]int64{0}, t.Under(0)...) {
		if d == 0 && a.of.Dept != 0 || !t.Within(d, a.of.Dept) {
			continue
		}
		out = append(out, t.Members(d)...)
	}
	for _, figures := range []map[int64]int64{now, before} {
		for id := range figures {
			if id != 0 && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	slices.SortFunc(out, func(x, y int64) int {
		switch {
		case now[x] != now[y]:
			return cmpDown(now[x], now[y])
		default:
			return cmpDown(y, x)
		}
	})
	return out
}

func cmpDown(x, y int64) int {
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}

// open is what of a department's target is not among those right below it.
func (a *ask) open(t *tree.Tree, dept, want int64) (record.Value, error) {
	sum, any := int64(0), false
	add := func(kind string, list []int64) error {
		for _, id := range list {
			n, has := a.planned.of(kind, id, a.span)
			any = any || has
			var err error
			if sum, err = decimal.Add(sum, n); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(target.Department, t.Below(dept)); err != nil {
		return record.Null, err
	}
	if err := add(target.Member, t.Members(dept)); err != nil || !any {
		return record.Null, err
	}
	n, err := decimal.Sub(want, sum)
	return record.Int(n), err
}

// row is all but the last column.
func (a *ask) row(name []record.Value, span measure.Span, want int64, has bool, actual, last int64) ([]record.Value, error) {
	out := append(slices.Clone(name), record.Null, record.Int(actual), record.Null, record.Null, record.Null, record.Int(last), record.Null)
	if has {
		gap, err := decimal.Sub(actual, want)
		if err != nil {
			return nil, err
		}
		out[5], out[8] = record.Int(want), record.Int(gap)
		if out[7], err = share(actual, want); err != nil {
			return nil, err
		}
	}
	forecast, ok, err := span.Forecast(actual, a.today, a.step)
	if err != nil {
		return nil, err
	}
	if ok {
		out[9] = record.Int(forecast)
	}
	out[11], err = share(actual-last, last)
	return out, err
}

// share is a part as a percentage of a whole, nothing of nothing.
func share(part, whole int64) (record.Value, error) {
	if whole == 0 {
		return record.Null, nil
	}
	n, err := money.Rate(part, whole)
	return record.Int(n), err
}

// planned are the targets of a year and measure that the asker may read.
type planned map[subject][target.Months]int64

type subject struct {
	kind string
	id   int64
}

// read reads them.
func read(ctx context.Context, q entity.Sums, code, year string) (planned, error) {
	rows, _, err := q.Sum(ctx, entity.Sum{Entity: target.Entity.Name, Where: query.All(entity.Is(target.Year, year), entity.Is(target.Measure, code)),
		Group: []string{target.Kind.Key(), target.OfMember.Key(), target.OfDept.Key(), target.OfProduct.Key()}, Of: target.MonthKeys()})
	if err != nil {
		return nil, err
	}
	out := make(planned, len(rows))
	for _, row := range rows {
		var months [target.Months]int64
		for i := range months {
			months[i] = row[4+i].Int()
		}
		out[subject{row[0].Str(), max(row[1].Int(), row[2].Int(), row[3].Int())}] = months
	}
	return out, nil
}

// of is the target of a subject for a span; has says whether there is one.
func (p planned) of(kind string, id int64, span measure.Span) (n int64, has bool) {
	months, has := p[subject{kind, id}]
	for i := span.At(); i < span.At()+span.Months(); i++ {
		n += months[i]
	}
	return n, has
}
