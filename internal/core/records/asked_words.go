package records

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Unmet implements entity.Reader.
func (s *Session) Unmet(ctx context.Context, name, text string, r *record.Record) ([]entity.Unmet, error) {
	if s.Holds(ctx, name, text, r) {
		return nil, nil
	}
	whole := []entity.Unmet{{Words: text}} // as it stands: a field of it went
	ent, err := s.Entity(name)
	if err != nil {
		return nil, err
	}
	node, err := query.Parse(text)
	if err != nil {
		return whole, nil //nolint:nilerr // it was right when it was written
	}
	var out []entity.Unmet
	for _, part := range parts(node, nil) {
		if s.Holds(ctx, name, query.Print(part), r) {
			continue
		}
		one := entity.Unmet{}
		if part.Kind == query.Compare {
			one.Field = part.Path
		}
		if one.Words, err = s.inWords(ctx, ent, part); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	if len(out) == 0 {
		return whole, nil
	}
	return out, nil
}

// parts are what must hold together.
func parts(n *query.Node, out []*query.Node) []*query.Node {
	if n.Kind != query.And {
		return append(out, n)
	}
	for _, k := range n.Kids {
		out = parts(k, out)
	}
	return out
}

// inWords says a condition in the actor's language: 预计金额 不低于 100000，或 类型 为 老客户复购.
func (s *Session) inWords(ctx context.Context, ent *schema.Entity, n *query.Node) (string, error) {
	if n.Kind == query.Compare {
		return s.compareWords(ctx, ent, n)
	}
	list := make([]string, len(n.Kids))
	for i, k := range n.Kids {
		one, err := s.inWords(ctx, ent, k)
		if err != nil {
			return "", err
		}
		if k.Kind == query.And || k.Kind == query.Or {
			one = strings.ReplaceAll(s.say("condition.brackets"), "{text}", one)
		}
		list[i] = one
	}
	switch n.Kind {
	case query.Not:
		return strings.ReplaceAll(s.say("condition.not"), "{text}", list[0]), nil
	case query.Or:
		return strings.Join(list, s.say("condition.or")), nil
	}
	return strings.Join(list, s.say("condition.and")), nil
}

func (s *Session) compareWords(ctx context.Context, ent *schema.Entity, n *query.Node) (string, error) {
	f := ent.Field(n.Path)
	if f == nil {
		return n.Path, nil
	}
	out := []string{f.Label.In(s.actor.Env.Locale), s.say("condition." + string(n.Op))}
	var values []string
	for _, a := range n.Args {
		v, err := s.valueWords(ctx, f, a)
		if err != nil {
			return "", err
		}
		values = append(values, v)
	}
	between := s.say("condition.list")
	if n.Op == schema.OpBetween || n.Op == schema.OpNotBetween {
		between = s.say("condition.to")
	}
	if len(values) > 0 {
		out = append(out, strings.Join(values, between))
	}
	return strings.Join(out, " "), nil
}

// valueWords is one operand as it is read: a record by its name, a moving day as
// the day that it is.
func (s *Session) valueWords(ctx context.Context, f *schema.Field, a query.Arg) (string, error) {
	if a.Kind == query.Func {
		return query.Day(a, s.e.Clock.Now(), s.e.zone()), nil
	}
	if o := f.Option(a.Text); o != nil {
		return o.Label.In(s.actor.Env.Locale), nil
	}
	if f.Type.Name() == "switch" {
		return s.say("condition." + a.Text), nil
	}
	one := *f
	one.Set.Many = false
	v, bad := f.Type.Parse(&one, a.Text, &s.actor.Env)
	words := a.Text // a part of a text need not be a value
	if bad == nil {
		words = f.Type.Text(&one, v, &s.actor.Env)
	}
	if name := f.Type.Name(); bad == nil && (name == "money" || name == "decimal") {
		words = decimal.Group(words)
	}
	if target := s.st.Entity(schema.RefTarget(f)); bad == nil && schema.IsRef(f) && target != nil {
		names, err := s.e.names(ctx, s.tx, s.actor, s.st.Snapshot, target, []record.Value{v})
		return names[v.Int()], err
	}
	return words, nil
}

// say is a text of the program in the actor's language.
func (s *Session) say(key string) string {
	return schema.Labels(s.e.Registry.Words(key)).In(s.actor.Env.Locale)
}
