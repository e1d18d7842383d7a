package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// checkUnique refuses values that another record has already, one by one and by
// field. The index of the database stands behind it, but its refusal would end
// the whole transaction.
func (s *Session) checkUnique(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, f := range ent.Fields {
		if !f.Unique || f.Retired || !f.Stored() || schema.IsAnyRef(f) {
			continue
		}
		if err := s.checkUniqueField(ctx, ent, f, alive(items)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) checkUniqueField(ctx context.Context, ent *schema.Entity, f *schema.Field, items []*item) error {
	key := store.UniqueKey(f)
	first := map[record.Value]*item{}
	written := map[int64]bool{}
	var vals []record.Value
	var hold []string
	taken := func(it *item) {
		it.err = errs.Join([]*errs.Error{errs.New(errs.Duplicate, "error.unique").At(f.Key)})
	}
	for _, it := range items {
		v := it.after.At(f.Slot)
		if it.before != nil && it.kind != kindRestore && (it.op == access.Delete || !it.before.At(f.Slot).Equal(v)) {
			written[it.id] = true // its old value is free
		}
		if it.op == access.Delete || v.IsNull() || it.before != nil && it.kind != kindRestore && it.before.At(f.Slot).Equal(v) {
			continue
		}
		form := key.Form(v)
		if first[form] != nil {
			taken(it)
			continue
		}
		first[form] = it
		vals = append(vals, form)
		hold = append(hold, "unique:"+ent.Name+":"+f.Key+":"+f.Type.Text(f, form, nil))
	}
	if len(vals) == 0 {
		return nil
	}
	if err := s.tx.Guard(ctx, hold...); err != nil {
		return err
	}
	system := access.System("unique value")
	fields := withID(ent, []*schema.Field{f})
	var rows sqldb.Rows
	if err := store.Lookup(ctx, s.tx, store.Select{Snap: s.st.Snapshot, Entity: ent, Permit: system.Permit(ent, access.Read), Rights: system, Fields: fields}, key, vals, &rows); err != nil {
		return err
	}
	for i := range rows.Len() {
		it := first[key.Form(rows.At(i, 1))]
		if n := rows.At(i, 0).Int(); it != nil && n != it.id && !written[n] {
			taken(it)
		}
	}
	return nil
}
