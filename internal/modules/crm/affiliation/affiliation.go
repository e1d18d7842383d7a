// Package affiliation declares a contact's place at a customer, with title and
// period: people change companies, and some work for several (CUS-2).
package affiliation

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. An empty EndOn means that the contact is still there.
var (
	Contact  = entity.Ref("contact", "crm.contact").Required()
	Customer = entity.Ref("customer", "crm.customer").Required()
	Title    = entity.Text("title", 100)
	StartOn  = entity.Date("start_on")
	EndOn    = entity.Date("end_on")
	Primary  = entity.Switch("primary").Default("false")
	Remark   = entity.Text("remark", 500)
)

// Entity is crm.affiliation: one for a contact and a customer.
var Entity = entity.Def{
	Name:    "crm.affiliation",
	Icon:    "handshake",
	Fields:  entity.Fields(Contact, Customer, Title, StartOn, EndOn, Primary, Remark),
	Title:   Title,
	Link:    true,
	Scopes:  entity.SeenThrough(Customer),
	Indexes: []schema.Index{entity.UniqueBy(Contact, Customer)},
	Hooks:   entity.Hooks{Validate: validate},
	Layout: schema.Layout{
		List: []string{"contact", "customer", "title", "start_on", "end_on", "primary"},
		Sort: "-id",
		Card: []string{"contact", "customer", "title"},
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "current", Filter: "end_on is null or end_on >= today()", Sort: "-id"},
			{Key: "former", Filter: "end_on < today()", Sort: "-end_on"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"contact", "customer", "title", "primary", "start_on", "end_on", "remark"}, Columns: 2}},
	},
}

func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if !c.Touches(StartOn, EndOn) {
		return nil
	}
	start, end := StartOn.Get(c.After), EndOn.Get(c.After)
	if start != "" && end != "" && end < start {
		return errs.New(errs.Invalid, "error.period", "start", start, "end", end).At(EndOn.Key())
	}
	return nil
}
