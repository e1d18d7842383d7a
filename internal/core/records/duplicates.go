package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// maxHits is how many duplicates of one record are named.
const maxHits = 10

// Hit is a record that looks like the one being written. What the writer may
// not read of it is masked: he learns that it is there and who has it.
type Hit struct {
	Rule     string
	Strict   bool
	ID       int64 // 0 when the writer may not read the record
	Label    string
	Owner    int64
	Matched  []string
	Readable bool
}

// matchKey is the normalised value that a rule compares; "" = the field is empty.
func matchKey(m schema.Match, v record.Value) string {
	switch m.By {
	case "company":
		return text.FoldCompany(v.Str())
	case "folded":
		return text.Fold(v.Str())
	case "phone":
		return text.NormalizePhone(v.Str(), "CN")
	}
	return v.Str()
}

func ruleKeys(ent *schema.Entity, r *schema.DuplicateRule, rec *record.Record) []string {
	keys := make([]string, len(r.Match))
	for i, m := range r.Match {
		f := ent.Field(m.Field)
		if f == nil {
			return nil
		}
		if keys[i] = matchKey(m, rec.At(f.Slot)); keys[i] == "" {
			return nil
		}
	}
	return keys
}

// guard takes the locks of the duplicate and unique rules before anything is
// read: two writers of one key do not pass the check at the same time.
func (s *Session) guard(ent *schema.Entity, items []*item) error {
	if s.tx.Dialect() == sqldb.SQLite || s.guarded {
		return nil // one writer at a time, or locked already
	}
	var keys []string
	for _, it := range items {
		for i := range ent.Duplicates {
			probe := record.New(ent.Shape)
			for _, in := range it.inputs {
				probe.SetAt(in.Field.Slot, in.Value)
			}
			if it.fill != nil {
				it.fill(probe)
			}
			if k := ruleKeys(ent, &ent.Duplicates[i], probe); k != nil {
				for _, one := range k {
					keys = append(keys, "dup:"+ent.Name+":"+ent.Duplicates[i].Key+":"+one)
				}
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	s.guarded = true
	return s.tx.Guard(s.ctx, keys...)
}

// checkDoubles applies the duplicate rules (PLT-12) to records whose compared fields changed.
func (s *Session) checkDoubles(ctx context.Context, ent *schema.Entity, items []*item) error {
	for i := range ent.Duplicates {
		rule := &ent.Duplicates[i]
		var asked []*item
		for _, it := range items {
			if it.op != access.Delete && it.err == nil && s.ruleTouched(ent, rule, it) {
				asked = append(asked, it)
			}
		}
		if err := s.applyRule(ctx, ent, rule, asked); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) ruleTouched(ent *schema.Entity, r *schema.DuplicateRule, it *item) bool {
	now := ruleKeys(ent, r, it.after)
	if now == nil {
		return false
	}
	if it.before == nil || it.kind == kindRestore {
		return true
	}
	was := ruleKeys(ent, r, it.before)
	if was == nil {
		return true
	}
	for i := range now {
		if now[i] != was[i] {
			return true
		}
	}
	return false
}

// applyRule finds the hits of a rule for all items in one query over its first
// field; the other fields of the rule are compared on what was found.
func (s *Session) applyRule(ctx context.Context, ent *schema.Entity, rule *schema.DuplicateRule, items []*item) error {
	if len(items) == 0 {
		return nil
	}
	first := ent.Field(rule.Match[0].Field)
	keys := make([]record.Value, 0, len(items))
	earlier := map[string]*item{} // within the batch
	for _, it := range items {
		k := ruleKeys(ent, rule, it.after)
		keys = append(keys, record.Text(k[0]))
		joined := joinKeys(k)
		if other := earlier[joined]; other != nil {
			s.hit(ent, rule, it, other.after)
		} else {
			earlier[joined] = it
		}
	}
	var rows sqldb.Rows
	fields := s.hitFields(ent, rule)
	if err := store.Match(ctx, s.tx, ent, first, rule.Match[0].By, keys, fields, &rows); err != nil {
		return err
	}
	for i := range rows.Len() {
		rec := record.New(ent.Shape)
		store.Unpack(rows.Row(i), fields, rec)
		k := ruleKeys(ent, rule, rec)
		for _, it := range items {
			if it.id != rec.ID() && k != nil && joinKeys(k) == joinKeys(ruleKeys(ent, rule, it.after)) {
				s.hit(ent, rule, it, rec)
			}
		}
	}
	for _, it := range items {
		for _, h := range it.hits {
			if h.Rule == rule.Key && rule.Strict && it.err == nil {
				it.err = &Duplicates{Err: errs.New(errs.Duplicate, "error.duplicate").At(rule.Match[0].Field), Hits: it.hits}
			}
		}
	}
	return nil
}

func joinKeys(keys []string) string {
	out := ""
	for _, k := range keys {
		out += k + "\x00"
	}
	return out
}

// hitFields are what must be known of a hit: the compared fields, its title, its owner.
func (s *Session) hitFields(ent *schema.Entity, rule *schema.DuplicateRule) []*schema.Field {
	fields := []*schema.Field{ent.Fields[record.SlotID]}
	add := func(f *schema.Field) {
		if f == nil || !f.Stored() {
			return
		}
		for _, g := range fields {
			if g == f {
				return
			}
		}
		fields = append(fields, f)
	}
	for _, m := range rule.Match {
		add(ent.Field(m.Field))
	}
	add(ent.Title)
	add(ent.Owner)
	add(ent.Dept)
	add(ent.Through)
	return fields
}

func (s *Session) hit(ent *schema.Entity, rule *schema.DuplicateRule, it *item, rec *record.Record) {
	if len(it.hits) >= maxHits {
		return
	}
	h := Hit{Rule: rule.Key, Strict: rule.Strict, Label: rec.At(ent.Title.Slot).Str()}
	if ent.Owner != nil {
		h.Owner = rec.At(ent.Owner.Slot).Int()
	}
	for _, m := range rule.Match {
		h.Matched = append(h.Matched, m.Field)
	}
	h.Readable = s.actor.Permit(ent, access.Read).Allows(ent, rec, nil, nil)
	if h.Readable {
		h.ID = rec.ID()
	} else {
		h.Label = maskName(h.Label)
	}
	it.hits = append(it.hits, h)
}

// maskName keeps the first two and the last character of a name.
func maskName(s string) string {
	r := []rune(s)
	if len(r) <= 3 {
		return string(r[:min(1, len(r))]) + "**"
	}
	return string(r[:2]) + "**" + string(r[len(r)-1:])
}
