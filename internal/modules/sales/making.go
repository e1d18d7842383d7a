package sales

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/quote"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// making lets papers follow from what was before them, with its lines: a quote
// or a contract from an opportunity, an order from a contract.
func making() []entity.Extension {
	going := entity.Move{State: opportunity.State, From: []string{stage.Open, stage.Won}}
	agreed := entity.Move{State: contract.Status, From: []string{contract.Approved, contract.Active}}
	return []entity.Extension{
		{Of: opportunity.Entity.Name, Actions: []entity.Action{
			{Name: "make_quote", Op: access.Read, Makes: quote.Entity.Name, Move: going, Run: makeQuote},
			{Name: "make_contract", Op: access.Read, Makes: contract.Entity.Name, Move: going, Run: makeContract},
		}},
		{Of: contract.Entity.Name, Actions: []entity.Action{{Name: "make_order", Op: access.Read, Makes: order.Entity.Name, Move: agreed, Run: makeOrder}}},
	}
}

func makeQuote(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	return fromDeal(ctx, tx, c, quote.Entity.Name, quote.Head, func(r *record.Record) {
		quote.Name.Set(r, opportunity.Name.Get(c.After))
		quote.Opportunity.Set(r, c.After.ID())
	})
}

func makeContract(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	return fromDeal(ctx, tx, c, contract.Entity.Name, contract.Head, func(r *record.Record) {
		contract.Name.Set(r, opportunity.Name.Get(c.After))
		contract.Opportunity.Set(r, c.After.ID())
	})
}

// fromDeal makes a paper of what an opportunity knows: who buys, in which
// currency, and the lines.
func fromDeal(ctx context.Context, tx entity.Writer, c entity.Change, name string, h *paper.Head, fill func(*record.Record)) error {
	lines, err := entity.LinesOf(ctx, tx, "sales.opportunity_item", c.After.ID())
	if err != nil {
		return err
	}
	_, err = tx.Create(ctx, name, func(r *record.Record) {
		h.Customer.Set(r, opportunity.Customer.Get(c.After))
		h.Contact.Set(r, opportunity.Contact.Get(c.After))
		h.Currency.Set(r, opportunity.Currency.Get(c.After))
		r.Set(h.Rate.Key(), opportunity.Rate.Value(c.After))
		h.Owner.Set(r, opportunity.Owner.Get(c.After))
		fill(r)
	}, opportunity.Item.Copy(lines))
	return err
}

func makeOrder(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := contract.Head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	_, err = tx.Create(ctx, order.Entity.Name, func(r *record.Record) {
		contract.Head.Copy(c.After, r)
		order.Contract.Set(r, c.After.ID())
		order.Quote.Set(r, contract.Quote.Get(c.After))
		order.Opportunity.Set(r, contract.Opportunity.Get(c.After))
	}, contract.Item.Copy(lines))
	return err
}
