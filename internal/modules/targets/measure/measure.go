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
// department's are those of the departments below it too.
type Of struct {
	Member, Dept, Product int64
}

// ByMonth are the figures of a year's months.
func (m Measure) ByMonth(ctx context.Context, q entity.Sums, year string, of Of) ([]int64, error) {
	from, err := time.Parse(time.DateOnly, year+"-01-01")
	if err != nil {
		return nil, err
	}
	cuts := make([]string, 13)
	for i := range cuts {
		cuts[i] = from.AddDate(0, i, 0).Format(time.DateOnly)
	}
	out := make([]int64, 12)
	for _, s := range m.sources {
		if err := s.add(ctx, q, cuts, s.mine(of), nil, func(_ []record.Value, bucket int, n int64) (err error) {
			out[bucket], err = decimal.Add(out[bucket], n)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// mine is the condition on the records of somebody.
func (s *source) mine(of Of) *query.Node {
	switch {
	case of.Member != 0:
		return compare(s.owner, schema.OpEq, id.ID(of.Member).String())
	case of.Dept != 0:
		return compare("dept", schema.OpUnder, id.ID(of.Dept).String())
	}
	return nil
}

// add adds up a source by groups and by the periods between the cuts, the first
// of which is 0, and hands over each figure with the keys of its group.
func (s *source) add(ctx context.Context, q entity.Sums, cuts []string, where *query.Node, group []string, put func(keys []record.Value, bucket int, n int64) error) error {
	sum := entity.Sum{Entity: s.entity, Where: query.All(s.where, where, s.between(q, cuts[0], cuts[len(cuts)-1])), Group: group, Cut: s.on, At: cuts[1 : len(cuts)-1]}
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
func (s *source) between(q entity.Sums, from, to string) *query.Node {
	if s.moments() {
		from, to = midnight(q, from), midnight(q, to)
	}
	return query.All(compare(s.on, schema.OpGe, from), compare(s.on, schema.OpLt, to))
}

// midnight is the moment at which a day begins where the company is.
func midnight(q entity.Sums, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, q.Here().Zone)
	if err != nil {
		return day
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func compare(key string, op schema.Op, text string) *query.Node {
	return &query.Node{Kind: query.Compare, Path: key, Op: op, Args: []query.Arg{{Text: text}}}
}
