// Package interest is what customers owe for paying late (滞纳金, FIN-1): reckoned
// day by day from what was open, charged as a document that is owed like
// everything else, each day once.
package interest

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states. One that was cancelled stays, and its days are free again.
const (
	Charged   = "charged"
	Cancelled = "cancelled"
)

// kindInterest is the kind of the instalment that a charge is owed by.
const kindInterest = instalment.Interest

const untilKey = "until"

// What it is: what one customer owes in one currency for being late up to a day,
// which is not counted. Received and Left are of the instalment that it is owed by.
var (
	Number      = entity.AutoNumber("number", schema.Numbering{Prefix: "LX", Date: "YYYYMM", Reset: "month"})
	State       = entity.Choice("status", Charged, Cancelled).Colors("blue", "gray").Default(Charged).ReadOnly().Audited().Coded()
	Customer    = entity.Ref("customer", customer.Entity.Name).Required().Audited()
	Currency    = currency.Choice("currency").Required().Default("currency()").Audited()
	Rate        = entity.Decimal("rate", 4).Between("0.000001", "").RateOf(Currency).Apart().Audited()
	Until       = entity.Date(untilKey).Required().Default("today()").Audited()
	On          = entity.Date("date").Required().Default("today()").Audited()
	DueOn       = entity.Date("due_on").Required().Default("today()").Audited()
	Total       = entity.Money("total").ReadOnly().Audited()
	Received    = entity.Rollup("received", schema.Rollup{Entity: instalment.Name, Via: chargeKey, Op: "sum", Field: instalment.Received.Key()})
	Left        = entity.Rollup("open", schema.Rollup{Entity: instalment.Name, Via: chargeKey, Op: "sum", Field: instalment.Left.Key()})
	Reason      = entity.Text("cancel_reason", 300).ReadOnly()
	Owner       = entity.Member("owner").Required().Audited()
	Remark      = entity.LongText("remark")
	Attachments = entity.Files("attachments")
)

// A line: days of one instalment on which the same was owed at the same rate,
// those from lineFrom on and before lineUntil.
var (
	lineOf     = entity.Ref("instalment", instalment.Name).ReadOnly()
	lineNumber = entity.Text("number", 60).ReadOnly()
	lineDue    = entity.Date("due_on").ReadOnly()
	lineFrom   = entity.Date("starts_on").ReadOnly()
	lineUntil  = entity.Date("until").ReadOnly()
	lineDays   = entity.Number("days").Apart().ReadOnly()
	lineBase   = entity.Money("base").ReadOnly().Apart()
	lineRate   = entity.Percent("rate").ReadOnly().Apart()
	linePer    = entity.Choice("per", "365", "360", "1").ReadOnly().Coded()
	lineRule   = entity.Ref("rule", interestrule.EntityName).ReadOnly()
	lineAmount = entity.Money("amount").ReadOnly()
)

// The group of lines, and their entity.
const (
	items    = "items"
	itemName = "finance.interest_item"
)

var item = entity.Def{
	Name: itemName, Icon: "list", Title: lineNumber,
	Fields:  entity.Fields(lineOf, lineNumber, lineDue, lineFrom, lineUntil, lineDays, lineBase, lineRate, linePer, lineRule, lineAmount),
	Indexes: []schema.Index{entity.By(lineOf)},
	Layout: schema.Layout{
		List: []string{"instalment", "starts_on", "until", "days", "base", "rate", "per", "rule", "amount"}, Sort: "id", Card: []string{"number", "days", "amount"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"instalment", "number", "due_on", "starts_on", "until", "days", "base", "rate", "per", "rule", "amount"}, Columns: 2}},
	},
}

// Name is the entity's name.
const Name = "finance.interest"

// cancelWhy is what cancel asks for.
var cancelWhy = entity.Text("reason", 300).Required()

// Entity is finance.interest.
var Entity = entity.Def{
	Name:    Name,
	Icon:    "badge-percent",
	Fields:  entity.Fields(Number, State, Customer, Currency, Rate, Until, On, DueOn, Total, Received, Left, Reason, Owner, Remark, Attachments),
	Title:   Number,
	Lines:   entity.Lines(items, item),
	Scopes:  entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Customer), {Keys: []string{"status", "-id"}}, {Keys: []string{"-date", "-id"}}},
	Prints:  []schema.Print{sheet("interest", ""), sheet("bilingual", "both")},
	Hooks:   entity.Hooks{Validate: validate, Within: within},
	Locked:  entity.Locked{State: State, In: []string{Charged, Cancelled}, Open: []entity.Declared{Remark, Attachments}},
	Actions: []entity.Action{{Name: "cancel", Op: access.Approve, Move: entity.Move{State: State, From: []string{Charged}, To: Cancelled}, Input: entity.Fields(cancelWhy), Fill: cancel}},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "customer", "until", "date", "due_on", "total", "received", "open", "status"},
		Sort:       "-id",
		Card:       []string{"number", "customer", "total", "until"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "open", Filter: `status == "charged" and open > 0`, Sort: "due_on"},
			{Key: "month", Filter: "date >= month_start()", Sort: "-date"},
			{Key: "cancelled", Filter: `status == "cancelled"`, Sort: "-id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "currency", "rate", "until", "date", "due_on", "status", "owner"}, Columns: 2},
			{Key: "money", Fields: []string{"total", "received", "open", "cancel_reason"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "attachments"}, Columns: 1},
		},
	},
}

// sheet is a charge on paper: which days, of what, at which rate.
func sheet(key, language string) schema.Print {
	return paper.Sheet{Key: key, Language: language, Title: paper.Text("逾期利息单", "INTEREST NOTE"), Seal: true, Bank: true,
		Facts: []schema.PrintItem{paper.Fact("致", "To", "{customer.name}"), paper.Fact("编号", "No.", "{number}"), paper.Fact("日期", "Date", "{date}"), paper.Fact("计至", "Until", "{until}"),
			paper.Fact("付款期限", "Payable by", "{due_on}")},
		Table: schema.PrintBlock{Kind: "table", Lines: items, Grid: true, Items: []schema.PrintItem{
			{Label: paper.Text("应收单号", "No."), Value: "{number}", Width: 17}, {Label: paper.Text("到期日", "Due"), Value: "{due_on}", Width: 13},
			{Label: paper.Text("起", "From"), Value: "{starts_on}", Width: 13}, {Label: paper.Text("止", "Until"), Value: "{until}", Width: 13}, {Label: paper.Text("天数", "Days"), Value: "{days}", Width: 8},
			{Label: paper.Text("未付金额", "Unpaid"), Value: "{base}", Width: 15}, {Label: paper.Text("利率", "Rate"), Value: "{rate}", Width: 9}, {Label: paper.Text("计息方式", "Basis"), Value: "{per}", Width: 12},
			{Label: paper.Text("利息", "Interest"), Value: "{amount}", Width: 14, Sum: true}}},
		After: []schema.PrintBlock{
			{Kind: "text", Bold: true, Text: paper.Text("合计（{currency|plain}）：{total}　大写：{total|upper}", "Total ({currency|plain}): {total} {total|words}")},
			paper.Notes(),
		},
		Parties: [2]schema.PrintItem{{Label: paper.Text("我方（盖章）", "For us (seal)"), Value: "{@company.name}\n{date}"}, {Label: paper.Text("", ""), Value: ""}}}.Print()
}
