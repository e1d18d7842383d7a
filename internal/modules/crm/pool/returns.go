package pool

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// page is how many records a transaction looks at.
const page = 100

// Fall is a record that goes back into its pool.
type Fall struct {
	Record, Holder int64
	On, Cause      string
}

// Falls lists up to limit records of a pool whose day is the given one or
// before, those with ids above after; more says that there are others.
func (h *Held) Falls(ctx context.Context, tx entity.Reader, p *record.Record, date string, after int64, limit int) (list []Fall, more bool, err error) {
	recs, err := tx.Next(ctx, h.name, h.dueBy(p, date, tx.Here().Zone), after, limit+1)
	if err != nil {
		return nil, false, err
	}
	for i, r := range recs {
		if i == limit {
			return list, true, nil
		}
		if on, cause := h.Day(p, r, tx.Here().Zone); on != "" && on <= date {
			list = append(list, Fall{r.ID(), h.Owner.Get(r), on, cause})
		}
	}
	return list, false, nil
}

// Tick takes back, once a day of the company's, what is due in the pools of an
// entity, and reminds those who would lose something soon. What went back has no
// owner, so nothing goes back twice; each record is told of once before its day.
func (h *Held) Tick(ctx context.Context, tx entity.Writer, now time.Time) (int, error) {
	today := now.In(tx.Here().Zone).Format(time.DateOnly)
	late, err := tx.Find(ctx, name, query.All(entity.Is(Holds, kindOf(h.name)), entity.Is(Active, "true"),
		either(entity.Empty(RanOn), less(RanOn.Key(), today))), 1)
	if err != nil || len(late) == 0 {
		return 0, err
	}
	if err := tx.Guard(ctx, "crm.pool.run"); err != nil {
		return 0, err
	}
	p, err := tx.Get(ctx, name, late[0].ID())
	if err != nil {
		return 0, err
	}
	if RanOn.Get(p) >= today {
		return 1, nil // another node was quicker
	}
	falls, _, err := h.Falls(ctx, tx, p, today, 0, page)
	if err != nil {
		return 0, err
	}
	for _, f := range falls {
		if err := h.takeBack(ctx, tx, p, f, now); err != nil {
			return 0, err
		}
	}
	if len(falls) > 0 {
		return len(falls), nil
	}
	n, err := h.remind(ctx, tx, p, now)
	if err != nil || n > 0 {
		return n, err
	}
	return 1, tx.Update(ctx, name, p.ID(), func(r *record.Record) { RanOn.Set(r, today) })
}

// takeBack puts a record into its pool and tells whoever had it.
func (h *Held) takeBack(ctx context.Context, tx entity.Writer, p *record.Record, f Fall, now time.Time) error {
	before, err := tx.Get(ctx, h.name, f.Record)
	if err != nil {
		return err
	}
	err = tx.Update(ctx, h.name, f.Record, func(r *record.Record) {
		h.Drop(r, f.Cause, now.UnixMicro())
		h.Pool.Set(r, p.ID())
	})
	if err != nil {
		return err
	}
	after, err := tx.Get(ctx, h.name, f.Record)
	if err != nil {
		return err
	}
	c := entity.Change{Actor: access.System("rules of a pool"), Before: before, After: after, Now: now.UnixMicro()}
	if err := h.enter(ctx, tx, c, f.Cause, f.Holder, ""); err != nil {
		return err
	}
	if err := h.tell(ctx, tx, reminder.Returned, p, f, before, now); err != nil {
		return err
	}
	_, err = h.give(ctx, tx, c, &f.Holder)
	return err
}

// remind tells whose records go back within as many days as the pool says, a
// page at a time, and keeps the day in the record: of one day he is told once.
func (h *Held) remind(ctx context.Context, tx entity.Writer, p *record.Record, now time.Time) (int, error) {
	upto := ""
	if days := RemindDays.Get(p); days > 0 {
		upto = day(now.UnixMicro(), tx.Here().Zone, int(days))
	}
	if err := h.forget(ctx, tx, p, upto); err != nil || upto == "" {
		return 0, err
	}
	recs, err := tx.Find(ctx, h.name, query.All(h.dueBy(p, upto, tx.Here().Zone), entity.Empty(h.ReturnOn)), page)
	if err != nil {
		return 0, err
	}
	told := 0
	for _, r := range recs {
		on, cause := h.Day(p, r, tx.Here().Zone)
		if on == "" {
			continue
		}
		if err := tx.Update(ctx, h.name, r.ID(), func(r *record.Record) { h.ReturnOn.Set(r, on) }); err != nil {
			return told, err
		}
		if err := h.tell(ctx, tx, reminder.Returning, p, Fall{r.ID(), h.Owner.Get(r), on, cause}, r, now); err != nil {
			return told, err
		}
		told++
	}
	return told, nil
}

// forget takes the day out of records that do not go back on it any more.
func (h *Held) forget(ctx context.Context, tx entity.Writer, p *record.Record, upto string) error {
	for at := int64(0); ; {
		recs, err := tx.Next(ctx, h.name, query.All(h.heldOf(p), entity.Filled(h.ReturnOn)), at, page)
		if err != nil {
			return err
		}
		for _, r := range recs {
			at = r.ID()
			if on, _ := h.Day(p, r, tx.Here().Zone); on == h.ReturnOn.Get(r) && on <= upto {
				continue
			}
			if err := tx.Update(ctx, h.name, at, func(r *record.Record) { h.ReturnOn.Clear(r) }); err != nil {
				return err
			}
		}
		if len(recs) < page {
			return nil
		}
	}
}

// tell puts what happens to a member's record behind his bell: one notice for
// all of one pool and day.
func (h *Held) tell(ctx context.Context, tx entity.Writer, kind string, p *record.Record, f Fall, r *record.Record, now time.Time) error {
	y, m, d := now.In(tx.Here().Zone).Date()
	batch := p.ID() + time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/(24*60*60)*2 // ids are further apart
	if kind == reminder.Returning {
		batch++
	}
	return reminder.Tell(ctx, tx, reminder.Notice{Kind: kind, Owner: f.Holder, About: record.Ref(h.name, f.Record), Title: r.Get("name").Str(),
		Count: 1, Of: h.name, Batch: batch, At: now.UnixMicro()})
}
