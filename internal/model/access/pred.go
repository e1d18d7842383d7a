package access

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Pred is a predicate over records: the owner, or the second one, is one of Owners, or the
// department one of Depts, in the record itself or in the root it is seen
// through, or the record itself has no owner and lies in one of Pools, and not Except.
type Pred struct {
	All    bool
	Owners []int64
	Depts  []int64
	Pools  []int64
	Except *Pred
}

func (p *Pred) empty() bool { return !p.All && len(p.Owners)+len(p.Depts)+len(p.Pools) == 0 }

func (p *Pred) tidy(*schema.Entity) {
	slices.Sort(p.Owners)
	slices.Sort(p.Depts)
	p.Owners, p.Depts = slices.Compact(p.Owners), slices.Compact(p.Depts)
	if p.All {
		p.Owners, p.Depts, p.Pools = nil, nil, nil
	}
}

// Permit is the right to reach some records. The zero Permit reaches none.
type Permit struct{ pred *Pred }

var everything = Permit{pred: &Pred{All: true}}

// Pred gives the predicate for the store; nil reaches nothing.
func (p Permit) Pred() *Pred { return p.pred }

// Unlimited says whether every record is reached.
func (p Permit) Unlimited() bool { return p.pred != nil && p.pred.All && p.pred.Except == nil }

// Allows decides for one record in memory, as the SQL would. root is the
// record it is seen through, nil when there is none; it is needed only when
// the entity has one. A line is decided by the record it is part of: give that.
func (p Permit) Allows(e *schema.Entity, rec, root *record.Record, rootEntity *schema.Entity) bool {
	if p.pred == nil {
		return false
	}
	if p.pred.Except != nil && p.pred.Except.holds(e, rec, root, rootEntity) {
		return false
	}
	return p.pred.holds(e, rec, root, rootEntity)
}

func (p *Pred) holds(e *schema.Entity, rec, root *record.Record, rootEntity *schema.Entity) bool {
	if p.All {
		return true
	}
	return p.owns(e, rec) || p.lies(e, rec) || root != nil && rootEntity != nil && e.Through != nil && p.owns(rootEntity, root)
}

func (p *Pred) owns(e *schema.Entity, rec *record.Record) bool {
	if e.Owner == nil {
		return false
	}
	if among(p.Owners, e.Owner, rec) || among(p.Owners, e.Also, rec) {
		return true
	}
	return among(p.Depts, e.Dept, rec)
}

// lies says whether a record has no owner and lies in one of the pools.
func (p *Pred) lies(e *schema.Entity, rec *record.Record) bool {
	return e.Pool != nil && e.Owner != nil && rec.At(e.Owner.Slot).IsNull() && among(p.Pools, e.Pool, rec)
}

// among says whether a field of a record, where there is one, holds one of ids.
func among(ids []int64, f *schema.Field, rec *record.Record) bool {
	if f == nil || rec.At(f.Slot).IsNull() {
		return false
	}
	_, ok := slices.BinarySearch(ids, rec.At(f.Slot).Int())
	return ok
}
