// Package visit declares when an opportunity stood in which stage, and how
// long (SAL-1). Only the program writes it.
package visit

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// The fields. Days are those between entering and leaving, in part too; empty
// while it stands there. Amount is what it was worth on entering, in the
// company's own currency.
var (
	Opportunity = entity.Ref("opportunity", "sales.opportunity").Required().ReadOnly()
	Pipeline    = entity.Ref("pipeline", "sales.pipeline").ReadOnly()
	Stage       = entity.Ref("stage", stage.Entity.Name).ReadOnly()
	From        = entity.Ref("from_stage", stage.Entity.Name).ReadOnly()
	EnteredAt   = entity.Instant("entered_at").ReadOnly()
	LeftAt      = entity.Instant("left_at").ReadOnly()
	Days        = entity.Decimal("days", 1).ReadOnly()
	Amount      = entity.Money("amount_base").InBase().ReadOnly()
	Customer    = entity.Ref("customer", "crm.customer").ReadOnly()
	Owner       = entity.Member("owner").ReadOnly()
)

// Entity is sales.stage_visit.
var Entity = entity.Def{
	Name:   "sales.stage_visit",
	Icon:   "history",
	Fields: entity.Fields(Opportunity, Pipeline, Stage, From, EnteredAt, LeftAt, Days, Amount, Customer, Owner),
	Title:  Stage,
	Scopes: entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Opportunity), entity.By(Stage, EnteredAt), entity.By(Pipeline, EnteredAt),
		{Keys: []string{"left_at", "stage", "pipeline", "owner", "dept", "customer", "days"}}},
	Layout: schema.Layout{
		List: []string{"opportunity", "from_stage", "stage", "entered_at", "left_at", "days", "amount_base", "owner"},
		Sort: "-entered_at",
		Card: []string{"stage", "entered_at", "days"},
		Views: []schema.View{
			{Key: "all", Sort: "-entered_at"},
			{Key: "mine", Filter: "owner == me", Sort: "-entered_at"},
			{Key: "month", Filter: "entered_at >= month_start()", Sort: "-entered_at"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"opportunity", "pipeline", "from_stage", "stage", "entered_at", "left_at", "days", "amount_base", "customer", "owner"}, Columns: 2}},
	},
}
