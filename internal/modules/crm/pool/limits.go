package pool

import (
	"context"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool/limit"
)

// free is where there is no limit.
const free = int64(-1)

// limits of one member in one pool.
type limits struct{ day, week, holding int64 }

// limitsOf gives a member's limits: the widest of the lines for his roles and
// his position, without such a line those of the pool.
func limitsOf(ctx context.Context, tx entity.Reader, p *record.Record, member int64) (limits, error) {
	l := limits{bound(PerDay, p), bound(PerWeek, p), bound(Holding, p)}
	lines, err := tx.Find(ctx, limit.Entity.Name, entity.Is(parentOfLine, id.ID(p.ID()).String()), most)
	if err != nil || len(lines) == 0 {
		return l, err
	}
	m, err := tx.Get(ctx, schema.MemberEntity, member)
	if err != nil {
		return l, err
	}
	found := false
	for _, line := range lines {
		if !fits(line, m) {
			continue
		}
		own := limits{bound(limit.PerDay, line), bound(limit.PerWeek, line), bound(limit.Holding, line)}
		if found {
			own = limits{wider(l.day, own.day), wider(l.week, own.week), wider(l.holding, own.holding)}
		}
		l, found = own, true
	}
	return l, nil
}

// parentOfLine stands for the reference of a line to its pool.
var parentOfLine = entity.Ref("parent", "crm.pool")

func bound(f *entity.Field[int64], r *record.Record) int64 {
	if f.Value(r).IsNull() {
		return free
	}
	return f.Get(r)
}

func wider(a, b int64) int64 {
	if a == free || b == free {
		return free
	}
	return max(a, b)
}

// fits says whether a line is meant for a member: his position, one of his
// roles, or both where it names both.
func fits(line, m *record.Record) bool {
	if p := limit.Position.Get(line); p != 0 && m.Get("position").Int() != p {
		return false
	}
	if role := limit.Role.Get(line); role != 0 {
		for _, v := range m.Get("roles").List() {
			if v.Int() == role {
				return true
			}
		}
		return false
	}
	return true
}

// withinLimits refuses what is more than a member may claim or hold, and a
// record that he gave up too lately. It runs when the change is written: of two
// at once the second sees the first.
func (h *Held) withinLimits(ctx context.Context, tx entity.Writer, c entity.Change, kind string) error {
	member := h.Owner.Get(c.After)
	if err := tx.Guard(ctx, holderKey(member)); err != nil {
		return err
	}
	p, err := tx.Get(ctx, Entity.Name, h.Pool.Get(c.After))
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l, err := limitsOf(ctx, tx, p, member)
	if err != nil {
		return err
	}
	if l.holding != free {
		n, err := tx.Count(ctx, h.name, query.All(is(h.Owner, member), entity.In(h.state, h.open...)), int(l.holding))
		if err != nil {
			return err
		}
		if int64(n) > l.holding {
			return full("error.pool_holding", l.holding)
		}
	}
	if kind != Claimed {
		return nil
	}
	if err := h.notSoon(ctx, tx, c, p, member); err != nil {
		return err
	}
	now := time.UnixMicro(c.Now).In(tx.Here().Zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	if err := h.claimedSince(ctx, tx, p, member, today, l.day, "error.pool_day"); err != nil {
		return err
	}
	return h.claimedSince(ctx, tx, p, member, monday, l.week, "error.pool_week")
}

// holderKey is what keeps two from giving a member one more than he may hold.
func holderKey(member int64) string { return "crm.pool.holder " + id.ID(member).String() }

func full(key string, most int64) error {
	return errs.New(errs.Conflict, key, "most", strconv.FormatInt(most, 10))
}

// claimedSince refuses one more claim when a member made as many as he may
// since a moment; the entry of this one is written after.
func (h *Held) claimedSince(ctx context.Context, tx entity.Reader, p *record.Record, member int64, since time.Time, most int64, key string) error {
	if most == free {
		return nil
	}
	e := h.Entry
	n, err := tx.Count(ctx, h.Entries().Name, query.All(is(e.Member, member), is(e.Pool, p.ID()), entity.Is(e.Kind, Claimed), from(e.At, since)), int(most))
	if err != nil {
		return err
	}
	if int64(n) >= most {
		return full(key, most)
	}
	return nil
}

// notSoon refuses a claim by who had the record and gave it up, or lost it, a
// short while ago.
func (h *Held) notSoon(ctx context.Context, tx entity.Reader, c entity.Change, p *record.Record, member int64) error {
	days := ReclaimDays.Get(p)
	if days == 0 {
		return nil
	}
	e := h.Entry
	since := time.UnixMicro(c.Now).AddDate(0, 0, -int(days))
	n, err := tx.Count(ctx, h.Entries().Name, query.All(is(e.Of, c.After.ID()), is(e.Member, member), from(e.At, since),
		&query.Node{Kind: query.Compare, Path: e.Kind.Key(), Op: schema.OpNotIn, Args: []query.Arg{{Text: Claimed}, {Text: Assigned}, {Text: Auto}}}), 0)
	if err != nil {
		return err
	}
	if n > 0 {
		return errs.New(errs.Conflict, "error.pool_again", "days", strconv.FormatInt(days, 10))
	}
	return nil
}

// from is the condition that a moment is not before another.
func from(f entity.Declared, t time.Time) *query.Node {
	return &query.Node{Kind: query.Compare, Path: entity.KeyOf(f), Op: schema.OpGe, Args: []query.Arg{{Text: t.UTC().Format(time.RFC3339Nano)}}}
}
