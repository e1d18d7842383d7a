package paper

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
)

// currencyKey is the field that amounts of a record are read in.
const currencyKey = "currency"

// Incoterms are the codes of the terms of delivery (Incoterms 2020).
func Incoterms() []string {
	return []string{"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"}
}

// Head are the fields that papers have in common. Rate is units of the
// company's own currency for one of the paper's; amounts ending in _base are in
// the company's own. Cost and Margin are without tax.
type Head struct {
	Customer, Contact                        *entity.Field[int64]
	Currency                                 *entity.Field[string]
	Rate                                     *entity.Field[int64]
	Inclusive                                *entity.Field[bool]
	Off                                      *entity.Field[int64]
	Amount, Discount, Net, Tax, Total        *entity.Field[int64]
	TotalBase, NetBase, Cost, Margin, Profit *entity.Field[int64]
	Payment                                  *entity.Field[string]
	Incoterm, PortFrom, PortTo               *entity.Field[string]
	Owner                                    *entity.Field[int64]
	Remark                                   *entity.Field[string]
	Attachments                              *entity.Field[[]record.Value]
	ExternalID                               *entity.Field[string]
	item                                     *Item
}

// NewHead makes the fields of one entity whose lines are of item.
func NewHead(item *Item) *Head {
	in := currency.Choice(currencyKey).Required().Default("currency()").Audited()
	return &Head{
		item:        item,
		Customer:    entity.Ref("customer", customer.Entity.Name).Required().Audited(),
		Contact:     entity.Ref("contact", "crm.contact").Only("customer == {customer}"),
		Currency:    in,
		Rate:        entity.Decimal("rate", 4).Between("0.000001", "").RateOf(in).Apart().Audited(),
		Inclusive:   entity.Switch("tax_included").Default("true"),
		Off:         entity.Money("discount").Between("0", ""),
		Amount:      entity.Money("amount").ReadOnly(),
		Discount:    entity.Money("discount_total").ReadOnly(),
		Net:         entity.Money("net").ReadOnly(),
		Tax:         entity.Money("tax").ReadOnly(),
		Total:       entity.Money("total").ReadOnly().Audited(),
		TotalBase:   base("total_base").ReadOnly(),
		NetBase:     base("net_base").ReadOnly(),
		Cost:        base("cost_base").ReadOnly().Sensitive(),
		Margin:      base("margin_base").ReadOnly().Sensitive(),
		Profit:      entity.Percent("margin_rate").ReadOnly().Sensitive(),
		Payment:     entity.Text("payment_terms", 300),
		Incoterm:    entity.Choice("incoterm", Incoterms()...),
		PortFrom:    entity.Text("port_from", 100),
		PortTo:      entity.Text("port_to", 100),
		Owner:       entity.Member("owner").Required().Audited(),
		Remark:      entity.LongText("remark"),
		Attachments: entity.Files("attachments"),
		ExternalID:  entity.Text("external_id", 100),
	}
}

// WithoutCost makes it a head that does not say what is earned.
func (h *Head) WithoutCost() *Head {
	h.Cost, h.Margin, h.Profit = nil, nil, nil
	return h
}

// base is an amount in the company's own currency, whatever the record's is.
func base(key string) *entity.Field[int64] { return entity.Money(key).InBase() }

// Fields lists the entity's own fields, those of the head between them.
func (h *Head) Fields(first []entity.Declared, more ...entity.Declared) []entity.Declared {
	list := append([]entity.Declared{}, first...)
	list = append(list, h.Customer, h.Contact, h.Currency, h.Rate, h.Inclusive, h.Off, h.Amount, h.Discount, h.Net, h.Tax, h.Total, h.TotalBase, h.NetBase)
	if h.Cost != nil {
		list = append(list, h.Cost, h.Margin, h.Profit)
	}
	list = append(list, h.Payment, h.Incoterm, h.PortFrom, h.PortTo, h.Owner, h.Remark, h.Attachments, h.ExternalID)
	return entity.Fields(append(list, more...)...)
}

// Groups are the groups of the form that all papers end with.
func (h *Head) Groups() []schema.Group {
	worth := []string{"total_base", "net_base"}
	if h.Cost != nil {
		worth = append(worth, "cost_base", "margin_base", "margin_rate")
	}
	return []schema.Group{
		{Key: "money", Fields: []string{"rate", "discount", "amount", "discount_total", "net", "tax", "total"}, Columns: 2},
		{Key: "margin", Fields: worth, Columns: 2},
		{Key: "trade", Fields: []string{"payment_terms", "incoterm", "port_from", "port_to"}, Columns: 2},
		{Key: "more", Fields: []string{"remark", "attachments", "external_id"}, Columns: 1},
	}
}

// Derive computes what the lines and the paper come to.
func (h *Head) Derive(r *record.Record, n entity.Needs) error {
	recs := n.Lines(Items)
	lines := make([]money.Line, len(recs))
	var cost int64
	known := len(recs) > 0
	for i, one := range recs {
		lines[i] = h.item.line(one)
		if h.Cost == nil {
			continue
		}
		known = known && !h.item.Cost.Value(one).IsNull()
		var err error
		if cost, err = decimal.Add(cost, h.item.CostAmount.Get(one)); err != nil {
			return err
		}
	}
	sums, err := money.Work(money.Terms{Currency: h.Currency.Get(r), Inclusive: h.Inclusive.Get(r), Discount: h.Off.Get(r)}, lines)
	if errs.KeyOf(err) == "error.discount_above" {
		return errs.New(errs.Invalid, "error.discount_above").At(h.Off.Key())
	}
	if err != nil {
		return err
	}
	for i, one := range recs {
		h.item.put(one, lines[i])
	}
	h.Amount.Set(r, sums.Amount)
	h.Discount.Set(r, sums.Discount)
	if sums.Discount == 0 {
		h.Discount.Clear(r)
	}
	h.Net.Set(r, sums.Net)
	h.Tax.Set(r, sums.Tax)
	h.Total.Set(r, sums.Total)
	if h.Cost == nil {
		return nil
	}
	h.Cost.Set(r, cost)
	if !known {
		h.Cost.Clear(r) // nobody knows that of some line
	}
	return nil
}

// Validate keeps what the paper is worth in the company's own currency: at the
// rate that it states, else at the one of its day.
func (h *Head) Validate(ctx context.Context, tx entity.Reader, c entity.Change, day *entity.Field[string]) error {
	r := c.After
	if r == nil {
		return nil
	}
	if err := h.rated(ctx, tx, r, day.Get(r)); err != nil {
		return err
	}
	own, rate := tx.Here().Currency, RateOf(r, h.Rate)
	total, err := money.Convert(h.Total.Get(r), rate, own)
	if err != nil {
		return err
	}
	net, err := money.Convert(h.Net.Get(r), rate, own)
	if err != nil {
		return err
	}
	h.TotalBase.Set(r, total)
	h.NetBase.Set(r, net)
	if h.Cost == nil {
		return nil
	}
	if h.Cost.Value(r).IsNull() {
		h.Margin.Clear(r)
		h.Profit.Clear(r)
		return nil
	}
	margin := net - h.Cost.Get(r)
	part, err := money.Rate(margin, net)
	if err != nil {
		return err
	}
	h.Margin.Set(r, margin)
	h.Profit.Set(r, part)
	return nil
}

// Spent takes further costs, in the company's own currency, off what is earned.
func (h *Head) Spent(r *record.Record, costs int64) error {
	if h.Margin.Value(r).IsNull() {
		return nil // what the lines cost is not known
	}
	margin, err := decimal.Sub(h.Margin.Get(r), costs)
	if err != nil {
		return err
	}
	part, err := money.Rate(margin, h.NetBase.Get(r))
	if err != nil {
		return err
	}
	h.Margin.Set(r, margin)
	h.Profit.Set(r, part)
	return nil
}

// rated fills in the rate of a paper.
func (h *Head) rated(ctx context.Context, tx entity.Reader, r *record.Record, day string) error {
	return Rated(ctx, tx, r, h.Currency, h.Rate, day)
}

// RateOf is the rate of a record, 1 where none is stated.
func RateOf(r *record.Record, rate *entity.Field[int64]) int64 {
	if rate.Value(r).IsNull() {
		return money.One
	}
	return rate.Get(r)
}

// Rated fills in the rate of a record on a day, unless one is stated; one in
// the company's own currency needs none.
func Rated(ctx context.Context, tx entity.Reader, r *record.Record, in *entity.Field[string], rate *entity.Field[int64], day string) error {
	code, own := in.Get(r), tx.Here().Currency
	if code == own {
		rate.Clear(r)
		return nil
	}
	if !rate.Value(r).IsNull() {
		return nil
	}
	n, ok, err := catalog.RateOn(ctx, tx, code, day)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Invalid, "error.rate_missing", "currency", code, "day", day).At(rate.Key())
	}
	rate.Set(r, n)
	return nil
}

// Copied are the fields that a paper made from this one takes over.
func (h *Head) Copied() []string {
	return keys([]entity.Declared{h.Customer, h.Contact, h.Currency, h.Rate, h.Inclusive, h.Off, h.Payment, h.Incoterm, h.PortFrom, h.PortTo, h.Owner, h.Remark})
}

// Copy carries them over.
func (h *Head) Copy(from, to *record.Record) {
	for _, key := range h.Copied() {
		to.Set(key, from.Get(key))
	}
}

// Lines reads the lines of a paper, in their order.
func (h *Head) Lines(ctx context.Context, tx entity.Reader, paper int64) ([]*record.Record, error) {
	return entity.LinesOf(ctx, tx, h.item.name, paper)
}

// Filled is Lines of a paper that must have some.
func (h *Head) Filled(ctx context.Context, tx entity.Reader, paper int64) ([]*record.Record, error) {
	lines, err := h.Lines(ctx, tx, paper)
	if err == nil && len(lines) == 0 {
		err = errs.New(errs.Invalid, "error.paper_empty").At(Items)
	}
	return lines, err
}

// MayMake refuses to make a paper for who could not make one himself.
func MayMake(tx entity.Reader, c entity.Change, name string) error {
	ent, err := tx.Entity(name)
	if err != nil || c.Actor.May(ent, access.Create) {
		return err
	}
	return errs.New(errs.Forbidden, "error.paper_may_not", "entity", ent.Label.In(c.Actor.Env.Locale))
}

// Decided is what approving and sending back do to a paper: it keeps who decided
// and what he said.
func Decided(said, opinion *entity.Field[string], by *entity.Field[int64]) func(*record.Record, entity.Change, *record.Record) error {
	return func(r *record.Record, c entity.Change, input *record.Record) error {
		r.Set(opinion.Key(), input.Get(said.Key()))
		by.Set(r, c.Actor.ID())
		return nil
	}
}
