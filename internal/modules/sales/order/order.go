// Package order declares what a customer ordered, and how far it is (订单,
// SAL-6).
package order

import (
	"context"

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
	Confirmed = "confirmed"
	Done      = "done"
	Cancelled = "cancelled"
)

// Item are the fields of its lines, Head those that it shares with other papers.
var (
	Item = paper.NewItem("sales.order_item", "date")
	Head = paper.NewHead(Item)
)

// Delivered is how much of a line went out.
var Delivered = entity.Decimal("delivered", 0).Between("0", "")

// What it is.
var (
	Number       = entity.AutoNumber("number", schema.Numbering{Prefix: "DD", Date: "YYYYMM", Reset: "month"})
	Status       = entity.Choice("status", Draft, Confirmed, Done, Cancelled).Colors("gray", "blue", "green", "red").Default(Draft).ReadOnly().Imported().Audited()
	Delivery     = entity.Choice("delivery", "none", "part", "full").Colors("gray", "orange", "green").Default("none").ReadOnly()
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
	CancelReason = entity.Text("cancel_reason", 300).ReadOnly().Imported().VisibleWhen(entity.Is(Status, Cancelled))
)

// Because is why an order is cancelled.
var Because = entity.Text("reason", 300).Required()

// Entity is sales.order.
var Entity = entity.Def{
	Name: "sales.order",
	Icon: "shopping-cart",
	Fields: Head.Fields([]entity.Declared{Number, Status, Delivery, Their, On, DeliverOn, Contract, Quote, Opportunity},
		Recipient, Phone, Address, Carrier, Waybill, CancelReason),
	Title:   Number,
	Lines:   entity.Lines(paper.Items, Item.Def(Delivered)),
	Scopes:  entity.OwnedBy(Head.Owner).SeenThrough(Head.Customer),
	Indexes: []schema.Index{entity.By(Head.Customer), entity.By(Contract), {Keys: []string{"owner", "status", "-id"}}, {Keys: []string{"status", "-id"}}, {Keys: []string{"-date", "-id"}}},
	Prints:  prints,
	Hooks:   entity.Hooks{Derive: derive, Validate: validate, WithLines: true},
	Locked: entity.Locked{State: Status, In: []string{Confirmed, Done, Cancelled}, Open: []entity.Declared{Head.Remark, Head.Attachments, Their, DeliverOn, Recipient,
		Phone, Address, Carrier, Waybill}},
	Actions: []entity.Action{
		{Name: "confirm", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft}, To: Confirmed}, Run: confirm},
		{Name: "deliver", Op: access.Update, Move: entity.Move{State: Status, From: []string{Confirmed}}, Run: deliver},
		{Name: "finish", Op: access.Update, Move: entity.Move{State: Status, From: []string{Confirmed}, To: Done}},
		{Name: "cancel", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft, Confirmed}, To: Cancelled}, Input: entity.Fields(Because), Fill: cancel},
		{Name: "reopen", Op: access.Update, Move: entity.Move{State: Status, From: []string{Confirmed, Cancelled}, To: Draft}},
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
			{Key: "open", Filter: `status == "confirmed" and delivery != "full"`, Sort: "deliver_on"},
			{Key: "late", Filter: `status == "confirmed" and delivery != "full" and deliver_on < today()`, Sort: "deliver_on", Today: true},
			{Key: "month", Filter: "date >= month_start()", Sort: "-date"},
		},
		Groups: append([]schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "contact", "status", "delivery", "their_number", "date", "deliver_on", "contract", "quote", "opportunity", "owner", "currency", "tax_included"}, Columns: 2},
			{Key: "delivery", Fields: []string{"recipient", "phone", "address", "carrier", "waybill", "cancel_reason"}, Columns: 2},
		}, Head.Groups()...),
	},
}

// derive computes what it comes to and how much of it went out.
func derive(r *record.Record, n entity.Needs) error {
	if err := Head.Derive(r, n); err != nil {
		return err
	}
	some, all := false, true
	for _, line := range n.Lines(paper.Items) {
		some = some || Delivered.Get(line) > 0
		all = all && Delivered.Get(line) >= Item.Quantity.Get(line)
	}
	switch {
	case some && all:
		Delivery.Set(r, "full")
	case some:
		Delivery.Set(r, "part")
	default:
		Delivery.Set(r, "none")
	}
	return nil
}

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	return Head.Validate(ctx, tx, c, On)
}

// confirm holds an order to having something in it.
func confirm(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Lines(ctx, tx, c.After.ID())
	if err == nil && len(lines) == 0 {
		return errs.New(errs.Invalid, "error.paper_empty").At(paper.Items)
	}
	return err
}

// deliver says that all of an order went out.
func deliver(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	for _, line := range lines {
		if err := tx.Update(ctx, "sales.order_item", line.ID(), func(r *record.Record) { Delivered.Set(r, Item.Quantity.Get(r)) }); err != nil {
			return err
		}
	}
	return tx.Update(ctx, c.Entity.Name, c.After.ID(), func(*record.Record) {}) // its state of delivery follows from the lines
}

func cancel(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(CancelReason.Key(), input.Get(Because.Key()))
	return nil
}
