// Package group declares user groups (小组): members of any departments who
// belong together for some purpose (ORG-1).
package group

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields.
var (
	Name       = entity.Text("name", 100).Required().Unique().Sortable().Search()
	Leader     = entity.Member("leader")
	Members    = entity.Members("members")
	Remark     = entity.Text("remark", 500)
	ExternalID = entity.Text("external_id", 100)
)

// Entity is org.group. Everybody sees who is in it.
var Entity = entity.Def{
	Name:   "org.group",
	Icon:   "users-round",
	Fields: entity.Fields(Name, Leader, Members, Remark, ExternalID),
	Title:  Name,
	Public: true,
	Hooks: entity.Hooks{Validate: func(_ context.Context, _ entity.Reader, c entity.Change) error {
		return admin.Only(c)
	}},
	Layout: schema.Layout{
		List: []string{"name", "leader", "members", "remark"},
		Sort: "name",
		Card: []string{"name", "leader"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "mine", Filter: "members == me or leader == me", Sort: "name"},
			{Key: "unled", Filter: "leader is null", Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "leader", "members"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "external_id"}, Columns: 1},
		},
	},
}
