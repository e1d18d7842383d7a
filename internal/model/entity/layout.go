package entity

import (
	"fmt"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// defaultColumns is how many columns the list of an entity without a layout shows.
const defaultColumns = 8

// layout fills in words and what the declaration left open; custom fields come
// into their group, or a group of their own at the end.
func (r *Registry) layout(e *schema.Entity, d *Def, o *Overlay) {
	l := d.Layout
	l.Views = slices.Clone(l.Views)
	l.Groups = slices.Clone(l.Groups)
	l.List = slices.Clone(l.List)
	l.Empty = r.texts(e.Name + "?")
	for i := range l.Views {
		if l.Views[i].Label = r.texts(e.Name + "!" + l.Views[i].Key); l.Views[i].Label == nil {
			l.Views[i].Label = r.texts("view." + l.Views[i].Key)
		}
	}
	for i := range l.Groups {
		l.Groups[i].Fields = slices.Clone(l.Groups[i].Fields)
		if l.Groups[i].Label = r.texts(e.Name + "@" + l.Groups[i].Key); l.Groups[i].Label == nil {
			l.Groups[i].Label = r.texts("group." + l.Groups[i].Key)
		}
	}
	l.Tabs = slices.Clone(l.Tabs)
	for i := range l.Tabs { // a tab is called as the group of its key
		if l.Tabs[i].Label = r.texts(e.Name + "@" + l.Tabs[i].Key); l.Tabs[i].Label == nil {
			l.Tabs[i].Label = r.texts("group." + l.Tabs[i].Key)
		}
	}
	if len(l.Views) == 0 {
		l.Views = []schema.View{{Key: "all", Label: r.texts("view.all")}}
		if e.Owner != nil {
			l.Views = append(l.Views, schema.View{Key: "mine", Label: r.texts("view.mine"), Filter: e.Owner.Key + " == me"})
		}
	}
	if len(l.Groups) == 0 {
		l.Groups = []schema.Group{{Key: "basic", Label: r.texts("group.basic")}}
	}
	patch := layoutPatch(o, e.Name)
	regroup(&l, patch)
	placeFields(e, &l, o)
	if len(patch.List) > 0 {
		l.List = slices.Clone(patch.List)
	}
	if len(patch.Card) > 0 {
		l.Card = patch.Card
	}
	if len(l.List) == 0 {
		for _, f := range e.Fields {
			if !f.System && !f.Retired && !schema.IsLong(f) && len(l.List) < defaultColumns {
				l.List = append(l.List, f.Key)
			}
		}
		l.List = append(l.List, "created_at")
	}
	if l.Sort == "" {
		l.Sort = "-id"
	}
	if len(l.Card) == 0 {
		l.Card = l.List[:min(3, len(l.List))]
	}
	if l.Empty == nil {
		l.Empty = r.texts("empty")
	}
	drop := func(k string) bool { return e.Field(k) == nil }
	l.List, l.Card = slices.DeleteFunc(l.List, drop), slices.DeleteFunc(slices.Clone(l.Card), drop)
	for i := range l.Groups {
		l.Groups[i].Fields = slices.DeleteFunc(l.Groups[i].Fields, drop)
	}
	e.Layout = l
}

// layoutPatch is what an administrator said of an entity's lists and forms.
func layoutPatch(o *Overlay, name string) LayoutPatch {
	if p := o.entity(name); p != nil && p.Layout != nil {
		return *p.Layout
	}
	return LayoutPatch{}
}

// regroup puts the groups and tabs of a form in the place of the declared ones, which
// keep their words where the patch has none.
func regroup(l *schema.Layout, patch LayoutPatch) {
	if len(patch.Groups) == 0 {
		return
	}
	declared, tabs := l.Groups, l.Tabs
	l.Groups, l.Tabs = nil, nil
	for _, p := range patch.Tabs {
		tab := schema.Tab{Key: p.Key, Label: p.Label}
		if i := slices.IndexFunc(tabs, func(old schema.Tab) bool { return old.Key == p.Key }); i >= 0 && p.Label.In("zh-CN") == "" {
			tab.Label = tabs[i].Label
		}
		l.Tabs = append(l.Tabs, tab)
	}
	for _, p := range patch.Groups {
		g := schema.Group{Key: p.Key, Label: p.Label, Fields: slices.Clone(p.Fields), Columns: p.Columns, Tab: p.Tab}
		if i := slices.IndexFunc(declared, func(old schema.Group) bool { return old.Key == p.Key }); i >= 0 && p.Label.In("zh-CN") == "" {
			g.Label = declared[i].Label
		}
		l.Groups = append(l.Groups, g)
	}
}

// placeFields puts every field that no group names into one.
func placeFields(e *schema.Entity, l *schema.Layout, o *Overlay) {
	placed := map[string]bool{}
	for _, g := range l.Groups {
		for _, k := range g.Fields {
			placed[k] = true
		}
	}
	for _, f := range e.Fields {
		if f.System || f.Retired || placed[f.Key] || f == e.Parent || f == e.Position {
			continue
		}
		g := &l.Groups[0]
		for _, p := range o.Fields {
			if p.Entity != e.Name || p.Key != f.Key || !p.Add {
				continue
			}
			if i := slices.IndexFunc(l.Groups, func(g schema.Group) bool { return g.Key == p.Group }); i >= 0 {
				g = &l.Groups[i]
			}
			if i := slices.Index(g.Fields, p.After); i >= 0 && p.After != "" {
				g.Fields = slices.Insert(g.Fields, i+1, f.Key)
				placed[f.Key] = true
			}
		}
		if !placed[f.Key] {
			g.Fields = append(g.Fields, f.Key)
		}
		if f.Custom && len(l.List) > 0 && len(l.List) < 2*defaultColumns && !schema.IsLong(f) {
			l.List = append(l.List, f.Key)
		}
	}
}

func checkLayout(e *schema.Entity) error {
	for _, g := range e.Layout.Groups {
		if g.Tab != "" && !slices.ContainsFunc(e.Layout.Tabs, func(t schema.Tab) bool { return t.Key == g.Tab }) {
			return fmt.Errorf("group %s stands in unknown tab %s", g.Key, g.Tab)
		}
		for _, k := range g.Fields {
			if e.Shape.Slot(k) < 0 {
				return fmt.Errorf("group %s names unknown field %s", g.Key, k)
			}
		}
	}
	for _, r := range e.Alike {
		if e.Shape.Slot(r.Field) < 0 {
			return fmt.Errorf("likeness to %s names unknown field %s", r.Entity, r.Field)
		}
	}
	for _, r := range e.Duplicates {
		for _, m := range r.Match {
			if e.Shape.Slot(m.Field) < 0 {
				return fmt.Errorf("duplicate rule %s names unknown field %s", r.Key, m.Field)
			}
		}
	}
	return nil
}
