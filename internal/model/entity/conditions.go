package entity

import (
	"errors"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// FieldRule says when a field is shown and when it must be filled (PLT-3). Both
// follow from the record alone, so that the page, the API and imports agree;
// a value in a field that is not shown is kept.
type FieldRule struct {
	Visible  *query.Cond     // nil = always
	Required *query.Cond     // nil = as Field.Required says
	Needs    []*schema.Field // fields that the conditions look at
	shownBy  []*schema.Field // those that Visible looks at
}

// Rules are those of one entity. A nil *Rules has none.
type Rules struct {
	by map[int]*FieldRule // by slot
}

// Rules gives the conditions of an entity's fields, nil when it has none.
func (s *State) Rules(name string) *Rules { return s.rules[name] }

// Of gives the rule of a field, nil when it has none.
func (r *Rules) Of(f *schema.Field) *FieldRule {
	if r == nil {
		return nil
	}
	return r.by[f.Slot]
}

// Visible says whether a record shows a field.
func (r *Rules) Visible(f *schema.Field, rec *record.Record) bool {
	rule := r.Of(f)
	return rule == nil || query.Eval(rule.Visible, rec, nil)
}

// Required says whether a field of a record must be filled: never one that is
// not shown.
func (r *Rules) Required(f *schema.Field, rec *record.Record) bool {
	rule := r.Of(f)
	if rule == nil {
		return f.Required
	}
	return query.Eval(rule.Visible, rec, nil) && (f.Required || rule.Required != nil && query.Eval(rule.Required, rec, nil))
}

// Stirred says whether a change touches what the conditions of a field look at.
func (r *Rules) Stirred(f *schema.Field, before, after *record.Record) bool {
	rule := r.Of(f)
	return rule != nil && slices.ContainsFunc(rule.Needs, func(n *schema.Field) bool { return !before.At(n.Slot).Equal(after.At(n.Slot)) })
}

// RuleOps are the operators that conditions may use on a field: those whose
// meaning does not depend on the moment, the reader, or on data that the page
// does not have; none for what is computed or kept by the system.
func RuleOps(f *schema.Field) []schema.Op {
	drop := func(ops ...schema.Op) []schema.Op {
		return slices.DeleteFunc(slices.Clone(f.Type.Ops(f)), func(op schema.Op) bool { return slices.Contains(ops, op) || !query.Knows(f, op) })
	}
	switch f.Type.Name() {
	case "id", "formula", "rollup", "auto_number":
		return nil
	case "instant", "phone", "any_ref", "file", "long_text", "rich_text":
		return []schema.Op{schema.OpNull, schema.OpNotNull}
	case "text", "email", "url":
		return drop(schema.OpLt, schema.OpLe, schema.OpGt, schema.OpGe, schema.OpBetween, schema.OpNotBetween)
	case "department":
		return drop(schema.OpUnder, schema.OpNotUnder)
	}
	if f.System {
		return nil
	}
	return drop()
}

// compileRules compiles the conditions of all fields. One that is wrong is left
// out and listed with what is skipped; Fault keeps the first error.
func (s *State) compileRules() {
	s.rules = map[string]*Rules{}
	fail := func(e *schema.Entity, f *schema.Field, err error) {
		s.Skipped = append(s.Skipped, e.Name+"."+f.Key+": "+err.Error())
		if s.Fault == nil {
			s.Fault = err
		}
	}
	for _, e := range s.Entities {
		rules := &Rules{by: map[int]*FieldRule{}}
		for _, f := range e.Fields {
			if f.Retired || f.VisibleWhen == "" && f.RequiredWhen == "" {
				continue
			}
			rule, err := s.compileRule(e, f)
			if err != nil {
				fail(e, f, err)
				continue
			}
			rules.by[f.Slot] = rule
		}
		for _, f := range e.Fields {
			if rules.circle(f, nil) {
				fail(e, f, ruleError("error.rule_circle", f).At("visible_when"))
				delete(rules.by, f.Slot)
			}
		}
		if len(rules.by) > 0 {
			s.rules[e.Name] = rules
		}
	}
}

func (s *State) compileRule(e *schema.Entity, f *schema.Field) (*FieldRule, error) {
	rule := &FieldRule{}
	var err error
	if f.VisibleWhen != "" {
		if s.Always(e, f) {
			return nil, ruleError("error.rule_always", f).At("visible_when")
		}
		if rule.Visible, err = s.condition(e, f, f.VisibleWhen, rule); err != nil {
			return nil, at(err, "visible_when")
		}
		rule.shownBy = slices.Clone(rule.Needs)
	}
	if f.RequiredWhen != "" {
		if s.unfillable(e, f) {
			return nil, ruleError("error.rule_unfillable", f).At("required_when")
		}
		if rule.Required, err = s.condition(e, f, f.RequiredWhen, rule); err != nil {
			return nil, at(err, "required_when")
		}
	}
	return rule, nil
}

// Always says whether a field cannot be hidden by a condition: what stands for
// the record, and what the program itself requires.
func (s *State) Always(e *schema.Entity, f *schema.Field) bool {
	if f == e.Title || f == e.Owner || f == e.Parent || f.System {
		return true
	}
	declared := s.declared(e, f)
	return declared != nil && declared.Required
}

// unfillable says whether nobody can fill a field in: a condition of the
// program may still ask for it, since the program's actions fill it.
func (s *State) unfillable(e *schema.Entity, f *schema.Field) bool {
	switch f.Type.Name() {
	case "formula", "rollup", "auto_number":
		return true
	}
	declared := s.declared(e, f)
	return f.System || f.ReadOnly && (declared == nil || declared.RequiredWhen != f.RequiredWhen)
}

// declared is the field as the program declares it, nil for a custom one.
func (s *State) declared(e *schema.Entity, f *schema.Field) *schema.Field {
	def := s.defs[e.Name]
	if def == nil {
		return nil
	}
	for _, d := range def.Fields {
		if d.declaration().Key == f.Key {
			return d.declaration()
		}
	}
	return nil
}

// condition compiles one condition of f and notes what it looks at.
func (s *State) condition(e *schema.Entity, f *schema.Field, text string, rule *FieldRule) (*query.Cond, error) {
	n, err := query.Parse(text)
	if err != nil {
		return nil, err
	}
	if err := checkRule(e, f, n, rule); err != nil {
		return nil, err
	}
	bound, err := query.Bind(s.Snapshot, e, n, &query.Viewer{Env: schema.Env{Locale: "zh-CN", Region: "CN"}}, everyField{})
	if err != nil {
		return nil, err
	}
	if !compares(bound.Cond) {
		return nil, ruleError("error.rule_constant", f)
	}
	return bound.Cond, nil
}

// everyField lets a condition look at every field of the record: what a member
// may not see is left out where it is shown to him.
type everyField struct{}

// Level implements query.Rights.
func (everyField) Level(*schema.Entity, *schema.Field) schema.Level { return schema.Write }

// checkRule allows comparisons of other fields of the record with constants.
func checkRule(e *schema.Entity, of *schema.Field, n *query.Node, rule *FieldRule) error {
	if n == nil {
		return ruleError("error.rule_constant", of)
	}
	if n.Kind != query.Compare {
		for _, k := range n.Kids {
			if err := checkRule(e, of, k, rule); err != nil {
				return err
			}
		}
		return nil
	}
	slot := e.Shape.Slot(n.Path)
	if slot < 0 {
		return ruleError("error.rule_field", of, "field", n.Path)
	}
	f := e.Fields[slot]
	name := f.Label.In("zh-CN") + " (" + f.Key + ")"
	ops := RuleOps(f)
	switch {
	case f == of:
		return ruleError("error.rule_self", of)
	case f.Retired:
		return ruleError("error.rule_retired", of, "field", name)
	case len(ops) == 0:
		return ruleError("error.rule_computed", of, "field", name)
	case !slices.Contains(ops, n.Op):
		return ruleError("error.rule_op", of, "field", name, "op", string(n.Op))
	}
	for _, a := range n.Args {
		if a.Kind == query.Func {
			return ruleError("error.rule_moment", of, "field", name, "function", a.Text)
		}
	}
	if !slices.Contains(rule.Needs, f) {
		rule.Needs = append(rule.Needs, f)
	}
	return nil
}

// ruleError is an error of a condition of a field, which is named by its words
// and its key.
func ruleError(key string, of *schema.Field, args ...string) *errs.Error {
	return errs.New(errs.Invalid, key, append(args, "of", of.Label.In("zh-CN")+" ("+of.Key+")")...)
}

// compares says whether a bound condition is more than a constant.
func compares(c *query.Cond) bool {
	if c == nil || c.Kind == query.Constant {
		return false
	}
	return !slices.ContainsFunc(c.Kids, func(k *query.Cond) bool { return !compares(k) })
}

// circle says whether it depends on f itself whether f is shown.
func (r *Rules) circle(f *schema.Field, seen []*schema.Field) bool {
	rule := r.Of(f)
	if rule == nil {
		return false
	}
	if slices.Contains(seen, f) {
		return f == seen[0]
	}
	seen = append(slices.Clip(seen), f)
	return slices.ContainsFunc(rule.shownBy, func(n *schema.Field) bool { return r.circle(n, seen) })
}

// at makes an error of a condition one of the field that holds it.
func at(err error, field string) error {
	coded, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return err
	}
	return (&errs.Error{Code: errs.Invalid, Key: coded.Key, Args: coded.Args}).At(field)
}
