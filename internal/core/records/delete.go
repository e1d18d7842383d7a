package records

import (
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// DeleteOne moves a record to the recycle bin (PLT-11) together with the
// records that are seen only through it; required references from elsewhere
// refuse. batch names the deletion, for restore.
func (s *Session) DeleteOne(ent *schema.Entity, id, version int64) (batch int64, err error) {
	batch = int64(s.e.IDs.Next())
	it := &item{op: access.Delete, kind: history.Delete, id: id, version: version}
	if err := s.write(ent, []*item{it}); err != nil {
		return 0, err
	}
	if it.err != nil {
		return 0, it.err
	}
	if err := s.addItems(batch, ent, []*item{it}); err != nil {
		return 0, err
	}
	left := cascadeMost
	return batch, s.cascade(batch, ent, []int64{id}, 0, &left)
}

// addItems notes deleted records and the lines that went with them.
func (s *Session) addItems(batch int64, ent *schema.Entity, items []*item) error {
	ids := make([]int64, len(items))
	for i, it := range items {
		ids[i] = it.id
	}
	if err := s.addToBatch(batch, ent, ids...); err != nil {
		return err
	}
	for _, g := range ent.Lines {
		var kids []int64
		for _, it := range items {
			for _, kid := range it.lines[g.Key] {
				kids = append(kids, kid.id)
			}
		}
		if len(kids) == 0 {
			continue
		}
		if err := s.addToBatch(batch, g.Entity, kids...); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) addToBatch(batch int64, ent *schema.Entity, ids ...int64) error {
	rows := make([]record.Value, 0, 3*len(ids))
	for _, id := range ids {
		rows = append(rows, record.Int(batch), record.Int(id), record.Text(ent.Name))
	}
	return store.Add(s.ctx, s.tx, "deletion", []string{"batch", "record_id", "entity"}, rows)
}

// Bounds of a deletion: how many records that hang under another are deleted
// at a time, and how many in one transaction, which nobody else can write
// beside on SQLite.
const (
	cascadePage = 500
	cascadeMost = 100_000
)

// cascade deletes what hangs under records: what is seen through them goes
// along, others whose required field points to one of them keep it from being
// deleted. left is how many more may go.
func (s *Session) cascade(batch int64, ent *schema.Entity, ids []int64, depth int, left *int) error {
	if depth > maxDepth {
		return errs.New(errs.Internal, "error.rules_deep")
	}
	for _, in := range s.st.Incoming(ent.Name) {
		if in.Field.Many() || schema.IsAnyRef(in.Field) || in.Field == in.From.Parent || !hangsBy(in) && !in.Field.Required {
			continue
		}
		if !hangsBy(in) {
			users, err := s.pointing(in, ids, 1)
			if err != nil {
				return err
			}
			if len(users) > 0 {
				return errs.New(errs.Conflict, "error.delete_used", "entity", in.From.Label.In(s.actor.Env.Locale))
			}
			continue
		}
		if err := s.cascadeAlong(batch, in, ids, depth, left); err != nil {
			return err
		}
	}
	return nil
}

// cascadeAlong deletes, page by page, what hangs under records by one field.
// Where that alone is too much nothing of it is deleted, only to be taken back.
func (s *Session) cascadeAlong(batch int64, in schema.Incoming, under []int64, depth int, left *int) error {
	tooMany := func() error {
		return errs.New(errs.Conflict, "error.delete_many", "entity", in.From.Label.In(s.actor.Env.Locale), "most", strconv.Itoa(cascadeMost))
	}
	for page := 0; ; page++ {
		ids, err := s.pointing(in, under, cascadePage)
		if err != nil || len(ids) == 0 {
			return err
		}
		if page == 0 && len(ids) == cascadePage {
			all, err := s.pointing(in, under, *left+1)
			if err != nil {
				return err
			}
			if len(all) > *left {
				return tooMany()
			}
		}
		if *left -= len(ids); *left < 0 {
			return tooMany()
		}
		items := make([]*item, len(ids))
		for i, id := range ids {
			items[i] = &item{op: access.Delete, kind: history.Delete, id: id, version: AnyVersion, trusted: true}
		}
		if err := s.write(in.From, items); err != nil {
			return err
		}
		for _, it := range items {
			if it.err != nil {
				return it.err
			}
		}
		if err := s.addItems(batch, in.From, items); err != nil {
			return err
		}
		if err := s.cascade(batch, in.From, ids, depth+1, left); err != nil {
			return err
		}
	}
}

// hangsBy says whether records with this reference go along with what it points to.
func hangsBy(in schema.Incoming) bool {
	return in.From.Through == in.Field || in.From.Link
}

// pointing lists up to limit live records that point to any of ids.
func (s *Session) pointing(in schema.Incoming, ids []int64, limit int) ([]int64, error) {
	system := access.System("deletion of what hangs under a record")
	where := &query.Cond{Kind: query.Compare, Field: in.Field, Op: schema.OpIn, Vals: record.Ints(ids).List()}
	if len(ids) == 1 {
		where.Op = schema.OpEq
	}
	var rows sqldb.Rows
	err := store.Page(s.ctx, s.tx, store.Select{Snap: s.st.Snapshot, Entity: in.From, Permit: system.Permit(in.From, access.Read), Rights: system,
		Where: where, Fields: []*schema.Field{in.From.Fields[record.SlotID]}, Limit: limit}, &rows)
	if err != nil {
		return nil, err
	}
	out := make([]int64, rows.Len())
	for i := range out {
		out[i] = rows.At(i, 0).Int()
	}
	return out, nil
}

// RestoreOne takes a record and all that was deleted with it out of the recycle
// bin. A unique value that somebody took meanwhile is reported by field.
func (s *Session) RestoreOne(ent *schema.Entity, id int64) error {
	batch, err := s.batchOf(id)
	if err != nil {
		return err
	}
	first := &item{op: access.Update, kind: kindRestore, id: id, version: AnyVersion}
	if err := s.restore(ent, first); err != nil {
		return err
	}
	for _, part := range batch {
		other := s.st.Entity(part.target)
		if other == nil || part.id == id {
			continue
		}
		it := &item{op: access.Update, kind: kindRestore, id: part.id, version: AnyVersion, trusted: true}
		if err := s.restore(other, it); err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return nil
}

// batchOf lists what was deleted together with a record, itself included. From
// now on the session takes them for present: in whatever order they come back,
// they may point to each other.
func (s *Session) batchOf(id int64) ([]ref, error) {
	sql := "SELECT d.record_id, d.entity FROM deletion d WHERE d.batch = (SELECT max(batch) FROM deletion WHERE record_id = ?1) ORDER BY d.record_id"
	if s.tx.Dialect() == sqldb.Postgres {
		sql = "SELECT d.record_id, d.entity FROM deletion d WHERE d.batch = (SELECT max(batch) FROM deletion WHERE record_id = $1) ORDER BY d.record_id"
	}
	var rows sqldb.Rows
	if err := s.tx.Query(s.ctx, sql, []record.Value{record.Int(id)}, []record.Kind{record.KindInt, record.KindText}, &rows); err != nil {
		return nil, err
	}
	if s.reviving == nil {
		s.reviving = map[int64]bool{}
	}
	out := make([]ref, rows.Len())
	for i := range out {
		out[i] = ref{rows.At(i, 1).Str(), rows.At(i, 0).Int()}
		s.reviving[out[i].id] = true
	}
	return out, nil
}

func (s *Session) restore(ent *schema.Entity, it *item) error {
	if err := s.write(ent, []*item{it}); err != nil {
		return err
	}
	return it.err
}

// Delete deletes a record in a transaction of its own.
func (e *Engine) Delete(ctx context.Context, actor *access.Actor, name string, id, version int64) (batch, changeset int64, err error) {
	err = e.InTx(ctx, actor, func(s *Session) error {
		ent, err := e.entity(s.st, name)
		if err != nil {
			return err
		}
		changeset = s.changeset
		batch, err = s.DeleteOne(ent, id, version)
		return err
	})
	return batch, changeset, err
}

// Restore brings a record back in a transaction of its own.
func (e *Engine) Restore(ctx context.Context, actor *access.Actor, name string, id int64) error {
	return e.InTx(ctx, actor, func(s *Session) error {
		ent, err := e.entity(s.st, name)
		if err != nil {
			return err
		}
		return s.RestoreOne(ent, id)
	})
}
