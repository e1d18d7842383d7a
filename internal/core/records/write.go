package records

import (
	"context"
	"errors"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// AnyVersion writes over whatever version a record has (If-Match: *).
const AnyVersion = -1

// item is one record on its way through the write path.
type item struct {
	op      access.Op
	kind    string // history kind, or the name of an action
	id      int64
	version int64 // expected, AnyVersion for any
	inputs  []Input
	fill    func(*record.Record) // what a rule sets, instead of inputs
	made    []entity.Made        // lines that a rule makes with it
	action  *entity.Action
	arg     *record.Record // input of the action
	trusted bool           // written by a rule: rights of the actor do not apply
	exact   bool           // an undo: the department goes back with the owner

	before, after *record.Record
	changed       []*schema.Field
	hits          []Hit
	err           error

	under    *item                       // of a line: the record that is written with it
	at       int                         // of a line: its place in the list as given, -1 for one that goes
	lines    map[string][]*item          // lines written with the record, by group
	touched  map[string][]int64          // lines that changed, by group
	near     map[string][]*record.Record // what its Derive looks at, by need
	above    *record.Record              // of a line whose entity derives: the record it is part of
	aboveWas *record.Record              // … before the write, nil for a new one
}

// write carries a batch of items of one entity through the one write path
// (DESIGN §4), in its order. An item that fails a check before anything is
// written keeps its error and drops out; the caller decides what that means
// for the others. Errors of the database end the transaction.
func (s *Session) write(ent *schema.Entity, items []*item) error {
	err := s.carry(ent, items)
	for _, it := range items {
		if denied(it.err) || denied(err) && len(items) == 1 {
			s.refused = refusal{ent.Name, it.id}
		}
	}
	return err
}

func (s *Session) carry(ent *schema.Entity, items []*item) error {
	ctx := s.ctx
	steps := []step{
		s.load,                 // load and lock, authorize on the old state, version
		s.pass,                 // gate
		s.fillIn,               // mask input, defaults
		s.gather,               // lines: which come, change and go
		s.along(s.follow),      // what follows from a changed field is empty
		s.locked,               // settled records
		s.along(s.need),        // what Derive declares that it looks at
		s.upwards(s.derive),    // Derive, formulas
		s.lineFormulas,         // of lines once more: the record's Derive may have shared something out
		s.along(s.check),       // field validation, references
		s.along(s.validate),    // Validate
		s.checkRights,          // rights on the new state
		s.along(s.checkUnique), // unique fields
		s.checkDoubles,         // duplicate rules
		s.along(s.number),      // auto numbers
		s.along(s.store),       // rows, links, long texts
		s.along(s.within),      // Within, actions
		s.along(s.rollUp),      // roll-ups of the records above
		s.inOrder(s.note),      // history, audit, outbox, search
	}
	if s.trial {
		steps = steps[:len(steps)-5]
	}
	s.remember(ent, items)
	for _, step := range steps {
		items = alive(items)
		if len(items) == 0 {
			return nil
		}
		if err := step(ctx, ent, items); err != nil {
			return err
		}
	}
	return nil
}

// remember keeps the one record that a session writes, as long as it is the
// only one: a second write, of a rule or of the caller, may change it again.
func (s *Session) remember(ent *schema.Entity, items []*item) {
	s.writes++
	s.only, s.onlyEnt = nil, nil
	if s.writes > 1 || s.trial || len(items) != 1 {
		return
	}
	if it := items[0]; it.op != access.Delete && it.action == nil && it.kind != kindRestore {
		s.only, s.onlyEnt = it, ent
	}
}

// step is one step of the write path over the items that are still in it.
type step = func(context.Context, *schema.Entity, []*item) error

func alive(items []*item) []*item {
	for _, it := range items {
		if it.err == nil {
			continue
		}
		out := make([]*item, 0, len(items))
		for _, it := range items {
			if it.err == nil {
				out = append(out, it)
			}
		}
		return out
	}
	return items
}

// load reads and locks what is to be changed and checks the right to it before
// anything else is said about it.
func (s *Session) load(ctx context.Context, ent *schema.Entity, items []*item) error {
	locked, err := s.lock(ctx, ent, items)
	if err != nil {
		return err
	}
	for _, it := range items {
		if ent.Of != nil && !it.trusted && !it.exact {
			it.err = onlyThrough(s.actor, ent)
			continue
		}
		if it.op == access.Create {
			it.before = nil
			it.after = record.New(ent.Shape)
			if !it.trusted && !s.actor.May(ent, access.Create) {
				it.err = forbidden(string(access.Create))
			}
			continue
		}
		rec, ok := locked[it.id]
		if !ok || (it.kind == kindRestore) != !rec.At(record.SlotDeletedAt).IsNull() {
			it.err = notFound()
			continue
		}
		if !it.trusted {
			if it.err, err = s.mayTouch(ctx, ent, it, rec); err != nil {
				return err
			}
			if it.err != nil {
				continue
			}
		}
		if it.version != AnyVersion && it.version != rec.Version() {
			it.err = &Stale{Err: store.ErrStale, Current: rec}
			continue
		}
		it.before, it.after = rec, rec.Clone()
	}
	return nil
}

// mayTouch answers NotFound for what the actor may not even read, Forbidden for
// what he may read and not change.
func (s *Session) mayTouch(ctx context.Context, ent *schema.Entity, it *item, rec *record.Record) (denied, err error) {
	op := it.op
	if it.kind == kindRestore {
		op = access.Delete // who may delete may bring back
	}
	if ent.Of != nil {
		op = access.Update
	}
	ent, rec, err = s.whole(ctx, ent, rec)
	if rec == nil || err != nil {
		return notFound(), err
	}
	root, rootEnt, err := s.root(ctx, ent, rec)
	if err != nil {
		return nil, err
	}
	if it.op == access.Claim {
		return s.mayClaim(ent, rec), nil
	}
	if !s.actor.Permit(ent, access.Read).Allows(ent, rec, root, rootEnt) && !sees(s.actor, ent, rec) {
		return notFound(), nil
	}
	if it.action != nil && it.action.Admin && !s.actor.Admin() {
		return forbidden(it.action.Name), nil
	}
	if it.action != nil {
		if made := s.st.Entity(it.action.Makes); made != nil && !s.actor.May(made, access.Create) {
			return forbidden(string(access.Create)), nil
		}
	}
	if !s.actor.Permit(ent, op).Allows(ent, rec, root, rootEnt) {
		return forbidden(string(op)), nil
	}
	return nil, nil
}

// root reads the record that rec is seen through; nil when there is none.
func (s *Session) root(ctx context.Context, ent *schema.Entity, rec *record.Record) (*record.Record, *schema.Entity, error) {
	if ent.Through == nil || rec.At(ent.Through.Slot).IsNull() {
		return nil, nil, nil
	}
	rootEnt := s.st.Entity(schema.RefTarget(ent.Through))
	id := rec.At(ent.Through.Slot).Int()
	if r, ok := s.roots[id]; ok {
		return r, rootEnt, nil
	}
	recs, err := s.read(ctx, rootEnt, []int64{id}, false)
	if err != nil || len(recs) == 0 {
		return nil, rootEnt, err
	}
	if s.roots == nil {
		s.roots = map[int64]*record.Record{}
	}
	s.roots[id] = recs[0]
	return recs[0], rootEnt, nil
}

// lock reads and locks in full, all at once, the records that items are about.
func (s *Session) lock(ctx context.Context, ent *schema.Entity, items []*item) (map[int64]*record.Record, error) {
	var ids []record.Value
	for _, it := range items {
		if it.op != access.Create {
			ids = append(ids, record.Int(it.id))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	set := s.e.everything(ent)
	recs, err := store.Lock(ctx, s.tx, ent, set.stored, set.ready, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]*record.Record, len(recs))
	for _, r := range recs {
		out[r.ID()] = r
	}
	return out, set.aside.Load(ctx, s.tx, ids, func(id int64, f *schema.Field, v record.Value) { setAt(out[id], f, v) })
}

func setAt(r *record.Record, f *schema.Field, v record.Value) {
	if r != nil {
		r.SetAt(f.Slot, v)
	}
}

// pass asks the gates.
func (s *Session) pass(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, it := range items {
		op := string(it.op)
		if it.action != nil {
			op = it.action.Name
		}
		for _, g := range s.e.Gates {
			c := entity.Change{Entity: ent, Actor: s.actor, Before: it.before, Now: s.now}
			if it.op != access.Delete {
				c.After = it.after
			}
			if err := g.Pass(ctx, s.tx, op, c); err != nil {
				it.err = err
				break
			}
		}
	}
	return nil
}

// derive computes what follows from the record alone.
func (s *Session) derive(_ context.Context, ent *schema.Entity, items []*item) error {
	def := s.st.Def(ent.Name)
	for _, it := range items {
		if it.op == access.Delete {
			continue
		}
		if def != nil && def.Hooks.Derive != nil {
			if err := def.Hooks.Derive(it.after, s.needs(it)); err != nil {
				it.err = err
				continue
			}
		}
		it.err = s.e.compute(ent, it.after)
	}
	return nil
}

// validate asks the entity's own rule.
func (s *Session) validate(ctx context.Context, ent *schema.Entity, items []*item) error {
	def := s.st.Def(ent.Name)
	for _, it := range items {
		it.settle(ent)
		if def != nil && def.Hooks.Validate != nil {
			var made []entity.Made
			if err := s.rule(def.Hooks.Validate(ctx, s, it.change(s, ent).Making(&made)), it); err != nil {
				return err
			}
			if it.err != nil {
				continue
			}
			if err := s.makeLines(ctx, ent, it, made); err != nil {
				return err
			}
		}
	}
	return nil
}

// rule keeps an error that is meant for the user with its item; any other ends the transaction.
func (s *Session) rule(err error, it *item) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*errs.Error](err); ok {
		it.err = err
		return nil
	}
	return err
}

func (it *item) change(s *Session, ent *schema.Entity) entity.Change {
	c := entity.Change{Entity: ent, Actor: s.actor, Before: it.before, After: it.after, Now: s.now}
	if it.op == access.Delete {
		c.After = nil
		return c
	}
	return c.WithLines(it.needs())
}

// settle lists what really changed.
func (it *item) settle(ent *schema.Entity) {
	it.changed = it.changed[:0]
	for _, f := range ent.Fields {
		if f.System || f.Retired || schema.IsRollup(f) {
			continue
		}
		if it.before == nil && !it.after.At(f.Slot).IsNull() || it.before != nil && !it.before.At(f.Slot).Equal(it.after.At(f.Slot)) {
			it.changed = append(it.changed, f)
		}
	}
}

// checkRights looks at the state after the change: nobody writes a record out
// of his own reach, save by handing it over.
func (s *Session) checkRights(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, it := range items {
		// Deleting, claiming and handing over were checked on the state before.
		if it.trusted || ent.Of != nil || it.op == access.Delete || it.op == access.Transfer || it.op == access.Claim || it.kind == kindRestore {
			continue
		}
		op := it.op
		if it.action != nil && ent.Pool != nil && it.after.At(ent.Owner.Slot).IsNull() {
			continue // who may change it may give it back into a pool
		}
		if (it.op == access.Update || it.op == access.Transfer) && it.before != nil && ent.Owner != nil && !it.before.At(ent.Owner.Slot).Equal(it.after.At(ent.Owner.Slot)) {
			root, rootEnt, err := s.root(ctx, ent, it.before)
			if err != nil {
				return err
			}
			if !s.actor.Permit(ent, access.Transfer).Allows(ent, it.before, root, rootEnt) {
				it.err = forbidden(string(access.Transfer)).At(ent.Owner.Key)
			}
			continue
		}
		root, rootEnt, err := s.root(ctx, ent, it.after)
		if err != nil {
			return err
		}
		if !s.actor.Permit(ent, op).Allows(ent, it.after, root, rootEnt) {
			it.err = forbidden(string(op))
		}
	}
	return nil
}

// store writes the rows.
func (s *Session) store(ctx context.Context, ent *schema.Entity, items []*item) error {
	now, by := record.Int(s.now), record.Null
	if id := s.actor.ID(); id != 0 {
		by = record.Int(id)
	}
	var created []*record.Record
	var makers []*item
	for _, it := range items {
		it.settle(ent)
		s.touch(ent, it)
		after := it.after
		after.SetAt(record.SlotUpdatedAt, now)
		after.SetAt(record.SlotUpdatedBy, by)
		switch {
		case it.op == access.Create:
			if it.id == 0 {
				it.id = int64(s.e.IDs.Next())
			}
			after.SetAt(record.SlotID, record.Int(it.id))
			after.SetAt(record.SlotVersion, record.Int(1))
			after.SetAt(record.SlotCreatedAt, now)
			after.SetAt(record.SlotCreatedBy, by)
			created, makers = append(created, after), append(makers, it)
			continue
		case it.op == access.Delete:
			after.SetAt(record.SlotDeletedAt, now)
			after.SetAt(record.SlotDeletedBy, by)
		case it.kind == kindRestore:
			after.SetAt(record.SlotDeletedAt, record.Null)
			after.SetAt(record.SlotDeletedBy, record.Null)
		case len(it.changed) == 0 && it.action == nil && len(it.touched) == 0:
			s.only = nil
			continue // nothing to write: the version stays
		}
		after.SetAt(record.SlotVersion, record.Int(it.before.Version()+1))
		if err := store.Update(ctx, s.tx, ent, it.before, after, it.changed); err != nil {
			return s.explain(ent, err)
		}
		if err := s.copyDown(ctx, ent, it); err != nil {
			return err
		}
	}
	if len(created) > 0 {
		if err := store.InsertReady(ctx, s.tx, ent, created, func(i int, f *schema.Field) []record.Value { return makers[i].ready(ent, f) }); err != nil {
			return s.explain(ent, err)
		}
		if err := s.copyLate(ctx, ent, makers); err != nil {
			return err
		}
	}
	return s.takeFiles(ctx, ent, items)
}

// explain turns the database's refusals into words about fields.
func (s *Session) explain(ent *schema.Entity, err error) error {
	if err == nil {
		return nil
	}
	if _, _, cols, ok := sqldb.UniqueColumns(err); ok {
		e := errs.New(errs.Duplicate, "error.unique").With(err)
		for _, c := range cols {
			if f := store.UniqueField(ent, c); f != nil {
				return e.At(f.Key)
			}
		}
		return e
	}
	return err
}

// within runs rules that write other records, and actions.
func (s *Session) within(ctx context.Context, ent *schema.Entity, items []*item) error {
	def := s.st.Def(ent.Name)
	for _, it := range items {
		c := it.change(s, ent)
		if it.action != nil && it.action.Run != nil {
			if err := it.action.Run(ctx, s, c, it.input()); err != nil {
				return err
			}
		}
		if def != nil && def.Hooks.Within != nil {
			if err := def.Hooks.Within(ctx, s, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// idle says whether an update changed nothing.
func (it *item) idle() bool {
	return it.op == access.Update && it.kind != kindRestore && len(it.changed) == 0 && it.action == nil && len(it.touched) == 0
}
