package demo

import (
	"context"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followplan"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/crm/invoicetitle"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/work/task"
)

// chunk is how many records are written in one transaction.
const chunk = 100

// Writer writes a scene through the one write path.
type Writer struct {
	Engine   *records.Engine
	Actor    *access.Actor
	Reload   func(ctx context.Context) error // reads the people anew
	Progress func(done, total int)

	done, total, bills int
	ids                ids
}

// ids are those of what was written, by its place in the scene.
type ids struct {
	members, customers, contacts, leads, plans, tasks []int64
	products, rivals, stages, deals, quotes, pools    []int64
	depts, positions                                  map[string]int64 // by name
	account                                           int64
}

// Write writes the company's people and the scene. boss is the administrator,
// who is there already. It gives the members' ids in the order of Logins.
func (w *Writer) Write(ctx context.Context, boss int64, s *Scene) ([]int64, error) {
	w.total = len(people()) + len(s.Customers) + len(s.Contacts) + 2*len(s.Leads) + len(s.Notes) + 2*len(s.Plans) + 2*len(s.Tasks) + 1 + len(s.Steps) + len(s.Drops) + len(s.Goals) + standingsBack + 5
	w.ids = ids{members: make([]int64, len(people())), customers: make([]int64, len(s.Customers)), contacts: make([]int64, len(s.Contacts)),
		leads: make([]int64, len(s.Leads)), plans: make([]int64, len(s.Plans)), tasks: make([]int64, len(s.Tasks)),
		products: make([]int64, len(s.Products)), rivals: make([]int64, len(s.Rivals)), deals: make([]int64, len(s.Deals)), quotes: make([]int64, len(s.Deals))}
	w.ids.members[0] = boss
	if err := w.company(ctx); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		n     int
		write func(ctx context.Context, s *records.Session, i int) error
	}{
		{1, func(ctx context.Context, tx *records.Session, _ int) error { return w.pools(ctx, tx, s) }},
		{len(s.Customers), func(ctx context.Context, tx *records.Session, i int) error { return w.customer(ctx, tx, s, i) }},
		{len(s.Contacts), func(ctx context.Context, tx *records.Session, i int) error { return w.contact(ctx, tx, s, i) }},
		{len(s.Leads), func(ctx context.Context, tx *records.Session, i int) error { return w.lead(ctx, tx, s, i) }},
		{len(s.Notes), func(ctx context.Context, tx *records.Session, i int) error { return w.note(ctx, tx, s, i) }},
		{len(s.Plans), func(ctx context.Context, tx *records.Session, i int) error { return w.plan(ctx, tx, s, i) }},
		{len(s.Plans), func(ctx context.Context, tx *records.Session, i int) error { return w.planWent(ctx, tx, s, i) }},
		{len(s.Tasks), func(ctx context.Context, tx *records.Session, i int) error { return w.task(ctx, tx, s, i) }},
		{len(s.Tasks), func(ctx context.Context, tx *records.Session, i int) error { return w.taskWent(ctx, tx, s, i) }},
		{1, func(ctx context.Context, tx *records.Session, _ int) error { return w.trade(ctx, tx, s) }},
		{len(s.Steps), func(ctx context.Context, tx *records.Session, i int) error { return w.step(ctx, tx, s, &s.Steps[i]) }},
		{len(s.Leads), func(ctx context.Context, tx *records.Session, i int) error { return w.leadWent(ctx, tx, s, i) }},
		{1, func(ctx context.Context, tx *records.Session, _ int) error { return w.halfway(ctx, tx, s) }},
		{len(s.Drops), func(ctx context.Context, tx *records.Session, i int) error { return w.drop(ctx, tx, s, i) }},
		{1, func(ctx context.Context, tx *records.Session, _ int) error { return w.afterwards(ctx, tx, s) }},
		{1, func(ctx context.Context, tx *records.Session, _ int) error { return w.changes(ctx, tx, s) }},
		{len(s.Goals), func(ctx context.Context, tx *records.Session, i int) error { return w.goal(ctx, tx, s, i) }},
		{standingsBack, func(ctx context.Context, tx *records.Session, i int) error {
			return w.standings(ctx, tx, s, standingsBack+2-i)
		}},
		{1, func(ctx context.Context, tx *records.Session, _ int) error { return w.boards(ctx, tx) }},
	} {
		if err := w.each(ctx, part.n, part.write); err != nil {
			return nil, err
		}
	}
	return w.ids.members, nil
}

// each writes n records in chunks. What write keeps it may keep again: a
// transaction may run twice.
func (w *Writer) each(ctx context.Context, n int, write func(ctx context.Context, s *records.Session, i int) error) error {
	for from := 0; from < n; from += chunk {
		to := min(from+chunk, n)
		err := w.Engine.InTx(ctx, w.Actor, func(s *records.Session) error {
			for i := from; i < to; i++ {
				if err := write(ctx, s, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		w.done += to - from
		w.Progress(w.done, w.total)
	}
	return nil
}

// setText sets a field unless there is nothing to set.
func setText(r *record.Record, f *entity.Field[string], s string) {
	if s != "" {
		f.Set(r, s)
	}
}

// micros is a moment as it is stored.
func micros(t time.Time) int64 { return t.UnixMicro() }

func one(code string) []record.Value { return []record.Value{record.Text(code)} }

func (w *Writer) customer(ctx context.Context, tx *records.Session, s *Scene, i int) (err error) {
	c := &s.Customers[i]
	if err := tx.Backdate(c.Since); err != nil {
		return err
	}
	w.ids.customers[i], err = tx.Create(ctx, customer.Entity.Name, func(r *record.Record) {
		customer.Name.Set(r, c.Name)
		customer.ShortName.Set(r, c.Short)
		customer.Status.Set(r, c.Status)
		customer.Level.Set(r, c.Level)
		customer.Industry.Set(r, c.Industry)
		customer.Business.Set(r, c.Business)
		customer.Source.Set(r, c.Source)
		if c.Tag != "" {
			customer.Tags.Set(r, one(c.Tag))
		}
		customer.Phone.Set(r, c.Phone)
		customer.Website.Set(r, c.Website)
		customer.Region.Set(r, c.Region)
		customer.Address.Set(r, c.Address)
		setText(r, customer.USCC, c.USCC)
		if c.USCC != "" {
			customer.InvoiceTitle.Set(r, c.Name)
		}
		customer.Employees.Set(r, c.Employees)
		customer.AnnualRevenue.Set(r, c.Revenue)
		customer.Amount.Set(r, c.Amount)
		customer.Owner.Set(r, w.ids.members[c.Owner])
		setText(r, customer.NextFollowOn, c.Next)
		customer.SourceCreatedAt.Set(r, micros(c.Since))
		if c.Parent >= 0 {
			customer.Parent.Set(r, w.ids.customers[c.Parent])
		}
		customer.Held.Pool.Set(r, w.ids.pools[2])
	}, headings(c)...)
	return err
}

// headings are to whom invoices for a customer are made out, of those who told.
func headings(c *Customer) []entity.Made {
	if c.USCC == "" || c.Employees%3 != 0 {
		return nil
	}
	return []entity.Made{{Group: "invoice_titles", Fill: []func(*record.Record){func(r *record.Record) {
		invoicetitle.Title.Set(r, c.Name)
		invoicetitle.TaxNo.Set(r, c.USCC)
		invoicetitle.BankName.Set(r, "示例银行"+c.city.name+"分行")
		invoicetitle.BankAccount.Set(r, "6222021001"+strings.ReplaceAll(c.Phone, "-", ""))
		invoicetitle.Address.Set(r, c.city.name+c.Address)
		invoicetitle.Phone.Set(r, c.Phone)
		invoicetitle.Default.Set(r, true)
	}}}}
}

func (w *Writer) contact(ctx context.Context, tx *records.Session, s *Scene, i int) (err error) {
	c := &s.Contacts[i]
	if err := tx.Backdate(s.Customers[c.Customer].Since); err != nil {
		return err
	}
	w.ids.contacts[i], err = tx.Create(ctx, contact.Entity.Name, func(r *record.Record) {
		contact.Name.Set(r, c.Name)
		contact.Customer.Set(r, w.ids.customers[c.Customer])
		contact.Owner.Set(r, w.ids.members[c.Owner])
		contact.Title.Set(r, c.Title)
		contact.Department.Set(r, c.Dept)
		contact.Role.Set(r, c.Role)
		contact.Mobile.Set(r, c.Mobile)
		setText(r, contact.Email, c.Email)
		setText(r, contact.WeChat, c.WeChat)
		contact.Gender.Set(r, c.Gender)
		setText(r, contact.Birthday, c.Birthday)
	})
	return err
}

func (w *Writer) lead(ctx context.Context, tx *records.Session, s *Scene, i int) (err error) {
	l := &s.Leads[i]
	if err := tx.Backdate(l.Since); err != nil {
		return err
	}
	w.ids.leads[i], err = tx.Create(ctx, lead.Entity.Name, func(r *record.Record) {
		lead.Name.Set(r, l.Name)
		lead.Company.Set(r, l.Company)
		lead.ContactName.Set(r, l.Person)
		lead.Title.Set(r, l.Title)
		lead.Mobile.Set(r, l.Mobile)
		lead.Source.Set(r, l.Source)
		lead.Industry.Set(r, l.Industry)
		lead.Region.Set(r, l.Region)
		lead.Heat.Set(r, l.Heat)
		lead.Demand.Set(r, l.Demand)
		lead.Amount.Set(r, l.Amount)
		w.heldBy(r, l)
		setText(r, lead.NextFollowOn, l.Next)
		lead.SourceCreatedAt.Set(r, micros(l.Since))
	})
	return err
}

func (w *Writer) note(ctx context.Context, tx *records.Session, s *Scene, i int) error {
	n := &s.Notes[i]
	if err := tx.Backdate(n.At); err != nil {
		return err
	}
	_, err := tx.Create(ctx, followup.Entity.Name, func(r *record.Record) {
		if n.Lead >= 0 {
			followup.About.Set(r, record.Ref(lead.Entity.Name, w.ids.leads[n.Lead]))
		} else {
			followup.About.Set(r, record.Ref(customer.Entity.Name, w.ids.customers[n.Customer]))
			followup.Contact.Set(r, w.ids.contacts[n.Contact])
		}
		followup.Kind.Set(r, n.Kind)
		followup.At.Set(r, micros(n.At))
		followup.Content.Set(r, n.Text)
		followup.Owner.Set(r, w.ids.members[n.Owner])
	})
	return err
}

func (w *Writer) plan(ctx context.Context, tx *records.Session, s *Scene, i int) (err error) {
	p := &s.Plans[i]
	w.ids.plans[i], err = tx.Create(ctx, followplan.Entity.Name, func(r *record.Record) {
		followplan.Title.Set(r, p.Title)
		followplan.About.Set(r, record.Ref(customer.Entity.Name, w.ids.customers[p.Customer]))
		followplan.Contact.Set(r, w.ids.contacts[p.Contact])
		followplan.Kind.Set(r, p.Kind)
		followplan.At.Set(r, micros(p.At))
		followplan.Owner.Set(r, w.ids.members[p.Owner])
	})
	return err
}

func (w *Writer) task(ctx context.Context, tx *records.Session, s *Scene, i int) (err error) {
	t := &s.Tasks[i]
	w.ids.tasks[i], err = tx.Create(ctx, task.Entity.Name, func(r *record.Record) {
		task.Title.Set(r, t.Title)
		task.Priority.Set(r, t.Priority)
		task.Assignee.Set(r, w.ids.members[t.Assignee])
		task.Creator.Set(r, w.ids.members[t.Creator])
		task.DueAt.Set(r, micros(t.Due))
		if t.Customer >= 0 {
			task.About.Set(r, record.Ref(customer.Entity.Name, w.ids.customers[t.Customer]))
		}
	})
	return err
}
