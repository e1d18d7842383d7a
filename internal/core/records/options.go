package records

import (
	"context"
	"encoding/json"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// MassMerge gives records that hold one option of a choice another in its
// place; its Patch is a Merge.
const MassMerge = "merge"

// Merge says which option of a field becomes which.
type Merge struct {
	Field string `json:"field"`
	From  string `json:"from"`
	Into  string `json:"into"`
}

// UseOfOptions counts the records that hold each option of a field, by code.
func (e *Engine) UseOfOptions(ctx context.Context, actor *access.Actor, ent *schema.Entity, f *schema.Field) (use map[string]store.Use, err error) {
	of := owning(ent)
	if !actor.May(of, access.Read) {
		return nil, forbidden(string(access.Read))
	}
	s := store.Select{Snap: e.Registry.State().Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor}
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		use, err = store.UseOfOptions(ctx, db, s, f)
		return err
	})
	return use, err
}

// merge reads the Patch of a merge. The option that goes is known by its code
// alone: written as usual it would be the one that stays already.
func (m *Mass) merge(ent *schema.Entity) (f *schema.Field, from, into record.Value, err error) {
	var what Merge
	if err := json.Unmarshal(m.Patch, &what); err != nil {
		return nil, from, into, errs.New(errs.BadRequest, "error.parameter_value", "name", "patch")
	}
	if f = ent.Field(what.Field); f == nil || f.Option(what.Into) == nil || what.From == what.Into {
		return nil, from, into, errs.New(errs.BadRequest, "error.parameter_value", "name", "patch")
	}
	return f, record.Text(what.From), record.Text(what.Into), nil
}

// onlyMerged narrows a question to the records that a merge is about. What the
// options of a field are is for administrators to say, so they alone merge.
func (p *plan) onlyMerged(actor *access.Actor, m *Mass) error {
	if !actor.Admin() {
		return forbidden(m.Op)
	}
	f, from, _, err := m.merge(p.ent)
	if err != nil {
		return err
	}
	p.only(&query.Cond{Kind: query.Compare, Field: f, Op: schema.OpEq, Vals: []record.Value{from}})
	return nil
}

// mergeInputs are what a merge writes into every record.
func (m *Mass) mergeInputs(ent *schema.Entity) ([]Input, error) {
	f, from, into, err := m.merge(ent)
	if err != nil {
		return nil, err
	}
	if f.Many() {
		return []Input{{Field: f, Partial: true, Add: []record.Value{into}, Remove: []record.Value{from}}}, nil
	}
	return []Input{{Field: f, Value: into}}, nil
}
