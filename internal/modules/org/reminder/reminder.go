// Package reminder declares what a member should look at: a plan or a task whose
// moment has come, what a colleague gave him, where he was mentioned. Other
// modules keep reminders beside their records; the bell of the page lists those
// that are due.
package reminder

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The states: it waits for its moment, is shown, was seen, is not needed any more.
const (
	Waiting   = "waiting"
	Due       = "due"
	Seen      = "seen"
	Cancelled = "cancelled"
)

// The kinds: a moment that comes, something that a colleague gave, a comment
// that names the member, a task of his that somebody did, records of his that go
// into a pool soon, and that went there, what a customer should have paid, a
// customer who nears his credit limit; a paper that waits for the member's
// decision, one of his own that was approved or sent back.
const (
	Moment    = "moment"
	Given     = "given"
	Mentioned = "mentioned"
	Finished  = "finished"
	Returning = "returning"
	Returned  = "returned"
	Overdue   = "overdue"
	Credit    = "credit"
	Asked     = "asked"
	Agreed    = "approved"
	Refused   = "rejected"
)

// The fields. Sender did it; of several records that were given at once About
// is the first, Count how many, Of which entity they are of, Batch the write.
var (
	Title  = entity.Text("title", 200).Required()
	Kind   = entity.Choice("kind", Moment, Given, Mentioned, Finished, Returning, Returned, Overdue, Credit, Asked, Agreed, Refused).Colors("orange", "blue", "purple", "green", "orange", "gray", "red", "orange", "blue", "green", "red").Default(Moment).ReadOnly().Coded()
	About  = entity.AnyRef("about", entity.Anything)
	Owner  = entity.Member("owner").Required()
	Sender = entity.Member("sender").ReadOnly()
	Count  = entity.Number("count").ReadOnly()
	Of     = entity.Text("of", 80).ReadOnly()
	Batch  = entity.Text("batch", 20).ReadOnly()
	At     = entity.Instant("at").Required()
	State  = entity.Choice("state", Waiting, Due, Seen, Cancelled).Colors("gray", "orange", "green", "gray").Default(Waiting).ReadOnly().Coded()
)

// Entity is org.reminder.
var Entity = entity.Def{
	Name:     "org.reminder",
	Icon:     "bell",
	Fields:   entity.Fields(Title, Kind, About, Owner, Sender, At, State, Count, Of, Batch),
	Title:    Title,
	Scopes:   entity.OwnedBy(Owner),
	Personal: true,
	Indexes:  []schema.Index{entity.By(State, At), entity.By(Owner, State, At), entity.By(Batch)},
	Actions: []entity.Action{
		{Name: "seen", Op: access.Update, Move: entity.Move{State: State, From: []string{Waiting, Due}, To: Seen}},
		{Name: "snooze", Op: access.Update, Move: entity.Move{State: State, From: []string{Due, Seen}, To: Waiting}, Input: entity.Fields(Until), Fill: snooze},
	},
	Layout: schema.Layout{
		List: []string{"title", "kind", "about", "sender", "at", "state", "owner"},
		Sort: "-at",
		Card: []string{"title", "kind", "about", "at"},
		Views: []schema.View{
			{Key: "all", Filter: "owner == me", Sort: "-at"},
			{Key: "due", Filter: `owner == me and state == "due"`, Sort: "at"},
			{Key: "waiting", Filter: `owner == me and state == "waiting"`, Sort: "at"},
			{Key: "mentions", Filter: `owner == me and kind == "mentioned"`, Sort: "-at"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"title", "kind", "about", "sender", "at", "state", "owner"}, Columns: 2},
			{Key: "more", Fields: []string{"count", "of", "batch"}, Columns: 2},
		},
	},
}
