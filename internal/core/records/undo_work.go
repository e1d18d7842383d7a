package records

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// UndoKind is the kind of jobs that take a large changeset back.
const UndoKind = "undo"

// UndoWork is the undoing of a changeset and how far it is: kept with every
// step, so that it goes on after a crash.
type UndoWork struct {
	Who       Who   `json:"who"`
	Changeset int64 `json:"changeset"`
	As        int64 `json:"as"`     // the changeset of the undo itself
	Before    int64 `json:"before"` // entries from here on are done, 0 = none is
	Total     int   `json:"total"`

	Undone    int            `json:"undone"`
	Conflicts []UndoConflict `json:"conflicts,omitempty"`
}

func (u *UndoWork) report() UndoReport {
	return UndoReport{Changeset: u.As, Undone: u.Undone, Conflicts: u.Conflicts}
}

// PlanUndo makes the work of taking a changeset back, or says why the actor
// may not.
func (e *Engine) PlanUndo(ctx context.Context, actor *access.Actor, changeset int64) (u UndoWork, err error) {
	u = UndoWork{Who: WhoIs(actor), Changeset: changeset, As: int64(e.IDs.Next())}
	err = e.InTx(ctx, actor, func(s *Session) error {
		entries, err := e.History.InBackwards(ctx, s.tx, changeset, 0, 1)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return notFound()
		}
		if err := s.mayUndo(changeset, entries[0]); err != nil {
			return err
		}
		u.Total, err = e.History.Count(ctx, s.tx, changeset)
		return err
	})
	return u, err
}

// RunUndo takes chunk after chunk back. step is called in the transaction of
// each with what to keep of u; progress may be nil.
func (e *Engine) RunUndo(ctx context.Context, u *UndoWork, step func(ctx context.Context, tx sqldb.Tx, u *UndoWork) error, progress func(done, total int)) (UndoReport, error) {
	actor, err := e.Actor(u.Who)
	if err != nil {
		return UndoReport{}, err
	}
	for more := true; more; {
		if ctx.Err() != nil {
			return u.report(), context.Cause(ctx)
		}
		if more, err = e.undoChunk(ctx, actor, u, step); err != nil {
			return u.report(), err
		}
		if progress != nil {
			done := u.Undone + len(u.Conflicts)
			progress(done, max(u.Total, done))
		}
	}
	return u.report(), nil
}

// undoChunk takes the next entries back in one transaction and says whether
// there may be more.
func (e *Engine) undoChunk(ctx context.Context, actor *access.Actor, u *UndoWork, step func(context.Context, sqldb.Tx, *UndoWork) error) (more bool, err error) {
	var next UndoWork
	err = e.InChangeset(ctx, actor, u.As, func(s *Session) error {
		next = *u
		entries, err := e.History.InBackwards(ctx, s.tx, u.Changeset, u.Before, undoEntries)
		if err != nil {
			return err
		}
		if u.Before == 0 {
			if err := s.beginUndo(u.Changeset, entries); err != nil {
				return err
			}
		}
		if len(entries) > 0 {
			next.Before = entries[len(entries)-1].ID
		}
		report := UndoReport{}
		for _, h := range newestFirst(entries) {
			if err := s.undoOne(h, &report); err != nil {
				return err
			}
		}
		next.Undone += report.Undone
		next.Conflicts = append(append([]UndoConflict(nil), u.Conflicts...), report.Conflicts...)
		more = len(entries) == undoEntries
		if step == nil {
			return nil
		}
		return step(ctx, s.tx, &next)
	})
	if err == nil {
		*u = next
	}
	return more, err
}

// newestFirst puts what was done to one record several times in the order in which
// it was done, backwards: a rule within a write is written down before the write
// is. Records keep their places among each other.
func newestFirst(entries []history.Entry) []history.Entry {
	places := map[int64][]int{}
	for i, h := range entries {
		places[h.Record] = append(places[h.Record], i)
	}
	out := slices.Clone(entries)
	for _, at := range places {
		list := make([]history.Entry, len(at))
		for n, i := range at {
			list[n] = entries[i]
		}
		slices.SortStableFunc(list, func(a, b history.Entry) int { return cmp.Compare(b.Version, a.Version) })
		for n, i := range at {
			out[i] = list[n]
		}
	}
	return out
}

// beginUndo checks the right to take a changeset back and notes that it is.
func (s *Session) beginUndo(changeset int64, entries []history.Entry) error {
	if len(entries) == 0 {
		return notFound()
	}
	if err := s.mayUndo(changeset, entries[0]); err != nil {
		return err
	}
	return s.Describe("undo", ref13(changeset), changeset)
}
