package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// relatedCap is where the counts of related lists stop.
const relatedCap = 999

// Related appends the related lists of a record with their counts (PLT-5), each
// counted under the actor's own rights: {"items":[{key,entity,field,count}]}.
func (e *Engine) Related(ctx context.Context, actor *access.Actor, name string, rec int64, out []byte) ([]byte, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return out, err
	}
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		if err := orAtPools(actor, ent, func(actor *access.Actor) error { return e.mustSee(ctx, db, st.Snapshot, actor, ent, rec) }); err != nil {
			return err
		}
		out = append(out, `{"items":[`...)
		n := 0
		for _, in := range RelatedLists(st.Snapshot, actor, ent) {
			total, err := store.Count(ctx, db, store.Select{Snap: st.Snapshot, Entity: in.From, Permit: actor.Permit(in.From, access.Read), Rights: actor,
				Where: pointsTo(in, ent, rec)}, relatedCap)
			if err != nil {
				return err
			}
			if n > 0 {
				out = append(out, ',')
			}
			n++
			out = append(out, `{"key":"`...)
			out = append(out, in.From.Name+"."+in.Field.Key+`","entity":"`+in.From.Name+`","field":"`+in.Field.Key+`","count":{"value":`...)
			out = appendInt(out, min(total, relatedCap))
			if total > relatedCap {
				out = append(out, `,"exact":false}}`...)
			} else {
				out = append(out, `,"exact":true}}`...)
			}
		}
		out = append(out, `]}`...)
		return nil
	})
	return out, err
}

// RelatedLists are the reference fields that point to an entity and whose
// records the actor may read at all.
func RelatedLists(snap *schema.Snapshot, actor *access.Actor, ent *schema.Entity) []schema.Incoming {
	var out []schema.Incoming
	for _, in := range snap.Incoming(ent.Name) {
		if in.From.Personal || in.Field == in.From.Dept || in.Field == in.From.Parent || besides(in, ent) || !actor.May(in.From, access.Read) || actor.Level(in.From, in.Field) < schema.Read {
			continue
		}
		out = append(out, in)
	}
	return out
}

// besides says whether an any_ref adds nothing: a plain reference of the same
// entity points to ent as well, and is kept to what the any_ref is about.
func besides(in schema.Incoming, ent *schema.Entity) bool {
	if !schema.IsAnyRef(in.Field) {
		return false
	}
	for _, f := range in.From.Fields {
		if !f.Retired && !f.Many() && schema.IsRef(f) && schema.RefTarget(f) == ent.Name {
			return true
		}
	}
	return false
}

func pointsTo(in schema.Incoming, ent *schema.Entity, rec int64) *query.Cond {
	v := record.Int(rec)
	op := schema.OpEq
	if schema.IsAnyRef(in.Field) {
		v = record.Ref(ent.Name, rec)
		op = schema.OpIn
	}
	return &query.Cond{Kind: query.Compare, Field: in.Field, Op: op, Vals: []record.Value{v}}
}

// mustSee answers NotFound when the actor may not read the record.
func (e *Engine) mustSee(ctx context.Context, db sqldb.Querier, snap *schema.Snapshot, actor *access.Actor, ent *schema.Entity, rec int64) error {
	var rows sqldb.Rows
	fields := []*schema.Field{ent.Fields[record.SlotID]}
	err := store.Get(ctx, db, store.Select{Snap: snap, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor, Fields: fields}, []record.Value{record.Int(rec)}, &rows)
	if err == nil && rows.Len() == 0 {
		err = notFound()
	}
	return err
}
