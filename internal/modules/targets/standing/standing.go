// Package standing declares how far everybody was at the end of a month
// (业绩快照, SAL-7): it stays as it was, whoever changes departments or hands
// over customers afterwards.
package standing

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
)

// The fields. A member's lies in the department that was his. Rate is nothing
// where there was no target.
var (
	Name     = entity.Text("name", 220).Required().ReadOnly().Folded().Sortable().Search()
	Month    = entity.Date("month").Required().ReadOnly()
	Measure  = entity.Choice("measure", measure.Codes()...).Colors(measure.Colors()...).Required().ReadOnly().Coded()
	Kind     = entity.Choice("kind", target.Member, target.Department, target.Company).Colors("blue", "purple", "teal").Required().ReadOnly().Coded()
	OfMember = entity.Member("member").ReadOnly()
	OfDept   = entity.Dept("department").ReadOnly()
	Target   = entity.Decimal("target", 0).AmountWhen(Measure, measure.Amounts()...).ReadOnly()
	Actual   = entity.Decimal("actual", 0).AmountWhen(Measure, measure.Amounts()...).Required().ReadOnly()
	Rate     = entity.Percent("rate").ReadOnly()
	TakenAt  = entity.Instant("taken_at").Required().ReadOnly()
	Owner    = entity.Member("owner").ReadOnly()
	Key      = entity.Text("key", 100).Unique().ReadOnly()
)

// name is the entity's.
const name = "targets.standing"

// Entity is targets.standing.
var Entity = entity.Def{
	Name:    name,
	Icon:    "history",
	Fields:  entity.Fields(Name, Month, Measure, Kind, OfMember, OfDept, Target, Actual, Rate, TakenAt, Owner, Key),
	Title:   Name,
	Scopes:  entity.OwnedBy(Owner),
	Guarded: true,
	Hooks:   entity.Hooks{Derive: derive},
	Indexes: []schema.Index{{Keys: []string{"-month", "measure", "kind"}}, entity.By(OfMember), entity.By(OfDept)},
	Layout: schema.Layout{
		List:   []string{"name", "measure", "kind", "target", "actual", "rate"},
		Sort:   "-month",
		Card:   []string{"name", "measure", "actual", "rate"},
		Kanban: "measure",
		Views: []schema.View{
			{Key: "all", Sort: "-month"},
			{Key: "members", Filter: `kind == "member"`, Sort: "-month"},
			{Key: "departments", Filter: `kind == "department"`, Sort: "-month"},
			{Key: "mine", Filter: `member == me`, Sort: "-month"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "month", "measure", "kind", "member", "department", "target", "actual", "rate"}, Columns: 2},
			{Key: "more", Fields: []string{"taken_at", "owner", "key"}, Columns: 2},
		},
	},
}

// derive puts a department's where it is looked for: there.
func derive(r *record.Record, _ entity.Needs) error {
	if OfDept.Get(r) != 0 {
		r.Set("dept", OfDept.Value(r))
	}
	return nil
}
