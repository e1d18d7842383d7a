package invoice

import (
	"cmp"
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// source is what invoices are of: its reference here, and its fields.
type source struct {
	by       *entity.Field[int64]
	name     string
	customer *entity.Field[int64]
	currency *entity.Field[string]
	total    *entity.Field[int64]
	rate     *entity.Field[int64]
	owner    *entity.Field[int64]
}

var papers = []source{
	{Contract, contract.Entity.Name, contract.Head.Customer, contract.Head.Currency, contract.Head.Total, contract.Head.Rate, contract.Head.Owner},
	{Order, order.Entity.Name, order.Head.Customer, order.Head.Currency, order.Head.Total, order.Head.Rate, order.Head.Owner},
	{Instalment, instalment.Name, instalment.Customer, instalment.Currency, instalment.Amount, instalment.Rate, instalment.Owner},
}

// check holds an invoice to its paper, and refuses to issue one above what is to
// be invoiced of it, unless somebody let it pass.
func (s source) check(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	n := s.by.Get(r)
	if n == 0 || State.Get(r) == Cancelled || !c.Touches(s.by, Total, Currency, Customer, State) {
		return nil
	}
	of, err := tx.Get(ctx, s.name, n)
	if err != nil {
		return err
	}
	if s.customer.Get(of) != Customer.Get(r) {
		return errs.New(errs.Invalid, "error.paper_customer").At(s.by.Key())
	}
	if s.currency.Get(of) != Currency.Get(r) {
		return errs.New(errs.Invalid, "error.paper_currency", "currency", s.currency.Get(of)).At(Currency.Key())
	}
	if s.by == Instalment {
		fromInstalment(r, of)
	}
	if AboveBy.Get(r) != 0 || !isIssued(r) || isIssued(c.Before) && !c.Restored() {
		return nil
	}
	if err := tx.Guard(ctx, entityName+" of "+id.ID(n).String()); err != nil {
		return err
	}
	before, err := sum(ctx, tx, Booked, s.by, n, r.ID(), nil)
	if err != nil {
		return err
	}
	all, err := decimal.Add(before, Total.Get(r))
	if err != nil {
		return err
	}
	if total := s.total.Get(of); all > total {
		return errs.New(errs.Conflict, "error.invoice_above", "total", money.Text(total), "before", money.Text(before), "over", money.Text(all-total)).At(s.by.Key())
	}
	return nil
}

// What invoices add to what they are of.
var (
	invoiced  = entity.Money("invoiced").ReadOnly()
	left      = entity.Money("invoice_left").ReadOnly()
	invoicing = entity.Choice("invoicing", "none", "part", "full").Colors("gray", "orange", "green").ReadOnly().Coded()
)

// What invoice asks for; without an amount it is all that is left.
var (
	askKind   = entity.Choice("kind", Kinds()...).Default(Special)
	askAmount = entity.Money("amount").Between("0", "")
)

// Extensions are what invoices add to contracts, orders and instalments: how
// much is invoiced, and the request for one.
func Extensions() []entity.Extension {
	group := schema.Group{Key: "invoicing", Fields: []string{"invoicing", "invoiced", "invoice_left"}, Columns: 2}
	moves := []entity.Move{
		{State: contract.Status, From: []string{contract.Approved, contract.Active, contract.Done}},
		{State: order.Status, From: []string{order.Confirmed, order.Done}},
		{State: instalment.State, From: []string{instalment.Open, instalment.Part, instalment.Paid}},
	}
	views := []schema.View{
		{Key: "to_invoice", Filter: `status in ("active", "done") and invoice_left > 0`, Sort: "-signed_on"},
		{Key: "to_invoice", Filter: `status in ("confirmed", "done") and invoice_left > 0`, Sort: "-date"},
		{Key: "to_invoice", Filter: "invoice_left > 0", Sort: "due_on"},
	}
	out := make([]entity.Extension, len(papers))
	for i, s := range papers {
		out[i] = entity.Extension{Of: s.name, Fields: []entity.Declared{invoicing, invoiced, left}, Groups: []schema.Group{group}, Views: views[i : i+1], Validate: s.keep,
			Actions: []entity.Action{{Name: "invoice", Op: access.Read, Makes: entityName, Move: moves[i], Input: entity.Fields(askKind, askAmount), Run: s.request}}}
	}
	return out
}

// keep computes how much of a paper is invoiced, whatever the write was for.
func (s source) keep(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return nil
	}
	n, err := sum(ctx, tx, Booked, s.by, r.ID(), 0, nil)
	if err != nil {
		return err
	}
	total := s.total.Get(r)
	invoiced.Set(r, n)
	left.Set(r, max(total-n, 0))
	switch {
	case n == 0:
		invoicing.Set(r, "none")
	case n >= total:
		invoicing.Set(r, "full")
	default:
		invoicing.Set(r, "part")
	}
	return nil
}

// request asks for an invoice over what is left of a paper, or a part of it.
func (s source) request(ctx context.Context, tx entity.Writer, c entity.Change, said *record.Record) error {
	of := c.After
	total := s.total.Get(of)
	asked, err := sum(ctx, tx, Total, s.by, of.ID(), 0, entity.Not(State, Cancelled))
	if err != nil {
		return err
	}
	amount := total - asked
	if v := said.Get(askAmount.Key()); !v.IsNull() {
		amount = money.Round(v.Int(), s.currency.Get(of))
	}
	if amount <= 0 {
		return errs.New(errs.Conflict, "error.invoice_full")
	}
	lines, err := s.lines(ctx, tx, of, amount)
	if err != nil {
		return err
	}
	_, err = tx.Create(ctx, entityName, func(r *record.Record) {
		s.by.Set(r, of.ID())
		if s.by == Instalment {
			fromInstalment(r, of)
		}
		Customer.Set(r, s.customer.Get(of))
		Currency.Set(r, s.currency.Get(of))
		r.Set(Rate.Key(), s.rate.Value(of))
		Owner.Set(r, s.owner.Get(of))
		Kind.Set(r, cmp.Or(said.Get(askKind.Key()).Str(), Special))
		Inclusive.Set(r, true)
	}, entity.Made{Group: items, Fill: lines})
	return err
}

// lines are those of a paper, or of what an instalment is of, over an amount:
// as they are when it is all of it, else each has its part.
func (s source) lines(ctx context.Context, tx entity.Reader, of *record.Record, amount int64) ([]func(*record.Record), error) {
	name, paper := s.name, of.ID()
	title := ""
	if s.by == Instalment {
		name, paper = contract.Entity.Name, instalment.Contract.Get(of)
		if paper == 0 {
			name, paper = order.Entity.Name, instalment.Order.Get(of)
		}
		title = instalment.Number.Get(of)
	}
	var from []*record.Record
	if paper != 0 {
		var err error
		if from, err = entity.LinesOf(ctx, tx, name+"_item", paper); err != nil {
			return nil, err
		}
	}
	item := contract.Item
	if name == order.Entity.Name {
		item = order.Item
	}
	if len(from) == 0 {
		return []func(*record.Record){func(r *record.Record) {
			Name.Set(r, title)
			Given.Set(r, amount)
		}}, nil
	}
	totals := make([]int64, len(from))
	for i, one := range from {
		totals[i] = item.Total.Get(one)
	}
	parts, whole, err := share(totals, amount, s.currency.Get(of))
	if err != nil {
		return nil, err
	}
	var out []func(*record.Record)
	for i, one := range from {
		if parts[i] == 0 {
			continue
		}
		out = append(out, func(r *record.Record) {
			Product.Set(r, item.Product.Get(one))
			Name.Set(r, item.Name.Get(one))
			r.Set(Spec.Key(), item.Spec.Value(one))
			r.Set(Unit.Key(), item.Unit.Value(one))
			r.Set(TaxRate.Key(), item.TaxRate.Value(one))
			if whole {
				r.Set(Quantity.Key(), item.Quantity.Value(one))
			}
			Given.Set(r, parts[i])
		})
	}
	return out, nil
}

// share divides an amount in proportion to others, rounded to the currency's
// minor unit; what is left goes to the largest. whole says that it is their sum.
func share(totals []int64, amount int64, currency string) (parts []int64, whole bool, err error) {
	var sum int64
	for _, n := range totals {
		if sum, err = decimal.Add(sum, n); err != nil {
			return nil, false, err
		}
	}
	if sum == amount || sum == 0 {
		return totals, true, nil
	}
	parts = make([]int64, len(totals))
	rest, largest := amount, 0
	for i, n := range totals {
		if parts[i], err = money.Cross(n, amount, sum, currency); err != nil {
			return nil, false, err
		}
		rest -= parts[i]
		if abs(n) > abs(totals[largest]) {
			largest = i
		}
	}
	parts[largest] += rest
	return parts, false, nil
}

func abs(n int64) int64 { return max(n, -n) }
