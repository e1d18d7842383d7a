package demo

import (
	"context"
	"fmt"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/branch"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/group"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/position"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/modules/org/team"
)

// Boss is the name and login of the administrator.
func Boss() (name, login string) { return people()[0].name, people()[0].login }

// Logins lists the members' logins in the order in which Write gives their ids.
func Logins() []string {
	var out []string
	for _, p := range people() {
		out = append(out, p.login)
	}
	return out
}

// NameOf is the name of the member at a place of Logins.
func NameOf(i int) string { return people()[i].name }

// frame are the ids of what members are placed in, by name; roles by code.
type frame struct{ depts, positions, branches, roles map[string]int64 }

// company writes departments, positions, branches and members, and then who
// heads what.
func (w *Writer) company(ctx context.Context) error {
	err := w.Engine.InTx(ctx, w.Actor, func(s *records.Session) error {
		f, err := writeFrame(ctx, s)
		if err != nil {
			return err
		}
		w.ids.depts, w.ids.positions = f.depts, f.positions
		for i, p := range people() {
			if err := w.person(ctx, s, f, i, p); err != nil {
				return err
			}
		}
		return w.heads(ctx, s, f)
	})
	if err != nil {
		return err
	}
	w.done += len(people())
	w.Progress(w.done, w.total)
	return w.Reload(ctx)
}

func writeFrame(ctx context.Context, s *records.Session) (f frame, err error) {
	f = frame{map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}}
	for i, d := range depts() {
		if f.depts[d.name], err = s.Create(ctx, department.Entity.Name, func(r *record.Record) {
			department.Name.Set(r, d.name)
			department.Parent.Set(r, f.depts[d.above])
			department.Number.Set(r, int64(10*(i+1)))
		}); err != nil {
			return f, err
		}
	}
	for _, p := range positions() {
		if f.positions[p.name], err = s.Create(ctx, position.Entity.Name, func(r *record.Record) {
			position.Name.Set(r, p.name)
			position.Level.Set(r, p.level)
		}); err != nil {
			return f, err
		}
	}
	for i, b := range branches() {
		if f.branches[b.name], err = s.Create(ctx, branch.Entity.Name, func(r *record.Record) {
			branch.Name.Set(r, b.name)
			branch.Kind.Set(r, b.kind)
			branch.Region.Set(r, b.region)
			branch.Address.Set(r, b.address)
			if i > 0 {
				branch.Parent.Set(r, f.branches[seat])
			}
		}); err != nil {
			return f, err
		}
	}
	for _, p := range people() {
		if f.roles[p.role] != 0 {
			continue
		}
		found, err := s.Find(ctx, role.Entity.Name, entity.Is(role.Code, p.role), 1)
		if err != nil {
			return f, err
		}
		if len(found) > 0 {
			f.roles[p.role] = found[0].ID()
		}
	}
	return f, nil
}

func (w *Writer) person(ctx context.Context, s *records.Session, f frame, i int, p person) (err error) {
	fill := func(r *record.Record) {
		member.Name.Set(r, p.name)
		member.Login.Set(r, p.login)
		member.EmployeeNo.Set(r, fmt.Sprintf("YS%03d", i+1))
		member.Email.Set(r, p.login+"@example.com")
		member.Gender.Set(r, p.gender)
		member.Extension.Set(r, p.extension)
		member.Department.Set(r, f.depts[p.dept])
		member.Position.Set(r, f.positions[p.position])
		member.Branch.Set(r, f.branches[p.branch])
		if p.above >= 0 {
			member.Superior.Set(r, w.ids.members[p.above])
		}
		if n := f.roles[p.role]; n != 0 {
			member.Roles.Set(r, []record.Value{record.Int(n)})
		}
	}
	if i == 0 {
		return s.Update(ctx, member.Entity.Name, w.ids.members[0], fill)
	}
	w.ids.members[i], err = s.Create(ctx, member.Entity.Name, fill)
	return err
}

// heads sets the heads of departments and branches, and makes the groups.
func (w *Writer) heads(ctx context.Context, s *records.Session, f frame) error {
	headed := map[string]bool{}
	for i, p := range people() { // the first of a department is its head
		if headed[p.dept] {
			continue
		}
		headed[p.dept] = true
		if err := s.Update(ctx, department.Entity.Name, f.depts[p.dept], func(r *record.Record) { department.Head.Set(r, w.ids.members[i]) }); err != nil {
			return err
		}
	}
	for name, head := range map[string]int{seat: 0, beijing: 4, shenzen: 5} {
		if err := s.Update(ctx, branch.Entity.Name, f.branches[name], func(r *record.Record) { branch.Head.Set(r, w.ids.members[head]) }); err != nil {
			return err
		}
	}
	for _, t := range groups() {
		if _, err := s.Create(ctx, group.Entity.Name, func(r *record.Record) {
			group.Name.Set(r, t.name)
			group.Leader.Set(r, w.ids.members[t.leader])
			group.Members.Set(r, w.several(t.members))
		}); err != nil {
			return err
		}
	}
	for _, t := range projectTeams() {
		if _, err := s.Create(ctx, team.Entity.Name, func(r *record.Record) {
			team.Name.Set(r, t.name)
			team.Leader.Set(r, w.ids.members[t.leader])
			team.Members.Set(r, w.several(t.members))
		}); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) several(places []int) (out []record.Value) {
	for _, i := range places {
		out = append(out, record.Int(w.ids.members[i]))
	}
	return out
}
