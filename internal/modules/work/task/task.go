// Package task declares what one member has to do, for himself or for somebody
// else (工作任务, CAL-3).
package task

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// The states. Only actions go from one to another.
const (
	Open      = "open"
	Doing     = "doing"
	Done      = "done"
	Cancelled = "cancelled"
)

// The fields. Assignee does it, Creator gave it: both see it.
var (
	Title       = entity.Text("title", 200).Required().Folded().Sortable().Search()
	Status      = entity.Choice("status", Open, Doing, Done, Cancelled).Colors("gray", "blue", "green", "gray").Default(Open).ReadOnly().Audited()
	Priority    = entity.Choice("priority", "urgent", "high", "normal", "low").Colors("red", "orange", "blue", "gray").Default("normal")
	Assignee    = entity.Member("assignee").Required().Audited()
	DueAt       = entity.Instant("due_at")
	Remind      = reminder.Before("remind")
	About       = entity.AnyRef("about", "crm.customer", "crm.lead", "crm.contact")
	Creator     = entity.Member("creator").Default("me").ReadOnly()
	DoneAt      = entity.Instant("done_at").ReadOnly()
	Remark      = entity.LongText("remark")
	Attachments = entity.Files("attachments")
	ExternalID  = entity.Text("external_id", 100)
)

// Entity is work.task.
var Entity = entity.Def{
	Name:    "work.task",
	Icon:    "square-check",
	Fields:  entity.Fields(Title, Status, Priority, Assignee, DueAt, Remind, About, Creator, DoneAt, Remark, Attachments, ExternalID),
	Title:   Title,
	Scopes:  entity.OwnedBy(Assignee).AndOf(Creator),
	Indexes: []schema.Index{entity.By(Assignee, Status, DueAt), entity.By(Status, DueAt)},
	Hooks:   entity.Hooks{Within: within},
	Actions: []entity.Action{
		{Name: "start", Op: access.Update, Move: entity.Move{State: Status, From: []string{Open}, To: Doing}},
		{Name: "done", Op: access.Update, Move: entity.Move{State: Status, From: []string{Open, Doing}, To: Done}, Fill: finish},
		{Name: "cancel", Op: access.Update, Move: entity.Move{State: Status, From: []string{Open, Doing}, To: Cancelled}},
		{Name: "reopen", Op: access.Update, Move: entity.Move{State: Status, From: []string{Done, Cancelled}, To: Open}, Fill: reopen},
	},
	Layout: schema.Layout{
		List:   []string{"title", "status", "priority", "assignee", "due_at", "about", "creator", "created_at"},
		Sort:   "-id",
		Card:   []string{"title", "priority", "assignee", "due_at"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: `assignee == me and status in ("open", "doing")`, Sort: "due_at"},
			{Key: "today", Filter: `assignee == me and due_at < days(1) and status in ("open", "doing")`, Sort: "due_at", Today: true},
			{Key: "given", Filter: `creator == me and assignee != me and status in ("open", "doing")`, Sort: "due_at"},
			{Key: "overdue", Filter: `due_at < now() and status in ("open", "doing")`, Sort: "due_at"},
			{Key: "done", Filter: `status == "done"`, Sort: "-done_at"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"title", "status", "priority", "assignee", "due_at", "remind", "about", "creator", "done_at"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "attachments", "external_id"}, Columns: 1},
		},
	},
}

func finish(r *record.Record, c entity.Change, _ *record.Record) error {
	DoneAt.Set(r, c.Actor.Now.UnixMicro())
	return nil
}

func reopen(r *record.Record, _ entity.Change, _ *record.Record) error {
	DoneAt.Clear(r)
	return nil
}

// within keeps the reminder of a task that is still to be done.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil {
		return reminder.Keep(ctx, tx, record.Ref(c.Entity.Name, c.Before.ID()), reminder.Wish{})
	}
	if c.Before != nil && !c.Restored() && !c.Touches(Title, DueAt, Remind, Assignee, Status) {
		return nil
	}
	if err := tellDone(ctx, tx, c); err != nil {
		return err
	}
	w := reminder.Wish{Owner: Assignee.Get(c.After), Title: Title.Get(c.After), Before: Remind.Get(c.After), Now: c.After.At(record.SlotUpdatedAt).Int()}
	if s := Status.Get(c.After); s == Open || s == Doing {
		w.At = DueAt.Get(c.After)
	}
	return reminder.Keep(ctx, tx, record.Ref(c.Entity.Name, c.After.ID()), w)
}

// tellDone tells who gave a task that somebody did it.
func tellDone(ctx context.Context, tx entity.Writer, c entity.Change) error {
	giver := Creator.Get(c.After)
	if c.Before == nil || c.Restored() || !c.Touches(Status) || Status.Get(c.After) != Done || giver == 0 || giver == c.Actor.ID() || c.Actor.ID() == 0 {
		return nil
	}
	return reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Finished, Owner: giver, Sender: c.Actor.ID(), About: record.Ref(c.Entity.Name, c.After.ID()),
		Title: Title.Get(c.After), Count: 1, Of: c.Entity.Name, At: c.After.At(record.SlotUpdatedAt).Int()})
}
