package app_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/model/access"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Every built-in entity comes with what a member meets first: columns, views,
// a card, groups of facts and words for when there is nothing yet.
func TestEveryEntityIsLaidOut(t *testing.T) {
	t.Parallel()
	modules := app.Modules()
	words, err := app.Words()
	if err != nil {
		t.Fatal(err)
	}
	registry, err := entity.NewRegistry(words.All, entity.Defs(modules...))
	if err != nil {
		t.Fatal(err)
	}
	st := registry.State()
	for _, d := range entity.Defs(modules...) {
		e := st.Entity(d.Name)
		if e.Parent != nil {
			continue // lines stand in the form of what they belong to
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			columns(t, &d, e)
			views(t, st.Snapshot, &d, e)
			groups(t, &d, e)
			for _, lang := range []string{"zh-CN", "en"} {
				if n := utf8.RuneCountInString(e.Layout.Empty.In(lang)); n < 12 || e.Layout.Empty.In(lang) == words.All("empty")[lang] {
					t.Errorf("an empty list says %q in %s", e.Layout.Empty.In(lang), lang)
				}
			}
		})
	}
}

// columns holds lists and cards: declared, without repetition, the title first
// or beside what it hangs on, nothing that the entity does not have.
func columns(t *testing.T, d *entity.Def, e *schema.Entity) {
	t.Helper()
	l := d.Layout
	if len(l.List) < 3 || len(l.List) > 10 || !slices.Equal(l.List, e.Layout.List) {
		t.Errorf("the list shows %v", l.List)
	}
	if len(l.Card) < 2 || len(l.Card) > 6 || !slices.Equal(l.Card, e.Layout.Card) {
		t.Errorf("a card shows %v", l.Card)
	}
	for _, keys := range [][]string{l.List, l.Card} {
		if len(slices.Compact(slices.Sorted(slices.Values(keys)))) != len(keys) {
			t.Errorf("%v names one twice", keys)
		}
		if !e.Link && !slices.Contains(keys[:min(3, len(keys))], e.Title.Key) {
			t.Errorf("%v does not begin with what the record is called", keys)
		}
	}
	if l.Sort == "" {
		t.Error("no order")
	}
}

// views holds the saved views that every member finds: at least three, each
// with words of its own, filters that hold and that differ.
func views(t *testing.T, snap *schema.Snapshot, d *entity.Def, e *schema.Entity) {
	t.Helper()
	if len(d.Layout.Views) < 3 {
		t.Errorf("%d views", len(d.Layout.Views))
	}
	filters, names := map[string]bool{}, map[string]bool{}
	for _, v := range e.Layout.Views {
		for _, lang := range []string{"zh-CN", "en"} {
			name := v.Label.In(lang)
			if name == "" || names[lang+name] {
				t.Errorf("view %s is called %q in %s", v.Key, name, lang)
			}
			names[lang+name] = true
		}
		if filters[v.Filter] {
			t.Errorf("view %s shows what another one does", v.Key)
		}
		filters[v.Filter] = true
		if v.Filter == "" {
			continue
		}
		node, err := query.Parse(v.Filter)
		if err != nil {
			t.Errorf("view %s: %v", v.Key, err)
			continue
		}
		if _, err := query.Bind(snap, e, node, access.System("test").Viewer(), access.System("test")); err != nil {
			t.Errorf("view %s: %v", v.Key, err)
		}
	}
}

// groups holds the form: every field stands in a group that somebody chose,
// once, and every group has words.
func groups(t *testing.T, d *entity.Def, e *schema.Entity) {
	t.Helper()
	in := map[string]int{}
	for _, g := range d.Layout.Groups {
		for _, k := range g.Fields {
			in[k]++
		}
	}
	for _, f := range e.Fields {
		if f.System || f.Retired || f == e.Dept || f == e.Parent {
			continue
		}
		if in[f.Key] != 1 {
			t.Errorf("%s stands in %d groups", f.Key, in[f.Key])
		}
		for _, lang := range []string{"zh-CN", "en"} {
			if f.Label.In(lang) == "" {
				t.Errorf("%s has no name in %s", f.Key, lang)
			}
		}
	}
	for _, g := range e.Layout.Groups {
		if g.Label.In("zh-CN") == "" || g.Label.In("en") == "" || len(g.Fields) == 0 {
			t.Errorf("group %s is called %v and has %d fields", g.Key, g.Label, len(g.Fields))
		}
	}
}
