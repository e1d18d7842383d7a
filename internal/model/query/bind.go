package query

import (
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// maxHops is how many references a path may follow (DESIGN §5).
const maxHops = 2

// Viewer is whose "me" and "today" a condition means.
type Viewer struct {
	Member   int64
	Depts    []int64                // own departments, the main one first
	DeptTree func(id int64) []int64 // a department and every one below it
	Now      time.Time
	Env      schema.Env
}

// Rights answers what the asker may do with a field; a hidden field is treated as unknown.
type Rights interface {
	Level(e *schema.Entity, f *schema.Field) schema.Level
}

// Step is one reference on a path.
type Step struct {
	Field  *schema.Field
	Target *schema.Entity
}

// Cond is a bound condition without Not: And and Or over Kids, Compare over a
// field, or a constant.
type Cond struct {
	Kind  Kind
	Kids  []*Cond
	Steps []Step
	Field *schema.Field
	Op    schema.Op
	Vals  []record.Value
	Const bool // Kind Constant: its value
}

// Constant is the kind of a condition that is always true or always false.
const Constant Kind = 100

// Bound is a bound condition and what was noticed on the way.
type Bound struct {
	Cond   *Cond // nil = everything
	Masked int   // comparisons on masked fields, which are counted and limited
}

type binder struct {
	snap   *schema.Snapshot
	rights Rights
	who    *Viewer
	masked int
}

// Bind checks n against the registry and the asker's field rights and turns
// its operands into values. Unknown and hidden fields give the same error.
func Bind(snap *schema.Snapshot, e *schema.Entity, n *Node, who *Viewer, rights Rights) (Bound, error) {
	if n == nil {
		return Bound{}, nil
	}
	b := &binder{snap: snap, rights: rights, who: who}
	c, err := b.node(e, n, false)
	return Bound{Cond: c, Masked: b.masked}, err
}

func (b *binder) node(e *schema.Entity, n *Node, negated bool) (*Cond, error) {
	switch n.Kind {
	case Not:
		return b.node(e, n.Kids[0], !negated)
	case And, Or:
		kind := n.Kind
		if negated {
			kind = And + Or - n.Kind
		}
		c := &Cond{Kind: kind}
		for _, k := range n.Kids {
			kid, err := b.node(e, k, negated)
			if err != nil {
				return nil, err
			}
			c.Kids = append(c.Kids, kid)
		}
		return c, nil
	}
	return b.compare(e, n, negated)
}

// negate gives the operator that holds where op does not, empty values aside.
func negate(op schema.Op) schema.Op {
	for _, p := range [...][2]schema.Op{{schema.OpEq, schema.OpNe}, {schema.OpLt, schema.OpGe}, {schema.OpLe, schema.OpGt},
		{schema.OpIn, schema.OpNotIn}, {schema.OpContains, schema.OpNotContains}, {schema.OpStarts, schema.OpNotStarts},
		{schema.OpNull, schema.OpNotNull}, {schema.OpBetween, schema.OpNotBetween}, {schema.OpUnder, schema.OpNotUnder}} {
		if op == p[0] {
			return p[1]
		}
		if op == p[1] {
			return p[0]
		}
	}
	return op
}

// Resolve follows a path such as owner.dept.name from e; hidden fields are unknown.
func Resolve(snap *schema.Snapshot, e *schema.Entity, path string, rights Rights) ([]Step, *schema.Field, schema.Level, error) {
	unknown := errs.New(errs.BadRequest, "error.field_unknown", "field", path)
	var steps []Step
	for {
		key, rest, more := strings.Cut(path, ".")
		f := e.Field(key)
		if f == nil {
			return nil, nil, 0, unknown
		}
		level := rights.Level(e, f)
		if level == schema.Hidden {
			return nil, nil, 0, unknown
		}
		if !more {
			return steps, f, level, nil
		}
		target := snap.Entity(schema.RefTarget(f))
		if target == nil || f.Many() || len(steps) == maxHops || level < schema.Read {
			return nil, nil, 0, unknown
		}
		steps = append(steps, Step{Field: f, Target: target})
		e, path = target, rest
	}
}

func (b *binder) compare(e *schema.Entity, n *Node, negated bool) (*Cond, error) {
	steps, f, level, err := Resolve(b.snap, e, n.Path, b.rights)
	if err != nil {
		return nil, err
	}
	op := n.Op
	if negated {
		op = negate(op)
	}
	if level == schema.Masked {
		if op != schema.OpEq && op != schema.OpIn {
			return nil, errs.New(errs.BadRequest, "error.field_masked", "field", n.Path)
		}
		b.masked += max(1, len(n.Args)) // each value is a guess
	}
	if !Knows(f, n.Op) {
		return nil, errs.New(errs.BadRequest, "error.filter_op", "field", n.Path, "op", string(n.Op))
	}
	c := &Cond{Kind: Compare, Steps: steps, Field: f, Op: op}
	if op == schema.OpNull || op == schema.OpNotNull {
		return c, nil
	}
	for _, a := range n.Args {
		if a.Kind == Func && !b.reaches(a) {
			return nil, errs.New(errs.BadRequest, "error.filter_far", "field", n.Path, "function", a.Text, "value", strconv.FormatInt(a.N, 10))
		}
	}
	if out, done, err := b.dated(c, n); done || err != nil {
		return out, err
	}
	for _, a := range n.Args {
		vals, err := b.value(f, op, a, n.Path)
		if err != nil {
			return nil, err
		}
		c.Vals = append(c.Vals, vals...)
	}
	return b.shape(c), nil
}

// Knows says whether conditions may use an operator on a field.
func Knows(f *schema.Field, op schema.Op) bool {
	for _, o := range f.Type.Ops(f) {
		if o == op {
			return !f.Many() || op == schema.OpEq || op == schema.OpNe || op == schema.OpIn || op == schema.OpNotIn ||
				op == schema.OpNull || op == schema.OpNotNull || op == schema.OpUnder || op == schema.OpNotUnder
		}
	}
	return false
}

// shape makes operators regular: == null becomes "is null", == of several
// values becomes in, under of a tree becomes in.
func (b *binder) shape(c *Cond) *Cond {
	switch c.Op {
	case schema.OpUnder, schema.OpNotUnder:
		if c.Vals = notNull(c.Vals); len(c.Vals) == 0 { // nothing is under an empty value
			return &Cond{Kind: Constant, Const: c.Op == schema.OpNotUnder}
		}
		if schema.IsRegion(c.Field) {
			return c
		}
		var all []record.Value
		for _, v := range c.Vals {
			if schema.IsDepartment(c.Field) {
				for _, id := range b.who.tree(v.Int()) {
					all = append(all, record.Int(id))
				}
				continue
			}
			for _, code := range schema.Descendants(c.Field, v.Str()) {
				all = append(all, record.Text(code))
			}
		}
		c.Vals = all
		if c.Op == schema.OpUnder {
			c.Op = schema.OpIn
		} else {
			c.Op = schema.OpNotIn
		}
	case schema.OpEq, schema.OpNe:
		one := schema.OpNull
		several := schema.OpIn
		if c.Op == schema.OpNe {
			one, several = schema.OpNotNull, schema.OpNotIn
		}
		if len(c.Vals) != 1 {
			c.Op = several
		} else if c.Vals[0].IsNull() {
			return &Cond{Kind: Compare, Steps: c.Steps, Field: c.Field, Op: one}
		}
	}
	if c.Op == schema.OpIn || c.Op == schema.OpNotIn {
		c.Vals = notNull(c.Vals)
		if len(c.Vals) == 0 {
			return &Cond{Kind: Constant, Const: c.Op == schema.OpNotIn}
		}
		return c
	}
	for _, v := range c.Vals {
		if Operand(c.Field, c.Op, v).IsNull() { // nothing is less than, contains or starts with an empty value
			return &Cond{Kind: Constant, Const: c.Op == schema.OpNotContains || c.Op == schema.OpNotStarts}
		}
	}
	return c
}

func notNull(vals []record.Value) []record.Value {
	out := vals[:0]
	for _, v := range vals {
		if !v.IsNull() {
			out = append(out, v)
		}
	}
	return out
}

func (v *Viewer) tree(id int64) []int64 {
	if v.DeptTree == nil {
		return []int64{id}
	}
	return v.DeptTree(id)
}

// value turns one operand into the field's values; me and my_department may be several.
func (b *binder) value(f *schema.Field, op schema.Op, a Arg, path string) ([]record.Value, error) {
	bad := func(key string) error {
		return errs.New(errs.BadRequest, key, "field", path, "value", a.Text)
	}
	switch a.Kind {
	case NullArg:
		return []record.Value{record.Null}, nil
	case Func:
		switch a.Text {
		case "me":
			if schema.IsMember(f) {
				return []record.Value{record.Int(b.who.Member)}, nil
			}
		case "my_department":
			if schema.IsDepartment(f) {
				return record.Ints(b.who.Depts).List(), nil
			}
		default:
			if d, _, ok := b.when(a); ok && schema.ValueType(f) == "date" {
				return []record.Value{record.Text(string(d))}, nil
			}
		}
		return nil, bad("error.filter_func")
	}
	switch {
	case f.Type.Name() == "phone":
		return []record.Value{record.Text(text.NormalizePhone(a.Text, "CN"))}, nil
	case Lowered(f, op):
		return []record.Value{record.Text(lower(strings.TrimSpace(a.Text)))}, nil
	}
	switch op {
	case schema.OpContains, schema.OpNotContains, schema.OpStarts, schema.OpNotStarts:
		return []record.Value{record.Text(a.Text)}, nil // a part of a value need not be one
	}
	v, err := f.Type.Parse(f, a.Text, &b.who.Env)
	if err != nil {
		return nil, &errs.Error{Code: errs.BadRequest, Key: err.Key, Args: err.Args, Field: path}
	}
	return []record.Value{v}, nil
}

func knownFunc(name string) bool {
	switch name {
	case "me", "my_department", "today", "days", "week_start", "month_start", "quarter_start", "year_start", "now", "hours":
		return true
	}
	return false
}

// far bounds the number of a function of time: a little more than all hours
// of the years 1 to 9999.
const far = 90_000_000

// reaches says whether a function of time stays within the years 1 to 9999.
func (b *binder) reaches(a Arg) bool {
	if a.N > far || a.N < -far {
		return false
	}
	d, _, timed := b.when(a)
	return !timed || b.who.Now.IsZero() || // a condition that is only checked knows no time
		len(d) == len("2006-01-02") && d >= "0001-01-01"
}

// when evaluates a function of time: a day, or a moment when exact is true.
func (b *binder) when(a Arg) (d calendar.Date, at time.Time, ok bool) {
	loc := b.who.Env.Zone
	if loc == nil {
		loc = time.UTC
	}
	now, n := b.who.Now, int(a.N)
	switch a.Text {
	case "now":
		return calendar.DateOf(now, loc), now, true
	case "hours":
		at = time.Unix(now.Unix()+3600*a.N, int64(now.Nanosecond())) // further than a Duration goes
		return calendar.DateOf(at, loc), at, true
	case "today":
		return calendar.DateOf(now, loc), time.Time{}, true
	case "days":
		return calendar.DateOf(now, loc).AddDays(n), time.Time{}, true
	case "week_start":
		return calendar.DateOf(calendar.WeekStart(now, loc), loc).AddDays(7 * n), time.Time{}, true
	case "month_start":
		return calendar.DateOf(calendar.MonthStart(now, loc), loc).AddMonths(n), time.Time{}, true
	case "quarter_start":
		return calendar.DateOf(calendar.QuarterStart(now, loc), loc).AddMonths(3 * n), time.Time{}, true
	case "year_start":
		return calendar.DateOf(calendar.YearStart(now, loc), loc).AddMonths(12 * n), time.Time{}, true
	}
	return "", time.Time{}, false
}

// Day is the day that a function of time means, YYYY-MM-DD, "" for another one.
func Day(a Arg, now time.Time, zone *time.Location) string {
	d, _, _ := (&binder{who: &Viewer{Now: now, Env: schema.Env{Zone: zone}}}).when(a)
	return string(d)
}

// Today is the day it is in a zone, YYYY-MM-DD.
func Today(now time.Time, zone *time.Location) string { return string(calendar.DateOf(now, zone)) }
