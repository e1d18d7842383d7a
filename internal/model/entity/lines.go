package entity

import (
	"fmt"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/query"
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
		if err := copies(e); err != nil {
			return err
		}
		if d.With != nil {
			if e.With = of.Field(KeyOf(d.With)); e.With == nil {
				return fmt.Errorf("lines %s: %s has no %s", e.Name, d.of, KeyOf(d.With))
			}
		}
		label := r.texts(d.of + "." + d.as)
		if label == nil {
			label = e.Plural
		}
		of.Lines = append(of.Lines, schema.Lines{Key: d.as, Label: label, Entity: e, VisibleWhen: query.Print(d.VisibleWhen)})
	}
	return nil
}

// copies finds the fields of their record that indexes over lines name. Only
// such are kept in lines as are one column, which an edit of the record sets.
func copies(e *schema.Entity) error {
	for _, x := range e.Indexes {
		for _, k := range x.Keys {
			key, above := strings.CutPrefix(strings.TrimPrefix(k, "-"), parentKey+".")
			if !above {
				continue
			}
			f := e.Of.Field(key)
			if f == nil || f.System || f.Many() || len(f.Columns) != 1 || schema.IsRollup(f) || schema.IsFormula(f) {
				return fmt.Errorf("index of %s over %s.%s, which cannot be kept in lines", e.Name, e.Of.Name, key)
			}
			if e.CopyOf(f) != nil {
				continue
			}
			column := parentKey + "_" + f.Column
			e.Copies = append(e.Copies, schema.Copy{Of: f, Field: &schema.Field{Key: parentKey + "." + key, Type: f.Type, Set: f.Set, Slot: -1, ReadOnly: true,
				Column: column, Columns: []schema.Column{{Name: column, Kind: f.Columns[0].Kind}}}})
		}
	}
	return nil
}

// sumMonths finds the fields of what is kept added up by month.
func (st *State) sumMonths(list []*schema.Entity) error {
	for _, e := range list {
		d := st.defs[e.Name]
		if d == nil || d.Months == nil {
			continue
		}
		m := &schema.Months{Day: e.Indexed(d.Months.Day)}
		if m.Day == nil || m.Day.Type.Name() != "date" {
			return fmt.Errorf("sums of %s by the month of %s", e.Name, d.Months.Day)
		}
		for _, keys := range []struct {
			from []string
			into *[]*schema.Field
			add  bool
		}{{d.Months.By, &m.By, false}, {d.Months.Of, &m.Of, true}} {
			for _, key := range keys.from {
				f := e.Indexed(key)
				if f == nil || len(f.Columns) != 1 || keys.add && !schema.TraitsOf(f).Number {
					return fmt.Errorf("sums of %s with %s", e.Name, key)
				}
				*keys.into = append(*keys.into, f)
			}
		}
		e.Months = m
	}
	return nil
}
