package analysis

import (
	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
	"github.com/guanxicrm/guanxi/internal/modules/sales/visit"
)

// Figures of opportunities.
var (
	won        = entity.Number("won")
	wonAmount  = base("won_amount")
	lost       = entity.Number("lost")
	lostAmount = base("lost_amount")
	winRate    = entity.Percent("win_rate")
	average    = base("average")
	visits     = entity.Number("visits")
	days       = entity.Decimal("days", 1)
	meanDays   = entity.Decimal("mean_days", 1).Apart()
	commit     = base("commit")
	best       = base("best")
	open       = base("open_amount")
	weighted   = base("weighted")
	expected   = base("expected")
	orders     = entity.Number("orders")
	ordered    = base("order_amount")
	receipts   = base("receipts")
)

func base(key string) *entity.Field[int64] { return entity.Money(key).InBase() }

// dealPaths lead from an opportunity to what it can be told apart by.
func dealPaths(day string) map[string]string {
	return through("customer", map[string]string{"member": "owner", "department": "dept", "source": "source", "loss_reason": "loss_reason", "win_reason": "win_reason",
		"competitor": "lost_to", "customer": "customer", "month": day, "quarter": day, "year": day})
}

func deals(day string, state ...string) func(a asked) *query.Node {
	return func(a asked) *query.Node {
		return query.All(entity.In(opportunity.State, state...), a.span.on(day), of("pipeline", schema.OpEq, a.input, flow))
	}
}

var (
	isWon  = entity.Is(opportunity.State, stage.Won)
	isLost = entity.Is(opportunity.State, stage.Lost)
)

// winRates are won and lost opportunities by the day on which they ended.
func winRates() entity.Report {
	t := &pivot{name: "win_rate", icon: "percent", input: []entity.Declared{flow},
		by: []dim{byMember, byDept, byMonth, byQuarter, byYear, bySource, byIndustry, byRegion, byCustomer, byWin, byLoss, byCompetitor},
		sources: []source{{entity: opportunity.Entity.Name, where: deals("closed_on", stage.Won, stage.Lost), paths: dealPaths("closed_on"), owner: "owner", dept: "dept",
			figures: []figure{{wonAmount, "amount_base", isWon}, {won, "", isWon}, {lostAmount, "amount_base", isLost}, {lost, "", isLost}}}},
		more: []entity.Declared{winRate, average},
		work: func(t *pivot, row []record.Value) error {
			both := append([]record.Value{}, row[t.at(won)], record.Int(row[t.at(won)].Int()+row[t.at(lost)].Int()), record.Null)
			if err := rate(both, 2, 0, 1); err != nil {
				return err
			}
			row[t.at(winRate)] = both[2]
			return mean(row, t.at(average), t.at(wonAmount), t.at(won))
		},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, wonAmount), chart(entity.ChartColumns, won, lost), chart(entity.ChartBars, winRate)}
		},
	}
	return t.report()
}

// tenth is a tenth in the units of decimals.
const tenth = 100_000

// dwell is how long opportunities stayed in stages that they left.
func dwell() entity.Report {
	left := func(a asked) *query.Node {
		return query.All(entity.Filled(visit.LeftAt), a.span.on("left_at"), of("pipeline", schema.OpEq, a.input, flow))
	}
	t := &pivot{name: "dwell", icon: "timer", input: []entity.Declared{flow}, by: []dim{byStage, byMember, byDept, byMonth, byCustomer},
		sources: []source{{entity: visit.Entity.Name, where: left, owner: "owner", dept: "dept",
			paths:   map[string]string{"stage": "stage", "member": "owner", "department": "dept", "month": "left_at", "customer": "customer"},
			figures: []figure{{visits, "", nil}, {days, "days", nil}}}},
		more: []entity.Declared{meanDays},
		work: func(t *pivot, row []record.Value) error {
			err := mean(row, t.at(meanDays), t.at(days), t.at(visits))
			for _, at := range []int{t.at(meanDays), t.at(days)} { // nobody reads more of a day than a tenth
				if !row[at].IsNull() {
					row[at] = record.Int((row[at].Int() + tenth/2) / tenth * tenth)
				}
			}
			return err
		},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, meanDays), chart(entity.ChartBars, visits)}
		},
	}
	return t.report()
}

// forecasts set what is expected beside what came: open opportunities by the day
// on which they are expected, won ones by the day on which they were.
func forecasts() entity.Report {
	in := func(code string) *query.Node { return entity.Is(opportunity.Forecast, code) }
	t := &pivot{name: "forecast", icon: "chart-line", input: []entity.Declared{flow}, by: []dim{byMonth, byQuarter, byMember, byDept},
		sources: []source{
			{entity: opportunity.Entity.Name, where: deals("closed_on", stage.Won), paths: dealPaths("closed_on"), owner: "owner", dept: "dept", figures: []figure{{wonAmount, "amount_base", nil}}},
			{entity: opportunity.Entity.Name, where: deals("expected_on", stage.Open), paths: dealPaths("expected_on"), owner: "owner", dept: "dept",
				figures: []figure{{commit, "amount_base", in("commit")}, {best, "amount_base", in("best")}, {open, "amount_base", inPipeline()}, {weighted, "weighted", notOmitted()}}},
		},
		more: []entity.Declared{expected},
		work: func(t *pivot, row []record.Value) error {
			row[t.at(expected)] = record.Int(row[t.at(wonAmount)].Int() + row[t.at(commit)].Int())
			return nil
		},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartColumns, wonAmount, commit, best, open), chart(entity.ChartLines, expected, weighted)}
		},
	}
	return t.report()
}

// rankings set members, departments and customers in a row by what they won,
// sold and brought in.
func rankings() entity.Report {
	who := func(day string) map[string]string {
		return through("customer", map[string]string{"member": "owner", "department": "dept", "customer": "customer", "month": day, "quarter": day})
	}
	t := &pivot{name: "ranking", icon: "trophy", by: []dim{byMember, byDept, byCustomer, byRegion, byIndustry, byMonth, byQuarter},
		sources: []source{
			{entity: order.Entity.Name, where: sold, paths: who("date"), owner: "owner", dept: "dept", figures: []figure{{ordered, "total_base", nil}, {orders, "", nil}}},
			{entity: opportunity.Entity.Name, where: deals("closed_on", stage.Won), paths: who("closed_on"), owner: "owner", dept: "dept", figures: []figure{{wonAmount, "amount_base", nil}, {won, "", nil}}},
			{entity: receipt.Entity.Name, where: received, paths: who("date"), owner: "owner", dept: "dept", figures: []figure{{receipts, "amount_base", nil}}},
		},
		needs: []entity.Reading{entity.Reads(opportunity.Entity.Name, opportunity.AmountBase), entity.Reads(receipt.Entity.Name, receipt.AmountBase)},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, ordered), chart(entity.ChartBars, wonAmount), chart(entity.ChartBars, receipts)}
		},
	}
	return t.report()
}

// sold are orders that count: confirmed ones of the time.
func sold(a asked) *query.Node {
	return query.All(entity.In(order.Status, order.Confirmed, order.Done), a.span.on("date"))
}

func received(a asked) *query.Node {
	return query.All(entity.Is(receipt.State, receipt.Confirmed), a.span.on("date"))
}

// mean fills a figure with what another comes to for each.
func mean(row []record.Value, into, sum, count int) error {
	row[into] = record.Null
	n := row[count].Int()
	if n == 0 {
		return nil
	}
	v, err := decimal.MulDiv(row[sum].Int(), 1, n*100)
	if err == nil {
		row[into] = record.Int(v * 100) // to the cent, to a ten-thousandth of a day
	}
	return err
}
