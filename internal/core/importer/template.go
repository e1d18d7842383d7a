package importer

import (
	"io"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Template writes a workbook to fill in: a first sheet with the columns that
// the actor may import, those that are required first, and a second one that
// says of every column what it takes. Errors: NotFound, Forbidden.
func Template(deps Deps, actor *access.Actor, entity string, w io.Writer) error {
	ent := deps.Engine.Registry.State().Entity(entity)
	if ent == nil {
		return errs.New(errs.NotFound, "error.entity_unknown", "entity", entity)
	}
	if !actor.May(ent, access.Import) {
		return errs.New(errs.Forbidden, "error.forbidden", "op", string(access.Import))
	}
	locale := actor.Env.Locale
	if locale == "" {
		locale = "zh-CN"
	}
	say := func(key string) string { return deps.Texts.Text(locale, "import.template."+key, nil) }
	fields := templateFields(actor, ent)
	out, err := sheet.NewXLSX(w, ent.Plural.In(locale))
	if err != nil {
		return err
	}
	header := make([]string, len(fields))
	for i, f := range fields {
		header[i] = f.Label.In(locale)
	}
	if err := out.Header(header); err != nil {
		return err
	}
	if err := out.Sheet(say("values")); err != nil {
		return err
	}
	if err := out.Header([]string{say("column"), say("required"), say("kind"), say("allowed")}); err != nil {
		return err
	}
	for _, f := range fields {
		required := ""
		if f.Required {
			required = say("yes")
		}
		row := []sheet.Cell{sheet.T(f.Label.In(locale)), sheet.T(required), sheet.T(deps.Texts.Text(locale, "type."+f.Type.Name(), nil))}
		for _, o := range f.Set.Options {
			if !o.Hidden {
				row = append(row, sheet.T(o.Label.In(locale)))
			}
		}
		if err := out.Row(row); err != nil {
			return err
		}
	}
	return out.Close()
}

// templateFields are the fields that a file can fill, the required ones first.
func templateFields(actor *access.Actor, ent *schema.Entity) []*schema.Field {
	var out []*schema.Field
	for _, f := range ent.Fields {
		if !f.Retired && !f.ReadOnly && f.Stored() && f.Type.Name() != "auto_number" && !schema.IsFile(f) && !schema.IsAnyRef(f) && writable(actor, ent, f) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b *schema.Field) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return out
}
