package records

import (
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// GetInTx is Get inside a write, for the answer to it.
func (s *Session) GetInTx(name string, rec int64, out []byte) (b []byte, version int64, err error) {
	ent := s.st.Entity(name)
	err = orAtPools(s.actor, ent, func(actor *access.Actor) error {
		b, version, err = s.getAs(actor, ent, rec, out)
		return err
	})
	return b, version, err
}

func (s *Session) getAs(actor *access.Actor, ent *schema.Entity, rec int64, out []byte) ([]byte, int64, error) {
	p := &plan{st: s.st, ent: ent}
	p.sel = store.Select{Snap: s.st.Snapshot, Entity: ent, Permit: actor.Permit(ent, access.Read), Rights: actor}
	if err := s.e.chooseFields(actor, p, &ListQuery{Fields: s.e.chooseLines(actor, p, nil)}); err != nil {
		return out, 0, err
	}
	if it := s.only; it != nil && it.id == rec && s.onlyEnt == ent && !p.volatile {
		return s.answer(actor, p, it.after, out)
	}
	return s.e.getIn(s.ctx, s.tx, actor, p, rec, out)
}

// answer is getIn for the one record that the session wrote, from memory: what
// was written need not be read again.
func (s *Session) answer(actor *access.Actor, p *plan, rec *record.Record, out []byte) ([]byte, int64, error) {
	root, rootEnt, err := s.root(s.ctx, p.ent, rec)
	if err != nil {
		return out, 0, err
	}
	if !p.sel.Permit.Allows(p.ent, rec, root, rootEnt) {
		return out, 0, notFound()
	}
	rows := s.e.rows.Get()
	defer s.e.rows.Put(rows)
	if err := rows.Begin(len(p.ready.Kinds())); err != nil {
		return out, 0, err
	}
	store.Pack(rec, p.stored, rows)
	aside := map[asideKey]record.Value{}
	for _, fields := range [][]*schema.Field{p.links, p.long} {
		for _, f := range fields {
			aside[asideKey{rec.ID(), f.Slot}] = rec.At(f.Slot)
		}
	}
	if out, err = s.e.appendWith(s.ctx, s.tx, actor, p, rows, 1, aside, out); err != nil {
		return out, 0, err
	}
	ask := s.e.askLines(p, rec.ID())
	defer s.e.leaveLines(p)
	if len(ask) > 0 && rec.Version() > 1 { // a new one with lines is not answered from memory
		if err := s.tx.QueryAll(s.ctx, ask...); err != nil {
			return out, 0, err
		}
	}
	out, err = s.e.appendLines(s.ctx, s.tx, actor, p, out)
	return out, rec.Version(), err
}
