// Package org is the company itself: members, departments, positions and the
// roles that say who may do what (ORG-1 to ORG-4).
package org

import (
	"embed"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/branch"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/group"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/position"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/modules/org/team"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the company's people. Its share of the starting roles is
// what they see of each other: names, places and ways to reach somebody are
// open, the rest of a member's file only to the boss (老板).
func Module() entity.Module {
	return entity.Module{
		Name: "org",
		Entities: []entity.Def{department.Entity, position.Entity, role.Entity, grant.Entity, fieldright.Entity,
			member.Entity, reminder.Entity, group.Entity, team.Entity, branch.Entity},
		Menu:  []string{schema.MemberEntity, schema.DepartmentEntity, position.Entity.Name, group.Entity.Name, team.Entity.Name, branch.Entity.Name, role.Entity.Name},
		Texts: texts,
		Ticks: []entity.Tick{{Name: "reminders", Run: reminder.Tick}},
		Roles: []entity.RoleTemplate{
			{Code: "sales", Fields: private()},
			{Code: "sales_manager", Fields: private()},
			{Code: "boss", Grants: entity.Allow("*", access.All, access.Read, access.Export, access.Print)},
			{Code: "buyer", Fields: private()},
		},
	}
}

// private hides what colleagues need not know of a member.
func private() []access.FieldGrant {
	var out []access.FieldGrant
	for _, key := range []string{"birthday", "home_phone", "address", "city", "state", "postal_code", "country", "notes", "photo_link"} {
		out = append(out, access.FieldGrant{Entity: schema.MemberEntity, Field: key, Level: schema.Hidden})
	}
	return out
}
