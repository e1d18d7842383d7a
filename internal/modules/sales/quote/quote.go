// Package quote declares what we offer a customer, at which price and how long
// (报价单, SAL-4).
package quote

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states. Only actions go from one to another.
const (
	Draft    = "draft"
	Pending  = "pending"
	Approved = "approved"
	Sent     = "sent"
	Accepted = "accepted"
	Declined = "declined"
	Replaced = "replaced"
)

// Item are the fields of its lines, Head those that it shares with other papers.
var (
	Item = paper.NewItem("sales.quote_item", "date")
	Head = paper.NewHead(Item)
)

// What it is. A revision is a paper of its own, with the next version.
var (
	Number = entity.AutoNumber("number", schema.Numbering{Prefix: "BJ", Date: "YYYYMM", Reset: "month"})
	Name   = entity.Text("name", 200).Folded().Sortable().Search()
	Status = entity.Choice("status", Draft, Pending, Approved, Sent, Accepted, Declined, Replaced).
		Colors("gray", "orange", "purple", "blue", "green", "red", "gray").Default(Draft).ReadOnly().Audited()
	Opportunity = entity.Ref("opportunity", opportunity.Entity.Name).Only("customer == {customer}")
	On          = entity.Date("date").Required().Default("today()")
	ValidUntil  = entity.Date("valid_until")
	ValidDays   = entity.Number("valid_days").Between("0", "").Apart().Default("30")
	Version     = entity.Number("revision").ReadOnly().Default("1")
	Of          = entity.Ref("revision_of", "sales.quote").ReadOnly()
	Reason      = entity.Text("approval_reason", 300).ReadOnly()
	Opinion     = entity.Text("approval_opinion", 300).ReadOnly()
	ApprovedBy  = entity.Member("approved_by").ReadOnly()
	SentAt      = entity.Instant("sent_at").ReadOnly()
	Declining   = entity.Text("decline_reason", 300).ReadOnly().VisibleWhen(entity.Is(Status, Declined))
	Contract    = entity.Ref("contract", "sales.contract").ReadOnly()
	Order       = entity.Ref("order", "sales.order").ReadOnly()
)

// Entity is sales.quote.
var Entity = entity.Def{
	Name:    "sales.quote",
	Icon:    "file-text",
	Fields:  Head.Fields([]entity.Declared{Number, Name, Status, Opportunity, On, ValidUntil, Version, Of}, ValidDays, Reason, Opinion, ApprovedBy, SentAt, Declining, Contract, Order),
	Title:   Number,
	Lines:   entity.Lines(paper.Items, Item.Def()),
	Scopes:  entity.OwnedBy(Head.Owner).SeenThrough(Head.Customer),
	Indexes: []schema.Index{entity.By(Head.Customer), entity.By(Opportunity), {Keys: []string{"owner", "status", "-id"}}, {Keys: []string{"status", "-id"}}, {Keys: []string{"-date", "-id"}}},
	Prints:  prints,
	Hooks:   entity.Hooks{Derive: derive, Validate: validate, WithLines: true},
	Locked:  entity.Locked{State: Status, In: []string{Pending, Approved, Sent, Accepted, Replaced}, Open: []entity.Declared{Head.Remark, Head.Attachments, Name}},
	Actions: []entity.Action{
		{Name: "submit", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft}, To: Pending}, Run: submit},
		{Name: "approve", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Approved}, Input: entity.Fields(Comment), Fill: paper.Decided(Comment, Opinion, ApprovedBy), Run: approve},
		{Name: "reject", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Draft}, Input: entity.Fields(Refusal), Fill: paper.Decided(Refusal, Opinion, ApprovedBy), Run: Head.Refused},
		{Name: "withdraw", Op: access.Update, Move: entity.Move{State: Status, From: []string{Pending, Approved}, To: Draft}, Fill: withdraw, Run: paper.Settled},
		{Name: "send", Op: access.Update, Move: entity.Move{State: Status, From: []string{Approved}, To: Sent}, Fill: send},
		{Name: "accept", Op: access.Update, Move: entity.Move{State: Status, From: []string{Approved, Sent}, To: Accepted}, Input: entity.Fields(Make), Run: accept},
		{Name: "decline", Op: access.Update, Move: entity.Move{State: Status, From: []string{Approved, Sent}, To: Declined}, Input: entity.Fields(Because), Fill: decline},
		{Name: "revise", Op: access.Update, Makes: "sales.quote", Move: entity.Move{State: Status, From: []string{Approved, Sent, Declined}, To: Replaced}, Run: revise},
	},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "name", "customer", "status", "total", "date", "valid_until", "revision", "owner"},
		Sort:       "-id",
		Card:       []string{"number", "customer", "total", "valid_until", "owner"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "pending", Filter: `status == "pending" and owner != me`, Sort: "id", Today: true},
			{Key: "open", Filter: `status in ("approved", "sent")`, Sort: "valid_until"},
			{Key: "expiring", Filter: `status in ("approved", "sent") and valid_until <= days(7)`, Sort: "valid_until"},
			{Key: "accepted", Filter: `status == "accepted"`, Sort: "-id"},
		},
		Groups: append([]schema.Group{
			{Key: "basic", Fields: []string{"number", "name", "customer", "contact", "status", "opportunity", "date", "valid_days", "valid_until", "revision", "revision_of", "owner", "currency", "tax_included"}, Columns: 2},
			{Key: "approval", Fields: []string{"approval_reason", "approval_opinion", "approved_by", "sent_at", "decline_reason", "contract", "order"}, Columns: 2},
		}, Head.Groups()...),
	},
}
