package org

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/position"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
)

// Source reads every live record of an entity, many-valued fields included.
type Source interface {
	All(ctx context.Context, entity string) ([]*record.Record, error)
}

// Sources lists the entities that Load reads: after a write to any of them the
// directory is to be loaded anew.
func Sources() []string {
	return []string{schema.MemberEntity, schema.DepartmentEntity, position.Entity.Name, role.Entity.Name, grant.Entity.Name, fieldright.Entity.Name}
}

// Directory keeps the company in memory: who is where, who reports to whom,
// what each may do. Readers see one consistent state and never wait. It
// implements access.Directory and what the engine asks beyond it.
type Directory struct {
	cur  atomic.Pointer[company]
	zone atomic.Pointer[time.Location]
	coin atomic.Pointer[string] // code of the company's currency
	name atomic.Pointer[string] // of the company, in short
	load sync.Mutex
}

// NewDirectory makes a directory of nobody, in UTC.
func NewDirectory() *Directory {
	d := &Directory{}
	d.cur.Store(&company{})
	d.zone.Store(time.UTC)
	return d
}

// Load reads the company anew and raises the version; on an error the old
// state stays.
func (d *Directory) Load(ctx context.Context, src Source) error {
	d.load.Lock()
	defer d.load.Unlock()
	all := map[string][]*record.Record{}
	for _, name := range Sources() {
		recs, err := src.All(ctx, name)
		if err != nil {
			return err
		}
		all[name] = recs
	}
	d.cur.Store(newCompany(d.Version()+1, all))
	return nil
}

// SetZone sets the company's time zone, from its settings; nil means UTC.
func (d *Directory) SetZone(zone *time.Location) {
	if zone == nil {
		zone = time.UTC
	}
	d.zone.Store(zone)
}

// SetCurrency sets the company's own currency, from its settings.
func (d *Directory) SetCurrency(code string) { d.coin.Store(&code) }

// Currency is the code of the company's own currency, "" before it is set.
func (d *Directory) Currency() string {
	if c := d.coin.Load(); c != nil {
		return *c
	}
	return ""
}

// SetName sets what the company is called in short, from its settings.
func (d *Directory) SetName(name string) { d.name.Store(&name) }

// Name is what the company is called in short, "" before it is set.
func (d *Directory) Name() string {
	if n := d.name.Load(); n != nil {
		return *n
	}
	return ""
}

// Zone is the company's time zone.
func (d *Directory) Zone() *time.Location { return d.zone.Load() }

// Version is how often the directory was loaded.
func (d *Directory) Version() int64 { return d.cur.Load().version }

// Member finds a member, disabled ones too. The result must not be changed.
func (d *Directory) Member(id int64) (*access.Member, bool) {
	m, ok := d.cur.Load().members[id]
	return m, ok
}

// MemberByLogin finds who signs in with a login, in any case; disabled ones too.
func (d *Directory) MemberByLogin(login string) (access.Member, bool) {
	m, ok := d.cur.Load().logins[member.NormalLogin(login)]
	if !ok {
		return access.Member{}, false
	}
	return *m, true
}

// Administrators names those who can sign in as administrators, by name.
func (d *Directory) Administrators() []string {
	var out []string
	for _, m := range d.cur.Load().members {
		if m.Admin && !m.Disabled {
			out = append(out, m.Name)
		}
	}
	slices.Sort(out)
	return out
}

// Label is the name of a member, department, position or role; false for
// other entities and for records that are gone.
func (d *Directory) Label(entity string, id int64) (string, bool) {
	c := d.cur.Load()
	switch entity {
	case schema.MemberEntity:
		if m, ok := c.members[id]; ok {
			return m.Name, true
		}
		return "", false
	case schema.DepartmentEntity:
		s, ok := c.departments[id]
		return s, ok
	}
	s, ok := c.names[place{entity, id}]
	return s, ok
}

// Subordinates lists everybody below a member on the reporting line, nearest
// first. The result must not be changed.
func (d *Directory) Subordinates(id int64) []int64 {
	c := d.cur.Load()
	return c.lines.below(c.reports, id)[1:]
}

// Tree lists a department and every one below it, itself first. The result
// must not be changed.
func (d *Directory) Tree(dept int64) []int64 {
	c := d.cur.Load()
	return c.trees.below(c.children, dept)
}

// place names a record of any entity.
type place struct {
	entity string
	id     int64
}

// company is one state of the directory. It is not changed once it is made,
// apart from the answers about trees, which are kept when first asked for.
type company struct {
	version     int64
	members     map[int64]*access.Member
	logins      map[string]*access.Member
	departments map[int64]string
	names       map[place]string // of positions and roles
	reports     map[int64][]int64
	children    map[int64][]int64
	lines       closures
	trees       closures
}

func newCompany(version int64, all map[string][]*record.Record) *company {
	members := all[schema.MemberEntity]
	c := &company{version: version, members: make(map[int64]*access.Member, len(members)), logins: make(map[string]*access.Member, len(members)),
		departments: map[int64]string{}, names: map[place]string{}, reports: map[int64][]int64{}, children: map[int64][]int64{}}
	for _, r := range all[schema.DepartmentEntity] {
		c.departments[r.ID()] = department.Name.Get(r)
		if p := department.Parent.Get(r); p != 0 {
			c.children[p] = append(c.children[p], r.ID())
		}
	}
	for _, r := range all[position.Entity.Name] {
		c.names[place{position.Entity.Name, r.ID()}] = position.Name.Get(r)
	}
	roles := newRoles(all)
	for id, r := range roles {
		c.names[place{role.Entity.Name, id}] = r.name
	}
	for _, r := range members {
		c.add(r, roles)
	}
	return c
}

// roleRights is a role with all it grants.
type roleRights struct {
	name   string
	grants []access.Grant
	fields []access.FieldGrant
}

func newRoles(all map[string][]*record.Record) map[int64]*roleRights {
	out := map[int64]*roleRights{}
	for _, r := range all[role.Entity.Name] {
		out[r.ID()] = &roleRights{name: role.Name.Get(r)}
	}
	for _, r := range all[grant.Entity.Name] {
		if of := out[grant.Role.Get(r)]; of != nil {
			of.grants = append(of.grants, grant.Of(r))
		}
	}
	for _, r := range all[fieldright.Entity.Name] {
		if of := out[fieldright.Role.Get(r)]; of != nil {
			of.fields = append(of.fields, fieldright.Of(r))
		}
	}
	return out
}

func (c *company) add(r *record.Record, roles map[int64]*roleRights) {
	m := &access.Member{ID: r.ID(), Login: member.Login.Get(r), Name: member.Name.Get(r), Admin: member.Admin.Get(r),
		Disabled: member.Disabled.Get(r) || member.Login.Get(r) == ""}
	if main := member.Department.Get(r); main != 0 {
		m.Depts = append(m.Depts, main)
	}
	for _, v := range member.Departments.Get(r) {
		if d := v.Int(); d != member.Department.Get(r) {
			m.Depts = append(m.Depts, d)
		}
	}
	for _, v := range member.Roles.Get(r) {
		of := roles[v.Int()]
		if of == nil {
			continue // deleted: it grants nothing any more, nor is it a role without limits
		}
		m.Roles = append(m.Roles, v.Int())
		m.Grants = append(m.Grants, of.grants...)
		m.Fields = append(m.Fields, of.fields...)
	}
	c.members[m.ID] = m
	if m.Login != "" {
		c.logins[m.Login] = m
	}
	if s := member.Superior.Get(r); s != 0 {
		c.reports[s] = append(c.reports[s], m.ID)
	}
}

// closures keeps what lies below each node of a tree, worked out when first
// asked for. The zero value is ready.
type closures struct {
	mu   sync.RWMutex
	kept map[int64][]int64
}

// below lists a node and everything below it, level by level. A circle, which
// the rules refuse, is walked once.
func (k *closures) below(children map[int64][]int64, root int64) []int64 {
	k.mu.RLock()
	out := k.kept[root]
	k.mu.RUnlock()
	if out != nil {
		return out
	}
	seen := map[int64]bool{root: true}
	out = []int64{root}
	for i := 0; i < len(out); i++ {
		for _, n := range children[out[i]] {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	if len(out) == 1 && len(children[root]) == 0 {
		return out // a leaf, or nothing at all: not worth keeping
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil {
		k.kept = map[int64][]int64{}
	}
	k.kept[root] = out
	return out
}
