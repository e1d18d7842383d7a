package order

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// Expenses is the name of the group of what an order costs beside its lines.
const Expenses = "costs"

// How far the costs of an order are known.
const (
	None      = "none"
	Estimated = "estimated"
	Actual    = "actual"
)

// What an order costs beside its lines (SAL-9): in which currency, at the rate of
// its day unless one is typed, and whether it is an estimate still.
var (
	Kind       = entity.Choice("kind", "freight", "commission", "duty", "bank", "insurance", "packing", "inspection", "other").Colors("blue", "purple", "orange", "teal", "gray", "gray", "gray", "gray").Required().Default("freight")
	Currency   = currency.Choice("currency").Required().Default("currency()")
	Amount     = entity.Money("amount").Required().In(Currency)
	SpentOn    = entity.Date("date").Required().Default("today()")
	Rate       = entity.Decimal("rate", 4).Between("0.000001", "").RateOf(Currency).Apart()
	AmountBase = entity.Money("amount_base").InBase().ReadOnly()
	Real       = entity.Switch("actual")
	Payee      = entity.Text("payee", 200)
	Note       = entity.Text("note", 300)
)

// cost is sales.order_cost; only those see it who see what the lines cost.
var cost = entity.Def{
	Name:   "sales.order_cost",
	Icon:   "receipt",
	Fields: entity.Fields(Kind, Currency.Leads(Rate), Amount, SpentOn, Rate, AmountBase, Real, Payee, Note),
	With:   Head.Cost,
	Layout: schema.Layout{
		List: []string{"kind", "amount", "currency", "date", "rate", "amount_base", "actual", "payee", "note"}, Sort: "id", Card: []string{"kind", "amount", "date"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"kind", "amount", "currency", "date", "rate", "amount_base", "actual", "payee", "note"}, Columns: 2}},
	},
}

// Costs are the sum of an order's costs beside its lines, in the company's own
// currency; Costing says how far they are known.
var (
	Costs   = entity.Money("costs_base").InBase().ReadOnly().Sensitive().With(Head.Cost)
	Costing = entity.Choice("costing", None, Estimated, Actual).Colors("gray", "orange", "green").Default(None).ReadOnly().Coded().With(Head.Cost)
)

// spent keeps what an order costs beside its lines, and takes it off what is
// earned: net − cost of the lines − costs.
func spent(ctx context.Context, tx entity.Reader, c entity.Change) error {
	own, sum, state := tx.Here().Currency, int64(0), None
	for _, one := range c.Lines(Expenses) {
		if err := paper.Rated(ctx, tx, one, Currency, Rate, SpentOn.Get(one)); err != nil {
			return err
		}
		base, err := money.Convert(Amount.Get(one), paper.RateOf(one, Rate), own)
		if err != nil {
			return err
		}
		AmountBase.Set(one, base)
		if sum, err = decimal.Add(sum, base); err != nil {
			return err
		}
		switch {
		case !Real.Get(one):
			state = Estimated
		case state == None:
			state = Actual
		}
	}
	Costs.Set(c.After, sum)
	Costing.Set(c.After, state)
	return Head.Spent(c.After, sum)
}
