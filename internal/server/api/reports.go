package api

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// reportOf finds a report of an entity, nil when there is none.
func reportOf(st *entity.State, name, report string) *entity.Report {
	def := st.Def(name)
	if def == nil {
		return nil
	}
	for i := range def.Reports {
		if def.Reports[i].Name == report {
			return &def.Reports[i]
		}
	}
	return nil
}

// askedOf reads which report is asked for, and what.
func (s *Server) askedOf(q *request) (name string, r *entity.Report, input *record.Record, err error) {
	body, _, err := q.object()
	if err != nil {
		return "", nil, nil, err
	}
	st, name := s.Engine.Registry.State(), q.r.PathValue("entity")
	if r = reportOf(st, name, q.r.PathValue("report")); r == nil {
		return "", nil, nil, notFound()
	}
	input, version, err := st.DecodeInput(&entity.Action{Name: r.Name, Input: r.Input}, body, &q.actor.Env)
	if err == nil && version >= 0 {
		err = notFound()
	}
	return name, r, input, err
}

// report computes a table under the caller's rights.
func (s *Server) report(q *request) error {
	name, r, input, err := s.askedOf(q)
	if err != nil {
		return err
	}
	if q.buf, err = s.Engine.Report(q.ctx, q.actor, name, r, input, q.buf); err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

// reportFile is the table as a file for spreadsheets.
func (s *Server) reportFile(q *request) error {
	name, r, input, err := s.askedOf(q)
	if err != nil {
		return err
	}
	format := sheet.Format(q.r.PathValue("format"))
	if format != sheet.XLSX && format != sheet.CSV {
		return notFound()
	}
	fields, rows, err := s.Engine.ReportTable(q.ctx, q.actor, name, r, input)
	if err != nil {
		return err
	}
	st := s.Engine.Registry.State()
	fields = s.wordsOf(st.Entity(name), r, fields)
	title := s.Texts.All(name + "~" + r.Name)[q.locale]
	var file bytes.Buffer
	out, err := sheetOf(format, title, &file)
	if err == nil {
		err = writeTable(out, fields, rows, q.locale)
	}
	if err != nil {
		return err
	}
	s.Engine.AuditExport(q.ctx, q.actor, name, len(rows), "~"+r.Name, true)
	to := &download{q: q, kind: "text/csv; charset=utf-8", name: title + " " + s.Clock.Now().In(s.Engine.Dir.Zone()).Format(time.DateOnly) + "." + string(format)}
	if format == sheet.XLSX {
		to.kind = xlsxKind
	}
	_, err = to.Write(file.Bytes())
	return err
}

func sheetOf(format sheet.Format, title string, to io.Writer) (sheet.Writer, error) {
	if format == sheet.XLSX {
		return sheet.NewXLSX(to, title)
	}
	return sheet.NewCSV(to, sheet.CSVOptions{})
}

// writeTable leaves out columns that no row has; of no rows it keeps those of figures.
func writeTable(out sheet.Writer, fields []*schema.Field, rows [][]records.Shown, locale string) error {
	var keep []int
	var names []string
	said := func(i int, of records.Shown) string {
		return labelOf(fields[i], of.Value, strings.Join(of.Labels, ", "), locale)
	}
	for i, f := range fields {
		if figure(f) && len(rows) == 0 || slices.ContainsFunc(rows, func(row []records.Shown) bool { return said(i, row[i]) != "" }) {
			keep, names = append(keep, i), append(names, cmp.Or(f.Label.In(locale), f.Key))
		}
	}
	if err := out.Header(names); err != nil {
		return err
	}
	for _, row := range rows {
		cells := make([]sheet.Cell, len(keep))
		for n, i := range keep {
			if text := said(i, row[i]); figure(fields[i]) && fields[i].Type.Name() != "percent" {
				cells[n] = sheet.N(text)
			} else {
				cells[n] = sheet.T(text)
			}
		}
		if err := out.Row(cells); err != nil {
			return err
		}
	}
	return out.Close()
}

// labelOf is what an option is called in a file, the text of anything else.
func labelOf(f *schema.Field, v record.Value, text, locale string) string {
	for _, o := range f.Set.Options {
		if v.Kind() == record.KindText && o.Code == v.Str() {
			return cmp.Or(o.Label.In(locale), text)
		}
	}
	return text
}

func figure(f *schema.Field) bool { return schema.TraitsOf(f).Number }

// addReports describes the reports of an entity, each by itself.
func (s *Server) addReports(doc *openAPI, d *document, rt route, e *schema.Entity) {
	def := d.st.Def(e.Name)
	if def == nil {
		return
	}
	for i := range def.Reports {
		r := &def.Reports[i]
		if !records.MayReport(d.actor, d.st, e, r) {
			continue
		}
		one := rt.takes(inputShape(d.st.InputFields(&entity.Action{Name: r.Name, Input: r.Input})))
		one.Path = strings.ReplaceAll(rt.Path, "{report}", r.Name)
		one.doc.id += "." + r.Name
		one.doc.summary = s.Texts.All(e.Name + "~" + r.Name)["en"]
		if strings.Contains(rt.Path, "{format}") {
			one.doc.summary += ", as a file"
		} else {
			one = one.gives(ok, "The table", tableShape(d.st.InputFields(&entity.Action{Name: r.Name, Input: r.Columns})))
		}
		doc.add(d, one, e)
	}
}

// inputShape is the body of what is asked by a report.
func inputShape(fields []*schema.Field) shape {
	return func(*document, *schema.Entity) *jsonSchema {
		s := object()
		for _, f := range fields {
			s.Properties = append(s.Properties, member[*jsonSchema]{f.Key, labelled(fieldIn(f), f)})
			if f.Required {
				s.Required = append(s.Required, f.Key)
			}
		}
		return s.closed()
	}
}

// tableShape is what a report answers.
func tableShape(columns []*schema.Field) shape {
	return func(*document, *schema.Entity) *jsonSchema {
		row := object()
		for _, f := range columns {
			row.Properties = append(row.Properties, member[*jsonSchema]{f.Key, labelled(nullable(valueOut(f)), f)})
			row.Required = append(row.Required, f.Key)
		}
		return object(must("rows", list(row.closed())), must("totals", list(row).says("What the rows add up to, by currency where they have one")),
			must("opens", list(component("ReportPlaces"))), must("more", typed("boolean").says("There are more rows than are told"))).closed()
	}
}
