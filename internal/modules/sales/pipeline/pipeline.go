// Package pipeline declares the ways in which opportunities are won: each has
// stages of its own (阶段组, SAL-1).
package pipeline

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields.
var (
	Name    = entity.Text("name", 60).Required().Folded().Sortable().Search().Unique()
	Default = entity.Switch("default")
	Active  = entity.Switch("active").Default("true")
	Remark  = entity.LongText("remark")
)

// Entity is sales.pipeline.
var Entity = entity.Def{
	Name:   "sales.pipeline",
	Icon:   "workflow",
	Fields: entity.Fields(Name, Default, Active, Remark),
	Title:  Name,
	Public: true,
	Layout: schema.Layout{
		List: []string{"name", "default", "active", "updated_at"},
		Sort: "name",
		Card: []string{"name", "default"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "active", Filter: "active == true", Sort: "name"},
			{Key: "inactive", Filter: "active == false", Sort: "name"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"name", "default", "active", "remark"}, Columns: 2}},
	},
}
