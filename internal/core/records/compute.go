package records

import (
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/formula"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// formulaSets keeps the compiled formulas of an entity as long as the entity lives.
type formulaSets struct {
	mu  sync.Mutex
	set map[*schema.Entity]*formula.Set
}

// maxSets bounds what older registry versions leave behind.
const maxSets = 1000

func (c *formulaSets) of(ent *schema.Entity) (*formula.Set, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.set[ent]; s != nil {
		return s, nil
	}
	s, err := formula.CompileAll(ent)
	if err != nil {
		return nil, err
	}
	if c.set == nil || len(c.set) > maxSets {
		c.set = map[*schema.Entity]*formula.Set{}
	}
	c.set[ent] = s
	return s, nil
}

// compute evaluates the stored formulas of a record.
func (e *Engine) compute(ent *schema.Entity, rec *record.Record) error {
	if len(ent.Formulas) == 0 {
		return nil
	}
	set, err := e.formulas.of(ent)
	if err != nil {
		return err
	}
	return set.Compute(rec, formula.Env{Now: e.Clock.Now(), Zone: e.zone()})
}

func (e *Engine) zone() *time.Location {
	if z := e.Dir.Zone(); z != nil {
		return z
	}
	return time.UTC
}
