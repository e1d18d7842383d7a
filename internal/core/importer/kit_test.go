package importer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// house is a company whose imports a test looks at.
type house struct {
	*company.Company
	t     *testing.T
	actor *access.Actor
}

// each runs fn on both databases, as the administrator of the machine.
func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	company.Each(t, func(t *testing.T, c *company.Company) {
		actor := access.System("import by a test")
		actor.Env.Zone, actor.Env.Region = c.App.Dir.Zone(), "CN"
		fn(t, &house{c, t, actor})
	})
}

// file writes a file for an import.
func (h *house) file(name, content string) string {
	h.t.Helper()
	path := filepath.Join(h.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// workbook writes rows of texts, which are XML already, as a workbook.
func (h *house) workbook(rows [][]string) string {
	h.t.Helper()
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rel = `"http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("<row>")
		for _, cell := range row {
			b.WriteString(`<c t="inlineStr"><is><t>` + cell + `</t></is></c>`)
		}
		b.WriteString("</row>")
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type=` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + ns + ` xmlns:r=` + rel + `"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type=` + rel + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + ns + `><sheetData>` + b.String() + `</sheetData></worksheet>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		h.t.Fatal(err)
	}
	return h.file("w.xlsx", out.String())
}

// try runs an import.
func (h *house) try(opt importer.Options) (importer.Summary, error) {
	return importer.Run(context.Background(), h.deps(), h.actor, opt, nil)
}

func (h *house) deps() importer.Deps {
	return importer.Deps{Engine: h.App.Engine, Texts: h.App.Texts}
}

// counts are what a test expects of an import.
type counts struct{ created, updated, skipped, unchanged, failed, warned int }

// run runs an import that must go through and counts it.
func (h *house) run(opt importer.Options, want counts) importer.Summary {
	h.t.Helper()
	s, err := h.try(opt)
	if err != nil {
		h.t.Fatal(err)
	}
	got := counts{s.Created, s.Updated, s.Skipped, s.Unchanged, s.Failed, s.Warned}
	if got != want {
		h.t.Fatalf("import of %s: %+v, want %+v; errors %v", opt.Path, got, want, s.Errors)
	}
	if s.Rows != s.Created+s.Updated+s.Skipped+s.Unchanged+s.Failed {
		h.t.Errorf("%d rows do not add up: %+v", s.Rows, s)
	}
	return s
}

// all reads every record of an entity.
func (h *house) all(entity string) []*record.Record {
	h.t.Helper()
	recs, err := h.App.Engine.All(context.Background(), entity)
	if err != nil {
		h.t.Fatal(err)
	}
	return recs
}

// by finds the one record whose field has a text.
func (h *house) by(entity, field, text string) *record.Record {
	h.t.Helper()
	var found []*record.Record
	for _, r := range h.all(entity) {
		if r.Get(field).Str() == text {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		h.t.Fatalf("%d records of %s have %s = %q", len(found), entity, field, text)
	}
	return found[0]
}

// show writes a field as people read it; many values are joined by |.
func (h *house) show(entity string, r *record.Record, field string) string {
	h.t.Helper()
	f := h.App.Registry.State().Entity(entity).Field(field)
	if f == nil {
		h.t.Fatalf("%s has no field %s", entity, field)
	}
	v := r.At(f.Slot)
	if !f.Many() {
		return f.Type.Text(f, v, &h.actor.Env)
	}
	var parts []string
	for _, one := range v.List() {
		parts = append(parts, f.Type.Text(f, one, &h.actor.Env))
	}
	return strings.Join(parts, "|")
}

// want checks fields of a record.
func (h *house) want(entity string, r *record.Record, fields map[string]string) {
	h.t.Helper()
	for key, want := range fields {
		if got := h.show(entity, r, key); got != want {
			h.t.Errorf("%s: %s = %q, want %q", r.Get("name").Str(), key, got, want)
		}
	}
}

// dump writes all that people entered, to compare before and after. Versions
// and times are left out: an undo raises them.
func (h *house) dump(entity string) []string {
	h.t.Helper()
	var out []string
	ent := h.App.Registry.State().Entity(entity)
	for _, r := range h.all(entity) {
		line := id.ID(r.ID()).String()
		for _, f := range ent.Fields {
			if !f.System && !f.Retired {
				line += " " + f.Key + "=" + h.show(entity, r, f.Key)
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

func (h *house) undo(changeset string) records.UndoReport {
	h.t.Helper()
	n, err := id.Parse(changeset)
	if err != nil {
		h.t.Fatal(err)
	}
	report, err := h.App.Engine.Undo(context.Background(), h.actor, int64(n), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return report
}

func mappings(t *testing.T, texts ...string) []importer.Mapping {
	t.Helper()
	var out []importer.Mapping
	for _, s := range texts {
		m, err := importer.ParseMapping(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// field is a field of an entity made at run time.
type field struct{ key, kind, label string }

// entity makes an entity at run time, titled by its field "name" or its first.
func (h *house) entity(name string, fields ...field) {
	h.t.Helper()
	ctx := context.Background()
	err := h.App.Customize.AddEntity(ctx, entity.EntityPatch{Name: name, Label: schema.Labels{"zh-CN": name}, Shared: true})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range fields {
		p := entity.FieldPatch{Entity: name, Key: f.key, Type: f.kind, Label: schema.Labels{"zh-CN": f.label}}
		if err := h.App.Customize.AddField(ctx, p); err != nil {
			h.t.Fatal(err)
		}
	}
}

// reference adds a field that names one record, or several.
func (h *house) reference(name, key, target string, many bool) {
	h.t.Helper()
	p := entity.FieldPatch{Entity: name, Key: key, Type: "reference", Label: schema.Labels{"zh-CN": key}, Settings: schema.Settings{Target: target, Many: many}}
	if err := h.App.Customize.AddField(context.Background(), p); err != nil {
		h.t.Fatal(err)
	}
}

// export writes a file of records.
func (h *house) export(opt importer.ExportOptions, path string) int {
	h.t.Helper()
	f, err := os.Create(path)
	if err != nil {
		h.t.Fatal(err)
	}
	n, err := importer.Export(context.Background(), h.deps(), h.actor, opt, f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func ref(n int64) string { return id.ID(n).String() }
