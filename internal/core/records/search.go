package records

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/guanxicrm/guanxi/internal/base/rawjson"
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

// indexes holds the search index of each entity.
type indexes struct {
	mu   sync.Mutex
	byID map[string]*search.Index
	many int // in place of manyHits, for tests
}

func (x *indexes) of(ent *schema.Entity) *search.Index {
	if len(ent.SearchFields()) == 0 {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.byID == nil {
		x.byID = map[string]*search.Index{}
	}
	i := x.byID[ent.Table]
	if i == nil {
		i = search.New(ent.Table)
		x.byID[ent.Table] = i
	}
	return i
}

// SearchIndexes lists the index of every searchable entity, for the schema and for rebuilding.
func (e *Engine) SearchIndexes(snap *schema.Snapshot) []*search.Index {
	var out []*search.Index
	for _, ent := range snap.Entities {
		if i := e.index.of(ent); i != nil {
			out = append(out, i)
		}
	}
	return out
}

// Searched lists every searchable entity with its index.
func (e *Engine) Searched(snap *schema.Snapshot) []search.Marked {
	var out []search.Marked
	for _, ent := range snap.Entities {
		if i := e.index.of(ent); i != nil {
			out = append(out, search.Marked{Entity: ent.Name, Table: ent.Table, Index: i})
		}
	}
	return out
}

// SearchSource tells the indexer how to read an entity's documents.
func (e *Engine) SearchSource(name string) (search.Source, bool) {
	st := e.Registry.State()
	ent := st.Entity(name)
	if ent == nil || e.index.of(ent) == nil {
		return search.Source{}, false
	}
	return search.Source{Index: e.index.of(ent), Load: func(ctx context.Context, q sqldb.Querier, ids []int64) ([]search.Doc, error) {
		recs, err := e.loadSet(ctx, q, st, ent, access.System("search index"), e.searched(ent), ids, false)
		if err != nil {
			return nil, err
		}
		docs := make([]search.Doc, len(recs))
		for i, r := range recs {
			docs[i] = document(ent, r)
		}
		return docs, nil
	}}, true
}

// document is what of a record can be searched. Every field is a class of its
// own under a number that never changes, so that field rights hold in the index too.
func document(ent *schema.Entity, r *record.Record) search.Doc {
	d := search.Doc{ID: r.ID()}
	if ent.Owner != nil {
		d.Owner, d.Dept = r.At(ent.Owner.Slot).Int(), r.At(ent.Dept.Slot).Int()
	}
	for _, f := range ent.SearchFields() {
		v := r.At(f.Slot)
		vals := []record.Value{v}
		if f.Many() {
			vals = v.List()
		}
		for _, one := range vals {
			if one.IsNull() {
				continue
			}
			part := search.Part{Class: f.Class, Title: f == ent.Title, Text: schema.Words(f, one, nil)}
			d.Parts = append(d.Parts, part)
			if f.Type.Name() == "phone" {
				part.Text = text.NormalizePhone(part.Text, "CN")
				d.Parts = append(d.Parts, part)
			}
		}
	}
	return d
}

// searchScope is what the actor may search: readable fields in full, masked
// ones by their last four digits or the whole number.
func (e *Engine) searchScope(actor *access.Actor, ent *schema.Entity) search.Scope {
	s := search.Scope{Title: ent.Title.Class, Closed: true}
	for _, f := range ent.SearchFields() {
		switch f.Type.Name() {
		case "phone", "email", "url":
			s.Plain = append(s.Plain, f.Class)
		}
		switch actor.Level(ent, f) {
		case schema.Hidden:
		case schema.Masked:
			s.Masked = append(s.Masked, f.Class)
		default:
			s.Classes = append(s.Classes, f.Class)
		}
	}
	if p := actor.Permit(ent, access.Read).Pred(); p != nil && !p.All && len(p.Pools) == 0 && ent.Owner != nil && ent.Also == nil && ent.Through == nil {
		s.Owners, s.Depts = p.Owners, p.Depts
	}
	return s
}

// Limits of a list with words, in hits. Up to manyHits are read and sorted;
// more frequent words are looked up row by row, in the order of the list.
const (
	manyHits  = 20_000
	firstHits = 4 * (MaxLimit + 1) // most pages are full after these, whatever the rights take away
)

// pageOfWords appends the page of a list, narrowed by its words if it has any.
func (e *Engine) pageOfWords(ctx context.Context, db sqldb.Querier, p *plan, rows *sqldb.Rows) error {
	if p.words == nil {
		return store.Page(ctx, db, p.sel, rows)
	}
	// What All finds serves the page and the count; on PostgreSQL few hits cost
	// as much as many.
	once := db.Dialect() == sqldb.Postgres && (p.counted || !p.newest())
	resolve := p.words.Resolve
	if once {
		resolve = func(ctx context.Context, db sqldb.Querier) ([]int64, bool, error) {
			return p.words.All(ctx, db, e.manyHits())
		}
	}
	ids, complete, err := resolve(ctx, db)
	if err != nil {
		return err
	}
	if complete {
		p.sel.Where, p.words = andIDs(p, ids), nil
		return store.Page(ctx, db, p.sel, rows)
	}
	if p.newest() {
		if full, err := e.newestPage(ctx, db, p, ids, rows); err != nil || full {
			return err
		}
	}
	if once {
		p.sel.Words = hits{p.words}
	} else if err := e.allWords(ctx, db, p); err != nil {
		return err
	}
	return store.Page(ctx, db, p.sel, rows)
}

// manyHits are how many hits are read and sorted.
func (e *Engine) manyHits() int { return cmp.Or(e.index.many, manyHits) }

// newest says that a list is the newest records of all with the words.
func (p *plan) newest() bool {
	s := p.sel.Sort
	return p.sel.Where == nil && len(s) == 1 && s[0].Desc && s[0].Field.Slot == record.SlotID
}

// newestPage looks at the newest hits only, of which ids may be the first. full
// is false when too few of them can be read; then rows is as it was.
func (e *Engine) newestPage(ctx context.Context, db sqldb.Querier, p *plan, ids []int64, rows *sqldb.Rows) (full bool, err error) {
	n := len(p.sel.After)
	if n > 0 || len(ids) < firstHits {
		before := int64(0)
		if n > 0 {
			before = p.sel.After[n-1].Int()
		}
		var ok bool
		if ids, ok, err = p.words.Before(ctx, db, before, firstHits); err != nil || !ok {
			return false, err
		}
	}
	ids = ids[:min(len(ids), firstHits)]
	sel := p.sel
	sel.Where = andIDs(p, ids)
	if err := store.Page(ctx, db, sel, rows); err != nil {
		return false, err
	}
	if rows.Len() == sel.Limit || len(ids) < firstHits {
		return true, nil
	}
	rows.Reset(rows.Cols())
	return false, nil
}

// allWords turns words that have many hits into ids, or into a condition on
// each row when they have too many.
func (e *Engine) allWords(ctx context.Context, db sqldb.Querier, p *plan) error {
	ids, complete, err := p.words.All(ctx, db, e.manyHits())
	switch {
	case err != nil:
		return err
	case complete:
		p.sel.Where, p.words = andIDs(p, ids), nil
	default:
		p.sel.Words = hits{p.words}
	}
	return nil
}

// countOfWords counts a list after its page was read.
func (e *Engine) countOfWords(ctx context.Context, db sqldb.Querier, p *plan) (int64, error) {
	if p.words == nil {
		return store.Count(ctx, db, p.sel, CountCap)
	}
	// Starting from the hits is right where every hit can be read.
	pred := p.sel.Permit.Pred()
	if p.sel.Where == nil && (p.words.Narrowed() || pred != nil && pred.All) {
		walks, err := p.words.Walks(ctx, db)
		if err != nil {
			return 0, err
		}
		if walks {
			p.sel.Words = hits{p.words}
			return store.CountHits(ctx, db, p.sel, CountCap)
		}
	}
	if p.sel.Words == nil { // the page needed only the newest
		if err := e.allWords(ctx, db, p); err != nil {
			return 0, err
		}
	}
	return store.Count(ctx, db, p.sel, CountCap)
}

// hits gives the store the parts of a search query.
type hits struct{ q *search.Query }

func (h hits) Within(id string, from int) (string, []record.Value) { return h.q.Within(id, from) }

func (h hits) Newest(id string, from int) (join, cond, order string, args []record.Value) {
	r := h.q.Newest(id, from)
	return r.Join, r.Cond, r.Order, r.Args
}

// andIDs adds "id is one of" to a plan's condition.
func andIDs(p *plan, ids []int64) *query.Cond {
	c := &query.Cond{Kind: query.Compare, Field: p.ent.Fields[record.SlotID], Op: schema.OpIn, Vals: record.Ints(ids).List()}
	if len(ids) == 0 {
		c = &query.Cond{Kind: query.Constant}
	}
	if p.sel.Where == nil {
		return c
	}
	return &query.Cond{Kind: query.And, Kids: []*query.Cond{c, p.sel.Where}}
}

// SearchLimit bounds the hits of a global search.
const SearchLimit = 50

// Find searches the entities (nil = all that the actor may read) for words and
// appends {"items":[{entity,id,label,snippet}],"has_more":…}. Few hits come
// ranked, many newest first.
func (e *Engine) Find(ctx context.Context, actor *access.Actor, words string, entities []string, limit int, out []byte) ([]byte, error) {
	st := e.Registry.State()
	if limit <= 0 || limit > SearchLimit {
		limit = 20
	}
	terms := text.QueryTerms(words)
	if len(terms) == 0 {
		return append(out, `{"items":[],"has_more":false}`...), nil
	}
	var asked []*question
	var queries []*search.Query
	for _, ent := range st.Entities {
		idx := e.index.of(ent)
		// A reminder says again what it is about, which is found itself.
		if idx == nil || len(entities) == 0 && ent.Personal || len(entities) > 0 && !contains(entities, ent.Name) || !actor.May(ent, access.Read) {
			continue
		}
		scope := e.searchScope(actor, ent)
		if err := e.countMaskedWords(actor, scope, words); err != nil {
			return out, err
		}
		if q, ok := idx.Query(e.DB.Dialect(), terms, scope); ok {
			asked, queries = append(asked, &question{ent: ent, query: q}), append(queries, q)
		}
	}
	if err := e.DB.Read(ctx, func(db sqldb.Querier) error {
		answers, err := search.ResolveAll(ctx, db, queries)
		for i := 0; err == nil && i < len(asked); i++ {
			err = e.findIn(ctx, db, actor, st, asked[i], answers[i], limit)
		}
		return err
	}); err != nil {
		return out, err
	}
	return appendHits(out, actor, asked, terms), nil
}

// question is what a global search asks of one entity, and what it was answered.
type question struct {
	ent   *schema.Entity
	query *search.Query
	recs  []*record.Record
	more  bool
}

func appendHits(out []byte, actor *access.Actor, asked []*question, terms []text.QueryTerm) []byte {
	out = append(out, `{"items":[`...)
	more, n := false, 0
	for _, q := range asked {
		more = more || q.more
		for _, r := range q.recs {
			if n > 0 {
				out = append(out, ',')
			}
			n++
			out = appendHit(out, actor, q.ent, r, terms)
		}
	}
	out = append(out, `],"has_more":`...)
	return append(strconv.AppendBool(out, more), '}')
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (e *Engine) findIn(ctx context.Context, db sqldb.Querier, actor *access.Actor, st *entity.State, q *question, a search.Answer, limit int) error {
	ids, err := e.hitIDs(ctx, db, actor, st, q, a, limit+1)
	if err != nil {
		return err
	}
	if q.more = len(ids) > limit; q.more {
		ids = ids[:limit]
	}
	q.recs, err = e.load(ctx, db, st, q.ent, actor, ids, false) // in the order of the hits
	return err
}

// hitIDs gives the readable hits: ranked when the index knows them all, newest first otherwise.
func (e *Engine) hitIDs(ctx context.Context, db sqldb.Querier, actor *access.Actor, st *entity.State, q *question, a search.Answer, limit int) ([]int64, error) {
	ent, ids := q.ent, a.IDs
	idField := ent.Fields[record.SlotID]
	sel := store.Select{Snap: st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor, Fields: []*schema.Field{idField}}
	if a.Complete {
		if err := q.query.Rank(ctx, db, ids); err != nil {
			return nil, err
		}
		return firstReadable(ctx, db, sel, ids, limit)
	}
	first, err := firstReadable(ctx, db, sel, ids, limit)
	if err != nil || len(first) == limit {
		return first, err
	}
	var rows sqldb.Rows
	sel.Limit = limit
	sel.Words = hits{q.query}
	if err := store.NewestHits(ctx, db, sel, &rows); err != nil {
		return nil, err
	}
	ids = ids[:0]
	for i := range rows.Len() {
		ids = append(ids, rows.At(i, 0).Int())
	}
	return ids, nil
}

// firstReadable gives the first ids that the permit of sel reaches, at most
// limit. It looks at a few of them first: most can be read.
func firstReadable(ctx context.Context, db sqldb.Querier, sel store.Select, ids []int64, limit int) (out []int64, err error) {
	for n := 2 * limit; len(ids) > 0 && len(out) < limit; n *= 4 {
		some := slices.Clone(ids[:min(n, len(ids))])
		ids = ids[len(some):]
		if some, err = readable(ctx, db, sel, some); err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out[:min(len(out), limit)], nil
}

// readable keeps the ids that the permit of sel reaches, in their order.
func readable(ctx context.Context, db sqldb.Querier, sel store.Select, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows sqldb.Rows
	if err := store.Get(ctx, db, sel, record.Ints(ids).List(), &rows); err != nil {
		return nil, err
	}
	seen := make(map[int64]bool, rows.Len())
	for i := range rows.Len() {
		seen[rows.At(i, 0).Int()] = true
	}
	return slices.DeleteFunc(ids, func(id int64) bool { return !seen[id] }), nil
}

func appendHit(b []byte, actor *access.Actor, ent *schema.Entity, r *record.Record, terms []text.QueryTerm) []byte {
	b = append(b, `{"entity":"`...)
	b = append(b, ent.Name...)
	b = append(b, `","id":"`...)
	b = append(b, ref13(r.ID())...)
	b = append(b, `","label":`...)
	label := ref13(r.ID())
	if actor.Level(ent, ent.Title) >= schema.Read {
		label = ent.Title.Type.Text(ent.Title, r.At(ent.Title.Slot), &actor.Env)
	}
	b = rawjson.AppendString(b, label)
	b = append(b, `,"snippet":[`...)
	n := 0
	for _, f := range ent.SearchFields() {
		if actor.Level(ent, f) < schema.Read || r.At(f.Slot).IsNull() {
			continue
		}
		shown := shownText(f, r.At(f.Slot), &actor.Env)
		hits := search.Highlight(shown, terms)
		if len(hits) == 0 {
			continue
		}
		if n > 0 {
			b = append(b, ',')
		}
		n++
		b = append(b, `{"field":"`...)
		b = append(b, f.Key...)
		b = append(b, `","text":`...)
		b = rawjson.AppendString(b, shown)
		b = append(b, `,"hits":[`...)
		for i, h := range hits {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '[')
			b = appendInt(b, int64(h[0]))
			b = append(b, ',')
			b = appendInt(b, int64(h[1]))
			b = append(b, ']')
		}
		b = append(b, `]}`...)
	}
	return append(b, `]}`...)
}

func shownText(f *schema.Field, v record.Value, env *schema.Env) string {
	if !f.Many() {
		return schema.Words(f, v, env)
	}
	parts := make([]string, 0, len(v.List()))
	for _, one := range v.List() {
		parts = append(parts, schema.Words(f, one, env))
	}
	return strings.Join(parts, "; ")
}
