package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// lineMoment is what a write did to one line of a record.
type lineMoment struct {
	moment
	group *schema.Lines
	state *record.Record // as it was after the write
}

// Bounds of a timeline: how many lines are told of one write, and how much of
// the past of all lines on a page is read to tell what they became.
const (
	momentLines = 50
	linesPast   = 20_000
)

// kindMove is what is told of a line that only changed its place.
const kindMove = "move"

// lineMoments adds what happened to lines. A write of nothing but lines of
// which the actor may see nothing is left out.
func (e *Engine) lineMoments(ctx context.Context, db sqldb.Querier, actor *access.Actor, st *entity.State, ent *schema.Entity, shown []moment) ([]moment, error) {
	ids := map[*schema.Lines][]int64{}
	for i := range shown {
		for _, v := range shown[i].Before {
			if g := ent.Line(v.Field); g != nil {
				for _, one := range v.Was.List()[:min(len(v.Was.List()), momentLines)] {
					ids[g] = append(ids[g], one.Int())
				}
			}
		}
	}
	if len(ids) == 0 {
		return shown, nil
	}
	told := map[int64]map[int64]lineMoment{} // by changeset and line
	for g, list := range ids {
		if err := e.pastOfLines(ctx, db, st, g, list, told); err != nil {
			return nil, err
		}
	}
	out := shown[:0]
	for _, m := range shown {
		lines := false
		for _, v := range m.Before {
			if g := ent.Line(v.Field); g != nil {
				lines = true
				m.takeLines(actor, g, v.Was.List(), told[m.Changeset])
			}
		}
		if !lines || len(m.lines) > 0 || m.own(actor, ent) {
			out = append(out, m)
		}
	}
	return out, nil
}

// own says whether the actor sees a change of the record itself.
func (m *moment) own(actor *access.Actor, ent *schema.Entity) bool {
	for _, v := range m.Before {
		if f := ent.Field(v.Field); f != nil && actor.Level(ent, f) > schema.Hidden {
			return true
		}
	}
	return false
}

func (m *moment) takeLines(actor *access.Actor, g *schema.Lines, ids []record.Value, told map[int64]lineMoment) {
	m.cut = m.cut || len(ids) > momentLines
	for _, id := range ids[:min(len(ids), momentLines)] {
		l, ok := told[id.Int()]
		if ok && (l.Kind != history.Update || l.own(actor, g.Entity)) {
			m.lines = append(m.lines, l)
		}
	}
}

// pastOfLines walks back through what happened to lines.
func (e *Engine) pastOfLines(ctx context.Context, db sqldb.Querier, st *entity.State, g *schema.Lines, ids []int64, told map[int64]map[int64]lineMoment) error {
	system := access.System("what became of the lines of a record that may be read")
	state := map[int64]*record.Record{}
	for _, deleted := range []bool{false, true} {
		recs, err := e.load(ctx, db, st, g.Entity, system, ids, deleted)
		if err != nil {
			return err
		}
		for _, r := range recs {
			state[r.ID()] = r
		}
	}
	entries, err := e.History.OfAny(ctx, db, ids, linesPast)
	if err != nil {
		return err
	}
	for _, h := range entries {
		r := state[h.Record]
		if r == nil {
			continue
		}
		l := lineMoment{moment: moment{Entry: h}, group: g, state: r.Clone()}
		for _, v := range h.Before {
			l.after = append(l.after, r.Get(v.Field))
			r.Set(v.Field, v.Was)
		}
		if told[h.Changeset] == nil {
			told[h.Changeset] = map[int64]lineMoment{}
		}
		told[h.Changeset][h.Record] = l
	}
	return nil
}

// more says whether the actor sees that more than the place of a line changed.
func (l *lineMoment) more(actor *access.Actor) bool {
	for _, v := range l.Before {
		if f := l.group.Entity.Field(v.Field); f != nil && f != l.group.Entity.Position && actor.Level(l.group.Entity, f) > schema.Hidden {
			return true
		}
	}
	return false
}

// want collects what a line's changes refer to.
func (l *lineMoment) want(w want) {
	for i, v := range l.Before {
		if f := l.group.Entity.Field(v.Field); f != nil && f != l.group.Entity.Parent {
			w.add(f, v.Was)
			w.add(f, l.after[i])
		}
	}
}

func (e *Engine) appendLineMoments(b []byte, actor *access.Actor, h moment, labels *labelSet) []byte {
	b = append(b, `,"lines":[`...)
	for i := range h.lines {
		l := &h.lines[i]
		ent := l.group.Entity
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"group":"`...)
		b = append(b, l.group.Key...)
		b = append(b, `","id":"`...)
		b = append(b, ref13(l.Record)...)
		b = append(b, `","kind":`...)
		kind := l.Kind
		if kind == history.Update && !l.more(actor) {
			kind = kindMove
		}
		b = rawjson.AppendString(b, kind)
		b = append(b, `,"label":`...)
		if actor.Level(ent, ent.Title) >= schema.Read {
			b = rawjson.AppendString(b, ent.Title.Type.Text(ent.Title, l.state.At(ent.Title.Slot), &actor.Env))
		} else {
			b = append(b, "null"...)
		}
		b = append(b, `,"changes":[`...)
		b = e.appendChanges(b, actor, ent, l.Before, l.after, labels)
		b = append(b, ']', '}')
	}
	b = append(b, ']')
	if h.cut {
		b = append(b, `,"more_lines":true`...)
	}
	return b
}
