// Package contract declares what was agreed on with a customer (合同, SAL-5).
package contract

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states. Only actions go from one to another.
const (
	Draft      = "draft"
	Pending    = "pending"
	Approved   = "approved"
	Active     = "active"
	Done       = "done"
	Terminated = "terminated"
)

// Item are the fields of its lines, Head those that it shares with other papers.
var (
	Item = paper.NewItem("sales.contract_item", "signed_on")
	Head = paper.NewHead(Item)
)

// What it is.
var (
	Number = entity.AutoNumber("number", schema.Numbering{Prefix: "HT", Date: "YYYYMM", Reset: "month"})
	Name   = entity.Text("name", 200).Required().Folded().Sortable().Search()
	Status = entity.Choice("status", Draft, Pending, Approved, Active, Done, Terminated).
		Colors("gray", "orange", "purple", "blue", "green", "red").Default(Draft).ReadOnly().Imported().Audited()
	Kind        = entity.Choice("kind", "sale", "service", "framework", "agency", "other").Colors("blue", "purple", "teal", "orange", "gray").Default("sale")
	Paper       = entity.Text("paper_number", 100).Search()
	Quote       = entity.Ref("quote", "sales.quote")
	Opportunity = entity.Ref("opportunity", opportunity.Entity.Name).Only("customer == {customer}")
	SignedOn    = entity.Date("signed_on").Required().Default("today()").Audited()
	StartsOn    = entity.Date("starts_on")
	EndsOn      = entity.Date("ends_on").Audited()
	Remind      = entity.Number("renewal_days").Between("1", "365").Default("30")
	Signer      = entity.Text("signer", 100)
	OurSigner   = entity.Member("our_signer")
	Sealed      = entity.Switch("sealed").Audited()
	Reason      = entity.Text("approval_reason", 300).ReadOnly()
	Opinion     = entity.Text("approval_opinion", 300).ReadOnly()
	ApprovedBy  = entity.Member("approved_by").ReadOnly()
	Revision    = entity.Number("revision").ReadOnly().Default("1")
	Renews      = entity.Ref("renews", "sales.contract").ReadOnly()
	EndedOn     = entity.Date("ended_on").ReadOnly().Imported()
	EndReason   = entity.Text("end_reason", 300).ReadOnly().Imported()
	Terms       = entity.RichText("terms")
)

// What the actions ask for.
var (
	Comment = entity.Text("comment", 300)
	Refusal = entity.Text("reason", 300).Required()
	Because = entity.Text("reason", 300).Required()
)

// Entity is sales.contract.
var Entity = entity.Def{
	Name: "sales.contract",
	Icon: "file-signature",
	Fields: Head.Fields([]entity.Declared{Number, Name, Status, Kind, Paper, Quote, Opportunity, SignedOn, StartsOn, EndsOn, Remind, Signer, OurSigner, Sealed},
		Reason, Opinion, ApprovedBy, Revision, Renews, EndedOn, EndReason, Terms),
	Title:   Name,
	Lines:   entity.Lines(paper.Items, Item.Def()),
	Scopes:  entity.OwnedBy(Head.Owner).SeenThrough(Head.Customer),
	Indexes: []schema.Index{entity.By(Head.Customer), entity.By(Opportunity), {Keys: []string{"owner", "status", "-id"}}, {Keys: []string{"status", "-id"}}, {Keys: []string{"-signed_on", "-id"}}, {Keys: []string{"ends_on"}}},
	Prints:  prints,
	Hooks:   entity.Hooks{Derive: Head.Derive, Validate: validate, Within: within, WithLines: true},
	Locked:  entity.Locked{State: Status, In: []string{Pending, Approved, Active, Done, Terminated}, Open: []entity.Declared{Head.Remark, Head.Attachments, Paper, Sealed, Remind}},
	Actions: []entity.Action{
		{Name: "submit", Op: access.Update, Move: entity.Move{State: Status, From: []string{Draft}, To: Pending}, Run: submit},
		{Name: "approve", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Approved}, Input: entity.Fields(Comment), Fill: paper.Decided(Comment, Opinion, ApprovedBy), Run: approve},
		{Name: "reject", Op: access.Approve, Move: entity.Move{State: Status, From: []string{Pending}, To: Draft}, Input: entity.Fields(Refusal), Fill: paper.Decided(Refusal, Opinion, ApprovedBy), Run: Head.Refused},
		{Name: "withdraw", Op: access.Update, Move: entity.Move{State: Status, From: []string{Pending, Approved}, To: Draft}, Run: paper.Settled},
		{Name: "activate", Op: access.Update, Move: entity.Move{State: Status, From: []string{Approved}, To: Active}},
		{Name: "finish", Op: access.Update, Move: entity.Move{State: Status, From: []string{Active}, To: Done}, Run: ended(nil)},
		{Name: "terminate", Op: access.Update, Move: entity.Move{State: Status, From: []string{Active}, To: Terminated}, Input: entity.Fields(Because), Run: ended(Because)},
		{Name: "renew", Op: access.Update, Makes: "sales.contract", Move: entity.Move{State: Status, From: []string{Active, Done}}, Run: renew},
	},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "name", "customer", "status", "total", "signed_on", "ends_on", "owner"},
		Sort:       "-id",
		Card:       []string{"name", "customer", "total", "ends_on", "owner"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "pending", Filter: `status == "pending" and owner != me`, Sort: "id", Today: true},
			{Key: "active", Filter: `status == "active"`, Sort: "-signed_on"},
			{Key: "expiring", Filter: `status == "active" and ends_on <= days(30)`, Sort: "ends_on", Today: true},
			{Key: "month", Filter: "signed_on >= month_start()", Sort: "-signed_on"},
		},
		Groups: append([]schema.Group{
			{Key: "basic", Fields: []string{"number", "name", "customer", "contact", "status", "kind", "paper_number", "opportunity", "quote", "owner", "currency", "tax_included"}, Columns: 2},
			{Key: "term", Fields: []string{"signed_on", "starts_on", "ends_on", "renewal_days", "signer", "our_signer", "sealed", "approval_reason", "approval_opinion", "approved_by", "revision", "renews", "ended_on", "end_reason", "terms"}, Columns: 2},
		}, Head.Groups()...),
	},
}

// submit says which lines go below the limits, for who decides (SAL-9).
func submit(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	over, err := Head.Over(ctx, tx, lines, c.Actor, false)
	if err != nil {
		return err
	}
	if err := tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) {
		Reason.Clear(r)
		if len(over) > 0 {
			Reason.Set(r, over.String())
		}
	}); err != nil {
		return err
	}
	return Head.Ask(ctx, tx, c, over)
}

// approve holds who approves to what his roles may give away.
func approve(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	if err := Head.MayApprove(ctx, tx, c); err != nil {
		return err
	}
	return Head.Agreed(ctx, tx, c, input)
}

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	from, to := StartsOn.Get(c.After), EndsOn.Get(c.After)
	if from != "" && to != "" && to < from && c.Touches(StartsOn, EndsOn) {
		return errs.New(errs.Invalid, "error.ends_before").At(EndsOn.Key())
	}
	return Head.Validate(ctx, tx, c, SignedOn)
}

// within reminds the owner of a contract that runs out, so many days before.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil || c.Restored() || !c.Touches(Status, EndsOn, Remind, Head.Owner) && (c.Before == nil || EndsOn.Get(c.Before) == EndsOn.Get(c.After)) {
		return nil
	}
	w := reminder.Wish{Owner: Head.Owner.Get(c.After), Title: Number.Get(c.After) + " " + Name.Get(c.After), Before: reminder.AtTime, Now: tx.Here().Now.UnixMicro()}
	if end, err := time.ParseInLocation(time.DateOnly, EndsOn.Get(c.After), tx.Here().Zone); err == nil && Status.Get(c.After) == Active {
		w.At = end.AddDate(0, 0, -int(Remind.Get(c.After))).Add(morning).UnixMicro()
	}
	return reminder.Keep(ctx, tx, record.Ref(c.Entity.Name, c.After.ID()), w)
}

// morning is when people are reminded of a day.
const morning = 9 * time.Hour

// ended keeps when a contract ended and why.
func ended(why *entity.Field[string]) func(context.Context, entity.Writer, entity.Change, *record.Record) error {
	return func(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
		return tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) {
			EndedOn.Set(r, tx.Here().Today())
			if why != nil {
				r.Set(EndReason.Key(), input.Get(why.Key()))
			}
		})
	}
}

// renew makes the draft of the contract that follows.
func renew(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	lines, err := Head.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	_, err = tx.Create(ctx, c.Entity.Name, func(r *record.Record) {
		Head.Copy(c.After, r)
		Name.Set(r, Name.Get(c.After))
		Kind.Set(r, Kind.Get(c.After))
		Renews.Set(r, c.After.ID())
		if from, to, ok := Next(StartsOn.Get(c.After), EndsOn.Get(c.After)); ok {
			StartsOn.Set(r, from)
			if to != "" {
				EndsOn.Set(r, to)
			}
		}
	}, Item.Copy(lines))
	return err
}

// Next is the term that follows one, days inclusive: as many months where it is
// whole months, else as many days. Without a beginning it has no end.
func Next(from, to string) (start, end string, ok bool) {
	last, err := time.Parse(time.DateOnly, to)
	if err != nil {
		return "", "", false
	}
	begins := last.AddDate(0, 0, 1)
	start = begins.Format(time.DateOnly)
	first, err := time.Parse(time.DateOnly, from)
	if err != nil || first.After(last) {
		return start, "", true
	}
	until := begins.AddDate(0, 0, int(begins.Sub(first).Hours()/24)) // UTC: each day has 24 hours
	if first.Day() == begins.Day() {
		until = begins.AddDate(0, 12*(begins.Year()-first.Year())+int(begins.Month())-int(first.Month()), 0)
	}
	return start, until.AddDate(0, 0, -1).Format(time.DateOnly), true
}
