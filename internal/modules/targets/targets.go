// Package targets is what the company wants to reach and how far it is: targets
// by company, department, member and product, how they are met, rankings (SAL-7).
package targets

import (
	"embed"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the targets. A salesperson sees his own, his manager sets
// those of his departments and of the people in them.
func Module() entity.Module {
	return entity.Module{
		Name:     "targets",
		Entities: []entity.Def{target.Entity},
		Menu:     []string{target.Entity.Name},
		First:    true,
		Texts:    texts,
		Roles: []entity.RoleTemplate{
			{Code: "sales", Grants: entity.Allow(target.Entity.Name, access.Own, access.Read, access.Export, access.Print)},
			{Code: "sales_manager", Grants: entity.Allow(target.Entity.Name, access.Tree, access.Read, access.Create, access.Update, access.Delete, access.Import, access.Export, access.Print)},
		},
	}
}
