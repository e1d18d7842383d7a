package records

import (
	"errors"
	"maps"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Patch is one record of a batch.
type Patch struct {
	ID      int64 // 0 = create
	Version int64
	Inputs  []Input
}

// Batch writes several records of one entity. Records that fail a check carry
// their error in the result; the others are written. With atomic one failure
// makes the whole call fail.
func (s *Session) Batch(ent *schema.Entity, patches []Patch, atomic bool) ([]Result, error) {
	items := make([]*item, len(patches))
	for i, p := range patches {
		items[i] = &item{op: access.Update, kind: history.Update, id: p.ID, version: p.Version, inputs: p.Inputs}
		if p.ID == 0 {
			items[i].op, items[i].kind = access.Create, history.Create
		}
	}
	return s.batch(ent, items, atomic)
}

func (s *Session) batch(ent *schema.Entity, items []*item, atomic bool) ([]Result, error) {
	if err := s.writeAll(ent, items, atomic); err != nil {
		return nil, err
	}
	out := make([]Result, len(items))
	for i, it := range items {
		out[i] = it.result(s)
		if it.err != nil && atomic {
			return out, it.err
		}
	}
	return out, s.noteDenials(ent, out)
}

// noteDenials audits what was refused among several: the others are written, so
// no rolled back transaction speaks of it.
func (s *Session) noteDenials(ent *schema.Entity, results []Result) error {
	for _, r := range results {
		if !denied(r.Err) {
			continue
		}
		row := s.e.auditRow(s.actor, "denied", ent.Name, r.ID, s.changeset)
		row.Outcome, row.Detail = audit.Deny, opOf(r.Err)
		if err := audit.Append(s.ctx, s.tx, s.e.AuditKey, row); err != nil {
			return err
		}
	}
	return nil
}

// writeAll writes items together. What the database or a rule that writes
// refuses is found out too late for an item to drop out: then everything runs
// again with care, so that it fails alone. What goes well costs no savepoint.
func (s *Session) writeAll(ent *schema.Entity, items []*item, atomic bool) error {
	if s.careful && !atomic {
		return s.writeApart(ent, items)
	}
	err := s.write(ent, items)
	if err != nil && !atomic && AboutRow(err) {
		return &apart{err}
	}
	return err
}

// apart asks for the transaction to run again with care.
type apart struct{ err error }

func (a *apart) Error() string { return a.err.Error() }

// Unwrap gives what was refused.
func (a *apart) Unwrap() error { return a.err }

// writeApart writes items in parts that fail alone, and a part that fails in
// halves, until what is refused stands alone and keeps its error.
func (s *Session) writeApart(ent *schema.Entity, items []*item) error {
	err := s.part(func() error { return s.write(ent, items) })
	if err == nil || !AboutRow(err) {
		return err
	}
	for _, it := range items {
		it.reset()
	}
	if len(items) == 1 {
		items[0].err = err
		return nil
	}
	half := len(items) / 2
	if err := s.writeApart(ent, items[:half]); err != nil {
		return err
	}
	return s.writeApart(ent, items[half:])
}

// part runs fn so that it can fail alone.
func (s *Session) part(fn func() error) error {
	before := maps.Clone(s.touched)
	err := s.tx.Sub(s.ctx, fn)
	if err != nil {
		s.roots, s.only = nil, nil // they may have been written in it
		s.touched = before
	}
	return err
}

// reset takes an item back to what was asked.
func (it *item) reset() {
	if it.op == access.Create {
		it.id = 0
	}
	it.before, it.after, it.changed, it.hits, it.err = nil, nil, nil, nil, nil
	it.lines, it.touched = nil, nil
}

// AboutRow says whether an error refuses one record among several, so that the
// others can still be written.
func AboutRow(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return false
	}
	switch e.Code {
	case errs.Invalid, errs.BadRequest, errs.Duplicate, errs.Conflict, errs.Forbidden, errs.NotFound, errs.Locked, errs.TooLarge:
		return true
	}
	return false
}

// DeleteMany deletes records one by one under one changeset.
func (s *Session) DeleteMany(ent *schema.Entity, ids []int64, atomic bool) ([]Result, error) {
	return s.each(ent, ids, atomic, func(id int64) error {
		_, err := s.DeleteOne(ent, id, AnyVersion)
		return err
	})
}

// RestoreMany restores records one by one under one changeset.
func (s *Session) RestoreMany(ent *schema.Entity, ids []int64, atomic bool) ([]Result, error) {
	return s.each(ent, ids, atomic, func(id int64) error { return s.RestoreOne(ent, id) })
}

func (s *Session) each(ent *schema.Entity, ids []int64, atomic bool, do func(int64) error) ([]Result, error) {
	out := make([]Result, len(ids))
	for i, id := range ids {
		err := s.part(func() error { return do(id) })
		out[i] = Result{ID: id, Changeset: s.changeset, Err: err}
		if err != nil && (atomic || !AboutRow(err)) {
			return out, err
		}
	}
	return out, s.noteDenials(ent, out)
}
