package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Wanted says what of a record is put on paper: fields, what of the records
// that references lead to, and what of each line of a group.
type Wanted struct {
	Fields []string
	Refs   map[string]*Wanted
	Lines  map[string]*Wanted
}

// Leaf is a record as its reader may see it: what he may not see is not there.
type Leaf struct {
	Entity *schema.Entity
	ID     int64
	Values map[string]Shown
	Refs   map[string]*Leaf
	Lines  map[string][]*Leaf
}

// Leaf reads what is wanted of a record that the actor may read and print.
// Unknown and hidden fields are left out, masked ones stay masked. Errors:
// Forbidden without the right to print, NotFound for a record out of its reach.
func (e *Engine) Leaf(ctx context.Context, actor *access.Actor, name string, rec int64, w *Wanted) (*Leaf, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return nil, err
	}
	if !actor.May(ent, access.Read) {
		return nil, notFound()
	}
	if !actor.May(ent, access.Print) {
		return nil, forbidden(string(access.Print))
	}
	var out *Leaf
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		p := &plan{st: st, ent: ent}
		p.sel = store.Select{Snap: st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Print), Rights: actor}
		leaves, err := e.leaves(ctx, db, actor, p, w, []int64{rec})
		if err != nil {
			return err
		}
		if out = leaves[rec]; out == nil {
			return notFound()
		}
		return e.leafLines(ctx, db, actor, p, w, out)
	})
	return out, err
}

// leaves reads records of one entity, with what their references lead to.
func (e *Engine) leaves(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, w *Wanted, ids []int64) (map[int64]*Leaf, error) {
	keys := make([]string, 0, len(w.Fields)+len(w.Refs))
	add := func(key string) {
		if f := p.ent.Field(key); f != nil && actor.Level(p.ent, f) > schema.Hidden && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range w.Fields {
		add(key)
	}
	for key := range w.Refs {
		add(key)
	}
	slices.Sort(keys)
	if err := e.chooseFields(actor, p, &ListQuery{Fields: keys}); err != nil {
		return nil, err
	}
	var rows sqldb.Rows
	if err := store.Get(ctx, db, p.sel, record.Ints(ids).List(), &rows); err != nil {
		return nil, err
	}
	shown, err := e.shown(ctx, db, actor, p, actor.Permit(p.ent, access.Read), &rows)
	if err != nil {
		return nil, err
	}
	list := leavesOf(p, shown)
	out := make(map[int64]*Leaf, len(list))
	for _, l := range list {
		out[l.ID] = l
	}
	return out, e.leafRefs(ctx, db, actor, p, w, list)
}

func leavesOf(p *plan, rows [][]Shown) []*Leaf {
	out := make([]*Leaf, len(rows))
	for i, row := range rows {
		l := &Leaf{Entity: p.ent, Values: make(map[string]Shown, len(row)), Refs: map[string]*Leaf{}, Lines: map[string][]*Leaf{}}
		for j := range p.columns {
			l.Values[p.columns[j].field.Key] = row[j]
		}
		l.ID = l.Values["id"].Value.Int()
		out[i] = l
	}
	return out
}

// leafRefs reads where the references of some records lead, one question for
// each reference.
func (e *Engine) leafRefs(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, w *Wanted, list []*Leaf) error {
	for key, sub := range w.Refs {
		f := p.ent.Field(key)
		if f == nil || !schema.IsRef(f) || schema.IsAnyRef(f) || f.Many() {
			continue
		}
		target := p.st.Entity(schema.RefTarget(f))
		if target == nil || !actor.May(target, access.Read) {
			continue
		}
		var ids []int64
		for _, l := range list {
			if v := l.Values[key].Value; !v.IsNull() && !slices.Contains(ids, v.Int()) {
				ids = append(ids, v.Int())
			}
		}
		if len(ids) == 0 {
			continue
		}
		to := &plan{st: p.st, ent: target}
		to.sel = store.Select{Snap: p.st.Snapshot, Entity: target, Permit: actor.Permit(target, access.Read), Rights: actor}
		found, err := e.leaves(ctx, db, actor, to, sub, ids)
		if err != nil {
			return err
		}
		for _, l := range list {
			if v := l.Values[key].Value; !v.IsNull() && found[v.Int()] != nil {
				l.Refs[key] = found[v.Int()]
			}
		}
	}
	return nil
}

// leafLines reads the detail lines of a record, in order.
func (e *Engine) leafLines(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, w *Wanted, l *Leaf) error {
	for key, sub := range w.Lines {
		g := p.ent.Line(key)
		if g == nil || !actor.Sees(g.Entity) {
			continue
		}
		group := &plan{st: p.st, ent: p.ent}
		group.addLines(e, actor, g)
		var err error
		if l.Lines[key], err = e.linesAsLeaves(ctx, db, actor, group, l.ID); err != nil {
			return err
		}
		if err := e.leafRefs(ctx, db, actor, group.groups[0].plan, sub, l.Lines[key]); err != nil {
			return err
		}
	}
	return nil
}

// linesAsLeaves reads the lines of a plan's only group.
func (e *Engine) linesAsLeaves(ctx context.Context, db sqldb.Querier, actor *access.Actor, group *plan, rec int64) ([]*Leaf, error) {
	ask := e.askLines(group, rec)
	defer e.leaveLines(group)
	if err := db.QueryAll(ctx, ask...); err != nil {
		return nil, err
	}
	lines := group.groups[0]
	shown, err := e.shown(ctx, db, actor, lines.plan, lines.plan.sel.Permit, lines.rows)
	if err != nil {
		return nil, err
	}
	return leavesOf(lines.plan, shown), nil
}

// Printable says whether a member may print records of an entity, and sees
// some of its fields.
func Printable(actor *access.Actor, ent *schema.Entity) bool {
	return ent.Of == nil && actor.May(ent, access.Read) && actor.May(ent, access.Print)
}
