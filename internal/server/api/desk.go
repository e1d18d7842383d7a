package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/core/desk"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// deskMark is a record or a list that a member starred or saw.
type deskMark struct {
	Entity string        `json:"entity"`
	Record string        `json:"record,omitempty" api:"id"`
	View   string        `json:"view,omitempty" doc:"Key of a built-in view or id of a saved one"`
	Name   string        `json:"name" doc:"The record's, or that of a saved view"`
	Label  schema.Labels `json:"label,omitempty" doc:"Of a built-in view"`
	At     string        `json:"at" api:"instant"`
}

type deskOut struct {
	Starred []deskMark `json:"starred"`
	Seen    []deskMark `json:"seen"`
}

// desk answers what the caller starred and saw last; what he may no longer
// read is not there.
func (s *Server) desk(q *request) error {
	var out deskOut
	for _, x := range []struct {
		kind desk.Kind
		into *[]deskMark
	}{{desk.Starred, &out.Starred}, {desk.Seen, &out.Seen}} {
		marks, err := s.Desk.Marks(q.ctx, q.actor.ID(), x.kind)
		if err != nil {
			return err
		}
		if *x.into, err = q.named(marks); err != nil {
			return err
		}
	}
	return q.answer(http.StatusOK, out)
}

// named gives marks their names under the caller's rights of now.
func (q *request) named(marks []desk.Mark) ([]deskMark, error) {
	ids := map[string][]int64{}
	for _, m := range marks {
		if n, err := id.Parse(m.Target); err == nil {
			ids[m.Entity] = append(ids[m.Entity], int64(n))
		}
	}
	names := map[string]map[int64]string{}
	for entity, list := range ids {
		var err error
		if names[entity], err = q.s.Engine.Names(q.ctx, q.actor, entity, list); err != nil {
			return nil, err
		}
	}
	out := []deskMark{}
	for _, m := range marks {
		d := deskMark{Entity: m.Entity, At: rfc3339Micro(m.At)}
		if view, ok := strings.CutPrefix(m.Target, desk.ViewSign); ok {
			d.View = view
			if found, err := q.nameView(&d); err != nil {
				return nil, err
			} else if found {
				out = append(out, d)
			}
			continue
		}
		n, err := id.Parse(m.Target)
		if err != nil {
			continue
		}
		if name, ok := names[m.Entity][int64(n)]; ok {
			d.Record, d.Name = m.Target, name
			out = append(out, d)
		}
	}
	return out, nil
}

// nameView names a view; false = there is none that the caller may use.
func (q *request) nameView(d *deskMark) (bool, error) {
	ent := q.s.Engine.Registry.State().Entity(d.Entity)
	if ent == nil || !q.actor.May(ent, access.Read) {
		return false, nil
	}
	if d.View == "" {
		return true, nil
	}
	for _, v := range ent.Layout.Views {
		if v.Key == d.View {
			d.Label = v.Label
			return true, nil
		}
	}
	views, err := q.s.Customize.Views(q.ctx, q.actor.ID(), d.Entity)
	if err != nil {
		return false, err
	}
	for _, v := range views {
		if ref(v.ID) == d.View && q.mayUse(&v) {
			d.Name = v.Name
			return true, nil
		}
	}
	return false, nil
}

// deskBody names a record or a view.
type deskBody struct {
	Entity string `json:"entity" api:"required"`
	Record string `json:"record" api:"id"`
	View   string `json:"view" doc:"Without a record: a view, or with neither the whole list"`
	Off    bool   `json:"off" doc:"Take the star away"`
}

// maxTarget bounds the name of an entity and of what is marked, in bytes.
const maxTarget = 100

// mark reads one and says whether the caller may read what it names.
func (q *request) mark() (m desk.Mark, off, there bool, err error) {
	var in deskBody
	if err := q.writingKey(); err != nil {
		return m, false, false, err
	}
	if err := q.decode(&in); err != nil {
		return m, false, false, err
	}
	m = desk.Mark{Entity: in.Entity, Target: desk.ViewSign + in.View}
	if in.Record != "" {
		m.Target = in.Record
	}
	if len(m.Target) > maxTarget || len(m.Entity) > maxTarget || sqldb.CheckText(m.Target+m.Entity) != nil {
		return m, false, false, notFound()
	}
	found, err := q.named([]desk.Mark{m})
	return m, in.Off, len(found) > 0, err
}

// star stars a record or a view, or takes the star away.
func (s *Server) star(q *request) error {
	m, off, there, err := q.mark()
	switch {
	case err != nil:
		return err
	case off:
		err = s.Desk.Unmark(q.ctx, q.actor.ID(), desk.Starred, m)
	case !there:
		return notFound()
	default:
		err = s.Desk.Mark(q.ctx, q.actor.ID(), desk.Starred, m)
	}
	if err != nil {
		return err
	}
	return q.empty()
}

// saw notes that the caller looked at a record.
func (s *Server) saw(q *request) error {
	m, _, there, err := q.mark()
	if err != nil {
		return err
	}
	if !there || strings.HasPrefix(m.Target, desk.ViewSign) {
		return notFound()
	}
	if err := s.Desk.Mark(q.ctx, q.actor.ID(), desk.Seen, m); err != nil {
		return err
	}
	return q.empty()
}

// changeLook keeps how the page looks to the caller; only what is given changes.
func (s *Server) changeLook(q *request) error {
	if err := q.wholeKey(); err != nil {
		return err
	}
	look, err := s.Desk.Look(q.ctx, q.actor.ID())
	if err != nil {
		return err
	}
	if err := q.decode(&look); err != nil {
		return err
	}
	if err := s.Desk.SaveLook(q.ctx, q.actor.ID(), look); err != nil {
		return err
	}
	return q.answer(http.StatusOK, look)
}

// The most texts, and characters of one, that are spelled in one call.
const (
	maxSpelled = 2000
	maxSpell   = 100
)

type spellingBody struct {
	Texts []string `json:"texts" api:"required" doc:"At most 2,000, the first 100 characters of each count"`
}

// spelling gives how labels are typed in pinyin, for a page that filters them itself.
func (s *Server) spelling(q *request) error {
	var in spellingBody
	if err := q.decode(&in); err != nil {
		return err
	}
	if len(in.Texts) > maxSpelled {
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "texts")
	}
	out := make([]string, len(in.Texts))
	for i, t := range in.Texts {
		out[i] = text.Spelling(string(slices.Clip([]rune(t))[:min(len([]rune(t)), maxSpell)]))
	}
	return q.answer(http.StatusOK, itemsOf[string]{out})
}
