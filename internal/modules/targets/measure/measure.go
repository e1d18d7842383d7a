// Package measure is what targets are set for and how far they are met: sums and
// numbers of what was sold, paid and done (SAL-7).
package measure

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// Digits of the scale that figures are in, amounts and numbers alike.
const (
	Digits = 6
	one    = 1_000_000
	// ofMoney is the scale of figures over that of amounts.
	ofMoney = one / 10_000
)

// The codes.
const (
	ContractAmount = "contract_amount"
	OrderAmount    = "order_amount"
	Receipts       = "receipts"
	WonAmount      = "won_amount"
	WonCount       = "won_count"
	NewCustomers   = "new_customers"
	Visits         = "visits"
)

// Codes are all of them, in the order in which they are offered.
func Codes() []string {
	return []string{ContractAmount, OrderAmount, Receipts, WonAmount, WonCount, NewCustomers, Visits}
}

// Amounts are those that opportunities come to when they are won.
func Amounts() []string { return []string{OrderAmount, ContractAmount, WonAmount, Receipts} }

// Colors are theirs.
func Colors() []string {
	return []string{"purple", "blue", "green", "teal", "orange", "red", "gray"}
}

// Counts says whether a measure is a number of records; the others are amounts
// in the company's own currency.
func Counts(code string) bool {
	return code == WonCount || code == NewCustomers || code == Visits
}

// Step is the least figure of a measure: one, or the minor unit of the currency.
func Step(code, currency string) int64 {
	if Counts(code) {
		return one
	}
	step := int64(one)
	for range decimal.MinorUnits(currency) {
		step /= 10
	}
	return step
}

// Amount is a figure in the scale of amounts.
func Amount(figure int64) (int64, error) { return decimal.MulDiv(figure, 1, ofMoney) }

// source is records that count for a measure.
type source struct {
	entity string
	where  *query.Node
	on     string // the day that they count for
	of     string // what is added up, "" = they are counted
	owner  string
}

// Measure is how a code is computed. Most take one source; a customer is new on
// the day that the system which he was brought from says, else on the day on
// which he was written down.
type Measure struct {
	Code    string
	sources []source
}

// Named gives the measure of a code.
func Named(code string) Measure {
	m := Measure{Code: code}
	switch code {
	case ContractAmount:
		m.sources = []source{{contract.Entity.Name, entity.In(contract.Status, contract.Active, contract.Done), contract.SignedOn.Key(), contract.Head.TotalBase.Key(), contract.Head.Owner.Key()}}
	case OrderAmount:
		m.sources = []source{{order.Entity.Name, entity.In(order.Status, order.Confirmed, order.Done), order.On.Key(), order.Head.TotalBase.Key(), order.Head.Owner.Key()}}
	case Receipts:
		m.sources = []source{{receipt.Entity.Name, entity.Is(receipt.State, receipt.Confirmed), receipt.On.Key(), receipt.AmountBase.Key(), receipt.Owner.Key()}}
	case WonAmount:
		m.sources = []source{{opportunity.Entity.Name, entity.Is(opportunity.State, stage.Won), opportunity.ClosedOn.Key(), opportunity.AmountBase.Key(), opportunity.Owner.Key()}}
	case WonCount:
		m.sources = []source{{opportunity.Entity.Name, entity.Is(opportunity.State, stage.Won), opportunity.ClosedOn.Key(), "", opportunity.Owner.Key()}}
	case NewCustomers:
		m.sources = []source{
			{customer.Entity.Name, entity.Filled(customer.SourceCreatedAt), customer.SourceCreatedAt.Key(), "", customer.Owner.Key()},
			{customer.Entity.Name, entity.Empty(customer.SourceCreatedAt), "created_at", "", customer.Owner.Key()}}
	case Visits:
		m.sources = []source{{followup.Entity.Name, entity.Is(followup.Kind, "visit"), followup.At.Key(), "", followup.Owner.Key()}}
	}
	return m
}

// Of is whose figures are meant, the company's where nothing is given. A
// department's are those of the departments below it too; of a member and a
// department those that he has there. Product is for ByMonth only.
type Of struct {
	Member, Dept, Product int64
}

// ByMonth are the figures of a year's months.
func (m Measure) ByMonth(ctx context.Context, q entity.Sums, year string, of Of) ([]int64, error) {
	span, err := SpanOf(year+"-01-01", Year)
	if err != nil {
		return nil, err
	}
	if of.Product != 0 {
		out := make([]int64, Year)
		for i, month := range span.Parts(Month) {
			got, err := m.ByProduct(ctx, q, month, []int64{of.Product})
			if err != nil {
				return nil, err
			}
			out[i] = got[of.Product]
		}
		return out, nil
	}
	got, err := m.By(ctx, q, span.Parts(Month), Nobody, of)
	if err != nil || got[0] == nil {
		return make([]int64, Year), err
	}
	return got[0], nil
}

// What figures are asked by.
const (
	Nobody  = "" // all together, under 0
	Members = "member"
	Depts   = "department" // the departments that the records lie in themselves
)

// By are the figures of spans that follow one another, by the id of a member or
// department; 0 stands for records that have none.
func (m Measure) By(ctx context.Context, q entity.Sums, spans []Span, by string, of Of) (map[int64][]int64, error) {
	cuts := make([]string, 0, len(spans)+1)
	for _, s := range spans {
		cuts = append(cuts, s.From())
	}
	cuts = append(cuts, spans[len(spans)-1].To())
	out := map[int64][]int64{}
	for _, s := range m.sources {
		var group []string
		switch by {
		case Members:
			group = []string{s.owner}
		case Depts:
			group = []string{"dept"}
		}
		if err := s.add(ctx, q, cuts, of.Owning(s.owner), group, func(keys []record.Value, bucket int, n int64) (err error) {
			at := int64(0)
			if len(keys) > 0 {
				at = keys[0].Int()
			}
			if out[at] == nil {
				out[at] = make([]int64, len(spans))
			}
			out[at][bucket], err = decimal.Add(out[at][bucket], n)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Behind is the list of the records that a figure is made of: of a span, and of
// somebody.
func (m Measure) Behind(here entity.Here, span Span, of Of) (name, filter string) {
	var ways []*query.Node
	for _, s := range m.sources {
		name = s.entity
		ways = append(ways, query.All(s.where, of.Owning(s.owner), s.between(here, span.From(), span.To())))
	}
	where := ways[0]
	if len(ways) > 1 {
		where = &query.Node{Kind: query.Or, Kids: ways}
	}
	return name, query.Print(where)
}

// Owning is the condition on the records of somebody, whose owner is the field of
// that key.
func (of Of) Owning(owner string) *query.Node {
	var member, dept *query.Node
	if of.Member != 0 {
		member = query.Comparing(owner, schema.OpEq, id.ID(of.Member).String())
	}
	if of.Dept != 0 {
		dept = query.Comparing("dept", schema.OpUnder, id.ID(of.Dept).String())
	}
	return query.All(member, dept)
}

// add adds up a source by groups and by the periods between the cuts, the first
// of which is 0, and hands over each figure with the keys of its group.
func (s *source) add(ctx context.Context, q entity.Sums, cuts []string, where *query.Node, group []string, put func(keys []record.Value, bucket int, n int64) error) error {
	sum := entity.Sum{Entity: s.entity, Where: query.All(s.where, where, s.between(q.Here(), cuts[0], cuts[len(cuts)-1])), Group: group, Cut: s.on, At: cuts[1 : len(cuts)-1]}
	if s.of != "" {
		sum.Of = []string{s.of}
	}
	rows, _, err := q.Sum(ctx, sum)
	if err != nil {
		return err
	}
	for _, row := range rows {
		n, scale := row[len(group)+1].Int(), int64(ofMoney)
		if s.of == "" {
			scale = one
		}
		if n, err = decimal.MulDiv(n, scale, 1); err != nil {
			return err
		}
		if err := put(row[:len(group)], int(row[len(group)].Int()), n); err != nil {
			return err
		}
	}
	return nil
}

// moments says whether the day of a source is a moment.
func (s *source) moments() bool {
	return s.on == "created_at" || s.on == customer.SourceCreatedAt.Key() || s.entity == followup.Entity.Name
}

// between is the condition on the days from one up to another, which is not one
// of them.
func (s *source) between(here entity.Here, from, to string) *query.Node {
	if s.moments() {
		from, to = midnight(here, from), midnight(here, to)
	}
	return query.All(query.Comparing(s.on, schema.OpGe, from), query.Comparing(s.on, schema.OpLt, to))
}

// midnight is the moment at which a day begins where the company is.
func midnight(here entity.Here, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, here.Zone)
	if err != nil {
		return day
	}
	return t.UTC().Format(time.RFC3339Nano)
}
