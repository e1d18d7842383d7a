package paper

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
)

// parts is what a bundle in a line is made of, with the products.
func (i *Item) parts() entity.Need {
	return entity.NeedAll(i.Product, product.Part.Name, "parent").And(product.Of)
}

// summed is the sum over the parts of a bundle of a figure of their products for
// one of it, null when one of them has none.
func (i *Item) summed(n entity.Needs, of *entity.Field[int64]) (record.Value, error) {
	by := map[int64]*record.Record{}
	for _, p := range n.Behind(i.parts()) {
		by[p.ID()] = p
	}
	parts, sum := n.All(i.parts()), int64(0)
	for _, part := range parts {
		p := by[product.Of.Get(part)]
		if p == nil || of.Value(p).IsNull() {
			return record.Null, nil
		}
		one, err := decimal.MulDiv(of.Get(p), product.HowMany.Get(part), money.One)
		if err != nil {
			return record.Null, err
		}
		if sum, err = decimal.Add(sum, one); err != nil {
			return record.Null, err
		}
	}
	if len(parts) == 0 {
		return record.Null, nil
	}
	return record.Int(sum), nil
}

// bundled is what a line takes of a bundle: what its parts cost together, and a
// mark where it is to become lines of its parts.
func (i *Item) bundled(r *record.Record, n entity.Needs, p *record.Record) error {
	if i.Cost != nil {
		cost, err := i.summed(n, product.Cost)
		if err != nil {
			return err
		}
		fill(r, i.Cost, cost)
	}
	if isNew := n.Was == nil || i.Product.Get(n.Was) != i.Product.Get(r); isNew && !product.AsOne.Get(p) && len(n.All(i.parts())) > 0 {
		i.Bundle.Set(r, p.ID())
	}
	return nil
}

// within turns a line of a bundle into lines of its parts. What the line comes
// to is split by what the parts cost by themselves, exact to the cent.
func (i *Item) within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	line := c.After
	if line == nil || c.Restored() || i.Bundle.Get(line) == 0 || i.Bundle.Get(line) != i.Product.Get(line) {
		return nil
	}
	parts, err := entity.LinesOf(ctx, tx, product.Part.Name, i.Product.Get(line))
	if err != nil || len(parts) == 0 {
		return err
	}
	head, err := tx.Get(ctx, c.Entity.Of.Name, line.Get("parent").Int())
	if err != nil {
		return err
	}
	pieces, err := i.split(ctx, tx, line, parts, head.Get(currencyKey).Str())
	if err != nil {
		return err
	}
	for at, fill := range pieces {
		if at == 0 {
			err = tx.Update(ctx, c.Entity.Name, line.ID(), fill)
		} else {
			_, err = tx.Create(ctx, c.Entity.Name, func(r *record.Record) {
				r.Set("parent", line.Get("parent"))
				r.Set("position", record.Int(line.Get("position").Int()+int64(at)))
				fill(r)
			})
		}
		if err != nil {
			return err
		}
	}
	return tx.Update(ctx, c.Entity.Of.Name, head.ID(), func(*record.Record) {}) // its totals follow from the lines
}

// split makes what each part's line is filled in with.
func (i *Item) split(ctx context.Context, tx entity.Reader, line *record.Record, parts []*record.Record, currency string) ([]func(*record.Record), error) {
	quantities, weights := make([]int64, len(parts)), make([]int64, len(parts))
	for at, part := range parts {
		p, err := tx.Get(ctx, product.Entity.Name, product.Of.Get(part))
		if err != nil {
			return nil, err
		}
		if quantities[at], err = decimal.MulDiv(i.Quantity.Get(line), product.HowMany.Get(part), money.One); err != nil {
			return nil, err
		}
		if weights[at], err = decimal.MulDiv(product.Price.Get(p), product.HowMany.Get(part), money.One); err != nil {
			return nil, err
		}
	}
	works := money.Line{Quantity: i.Quantity.Get(line), Price: i.Price.Get(line), Discount: i.Discount.Get(line), Given: i.Given.Get(line), HasGiven: !i.Given.Value(line).IsNull()}
	sums, err := money.Work(money.Terms{Currency: currency, Inclusive: true}, []money.Line{works})
	if err != nil {
		return nil, err
	}
	amounts, err := money.Split(sums.Amount, weights, currency)
	if err != nil {
		return nil, err
	}
	full, err := money.Extend(i.Quantity.Get(line), i.List.Get(line), currency)
	if err != nil {
		return nil, err
	}
	listed, err := money.Split(full, weights, currency)
	if err != nil {
		return nil, err
	}
	out := make([]func(*record.Record), len(parts))
	for at, part := range parts {
		if out[at], err = i.piece(line, part, quantities[at], amounts[at], listed[at], currency); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// piece fills in the line of a part: with a price where that comes to the
// amount, else with the amount as it is.
func (i *Item) piece(line, part *record.Record, quantity, amount, listed int64, currency string) (func(*record.Record), error) {
	price, err := money.Price(amount, quantity)
	if err != nil {
		return nil, err
	}
	list, err := money.Price(listed, quantity)
	if err != nil {
		return nil, err
	}
	back, err := money.Extend(quantity, price, currency)
	if err != nil {
		return nil, err
	}
	bundle, discount, hasList := i.Product.Get(line), i.Discount.Value(line), !i.List.Value(line).IsNull()
	return func(r *record.Record) {
		for _, f := range []*entity.Field[int64]{i.Unit, i.TaxRate, i.Book, i.Given, i.List, i.Discount} {
			f.Clear(r)
		}
		if i.Cost != nil {
			i.Cost.Clear(r)
		}
		i.Name.Clear(r)
		i.Spec.Clear(r)
		i.Product.Set(r, product.Of.Get(part))
		i.Bundle.Set(r, bundle)
		i.Quantity.Set(r, quantity)
		i.Price.Set(r, price)
		if hasList {
			i.List.Set(r, list)
		}
		if back != amount {
			i.Given.Set(r, amount)
			r.Set(i.Discount.Key(), discount) // for information
		}
	}, nil
}
