// Package department declares the parts of the company, a tree (ORG-1).
package department

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields. Number orders departments below the same parent; a name is
// unique there, not in the whole company: every branch has its sales department.
var (
	Name       = entity.Text("name", 100).Required().Folded().Sortable().Search()
	Code       = entity.Text("code", 50).Folded()
	Parent     = entity.Dept("parent")
	Head       = entity.Member("head")
	Deputy     = entity.Member("deputy")
	Number     = entity.Number("order_no")
	Remark     = entity.Text("remark", 500)
	ExternalID = entity.Text("external_id", 100)
)

// Entity is org.department. Everybody sees the company's structure.
var Entity = entity.Def{
	Name:   schema.DepartmentEntity,
	Icon:   "network",
	Fields: entity.Fields(Name, Code, Parent, Head, Deputy, Number, Remark, ExternalID),
	Title:  Name,
	Public: true,
	Hooks:  entity.Hooks{Validate: validate, Within: within},
	Layout: schema.Layout{
		List: []string{"name", "code", "parent", "head", "deputy", "order_no"},
		Sort: "order_no",
		Card: []string{"name", "parent", "head"},
		Views: []schema.View{
			{Key: "all", Sort: "order_no"},
			{Key: "headed", Filter: "head == me or deputy == me", Sort: "order_no"},
			{Key: "top", Filter: "parent is null", Sort: "order_no"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "code", "parent", "order_no"}, Columns: 2},
			{Key: "people", Fields: []string{"head", "deputy"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "external_id"}, Columns: 1},
		},
	},
}

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if err := admin.Only(c); err != nil {
		return err
	}
	if c.After == nil {
		return unused(ctx, tx, c.Before)
	}
	return placed(ctx, tx, c)
}

func within(ctx context.Context, tx entity.Writer, c entity.Change) error { return placed(ctx, tx, c) }

// placed checks a department's place in the tree and its name there.
func placed(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if err := entity.NoCircle(ctx, tx, c, Parent, "error.department_circle"); err != nil {
		return err
	}
	if !c.Touches(Name, Parent) {
		return nil
	}
	if err := tx.Guard(ctx, "org.department.name"); err != nil {
		return err
	}
	same, err := tx.Find(ctx, schema.DepartmentEntity, query.All(entity.Is(Name, Name.Get(c.After)), siblings(c.After)), 2)
	if err != nil {
		return err
	}
	for _, r := range same {
		if r.ID() != c.After.ID() {
			return errs.New(errs.Duplicate, "error.department_name", "name", Name.Get(c.After)).At(Name.Key())
		}
	}
	return nil
}

func siblings(r *record.Record) *query.Node {
	if Parent.Get(r) == 0 {
		return entity.Empty(Parent)
	}
	return entity.Is(Parent, id.ID(Parent.Get(r)).String())
}

// unused refuses to delete a department that others lie below or whose members
// would be left without one: their records are counted by department.
func unused(ctx context.Context, tx entity.Reader, r *record.Record) error {
	self := id.ID(r.ID()).String()
	below, err := tx.Find(ctx, r.Shape.Entity, entity.Is(Parent, self), 1)
	if err != nil {
		return err
	}
	if len(below) > 0 {
		return errs.New(errs.Conflict, "error.department_below", "name", Name.Get(r))
	}
	in, err := tx.Find(ctx, schema.MemberEntity, &query.Node{Kind: query.Compare, Path: "department", Op: schema.OpEq, Args: []query.Arg{{Text: self}}}, 1)
	if err != nil {
		return err
	}
	if len(in) > 0 {
		return errs.New(errs.Conflict, "error.department_members", "name", Name.Get(r))
	}
	return nil
}
