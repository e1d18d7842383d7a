package api

import (
	"net/http"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
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

func (s *Server) settings(q *request) error {
	c, _, err := s.Customize.Company(q.ctx)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, c)
}

// changeSettings merges the given members into the company's settings, which
// it holds meanwhile: what somebody else sets at the same time is kept.
func (s *Server) changeSettings(q *request) error {
	raw, err := q.body()
	if err != nil {
		return err
	}
	var c customize.Company
	err = s.Engine.InTx(q.ctx, q.actor, func(sess *records.Session) (err error) {
		if err := sess.Guard(q.ctx, customize.CompanyGuard); err != nil {
			return err
		}
		if c, _, err = customize.ReadCompany(q.ctx, sess.Tx()); err != nil {
			return err
		}
		was := c
		if err := decodeJSON(raw, &c); err != nil {
			return err
		}
		if c.Currency != was.Currency {
			return errs.New(errs.Invalid, "error.currency_fixed").At("currency")
		}
		c.Installation, c.Recipient = was.Installation, was.Recipient
		if err := c.Check(); err != nil {
			return err
		}
		return s.Customize.SaveCompany(q.ctx, sess.Tx(), c)
	})
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "settings_change", 0, true, "company")
	if err := s.Platform.Reload(q.ctx); err != nil {
		return err
	}
	return q.answer(http.StatusOK, c)
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

func (s *Server) changeEntity(q *request) error {
	name := q.r.PathValue("name")
	p := entity.EntityPatch{Name: name}
	for _, old := range s.Engine.Registry.State().Overlay.Entities {
		if old.Name == name {
			p = old
		}
	}
	if err := q.decode(&p); err != nil {
		return err
	}
	p.Name = name
	return q.customized(s.Customize.ChangeEntity(q.ctx, p), "entity_change", name, p)
}

func (s *Server) retireEntity(q *request) error {
	name := q.r.PathValue("name")
	for _, old := range s.Engine.Registry.State().Overlay.Entities {
		if old.Name == name && old.Add {
			old.Retired = true
			return q.customized(s.Customize.ChangeEntity(q.ctx, old), "entity_retire", name, old)
		}
	}
	return notFound()
}

func (q *request) customized(err error, action, name string, out any) error {
	if err != nil {
		return err
	}
	q.s.Engine.AuditAccess(q.ctx, q.actor, action, 0, true, name)
	return q.answer(http.StatusOK, out)
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

func (s *Server) changeField(q *request) error {
	p, err := s.fieldPatch(q)
	if err != nil {
		return err
	}
	name, key := p.Entity, p.Key
	if err := q.decode(&p); err != nil {
		return err
	}
	p.Entity, p.Key = name, key
	return q.customized(s.Customize.ChangeField(q.ctx, p), "field_change", name+"."+key, p)
}

func (s *Server) retireField(q *request) error {
	p, err := s.fieldPatch(q)
	if err != nil {
		return err
	}
	p.Retired = true
	return q.customized(s.Customize.ChangeField(q.ctx, p), "field_retire", p.Entity+"."+p.Key, p)
}

// fieldPatch is the patch there is already for the field in the path, or an empty one.
func (s *Server) fieldPatch(q *request) (entity.FieldPatch, error) {
	name, key := q.r.PathValue("name"), q.r.PathValue("key")
	st := s.Engine.Registry.State()
	e := st.Entity(name)
	if e == nil || e.Shape.Slot(key) < 0 {
		return entity.FieldPatch{}, notFound()
	}
	for _, old := range st.Overlay.Fields {
		if old.Entity == name && old.Key == key {
			return old, nil
		}
	}
	return entity.FieldPatch{Entity: name, Key: key, Settings: schema.Settings{Many: e.Fields[e.Shape.Slot(key)].Set.Many}}, nil
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
