package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// needMost is how many records a need by what points to the same may find for
// all items of a write together.
const needMost = 20_000

// need reads what the Derive hooks declare that they look at, once for all
// items of a write.
func (s *Session) need(ctx context.Context, ent *schema.Entity, items []*item) error {
	def := s.st.Def(ent.Name)
	if def == nil || def.Hooks.Derive == nil {
		return nil
	}
	if err := s.wholes(ctx, ent, items); err != nil {
		return err
	}
	for _, n := range def.Hooks.Needs {
		if err := s.needOne(ctx, ent, items, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) needOne(ctx context.Context, ent *schema.Entity, items []*item, n entity.Need) error {
	holder := ent
	if n.Up {
		holder = ent.Of
	}
	f := holder.Field(n.Field)
	at := func(it *item) int64 {
		if n.Up {
			if it.above == nil {
				return 0
			}
			return it.above.At(f.Slot).Int()
		}
		return it.after.At(f.Slot).Int()
	}
	var ids []int64
	for _, it := range items {
		if to := at(it); it.op != access.Delete && to != 0 && !slices.Contains(ids, to) {
			ids = append(ids, to)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	actor := s.needing(items)
	target := s.st.Entity(schema.RefTarget(f))
	of := func(r *record.Record) int64 { return r.ID() }
	var recs []*record.Record
	var err error
	if n.Entity == "" {
		recs, err = s.e.load(ctx, s.tx, s.st, target, actor, ids, false)
	} else {
		from := s.st.Entity(n.Entity)
		by := from.Field(n.By)
		of = func(r *record.Record) int64 { return r.At(by.Slot).Int() }
		recs, err = s.alongside(ctx, from, by, actor, ids)
	}
	if err != nil {
		return err
	}
	found := make(map[int64][]*record.Record, len(ids))
	for _, r := range recs {
		found[of(r)] = append(found[of(r)], r)
	}
	behind, err := s.behind(ctx, n, recs, actor)
	if err != nil {
		return err
	}
	for _, it := range items {
		it.find(n, found[at(it)], behind)
	}
	return nil
}

// wholes finds the records that lines are part of: those written with them, else
// the stored ones, for lines that a rule writes by themselves.
func (s *Session) wholes(ctx context.Context, ent *schema.Entity, items []*item) error {
	if ent.Of == nil {
		return nil
	}
	for _, it := range items {
		if it.under != nil {
			it.above, it.aboveWas = it.under.after, it.under.before
			continue
		}
		if it.op == access.Delete {
			continue
		}
		recs, err := s.read(ctx, ent.Of, []int64{it.after.At(ent.Parent.Slot).Int()}, false)
		if err != nil {
			return err
		}
		if len(recs) > 0 {
			it.above, it.aboveWas = recs[0], recs[0]
		}
	}
	return nil
}

// needing is under whose rights a batch reads what its rules compute from.
func (s *Session) needing(items []*item) *access.Actor {
	if s.trustedBatch() || items[0].trusted {
		return access.System("what a rule computes from")
	}
	return s.actor
}

// find keeps what a need found for an item, and what is behind that.
func (it *item) find(n entity.Need, list []*record.Record, behind map[int64]*record.Record) {
	if len(list) == 0 {
		return
	}
	if it.near == nil {
		it.near = map[string][]*record.Record{}
	}
	it.near[n.Key()] = list
	if n.Then == "" {
		return
	}
	var further []*record.Record
	for _, r := range list {
		if one := behind[r.Get(n.Then).Int()]; one != nil && !slices.Contains(further, one) {
			further = append(further, one)
		}
	}
	it.near[n.Behind()] = further
}

// behind reads what a reference of found records points to, by id.
func (s *Session) behind(ctx context.Context, n entity.Need, recs []*record.Record, actor *access.Actor) (map[int64]*record.Record, error) {
	if n.Then == "" || len(recs) == 0 {
		return nil, nil
	}
	f := s.st.Entity(n.Entity).Field(n.Then)
	var ids []int64
	for _, r := range recs {
		if to := r.At(f.Slot).Int(); to != 0 && !slices.Contains(ids, to) {
			ids = append(ids, to)
		}
	}
	list, err := s.e.load(ctx, s.tx, s.st, s.st.Entity(schema.RefTarget(f)), actor, ids, false)
	out := make(map[int64]*record.Record, len(list))
	for _, r := range list {
		out[r.ID()] = r
	}
	return out, err
}

// alongside are the records, oldest first, whose reference points to one of ids.
func (s *Session) alongside(ctx context.Context, from *schema.Entity, by *schema.Field, actor *access.Actor, ids []int64) ([]*record.Record, error) {
	node := &query.Node{Kind: query.Compare, Path: by.Key, Op: schema.OpIn}
	for _, n := range ids {
		node.Args = append(node.Args, query.Arg{Text: id.ID(n).String()})
	}
	bound, err := query.Bind(s.st.Snapshot, from, node, access.System("what a rule computes from").Viewer(), access.System("what a rule computes from"))
	if err != nil {
		return nil, err
	}
	fields := []*schema.Field{from.Fields[record.SlotID]}
	var rows sqldb.Rows
	err = store.Page(ctx, s.tx, store.Select{Snap: s.st.Snapshot, Entity: from, Permit: actor.Permit(from, access.Read), Rights: actor,
		Where: bound.Cond, Fields: fields, Limit: needMost, Sort: []query.Sort{{Field: fields[0]}}}, &rows)
	if err != nil {
		return nil, err
	}
	list := make([]int64, rows.Len())
	for i := range list {
		list[i] = rows.At(i, 0).Int()
	}
	return s.e.load(ctx, s.tx, s.st, from, actor, list, false)
}

// follow empties what follows from a field that the write changes, unless the
// same write sets it: another product has another name and price.
func (s *Session) follow(_ context.Context, ent *schema.Entity, items []*item) error {
	for _, f := range ent.Fields {
		if len(f.Leads) == 0 {
			continue
		}
		for _, it := range items {
			if it.op == access.Delete || it.before == nil || it.kind == kindRestore || it.before.At(f.Slot).Equal(it.after.At(f.Slot)) {
				continue
			}
			for _, key := range f.Leads {
				to := ent.Field(key)
				if to != nil && it.before.At(to.Slot).Equal(it.after.At(to.Slot)) {
					it.after.SetAt(to.Slot, record.Null)
				}
			}
		}
	}
	return nil
}
