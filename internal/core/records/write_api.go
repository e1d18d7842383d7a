package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Result is what a write did to one record.
type Result struct {
	ID        int64
	Version   int64
	Changeset int64
	Idle      bool // nothing was different: nothing was written
	Hits      []Hit
	Err       error
}

// RefuseDuplicates makes warnings of the duplicate check errors.
type RefuseDuplicates bool

func (it *item) result(s *Session) Result {
	r := Result{ID: it.id, Changeset: s.changeset, Hits: it.hits, Err: it.err, Idle: it.idle()}
	if it.after != nil {
		r.Version = it.after.Version()
	}
	return r
}

// one runs a single item and gives its error as the call's.
func (s *Session) one(ent *schema.Entity, it *item, refuse RefuseDuplicates) (Result, error) {
	if err := s.write(ent, []*item{it}); err != nil {
		return Result{}, err
	}
	if it.err == nil && bool(refuse) && len(it.hits) > 0 {
		it.err = &Duplicates{Err: errs.New(errs.Duplicate, "error.duplicate"), Hits: it.hits}
	}
	return it.result(s), it.err
}

// CreateOne writes a new record.
func (s *Session) CreateOne(ent *schema.Entity, in []Input, refuse RefuseDuplicates) (Result, error) {
	return s.one(ent, &item{op: access.Create, kind: history.Create, inputs: in}, refuse)
}

// UpdateOne changes a record whose version is version (AnyVersion for any).
func (s *Session) UpdateOne(ent *schema.Entity, id, version int64, in []Input) (Result, error) {
	return s.one(ent, &item{op: access.Update, kind: history.Update, id: id, version: version, inputs: in}, false)
}

// Act runs an action on a record.
func (s *Session) Act(ent *schema.Entity, a *entity.Action, id, version int64, input *record.Record) (Result, error) {
	op := a.Op
	if op == "" {
		op = access.Update
	}
	return s.one(ent, &item{op: op, kind: a.Name, id: id, version: version, action: a, arg: input}, false)
}

// ActMany runs an action that is offered for many on several records.
func (s *Session) ActMany(ent *schema.Entity, a *entity.Action, ids []int64, input *record.Record, atomic bool) ([]Result, error) {
	op := a.Op
	if op == "" {
		op = access.Update
	}
	items := make([]*item, len(ids))
	for i, id := range ids {
		items[i] = &item{op: op, kind: a.Name, id: id, version: AnyVersion, action: a, arg: input}
	}
	return s.batch(ent, items, atomic)
}

// Transfer hands records over to another owner.
func (s *Session) Transfer(ent *schema.Entity, ids []int64, owner int64, atomic bool) ([]Result, error) {
	if ent.Owner == nil {
		return nil, errs.New(errs.BadRequest, "error.no_owner", "entity", ent.Name)
	}
	in := []Input{{Field: ent.Owner, Value: record.Int(owner)}}
	items := make([]*item, len(ids))
	for i, id := range ids {
		items[i] = &item{op: access.Transfer, kind: "transfer", id: id, version: AnyVersion, inputs: in}
	}
	return s.batch(ent, items, atomic)
}

// TransferOne hands a record over whose version is version (AnyVersion for any).
func (s *Session) TransferOne(ent *schema.Entity, id, version, owner int64) (Result, error) {
	in := []Input{{Field: ent.Owner, Value: record.Int(owner)}}
	return s.one(ent, &item{op: access.Transfer, kind: "transfer", id: id, version: version, inputs: in}, false)
}

// Create writes a new record in a transaction of its own.
func (e *Engine) Create(ctx context.Context, actor *access.Actor, name string, in []Input, refuse RefuseDuplicates) (r Result, err error) {
	err = e.InTx(ctx, actor, func(s *Session) error {
		ent, err := e.entity(s.st, name)
		if err != nil {
			return err
		}
		r, err = s.CreateOne(ent, in, refuse)
		return err
	})
	return r, err
}

// Update changes a record in a transaction of its own.
func (e *Engine) Update(ctx context.Context, actor *access.Actor, name string, id, version int64, in []Input) (r Result, err error) {
	err = e.InTx(ctx, actor, func(s *Session) error {
		ent, err := e.entity(s.st, name)
		if err != nil {
			return err
		}
		r, err = s.UpdateOne(ent, id, version, in)
		return err
	})
	return r, err
}

// State is the registry as the session sees it.
func (s *Session) State() *entity.State { return s.st }

// Querier reads in the session's transaction.
func (s *Session) Querier() sqldb.Querier { return s.tx }

// Actor is who writes.
func (s *Session) Actor() *access.Actor { return s.actor }

// Preview is what a write would do.
type Preview struct {
	Record *record.Record
	Lines  map[string][]*record.Record // of the groups that were given, in order
	Hits   []Hit
	Err    error
}

// errPreview rolls the trial back.
var errPreview = errs.New(errs.Internal, "error.preview")

// Preview runs a write up to the point of storing it and takes it back: rec 0
// is a new record.
func (e *Engine) Preview(ctx context.Context, actor *access.Actor, ent *schema.Entity, rec int64, in []Input) (Preview, error) {
	var p Preview
	err := e.inTx(ctx, actor, 0, func(s *Session) error {
		it := &item{op: access.Create, kind: history.Create, inputs: in}
		if rec != 0 {
			it = &item{op: access.Update, kind: history.Update, id: rec, version: AnyVersion, inputs: in}
		}
		s.trial = true
		if err := s.write(ent, []*item{it}); err != nil {
			return err
		}
		if it.after == nil {
			return it.err
		}
		s.sumLines(ent, it)
		p = Preview{Record: it.after, Lines: it.givenLines(ent), Hits: it.hits, Err: it.err}
		if errs.Is(it.err, errs.Invalid) && it.hits == nil { // what is not whole yet is looked for all the same
			half := &item{op: it.op, id: it.id, before: it.before, after: it.after}
			if err := s.checkDoubles(ctx, ent, []*item{half}); err != nil {
				return err
			}
			p.Hits = half.hits
		}
		return errPreview
	})
	if err == errPreview { //nolint:errorlint // returned as it is
		err = nil
	}
	return p, err
}
