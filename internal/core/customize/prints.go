package customize

import (
	"context"
	"slices"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// mostPrints is how many layouts an entity may have.
const mostPrints = 50

// SavePrint keeps a print layout of an entity in the place of the one of its
// key, or beside the others. match is given the one until now, nil for none,
// and may object. Errors: NotFound, Invalid at the member that is wrong.
func (s *Store) SavePrint(ctx context.Context, of string, p schema.Print, match func(now *schema.Print) error) error {
	return s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		st := s.registry.State()
		e := st.Entity(of)
		if e == nil || e.Of != nil {
			return "", "", nil, errs.New(errs.NotFound, "error.entity_unknown", "entity", of)
		}
		if err := match(e.PrintNamed(p.Key)); err != nil {
			return "", "", nil, err
		}
		if err := st.CheckPrint(e, &p); err != nil {
			return "", "", nil, err
		}
		if e.PrintNamed(p.Key) == nil && len(e.Prints) >= mostPrints {
			return "", "", nil, errs.New(errs.Invalid, "error.too_many", "most", strconv.Itoa(mostPrints)).At("key")
		}
		patch := entity.PrintPatch{Entity: of, Print: p}
		put(o, patch)
		return target(of, p.Key), "print", patch, nil
	})
}

// RemovePrint takes an administrator's layout away; a declared one of the same
// key counts again. Errors: NotFound.
func (s *Store) RemovePrint(ctx context.Context, of, key string) error {
	return s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		at := slices.IndexFunc(o.Prints, func(p entity.PrintPatch) bool { return p.Entity == of && p.Print.Key == key && !p.Gone })
		if at < 0 {
			return "", "", nil, errs.New(errs.NotFound, "error.not_found")
		}
		patch := entity.PrintPatch{Entity: of, Print: schema.Print{Key: key}, Gone: true}
		put(o, patch)
		return target(of, key), "print", patch, nil
	})
}

func put(o *entity.Overlay, patch entity.PrintPatch) {
	at := slices.IndexFunc(o.Prints, func(p entity.PrintPatch) bool { return p.Entity == patch.Entity && p.Print.Key == patch.Print.Key })
	if at < 0 {
		o.Prints = append(o.Prints, patch)
		return
	}
	o.Prints[at] = patch
}

// target names the row of a layout; no entity or field has such a name.
func target(of, key string) string { return of + "%" + key }
