package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Handed is what a member gave to another one in one write: records that he
// made for him, or that are his from now on.
type Handed struct {
	From, To  int64 // members
	Entity    string
	Record    int64  // the first of them
	Title     string // the first one's
	Count     int
	New       bool // the first one was made, not handed over
	Changeset int64
	At        int64 // µs
}

// Silent keeps a write of many records from telling those whom it gives some.
func (s *Session) Silent() { s.silent = true }

// hand notes that a record has another owner than the one who writes. What
// rules write and what an undo brings back is nobody's gift.
func (s *Session) hand(ent *schema.Entity, it *item) {
	from, program := s.actor.ID(), s.actor.Via == "key"
	if program && it.before == nil {
		return // a program makes many, and says so itself
	}
	if s.e.Handed == nil || s.silent || from == 0 || ent.Owner == nil || ent.Personal || it.trusted || it.exact || it.kind == kindRestore || it.op == access.Delete {
		return
	}
	owner := it.after.At(ent.Owner.Slot)
	if owner.IsNull() || owner.Int() == from || it.before != nil && it.before.At(ent.Owner.Slot).Equal(owner) {
		return
	}
	for i := range s.handed {
		if h := &s.handed[i]; h.To == owner.Int() && h.Entity == ent.Name {
			h.Count++
			return
		}
	}
	s.handed = append(s.handed, Handed{From: from, To: owner.Int(), Entity: ent.Name, Record: it.id, Title: ent.Title.Type.Text(ent.Title, it.after.At(ent.Title.Slot), nil),
		Count: 1, New: it.before == nil, Changeset: s.changeset, At: s.now})
}

// tell tells those who were given something, once for each entity.
func (s *Session) tell(ctx context.Context) error {
	for _, h := range s.handed {
		if err := s.e.Handed(ctx, s, h); err != nil {
			return err
		}
	}
	return nil
}
