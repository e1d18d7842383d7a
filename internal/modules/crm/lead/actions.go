package lead

import (
	"cmp"
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
)

// What discard asks for.
var (
	Reason = entity.Choice("reason", "no_need", "no_budget", "competitor", "unreachable", "duplicate", "other").SameAs("crm.lead", DiscardReason).Required()
	Note   = entity.Text("note", 300)
)

// discard gives a lead up and keeps why.
func discard(r *record.Record, _ entity.Change, input *record.Record) error {
	DiscardReason.Set(r, inText(input, Reason))
	if note := inText(input, Note); note != "" {
		Remark.Set(r, joinLines(Remark.Get(r), note))
	}
	return nil
}

// reopen takes a lead up again.
func reopen(r *record.Record, _ entity.Change, _ *record.Record) error {
	DiscardReason.Clear(r)
	return nil
}

func joinLines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// inText reads a text of an action's input.
func inText(input *record.Record, f entity.Declared) string { return input.Get(entity.KeyOf(f)).Str() }

// What convert asks for: the customer and the contact that a lead is joined to;
// without them new ones are made. Anyway makes a new customer although there
// are some like it.
var (
	Into   = entity.Ref("customer", customer.Entity.Name)
	Person = entity.Ref("contact", contact.Entity.Name)
	Anyway = entity.Switch("anyway")
)

func convertInput() []entity.Declared { return entity.Fields(Into, Person, Anyway) }

// convert makes a customer and a contact of a lead in one step, or joins it to
// those that are there (CUS-4). What was noted about the lead belongs to the
// customer from now on. When any of it is refused, nothing has happened.
func convert(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	lead := c.After
	into, person := input.Get(Into.Key()).Int(), input.Get(Person.Key()).Int()
	if person != 0 { // whose contact it is decides whose customer it is
		at, err := tx.Get(ctx, contact.Entity.Name, person)
		if err != nil {
			return err
		}
		if of := contact.Customer.Get(at); into == 0 && of != 0 {
			into = of
		} else if of != into {
			return errs.New(errs.Invalid, "error.lead_contact_elsewhere").At(Person.Key())
		}
	}
	fresh := into == 0
	if fresh {
		var err error
		if into, err = newCustomer(ctx, tx, c, input.Get(Anyway.Key()).Bool()); err != nil {
			return err
		}
	}
	if person == 0 {
		var err error
		if person, err = findContact(ctx, tx, c, into, fresh); err != nil {
			return err
		}
	}
	err := tx.Update(ctx, c.Entity.Name, lead.ID(), func(r *record.Record) {
		Customer.Set(r, into)
		Contact.Set(r, person)
		ConvertedAt.Set(r, lead.At(record.SlotUpdatedAt).Int())
		NextFollowOn.Clear(r) // the customer has it now
	})
	if err != nil {
		return err
	}
	return eachAbout(ctx, tx, lead.ID(), field("customer", schema.OpNull), func(r *record.Record) {
		r.Set("customer", record.Int(into))
		r.Set("lead_owner", record.Null)
		if person != 0 && r.Get("contact").IsNull() {
			r.Set("contact", record.Int(person))
		}
	})
}

// mayCreate refuses a conversion by somebody who could not make the record himself.
func mayCreate(tx entity.Reader, c entity.Change, name string) error {
	ent, err := tx.Entity(name)
	if err != nil {
		return err
	}
	if !c.Actor.May(ent, access.Create) {
		return errs.New(errs.Forbidden, "error.lead_may_not", "entity", ent.Label.In(c.Actor.Env.Locale))
	}
	return nil
}

func newCustomer(ctx context.Context, tx entity.Writer, c entity.Change, anyway bool) (int64, error) {
	if err := mayCreate(tx, c, customer.Entity.Name); err != nil {
		return 0, err
	}
	same, err := Alike(tx, c, customer.Entity.Name)
	if err != nil {
		return 0, err
	}
	fill := func(r *record.Record) { same(r); asCustomer(r, c.After) }
	if !anyway {
		if err := tx.Unlike(ctx, customer.Entity.Name, fill, "error.lead_customer_exists", Into.Key()); err != nil {
			return 0, err
		}
	}
	return tx.Create(ctx, customer.Entity.Name, fill)
}

// asCustomer carries a lead's values over to its customer. A lead without a
// company is a person.
func asCustomer(r, lead *record.Record) {
	customer.Name.Set(r, cmp.Or(Company.Get(lead), ContactName.Get(lead), Name.Get(lead)))
	customer.Status.Set(r, "contacted")
	if Company.Get(lead) == "" {
		customer.Kind.Set(r, customer.Person)
	}
	carry(r, customer.ContactName, ContactName.Value(lead))
	carry(r, customer.ContactTitle, Title.Value(lead))
	carry(r, customer.Phone, first(Phone.Value(lead), Mobile.Value(lead)))
	carry(r, customer.Email, Email.Value(lead))
	carry(r, customer.Website, Website.Value(lead))
	carry(r, customer.USCC, USCC.Value(lead))
	carry(r, customer.Source, Source.Value(lead))
	carry(r, customer.Industry, Industry.Value(lead))
	carry(r, customer.Region, Region.Value(lead))
	carry(r, customer.Address, Address.Value(lead))
	carry(r, customer.Amount, Amount.Value(lead))
	carry(r, customer.Owner, Owner.Value(lead))
	carry(r, customer.NextFollowOn, NextFollowOn.Value(lead))
	if s := joinLines(Demand.Get(lead), Remark.Get(lead)); s != "" {
		customer.Remark.Set(r, s)
	}
}

// findContact gives the contact of a conversion: one of the same name at a
// customer that was there, else a new one; 0 when the lead names nobody, or is
// a person himself.
func findContact(ctx context.Context, tx entity.Writer, c entity.Change, of int64, fresh bool) (int64, error) {
	lead := c.After
	name := ContactName.Get(lead)
	if name == "" || fresh && Company.Get(lead) == "" {
		return 0, nil
	}
	if !fresh {
		same, err := tx.Find(ctx, contact.Entity.Name, query.All(entity.Is(contact.Customer, id.ID(of).String()), entity.Is(contact.Name, name)), 1)
		if err != nil {
			return 0, err
		}
		if len(same) > 0 {
			return same[0].ID(), nil
		}
	}
	if err := mayCreate(tx, c, contact.Entity.Name); err != nil {
		return 0, err
	}
	own, err := Alike(tx, c, contact.Entity.Name)
	if err != nil {
		return 0, err
	}
	return tx.Create(ctx, contact.Entity.Name, func(r *record.Record) {
		own(r)
		contact.Name.Set(r, name)
		contact.Customer.Set(r, of)
		carry(r, contact.Owner, Owner.Value(lead))
		carry(r, contact.Title, Title.Value(lead))
		carry(r, contact.Mobile, Mobile.Value(lead))
		carry(r, contact.Phone, Phone.Value(lead))
		carry(r, contact.Email, Email.Value(lead))
		carry(r, contact.WeChat, WeChat.Value(lead))
	})
}

// Alike carries over custom fields that the lead and another entity both have,
// by the same name and of the same type.
func Alike(tx entity.Reader, c entity.Change, name string) (func(*record.Record), error) {
	to, err := tx.Entity(name)
	if err != nil {
		return nil, err
	}
	return func(r *record.Record) {
		for _, f := range c.Entity.Fields {
			g := to.Field(f.Key)
			if !f.Custom || f.Retired || g == nil || !g.Custom || g.Type != f.Type || g.Many() != f.Many() || schema.IsFile(f) || schema.IsFormula(f) || schema.IsRollup(f) {
				continue
			}
			r.SetAt(g.Slot, c.After.At(f.Slot))
		}
	}, nil
}

// carry sets a field unless there is nothing to carry over.
func carry[T any](r *record.Record, to *entity.Field[T], v record.Value) {
	if !v.IsNull() {
		r.Set(to.Key(), v)
	}
}

func first(a, b record.Value) record.Value {
	if a.IsNull() {
		return b
	}
	return a
}
