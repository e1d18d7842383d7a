package importer

import (
	"context"
	"io"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// ExportOptions say what to give out and how.
type ExportOptions struct {
	Entity string
	Filter string
	Sort   string // "" = the entity's own order
	Words  string
	Fields []string // nil = all that the actor may see

	Format   sheet.Format // sheet.CSV (also "") or sheet.XLSX
	Encoding string       // of CSV: "" = UTF-8 with a byte order mark, as Excel needs it; utf-8; gb18030
	// Keys writes the fields' keys as header, codes of options and ids of
	// references: for programs. Without it everything is as people read it.
	Keys bool

	Progress func(rows int) // told now and then; nil = nobody
}

// manySign stands between several values of one cell.
const manySign = ";"

// Export writes the records of a list that the actor may read and export, and
// says how many. Masked values stay masked. What a spreadsheet would take for a
// formula is written as a text (OWASP, CSV injection). Who took what is
// audited. Errors: Forbidden, BadRequest for an unknown field, filter or format.
func Export(ctx context.Context, deps Deps, actor *access.Actor, opt ExportOptions, w io.Writer) (rows int, err error) {
	if opt.Fields == nil {
		opt.Fields = []string{"*"}
	}
	q := records.ListQuery{Filter: opt.Filter, Sort: opt.Sort, Words: opt.Words, Fields: opt.Fields}
	ent := deps.Engine.Registry.State().Entity(opt.Entity)
	if ent == nil {
		return 0, errs.New(errs.NotFound, "error.entity_unknown", "entity", opt.Entity)
	}
	if !actor.May(ent, access.Export) {
		return 0, errs.New(errs.Forbidden, "error.forbidden", "op", string(access.Export))
	}
	fields, err := deps.Engine.Columns(actor, opt.Entity, q)
	if err != nil {
		return 0, err
	}
	x := export{opt: &opt, fields: fields, locale: actor.Env.Locale, env: &actor.Env}
	if x.locale == "" {
		x.locale = "zh-CN"
	}
	x.choose()
	out, err := x.open(ent, w)
	if err != nil {
		return 0, err
	}
	defer func() { deps.Engine.AuditExport(ctx, actor, opt.Entity, rows, opt.Filter, err == nil) }()
	if err := out.Header(x.header()); err != nil {
		return 0, err
	}
	err = deps.Engine.Walk(ctx, actor, opt.Entity, q, func(page [][]records.Shown) error {
		for _, row := range page {
			if err := out.Row(x.row(row)); err != nil {
				return err
			}
			rows++
		}
		if opt.Progress != nil {
			opt.Progress(rows)
		}
		return nil
	})
	if err != nil {
		return rows, err
	}
	return rows, out.Close()
}

// export is one file on its way out.
type export struct {
	opt    *ExportOptions
	fields []*schema.Field
	keep   []int // of fields
	locale string
	env    *schema.Env
	cells  []sheet.Cell
}

// choose leaves out the version where it was not asked for.
func (x *export) choose() {
	all := len(x.opt.Fields) == 1 && x.opt.Fields[0] == "*"
	for i, f := range x.fields {
		asked := all && f.Slot != record.SlotVersion
		for _, key := range x.opt.Fields {
			asked = asked || key == f.Key
		}
		if asked {
			x.keep = append(x.keep, i)
		}
	}
}

func (x *export) open(ent *schema.Entity, w io.Writer) (sheet.Writer, error) {
	switch x.opt.Format {
	case sheet.CSV, sheet.Auto:
		return sheet.NewCSV(w, sheet.CSVOptions{Encoding: x.opt.Encoding})
	case sheet.XLSX:
		return sheet.NewXLSX(w, ent.Plural.In(x.locale))
	}
	return nil, errs.New(errs.BadRequest, "error.parameter_value", "name", "format")
}

// header names the columns; labels that two fields share get the key behind.
func (x *export) header() []string {
	names, seen := make([]string, len(x.keep)), map[string]int{}
	for i, at := range x.keep {
		f := x.fields[at]
		if names[i] = f.Label.In(x.locale); names[i] == "" || x.opt.Keys {
			names[i] = f.Key
		}
		seen[names[i]]++
	}
	for i, at := range x.keep {
		if seen[names[i]] > 1 {
			names[i] = x.fields[at].Key
		}
	}
	return names
}

func (x *export) row(row []records.Shown) []sheet.Cell {
	x.cells = x.cells[:0]
	for _, at := range x.keep {
		x.cells = append(x.cells, x.cell(x.fields[at], &row[at]))
	}
	return x.cells
}

func (x *export) cell(f *schema.Field, s *records.Shown) sheet.Cell {
	if x.opt.Keys && !s.Masked {
		if t, ok := x.code(f, s.Value); ok {
			return sheet.T(t)
		}
	}
	t := strings.Join(s.Labels, manySign)
	if s.Masked {
		return sheet.T(t)
	}
	switch f.Type.Name() {
	case "number", "decimal", "money":
		return sheet.N(t)
	case "date":
		return sheet.D(t)
	case "instant":
		if len(t) == len("2006-01-02 15:04:05") {
			return sheet.D(t)
		}
	}
	return sheet.T(t)
}

// code is what programs read: option codes, region codes, ids.
func (x *export) code(f *schema.Field, v record.Value) (string, bool) {
	var one func(record.Value) string
	switch {
	case schema.IsChoice(f), schema.IsRegion(f):
		one = record.Value.Str
	case schema.IsRef(f) && f.Slot != record.SlotID, schema.IsAnyRef(f):
		one = func(v record.Value) string { return f.Type.Text(f, v, x.env) }
	case f.Type.Name() == "switch" && !v.IsNull():
		one = func(v record.Value) string {
			if v.Bool() {
				return "true"
			}
			return "false"
		}
	default:
		return "", false
	}
	vals := []record.Value{v}
	if f.Many() {
		vals = v.List()
	}
	var parts []string
	for _, v := range vals {
		if !v.IsNull() {
			parts = append(parts, one(v))
		}
	}
	return strings.Join(parts, manySign), true
}
