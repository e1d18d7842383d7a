package records

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// table is what a report came to.
type table struct {
	columns []*schema.Field
	rows    [][]record.Value
	totals  [][]record.Value
	labels  *labelSet
	more    bool
}

// MayReport says whether an actor may read all that a report reads.
func MayReport(actor *access.Actor, st *entity.State, ent *schema.Entity, r *entity.Report) bool {
	if !actor.May(ent, access.Read) {
		return false
	}
	for _, need := range r.Needs {
		of := st.Entity(need.Entity)
		if of == nil || !actor.May(of, access.Read) {
			return false
		}
		for _, key := range need.Fields {
			if f := of.Field(key); f == nil || actor.Level(of, f) < schema.Read {
				return false
			}
		}
	}
	return true
}

// Limits of reports.
const (
	MaxShown = 1_000   // rows of a report on its page; a file has them all
	maxSums  = 300_000 // groups of one question of a report
)

// report computes a report under the rights of an actor; most is how many of
// its rows are wanted, 0 for all: what they add up to is of all of them.
func (e *Engine) report(ctx context.Context, db sqldb.Querier, actor *access.Actor, st *entity.State, r *entity.Report, input *record.Record, most int) (*table, error) {
	t := &table{columns: st.InputFields(&entity.Action{Name: r.Name, Input: r.Columns})}
	for _, f := range t.columns {
		f.Slot += record.SystemSlots // what stands at the id's place would be written as one
	}
	var err error
	if r.RunWhole != nil {
		t.rows, t.totals, t.more, err = r.RunWhole(ctx, sums{e, db, st, actor, most == 0}, input)
	} else {
		t.rows, t.more, err = r.Run(ctx, sums{e, db, st, actor, most == 0}, input)
	}
	if err != nil {
		return nil, err
	}
	if t.totals == nil {
		if t.totals, err = totalsOf(r, t.rows); err != nil {
			return nil, err
		}
	}
	if most > 0 && len(t.rows) > most {
		t.rows, t.more = t.rows[:most], true
	}
	wanted := want{}
	for _, list := range [][][]record.Value{t.rows, t.totals} {
		for _, row := range list {
			if r.Work != nil {
				if err := r.Work(row); err != nil {
					return nil, err
				}
			}
			for i, f := range t.columns {
				wanted.add(f, row[i])
			}
		}
	}
	t.labels, err = e.labels(ctx, db, actor, st.Snapshot, wanted)
	return t, err
}

// totalsOf adds up the columns that add up, by currency where there is one.
func totalsOf(r *entity.Report, rows [][]record.Value) ([][]record.Value, error) {
	if len(r.Adds) == 0 || len(rows) < 2 {
		return nil, nil
	}
	money := r.At("currency")
	var out [][]record.Value
	by := map[string][]record.Value{}
	for _, row := range rows {
		key := ""
		if money >= 0 {
			key = row[money].Str()
		}
		sum := by[key]
		if sum == nil {
			sum = make([]record.Value, len(r.Columns))
			if money >= 0 {
				sum[money] = row[money]
			}
			by[key] = sum
			out = append(out, sum)
		}
		for _, c := range r.Adds {
			at := r.At(entity.KeyOf(c))
			if row[at].IsNull() {
				continue
			}
			n, err := decimal.Add(sum[at].Int(), row[at].Int())
			if err != nil {
				return nil, err
			}
			sum[at] = record.Int(n)
		}
	}
	return out, nil
}

// Report appends the table that a report comes to under the rights of an actor:
// {"rows":[{…}],"totals":[{…}],"opens":[{column:{"entity","filter"}}],"more":…}.
func (e *Engine) Report(ctx context.Context, actor *access.Actor, name string, r *entity.Report, input *record.Record, out []byte) ([]byte, error) {
	start := len(out)
	err := e.reportIn(ctx, actor, name, r, input, MaxShown, func(t *table, at entity.Asked) error {
		out = slices.Grow(out[:start], len(t.rows)*len(t.columns)*bytesShown)
		out = e.appendTable(append(out[:start], `{"rows":[`...), t, t.rows)
		out = e.appendTable(append(out, `],"totals":[`...), t, t.totals)
		out = append(out, `],"opens":[`...)
		for i, row := range t.rows {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendPlaces(append(out, '{'), r, at, row)
		}
		out = append(out, `],"more":false}`...)
		if t.more {
			out = append(out[:len(out)-len("false}")], "true}"...)
		}
		return nil
	})
	return out, err
}

// bytesShown is about what a figure and the place behind it take.
const bytesShown = 128

func (e *Engine) reportIn(ctx context.Context, actor *access.Actor, name string, r *entity.Report, input *record.Record, most int, fn func(*table, entity.Asked) error) error {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return err
	}
	if !MayReport(actor, st, ent, r) {
		return forbidden(string(access.Read))
	}
	return e.DB.Read(ctx, func(db sqldb.Querier) error {
		t, err := e.report(ctx, db, actor, st, r, input, most)
		if err != nil {
			return err
		}
		return fn(t, entity.Asked{Here: sums{e, db, st, actor, most == 0}.Here(), Input: input})
	})
}

func (e *Engine) appendTable(out []byte, t *table, rows [][]record.Value) []byte {
	for n, row := range rows {
		if n > 0 {
			out = append(out, ',')
		}
		for i, f := range t.columns {
			sign := byte(',')
			if i == 0 {
				sign = '{'
			}
			out = append(append(out, sign), `"`+f.Key+`":`...)
			out = e.appendValue(out, &column{field: f}, row[i], t.labels, nil)
		}
		out = append(out, '}')
	}
	return out
}

func appendPlaces(out []byte, r *entity.Report, at entity.Asked, row []record.Value) []byte {
	first := true
	for _, c := range r.Columns {
		if r.Opens == nil {
			break
		}
		key := entity.KeyOf(c)
		place := r.Opens(at, row, key)
		if place.Entity == "" {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(out, `"`+key+`":{"entity":`...)
		out = rawjson.AppendString(out, place.Entity)
		out = rawjson.AppendString(append(out, `,"filter":`...), place.Filter)
		out = append(out, '}')
	}
	return append(out, '}')
}

// ReportTable is what a report comes to under the rights of an actor as a file
// shows it, the rows that add the others up last. It needs the right to export.
func (e *Engine) ReportTable(ctx context.Context, actor *access.Actor, name string, r *entity.Report, input *record.Record) (columns []*schema.Field, rows [][]Shown, err error) {
	if ent := e.Registry.State().Entity(name); ent == nil || !actor.May(ent, access.Export) {
		return nil, nil, forbidden(string(access.Export))
	}
	err = e.reportIn(ctx, actor, name, r, input, 0, func(t *table, _ entity.Asked) error {
		columns, rows = t.columns, nil
		for _, row := range slices.Concat(t.rows, t.totals) {
			line := make([]Shown, len(row))
			for i, f := range t.columns {
				line[i] = e.show(actor, &column{field: f}, row[i], t.labels)
			}
			rows = append(rows, line)
		}
		return nil
	})
	return columns, rows, err
}

// sums are figures under the rights of an actor. It implements entity.Sums.
type sums struct {
	e     *Engine
	db    sqldb.Querier
	st    *entity.State
	actor *access.Actor
	whole bool // of a report whose rows are all wanted
}

// Here implements entity.Sums.
func (q sums) Here() entity.Here {
	return entity.Here{Company: q.e.Dir.Name(), Currency: q.e.currency(), Now: q.e.Clock.Now(), Zone: q.e.zone(), Whole: q.whole}
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
	bind := func(n *query.Node) (*query.Cond, error) {
		bound, err := query.Bind(q.st.Snapshot, ent, n, q.actor.Viewer(), q.actor)
		return bound.Cond, err
	}
	where, err := bind(s.Where)
	if err != nil {
		return nil, false, err
	}
	a := store.Aggregate{Select: store.Select{Snap: q.st.Snapshot, Entity: ent, Permit: q.actor.Permit(ent, access.Read), Rights: q.actor, Where: where}}
	field := func(key string) (*schema.Field, error) {
		_, f, err := storedAt(q.st.Snapshot, q.actor, ent, key, false)
		return f, err
	}
	for _, key := range s.Group {
		path, unit, _ := strings.Cut(key, ":")
		steps, f, err := storedAt(q.st.Snapshot, q.actor, ent, path, true)
		if err != nil {
			return nil, false, err
		}
		a.Groups = append(a.Groups, store.Group{Field: f, Steps: steps, Unit: calendar.Unit(unit)})
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
		a.Groups, a.Across = append(a.Groups, g), s.Across
	}
	if a.Measures, err = measuresOf(s, field, bind); err != nil {
		return nil, false, err
	}
	most := maxSums
	if s.Most > 0 && s.Most < maxSums {
		most, a.Most, a.Whole = s.Most, s.Most+1, s.Whole
	}
	a.Cap = most + 1
	rows, err := store.AggregateIn(ctx, q.db, a, q.e.zone())
	if err != nil {
		return nil, false, err
	}
	var all [][]record.Value
	if a.Whole && len(rows) > 0 {
		rows, all = rows[:len(rows)-1], rows[len(rows)-1:]
	}
	if len(rows) > most {
		return append(rows[:most:most], all...), true, nil
	}
	return rows, false, nil
}

// measuresOf are the figures of a sum, and how many records there are.
func measuresOf(s entity.Sum, field func(string) (*schema.Field, error), bind func(*query.Node) (*query.Cond, error)) (out []store.Measure, err error) {
	only := map[*query.Node]*query.Cond{} // figures of the same condition are told by it
	for i, key := range s.Of {
		m := store.Measure{Op: "sum"}
		if as, of, is := strings.Cut(key, ":"); is {
			m.Op, key = as, of
		}
		if m.Op != "count" {
			if m.Field, err = field(key); err != nil {
				return nil, err
			}
		}
		if i < len(s.Only) && s.Only[i] != nil {
			n := s.Only[i]
			if only[n] == nil {
				if only[n], err = bind(n); err != nil {
					return nil, err
				}
			}
			m.Only = only[n]
		}
		out = append(out, m)
	}
	return append(out, store.Measure{Op: "count"}), nil
}

// storedAt finds the stored field that a key or, where far is true, a path leads
// to and that an actor may read.
func storedAt(snap *schema.Snapshot, actor *access.Actor, ent *schema.Entity, path string, far bool) ([]query.Step, *schema.Field, error) {
	steps, f, level, err := query.Resolve(snap, ent, path, actor)
	if err != nil {
		return nil, nil, err
	}
	if level < schema.Read || !f.Stored() || f.Many() || len(steps) > 0 && !far {
		return nil, nil, errs.New(errs.BadRequest, "error.field_unknown", "field", path)
	}
	return steps, f, nil
}

// Sum implements entity.Reader.
func (s *Session) Sum(ctx context.Context, of entity.Sum) ([][]record.Value, bool, error) {
	db := sqldb.Querier(s.tx)
	if only, is := s.tx.(asking); is {
		db = only.Querier
	}
	return sums{s.e, db, s.st, access.System("rule of a write"), false}.Sum(ctx, of)
}
