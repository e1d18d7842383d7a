// Package branch declares the places of the company: its seat, branches and
// offices (分公司、办事处, ORG-1).
package branch

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields.
var (
	Name       = entity.Text("name", 100).Required().Unique().Sortable().Search()
	Code       = entity.Text("code", 50).Folded()
	Kind       = entity.Choice("kind", "headquarters", "branch", "office", "factory", "warehouse").Colors("red", "blue", "teal", "orange", "gray").Default("branch")
	Parent     = entity.Ref("parent", "org.branch")
	Head       = entity.Member("head")
	Phone      = entity.Phone("phone")
	Region     = entity.Region("region")
	Address    = entity.Text("address", 300)
	Remark     = entity.Text("remark", 500)
	ExternalID = entity.Text("external_id", 100)
)

// Entity is org.branch. Everybody sees the company's places.
var Entity = entity.Def{
	Name:   "org.branch",
	Icon:   "building",
	Fields: entity.Fields(Name, Code, Kind, Parent, Head, Phone, Region, Address, Remark, ExternalID),
	Title:  Name,
	Public: true,
	Hooks:  entity.Hooks{Validate: validate, Within: within},
	Layout: schema.Layout{
		List: []string{"name", "kind", "code", "parent", "head", "phone", "region", "address"},
		Sort: "name",
		Card: []string{"name", "kind", "head"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "headed", Filter: "head == me", Sort: "name"},
			{Key: "branches", Filter: `kind == "branch"`, Sort: "name"},
			{Key: "offices", Filter: `kind == "office"`, Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "kind", "code", "parent", "head"}, Columns: 2},
			{Key: "address", Fields: []string{"phone", "region", "address"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "external_id"}, Columns: 1},
		},
	},
}

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if err := admin.Only(c); err != nil {
		return err
	}
	if c.After == nil {
		return nil
	}
	return entity.NoCircle(ctx, tx, c, Parent, "error.branch_circle")
}

func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	return entity.NoCircle(ctx, tx, c, Parent, "error.branch_circle")
}
