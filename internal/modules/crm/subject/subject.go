// Package subject works out what a note is about: a customer, one of its
// contacts, a lead. What it gives is kept beside the any_ref, so that rights,
// related lists and roll-ups need not look further.
package subject

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
)

// Names lists the entities of this module that a note may be about.
func Names() []string {
	return []string{customer.Entity.Name, lead.Entity.Name, contact.Entity.Name}
}

// Roots are the records above a subject, itself among them; Null for none.
type Roots struct {
	Customer, Lead, Contact record.Value
	// LeadOwner reads what is noted about a lead that is no customer yet.
	LeadOwner record.Value
}

// Of reads the roots of what an any_ref points to. A subject of another module
// belongs to the customer in its field of that name.
func Of(ctx context.Context, tx entity.Reader, about record.Value) (Roots, error) {
	out := Roots{record.Null, record.Null, record.Null, record.Null}
	r, err := tx.Get(ctx, about.Str(), about.Int())
	if err != nil {
		return out, err
	}
	self := record.Int(r.ID())
	switch about.Str() {
	case customer.Entity.Name:
		out.Customer = self
	case lead.Entity.Name:
		out.Lead, out.LeadOwner, out.Customer = self, lead.Keeper(r), lead.Customer.Value(r)
	case contact.Entity.Name:
		out.Contact, out.Customer = self, contact.Customer.Value(r)
	default:
		if r.Shape.Slot("customer") >= 0 {
			out.Customer = r.Get("customer")
		}
	}
	return out, nil
}

// Keep writes beside the subject of a note, field about, what it belongs to: the
// fields customer, lead, lead_owner and contact, which every note has. A contact
// that was chosen stays unless the subject is one.
func Keep(ctx context.Context, tx entity.Reader, c entity.Change, about entity.Declared) error {
	if c.After == nil || !c.Touches(about) || c.Restored() {
		return nil
	}
	roots, err := Of(ctx, tx, c.After.Get(entity.KeyOf(about)))
	if err != nil {
		return err
	}
	c.After.Set("customer", roots.Customer)
	c.After.Set("lead", roots.Lead)
	c.After.Set("lead_owner", roots.LeadOwner)
	if !roots.Contact.IsNull() {
		c.After.Set("contact", roots.Contact)
	}
	return nil
}
