package records

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Lines (明细) go through the write path together with the record they are part
// of: each step does the record and then its lines, and what is wrong with a
// line is an error of the record, at group[place].field. They have history of
// their own; the record's version rises with them.

// maxLines is the most lines of one group of a record that are taken in.
// linesThere are the most that are read of those that are there: an undo can
// bring lines back beside new ones, and none may be left behind.
const (
	maxLines   = 1000
	linesThere = 10_000_000
)

// onlyThrough says that lines are not written by themselves.
func onlyThrough(actor *access.Actor, ent *schema.Entity) *errs.Error {
	return errs.New(errs.BadRequest, "error.line_alone", "entity", ent.Of.Label.In(actor.Env.Locale), "field", ent.Group().Key)
}

// owning is the entity whose rights decide: that of the record a line is part of.
func owning(ent *schema.Entity) *schema.Entity {
	if ent.Of != nil {
		return ent.Of
	}
	return ent
}

// whole gives what rights look at: the record itself, or the live one that a
// line is part of, nil when there is none.
func (s *Session) whole(ctx context.Context, ent *schema.Entity, rec *record.Record) (*schema.Entity, *record.Record, error) {
	if ent.Of == nil {
		return ent, rec, nil
	}
	recs, err := s.read(ctx, ent.Of, []int64{rec.At(ent.Parent.Slot).Int()}, false)
	if err != nil || len(recs) == 0 {
		return ent.Of, nil, err
	}
	return ent.Of, recs[0], nil
}

// decodeLines reads the whole list of a group.
func (e *Engine) decodeLines(actor *access.Actor, g *schema.Lines, j rawjson.Value) (Input, []*errs.Error) {
	in := Input{Group: g}
	items, err := j.Items()
	if err != nil && j.Kind() != 'n' {
		return in, []*errs.Error{errs.New(errs.Invalid, "error.want_list").At(g.Key)}
	}
	if len(items) > maxLines {
		return in, []*errs.Error{errs.New(errs.Invalid, "error.lines_many", "most", strconv.Itoa(maxLines)).At(g.Key)}
	}
	var list []*errs.Error
	for i, j := range items {
		body, err := j.Members()
		if err != nil {
			list = append(list, errs.New(errs.Invalid, "error.want_list").At(lineAt(g, i, "")))
			continue
		}
		var one LineInput
		rest := body[:0:0]
		for _, m := range body {
			if m.Key != "id" {
				rest = append(rest, m)
				continue
			}
			if m.Val.IsNull() {
				continue
			}
			n, err := id.Parse(m.Val.Text())
			if err != nil {
				list = append(list, errs.New(errs.Invalid, "error.line_unknown").At(lineAt(g, i, "id")))
			}
			one.ID = int64(n)
		}
		if one.Inputs, _, err = e.Decode(actor, g.Entity, rest); err != nil {
			list = append(list, below(g, i, err)...)
		}
		in.Lines = append(in.Lines, one)
	}
	return in, list
}

// lineAt is the path of a field of a line: items[2].price.
func lineAt(g *schema.Lines, i int, field string) string {
	at := g.Key + "[" + strconv.Itoa(i) + "]"
	if field != "" {
		at += "." + field
	}
	return at
}

// below lists what is wrong with a line as errors of the record.
func below(g *schema.Lines, i int, err error) []*errs.Error {
	coded, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return []*errs.Error{errs.New(errs.Internal, "error.internal").With(err)}
	}
	subs := coded.Sub
	if len(subs) == 0 {
		subs = []*errs.Error{coded}
	}
	out := make([]*errs.Error, len(subs))
	for k, one := range subs {
		out[k] = one.At(lineAt(g, i, one.Field))
	}
	return out
}

// gather finds out which lines come, change and go, and puts their inputs into
// them.
func (s *Session) gather(ctx context.Context, ent *schema.Entity, items []*item) error {
	for i := range ent.Lines {
		if err := s.gatherGroup(ctx, ent, &ent.Lines[i], items); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) gatherGroup(ctx context.Context, ent *schema.Entity, g *schema.Lines, items []*item) error {
	def := s.st.Def(ent.Name)
	withLines := def != nil && def.Hooks.WithLines
	var ids []int64
	var writers []*item
	for _, it := range items {
		if it.kind == kindRestore || it.op != access.Delete && !withLines && it.group(g) == nil && len(it.madeOf(g)) == 0 {
			continue
		}
		writers = append(writers, it)
		if it.op != access.Create {
			ids = append(ids, it.id)
		}
	}
	if len(writers) == 0 {
		return nil
	}
	there, err := s.linesOf(ctx, g, ids)
	if err != nil {
		return err
	}
	var kids []*item
	for _, it := range writers {
		if it.op == access.Create && it.id == 0 {
			it.id = int64(s.e.IDs.Next()) // the lines point to it
		}
		list, errors := it.gatherLines(g, there[it.id])
		if len(errors) > 0 {
			it.err = errs.Join(errors)
			continue
		}
		if it.lines == nil {
			it.lines = map[string][]*item{}
		}
		it.lines[g.Key] = list
		kids = append(kids, list...)
	}
	if err := s.fillIn(ctx, g.Entity, kids); err != nil {
		return err
	}
	for _, kid := range kids {
		if kid.op == access.Create {
			kid.after.SetAt(g.Entity.Parent.Slot, record.Int(kid.under.id))
		}
	}
	for _, it := range writers {
		placeLines(g.Entity, it.lines[g.Key])
	}
	s.bubble(g, items)
	return nil
}

// group is what is to be written of a group of lines, nil when it stays.
func (it *item) group(g *schema.Lines) *Input {
	for i := range it.inputs {
		if it.inputs[i].Group != nil && it.inputs[i].Group.Key == g.Key {
			return &it.inputs[i]
		}
	}
	return nil
}

// madeOf are the lines of a group that a rule makes with the record.
func (it *item) madeOf(g *schema.Lines) []func(*record.Record) {
	for _, m := range it.made {
		if m.Group == g.Key {
			return m.Fill
		}
	}
	return nil
}

// Lines reads the live lines of records that the actor has read, in order, all
// their fields in them.
func (s *Session) Lines(g *schema.Lines, parents []int64) (map[int64][]*record.Record, error) {
	return s.linesOf(s.ctx, g, parents)
}

// linesOf reads the live lines of records in full, in order.
func (s *Session) linesOf(ctx context.Context, g *schema.Lines, parents []int64) (map[int64][]*record.Record, error) {
	if len(parents) == 0 {
		return nil, nil
	}
	system := access.System("lines written with their record")
	set := s.e.everything(g.Entity)
	where := &query.Cond{Kind: query.Compare, Field: g.Entity.Parent, Op: schema.OpIn, Vals: record.Ints(parents).List()}
	var rows sqldb.Rows
	err := store.Page(ctx, s.tx, store.Select{Snap: s.st.Snapshot, Entity: g.Entity, Permit: system.Permit(g.Entity, access.Read), Rights: system,
		Where: where, Fields: set.stored, Ready: set.ready, Limit: linesThere}, &rows)
	if err != nil || rows.Len() == 0 {
		return nil, err
	}
	out := map[int64][]*record.Record{}
	byID := make(map[int64]*record.Record, rows.Len())
	ids := make([]record.Value, rows.Len())
	for i := range rows.Len() {
		r := record.New(g.Entity.Shape)
		store.Unpack(rows.Row(i), set.stored, r)
		byID[r.ID()], ids[i] = r, record.Int(r.ID())
		of := r.At(g.Entity.Parent.Slot).Int()
		out[of] = append(out[of], r)
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b *record.Record) int {
			return cmp.Or(cmp.Compare(a.At(g.Entity.Position.Slot).Int(), b.At(g.Entity.Position.Slot).Int()), cmp.Compare(a.ID(), b.ID()))
		})
	}
	return out, set.aside.Load(ctx, s.tx, ids, func(id int64, f *schema.Field, v record.Value) { setAt(byID[id], f, v) })
}

// gatherLines makes the items of one record's lines in their new order, those
// that go last. Without an input all stay as they are.
func (it *item) gatherLines(g *schema.Lines, there []*record.Record) (kids []*item, list []*errs.Error) {
	left := make(map[int64]*record.Record, len(there))
	for _, r := range there {
		left[r.ID()] = r
	}
	kid := func(op access.Op, kind string, at int, was *record.Record) *item {
		k := &item{op: op, kind: kind, version: AnyVersion, trusted: it.trusted, under: it, at: at}
		if was == nil {
			k.after = record.New(g.Entity.Shape)
			return k
		}
		k.id, k.before, k.after = was.ID(), was, was.Clone()
		return k
	}
	for i, fill := range it.madeOf(g) {
		k := kid(access.Create, history.Create, i, nil)
		k.fill = fill
		kids = append(kids, k)
	}
	in := it.group(g)
	if in == nil || it.op == access.Delete {
		op, how := access.Update, history.Update
		if it.op == access.Delete {
			op, how = access.Delete, history.Delete // lines go with their record
		}
		for i, was := range there {
			kids = append(kids, kid(op, how, i, was))
		}
		return kids, nil
	}
	for i, one := range in.Lines {
		k := kid(access.Create, history.Create, i, nil)
		if one.ID != 0 {
			was := left[one.ID]
			if was == nil {
				list = append(list, errs.New(errs.Invalid, "error.line_unknown").At(lineAt(g, i, "id")))
				continue
			}
			delete(left, one.ID)
			k = kid(access.Update, history.Update, i, was)
		}
		k.inputs = one.Inputs
		kids = append(kids, k)
	}
	for _, was := range there {
		if left[was.ID()] != nil {
			kids = append(kids, kid(access.Delete, history.Delete, -1, was))
		}
	}
	return kids, list
}

// lineGap is between the positions of new lines, so that one can come between
// two others without touching those.
const lineGap = 1 << 10

// placeLines gives lines positions in the order they are in; as many as can be
// keep theirs.
func placeLines(ent *schema.Entity, kids []*item) {
	if !placeBetween(ent, kids) {
		for i, k := range kids {
			k.after.SetAt(ent.Position.Slot, record.Int(int64(i+1)*lineGap))
		}
	}
}

// placeBetween is placeLines as long as there is room between those that stay.
func placeBetween(ent *schema.Entity, kids []*item) bool {
	last := int64(0)
	for i, k := range kids {
		if k.op == access.Delete {
			break // they are at the end
		}
		if at := position(ent, k); at > last {
			last = at
			continue
		}
		next := last + 2*lineGap
		for _, later := range kids[i+1:] {
			if at := position(ent, later); at > last && later.op != access.Delete {
				next = at
				break
			}
		}
		if next-last < 2 {
			return false
		}
		last += (next - last) / 2
		k.after.SetAt(ent.Position.Slot, record.Int(last))
	}
	return true
}

// position is where a line stands now, 0 for a new one.
func position(ent *schema.Entity, k *item) int64 {
	if k.before == nil {
		return 0
	}
	return k.before.At(ent.Position.Slot).Int()
}

// along runs a step for records and then for the lines written with them.
func (s *Session) along(do step) step {
	return func(ctx context.Context, ent *schema.Entity, items []*item) error {
		if err := do(ctx, ent, items); err != nil {
			return err
		}
		return s.withLines(ctx, ent, items, do)
	}
}

// upwards runs a step for the lines first: what a record comes to follows from them.
func (s *Session) upwards(do step) step {
	return func(ctx context.Context, ent *schema.Entity, items []*item) error {
		if err := s.withLines(ctx, ent, items, do); err != nil {
			return err
		}
		return do(ctx, ent, alive(items))
	}
}

// inOrder is along, or upwards for a deletion: an undo, which goes backwards,
// brings the record back before its lines.
func (s *Session) inOrder(do step) step {
	return func(ctx context.Context, ent *schema.Entity, items []*item) error {
		if items[0].op == access.Delete {
			return s.upwards(do)(ctx, ent, items)
		}
		return s.along(do)(ctx, ent, items)
	}
}

func (s *Session) withLines(ctx context.Context, ent *schema.Entity, items []*item, do step) error {
	for i := range ent.Lines {
		g := &ent.Lines[i]
		var kids []*item
		for _, it := range items {
			kids = append(kids, it.lines[g.Key]...)
		}
		if len(kids) == 0 {
			continue
		}
		if err := do(ctx, g.Entity, kids); err != nil {
			return err
		}
		s.bubble(g, items)
	}
	return nil
}

// bubble makes what is wrong with lines wrong with their records, beside what
// is wrong with those already.
func (s *Session) bubble(g *schema.Lines, items []*item) {
	for _, it := range items {
		var list []*errs.Error
		for _, kid := range it.lines[g.Key] {
			if kid.err != nil {
				list = append(list, below(g, kid.at, kid.err)...)
			}
		}
		if len(list) == 0 {
			continue
		}
		if own, ok := errors.AsType[*errs.Error](it.err); ok {
			if len(own.Sub) > 0 {
				list = append(slices.Clone(own.Sub), list...)
			} else {
				list = append([]*errs.Error{own}, list...)
			}
		}
		it.err = errs.Join(list)
	}
}

// needs is what the Derive hook of an item may look at.
func (s *Session) needs(it *item) entity.Needs {
	n := it.needs().With(it.near)
	n.Here, n.Was, n.Before, n.Ruled = s.Here(), it.before, it.aboveWas, it.trusted
	return n
}

func (it *item) needs() entity.Needs {
	if it.above != nil {
		return entity.Needs{Parent: it.above}
	}
	if it.lines == nil {
		return entity.Needs{}
	}
	lines := make(map[string][]*record.Record, len(it.lines))
	for key, kids := range it.lines {
		list := make([]*record.Record, 0, len(kids))
		for _, k := range kids {
			if k.op != access.Delete {
				list = append(list, k.after)
			}
		}
		lines[key] = list
	}
	return entity.NeedsOf(lines)
}
