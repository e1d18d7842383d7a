package sales

import (
	"cmp"
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
)

// What the conversion of a lead asks for, when an opportunity is to be made too.
var (
	makeDeal     = entity.Switch("opportunity")
	dealName     = entity.Text("opportunity_name", 200).Default("{name}").VisibleWhen(entity.Is(makeDeal, "true"))
	dealPipeline = entity.Ref("pipeline", pipeline.Entity.Name).Only("active == true").VisibleWhen(entity.Is(makeDeal, "true"))
	dealAmount   = entity.Money("amount").Between("0", "").Default("{amount}").VisibleWhen(entity.Is(makeDeal, "true"))
	dealExpected = entity.Date("expected_on").VisibleWhen(entity.Is(makeDeal, "true"))
)

// converting lets a lead become an opportunity in the step that makes a customer
// and a contact of it (CUS-4).
func converting() entity.Extension {
	return entity.Extension{Of: lead.Entity.Name, Joins: []entity.Join{
		{To: "convert", Input: []entity.Declared{makeDeal, dealName, dealPipeline, dealAmount, dealExpected}, Run: convert}}}
}

// convert makes the opportunity. What is not said is as the lead has it.
func convert(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	if !input.Get(makeDeal.Key()).Bool() {
		return nil
	}
	if err := paper.MayMake(tx, c, opportunity.Entity.Name); err != nil {
		return err
	}
	from, err := tx.Get(ctx, lead.Entity.Name, c.After.ID())
	if err != nil {
		return err
	}
	own, err := lead.Alike(tx, c, opportunity.Entity.Name)
	if err != nil {
		return err
	}
	_, err = tx.Create(ctx, opportunity.Entity.Name, func(r *record.Record) {
		own(r)
		opportunity.Name.Set(r, cmp.Or(input.Get(dealName.Key()).Str(), lead.Name.Get(from)))
		opportunity.Customer.Set(r, lead.Customer.Get(from))
		opportunity.Contact.Set(r, lead.Contact.Get(from))
		opportunity.Owner.Set(r, lead.Owner.Get(from))
		opportunity.Lead.Set(r, from.ID())
		for _, v := range []struct {
			to   string
			from record.Value
		}{
			{opportunity.Pipeline.Key(), input.Get(dealPipeline.Key())},
			{opportunity.ExpectedOn.Key(), input.Get(dealExpected.Key())},
			{opportunity.Source.Key(), lead.Source.Value(from)},
			{opportunity.Demand.Key(), lead.Demand.Value(from)},
			{opportunity.Amount.Key(), lead.Amount.Value(from)},
			{opportunity.Amount.Key(), input.Get(dealAmount.Key())},
		} {
			if !v.from.IsNull() {
				r.Set(v.to, v.from)
			}
		}
	})
	return err
}
