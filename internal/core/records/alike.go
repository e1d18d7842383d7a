package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// checkAlike finds records of other entities that look like what is being
// typed: a customer who is a lead already. It follows the rules of duplicates
// about what the actor learns of a record that he may not read; by a field that
// is hidden from him it finds nothing.
func (s *Session) checkAlike(ctx context.Context, ent *schema.Entity, items []*item) error {
	for i := range ent.Alike {
		rule := &ent.Alike[i]
		mine, other := ent.Field(rule.Field), s.st.Entity(rule.Entity)
		if mine == nil || other == nil {
			continue
		}
		theirs := other.Field(rule.Other)
		if theirs == nil || s.actor.Level(other, theirs) == schema.Hidden {
			continue
		}
		for _, it := range items {
			if it.op == access.Delete || it.before != nil && it.before.At(mine.Slot).Equal(it.after.At(mine.Slot)) {
				continue
			}
			if err := s.findAlike(ctx, rule, it, it.after.At(mine.Slot), other); err != nil {
				return err
			}
		}
	}
	return nil
}

// findAlike looks for one value; a record that agrees on several is one hit.
func (s *Session) findAlike(ctx context.Context, rule *schema.AlikeRule, it *item, v record.Value, other *schema.Entity) error {
	as := schema.DuplicateRule{Key: rule.Field, Match: []schema.Match{{Field: rule.Other, By: rule.By}}}
	key := matchKey(as.Match[0], v)
	if key == "" {
		return nil
	}
	keys := []record.Value{record.Text(key)}
	if rule.By == "email" && v.Str() != key { // addresses are kept as they were written
		keys = append(keys, v)
	}
	theirs := other.Field(rule.Other)
	fields := s.hitFields(other, &as)
	var rows sqldb.Rows
	if err := store.Match(ctx, s.tx, other, theirs, rule.By, keys, fields, &rows); err != nil {
		return err
	}
	for i := range rows.Len() {
		rec := record.New(other.Shape)
		store.Unpack(rows.Row(i), fields, rec)
		if matchKey(as.Match[0], rec.At(theirs.Slot)) != key {
			continue
		}
		if at := slices.IndexFunc(it.hits, func(h Hit) bool { return h.Entity == other.Name && h.rec == rec.ID() }); at >= 0 {
			it.hits[at].Matched = append(it.hits[at].Matched, rule.Field)
			continue
		}
		n := len(it.hits)
		if err := s.hit(ctx, other, &as, it, rec); err != nil {
			return err
		}
		if len(it.hits) > n {
			it.hits[n].Matched = []string{rule.Field}
		}
	}
	return nil
}
