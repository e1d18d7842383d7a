package records

import (
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// givenLines are the lines of the groups that were given, in order, as they
// would be.
func (it *item) givenLines(ent *schema.Entity) map[string][]*record.Record {
	out := map[string][]*record.Record{}
	needs := it.needs()
	for i := range ent.Lines {
		if g := &ent.Lines[i]; it.group(g) != nil {
			out[g.Key] = needs.Lines(g.Key)
		}
	}
	return out
}

// sumLines works out, for a preview, the roll-ups over lines, which a write
// keeps in the database.
func (s *Session) sumLines(ent *schema.Entity, it *item) {
	given := it.givenLines(ent)
	for _, f := range ent.Fields {
		if !schema.IsRollup(f) || f.Retired {
			continue
		}
		for _, g := range ent.Lines {
			lines, ok := given[g.Key]
			if r := f.Set.Rollup; ok && r.Entity == g.Entity.Name && r.Via == g.Entity.Parent.Key {
				it.after.SetAt(f.Slot, rollUpLines(r, g.Entity.Field(r.Field), lines))
			}
		}
	}
}

// rollUpLines is a roll-up over records at hand; empty values do not count.
func rollUpLines(r *schema.Rollup, of *schema.Field, lines []*record.Record) record.Value {
	if r.Op == "count" {
		return record.Int(int64(len(lines)))
	}
	out := record.Null
	for _, line := range lines {
		v := record.Null
		if of != nil {
			v = line.At(of.Slot)
		}
		switch {
		case v.IsNull():
		case out.IsNull() || r.Op == "last":
			out = v
		case r.Op == "sum":
			out = record.Int(out.Int() + v.Int())
		case r.Op == "min" && less(v, out), r.Op == "max" && less(out, v):
			out = v
		}
	}
	return out
}

func less(a, b record.Value) bool {
	if a.Kind() == record.KindText {
		return a.Str() < b.Str()
	}
	return a.Int() < b.Int()
}
