package app

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// Administrators names those whom a member without rights can ask.
func (a *App) Administrators() []string { return a.Dir.Administrators() }

// RoleRights is all that a role grants.
func (a *App) RoleRights(ctx context.Context, role int64) (api.RoleRights, error) {
	var out api.RoleRights
	err := a.Engine.InTx(ctx, access.System("an administrator reads a role"), func(s *records.Session) (err error) {
		out, err = rightsIn(ctx, s, role)
		return err
	})
	return out, err
}

// rightsIn is what a role grants as a transaction sees it.
func rightsIn(ctx context.Context, s *records.Session, role int64) (api.RoleRights, error) {
	out := api.RoleRights{Grants: []api.RoleGrant{}, Fields: []api.RoleFieldRight{}}
	grants, fields, err := org.RightsOf(ctx, s, role)
	for _, g := range grants {
		one := api.RoleGrant{Entity: g.Entity, Operation: string(g.Op), Scope: string(g.Scope), Departments: []string{}, Deny: g.Deny}
		for _, d := range g.Depts {
			one.Departments = append(one.Departments, id.ID(d).String())
		}
		out.Grants = append(out.Grants, one)
	}
	for _, f := range fields {
		out.Fields = append(out.Fields, api.RoleFieldRight{Entity: f.Entity, Field: f.Field, Level: f.Level.String()})
	}
	return out, err
}

// SetRoleRights gives a role these rights and no others, unless match objects
// to those that it has now.
func (a *App) SetRoleRights(ctx context.Context, actor *access.Actor, role int64, in api.RoleRights, match func(api.RoleRights) error) error {
	grants, fields := make([]access.Grant, len(in.Grants)), make([]access.FieldGrant, len(in.Fields))
	st := a.Registry.State()
	for i, g := range in.Grants {
		grants[i] = access.Grant{Entity: g.Entity, Op: access.Op(g.Operation), Scope: access.Scope(g.Scope), Deny: g.Deny}
		for _, d := range g.Departments {
			n, err := id.Parse(d)
			if err != nil {
				return errs.New(errs.Invalid, "error.id", "value", d).At("grants")
			}
			grants[i].Depts = append(grants[i].Depts, int64(n))
		}
	}
	for i, f := range in.Fields {
		ent := st.Entity(f.Entity)
		if ent == nil || ent.Field(f.Field) == nil {
			return errs.New(errs.Invalid, "error.field_unknown", "field", f.Entity+"."+f.Field).At("fields")
		}
		level, ok := levelNamed(f.Level)
		if !ok {
			return errs.New(errs.Invalid, "error.field_level", "value", f.Level).At("fields")
		}
		fields[i] = access.FieldGrant{Role: role, Entity: f.Entity, Field: f.Field, Level: level}
	}
	return a.Engine.InTx(ctx, actor, func(s *records.Session) error {
		if err := s.Guard(ctx, "role "+id.ID(role).String()); err != nil { // the rights are compared, then written
			return err
		}
		now, err := rightsIn(ctx, s, role)
		if err != nil {
			return err
		}
		if err := match(now); err != nil {
			return err
		}
		return org.SetRights(ctx, s, role, grants, fields)
	})
}

func levelNamed(name string) (schema.Level, bool) {
	for _, l := range []schema.Level{schema.Hidden, schema.Masked, schema.Read, schema.Write} {
		if l.String() == name {
			return l, true
		}
	}
	return schema.Hidden, false
}
