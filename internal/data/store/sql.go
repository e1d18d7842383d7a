package store

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Rights gives the permit to read the records at the end of a path.
type Rights interface {
	Permit(e *schema.Entity, op access.Op) access.Permit
}

// builder writes one statement. Identifiers come only from the registry.
type builder struct {
	d      sqldb.Dialect
	rights Rights
	buf    []byte
	args   []record.Value
	alias  int
	joins  []join // of an aggregate
}

// builders keeps the room of statements that are written again and again.
var builders = sync.Pool{New: func() any { return &builder{buf: make([]byte, 0, 2<<10)} }}

// borrow gives an empty builder, which giveBack ends: its text must have been
// copied by then, its arguments are the caller's.
func borrow(d sqldb.Dialect, rights Rights) *builder {
	b := builders.Get().(*builder) //nolint:forcetypeassert // the pool holds nothing else
	b.d, b.rights = d, rights
	return b
}

func (b *builder) giveBack() {
	*b = builder{buf: b.buf[:0]}
	builders.Put(b)
}

func (b *builder) add(parts ...string) *builder {
	for _, p := range parts {
		b.buf = append(b.buf, p...)
	}
	return b
}

// id writes a quoted identifier of table alias t.
func (b *builder) col(t, name string) *builder {
	if t != "" {
		b.add(t, ".")
	}
	b.buf = append(b.buf, '"')
	b.buf = append(b.buf, name...)
	b.buf = append(b.buf, '"')
	return b
}

// arg writes a placeholder for v.
func (b *builder) arg(v record.Value) *builder {
	b.args = append(b.args, v)
	if b.d == sqldb.Postgres {
		b.buf = append(b.buf, '$')
	} else {
		b.buf = append(b.buf, '?')
	}
	b.buf = strconv.AppendInt(b.buf, int64(len(b.args)), 10)
	return b
}

// oneOf writes "column is one of": an equality for one value, one parameter for several.
func (b *builder) oneOf(t, column string, vals []record.Value) *builder {
	return b.col(t, column).among(vals)
}

// among writes "is one of" behind what was written.
func (b *builder) among(vals []record.Value) *builder {
	if len(vals) == 1 {
		return b.add(" = ").arg(vals[0])
	}
	if b.d == sqldb.Postgres {
		return b.add(" = ANY(").arg(record.List(vals)).add(")")
	}
	return b.add(" IN (SELECT value FROM json_each(").arg(record.List(vals)).add("))")
}

func (b *builder) newAlias() string {
	b.alias++
	return "t" + strconv.Itoa(b.alias)
}

// branch is one way a permit reaches records; a nil branch reaches all.
type branch struct {
	field     *schema.Field // owner or department
	ids       []int64
	through   bool         // in the root, not in the record
	ownerless bool         // and only where there is no owner
	above     *access.Pred // of lines: the predicate over the record they are part of, instead of a field
}

// branches lists the ways of a predicate; nil with all=true when it reaches everything.
func branches(s *schema.Snapshot, e *schema.Entity, p *access.Pred) (out []branch, all bool) {
	if e.Of != nil {
		if p.All && p.Except == nil {
			return nil, true
		}
		return []branch{{above: p}}, false
	}
	if p.All {
		return nil, true
	}
	add := func(of *schema.Entity, through bool) {
		if of == nil || of.Owner == nil {
			return
		}
		if len(p.Owners) > 0 {
			out = append(out, branch{field: of.Owner, ids: p.Owners, through: through})
			if of.Also != nil {
				out = append(out, branch{field: of.Also, ids: p.Owners, through: through})
			}
		}
		if len(p.Depts) > 0 {
			out = append(out, branch{field: of.Dept, ids: p.Depts, through: through})
		}
	}
	add(e, false)
	if len(p.Pools) > 0 && e.Pool != nil && e.Owner != nil {
		out = append(out, branch{field: e.Pool, ids: p.Pools, ownerless: true})
	}
	if e.Through != nil {
		add(s.Entity(schema.RefTarget(e.Through)), true)
	}
	return out, false
}

func (b *builder) branch(s *schema.Snapshot, e *schema.Entity, t string, br branch) *builder {
	if br.above != nil {
		r := b.newAlias()
		b.col(t, Column(e.Parent)).add(" IN (SELECT ", r, ".id FROM ").col("", e.Of.Table).add(" ", r, " WHERE ", r, ".", live, " AND ")
		b.permit(s, e.Of, r, br.above)
		return b.add(")")
	}
	if br.ownerless {
		b.col(t, Column(e.Owner)).add(" IS NULL AND ")
	}
	if !br.through {
		return b.oneOf(t, Column(br.field), ints(br.ids))
	}
	root := s.Entity(schema.RefTarget(e.Through))
	r := b.newAlias()
	b.col(t, Column(e.Through)).add(" IN (SELECT ", r, ".id FROM ").col("", root.Table).add(" ", r, " WHERE ")
	return b.oneOf(r, Column(br.field), ints(br.ids)).add(" AND ", r, ".", live, ")")
}

func ints(ids []int64) []record.Value { return record.Ints(ids).List() }

// permit writes a predicate as one term; used where order does not matter.
func (b *builder) permit(s *schema.Snapshot, e *schema.Entity, t string, p *access.Pred) {
	if p == nil {
		b.add("1=0")
		return
	}
	bs, all := branches(s, e, p)
	switch {
	case all:
		b.add("1=1")
	case len(bs) == 0:
		b.add("1=0")
	case len(bs) == 1 && bs[0].above != nil:
		b.branch(s, e, t, bs[0])
	default:
		b.add("(")
		for i, br := range bs {
			if i > 0 {
				b.add(" OR ")
			}
			b.branch(s, e, t, br) // AND binds closer than OR
		}
		b.add(")")
	}
	b.except(s, e, t, p)
}

// except writes what is taken away again; an empty owner is not taken away.
func (b *builder) except(s *schema.Snapshot, e *schema.Entity, t string, p *access.Pred) {
	if p.Except == nil || e.Of != nil { // what is taken away of a record is taken away with its lines
		return
	}
	bs, all := branches(s, e, p.Except)
	if all {
		b.add(" AND 1=0")
		return
	}
	for _, br := range bs {
		b.add(" AND NOT coalesce(")
		b.branch(s, e, t, br).add(", ", b.falsehood(), ")")
	}
}

func (b *builder) falsehood() string {
	if b.d == sqldb.Postgres {
		return "FALSE"
	}
	return "0"
}

// cond writes a bound condition over alias t of entity e.
func (b *builder) cond(s *schema.Snapshot, e *schema.Entity, t string, c *query.Cond) {
	switch c.Kind {
	case query.Constant:
		if c.Const {
			b.add("1=1")
		} else {
			b.add("1=0")
		}
	case query.And, query.Or:
		word := " AND "
		if c.Kind == query.Or {
			word = " OR "
		}
		b.add("(")
		for i, k := range c.Kids {
			if i > 0 {
				b.add(word)
			}
			b.cond(s, e, t, k)
		}
		b.add(")")
	default:
		if len(c.Steps) > 0 {
			b.path(s, e, t, c)
			return
		}
		b.compare(e, t, c)
	}
}

// path writes a condition at the end of references: it holds when a readable
// record is there that matches; a negative one when there is none.
func (b *builder) path(s *schema.Snapshot, e *schema.Entity, t string, c *query.Cond) {
	if there := b.reaches(t, c); there != "" {
		rest := *c
		rest.Steps = c.Steps[1:]
		b.cond(s, c.Steps[0].Target, there, &rest)
		return
	}
	op, negative := query.Positive(c.Op)
	if negative {
		b.add("NOT ")
	}
	inner := *c
	inner.Op = op
	step := c.Steps[0]
	inner.Steps = c.Steps[1:]
	r := b.newAlias()
	b.add("EXISTS (SELECT 1 FROM ").col("", step.Target.Table).add(" ", r, " WHERE ", r, ".id = ").col(t, Column(step.Field))
	b.add(" AND ", r, ".", live, " AND ")
	b.permit(s, step.Target, r, b.rights.Permit(step.Target, access.Read).Pred())
	b.add(" AND ")
	b.cond(s, step.Target, r, &inner)
	b.add(")")
}

func (b *builder) compare(e *schema.Entity, t string, c *query.Cond) {
	op, negative := query.Positive(c.Op)
	f := c.Field
	switch {
	case f.Many():
		b.linked(e, t, c, op, negative)
		return
	case schema.IsLong(f):
		if negative {
			b.add("NOT ")
		}
		b.add("EXISTS (SELECT 1 FROM ").col("", LongTable(e)).add(" l WHERE l.id = ", t, ".id AND l.field = ").arg(record.Text(f.Key)).add(")")
		return
	case schema.IsAnyRef(f):
		b.anyRef(t, c, op, negative)
		return
	}
	column := compareColumn(f, op)
	switch op {
	case schema.OpNotNull:
		b.col(t, column)
		if negative {
			b.add(" IS NULL")
		} else {
			b.add(" IS NOT NULL")
		}
		return
	case schema.OpEq:
		if negative {
			b.distinct(t, column, f, c.Vals[0])
			return
		}
	case schema.OpBetween, schema.OpNotBetween:
		if op == schema.OpNotBetween {
			b.add("(").col(t, column).add(" < ").arg(c.Vals[0]).add(" OR ").col(t, column).add(" > ").arg(c.Vals[1]).add(")")
			return
		}
		b.col(t, column).add(" BETWEEN ").arg(c.Vals[0]).add(" AND ").arg(c.Vals[1])
		return
	}
	if negative {
		b.add("(").col(t, column).add(" IS NULL OR NOT ")
	}
	b.positive(t, column, op, c)
	if negative {
		b.add(")")
	}
}

// positive writes a positive operator over a column that is not empty.
func (b *builder) positive(t, column string, op schema.Op, c *query.Cond) {
	switch op {
	case schema.OpIn:
		b.side(t, column, c.Field, op)
		if b.d == sqldb.Postgres && c.Field.Slot == record.SlotID && len(c.Vals) > 1 {
			// The subquery hides the ids from the planner. Seeing thousands of
			// them it would rather walk in the order asked for until it met the
			// first fifty of them: 100 ms where looking up all takes two.
			b.add(" = ANY((SELECT ").arg(record.List(c.Vals)).add("::bigint[])::bigint[])")
			return
		}
		b.among(c.Vals)
	case schema.OpContains, schema.OpStarts:
		fn, sign := "instr(", " > 0"
		if b.d == sqldb.Postgres {
			fn = "strpos("
		}
		if op == schema.OpStarts {
			sign = " = 1"
		}
		b.add(fn).side(t, column, c.Field, op).add(", ").arg(query.Operand(c.Field, op, c.Vals[0])).add(")", sign)
	case schema.OpUnder:
		from := c.Vals[0].Str()
		b.add("(").col(t, column).add(" >= ").arg(record.Text(from)).add(" AND ").col(t, column).add(" < ").arg(record.Text(from + ":")).add(")")
	default:
		sign := string(op)
		if op == schema.OpEq {
			sign = "="
		}
		b.side(t, column, c.Field, op).add(" ", sign, " ").arg(c.Vals[0])
	}
}

// side writes a column as an operator looks at it.
func (b *builder) side(t, column string, f *schema.Field, op schema.Op) *builder {
	if query.Lowered(f, op) {
		return b.add("lower(").col(t, column).add(")")
	}
	return b.col(t, column)
}

// distinct writes that a column is not a value, true where it is empty.
//
// PostgreSQL reads every row for it, or all of an index. Where a column holds few
// different values, it may be that hardly any row has another than this one (a
// currency, a state): the two ranges beside the value are found in an index, and
// the planner knows from its statistics whether that is worth it.
func (b *builder) distinct(t, column string, f *schema.Field, v record.Value) {
	switch {
	case b.d != sqldb.Postgres:
		b.side(t, column, f, schema.OpEq).add(" IS NOT ").arg(v)
	case f.Type.Name() == "choice":
		b.add("(").col(t, column).add(" < ").arg(v).add(" OR ").col(t, column).add(" > ").arg(v).add(" OR ").col(t, column).add(" IS NULL)")
	default:
		b.side(t, column, f, schema.OpEq).add(" IS DISTINCT FROM ").arg(v)
	}
}

// compareColumn is the column an operator looks at.
func compareColumn(f *schema.Field, op schema.Op) string {
	switch {
	case f.Type.Name() == "phone" && op != schema.OpNotNull:
		return f.Columns[1].Name
	case (op == schema.OpContains || op == schema.OpStarts) && f.Type.Name() == "text" && (f.Folded || f.Unique):
		return f.Columns[1].Name
	}
	return Column(f)
}

func (b *builder) linked(e *schema.Entity, t string, c *query.Cond, op schema.Op, negative bool) {
	if negative {
		b.add("NOT ")
	}
	l := b.newAlias()
	b.add("EXISTS (SELECT 1 FROM ").col("", LinkTable(e, c.Field)).add(" ", l, " WHERE ", l, ".id = ", t, ".id")
	if op != schema.OpNotNull {
		column := "target"
		if c.Field.Type.Name() == "phone" {
			column = "norm"
		}
		b.add(" AND ")
		b.positive(l, column, op, c)
	}
	b.add(")")
}

func (b *builder) anyRef(t string, c *query.Cond, op schema.Op, negative bool) {
	kind, id := c.Field.Columns[0].Name, c.Field.Columns[1].Name
	if op == schema.OpNotNull {
		b.col(t, id)
		if negative {
			b.add(" IS NULL")
		} else {
			b.add(" IS NOT NULL")
		}
		return
	}
	if negative {
		b.add("(").col(t, id).add(" IS NULL OR NOT ")
	}
	b.add("(")
	for i, v := range c.Vals {
		if i > 0 {
			b.add(" OR ")
		}
		b.add("(").col(t, kind).add(" = ").arg(record.Text(v.Str())).add(" AND ").col(t, id).add(" = ").arg(record.Int(v.Int())).add(")")
	}
	b.add(")")
	if negative {
		b.add(")")
	}
}

// Columns are fields made ready to be read again and again: the columns of an
// entity's table under the alias t, and their kinds.
type Columns struct {
	text  string
	kinds []record.Kind
	last  atomic.Pointer[string] // the statement of one record that was asked last
}

// statement is the text in buf as a string: the last one again when it is the
// same, so that a record opened over and over is asked for without copying it.
func (c *Columns) statement(buf []byte) string {
	if last := c.last.Load(); last != nil && *last == string(buf) {
		return *last
	}
	text := string(buf)
	c.last.Store(&text)
	return text
}

// ColumnsOf makes fields, stored ones, ready.
func ColumnsOf(fields []*schema.Field) *Columns {
	return &Columns{text: string(new(builder).columns("t", fields).buf), kinds: slices.Clip(kindsOf(fields))}
}

// Kinds are the kinds of the columns.
func (c *Columns) Kinds() []record.Kind { return c.kinds }

// columns writes the columns that are read of fields, of table alias t.
func (b *builder) columns(t string, fields []*schema.Field) *builder {
	for i, f := range fields {
		for j, c := range readColumns(f) {
			if i+j > 0 {
				b.add(", ")
			}
			b.col(t, c.Name)
		}
	}
	return b
}

// columns are those of a question, worked out now unless they were before.
func (s *Select) columns() *Columns {
	if s.Ready != nil {
		return s.Ready
	}
	return ColumnsOf(s.Fields)
}

// kindsOf lists the kinds of columns for a result.
func kindsOf(fields []*schema.Field) []record.Kind {
	var out []record.Kind
	for _, f := range fields {
		for _, c := range readColumns(f) {
			out = append(out, c.Kind)
		}
	}
	return out
}

// readColumns are the columns that hold a field's value: one, or two for an any_ref.
func readColumns(f *schema.Field) []schema.Column {
	if schema.IsAnyRef(f) {
		return f.Columns[:2]
	}
	return f.Columns[:1]
}
