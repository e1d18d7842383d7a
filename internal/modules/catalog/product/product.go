// Package product declares what is sold and bought: goods, services, bundles (SAL-3).
package product

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/category"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/unit"
)

// What a product can be.
const (
	Goods   = "goods"
	Service = "service"
	Bundle  = "bundle" // made of others
)

// What it is and what it is sold for. Prices are in the company's own currency
// unless a price book says otherwise.
var (
	Name        = entity.Text("name", 200).Required().Folded().Sortable().Search()
	NameEn      = entity.Text("name_en", 200).Folded().Search()
	Code        = entity.Text("code", 60).Unique().Search()
	Kind        = entity.Choice("kind", Goods, Service, Bundle).Colors("blue", "purple", "teal").Default(Goods).Coded()
	Category    = entity.Ref("category", category.Entity.Name)
	Spec        = entity.Text("spec", 200).Folded().Search()
	Unit        = entity.Ref("unit", unit.Entity.Name)
	Price       = entity.Decimal("price", 2).Between("0", "").Apart().Audited()
	Cost        = entity.Decimal("cost", 2).Between("0", "").Apart().Sensitive().Audited()
	TaxRate     = entity.Percent("tax_rate").Between("0", "100").Default("13")
	MaxDiscount = entity.Percent("max_discount").Between("0", "100").Audited()
	AsOne       = entity.Switch("as_one").VisibleWhen(entity.Is(Kind, Bundle))
	Active      = entity.Switch("active").Default("true")
	Barcode     = entity.Text("barcode", 60).Search()
	Brand       = entity.Text("brand", 100).Folded().Search()
	Pictures    = entity.Files("pictures")
	Description = entity.LongText("description")
)

// How it is packed and declared (SAL-11). Volumes are in m³ and weights in kg,
// of one carton.
var (
	HSCode      = entity.Text("hs_code", 20).Search()
	Origin      = entity.Text("origin", 100)
	PerCarton   = entity.Decimal("per_carton", 0).Between("0", "")
	CartonSize  = entity.Text("carton_size", 60)
	Volume      = entity.Decimal("carton_volume", 4).Between("0", "")
	NetWeight   = entity.Decimal("net_weight", 3).Between("0", "")
	GrossWeight = entity.Decimal("gross_weight", 3).Between("0", "")
	ExternalID  = entity.Text("external_id", 100)
)

var ofGoods = entity.Is(Kind, Goods)

// Entity is catalog.product.
var Entity = entity.Def{
	Name: "catalog.product",
	Icon: "package",
	Fields: entity.Fields(Name, NameEn, Code, Kind, Category, Spec, Unit, Price, Cost, TaxRate, MaxDiscount, AsOne, Active, Barcode.VisibleWhen(ofGoods), Brand,
		Pictures, Description, HSCode.VisibleWhen(ofGoods), Origin.VisibleWhen(ofGoods), PerCarton.VisibleWhen(ofGoods), CartonSize.VisibleWhen(ofGoods),
		Volume.VisibleWhen(ofGoods), NetWeight.VisibleWhen(ofGoods), GrossWeight.VisibleWhen(ofGoods), ExternalID),
	Title:   Name,
	Public:  true,
	Lines:   entity.Lines(Parts, Part).And(SupplierPrices, SupplierPrice),
	Hooks:   entity.Hooks{Derive: derive, Validate: validate},
	Indexes: []schema.Index{entity.By(Category)},
	Duplicates: []schema.DuplicateRule{
		{Key: "name", Match: []schema.Match{{Field: "name", By: "folded"}, {Field: "spec", By: "folded"}}},
	},
	Layout: schema.Layout{
		LinesAfter: "price",
		List:       []string{"name", "code", "category", "spec", "unit", "price", "cost", "tax_rate", "active"},
		Sort:       "name",
		Card:       []string{"name", "code", "spec", "price"},
		Kanban:     "kind",
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "active", Filter: "active == true", Sort: "name"},
			{Key: "inactive", Filter: "active == false", Sort: "name"},
			{Key: "unpriced", Filter: "active == true and price is null", Sort: "-id"},
			{Key: "new", Filter: "created_at >= month_start()", Sort: "-id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "name_en", "code", "kind", "category", "spec", "brand", "unit", "as_one", "active"}, Columns: 2},
			{Key: "price", Fields: []string{"price", "cost", "tax_rate", "max_discount"}, Columns: 2},
			{Key: "package", Fields: []string{"per_carton", "carton_size", "carton_volume", "net_weight", "gross_weight", "hs_code", "origin", "barcode"}, Columns: 2},
			{Key: "more", Fields: []string{"pictures", "description", "external_id"}, Columns: 1},
		},
	},
}
