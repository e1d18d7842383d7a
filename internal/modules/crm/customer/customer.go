// Package customer declares companies and persons we sell to, or want to (CUS-1).
package customer

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/address"
	"github.com/guanxicrm/guanxi/internal/modules/crm/invoicetitle"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool"
)

// Industries are the codes of what a customer's trade is.
func Industries() []string {
	return []string{"manufacturing", "software", "internet", "retail", "ecommerce", "wholesale", "logistics", "finance",
		"healthcare", "education", "construction", "real_estate", "energy", "chemicals", "automotive", "electronics", "telecom",
		"agriculture", "food", "catering", "tourism", "media", "professional", "government", "other"}
}

// Sources are the codes of where customers come from.
func Sources() []string { return []string{"web", "phone", "exhibition", "referral", "ads", "partner"} }

// ofCompany is when what only companies have is asked for: a person has no
// registration and no staff.
var ofCompany = entity.Not(Kind, Person)

// Person is the kind of a customer who is no company.
const Person = "person"

// What a customer is.
var (
	Name      = entity.Text("name", 200).Required().Folded().Sortable().Company().Search()
	ShortName = entity.Text("short_name", 60).Folded().Sortable().Search().VisibleWhen(ofCompany)
	Kind      = entity.Choice("kind", "company", Person).Default("company").Coded()
	Status    = entity.Choice("status", "lead", "contacted", "negotiating", "won", "lost").Colors("gray", "blue", "orange", "green", "red").Default("lead").Audited()
	Level     = entity.Choice("level", "a", "b", "c", "d").Colors("red", "orange", "blue", "gray")
	Industry  = entity.Choice("industry", Industries()...)
	Business  = entity.Text("business", 500).Search()
	Source    = entity.Choice("source", Sources()...)
	Tags      = entity.Choices("tags", "key", "potential", "repeat", "strategic", "price_sensitive", "slow_payer", "dormant")
	Parent    = entity.Ref("parent", "crm.customer").VisibleWhen(ofCompany)
)

// Where and how to reach it. Region is of the mainland's division; State, City
// and Country are for addresses abroad and for files that know no codes.
var (
	Phone        = entity.Phone("phone").Search().Sensitive()
	Phones       = entity.Phones("phones").Search().Sensitive()
	Fax          = entity.Text("fax", 60).Sensitive()
	Email        = entity.Email("email").Search().Sensitive()
	Website      = entity.URL("website")
	ContactName  = entity.Text("contact_name", 100).Folded().Search().VisibleWhen(ofCompany)
	ContactTitle = entity.Text("contact_title", 100).VisibleWhen(ofCompany)
	Region       = entity.Region("region")
	Address      = entity.Text("address", 300)
	City         = entity.Text("city", 100)
	State        = entity.Text("state", 100)
	PostalCode   = entity.Text("postal_code", 20)
	Country      = entity.Text("country", 100)
)

// Its size, what invoices need (开票资料), and how the sale stands.
var (
	USCC          = entity.Text("uscc", 40).Search().Audited().VisibleWhen(ofCompany)
	InvoiceTitle  = entity.Text("invoice_title", 200)
	InvoiceAddr   = entity.Text("invoice_address", 300)
	InvoicePhone  = entity.Text("invoice_phone", 60).Sensitive()
	BankName      = entity.Text("bank_name", 200)
	BankAccount   = entity.Text("bank_account", 60).Sensitive()
	Employees     = entity.Number("employees").Between("0", "").VisibleWhen(ofCompany)
	AnnualRevenue = entity.Money("annual_revenue").Between("0", "").VisibleWhen(ofCompany)
	Amount        = entity.Money("amount")

	Owner           = entity.Member("owner").Audited()
	NextFollowOn    = entity.Date("next_follow_on")
	LastFollowedAt  = entity.Rollup("last_followed_at", schema.Rollup{Entity: "crm.follow_up", Via: "customer", Op: "max", Field: "at"})
	ContactCount    = entity.Rollup("contact_count", schema.Rollup{Entity: "crm.contact", Via: "customer", Op: "count"})
	Remark          = entity.LongText("remark")
	Attachments     = entity.Files("attachments")
	SourceCreatedAt = entity.Instant("source_created_at") // in the system that it was brought from
	SourceUpdatedAt = entity.Instant("source_updated_at")
	ExternalID      = entity.Text("external_id", 100)
)

// The groups of lines.
const (
	addresses     = "addresses"
	invoiceTitles = "invoice_titles"
)

// Held is how customers lie in pools and come out of them: one who bought is
// not taken away by rules.
var Held = pool.NewHeld(pool.Kind{Name: "crm.customer", Owner: Owner, State: Status, Open: []string{"lead", "contacted", "negotiating", "lost"},
	Spare: Level, SparedBy: pool.SpareLevels})

// Entity is crm.customer, the root that most other records hang under.
var Entity = entity.Def{
	Name: "crm.customer",
	Icon: "building-2",
	Fields: entity.Fields(append([]entity.Declared{Name, ShortName, Kind, Status, Level, Industry, Business, Source, Tags, Parent,
		Phone, Phones, Fax, Email, Website, ContactName, ContactTitle, Region, Address, City, State, PostalCode, Country,
		USCC, InvoiceTitle, InvoiceAddr, InvoicePhone, BankName, BankAccount, Employees, AnnualRevenue, Amount,
		Owner, NextFollowOn, LastFollowedAt, ContactCount, Remark, Attachments, SourceCreatedAt, SourceUpdatedAt, ExternalID},
		Held.Declared()...)...),
	Title:      Name,
	Lines:      entity.Lines(addresses, address.Entity).And(invoiceTitles, invoicetitle.Entity),
	Scopes:     entity.OwnedBy(Owner).Pooled(Held.Pool),
	Indexes:    indexes(),
	Duplicates: duplicates,
	Alike:      alike,
	Hooks:      entity.Hooks{Derive: derive, Validate: validate, Within: within},
	Actions:    Held.Actions(),
	Layout:     layout,
	Prints:     prints,
}

// duplicates are the rules of PLT-12: the same registration is the same
// company; the same name or phone may be another branch.
var duplicates = []schema.DuplicateRule{
	{Key: "uscc", Match: []schema.Match{{Field: "uscc", By: "exact"}}, Strict: true},
	{Key: "name", Match: []schema.Match{{Field: "name", By: "company"}}},
	{Key: "phone", Match: []schema.Match{{Field: "phone", By: "phone"}}},
}

// alike are the leads that a customer being typed may have been until now.
var alike = []schema.AlikeRule{
	{Field: "name", By: "company", Entity: "crm.lead", Other: "company"},
	{Field: "phone", By: "phone", Entity: "crm.lead", Other: "mobile"},
	{Field: "phone", By: "phone", Entity: "crm.lead", Other: "phone"},
	{Field: "email", By: "email", Entity: "crm.lead", Other: "email"},
}

// indexes serve the lists that people open all day, newest first: a
// salesperson's by status, everybody's by status, everybody's. The id ends each
// key because it ends each order.
func indexes() []schema.Index {
	newest := []string{"-" + SourceCreatedAt.Key(), "-id"}
	keys := func(first ...string) schema.Index { return schema.Index{Keys: append(first, newest...)} }
	return []schema.Index{keys(Owner.Key(), Status.Key()), keys(Status.Key()), keys(), entity.By(Held.Pool, Owner)}
}
