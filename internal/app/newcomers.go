package app

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/modules/sales"
)

// ancestors are the modules of the versions that kept no list of theirs.
func ancestors() []string { return []string{"org", "catalog", "crm", "work"} }

// moduleNames are those of this program.
func moduleNames() []string {
	var out []string
	for _, m := range Modules() {
		out = append(out, m.Name)
	}
	return out
}

// Receive gives an installation that was made by an older version what modules
// since then start with: their share of the starting roles that are still there,
// the roles that are new, and their first records. It happens once for a module:
// what an administrator takes away afterwards stays away.
func (a *App) Receive(ctx context.Context) error {
	if a.NeedsSetup() {
		return nil
	}
	var known []string
	err := a.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		known, err = a.Customize.Modules(ctx, q)
		return err
	})
	if err != nil || !slices.ContainsFunc(moduleNames(), func(name string) bool { return !slices.Contains(known, name) }) {
		return err // as at every start but the first of a version
	}
	return a.Engine.InTx(ctx, access.System("modules of a new version"), func(s *records.Session) error {
		if err := s.Guard(ctx, "modules"); err != nil {
			return err
		}
		known, err := a.Customize.Modules(ctx, s.Tx())
		if err != nil {
			return err
		}
		if len(known) == 0 {
			known = ancestors()
		}
		var old, fresh []entity.Module
		for _, m := range Modules() {
			if slices.Contains(known, m.Name) {
				old = append(old, m)
			} else {
				fresh = append(fresh, m)
			}
		}
		if len(fresh) == 0 {
			return nil
		}
		c, _, err := a.Customize.Company(ctx)
		if err != nil {
			return err
		}
		text := func(key string) string { return a.Texts.Text(c.Locale, key, nil) }
		if err := grow(ctx, s, entity.Roles(old...), entity.Roles(fresh...), text); err != nil {
			return err
		}
		if slices.ContainsFunc(fresh, func(m entity.Module) bool { return m.Name == sales.Module().Name }) {
			if err := sales.CreateFirst(ctx, s, text); err != nil {
				return err
			}
		}
		return a.Customize.KeepModules(ctx, s.Tx(), moduleNames())
	})
}

// grow adds the shares of new modules to the starting roles, and makes those
// that the old modules did not have.
func grow(ctx context.Context, s *records.Session, old, shares []entity.RoleTemplate, text func(string) string) error {
	var made []entity.RoleTemplate
	for _, share := range shares {
		there, err := s.Find(ctx, role.Entity.Name, entity.Is(role.Code, share.Code), 1)
		if err != nil {
			return err
		}
		if len(there) == 0 {
			if !slices.ContainsFunc(old, func(t entity.RoleTemplate) bool { return t.Code == share.Code }) {
				made = append(made, share)
			} // else an administrator took it away
			continue
		}
		of := there[0].ID()
		for _, g := range share.Grants {
			if _, err := s.Create(ctx, grant.Entity.Name, func(r *record.Record) { grant.Fill(r, of, g) }); err != nil {
				return err
			}
		}
		for _, f := range share.Fields {
			same, err := s.Find(ctx, fieldright.Entity.Name, query.All(entity.Is(fieldright.Role, id.ID(of).String()), entity.Is(fieldright.On, f.Entity), entity.Is(fieldright.Field, f.Field)), 1)
			if err != nil {
				return err
			}
			if len(same) > 0 {
				continue // an administrator said otherwise
			}
			if _, err := s.Create(ctx, fieldright.Entity.Name, func(r *record.Record) { fieldright.Fill(r, of, f) }); err != nil {
				return err
			}
		}
	}
	_, err := org.CreateRoles(ctx, s, made, text)
	return err
}
