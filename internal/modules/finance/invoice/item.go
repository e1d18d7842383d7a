package invoice

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
)

// The fields of a line. Given is an amount that was agreed on for the line as a
// whole; quantity and price are for information beside it. Code is the state's
// code of the kind of goods (税收分类编码).
var (
	Product  = entity.Ref("product", product.Entity.Name).Only("active == true").Leads(Name, Spec, Unit, TaxRate)
	Name     = entity.Text("name", 200).Required()
	Code     = entity.Text("tax_code", 19)
	Spec     = entity.Text("spec", 200)
	Unit     = entity.Ref("unit", "catalog.unit")
	Quantity = entity.Decimal("quantity", 0)
	Price    = entity.Decimal("price", 2).Apart()
	TaxRate  = entity.Percent("tax_rate").Between("0", "100")
	Given    = entity.Money("given_amount").Apart()
	LineNet  = entity.Money("net").ReadOnly()
	LineTax  = entity.Money("tax").ReadOnly()
	Amount   = entity.Money("total").ReadOnly()
)

// items is the name of the group of lines, itemName that of their entity.
const (
	items    = "items"
	itemName = "finance.invoice_item"
)

// item is finance.invoice_item.
var item = entity.Def{
	Name:    itemName,
	Icon:    "list",
	Fields:  entity.Fields(Product, Name, Code, Spec, Unit, Quantity, Price, TaxRate, Given, LineNet, LineTax, Amount),
	Title:   Name,
	Indexes: []schema.Index{entity.By(Product)},
	Hooks:   entity.Hooks{Derive: deriveItem, Needs: []entity.Need{entity.NeedOf(Product)}},
	Layout: schema.Layout{
		List: []string{"product", "name", "spec", "unit", "quantity", "price", "tax_rate", "net", "tax", "total"}, Sort: "id", Card: []string{"name", "total"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"product", "name", "tax_code", "spec", "unit", "quantity", "price", "given_amount", "tax_rate", "net", "tax", "total"}, Columns: 2}},
	},
}

// deriveItem takes from the product what nobody filled in.
func deriveItem(r *record.Record, n entity.Needs) error {
	if p := n.Of(Product); p != nil {
		for _, one := range []struct{ to, from entity.Declared }{{Name, product.Name}, {Spec, product.Spec}, {Unit, product.Unit}, {TaxRate, product.TaxRate}} {
			if r.Get(entity.KeyOf(one.to)).IsNull() {
				r.Set(entity.KeyOf(one.to), p.Get(entity.KeyOf(one.from)))
			}
		}
	}
	if Given.Value(r).IsNull() || Quantity.Get(r) == 0 {
		return nil
	}
	price, err := money.Price(Given.Get(r), Quantity.Get(r))
	Price.Set(r, price)
	return err
}

// derive computes what the lines and the invoice come to.
func derive(r *record.Record, n entity.Needs) error {
	recs := n.Lines(items)
	lines := make([]money.Line, len(recs))
	for i, one := range recs {
		lines[i] = money.Line{Quantity: Quantity.Get(one), Price: Price.Get(one), TaxRate: TaxRate.Get(one), Given: Given.Get(one), HasGiven: !Given.Value(one).IsNull()}
		if !lines[i].HasGiven && (Quantity.Value(one).IsNull() || Price.Value(one).IsNull()) {
			return errs.New(errs.Invalid, "error.invoice_line", "line", Name.Get(one)).At(items)
		}
	}
	sums, err := money.Work(money.Terms{Currency: Currency.Get(r), Inclusive: Inclusive.Get(r)}, lines)
	if err != nil {
		return err
	}
	for i, one := range recs {
		LineNet.Set(one, lines[i].Net)
		LineTax.Set(one, lines[i].Tax)
		Amount.Set(one, lines[i].Total)
	}
	Net.Set(r, sums.Net)
	Tax.Set(r, sums.Tax)
	Total.Set(r, sums.Total)
	return nil
}
