// Package unit declares what quantities are counted in: 件, 箱, 小时.
package unit

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. The code is what papers in English say: pc, set, kg.
var (
	Code   = entity.Text("code", 20).Unique().Search()
	Name   = entity.Text("name", 60).Required().Folded().Sortable().Search()
	Active = entity.Switch("active").Default("true")
)

// Entity is catalog.unit.
var Entity = entity.Def{
	Name:   "catalog.unit",
	Icon:   "ruler",
	Fields: entity.Fields(Code, Name, Active),
	Title:  Name,
	Public: true,
	Hooks:  entity.Hooks{Derive: derive},
	Layout: schema.Layout{
		List: []string{"code", "name", "active"},
		Sort: "code",
		Card: []string{"code", "name"},
		Views: []schema.View{
			{Key: "all", Sort: "code"},
			{Key: "active", Filter: "active == true", Sort: "code"},
			{Key: "inactive", Filter: "active == false", Sort: "code"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"code", "name", "active"}, Columns: 2}},
	},
}

// derive lets a unit be made of its name alone, as on the spot and by imports:
// a short one is its code as well.
func derive(r *record.Record, _ entity.Needs) error {
	if name := Name.Get(r); Code.Get(r) == "" && len([]rune(name)) <= 20 {
		Code.Set(r, name)
	}
	return nil
}
