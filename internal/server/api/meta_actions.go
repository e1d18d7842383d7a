package api

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// claims names the entities whose records the caller may take out of pools.
func claims(actor *access.Actor, st *entity.State) []string {
	var out []string
	for _, e := range st.Entities {
		if e.Pool != nil && actor.May(e, access.Claim) {
			out = append(out, e.Name)
		}
	}
	return out
}

// verb is an action on the records of an entity with what it asks for.
type verb struct {
	name  string
	label schema.Labels
	input []*schema.Field
	bulk  bool
	when  *metaWhen
	moves *metaMoves
	only  json.RawMessage
	main  bool
	makes string
}

// verbs lists the actions that a caller may take on an entity.
func (s *Server) verbs(actor *access.Actor, st *entity.State, e *schema.Entity) []verb {
	var out []verb
	if def := st.Def(e.Name); def != nil {
		for i := range def.Actions {
			a := &def.Actions[i]
			if a.Admin && !actor.Admin() || !actor.May(e, orUpdate(a.Op)) {
				continue
			}
			if made := st.Entity(a.Makes); made != nil && !actor.May(made, access.Create) {
				continue
			}
			v := verb{name: a.Name, label: s.Texts.All(e.Name + ">" + a.Name), input: s.inputFields(e.Name, a), bulk: a.Bulk, main: a.Main, only: onlyOf(actor, st, e, a), makes: a.Makes}
			if key := a.Move.Key(); key != "" {
				if len(a.Move.From) > 0 {
					v.when = &metaWhen{key, a.Move.From}
				}
				if a.Move.To != "" || slices.ContainsFunc(v.input, func(f *schema.Field) bool { return f.Key == key }) {
					v.moves = &metaMoves{key, a.Move.To}
				}
			}
			out = append(out, v)
		}
	}
	if e.Owner != nil && actor.May(e, access.Transfer) {
		out = append(out, verb{name: "transfer", label: s.Texts.All("action.transfer"), input: []*schema.Field{e.Owner}, bulk: true, moves: &metaMoves{Field: e.Owner.Key}})
	}
	return out
}

// metaDeed is what an action is called.
type metaDeed struct {
	Name  string        `json:"name"`
	Label schema.Labels `json:"label"`
}

// deeds names the actions on an entity that are not among those that a caller may take.
func (s *Server) deeds(st *entity.State, e *schema.Entity, may []metaAction) []metaDeed {
	def := st.Def(e.Name)
	if def == nil {
		return nil
	}
	var out []metaDeed
	for i := range def.Actions {
		name := def.Actions[i].Name
		if !slices.ContainsFunc(may, func(a metaAction) bool { return a.Name == name }) {
			out = append(out, metaDeed{name, s.Texts.All(e.Name + ">" + name)})
		}
	}
	return out
}

func (s *Server) inputFields(name string, a *entity.Action) []*schema.Field {
	out := s.Engine.Registry.State().InputFields(a)
	for _, f := range out {
		key := name + ">" + a.Name + "." + f.Key
		if f.Label == nil {
			f.Label = s.Texts.All(key)
		}
		if f.Help == nil {
			f.Help = s.Texts.All(key + "?")
		}
		f.Set.Options = slices.Clone(f.Set.Options)
		for i := range f.Set.Options {
			if o := &f.Set.Options[i]; o.Label == nil { // not those of a record's field
				o.Label = s.Texts.All(key + "=" + o.Code)
			}
		}
	}
	return out
}

// metaQuestion is what can be asked about a record, beside what it holds.
type metaQuestion struct {
	Name    string        `json:"name"`
	Label   schema.Labels `json:"label"`
	Input   []metaField   `json:"input"`
	Columns []metaField   `json:"columns" doc:"What a row of the answer shows"`
}

// asked is a question that a caller may ask.
type asked struct {
	name           string
	label          schema.Labels
	input, columns []*schema.Field
	of             *entity.Question
}

// questions lists those that a caller may ask about the records of an entity.
func (s *Server) questions(actor *access.Actor, st *entity.State, e *schema.Entity) []asked {
	def := st.Def(e.Name)
	if def == nil {
		return nil
	}
	var out []asked
	for i := range def.Questions {
		v := &def.Questions[i]
		if !actor.May(e, v.Op) {
			continue
		}
		out = append(out, asked{name: v.Name, label: s.Texts.All(e.Name + ">" + v.Name), of: v,
			input:   s.inputFields(e.Name, &entity.Action{Name: v.Name, Input: v.Input}),
			columns: s.inputFields(e.Name, &entity.Action{Name: v.Name, Input: v.Columns})})
	}
	return out
}

func (s *Server) metaQuestions(q *request, st *entity.State, e *schema.Entity) []metaQuestion {
	var out []metaQuestion
	for _, v := range s.questions(q.actor, st, e) {
		one := metaQuestion{Name: v.name, Label: v.label, Input: []metaField{}, Columns: []metaField{}}
		for _, f := range v.input {
			in := metaOf(f, schema.Write)
			in.VisibleWhen = shownWhen(st, v.input, f)
			one.Input = append(one.Input, in)
		}
		for _, f := range v.columns {
			one.Columns = append(one.Columns, metaOf(f, schema.Read))
		}
		out = append(out, one)
	}
	return out
}

// question answers what is asked about a record.
func (s *Server) question(q *request) error {
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	body, _, err := q.object()
	if err != nil {
		return err
	}
	name, st := q.r.PathValue("entity"), s.Engine.Registry.State()
	ent := st.Entity(name)
	if ent == nil {
		return notFound()
	}
	for _, v := range s.questions(q.actor, st, ent) {
		if v.name != q.r.PathValue("question") {
			continue
		}
		input, _, err := st.DecodeInput(&entity.Action{Name: v.name, Input: v.of.Input}, body, &q.actor.Env)
		if err != nil {
			return err
		}
		if q.buf, err = s.Engine.Ask(q.ctx, q.actor, name, rec, v.of, v.columns, input, q.buf); err != nil {
			return err
		}
		return q.reply(http.StatusOK, q.buf)
	}
	return notFound()
}

// onlyOf is the condition under which an action is offered, none where the
// caller may not read what it depends on: then only the server can tell.
func onlyOf(actor *access.Actor, st *entity.State, e *schema.Entity, a *entity.Action) json.RawMessage {
	if a.Only == nil {
		return nil
	}
	bound, err := query.Bind(st.Snapshot, e, a.Only, actor.Viewer(), actor)
	if err != nil {
		return nil
	}
	return query.AppendJSON(nil, bound.Cond)
}
