package records

import (
	"context"
	"slices"
	"strings"

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
	Entity   string
	Rule     string
	Strict   bool
	ID       int64 // 0 when the writer may not read the record
	Label    string
	Owner    int64
	Matched  []string
	Readable bool

	rec int64 // the record, whether it may be read or not
}

// matchKey is the normalised value that a rule compares; "" = the field is empty.
func matchKey(m schema.Match, v record.Value) string {
	switch m.By {
	case "company":
		return text.FoldCompany(v.Str())
	case "folded":
		return text.Key(v.Str())
	case "phone":
		return text.NormalizePhone(v.Str(), "CN")
	case "email":
		return strings.ToLower(strings.TrimSpace(v.Str()))
	}
	return v.Str()
}

func ruleKeys(ent *schema.Entity, r *schema.DuplicateRule, rec *record.Record) []string {
	return ruleKeysOf(ent, r, rec, nil)
}

// ruleKeys are those of an item's new state.
func (it *item) ruleKeys(ent *schema.Entity, r *schema.DuplicateRule) []string {
	return ruleKeysOf(ent, r, it.after, func(f *schema.Field) []record.Value { return it.ready(ent, f) })
}

// ruleKeysOf gives the keys of a record, one for each field of the rule; nil
// when one of them is empty. ready gives columns that were worked out before.
func ruleKeysOf(ent *schema.Entity, r *schema.DuplicateRule, rec *record.Record, ready func(*schema.Field) []record.Value) []string {
	keys := make([]string, len(r.Match))
	for i, m := range r.Match {
		f := ent.Field(m.Field)
		if f == nil || rec.At(f.Slot).IsNull() {
			return nil
		}
		if keys[i] = readyKey(m, f, ready); keys[i] == "" {
			keys[i] = matchKey(m, rec.At(f.Slot))
		}
		if keys[i] == "" {
			return nil
		}
	}
	return keys
}

// readyKey takes the key from the column that keeps it.
func readyKey(m schema.Match, f *schema.Field, ready func(*schema.Field) []record.Value) string {
	if ready == nil || len(f.Columns) < 2 {
		return ""
	}
	columns := ready(f)
	if columns == nil {
		return ""
	}
	name := store.MatchColumn(f, m.By)
	for i, c := range f.Columns {
		if c.Name == name && i > 0 {
			return columns[i].Str()
		}
	}
	return ""
}

// suspect is a record on its way and what a rule compares of it.
type suspect struct {
	*item
	keys []string
}

// checkDoubles applies the duplicate rules (PLT-12) to records whose compared
// fields changed. It holds their keys before it looks, as the rules made them
// of the input: two writers of one key do not pass the check at the same time.
func (s *Session) checkDoubles(ctx context.Context, ent *schema.Entity, items []*item) error {
	asked := make([][]suspect, len(ent.Duplicates))
	var hold []string
	for i := range ent.Duplicates {
		rule := &ent.Duplicates[i]
		for _, it := range items {
			if it.op == access.Delete || it.ruleUntouched(ent, rule) {
				continue
			}
			if keys := it.ruleKeys(ent, rule); keys != nil && it.ruleTouched(ent, rule, keys) {
				asked[i] = append(asked[i], suspect{it, keys})
				hold = append(hold, "dup:"+ent.Name+":"+rule.Key+":"+joinKeys(keys))
			}
		}
	}
	if err := s.tx.Guard(ctx, hold...); err != nil {
		return err
	}
	for i := range ent.Duplicates {
		if err := s.applyRule(ctx, ent, &ent.Duplicates[i], asked[i]); err != nil {
			return err
		}
	}
	if s.trial {
		return s.checkAlike(ctx, ent, items)
	}
	return nil
}

// Unlike implements entity.Reader.
func (s *Session) Unlike(ctx context.Context, name string, fill func(*record.Record), key, field string) error {
	ent, err := s.Entity(name)
	if err != nil {
		return err
	}
	it := &item{op: access.Create, after: record.New(ent.Shape)}
	fill(it.after)
	if err := s.checkDoubles(ctx, ent, []*item{it}); err != nil {
		return err
	}
	if len(it.hits) == 0 {
		return nil
	}
	return &Duplicates{Err: errs.New(errs.Duplicate, key).At(field), Hits: it.hits}
}

// ruleUntouched says that what a rule compares is as it was: no key need be made.
func (it *item) ruleUntouched(ent *schema.Entity, r *schema.DuplicateRule) bool {
	if it.before == nil || it.kind == kindRestore {
		return false
	}
	for _, m := range r.Match {
		if f := ent.Field(m.Field); f != nil && !it.before.At(f.Slot).Equal(it.after.At(f.Slot)) {
			return false
		}
	}
	return true
}

// ruleTouched says whether the write changes what a rule compares.
func (it *item) ruleTouched(ent *schema.Entity, r *schema.DuplicateRule, now []string) bool {
	if it.before == nil || it.kind == kindRestore {
		return true
	}
	return !slices.Equal(now, ruleKeys(ent, r, it.before))
}

// applyRule finds the hits of a rule for all items in one query over its first
// field; the other fields of the rule are compared on what was found.
func (s *Session) applyRule(ctx context.Context, ent *schema.Entity, rule *schema.DuplicateRule, items []suspect) error {
	if len(items) == 0 {
		return nil
	}
	first := ent.Field(rule.Match[0].Field)
	keys := make([]record.Value, 0, len(items))
	alike := make(map[string][]*item, len(items))
	for _, it := range items {
		keys = append(keys, record.Text(it.keys[0]))
		joined := joinKeys(it.keys)
		if earlier := alike[joined]; len(earlier) > 0 { // within the batch
			if err := s.hit(ctx, ent, rule, it.item, earlier[0].after); err != nil {
				return err
			}
		}
		alike[joined] = append(alike[joined], it.item)
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
		if k == nil {
			continue
		}
		for _, it := range alike[joinKeys(k)] {
			if it.id != rec.ID() {
				if err := s.hit(ctx, ent, rule, it, rec); err != nil {
					return err
				}
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
	if len(keys) == 1 {
		return keys[0]
	}
	return strings.Join(keys, "\x1f") // no zero byte: PostgreSQL takes none in a guard's key
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
	add(ent.Also)
	add(ent.Through)
	return fields
}

func (s *Session) hit(ctx context.Context, ent *schema.Entity, rule *schema.DuplicateRule, it *item, rec *record.Record) error {
	if len(it.hits) >= maxHits {
		return nil
	}
	h := Hit{Entity: ent.Name, Rule: rule.Key, Strict: rule.Strict, rec: rec.ID()}
	if ent.Owner != nil {
		h.Owner = rec.At(ent.Owner.Slot).Int()
	}
	for _, m := range rule.Match {
		h.Matched = append(h.Matched, m.Field)
	}
	root, rootEnt, err := s.root(ctx, ent, rec)
	if err != nil {
		return err
	}
	name := ent.Title.Type.Text(ent.Title, rec.At(ent.Title.Slot), nil)
	switch h.Readable = s.actor.Permit(ent, access.Read).Allows(ent, rec, root, rootEnt); {
	case h.Readable:
		h.ID, h.Label = rec.ID(), title(s.actor, ent, rec)
	case s.actor.Level(ent, ent.Title) > schema.Hidden:
		h.Label = maskName(name)
	}
	it.hits = append(it.hits, h)
	return nil
}

// maskName keeps the first two and the last character of a name.
func maskName(s string) string {
	r := []rune(s)
	if len(r) <= 3 {
		return string(r[:min(1, len(r))]) + "**"
	}
	return string(r[:2]) + "**" + string(r[len(r)-1:])
}
