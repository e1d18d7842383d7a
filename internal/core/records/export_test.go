package records

import (
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
)

// TakeFewHits makes the engine treat words with more than n hits as too
// frequent to be sorted, so that few records test what a million need.
func (e *Engine) TakeFewHits(n int) { e.index.many = n }

// SumsOf are figures as a report of an actor reads them.
func SumsOf(e *Engine, db sqldb.Querier, actor *access.Actor) entity.Sums {
	return sums{e, db, e.Registry.State(), actor, false}
}
