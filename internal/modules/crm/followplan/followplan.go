// Package followplan declares what is going to be done with a customer, a lead
// or a contact, and when (跟进计划, CUS-6). Done, it becomes a follow-up record.
package followplan

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/crm/subject"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// The states. Only actions go from one to another.
const (
	Planned   = "planned"
	Done      = "done"
	Cancelled = "cancelled"
)

// The fields. Customer, Lead and LeadOwner follow from what it is about.
var (
	Title      = entity.Text("title", 200).Required().Folded().Sortable().Search()
	About      = entity.AnyRef("about", subject.Names()...).Required()
	Kind       = entity.Choice("kind", followup.Kinds()...).SameAs(followup.Entity.Name, followup.Kind).Required().Default("call")
	At         = entity.Instant("at").Required()
	Status     = entity.Choice("status", Planned, Done, Cancelled).Colors("blue", "green", "gray").Default(Planned).ReadOnly()
	Remind     = reminder.Before("remind")
	Contact    = entity.Ref("contact", "crm.contact")
	Owner      = entity.Member("owner").Required()
	FollowUp   = entity.Ref("follow_up", "crm.follow_up").ReadOnly()
	Customer   = entity.Ref("customer", "crm.customer").ReadOnly()
	Lead       = entity.Ref("lead", "crm.lead").ReadOnly()
	LeadOwner  = entity.Member("lead_owner").ReadOnly()
	Remark     = entity.LongText("remark")
	ExternalID = entity.Text("external_id", 100)
)

// Entity is crm.follow_plan. Who sees the customer sees it; one about a lead is
// seen by its owner and whoever has the lead.
var Entity = entity.Def{
	Name:    "crm.follow_plan",
	Icon:    "calendar-clock",
	Fields:  entity.Fields(Title, About, Kind, At, Status, Remind, Contact, Owner, FollowUp, Customer, Lead, LeadOwner, Remark, ExternalID),
	Title:   Title,
	Scopes:  entity.OwnedBy(Owner).AndOf(LeadOwner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Owner, Status, At)},
	Hooks:   entity.Hooks{Validate: validate, Within: within},
	Actions: []entity.Action{
		{Name: "complete", Op: access.Update, Move: entity.Move{State: Status, From: []string{Planned}, To: Done}, Input: completeInput(), Run: complete},
		{Name: "cancel", Op: access.Update, Move: entity.Move{State: Status, From: []string{Planned}, To: Cancelled}},
		{Name: "reopen", Op: access.Update, Move: entity.Move{State: Status, From: []string{Cancelled}, To: Planned}},
	},
	Layout: schema.Layout{
		List:   []string{"title", "about", "kind", "at", "status", "contact", "owner"},
		Sort:   "-at",
		Card:   []string{"title", "about", "at", "owner"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-at"},
			{Key: "mine", Filter: `owner == me and status == "planned"`, Sort: "at"},
			{Key: "today", Filter: `owner == me and status == "planned" and at < days(1)`, Sort: "at", Today: true},
			{Key: "overdue", Filter: `status == "planned" and at < now()`, Sort: "at"},
			{Key: "done", Filter: `status == "done"`, Sort: "-at"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"title", "about", "kind", "at", "contact", "remind", "owner", "status", "remark"}, Columns: 2},
			{Key: "more", Fields: []string{"follow_up", "customer", "lead", "lead_owner", "external_id"}, Columns: 2},
		},
	},
}
