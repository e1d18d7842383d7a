package records

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// makeLines writes with a record the lines that its rule makes of its own, after
// those that people write. They have their own rules; a preview leaves them out.
func (s *Session) makeLines(ctx context.Context, ent *schema.Entity, it *item, made []entity.Made) error {
	if s.trial {
		return nil
	}
	for _, m := range made {
		g := ent.Line(m.Group)
		list := it.lines[g.Key]
		at := slices.IndexFunc(list, func(k *item) bool { return k.op == access.Delete }) // they are at the end
		if at < 0 {
			at = len(list)
		}
		var kids []*item
		for i, fill := range m.Fill {
			kids = append(kids, &item{op: access.Create, kind: history.Create, version: AnyVersion, trusted: true, under: it, at: at + i, after: record.New(g.Entity.Shape), fill: fill})
		}
		if err := s.fillIn(ctx, g.Entity, kids); err != nil {
			return err
		}
		for _, k := range kids {
			k.after.SetAt(g.Entity.Parent.Slot, record.Int(it.id))
		}
		if it.lines == nil {
			it.lines = map[string][]*item{}
		}
		it.lines[g.Key] = slices.Insert(list, at, kids...)
		placeLines(g.Entity, it.lines[g.Key])
		for _, do := range []step{s.need, s.derive, s.check} {
			if err := do(ctx, g.Entity, alive(kids)); err != nil {
				return err
			}
		}
	}
	return nil
}
