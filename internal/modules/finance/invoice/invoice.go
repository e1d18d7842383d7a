// Package invoice declares what is invoiced to customers (发票, FIN-1): fully
// digital invoices (数电票) from the request to the handing over, and red ones
// that take others back in whole or in part (红冲).
package invoice

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states. Only actions go from one to another.
const (
	Requested = "requested"
	Issued    = "issued"
	Delivered = "delivered"
	Cancelled = "cancelled"
)

// The kinds. Electronic ones have a number of twenty digits; what is issued
// abroad or was on paper is the last.
const (
	Special  = "special"
	Ordinary = "ordinary"
	Other    = "other"
)

// Kinds are the codes of the kinds.
func Kinds() []string { return []string{Special, Ordinary, Other} }

// What it is. Booked is what counts as invoiced: the total once it is issued,
// negative for a red one. Reversed is what red ones took back of it.
var (
	Number     = entity.AutoNumber("number", schema.Numbering{Prefix: "KP", Date: "YYYYMM", Reset: "month"})
	State      = entity.Choice("status", Requested, Issued, Delivered, Cancelled).Colors("orange", "blue", "green", "gray").Default(Requested).ReadOnly().Audited().Coded()
	Kind       = entity.Choice("kind", Kinds()...).Colors("purple", "blue", "gray").Required().Default(Special).Audited().Coded()
	Official   = entity.Text("invoice_number", 30).ReadOnly().Imported().Unique().Search().Audited()
	IssuedOn   = entity.Date("issued_on").ReadOnly().Imported().Audited()
	Customer   = entity.Ref("customer", customer.Entity.Name).Required().Audited().Leads(Contract, Order, Instalment, Heading, Buyer, TaxNo, Address, Phone, Bank, BankAccount)
	Contract   = entity.Ref("contract", contract.Entity.Name).Only("customer == {customer}").Audited()
	Order      = entity.Ref("order", order.Entity.Name).Only("customer == {customer}").Audited()
	Instalment = entity.Ref("instalment", instalment.Name).Only("customer == {customer}").Audited()
	Currency   = currency.Choice("currency").Required().Default("currency()").Audited()
	Rate       = entity.Decimal("rate", 4).Between("0.000001", "").RateOf(Currency).Apart().Audited()
	Inclusive  = entity.Switch("tax_included").Default("true")
	Net        = entity.Money("net").ReadOnly()
	Tax        = entity.Money("tax").ReadOnly()
	Total      = entity.Money("total").ReadOnly().Audited()
	TotalBase  = entity.Money("total_base").InBase().ReadOnly()
	Booked     = entity.Money("booked").ReadOnly()
	Reversed   = entity.Money("reversed").ReadOnly()
	Reversal   = entity.Choice("reversal", "none", "part", "full").Colors("gray", "orange", "red").ReadOnly().Coded()
)

// To whom it is made out: a heading of the customer's (抬头库), copied, so that
// what was issued stays as it was.
var (
	Heading = entity.Ref("heading", "crm.customer_invoice_title").Only("parent == {customer}").Leads(Buyer, TaxNo, Address, Phone, Bank, BankAccount)
	Buyer   = entity.Text("buyer_name", 200).Search().Audited()
	TaxNo   = entity.Text("buyer_tax_no", 40).Audited()
	Address = entity.Text("buyer_address", 300)
	Phone   = entity.Text("buyer_phone", 60).Sensitive()
	Bank    = entity.Text("buyer_bank", 200)

	BankAccount = entity.Text("buyer_account", 60).Sensitive()
)

// What became of it: who let it pass above what is to be invoiced, to whom it
// was handed, which one it takes back and why.
var (
	AboveBy      = entity.Member("above_by").ReadOnly()
	AboveWhy     = entity.Text("above_reason", 300).ReadOnly()
	HandedOn     = entity.Date("handed_on").ReadOnly()
	HandedTo     = entity.Text("handed_to", 200).ReadOnly()
	RedOf        = entity.Ref("red_of", "finance.invoice").ReadOnly()
	RedWhy       = entity.Choice("red_reason", redReasons()...).ReadOnly()
	Confirmation = entity.Text("red_confirmation", 60).ReadOnly()
	CancelWhy    = entity.Text("cancel_reason", 300).ReadOnly().VisibleWhen(entity.Is(State, Cancelled))
	Owner        = entity.Member("owner").Required().Audited()
	Remark       = entity.Text("remark", 500)
	Original     = entity.Files("original")
	Attachments  = entity.Files("attachments")
	ExternalID   = entity.Text("external_id", 100)
)

// redReasons are why an invoice is taken back, as the tax authority names them.
func redReasons() []string { return []string{"mistake", "returned", "stopped", "allowance"} }

// entityName is the entity's name.
const entityName = "finance.invoice"

// Entity is finance.invoice.
var Entity = entity.Def{
	Name: entityName,
	Icon: "receipt",
	Fields: entity.Fields(Number, State, Kind, Official, IssuedOn, Customer, Contract, Order, Instalment, Currency, Rate, Inclusive, Net, Tax, Total, TotalBase, Booked, Reversed,
		Reversal, Heading, Buyer, TaxNo, Address, Phone, Bank, BankAccount, AboveBy, AboveWhy, HandedOn, HandedTo, RedOf, RedWhy, Confirmation, CancelWhy,
		Owner, Remark, Original, Attachments, ExternalID),
	Title:  Number,
	Lines:  entity.Lines(items, item),
	Scopes: entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Customer), entity.By(Contract), entity.By(Order), entity.By(Instalment), entity.By(RedOf), {Keys: []string{"status", "-id"}},
		{Keys: []string{"owner", "status", "-id"}}, {Keys: []string{"-issued_on", "-id"}}},
	Prints:  prints,
	Hooks:   entity.Hooks{Derive: derive, Validate: validate, Within: within, WithLines: true},
	Locked:  entity.Locked{State: State, In: []string{Issued, Delivered, Cancelled}, Open: []entity.Declared{Original, Attachments}},
	Actions: actions(),
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "customer", "kind", "invoice_number", "issued_on", "total", "tax", "status", "reversal", "owner"},
		Sort:       "-id",
		Card:       []string{"number", "customer", "total", "issued_on", "owner"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "requested", Filter: `status == "requested"`, Sort: "id", Today: true},
			{Key: "to_hand_over", Filter: `status == "issued"`, Sort: "issued_on"},
			{Key: "month", Filter: "issued_on >= month_start()", Sort: "-issued_on"},
			{Key: "red", Filter: "red_of is not null", Sort: "-id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "contract", "order", "instalment", "kind", "status", "invoice_number", "issued_on", "currency", "tax_included", "owner"}, Columns: 2},
			{Key: "buyer", Fields: []string{"heading", "buyer_name", "buyer_tax_no", "buyer_address", "buyer_phone", "buyer_bank", "buyer_account", "remark"}, Columns: 2},
			{Key: "money", Fields: []string{"rate", "net", "tax", "total", "total_base", "booked", "reversed", "reversal"}, Columns: 2},
			{Key: "course", Fields: []string{"above_by", "above_reason", "handed_on", "handed_to", "red_of", "red_reason", "red_confirmation", "cancel_reason"}, Columns: 2},
			{Key: "more", Fields: []string{"original", "attachments", "external_id"}, Columns: 1},
		},
	},
}

// What the actions ask for.
var (
	newNumber   = entity.Text("invoice_number", 30).Required()
	newDay      = entity.Date("date")
	to          = entity.Text("handed_to", 200)
	handDay     = entity.Date("date")
	because     = entity.Text("reason", 300).Required()
	aboveWhy    = entity.Text("reason", 300).Required()
	redAmount   = entity.Money("amount").Between("0", "")
	redWhy      = entity.Choice("reason", redReasons()...).Required().Default("mistake")
	redApproved = entity.Text("confirmation", 60)
)

func actions() []entity.Action {
	return []entity.Action{
		{Name: "issue", Op: access.Approve, Main: true, Only: entity.Is(State, Requested), Move: entity.Move{State: State, From: []string{Requested}, To: Issued}, Input: entity.Fields(newNumber, newDay), Fill: issue},
		{Name: "allow_above", Op: access.Approve, Move: entity.Move{State: State, From: []string{Requested}}, Input: entity.Fields(aboveWhy), Fill: allowAbove},
		{Name: "hand_over", Op: access.Update, Main: true, Only: entity.Is(State, Issued), Move: entity.Move{State: State, From: []string{Issued}, To: Delivered}, Input: entity.Fields(to, handDay), Fill: handOver},
		{Name: "reverse", Op: access.Approve, Only: entity.In(Reversal, "none", "part"), Move: entity.Move{State: State, From: []string{Issued, Delivered}}, Input: entity.Fields(redAmount, redWhy, redApproved), Run: reverse},
		{Name: "cancel", Op: access.Update, Move: entity.Move{State: State, From: []string{Requested}, To: Cancelled}, Input: entity.Fields(because), Fill: cancel},
	}
}

// prints is the request on paper, for who issues invoices elsewhere.
var prints = []schema.Print{{
	Key: "request",
	Blocks: []schema.PrintBlock{
		{Kind: "title", Text: paper.Text("开票申请单", "Invoice request")},
		{Kind: "facts", Columns: 2, Grid: true, Items: []schema.PrintItem{{Value: "{number}"}, {Value: "{kind}"}, {Value: "{customer}"}, {Value: "{contract}"}, {Value: "{order}"}, {Value: "{owner}"},
			{Value: "{invoice_number}"}, {Value: "{issued_on}"}}},
		{Kind: "facts", Columns: 1, Grid: true, Heading: paper.Text("购买方", "Buyer"), Items: []schema.PrintItem{{Value: "{buyer_name}"}, {Value: "{buyer_tax_no}"},
			paper.Fact("地址、电话", "Address, phone", "{buyer_address} {buyer_phone}"), paper.Fact("开户行及账号", "Bank and account", "{buyer_bank} {buyer_account}")}},
		{Kind: "table", Lines: items, Grid: true, Full: true, Items: []schema.PrintItem{
			{Value: "{name}", Width: 26}, {Value: "{spec}", Width: 14}, {Value: "{unit}", Width: 7, Align: "center"}, {Value: "{quantity}", Width: 10}, {Value: "{price}", Width: 12},
			{Value: "{net}", Width: 13, Sum: true}, {Value: "{tax_rate}", Width: 7}, {Value: "{tax}", Width: 11, Sum: true}, {Value: "{total}", Width: 13, Sum: true}}},
		{Kind: "text", Bold: true, Text: paper.Text("价税合计（大写）：{total|upper}", "In words: {total|words}")},
		{Kind: "facts", Columns: 1, Items: []schema.PrintItem{{Value: "{remark}"}}},
	},
}}
