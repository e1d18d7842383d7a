// Package category declares how products are grouped, as a tree (SAL-3).
package category

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields.
var (
	Name        = entity.Text("name", 100).Required().Folded().Sortable().Search()
	Parent      = entity.Ref("parent", "catalog.category")
	Code        = entity.Text("code", 40).Unique().Search()
	MaxDiscount = entity.Percent("max_discount").Between("0", "100").Audited()
	Remark      = entity.LongText("remark")
	ExternalID  = entity.Text("external_id", 100)
)

// Entity is catalog.category.
var Entity = entity.Def{
	Name:   "catalog.category",
	Icon:   "folder-tree",
	Fields: entity.Fields(Name, Parent, Code, MaxDiscount, Remark, ExternalID),
	Title:  Name,
	Public: true,
	Hooks: entity.Hooks{
		Validate: func(ctx context.Context, tx entity.Reader, c entity.Change) error {
			return entity.NoCircle(ctx, tx, c, Parent, "error.category_circle")
		},
		Within: func(ctx context.Context, tx entity.Writer, c entity.Change) error {
			return entity.NoCircle(ctx, tx, c, Parent, "error.category_circle")
		},
	},
	Layout: schema.Layout{
		List: []string{"name", "parent", "code", "max_discount", "updated_at"},
		Sort: "name",
		Card: []string{"name", "parent", "code"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "top", Filter: "parent is null", Sort: "name"},
			{Key: "new", Filter: "created_at >= month_start()", Sort: "-id"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"name", "parent", "code", "max_discount", "remark", "external_id"}, Columns: 2}},
	},
}
