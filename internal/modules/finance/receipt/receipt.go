// Package receipt declares money that came from customers (回款, FIN-1). What of
// it settles no instalment is a prepayment.
package receipt

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/account"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/finance/refund"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states. Only actions go from one to another.
const (
	Draft     = "draft"
	Confirmed = "confirmed"
)

// What it is. Amount is what the customer paid, Charges what banks kept of it
// at our cost, Arrived what came to the account.
var (
	Number      = entity.AutoNumber("number", schema.Numbering{Prefix: "SK", Date: "YYYYMM", Reset: "month"})
	State       = entity.Choice("status", Draft, Confirmed).Colors("gray", "green").Default(Draft).ReadOnly().Audited().Coded()
	Customer    = entity.Ref("customer", customer.Entity.Name).Required().Audited()
	Contract    = entity.Ref("contract", contract.Entity.Name).Only("customer == {customer}")
	Order       = entity.Ref("order", order.Entity.Name).Only("customer == {customer}")
	On          = entity.Date("date").Required().Default("today()").Audited()
	Currency    = currency.Choice("currency").Required().Default("currency()").Audited()
	Rate        = entity.Decimal("rate", 4).Between("0.000001", "").RateOf(Currency).Apart().Audited()
	Amount      = entity.Money("amount").Required().Between("0", "").Audited()
	Charges     = entity.Money("charges").Between("0", "").Audited()
	Arrived     = entity.Money("arrived").ReadOnly()
	AmountBase  = entity.Money("amount_base").InBase().ReadOnly()
	Method      = entity.Choice("method", "transfer", "letter_of_credit", "acceptance", "cheque", "cash", "alipay", "wechat", "card", "other").Default("transfer")
	Account     = entity.Ref("account", account.Entity.Name).Only("active == true")
	Reference   = entity.Text("bank_reference", 100).Unique().Search().Audited()
	Payer       = entity.Text("payer", 200).Search()
	Settled     = entity.Money("settled").ReadOnly()
	Left        = entity.Money("open").ReadOnly()
	Refunded    = entity.Money("refunded").ReadOnly()
	SettledBase = entity.Money("settled_base").InBase().ReadOnly()
	LeftBase    = entity.Money("open_base").InBase().ReadOnly()
	ConfirmedBy = entity.Member("confirmed_by").ReadOnly()
	Owner       = entity.Member("owner").Required().Audited()
	Remark      = entity.LongText("remark")
	Attachments = entity.Files("attachments")
	ExternalID  = entity.Text("external_id", 100)
)

// Entity is finance.receipt.
var Entity = entity.Def{
	Name: "finance.receipt",
	Icon: "banknote",
	Fields: entity.Fields(Number, State, Customer, Contract, Order, On, Currency, Rate, Amount, Charges, Arrived, AmountBase, Method, Account, Reference, Payer,
		Settled, Left, SettledBase, LeftBase, ConfirmedBy, Owner, Remark, Attachments, ExternalID, Refunded),
	Title:  Number,
	Scopes: entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Customer), entity.By(Contract), entity.By(Order), {Keys: []string{"-date", "-id"}}, {Keys: []string{"owner", "-date"}}, {Keys: []string{"status", "-id"}},
		{Keys: []string{"date", "status", "owner", "dept", "customer", "amount_base"}}}, // who brought in how much and when is answered by it alone
	Prints: []schema.Print{sheet("receipt", ""), sheet("bilingual", "both")},
	Hooks:  entity.Hooks{Derive: derive, Validate: validate},
	Locked: entity.Locked{State: State, In: []string{Confirmed}, Open: []entity.Declared{Remark, Attachments, Payer}},
	Actions: []entity.Action{
		{Name: "confirm", Op: access.Approve, Main: true, Only: entity.Is(State, Draft), Move: entity.Move{State: State, From: []string{Draft}, To: Confirmed}, Fill: func(r *record.Record, c entity.Change, _ *record.Record) error {
			ConfirmedBy.Set(r, c.Actor.ID())
			return nil
		}},
		{Name: "reopen", Op: access.Approve, Move: entity.Move{State: State, From: []string{Confirmed}, To: Draft}, Fill: reopen},
	},
	Layout: schema.Layout{
		List:   []string{"number", "customer", "date", "amount", "settled", "open", "method", "bank_reference", "status", "owner"},
		Sort:   "-date",
		Card:   []string{"number", "customer", "amount", "open", "date"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-date"},
			{Key: "mine", Filter: "owner == me", Sort: "-date"},
			{Key: "draft", Filter: `status == "draft"`, Sort: "date", Today: true},
			{Key: "prepaid", Filter: `status == "confirmed" and open > 0`, Sort: "date"},
			{Key: "month", Filter: "date >= month_start()", Sort: "-date"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "contract", "order", "date", "status", "payer", "confirmed_by", "owner"}, Columns: 2},
			{Key: "money", Fields: []string{"currency", "rate", "amount", "charges", "arrived", "settled", "refunded", "open", "amount_base", "settled_base", "open_base"}, Columns: 2},
			{Key: "bank", Fields: []string{"method", "account", "bank_reference"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "attachments", "external_id"}, Columns: 1},
		},
	},
}

// derive computes what came to the account.
func derive(r *record.Record, _ entity.Needs) (err error) {
	if Amount.Value(r).IsNull() {
		return nil
	}
	Amount.Set(r, money.Round(Amount.Get(r), Currency.Get(r)))
	if !Charges.Value(r).IsNull() {
		Charges.Set(r, money.Round(Charges.Get(r), Currency.Get(r)))
	}
	if Charges.Get(r) > Amount.Get(r) {
		return errs.New(errs.Invalid, "error.charges_above").At(Charges.Key())
	}
	Arrived.Set(r, Amount.Get(r)-Charges.Get(r))
	return nil
}

func reopen(_ *record.Record, c entity.Change, _ *record.Record) error {
	if Settled.Get(c.Before) != 0 || Refunded.Get(c.Before) != 0 {
		return errs.New(errs.Conflict, "error.receipt_settled")
	}
	return nil
}

// validate keeps what is settled, which follows from the settlements, and what
// the receipt is worth in the company's own currency.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		if State.Get(c.Before) == Confirmed {
			return errs.New(errs.Conflict, "error.receipt_confirmed")
		}
		return nil
	}
	if c.Touches(On, Amount, Charges, Currency, Rate, Customer, State) {
		days := []string{On.Get(r)}
		if c.Before != nil {
			days = append(days, On.Get(c.Before))
		}
		if err := period.Check(ctx, tx, days...); err != nil {
			return err
		}
	}
	if Amount.Get(r) <= 0 && c.Touches(Amount) {
		return errs.New(errs.Invalid, "error.amount_positive").At(Amount.Key())
	}
	if err := paper.Rated(ctx, tx, r, Currency, Rate, On.Get(r)); err != nil {
		return err
	}
	sums, err := settlement.Of(ctx, tx, settlement.Receipt, r.ID())
	if err != nil {
		return err
	}
	back, backBase, err := refund.Of(ctx, tx, r.ID())
	if err != nil {
		return err
	}
	if (sums.Paid != 0 || back != 0) && State.Get(r) != Confirmed {
		return errs.New(errs.Conflict, "error.receipt_settled")
	}
	gone, err := decimal.Add(sums.Paid, back)
	if err != nil {
		return err
	}
	left, err := decimal.Sub(Amount.Get(r), gone)
	if err != nil {
		return err
	}
	if left < 0 || sums.Paid < 0 {
		return errs.New(errs.Invalid, "error.settled_above", "amount", money.Text(Amount.Get(r)), "settled", money.Text(gone)).At(Amount.Key())
	}
	base, err := money.Convert(Amount.Get(r), paper.RateOf(r, Rate), tx.Here().Currency)
	if err != nil {
		return err
	}
	AmountBase.Set(r, base)
	Settled.Set(r, sums.Paid)
	Refunded.Set(r, back)
	SettledBase.Set(r, sums.PaidBase)
	Left.Set(r, left)
	LeftBase.Set(r, base-sums.PaidBase-backBase)
	return nil
}
