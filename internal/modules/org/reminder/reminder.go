// Package reminder declares what a member is reminded of at a moment: a plan, a
// task. Other modules keep reminders beside their records; the page lists those
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

// The fields. What may stand in About is said by the modules above.
var (
	Title = entity.Text("title", 200).Required()
	About = entity.AnyRef("about")
	Owner = entity.Member("owner").Required()
	At    = entity.Instant("at").Required()
	State = entity.Choice("state", Waiting, Due, Seen, Cancelled).Colors("gray", "orange", "green", "gray").Default(Waiting).ReadOnly()
)

// Entity is org.reminder.
var Entity = entity.Def{
	Name:    "org.reminder",
	Icon:    "bell",
	Fields:  entity.Fields(Title, About, Owner, At, State),
	Title:   Title,
	Scopes:  entity.OwnedBy(Owner),
	Indexes: []schema.Index{entity.By(State, At)},
	Actions: []entity.Action{
		{Name: "seen", Op: access.Update, Move: entity.Move{State: State, From: []string{Waiting, Due}, To: Seen}},
		{Name: "snooze", Op: access.Update, Move: entity.Move{State: State, From: []string{Due, Seen}, To: Waiting}, Input: entity.Fields(Until), Fill: snooze},
	},
	Layout: schema.Layout{
		List: []string{"title", "about", "at", "state", "owner"},
		Sort: "-at",
		Card: []string{"title", "about", "at"},
		Views: []schema.View{
			{Key: "all", Filter: "owner == me", Sort: "-at"},
			{Key: "due", Filter: `owner == me and state == "due"`, Sort: "at"},
			{Key: "waiting", Filter: `owner == me and state == "waiting"`, Sort: "at"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"title", "about", "at", "state", "owner"}, Columns: 2}},
	},
}
