package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/sales"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// NeedsSetup says whether the first run is still to be done.
func (a *App) NeedsSetup() bool {
	_, ok, err := a.Customize.Company(context.Background())
	return err == nil && !ok
}

// Setup does the first run (SYS-1): company, administrator, default roles, and
// the recovery passphrase, of which only the public half stays. It is refused
// once it was done.
func (a *App) Setup(ctx context.Context, in api.SetupInput) (string, error) {
	if !a.NeedsSetup() {
		return "", errs.New(errs.Conflict, "error.setup_done")
	}
	c := customize.Company{Name: strings.TrimSpace(in.Company), Currency: in.Currency, Zone: in.Zone, Locale: i18n.Match(in.Locale),
		BackupAt: "02:00", BackupKeep: 14, Installation: a.IDs.Next().String()}
	if c.Currency == "" {
		c.Currency = "CNY"
	}
	// The browser says the zone, nobody is asked for it: one that is not known is no reason to refuse.
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" {
		c.Zone = "Asia/Shanghai"
	}
	if err := c.Check(); err != nil {
		return "", asAsked(err)
	}
	in.Login = strings.ToLower(strings.TrimSpace(in.Login))
	var missing []*errs.Error
	if in.Login == "" {
		missing = append(missing, errs.New(errs.Invalid, "error.required").At("login"))
	}
	if strings.TrimSpace(in.Name) == "" {
		missing = append(missing, errs.New(errs.Invalid, "error.required").At("name"))
	}
	if err := errs.Join(missing); err != nil {
		return "", err
	}
	hash, err := a.Sessions.Prepare(ctx, session.Member{Login: in.Login, Name: in.Name}, in.Password)
	if err != nil {
		return "", err
	}
	passphrase := secrets.NewPassphrase(nil)
	if c.Recipient, err = secrets.RecipientFor(passphrase, c.Installation); err != nil {
		return "", err
	}
	err = a.Engine.InTx(ctx, access.System("first run"), func(s *records.Session) error {
		if err := s.Guard(ctx, customize.CompanyGuard); err != nil {
			return err
		}
		if _, done, err := customize.ReadCompany(ctx, s.Tx()); err != nil {
			return err
		} else if done { // by somebody at the same time
			return errs.New(errs.Conflict, "error.setup_done")
		}
		if err := a.Customize.SaveCompany(ctx, s.Tx(), c); err != nil {
			return err
		}
		if err := a.Customize.KeepModules(ctx, s.Tx(), beginnings()); err != nil {
			return err
		}
		text := func(key string) string { return a.Texts.Text(c.Locale, key, nil) }
		if _, err := org.CreateRoles(ctx, s, entity.Roles(Modules()...), text); err != nil {
			return err
		}
		if err := catalog.CreateFirst(ctx, s, c.Currency, text); err != nil {
			return err
		}
		if err := sales.CreateFirst(ctx, s, text); err != nil {
			return err
		}
		admin, err := s.Create(ctx, schema.MemberEntity, func(r *record.Record) {
			member.Login.Set(r, in.Login)
			member.Name.Set(r, strings.TrimSpace(in.Name))
			member.Admin.Set(r, true)
		})
		if err != nil {
			return err
		}
		return a.Sessions.StorePassword(ctx, s.Tx(), id.ID(admin), hash, session.PasswordOptions{By: id.ID(admin)})
	})
	if err != nil {
		return "", err
	}
	return passphrase, a.Reload(ctx)
}

// asAsked names what is wrong with the company as the first run asks for it:
// "name" is the administrator's there.
func asAsked(err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		for _, one := range append([]*errs.Error{e}, e.Sub...) {
			if one.Field == "name" {
				one.Field = "company"
			}
		}
	}
	return err
}

// Health is the state of the installation.
func (a *App) Health(ctx context.Context) api.Health {
	c, _, err := a.Customize.Company(ctx)
	h := api.Health{Status: "ok", Version: a.Version, Database: string(a.DB.Dialect()), KeyBesideData: a.Keys.Source().BesideData,
		HasRecovery: c.Recipient != "", SkippedOverlays: a.Registry.State().Skipped}
	if at := a.lastBackup(ctx); !at.IsZero() {
		h.LastBackup = at.Format(time.RFC3339)
	}
	if err != nil {
		h.Status = "failing"
	}
	return h
}
