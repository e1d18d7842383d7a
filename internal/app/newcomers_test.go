package app_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// An installation of a version without sales is given what they start with,
// once: what is taken away afterwards stays away.
func TestNewModulesBringTheirBeginnings(t *testing.T) {
	c := company.Open(t, company.Options{})
	count := func(c *company.Company, name string) int {
		return len(c.As("admin").Get("/records/" + name + "?limit=200").Items())
	}
	before, stages := count(c, "org.grant"), count(c, "sales.stage")
	c.Write(func(ctx context.Context, s *records.Session) error { // as it was before there were sales
		for _, name := range []string{"sales.stage", "sales.pipeline"} {
			list, err := s.Find(ctx, name, nil, 100)
			if err != nil {
				return err
			}
			for _, r := range list {
				if err := s.Delete(ctx, name, r.ID()); err != nil {
					return err
				}
			}
		}
		roles, err := s.Find(ctx, role.Entity.Name, entity.Is(role.Code, "finance"), 1)
		if err != nil || len(roles) == 0 {
			return fmt.Errorf("the role of finance: %v, %w", roles, err)
		}
		list, err := s.Find(ctx, grant.Entity.Name, nil, 1000)
		if err != nil {
			return err
		}
		for _, r := range list {
			if e := grant.On.Get(r); strings.HasPrefix(e, "sales.") || strings.HasPrefix(e, "finance.") || strings.HasPrefix(e, "targets.") || grant.Role.Get(r) == roles[0].ID() {
				if err := s.Delete(ctx, grant.Entity.Name, r.ID()); err != nil {
					return err
				}
			}
		}
		if err := s.Delete(ctx, role.Entity.Name, roles[0].ID()); err != nil {
			return err
		}
		return c.App.Customize.KeepModules(ctx, s.Tx(), nil)
	})
	if n := count(c, "org.grant"); n >= before {
		t.Fatalf("%d grants of %d are left: the test takes nothing away", n, before)
	}
	receive(t, c)
	if n := count(c, "sales.stage"); n != stages {
		t.Errorf("%d stages, want %d", n, stages)
	}
	if n := count(c, "org.grant"); n != before {
		t.Errorf("%d grants, want %d", n, before)
	}
	if receive(t, c); count(c, "org.grant") != before || count(c, "sales.stage") != stages {
		t.Error("they came twice")
	}
}

// An installation of a version whose modules knew fewer entities is given the
// share of those that came, and nothing else again.
func TestNewEntitiesBringTheirShare(t *testing.T) {
	c := company.Open(t, company.Options{})
	grants := func(of string) int {
		return len(c.As("admin").Get("/records/org.grant?limit=200&filter=" + url.QueryEscape(fmt.Sprintf("entity == %q", of))).Items())
	}
	takeAway := func(of string) {
		c.Write(func(ctx context.Context, s *records.Session) error {
			list, err := s.Find(ctx, grant.Entity.Name, entity.Is(grant.On, of), 100)
			for i := 0; i < len(list) && err == nil; i++ {
				err = s.Delete(ctx, grant.Entity.Name, list[i].ID())
			}
			return err
		})
	}
	before := grants("finance.interest")
	if before == 0 {
		t.Fatal("no role is given anything of interest: the test shows nothing")
	}
	takeAway("finance.interest")
	takeAway("finance.invoice") // known before: what an administrator took away stays away
	c.Write(func(ctx context.Context, s *records.Session) error {
		return c.App.Customize.KeepModules(ctx, s.Tx(), []string{"org", "catalog", "crm", "work", "sales", "finance", "targets", "analysis"})
	})
	receive(t, c)
	if n := grants("finance.interest"); n != before {
		t.Errorf("%d grants of the entity that came, want %d", n, before)
	}
	if n := grants("finance.invoice"); n != 0 {
		t.Errorf("%d grants came back that were taken away", n)
	}
	takeAway("finance.interest")
	receive(t, c)
	if n := grants("finance.interest"); n != 0 {
		t.Errorf("%d grants came twice", n)
	}
}

// receive does what the next start does.
func receive(t *testing.T, c *company.Company) {
	t.Helper()
	if err := c.App.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.App.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
}
