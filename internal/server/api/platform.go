package api

import (
	"net/http"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

type aliveOut struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}

func (s *Server) health(q *request) error {
	return q.answer(http.StatusOK, aliveOut{"ok", s.Version})
}

func (s *Server) healthDetail(q *request) error {
	return q.answer(http.StatusOK, s.Platform.Health(q.ctx))
}

type setupStateOut struct {
	Needed bool `json:"needed"`
}

func (s *Server) setupState(q *request) error {
	return q.answer(http.StatusOK, setupStateOut{s.Platform.NeedsSetup()})
}

type passphraseOut struct {
	Passphrase string `json:"recovery_passphrase" doc:"Opens the backups; nobody can read it again"`
}

// setup does the first run and signs the new administrator in.
func (s *Server) setup(q *request) error {
	var in SetupInput
	if err := q.decode(&in); err != nil {
		return err
	}
	if in.Locale == "" {
		in.Locale = q.locale
	}
	passphrase, err := s.Platform.Setup(q.ctx, in)
	if err != nil {
		return err
	}
	token, cred, err := s.Sessions.SignIn(q.ctx, in.Login, in.Password, q.meta())
	if err != nil {
		return err
	}
	http.SetCookie(q.w, q.sessionCookie(token, cred))
	return q.answer(http.StatusOK, passphraseOut{passphrase})
}

// customizationOut shows what administrators made.
type customizationOut struct {
	Items  []entity.EntityPatch `json:"items"`
	Fields []entity.FieldPatch  `json:"fields"`
}

func (s *Server) customEntities(q *request) error {
	o := s.Engine.Registry.State().Overlay
	return q.answer(http.StatusOK, customizationOut{Items: append([]entity.EntityPatch{}, o.Entities...), Fields: append([]entity.FieldPatch{}, o.Fields...)})
}

func (s *Server) addEntity(q *request) error {
	var p entity.EntityPatch
	if err := q.decode(&p); err != nil {
		return err
	}
	if len(p.Name) < 2 || p.Name[:2] != "x." {
		p.Name = "x." + p.Name
	}
	if err := s.Customize.AddEntity(q.ctx, p); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "entity_add", 0, true, p.Name)
	return q.answer(http.StatusCreated, p)
}

// changeEntity merges the given members into what administrators said of an
// entity. If-Match holds the tag of it that the caller saw.
func (s *Server) changeEntity(q *request) error {
	name := q.r.PathValue("name")
	raw, err := q.body()
	if err != nil {
		return err
	}
	p, err := s.Customize.ChangeEntity(q.ctx, name, func(p *entity.EntityPatch) error {
		if err := q.match(*p); err != nil {
			return err
		}
		*p, err = merged(*p, raw)
		return err
	})
	return q.customized(err, "entity_change", name, p)
}

func (s *Server) retireEntity(q *request) error {
	name := q.r.PathValue("name")
	p, err := s.Customize.ChangeEntity(q.ctx, name, func(p *entity.EntityPatch) error {
		if !p.Add {
			return notFound()
		}
		p.Retired = true
		return nil
	})
	return q.customized(err, "entity_retire", name, p)
}

func (q *request) customized(err error, action, name string, out any) error {
	if err != nil {
		return err
	}
	q.s.Engine.AuditAccess(q.ctx, q.actor, action, 0, true, name)
	return q.tagged(out)
}

func (s *Server) addField(q *request) error {
	var p entity.FieldPatch
	if err := q.decode(&p); err != nil {
		return err
	}
	p.Entity = q.r.PathValue("name")
	if err := s.Customize.AddField(q.ctx, p); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "field_add", 0, true, p.Entity+"."+p.Key)
	return q.answer(http.StatusCreated, p)
}

// changeField is as changeEntity.
func (s *Server) changeField(q *request) error {
	name, key := q.r.PathValue("name"), q.r.PathValue("key")
	raw, err := q.body()
	if err != nil {
		return err
	}
	p, err := s.Customize.ChangeField(q.ctx, name, key, func(p *entity.FieldPatch) error {
		if err := q.match(*p); err != nil {
			return err
		}
		was := *p
		if *p, err = merged(*p, raw); err != nil {
			return err
		}
		return customize.KeepHeld(was, p, s.declares(name, key), s.held(q, name, key))
	})
	return q.customized(err, "field_change", name+"."+key, p)
}

func (s *Server) retireField(q *request) error {
	name, key := q.r.PathValue("name"), q.r.PathValue("key")
	p, err := s.Customize.ChangeField(q.ctx, name, key, func(p *entity.FieldPatch) error {
		p.Retired = true
		return nil
	})
	return q.customized(err, "field_retire", name+"."+key, p)
}

type viewOut struct {
	ID       string         `json:"id" api:"id"`
	Entity   string         `json:"entity"`
	Name     string         `json:"name"`
	Shared   bool           `json:"shared"`
	Filter   string         `json:"filter"`
	Sort     string         `json:"sort"`
	Columns  []string       `json:"columns"`
	Widths   map[string]int `json:"widths" doc:"Of columns, in pixels"`
	Mine     bool           `json:"mine"`
	By       string         `json:"by" doc:"Whose it is"`
	First    bool           `json:"first" doc:"The list opens with it: a private one for its owner, a shared one for everybody"`
	FirstFor []string       `json:"first_for" doc:"Ids of the roles whose members the list opens with it for"`
	Opens    string         `json:"opens" doc:"Why the caller's list opens with it: own, role or all; empty = it does not. The first of these counts"`
}

type viewBody struct {
	Entity   string         `json:"entity" api:"required"`
	Name     string         `json:"name" api:"required"`
	Shared   bool           `json:"shared"`
	Filter   string         `json:"filter"`
	Sort     string         `json:"sort"`
	Columns  []string       `json:"columns"`
	Widths   map[string]int `json:"widths"`
	First    bool           `json:"first"`
	FirstFor []string       `json:"first_for"`
}

func (s *Server) listViews(q *request) error {
	v := q.query
	list, err := s.Customize.Views(q.ctx, q.actor.ID(), v.Get("entity"))
	if err != nil {
		return err
	}
	out := []viewOut{}
	for _, v := range list {
		if q.mayUse(&v) {
			out = append(out, q.viewOut(v))
		}
	}
	return q.answer(http.StatusOK, itemsOf[viewOut]{out})
}

// mayUse says whether a view is one for the caller: of an entity that he may
// read, and when another shared it, of a condition and order that he may ask.
// Columns that he may not see are taken out.
func (q *request) mayUse(v *customize.View) bool {
	engine := q.s.Engine
	if ent := engine.Registry.State().Entity(v.Entity); ent == nil || !q.actor.May(ent, access.Read) {
		return false
	}
	if v.Owner == q.actor.ID() {
		return true
	}
	if engine.CheckList(q.actor, v.Entity, v.Filter, v.Sort, nil) != nil {
		return false
	}
	v.Columns = slices.DeleteFunc(v.Columns, func(key string) bool {
		return engine.CheckList(q.actor, v.Entity, "", "", []string{key}) != nil
	})
	return true
}

func (q *request) viewOut(v customize.View) viewOut {
	out := viewOut{ID: ref(v.ID), Entity: v.Entity, Name: v.Name, Shared: v.Shared, Filter: v.Filter, Sort: v.Sort, Columns: append([]string{}, v.Columns...),
		Widths: v.Widths, Mine: v.Owner == q.actor.ID(), First: v.First, FirstFor: []string{}}
	if out.Widths == nil {
		out.Widths = map[string]int{}
	}
	out.By, _ = q.s.Engine.Dir.Label("org.member", v.Owner)
	mine := false
	for _, role := range v.FirstFor {
		out.FirstFor = append(out.FirstFor, ref(role))
		mine = mine || q.actor.Member != nil && slices.Contains(q.actor.Member.Roles, role)
	}
	switch {
	case !v.Shared && v.First && out.Mine:
		out.Opens = "own"
	case v.Shared && mine:
		out.Opens = "role"
	case v.Shared && v.First:
		out.Opens = "all"
	}
	return out
}

// mayShare says whether a member may show others a list of an entity: those
// who look after more than their own records may, and administrators.
func (q *request) mayShare(ent *schema.Entity) bool {
	pred := q.actor.Permit(ent, access.Update).Pred()
	return q.actor.Admin() || pred != nil && (pred.All || len(pred.Depts) > 0 || len(pred.Owners) > 1)
}

// saveView keeps a list as the member arranged it; what it asks is checked first.
func (s *Server) saveView(q *request) error {
	if err := q.writingKey(); err != nil {
		return err
	}
	var in viewBody
	if err := q.decode(&in); err != nil {
		return err
	}
	v := customize.View{Entity: in.Entity, Name: in.Name, Shared: in.Shared, Filter: in.Filter, Sort: in.Sort, Columns: in.Columns, Widths: in.Widths, First: in.First}
	for _, role := range in.FirstFor {
		n, err := id.Parse(role)
		if err != nil {
			return errs.New(errs.Invalid, "error.parameter_value", "name", "first_for").At("first_for")
		}
		v.FirstFor = append(v.FirstFor, int64(n))
	}
	code := http.StatusCreated
	if q.r.Method == http.MethodPatch {
		n, err := q.path("id")
		if err != nil {
			return err
		}
		v.ID, code = n, http.StatusOK
	}
	if err := s.Engine.CheckList(q.actor, in.Entity, in.Filter, in.Sort, in.Columns); err != nil {
		return err
	}
	k := customize.Keeper{Member: q.actor.ID(), Admin: q.actor.Admin(), Shares: q.mayShare(s.Engine.Registry.State().Entity(in.Entity))}
	v, err := s.Customize.SaveView(q.ctx, k, v)
	if err != nil {
		return err
	}
	return q.answer(code, q.viewOut(v))
}

func (s *Server) deleteView(q *request) error {
	if err := q.writingKey(); err != nil {
		return err
	}
	n, err := q.path("id")
	if err != nil {
		return err
	}
	if err := s.Customize.DeleteView(q.ctx, q.actor.ID(), q.actor.Admin(), n); err != nil {
		return err
	}
	return q.empty()
}
