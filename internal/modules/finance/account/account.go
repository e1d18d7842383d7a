// Package account declares where the company's money arrives (收款账户).
package account

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
)

// What it is.
var (
	Name     = entity.Text("name", 100).Required().Unique().Folded().Sortable()
	Kind     = entity.Choice("kind", "bank", "cash", "online").Colors("blue", "green", "purple").Default("bank")
	Currency = currency.Choice("currency").Required().Default("currency()")
	Bank     = entity.Text("bank", 200)
	Number   = entity.Text("account_number", 60).Sensitive()
	Swift    = entity.Text("swift", 20)
	Active   = entity.Switch("active").Default("true")
	Remark   = entity.LongText("remark")
)

// Entity is finance.account.
var Entity = entity.Def{
	Name:   "finance.account",
	Icon:   "landmark",
	Fields: entity.Fields(Name, Kind, Currency, Bank, Number, Swift, Active, Remark),
	Title:  Name,
	Layout: schema.Layout{
		List: []string{"name", "kind", "currency", "bank", "account_number", "active"},
		Sort: "name",
		Card: []string{"name", "currency", "bank"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "active", Filter: "active == true", Sort: "name"},
			{Key: "bank", Filter: `kind == "bank"`, Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "kind", "currency", "bank", "account_number", "swift", "active"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}
