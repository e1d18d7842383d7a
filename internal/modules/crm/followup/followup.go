// Package followup declares what was done with a customer, a lead or a contact:
// a visit, a call, a chat (跟进记录, CUS-6).
package followup

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/subject"
)

// Kinds are the codes of how somebody was followed up.
func Kinds() []string { return []string{"visit", "call", "chat", "mail", "meeting", "other"} }

// The fields. Owner is who wrote it. Customer, Lead and LeadOwner follow from
// what it is about: through them it is seen, listed and counted.
var (
	About        = entity.AnyRef("about", subject.Names()...).Required()
	Kind         = entity.Choice("kind", Kinds()...).Colors("purple", "blue", "green", "orange", "teal", "gray").Required().Default("call")
	At           = entity.Instant("at").Required().Default("now()")
	Content      = entity.LongText("content").Required()
	Summary      = entity.Text("summary", summaryLength).ReadOnly().Search()
	Contact      = entity.Ref("contact", "crm.contact")
	NextFollowOn = entity.Date("next_follow_on")
	Owner        = entity.Member("owner").Required()
	Attachments  = entity.Files("attachments")
	Customer     = entity.Ref("customer", "crm.customer").ReadOnly()
	Lead         = entity.Ref("lead", "crm.lead").ReadOnly()
	LeadOwner    = entity.Member("lead_owner").ReadOnly()
	ExternalID   = entity.Text("external_id", 100)
)

// Entity is crm.follow_up. Who sees the customer sees it; one about a lead is
// seen by its writer and whoever has the lead.
var Entity = entity.Def{
	Name:    "crm.follow_up",
	Icon:    "message-square-text",
	Fields:  entity.Fields(About, Kind, At, Content, Summary, Contact, NextFollowOn, Owner, Attachments, Customer, Lead, LeadOwner, ExternalID),
	Title:   Summary,
	Scopes:  entity.OwnedBy(Owner).AndOf(LeadOwner).SeenThrough(Customer),
	Indexes: []schema.Index{{Keys: []string{"-at", "-id"}}, {Keys: []string{"owner", "-at", "-id"}}, {Keys: []string{"customer", "-at", "-id"}}},
	Hooks:   entity.Hooks{Derive: derive, Validate: validate, Within: within},
	Layout: schema.Layout{
		List: []string{"summary", "about", "kind", "at", "contact", "next_follow_on", "owner"},
		Sort: "-at",
		Card: []string{"summary", "kind", "about", "at", "owner"},
		Views: []schema.View{
			{Key: "all", Sort: "-at"},
			{Key: "mine", Filter: "owner == me", Sort: "-at"},
			{Key: "week", Filter: "at >= week_start()", Sort: "-at"},
			{Key: "visits", Filter: `kind in ("visit", "meeting")`, Sort: "-at"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"about", "contact", "kind", "at", "content", "attachments", "next_follow_on", "owner"}, Columns: 2},
			{Key: "more", Fields: []string{"summary", "customer", "lead", "lead_owner", "external_id"}, Columns: 2},
		},
	},
}
