// Package forecast declares what opportunities were expected to bring, as it
// was on a day (预测快照, SAL-8): taken by itself once a week and by people
// whenever they like. What was taken stays, whatever becomes of the
// opportunities, their owners and departments.
package forecast

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
)

// How it was taken.
const (
	Weekly = "weekly"
	Manual = "manual"
)

// Categories of a row: those of open opportunities, and what was won.
const (
	Commit   = "commit"
	Best     = "best"
	Pipeline = "pipeline"
	Omitted  = "omitted"
	Won      = "won"
)

// The fields. On is the day on which it was taken, Week the Monday of that
// day's week. There is one of each kind and week or day, told by Key.
var (
	Name    = entity.Text("name", 60).ReadOnly().Folded().Sortable().Search()
	On      = entity.Date("taken_on").ReadOnly()
	Week    = entity.Date("week").ReadOnly()
	Kind    = entity.Choice("kind", Weekly, Manual).Colors("blue", "teal").Default(Manual).ReadOnly().Coded()
	TakenAt = entity.Instant("taken_at").ReadOnly()
	Remark  = entity.Text("remark", 300)
	Key     = entity.Text("key", 40).Unique().ReadOnly()
)

// Of a row: the day and kind of its snapshot; the first day of the month in
// which opportunities were expected or won, nothing for those without a day;
// whose they were and where. Amount is in their currency.
var (
	Of         = entity.Ref("snapshot", name).Required().ReadOnly()
	RowOn      = entity.Date("taken_on").ReadOnly()
	RowKind    = entity.Choice("kind", Weekly, Manual).Colors("blue", "teal").ReadOnly().Coded()
	Month      = entity.Date("month").ReadOnly()
	Category   = entity.Choice("category", Won, Commit, Best, Pipeline, Omitted).Colors("teal", "green", "purple", "blue", "gray").ReadOnly().Coded()
	Flow       = entity.Ref("pipeline", pipeline.Entity.Name).ReadOnly()
	Owner      = entity.Member("owner").ReadOnly()
	Department = entity.Dept("department").ReadOnly()
	Currency   = currency.Choice("currency").ReadOnly()
	Amount     = entity.Money("amount").ReadOnly()
	AmountBase = entity.Money("amount_base").InBase().ReadOnly()
	Weighted   = entity.Money("weighted").InBase().ReadOnly()
	Deals      = entity.Number("deals").ReadOnly()
)

const (
	name    = "sales.forecast"
	rowName = "sales.forecast_row"
)

// Entity is sales.forecast. Everybody sees when snapshots were taken; what is
// in them is in their rows.
var Entity = entity.Def{
	Name:    name,
	Icon:    "calendar-days",
	Fields:  entity.Fields(Name, On, Week, Kind, TakenAt, Remark, Key),
	Title:   Name,
	Public:  true,
	Guarded: true,
	Indexes: []schema.Index{{Keys: []string{"week", "kind"}}, {Keys: []string{"-taken_on", "-id"}}},
	Hooks:   entity.Hooks{Validate: validate, Within: within},
	Layout: schema.Layout{
		List: []string{"name", "kind", "taken_at", "remark"},
		Sort: "-taken_on",
		Card: []string{"name", "kind", "taken_on"},
		Views: []schema.View{
			{Key: "all", Sort: "-taken_on"},
			{Key: "weekly", Filter: `kind == "weekly"`, Sort: "-taken_on"},
			{Key: "manual", Filter: `kind == "manual"`, Sort: "-taken_on"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "taken_on", "week", "kind", "taken_at", "remark"}, Columns: 2},
			{Key: "more", Fields: []string{"key"}, Columns: 2},
		},
	},
}

// Row is sales.forecast_row. It is seen as opportunities are by their owner and
// department.
var Row = entity.Def{
	Name:    rowName,
	Icon:    "list",
	Fields:  entity.Fields(Of, RowOn, RowKind, Month, Category, Flow, Owner, Department, Currency, Amount, AmountBase, Weighted, Deals),
	Title:   Of,
	Scopes:  entity.OwnedBy(Owner),
	Guarded: true,
	Indexes: []schema.Index{entity.By(Of), {Keys: []string{"taken_on", "month", "category"}}},
	Hooks:   entity.Hooks{Derive: derive},
	Layout: schema.Layout{
		List:   []string{"snapshot", "month", "category", "owner", "department", "deals", "amount_base", "weighted", "pipeline"},
		Sort:   "-taken_on",
		Card:   []string{"snapshot", "month", "category", "amount_base", "owner"},
		Kanban: "category",
		Views: []schema.View{
			{Key: "all", Sort: "-taken_on"},
			{Key: "recent", Filter: "taken_on >= week_start(-4)", Sort: "-taken_on"},
			{Key: "mine", Filter: "owner == me", Sort: "-taken_on"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"snapshot", "taken_on", "kind", "month", "category", "owner", "department", "pipeline", "deals", "amount", "currency", "amount_base", "weighted"}, Columns: 2},
		},
	},
}
