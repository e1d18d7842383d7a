package records

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Visible tells which of the records an actor may read, in one query: live
// ones, or with deleted those in the recycle bin. An entity that does not exist
// has none.
func (e *Engine) Visible(ctx context.Context, actor *access.Actor, name string, ids []int64, deleted bool) (map[int64]bool, error) {
	st := e.Registry.State()
	ent := st.Entity(name)
	if ent == nil || len(ids) == 0 || !actor.May(ent, access.Read) {
		return nil, nil
	}
	sel := store.Select{Snap: st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor, Fields: []*schema.Field{ent.Fields[record.SlotID]}, Deleted: deleted}
	var rows sqldb.Rows
	err := e.DB.Read(ctx, func(db sqldb.Querier) error {
		return store.Get(ctx, db, sel, record.Ints(ids).List(), &rows)
	})
	out := make(map[int64]bool, rows.Len())
	for i := range rows.Len() {
		out[rows.At(i, 0).Int()] = true
	}
	if at, ok := actor.AtPools(ent); ok && err == nil && !deleted && len(out) < len(ids) {
		more, err := e.Visible(ctx, at, name, ids, false)
		maps.Copy(out, more)
		return out, err
	}
	return out, err
}

// Names gives what records are called, for those of them that the actor may
// read and that are not deleted; the others are not in the answer.
func (e *Engine) Names(ctx context.Context, actor *access.Actor, name string, ids []int64) (map[int64]string, error) {
	seen, err := e.Visible(ctx, actor, name, ids, false)
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	ids = make([]int64, 0, len(seen))
	for n := range seen {
		ids = append(ids, n)
	}
	st := e.Registry.State()
	var out map[int64]string
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		out, err = e.names(ctx, db, actor, st.Snapshot, st.Entity(name), record.Ints(ids).List())
		return err
	})
	return out, err
}

// place is what rights read of a record: whose it was before an event. It is
// the payload of events that changed any of it.
type place struct {
	Owner int64 `json:"owner,omitempty"`
	Dept  int64 `json:"dept,omitempty"`
	Root  int64 `json:"root,omitempty"` // the record it is seen through
	Also  int64 `json:"also,omitempty"` // the second owner
	Pool  int64 `json:"pool,omitempty"` // that it lay in, or comes from
}

// placeFields are those of an entity that place tells of; nil where there is none.
func placeFields(ent *schema.Entity) [5]*schema.Field {
	return [5]*schema.Field{ent.Owner, ent.Dept, ent.Through, ent.Also, ent.Pool}
}

// moved is the payload of an item's event.
func (it *item) moved(ent *schema.Entity) []byte {
	if it.before == nil {
		return nil
	}
	var was [5]int64
	changed := false
	for i, f := range placeFields(ent) {
		if f == nil {
			continue
		}
		was[i] = it.before.At(f.Slot).Int()
		changed = changed || !it.before.At(f.Slot).Equal(it.after.At(f.Slot))
	}
	if !changed {
		return nil
	}
	raw, err := json.Marshal(place{was[0], was[1], was[2], was[3], was[4]})
	if err != nil {
		return nil // four numbers can be written
	}
	return raw
}

// Lost tells of which events took a record out of the actor's reach: he could
// read it until then. The events are of records that he may not read now.
func (e *Engine) Lost(ctx context.Context, actor *access.Actor, events []outbox.Event) (map[id.ID]bool, error) {
	st, out := e.Registry.State(), map[id.ID]bool{}
	for i := range events {
		ev := &events[i]
		ent := st.Entity(ev.Entity)
		if ent == nil || len(ev.Payload) == 0 || !actor.May(ent, access.Read) {
			continue
		}
		var was place
		if json.Unmarshal(ev.Payload, &was) != nil {
			continue // of a kind that says something else
		}
		before := record.New(ent.Shape)
		for i, f := range placeFields(ent) {
			if n := [5]int64{was.Owner, was.Dept, was.Root, was.Also, was.Pool}[i]; f != nil && n != 0 {
				before.SetAt(f.Slot, record.Int(n))
			}
		}
		root, rootEnt, err := e.rootOf(ctx, st, ent, was.Root)
		if err != nil {
			return nil, err
		}
		out[ev.ID] = actor.Permit(ent, access.Read).Allows(ent, before, root, rootEnt) || sees(actor, ent, before)
	}
	return out, nil
}

// rootOf reads the record that others are seen through; nil for none.
func (e *Engine) rootOf(ctx context.Context, st *entity.State, ent *schema.Entity, n int64) (root *record.Record, rootEnt *schema.Entity, err error) {
	if n == 0 || ent.Through == nil {
		return nil, nil, nil
	}
	rootEnt = st.Entity(schema.RefTarget(ent.Through))
	err = e.DB.Read(ctx, func(q sqldb.Querier) error {
		recs, err := e.load(ctx, q, st, rootEnt, access.System("who could read a record before it moved"), []int64{n}, false)
		if err == nil && len(recs) > 0 {
			root = recs[0]
		}
		return err
	})
	return root, rootEnt, err
}
