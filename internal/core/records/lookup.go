package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// scanPage is how many records a walk over a whole entity reads at a time.
const scanPage = 2000

// Indexed says whether records are found by a value of the field without
// reading the whole table.
func Indexed(ent *schema.Entity, f *schema.Field) bool {
	_, ok := store.KeyOf(ent, f)
	return ok
}

// ByKey reads the records that the session's actor may read and whose field f,
// an indexed one, may hold one of vals: the index may answer with more, such as
// names that differ in their form, so the caller compares. Only fields are filled in.
func (s *Session) ByKey(ent *schema.Entity, f *schema.Field, vals []record.Value, fields []*schema.Field) ([]*record.Record, error) {
	k, ok := store.KeyOf(ent, f)
	if !ok {
		return nil, errs.New(errs.Internal, "error.internal")
	}
	forms := make([]record.Value, 0, len(vals))
	for _, v := range vals {
		if v = k.Form(v); !v.IsNull() {
			forms = append(forms, v)
		}
	}
	fields = withID(ent, fields)
	var rows sqldb.Rows
	sel := store.Select{Snap: s.st.Snapshot, Entity: ent, Permit: s.actor.Permit(ent, access.Read), Rights: s.actor, Fields: fields}
	if err := store.Lookup(s.ctx, s.tx, sel, k, forms, &rows); err != nil {
		return nil, err
	}
	out := make([]*record.Record, rows.Len())
	for i := range out {
		out[i] = record.New(ent.Shape)
		store.Unpack(rows.Row(i), fields, out[i])
	}
	return out, nil
}

func withID(ent *schema.Entity, fields []*schema.Field) []*schema.Field {
	out := []*schema.Field{ent.Fields[record.SlotID]}
	for _, f := range fields {
		if f.Slot != record.SlotID {
			out = append(out, f)
		}
	}
	return out
}

// Load reads records in full that the session's actor may read, in no order.
func (s *Session) Load(ent *schema.Entity, ids []int64) ([]*record.Record, error) {
	return s.e.load(s.ctx, s.tx, s.st, ent, s.actor, ids, false)
}

// Scan calls fn for every live record that the actor may read, oldest first,
// with the given stored fields filled in. The record is fn's to keep.
func (e *Engine) Scan(ctx context.Context, actor *access.Actor, ent *schema.Entity, fields []*schema.Field, fn func(*record.Record) error) error {
	st := e.Registry.State()
	fields = withID(ent, fields)
	sel := store.Select{Snap: st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor, Fields: fields,
		Sort: []query.Sort{{Field: ent.Fields[record.SlotID]}}, Limit: scanPage}
	for {
		var rows sqldb.Rows
		err := e.DB.Read(ctx, func(q sqldb.Querier) error { return store.Page(ctx, q, sel, &rows) })
		if err != nil {
			return err
		}
		for i := range rows.Len() {
			rec := record.New(ent.Shape)
			store.Unpack(rows.Row(i), fields, rec)
			if err := fn(rec); err != nil {
				return err
			}
		}
		if rows.Len() < scanPage {
			return nil
		}
		last := rows.At(rows.Len()-1, 0)
		sel.After = []record.Value{last, last}
	}
}

// Trial runs fn as InTx would and takes everything back: nothing is stored,
// numbered or noted, yet every check runs.
func (e *Engine) Trial(ctx context.Context, actor *access.Actor, fn func(s *Session) error) error {
	err := e.inTx(ctx, actor, 0, func(s *Session) error {
		s.trial = true
		if err := fn(s); err != nil {
			return err
		}
		return errPreview
	})
	if err == errPreview { //nolint:errorlint // returned as it is
		return nil
	}
	return err
}

// naming is one way in which a text may name a record.
type naming struct {
	key   store.Key
	field *schema.Field
	same  func(v, text string) bool
}

// Identify finds the records that texts may mean, among those that the actor
// may read: by id, then by another system's number, then by unique values (for
// a member also by mail and number), then by the exact title, then by the title
// whatever its form. Each text gets the hits of the first way that finds any; a
// text that nothing fits is not in the answer. A path such as 总公司/销售部
// names a record of a tree.
func (e *Engine) Identify(ctx context.Context, actor *access.Actor, ent *schema.Entity, texts []string) (map[string][]int64, error) {
	out := make(map[string][]int64, len(texts))
	err := e.DB.Read(ctx, func(q sqldb.Querier) error {
		clear(out)
		rest, err := e.byID(ctx, q, actor, ent, texts, out)
		if err != nil {
			return err
		}
		for _, n := range namings(ent, actor) {
			if rest, err = e.byNaming(ctx, q, actor, ent, n, rest, out); err != nil || len(rest) == 0 {
				return err
			}
		}
		return e.byPath(ctx, q, actor, ent, rest, out)
	})
	return out, err
}

func namings(ent *schema.Entity, actor *access.Actor) []naming {
	exact := func(v, s string) bool { return v == s }
	folded := func(v, s string) bool { return text.Key(v) == text.Key(s) }
	var out []naming
	add := func(f *schema.Field, same func(v, s string) bool) {
		if f == nil || !f.Stored() || f.Many() || f.Columns[0].Kind != record.KindText || actor.Level(ent, f) < schema.Read {
			return
		}
		k, ok := store.KeyOf(ent, f)
		if !ok {
			k = store.PlainKey(f)
		}
		out = append(out, naming{k, f, same})
	}
	add(ent.Field("external_id"), exact)
	for _, f := range ent.Fields {
		if f.Unique && f != ent.Title {
			add(f, folded)
		}
	}
	if ent.Name == schema.MemberEntity {
		if f := ent.Field("email"); f != nil && actor.Level(ent, f) >= schema.Read {
			out = append(out, naming{store.LowerKey(f), f, folded})
		}
		add(ent.Field("employee_no"), exact)
	}
	add(ent.Title, exact)
	if _, ok := store.KeyOf(ent, ent.Title); ok {
		add(ent.Title, folded)
	} else if k, ok := store.FoldedKey(ent.Title); ok && actor.Level(ent, ent.Title) >= schema.Read {
		out = append(out, naming{k, ent.Title, folded})
	}
	return out
}

func (e *Engine) byID(ctx context.Context, q sqldb.Querier, actor *access.Actor, ent *schema.Entity, texts []string, out map[string][]int64) ([]string, error) {
	var ids []record.Value
	for _, t := range texts {
		if n, err := id.Parse(t); err == nil {
			ids = append(ids, record.Int(int64(n)))
		}
	}
	if len(ids) == 0 {
		return texts, nil
	}
	var rows sqldb.Rows
	err := store.Get(ctx, q, store.Select{Snap: e.Registry.State().Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor,
		Fields: []*schema.Field{ent.Fields[record.SlotID]}}, ids, &rows)
	if err != nil {
		return nil, err
	}
	found := map[int64]bool{}
	for i := range rows.Len() {
		found[rows.At(i, 0).Int()] = true
	}
	var rest []string
	for _, t := range texts {
		if n, err := id.Parse(t); err == nil && found[int64(n)] {
			out[t] = []int64{int64(n)}
			continue
		}
		rest = append(rest, t)
	}
	return rest, nil
}

func (e *Engine) byNaming(ctx context.Context, q sqldb.Querier, actor *access.Actor, ent *schema.Entity, n naming, texts []string, out map[string][]int64) ([]string, error) {
	vals := make([]record.Value, 0, len(texts))
	byForm := map[string][]string{}
	for _, t := range texts {
		if v := n.key.Form(record.Text(t)); !v.IsNull() {
			vals = append(vals, v)
			byForm[v.Str()] = append(byForm[v.Str()], t)
		}
	}
	fields := withID(ent, []*schema.Field{n.field})
	sel := store.Select{Snap: e.Registry.State().Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor, Fields: fields}
	var rows sqldb.Rows
	if err := store.Lookup(ctx, q, sel, n.key, vals, &rows); err != nil {
		return nil, err
	}
	for i := range rows.Len() {
		v := rows.At(i, 1)
		for _, t := range byForm[n.key.Form(v).Str()] {
			if n.same(v.Str(), t) {
				out[t] = append(out[t], rows.At(i, 0).Int())
			}
		}
	}
	var rest []string
	for _, t := range texts {
		if len(out[t]) == 0 {
			rest = append(rest, t)
		}
	}
	return rest, nil
}
