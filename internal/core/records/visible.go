package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
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
	return out, err
}
