// Package letter declares what was mailed to customers: a quote, a contract, an
// order or what a module above prints for them, to whom, with which words, and
// what became of it (SAL-4).
package letter

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/quote"
)

// How far a letter is. Who sends it takes it from Queued to Sending and to one of
// the others.
const (
	Queued  = "queued"
	Sending = "sending"
	Sent    = "sent"
	Failed  = "failed"
)

// What was sent. Subject and Text are filled in with the words of the layout's
// language when nobody wrote others; Trouble is why it did not go, so far.
var (
	To       = entity.Email("to").Required().ReadOnly().Search()
	Status   = entity.Choice("status", Queued, Sending, Sent, Failed).Colors("gray", "blue", "green", "red").Default(Queued).ReadOnly().Coded()
	About    = entity.AnyRef("about", quote.Entity.Name, contract.Entity.Name, order.Entity.Name).Required().ReadOnly()
	Customer = entity.Ref("customer", customer.Entity.Name).ReadOnly()
	Contact  = entity.Ref("contact", contact.Entity.Name).ReadOnly()
	Number   = entity.Text("paper", 100).ReadOnly().Search()
	Layout   = entity.Text("layout", 60).ReadOnly()
	Subject  = entity.Text("subject", 200).ReadOnly()
	Text     = entity.LongText("text").ReadOnly()
	SentAt   = entity.Instant("sent_at").ReadOnly()
	Trouble  = entity.Text("trouble", 500).ReadOnly()
	Owner    = entity.Member("owner").Required().ReadOnly()
)

// Name is the entity's name.
const Name = "sales.letter"

// Entity is sales.letter. Only the action of a paper makes one.
var Entity = entity.Def{
	Name:    Name,
	Icon:    "mail",
	Fields:  entity.Fields(To, Status, About, Customer, Contact, Number, Layout, Subject, Text, SentAt, Trouble, Owner),
	Title:   To,
	Scopes:  entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Customer), {Keys: []string{"status", "id"}}},
	Locked:  entity.Locked{State: Status, In: []string{Queued, Sending, Sent, Failed}},
	Hooks:   entity.Hooks{Validate: validate, Within: within},
	Actions: []entity.Action{{Name: "again", Op: access.Update, Move: entity.Move{State: Status, From: []string{Failed}, To: Queued}}},
	Layout: schema.Layout{
		List:   []string{"to", "paper", "subject", "status", "sent_at", "customer", "contact", "trouble", "owner"},
		Sort:   "-id",
		Card:   []string{"to", "paper", "subject", "sent_at"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "failed", Filter: `status == "failed"`, Sort: "-id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"to", "status", "about", "paper", "customer", "contact", "layout", "owner", "sent_at", "trouble"}, Columns: 2},
			{Key: "text", Fields: []string{"subject", "text"}, Columns: 1},
		},
	},
}

// validate refuses letters about nothing: they begin at a paper.
func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if c.After != nil && About.Value(c.After).IsNull() {
		return errs.New(errs.Invalid, "error.letter_of_nothing").At(About.Key())
	}
	return nil
}

// within makes an approved quote a sent one when its letter went, and tells who
// sent a letter that did not.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before == nil || c.After == nil || !c.Touches(Status) {
		return nil
	}
	about := About.Get(c.After)
	switch Status.Get(c.After) {
	case Failed:
		return reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Moment, Owner: Owner.Get(c.After), About: about,
			Title: Number.Get(c.After) + " → " + To.Get(c.After) + ": " + Trouble.Get(c.After), Count: 1, Of: c.Entity.Name, At: c.Now})
	case Sent:
		if about.Str() != quote.Entity.Name {
			return nil
		}
		q, err := tx.Get(ctx, about.Str(), about.Int())
		if errs.Is(err, errs.NotFound) || err == nil && quote.Status.Get(q) != quote.Approved {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Update(ctx, about.Str(), about.Int(), func(r *record.Record) {
			quote.Status.Set(r, quote.Sent)
			quote.SentAt.Set(r, c.Now)
		})
	}
	return nil
}

// Paper is a kind of record that is mailed as it prints, in the states in which
// it may go out. Contact is who gets it when nobody else is named; nil = somebody
// must be.
type Paper struct {
	Def               entity.Def
	Customer, Contact *entity.Field[int64]
	Number, State     *entity.Field[string]
	In                []string
}

func papers() []Paper {
	of := func(def entity.Def, head *paper.Head, number, state *entity.Field[string], in ...string) Paper {
		return Paper{Def: def, Customer: head.Customer, Contact: head.Contact, Number: number, State: state, In: in}
	}
	return []Paper{
		of(quote.Entity, quote.Head, quote.Number, quote.Status, quote.Approved, quote.Sent, quote.Accepted),
		of(contract.Entity, contract.Head, contract.Number, contract.Status, contract.Approved, contract.Active, contract.Done),
		of(order.Entity, order.Head, order.Number, order.Status, order.Confirmed, order.Done),
	}
}

// What the action asks for, beside the layout: who gets it – the contact chosen
// and the address typed, else the contact of the paper.
const (
	askContact = "contact"
	askTo      = "to"
	askLayout  = "layout"
	askSubject = "subject"
	askText    = "text"
)

// Extensions let the papers of sales be mailed.
func Extensions() (out []entity.Extension) {
	for _, p := range papers() {
		out = append(out, p.Extension())
	}
	return out
}

// Extension lets a paper be mailed. A module above names its own papers as
// targets of About, too.
func (s Paper) Extension() entity.Extension {
	var layouts []string
	for _, p := range s.Def.Prints {
		layouts = append(layouts, p.Key)
	}
	return entity.Extension{Of: s.Def.Name, Actions: []entity.Action{{Name: "mail", Op: access.Print, Move: entity.Move{State: s.State, From: s.In},
		Input: entity.Fields(entity.Ref(askContact, contact.Entity.Name), entity.Email(askTo), entity.Choice(askLayout, layouts...).Required().Default(layouts[0]),
			entity.Text(askSubject, 200), entity.LongText(askText)), Run: s.mail}}}
}

// mail writes a letter for each recipient; they leave after the commit.
func (s Paper) mail(ctx context.Context, tx entity.Writer, c entity.Change, said *record.Record) error {
	people, err := s.people(ctx, tx, c.After, said)
	if err != nil {
		return err
	}
	for _, one := range people {
		if _, err := tx.Create(ctx, Entity.Name, func(r *record.Record) {
			To.Set(r, one.address)
			Contact.Set(r, one.contact)
			About.Set(r, record.Ref(s.Def.Name, c.After.ID()))
			Customer.Set(r, s.Customer.Get(c.After))
			Number.Set(r, s.Number.Get(c.After))
			Owner.Set(r, c.Actor.ID())
			for _, key := range []string{askLayout, askSubject, askText} {
				r.Set(key, said.Get(key))
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

type person struct {
	address string
	contact int64
}

func (s Paper) people(ctx context.Context, tx entity.Reader, of, said *record.Record) ([]person, error) {
	var out []person
	seen := map[string]bool{}
	add := func(address string, who int64) {
		if address != "" && !seen[address] {
			seen[address] = true
			out = append(out, person{address, who})
		}
	}
	chosen := said.Get(askContact).Int()
	if chosen == 0 && said.Get(askTo).IsNull() && s.Contact != nil {
		chosen = s.Contact.Get(of)
	}
	if chosen != 0 {
		p, err := tx.Get(ctx, contact.Entity.Name, chosen)
		if err != nil {
			return nil, err
		}
		if contact.Customer.Get(p) != s.Customer.Get(of) {
			return nil, errs.New(errs.Invalid, "error.letter_elsewhere", "name", contact.Name.Get(p)).At(askContact)
		}
		if contact.Email.Get(p) == "" {
			return nil, errs.New(errs.Invalid, "error.letter_no_email", "name", contact.Name.Get(p)).At(askContact)
		}
		add(contact.Email.Get(p), p.ID())
	}
	add(said.Get(askTo).Str(), 0)
	if len(out) == 0 {
		return nil, errs.New(errs.Invalid, "error.letter_nobody").At(askTo)
	}
	return out, nil
}
