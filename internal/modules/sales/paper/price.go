package paper

import (
	"cmp"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/pricebook"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
)

// buyer is the reference by which a paper's lines know who buys.
var buyer = entity.Ref("customer", customer.Entity.Name)

// needs are what a line computes from: its product, what the price books say of
// it, what it is made of, and who buys.
func (i *Item) needs() []entity.Need {
	return []entity.Need{entity.NeedOf(i.Product), i.books(), i.parts(), entity.AtParent(buyer)}
}

// books are the prices of the line's product, with the books that they are in.
func (i *Item) books() entity.Need {
	return entity.NeedAll(i.Product, pricebook.Line.Name, pricebook.Product.Key()).AndWhole()
}

// price gives a line the price that the catalog has for it: the best price
// book's, else the product's own where the currency is the company's. A price
// that somebody typed stays; one that was as listed follows the quantity, the
// customer, the day and the currency.
func (i *Item) price(r *record.Record, n entity.Needs, p *record.Record) error {
	if !i.turned(r, n) {
		return nil
	}
	listed := n.Was != nil && !i.List.Value(n.Was).IsNull() && i.Price.Value(n.Was).Equal(i.List.Value(n.Was)) && i.Price.Value(r).Equal(i.Price.Value(n.Was))
	line, book := pricebook.Best(n.All(i.books()), n.Behind(i.books()), i.ask(r, n))
	var found record.Value
	switch {
	case line != nil:
		found = pricebook.Price.Value(line)
	case !sameCurrency(n):
	case product.Kind.Get(p) == product.Bundle && product.Price.Value(p).IsNull():
		var err error
		if found, err = i.summed(n, product.Price); err != nil {
			return err
		}
	default:
		found = product.Price.Value(p)
	}
	if found.IsNull() {
		if listed {
			i.Price.Clear(r) // what was listed in another currency is no price in this one
		}
		i.List.Clear(r)
		i.Book.Clear(r)
		return nil
	}
	i.List.Set(r, found.Int())
	if i.Price.Value(r).IsNull() || listed {
		i.Price.Set(r, found.Int())
	}
	i.Book.Clear(r)
	if book != nil && i.Price.Get(r) == found.Int() && i.Given.Value(r).IsNull() {
		i.Book.Set(r, book.ID())
	}
	return nil
}

// turned says whether a line is new, or what its price follows from is another.
func (i *Item) turned(r *record.Record, n entity.Needs) bool {
	if n.Was != nil && n.Ruled {
		return false // what was decided elsewhere stands
	}
	if n.Was == nil {
		return i.List.Value(r).IsNull() // one copied from another paper keeps what that was agreed on
	}
	if !i.Product.Value(n.Was).Equal(i.Product.Value(r)) || !i.Quantity.Value(n.Was).Equal(i.Quantity.Value(r)) || !i.Price.Value(n.Was).Equal(i.Price.Value(r)) {
		return true
	}
	if n.Before == nil || n.Parent == nil {
		return false
	}
	for _, key := range []string{buyer.Key(), currencyKey, i.day} {
		if key != "" && !n.Before.Get(key).Equal(n.Parent.Get(key)) {
			return true
		}
	}
	return false
}

// ask is what the price of a line is looked up for.
func (i *Item) ask(r *record.Record, n entity.Needs) pricebook.Ask {
	a := pricebook.Ask{Quantity: i.Quantity.Get(r), Currency: n.Here.Currency, Day: n.Here.Today()}
	if n.Parent != nil {
		a.Currency = cmp.Or(n.Parent.Get(currencyKey).Str(), a.Currency)
		if i.day != "" {
			a.Day = cmp.Or(n.Parent.Get(i.day).Str(), a.Day)
		}
	}
	if who := n.All(entity.AtParent(buyer)); len(who) > 0 {
		a.Level, a.Region, a.Country = customer.Level.Get(who[0]), customer.Region.Get(who[0]), customer.Country.Get(who[0])
	}
	return a
}

// sameCurrency says whether the record that a line is part of is in the
// company's own currency, in which products have their price.
func sameCurrency(n entity.Needs) bool {
	return n.Parent == nil || cmp.Or(n.Parent.Get(currencyKey).Str(), n.Here.Currency) == n.Here.Currency
}
