// Package catalog is what both sides of the business, selling and buying,
// count in: products, currencies with dated rates, units.
package catalog

import (
	"embed"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/category"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/pricebook"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/rate"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/unit"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the catalog. Every starting role reads it.
func Module() entity.Module {
	m := entity.Module{
		Name:     "catalog",
		Entities: []entity.Def{product.Entity, pricebook.Entity, category.Entity, currency.Entity, rate.Entity, unit.Entity},
		Menu:     []string{product.Entity.Name, pricebook.Entity.Name, category.Entity.Name, currency.Entity.Name, rate.Entity.Name, unit.Entity.Name},
		Basics:   []string{category.Entity.Name, currency.Entity.Name, rate.Entity.Name, unit.Entity.Name},
		Texts:    texts,
	}
	for _, code := range []string{"sales", "sales_manager", "boss", "buyer"} {
		m.Roles = append(m.Roles, entity.RoleTemplate{Code: code, Grants: entity.Allow("catalog.*", access.All, access.Read)})
	}
	return m
}
