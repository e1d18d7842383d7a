// Package dunninglevel declares when customers are reminded of what they should
// have paid, and how (催款级别, FIN-1).
package dunninglevel

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// What it is: it is reached so many days after the due day, by what is at least
// so much. Letter is what the customer reads.
var (
	Name   = entity.Text("name", 60).Required().Unique()
	Days   = entity.Number("days").Required().Unique().Between("1", "3650")
	Least  = entity.Money("least").InBase().Required().Between("0", "").Default("0")
	Owner  = entity.Switch("tell_owner").Default("true")
	Tell   = entity.Members("tell")
	Letter = entity.LongText("letter")
	Active = entity.Switch("active").Default("true")
	RanOn  = entity.Date("ran_on").ReadOnly()
)

// EntityName is the entity's name.
const EntityName = "finance.dunning_level"

// Entity is finance.dunning_level.
var Entity = entity.Def{
	Name:   EntityName,
	Icon:   "layers",
	Fields: entity.Fields(Name, Days, Least, Owner, Tell, Letter, Active, RanOn),
	Title:  Name,
	Layout: schema.Layout{
		List: []string{"name", "days", "least", "tell_owner", "tell", "active"},
		Sort: "days",
		Card: []string{"name", "days", "least"},
		Views: []schema.View{
			{Key: "all", Sort: "days"},
			{Key: "active", Filter: "active == true", Sort: "days"},
			{Key: "stopped", Filter: "active == false", Sort: "days"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "days", "least", "tell_owner", "tell", "active", "ran_on"}, Columns: 2},
			{Key: "more", Fields: []string{"letter"}, Columns: 1},
		},
	},
}
