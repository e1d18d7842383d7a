// Package role declares named sets of grants (ORG-2).
package role

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields. Code names the roles that a new installation starts with; the
// others may do without.
var (
	Name        = entity.Text("name", 100).Required().Unique().Sortable()
	Code        = entity.Text("code", 50).Unique()
	Description = entity.Text("description", 500)
)

// Entity is org.role. Its grants are records of their own that go with it.
var Entity = entity.Def{
	Name:   "org.role",
	Icon:   "shield",
	Fields: entity.Fields(Name, Code, Description),
	Title:  Name,
	Public: true,
	Hooks: entity.Hooks{Validate: func(_ context.Context, _ entity.Reader, c entity.Change) error {
		return admin.Only(c)
	}},
	Layout: schema.Layout{
		List: []string{"name", "code", "description", "created_at"},
		Sort: "name",
		Card: []string{"name", "description"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "shipped", Filter: "code is not null", Sort: "name"},
			{Key: "own", Filter: "code is null", Sort: "name"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"name", "code", "description"}, Columns: 2}},
	},
}
