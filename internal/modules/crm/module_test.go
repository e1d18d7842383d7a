package crm_test

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/i18n/texts"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/crm"
	"github.com/guanxicrm/guanxi/internal/modules/org"
)

func modules() []entity.Module { return []entity.Module{org.Module(), catalog.Module(), crm.Module()} }

// newRegistry compiles the modules as the program does.
func newRegistry(t *testing.T) (*entity.Registry, *i18n.Bundle) {
	t.Helper()
	list := modules()
	bundle, err := i18n.Load(texts.FS, list[0].Texts, list[1].Texts, list[2].Texts)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := entity.NewRegistry(bundle.All, entity.Defs(list...))
	if err != nil {
		t.Fatal(err)
	}
	return reg, bundle
}

func TestModulesCompile(t *testing.T) {
	newRegistry(t)
}
