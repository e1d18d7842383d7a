package records

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Limits of a board.
const (
	DefaultCards = 20
	MaxCards     = 50 // of a column in one answer; the next ones are pages of the list
	MaxColumns   = 40 // those with the most records are shown of more
)

// BoardQuery asks for the records of an entity in columns, one for each value
// of a field (PLT-8).
type BoardQuery struct {
	ListQuery          // Limit is that of the cards of a column
	By        string   // a choice, switch or reference with one value
	Measures  []string // "sum:amount"; the count is always there
}

// boardColumn is one column: its value, how many records, their measures by
// currency, and where its cards are among the rows.
type boardColumn struct {
	value    record.Value
	fixed    bool // stands there also when it is empty
	count    int64
	totals   []boardTotal
	from, to int
	next     string
}

type boardTotal struct {
	currency record.Value
	measures []record.Value
}

// board is a checked question and what was read for it.
type board struct {
	*plan
	by       *schema.Field
	agg      store.Aggregate
	currency bool // the second group of agg
	among    *query.Cond
	columns  []boardColumn
	more     bool
}

// Board appends {"by":…,"measures":[…],"columns":[{"value":…,"count":…,
// "totals":[…],"items":[…],"has_more":…,"next":…}],"more":…}. The columns of a
// choice stand in the order of its options, those of a reference in the order
// of the list of its entity, narrowed as the filter narrows the records; what
// has no value stands last. next is a cursor of the list in the same order
// whose filter says the column's value too.
func (e *Engine) Board(ctx context.Context, actor *access.Actor, name string, q BoardQuery, out []byte) ([]byte, error) {
	q.Limit = cmp.Or(q.Limit, DefaultCards)
	if q.Limit < 1 || q.Limit > MaxCards {
		return out, errs.New(errs.BadRequest, "error.limit", "most", "50")
	}
	q.Cursor = ""
	actor = e.asker(actor, name, q.Filter, q.Where)
	p, err := e.plan(actor, name, &q.ListQuery)
	if err != nil {
		return out, err
	}
	b := &board{plan: p}
	if err := e.planBoard(actor, b, &q); err != nil {
		return out, err
	}
	start := len(out)
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		out, err = e.boardIn(ctx, db, actor, b, &q, out[:start])
		return err
	})
	return out, err
}

// planBoard checks what of a question is not that of a list.
func (e *Engine) planBoard(actor *access.Actor, b *board, q *BoardQuery) error {
	f, err := columnsBy(actor, b.ent, q.By)
	if err != nil {
		return err
	}
	b.by = f
	ask := AggregateQuery{Group: []string{q.By}, Measures: append([]string{"count"}, q.Measures...)}
	if money := b.ent.Field("currency"); money != nil && money != f && money.Stored() && actor.Level(b.ent, money) >= schema.Read && schema.TraitsOf(money).Groupable && slices.ContainsFunc(q.Measures, b.ofRecord) {
		ask.Group, b.currency = append(ask.Group, money.Key), true
	}
	b.agg.Select = b.sel
	if err := chooseGroups(actor, b.ent, ask, &b.agg); err != nil {
		return err
	}
	target := b.st.Entity(schema.RefTarget(f))
	if target == nil || !actor.May(target, access.Read) {
		return nil
	}
	node, err := query.Parse(q.Filter)
	if err != nil {
		return err
	}
	carried := carry(b.ent, f, target, query.All(node, q.Where))
	bound, err := query.Bind(b.st.Snapshot, target, carried, actor.Viewer(), actor)
	if err != nil {
		return err
	}
	b.among = bound.Cond
	return nil
}

// ofRecord says whether a measure is of amounts in the currency of each record.
func (b *board) ofRecord(measure string) bool {
	_, key, _ := strings.Cut(measure, ":")
	f := b.ent.Field(key)
	return f != nil && f.Type.Name() == "money" && f.Set.Currency != schema.BaseCurrency
}

// columnsBy finds the field that makes the columns of a board.
func columnsBy(actor *access.Actor, ent *schema.Entity, key string) (*schema.Field, error) {
	f := ent.Field(key)
	if f == nil || actor.Level(ent, f) < schema.Read {
		return nil, errs.New(errs.BadRequest, "error.field_unknown", "field", key)
	}
	if f.Many() || f.System || !f.Stored() || !schema.IsChoice(f) && !schema.IsRef(f) && f.Type.Name() != "switch" {
		return nil, errs.New(errs.BadRequest, "error.board_field", "field", key)
	}
	return f, nil
}

// CheckBoard says what is wrong with a board that somebody wants to keep.
func (e *Engine) CheckBoard(actor *access.Actor, name, by string) error {
	ent, err := e.entity(e.Registry.State(), name)
	if err == nil {
		_, err = columnsBy(actor, ent, by)
	}
	return err
}

// carry gives what a filter says of the columns of a reference: conditions on
// the path through it, and those on a reference that the entity of the columns
// has too. A pipeline chosen for the opportunities chooses its stages.
func carry(ent *schema.Entity, by *schema.Field, target *schema.Entity, n *query.Node) *query.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == query.And:
		var kids []*query.Node
		for _, kid := range n.Kids {
			kids = append(kids, carry(ent, by, target, kid))
		}
		return query.All(kids...)
	case n.Kind != query.Compare:
		return nil
	}
	if rest, ok := strings.CutPrefix(n.Path, by.Key+"."); ok {
		through := *n
		through.Path = rest
		return &through
	}
	f := ent.Field(n.Path)
	if f == nil || f == by || !schema.IsRef(f) || f.Many() || n.Op != schema.OpEq && n.Op != schema.OpIn {
		return nil
	}
	var same []*schema.Field
	for _, g := range target.Fields {
		if !g.System && !g.Retired && !g.Many() && schema.IsRef(g) && schema.RefTarget(g) == schema.RefTarget(f) {
			same = append(same, g)
		}
	}
	if len(same) != 1 {
		return nil
	}
	through := *n
	through.Path = same[0].Key
	return &through
}

func (e *Engine) boardIn(ctx context.Context, db sqldb.Querier, actor *access.Actor, b *board, q *BoardQuery, out []byte) ([]byte, error) {
	if b.words != nil {
		if err := e.allWords(ctx, db, b.plan); err != nil {
			return out, err
		}
		b.agg.Where, b.agg.Words = b.sel.Where, b.sel.Words
	}
	groups, err := store.AggregateIn(ctx, db, b.agg, e.zoneOf(actor))
	if err != nil {
		return out, err
	}
	if err := e.boardColumns(ctx, db, actor, b); err != nil {
		return out, err
	}
	b.count(groups)
	rows := e.rows.Get()
	defer e.rows.Put(rows)
	if err := e.cards(ctx, db, b, q.Limit, rows); err != nil {
		return out, err
	}
	return e.appendBoard(ctx, db, actor, b, q, rows, out)
}

// boardColumns makes the columns that stand there whatever the records are.
func (e *Engine) boardColumns(ctx context.Context, db sqldb.Querier, actor *access.Actor, b *board) error {
	add := func(v record.Value) { b.columns = append(b.columns, boardColumn{value: v, fixed: true}) }
	switch target := b.st.Entity(schema.RefTarget(b.by)); {
	case schema.IsChoice(b.by):
		for _, o := range b.by.Set.Options {
			if !o.Hidden {
				add(record.Text(o.Code))
			}
		}
	case !schema.IsRef(b.by):
		add(record.Bool(true))
		add(record.Bool(false))
	case target != nil && !schema.IsMember(b.by) && !schema.IsDepartment(b.by) && actor.May(target, access.Read):
		p := &plan{st: b.st, ent: target}
		p.sel = store.Select{Snap: b.st.Snapshot, Entity: target, Permit: actor.Permit(target, access.Read), Rights: actor,
			Where: b.among, Fields: target.Fields[record.SlotID : record.SlotID+1], Limit: MaxColumns + 1}
		if err := p.chooseSort(actor, &ListQuery{}); err != nil {
			return err
		}
		var rows sqldb.Rows
		if err := store.Page(ctx, db, p.sel, &rows); err != nil {
			return err
		}
		if rows.Len() > MaxColumns { // of so many only those that hold something
			b.more = true
			return nil
		}
		for i := range rows.Len() {
			add(rows.At(i, 0))
		}
	}
	return nil
}

// count puts the groups into their columns; records of values that have no
// column make one.
func (b *board) count(groups [][]record.Value) {
	fixed := len(b.columns)
	at := map[record.Value]int{}
	for i := range b.columns {
		at[b.columns[i].value] = i
	}
	empty := boardColumn{}
	for _, g := range groups {
		c := &empty
		if !g[0].IsNull() {
			i, ok := at[g[0]]
			if !ok {
				i = len(b.columns)
				at[g[0]] = i
				b.columns = append(b.columns, boardColumn{value: g[0]})
			}
			c = &b.columns[i]
		}
		m := g[len(b.agg.Groups):]
		t := boardTotal{measures: m[1:]}
		if b.currency {
			t.currency = g[1]
		}
		c.count += m[0].Int()
		c.totals = append(c.totals, t)
	}
	slices.SortStableFunc(b.columns[fixed:], func(x, y boardColumn) int { return cmp.Compare(y.count, x.count) })
	if len(b.columns) > MaxColumns {
		b.columns, b.more = b.columns[:MaxColumns], true
	}
	if empty.count > 0 {
		b.columns = append(b.columns, empty)
	}
}

// cards reads the first cards of all columns into rows.
func (e *Engine) cards(ctx context.Context, db sqldb.Querier, b *board, limit int, rows *sqldb.Rows) error {
	var list []store.Select
	var parts []*sqldb.Rows
	var of []int
	for i := range b.columns {
		c := &b.columns[i]
		if c.count == 0 {
			continue
		}
		sel := b.sel
		sel.Limit = limit + 1
		cond := &query.Cond{Kind: query.Compare, Field: b.by, Op: schema.OpEq, Vals: []record.Value{c.value}}
		if c.value.IsNull() {
			cond = &query.Cond{Kind: query.Compare, Field: b.by, Op: schema.OpNull}
		}
		if sel.Where = cond; b.sel.Where != nil {
			sel.Where = &query.Cond{Kind: query.And, Kids: []*query.Cond{cond, b.sel.Where}}
		}
		list, parts, of = append(list, sel), append(parts, e.rows.Get()), append(of, i)
	}
	defer func() {
		for _, part := range parts {
			e.rows.Put(part)
		}
	}()
	if err := store.FirstPages(ctx, db, list, parts); err != nil {
		return err
	}
	for i, part := range parts {
		if part.Len() == 0 {
			continue
		}
		if err := rows.Begin(part.Cols()); err != nil {
			return err
		}
		c := &b.columns[of[i]]
		n := min(part.Len(), limit)
		c.from, c.to = rows.Len(), rows.Len()+n
		for j := range n {
			rows.AppendValues(part.Row(j)...)
		}
		if part.Len() > limit {
			last := part.Row(n - 1)
			c.next = encodeCursor(b.sortKey, last[part.Cols()-len(b.sel.Sort):], last[0])
		}
	}
	return nil
}

func (e *Engine) appendBoard(ctx context.Context, db sqldb.Querier, actor *access.Actor, b *board, q *BoardQuery, rows *sqldb.Rows, out []byte) ([]byte, error) {
	aside, err := e.loadAside(ctx, db, actor, b.plan, rows, rows.Len())
	if err != nil {
		return out, err
	}
	w, err := e.writerOf(ctx, db, actor, b.plan, rows, rows.Len(), aside)
	if err != nil {
		return out, err
	}
	named := want{}
	for i := range b.columns {
		named.add(b.by, b.columns[i].value)
	}
	labels, err := e.labels(ctx, db, actor, b.st.Snapshot, named)
	if err != nil {
		return out, err
	}
	out = rawjson.AppendString(append(out, `{"by":`...), b.by.Key)
	out = appendStrings(append(out, `,"measures":[`...), q.Measures)
	out = append(out, `],"columns":[`...)
	for i := range b.columns {
		c := &b.columns[i]
		if i > 0 {
			out = append(out, ',')
		}
		out = e.appendValue(append(out, `{"value":`...), &column{field: b.by}, c.value, labels, nil)
		out = appendInt(append(out, `,"count":`...), c.count)
		out = b.appendTotals(append(out, `,"totals":[`...), c)
		out = w.append(append(out, `],"items":[`...), c.from, c.to)
		if c.next == "" {
			out = append(out, `],"has_more":false,"next":null}`...)
			continue
		}
		out = rawjson.AppendString(append(out, `],"has_more":true,"next":`...), c.next)
		out = append(out, '}')
	}
	out = append(out, `],"more":`...)
	if b.more {
		return append(out, "true}"...), nil
	}
	return append(out, "false}"...), nil
}

func (b *board) appendTotals(out []byte, c *boardColumn) []byte {
	if len(b.agg.Measures) == 1 {
		return out
	}
	for i, t := range c.totals {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"currency":`...)
		if t.currency.IsNull() {
			out = append(out, "null"...)
		} else {
			out = rawjson.AppendString(out, t.currency.Str())
		}
		out = append(out, `,"values":[`...)
		for j, v := range t.measures {
			if j > 0 {
				out = append(out, ',')
			}
			m := b.agg.Measures[j+1]
			switch {
			case v.IsNull():
				out = append(out, "null"...)
			case m.Field == nil:
				out = appendInt(out, v.Int())
			default:
				out = m.Field.Type.Encode(m.Field, out, v)
			}
		}
		out = append(out, "]}"...)
	}
	return out
}
