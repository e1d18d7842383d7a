package api

import (
	"encoding/json"
	"slices"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// metaReport is what the page of a report is drawn from.
type metaReport struct {
	Entity  string        `json:"entity"`
	Name    string        `json:"name"`
	Module  string        `json:"module" doc:"Whose it is"`
	Label   schema.Labels `json:"label"`
	Help    schema.Labels `json:"help" doc:"What it is for"`
	Icon    string        `json:"icon"`
	Input   []metaField   `json:"input"`
	Columns []metaField   `json:"columns"`
	Adds    []string      `json:"adds" doc:"Columns that add up in the last rows"`
	Charts  []metaChart   `json:"charts"`
}

// metaChart draws figures of a report.
type metaChart struct {
	Kind string   `json:"kind" doc:"bars, columns, lines or funnel"`
	By   []string `json:"by" doc:"Columns that name a row, the first that is filled in"`
	Of   []string `json:"of" doc:"Columns that are drawn"`
}

// metaReports lists the reports that a caller may see, by the modules that they come from.
func (s *Server) metaReports(q *request, st *entity.State) []metaReport {
	out := []metaReport{}
	add := func(module, of string, list []entity.Report) {
		e := st.Entity(of)
		for i := range list {
			if r := reportOf(st, of, list[i].Name); e != nil && r != nil && records.MayReport(q.actor, st, e, r) {
				out = append(out, s.metaReport(st, e, r, module))
			}
		}
	}
	for _, m := range slices.Backward(s.Modules) { // what stands above several of them first
		for _, x := range m.Extends {
			add(m.Name, x.Of, x.Reports)
		}
		for i := range m.Entities {
			add(m.Name, m.Entities[i].Name, m.Entities[i].Reports)
		}
	}
	return out
}

func (s *Server) metaReport(st *entity.State, e *schema.Entity, r *entity.Report, module string) metaReport {
	key := e.Name + "~" + r.Name
	m := metaReport{Entity: e.Name, Name: r.Name, Module: module, Label: s.Texts.All(key), Help: s.Texts.All(key + "?"), Icon: r.Icon,
		Input: []metaField{}, Columns: []metaField{}, Adds: keysOf(r.Adds), Charts: []metaChart{}}
	if m.Icon == "" {
		m.Icon = e.Icon
	}
	input := s.wordsOf(e, r, st.InputFields(&entity.Action{Name: r.Name, Input: r.Input}))
	for _, f := range input {
		one := metaOf(f, schema.Write)
		if f.Default == "currency()" {
			own := s.Engine.Dir.Currency()
			one.Default = &own
		}
		one.VisibleWhen = shownWhen(st, input, f)
		m.Input = append(m.Input, one)
	}
	for _, f := range s.wordsOf(e, r, st.InputFields(&entity.Action{Name: r.Name, Input: r.Columns})) {
		m.Columns = append(m.Columns, metaOf(f, schema.Read))
	}
	for _, c := range r.Charts {
		m.Charts = append(m.Charts, metaChart{Kind: c.Kind, By: keysOf(c.By), Of: keysOf(c.Of)})
	}
	return m
}

func keysOf(list []entity.Declared) []string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = entity.KeyOf(d)
	}
	return out
}

// wordsOf fills in what inputs or columns of a report are called: by its own
// texts, else as the entity's field of the same key, else as in every report.
func (s *Server) wordsOf(e *schema.Entity, r *entity.Report, fields []*schema.Field) []*schema.Field {
	for _, f := range fields {
		same := e.Field(f.Key)
		keys := []string{e.Name + "~" + r.Name + "." + f.Key, "report." + f.Key}
		f.Label, f.Help = s.Texts.All(keys[0]), s.Texts.All(keys[0]+"?")
		if f.Label == nil && same != nil {
			f.Label = same.Label
		}
		if f.Label == nil {
			f.Label = s.Texts.All(keys[1])
		}
		f.Set.Options = slices.Clone(f.Set.Options)
		for i := range f.Set.Options {
			o := &f.Set.Options[i]
			for _, key := range keys {
				if o.Label == nil {
					o.Label = s.Texts.All(key + "=" + o.Code)
				}
			}
			if o.Label == nil && same != nil {
				o.Label = optionLabel(same, o.Code)
			}
		}
	}
	return fields
}

func optionLabel(f *schema.Field, code string) schema.Labels {
	for _, o := range f.Set.Options {
		if o.Code == code {
			return o.Label
		}
	}
	return nil
}

// shownWhen is the condition over the other inputs under which one is asked for.
func shownWhen(st *entity.State, input []*schema.Field, f *schema.Field) json.RawMessage {
	if f.VisibleWhen == "" {
		return nil
	}
	keys := make([]string, len(input))
	for i, one := range input {
		keys[i] = one.Key
	}
	e := &schema.Entity{Name: "report", Fields: input, Shape: record.NewShape("report", keys, 0)}
	n, err := query.Parse(f.VisibleWhen)
	if err != nil {
		return nil
	}
	bound, err := query.Bind(st.Snapshot, e, n, &query.Viewer{}, plainly{})
	if err != nil || bound.Cond == nil {
		return nil
	}
	return query.AppendJSON(nil, bound.Cond)
}

// plainly are the rights to the inputs of a form: all of them.
type plainly struct{}

func (plainly) Level(*schema.Entity, *schema.Field) schema.Level { return schema.Write }
