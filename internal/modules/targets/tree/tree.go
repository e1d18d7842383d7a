// Package tree is the company's departments and members as figures are added up
// along them.
package tree

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
)

// Tree is the departments by what they lie in, and the members by department.
type Tree struct {
	above  map[int64]int64
	below  map[int64][]int64 // 0 holds those at the top
	people map[int64][]int64
	dept   map[int64]int64
}

// Read reads the tree. Everybody sees the company's structure.
func Read(ctx context.Context, q entity.Sums) (*Tree, error) {
	t := &Tree{above: map[int64]int64{}, below: map[int64][]int64{}, people: map[int64][]int64{}, dept: map[int64]int64{}}
	rows, _, err := q.Sum(ctx, entity.Sum{Entity: schema.DepartmentEntity, Group: []string{department.Parent.Key(), department.Number.Key(), "id"}})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		parent, id := row[0].Int(), row[2].Int()
		t.above[id] = parent
		t.below[parent] = append(t.below[parent], id)
	}
	rows, _, err = q.Sum(ctx, entity.Sum{Entity: schema.MemberEntity, Group: []string{member.Department.Key(), "id"}})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		t.people[row[0].Int()] = append(t.people[row[0].Int()], row[1].Int())
		t.dept[row[1].Int()] = row[0].Int()
	}
	return t, nil
}

// Below are the departments right below one, 0 for those at the top.
func (t *Tree) Below(dept int64) []int64 { return t.below[dept] }

// Members are those whose department it is.
func (t *Tree) Members(dept int64) []int64 { return t.people[dept] }

// DeptOf is a member's department.
func (t *Tree) DeptOf(member int64) int64 { return t.dept[member] }

// Under are the departments from one on downwards, each before those below it;
// all of them for 0.
func (t *Tree) Under(dept int64) []int64 {
	var out []int64
	if dept != 0 {
		out = append(out, dept)
	}
	for _, d := range t.below[dept] {
		out = append(out, t.Under(d)...)
	}
	return out
}

// Within says whether a department is one or lies below it.
func (t *Tree) Within(dept, of int64) bool {
	return of == 0 || slices.Contains(t.Under(of), dept)
}

// Up adds what each department has to all those above it, in place.
func (t *Tree) Up(figures map[int64][]int64) error {
	own := make(map[int64][]int64, len(figures))
	for d, list := range figures {
		own[d] = slices.Clone(list)
	}
	for d, list := range own {
		if d == 0 {
			continue
		}
		for at, left := t.above[d], len(t.above); at != 0 && left > 0; at, left = t.above[at], left-1 {
			to := figures[at]
			if to == nil {
				to = make([]int64, len(list))
				figures[at] = to
			}
			for i, n := range list {
				var err error
				if to[i], err = decimal.Add(to[i], n); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Everybody are all members, by department.
func (t *Tree) Everybody() []int64 {
	out := slices.Clone(t.people[0])
	for _, d := range t.Under(0) {
		out = append(out, t.people[d]...)
	}
	return out
}
