// Package finance is the money that customers owe and pay: instalments,
// receipts, invoices, settlements, closed periods (FIN-1, FIN-7).
package finance

import (
	"embed"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/finance/account"
	"github.com/guanxicrm/guanxi/internal/modules/finance/ageing"
	"github.com/guanxicrm/guanxi/internal/modules/finance/credit"
	"github.com/guanxicrm/guanxi/internal/modules/finance/creditmodel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunning"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunninglevel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interest"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/finance/invoice"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/refund"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settle"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/finance/statement"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the finance. Who works in finance reads the customers and
// their papers and works on everything here; a salesperson plans what his
// customers are to pay, hands in what they paid and sees what became of it.
func Module() entity.Module {
	all := []access.Op{access.Read, access.Create, access.Update, access.Delete, access.Import, access.Export, access.Print, access.Transfer, access.Approve}
	books := slices.Concat(entity.Allow("finance.*", access.All, all...), entity.Allow("finance.dunning", access.All, access.Read, access.Update, access.Delete, access.Export, access.Print),
		entity.Allow("sales.*", access.All, access.Read, access.Export, access.Print),
		entity.Allow("crm.*", access.All, access.Read, access.Export), entity.Allow("catalog.*", access.All, access.Read), entity.Allow("catalog.rate", access.All, access.Create, access.Update))
	mine := func(scope access.Scope) []access.Grant {
		return slices.Concat(entity.Allow("finance.instalment", scope, access.Read, access.Create, access.Update, access.Export, access.Print),
			entity.Allow("finance.receipt", scope, access.Read, access.Create, access.Update, access.Export, access.Print),
			entity.Allow("finance.invoice", scope, access.Read, access.Create, access.Update, access.Export, access.Print),
			entity.Allow("finance.dunning", scope, access.Read, access.Update, access.Export, access.Print), entity.Allow(dunninglevel.EntityName, access.All, access.Read),
			entity.Allow(interest.Name, scope, access.Read, access.Export, access.Print), entity.Allow(interestrule.EntityName, access.All, access.Read),
			entity.Allow("finance.statement", scope, access.Read, access.Create, access.Update, access.Export, access.Print),
			entity.Allow("finance.settlement", scope, access.Read, access.Export), entity.Allow("finance.refund", scope, access.Read, access.Export), entity.Allow("finance.credit_profile", scope, access.Read), entity.Allow("finance.account", access.All, access.Read))
	}
	owed := instalment.Entity
	owed.Reports = []entity.Report{ageing.Report(), statement.Report(), dunning.Report(), interest.Report()}
	return entity.Module{
		Name:     "finance",
		Entities: []entity.Def{owed, receipt.Entity, settle.Entity(), settle.Refund(), invoice.Entity, statement.Entity, dunning.Entity, dunninglevel.Entity, interest.Entity, interestrule.Entity, account.Entity, period.Entity, credit.Entity, creditmodel.Entity},
		Menu: []string{instalment.Entity.Name, receipt.Entity.Name, invoice.Entity.Name, settlement.Entity.Name, refund.Name, statement.Name, dunning.Name, interest.Name, credit.Entity.Name, account.Entity.Name, period.Entity.Name,
			creditmodel.Entity.Name, dunninglevel.EntityName, interestrule.EntityName},
		Targets: mailable(),
		Basics:  []string{dunninglevel.EntityName, interestrule.EntityName},
		First:   true,
		Ticks:   []entity.Tick{{Name: "dunning", Run: dunning.Tick}},
		Texts:   texts,
		Extends: slices.Concat(instalment.Extensions(), settle.Extensions(), invoice.Extensions(), statement.Extensions(), dunning.Extensions(), interest.Extensions(), credit.Extensions(), agreed(), mailing()),
		Roles: []entity.RoleTemplate{
			{Code: "finance", Grants: books},
			{Code: "sales", Grants: mine(access.Own)},
			{Code: "sales_manager", Grants: mine(access.Tree)},
		},
	}
}
