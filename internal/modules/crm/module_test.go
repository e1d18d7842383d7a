package crm_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/i18n/texts"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/analysis"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/crm"
	"github.com/guanxicrm/guanxi/internal/modules/finance"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/sales"
	"github.com/guanxicrm/guanxi/internal/modules/targets"
	"github.com/guanxicrm/guanxi/internal/modules/work"
)

func modules() []entity.Module {
	return []entity.Module{org.Module(), catalog.Module(), crm.Module(), sales.Module(), finance.Module(), targets.Module(), analysis.Module(), work.Module()}
}

// compile makes the registry as the program does.
func compile(t *testing.T) (*entity.State, *i18n.Bundle) {
	t.Helper()
	list := modules()
	sources := []fs.FS{texts.FS}
	for _, m := range list {
		sources = append(sources, m.Texts)
	}
	bundle, err := i18n.Load(sources...)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := entity.NewRegistry(bundle.All, entity.Defs(list...))
	if err != nil {
		t.Fatal(err)
	}
	return reg.State(), bundle
}

func worded(t *testing.T, what string, l schema.Labels) {
	t.Helper()
	for _, locale := range i18n.Locales() {
		if strings.TrimSpace(l[locale]) == "" {
			t.Errorf("%s has no text in %s", what, locale)
		}
	}
}

// Nobody meets a key instead of a word, in either language.
func TestEverythingHasItsWords(t *testing.T) {
	t.Parallel()
	st, bundle := compile(t)
	for _, m := range modules() {
		worded(t, "module "+m.Name, bundle.All("module."+m.Name))
	}
	for _, e := range st.Entities {
		worded(t, e.Name, e.Label)
		worded(t, e.Name+" (plural)", e.Plural)
		worded(t, e.Name+" (empty list)", bundle.All(e.Name+"?"))
		labels := map[string]string{}
		for _, f := range e.Fields {
			worded(t, e.Name+"."+f.Key, f.Label)
			if other, dup := labels[f.Label["zh-CN"]]; dup {
				t.Errorf("%s: %s and %s are both called %s: an import could not tell them apart", e.Name, other, f.Key, f.Label["zh-CN"])
			}
			labels[f.Label["zh-CN"]] = f.Key
			if f.Help != nil {
				worded(t, e.Name+"."+f.Key+"?", f.Help)
			}
			for _, o := range f.Set.Options {
				worded(t, e.Name+"."+f.Key+"="+o.Code, o.Label)
			}
		}
		for _, g := range e.Lines {
			worded(t, e.Name+"."+g.Key, g.Label)
		}
		for _, v := range e.Layout.Views {
			worded(t, e.Name+"!"+v.Key, v.Label)
		}
		for _, g := range e.Layout.Groups {
			worded(t, e.Name+"@"+g.Key, g.Label)
		}
		for _, r := range st.Def(e.Name).Reports {
			report := e.Name + "~" + r.Name
			worded(t, report, bundle.All(report))
			worded(t, report+"?", bundle.All(report+"?"))
			for _, f := range entity.InputOf(slices.Concat(r.Input, r.Columns)) {
				if e.Field(f.Key) == nil && bundle.All("report."+f.Key) == nil {
					worded(t, report+"."+f.Key, bundle.All(report+"."+f.Key))
				}
			}
		}
		for _, a := range verbs(st.Def(e.Name)) {
			verb := e.Name + ">" + a.Name
			worded(t, verb, bundle.All(verb))
			for _, f := range a.InputFields() {
				worded(t, verb+"."+f.Key, bundle.All(verb+"."+f.Key))
				for _, o := range f.Set.Options {
					worded(t, verb+"."+f.Key+"="+o.Code, bundle.All(verb+"."+f.Key+"="+o.Code))
				}
			}
		}
	}
}

// A text that names an entity, field, option, view, group or action that is
// not there is a slip of the pen.
func TestNoWordsForNothing(t *testing.T) {
	t.Parallel()
	st, _ := compile(t)
	known := map[string]bool{}
	for _, e := range st.Entities {
		known[e.Name], known[e.Name+"#"], known[e.Name+"?"] = true, true, true
		for _, f := range e.Fields {
			known[e.Name+"."+f.Key], known[e.Name+"."+f.Key+"?"], known[e.Name+"."+f.Key+"<"] = true, true, schema.IsRef(f) || schema.IsAnyRef(f)
			for _, o := range f.Set.Options {
				known[e.Name+"."+f.Key+"="+o.Code] = true
			}
		}
		for _, g := range e.Lines {
			known[e.Name+"."+g.Key] = true
		}
		for _, p := range e.Prints {
			known[e.Name+"%"+p.Key] = true
		}
		for _, v := range e.Layout.Views {
			known[e.Name+"!"+v.Key] = true
		}
		for _, g := range e.Layout.Groups {
			known[e.Name+"@"+g.Key] = true
		}
		if def := st.Def(e.Name); def != nil {
			for _, r := range def.Reports {
				report := e.Name + "~" + r.Name
				known[report], known[report+"?"] = true, true
				for _, f := range entity.InputOf(slices.Concat(r.Input, r.Columns)) {
					known[report+"."+f.Key], known[report+"."+f.Key+"?"] = true, true
					for _, o := range f.Set.Options {
						known[report+"."+f.Key+"="+o.Code] = true
					}
				}
			}
		}
		for _, a := range verbs(st.Def(e.Name)) {
			verb := e.Name + ">" + a.Name
			known[verb] = true
			for _, f := range a.InputFields() {
				known[verb+"."+f.Key], known[verb+"."+f.Key+"?"] = true, true
				for _, o := range f.Set.Options {
					known[verb+"."+f.Key+"="+o.Code] = true
				}
			}
		}
	}
	for _, m := range modules() {
		for _, key := range keysOf(t, m) {
			if strings.HasPrefix(key, m.Name+".") && !known[key] {
				t.Errorf("%s: there is nothing of this name", key)
			}
		}
	}
}

// verbs are the actions of an entity, and its questions as if they were.
func verbs(d *entity.Def) []entity.Action {
	out := slices.Clone(d.Actions)
	for _, v := range d.Questions {
		out = append(out, entity.Action{Name: v.Name, Input: append(slices.Clip(v.Input), v.Columns...)})
	}
	return out
}

// salesperson is somebody for whom a view's "me" means something.
func salesperson() (*query.Viewer, query.Rights) {
	system := access.System("binding the views of a test")
	who := &query.Viewer{Member: 7, Depts: []int64{3}, Now: time.Date(2026, 3, 31, 10, 0, 0, 0, time.UTC), Env: schema.Env{Zone: time.UTC}}
	return who, system
}

func TestLayoutsHold(t *testing.T) {
	t.Parallel()
	st, _ := compile(t)
	for _, e := range st.Entities {
		l := st.Def(e.Name).Layout
		most := 10
		if e.Of != nil {
			most = 14 // they are a table by themselves
		}
		if n := len(l.List); n == 0 || n > most {
			t.Errorf("%s: %d columns in the list", e.Name, n)
		}
		if e.Of == nil && (len(l.Views) < 3 || l.Views[0].Key != "all") { // lines are looked at in their record
			t.Errorf("%s: the views are %v", e.Name, l.Views)
		}
		var named []string
		for _, g := range l.Groups {
			named = append(named, g.Fields...)
		}
		for _, k := range slices.Concat(l.List, l.Card, named) {
			if e.Field(k) == nil {
				t.Errorf("%s: the layout names an unknown field %s", e.Name, k)
			}
		}
		for _, f := range e.Fields {
			if n := count(named, f.Key); n > 1 || n == 0 && !f.System && f != e.Dept && f != e.Parent && f != e.Position {
				t.Errorf("%s.%s stands in %d groups", e.Name, f.Key, n)
			}
		}
		if f := e.Field(l.Kanban); l.Kanban != "" && (f == nil || !schema.IsChoice(f) && !schema.IsRef(f) || f.Many()) {
			t.Errorf("%s: a board needs a choice or a reference, %s is neither", e.Name, l.Kanban)
		}
		sortable(t, e, l.Sort)
		for _, v := range l.Views {
			sortable(t, e, v.Sort)
			bindable(t, st, e, v)
		}
		for _, r := range e.Duplicates {
			for _, m := range r.Match {
				if f := e.Field(m.Field); m.By == "company" && !f.Company || m.By == "phone" && f.Type.Name() != "phone" {
					t.Errorf("%s: %s is compared by %s, for which it keeps no key", e.Name, m.Field, m.By)
				}
			}
		}
	}
}

func count(list []string, s string) (n int) {
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

func sortable(t *testing.T, e *schema.Entity, sort string) {
	t.Helper()
	for key := range strings.SplitSeq(sort, ",") {
		f := e.Field(strings.TrimPrefix(key, "-"))
		if f == nil || f.Key != "id" && !schema.TraitsOf(f).Sortable {
			t.Errorf("%s cannot be sorted by %q", e.Name, sort)
		}
	}
}

func bindable(t *testing.T, st *entity.State, e *schema.Entity, v schema.View) {
	t.Helper()
	n, err := query.Parse(v.Filter)
	if err != nil {
		t.Errorf("%s!%s: %v", e.Name, v.Key, err)
		return
	}
	who, rights := salesperson()
	if _, err := query.Bind(st.Snapshot, e, n, who, rights); err != nil {
		t.Errorf("%s!%s: %v", e.Name, v.Key, err)
	}
}

// Bars and imports count on these words and codes.
func TestCustomerDictionaries(t *testing.T) {
	t.Parallel()
	st, _ := compile(t)
	e := st.Entity("crm.customer")
	env := &schema.Env{Locale: "zh-CN", Zone: time.UTC}
	for key, words := range map[string]string{
		"industry": "制造 软件 零售 物流 金融 医疗 教育 建筑 能源 农业 传媒 餐饮",
		"status":   "潜在 已联系 洽谈中 成交 流失",
		"source":   "web phone exhibition referral ads partner",
	} {
		f := e.Field(key)
		for word := range strings.FieldsSeq(words) {
			v, err := f.Type.Parse(f, word, env)
			if err != nil {
				t.Errorf("%s: %v", key, err)
				continue
			}
			if back := f.Type.Text(f, v, env); back != word && v.Str() != word {
				t.Errorf("%s: %s comes back as %s", key, word, back)
			}
		}
	}
	var codes []string
	for _, o := range e.Field("status").Set.Options {
		codes = append(codes, o.Code)
	}
	if want := []string{"lead", "contacted", "negotiating", "won", "lost"}; !slices.Equal(codes, want) {
		t.Errorf("status codes are %q", codes)
	}
	var first []string
	for _, x := range e.Indexes {
		first = append(first, strings.Join(x.Keys, " "))
	}
	if want := []string{"owner status -source_created_at -id", "status -source_created_at -id", "-source_created_at -id", "pool owner"}; !slices.Equal(first, want) {
		t.Errorf("indexes are %q", first)
	}
}

// The roles of a new installation name what is there, and keep selling and
// buying apart (ORG-2).
func TestStartingRoles(t *testing.T) {
	t.Parallel()
	st, bundle := compile(t)
	may := map[string]map[string]access.Scope{}
	for _, r := range entity.Roles(modules()...) {
		worded(t, "role "+r.Code, bundle.All("role."+r.Code))
		worded(t, "role "+r.Code+"?", bundle.All("role."+r.Code+"?"))
		may[r.Code] = map[string]access.Scope{}
		for _, g := range r.Grants {
			if !slices.Contains(access.Ops(), g.Op) || g.Deny {
				t.Errorf("%s: grant %+v", r.Code, g)
			}
			named := false
			for _, e := range st.Entities {
				if g.Entity == "*" || g.Entity == e.Name || strings.HasSuffix(g.Entity, ".*") && strings.HasPrefix(e.Name, strings.TrimSuffix(g.Entity, "*")) {
					named = true
					if may[r.Code][e.Name+" "+string(g.Op)] != access.All {
						may[r.Code][e.Name+" "+string(g.Op)] = g.Scope
					}
				}
			}
			if !named {
				t.Errorf("%s: grant on %s, which covers nothing", r.Code, g.Entity)
			}
		}
		for _, f := range r.Fields {
			if e := st.Entity(f.Entity); e == nil || e.Field(f.Field) == nil {
				t.Errorf("%s: right on %s.%s, which is not there", r.Code, f.Entity, f.Field)
			}
		}
	}
	for _, c := range []struct {
		role, on string
		want     access.Scope
	}{
		{"sales", "crm.customer read", access.Own},
		{"sales", "crm.contact export", access.Own},
		{"sales", "crm.customer transfer", ""},
		{"sales", "org.member update", ""},
		{"sales", "catalog.rate read", access.All},
		{"sales_manager", "crm.customer transfer", access.Tree},
		{"sales_manager", "crm.customer read", access.Tree},
		{"boss", "crm.customer read", access.All},
		{"boss", "crm.customer export", access.All},
		{"boss", "crm.customer update", ""},
		{"buyer", "catalog.unit read", access.All},
		{"buyer", "crm.customer read", ""},
		{"buyer", "crm.contact read", ""},
	} {
		if got := may[c.role][c.on]; got != c.want {
			t.Errorf("%s: %s within %q, want %q", c.role, c.on, got, c.want)
		}
	}
}

// Nothing but an administrator's own hand writes who may do what: no starting
// role holds a grant to it.
func TestNoRoleWritesRights(t *testing.T) {
	t.Parallel()
	for _, r := range entity.Roles(modules()...) {
		for _, g := range r.Grants {
			if g.Entity == "org.reminder" && g.Op == access.Update && g.Scope == access.Own {
				continue // seen, or later
			}
			if (g.Entity == "*" || strings.HasPrefix(g.Entity, "org.")) && g.Op != access.Read && g.Op != access.Export && g.Op != access.Print {
				t.Errorf("%s may %s %s", r.Code, g.Op, g.Entity)
			}
		}
	}
}
