package pool

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Source reads every live record of an entity, many-valued fields included.
type Source interface {
	All(ctx context.Context, entity string) ([]*record.Record, error)
}

// Seats keeps in memory who may claim from which pool. It implements
// access.Pools; readers see one consistent state and never wait.
type Seats struct {
	dir access.Directory
	cur atomic.Pointer[seating]
}

type seating struct {
	version int64
	pools   map[string][]seats // by entity
}

// seats are those of one pool.
type seats struct {
	id                int64
	everyone          bool
	managers, members []int64
	departments       []int64
}

// NewSeats makes seats of no pool.
func NewSeats(dir access.Directory) *Seats {
	s := &Seats{dir: dir}
	s.cur.Store(&seating{})
	return s
}

// Load reads the pools anew and raises the version; on an error the old state
// stays.
func (s *Seats) Load(ctx context.Context, src Source) error {
	list, err := src.All(ctx, Entity.Name)
	if err != nil {
		return err
	}
	next := &seating{version: s.Version() + 1, pools: map[string][]seats{}}
	for _, r := range list { // oldest first: ids are in order
		if !Active.Get(r) {
			continue
		}
		name := entityOf(Holds.Get(r))
		next.pools[name] = append(next.pools[name], seats{id: r.ID(), everyone: Everyone.Get(r),
			managers: ids(Managers.Get(r)), members: ids(Members.Get(r)), departments: ids(Departments.Get(r))})
	}
	s.cur.Store(next)
	return nil
}

func ids(list []record.Value) []int64 {
	out := make([]int64, len(list))
	for i, v := range list {
		out[i] = v.Int()
	}
	return out
}

// Version is how often the pools were loaded.
func (s *Seats) Version() int64 { return s.cur.Load().version }

// Of implements access.Pools. Departments are meant with those below them.
func (s *Seats) Of(name string, m *access.Member) (claims, manages []int64) {
	for _, p := range s.cur.Load().pools[name] {
		if slices.Contains(p.managers, m.ID) {
			manages = append(manages, p.id)
			claims = append(claims, p.id)
			continue
		}
		if p.everyone || slices.Contains(p.members, m.ID) || s.works(m, p.departments) {
			claims = append(claims, p.id)
		}
	}
	return claims, manages
}

func (s *Seats) works(m *access.Member, departments []int64) bool {
	for _, d := range departments {
		for _, below := range s.dir.Tree(d) {
			if slices.Contains(m.Depts, below) {
				return true
			}
		}
	}
	return false
}
