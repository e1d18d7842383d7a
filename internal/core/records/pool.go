package records

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// window is the actor as he asks a question: one for records without an owner
// is a question to the pools, where what he sees is masked; so it is asked with
// the rights that he has there, in every part of it.
func window(actor *access.Actor, ent *schema.Entity, where *query.Node) *access.Actor {
	if ent.Pool == nil || ent.Owner == nil || !ownerless(ent, where) {
		return actor
	}
	if at, ok := actor.AtPools(ent); ok {
		return at
	}
	return actor
}

// asker is window for a question in text form.
func (e *Engine) asker(actor *access.Actor, name, filter string, where *query.Node) *access.Actor {
	ent := e.Registry.State().Entity(name)
	if ent == nil || ent.Pool == nil {
		return actor
	}
	node, err := query.Parse(filter)
	if err != nil {
		return actor // said by who answers the question
	}
	return window(actor, ent, query.All(node, where))
}

// ownerless says whether a question is for records without an owner only.
func ownerless(ent *schema.Entity, n *query.Node) bool {
	if n == nil {
		return false
	}
	switch n.Kind {
	case query.And:
		for _, k := range n.Kids {
			if ownerless(ent, k) {
				return true
			}
		}
	case query.Compare:
		return n.Path == ent.Owner.Key && n.Op == schema.OpNull
	}
	return false
}

// orAtPools asks for one record, and when the actor may not read it, once more
// as he sees what lies in pools.
func orAtPools(actor *access.Actor, ent *schema.Entity, ask func(*access.Actor) error) error {
	err := ask(actor)
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	if at, ok := actor.AtPools(ent); ok {
		return ask(at)
	}
	return err
}

// InPool says whether a new record is put into a pool: it names one, and no owner.
func InPool(ent *schema.Entity, in []Input) bool {
	named := false
	for i := range in {
		if ent.Owner != nil && in[i].Field == ent.Owner && !in[i].Value.IsNull() {
			return false
		}
		named = named || ent.Pool != nil && in[i].Field == ent.Pool && !in[i].Value.IsNull()
	}
	return named
}

// sees says whether an actor sees a record in a pool.
func sees(actor *access.Actor, ent *schema.Entity, rec *record.Record) bool {
	at, ok := actor.AtPools(ent)
	return ok && at.Permit(ent, access.Read).Allows(ent, rec, nil, nil)
}

// mayClaim refuses a claim of what does not lie in a pool of the actor's: there
// is no such record, but of one that lay there he hears that another was quicker.
func (s *Session) mayClaim(ent *schema.Entity, rec *record.Record) error {
	permit := s.actor.Permit(ent, access.Claim)
	if ent.Pool == nil || permit.Allows(ent, rec, nil, nil) {
		return nil
	}
	lay := record.New(ent.Shape)
	lay.SetAt(ent.Pool.Slot, rec.At(ent.Pool.Slot))
	if permit.Allows(ent, lay, nil, nil) {
		return errs.New(errs.Conflict, "error.pool_taken")
	}
	return notFound()
}
