package records

import (
	"context"
	"errors"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Holds implements entity.Reader. A condition that was right when it was written
// and is not any more, since a field of it went, holds of nothing.
func (s *Session) Holds(_ context.Context, name, text string, r *record.Record) bool {
	if strings.TrimSpace(text) == "" {
		return true
	}
	c, err := s.asked(name, text)
	if err != nil {
		s.e.Log.Warn("a condition that a rule asks", "entity", name, "condition", text, "error", err)
		return false
	}
	return query.Eval(c, r, nil)
}

// asked compiles a condition on records of an entity, once in a transaction.
func (s *Session) asked(name, text string) (*query.Cond, error) {
	key := name + " " + text
	if c, ok := s.asks[key]; ok {
		return c, nil
	}
	ent, err := s.Entity(name)
	if err != nil {
		return nil, err
	}
	node, err := query.Parse(text)
	if err != nil {
		return nil, err
	}
	if err := ofItself(ent, node); err != nil {
		return nil, err
	}
	system := access.System("condition of a rule")
	who := &query.Viewer{Now: s.e.Clock.Now(), DeptTree: s.e.Dir.Tree, Env: schema.Env{Locale: "zh-CN", Zone: s.e.zone(), Region: "CN"}}
	bound, err := query.Bind(s.st.Snapshot, ent, node, who, system)
	if err != nil {
		return nil, err
	}
	if s.asks == nil {
		s.asks = map[string]*query.Cond{}
	}
	s.asks[key] = bound.Cond
	return bound.Cond, nil
}

// ofItself refuses a condition that depends on more than the record and the
// moment: on other records, or on who looks.
func ofItself(ent *schema.Entity, n *query.Node) error {
	if n == nil {
		return nil
	}
	for _, k := range n.Kids {
		if err := ofItself(ent, k); err != nil {
			return err
		}
	}
	if n.Kind != query.Compare {
		return nil
	}
	f := ent.Field(n.Path)
	if f == nil || f.Retired || f.Volatile {
		return errs.New(errs.Invalid, "error.asks_field", "field", n.Path)
	}
	for _, a := range n.Args {
		if a.Kind == query.Func && (a.Text == "me" || a.Text == "my_department") {
			return errs.New(errs.Invalid, "error.asks_me")
		}
	}
	return nil
}

// checkAsked says what is wrong with a condition that a field holds.
func (s *Session) checkAsked(f *schema.Field, v record.Value) *errs.Error {
	if f.Set.Asks == "" || v.IsNull() {
		return nil
	}
	_, err := s.asked(f.Set.Asks, v.Str())
	if err == nil {
		return nil
	}
	if coded, ok := errors.AsType[*errs.Error](err); ok {
		return &errs.Error{Code: errs.Invalid, Key: coded.Key, Args: coded.Args}
	}
	return errs.New(errs.Invalid, "error.value").With(err)
}
