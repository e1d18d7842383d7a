package access

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Pools knows who may take records out of which pools; the module that declares
// pools implements it from memory. A record lies in a pool when it has no owner
// and names the pool.
type Pools interface {
	// Of lists the pools for an entity's records that a member may claim from,
	// those that he looks after among them, and the latter once more. Both are
	// sorted and must not be changed.
	Of(entity string, m *Member) (claims, manages []int64)
	// Version changes whenever an answer may.
	Version() int64
}

// WithPools makes the rights know of pools. It is called before the first actor is made.
func (r *Rights) WithPools(p Pools) { r.pools = p }

// Version changes whenever a right may.
func (r *Rights) Version() int64 {
	v := r.dir.Version()
	if r.pools != nil {
		v += r.pools.Version() // both only grow
	}
	return v
}

// addPools adds to what a member may do what pools give him. Who may change
// records at all may claim those that lie in his pools, and put new ones there;
// who looks after a pool works on what lies in it. Reading is by a window only:
// a list of what is his does not begin with what is nobody's.
func (r *Rights) addPools(allow *Pred, m *Member, e *schema.Entity, op Op) {
	if r.pools == nil || allow.All || op != Claim && allow.empty() {
		return
	}
	claims, manages := r.pools.Of(e.Name, m)
	switch op {
	case Claim:
		if r.resolve(m, e, Update).pred != nil {
			allow.Pools = claims
		}
	case Create, Import:
		allow.Pools = claims
	case Update, Transfer, Delete:
		allow.Pools = manages
	}
}

// window is a look into pools.
type window struct {
	of     *schema.Entity
	permit Permit
	veiled bool // personal data is masked
}

// over says whether the window is one over the records of an entity.
func (w *window) over(e *schema.Entity) bool { return w != nil && w.of == e }

// veils says whether personal data of an entity, or of its lines, is masked.
func (w *window) veils(e *schema.Entity) bool {
	return w != nil && w.veiled && (w.of == e || e.Of == w.of)
}

// veil names the levels that a member has behind a veiled window.
func (c *compiled) veil(e *schema.Entity) *schema.Level {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := c.veils[e]
	if name == nil {
		name = new(schema.Level)
		c.veils[e] = name
	}
	return name
}

func (w *window) masks(e *schema.Entity, f *schema.Field) bool { return f.Sensitive && w.veils(e) }

// AtPools is the actor as he looks into the pools of an entity: he reads what
// lies there and nothing else of that entity, with personal data masked unless
// he looks after all those pools. False when there is nothing to look into, or
// nothing that he does not read anyway.
func (a *Actor) AtPools(e *schema.Entity) (*Actor, bool) {
	if a.Member == nil || e.Pool == nil || a.rights == nil || a.rights.pools == nil || a.window != nil || a.Permit(e, Read).Unlimited() || !a.May(e, Claim) {
		return nil, false
	}
	claims, manages := a.rights.pools.Of(e.Name, a.Member)
	out := *a
	out.window = &window{of: e, permit: Permit{pred: &Pred{Pools: claims}}, veiled: !slices.Equal(claims, manages)}
	return &out, true
}
