// Package change declares how contracts and orders change after they were agreed
// on (变更, SAL-5): what it is to be, why, and who let it pass.
package change

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states. Only actions go from one to another.
const (
	Draft   = "draft"
	Pending = "pending"
	Applied = "applied"
	Dropped = "dropped"
)

// Item are the fields of its lines, as they are to be; Head those that it shares
// with other papers.
var (
	Item = paper.NewItem("sales.change_item", "date").WithoutCost()
	Head = fixed(paper.NewHead(Item).WithoutCost())
)

// What a line was before; Line is its id there, "" for a new one.
var (
	Line        = entity.Text("line", 20).ReadOnly()
	WasQuantity = entity.Decimal("was_quantity", 0).ReadOnly()
	WasPrice    = entity.Decimal("was_price", 2).ReadOnly().Apart()
	WasTotal    = entity.Money("was_total").ReadOnly()
)

// What it is. Base is the revision of the paper that it changes.
var (
	Number     = entity.AutoNumber("number", schema.Numbering{Prefix: "BG", Date: "YYYYMM", Reset: "month"})
	Status     = entity.Choice("status", Draft, Pending, Applied, Dropped).Colors("gray", "orange", "green", "red").Default(Draft).ReadOnly().Audited().Coded()
	Contract   = entity.Ref("contract", contract.Entity.Name).ReadOnly()
	Order      = entity.Ref("order", order.Entity.Name).ReadOnly()
	Reason     = entity.Text("reason", 500).Required().Search()
	On         = entity.Date("date").Required().Default("today()")
	EndsOn     = entity.Date("ends_on").VisibleWhen(entity.Filled(Contract))
	Base       = entity.Number("base").ReadOnly()
	Was        = entity.Money("was_total").ReadOnly()
	Difference = entity.Money("difference").ReadOnly().Audited()
	Limits     = entity.Text("approval_reason", 300).ReadOnly()
	Opinion    = entity.Text("approval_opinion", 300).ReadOnly()
	ApprovedBy = entity.Member("approved_by").ReadOnly()
	AppliedAt  = entity.Instant("applied_at").ReadOnly()
)

// What the actions ask for.
var (
	Why     = entity.Text("reason", 500).Required()
	Comment = entity.Text("comment", 300)
	Refusal = entity.Text("reason", 300).Required()
)

// Entity is sales.change.
var Entity = entity.Def{
	Name: "sales.change",
	Icon: "file-diff",
	Fields: Head.Fields([]entity.Declared{Number, Status, Contract, Order, Reason, On, EndsOn, Base, Was, Difference},
		Limits, Opinion, ApprovedBy, AppliedAt),
	Title:   Number,
	Lines:   entity.Lines(paper.Items, lines()),
	Scopes:  entity.OwnedBy(Head.Owner).SeenThrough(Head.Customer),
	Indexes: []schema.Index{entity.By(Head.Customer), entity.By(Contract), entity.By(Order), {Keys: []string{"status", "-id"}}},
	Hooks:   entity.Hooks{Derive: derive, Validate: validate, WithLines: true},
	Locked:  entity.Locked{State: Status, In: []string{Pending, Applied, Dropped}, Open: []entity.Declared{Head.Remark, Head.Attachments}},
	Actions: []entity.Action{
		{Name: "submit", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft}, To: Pending}, Run: submit},
		{Name: "approve", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Applied}, Input: entity.Fields(Comment), Fill: paper.Decided(Comment, Opinion, ApprovedBy), Run: approve},
		{Name: "reject", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Draft}, Input: entity.Fields(Refusal), Fill: paper.Decided(Refusal, Opinion, ApprovedBy), Run: Head.Refused},
		{Name: "withdraw", Op: access.Update, Move: entity.Move{State: Status, From: []string{Pending}, To: Draft}, Run: paper.Settled},
		{Name: "drop", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft, Pending}, To: Dropped}, Run: paper.Settled},
	},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "customer", "contract", "order", "status", "reason", "was_total", "difference", "total", "date"},
		Sort:       "-id",
		Card:       []string{"number", "customer", "reason", "difference"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "pending", Filter: `status == "pending" and owner != me`, Sort: "id", Today: true},
			{Key: "applied", Filter: `status == "applied"`, Sort: "-id"},
		},
		Groups: append([]schema.Group{
			{Key: "basic", Fields: []string{"number", "status", "customer", "contact", "contract", "order", "reason", "date", "ends_on", "base", "owner", "currency", "tax_included"}, Columns: 2},
			{Key: "approval", Fields: []string{"was_total", "difference", "approval_reason", "approval_opinion", "approved_by", "applied_at"}, Columns: 2},
		}, Head.Groups()...),
	},
}

func lines() entity.Def {
	d := Item.Def(Line, WasQuantity, WasPrice, WasTotal)
	d.Layout.List = []string{"product", "name", "was_quantity", "quantity", "was_price", "price", "discount", "tax_rate", "was_total", "total", "remark"}
	rest := slices.DeleteFunc(slices.Clone(d.Layout.Groups[0].Fields), func(key string) bool { return slices.Contains(d.Layout.List, key) })
	d.Layout.Groups[0].Fields = append(slices.Clone(d.Layout.List), rest...) // old and new side by side
	return d
}

// fixed are the fields that no change alters.
func fixed(h *paper.Head) *paper.Head {
	h.Customer.ReadOnly()
	h.Currency.ReadOnly()
	return h
}
