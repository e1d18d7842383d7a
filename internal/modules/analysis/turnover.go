package analysis

import (
	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// Figures of orders.
var (
	net      = base("net_base")
	total    = base("total_base")
	cost     = base("cost_base")
	margin   = base("margin_base")
	profit   = entity.Percent("margin_rate")
	share    = base("average")
	quantity = entity.Decimal("quantity", 0)
	lines    = entity.Number("lines")
	taxless  = entity.Money("net")
	taxed    = entity.Money("total")
	money    = entity.Choice("currency", "CNY", "USD").SameAs("sales.order", order.Head.Currency).Default("currency()")
)

func orderPaths() map[string]string {
	return through("customer", map[string]string{"member": "owner", "department": "dept", "customer": "customer", "month": "date", "quarter": "date", "year": "date"})
}

// turnover is what was sold, in the company's own currency.
func turnover() entity.Report {
	t := &pivot{name: "turnover", icon: "chart-column", by: []dim{byMonth, byQuarter, byYear, byCustomer, byMember, byDept, byIndustry, byRegion, byLevel, bySource},
		sources: []source{{entity: order.Entity.Name, where: sold, paths: orderPaths(), owner: "owner", dept: "dept",
			figures: []figure{{total, "total_base", nil}, {net, "net_base", nil}, {orders, "", nil}}}},
		more: []entity.Declared{share},
		work: func(t *pivot, row []record.Value) error { return mean(row, t.at(share), t.at(total), t.at(orders)) },
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, total), chart(entity.ChartBars, orders)}
		},
	}
	return t.report()
}

// margins are what orders leave, those whose cost is known.
func margins() entity.Report {
	known := func(a asked) *query.Node { return query.All(sold(a), entity.Filled(order.Head.Cost)) }
	t := &pivot{name: "margin", icon: "chart-pie", by: []dim{byCustomer, byMember, byDept, byMonth, byQuarter, byYear, byIndustry, byRegion},
		sources: []source{{entity: order.Entity.Name, where: known, paths: orderPaths(), owner: "owner", dept: "dept",
			figures: []figure{{net, "net_base", nil}, {cost, "cost_base", nil}, {margin, "margin_base", nil}, {orders, "", nil}}}},
		more:  []entity.Declared{profit},
		work:  func(t *pivot, row []record.Value) error { return rate(row, t.at(profit), t.at(margin), t.at(net)) },
		needs: []entity.Reading{entity.Reads(order.Entity.Name, order.Head.Cost, order.Head.Margin)},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, margin), chart(entity.ChartBars, net, cost)}
		},
	}
	return t.report()
}

// linePaths lead from a line of an order to what it can be told apart by.
func linePaths() map[string]string {
	return map[string]string{"product": "product", "category": "product.category", "customer": "parent.customer", "member": "parent.owner", "department": "parent.dept",
		"industry": "parent.customer.industry", "region": "parent.customer.region", "month": "parent.date", "quarter": "parent.date", "year": "parent.date"}
}

// soldLines are the lines of orders that count, of one currency.
func soldLines(a asked) *query.Node {
	code := a.input.Get(money.Key()).Str()
	if code == "" {
		code = a.here.Currency
	}
	return query.All(query.Comparing("parent.status", schema.OpIn, order.Confirmed, order.Done), a.span.on("parent.date"), query.Comparing("parent.currency", schema.OpEq, code))
}

// products are what was sold line by line, in one currency.
func products() entity.Report {
	t := &pivot{name: "products", icon: "package", input: []entity.Declared{money}, by: []dim{byProduct, byCategory, byCustomer, byMonth, byQuarter, byYear, byMember, byDept, byIndustry, byRegion},
		sources: []source{{entity: "sales.order_item", where: soldLines, paths: linePaths(), owner: "parent.owner", dept: "parent.dept",
			figures: []figure{{taxed, "total", nil}, {taxless, "net", nil}, {quantity, "quantity", nil}, {lines, "", nil}}}},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, taxed), chart(entity.ChartBars, quantity)}
		},
	}
	return t.report()
}

// productMargins are what products leave, in the company's own currency: the
// lines whose cost is known, those of foreign orders at their orders' rates.
func productMargins() entity.Report {
	known := func(a asked) *query.Node {
		return query.All(query.Comparing("parent.status", schema.OpIn, order.Confirmed, order.Done), a.span.on("parent.date"), entity.Filled(order.Item.CostAmount))
	}
	t := &pivot{name: "product_margin", icon: "chart-pie", by: []dim{byProduct, byCategory, byCustomer, byMember, byDept, byMonth, byYear},
		sources: []source{{entity: "sales.order_item", where: known, paths: linePaths(), owner: "parent.owner", dept: "parent.dept",
			figures: []figure{{net, "net", nil}, {cost, "cost_amount", nil}, {quantity, "quantity", nil}},
			foreign: &foreign{currency: "parent.currency", rate: "parent.rate", of: []entity.Declared{net}}}},
		more: []entity.Declared{margin, profit},
		work: func(t *pivot, row []record.Value) error {
			left, err := decimal.Sub(row[t.at(net)].Int(), row[t.at(cost)].Int())
			if err != nil {
				return err
			}
			row[t.at(margin)] = record.Int(left)
			return rate(row, t.at(profit), t.at(margin), t.at(net))
		},
		needs: []entity.Reading{entity.Reads("sales.order_item", order.Item.CostAmount)},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, margin), chart(entity.ChartBars, net, cost)}
		},
	}
	return t.report()
}
