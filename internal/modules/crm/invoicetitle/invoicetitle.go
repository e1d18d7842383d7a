// Package invoicetitle declares to whom invoices for a customer are made out
// (开票信息), lines of the customer: a group of companies often wants them on
// several (CUS-1).
package invoicetitle

import (
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. The tax number is free: persons and firms abroad have none that
// checks.
var (
	Title       = entity.Text("title", 200).Required()
	TaxNo       = entity.Text("tax_no", 40)
	BankName    = entity.Text("bank_name", 200)
	BankAccount = entity.Text("bank_account", 60).Sensitive()
	Address     = entity.Text("address", 300)
	Phone       = entity.Text("phone", 60).Sensitive()
	Default     = entity.Switch("is_default").Default("false")
)

// Entity is crm.customer_invoice_title.
var Entity = entity.Def{
	Name:   "crm.customer_invoice_title",
	Icon:   "receipt",
	Fields: entity.Fields(Title, TaxNo, BankName, BankAccount, Address, Phone, Default),
	Title:  Title,
	Hooks:  entity.Hooks{Derive: derive},
	Layout: schema.Layout{
		List:   []string{"parent", "title", "tax_no", "bank_name", "bank_account", "address", "phone", "is_default"},
		Sort:   "-id",
		Groups: []schema.Group{{Key: "basic", Fields: []string{"title", "tax_no", "bank_name", "bank_account", "address", "phone", "is_default"}, Columns: 2}},
	},
}

// derive keeps a unified social credit code in its normal form, as the customer's is.
func derive(r *record.Record, _ entity.Needs) error {
	if no := TaxNo.Get(r); no != "" {
		if code, ok := text.USCC(no); ok {
			TaxNo.Set(r, code)
		}
	}
	return nil
}
