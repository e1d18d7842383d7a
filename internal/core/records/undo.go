package records

import (
	"context"
	"errors"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// undoEntries is how many entries one transaction takes back.
const undoEntries = 500

// UndoConflict is a record that an undo left alone, and why.
type UndoConflict struct {
	Entity string
	ID     int64
	Label  string
	Fields []string          // changed again since; empty = the whole record
	Reason string            // message key
	Args   map[string]string // of the message
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
	u := UndoWork{Changeset: changeset, As: int64(e.IDs.Next())}
	for more := true; more; {
		var err error
		if more, err = e.undoChunk(ctx, actor, &u, nil); err != nil {
			return u.report(), err
		}
		if progress != nil {
			progress(u.Undone + len(u.Conflicts))
		}
	}
	return u.report(), nil
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

// undoOne takes one entry back, or says in the report why it did not.
func (s *Session) undoOne(h history.Entry, report *UndoReport) error {
	ent := s.st.Entity(h.Entity)
	if ent == nil {
		report.Conflicts = append(report.Conflicts, UndoConflict{Entity: h.Entity, ID: h.Record, Reason: "undo.entity_gone"})
		return nil
	}
	h.Before = slices.DeleteFunc(h.Before, func(v history.Value) bool { return ent.Line(v.Field) != nil }) // they have entries of their own
	live, err := s.read(s.ctx, ent, []int64{h.Record}, false)
	if err != nil {
		return err
	}
	if (h.Kind == history.Create || h.Kind == history.Restore) && len(live) == 0 || h.Kind == history.Delete && len(live) > 0 {
		return nil // it is so already: nothing to take back
	}
	later, err := s.changedSince(h)
	if err != nil {
		return err
	}
	// What nobody touched since goes back to what the actor found; what was
	// touched must be within his rights as it is now.
	it := &item{id: h.Record, version: AnyVersion, trusted: len(later) == 0, exact: true}
	if ent.Personal && len(later) > 0 {
		return nil // what somebody was told and has seen is his
	}
	stays := s.invert(ent, h, it, later)
	if stays == nil && h.Kind == history.Create {
		if stays, err = s.leaned(ent, h); err != nil {
			return err
		}
	}
	switch {
	case stays != nil:
	case !s.actor.Narrow.Allows(owning(ent).Name, it.op):
		stays = forbidden(string(it.op))
	case it.kind == kindRestore:
		if _, err = s.batchOf(h.Record); err != nil {
			return err
		}
		fallthrough
	case it.fill != nil || it.op == access.Delete:
		if err := s.write(ent, []*item{it}); err != nil {
			return err
		}
		stays = it.err
	default:
		if len(h.Before) == 0 {
			return nil // a verb that changed nothing of the record itself
		}
	}
	skipped := touchedAgain(h, later)
	if stays == nil && len(skipped) == 0 {
		if !ent.Personal {
			report.Undone++
		}
		return nil
	}
	return s.leave(ent, h, live, stays, skipped, report)
}

// invert makes it the inverse of an entry. It gives the reason why there is none.
func (s *Session) invert(ent *schema.Entity, h history.Entry, it *item, later []string) error {
	switch h.Kind {
	case history.Create:
		it.op, it.kind = access.Delete, history.Delete
		if len(later) > 0 {
			return errs.New(errs.Conflict, "undo.changed_since")
		}
	case history.Restore:
		it.op, it.kind = access.Delete, history.Delete
	case history.Delete:
		it.op, it.kind = access.Update, kindRestore
	default:
		it.op, it.kind = access.Update, history.Update
		skipped := touchedAgain(h, later)
		if len(skipped) == len(h.Before) {
			if len(skipped) > 0 {
				return errs.New(errs.Conflict, "undo.changed_since")
			}
			return nil
		}
		it.fill = func(r *record.Record) {
			for _, v := range h.Before {
				if f := ent.Field(v.Field); f != nil && !contains(skipped, v.Field) && !schema.IsFormula(f) {
					r.Set(v.Field, v.Was)
				}
			}
		}
	}
	return nil
}

// mostBorn is how many records that came with one are looked at before it is
// taken back.
const mostBorn = 2000

// leaned says what keeps a new record from being taken back: others that hang
// under it or need it. What a rule made with it, and nobody touched since, goes
// along, whichever of them was written down first.
func (s *Session) leaned(ent *schema.Entity, h history.Entry) (stays, err error) {
	for _, in := range s.st.Incoming(ent.Name) {
		if !in.Field.Required && !hangsBy(in) || in.Field.Many() || schema.IsAnyRef(in.Field) {
			continue
		}
		users, err := s.pointing(in, []int64{h.Record}, mostBorn+1)
		if err != nil {
			return nil, err
		}
		alone := len(users) > mostBorn
		for _, n := range users {
			later, err := s.changedSince(history.Entry{Record: n, Changeset: h.Changeset})
			if err != nil {
				return nil, err
			}
			alone = alone || len(later) > 0
		}
		if alone {
			return errs.New(errs.Conflict, "error.delete_used", "entity", in.From.Label.In(s.actor.Env.Locale)), nil
		}
	}
	return nil, nil
}

// leave reports a record that stays as it is. Of one that the actor may not
// read he learns no more than that.
func (s *Session) leave(ent *schema.Entity, h history.Entry, live []*record.Record, stays error, skipped []string, report *UndoReport) error {
	c := UndoConflict{Entity: h.Entity, ID: h.Record, Reason: "undo.changed_since"}
	if coded, ok := errors.AsType[*errs.Error](stays); ok {
		if len(coded.Sub) > 0 {
			coded = coded.Sub[0]
		}
		c.Reason, c.Args = coded.Key, coded.Args
	}
	if len(live) > 0 {
		owner, whole, err := s.whole(s.ctx, ent, live[0])
		if err != nil || whole == nil {
			return err
		}
		root, rootEnt, err := s.root(s.ctx, owner, whole)
		if err != nil {
			return err
		}
		if s.actor.Permit(ent, access.Read).Allows(owner, whole, root, rootEnt) {
			c.Label = title(s.actor, ent, live[0])
			for _, key := range skipped {
				if f := ent.Field(key); f != nil && s.actor.Level(ent, f) > schema.Hidden {
					c.Fields = append(c.Fields, key)
				}
			}
		}
	} else if h.Kind != history.Delete {
		c.Reason, c.Args = "undo.deleted_since", nil
	}
	report.Conflicts = append(report.Conflicts, c)
	return nil
}

// title is the shown name of a record that the actor may read.
func title(actor *access.Actor, ent *schema.Entity, r *record.Record) string {
	if actor.Level(ent, ent.Title) < schema.Read {
		return ref13(r.ID())
	}
	return ent.Title.Type.Text(ent.Title, r.At(ent.Title.Slot), nil)
}

// changedSince lists the fields that entries later than h, outside its
// changeset and not themselves taken back, changed.
func (s *Session) changedSince(h history.Entry) ([]string, error) {
	var since []history.Entry
	for before, on := int64(0), true; on; {
		page, err := s.e.History.Of(s.ctx, s.tx, h.Record, before, historyPage)
		if err != nil {
			return nil, err
		}
		on = len(page) == historyPage
		for _, later := range page {
			if before = later.ID; before <= h.ID {
				on = false
				break
			}
			since = append(since, later)
		}
	}
	undone, err := s.undoneAmong(since)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, later := range since {
		if later.Changeset == h.Changeset || later.Changeset == s.changeset || undone[later.Changeset] {
			continue
		}
		out = appendMissing(out, fieldsOf(later)...)
	}
	return out, nil
}

// touchedAgain lists the fields of an entry that changed since.
func touchedAgain(h history.Entry, later []string) []string {
	var out []string
	for _, v := range h.Before {
		if contains(later, v.Field) {
			out = append(out, v.Field)
		}
	}
	return out
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
// another one back: both cancel out. Taken back again, an undo cancels nothing,
// and one that left this record alone took nothing back here.
func (s *Session) undoneAmong(entries []history.Entry) (map[int64]bool, error) {
	ids := make([]record.Value, 0, len(entries))
	here := map[int64]bool{}
	for _, h := range entries {
		if !here[h.Changeset] {
			here[h.Changeset] = true
			ids = append(ids, record.Int(h.Changeset))
		}
	}
	sql := "SELECT id, undoes FROM changeset WHERE undoes <> 0 AND id IN (SELECT value FROM json_each(?1)) ORDER BY id DESC"
	if s.tx.Dialect() == sqldb.Postgres {
		sql = "SELECT id, undoes FROM changeset WHERE undoes <> 0 AND id = ANY($1) ORDER BY id DESC"
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
		if id := rows.At(i, 0).Int(); !out[id] {
			out[id], out[rows.At(i, 1).Int()] = true, true
		}
	}
	return out, nil
}
