package finance_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/i18n/texts"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/finance"
)

// Everything that finance declares, in its own entities and in those it
// extends, has its words in both languages.
func TestWords(t *testing.T) {
	t.Parallel()
	files := []fs.FS{texts.FS}
	for _, m := range app.Modules() {
		files = append(files, m.Texts)
	}
	bundle, err := i18n.Load(files...)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := entity.NewRegistry(bundle.All, entity.Defs(app.Modules()...))
	if err != nil {
		t.Fatal(err)
	}
	worded := func(what string, l schema.Labels) {
		for _, locale := range i18n.Locales() {
			if strings.TrimSpace(l[locale]) == "" {
				t.Errorf("%s has no text in %s", what, locale)
			}
		}
	}
	mine := map[string]bool{}
	for _, d := range finance.Module().Entities {
		mine[d.Name] = true
	}
	for _, x := range finance.Module().Extends {
		mine[x.Of] = true
	}
	st := reg.State()
	for _, e := range st.Entities {
		if !mine[e.Name] {
			continue
		}
		worded(e.Name, e.Label)
		worded(e.Name+"?", bundle.All(e.Name+"?"))
		labels := map[string]string{}
		for _, f := range e.Fields {
			worded(e.Name+"."+f.Key, f.Label)
			if other, dup := labels[f.Label["zh-CN"]]; dup {
				t.Errorf("%s: %s and %s are both called %s", e.Name, other, f.Key, f.Label["zh-CN"])
			}
			labels[f.Label["zh-CN"]] = f.Key
			for _, o := range f.Set.Options {
				worded(e.Name+"."+f.Key+"="+o.Code, o.Label)
			}
			if strings.HasPrefix(e.Name, "finance.") && len(schema.Targets(f)) == 1 && !f.System && f.Key != "owner" && f.Key != "dept" {
				worded(e.Name+"."+f.Key+"<", f.Reverse)
			}
		}
		for _, g := range e.Layout.Groups {
			worded(e.Name+"@"+g.Key, g.Label)
		}
		for _, v := range e.Layout.Views {
			worded(e.Name+"!"+v.Key, v.Label)
		}
		for _, a := range st.Def(e.Name).Actions {
			worded(e.Name+">"+a.Name, bundle.All(e.Name+">"+a.Name))
			for _, f := range a.InputFields() {
				worded(e.Name+">"+a.Name+"."+f.Key, bundle.All(e.Name+">"+a.Name+"."+f.Key))
				for _, o := range f.Set.Options {
					worded(e.Name+">"+a.Name+"."+f.Key+"="+o.Code, bundle.All(e.Name+">"+a.Name+"."+f.Key+"="+o.Code))
				}
			}
		}
	}
}
