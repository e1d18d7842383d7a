package analysis

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
	"github.com/guanxicrm/guanxi/internal/modules/sales/value"
)

// Figures of customers and of what leads to them.
var (
	customers = entity.Number("customers")
	dealing   = entity.Number("dealing")
	gone      = entity.Number("gone")
	calls     = entity.Number("calls")
	meetings  = entity.Number("meetings")
	followUps = entity.Number("follow_ups")
	leads     = entity.Number("leads")
	converted = entity.Number("converted")
	turned    = entity.Percent("converted_rate")
	chances   = entity.Number("opportunities")
	bought    = entity.Number("orders")
	spent     = base("amount_base")
	each      = base("average")
	levelIs   = entity.Choice("level", "a", "b", "c", "d").SameAs(customer.Entity.Name, customer.Level)
	segmentIs = entity.Choice("segment", value.Segments()...).SameAs(value.Name, value.Segment)
)

// worthies are customers by what they are worth: recency, frequency and money,
// and the segments that follow (RFM, CUS-11).
func worthies() entity.Report {
	those := func(a asked) *query.Node {
		var level, segment *query.Node
		if code := levelIs.Get(a.input); code != "" {
			level = entity.Is(value.Level, code)
		}
		if code := segmentIs.Get(a.input); code != "" {
			segment = entity.Is(value.Segment, code)
		}
		return query.All(level, segment)
	}
	t := &pivot{name: "rfm", icon: "gauge", standing: true, input: []entity.Declared{levelIs, segmentIs}, by: []dim{bySegment, byRecency, byFrequency, byMonetary, byMember, byDept, byLevel, byIndustry, byRegion, bySource},
		sources: []source{{entity: value.Name, where: those, owner: "owner", dept: "dept",
			paths:   through("customer", map[string]string{"segment": "segment", "recency": "recency", "frequency": "frequency", "monetary": "monetary", "level": "level", "member": "owner", "department": "dept"}),
			figures: []figure{{customers, "", nil}, {bought, "orders", nil}, {spent, "amount_base", nil}}}},
		more: []entity.Declared{each},
		work: func(t *pivot, row []record.Value) error { return mean(row, t.at(each), t.at(spent), t.at(customers)) },
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, customers), chart(entity.ChartBars, spent)}
		},
		needs: []entity.Reading{entity.Reads(customer.Entity.Name, customer.Level)},
	}
	return t.report()
}

// statistics are the customers that came in the time, and how they stand (CUS-11).
func statistics() entity.Report {
	made := func(a asked) *query.Node { return a.span.on("created_at") }
	t := &pivot{name: "statistics", icon: "building-2", by: []dim{byMonth, byQuarter, byYear, byRegion, byIndustry, byLevel, bySource, byMember, byDept},
		sources: []source{{entity: customer.Entity.Name, where: made, owner: "owner", dept: "dept",
			paths:   through("", map[string]string{"member": "owner", "department": "dept", "month": "created_at", "quarter": "created_at", "year": "created_at"}),
			figures: []figure{{customers, "", nil}, {dealing, "", entity.Is(customer.Status, "won")}, {gone, "", entity.Is(customer.Status, "lost")}}}},
		more: []entity.Declared{turned},
		work: func(t *pivot, row []record.Value) error {
			return rate(row, t.at(turned), t.at(dealing), t.at(customers))
		},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, customers), chart(entity.ChartBars, gone)}
		},
	}
	return t.report()
}

// activity is how often customers were visited and spoken to.
func activity() entity.Report {
	at := func(a asked) *query.Node { return a.span.on("at") }
	t := &pivot{name: "activity", icon: "message-square-text", by: []dim{byMember, byDept, byMonth, byCustomer, byIndustry, byRegion, byLevel},
		sources: []source{{entity: followup.Entity.Name, where: at, owner: "owner", dept: "dept",
			paths:   through("customer", map[string]string{"member": "owner", "department": "dept", "month": "at", "customer": "customer"}),
			figures: []figure{{followUps, "", nil}, {meetings, "", entity.Is(followup.Kind, "visit")}, {calls, "", entity.Is(followup.Kind, "call")}}}},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, followUps), chart(entity.ChartBars, meetings)}
		},
	}
	return t.report()
}

// channels are what came of each source: leads, opportunities, money (RPT-3).
func channels() entity.Report {
	by := func(source, day string) map[string]string {
		return map[string]string{"source": source, "month": day, "quarter": day, "member": "owner", "department": "dept"}
	}
	made := func(a asked) *query.Node { return a.span.on("created_at") }
	t := &pivot{name: "channels", icon: "share-2", by: []dim{bySource, byMonth, byQuarter, byMember, byDept},
		sources: []source{
			{entity: lead.Entity.Name, where: made, paths: by("source", "created_at"), owner: "owner", dept: "dept",
				figures: []figure{{leads, "", nil}, {converted, "", entity.Is(lead.Status, lead.Converted)}}},
			{entity: opportunity.Entity.Name, where: made, paths: by("source", "created_at"), owner: "owner", dept: "dept", figures: []figure{{chances, "", nil}}},
			{entity: opportunity.Entity.Name, where: deals("closed_on", stage.Won), paths: by("source", "closed_on"), owner: "owner", dept: "dept", figures: []figure{{won, "", nil}, {wonAmount, "amount_base", nil}}},
			{entity: receipt.Entity.Name, where: received, paths: by("customer.source", "date"), owner: "owner", dept: "dept", figures: []figure{{receipts, "amount_base", nil}}},
		},
		more: []entity.Declared{turned},
		work: func(t *pivot, row []record.Value) error { return rate(row, t.at(turned), t.at(converted), t.at(leads)) },
		needs: []entity.Reading{entity.Reads(opportunity.Entity.Name, opportunity.AmountBase), entity.Reads(receipt.Entity.Name, receipt.AmountBase),
			entity.Reads(customer.Entity.Name, customer.Source), entity.Reads(order.Entity.Name)},
		charts: func(*pivot) []entity.Chart {
			return []entity.Chart{chart(entity.ChartBars, leads), chart(entity.ChartBars, wonAmount), chart(entity.ChartBars, receipts)}
		},
	}
	return t.report()
}
