// Package limit declares how many records of a pool those of a role or a
// position may claim and hold, where that is not as for everybody else: lines of
// the pool.
package limit

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields; an empty number is without a limit.
var (
	Role     = entity.Ref("role", "org.role")
	Position = entity.Ref("position_of", "org.position")
	PerDay   = entity.Number("claim_per_day").Between("0", "")
	PerWeek  = entity.Number("claim_per_week").Between("0", "")
	Holding  = entity.Number("holding").Between("0", "")
)

// Entity is crm.pool_limit.
var Entity = entity.Def{
	Name:   "crm.pool_limit",
	Icon:   "gauge",
	Fields: entity.Fields(Role, Position, PerDay, PerWeek, Holding),
	Public: true,
	Hooks:  entity.Hooks{Derive: derive},
	Layout: schema.Layout{
		List:   []string{"role", "position_of", "claim_per_day", "claim_per_week", "holding"},
		Sort:   "id",
		Card:   []string{"role", "position_of"},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"role", "position_of", "claim_per_day", "claim_per_week", "holding"}, Columns: 2}},
	},
}

func derive(r *record.Record, _ entity.Needs) error {
	if Role.Get(r) == 0 && Position.Get(r) == 0 {
		return errs.New(errs.Invalid, "error.pool_limit_of").At(Role.Key())
	}
	return nil
}
