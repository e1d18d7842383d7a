package product

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
)

// SupplierPrices is the name of the group of what suppliers asked.
const SupplierPrices = "supplier_prices"

// What a supplier asked for a product, when and from which quantity on.
var (
	Supplier = entity.Text("supplier", 200).Required().Folded()
	Asked    = entity.Decimal("price", 2).Required().Between("0", "").Apart()
	In       = currency.Choice("currency").Required().Default("currency()")
	On       = entity.Date("date").Required().Default("today()")
	From     = entity.Decimal("quantity_from", 0).Apart().Between("0", "")
	Note     = entity.Text("note", 300)
)

// SupplierPrice is catalog.supplier_price; only those see it who see costs.
var SupplierPrice = entity.Def{
	Name:   "catalog.supplier_price",
	Icon:   "truck",
	Fields: entity.Fields(Supplier, Asked, In, On, From, Note),
	Title:  Supplier,
	With:   Cost,
	Layout: schema.Layout{
		List: []string{"supplier", "price", "currency", "date", "quantity_from", "note"}, Sort: "id", Card: []string{"supplier", "price", "date"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"supplier", "price", "currency", "date", "quantity_from", "note"}, Columns: 2}},
	},
}
