// Package instalment declares what customers owe and when they are to pay it
// (回款计划, FIN-1): the instalments of a contract or an order, opening
// balances, interest. Every receivable is one.
package instalment

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// How far one is paid. That it is overdue is no state: it follows from the day.
const (
	Open = "open"
	Part = "part"
	Paid = "paid"
)

// What it is. BookedOn is the day from which it is owed: at an earlier day it
// is in no balance. Received is what settlements say, discounts and bad debts
// included, and Left what is still to come; the two in the company's own
// currency are kept beside them.
var (
	Number       = entity.AutoNumber("number", schema.Numbering{Prefix: "YS", Date: "YYYYMM", Reset: "month"})
	State        = entity.Choice("status", Open, Part, Paid).Colors("blue", "orange", "green").Default(Open).ReadOnly().Audited().Coded()
	Kind         = entity.Choice("kind", Kinds()...).Colors("gray", "blue", "teal", "green", "purple", "orange", "red", "gray").Default("stage")
	Term         = entity.Number("term").Between("1", "999")
	Customer     = entity.Ref("customer", customer.Entity.Name).Required().Audited()
	Contract     = entity.Ref("contract", contract.Entity.Name).Only("customer == {customer}")
	Order        = entity.Ref("order", order.Entity.Name).Only("customer == {customer}")
	BookedOn     = entity.Date("booked_on").Required().Default("today()").Audited()
	DueOn        = entity.Date("due_on").Required().Audited()
	Percent      = entity.Percent("percent").Between("0", "100")
	Currency     = currency.Choice("currency").Required().Default("currency()").Audited()
	Rate         = entity.Decimal("rate", 4).Between("0.000001", "").RateOf(Currency).Apart().Audited()
	Amount       = entity.Money("amount").Required().Between("0", "").Audited()
	Received     = entity.Money("received").ReadOnly()
	Left         = entity.Money("open").ReadOnly()
	WrittenOff   = entity.Money("written_off").ReadOnly()
	AmountBase   = entity.Money("amount_base").InBase().ReadOnly()
	ReceivedBase = entity.Money("received_base").InBase().ReadOnly()
	LeftBase     = entity.Money("open_base").InBase().ReadOnly()
	LastOn       = entity.Date("last_settled_on").ReadOnly()
	Owner        = entity.Member("owner").Required().Audited()
	Remark       = entity.LongText("remark")
	Attachments  = entity.Files("attachments")
	ExternalID   = entity.Text("external_id", 100)
)

// Kinds are the codes of what is owed for.
func Kinds() []string {
	return []string{"full", "deposit", "stage", "delivery", "acceptance", "retention", "interest", "opening"}
}

// Name is the entity's name.
const Name = "finance.instalment"

// Entity is finance.instalment.
var Entity = entity.Def{
	Name: Name,
	Icon: "calendar-clock",
	Fields: entity.Fields(Number, State, Kind, Term, Customer, Contract, Order, BookedOn, DueOn, Percent, Currency, Rate, Amount, Received, Left,
		AmountBase, ReceivedBase, LeftBase, LastOn, Owner, Remark, Attachments, ExternalID, WrittenOff),
	Title:  Number,
	Scopes: entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Customer), entity.By(Contract), entity.By(Order), {Keys: []string{"status", "due_on"}}, {Keys: []string{"owner", "status", "due_on"}},
		{Keys: []string{"due_on", "id"}}, {Keys: []string{"last_settled_on"}},
		{Keys: []string{"customer", "currency", "status", "due_on", "booked_on", "open", "open_base"}}},
	Hooks: entity.Hooks{Derive: derive, Validate: validate, Within: within},
	Layout: schema.Layout{
		List:   []string{"number", "customer", "contract", "term", "kind", "due_on", "amount", "received", "open", "status"},
		Sort:   "due_on",
		Card:   []string{"number", "customer", "open", "due_on", "owner"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: `owner == me and status != "paid"`, Sort: "due_on"},
			{Key: "overdue", Filter: `status != "paid" and due_on < today()`, Sort: "due_on", Today: true},
			{Key: "week", Filter: `status != "paid" and due_on >= today() and due_on <= days(7)`, Sort: "due_on", Today: true},
			{Key: "open", Filter: `status != "paid"`, Sort: "due_on"},
			{Key: "paid", Filter: `status == "paid"`, Sort: "-last_settled_on"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "contract", "order", "kind", "term", "status", "due_on", "booked_on", "owner"}, Columns: 2},
			{Key: "money", Fields: []string{"currency", "rate", "percent", "amount", "received", "open", "written_off", "amount_base", "received_base", "open_base", "last_settled_on"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "attachments", "external_id"}, Columns: 1},
		},
	},
}
