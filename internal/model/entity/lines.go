package entity

import (
	"fmt"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Keys of the two fields that every line has beside its own.
const (
	parentKey   = "parent"
	positionKey = "position"
)

// lineFields are those two: the core keeps them, nobody else writes them.
func lineFields(of string, label schema.Labels) []*schema.Field {
	return []*schema.Field{
		{Key: parentKey, Type: schema.TypeNamed("reference"), Set: schema.Settings{Target: of}, Label: label, Required: true, ReadOnly: true},
		{Key: positionKey, Type: schema.TypeNamed("number"), Required: true, ReadOnly: true},
	}
}

// joinLines puts compiled line entities and the entities they are part of together.
func (r *Registry) joinLines(st *State, list []*schema.Entity) error {
	byName := make(map[string]*schema.Entity, len(list))
	for _, e := range list {
		byName[e.Name] = e
	}
	for _, e := range list {
		d := st.defs[e.Name]
		if d == nil || d.of == "" {
			continue
		}
		of := byName[d.of]
		switch {
		case of == nil || of.Parent != nil:
			return fmt.Errorf("lines %s: %s cannot have lines", e.Name, d.of)
		case e.Owner != nil || e.Through != nil || len(d.Lines) > 0 || len(d.Actions) > 0:
			return fmt.Errorf("lines %s: a line has no owner, lines or actions of its own", e.Name)
		case of.Shape.Slot(d.as) >= 0 || of.Line(d.as) != nil:
			return fmt.Errorf("lines %s: %s has %s already", e.Name, d.of, d.as)
		}
		e.Of = of
		if d.With != nil {
			if e.With = of.Field(KeyOf(d.With)); e.With == nil {
				return fmt.Errorf("lines %s: %s has no %s", e.Name, d.of, KeyOf(d.With))
			}
		}
		label := r.texts(d.of + "." + d.as)
		if label == nil {
			label = e.Plural
		}
		of.Lines = append(of.Lines, schema.Lines{Key: d.as, Label: label, Entity: e})
	}
	return nil
}
