package org_test

import (
	"context"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

func each(t *testing.T, fn func(t *testing.T, c *house.House)) {
	t.Helper()
	house.Each(t, []entity.Module{org.Module()}, fn)
}

// refused holds an error to its message and field; an empty key wants none.
func refused(t *testing.T, what string, err error, key, field string) {
	t.Helper()
	var got *errs.Error
	for e := err; e != nil; {
		if coded, ok := e.(*errs.Error); ok {
			got = coded
			break
		}
		u, ok := e.(interface{ Unwrap() error })
		if !ok {
			break
		}
		e = u.Unwrap()
	}
	switch {
	case key == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case key != "" && (got == nil || got.Key != key || got.Field != field):
		t.Errorf("%s: %v; want %s at %q", what, err, key, field)
	}
}

func dept(name string, parent int64) func(*record.Record) {
	return func(r *record.Record) {
		department.Name.Set(r, name)
		department.Parent.Set(r, parent)
	}
}

func person(name, login string, more ...func(*record.Record)) func(*record.Record) {
	return func(r *record.Record) {
		member.Name.Set(r, name)
		member.Login.Set(r, login)
		for _, m := range more {
			m(r)
		}
	}
}

func asAdmin(r *record.Record) { member.Admin.Set(r, true) }

func TestDepartmentRules(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		top := c.Add("org.department", dept("总部", 0))
		north := c.Add("org.department", dept("华北", top))
		south := c.Add("org.department", dept("华南", top))
		sales := c.Add("org.department", dept("销售部", north))
		create := func(name string, parent int64) error {
			_, err := c.Create("org.department", dept(name, parent))
			return err
		}
		refused(t, "the same name elsewhere", create("销售部", south), "", "")
		refused(t, "the same name below the same parent", create("销售部", north), "error.department_name", "name")
		refused(t, "the same name at the top", create("总部", 0), "error.department_name", "name")
		refused(t, "renamed to a sibling's name", c.Change("org.department", south, dept("华北", top)), "error.department_name", "name")
		refused(t, "moved to where its name is taken", c.Change("org.department", sales, dept("销售部", south)), "error.department_name", "name")
		refused(t, "changed without renaming", c.Change("org.department", sales, func(r *record.Record) { department.Number.Set(r, 7) }), "", "")

		for _, under := range []int64{top, north, sales} {
			refused(t, "a circle", c.Change("org.department", top, dept("总部", under)), "error.department_circle", "parent")
		}
		if got := department.Parent.Get(c.Read("org.department", top)); got != 0 {
			t.Errorf("a refused move was written: parent %d", got)
		}
		refused(t, "a move that makes no circle", c.Change("org.department", south, dept("华南", sales)), "", "")

		drop := func(n int64) error {
			_, _, err := c.Engine.Delete(t.Context(), c.System(), "org.department", n, records.AnyVersion)
			return err
		}
		refused(t, "deleted over others", drop(north), "error.department_below", "")
		works := c.Add("org.department", dept("工程部", top))
		zhang := c.Add("org.member", person("张三", "", func(r *record.Record) { member.Department.Set(r, works) }))
		refused(t, "deleted with members", drop(works), "error.department_members", "")
		refused(t, "moved", c.Change("org.member", zhang, func(r *record.Record) { member.Department.Set(r, top) }), "", "")
		refused(t, "deleted when empty", drop(works), "", "")
	})
}

// Of two records of one write that are well each by itself, and not together,
// the first is written and the second refused.
func TestRulesHoldOverABatch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		a, b := c.Add("org.department", dept("甲", 0)), c.Add("org.department", dept("乙", 0))
		text := func(n int64) string { return id.ID(n).String() }
		second := func(what, name string, ids []int64, fields []map[string]string, key, field string) {
			t.Helper()
			got, err := c.Batch(c.System(), name, ids, fields)
			if err != nil || len(got) != 2 {
				t.Fatalf("%s: %d results, %v", what, len(got), err)
			}
			refused(t, what+": the first", got[0], "", "")
			refused(t, what+": the second", got[1], key, field)
		}
		second("two departments below each other", "org.department", []int64{a, b}, []map[string]string{{"parent": text(b)}, {"parent": text(a)}}, "error.department_circle", "parent")
		second("two departments of one name", "org.department", []int64{0, 0}, []map[string]string{{"name": "丙"}, {"name": "丙"}}, "error.department_name", "name")

		one, two := c.Add("org.member", person("张", "zhang", asAdmin)), c.Add("org.member", person("李", "li", asAdmin))
		second("two members above each other", "org.member", []int64{one, two}, []map[string]string{{"superior": text(two)}, {"superior": text(one)}}, "error.superior_circle", "superior")
		second("both administrators unmade", "org.member", []int64{one, two}, []map[string]string{{"admin": "no"}, {"admin": "no"}}, "error.last_admin", "admin")
		if member.Admin.Get(c.Read("org.member", one)) || !member.Admin.Get(c.Read("org.member", two)) {
			t.Error("what was written is not what was answered")
		}
	})
}

// What is moved while another lies in the recycle bin may not close a circle
// when that comes back.
func TestRestoringMakesNoCircle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		under := func(s int64) func(*record.Record) {
			return func(r *record.Record) { member.Superior.Set(r, s) }
		}
		top := c.Add("org.member", person("上", "top", asAdmin))
		mid := c.Add("org.member", person("中", "", under(top)))
		low := c.Add("org.member", person("下", "", under(mid)))
		if _, _, err := c.Engine.Delete(t.Context(), c.System(), "org.member", mid, records.AnyVersion); err != nil {
			t.Fatal(err)
		}
		refused(t, "moved below one whose superior is deleted", c.Change("org.member", top, under(low)), "", "")
		back := func() error { return c.Engine.Restore(t.Context(), c.System(), "org.member", mid) }
		refused(t, "a circle that comes back", back(), "error.superior_circle", "superior")
		refused(t, "moved away", c.Change("org.member", top, under(0)), "", "")
		refused(t, "restored", back(), "", "")
		c.Load()
		if n := len(c.Dir.Subordinates(top)); n != 2 {
			t.Errorf("%d subordinates, want 2", n)
		}
	})
}

func TestLogins(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		c.Add("org.member", person("管理员", "admin", asAdmin))
		zhang := c.Add("org.member", person("张三", "  Zhang.San "))
		r := c.Read("org.member", zhang)
		if member.Login.Get(r) != "zhang.san" || member.Disabled.Get(r) {
			t.Errorf("login %q, disabled %v", member.Login.Get(r), member.Disabled.Get(r))
		}
		_, err := c.Create("org.member", person("张三丰", "ZHANG.SAN"))
		refused(t, "a login twice", err, "error.unique", "login")
		for _, login := range []string{"张三", "a@b.cn", "a-b_c+1"} {
			_, err := c.Create("org.member", person("某人", login))
			refused(t, login, err, "", "")
		}
		for _, login := range []string{"two words", "a/b", "a\"b", "名，字"} {
			_, err := c.Create("org.member", person("某人", login))
			refused(t, login, err, "error.login", "login")
		}
		_, err = c.Create("org.member", person("某人", "zoned", func(r *record.Record) { member.Zone.Set(r, "Mars/Olympus") }))
		refused(t, "a zone that is none", err, "error.zone", "zone")
	})
}

func TestMembersWithoutLoginAreDisabled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		boss := c.Add("org.member", person("管理员", "admin", asAdmin))
		ding := c.Add("org.member", person("丁", ""))
		disabled := func() bool { return member.Disabled.Get(c.Read("org.member", ding)) }
		if !disabled() {
			t.Error("a member without a login is not disabled")
		}
		admin := c.As(boss)
		refused(t, "enabled without a login", c.Act(admin, "org.member", "enable", ding), "error.member_login", "login")
		refused(t, "given a login", c.Change("org.member", ding, func(r *record.Record) { member.Login.Set(r, "ding") }), "", "")
		if !disabled() {
			t.Error("a login alone enables")
		}
		refused(t, "enabled", c.Act(admin, "org.member", "enable", ding), "", "")
		if disabled() {
			t.Error("enabled and still disabled")
		}
		refused(t, "disabled", c.Act(admin, "org.member", "disable", ding), "", "")
		if !disabled() {
			t.Error("disabled and still enabled")
		}
		refused(t, "enabled again", c.Act(admin, "org.member", "enable", ding), "", "")
		refused(t, "without its login", c.Change("org.member", ding, func(r *record.Record) { member.Login.Clear(r) }), "", "")
		if !disabled() {
			t.Error("a member who lost the login is not disabled")
		}
	})
}

// A member without a login is given one of his mail address or his name.
func TestALoginIsGiven(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		admin := c.As(c.Add("org.member", person("管理员", "zhangwei", asAdmin)))
		mail := func(s string) func(*record.Record) { return func(r *record.Record) { member.Email.Set(r, s) } }
		for _, x := range []struct {
			name, login, want string
			more              func(*record.Record)
		}{
			{"王芳", "", "wang.fang", mail("Wang.Fang@acme.example")}, {"周勇", "", "zhouyong", mail("")}, {"张伟", "", "zhangwei2", mail("")},
			{"张伟", "", "zhangwei3", mail("")}, {"（）", "", "user", mail("")}, {"李娜", "li.na", "li.na", mail("other@acme.example")},
		} {
			one := c.Add("org.member", person(x.name, x.login, x.more))
			refused(t, x.name, c.Act(admin, "org.member", "give_login", one), "", "")
			if r := c.Read("org.member", one); member.Login.Get(r) != x.want || member.Disabled.Get(r) {
				t.Errorf("%s is %q, disabled %v, want %q", x.name, member.Login.Get(r), member.Disabled.Get(r), x.want)
			}
		}
	})
}

func TestAnAdministratorRemains(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		one := c.Add("org.member", person("一", "one", asAdmin))
		c.Add("org.member", person("无名", "", asAdmin)) // cannot sign in: does not count
		admin := c.As(one)
		drop := func() error {
			_, _, err := c.Engine.Delete(t.Context(), admin, "org.member", one, records.AnyVersion)
			return err
		}
		unmake := func() error {
			return c.Change("org.member", one, func(r *record.Record) { member.Admin.Set(r, false) })
		}
		refused(t, "unmade", unmake(), "error.last_admin", "admin")
		refused(t, "disabled", c.Act(admin, "org.member", "disable", one), "error.last_admin", "admin")
		refused(t, "deleted", drop(), "error.last_admin", "admin")
		refused(t, "without login", c.Change("org.member", one, func(r *record.Record) { member.Login.Clear(r) }), "error.last_admin", "admin")
		two := c.Add("org.member", person("二", "two", asAdmin))
		refused(t, "unmade beside another", unmake(), "", "")
		refused(t, "disabled, the other one", c.Act(c.As(two), "org.member", "disable", two), "error.last_admin", "admin")
	})
}

func TestReportingLineHasNoCircle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		under := func(s int64) func(*record.Record) {
			return func(r *record.Record) { member.Superior.Set(r, s) }
		}
		top := c.Add("org.member", person("总", "top", asAdmin))
		last := top
		for range 20 {
			last = c.Add("org.member", person("下属", "", under(last)))
		}
		refused(t, "a circle", c.Change("org.member", top, under(last)), "error.superior_circle", "superior")
		refused(t, "himself", c.Change("org.member", top, under(top)), "error.superior_circle", "superior")
		if n := len(c.Dir.Subordinates(top)); n != 20 {
			t.Errorf("%d subordinates, want 20", n)
		}
	})
}

// However wide the grants of a role, who may do what stays with the administrators.
func TestOnlyAdministratorsChangeRights(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		boss := c.Add("org.member", person("管理员", "admin", asAdmin))
		hr := c.Add("org.role", func(r *record.Record) { role.Name.Set(r, "人事") })
		for _, op := range access.Ops() {
			c.Add("org.grant", func(r *record.Record) {
				grant.Fill(r, hr, access.Grant{Entity: "*", Op: op, Scope: access.All})
			})
		}
		clerk := c.Add("org.member", person("小王", "wang", func(r *record.Record) { member.Roles.Set(r, ids(hr)) }))
		place := c.Add("org.department", dept("总部", 0))
		text := func(n int64) string { return id.ID(n).String() }
		try := func(who int64, name string, n int64, fields map[string]string) error {
			if n == 0 {
				_, err := c.Engine.Create(t.Context(), c.As(who), name, c.Inputs(name, fields), false)
				return err
			}
			_, err := c.Engine.Update(t.Context(), c.As(who), name, n, records.AnyVersion, c.Inputs(name, fields))
			return err
		}
		for _, step := range []struct {
			what   string
			entity string
			id     int64
			fields map[string]string
		}{
			{"makes himself administrator", "org.member", clerk, map[string]string{"admin": "yes"}},
			{"takes a role", "org.member", clerk, map[string]string{"roles": ""}},
			{"moves to a department", "org.member", clerk, map[string]string{"department": text(place)}},
			{"becomes a superior", "org.member", boss, map[string]string{"superior": text(clerk)}},
			{"takes another's login", "org.member", boss, map[string]string{"login": "mine"}},
			{"makes a member", "org.member", 0, map[string]string{"name": "新人", "login": "new"}},
			{"makes a role", "org.role", 0, map[string]string{"name": "新角色"}},
			{"makes a grant", "org.grant", 0, map[string]string{"role": text(hr), "entity": "*", "operation": "read", "scope": "all"}},
			{"makes a field right", "org.field_right", 0, map[string]string{"role": text(hr), "entity": "org.member", "field": "phone", "level": "write"}},
			{"renames a department", "org.department", place, map[string]string{"name": "别处"}},
			{"makes a position", "org.position", 0, map[string]string{"name": "总裁"}},
		} {
			refused(t, "a clerk "+step.what, try(clerk, step.entity, step.id, step.fields), "error.admin_only", "")
			if step.id != clerk { // who must stay the clerk he is
				refused(t, "an administrator "+step.what, try(boss, step.entity, step.id, step.fields), "", "")
			}
		}
		// Facts about people are for everybody with the right.
		refused(t, "a clerk mends a phone", try(clerk, "org.member", boss, map[string]string{"phone": "13800138000", "title": "经理"}), "", "")
		if _, _, err := c.Engine.Delete(t.Context(), c.As(clerk), "org.role", hr, records.AnyVersion); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a clerk deletes a role: %v", err)
		}
	})
}

func TestGrantRules(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		of := c.Add("org.role", func(r *record.Record) { role.Name.Set(r, "甲") })
		try := func(g access.Grant) error {
			_, err := c.Create("org.grant", func(r *record.Record) { grant.Fill(r, of, g) })
			return err
		}
		for _, on := range []string{"*", "crm.*", "crm.customer", "x.city2"} {
			refused(t, on, try(access.Grant{Entity: on, Op: access.Read, Scope: access.All}), "", "")
		}
		for _, on := range []string{"crm", "crm.", "*.customer", "crm.cust*", "Crm.customer", "crm.customer ", "客户"} {
			refused(t, on, try(access.Grant{Entity: on, Op: access.Read, Scope: access.All}), "error.grant_entity", "entity")
		}
		refused(t, "no department chosen", try(access.Grant{Entity: "*", Op: access.Read, Scope: access.Chosen}), "error.grant_departments", "departments")
		refused(t, "an unknown operation", try(access.Grant{Entity: "*", Op: "rule", Scope: access.All}), "error.option", "operation")
		field := func(on, key string) error {
			_, err := c.Create("org.field_right", func(r *record.Record) {
				fieldright.Fill(r, of, access.FieldGrant{Entity: on, Field: key, Level: schema.Read})
			})
			return err
		}
		refused(t, "a field", field("crm.customer", "phone"), "", "")
		refused(t, "a field of a pattern", field("crm.*", "phone"), "error.field_right_entity", "entity")
		if err := field("crm.customer", "phone"); !errs.Is(err, errs.Duplicate) {
			t.Errorf("a field's right twice: %v", err)
		}

		// The role takes its grants along, and brings them back.
		if _, _, err := c.Engine.Delete(t.Context(), c.System(), "org.role", of, records.AnyVersion); err != nil {
			t.Fatal(err)
		}
		left := func() int {
			n := 0
			for _, name := range []string{"org.grant", "org.field_right"} {
				recs, err := c.Engine.All(t.Context(), name)
				if err != nil {
					t.Fatal(err)
				}
				n += len(recs)
			}
			return n
		}
		if n := left(); n != 0 {
			t.Errorf("%d grants are left of a deleted role", n)
		}
		if err := c.Engine.Restore(t.Context(), c.System(), "org.role", of); err != nil {
			t.Fatal(err)
		}
		if n := left(); n != 5 {
			t.Errorf("%d grants came back, want 5", n)
		}
	})
}

func TestStartingRolesAreWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		templates := []entity.RoleTemplate{
			{Code: "boss", Grants: entity.Allow("*", access.All, access.Read, access.Export)},
			{Code: "buyer", Grants: entity.Allow("catalog.*", access.All, access.Read), Fields: []access.FieldGrant{{Entity: "org.member", Field: "birthday", Level: schema.Hidden}}},
		}
		var made map[string]int64
		err := c.Write(c.System(), func(s *records.Session) (err error) {
			made, err = org.CreateRoles(context.Background(), s, templates, func(key string) string { return c.Words.Text("zh-CN", key, nil) })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		zhou := c.Add("org.member", person("周", "zhou", func(r *record.Record) { member.Roles.Set(r, ids(made["boss"], made["buyer"])) }))
		m, _ := c.Dir.Member(zhou)
		if len(m.Grants) != 3 || len(m.Fields) != 1 || m.Fields[0].Role != made["buyer"] {
			t.Errorf("grants %+v, field rights %+v", m.Grants, m.Fields)
		}
		if got, _ := c.Dir.Label("org.role", made["boss"]); got != "老板" {
			t.Errorf("the boss is called %q", got)
		}
		if !c.As(zhou).May(c.Engine.Registry.State().Entity("org.grant"), access.Read) {
			t.Error("the boss may not read")
		}
	})
}
