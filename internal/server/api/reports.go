package api

import (
	"net/http"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/entity"
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

// report computes a table under the caller's rights.
func (s *Server) report(q *request) error {
	body, _, err := q.object()
	if err != nil {
		return err
	}
	st, name := s.Engine.Registry.State(), q.r.PathValue("entity")
	r := reportOf(st, name, q.r.PathValue("report"))
	if r == nil {
		return notFound()
	}
	input, version, err := st.DecodeInput(&entity.Action{Name: r.Name, Input: r.Input}, body, &q.actor.Env)
	if err != nil {
		return err
	}
	if version >= 0 {
		return notFound()
	}
	if q.buf, err = s.Engine.Report(q.ctx, q.actor, name, r, input, q.buf); err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

// addReports describes the reports of an entity, each by itself.
func (s *Server) addReports(doc *openAPI, d *document, rt route, e *schema.Entity) {
	def := d.st.Def(e.Name)
	if def == nil {
		return
	}
	for i := range def.Reports {
		r := &def.Reports[i]
		one := rt.takes(inputShape(entity.InputOf(r.Input))).gives(ok, "The table", tableShape(r))
		one.Path = strings.ReplaceAll(rt.Path, "{report}", r.Name)
		one.doc.id += "." + r.Name
		one.doc.summary = s.Texts.All(e.Name + "~" + r.Name)["en"]
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
func tableShape(r *entity.Report) shape {
	return func(*document, *schema.Entity) *jsonSchema {
		row := object()
		for _, f := range entity.InputOf(r.Columns) {
			row.Properties = append(row.Properties, member[*jsonSchema]{f.Key, labelled(nullable(valueOut(f)), f)})
			row.Required = append(row.Required, f.Key)
		}
		return object(must("rows", list(row.closed())), must("more", typed("boolean").says("There are more rows than are told"))).closed()
	}
}
