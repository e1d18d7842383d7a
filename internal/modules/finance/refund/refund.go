// Package refund declares money that went back to customers (退款, FIN-1): of
// prepayments and of what was paid too much.
package refund

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/account"
)

// The states. One that was cancelled stays.
const (
	Done      = "done"
	Cancelled = "cancelled"
)

// What it is. Customer, currency and what it is worth follow from the receipt
// that it is of.
var (
	Number      = entity.AutoNumber("number", schema.Numbering{Prefix: "TK", Date: "YYYYMM", Reset: "month"})
	State       = entity.Choice("status", Done, Cancelled).Colors("green", "gray").Default(Done).ReadOnly().Audited().Coded()
	Receipt     = entity.Ref("receipt", "finance.receipt").Required().Only(`status == "confirmed" and open > 0`).Audited()
	Customer    = entity.Ref("customer", customer.Entity.Name).ReadOnly()
	On          = entity.Date("date").Required().Default("today()").Audited()
	Currency    = currency.Choice("currency").ReadOnly()
	Amount      = entity.Money("amount").Audited()
	AmountBase  = entity.Money("amount_base").InBase().ReadOnly()
	Account     = entity.Ref("account", account.Entity.Name).Only("active == true")
	Reference   = entity.Text("bank_reference", 100).Unique().Search().Audited()
	Reason      = entity.Text("reason", 300).Required()
	CancelWhy   = entity.Text("cancel_reason", 300).ReadOnly()
	Owner       = entity.Member("owner").Required().Audited()
	Remark      = entity.LongText("remark")
	Attachments = entity.Files("attachments")
)

// Name is the entity's name.
const Name = "finance.refund"

// Entity is finance.refund, without its rules.
var Entity = entity.Def{
	Name:    Name,
	Icon:    "hand-coins",
	Fields:  entity.Fields(Number, State, Receipt, Customer, On, Currency, Amount, AmountBase, Account, Reference, Reason, CancelWhy, Owner, Remark, Attachments),
	Title:   Number,
	Scopes:  entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Receipt), entity.By(Customer), {Keys: []string{"-date", "-id"}}},
	Locked:  entity.Locked{State: State, In: []string{Done, Cancelled}, Open: []entity.Declared{Remark, Attachments, Account}},
	Layout: schema.Layout{
		List:   []string{"number", "customer", "receipt", "date", "amount", "bank_reference", "reason", "status", "owner"},
		Sort:   "-id",
		Card:   []string{"number", "customer", "amount", "date"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "month", Filter: "date >= month_start()", Sort: "-date"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "receipt", "customer", "date", "status", "reason", "cancel_reason", "owner"}, Columns: 2},
			{Key: "money", Fields: []string{"currency", "amount", "amount_base", "account", "bank_reference"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "attachments"}, Columns: 1},
		},
	},
}

// most is above how many refunds there are of one receipt.
const most = 10_000

// Of adds up what went back of a receipt, in its currency and in the company's own.
func Of(ctx context.Context, tx entity.Reader, receipt int64) (amount, base int64, err error) {
	if receipt == 0 {
		return 0, 0, nil // a new one has none
	}
	list, err := tx.Find(ctx, Name, query.All(entity.Is(Receipt, id.ID(receipt).String()), entity.Is(State, Done)), most)
	for _, one := range list {
		if err == nil {
			amount, err = decimal.Add(amount, Amount.Get(one))
		}
		if err == nil {
			base, err = decimal.Add(base, AmountBase.Get(one))
		}
	}
	return amount, base, err
}
