package records

import (
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Limits of a list.
const (
	DefaultLimit = 50
	MaxLimit     = 200
	CountCap     = 10_000 // counts are exact up to here
	maxSorts     = 5
	maxExpand    = 8
)

// ListQuery is one question for a page of records.
type ListQuery struct {
	Filter  string      // text form
	Where   *query.Node // parsed form, ANDed with Filter
	Sort    string      // "-created_at,name"; "" = the entity's own order
	Fields  []string    // nil = the columns of the list
	Expand  []string    // references to give in full
	Limit   int
	Cursor  string
	Count   bool
	Words   string // full-text words, ANDed
	Deleted bool   // the recycle bin
}

// plan is a checked question.
type plan struct {
	st  *entity.State
	ent *schema.Entity
	sel store.Select
	fieldSet
	expand  []expansion
	words   *search.Query
	sortKey string
	groups  []linePlan  // lines that are read with a single record
	counted bool        // the total is asked for
	beside  *sqldb.Rows // what lies aside of a single record, read together with it
}

// column is one field of the answer.
type column struct {
	field  *schema.Field
	head   string // `"name":`
	masked bool
}

// expansion is a reference given in full.
type expansion struct {
	field   *schema.Field
	target  *schema.Entity
	columns []column
}

// List appends a page as JSON: {"items":[…],"next":…,"has_more":…,"count":…}.
func (e *Engine) List(ctx context.Context, actor *access.Actor, name string, q ListQuery, out []byte) ([]byte, error) {
	actor = e.asker(actor, name, q.Filter, q.Where)
	p, err := e.plan(actor, name, &q)
	if err != nil {
		return out, err
	}
	limit := p.sel.Limit
	p.sel.Limit = limit + 1
	rows := e.rows.Get()
	defer e.rows.Put(rows)
	p.counted = q.Count
	atOnce := q.Count && p.words == nil && p.sel.OneStatement()
	if atOnce && p.alone && len(p.expand) == 0 {
		total, err := store.PageAndCount(ctx, e.DB.Dialect(), e.DB.ReadAll, p.sel, CountCap, rows)
		if err != nil {
			return out, err
		}
		return e.appendPage(ctx, nil, actor, p, rows, limit, total, out) // asks nothing
	}
	start := len(out)
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		out = out[:start]
		rows.Reset(0)
		var total int64
		if atOnce {
			total, err = store.PageAndCount(ctx, db.Dialect(), db.QueryAll, p.sel, CountCap, rows)
		} else if err = e.pageOfWords(ctx, db, p, rows); err == nil && q.Count {
			total, err = e.countOfWords(ctx, db, p)
		}
		if err != nil {
			return err
		}
		out, err = e.appendPage(ctx, db, actor, p, rows, limit, total, out)
		return err
	})
	return out, err
}

// appendPage writes what was read: limit rows at most, one more tells that
// there are more; with the total if it was asked for.
func (e *Engine) appendPage(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rows *sqldb.Rows, limit int, total int64, out []byte) ([]byte, error) {
	n := min(rows.Len(), limit)
	out = append(out, `{"items":[`...)
	out, err := e.appendRows(ctx, db, actor, p, rows, n, out)
	if err != nil {
		return out, err
	}
	out = append(out, `],"has_more":`...)
	if rows.Len() > limit {
		out = append(out, `true,"next":"`...)
		out = append(out, encodeCursor(p.sortKey, rows.Row(n - 1)[rows.Cols()-len(p.sel.Sort):], rows.Row(n - 1)[0])...)
		out = append(out, '"')
	} else {
		out = append(out, `false,"next":null`...)
	}
	if p.counted {
		out = appendCount(append(out, `,"count":`...), total)
	}
	return append(out, '}'), nil
}

func appendCount(b []byte, n int64) []byte {
	b = append(b, `{"value":`...)
	b = appendInt(b, min(n, CountCap))
	if n > CountCap {
		return append(b, `,"exact":false}`...)
	}
	return append(b, `,"exact":true}`...)
}

// plan checks a question against the registry and the actor's rights.
func (e *Engine) plan(actor *access.Actor, name string, q *ListQuery) (*plan, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return nil, err
	}
	if !actor.May(ent, access.Read) {
		return nil, forbidden(string(access.Read))
	}
	p := &plan{st: st, ent: ent}
	permit := actor.Permit(ent, access.Read)
	p.sel = store.Select{Snap: st.Snapshot, Entity: ent, Permit: permit, Rights: actor, Limit: q.Limit, Deleted: q.Deleted}
	if q.Deleted { // the bin shows what the actor could bring back, no more
		restorable := actor.Permit(ent, access.Delete)
		p.sel.Also = &restorable
	}
	if p.sel.Limit == 0 {
		p.sel.Limit = DefaultLimit
	}
	if p.sel.Limit < 1 || p.sel.Limit > MaxLimit {
		return nil, errs.New(errs.BadRequest, "error.limit", "most", "200")
	}
	node, err := query.Parse(q.Filter)
	if err != nil {
		return nil, err
	}
	bound, err := query.Bind(st.Snapshot, ent, query.All(node, q.Where), actor.Viewer(), actor)
	if err != nil {
		return nil, err
	}
	if bound.Masked > 0 {
		if err := e.countMasked(actor, bound.Masked); err != nil {
			return nil, err
		}
	}
	p.sel.Where = bound.Cond
	if err := e.chooseFields(actor, p, q); err != nil {
		return nil, err
	}
	if err := p.chooseSort(actor, q); err != nil {
		return nil, err
	}
	if q.Cursor != "" {
		if p.sel.After, err = decodeCursor(p.sortKey, q.Cursor, p.sel.Sort); err != nil {
			return nil, err
		}
	}
	if strings.TrimSpace(q.Words) != "" {
		err = e.planWords(actor, p, q.Words)
	}
	return p, err
}

// CheckList says what is wrong with a list somebody wants to keep.
func (e *Engine) CheckList(actor *access.Actor, name, filter, sort string, fields []string) error {
	_, err := e.plan(actor, name, &ListQuery{Filter: filter, Sort: sort, Fields: fields})
	return err
}

// chooseExpand sets which references are given in full.
func (p *plan) chooseExpand(actor *access.Actor, q *ListQuery) error {
	if len(q.Expand) > maxExpand {
		return errs.New(errs.BadRequest, "error.expand")
	}
	p.columns, p.stored = slices.Clone(p.columns), slices.Clone(p.stored)
	for _, k := range q.Expand {
		f := p.ent.Field(k)
		if f == nil || actor.Level(p.ent, f) < schema.Read || !schema.IsRef(f) || f.Many() {
			return errs.New(errs.BadRequest, "error.expand_field", "field", k)
		}
		p.add(actor, p.ent, f)
		target := p.st.Entity(schema.RefTarget(f))
		if target == nil {
			continue
		}
		x := expansion{field: f, target: target}
		for _, tk := range append([]string{"id", "version"}, target.Layout.List...) {
			if tf := target.Field(tk); tf != nil && tf.Stored() && actor.Level(target, tf) > schema.Hidden {
				x.columns = append(x.columns, newColumn(actor, target, tf))
			}
		}
		p.expand = append(p.expand, x)
	}
	p.sel.Fields, p.sel.Ready = p.stored, nil
	return nil
}

func newColumn(actor *access.Actor, ent *schema.Entity, f *schema.Field) column {
	return column{field: f, head: `"` + f.Key + `":`, masked: actor.Level(ent, f) == schema.Masked}
}

// chooseSort checks the order; a hidden or masked field cannot be sorted by.
// Without one it is the list's own, or the newest first for those who may not
// see what that goes by.
func (p *plan) chooseSort(actor *access.Actor, q *ListQuery) error {
	if q.Sort != "" {
		return p.sortBy(actor, q.Sort)
	}
	if p.sortBy(actor, p.ent.Layout.Sort) == nil {
		return nil
	}
	p.sel.Sort = nil
	return p.sortBy(actor, "-id")
}

func (p *plan) sortBy(actor *access.Actor, spec string) error {
	p.sortKey = spec
	parts := strings.Split(spec, ",")
	if len(parts) > maxSorts {
		return errs.New(errs.BadRequest, "error.sort_many", "most", "5")
	}
	for _, s := range parts {
		key, desc := strings.CutPrefix(strings.TrimSpace(s), "-")
		f := p.ent.Field(key)
		if f == nil || actor.Level(p.ent, f) < schema.Read {
			return errs.New(errs.BadRequest, "error.field_unknown", "field", key)
		}
		if f.Slot != record.SlotID && (!schema.TraitsOf(f).Sortable || !f.Stored()) {
			return errs.New(errs.BadRequest, "error.sort_field", "field", key)
		}
		p.sel.Sort = append(p.sel.Sort, query.Sort{Field: f, Desc: desc})
	}
	return nil
}

// load reads live (or deleted) records in full under the actor's read permit,
// in the order of ids; those he may not read are left out.
func (e *Engine) load(ctx context.Context, q sqldb.Querier, st *entity.State, ent *schema.Entity, actor *access.Actor, ids []int64, deleted bool) ([]*record.Record, error) {
	return e.loadSet(ctx, q, st, ent, actor, e.everything(ent), ids, deleted)
}

// loadSet is load for some of the fields only.
func (e *Engine) loadSet(ctx context.Context, q sqldb.Querier, st *entity.State, ent *schema.Entity, actor *access.Actor, set *fieldSet, ids []int64, deleted bool) ([]*record.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows sqldb.Rows
	vals := record.Ints(ids).List()
	err := store.Get(ctx, q, store.Select{Snap: st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor,
		Fields: set.stored, Ready: set.ready, Deleted: deleted}, vals, &rows)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*record.Record, rows.Len())
	for i := range rows.Len() {
		r := record.New(ent.Shape)
		store.Unpack(rows.Row(i), set.stored, r)
		byID[r.ID()] = r
	}
	recs := make([]*record.Record, 0, len(byID))
	for _, id := range ids {
		if r := byID[id]; r != nil {
			recs = append(recs, r)
		}
	}
	if len(recs) == 0 {
		return recs, nil
	}
	err = set.aside.Load(ctx, q, vals, func(id int64, f *schema.Field, v record.Value) {
		if r := byID[id]; r != nil {
			r.SetAt(f.Slot, v)
		}
	})
	return recs, err
}

// Get appends one record as JSON with every field the actor may see, and gives its version.
func (e *Engine) Get(ctx context.Context, actor *access.Actor, name string, rec int64, q ListQuery, out []byte) (b []byte, version int64, err error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return out, 0, err
	}
	err = orAtPools(actor, ent, func(actor *access.Actor) error {
		b, version, err = e.get(ctx, actor, st, ent, rec, q, out)
		return err
	})
	return b, version, err
}

func (e *Engine) get(ctx context.Context, actor *access.Actor, st *entity.State, ent *schema.Entity, rec int64, q ListQuery, out []byte) ([]byte, int64, error) {
	p := &plan{st: st, ent: ent}
	q.Fields = e.chooseLines(actor, p, q.Fields)
	p.sel = store.Select{Snap: st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor}
	if err := e.chooseFields(actor, p, &q); err != nil {
		return out, 0, err
	}
	var version int64
	start := len(out)
	err := e.DB.Read(ctx, func(db sqldb.Querier) (err error) {
		out, version, err = e.getIn(ctx, db, actor, p, rec, out[:start])
		return err
	})
	return out, version, err
}

func (e *Engine) getIn(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rec int64, out []byte) ([]byte, int64, error) {
	rows := e.rows.Get()
	defer e.rows.Put(rows)
	var err error
	if p.aside != nil {
		p.beside = e.rows.Get()
		defer e.rows.Put(p.beside)
	}
	lines := e.askLines(p, rec)
	defer e.leaveLines(p)
	err = store.GetWithAside(ctx, db.Dialect(), db.QueryAll, p.sel, p.aside, record.Int(rec), rows, p.beside, lines...)
	if err != nil {
		return out, 0, err
	}
	if rows.Len() == 0 {
		return out, 0, notFound()
	}
	if out, err = e.appendRows(ctx, db, actor, p, rows, 1, out); err != nil {
		return out, 0, err
	}
	out, err = e.appendLines(ctx, db, actor, p, out)
	return out, rows.At(0, 1).Int(), err
}

// Record reads one record in full under the actor's rights; NotFound when he may not see it.
func (e *Engine) Record(ctx context.Context, actor *access.Actor, name string, rec int64) (*record.Record, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return nil, err
	}
	var recs []*record.Record
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		recs, err = e.load(ctx, db, st, ent, actor, []int64{rec}, false)
		return err
	})
	if err == nil && len(recs) == 0 {
		err = notFound()
	}
	if err != nil {
		return nil, err
	}
	return recs[0], nil
}

// planWords turns full-text words into a narrowing of the page.
func (e *Engine) planWords(actor *access.Actor, p *plan, words string) error {
	terms := text.QueryTerms(words)
	idx := e.index.of(p.ent)
	if idx == nil || len(terms) == 0 {
		p.sel.Permit = access.Permit{}
		return nil
	}
	scope := e.searchScope(actor, p.ent)
	if err := e.countMaskedWords(actor, scope, words); err != nil {
		return err
	}
	q, ok := idx.Query(e.DB.Dialect(), terms, scope)
	if !ok {
		p.sel.Permit = access.Permit{}
		return nil
	}
	p.words = q
	return nil
}

// countMaskedWords counts a search that may look a masked number up.
func (e *Engine) countMaskedWords(actor *access.Actor, scope search.Scope, words string) error {
	digits := 0
	for _, c := range text.Fold(words) { // as the index reads them: wide digits are digits
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if len(scope.Masked) == 0 || digits < 4 {
		return nil
	}
	return e.countMasked(actor, 1)
}

func ref13(n int64) string { return id.ID(n).String() }

// All reads every live record of an entity in full, oldest first; for the
// directory of people, which the program keeps in memory.
func (e *Engine) All(ctx context.Context, name string) ([]*record.Record, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return nil, err
	}
	system := access.System("directory kept in memory")
	var out []*record.Record
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		sel := store.Select{Snap: st.Snapshot, Entity: ent, Permit: system.Permit(ent, access.Read), Rights: system,
			Fields: []*schema.Field{ent.Fields[record.SlotID]}, Sort: []query.Sort{{Field: ent.Fields[record.SlotID]}}, Limit: 1000}
		for {
			var rows sqldb.Rows
			if err := store.Page(ctx, db, sel, &rows); err != nil || rows.Len() == 0 {
				return err
			}
			ids := make([]int64, rows.Len())
			for i := range ids {
				ids[i] = rows.At(i, 0).Int()
			}
			recs, err := e.load(ctx, db, st, ent, system, ids, false)
			if err != nil {
				return err
			}
			out = append(out, recs...)
			last := rows.At(rows.Len()-1, 0)
			sel.After = []record.Value{last, last}
		}
	})
	return out, err
}
