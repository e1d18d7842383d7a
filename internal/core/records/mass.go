package records

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// MassKind is the kind of jobs that change everything a filter matches.
const MassKind = "bulk"

// What a mass change may do.
const (
	MassUpdate   = "update"
	MassDelete   = "delete"
	MassTransfer = "transfer"
	MassRestore  = "restore"
)

// massPage is how many records one transaction changes; massErrors how many
// refusals are kept.
const (
	massPage   = 100
	massErrors = 100
)

// Mass is a change of everything that matches a condition, and how far it is:
// kept with every step, so that it goes on after a crash.
type Mass struct {
	Who    Who             `json:"who"`
	Entity string          `json:"entity"`
	Op     string          `json:"op"`
	Filter string          `json:"filter"`
	Words  string          `json:"words,omitempty"` // full-text words, ANDed
	IDs    []int64         `json:"ids,omitempty"`   // only these; nil = all that match
	Except []int64         `json:"except,omitempty"`
	Patch  json.RawMessage `json:"patch,omitempty"`
	Owner  int64           `json:"owner,omitempty"`
	Upto   int64           `json:"upto"` // records made later are left alone

	Changeset int64         `json:"changeset,omitempty"`
	After     int64         `json:"after,omitempty"`
	Done      int           `json:"done"`
	Failed    int           `json:"failed"`
	Total     int           `json:"total"`
	May       int           `json:"may,omitempty"` // how many of them the actor may do it to
	Errors    []MassFailure `json:"errors,omitempty"`
}

// MassFailure is a record that was left as it is.
type MassFailure struct {
	ID  int64       `json:"id"`
	Err *errs.Error `json:"error"`
}

// CheckMass says what is wrong with a mass change before it becomes a job, and
// counts the records it is about, up to a million.
func (e *Engine) CheckMass(ctx context.Context, actor *access.Actor, m *Mass) error {
	p, err := e.massPlan(actor, m)
	if err != nil {
		return err
	}
	if p.ent.Of != nil {
		return onlyThrough(actor, p.ent)
	}
	switch m.Op {
	case MassUpdate:
		if _, err := e.massInputs(actor, p.ent, m); err != nil {
			return err
		}
	case MassTransfer:
		if p.ent.Owner == nil {
			return errs.New(errs.BadRequest, "error.no_owner", "entity", p.ent.Name)
		}
		if m.Owner == 0 {
			return errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.required").At("owner")})
		}
	case MassDelete, MassRestore, MassMerge:
	default:
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "op")
	}
	op := access.Op(m.Op)
	switch m.Op {
	case MassRestore:
		op = access.Delete
	case MassMerge:
		op = access.Update
	}
	if !actor.May(p.ent, op) {
		return forbidden(m.Op)
	}
	return e.DB.Read(ctx, func(db sqldb.Querier) error {
		if m.Total, err = e.massCount(ctx, db, p); err != nil || m.Op == MassRestore {
			m.May = m.Total
			return err
		}
		p.sel.Permit = actor.Permit(p.ent, op)
		m.May, err = e.massCount(ctx, db, p)
		m.May = min(m.May, m.Total)
		return err
	})
}

// massMost is up to where the records of a mass change are counted.
const massMost = 1_000_000

func (e *Engine) massCount(ctx context.Context, db sqldb.Querier, p *plan) (int, error) {
	if p.words == nil {
		n, err := store.Count(ctx, db, p.sel, massMost)
		return int(n), err
	}
	n, err := e.countOfWords(ctx, db, p)
	return int(n), err
}

func (e *Engine) massPlan(actor *access.Actor, m *Mass) (*plan, error) {
	p, err := e.plan(actor, m.Entity, &ListQuery{Filter: m.Filter, Words: m.Words, Sort: "id", Fields: []string{"id"}, Deleted: m.Op == MassRestore})
	if err != nil {
		return nil, err
	}
	p.sel.Limit = massPage
	if m.Upto != 0 {
		p.onlyID(schema.OpLe, m.Upto)
	}
	if m.IDs != nil {
		p.sel.Where = andIDs(p, m.IDs)
	}
	if len(m.Except) > 0 {
		p.onlyID(schema.OpNotIn, m.Except...)
	}
	if m.Op == MassMerge {
		if err := p.onlyMerged(actor, m); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// onlyID narrows a question by the records' ids.
func (p *plan) onlyID(op schema.Op, ids ...int64) {
	c := &query.Cond{Kind: query.Compare, Field: p.ent.Fields[record.SlotID], Op: op, Vals: make([]record.Value, len(ids))}
	for i, n := range ids {
		c.Vals[i] = record.Int(n)
	}
	p.only(c)
}

// only narrows a question by one more condition.
func (p *plan) only(c *query.Cond) {
	if p.sel.Where != nil {
		c = &query.Cond{Kind: query.And, Kids: []*query.Cond{p.sel.Where, c}}
	}
	p.sel.Where = c
}

func (e *Engine) massInputs(actor *access.Actor, ent *schema.Entity, m *Mass) ([]Input, error) {
	body, err := rawjson.Object(m.Patch)
	if err != nil || len(body) == 0 {
		return nil, errs.New(errs.BadRequest, "error.parameter_value", "name", "patch")
	}
	in, _, err := e.Decode(actor, ent, body)
	for _, one := range in {
		if one.Group != nil { // a list of lines with their ids is one record's own
			return nil, errs.New(errs.BadRequest, "error.lines_mass", "field", one.Group.Key).At(one.Group.Key)
		}
	}
	return in, err
}

// RunMass changes page after page. step is called in the transaction of each
// with what to keep of m; progress may be nil.
func (e *Engine) RunMass(ctx context.Context, m *Mass, step func(ctx context.Context, tx sqldb.Tx, m *Mass) error, progress func(done, total int)) error {
	actor, err := e.Actor(m.Who)
	if err != nil {
		return err
	}
	if m.Changeset == 0 {
		m.Changeset = int64(e.IDs.Next())
	}
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		ids, err := e.massPage(ctx, actor, m)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := e.massStep(ctx, actor, m, ids, step); err != nil {
			return err
		}
		if progress != nil {
			progress(m.Done+m.Failed, max(m.Total, m.Done+m.Failed))
		}
	}
}

func (e *Engine) massPage(ctx context.Context, actor *access.Actor, m *Mass) ([]int64, error) {
	p, err := e.massPlan(actor, m)
	if err != nil {
		return nil, err
	}
	if m.After != 0 {
		p.sel.After = []record.Value{record.Int(m.After), record.Int(m.After)}
	}
	var rows sqldb.Rows
	if err := e.DB.Read(ctx, func(db sqldb.Querier) error { rows.Reset(0); return e.pageOfWords(ctx, db, p, &rows) }); err != nil {
		return nil, err
	}
	ids := make([]int64, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i, 0).Int()
	}
	return ids, nil
}

// massStep changes some records in one transaction.
func (e *Engine) massStep(ctx context.Context, actor *access.Actor, m *Mass, ids []int64, step func(context.Context, sqldb.Tx, *Mass) error) error {
	var next Mass
	err := e.InChangeset(ctx, actor, m.Changeset, func(s *Session) error {
		next = *m
		next.Errors = slices.Clone(m.Errors)
		if m.After == 0 {
			if err := s.Describe("bulk", m.Op+" "+m.Entity, 0); err != nil {
				return err
			}
		}
		if err := e.massWrite(s, actor, &next, ids); err != nil {
			return err
		}
		next.After = ids[len(ids)-1]
		return step(ctx, s.Tx(), &next)
	})
	if err == nil {
		*m = next
	}
	return err
}

func (m *Mass) refuse(rec int64, err *errs.Error) {
	m.Failed++
	if len(m.Errors) < massErrors {
		m.Errors = append(m.Errors, MassFailure{ID: rec, Err: &errs.Error{Code: err.Code, Key: err.Key, Args: err.Args, Field: err.Field}})
	}
}

func (e *Engine) massWrite(s *Session, actor *access.Actor, m *Mass, ids []int64) error {
	ent := s.st.Entity(m.Entity)
	if ent == nil {
		return errNoEntity(m.Entity)
	}
	var results []Result
	var err error
	switch m.Op {
	case MassUpdate, MassMerge:
		var in []Input
		if m.Op == MassMerge {
			in, err = m.mergeInputs(ent)
		} else {
			in, err = e.massInputs(actor, ent, m)
		}
		if err != nil {
			return err
		}
		patches := make([]Patch, len(ids))
		for i, n := range ids {
			patches[i] = Patch{ID: n, Version: AnyVersion, Inputs: in}
		}
		results, err = s.Batch(ent, patches, false)
	case MassTransfer:
		results, err = s.Transfer(ent, ids, m.Owner, false)
	case MassDelete:
		results, err = s.DeleteMany(ent, ids, false)
	case MassRestore:
		results, err = s.RestoreMany(ent, ids, false)
	}
	if err != nil {
		return err
	}
	for _, r := range results {
		switch coded, ok := errors.AsType[*errs.Error](r.Err); {
		case r.Err == nil:
			m.Done++
		case ok:
			m.refuse(r.ID, coded)
		default:
			return r.Err
		}
	}
	return nil
}

// MassResult is what a finished mass change tells.
type MassResult struct {
	Changeset string        `json:"changeset"`
	Done      int           `json:"done"`
	Failed    int           `json:"failed"`
	Errors    []MassMessage `json:"errors"`
}

// MassMessage is a refusal in words.
type MassMessage struct {
	ID      string `json:"id"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

// Result puts the refusals into words.
func (m *Mass) Result(words func(*errs.Error) string) MassResult {
	out := MassResult{Changeset: ref13(m.Changeset), Done: m.Done, Failed: m.Failed, Errors: []MassMessage{}}
	for _, f := range m.Errors {
		out.Errors = append(out.Errors, MassMessage{ID: id.ID(f.ID).String(), Field: f.Err.Field, Message: words(f.Err)})
	}
	return out
}
