package records

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Kinds of history entries that are more than an operation.
const (
	kindRestore = history.Restore
)

// maxDepth is how deep rules may write other records from within a write.
const maxDepth = 8

// Session is one write transaction under one changeset: everything written in
// it is seen, undone and audited together. It implements entity.Writer.
type Session struct {
	e         *Engine
	ctx       context.Context //nolint:containedctx // the session lives inside one call
	tx        sqldb.Tx
	st        *entity.State
	actor     *access.Actor
	changeset int64
	now       int64
	depth     int
	writes    int   // batches that went through the write path
	only      *item // the one record written, nil when there were more
	onlyEnt   *schema.Entity
	roots     map[int64]*record.Record
	reviving  map[int64]bool         // records that come back together
	trial     bool                   // a preview: nothing is stored
	touched   map[line]string        // lines that changed apart from their record
	refused   refusal                // what the last write was forbidden about
	careful   bool                   // it ran before, and one of several records was refused too late to drop out
	handed    []Handed               // what was given to others
	happened  []outbox.Event         // what was committed, to be told at once
	silent    bool                   // nobody is told of it
	asks      map[string]*query.Cond // conditions that records keep, by entity and text
}

// InTx runs fn in one write transaction under a new changeset.
func (e *Engine) InTx(ctx context.Context, actor *access.Actor, fn func(s *Session) error) error {
	return e.inTx(ctx, actor, 0, fn)
}

// InChangeset is InTx under a changeset that was begun before: each chunk of an import is one.
func (e *Engine) InChangeset(ctx context.Context, actor *access.Actor, changeset int64, fn func(s *Session) error) error {
	return e.inTx(ctx, actor, changeset, fn)
}

func (e *Engine) inTx(ctx context.Context, actor *access.Actor, changeset int64, fn func(s *Session) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var s *Session
	run := func(careful bool) error {
		return e.DB.Write(ctx, func(tx sqldb.Tx) error {
			one := &Session{e: e, ctx: ctx, tx: tx, st: e.Registry.State(), actor: actor, changeset: changeset, now: e.now(), careful: careful}
			s = one
			if s.changeset == 0 {
				s.changeset = int64(e.IDs.Next())
			}
			if err := fn(s); err != nil {
				return err
			}
			if err := s.touchRecords(); err != nil {
				return err
			}
			if err := s.tell(ctx); err != nil {
				return err
			}
			tx.AfterCommit(func() { e.Outbox.Tell(one.happened) })
			return nil
		})
	}
	err := run(false)
	if _, again := errors.AsType[*apart](err); again {
		err = run(true)
	}
	if err == nil && e.Search != nil {
		e.Search.Wake()
	}
	if denied(err) && s != nil && s.refused.entity != "" {
		e.AuditDenial(ctx, actor, s.refused.entity, s.refused.record, opOf(err))
		return &Audited{err}
	}
	return err
}

// refusal is the record, or with 0 the new record, that may not be written.
type refusal struct {
	entity string
	record int64
}

// Audited is a refusal that is in the audit log already. Whoever answers
// another one with Forbidden writes it down by AuditDenial.
type Audited struct{ err error }

func (a *Audited) Error() string { return a.err.Error() }

// Unwrap gives the refusal.
func (a *Audited) Unwrap() error { return a.err }

func denied(err error) bool {
	return errs.Is(err, errs.Forbidden)
}

// opOf is what was not allowed, as far as the refusal says.
func opOf(err error) string {
	if coded, ok := errors.AsType[*errs.Error](err); ok {
		return cmp.Or(coded.Args["op"], coded.Key)
	}
	return ""
}

// AuditDenial writes a refusal down: the only trace that a denied call leaves.
// entity "" and rec 0 are for what is about no entity or record.
func (e *Engine) AuditDenial(ctx context.Context, actor *access.Actor, entity string, rec int64, detail string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := e.DB.Write(ctx, func(tx sqldb.Tx) error {
		row := e.auditRow(actor, "denied", entity, rec, 0)
		row.Outcome, row.Detail = audit.Deny, detail
		return audit.Append(ctx, tx, e.AuditKey, row)
	})
	if err != nil {
		e.Log.Error("audit of a denial", "error", err)
	}
}

// Entity implements entity.Reader.
func (s *Session) Entity(name string) (*schema.Entity, error) { return s.e.entity(s.st, name) }

// Tx is the transaction, for tables of the platform itself.
func (s *Session) Tx() sqldb.Tx { return s.tx }

// Changeset is the id that groups what the session writes.
func (s *Session) Changeset() int64 { return s.changeset }

// Describe names the changeset, for writes of several records.
func (s *Session) Describe(kind, note string, undoes int64) error {
	return s.e.History.Begin(s.ctx, s.tx, history.Changeset{ID: s.changeset, Kind: kind, Actor: s.actor.ID(), At: s.now, Note: note, Undoes: undoes})
}

// read loads live records in full, past rights: for rules of the core itself.
func (s *Session) read(ctx context.Context, ent *schema.Entity, ids []int64, deleted bool) ([]*record.Record, error) {
	return s.e.load(ctx, s.tx, s.st, ent, access.System("rule of a write"), ids, deleted)
}

// Get implements entity.Reader.
func (s *Session) Get(ctx context.Context, name string, id int64) (*record.Record, error) {
	ent, err := s.Entity(name)
	if err != nil {
		return nil, err
	}
	recs, err := s.read(ctx, ent, []int64{id}, false)
	if err != nil {
		return nil, err
	}
	if len(recs) == 0 {
		return nil, notFound()
	}
	return recs[0], nil
}

// Find implements entity.Reader.
func (s *Session) Find(ctx context.Context, name string, where *query.Node, limit int) ([]*record.Record, error) {
	return s.Next(ctx, name, where, 0, limit)
}

// Next implements entity.Reader.
func (s *Session) Next(ctx context.Context, name string, where *query.Node, after int64, limit int) ([]*record.Record, error) {
	ent, err := s.Entity(name)
	if err != nil {
		return nil, err
	}
	system := access.System("rule of a write")
	bound, err := query.Bind(s.st.Snapshot, ent, where, system.Viewer(), system)
	if err != nil {
		return nil, err
	}
	fields := []*schema.Field{ent.Fields[record.SlotID]}
	sel := store.Select{Snap: s.st.Snapshot, Entity: ent, Permit: system.Permit(ent, access.Read), Rights: system,
		Where: bound.Cond, Fields: fields, Limit: limit, Sort: []query.Sort{{Field: fields[0]}}}
	if after != 0 {
		sel.After = record.Ints([]int64{after, after}).List()
	}
	var rows sqldb.Rows
	err = store.Page(ctx, s.tx, sel, &rows)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i, 0).Int()
	}
	return s.read(ctx, ent, ids, false)
}

// Here implements entity.Reader.
func (s *Session) Here() entity.Here {
	return entity.Here{Company: s.e.Dir.Name(), Currency: s.e.currency(), Now: s.moment(), Zone: s.e.zone()}
}

// moment is when the session's writes happen.
func (s *Session) moment() time.Time { return time.UnixMicro(s.now).UTC() }

// Backdate lets what follows in the session happen at an earlier moment: its
// defaults, numbers and histories are of that day. It is for what is told
// afterwards, like a company made up; a moment ahead of the clock is refused.
func (s *Session) Backdate(at time.Time) error {
	if at.After(s.e.Clock.Now()) {
		return errs.New(errs.Internal, "error.internal").With(errors.New("backdated into the future"))
	}
	s.now = at.UnixMicro()
	return nil
}

// currency is the company's own.
func (e *Engine) currency() string { return cmp.Or(e.Dir.Currency(), "CNY") }

// Count implements entity.Reader.
func (s *Session) Count(ctx context.Context, name string, where *query.Node, limit int) (int, error) {
	ent, err := s.Entity(name)
	if err != nil {
		return 0, err
	}
	system := access.System("rule of a write")
	bound, err := query.Bind(s.st.Snapshot, ent, where, system.Viewer(), system)
	if err != nil {
		return 0, err
	}
	n, err := store.Count(ctx, s.tx, store.Select{Snap: s.st.Snapshot, Entity: ent, Permit: system.Permit(ent, access.Read), Rights: system, Where: bound.Cond}, limit)
	return int(n), err
}

// Guard implements entity.Reader.
func (s *Session) Guard(ctx context.Context, keys ...string) error { return s.tx.Guard(ctx, keys...) }

// Create implements entity.Writer.
func (s *Session) Create(_ context.Context, name string, fill func(*record.Record), lines ...entity.Made) (int64, error) {
	it := &item{op: access.Create, kind: history.Create, fill: fill, made: lines, trusted: true}
	err := s.nested(name, it)
	return it.id, err
}

// Update implements entity.Writer.
func (s *Session) Update(_ context.Context, name string, id int64, change func(*record.Record)) error {
	return s.nested(name, &item{op: access.Update, kind: history.Update, id: id, version: AnyVersion, fill: change, trusted: true})
}

// Delete implements entity.Writer.
func (s *Session) Delete(_ context.Context, name string, id int64) error {
	return s.nested(name, &item{op: access.Delete, kind: history.Delete, id: id, version: AnyVersion, trusted: true})
}

func (s *Session) nested(name string, it *item) error {
	ent, err := s.Entity(name)
	if err != nil {
		return err
	}
	if s.depth >= maxDepth {
		return errs.New(errs.Internal, "error.rules_deep")
	}
	s.depth++
	err = s.write(ent, []*item{it})
	s.depth--
	if err != nil {
		return err
	}
	return it.err
}

// auditRow is what every audit row says of an actor.
func (e *Engine) auditRow(actor *access.Actor, action, ent string, rec, changeset int64) audit.Row {
	kind := actor.Via
	switch {
	case actor.IsSystem() && actor.Via == "cli":
		kind = actor.Reason() // "cli:NAME", the account at the command line
	case actor.IsSystem():
		kind = "system"
	}
	r := audit.Row{ID: e.IDs.Next(), At: e.Clock.Now(), Actor: id.ID(actor.ID()), ActorKind: kind, Action: action, Entity: ent,
		Record: id.ID(rec), Changeset: id.ID(changeset), Outcome: audit.Allow, IP: actor.IP, RequestID: actor.ReqID}
	if actor.IsSystem() {
		r.Detail = actor.Reason()
	}
	return r
}

// found says whether the search index holds something that the write changed.
func (it *item) found(ent *schema.Entity) bool {
	if it.op != access.Update && it.op != access.Transfer || it.kind == kindRestore || it.action != nil {
		return true
	}
	for _, f := range it.changed {
		if f == ent.Owner || f == ent.Dept || slices.Contains(ent.SearchFields(), f) {
			return true
		}
	}
	return false
}

// note writes what happened: history, audit, outbox and the search mark.
func (s *Session) note(ctx context.Context, ent *schema.Entity, items []*item) error {
	var entries []history.Entry
	var rows []audit.Row
	var events []outbox.Event
	var dirty []int64
	for _, it := range items {
		if it.idle() {
			continue
		}
		entry := history.Entry{ID: int64(s.e.IDs.Next()), Changeset: s.changeset, Entity: ent.Name, Record: it.id, At: s.now,
			Actor: s.actor.ID(), Kind: it.kind, Version: it.after.Version()}
		if it.before != nil {
			for _, f := range it.changed {
				entry.Before = append(entry.Before, history.Value{Field: f.Key, Was: it.before.At(f.Slot)})
			}
		}
		entry.Before = append(entry.Before, it.touchedLines(ent)...)
		entries = append(entries, entry)
		s.hand(ent, it)
		row := s.e.auditRow(s.actor, it.kind, ent.Name, it.id, s.changeset)
		for _, f := range it.changed {
			if f.Audited && it.before != nil {
				row.Detail += f.Key + " "
			}
		}
		rows = append(rows, row)
		events = append(events, outbox.Event{ID: s.e.IDs.Next(), At: row.At, Entity: ent.Name, Record: id.ID(it.id), Version: it.after.Version(),
			Kind: it.kind, Actor: id.ID(s.actor.ID()), Changeset: id.ID(s.changeset), Payload: it.moved(ent)})
		if it.found(ent) {
			dirty = append(dirty, it.id)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := s.e.History.Append(ctx, s.tx, entries, func(i int, stored []byte) { sum := sha256.Sum256(stored); rows[i].HistoryDigest = sum[:] }); err != nil {
		return err
	}
	if err := audit.Append(ctx, s.tx, s.e.AuditKey, rows...); err != nil {
		return err
	}
	if err := s.e.Outbox.Insert(ctx, s.tx, events...); err != nil {
		return err
	}
	s.tx.AfterCommit(func() { s.happened = append(s.happened, events...) })
	if len(ent.SearchFields()) == 0 || s.e.Search == nil {
		return nil
	}
	return search.MarkDirty(ctx, s.tx, ent.Name, dirty...)
}
