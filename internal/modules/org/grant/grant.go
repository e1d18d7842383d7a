// Package grant declares what a role allows or forbids: an operation on the
// records of an entity within a scope (ORG-2, ORG-3).
package grant

import (
	"context"
	"regexp"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields. On is "module.thing", "module.*" or "*".
var (
	Role   = entity.Ref("role", "org.role").Required().Audited()
	On     = entity.Text("entity", 90).Required().Audited()
	Op     = entity.Choice("operation", ops()...).Coded().Required().Audited()
	Scope  = entity.Choice("scope", scopes()...).Coded().Required().Audited()
	Depts  = entity.Depts("departments").Audited()
	Deny   = entity.Switch("deny").Default("false").Audited()
	Remark = entity.Text("remark", 200)
)

// Entity is org.grant.
var Entity = entity.Def{
	Name:    "org.grant",
	Icon:    "shield",
	Fields:  entity.Fields(Role, On, Op, Scope, Depts, Deny, Remark),
	Title:   On,
	Scopes:  entity.SeenThrough(Role),
	Indexes: []schema.Index{entity.By(Role, On)},
	Hooks:   entity.Hooks{Validate: validate},
	Layout: schema.Layout{
		List: []string{"role", "entity", "operation", "scope", "departments", "deny"},
		Sort: "entity",
		Card: []string{"entity", "operation", "scope"},
		Views: []schema.View{
			{Key: "all", Sort: "entity"},
			{Key: "wide", Filter: `scope == "all" and deny == false`, Sort: "entity"},
			{Key: "denied", Filter: "deny == true", Sort: "entity"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"role", "entity", "operation", "scope", "departments", "deny", "remark"}, Columns: 2}},
	},
}

func ops() []string {
	var out []string
	for _, op := range access.Ops() {
		out = append(out, string(op))
	}
	return out
}

func scopes() []string {
	var out []string
	for _, s := range []access.Scope{access.None, access.Own, access.Subordinates, access.Department, access.Tree, access.Chosen, access.All} {
		out = append(out, string(s))
	}
	return out
}

// Of reads a grant as the rights layer takes it.
func Of(r *record.Record) access.Grant {
	g := access.Grant{Entity: On.Get(r), Op: access.Op(Op.Get(r)), Scope: access.Scope(Scope.Get(r)), Deny: Deny.Get(r)}
	for _, d := range Depts.Get(r) {
		g.Depts = append(g.Depts, d.Int())
	}
	return g
}

// Fill writes a grant into a new record.
func Fill(r *record.Record, role int64, g access.Grant) {
	Role.Set(r, role)
	On.Set(r, g.Entity)
	Op.Set(r, string(g.Op))
	Scope.Set(r, string(g.Scope))
	Deny.Set(r, g.Deny)
	if len(g.Depts) > 0 {
		Depts.Set(r, record.Ints(g.Depts).List())
	}
}

var pattern = regexp.MustCompile(`^(\*|[a-z][a-z0-9]*\.(\*|[a-z][a-z0-9_]*))$`)

func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if err := admin.Only(c); err != nil || c.After == nil {
		return err
	}
	switch {
	case !pattern.MatchString(On.Get(c.After)):
		return errs.New(errs.Invalid, "error.grant_entity", "value", On.Get(c.After)).At(On.Key())
	case access.Scope(Scope.Get(c.After)) == access.Chosen && len(Depts.Get(c.After)) == 0:
		return errs.New(errs.Invalid, "error.grant_departments").At(Depts.Key())
	}
	return nil
}
