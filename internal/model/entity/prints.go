package entity

import (
	"fmt"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// prints puts the layouts of administrators to the declared ones, which keep
// their place.
func (r *Registry) prints(e *schema.Entity, d *Def, o *Overlay) {
	for _, p := range d.Prints {
		if p.Label == nil {
			p.Label = r.texts(e.Name + "%" + p.Key)
		}
		e.Prints = append(e.Prints, p)
	}
	for _, p := range o.Prints {
		if p.Entity != e.Name || p.Gone {
			continue
		}
		if i := slices.IndexFunc(e.Prints, func(old schema.Print) bool { return old.Key == p.Print.Key }); i >= 0 {
			e.Prints[i] = p.Print
			continue
		}
		e.Prints = append(e.Prints, p.Print)
	}
}

// checkPrints holds declared layouts to the declared fields (a field that an
// administrator hides later is left out on paper), and notes the layouts of
// administrators whose entity is gone.
func (s *State) checkPrints(defs []Def) error {
	for i := range defs {
		if len(s.Overlay.Entities)+len(s.Overlay.Fields) > 0 {
			break
		}
		e := s.Entity(defs[i].Name)
		for _, p := range defs[i].Prints {
			p.Label = schema.Labels{"zh-CN": p.Key}
			if err := s.CheckPrint(e, &p); err != nil {
				return fmt.Errorf("entity %s: print layout %s: %w", e.Name, p.Key, err)
			}
		}
	}
	for _, p := range s.Overlay.Prints {
		if s.Entity(p.Entity) == nil && !p.Gone && !s.Overlay.retired(p.Entity) {
			s.Skipped = append(s.Skipped, p.Entity+"%"+p.Print.Key)
		}
	}
	return nil
}

// DeclaredPrint gives the declared print layout of an entity, nil when there is
// none of that key.
func (s *State) DeclaredPrint(name, key string) *schema.Print {
	d := s.defs[name]
	if d == nil {
		return nil
	}
	for i := range d.Prints {
		if d.Prints[i].Key == key {
			return &d.Prints[i]
		}
	}
	return nil
}
