package followup

import (
	"context"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/crm/subject"
)

// summaryLength is how much of the content stands in lists, in characters.
const summaryLength = 120

// derive keeps the beginning of the content, on one line, for lists and search.
func derive(r *record.Record, _ entity.Needs) error {
	if s := Summarize(Content.Get(r)); s != "" {
		Summary.Set(r, s)
	}
	return nil
}

// Summarize gives the beginning of a text on one line.
func Summarize(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > summaryLength {
		line = append(line[:summaryLength-1], '…')
	}
	return string(line)
}

// validate keeps beside the subject what it belongs to.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	return subject.Keep(ctx, tx, c, About)
}

// within sets the date of the next contact in the subject, and takes a new lead
// for contacted. Only what is written now says so: a date that is over, from an
// import of old notes, says nothing.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil || c.Restored() || c.Before != nil && !c.Touches(NextFollowOn, About) {
		return nil
	}
	if err := setNext(ctx, tx, c); err != nil || c.Before != nil || Lead.Get(c.After) == 0 {
		return err
	}
	l, err := tx.Get(ctx, lead.Entity.Name, Lead.Get(c.After))
	if err != nil || lead.Status.Get(l) != lead.New {
		return err
	}
	return tx.Update(ctx, lead.Entity.Name, l.ID(), func(r *record.Record) { lead.Status.Set(r, lead.Contacted) })
}

// setNext writes the next date into the customer, or into the lead that is none
// yet. Without a date, one in the subject that has come is done with.
func setNext(ctx context.Context, tx entity.Writer, c entity.Change) error {
	name, id, field := customer.Entity.Name, Customer.Get(c.After), customer.NextFollowOn
	if id == 0 {
		name, id, field = lead.Entity.Name, Lead.Get(c.After), lead.NextFollowOn
	}
	if id == 0 {
		return nil // a contact without a customer
	}
	of, err := tx.Get(ctx, name, id)
	if errs.Is(err, errs.NotFound) {
		return nil // deleted: there is nothing to go on with
	}
	if err != nil {
		return err
	}
	today := query.Today(now(c), zone(c))
	next, was := NextFollowOn.Get(c.After), field.Get(of)
	switch {
	case next == was, next != "" && next < today:
		return nil
	case next == "":
		at := query.Today(time.UnixMicro(At.Get(c.After)), zone(c))
		if c.Before != nil || was > today || at < was {
			return nil
		}
	}
	return tx.Update(ctx, name, id, func(r *record.Record) {
		if next == "" {
			field.Clear(r)
			return
		}
		field.Set(r, next)
	})
}

// now is when the change is made.
func now(c entity.Change) time.Time {
	return time.UnixMicro(c.After.At(record.SlotUpdatedAt).Int())
}

func zone(c entity.Change) *time.Location {
	if z := c.Actor.Env.Zone; z != nil {
		return z
	}
	return time.UTC
}
