// Package work is what members have to do besides selling: tasks (CAL-3).
package work

import (
	"embed"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/work/task"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the tasks. Everybody works on those that are his or that he
// gave, and may give them to somebody else; a manager sees those of his departments.
func Module() entity.Module {
	own := []access.Op{access.Read, access.Create, access.Update, access.Delete, access.Import, access.Export, access.Print, access.Transfer}
	mine := entity.Allow("work.*", access.Own, own...)
	return entity.Module{
		Name:     "work",
		Entities: []entity.Def{task.Entity},
		Menu:     []string{task.Entity.Name, reminder.Entity.Name},
		Texts:    texts,
		Roles: []entity.RoleTemplate{
			{Code: "sales", Grants: mine},
			{Code: "sales_manager", Grants: entity.Allow("work.*", access.Tree, own...)},
			{Code: "boss", Grants: mine},
			{Code: "buyer", Grants: mine},
		},
	}
}
