package api

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

type viewOut struct {
	ID       string         `json:"id" api:"id"`
	Entity   string         `json:"entity"`
	Name     string         `json:"name"`
	Shared   bool           `json:"shared"`
	Filter   string         `json:"filter"`
	Sort     string         `json:"sort"`
	Columns  []string       `json:"columns"`
	Widths   map[string]int `json:"widths" doc:"Of columns, in pixels"`
	Kind     string         `json:"kind" doc:"How the records are shown: list, board or calendar"`
	By       string         `json:"field" doc:"Of a board the field whose values are its columns, of a calendar the one whose days place the records"`
	Group    string         `json:"group" doc:"What the rows are grouped by: a field, of times with a unit (created_at:month); empty = nothing"`
	Sum      string         `json:"sum" doc:"The figure that columns and groups add up"`
	Span     string         `json:"span" doc:"Of a calendar: month or week"`
	Limits   map[string]int `json:"limits" doc:"How many cards a column of a board should hold at most, by its code or id"`
	Mine     bool           `json:"mine"`
	Keeper   string         `json:"by" doc:"Whose it is"`
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
	Kind     string         `json:"kind"`
	By       string         `json:"field"`
	Group    string         `json:"group"`
	Sum      string         `json:"sum"`
	Span     string         `json:"span"`
	Limits   map[string]int `json:"limits"`
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
	if q.checkShape(*v) != nil { // what he may not see shapes no list of his
		v.Kind, v.By, v.Group, v.Sum, v.Span, v.Limits = "", "", "", "", "", nil
	}
	return true
}

// checkShape says what is wrong with how a view shows its records.
func (q *request) checkShape(v customize.View) error {
	engine := q.s.Engine
	wrong := func(name string) error {
		return errs.New(errs.Invalid, "error.parameter_value", "name", name).At(name)
	}
	switch v.Kind {
	case "", "list", "calendar":
	case "board":
		if err := engine.CheckBoard(q.actor, v.Entity, v.By); err != nil {
			return err
		}
	default:
		return wrong("kind")
	}
	if v.Span != "" && v.Span != "month" && v.Span != "week" {
		return wrong("span")
	}
	var groups, measures []string
	if v.Group != "" {
		groups = append(groups, v.Group)
	}
	if v.Kind == "calendar" {
		groups = append(groups, v.By+":day")
	}
	if v.Sum != "" {
		measures = append(measures, "sum:"+v.Sum)
	}
	return engine.CheckGroups(q.actor, v.Entity, groups, measures)
}

func (q *request) viewOut(v customize.View) viewOut {
	out := viewOut{ID: ref(v.ID), Entity: v.Entity, Name: v.Name, Shared: v.Shared, Filter: v.Filter, Sort: v.Sort, Columns: append([]string{}, v.Columns...),
		Widths: v.Widths, Kind: cmp.Or(v.Kind, "list"), By: v.By, Group: v.Group, Sum: v.Sum, Span: v.Span, Limits: v.Limits, Mine: v.Owner == q.actor.ID(), First: v.First, FirstFor: []string{}}
	if out.Widths == nil {
		out.Widths = map[string]int{}
	}
	if out.Limits == nil {
		out.Limits = map[string]int{}
	}
	out.Keeper, _ = q.s.Engine.Dir.Label("org.member", v.Owner)
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
	v := customize.View{Entity: in.Entity, Name: in.Name, Shared: in.Shared, Filter: in.Filter, Sort: in.Sort, Columns: in.Columns, Widths: in.Widths,
		Kind: in.Kind, By: in.By, Group: in.Group, Sum: in.Sum, Span: in.Span, Limits: in.Limits, First: in.First}
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
	if err := q.checkShape(v); err != nil {
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
