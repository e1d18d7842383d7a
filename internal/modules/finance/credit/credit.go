// Package credit is how much a customer may owe (信用, CUS-10): the profile with
// its score and limit, how much of it is used, and the orders that it blocks.
package credit

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/creditmodel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/quote"
)

// The states of a profile, and how much of the limit is used.
const (
	Draft     = "draft"
	Approved  = "approved"
	Suspended = "suspended"

	Fine = "fine"
	Near = "near" // from 90 % on
	Over = "over"
)

// What it is. Limit is what was approved, Suggested what the score would give;
// Used is what the customer owes and what he ordered beside.
var (
	Number     = entity.AutoNumber("number", schema.Numbering{Prefix: "XY"})
	Customer   = entity.Ref("customer", customer.Entity.Name).Required().Unique().Audited()
	State      = entity.Choice("status", Draft, Approved, Suspended).Colors("gray", "green", "red").Default(Draft).ReadOnly().Audited().Coded()
	Model      = entity.Ref("model", creditmodel.Entity.Name).Only("active == true")
	Points     = points()
	Score      = entity.Number("score").ReadOnly()
	Level      = entity.Choice("level", creditmodel.Levels()...).Colors("green", "blue", "orange", "red").ReadOnly().Coded()
	Suggested  = entity.Money("suggested").InBase().ReadOnly()
	Limit      = entity.Money("credit_limit").InBase().ReadOnly().Audited()
	Used       = entity.Money("used").InBase().ReadOnly()
	Free       = entity.Money("free").InBase().ReadOnly()
	Standing   = entity.Choice("standing", Fine, Near, Over).Colors("green", "orange", "red").ReadOnly().Coded()
	ApprovedBy = entity.Member("approved_by").ReadOnly()
	Opinion    = entity.Text("approval_opinion", 300).ReadOnly()
	Until      = entity.Date("review_on")
	Basis      = entity.LongText("basis")
	Files      = entity.Files("attachments")
)

func points() (out []*entity.Field[int64]) {
	for _, key := range creditmodel.Aspects() {
		out = append(out, entity.Number("points_"+key).Between("0", "100"))
	}
	return out
}

// What approve and suspend ask for; without a limit it is the suggested one.
var (
	NewLimit = entity.Money("credit_limit").InBase().Between("0", "")
	Comment  = entity.Text("comment", 300)
	Because  = entity.Text("reason", 300).Required()
)

// Name is the entity's name.
const Name = "finance.credit_profile"

// Entity is finance.credit_profile.
var Entity = entity.Def{
	Name:    Name,
	Icon:    "gauge",
	Fields:  entity.Fields(fields()...),
	Title:   Number,
	Scopes:  entity.SeenThrough(Customer),
	Indexes: []schema.Index{{Keys: []string{"standing", "id"}}},
	Hooks:   entity.Hooks{Derive: derive, Needs: []entity.Need{entity.NeedOf(Model)}, Validate: validate, Within: warn},
	Actions: []entity.Action{
		{Name: "approve", Op: access.Approve, Move: entity.Move{State: State, From: []string{Draft, Approved, Suspended}, To: Approved}, Input: entity.Fields(NewLimit, Comment), Fill: approve},
		{Name: "suspend", Op: access.Approve, Move: entity.Move{State: State, From: []string{Approved}, To: Suspended}, Input: entity.Fields(Because), Fill: suspend},
	},
	Layout: schema.Layout{
		List:   []string{"number", "customer", "status", "score", "level", "credit_limit", "used", "free", "standing", "review_on"},
		Sort:   "-used",
		Card:   []string{"number", "customer", "level", "credit_limit", "used"},
		Kanban: "standing",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "near", Filter: `standing == "near"`, Sort: "-used", Today: true},
			{Key: "over", Filter: `standing == "over"`, Sort: "-used", Today: true},
			{Key: "draft", Filter: `status == "draft"`, Sort: "id"},
			{Key: "review", Filter: "review_on <= days(30)", Sort: "review_on"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "status", "model", "score", "level", "suggested", "review_on"}, Columns: 2},
			{Key: "limit", Fields: []string{"credit_limit", "used", "free", "standing", "approved_by", "approval_opinion"}, Columns: 2},
			{Key: "points", Fields: keys(), Columns: 2},
			{Key: "more", Fields: []string{"basis", "attachments"}, Columns: 1},
		},
	},
}

func fields() []entity.Declared {
	list := []entity.Declared{Number, Customer, State, Model}
	for _, p := range Points {
		list = append(list, p)
	}
	return append(list, Score, Level, Suggested, Limit, Used, Free, Standing, ApprovedBy, Opinion, Until, Basis, Files)
}

func keys() (out []string) {
	for _, p := range Points {
		out = append(out, p.Key())
	}
	return out
}

// What credit adds to quotes and orders: how the customer would stand with the
// paper, as it was last written; of a confirmed order, how he stood then. And
// who asked for an order to pass above the limit, and who let it.
var (
	Check    = entity.Choice("credit", Fine, Near, Over, letPass).Colors("green", "orange", "red", "purple").ReadOnly().Coded()
	Wish     = entity.Text("credit_request", 300).ReadOnly()
	Released = entity.Member("credit_released_by").ReadOnly()
	Why      = entity.Text("credit_reason", 300).ReadOnly()
	Reason   = entity.Text("reason", 300).Required()
)

// letPass is what is said of an order that was released.
const letPass = "released"

// Extensions are what credit adds to quotes and orders, and what it must hear of
// instalments.
func Extensions() []entity.Extension {
	open := entity.Move{State: order.Status, From: []string{order.Draft, order.Pending}}
	return []entity.Extension{
		{Of: order.Entity.Name, Fields: []entity.Declared{Check, Wish, Released, Why}, Groups: []schema.Group{{Key: "credit", Fields: []string{"credit", "credit_request", "credit_released_by", "credit_reason"}, Columns: 2}}, After: "basic",
			Views: []schema.View{{Key: "credit", Filter: `status in ("draft", "pending") and credit_request is not null`, Sort: "id", Today: true}},
			Actions: []entity.Action{
				{Name: "ask_credit", Op: access.Update, Only: query.All(entity.Empty(Released), entity.Empty(Wish), entity.In(Check, Near, Over)), Move: open, Input: entity.Fields(Reason), Fill: wish, Run: ask},
				{Name: "release_credit", Op: access.Approve, Move: open, Input: entity.Fields(Reason), Fill: release, Run: released},
				{Name: "refuse_credit", Op: access.Approve, Only: entity.Filled(Wish), Move: open, Input: entity.Fields(Reason), Fill: refuse, Run: refused},
			},
			Validate: foresee(order.Head, order.Status, order.Draft, order.Pending), Within: ordered},
		{Of: quote.Entity.Name, Fields: []entity.Declared{Check}, Groups: []schema.Group{{Key: "credit", Fields: []string{"credit"}, Columns: 2}}, After: "basic",
			Validate: foresee(quote.Head, quote.Status, quote.Draft, quote.Pending, quote.Approved, quote.Sent)},
		{Of: instalment.Name, Within: owed},
	}
}

func wish(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(Wish.Key(), input.Get(Reason.Key()))
	Why.Clear(r) // what was said of an earlier one
	return nil
}

// ask tells who is above the order's owner that somebody wants it to pass.
func ask(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	return order.Head.Ask(ctx, tx, c, nil)
}

func release(r *record.Record, c entity.Change, input *record.Record) error {
	Released.Set(r, c.Actor.ID())
	r.Set(Why.Key(), input.Get(Reason.Key()))
	Wish.Clear(r)
	return nil
}

func released(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	return order.Head.Answer(ctx, tx, c, reminder.Agreed, input.Get(Reason.Key()).Str())
}

func refuse(r *record.Record, _ entity.Change, input *record.Record) error {
	if Wish.Get(r) == "" {
		return errs.New(errs.Conflict, "error.credit_not_asked")
	}
	r.Set(Why.Key(), input.Get(Reason.Key()))
	Wish.Clear(r)
	return nil
}

func refused(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	return order.Head.Answer(ctx, tx, c, reminder.Refused, input.Get(Reason.Key()).Str())
}

// foresee says how the customer of a paper that is not settled yet would stand
// with it: a warning, where confirming an order is refused.
func foresee(head *paper.Head, state *entity.Field[string], in ...string) func(context.Context, entity.Reader, entity.Change) error {
	return func(ctx context.Context, tx entity.Reader, c entity.Change) error {
		r := c.After
		if r == nil || !slices.Contains(in, state.Get(r)) {
			return nil
		}
		p, err := profileOf(ctx, tx, head.Customer.Get(r))
		if err != nil {
			return err
		}
		if p == nil || State.Get(p) == Draft {
			Check.Clear(r)
			return nil
		}
		used, err := decimal.Add(Used.Get(p), head.TotalBase.Get(r))
		if err != nil {
			return err
		}
		standing, err := stands(limitOf(p), used, tx.Here().Currency)
		if err != nil {
			return err
		}
		Check.Set(r, standing)
		return nil
	}
}
