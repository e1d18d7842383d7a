package entity

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Anything is the target of an any_ref that may point to a record of every
// entity that stands for itself, those made by administrators included.
const Anything = "*"

// aim says what an any_ref to anything may point to.
func aim(list []*schema.Entity) {
	for _, e := range list {
		for _, f := range e.Fields {
			if !schema.IsAnyRef(f) || !slices.Contains(f.Set.Targets, Anything) {
				continue
			}
			f.Set.Targets = nil
			for _, to := range list {
				if to.Parent == nil && !to.Personal {
					f.Set.Targets = append(f.Set.Targets, to.Name)
				}
			}
		}
	}
}
