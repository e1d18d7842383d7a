package app

import (
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interest"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/modules/sales"
	"github.com/guanxicrm/guanxi/internal/modules/sales/forecast"
)

// ancestors are the modules of the versions that kept no list of theirs.
func ancestors() []string { return []string{"org", "catalog", "crm", "work"} }

// unlisted are the entities that came with the version that first listed them:
// an installation that lists modules alone knows all others of those.
func unlisted() []string {
	return []string{forecast.Entity.Name, interest.Name, interestrule.EntityName}
}

// beginnings are the modules of this program and their entities, by name: what
// an installation has got its share of once it keeps this list.
func beginnings() []string {
	var out []string
	for _, m := range Modules() {
		out = append(out, m.Name)
		for _, e := range m.Entities {
			out = append(out, e.Name)
		}
	}
	return out
}

// remembered is the list that an installation keeps, with what older versions
// did not write into it.
func remembered(kept []string) []string {
	if len(kept) == 0 {
		kept = ancestors()
	}
	if slices.ContainsFunc(kept, isEntity) {
		return kept
	}
	out := slices.Clone(kept)
	for _, m := range Modules() {
		for _, e := range m.Entities {
			if slices.Contains(kept, m.Name) && !slices.Contains(unlisted(), e.Name) {
				out = append(out, e.Name)
			}
		}
	}
	return out
}

func isEntity(name string) bool { return strings.Contains(name, ".") }

// Receive gives an installation that was made by an older version what modules
// and entities since then start with: their share of the starting roles that are
// still there, the roles that are new, and a module's first records. It happens
// once for each: what an administrator takes away afterwards stays away.
func (a *App) Receive(ctx context.Context) error {
	if a.NeedsSetup() {
		return nil
	}
	var known []string
	err := a.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		known, err = a.Customize.Modules(ctx, q)
		return err
	})
	if err != nil || !slices.ContainsFunc(beginnings(), func(name string) bool { return !slices.Contains(known, name) }) {
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
		known = remembered(known)
		var old, fresh []entity.Module
		for _, m := range Modules() {
			if slices.Contains(known, m.Name) {
				old = append(old, m)
			} else {
				fresh = append(fresh, m)
			}
		}
		c, _, err := a.Customize.Company(ctx)
		if err != nil {
			return err
		}
		text := func(key string) string { return a.Texts.Text(c.Locale, key, nil) }
		there := entity.Roles(old...)
		if err := grow(ctx, s, there, slices.Concat(entity.Roles(fresh...), sharesOf(there, known)), text); err != nil {
			return err
		}
		if slices.ContainsFunc(fresh, func(m entity.Module) bool { return m.Name == sales.Module().Name }) {
			if err := sales.CreateFirst(ctx, s, text); err != nil {
				return err
			}
		}
		return a.Customize.KeepModules(ctx, s.Tx(), beginnings())
	})
}

// sharesOf cuts roles down to what they say of entities that are not known: of
// each by its name, since what is said of a whole module holds for them as it is.
func sharesOf(roles []entity.RoleTemplate, known []string) []entity.RoleTemplate {
	isNew := func(name string) bool {
		return isEntity(name) && !strings.HasSuffix(name, "*") && !slices.Contains(known, name)
	}
	var out []entity.RoleTemplate
	for _, t := range roles {
		t.Grants = slices.DeleteFunc(slices.Clone(t.Grants), func(g access.Grant) bool { return !isNew(g.Entity) })
		t.Fields = slices.DeleteFunc(slices.Clone(t.Fields), func(f access.FieldGrant) bool { return !isNew(f.Entity) })
		if len(t.Grants)+len(t.Fields) > 0 {
			out = append(out, t)
		}
	}
	return out
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
