// Package crm is who we sell to: leads, customers, the people there and where
// they work, what was done with them and what is planned (CUS-1, CUS-2, CUS-4,
// CUS-6).
package crm

import (
	"embed"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/crm/affiliation"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followplan"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the customers. A salesperson works on his own, his manager
// on those of his departments and may hand them over; the boss reads all by
// the grant on everything that org gives him; a buyer has no part in it.
func Module() entity.Module {
	work := []access.Op{access.Read, access.Create, access.Update, access.Delete, access.Import, access.Export, access.Print}
	return entity.Module{
		Name: "crm",
		Entities: []entity.Def{customer.Entity, contact.Entity, affiliation.Entity, lead.Entity, followup.Entity, followplan.Entity,
			pool.With(lead.Held, customer.Held), pool.Rule, pool.Turn, lead.Scoring.Models(), lead.Scoring.Rules(), lead.Held.Entries(), customer.Held.Entries()},
		Ticks: []entity.Tick{{Name: "rules of lead pools", Run: lead.Held.Tick}, {Name: "rules of customer pools", Run: customer.Held.Tick}, {Name: "scores of leads", Run: lead.Scoring.Tick}},
		First: true,
		Menu: []string{lead.Entity.Name, customer.Entity.Name, contact.Entity.Name, followup.Entity.Name, followplan.Entity.Name, pool.Entity.Name, pool.Rule.Name,
			lead.Scoring.Models().Name, lead.Scoring.Rules().Name},
		Basics: []string{pool.Entity.Name, pool.Rule.Name, lead.Scoring.Models().Name, lead.Scoring.Rules().Name},
		Texts:  texts,
		Roles: []entity.RoleTemplate{
			{Code: "sales", Grants: entity.Allow("crm.*", access.Own, work...)},
			{Code: "sales_manager", Grants: entity.Allow("crm.*", access.Tree, append(work, access.Transfer)...)},
		},
	}
}
