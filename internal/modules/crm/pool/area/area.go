// Package area declares which member gets the records of a region by an
// assignment rule: lines of the rule.
package area

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. A region is meant with all below it; of several that fit the
// narrowest counts, and members of the same one take turns.
var (
	Region = entity.Region("region").Required()
	Member = entity.Member("member").Required()
)

// Entity is crm.assign_area.
var Entity = entity.Def{
	Name:   "crm.assign_area",
	Icon:   "map-pin",
	Fields: entity.Fields(Region, Member),
	Title:  Region,
	Public: true,
	Layout: schema.Layout{
		List:   []string{"region", "member"},
		Sort:   "id",
		Card:   []string{"region", "member"},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"region", "member"}, Columns: 2}},
	},
}
