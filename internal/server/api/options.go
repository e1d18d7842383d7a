package api

import (
	"encoding/json"
	"net/http"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// dictionaryOut is a dictionary: the options of a field, and who holds them.
type dictionaryOut struct {
	Fields    []dictionaryField  `json:"fields" doc:"The fields that use it; its own first"`
	Options   []dictionaryOption `json:"options"`
	Fixed     bool               `json:"fixed" doc:"The program or its actions go by the options: they are named, coloured and put in order only"`
	Mergeable bool               `json:"mergeable" doc:"Records may be given one option in place of another"`
	Tag       string             `json:"tag" doc:"Version of what administrators said of the field, for If-Match"`
	Colors    []string           `json:"option_colors" doc:"The colours that an option may have"`
}

type dictionaryField struct {
	Entity string        `json:"entity"`
	Key    string        `json:"key"`
	Label  schema.Labels `json:"label"`
}

type dictionaryOption struct {
	metaOption
	Own    bool  `json:"own" doc:"Made by an administrator"`
	Live   int64 `json:"live" doc:"Records that hold it"`
	Binned int64 `json:"binned" doc:"Records in the recycle bin that hold it"`
}

// optionColors are the colours that an option may have.
func optionColors() []string {
	return []string{"gray", "blue", "green", "yellow", "orange", "red", "purple", "teal", "pink"}
}

// choiceOf is the choice field of the path that has a dictionary of its own.
func (q *request) choiceOf(st *entity.State) (*schema.Entity, *schema.Field, error) {
	e := st.Entity(q.r.PathValue("name"))
	if e == nil {
		return nil, nil, notFound()
	}
	for _, f := range e.Fields { // hidden ones too
		if f.Key == q.r.PathValue("key") && entity.IsChoice(f) && f.Set.SameAs == "" {
			return e, f, nil
		}
	}
	return nil, nil, notFound()
}

// dictionary answers the options of a field with how many records hold each.
func (s *Server) dictionary(q *request) error {
	st := s.Engine.Registry.State()
	e, f, err := q.choiceOf(st)
	if err != nil {
		return err
	}
	out := dictionaryOut{Fields: []dictionaryField{}, Options: []dictionaryOption{}, Fixed: st.FixedOptions(e, f), Tag: tagOf(saidOf(st, e.Name, f)), Colors: optionColors()}
	out.Mergeable = !out.Fixed && e.Of == nil
	for _, o := range metaOf(f, schema.Write).Settings.Options {
		out.Options = append(out.Options, dictionaryOption{metaOption: o, Own: !st.Declares(e, f, o.Code)})
	}
	for _, d := range st.Dictionary(e, f) {
		out.Fields = append(out.Fields, dictionaryField{d.Entity.Name, d.Field.Key, d.Field.Label})
		use, err := s.Engine.UseOfOptions(q.ctx, q.actor, d.Entity, d.Field)
		if err != nil {
			return err
		}
		for i := range out.Options {
			u := use[out.Options[i].Code]
			out.Options[i].Live += u.Live
			out.Options[i].Binned += u.Binned
		}
	}
	return q.answer(http.StatusOK, out)
}

// saidOf is what administrators said of a field.
func saidOf(st *entity.State, of string, f *schema.Field) entity.FieldPatch {
	for _, p := range st.Overlay.Fields {
		if p.Entity == of && p.Key == f.Key {
			return p
		}
	}
	return entity.FieldPatch{Entity: of, Key: f.Key, Settings: schema.Settings{Many: f.Set.Many}}
}

// held says whether records hold an option, in any field that uses the dictionary.
func (s *Server) held(q *request, of, key string) customize.Held {
	return func(code string) (bool, error) {
		st := s.Engine.Registry.State()
		e := st.Entity(of)
		if e == nil || e.Shape.Slot(key) < 0 {
			return false, nil
		}
		for _, d := range st.Dictionary(e, e.Fields[e.Shape.Slot(key)]) {
			use, err := s.Engine.UseOfOptions(q.ctx, q.actor, d.Entity, d.Field)
			if err != nil || use[code].Live+use[code].Binned > 0 {
				return true, err
			}
		}
		return false, nil
	}
}

// declares says which options the program itself knows.
func (s *Server) declares(of, key string) func(string) bool {
	st := s.Engine.Registry.State()
	return func(code string) bool {
		e := st.Entity(of)
		return e != nil && e.Shape.Slot(key) >= 0 && st.Declares(e, e.Fields[e.Shape.Slot(key)], code)
	}
}

type mergeBody struct {
	From string `json:"from" doc:"The option that goes"`
	Into string `json:"into" doc:"The option that takes its place"`
}

type mergeOut struct {
	Jobs []string `json:"jobs" doc:"One for each field that uses the dictionary; each can be undone"`
}

// mergeOptions takes an option out of use in favour of another, and has its
// records changed: by a job for each field, which comes after the change, so
// that nothing is written with the old option meanwhile.
func (s *Server) mergeOptions(q *request) error {
	var in mergeBody
	if err := q.decode(&in); err != nil {
		return err
	}
	st := s.Engine.Registry.State()
	e, f, err := q.choiceOf(st)
	if err != nil {
		return err
	}
	if e.Of != nil || st.FixedOptions(e, f) {
		return errs.New(errs.Invalid, "error.option_fixed").At("from")
	}
	_, err = s.Customize.MergeOption(q.ctx, e.Name, f.Key, in.From, in.Into, func(p entity.FieldPatch) error { return q.match(p) })
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "option_merge", 0, true, e.Name+"."+f.Key+" "+in.From+" > "+in.Into)
	return s.runMerge(q, e, f, in)
}

func (s *Server) runMerge(q *request, e *schema.Entity, f *schema.Field, in mergeBody) error {
	var payloads []string
	for _, d := range s.Engine.Registry.State().Dictionary(e, f) {
		if d.Entity.Of != nil {
			continue // lines are written with their record only
		}
		what, err := json.Marshal(records.Merge{Field: d.Field.Key, From: in.From, Into: in.Into})
		if err != nil {
			return err
		}
		m := records.Mass{Who: records.WhoIs(q.actor), Entity: d.Entity.Name, Op: records.MassMerge, Patch: what, Upto: int64(s.Engine.IDs.Next())}
		if err := s.Engine.CheckMass(q.ctx, q.actor, &m); err != nil {
			return err
		}
		raw, err := json.Marshal(m)
		if err != nil {
			return err
		}
		payloads = append(payloads, string(raw))
	}
	out := mergeOut{Jobs: []string{}}
	err := s.Engine.InTx(q.ctx, q.actor, func(sess *records.Session) error {
		out.Jobs = out.Jobs[:0]
		for _, payload := range payloads {
			job, err := s.Queue.Enqueue(q.ctx, sess.Tx(), jobs.Job{Kind: records.MassKind, Payload: payload, By: id.ID(q.actor.ID())})
			if err != nil {
				return err
			}
			out.Jobs = append(out.Jobs, job.String())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.answer(http.StatusAccepted, out)
}
