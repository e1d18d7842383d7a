package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// undoChunk is how many entries one transaction takes back.
const undoChunk = 500

// UndoConflict is a record that an undo left alone, and why.
type UndoConflict struct {
	Entity string
	ID     int64
	Label  string
	Fields []string // changed again since; empty = the whole record
	Reason string   // message key
}

// UndoReport is what an undo did.
type UndoReport struct {
	Changeset int64 // of the undo itself
	Undone    int
	Conflicts []UndoConflict
}

// Undo takes a changeset back by inverse writes, newest first: created records
// go, deleted ones come back, changed fields get their old values where nothing
// changed since; the rest is reported and left as it is.
func (e *Engine) Undo(ctx context.Context, actor *access.Actor, changeset int64, progress func(done int)) (UndoReport, error) {
	report := UndoReport{Changeset: int64(e.IDs.Next())}
	var before int64
	begun := false
	for {
		n, last := 0, before
		err := e.InChangeset(ctx, actor, report.Changeset, func(s *Session) error {
			entries, err := e.History.InBackwards(ctx, s.tx, changeset, before, undoChunk)
			if err != nil {
				return err
			}
			n, last = len(entries), before
			if !begun {
				if n == 0 {
					return notFound()
				}
				if err := s.mayUndo(changeset, entries[0]); err != nil {
					return err
				}
				if err := s.Describe("undo", ref13(changeset), changeset); err != nil {
					return err
				}
			}
			part := UndoReport{}
			for _, h := range entries {
				if err := s.undoOne(h, &part); err != nil {
					return err
				}
				last = h.ID
			}
			s.tx.AfterCommit(func() {
				report.Undone += part.Undone
				report.Conflicts = append(report.Conflicts, part.Conflicts...)
			})
			return nil
		})
		if err != nil {
			return report, err
		}
		begun, before = true, last
		if progress != nil {
			progress(report.Undone + len(report.Conflicts))
		}
		if n < undoChunk {
			return report, nil
		}
	}
}

// Changesets lists described changesets, newest first; members see their own.
func (e *Engine) Changesets(ctx context.Context, actor *access.Actor, before int64, limit int) ([]history.Changeset, error) {
	if limit <= 0 || limit > MaxLimit {
		limit = DefaultLimit
	}
	var out []history.Changeset
	err := e.DB.Read(ctx, func(q sqldb.Querier) error {
		who := actor.ID()
		if actor.Admin() {
			who = 0
		}
		var err error
		out, err = e.History.Changesets(ctx, q, who, before, limit)
		return err
	})
	return out, err
}

// mayUndo lets members take back their own writes, administrators everybody's.
func (s *Session) mayUndo(_ int64, h history.Entry) error {
	if s.actor.Admin() || h.Actor == s.actor.ID() && h.Actor != 0 {
		return nil
	}
	return notFound()
}

func (s *Session) undoOne(h history.Entry, report *UndoReport) error {
	ent := s.st.Entity(h.Entity)
	conflict := func(label, reason string, fields ...string) {
		report.Conflicts = append(report.Conflicts, UndoConflict{Entity: h.Entity, ID: h.Record, Label: label, Reason: reason, Fields: fields})
	}
	if ent == nil {
		conflict("", "undo.entity_gone")
		return nil
	}
	live, err := s.read(s.ctx, ent, []int64{h.Record}, false)
	if err != nil {
		return err
	}
	it := &item{id: h.Record, version: AnyVersion, trusted: true}
	var skipped []string
	switch h.Kind {
	case history.Create:
		if len(live) == 0 {
			return nil // gone already: nothing to take back
		}
		if later, err := s.changedSince(h, nil); err != nil || len(later) > 0 {
			if err == nil {
				conflict(title(ent, live[0]), "undo.changed_since", later...)
			}
			return err
		}
		it.op, it.kind = access.Delete, history.Delete
	case history.Delete:
		if len(live) > 0 {
			return nil
		}
		it.op, it.kind = access.Update, kindRestore
	case history.Restore:
		it.op, it.kind = access.Delete, history.Delete
	default:
		if len(live) == 0 {
			conflict("", "undo.deleted_since")
			return nil
		}
		later, err := s.changedSince(h, h.Before)
		if err != nil {
			return err
		}
		it.op, it.kind = access.Update, history.Update
		it.fill = func(r *record.Record) {
			for _, v := range h.Before {
				if f := ent.Field(v.Field); f != nil && !contains(later, v.Field) && !schema.IsFormula(f) {
					r.Set(v.Field, v.Was)
				}
			}
		}
		if skipped = later; len(skipped) > 0 {
			conflict(title(ent, live[0]), "undo.changed_since", skipped...)
			if len(skipped) == len(h.Before) {
				return nil
			}
		}
	}
	if err := s.write(ent, []*item{it}); err != nil {
		return err
	}
	switch {
	case it.err != nil:
		conflict("", errs.KeyOf(it.err))
	case len(skipped) == 0:
		report.Undone++
	}
	return nil
}

func title(ent *schema.Entity, r *record.Record) string {
	return ent.Title.Type.Text(ent.Title, r.At(ent.Title.Slot), nil)
}

// changedSince lists the fields that entries later than h, outside its
// changeset and not themselves taken back, changed; of any field when asked is nil.
func (s *Session) changedSince(h history.Entry, asked []history.Value) ([]string, error) {
	all, err := s.e.History.Of(s.ctx, s.tx, h.Record, 0, 1000)
	if err != nil {
		return nil, err
	}
	undone, err := s.undoneAmong(all)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, later := range all {
		if later.ID <= h.ID {
			break
		}
		if later.Changeset == h.Changeset || later.Changeset == s.changeset || undone[later.Changeset] {
			continue
		}
		if asked == nil {
			out = appendMissing(out, fieldsOf(later)...)
			continue
		}
		for _, v := range later.Before {
			for _, a := range asked {
				if a.Field == v.Field {
					out = appendMissing(out, v.Field)
				}
			}
		}
	}
	return out, nil
}

func fieldsOf(h history.Entry) []string {
	out := []string{}
	for _, v := range h.Before {
		out = append(out, v.Field)
	}
	if len(out) == 0 {
		out = append(out, h.Kind)
	}
	return out
}

func appendMissing(list []string, add ...string) []string {
	for _, s := range add {
		if !contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// undoneAmong finds which changesets among entries were taken back, or take
// another one back: both cancel out.
func (s *Session) undoneAmong(entries []history.Entry) (map[int64]bool, error) {
	ids := make([]record.Value, 0, len(entries))
	for _, h := range entries {
		ids = append(ids, record.Int(h.Changeset))
	}
	sql := "SELECT id, undoes FROM changeset WHERE undoes <> 0 AND (undoes IN (SELECT value FROM json_each(?1)) OR id IN (SELECT value FROM json_each(?1)))"
	if s.tx.Dialect() == sqldb.Postgres {
		sql = "SELECT id, undoes FROM changeset WHERE undoes <> 0 AND (undoes = ANY($1) OR id = ANY($1))"
	}
	out := map[int64]bool{}
	var rows sqldb.Rows
	if len(ids) == 0 {
		return out, nil
	}
	if err := s.tx.Query(s.ctx, sql, []record.Value{record.List(ids)}, []record.Kind{record.KindInt, record.KindInt}, &rows); err != nil {
		return nil, err
	}
	for i := range rows.Len() {
		out[rows.At(i, 0).Int()] = true
		out[rows.At(i, 1).Int()] = true
	}
	return out, nil
}
