// Package paper is what quotes, contracts and orders have in common: a head
// with customer, currency and totals, and lines with prices, discounts and tax
// (SAL-4, SAL-9). Each of them declares fields of its own from it.
package paper

import (
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/pricebook"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
)

// Items is the name of the group of lines.
const Items = "items"

// Item are the fields of a line. Given is an amount that was agreed on for the
// line as a whole; Cost is what one costs us in the company's own currency,
// kept as it was then. List is the catalog's price, of Book where it is from one.
type Item struct {
	Product                        *entity.Field[int64]
	Name, Spec                     *entity.Field[string]
	Unit                           *entity.Field[int64]
	Quantity, Price, Discount      *entity.Field[int64]
	List, Book, Bundle             *entity.Field[int64]
	TaxRate, Given                 *entity.Field[int64]
	Amount, Share, Net, Tax, Total *entity.Field[int64]
	Cost, CostAmount               *entity.Field[int64]
	Remark                         *entity.Field[string]
	name, day                      string
	reported                       []string
}

// NewItem makes the fields of the lines of one entity; day is the field of the
// record by which prices hold, "" = today.
func NewItem(name, day string) *Item {
	i := &Item{
		name:       name,
		day:        day,
		Name:       entity.Text("name", 200).Required(),
		Spec:       entity.Text("spec", 200),
		Unit:       entity.Ref("unit", "catalog.unit"),
		Quantity:   entity.Decimal("quantity", 0).Required().Default("1"),
		Price:      entity.Decimal("price", 2).Apart(),
		List:       entity.Decimal("list_price", 2).ReadOnly().Apart(),
		Book:       entity.Ref("price_book", pricebook.Entity.Name).ReadOnly(),
		Bundle:     entity.Ref("bundle", product.Entity.Name).ReadOnly(),
		Discount:   entity.Percent("discount").Between("0", "100"),
		TaxRate:    entity.Percent("tax_rate").Between("0", "100"),
		Given:      entity.Money("given_amount"),
		Amount:     entity.Money("amount").ReadOnly(),
		Share:      entity.Money("discount_share").ReadOnly(),
		Net:        entity.Money("net").ReadOnly(),
		Tax:        entity.Money("tax").ReadOnly(),
		Total:      entity.Money("total").ReadOnly(),
		Cost:       entity.Decimal("cost", 2).Between("0", "").Sensitive().Apart(),
		CostAmount: entity.Money("cost_amount").ReadOnly().Sensitive(),
		Remark:     entity.Text("remark", 500),
	}
	i.Product = entity.Ref("product", product.Entity.Name).Only("active == true").Leads(i.Name, i.Spec, i.Unit, i.Price, i.TaxRate, i.Cost, i.List, i.Book)
	return i
}

// WithoutCost makes it lines that do not say what they cost.
func (i *Item) WithoutCost() *Item {
	i.Cost, i.CostAmount = nil, nil
	i.Product = entity.Ref("product", product.Entity.Name).Only("active == true").Leads(i.Name, i.Spec, i.Unit, i.Price, i.TaxRate, i.List, i.Book)
	return i
}

// Reported makes it lines that reports add up by these fields of their record,
// and by what they are of.
func (i *Item) Reported(by ...string) *Item {
	i.reported = by
	return i
}

// indexes find the lines of a product, and answer alone what was sold to whom.
func (i *Item) indexes() []schema.Index {
	out := []schema.Index{entity.By(i.Product)}
	if len(i.reported) == 0 {
		return out
	}
	var keys []string
	for _, key := range i.reported {
		keys = append(keys, "parent."+key)
	}
	return append(out, schema.Index{Keys: append(keys, "product", "total", "net", "quantity", "cost_amount")})
}

// months are what was sold of each product, kept added up.
func (i *Item) months() *entity.Months {
	if len(i.reported) == 0 {
		return nil
	}
	return &entity.Months{Day: "parent.date", By: []string{"parent.currency", "parent.status", "product"}, Of: []string{"total", "net", "quantity", "cost_amount"}}
}

// Def declares the lines, with further fields of the entity's own.
func (i *Item) Def(more ...entity.Declared) entity.Def {
	fields := append([]entity.Declared{i.Product, i.Name, i.Spec, i.Unit, i.Quantity, i.Price, i.Discount, i.TaxRate, i.Given, i.Amount,
		i.Share, i.Net, i.Tax, i.Total, i.List, i.Book, i.Bundle}, i.last(more)...)
	list := []string{"product", "name", "spec", "unit", "quantity", "price", "discount", "tax_rate", "amount", "tax", "total", "remark"}
	return entity.Def{
		Name:    i.name,
		Icon:    "list",
		Fields:  entity.Fields(fields...),
		Title:   i.Name,
		Indexes: i.indexes(),
		Months:  i.months(),
		Hooks:   entity.Hooks{Derive: i.derive, Needs: i.needs(), Within: i.within},
		Layout: schema.Layout{
			List: list, Sort: "id", Card: []string{"name", "quantity", "total"},
			Views:  []schema.View{{Key: "all", Sort: "id"}},
			Groups: []schema.Group{{Key: "basic", Fields: keys(fields), Columns: 2}},
		},
	}
}

func keys(fields []entity.Declared) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = entity.KeyOf(f)
	}
	return out
}

func (i *Item) last(more []entity.Declared) []entity.Declared {
	out := []entity.Declared{i.Remark}
	if i.Cost != nil {
		out = []entity.Declared{i.Cost, i.CostAmount, i.Remark}
	}
	return append(out, more...)
}

// derive takes from the product what nobody filled in, and computes what the
// line comes to by itself; the head shares out its discount afterwards.
func (i *Item) derive(r *record.Record, n entity.Needs) error {
	if was := n.Was; was != nil && i.Product.Get(was) != i.Product.Get(r) && i.Bundle.Get(was) != i.Product.Get(was) {
		i.Bundle.Clear(r) // another product is no part of it; one that becomes its parts keeps it
	}
	if p := n.Of(i.Product); p != nil {
		fillText(r, i.Name, product.Name.Get(p))
		fillText(r, i.Spec, product.Spec.Get(p))
		fill(r, i.Unit, product.Unit.Value(p))
		fill(r, i.TaxRate, product.TaxRate.Value(p))
		if i.Cost != nil {
			fill(r, i.Cost, product.Cost.Value(p))
		}
		if product.Kind.Get(p) == product.Bundle {
			if err := i.bundled(r, n, p); err != nil {
				return err
			}
		}
		if err := i.price(r, n, p); err != nil {
			return err
		}
	}
	if !i.Given.Value(r).IsNull() {
		price, err := money.Price(i.Given.Get(r), i.Quantity.Get(r))
		if err != nil {
			return err
		}
		i.Price.Set(r, price)
	}
	if i.Cost == nil {
		return nil
	}
	cost, err := money.Extend(i.Quantity.Get(r), i.Cost.Get(r), n.Here.Currency)
	if err != nil {
		return err
	}
	i.CostAmount.Set(r, cost)
	if i.Cost.Value(r).IsNull() {
		i.CostAmount.Clear(r)
	}
	return nil
}

func fillText(r *record.Record, f *entity.Field[string], s string) {
	if s != "" && f.Get(r) == "" {
		f.Set(r, s)
	}
}

func fill(r *record.Record, f *entity.Field[int64], v record.Value) {
	if !v.IsNull() && f.Value(r).IsNull() {
		f.Set(r, v.Int())
	}
}

// line is what the reckoning takes of a line.
func (i *Item) line(r *record.Record) money.Line {
	return money.Line{Quantity: i.Quantity.Get(r), Price: i.Price.Get(r), Discount: i.Discount.Get(r), TaxRate: i.TaxRate.Get(r),
		Given: i.Given.Get(r), HasGiven: !i.Given.Value(r).IsNull()}
}

// put writes back what it came to.
func (i *Item) put(r *record.Record, l money.Line) {
	i.Amount.Set(r, l.Amount)
	i.Share.Set(r, l.Share)
	i.Net.Set(r, l.Net)
	i.Tax.Set(r, l.Tax)
	i.Total.Set(r, l.Total)
}

// copied are the fields that the lines of a paper made from this one take over.
func (i *Item) copied() []string {
	return append(keys([]entity.Declared{i.Product, i.Name, i.Spec, i.Unit, i.Quantity, i.Price, i.Discount, i.TaxRate, i.Given, i.List, i.Book, i.Bundle, i.Remark}), "cost")
}

// Copy makes lines of another paper from those of this one, in their order.
func (i *Item) Copy(from []*record.Record) entity.Made {
	out := entity.Made{Group: Items}
	for _, line := range from {
		out.Fill = append(out.Fill, func(r *record.Record) {
			i.Carry(line, r)
		})
	}
	return out
}

// Carry fills in a line like one of another paper, as far as both say it.
func (i *Item) Carry(from, to *record.Record) {
	for _, key := range i.copied() {
		if to.Shape.Slot(key) >= 0 && from.Shape.Slot(key) >= 0 {
			to.Set(key, from.Get(key))
		}
	}
}

// Work computes lines in a currency by themselves, prices without tax, and
// gives their sum.
func (i *Item) Work(currency string, recs []*record.Record) (int64, error) {
	lines := make([]money.Line, len(recs))
	for n, one := range recs {
		lines[n] = i.line(one)
	}
	sums, err := money.Work(money.Terms{Currency: currency, Inclusive: true}, lines)
	if err != nil {
		return 0, err
	}
	for n, one := range recs {
		i.put(one, lines[n])
	}
	return sums.Amount, nil
}
