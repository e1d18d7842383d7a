// Package position declares what members are in the company: 经理, 总监 (ORG-1).
package position

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields. A higher Level stands above a lower one.
var (
	Name   = entity.Text("name", 100).Required().Unique().Sortable()
	Level  = entity.Number("level").Between("0", "1000")
	Remark = entity.Text("remark", 500)
)

// Entity is org.position.
var Entity = entity.Def{
	Name:   "org.position",
	Icon:   "briefcase",
	Fields: entity.Fields(Name, Level, Remark),
	Title:  Name,
	Public: true,
	Hooks: entity.Hooks{Validate: func(_ context.Context, _ entity.Reader, c entity.Change) error {
		return admin.Only(c)
	}},
	Layout: schema.Layout{
		List: []string{"name", "level", "remark"},
		Sort: "-level",
		Card: []string{"name", "level"},
		Views: []schema.View{
			{Key: "all", Sort: "-level"},
			{Key: "leading", Filter: "level >= 50", Sort: "-level"},
			{Key: "unranked", Filter: "level is null", Sort: "name"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"name", "level", "remark"}, Columns: 2}},
	},
}
