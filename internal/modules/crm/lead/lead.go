// Package lead declares who might become a customer (线索, CUS-4).
package lead

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool"
	"github.com/guanxicrm/guanxi/internal/modules/crm/scoring"
)

// The states. Only actions go from one to another.
const (
	New       = "new"
	Contacted = "contacted"
	Qualified = "qualified"
	Converted = "converted"
	Discarded = "discarded"
)

// Who asked for what. A lead without a name is called after its company, or
// after the person.
var (
	Name        = entity.Text("name", 200).Folded().Sortable().Search()
	Status      = entity.Choice("status", New, Contacted, Qualified, Converted, Discarded).Colors("blue", "orange", "purple", "green", "gray").Default(New).ReadOnly().Audited()
	Heat        = entity.Choice("heat", "hot", "warm", "cold").Colors("red", "orange", "blue")
	Company     = entity.Text("company", 200).Folded().Sortable().Company().Search()
	ContactName = entity.Text("contact_name", 100).Folded().Search()
	Title       = entity.Text("title", 100)
	Mobile      = entity.Phone("mobile").Search().Sensitive()
	Phone       = entity.Phone("phone").Search().Sensitive()
	Email       = entity.Email("email").Search().Sensitive()
	WeChat      = entity.Text("wechat", 60).Search().Sensitive()
	Website     = entity.URL("website")
	USCC        = entity.Text("uscc", 40).Search()
	Source      = entity.Choice("source", customer.Sources()...).SameAs(customer.Entity.Name, customer.Source)
	Industry    = entity.Choice("industry", customer.Industries()...).SameAs(customer.Entity.Name, customer.Industry)
	Region      = entity.Region("region")
	Address     = entity.Text("address", 300)
	Demand      = entity.LongText("demand")
	Amount      = entity.Money("amount").Between("0", "")
	Score       = entity.Number("score").Between("0", "100").ReadOnly()
	Grade       = entity.Choice("grade", scoring.A, scoring.B, scoring.C).Colors("red", "orange", "gray").ReadOnly().Coded()
)

// How it goes on, and what it became.
var (
	Owner          = entity.Member("owner").Audited()
	NextFollowOn   = entity.Date("next_follow_on")
	LastFollowedAt = entity.Rollup("last_followed_at", schema.Rollup{Entity: "crm.follow_up", Via: "lead", Op: "max", Field: "at"})
	Customer       = entity.Ref("customer", customer.Entity.Name).ReadOnly().VisibleWhen(entity.Is(Status, Converted))
	Contact        = entity.Ref("contact", "crm.contact").ReadOnly().VisibleWhen(entity.Is(Status, Converted))
	ConvertedAt    = entity.Instant("converted_at").ReadOnly().VisibleWhen(entity.Is(Status, Converted))
	DiscardReason  = entity.Choice("discard_reason", "no_need", "no_budget", "competitor", "unreachable", "duplicate", "other").ReadOnly().
			VisibleWhen(entity.Is(Status, Discarded)).RequiredWhen(entity.Is(Status, Discarded))
	Remark          = entity.LongText("remark")
	Attachments     = entity.Files("attachments")
	SourceCreatedAt = entity.Instant("source_created_at") // in the system that it was brought from
	SourceUpdatedAt = entity.Instant("source_updated_at")
	ExternalID      = entity.Text("external_id", 100)
)

// Held is how leads lie in pools and come out of them.
var Held = pool.NewHeld(pool.Kind{Name: "crm.lead", Owner: Owner, State: Status, Open: []string{New, Contacted, Qualified}, Done: []string{Converted, Discarded},
	Spare: Heat, SparedBy: pool.SpareHeats})

// Scoring is how promising a lead is, by the company's rules.
var Scoring = scoring.New("crm.lead", Score, Grade)

// Entity is crm.lead.
var Entity = entity.Def{
	Name: "crm.lead",
	Icon: "target",
	Fields: entity.Fields(append([]entity.Declared{Name, Status, Heat, Company, ContactName, Title, Mobile, Phone, Email, WeChat, Website, USCC, Source, Industry,
		Region, Address, Demand, Amount, Owner, NextFollowOn, LastFollowedAt, Customer, Contact, ConvertedAt, DiscardReason,
		Remark, Attachments, SourceCreatedAt, SourceUpdatedAt, ExternalID, Score, Grade},
		Held.Declared()...)...),
	Title:  Name,
	Scopes: entity.OwnedBy(Owner).Pooled(Held.Pool),
	Indexes: []schema.Index{entity.By(Owner, Status), entity.By(Status), entity.By(Held.Pool, Owner), {Keys: []string{"-score", "-id"}},
		{Keys: []string{"created_at", "source", "status", "owner", "dept"}}}, // what came of which source is answered by it alone
	Duplicates: []schema.DuplicateRule{
		{Key: "company", Match: []schema.Match{{Field: "company", By: "company"}}},
		{Key: "mobile", Match: []schema.Match{{Field: "mobile", By: "phone"}}},
		{Key: "phone", Match: []schema.Match{{Field: "phone", By: "phone"}}},
	},
	Alike: []schema.AlikeRule{
		{Field: "company", By: "company", Entity: customer.Entity.Name, Other: "name"},
		{Field: "mobile", By: "phone", Entity: customer.Entity.Name, Other: "phone"},
		{Field: "phone", By: "phone", Entity: customer.Entity.Name, Other: "phone"},
		{Field: "email", By: "email", Entity: customer.Entity.Name, Other: "email"},
		{Field: "mobile", By: "phone", Entity: "crm.contact", Other: "mobile"},
	},
	Hooks:     entity.Hooks{Derive: derive, WithRollups: true, Validate: validate, Within: within},
	Questions: []entity.Question{Scoring.Why()},
	Actions: append([]entity.Action{ // in the order in which they are offered
		{Name: "convert", Op: access.Update, Only: entity.Filled(Owner), Move: entity.Move{State: Status, From: []string{New, Contacted, Qualified}, To: Converted},
			Input: convertInput(), Run: convert},
		{Name: "contact", Op: access.Update, Only: entity.Filled(Owner), Move: entity.Move{State: Status, From: []string{New}, To: Contacted}},
		{Name: "qualify", Op: access.Update, Only: entity.Filled(Owner), Move: entity.Move{State: Status, From: []string{New, Contacted}, To: Qualified}},
		{Name: "discard", Op: access.Update, Only: entity.Filled(Owner), Move: entity.Move{State: Status, From: []string{New, Contacted, Qualified}, To: Discarded},
			Input: entity.Fields(Reason, Note), Fill: discard},
		{Name: "reopen", Op: access.Update, Only: entity.Filled(Owner), Move: entity.Move{State: Status, From: []string{Discarded}, To: New}, Fill: reopen},
	}, Held.Actions()...),
	Layout: layout,
}
