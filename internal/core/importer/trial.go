package importer

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// trial is what a dry run remembers in place of the database.
type trial struct {
	keys  map[string]bool // of rows that would have made a record
	names map[string]bool // by which other rows may mean them
	held  map[int]bool
	marks []mark
}

func newTrial() *trial {
	return &trial{keys: map[string]bool{}, names: map[string]bool{}, held: map[int]bool{}}
}

// took takes over what a chunk did.
func (t *trial) took(out *outcome) {
	for _, m := range out.marks {
		if m.held {
			t.held[m.row] = true
			continue
		}
		delete(t.held, m.row)
		t.marks = append(t.marks, m)
	}
	for _, row := range out.drop {
		delete(t.held, row)
	}
}

// name remembers by what a row could be meant.
func (t *trial) name(ent *schema.Entity, d *draft) {
	for _, name := range namesOf(ent, d) {
		t.names[name] = true
	}
}

// namesOf are the texts by which other rows may mean a row.
func namesOf(ent *schema.Entity, d *draft) (out []string) {
	for _, in := range d.inputs {
		f := in.Field
		if f == ent.Title || f.Unique || f.Key == "external_id" || f.Key == "employee_no" || f.Key == "email" {
			if name := text.Key(in.Value.Str()); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}

// meant says whether every text that a row waits for names a row of the file.
func (t *trial) meant(d *draft) bool {
	return !slices.ContainsFunc(d.missing, func(s string) bool { return !t.names[text.Key(s)] })
}

// refused lists the rows that failed, in the order of the file.
func (t *trial) refused() []mark {
	slices.SortFunc(t.marks, func(a, b mark) int { return a.row - b.row })
	return t.marks
}
