// Package pricebook declares what products cost whom (价格表, SAL-3, SAL-9): by
// the customer's level and place, by quantity, day and currency.
package pricebook

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
)

// Items is the name of the group of prices.
const Items = "items"

// What a book holds for. What is left empty holds for all; of several books that
// hold, the one with the higher priority counts.
var (
	Name       = entity.Text("name", 200).Required().Folded().Sortable().Search()
	Code       = entity.Text("code", 60).Unique().Search()
	Currency   = entity.Choice("currency", currency.Codes()...).Required().Default("currency()").Audited()
	From       = entity.Date("valid_from").Audited()
	Until      = entity.Date("valid_until").Audited()
	Levels     = entity.Choices("levels", "a", "b", "c", "d").SameAs("crm.customer", entity.Choice("level")).Audited()
	Region     = entity.Region("region").Audited()
	Country    = entity.Text("country", 100).Folded().Audited()
	Priority   = entity.Number("priority").Apart().Between("0", "1000").Default("0").Audited()
	Active     = entity.Switch("active").Default("true").Audited()
	Remark     = entity.LongText("remark")
	ExternalID = entity.Text("external_id", 100)
)

// The fields of a price: it holds from a quantity on, in the book's currency.
// MaxDiscount goes before the product's.
var (
	Product     = entity.Ref("product", product.Entity.Name).Required()
	AtLeast     = entity.Decimal("quantity_from", 0).Apart().Between("0", "").Default("0")
	Price       = entity.Decimal("price", 2).Required().Between("0", "").Apart()
	MaxDiscount = entity.Percent("max_discount").Between("0", "100")
	Note        = entity.Text("note", 300)
)

// Line is catalog.price, a line of a book.
var Line = entity.Def{
	Name:    "catalog.price",
	Icon:    "tag",
	Fields:  entity.Fields(Product, AtLeast, Price, MaxDiscount, Note),
	Indexes: []schema.Index{entity.By(Product)},
	Layout: schema.Layout{
		List: []string{"product", "quantity_from", "price", "max_discount", "note"}, Sort: "id", Card: []string{"product", "quantity_from", "price"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"product", "quantity_from", "price", "max_discount", "note"}, Columns: 2}},
	},
}

// Entity is catalog.price_book.
var Entity = entity.Def{
	Name:   "catalog.price_book",
	Icon:   "tags",
	Fields: entity.Fields(Name, Code, Currency, From, Until, Levels, Region, Country, Priority, Active, Remark, ExternalID),
	Title:  Name,
	Lines:  entity.Lines(Items, Line),
	Hooks:  entity.Hooks{Derive: derive, Validate: validate},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"name", "currency", "valid_from", "valid_until", "levels", "region", "priority", "active", "code"},
		Sort:       "name",
		Card:       []string{"name", "currency", "valid_from", "valid_until"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "valid", Filter: "active == true and (valid_from is null or valid_from <= today()) and (valid_until is null or valid_until >= today())", Sort: "-priority"},
			{Key: "ending", Filter: "active == true and valid_until >= today() and valid_until <= days(30)", Sort: "valid_until"},
			{Key: "inactive", Filter: "active == false", Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "code", "currency", "priority", "active"}, Columns: 2},
			{Key: "scope", Fields: []string{"valid_from", "valid_until", "levels", "region", "country"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "external_id"}, Columns: 1},
		},
	},
}

// derive refuses two prices of a product from the same quantity on.
func derive(_ *record.Record, n entity.Needs) error {
	seen := map[[2]int64]bool{}
	for _, line := range n.Lines(Items) {
		key := [2]int64{Product.Get(line), AtLeast.Get(line)}
		if key[0] != 0 && seen[key] {
			return errs.New(errs.Invalid, "error.price_twice").At(Items)
		}
		seen[key] = true
	}
	return nil
}

func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if c.After == nil || !c.Touches(From, Until) {
		return nil
	}
	if until := Until.Get(c.After); until != "" && until < From.Get(c.After) {
		return errs.New(errs.Invalid, "error.valid_before").At(Until.Key())
	}
	return nil
}
