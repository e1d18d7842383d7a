package pool

import (
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// followed is the key of when somebody last followed a record up.
const followed = "last_followed_at"

// Day is the day on which a record that somebody has goes back into its pool,
// and why; "" when it does not. What a rule counts from must be there: a date
// that is missing never matches. Nothing goes before its protection is over.
//
// Idle counts from the last follow-up, or from when its owner got it, whichever
// is later; Undealt from when he got it; Expired is the day after the last one
// of its protection. Of several the first counts.
func (h *Held) Day(p, r *record.Record, zone *time.Location) (on, cause string) {
	if h.lies(r) || !h.asksForWork(r) || h.spare(p, r) {
		return "", ""
	}
	try := func(day, why string) {
		if day != "" && (on == "" || day < on) {
			on, cause = day, why
		}
	}
	try(after(max(r.Get(followed).Int(), h.HeldSince.Get(r)), IdleDays.Get(p), zone), Idle)
	try(after(h.HeldSince.Get(r), UndealtDays.Get(p), zone), Undealt)
	safe := ""
	if until := h.ProtectedUntil.Get(r); until != "" {
		safe = dayAfter(until)
		if Expires.Get(p) {
			try(safe, Expired)
		}
	}
	if on != "" && on < safe {
		on = safe
	}
	return on, cause
}

// spare says whether a pool keeps a record from coming back.
func (h *Held) spare(p, r *record.Record) bool {
	k := h.kind
	return k.Spare != nil && slices.ContainsFunc(k.SparedBy.Get(p), k.Spare.Value(r).Equal)
}

// notSpared is what the pool does not keep, for the database.
func (h *Held) notSpared(p *record.Record) *query.Node {
	k := h.kind
	if k.Spare == nil || len(k.SparedBy.Get(p)) == 0 {
		return nil
	}
	n := &query.Node{Kind: query.Compare, Path: k.Spare.Key(), Op: schema.OpNotIn}
	for _, v := range k.SparedBy.Get(p) {
		n.Args = append(n.Args, query.Arg{Text: v.Str()})
	}
	return n
}

func (h *Held) asksForWork(r *record.Record) bool {
	return slices.Contains(h.open, h.state.Get(r))
}

// after is the date some days after a moment, "" when either is not there.
func after(at, days int64, zone *time.Location) string {
	if at == 0 || days == 0 {
		return ""
	}
	return day(at, zone, int(days))
}

func dayAfter(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// dueBy is the condition that finds the records of a pool whose day is the given
// one or before: what Day says, for the database.
func (h *Held) dueBy(p *record.Record, date string, zone *time.Location) *query.Node {
	d, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		return none()
	}
	// A moment whose date is at most N days before: before the end of that day.
	cut := func(days int64) string { return d.AddDate(0, 0, 1-int(days)).UTC().Format(time.RFC3339Nano) }
	var ways []*query.Node
	if n := IdleDays.Get(p); n > 0 {
		ways = append(ways, query.All(less(h.HeldSince.Key(), cut(n)), either(less(followed, cut(n)), null(followed))),
			query.All(null(h.HeldSince.Key()), less(followed, cut(n))))
	}
	if n := UndealtDays.Get(p); n > 0 {
		ways = append(ways, less(h.HeldSince.Key(), cut(n)))
	}
	if Expires.Get(p) {
		ways = append(ways, less(h.ProtectedUntil.Key(), date))
	}
	if len(ways) == 0 {
		return none()
	}
	return query.All(h.heldOf(p), entity.In(h.state, h.open...), h.notSpared(p), either(ways...),
		either(entity.Empty(h.ProtectedUntil), less(h.ProtectedUntil.Key(), date)))
}

// heldOf is the condition on records that somebody has and that go back into a
// pool: those from it, and into the default one those that name none.
func (h *Held) heldOf(p *record.Record) *query.Node {
	mine := is(h.Pool, p.ID())
	if FirstOfKind.Get(p) {
		mine = either(mine, entity.Empty(h.Pool))
	}
	return query.All(entity.Filled(h.Owner), mine)
}

func less(key, text string) *query.Node {
	return &query.Node{Kind: query.Compare, Path: key, Op: schema.OpLt, Args: []query.Arg{{Text: text}}}
}

func null(key string) *query.Node {
	return &query.Node{Kind: query.Compare, Path: key, Op: schema.OpNull}
}

func either(ways ...*query.Node) *query.Node { return &query.Node{Kind: query.Or, Kids: ways} }

// none is a condition that no record meets.
func none() *query.Node {
	return &query.Node{Kind: query.Compare, Path: "created_at", Op: schema.OpNull}
}
