package records

import (
	"context"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Limits of an aggregate.
const (
	maxGroups   = 4
	maxMeasures = 8
	MaxGroups   = 10_000 // rows of an answer
)

// AggregateQuery asks for measures by group.
type AggregateQuery struct {
	Filter   string
	Where    *query.Node
	Group    []string // "region", "source_created_at:month"
	Measures []string // "count", "sum:amount"
	Limit    int
}

// Aggregate appends {"groups":[…],"measures":[…],"rows":[[…]],"truncated":…}.
func (e *Engine) Aggregate(ctx context.Context, actor *access.Actor, name string, q AggregateQuery, out []byte) ([]byte, error) {
	actor = e.asker(actor, name, q.Filter, q.Where)
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return out, err
	}
	if !actor.May(ent, access.Read) {
		return out, forbidden(string(access.Read))
	}
	node, err := query.Parse(q.Filter)
	if err != nil {
		return out, err
	}
	bound, err := query.Bind(st.Snapshot, ent, query.All(node, q.Where), actor.Viewer(), actor)
	if err != nil {
		return out, err
	}
	if bound.Masked > 0 {
		if err := e.countMasked(actor, bound.Masked); err != nil {
			return out, err
		}
	}
	a := store.Aggregate{Select: store.Select{Snap: st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor, Where: bound.Cond}}
	if err := chooseGroups(actor, ent, q, &a); err != nil {
		return out, err
	}
	limit := q.Limit
	if limit <= 0 || limit > MaxGroups {
		limit = MaxGroups
	}
	groups, err := store.RunAggregate(ctx, e.DB, a, e.zoneOf(actor))
	if err != nil {
		return out, err
	}
	out = append(out, `{"groups":[`...)
	out = appendStrings(out, q.Group)
	out = append(out, `],"measures":[`...)
	out = appendStrings(out, q.Measures)
	out = append(out, `],"rows":[`...)
	var labels *labelSet
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		w := want{}
		for _, row := range groups[:min(len(groups), limit)] {
			for i, g := range a.Groups {
				w.add(g.Field, row[i])
			}
		}
		labels, err = e.labels(ctx, db, actor, st.Snapshot, w)
		return err
	})
	if err != nil {
		return out, err
	}
	for i, row := range groups[:min(len(groups), limit)] {
		if i > 0 {
			out = append(out, ',')
		}
		out = e.appendGroup(append(out, '['), a, row, labels)
		out = append(out, ']')
	}
	out = append(out, `],"truncated":`...)
	if len(groups) > limit {
		return append(out, "true}"...), nil
	}
	return append(out, "false}"...), nil
}

// CheckGroups says what is wrong with groups and measures of a list that
// somebody wants to keep.
func (e *Engine) CheckGroups(actor *access.Actor, name string, groups, measures []string) error {
	ent, err := e.entity(e.Registry.State(), name)
	if err != nil {
		return err
	}
	return chooseGroups(actor, ent, AggregateQuery{Group: groups, Measures: append([]string{"count"}, measures...)}, &store.Aggregate{})
}

// zoneOf is the zone that days are told in for an actor.
func (e *Engine) zoneOf(actor *access.Actor) *time.Location {
	if zone := actor.Env.Zone; zone != nil {
		return zone
	}
	return e.Dir.Zone()
}

func appendStrings(b []byte, list []string) []byte {
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = rawjson.AppendString(b, s)
	}
	return b
}

func chooseGroups(actor *access.Actor, ent *schema.Entity, q AggregateQuery, a *store.Aggregate) error {
	if len(q.Group) > maxGroups || len(q.Measures) > maxMeasures || len(q.Measures) == 0 {
		return errs.New(errs.BadRequest, "error.aggregate")
	}
	field := func(key string) (*schema.Field, error) {
		f := ent.Field(key)
		if f == nil || actor.Level(ent, f) < schema.Read || !f.Stored() {
			return nil, errs.New(errs.BadRequest, "error.field_unknown", "field", key)
		}
		return f, nil
	}
	for _, s := range q.Group {
		key, unit, timed := strings.Cut(s, ":")
		f, err := field(key)
		if err != nil {
			return err
		}
		t := schema.TraitsOf(f)
		if !t.Groupable || timed && !t.Time {
			return errs.New(errs.BadRequest, "error.group_field", "field", key)
		}
		g := store.Group{Field: f}
		if timed {
			switch u := calendar.Unit(unit); u {
			case "day", "week", "month", "quarter", "year":
				g.Unit = u
			default:
				return errs.New(errs.BadRequest, "error.group_unit", "unit", unit)
			}
		}
		a.Groups = append(a.Groups, g)
	}
	for _, s := range q.Measures {
		op, key, _ := strings.Cut(s, ":")
		m := store.Measure{Op: op}
		if op != "count" {
			f, err := field(key)
			if err != nil {
				return err
			}
			t := schema.TraitsOf(f)
			switch {
			case (op == "sum" || op == "avg") && t.Number, (op == "min" || op == "max") && (t.Number || t.Time):
				m.Field = f
			default:
				return errs.New(errs.BadRequest, "error.measure", "measure", s)
			}
		}
		a.Measures = append(a.Measures, m)
	}
	return nil
}

func (e *Engine) appendGroup(b []byte, a store.Aggregate, row []record.Value, labels *labelSet) []byte {
	for i, g := range a.Groups {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case row[i].IsNull():
			b = append(b, "null"...)
		case g.Unit != "":
			b = rawjson.AppendString(b, bucketName(g.Unit, row[i].Str()))
		default:
			c := column{field: g.Field}
			b = e.appendValue(b, &c, row[i], labels, nil)
		}
	}
	for i, m := range a.Measures {
		if i+len(a.Groups) > 0 {
			b = append(b, ',')
		}
		v := row[len(a.Groups)+i]
		switch {
		case v.IsNull():
			b = append(b, "null"...)
		case m.Field == nil:
			b = appendInt(b, v.Int())
		default:
			b = m.Field.Type.Encode(m.Field, b, v)
		}
	}
	return b
}

// bucketName is how a bucket is called: 2024, 2024-Q1, 2024-01, the Monday of a week, the day.
func bucketName(u calendar.Unit, day string) string {
	switch u {
	case "year":
		return day[:4]
	case "quarter":
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return day
		}
		return day[:4] + "-Q" + string(rune('1'+(t.Month()-1)/3))
	case "month":
		return day[:7]
	}
	return day
}
