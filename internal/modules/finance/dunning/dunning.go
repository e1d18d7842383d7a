// Package dunning is how customers are reminded of what they should have paid
// (催款, FIN-1): each level once, by rules that can be tried before.
package dunning

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunninglevel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states: it was made, sent to the customer, dealt with.
const (
	Open   = "open"
	Sent   = "sent"
	Closed = "closed"
)

// What it is: one reminder of one customer, level and currency. Interest is what
// being late would be charged with that day, beside Total.
var (
	Number   = entity.AutoNumber("number", schema.Numbering{Prefix: "CK", Date: "YYYYMM", Reset: "month"})
	State    = entity.Choice("status", Open, Sent, Closed).Colors("orange", "blue", "green").Default(Open).ReadOnly().Audited().Coded()
	Customer = entity.Ref("customer", customer.Entity.Name).Required().ReadOnly()
	Level    = entity.Ref("level", dunninglevel.EntityName).ReadOnly()
	On       = entity.Date("date").ReadOnly()
	Currency = currency.Choice("currency").ReadOnly()
	Total    = entity.Money("total").ReadOnly()
	Letter   = entity.LongText("letter")
	SentOn   = entity.Date("sent_on").ReadOnly()
	Promised = entity.Date("promised_on")
	Outcome  = entity.Text("outcome", 300)
	Owner    = entity.Member("owner").Required().Audited()
	Files    = entity.Files("attachments")
	Interest = entity.Money("interest").ReadOnly()
)

// A line: an instalment that is overdue, as it was then.
var (
	lineOf   = entity.Ref("instalment", instalment.Name).ReadOnly()
	lineNo   = entity.Text("number", 60).ReadOnly()
	lineDue  = entity.Date("due_on").ReadOnly()
	lineDays = entity.Number("days").Apart().ReadOnly()
	lineOpen = entity.Money("open").ReadOnly()
	lineLate = entity.Money("interest").ReadOnly()
)

const items = "items"

var item = entity.Def{
	Name: "finance.dunning_item", Icon: "list", Title: lineNo,
	Fields:  entity.Fields(lineOf, lineNo, lineDue, lineDays, lineOpen, lineLate),
	Indexes: []schema.Index{entity.By(lineOf)},
	Layout: schema.Layout{
		List: []string{"instalment", "due_on", "days", "open", "interest"}, Sort: "id", Card: []string{"number", "open"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"instalment", "number", "due_on", "days", "open", "interest"}, Columns: 2}},
	},
}

// Name is the entity's name.
const Name = "finance.dunning"

// Entity is finance.dunning. Rules make it.
var Entity = entity.Def{
	Name:    Name,
	Icon:    "bell",
	Fields:  entity.Fields(Number, State, Customer, Level, On, Currency, Total, Letter, SentOn, Promised, Outcome, Owner, Files, Interest),
	Title:   Number,
	Lines:   entity.Lines(items, item),
	Scopes:  entity.OwnedBy(Owner).SeenThrough(Customer),
	Guarded: true,
	Indexes: []schema.Index{entity.By(Customer), entity.By(Level), {Keys: []string{"status", "-id"}}, {Keys: []string{"owner", "status", "-id"}}},
	Prints:  prints,
	Actions: []entity.Action{
		{Name: "sent", Op: access.Update, Main: true, Only: entity.Is(State, Open), Move: entity.Move{State: State, From: []string{Open}, To: Sent}, Input: entity.Fields(sentOn), Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(SentOn.Key(), input.Get(sentOn.Key()))
			return nil
		}},
		{Name: "close", Op: access.Update, Bulk: true, Move: entity.Move{State: State, From: []string{Open, Sent}, To: Closed}, Input: entity.Fields(outcome), Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(Outcome.Key(), input.Get(outcome.Key()))
			return nil
		}},
	},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "customer", "level", "date", "total", "status", "promised_on", "owner"},
		Sort:       "-id",
		Card:       []string{"number", "customer", "total", "level", "owner"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: `owner == me and status != "closed"`, Sort: "-id"},
			{Key: "open", Filter: `status == "open"`, Sort: "id", Today: true},
			{Key: "promised", Filter: `status != "closed" and promised_on <= today()`, Sort: "promised_on", Today: true},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "level", "date", "status", "currency", "total", "interest", "owner"}, Columns: 2},
			{Key: "course", Fields: []string{"sent_on", "promised_on", "outcome"}, Columns: 2},
			{Key: "more", Fields: []string{"letter", "attachments"}, Columns: 1},
		},
	},
}

// What the actions ask for.
var (
	sentOn  = entity.Date("date").Required().Default("today()")
	outcome = entity.Text("outcome", 300)
	until   = entity.Date("until").Required()
	why     = entity.Text("reason", 300).Required()
)

// prints is the letter to the customer.
var prints = []schema.Print{letter("letter", ""), letter("bilingual", "both")}

func letter(key, language string) schema.Print {
	return paper.Sheet{Key: key, Language: language, Title: paper.Text("催款函", "PAYMENT REMINDER"), Seal: true, Bank: true,
		Facts: []schema.PrintItem{paper.Fact("致", "To", "{customer.name}"), paper.Fact("编号", "No.", "{number}"), paper.Fact("日期", "Date", "{date}"), paper.Fact("级别", "Level", "{level}")},
		Table: schema.PrintBlock{Kind: "table", Lines: items, Grid: true, Heading: paper.Text("逾期款项", "Overdue"), Items: []schema.PrintItem{
			{Label: paper.Text("单号", "No."), Value: "{number}", Width: 24}, {Label: paper.Text("到期日", "Due"), Value: "{due_on}", Width: 18},
			{Label: paper.Text("逾期天数", "Days overdue"), Value: "{days}", Width: 14}, {Label: paper.Text("未付金额", "Unpaid"), Value: "{open}", Width: 20, Sum: true},
			{Label: paper.Text("逾期利息", "Interest"), Value: "{interest}", Width: 16, Sum: true}}},
		After: []schema.PrintBlock{
			{Kind: "text", Bold: true, Text: paper.Text("合计（{currency|plain}）：{total}　大写：{total|upper}", "Total ({currency|plain}): {total} {total|words}")},
			{Kind: "facts", Columns: 1, Items: []schema.PrintItem{paper.Fact("截至本函日期的逾期利息（另计）", "Interest until the date of this letter, in addition", "{interest}")}},
			{Kind: "text", Text: paper.Text("{letter}", "{letter}")},
		},
		Parties: [2]schema.PrintItem{{Label: paper.Text("我方（盖章）", "For us (seal)"), Value: "{@company.name}\n{date}"}, {Label: paper.Text("", ""), Value: ""}}}.Print()
}
