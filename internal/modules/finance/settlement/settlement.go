// Package settlement declares which receipt paid which instalment (核销, FIN-1):
// what they are and what they sum up to. How they come about is in settle.
package settlement

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
)

// What a settlement is of, and how it stands. One that was taken back stays,
// beside the one that takes it back.
const (
	FromReceipt = "receipt"
	BadDebt     = "bad_debt"
	Recovery    = "recovery" // what was given up stands again

	Done     = "done"
	Reversed = "reversed"
	Reversal = "reversal"
)

// What it is. Amount, Discount and Credit are in the instalment's currency,
// Paid and Charges in the receipt's. Credit is what the instalment is settled
// by: Amount and Discount. CreditBase is what that was worth when it was booked
// and PaidBase what the money was worth that came; Difference is between them.
// DueOn and BookedOn are the instalment's, for balances at a day.
var (
	Number       = entity.AutoNumber("number", schema.Numbering{Prefix: "HX", Date: "YYYYMM", Reset: "month"})
	State        = entity.Choice("status", Done, Reversed, Reversal).Colors("green", "gray", "orange").Default(Done).ReadOnly().Audited().Coded()
	Kind         = entity.Choice("kind", FromReceipt, BadDebt, Recovery).Colors("green", "red", "teal").Default(FromReceipt).ReadOnly().Coded()
	On           = entity.Date("date").Required().Default("today()").Audited()
	Customer     = entity.Ref("customer", customer.Entity.Name).ReadOnly()
	Instalment   = entity.Ref("instalment", "finance.instalment").Required().Audited()
	Receipt      = entity.Ref("receipt", "finance.receipt").Only(`status == "confirmed"`).Audited()
	Currency     = currency.Choice("currency").ReadOnly()
	Amount       = entity.Money("amount").Audited()
	Discount     = entity.Money("cash_discount").Audited()
	Credit       = entity.Money("credit").ReadOnly()
	PaidCurrency = currency.Choice("paid_currency").ReadOnly()
	Paid         = entity.Money("paid").In(PaidCurrency).Audited()
	Charges      = entity.Money("charges").In(PaidCurrency).ReadOnly()
	CreditBase   = entity.Money("credit_base").InBase().ReadOnly()
	PaidBase     = entity.Money("paid_base").InBase().ReadOnly()
	Difference   = entity.Money("difference").InBase().ReadOnly()
	DueOn        = entity.Date("due_on").ReadOnly()
	BookedOn     = entity.Date("booked_on").ReadOnly()
	Reverses     = entity.Ref("reverses", "finance.settlement").ReadOnly()
	ReversedBy   = entity.Ref("reversed_by", "finance.settlement").ReadOnly()
	Reason       = entity.Text("reason", 300).ReadOnly()
	Owner        = entity.Member("owner").Required()
	Remark       = entity.LongText("remark")
)

// Entity is finance.settlement, without its rules.
var Entity = entity.Def{
	Name: "finance.settlement",
	Icon: "handshake",
	Fields: entity.Fields(Number, State, Kind, On, Customer, Instalment, Receipt, Currency, Amount, Discount, Credit, PaidCurrency, Paid, Charges,
		CreditBase, PaidBase, Difference, DueOn, BookedOn, Reverses, ReversedBy, Reason, Owner, Remark),
	Title:   Number,
	Scopes:  entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Instalment), entity.By(Receipt), entity.By(Customer), {Keys: []string{"date", "id"}}},
	Locked:  entity.Locked{State: State, In: []string{Done, Reversed, Reversal}, Open: []entity.Declared{Remark}},
	Layout: schema.Layout{
		List:   []string{"number", "customer", "instalment", "receipt", "kind", "date", "amount", "cash_discount", "difference", "status"},
		Sort:   "-id",
		Card:   []string{"number", "customer", "credit", "kind", "date"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "done", Filter: `status == "done"`, Sort: "-date"},
			{Key: "month", Filter: "date >= month_start()", Sort: "-date"},
			{Key: "reversed", Filter: `status != "done"`, Sort: "-id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "instalment", "receipt", "kind", "status", "date", "owner"}, Columns: 2},
			{Key: "money", Fields: []string{"currency", "amount", "cash_discount", "credit", "paid_currency", "paid", "charges", "credit_base", "paid_base", "difference"}, Columns: 2},
			{Key: "undo", Fields: []string{"reverses", "reversed_by", "reason", "due_on", "booked_on"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}

// Sums are what the settlements of a record come to.
type Sums struct {
	N                                           int
	Credit, CreditBase, Paid, PaidBase, Charges int64
	Off, OffBase                                int64  // of Credit, what was given up as bad debts
	Last                                        string // day of the last one
}

// most is above what a receipt or an instalment is settled by.
const most = 10_000

// Of adds up the settlements whose reference points to a record.
func Of(ctx context.Context, tx entity.Reader, by *entity.Field[int64], of int64) (s Sums, err error) {
	if of == 0 {
		return s, nil // a new one has none
	}
	list, err := tx.Find(ctx, Entity.Name, entity.Is(by, id.ID(of).String()), most)
	if err != nil {
		return s, err
	}
	for _, one := range list {
		if err := s.add(one); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *Sums) add(r *record.Record) (err error) {
	s.N++
	s.Last = max(s.Last, On.Get(r))
	var off, offBase int64
	if Kind.Get(r) != FromReceipt {
		off, offBase = Credit.Get(r), CreditBase.Get(r)
	}
	for _, one := range []struct {
		to *int64
		n  int64
	}{{&s.Off, off}, {&s.OffBase, offBase}, {&s.Credit, Credit.Get(r)}, {&s.CreditBase, CreditBase.Get(r)}, {&s.Paid, Paid.Get(r)}, {&s.PaidBase, PaidBase.Get(r)}, {&s.Charges, Charges.Get(r)}} {
		if *one.to, err = decimal.Add(*one.to, one.n); err != nil {
			return err
		}
	}
	return nil
}
