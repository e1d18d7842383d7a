package records

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Report appends the table that a report comes to under the rights of an
// actor: {"rows":[{…}],"more":…}.
func (e *Engine) Report(ctx context.Context, actor *access.Actor, name string, r *entity.Report, input *record.Record, out []byte) ([]byte, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return out, err
	}
	if !actor.May(ent, access.Read) {
		return out, forbidden(string(access.Read))
	}
	start := len(out)
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		rows, more, err := r.Run(ctx, sums{e, db, st, actor}, input)
		if err != nil {
			return err
		}
		columns := entity.InputOf(r.Columns)
		for _, f := range columns {
			f.Slot += record.SystemSlots // what stands at the id's place would be written as one
		}
		out, err = e.appendAnswer(ctx, db, actor, st, columns, rows, more, out[:start])
		return err
	})
	return out, err
}

// sums are figures under the rights of an actor. It implements entity.Sums.
type sums struct {
	e     *Engine
	db    sqldb.Querier
	st    *entity.State
	actor *access.Actor
}

// Here implements entity.Sums.
func (q sums) Here() entity.Here {
	return entity.Here{Currency: q.e.currency(), Now: q.e.Clock.Now(), Zone: q.e.zone()}
}

// Sum implements entity.Sums.
func (q sums) Sum(ctx context.Context, s entity.Sum) ([][]record.Value, bool, error) {
	ent, err := q.e.entity(q.st, s.Entity)
	if err != nil {
		return nil, false, err
	}
	if !q.actor.May(ent, access.Read) {
		return nil, false, forbidden(string(access.Read))
	}
	bound, err := query.Bind(q.st.Snapshot, ent, s.Where, q.actor.Viewer(), q.actor)
	if err != nil {
		return nil, false, err
	}
	a := store.Aggregate{Select: store.Select{Snap: q.st.Snapshot, Entity: ent, Permit: q.actor.Permit(ent, access.Read), Rights: q.actor, Where: bound.Cond}}
	field := func(key string) (*schema.Field, error) {
		f := ent.Field(key)
		if f == nil || q.actor.Level(ent, f) < schema.Read || !f.Stored() {
			return nil, errs.New(errs.BadRequest, "error.field_unknown", "field", key)
		}
		return f, nil
	}
	for _, key := range s.Group {
		f, err := field(key)
		if err != nil {
			return nil, false, err
		}
		a.Groups = append(a.Groups, store.Group{Field: f})
	}
	if s.Cut != "" {
		f, err := field(s.Cut)
		if err != nil {
			return nil, false, err
		}
		g := store.Group{Field: f, Cuts: []time.Time{}}
		for _, day := range s.At {
			at, err := time.ParseInLocation(time.DateOnly, day, q.e.zone()) // a day begins where the company is
			if err != nil {
				return nil, false, errs.New(errs.Invalid, "error.value").With(err)
			}
			g.Cuts = append(g.Cuts, at)
		}
		a.Groups = append(a.Groups, g)
	}
	for _, key := range s.Of {
		f, err := field(key)
		if err != nil {
			return nil, false, err
		}
		a.Measures = append(a.Measures, store.Measure{Op: "sum", Field: f})
	}
	a.Measures = append(a.Measures, store.Measure{Op: "count"})
	rows, err := store.AggregateIn(ctx, q.db, a, q.e.zone())
	if more := len(rows) > MaxGroups; more {
		return rows[:MaxGroups], true, err
	}
	return rows, false, err
}

// Sum implements entity.Reader.
func (s *Session) Sum(ctx context.Context, of entity.Sum) ([][]record.Value, bool, error) {
	db := sqldb.Querier(s.tx)
	if only, is := s.tx.(asking); is {
		db = only.Querier
	}
	return sums{s.e, db, s.st, access.System("rule of a write")}.Sum(ctx, of)
}
