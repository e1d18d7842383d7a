package store

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Select is one question to the records of an entity under a permit.
type Select struct {
	Snap    *schema.Snapshot
	Entity  *schema.Entity
	Permit  access.Permit
	Rights  Rights // for paths into other entities
	Where   *query.Cond
	Fields  []*schema.Field // what to read, stored ones; id must be among them for paging
	Ready   *Columns        // those of Fields, for a set that is asked for often; nil = work them out
	Sort    []query.Sort    // ties go by id in the direction of the last one
	Limit   int
	After   []record.Value // values of Sort and the id of the last row of the page before
	Deleted bool           // the recycle bin instead of the live records
	Also    *access.Permit // a second right that must reach the record too; nil = none is asked for
	Words   Words          // full text, ANDed
	Hold    bool           // Get: the records stay, undeleted, until the transaction ends
}

// Words narrows a Select to the hits of the search index.
type Words interface {
	// Within is a condition on the row whose id is written id, for any order that stops at a limit.
	Within(id string, from int) (cond string, args []record.Value)
	// Newest gives the parts of a statement that runs over the hits newest first.
	Newest(id string, from int) (join, cond, order string, args []record.Value)
}

// Kinds are the kinds of the columns that Page and Get append for the fields.
func Kinds(fields []*schema.Field) []record.Kind { return kindsOf(fields) }

// Page appends up to Limit rows in order; each row holds Fields (an any_ref
// takes two columns) and then the sort values.
func Page(ctx context.Context, q sqldb.Querier, s Select, out *sqldb.Rows) error {
	if s.Permit.Pred() == nil || s.Limit <= 0 {
		return nil
	}
	if len(s.After) == 0 {
		return page(ctx, q, s, whole, out)
	}
	first := s.firstKey()
	if first == nil {
		return page(ctx, q, s, whole, out)
	}
	// Empty values come last in both directions: first the rest of the filled
	// ones, a range of the index, then the empty ones.
	if !s.After[0].IsNull() {
		if err := page(ctx, q, s, filled, out); err != nil || out.Len() >= s.Limit {
			return err
		}
		s.Limit -= out.Len()
	}
	return page(ctx, q, s, empty, out)
}

// firstKey is the first sort field when it may be empty.
func (s *Select) firstKey() *schema.Field {
	if len(s.Sort) == 0 || s.Sort[0].Field.Slot == record.SlotID {
		return nil
	}
	return s.Sort[0].Field
}

// phase says which rows after a cursor a statement looks at.
type phase uint8

const (
	whole  phase = iota
	filled       // the first sort value is at or after the cursor's
	empty        // the first sort value is empty
)

func page(ctx context.Context, q sqldb.Querier, s Select, ph phase, out *sqldb.Rows) error {
	return q.QueryAll(ctx, s.page(q.Dialect(), ph, out))
}

func (s *Select) page(d sqldb.Dialect, ph phase, out *sqldb.Rows) sqldb.Question {
	b := &builder{d: d, rights: s.Rights, buf: make([]byte, 0, 1024)}
	columns := s.columns()
	b.page(s, columns, ph)
	kinds := columns.kinds
	for _, k := range s.Sort {
		kinds = append(kinds, k.Field.Columns[0].Kind)
	}
	return sqldb.Question{SQL: string(b.buf), Args: b.args, Kinds: kinds, Out: out}
}

// Asker asks several questions at once: Querier.QueryAll or DB.ReadAll.
type Asker func(ctx context.Context, questions ...sqldb.Question) error

// OneStatement says that Page asks one statement, so that PageAndCount may be
// called: not behind a cursor in an order that may have empty values.
func (s *Select) OneStatement() bool { return len(s.After) == 0 || s.firstKey() == nil }

// PageAndCount is Page and Count at once. Both limits are positive.
func PageAndCount(ctx context.Context, d sqldb.Dialect, ask Asker, s Select, limit int, out *sqldb.Rows) (int64, error) {
	var total sqldb.Rows
	count, ok := s.count(d, limit, &total)
	if !ok { // nothing may be read
		return 0, nil
	}
	return firstNumber(&total, ask(ctx, s.page(d, whole, out), count))
}

// firstNumber is the answer to a count.
func firstNumber(out *sqldb.Rows, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return out.At(0, 0).Int(), nil
}

// SQL gives the statement of the first page, for golden files and query plans.
func SQL(d sqldb.Dialect, s Select) (string, []record.Value) {
	b := &builder{d: d, rights: s.Rights}
	b.page(&s, s.columns(), whole)
	return string(b.buf), b.args
}

func (b *builder) page(s *Select, columns *Columns, ph phase) {
	bs, all := branches(s.Snap, s.Entity, s.Permit.Pred())
	b.add("SELECT ", columns.text)
	for _, k := range s.Sort {
		b.add(", ")
		b.sortExpr(s, "t", k.Field)
	}
	b.add(" FROM ").col("", s.Entity.Table).add(" t")
	if all || len(bs) == 1 {
		b.add(" WHERE ")
		if !all {
			b.branch(s.Snap, s.Entity, "t", bs[0]).add(" AND ")
		}
		b.rest(s, "t", ph)
		b.order(s, "t")
		b.limit(s.Limit)
		return
	}
	if len(bs) == 0 {
		b.add(" WHERE 1=0")
		return
	}
	// Each branch is an ordered stream of its own, cut at the page's length; an
	// OR over them would give up the index order.
	b.add(" WHERE t.id IN (")
	for i, br := range bs {
		if i > 0 {
			b.add(" UNION ")
		}
		a := b.newAlias()
		b.add("SELECT id FROM (SELECT ", a, ".id FROM ").col("", s.Entity.Table).add(" ", a, " WHERE ")
		b.branch(s.Snap, s.Entity, a, br).add(" AND ")
		b.rest(s, a, ph)
		b.order(s, a)
		b.limit(s.Limit)
		b.add(") x", a)
	}
	b.add(")")
	b.order(s, "t")
	b.limit(s.Limit)
}

// rest writes everything but the permit's branch.
func (b *builder) rest(s *Select, t string, ph phase) {
	if s.Deleted {
		b.add(t, ".deleted_at IS NOT NULL")
	} else {
		b.add(t, ".", live)
	}
	b.except(s.Snap, s.Entity, t, s.Permit.Pred())
	if s.Also != nil && !s.Also.Unlimited() {
		b.add(" AND ")
		b.permit(s.Snap, s.Entity, t, s.Also.Pred())
	}
	if s.Where != nil {
		b.add(" AND ")
		b.cond(s.Snap, s.Entity, t, s.Where)
	}
	if s.Words != nil {
		cond, args := s.Words.Within(t+".id", len(b.args)+1)
		b.args = append(b.args, args...)
		b.add(" AND ", cond)
	}
	if len(s.After) > 0 {
		b.after(s, t, ph)
	}
}

// sortExpr writes what a field sorts by: its key, or the title of the readable
// record that a reference points to.
func (b *builder) sortExpr(s *Select, t string, f *schema.Field) {
	target := s.Snap.Entity(schema.RefTarget(f))
	if !schema.IsRef(f) || target == nil || f.System || !target.Title.Stored() {
		b.col(t, sortColumn(f))
		return
	}
	r := b.newAlias()
	b.add("(SELECT ").col(r, sortColumn(target.Title)).add(" FROM ").col("", target.Table).add(" ", r, " WHERE ", r, ".id = ").col(t, Column(f)).add(" AND ")
	b.permit(s.Snap, target, r, b.rights.Permit(target, access.Read).Pred())
	b.add(")")
}

func (b *builder) order(s *Select, t string) {
	b.add(" ORDER BY ")
	desc := true
	for _, k := range s.Sort {
		desc = k.Desc
		b.sortExpr(s, t, k.Field)
		switch {
		case !k.Desc && b.d == sqldb.SQLite && k.Field.Slot != record.SlotID:
			b.add(" NULLS LAST, ")
		case k.Desc && b.d == sqldb.Postgres && k.Field.Slot != record.SlotID:
			b.add(" DESC NULLS LAST, ")
		case k.Desc:
			b.add(" DESC, ")
		default:
			b.add(", ")
		}
	}
	b.add(t, ".id")
	if desc {
		b.add(" DESC")
	}
}

func (b *builder) limit(n int) { b.add(" LIMIT ").arg(record.Int(int64(n))) }

// after writes "comes after the cursor": a range on the first sort value, which
// the index serves, and the exact rule over all of them.
func (b *builder) after(s *Select, t string, ph phase) {
	last := s.After[len(s.Sort)]
	idSign := " < "
	if n := len(s.Sort); n > 0 && !s.Sort[n-1].Desc {
		idSign = " > "
	}
	if len(s.Sort) > 0 && s.Sort[0].Field.Slot == record.SlotID { // no two are equal: a plain range
		sign := " > "
		if s.Sort[0].Desc {
			sign = " < "
		}
		b.add(" AND ", t, ".id", sign).arg(last)
		return
	}
	from := 0
	switch ph {
	case filled:
		sign := " >= "
		if s.Sort[0].Desc {
			sign = " <= "
		}
		b.add(" AND ")
		b.sortExpr(s, t, s.Sort[0].Field)
		b.add(sign).arg(s.After[0])
	case empty:
		b.add(" AND ")
		b.sortExpr(s, t, s.Sort[0].Field)
		b.add(" IS NULL")
		if !s.After[0].IsNull() { // the filled ones were read before: all empty ones follow
			return
		}
		from = 1
	case whole:
	}
	b.add(" AND (")
	for i := from; i <= len(s.Sort); i++ {
		if i > from {
			b.add(" OR ")
		}
		b.add("(")
		for j := from; j < i; j++ {
			b.sortExpr(s, t, s.Sort[j].Field)
			if s.After[j].IsNull() {
				b.add(" IS NULL AND ")
			} else {
				b.add(" = ").arg(s.After[j]).add(" AND ")
			}
		}
		if i == len(s.Sort) {
			b.add(t, ".id", idSign).arg(last)
		} else {
			b.beyond(s, t, i, ph == filled && i == 0)
		}
		b.add(")")
	}
	b.add(")")
}

// beyond writes that sort value i lies after the cursor's; empty ones last.
func (b *builder) beyond(s *Select, t string, i int, onlyFilled bool) {
	k := s.Sort[i]
	if s.After[i].IsNull() {
		b.add("1=0")
		return
	}
	sign := " > "
	if k.Desc {
		sign = " < "
	}
	b.add("(")
	b.sortExpr(s, t, k.Field)
	b.add(sign).arg(s.After[i])
	if !onlyFilled && k.Field.Slot != record.SlotID {
		b.add(" OR ")
		b.sortExpr(s, t, k.Field)
		b.add(" IS NULL")
	}
	b.add(")")
}

// NewestHits appends the ids of up to Limit readable hits of Words, newest first.
func NewestHits(ctx context.Context, q sqldb.Querier, s Select, out *sqldb.Rows) error {
	if s.Permit.Pred() == nil {
		return nil
	}
	b := &builder{d: q.Dialect(), rights: s.Rights, buf: make([]byte, 0, 512)}
	b.hits(&s, s.Limit, true)
	return q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindInt}, out)
}

// CountHits counts the readable hits of Words up to limit+1, as Count does; it
// starts from the hits and looks at nothing but permit and Words.
func CountHits(ctx context.Context, q sqldb.Querier, s Select, limit int) (int64, error) {
	if s.Permit.Pred() == nil {
		return 0, nil
	}
	b := &builder{d: q.Dialect(), rights: s.Rights, buf: make([]byte, 0, 512)}
	b.add("SELECT count(*) FROM (")
	b.hits(&s, limit+1, false)
	b.add(") c")
	var out sqldb.Rows
	return firstNumber(&out, q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindInt}, &out))
}

// hits writes the ids of the readable hits of Words, newest first if ordered.
func (b *builder) hits(s *Select, limit int, ordered bool) {
	join, cond, order, args := s.Words.Newest("t.id", 1)
	b.args = append(b.args, args...)
	b.add("SELECT t.id FROM ", join).col("", s.Entity.Table).add(" t WHERE ", cond, " AND t.", live, " AND ")
	b.permit(s.Snap, s.Entity, "t", s.Permit.Pred())
	if ordered {
		b.add(" ORDER BY ", order)
	}
	b.limit(limit)
}

// Count counts the records of s up to limit+1: an answer above limit means "more".
func Count(ctx context.Context, q sqldb.Querier, s Select, limit int) (int64, error) {
	var total sqldb.Rows
	count, ok := s.count(q.Dialect(), limit, &total)
	if !ok {
		return 0, nil
	}
	return firstNumber(&total, q.QueryAll(ctx, count))
}

// count is the question of Count; ok is false when nothing can be read.
func (s *Select) count(d sqldb.Dialect, limit int, out *sqldb.Rows) (q sqldb.Question, ok bool) {
	if s.Permit.Pred() == nil {
		return q, false
	}
	first := *s
	first.After = nil
	s = &first
	b := &builder{d: d, rights: s.Rights, buf: make([]byte, 0, 512)}
	bs, all := branches(s.Snap, s.Entity, s.Permit.Pred())
	if !all && len(bs) == 0 {
		return q, false
	}
	b.add("SELECT count(*) FROM (")
	if all || len(bs) == 1 {
		b.add("SELECT 1 FROM ").col("", s.Entity.Table).add(" t WHERE ")
		if !all {
			b.branch(s.Snap, s.Entity, "t", bs[0]).add(" AND ")
		}
		b.rest(s, "t", whole)
		b.limit(limit + 1)
		b.add(") c")
	} else {
		b.add("SELECT id FROM (")
		for i, br := range bs {
			if i > 0 {
				b.add(" UNION ")
			}
			a := b.newAlias()
			b.add("SELECT * FROM (SELECT ", a, ".id FROM ").col("", s.Entity.Table).add(" ", a, " WHERE ")
			b.branch(s.Snap, s.Entity, a, br).add(" AND ")
			b.rest(s, a, whole)
			b.limit(limit + 1)
			b.add(") x", a)
		}
		b.add(") u")
		b.limit(limit + 1)
		b.add(") c")
	}
	return sqldb.Question{SQL: string(b.buf), Args: b.args, Kinds: []record.Kind{record.KindInt}, Out: out}, true
}

// Get appends the records with the given ids that the permit reaches, in no
// order; deleted ones only when s.Deleted.
func Get(ctx context.Context, q sqldb.Querier, s Select, ids []record.Value, out *sqldb.Rows) error {
	if s.Permit.Pred() == nil || len(ids) == 0 {
		return nil
	}
	return q.QueryAll(ctx, s.get(q.Dialect(), ids, out))
}

// GetWithAside is Get of one record together with what a reads of it, which
// Take tells, nil for nothing, and with the answers to more questions. What lies
// aside is answered whether the permit reaches the record or not.
func GetWithAside(ctx context.Context, d sqldb.Dialect, ask Asker, s Select, a *Aside, id record.Value, out, aside *sqldb.Rows, more ...sqldb.Question) error {
	if s.Permit.Pred() == nil {
		return nil
	}
	ids := []record.Value{id}
	questions := append(make([]sqldb.Question, 0, 2+len(more)), s.get(d, ids, out))
	if a != nil {
		questions = append(questions, a.question(d, ids, aside))
	}
	return ask(ctx, append(questions, more...)...)
}

// LinesOf is the question for the lines of one record, in order. The permit of
// s is that of the lines.
func LinesOf(d sqldb.Dialect, s Select, parent record.Value, out *sqldb.Rows) sqldb.Question {
	columns := s.columns()
	b := borrow(d, s.Rights)
	defer b.giveBack()
	b.add("SELECT ", columns.text, " FROM ").col("", s.Entity.Table).add(" t WHERE ").col("t", Column(s.Entity.Parent)).add(" = ").arg(parent)
	b.add(" AND t.", live, " AND ")
	b.permit(s.Snap, s.Entity, "t", s.Permit.Pred())
	b.add(" ORDER BY ").col("t", Column(s.Entity.Position)).add(", t.id")
	return sqldb.Question{SQL: columns.statement(b.buf), Args: b.args, Kinds: columns.kinds, Out: out}
}

func (s *Select) get(d sqldb.Dialect, ids []record.Value, out *sqldb.Rows) sqldb.Question {
	columns := s.columns()
	b := borrow(d, s.Rights)
	defer b.giveBack()
	b.add("SELECT ", columns.text, " FROM ").col("", s.Entity.Table).add(" t WHERE ")
	b.oneOf("t", "id", ids)
	if s.Deleted {
		b.add(" AND t.deleted_at IS NOT NULL AND ")
	} else {
		b.add(" AND t.", live, " AND ")
	}
	b.permit(s.Snap, s.Entity, "t", s.Permit.Pred())
	if s.Where != nil {
		b.add(" AND ")
		b.cond(s.Snap, s.Entity, "t", s.Where)
	}
	if s.Hold && b.d == sqldb.Postgres {
		b.add(" FOR KEY SHARE OF t")
	}
	return sqldb.Question{SQL: columns.statement(b.buf), Args: b.args, Kinds: columns.kinds, Out: out}
}

// Unpack copies the columns of a row into a record's slots by field.
func Unpack(row []record.Value, fields []*schema.Field, rec *record.Record) {
	i := 0
	for _, f := range fields {
		if schema.IsAnyRef(f) {
			if !row[i+1].IsNull() {
				rec.SetAt(f.Slot, record.Ref(row[i].Str(), row[i+1].Int()))
			}
			i += 2
			continue
		}
		rec.SetAt(f.Slot, row[i])
		i++
	}
}

// Pack appends a record as the row that reading fields would give.
func Pack(rec *record.Record, fields []*schema.Field, out *sqldb.Rows) {
	for _, f := range fields {
		v := rec.At(f.Slot)
		switch {
		case !schema.IsAnyRef(f):
			out.AppendValues(v)
		case v.IsNull():
			out.AppendValues(record.Null, record.Null)
		default:
			out.AppendValues(record.Text(v.Str()), record.Int(v.Int()))
		}
	}
}
