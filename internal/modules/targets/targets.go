// Package targets is what the company wants to reach and how far it is: targets
// by company, department, member and product, how they are met, rankings (SAL-7).
package targets

import (
	"embed"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/targets/completion"
	"github.com/guanxicrm/guanxi/internal/modules/targets/ranking"
	"github.com/guanxicrm/guanxi/internal/modules/targets/standing"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the targets. A salesperson sees his own, his manager sets
// those of his departments and of the people in them; rankings are for all who
// sell.
func Module() entity.Module {
	look := []access.Op{access.Read, access.Export, access.Print}
	set := slices.Concat(look, []access.Op{access.Create, access.Update, access.Delete, access.Import})
	goals := target.Entity
	goals.Reports = []entity.Report{completion.Report(), completion.Ahead()}
	return entity.Module{
		Name:     "targets",
		Entities: []entity.Def{goals, ranking.Entity, standing.Entity},
		Menu:     []string{target.Entity.Name, ranking.Entity.Name, standing.Entity.Name},
		First:    true,
		Texts:    texts,
		Ticks:    []entity.Tick{{Name: "standings at the end of a month", Run: standing.Tick}},
		Roles: []entity.RoleTemplate{
			{Code: "sales", Grants: slices.Concat(entity.Allow(target.Entity.Name, access.Own, look...), entity.Allow(standing.Entity.Name, access.Own, look...),
				entity.Allow(ranking.Entity.Name, access.All, access.Read))},
			{Code: "sales_manager", Grants: slices.Concat(entity.Allow(target.Entity.Name, access.Tree, set...), entity.Allow(standing.Entity.Name, access.Tree, look...),
				entity.Allow(ranking.Entity.Name, access.All, access.Read))},
		},
	}
}
