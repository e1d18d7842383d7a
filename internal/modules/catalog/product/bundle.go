package product

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Parts is the name of the group of what a bundle is made of.
const Parts = "parts"

// What a bundle is made of (套餐): so much of another product for one bundle.
var (
	Of      = entity.Ref("product", "catalog.product").Required().Only(`kind != "bundle"`)
	HowMany = entity.Decimal("quantity", 0).Apart().Required().Between("0.000001", "").Default("1")
)

// Part is catalog.product_part.
var Part = entity.Def{
	Name:    "catalog.product_part",
	Icon:    "list",
	Fields:  entity.Fields(Of, HowMany),
	Indexes: []schema.Index{entity.By(Of)},
	Hooks:   entity.Hooks{Derive: derivePart, Needs: []entity.Need{entity.NeedOf(Of)}},
	Layout: schema.Layout{
		List: []string{"product", "quantity"}, Sort: "id", Card: []string{"product", "quantity"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"product", "quantity"}, Columns: 2}},
	},
}

// derivePart refuses parts of what is no bundle, and bundles of bundles.
func derivePart(r *record.Record, n entity.Needs) error {
	if n.Parent != nil && n.Parent.Get(Kind.Key()).Str() != Bundle {
		return errs.New(errs.Invalid, "error.parts_no_bundle").At(Of.Key())
	}
	if p := n.Of(Of); p != nil && Kind.Get(p) == Bundle {
		return errs.New(errs.Invalid, "error.part_bundle").At(Of.Key())
	}
	return nil
}

// derive refuses the same part twice.
func derive(_ *record.Record, n entity.Needs) error {
	seen := map[int64]bool{}
	for _, part := range n.Lines(Parts) {
		if of := Of.Get(part); of != 0 && seen[of] {
			return errs.New(errs.Invalid, "error.part_twice").At(Parts)
		}
		seen[Of.Get(part)] = true
	}
	return nil
}

// validate keeps a part from becoming a bundle.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.Before == nil || !c.Touches(Kind) {
		return nil
	}
	if Kind.Get(c.After) == Bundle {
		n, err := tx.Count(ctx, Part.Name, entity.Is(Of, id.ID(c.After.ID()).String()), 1)
		if err == nil && n > 0 {
			return errs.New(errs.Invalid, "error.part_bundle").At(Kind.Key())
		}
		return err
	}
	parts, err := entity.LinesOf(ctx, tx, Part.Name, c.After.ID())
	if err == nil && len(parts) > 0 && Kind.Get(c.Before) == Bundle {
		return errs.New(errs.Invalid, "error.parts_no_bundle").At(Kind.Key())
	}
	return err
}
