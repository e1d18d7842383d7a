package records

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// treeField is the reference of an entity to its own kind that makes it a
// tree; nil when there is none, or more than one.
func treeField(ent *schema.Entity) *schema.Field {
	var found *schema.Field
	for _, f := range ent.Fields {
		if f.System || f.Retired || f.Many() || !schema.IsRef(f) || schema.RefTarget(f) != ent.Name {
			continue
		}
		if found != nil {
			return nil
		}
		found = f
	}
	return found
}

// pathSigns stand between the names of a path.
const pathSigns = "/>＞／\\"

// byPath reads texts as paths of titles from the top of a tree downwards.
func (e *Engine) byPath(ctx context.Context, q sqldb.Querier, actor *access.Actor, ent *schema.Entity, texts []string, out map[string][]int64) error {
	up := treeField(ent)
	if up == nil {
		return nil
	}
	for _, t := range texts {
		parts := strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune(pathSigns, r) })
		if len(parts) < 2 {
			continue
		}
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		last := parts[len(parts)-1]
		hits := map[string][]int64{}
		ways := namings(ent, actor)
		if len(ways) == 0 {
			return nil
		}
		if _, err := e.byNaming(ctx, q, actor, ent, ways[len(ways)-1], []string{last}, hits); err != nil {
			return err
		}
		for _, n := range hits[last] {
			ok, err := e.under(ctx, q, actor, ent, up, n, parts)
			if err != nil {
				return err
			}
			if ok {
				out[t] = append(out[t], n)
			}
		}
	}
	return nil
}

// under says whether a record hangs below the named ones, nearest last.
func (e *Engine) under(ctx context.Context, q sqldb.Querier, actor *access.Actor, ent *schema.Entity, up *schema.Field, n int64, parts []string) (bool, error) {
	for i := len(parts) - 1; i >= 0; i-- {
		if n == 0 {
			return false, nil
		}
		recs, err := e.load(ctx, q, e.Registry.State(), ent, actor, []int64{n}, false)
		if err != nil || len(recs) == 0 {
			return false, err
		}
		if text.Key(recs[0].At(ent.Title.Slot).Str()) != text.Key(parts[i]) {
			return false, nil
		}
		n = recs[0].At(up.Slot).Int()
	}
	return true, nil
}
