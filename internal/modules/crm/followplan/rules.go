package followplan

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/crm/subject"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// validate keeps beside the subject what it belongs to.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	return subject.Keep(ctx, tx, c, About)
}

// within keeps the reminder of a plan that is still to be done.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil {
		return reminder.Keep(ctx, tx, record.Ref(c.Entity.Name, c.Before.ID()), reminder.Wish{})
	}
	if c.Before != nil && !c.Restored() && !changed(c) {
		return nil
	}
	w := reminder.Wish{Owner: Owner.Get(c.After), Title: Title.Get(c.After), Before: Remind.Get(c.After), Now: c.After.At(record.SlotUpdatedAt).Int()}
	if Status.Get(c.After) == Planned {
		w.At = At.Get(c.After)
	}
	return reminder.Keep(ctx, tx, record.Ref(c.Entity.Name, c.After.ID()), w)
}

// changed says whether a change touches what the reminder is made of, an
// emptied choice too.
func changed(c entity.Change) bool { return c.Touches(Title, At, Remind, Owner, Status) }

// What complete asks for; without a kind it is the plan's, without a moment it was now.
var (
	Content = entity.LongText("content").Required()
	How     = entity.Choice("kind", followup.Kinds()...).SameAs(followup.Entity.Name, followup.Kind)
	When    = entity.Instant("at")
	Next    = entity.Date("next_follow_on")
)

func completeInput() []entity.Declared { return entity.Fields(Content, How, When, Next) }

// complete writes down what came of a plan.
func complete(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	ent, err := tx.Entity(followup.Entity.Name)
	if err != nil {
		return err
	}
	if !c.Actor.May(ent, access.Create) {
		return errs.New(errs.Forbidden, "error.plan_may_not", "entity", ent.Label.In(c.Actor.Env.Locale))
	}
	plan := c.After
	made, err := tx.Create(ctx, ent.Name, func(r *record.Record) {
		followup.About.Set(r, About.Get(plan))
		followup.Kind.Set(r, Kind.Get(plan))
		if how := input.Get(How.Key()); !how.IsNull() {
			followup.Kind.Set(r, how.Str())
		}
		if at := input.Get(When.Key()); !at.IsNull() {
			followup.At.Set(r, at.Int())
		}
		followup.Content.Set(r, input.Get(Content.Key()).Str())
		r.Set(followup.Contact.Key(), Contact.Value(plan))
		r.Set(followup.NextFollowOn.Key(), input.Get(Next.Key()))
		if c.Actor.ID() == 0 {
			followup.Owner.Set(r, Owner.Get(plan))
		}
	})
	if err != nil {
		return err
	}
	return tx.Update(ctx, c.Entity.Name, plan.ID(), func(r *record.Record) { FollowUp.Set(r, made) })
}
