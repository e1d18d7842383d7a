package api

import (
	"encoding/json"
	"net/http"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
)

type changesetOut struct {
	ID     string `json:"id" api:"id"`
	Kind   string `json:"kind"`
	By     string `json:"by"`
	At     string `json:"at" api:"instant"`
	Note   string `json:"note"`
	Undoes string `json:"undoes,omitempty" api:"id"`
}

// changesets lists writes of several records, newest first: the caller's own,
// for administrators everybody's.
func (s *Server) changesets(q *request) error {
	v := q.query
	n, err := limit(v.Get("limit"))
	if err != nil {
		return err
	}
	var before id.ID
	if c := v.Get("cursor"); c != "" {
		if before, err = id.Parse(c); err != nil {
			return err
		}
	}
	list, err := s.Engine.Changesets(q.ctx, q.actor, int64(before), n)
	if err != nil {
		return err
	}
	out := []changesetOut{}
	for _, c := range list {
		name, _ := s.Engine.Dir.Label("org.member", c.Actor)
		o := changesetOut{ID: ref(c.ID), Kind: c.Kind, By: name, At: rfc3339Micro(c.At), Note: c.Note}
		if c.Undoes != 0 {
			o.Undoes = ref(c.Undoes)
		}
		out = append(out, o)
	}
	return q.answer(http.StatusOK, itemsOf[changesetOut]{out})
}

type conflictOut struct {
	Entity  string   `json:"entity"`
	ID      string   `json:"id" api:"id"`
	Label   string   `json:"label"`
	Reason  string   `json:"reason"`
	Message string   `json:"message"`
	Fields  []string `json:"fields"`
}

type undoOut struct {
	Undone    int           `json:"undone"`
	Changeset string        `json:"changeset" api:"id"`
	Conflicts []conflictOut `json:"conflicts"`
}

// undo takes a changeset back and says what it had to leave alone.
func (s *Server) undo(q *request) error {
	if err := q.writingKey(); err != nil {
		return err
	}
	n, err := q.path("id")
	if err != nil {
		return err
	}
	switch q.query.Get("job") {
	case "", "false":
	case "true":
		u, err := s.Engine.PlanUndo(q.ctx, q.actor, n)
		if err != nil {
			return err
		}
		payload, err := json.Marshal(u)
		if err != nil {
			return err
		}
		return q.start(records.UndoKind, string(payload), ref(n))
	default:
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "job")
	}
	report, err := s.Engine.Undo(q.r.Context(), q.actor, n, nil)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, UndoOut(report, s.Texts, q.lang()))
}

// UndoOut puts the report of an undo into the words of a language.
func UndoOut(report records.UndoReport, texts *i18n.Bundle, lang string) any {
	out := undoOut{Undone: report.Undone, Changeset: ref(report.Changeset), Conflicts: []conflictOut{}}
	for _, c := range report.Conflicts {
		out.Conflicts = append(out.Conflicts, conflictOut{Entity: c.Entity, ID: ref(c.ID), Label: c.Label, Reason: c.Reason,
			Message: texts.Text(lang, c.Reason, c.Args), Fields: append([]string{}, c.Fields...)})
	}
	return out
}
