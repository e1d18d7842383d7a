// Package sales is how deals are made: opportunities with their stages, quotes,
// contracts and orders (SAL-1 to SAL-9, SAL-11).
package sales

import (
	"embed"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/change"
	"github.com/guanxicrm/guanxi/internal/modules/sales/competitor"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/forecast"
	"github.com/guanxicrm/guanxi/internal/modules/sales/letter"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
	"github.com/guanxicrm/guanxi/internal/modules/sales/quote"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
	"github.com/guanxicrm/guanxi/internal/modules/sales/value"
	"github.com/guanxicrm/guanxi/internal/modules/sales/visit"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the sales. A salesperson works on his own papers and does
// not see what they cost; his manager approves those of his departments.
func Module() entity.Module {
	work := []access.Op{access.Read, access.Create, access.Update, access.Delete, access.Import, access.Export, access.Print}
	var costs []access.FieldGrant
	for _, name := range []string{quote.Entity.Name, contract.Entity.Name, order.Entity.Name} {
		for _, key := range []string{"cost_base", "margin_base", "margin_rate"} {
			costs = append(costs, access.FieldGrant{Entity: name, Field: key, Level: schema.Hidden})
		}
		for _, key := range []string{"cost", "cost_amount"} {
			costs = append(costs, access.FieldGrant{Entity: name + "_item", Field: key, Level: schema.Hidden})
		}
	}
	for _, key := range []string{"cost", "cost_amount"} {
		costs = append(costs, access.FieldGrant{Entity: "sales.opportunity_item", Field: key, Level: schema.Hidden})
	}
	costs = append(costs, access.FieldGrant{Entity: "catalog.product", Field: "cost", Level: schema.Hidden})
	return entity.Module{
		Name: "sales",
		Entities: []entity.Def{opportunity.Entity, quote.Entity, contract.Entity, order.Entity, change.Entity, letter.Entity, pipeline.Entity, stage.Entity, competitor.Entity,
			visit.Entity, forecast.Entity, forecast.Row, value.Entity, value.Model, opportunity.Scoring.Models(), opportunity.Scoring.Rules()},
		Menu: []string{opportunity.Entity.Name, quote.Entity.Name, contract.Entity.Name, order.Entity.Name, change.Entity.Name, letter.Entity.Name, forecast.Entity.Name, value.Name, competitor.Entity.Name,
			pipeline.Entity.Name, stage.Entity.Name, value.ModelName, opportunity.Scoring.Models().Name, opportunity.Scoring.Rules().Name},
		First:  true,
		Basics: []string{pipeline.Entity.Name, stage.Entity.Name, value.ModelName, opportunity.Scoring.Models().Name, opportunity.Scoring.Rules().Name},
		Ticks: []entity.Tick{{Name: "scores of opportunities", Run: opportunity.Scoring.Tick}, {Name: "forecast of the week", Run: forecast.Tick},
			{Name: "opportunities that stand still", Run: opportunity.Tick}, {Name: "values of customers", Run: value.Tick}},
		Texts:   texts,
		Targets: targets(),
		Extends: slices.Concat(making(), change.Extensions(), letter.Extensions(), []entity.Extension{followed(), authority(), value.Owned(), converting()}),
		Roles: []entity.RoleTemplate{
			{Code: "sales", Grants: entity.Allow("sales.*", access.Own, work...), Fields: costs},
			{Code: "sales_manager", Grants: slices.Concat(entity.Allow("sales.*", access.Tree, append(work, access.Transfer, access.Approve)...),
				entity.Allow(forecast.Entity.Name, access.All, access.Create, access.Update))},
		},
	}
}
