package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Lines keep some fields of their record (schema.Copy). New ones get them as
// they are stored, those that are there when the record changes, in the same
// transaction; each night they are looked at again.

// copied is what a line that is written with its record keeps of it.
func (it *item) copied(ent *schema.Entity, f *schema.Field) []record.Value {
	if it.under == nil {
		return nil
	}
	for _, c := range ent.Copies {
		if c.Field == f {
			return c.Of.Type.Expand(c.Of, it.under.after.At(c.Of.Slot), nil)
		}
	}
	return nil
}

// copyDown tells the lines of a record what they keep of it, where that changed.
func (s *Session) copyDown(ctx context.Context, ent *schema.Entity, it *item) error {
	for _, g := range ent.Lines {
		if err := store.SetCopies(ctx, s.tx, g.Entity, it.after, it.changed); err != nil {
			return err
		}
	}
	return nil
}

// copyLate gives lines that a rule made apart from their record what they keep of it.
func (s *Session) copyLate(ctx context.Context, ent *schema.Entity, made []*item) error {
	if len(ent.Copies) == 0 {
		return nil
	}
	var ids []record.Value
	for _, it := range made {
		if it.under == nil {
			ids = append(ids, record.Int(it.id))
		}
	}
	_, err := store.FillCopies(ctx, s.tx, ent, ids)
	return err
}

// copyPage is how many lines one transaction looks at.
const copyPage = 2000

// RepairCopies writes into the lines of an entity what they keep of their
// records, page by page, where it is another, and says of how many it was: the
// nightly job, and what fills them in when a newer program begins to keep them.
func RepairCopies(ctx context.Context, db sqldb.DB, ent *schema.Entity, progress func(done int)) (n int64, err error) {
	var after int64
	for done := 0; len(ent.Copies) > 0; {
		var ids []record.Value
		var mended int64
		err := db.Write(ctx, func(tx sqldb.Tx) (err error) {
			if ids, err = store.After(ctx, tx, ent, after, copyPage); err != nil {
				return err
			}
			mended, err = store.FillCopies(ctx, tx, ent, ids)
			return err
		})
		if err != nil {
			return n, err
		}
		n += mended
		if done += len(ids); progress != nil {
			progress(done)
		}
		if len(ids) < copyPage {
			return n, nil
		}
		after = ids[len(ids)-1].Int()
	}
	return 0, nil
}

// RepairCopies is RepairCopies for an entity of the registry.
func (e *Engine) RepairCopies(ctx context.Context, name string) (int64, error) {
	ent := e.Registry.State().Entity(name)
	if ent == nil {
		return 0, errNoEntity(name)
	}
	n, err := RepairCopies(ctx, e.DB, ent, nil)
	if n > 0 {
		e.Log.Warn("lines kept what their records no longer said", "entity", name, "lines", n)
		e.AuditAccess(ctx, access.System("what lines keep of their records"), "repair_copies", 0, err == nil, name)
	}
	return n, err
}

// SettleMonths has an entity keep added up the months before a day that have
// least rows or more (schema.Months), and says how many it added up: those that
// were not, or that are not what their rows come to.
func (e *Engine) SettleMonths(ctx context.Context, name, before string, least int) (n int64, err error) {
	ent := e.Registry.State().Entity(name)
	if ent == nil || ent.Months == nil {
		return 0, errNoEntity(name)
	}
	var months []string
	var settled []bool
	err = e.DB.Read(ctx, func(q sqldb.Querier) error {
		months, settled, err = store.MonthsWithin(ctx, q, ent, before, least)
		return err
	})
	for i := 0; err == nil && i < len(months); i++ {
		if settled[i] {
			var wrong int64
			err = e.DB.Read(ctx, func(q sqldb.Querier) error {
				wrong, err = store.SettledWrongly(ctx, q, ent, months[i])
				return err
			})
			if err != nil || wrong == 0 {
				continue
			}
			e.Log.Warn("a month was kept added up otherwise than its rows", "entity", name, "month", months[i], "rows", wrong)
			e.AuditAccess(ctx, access.System("what months come to"), "repair_months", 0, true, name+" "+months[i])
		}
		if err = e.DB.Write(ctx, func(tx sqldb.Tx) error { return store.Settle(ctx, tx, ent, months[i]) }); err == nil {
			n++
		}
	}
	return n, err
}
