// Package contact declares the people at our customers (CUS-2).
package contact

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. Customer is the contact's main place, further ones are
// affiliations. A birthday by the lunar calendar (农历) is kept as the day
// that was told, Lunar says which calendar it is of.
var (
	Name       = entity.Text("name", 100).Required().Folded().Sortable().Search()
	Customer   = entity.Ref("customer", "crm.customer")
	Owner      = entity.Member("owner").Required().Audited()
	Title      = entity.Text("title", 100)
	Department = entity.Text("department", 100)
	Role       = entity.Choice("role", "decision_maker", "influencer", "evaluator", "user", "gatekeeper", "champion", "other")
	Mobile     = entity.Phone("mobile").Search().Sensitive()
	Phone      = entity.Phone("phone").Search().Sensitive()
	Email      = entity.Email("email").Search().Sensitive()
	WeChat     = entity.Text("wechat", 60).Search().Sensitive()

	Gender     = entity.Choice("gender", "male", "female")
	Birthday   = entity.Date("birthday").Sensitive()
	Lunar      = entity.Switch("lunar").Default("false")
	Hobbies    = entity.Text("hobbies", 300)
	Address    = entity.Text("address", 300).Sensitive()
	Remark     = entity.LongText("remark")
	SourceAt   = entity.Instant("source_created_at") // in the system that it was brought from
	SourceUp   = entity.Instant("source_updated_at")
	ExternalID = entity.Text("external_id", 100)
)

// Entity is crm.contact: who sees the customer sees its contacts.
var Entity = entity.Def{
	Name: "crm.contact",
	Icon: "contact",
	Fields: entity.Fields(Name, Customer, Owner, Title, Department, Role, Mobile, Phone, Email, WeChat,
		Gender, Birthday, Lunar, Hobbies, Address, Remark, SourceAt, SourceUp, ExternalID),
	Title:      Name,
	Scopes:     entity.OwnedBy(Owner).SeenThrough(Customer),
	Duplicates: []schema.DuplicateRule{{Key: "mobile", Match: []schema.Match{{Field: "mobile", By: "phone"}}}},
	Alike:      []schema.AlikeRule{{Field: "mobile", By: "phone", Entity: "crm.lead", Other: "mobile"}},
	Layout: schema.Layout{
		List: []string{"name", "customer", "title", "role", "mobile", "email", "wechat", "owner", "created_at"},
		Sort: "-id",
		Card: []string{"name", "customer", "title", "mobile"},
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "deciding", Filter: `role in ("decision_maker", "champion")`, Sort: "-id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "customer", "title", "department", "role", "owner"}, Columns: 2},
			{Key: "contact", Fields: []string{"mobile", "phone", "email", "wechat", "address"}, Columns: 2},
			{Key: "personal", Fields: []string{"gender", "birthday", "lunar", "hobbies"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "source_created_at", "source_updated_at", "external_id"}, Columns: 1},
		},
	},
}
