package paper

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// Ask tells who decides that a paper waits for him: the nearest above its owner
// who may give away what it gives away (his superiors, then the heads of his
// departments, upwards), else administrators. over is what asks for a decision.
func (h *Head) Ask(ctx context.Context, tx entity.Writer, c entity.Change, over Excesses) error {
	who, err := h.deciders(ctx, tx, c, over)
	if err != nil {
		return err
	}
	for _, m := range who {
		if err := tell(ctx, tx, c, reminder.Asked, m, name(c.After)); err != nil {
			return err
		}
	}
	return nil
}

// Settled ends the question of Ask: it was decided, or taken back.
func Settled(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	return reminder.Settle(ctx, tx, record.Ref(c.Entity.Name, c.After.ID()), reminder.Asked)
}

// Agreed tells a paper's owner that it was approved, with what was said.
func (h *Head) Agreed(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	return h.Answer(ctx, tx, c, reminder.Agreed, input.Get("comment").Str())
}

// Refused tells a paper's owner that it was sent back, and why.
func (h *Head) Refused(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	return h.Answer(ctx, tx, c, reminder.Refused, input.Get("reason").Str())
}

// Answer ends the question of Ask and tells a paper's owner what came of it, a
// kind of notice, and what was said.
func (h *Head) Answer(ctx context.Context, tx entity.Writer, c entity.Change, kind, said string) error {
	if err := Settled(ctx, tx, c, nil); err != nil {
		return err
	}
	title := name(c.After)
	if said != "" {
		title += ": " + said
	}
	return tell(ctx, tx, c, kind, h.Owner.Get(c.After), title)
}

// tell says nothing to who did it himself.
func tell(ctx context.Context, tx entity.Writer, c entity.Change, kind string, to int64, title string) error {
	if to == 0 || to == c.Actor.ID() {
		return nil
	}
	return reminder.Tell(ctx, tx, reminder.Notice{Kind: kind, Owner: to, Sender: c.Actor.ID(), About: record.Ref(c.Entity.Name, c.After.ID()), Title: title, Count: 1, At: c.Now})
}

// name is how people call a paper: by its number, and its name where it has one.
func name(r *record.Record) string {
	return strings.TrimSpace(r.Get("number").Str() + " " + r.Get("name").Str())
}

// deciders are whom a paper that waits is shown to.
func (h *Head) deciders(ctx context.Context, tx entity.Reader, c entity.Change, over Excesses) ([]int64, error) {
	owner := h.Owner.Get(c.After)
	above, err := superiors(ctx, tx, owner)
	if err != nil {
		return nil, err
	}
	for _, m := range above {
		if m.ID() == owner || m.ID() == c.Actor.ID() || member.Disabled.Get(m) {
			continue
		}
		may, err := gives(ctx, tx, m, over)
		if may || err != nil {
			return []int64{m.ID()}, err
		}
	}
	admins, err := tx.Find(ctx, member.Entity.Name, entity.Is(member.Admin, "true"), mostAdmins)
	var out []int64
	for _, m := range admins {
		if !member.Disabled.Get(m) {
			out = append(out, m.ID())
		}
	}
	return out, err
}

// mostAdmins is how many administrators are told where nobody stands above.
const mostAdmins = 5

// gives says whether the roles of a member allow all that a paper gives away.
func gives(ctx context.Context, tx entity.Reader, m *record.Record, over Excesses) (bool, error) {
	if member.Admin.Get(m) {
		return true, nil
	}
	limit, err := rolesLimit(ctx, tx, m)
	if err != nil || limit.IsNull() {
		return err == nil, err
	}
	for _, x := range over {
		if x.Given > limit.Int() {
			return false, nil
		}
	}
	return true, nil
}

// superiors are those above a member, the nearest first, each once.
func superiors(ctx context.Context, tx entity.Reader, of int64) ([]*record.Record, error) {
	var out []*record.Record
	seen := map[int64]bool{of: true}
	add := func(id int64) (*record.Record, error) {
		if id == 0 || seen[id] {
			return nil, nil
		}
		seen[id] = true
		m, err := tx.Get(ctx, member.Entity.Name, id)
		if errs.Is(err, errs.NotFound) {
			return nil, nil
		}
		if err == nil {
			out = append(out, m)
		}
		return m, err
	}
	self, err := tx.Get(ctx, member.Entity.Name, of)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	for at := self; err == nil && at != nil; {
		at, err = add(member.Superior.Get(at))
	}
	if err != nil {
		return nil, err
	}
	at := member.Department.Get(self)
	for range mostAbove {
		if at == 0 {
			break
		}
		d, err := tx.Get(ctx, department.Entity.Name, at)
		if errs.Is(err, errs.NotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		if _, err := add(department.Head.Get(d)); err != nil {
			return nil, err
		}
		at = department.Parent.Get(d)
	}
	return out, nil
}
