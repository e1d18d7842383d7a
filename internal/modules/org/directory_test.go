package org_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/position"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
)

// The directory is what the rights layer takes.
var _ access.Directory = (*org.Directory)(nil)

// people is a company written down in a test.
type people struct {
	t    testing.TB
	st   *entity.State
	recs map[string][]*record.Record
	err  error
}

func newPeople(t testing.TB) *people {
	t.Helper()
	reg, err := entity.NewRegistry(func(string) map[string]string { return nil }, org.Module().Entities)
	if err != nil {
		t.Fatal(err)
	}
	return &people{t: t, st: reg.State(), recs: map[string][]*record.Record{}}
}

func (p *people) All(_ context.Context, name string) ([]*record.Record, error) {
	return p.recs[name], p.err
}

func (p *people) add(name string, id int64, fill func(*record.Record)) {
	r := record.New(p.st.Entity(name).Shape)
	r.SetAt(record.SlotID, record.Int(id))
	fill(r)
	p.recs[name] = append(p.recs[name], r)
}

func (p *people) dept(id, parent int64) {
	p.add(schema.DepartmentEntity, id, func(r *record.Record) {
		department.Name.Set(r, "部门"+strconv.FormatInt(id, 10))
		department.Parent.Set(r, parent)
	})
}

func (p *people) member(id, superior int64, more func(*record.Record)) {
	p.add(schema.MemberEntity, id, func(r *record.Record) {
		member.Name.Set(r, "成员"+strconv.FormatInt(id, 10))
		member.Login.Set(r, "m"+strconv.FormatInt(id, 10))
		member.Superior.Set(r, superior)
		member.Disabled.Set(r, false)
		if more != nil {
			more(r)
		}
	})
}

func (p *people) load() *org.Directory {
	p.t.Helper()
	d := org.NewDirectory()
	if err := d.Load(context.Background(), p); err != nil {
		p.t.Fatal(err)
	}
	return d
}

func ids(list ...int64) []record.Value { return record.Ints(list).List() }

func sorted(list []int64) []int64 {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

func TestMembersAndLabels(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	p.dept(10, 0)
	p.dept(11, 10)
	p.add("org.position", 20, func(r *record.Record) { position.Name.Set(r, "总监") })
	p.add("org.role", 30, func(r *record.Record) { role.Name.Set(r, "销售") })
	p.member(1, 0, func(r *record.Record) {
		member.Login.Set(r, "boss")
		member.Admin.Set(r, true)
		member.Department.Set(r, 11)
		member.Departments.Set(r, ids(10, 11))
	})
	p.member(2, 1, func(r *record.Record) { member.Login.Clear(r) })
	p.member(3, 1, func(r *record.Record) { member.Disabled.Set(r, true) })
	d := p.load()

	m, ok := d.Member(1)
	if !ok || !m.Admin || m.Disabled || m.Name != "成员1" || !slices.Equal(m.Depts, []int64{11, 10}) {
		t.Errorf("member 1 is %+v", m)
	}
	for _, c := range []struct {
		login string
		id    int64
	}{{"boss", 1}, {" BOSS ", 1}, {"m3", 3}, {"", 0}, {"nobody", 0}} {
		if got, ok := d.MemberByLogin(c.login); got.ID != c.id || ok != (c.id != 0) {
			t.Errorf("login %q is member %d, want %d", c.login, got.ID, c.id)
		}
	}
	for id, disabled := range map[int64]bool{1: false, 2: true, 3: true} {
		if m, _ := d.Member(id); m == nil || m.Disabled != disabled {
			t.Errorf("member %d: disabled is not %v", id, disabled)
		}
	}
	if _, ok := d.Member(99); ok {
		t.Error("member 99 is found")
	}
	for _, c := range []struct {
		entity string
		id     int64
		want   string
	}{
		{"org.member", 1, "成员1"}, {"org.member", 3, "成员3"}, {"org.department", 11, "部门11"}, {"org.position", 20, "总监"},
		{"org.role", 30, "销售"}, {"org.member", 10, ""}, {"org.department", 1, ""}, {"org.role", 20, ""}, {"crm.customer", 1, ""},
	} {
		if got, ok := d.Label(c.entity, c.id); got != c.want || ok != (c.want != "") {
			t.Errorf("label of %s %d is %q, want %q", c.entity, c.id, got, c.want)
		}
	}
}

func TestTreeAndReportingLine(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	for dept, parent := range map[int64]int64{1: 0, 2: 1, 3: 1, 4: 2, 5: 4, 6: 0} {
		p.dept(dept, parent)
	}
	const deep = 3000
	p.member(1, 0, nil)
	for id := int64(2); id <= deep; id++ {
		p.member(id, id-1, nil)
	}
	p.member(9001, 9002, nil) // two who report to each other: refused by the rules, survived here
	p.member(9002, 9001, nil)
	d := p.load()
	for dept, want := range map[int64][]int64{1: {1, 2, 3, 4, 5}, 2: {2, 4, 5}, 5: {5}, 6: {6}, 77: {77}} {
		for range 2 { // worked out, then kept
			if got := d.Tree(dept); got[0] != dept || !slices.Equal(sorted(got), want) {
				t.Errorf("tree of %d is %v, want %v", dept, got, want)
			}
		}
	}
	for id, want := range map[int64]int{1: deep - 1, 2: deep - 2, deep: 0, 8000: 0, 9001: 1} {
		got := d.Subordinates(id)
		if len(got) != want || slices.Contains(got, id) {
			t.Errorf("%d subordinates of %d, want %d", len(got), id, want)
		}
	}
}

func TestRolesAreJoined(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	grants := func(first int64, role int64, list ...access.Grant) {
		for i, g := range list {
			p.add("org.grant", first+int64(i), func(r *record.Record) { grant.Fill(r, role, g) })
		}
	}
	sales := []access.Grant{{Entity: "crm.*", Op: access.Read, Scope: access.Own}, {Entity: "crm.*", Op: access.Update, Scope: access.Own}}
	chief := []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.Chosen, Depts: []int64{4, 5}},
		{Entity: "crm.customer", Op: access.Delete, Scope: access.All, Deny: true}}
	for id, name := range map[int64]string{30: "销售", 31: "主管"} {
		p.add("org.role", id, func(r *record.Record) { role.Name.Set(r, name) })
	}
	grants(100, 30, sales...)
	grants(200, 31, chief...)
	grants(300, 32, access.Grant{Entity: "*", Op: access.Read, Scope: access.All}) // of a deleted role
	for i, level := range []schema.Level{schema.Hidden, schema.Masked, schema.Read, schema.Write} {
		p.add("org.field_right", int64(400+i), func(r *record.Record) {
			fieldright.Fill(r, 31, access.FieldGrant{Entity: "crm.customer", Field: "f" + strconv.Itoa(i), Level: level})
		})
	}
	p.member(1, 0, func(r *record.Record) { member.Roles.Set(r, ids(30, 31)) })
	p.member(2, 1, func(r *record.Record) { member.Roles.Set(r, ids(30, 32)) })
	p.member(3, 1, nil)
	d := p.load()

	m, _ := d.Member(1)
	if want := append(slices.Clone(sales), chief...); !slices.EqualFunc(m.Grants, want, sameGrant) {
		t.Errorf("grants are %+v, want %+v", m.Grants, want)
	}
	if !slices.Equal(m.Roles, []int64{30, 31}) || len(m.Fields) != 4 {
		t.Errorf("roles %v, field rights %+v", m.Roles, m.Fields)
	}
	for i, f := range m.Fields {
		if want := (access.FieldGrant{Role: 31, Entity: "crm.customer", Field: "f" + strconv.Itoa(i), Level: schema.Level(i)}); f != want {
			t.Errorf("field right %+v, want %+v", f, want)
		}
	}
	if m, _ = d.Member(2); !slices.Equal(m.Roles, []int64{30}) || len(m.Grants) != 2 {
		t.Errorf("a deleted role still counts: %v %+v", m.Roles, m.Grants)
	}
	if m, _ = d.Member(3); len(m.Roles)+len(m.Grants)+len(m.Fields) != 0 {
		t.Errorf("a member without roles has %+v", m)
	}
}

func sameGrant(a, b access.Grant) bool {
	return a.Entity == b.Entity && a.Op == b.Op && a.Scope == b.Scope && a.Deny == b.Deny && slices.Equal(a.Depts, b.Depts)
}

// A right is not remembered past a change of the company.
func TestRightsFollowTheDirectory(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	p.add("org.role", 30, func(r *record.Record) { role.Name.Set(r, "人事") })
	p.member(1, 0, func(r *record.Record) { member.Roles.Set(r, ids(30)) })
	d := p.load()
	rights := access.NewRights(d)
	may := func() bool {
		a, ok := rights.Actor(1)
		return ok && a.May(p.st.Entity("org.grant"), access.Read)
	}
	if may() {
		t.Error("without a grant it may be read")
	}
	before := d.Version()
	p.add("org.grant", 100, func(r *record.Record) {
		grant.Fill(r, 30, access.Grant{Entity: "org.*", Op: access.Read, Scope: access.All})
	})
	if may() {
		t.Error("the directory changed without being loaded")
	}
	if err := d.Load(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if d.Version() <= before || !may() {
		t.Errorf("version %d after %d, may read: %v", d.Version(), before, may())
	}
	member.Disabled.Set(p.recs["org.member"][0], true)
	if err := d.Load(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if may() {
		t.Error("a disabled member acts")
	}
}

func TestLoadThatFailsKeepsTheOldState(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	p.member(1, 0, nil)
	d := p.load()
	v := d.Version()
	p.err = errors.New("database away")
	if err := d.Load(t.Context(), p); !errors.Is(err, p.err) {
		t.Errorf("error is %v", err)
	}
	if _, ok := d.Member(1); !ok || d.Version() != v {
		t.Error("the old state is gone")
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	d := org.NewDirectory()
	if d.Zone() != time.UTC {
		t.Errorf("zone of a new directory is %v", d.Zone())
	}
	shanghai := time.FixedZone("CST", 8*3600)
	d.SetZone(shanghai)
	if d.Zone() != shanghai {
		t.Errorf("zone is %v", d.Zone())
	}
	d.SetZone(nil)
	if d.Zone() != time.UTC {
		t.Errorf("zone is %v", d.Zone())
	}
}

// Against the plain definition: somebody is below x when x is among his superiors.
func TestSubordinatesAreThoseWithTheSuperiorAbove(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := newPeople(t)
		n := rapid.IntRange(1, 40).Draw(rt, "members")
		above := make([]int64, n+1)
		for id := 1; id <= n; id++ {
			above[id] = int64(rapid.IntRange(0, id-1).Draw(rt, "superior"))
			p.member(int64(id), above[id], nil)
		}
		d := p.load()
		for x := int64(1); x <= int64(n); x++ {
			var want []int64
			for id := int64(1); id <= int64(n); id++ {
				for s := above[id]; s != 0; s = above[s] {
					if s == x {
						want = append(want, id)
					}
				}
			}
			if got := sorted(d.Subordinates(x)); !slices.Equal(got, want) {
				rt.Fatalf("below %d are %v, want %v", x, got, want)
			}
		}
	})
}

// Readers go on while the company is loaded anew; the race detector listens.
func TestReadersDoNotWait(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	for id := int64(1); id <= 50; id++ {
		p.dept(id, id/2)
		p.member(id, id/2, nil)
	}
	d := p.load()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for id := int64(1); id <= 50; id++ {
				if len(d.Tree(id)) == 0 || id == 1 && len(d.Subordinates(id)) != 49 {
					t.Error("an answer is missing")
				}
				d.Label("org.member", id)
			}
		})
	}
	for range 10 {
		if err := d.Load(t.Context(), p); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if d.Version() != 11 {
		t.Errorf("version is %d after 11 loads", d.Version())
	}
}
