// Package competitor declares who else sells what we sell (SAL-1).
package competitor

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields.
var (
	Name       = entity.Text("name", 200).Required().Folded().Sortable().Company().Search()
	Website    = entity.URL("website")
	Threat     = entity.Choice("threat", "high", "medium", "low").Colors("red", "orange", "gray")
	Strengths  = entity.LongText("strengths")
	Weaknesses = entity.LongText("weaknesses")
	Tactics    = entity.LongText("tactics")
	ExternalID = entity.Text("external_id", 100)
)

// Entity is sales.competitor.
var Entity = entity.Def{
	Name:       "sales.competitor",
	Icon:       "swords",
	Fields:     entity.Fields(Name, Website, Threat, Strengths, Weaknesses, Tactics, ExternalID),
	Title:      Name,
	Public:     true,
	Duplicates: []schema.DuplicateRule{{Key: "name", Match: []schema.Match{{Field: "name", By: "company"}}}},
	Layout: schema.Layout{
		List:   []string{"name", "threat", "website", "updated_at"},
		Sort:   "name",
		Card:   []string{"name", "threat"},
		Kanban: "threat",
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "high", Filter: `threat == "high"`, Sort: "name"},
			{Key: "new", Filter: "created_at >= month_start()", Sort: "-id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "threat", "website"}, Columns: 2},
			{Key: "analysis", Fields: []string{"strengths", "weaknesses", "tactics", "external_id"}, Columns: 1},
		},
	},
}
