package pool

import (
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Held is what an entity keeps whose records may lie in pools. A record lies in
// one while it has no owner; Pool is then where, and else where it goes back to.
type Held struct {
	Owner          *entity.Field[int64]
	Pool           *entity.Field[int64]
	PooledAt       *entity.Field[int64]  // since when it lies there; empty while somebody has it
	Cause          *entity.Field[string] // why, for the program
	Reason         *entity.Field[string] // why, in the words of who gave it back
	LastHolder     *entity.Field[int64]
	HeldSince      *entity.Field[int64] // since when its owner has it
	ProtectedUntil *entity.Field[string]
	ReturnOn       *entity.Field[string] // the day that its owner was told it goes back on
	Rule           *entity.Field[int64]  // the assignment rule that its owner got it by

	Entry *Entry
	name  string
	state *entity.Field[string]
	open  []string // states in which a record still asks for work: it counts as held and comes back by itself
	done  []string // states in which it is not given back any more
	kind  Kind
}

// Kind says what of an entity pools go by.
type Kind struct {
	Name  string // of the entity
	Owner *entity.Field[int64]
	State *entity.Field[string]
	Open  []string // states in which a record still asks for work: it counts as held and comes back by itself
	Done  []string // states in which it is not given back any more
	// Spare is a choice of the entity, and SparedBy the choices of a pool that keep a record from coming back by itself.
	Spare    *entity.Field[string]
	SparedBy *entity.Field[[]record.Value]
}

// reasons are the codes to begin with of why somebody gives a record back.
func reasons() []string { return []string{"no_need", "unreachable", "mismatch", "no_time", "other"} }

// NewHeld makes the fields of an entity.
func NewHeld(k Kind) *Held {
	h := &Held{
		Owner:          k.Owner,
		Pool:           entity.Ref("pool", "crm.pool").Audited(),
		PooledAt:       entity.Instant("pooled_at").ReadOnly(),
		Cause:          entity.Choice("pool_cause", Delivered, Released, Idle, Undealt, Expired).Colors("blue", "orange", "gray", "gray", "gray").ReadOnly().Coded(),
		Reason:         entity.Choice("pool_reason", reasons()...).ReadOnly(),
		LastHolder:     entity.Member("last_holder").ReadOnly(),
		HeldSince:      entity.Instant("held_since").ReadOnly(),
		ProtectedUntil: entity.Date("protected_until").ReadOnly(),
		ReturnOn:       entity.Date("return_on").ReadOnly(),
		Rule:           entity.Ref("assign_rule", ruleName).ReadOnly(),
		name:           k.Name,
		state:          k.State,
		open:           k.Open,
		done:           k.Done,
		kind:           k,
	}
	k.Owner.RequiredWhen(query.All(entity.Empty(h.Pool), entity.Empty(h.PooledAt)))
	h.Entry = newEntry(kindOf(k.Name), h.Reason, k.Name)
	return h
}

// Declared lists the fields for the entity's definition.
func (h *Held) Declared() []entity.Declared {
	return []entity.Declared{h.Pool, h.PooledAt, h.Cause, h.Reason, h.LastHolder, h.HeldSince, h.ProtectedUntil, h.ReturnOn, h.Rule}
}

// Group shows them.
func (h *Held) Group() schema.Group {
	g := schema.Group{Key: "pool", Columns: 2}
	for _, f := range h.Declared() {
		g.Fields = append(g.Fields, entity.KeyOf(f))
	}
	return g
}

// Entries is the entity of what happened to the records.
func (h *Held) Entries() entity.Def { return h.Entry.def(h.name + "_pool_entry") }

// Actions are claim (领取), assign (分配), assign by the rules (自动分配), release (退回) and protect (保护).
func (h *Held) Actions() []entity.Action {
	to := entity.Member("member").Required()
	why := entity.Choice("reason", reasons()...).SameAs(h.name, h.Reason).Required()
	note := entity.Text("note", 300)
	into := entity.Ref("pool", "crm.pool")
	until := entity.Date("until")
	return []entity.Action{
		{Name: "claim", Op: access.Claim, Only: entity.Empty(h.Owner), Main: true, Bulk: true, Fill: h.claim},
		{Name: "assign", Op: access.Transfer, Only: entity.Empty(h.Owner), Bulk: true, Input: entity.Fields(to), Fill: func(r *record.Record, c entity.Change, in *record.Record) error {
			if !h.lies(r) {
				return errs.New(errs.Conflict, "error.pool_taken")
			}
			h.Owner.Set(r, in.Get(to.Key()).Int())
			return nil
		}},
		{Name: "auto_assign", Op: access.Transfer, Only: entity.Empty(h.Owner), Bulk: true, Run: h.assigned},
		{Name: "release", Op: access.Update, Only: h.givable(), Bulk: true, Input: entity.Fields(why, note, into), Fill: func(r *record.Record, c entity.Change, in *record.Record) error {
			if h.lies(r) {
				return errs.New(errs.Conflict, "error.pool_lies")
			}
			if err := h.going(r); err != nil {
				return err
			}
			if p := in.Get(into.Key()); !p.IsNull() {
				r.Set(h.Pool.Key(), p)
			}
			h.Drop(r, Released, c.Now)
			r.Set(h.Reason.Key(), in.Get(why.Key()))
			return nil
		}, Run: func(ctx context.Context, tx entity.Writer, c entity.Change, in *record.Record) error {
			had := h.Owner.Get(c.Before)
			if err := h.enter(ctx, tx, c, Released, had, in.Get(note.Key()).Str()); err != nil {
				return err
			}
			_, err := h.give(ctx, tx, c, &had)
			return err
		}},
		{Name: "protect", Op: access.Transfer, Only: h.givable(), Bulk: true, Input: entity.Fields(until), Fill: func(r *record.Record, c entity.Change, in *record.Record) error {
			if err := h.going(r); err != nil {
				return err
			}
			r.Set(h.ProtectedUntil.Key(), in.Get(until.Key()))
			return nil
		}},
	}
}

// going refuses what is done: it is neither given back nor kept from it.
func (h *Held) going(r *record.Record) error {
	if slices.Contains(h.done, h.state.Get(r)) {
		return errs.New(errs.Conflict, "error.pool_done")
	}
	return nil
}

// givable is what can be given back, or be kept from it.
func (h *Held) givable() *query.Node {
	if len(h.done) == 0 {
		return entity.Filled(h.Owner)
	}
	n := entity.In(h.state, h.done...)
	n.Op = schema.OpNotIn
	return query.All(entity.Filled(h.Owner), n)
}

func (h *Held) lies(r *record.Record) bool { return h.Owner.Get(r) == 0 }

func (h *Held) claim(r *record.Record, c entity.Change, _ *record.Record) error {
	if !h.lies(r) {
		return errs.New(errs.Conflict, "error.pool_taken")
	}
	if c.Actor.ID() == 0 {
		return errs.New(errs.Invalid, "error.pool_member")
	}
	h.Owner.Set(r, c.Actor.ID())
	return nil
}

// Drop puts a record into its pool at a moment.
func (h *Held) Drop(r *record.Record, cause string, now int64) {
	h.LastHolder.Set(r, h.Owner.Get(r))
	h.Owner.Clear(r)
	h.PooledAt.Set(r, now)
	h.Cause.Set(r, cause)
	h.Reason.Clear(r)
	h.ProtectedUntil.Clear(r)
	h.ReturnOn.Clear(r)
	h.Rule.Clear(r)
}

// Validate keeps record and pool together; the entity's own hook calls it.
func (h *Held) Validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil || c.Restored() {
		return nil
	}
	was := int64(0)
	if c.Before != nil {
		was = h.Owner.Get(c.Before)
	}
	switch now := h.Owner.Get(c.After); {
	case now == 0 && was != 0 && h.PooledAt.Get(c.After) == 0:
		return errs.New(errs.Invalid, "error.pool_release").At(h.Owner.Key())
	case now == 0 && c.Before == nil:
		h.PooledAt.Set(c.After, c.Now)
		h.Cause.Set(c.After, Delivered)
	case now != 0 && now != was:
		h.taken(c)
	}
	return h.settle(ctx, tx, c, was)
}

// taken notes that a record has another owner.
func (h *Held) taken(c entity.Change) {
	h.HeldSince.Set(c.After, c.Now)
	h.PooledAt.Clear(c.After)
	h.Cause.Clear(c.After)
	h.Reason.Clear(c.After)
	h.ReturnOn.Clear(c.After)
	if !c.Touches(h.Rule) {
		h.Rule.Clear(c.After)
	}
}

// settle finds the pool of a record that goes into one, and holds what it names
// to be one for its kind. Who gets a record out of a pool has it protected for
// as long as the pool says.
func (h *Held) settle(ctx context.Context, tx entity.Reader, c entity.Change, was int64) error {
	lies := h.lies(c.After)
	if h.Pool.Get(c.After) == 0 {
		if !lies {
			return nil
		}
		p, err := home(ctx, tx, kindOf(h.name))
		if err != nil {
			return err
		}
		if p == nil {
			return errs.New(errs.Invalid, "error.pool_none").At(h.Pool.Key())
		}
		h.Pool.Set(c.After, p.ID())
		return nil
	}
	out := c.Before != nil && was == 0 && !lies
	if !out && !c.Touches(h.Pool) && (c.Before == nil || was == 0 || !lies) {
		return nil
	}
	p, err := tx.Get(ctx, Entity.Name, h.Pool.Get(c.After))
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.Invalid, "error.reference").At(h.Pool.Key())
	}
	if err != nil {
		return err
	}
	if !out && (Holds.Get(p) != kindOf(h.name) || !Active.Get(p)) {
		return errs.New(errs.Invalid, "error.pool_kind").At(h.Pool.Key())
	}
	if days := ProtectDays.Get(p); out && days > 0 && h.ProtectedUntil.Get(c.After) == "" {
		h.ProtectedUntil.Set(c.After, day(c.Now, tx.Here().Zone, int(days)))
	}
	return nil
}

// day is the date some days after a moment, in a zone.
func day(at int64, zone *time.Location, days int) string {
	return time.UnixMicro(at).In(zone).AddDate(0, 0, days).Format(time.DateOnly)
}

// Within gives a new record that lies in a pool to whom the rules say, writes
// down who got one and holds him to the pool's limits; the entity's own hook
// calls it.
func (h *Held) Within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before == nil && c.After != nil && h.lies(c.After) {
		_, err := h.give(ctx, tx, c, nil)
		return err
	}
	if c.Before == nil || c.After == nil || c.Restored() || h.Owner.Get(c.Before) != 0 || h.lies(c.After) {
		return nil
	}
	kind := Assigned
	if c.Actor.ID() == h.Owner.Get(c.After) {
		kind = Claimed
	}
	if c.Touches(h.Rule) {
		kind = Auto
	}
	if err := h.withinLimits(ctx, tx, c, kind); err != nil {
		return err
	}
	return h.enter(ctx, tx, c, kind, h.Owner.Get(c.After), "")
}

// enter writes an entry about a change.
func (h *Held) enter(ctx context.Context, tx entity.Writer, c entity.Change, kind string, member int64, note string) error {
	if h.Pool.Get(c.After) == 0 || member == 0 {
		return nil
	}
	p, err := tx.Get(ctx, Entity.Name, h.Pool.Get(c.After))
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	e := h.Entry
	_, err = tx.Create(ctx, h.Entries().Name, func(r *record.Record) {
		e.Of.Set(r, c.After.ID())
		e.Title.Set(r, Name.Get(p))
		e.Kind.Set(r, kind)
		e.Member.Set(r, member)
		if by := c.Actor.ID(); by != 0 {
			e.By.Set(r, by)
		}
		e.Pool.Set(r, p.ID())
		if reason := h.Reason.Get(c.After); reason != "" {
			e.Reason.Set(r, reason)
		}
		if kind == Auto {
			e.Rule.Set(r, h.Rule.Get(c.After))
		}
		if note != "" {
			e.Note.Set(r, note)
		}
		e.At.Set(r, c.Now)
		if since := h.HeldSince.Get(c.Before); since != 0 && h.lies(c.After) {
			e.Days.Set(r, (c.Now-since)/(24*time.Hour).Microseconds())
		}
	})
	return err
}

// is is the condition that a reference field is a record.
func is(f entity.Declared, n int64) *query.Node { return entity.Is(f, id.ID(n).String()) }
