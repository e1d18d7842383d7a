// Package order declares what a customer ordered, and how far it is (订单,
// SAL-6).
package order

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states. Only actions go from one to another.
const (
	Draft     = "draft"
	Pending   = "pending" // confirmed by who may not give away so much: somebody decides
	Confirmed = "confirmed"
	Done      = "done"
	Cancelled = "cancelled"
)

// Item are the fields of its lines, Head those that it shares with other papers.
var (
	Item = paper.NewItem("sales.order_item", "date").Reported("currency", "status", "date", "customer", "owner", "dept")
	Head = paper.NewHead(Item)
)

// What it is.
var (
	Number       = entity.AutoNumber("number", schema.Numbering{Prefix: "DD", Date: "YYYYMM", Reset: "month"})
	Status       = entity.Choice("status", Draft, Pending, Confirmed, Done, Cancelled).Colors("gray", "orange", "blue", "green", "red").Default(Draft).ReadOnly().Imported().Audited()
	Delivery     = entity.Choice("delivery", "none", "part", "full", "returned").Colors("gray", "orange", "green", "red").Default("none").ReadOnly()
	Their        = entity.Text("their_number", 100).Search()
	On           = entity.Date("date").Required().Default("today()").Audited()
	DeliverOn    = entity.Date("deliver_on")
	Contract     = entity.Ref("contract", "sales.contract").Only("customer == {customer}")
	Quote        = entity.Ref("quote", "sales.quote")
	Opportunity  = entity.Ref("opportunity", opportunity.Entity.Name).Only("customer == {customer}")
	Recipient    = entity.Text("recipient", 100)
	Phone        = entity.Phone("phone").Sensitive()
	Address      = entity.Text("address", 300)
	Carrier      = entity.Text("carrier", 100)
	Waybill      = entity.Text("waybill", 100).Search()
	Marks        = entity.LongText("marks")
	Vessel       = entity.Text("vessel", 100).Search()
	SailsOn      = entity.Date("sails_on")
	Notify       = entity.Text("notify_party", 300)
	CreditNo     = entity.Text("credit_number", 100).Search()
	Reason       = entity.Text("approval_reason", 300).ReadOnly()
	Opinion      = entity.Text("approval_opinion", 300).ReadOnly()
	ApprovedBy   = entity.Member("approved_by").ReadOnly()
	Revision     = entity.Number("revision").ReadOnly().Default("1")
	CancelReason = entity.Text("cancel_reason", 300).ReadOnly().Imported().VisibleWhen(entity.Is(Status, Cancelled))
)

// What the actions ask for.
var (
	Comment = entity.Text("comment", 300)
	Refusal = entity.Text("reason", 300).Required()
	Because = entity.Text("reason", 300).Required()
)

// Entity is sales.order.
var Entity = entity.Def{
	Name: "sales.order",
	Icon: "shopping-cart",
	Fields: Head.Fields([]entity.Declared{Number, Status, Delivery, Their, On, DeliverOn, Contract, Quote, Opportunity},
		Recipient, Phone, Address, Carrier, Waybill, Vessel, SailsOn, Notify, CreditNo, Marks, Reason, Opinion, ApprovedBy, Revision, Costs, Costing, CancelReason),
	Title:  Number,
	Lines:  entity.Lines(paper.Items, lines()).And(Deliveries, delivery).And(Expenses, cost),
	Scopes: entity.OwnedBy(Head.Owner).SeenThrough(Head.Customer),
	Indexes: []schema.Index{entity.By(Head.Customer), entity.By(Contract), {Keys: []string{"owner", "status", "-id"}}, {Keys: []string{"status", "-id"}}, {Keys: []string{"-date", "-id"}},
		{Keys: []string{"date", "status", "owner", "dept", "customer", "total_base", "net_base", "cost_base", "margin_base"}}}, // who sold how much to whom and when, and what it left, is answered by it alone
	Prints: prints,
	Hooks:  entity.Hooks{Derive: derive, Validate: validate, WithLines: true},
	Locked: entity.Locked{State: Status, In: []string{Pending, Confirmed, Done, Cancelled}, Open: []entity.Declared{Head.Remark, Head.Attachments, Their, DeliverOn, Recipient,
		Phone, Address, Carrier, Waybill, Vessel, SailsOn, Notify, CreditNo, Marks}, Lines: []string{Deliveries, Expenses}},
	Actions: []entity.Action{
		{Name: "confirm", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft}, To: Confirmed}, Run: confirm},
		{Name: "approve", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Confirmed}, Input: entity.Fields(Comment), Fill: paper.Decided(Comment, Opinion, ApprovedBy), Run: approve},
		{Name: "reject", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Draft}, Input: entity.Fields(Refusal), Fill: paper.Decided(Refusal, Opinion, ApprovedBy), Run: Head.Refused},
		{Name: "deliver", Op: access.Update, Only: entity.Not(Delivery, "full"), Move: entity.Move{State: Status, From: []string{Confirmed}}, Input: entity.Fields(RestOn, RestBy, RestTracking), Run: deliver},
		{Name: "finish", Op: access.Update, Move: entity.Move{State: Status, From: []string{Confirmed}, To: Done}},
		{Name: "cancel", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft, Pending, Confirmed}, To: Cancelled}, Input: entity.Fields(Because), Fill: cancel, Run: paper.Settled},
		{Name: "reopen", Op: access.Update, Move: entity.Move{State: Status, From: []string{Pending, Confirmed, Cancelled}, To: Draft}, Run: paper.Settled},
	},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "customer", "status", "delivery", "total", "date", "deliver_on", "owner"},
		Sort:       "-id",
		Card:       []string{"number", "customer", "total", "deliver_on", "owner"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "pending", Filter: `status == "pending" and owner != me`, Sort: "id", Today: true},
			{Key: "open", Filter: `status == "confirmed" and delivery != "full"`, Sort: "deliver_on"},
			{Key: "late", Filter: `status == "confirmed" and delivery != "full" and deliver_on < today()`, Sort: "deliver_on", Today: true},
			{Key: "month", Filter: "date >= month_start()", Sort: "-date"},
		},
		Groups: append([]schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "contact", "status", "delivery", "their_number", "date", "deliver_on", "contract", "quote", "opportunity", "owner", "currency", "tax_included", "revision"}, Columns: 2},
			{Key: "delivery", Fields: []string{"recipient", "phone", "address", "carrier", "waybill", "cancel_reason"}, Columns: 2},
			{Key: "approval", Fields: []string{"approval_reason", "approval_opinion", "approved_by"}, Columns: 2},
		}, groups()...),
	},
}

// groups are those of every paper, the costs beside what is earned and the
// shipment beside the terms.
func groups() []schema.Group {
	list := Head.Groups()
	for i := range list {
		switch list[i].Key {
		case "trade":
			list[i].Fields = append(list[i].Fields, "credit_number", "vessel", "sails_on", "notify_party", "marks")
		case "margin":
			list[i].Fields = []string{"total_base", "net_base", "cost_base", "costs_base", "costing", "margin_base", "margin_rate"}
		}
	}
	return list
}

// lines are those of every paper, with what became of them beside the quantity.
func lines() entity.Def {
	d := Item.Def(Delivered, Returned, Recorded)
	at := slices.Index(d.Layout.List, "quantity") + 1
	d.Layout.List = slices.Insert(slices.Clone(d.Layout.List), at, "delivered", "returned")
	own := slices.DeleteFunc(slices.Clone(d.Layout.Groups[0].Fields), func(key string) bool { return key == "delivered" || key == "returned" })
	d.Layout.Groups[0].Fields = slices.Insert(own, slices.Index(own, "quantity")+1, "delivered", "returned")
	return d
}

// derive computes what it comes to and how much of it went out.
func derive(r *record.Record, n entity.Needs) error {
	if err := Head.Derive(r, n); err != nil {
		return err
	}
	return delivered(r, n)
}

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	if err := decide(ctx, tx, c); err != nil {
		return err
	}
	if err := Head.Validate(ctx, tx, c, On); err != nil {
		return err
	}
	return spent(ctx, tx, c)
}

// decide sends an order to approval that is confirmed below the limits (SAL-9),
// unless the quote or the contract that it follows was approved at these prices.
func decide(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.Before == nil || Status.Get(c.Before) != Draft || Status.Get(c.After) != Confirmed {
		return nil
	}
	Reason.Clear(c.After)
	Opinion.Clear(c.After)
	ApprovedBy.Clear(c.After)
	lines, err := Head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	over, err := Head.Over(ctx, tx, lines, c.Actor, false)
	if err != nil {
		return err
	}
	for _, before := range decidedBefore() {
		if len(over) == 0 {
			return nil
		}
		if over, err = before.cover(ctx, tx, c.After, over); err != nil {
			return err
		}
	}
	if len(over) > 0 {
		Status.Set(c.After, Pending)
		Reason.Set(c.After, over.String())
	}
	return nil
}

// earlier is a paper that an order may follow, by the names of entities that
// know this one.
type earlier struct {
	by     *entity.Field[int64]
	states []string
	item   *paper.Item
}

func decidedBefore() []earlier {
	return []earlier{{Contract, []string{"approved", "active", "done"}, contractItem}, {Quote, []string{"accepted"}, quoteItem}}
}

// The lines of those papers, of the same fields in the same order.
var (
	contractItem = paper.NewItem("sales.contract_item", "signed_on")
	quoteItem    = paper.NewItem("sales.quote_item", "date")
)

// cover leaves out what the earlier paper was approved with.
func (e earlier) cover(ctx context.Context, tx entity.Reader, r *record.Record, over paper.Excesses) (paper.Excesses, error) {
	if e.by.Get(r) == 0 {
		return over, nil
	}
	name := "sales." + e.by.Key()
	p, err := tx.Get(ctx, name, e.by.Get(r))
	if errs.Is(err, errs.NotFound) || err == nil && !slices.Contains(e.states, p.Get("status").Str()) {
		return over, nil
	}
	if err != nil {
		return nil, err
	}
	lines, err := entity.LinesOf(ctx, tx, name+"_item", p.ID())
	if err != nil {
		return nil, err
	}
	return Head.Covered(over, e.item, lines)
}

// approve holds who approves to what his roles may give away.
func approve(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	if err := Head.MayApprove(ctx, tx, c); err != nil {
		return err
	}
	return Head.Agreed(ctx, tx, c, input)
}

// confirm holds an order to having something in it, and asks who decides when it
// goes below the limits.
func confirm(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Filled(ctx, tx, c.After.ID())
	if err != nil || Status.Get(c.After) != Pending {
		return err
	}
	over, err := Head.Over(ctx, tx, lines, c.Actor, false)
	if err != nil {
		return err
	}
	return Head.Ask(ctx, tx, c, over)
}

func cancel(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(CancelReason.Key(), input.Get(Because.Key()))
	return nil
}
