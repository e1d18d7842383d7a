package records

import (
	"context"
	"encoding/base64"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/formula"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// appendRows writes n rows of a page as JSON objects. What the rows need beside
// their columns (links, long texts, labels, expansions) is read once for all of them.
func (e *Engine) appendRows(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rows *sqldb.Rows, n int, out []byte) ([]byte, error) {
	aside, err := e.loadAside(ctx, db, actor, p, rows, n)
	if err != nil {
		return out, err
	}
	return e.appendWith(ctx, db, actor, p, rows, n, aside, out)
}

// appendWith is appendRows with what lies beside the rows at hand.
func (e *Engine) appendWith(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rows *sqldb.Rows, n int, aside map[asideKey]record.Value, out []byte) ([]byte, error) {
	if n == 0 {
		return out, nil
	}
	w, err := e.writerOf(ctx, db, actor, p, rows, n, aside)
	if err != nil {
		return out, err
	}
	return w.append(out, 0, n), nil
}

// appendValue writes one value: references with their label, masked ones masked.
func (e *Engine) appendValue(b []byte, c *column, v record.Value, labels *labelSet, expanded map[expandKey][]byte) []byte {
	f := c.field
	if f.Many() {
		b = append(b, '[')
		for i, one := range v.List() {
			if i > 0 {
				b = append(b, ',')
			}
			b = e.appendOne(b, c, one, labels, nil)
		}
		return append(b, ']')
	}
	if v.IsNull() {
		return append(b, "null"...)
	}
	return e.appendOne(b, c, v, labels, expanded)
}

func (e *Engine) appendOne(b []byte, c *column, v record.Value, labels *labelSet, expanded map[expandKey][]byte) []byte {
	f := c.field
	switch {
	case c.masked:
		b = append(b, `{"masked":`...)
		b = rawjson.AppendString(b, Mask(f.Type.Text(f, v, nil)))
		return append(b, '}')
	case f.Slot == record.SlotID:
		return f.Type.Encode(f, b, v)
	case schema.IsFile(f):
		return append(b, labels.file(v.Int())...)
	case schema.IsAnyRef(f):
		label, ok := labels.get(v.Str(), v.Int())
		if !ok {
			return append(b, `{"type":null,"id":null,"label":null,"hidden":true}`...)
		}
		b = append(b, `{"type":"`...)
		b = append(b, v.Str()...)
		b = append(b, `","id":"`...)
		b = id.ID(v.Int()).AppendText(b)
		b = append(b, `","label":`...)
		b = rawjson.AppendString(b, label)
		return append(b, '}')
	case schema.IsRef(f):
		label, ok := labels.get(schema.RefTarget(f), v.Int())
		if !ok {
			return append(b, `{"id":null,"label":null,"hidden":true}`...)
		}
		b = append(b, `{"id":"`...)
		b = id.ID(v.Int()).AppendText(b)
		b = append(b, `","label":`...)
		b = rawjson.AppendString(b, label)
		if x, ok := expanded[expandKey{f.Slot, v.Int()}]; ok {
			b = append(b, `,"record":`...)
			b = append(b, x...)
		}
		return append(b, '}')
	}
	return f.Type.Encode(f, b, v)
}

// Mask hides the middle of a value: 138****1234.
func Mask(s string) string {
	r := []rune(s)
	switch n := len(r); {
	case n <= 2:
		return "**"
	case n <= 6:
		return string(r[:1]) + strings.Repeat("*", n-2) + string(r[n-1:])
	default:
		return string(r[:3]) + "****" + string(r[n-4:])
	}
}

type asideKey struct {
	id   int64
	slot int
}

func (e *Engine) loadAside(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rows *sqldb.Rows, n int) (map[asideKey]record.Value, error) {
	if p.aside == nil && !p.volatile || n == 0 {
		return nil, nil
	}
	ids := make([]record.Value, n)
	for i := range ids {
		ids[i] = rows.At(i, 0)
	}
	var out map[asideKey]record.Value // made when there is something: most records have nothing aside
	if p.volatile {
		out = map[asideKey]record.Value{}
		if err := e.computeVolatile(ctx, db, actor, p, ids, out); err != nil {
			return nil, err
		}
	}
	if p.aside == nil {
		return out, nil
	}
	put := func(id int64, f *schema.Field, v record.Value) {
		if out == nil {
			out = map[asideKey]record.Value{}
		}
		out[asideKey{id, f.Slot}] = v
	}
	if p.beside != nil {
		p.aside.Take(p.beside, put)
		return out, nil
	}
	err := p.aside.Load(ctx, db, ids, put)
	return out, err
}

// computeVolatile evaluates the formulas that are not stored, over whole records.
func (e *Engine) computeVolatile(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, ids []record.Value, out map[asideKey]record.Value) error {
	set, err := e.formulas.of(p.ent)
	if err != nil {
		return err
	}
	list := make([]int64, len(ids))
	for i, v := range ids {
		list[i] = v.Int()
	}
	recs, err := e.load(ctx, db, p.st, p.ent, actor, list, p.sel.Deleted)
	if err != nil {
		return err
	}
	for _, r := range recs {
		if err := set.Fill(r, formula.Env{Now: e.Clock.Now(), Zone: e.zone()}); err != nil {
			return err
		}
		for _, c := range p.columns {
			if c.field.Volatile {
				out[asideKey{r.ID(), c.field.Slot}] = r.At(c.field.Slot)
			}
		}
	}
	return nil
}

// labelSet gives the shown names of references: members and departments from
// memory, the others as read for the page.
type labelSet struct {
	dir   Directory
	read  map[string]map[int64]string
	files map[int64][]byte
}

func (l *labelSet) get(target string, id int64) (string, bool) {
	if target == schema.MemberEntity || target == schema.DepartmentEntity {
		return l.dir.Label(target, id)
	}
	s, ok := l.read[target][id]
	return s, ok
}

func (l *labelSet) file(id int64) []byte {
	if b := l.files[id]; b != nil {
		return b
	}
	return []byte(`{"id":null,"name":null,"hidden":true}`)
}

// want collects ids by target; files under the name of their table.
type want map[string][]record.Value

func (w want) add(f *schema.Field, v record.Value) {
	switch {
	case v.IsNull() || f.Slot == record.SlotID:
	case f.Many():
		for _, one := range v.List() {
			w.one(f, one)
		}
	default:
		w.one(f, v)
	}
}

func (w want) one(f *schema.Field, v record.Value) {
	switch {
	case schema.IsFile(f):
		w["file"] = append(w["file"], v)
	case schema.IsAnyRef(f):
		w[v.Str()] = append(w[v.Str()], record.Int(v.Int()))
	case schema.IsRef(f):
		if t := schema.RefTarget(f); t != schema.MemberEntity && t != schema.DepartmentEntity {
			w[t] = append(w[t], v)
		}
	}
}

func (e *Engine) labelsFor(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rows *sqldb.Rows, n int, aside map[asideKey]record.Value) (*labelSet, error) {
	var w want
	at := 0
	for _, c := range p.columns {
		f := c.field
		width := 0
		if f.Stored() {
			width = 1
			if schema.IsAnyRef(f) {
				width = 2
			}
		}
		if schema.IsRef(f) || schema.IsAnyRef(f) || schema.IsFile(f) {
			if w == nil {
				w = want{}
			}
			for i := range n {
				switch width {
				case 0:
					w.add(f, aside[asideKey{rows.At(i, 0).Int(), f.Slot}])
				case 1:
					w.add(f, rows.At(i, at))
				default:
					if !rows.At(i, at+1).IsNull() {
						w.add(f, record.Ref(rows.At(i, at).Str(), rows.At(i, at+1).Int()))
					}
				}
			}
		}
		at += width
	}
	return e.labels(ctx, db, actor, p.st.Snapshot, w)
}

// labels reads the names of the wanted records that the actor may read.
func (e *Engine) labels(ctx context.Context, db sqldb.Querier, actor *access.Actor, snap *schema.Snapshot, w want) (*labelSet, error) {
	l := &labelSet{dir: e.Dir}
	for target, ids := range w {
		if len(ids) == 0 {
			continue
		}
		if target == "file" {
			var err error
			if l.files, err = loadFileLabels(ctx, db, ids); err != nil {
				return nil, err
			}
			continue
		}
		ent := snap.Entity(target)
		if ent == nil {
			continue
		}
		names, err := e.names(ctx, db, actor, snap, ent, ids)
		if err != nil {
			return nil, err
		}
		if l.read == nil {
			l.read = map[string]map[int64]string{}
		}
		l.read[target] = names
	}
	return l, nil
}

// names reads titles; a deleted record keeps its name for those who may read it.
func (e *Engine) names(ctx context.Context, db sqldb.Querier, actor *access.Actor, snap *schema.Snapshot, ent *schema.Entity, ids []record.Value) (map[int64]string, error) {
	idField := ent.Fields[record.SlotID]
	fields := []*schema.Field{idField}
	if ent.Title != idField && ent.Title.Stored() {
		fields = append(fields, ent.Title)
	}
	out := make(map[int64]string, len(ids))
	for _, deleted := range []bool{false, true} {
		var rows sqldb.Rows
		err := store.Get(ctx, db, store.Select{Snap: snap, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor, Fields: fields, Deleted: deleted}, ids, &rows)
		if err != nil {
			return nil, err
		}
		for i := range rows.Len() {
			n := rows.At(i, 0).Int()
			if out[n] = ref13(n); len(fields) > 1 && actor.Level(ent, ent.Title) >= schema.Read {
				out[n] = ent.Title.Type.Text(ent.Title, rows.At(i, 1), &actor.Env)
			}
		}
		if len(out) == len(ids) || rows.Len() == len(ids) {
			break
		}
	}
	return out, nil
}

type expandKey struct {
	slot int
	id   int64
}

// loadExpansions reads the referenced records asked for in full, one query for each reference.
func (e *Engine) loadExpansions(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rows *sqldb.Rows, n int) (map[expandKey][]byte, error) {
	if len(p.expand) == 0 {
		return nil, nil
	}
	out := map[expandKey][]byte{}
	for _, x := range p.expand {
		at := 0
		for _, f := range p.sel.Fields {
			if f == x.field {
				break
			}
			at += width(f)
		}
		var ids []record.Value
		for i := range n {
			if v := rows.At(i, at); !v.IsNull() && !containsValue(ids, v) {
				ids = append(ids, v)
			}
		}
		sub := &plan{st: p.st, ent: x.target, fieldSet: fieldSet{columns: x.columns}}
		sub.sel = store.Select{Snap: p.st.Snapshot, Entity: x.target, Permit: actor.Permit(x.target, access.Read), Rights: actor}
		for _, c := range x.columns {
			sub.sel.Fields = append(sub.sel.Fields, c.field)
		}
		var got sqldb.Rows
		if err := store.Get(ctx, db, sub.sel, ids, &got); err != nil {
			return nil, err
		}
		all, err := e.appendRows(ctx, db, actor, sub, &got, got.Len(), nil)
		if err != nil {
			return nil, err
		}
		objects, err := rawjson.Value(append(append([]byte{'['}, all...), ']')).Items()
		if err != nil {
			return nil, err
		}
		for i, o := range objects {
			out[expandKey{x.field.Slot, got.At(i, 0).Int()}] = o
		}
	}
	return out, nil
}

// width is how many columns of a row a field takes.
func width(f *schema.Field) int {
	if schema.IsAnyRef(f) {
		return 2
	}
	return 1
}

// encodeCursor packs the sort values and the id of the last row.
func encodeCursor(sortKey string, vals []record.Value, id record.Value) string {
	var b strings.Builder
	b.WriteString(sortHash(sortKey))
	for _, v := range append(append([]record.Value(nil), vals...), id) {
		b.WriteByte(0x1f)
		switch v.Kind() {
		case record.KindInt:
			b.WriteByte('i')
			b.WriteString(strconv.FormatInt(v.Int(), 10))
		case record.KindText:
			b.WriteByte('t')
			b.WriteString(v.Str())
		default:
			b.WriteByte('n')
		}
	}
	return base64.RawURLEncoding.EncodeToString([]byte(b.String()))
}

func sortHash(s string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// cursorKind is the letter of sort value i, or of the id after the last one: a
// reference sorts by the title of what it points to.
func cursorKind(i int, sorts []query.Sort) byte {
	if i < len(sorts) {
		f := sorts[i].Field
		if f.Columns[0].Kind == record.KindText || schema.IsRef(f) && !f.System {
			return 't'
		}
	}
	return 'i'
}

func decodeCursor(sortKey, cursor string, sorts []query.Sort) ([]record.Value, error) {
	bad := errs.New(errs.BadRequest, "error.cursor")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, bad
	}
	parts := strings.Split(string(raw), "\x1f")
	if len(parts) != len(sorts)+2 || parts[0] != sortHash(sortKey) {
		return nil, bad
	}
	var vals []record.Value
	for i, p := range parts[1:] {
		if p == "" || p[0] != 'n' && p[0] != cursorKind(i, sorts) || sqldb.CheckText(p) != nil {
			return nil, bad
		}
		switch p[0] {
		case 'i':
			n, err := strconv.ParseInt(p[1:], 10, 64)
			if err != nil {
				return nil, bad
			}
			vals = append(vals, record.Int(n))
		case 't':
			vals = append(vals, record.RawText(p[1:]))
		case 'n':
			vals = append(vals, record.Null)
		default:
			return nil, bad
		}
	}
	if vals[len(vals)-1].Kind() != record.KindInt {
		return nil, bad
	}
	return vals, nil
}
