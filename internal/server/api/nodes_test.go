package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// node is a server whose company can have more, on one database.
func node(t *testing.T) *company.Company {
	t.Helper()
	return company.Open(t, company.Options{Database: pg.Private(t)})
}

// until reads events of a stream up to the first of a name.
func until(t *testing.T, l *company.Listener, name string) company.Event {
	t.Helper()
	for {
		if e, err := l.Next(); err != nil {
			t.Fatal(err)
		} else if e.Name == name {
			return e
		}
	}
}

// What is written at one node reaches those who listen at another, under the
// rights they have.
func TestNodesTellOneAnother(t *testing.T) {
	a := node(t)
	role := a.Role("seller", sales())
	a.Member(company.Person{Login: "zhang", Roles: []int64{role}})
	a.Member(company.Person{Login: "li", Roles: []int64{role}})
	b := a.Peer()
	l := b.As("admin").Listen()
	l.Want("meta")
	zhang := a.As("zhang")
	began := time.Now()
	id := zhang.Post("/records/crm.customer", map[string]any{"name": "甲"}).Want(201).Str("id")
	wantRecord(t, l, happened{"crm.customer", id, 1, "create"})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the event took %v", took)
	}
	// li, at the other node, hears of his own only.
	ear := b.As("li").Listen()
	ear.Want("meta")
	zhang.With("If-Match", "*").Patch("/records/crm.customer/"+id, map[string]any{"status": "won"}).Want(200)
	wantRecord(t, l, happened{"crm.customer", id, 2, "update"})
	own := a.As("li").Post("/records/crm.customer", map[string]any{"name": "李的客户"}).Want(201).Str("id")
	wantRecord(t, ear, happened{"crm.customer", own, 1, "create"})
	// And the other way.
	back := a.As("li").Listen()
	back.Want("meta")
	own = b.As("li").Post("/records/crm.customer", map[string]any{"name": "李的第二个"}).Want(201).Str("id")
	wantRecord(t, back, happened{"crm.customer", own, 1, "create"})
}

// Rights that change at one node hold at the other.
func TestNodesFollowRights(t *testing.T) {
	a := node(t)
	role := a.Role("seller", sales())
	zhang := a.Member(company.Person{Login: "zhang", Roles: []int64{role}})
	b := a.Peer()
	there := b.As("zhang")
	there.Get("/records/crm.customer").Want(200)
	there.Get("/records/sales.quote").Want(http.StatusForbidden)
	l := there.Listen()
	l.Want("meta")
	a.Write(func(ctx context.Context, s *records.Session) error {
		_, err := s.Create(ctx, grant.Entity.Name, func(r *record.Record) {
			grant.Fill(r, role, access.Grant{Entity: "catalog.unit", Op: access.Create, Scope: access.All})
		})
		return err
	})
	until(t, l, "meta")
	there.Post("/records/catalog.unit", map[string]any{"code": "xbox", "name": "箱"}).Want(201)

	began := time.Now()
	a.Write(func(ctx context.Context, s *records.Session) error {
		return s.Update(ctx, member.Entity.Name, zhang, func(r *record.Record) { member.Disabled.Set(r, true) })
	})
	l.WantEnd()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a member disabled at the other node listened for %v", took)
	}
}

// A key revoked at one node stops working at the other.
func TestNodesFollowCredentials(t *testing.T) {
	a := node(t)
	a.Member(company.Person{Login: "zhang"})
	b := a.Peer()
	there := b.As("zhang")
	key := there.Get("/me/keys").Want(200).Items()[0]["id"]
	l := there.Listen()
	l.Want("meta")
	began := time.Now()
	a.As("zhang").Do("DELETE", fmt.Sprint("/me/keys/", key), nil).Want(204)
	l.WantEnd()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a key revoked at the other node listened for %v", took)
	}
}

// A field made at one node is at work at the other, with the same metadata;
// changes made at both are kept; so are settings.
func TestNodesFollowTheRegistry(t *testing.T) {
	a := node(t)
	b := a.Peer()
	l := b.As("admin").Listen()
	l.Want("meta")
	field := func(c *company.Company, key string) {
		t.Helper()
		c.As("admin").Post("/customize/entities/crm.customer/fields", map[string]any{"key": key, "type": "text", "label": zh("等级")}).Want(201)
	}
	field(a, "grade")
	version := until(t, l, "meta").Data
	b.As("admin").Post("/records/crm.customer", map[string]any{"name": "甲", "grade": "A"}).Want(201)
	if want := fmt.Sprintf(`{"version":%q}`, b.As("admin").Get("/meta").Str("version")); version != want {
		t.Errorf("meta %s, want %s", version, want)
	}
	ear := a.As("admin").Listen()
	ear.Want("meta")
	field(b, "colour")
	until(t, ear, "meta")
	a.As("admin").Post("/records/crm.customer", map[string]any{"name": "乙", "grade": "A", "colour": "red"}).Want(201)
	// A field that is changed, not added, is followed too.
	a.As("admin").Patch("/customize/entities/crm.customer/fields/grade", map[string]any{"label": zh("级别"), "type": "text"}).Want(200)
	until(t, l, "meta")
	a.As("admin").Patch("/settings", map[string]any{"zone": "Europe/Paris", "name": "巴黎公司"}).Want(200)
	until(t, l, "meta")
	if got := b.App.Dir.Zone().String(); got != "Europe/Paris" {
		t.Errorf("the other node counts in %s", got)
	}
}
