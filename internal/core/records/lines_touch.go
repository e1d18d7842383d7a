package records

import (
	"cmp"
	"slices"

	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// line names a line that changed apart from its record.
type line struct {
	parent, id int64
}

// touch notes which lines a write changes, before it is stored: with their
// record, or apart from it, when a rule or an undo writes them.
func (s *Session) touch(ent *schema.Entity, it *item) {
	for i := range ent.Lines {
		g := &ent.Lines[i]
		for _, kid := range it.lines[g.Key] {
			if kid.settle(g.Entity); kid.idle() {
				continue
			}
			if kid.id == 0 {
				kid.id = int64(s.e.IDs.Next())
			}
			it.touchLine(g.Key, kid.id)
			s.only = nil // what it sums up of them was kept in the database
		}
	}
	if ent.Of != nil && it.under == nil {
		if s.touched == nil {
			s.touched = map[line]string{}
		}
		s.touched[line{it.after.At(ent.Parent.Slot).Int(), it.id}] = ent.Name
	}
	for l, name := range s.touched {
		if l.parent != it.id {
			continue
		}
		if of := s.st.Entity(name); of.Of == ent {
			it.touchLine(of.Group().Key, l.id)
			delete(s.touched, l)
		}
	}
}

func (it *item) touchLine(group string, id int64) {
	if it.touched == nil {
		it.touched = map[string][]int64{}
	}
	it.touched[group] = append(it.touched[group], id)
}

// touchedLines is what the history of a record says of its lines: which ones
// changed. What they were is in their own.
func (it *item) touchedLines(ent *schema.Entity) []history.Value {
	var out []history.Value
	for _, g := range ent.Lines {
		if ids := it.touched[g.Key]; len(ids) > 0 && it.op == access.Update {
			slices.Sort(ids)
			out = append(out, history.Value{Field: g.Key, Was: record.Ints(ids)})
		}
	}
	return out
}

// touchRecords raises the versions of live records whose lines changed apart
// from them: whoever has one of them open must see it.
func (s *Session) touchRecords() error {
	for len(s.touched) > 0 {
		var of *schema.Entity
		byID := map[int64]*item{}
		var items []*item
		for l, name := range s.touched {
			ent := s.st.Entity(name)
			if of != nil && ent.Of != of {
				continue
			}
			of = ent.Of
			it := byID[l.parent]
			if it == nil {
				it = &item{op: access.Update, kind: history.Update, id: l.parent, version: AnyVersion, trusted: true}
				byID[l.parent] = it
				items = append(items, it)
			}
			if !s.reviving[l.parent] {
				it.touchLine(ent.Group().Key, l.id)
			}
			delete(s.touched, l)
		}
		slices.SortFunc(items, func(a, b *item) int { return cmp.Compare(a.id, b.id) })
		if err := s.write(of, items); err != nil { // one that is deleted keeps its error: there is nothing to tell
			return err
		}
	}
	return nil
}
