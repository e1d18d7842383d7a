package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// linePlan is what is read of a group of lines together with a record.
type linePlan struct {
	group *schema.Lines
	plan  *plan
	rows  *sqldb.Rows
}

// chooseLines sets which lines are read with a record: those of the groups
// among keys, of all for nil. It gives the other keys.
func (e *Engine) chooseLines(actor *access.Actor, p *plan, keys []string) []string {
	if keys == nil {
		for i := range p.ent.Lines {
			if g := &p.ent.Lines[i]; actor.Sees(g.Entity) {
				p.addLines(e, actor, g)
			}
		}
		return allFields
	}
	rest := make([]string, 0, len(keys))
	for _, k := range keys {
		if g := p.ent.Line(k); g != nil && actor.Sees(g.Entity) {
			p.addLines(e, actor, g)
		} else {
			rest = append(rest, k)
		}
	}
	return rest
}

func (p *plan) addLines(e *Engine, actor *access.Actor, g *schema.Lines) {
	sub := &plan{st: p.st, ent: g.Entity, fieldSet: *e.lineFields(actor, g.Entity)}
	sub.sel = store.Select{Snap: p.st.Snapshot, Entity: g.Entity, Permit: actor.Permit(g.Entity, access.Read), Rights: actor, Fields: sub.stored, Ready: sub.ready}
	p.groups = append(p.groups, linePlan{group: g, plan: sub})
}

// lineFields gives the fields of lines as they stand in their record: their own
// that the actor may see, and the id.
func (e *Engine) lineFields(actor *access.Actor, ent *schema.Entity) *fieldSet {
	key := setKey{ent: ent, levels: actor.LevelKey(ent), asked: true, fields: linesSet}
	set := e.fields.get(key)
	if set != nil {
		return set
	}
	set = &fieldSet{}
	set.add(actor, ent, ent.Fields[record.SlotID])
	for _, f := range ent.Fields {
		if !f.System && f != ent.Parent && f != ent.Position && actor.Level(ent, f) > schema.Hidden {
			set.add(actor, ent, f)
		}
	}
	set.prepare(e.DB.Dialect(), ent)
	e.fields.put(key, set)
	return set
}

// askLines are the questions for the lines of a record; each group holds rows of
// the engine's until leaveLines.
func (e *Engine) askLines(p *plan, rec int64) []sqldb.Question {
	if len(p.groups) == 0 {
		return nil
	}
	out := make([]sqldb.Question, len(p.groups))
	for i := range p.groups {
		g := &p.groups[i]
		g.rows = e.rows.Get()
		out[i] = store.LinesOf(e.DB.Dialect(), g.plan.sel, record.Int(rec), g.rows)
	}
	return out
}

func (e *Engine) leaveLines(p *plan) {
	for i := range p.groups {
		e.rows.Put(p.groups[i].rows)
	}
}

// appendLines adds the lines that were read to the JSON of their record.
func (e *Engine) appendLines(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, out []byte) ([]byte, error) {
	for i := range p.groups {
		g := &p.groups[i]
		out = append(out[:len(out)-1], `,"`...)
		out = append(out, g.group.Key...)
		out = append(out, `":[`...)
		var err error
		if out, err = e.appendRows(ctx, db, actor, g.plan, g.rows, g.rows.Len(), out); err != nil {
			return out, err
		}
		out = append(out, ']', '}')
	}
	return out, nil
}
