package records

import (
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Timeline appends what happened to a record, newest first (PLT-9). Fields that
// the actor may not see leave no trace, masked ones are masked.
func (e *Engine) Timeline(ctx context.Context, actor *access.Actor, name string, rec int64, cursor string, limit int, out []byte) ([]byte, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return out, err
	}
	if limit <= 0 || limit > MaxLimit {
		limit = DefaultLimit
	}
	var before int64
	if cursor != "" {
		if before, err = strconv.ParseInt(cursor, 36, 64); err != nil {
			return out, errs.New(errs.BadRequest, "error.cursor")
		}
	}
	start := len(out)
	err = orAtPools(actor, ent, func(actor *access.Actor) error {
		out, err = e.timeline(ctx, actor, st, ent, rec, before, limit, out[:start])
		return err
	})
	return out, err
}

func (e *Engine) timeline(ctx context.Context, actor *access.Actor, st *entity.State, ent *schema.Entity, rec, before int64, limit int, out []byte) ([]byte, error) {
	err := e.DB.Read(ctx, func(db sqldb.Querier) error {
		now, err := e.load(ctx, db, st, ent, actor, []int64{rec}, false)
		if err != nil {
			return err
		}
		if len(now) == 0 {
			return notFound()
		}
		shown, more, err := e.walkBack(ctx, db, actor, ent, now[0], before, limit)
		if err != nil {
			return err
		}
		last := int64(0)
		if more {
			last = shown[len(shown)-1].ID
		}
		if shown, err = e.lineMoments(ctx, db, actor, st, ent, shown); err != nil {
			return err
		}
		out, err = e.appendTimeline(ctx, db, actor, st, ent, shown, last, out)
		return err
	})
	return out, err
}

// historyPage is how many entries are read at a time.
const historyPage = 500

// moment is an entry of the history and the fields it changed as they were
// after it.
type moment struct {
	history.Entry
	after []record.Value
	lines []lineMoment // of its lines: what happened to them in the same write
	cut   bool         // … to more than those
}

// walkBack lists up to limit visible entries older than before, and says
// whether there are more. Every newer entry is read too: the value after a
// change is the one before the next change of that field.
func (e *Engine) walkBack(ctx context.Context, db sqldb.Querier, actor *access.Actor, ent *schema.Entity, cur *record.Record, before int64, limit int) (shown []moment, more bool, err error) {
	state := cur.Clone()
	for at := int64(0); ; {
		page, err := e.History.Of(ctx, db, cur.ID(), at, historyPage)
		if err != nil {
			return nil, false, err
		}
		for _, h := range page {
			at = h.ID
			if (before == 0 || h.ID < before) && visible(actor, ent, h) {
				if len(shown) == limit {
					return shown, true, nil
				}
				m := moment{Entry: h}
				for _, v := range h.Before {
					m.after = append(m.after, state.Get(v.Field))
				}
				shown = append(shown, m)
			}
			for _, v := range h.Before {
				state.Set(v.Field, v.Was)
			}
		}
		if len(page) < historyPage {
			return shown, false, nil
		}
	}
}

func (e *Engine) appendTimeline(ctx context.Context, db sqldb.Querier, actor *access.Actor, st *entity.State, ent *schema.Entity, shown []moment, last int64, out []byte) ([]byte, error) {
	w := want{}
	for _, m := range shown {
		for i, v := range m.Before {
			if f := ent.Field(v.Field); f != nil {
				w.add(f, v.Was)
				w.add(f, m.after[i])
			}
		}
		for _, l := range m.lines {
			l.want(w)
		}
	}
	labels, err := e.labels(ctx, db, actor, st.Snapshot, w)
	if err != nil {
		return out, err
	}
	out = append(out, `{"items":[`...)
	for i, m := range shown {
		if i > 0 {
			out = append(out, ',')
		}
		out = e.appendEntry(out, actor, ent, m, labels)
	}
	out = append(out, `],"has_more":`...)
	if last == 0 {
		return append(out, `false,"next":null}`...), nil
	}
	out = append(out, `true,"next":"`...)
	out = strconv.AppendInt(out, last, 36)
	return append(out, `"}`...), nil
}

// visible says whether the actor may know of an entry: not when all that it
// changed is hidden from him.
func visible(actor *access.Actor, ent *schema.Entity, h history.Entry) bool {
	for _, v := range h.Before {
		if f := ent.Field(v.Field); f != nil && actor.Level(ent, f) > schema.Hidden || ent.Line(v.Field) != nil {
			return true
		}
	}
	return len(h.Before) == 0
}

func (e *Engine) appendEntry(b []byte, actor *access.Actor, ent *schema.Entity, h moment, labels *labelSet) []byte {
	b = append(b, `{"id":"`...)
	b = append(b, ref13(h.ID)...)
	b = append(b, `","kind":`...)
	b = rawjson.AppendString(b, h.Kind)
	b = append(b, `,"at":"`...)
	b = schema.AppendInstant(b, h.At)
	b = append(b, `","by":`...)
	if label, ok := e.Dir.Label(schema.MemberEntity, h.Actor); ok && h.Actor != 0 {
		b = append(b, `{"id":"`...)
		b = append(b, ref13(h.Actor)...)
		b = append(b, `","label":`...)
		b = rawjson.AppendString(b, label)
		b = append(b, '}')
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"changeset":"`...)
	b = append(b, ref13(h.Changeset)...)
	b = append(b, `","version":`...)
	b = appendInt(b, h.Version)
	b = append(b, `,"changes":[`...)
	b = e.appendChanges(b, actor, ent, h.Before, h.after, labels)
	b = append(b, ']')
	if len(h.lines) > 0 {
		b = e.appendLineMoments(b, actor, h, labels)
	}
	return append(b, '}')
}

// appendChanges writes what fields were and became, for those the actor may see.
func (e *Engine) appendChanges(b []byte, actor *access.Actor, ent *schema.Entity, before []history.Value, after []record.Value, labels *labelSet) []byte {
	n := 0
	for i, v := range before {
		f := ent.Field(v.Field)
		if f == nil || f == ent.Parent || f == ent.Position || actor.Level(ent, f) == schema.Hidden {
			continue
		}
		if n > 0 {
			b = append(b, ',')
		}
		n++
		c := newColumn(actor, ent, f)
		b = append(b, `{"field":"`...)
		b = append(b, f.Key...)
		b = append(b, `","from":`...)
		b = e.appendValue(b, &c, v.Was, labels, nil)
		b = append(b, `,"to":`...)
		b = e.appendValue(b, &c, after[i], labels, nil)
		b = append(b, '}')
	}
	return b
}
