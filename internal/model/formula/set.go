package formula

import (
	"errors"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Set is all formulas of an entity in order of dependence. It is immutable and
// safe for concurrent use.
type Set struct {
	stored   []*Program
	volatile []*Program
}

// CompileAll compiles the formulas of an entity. Errors are those of Compile,
// at the formula's field; several are joined.
func CompileAll(e *schema.Entity) (*Set, error) {
	programs := map[*schema.Field]*Program{}
	var list []*errs.Error
	for _, f := range e.Fields {
		if !schema.IsFormula(f) || f.Retired {
			continue
		}
		p, err := compile(e, f)
		if err != nil {
			list = append(list, err.At(f.Key))
			continue
		}
		programs[f] = p
	}
	if len(list) > 0 {
		return nil, errs.Join(list)
	}
	s := &Set{}
	w := walk{programs: programs, state: map[*schema.Field]int{}}
	for _, f := range e.Fields {
		if programs[f] == nil {
			continue
		}
		if err := w.visit(f); err != nil {
			return nil, err
		}
	}
	for _, p := range w.order {
		if p.volatile {
			s.volatile = append(s.volatile, p)
		} else {
			s.stored = append(s.stored, p)
		}
	}
	return s, nil
}

// walk orders programs so that each comes after those it reads.
type walk struct {
	programs map[*schema.Field]*Program
	state    map[*schema.Field]int // 1 on the path, 2 done
	path     []string
	order    []*Program
}

func (w *walk) visit(f *schema.Field) error {
	p := w.programs[f]
	if p == nil || w.state[f] == 2 {
		return nil
	}
	w.path = append(w.path, f.Key)
	defer func() { w.path = w.path[:len(w.path)-1] }()
	if w.state[f] == 1 {
		return circleError(w.path)
	}
	w.state[f] = 1
	for _, g := range p.fields {
		if err := w.visit(g); err != nil {
			return err
		}
		if q := w.programs[g]; q != nil && q.volatile {
			p.volatile = true
		}
	}
	w.state[f] = 2
	w.order = append(w.order, p)
	return nil
}

// circleError names the circle in a path that ends where it was before.
func circleError(path []string) error {
	last := path[len(path)-1]
	from := 0
	for path[from] != last {
		from++
	}
	return errs.New(errs.Invalid, "error.formula_circle", "fields", strings.Join(path[from:], " → ")).At(last)
}

// circle says whether the field of p is among those that p reads, perhaps
// through other formulas. p's field may be new or a new version of an old one,
// so it is known by its key. A formula on the way that does not compile is
// that formula's error, not p's.
func circle(e *schema.Entity, p *Program) error {
	path := []string{p.field.Key}
	seen := map[*schema.Field]bool{}
	var visit func(q *Program) error
	visit = func(q *Program) error {
		for _, f := range q.fields {
			path = append(path, f.Key)
			if f.Key == p.field.Key {
				return circleError(path)
			}
			if schema.IsFormula(f) && !seen[f] {
				seen[f] = true
				if next, err := compile(e, f); err == nil {
					if err := visit(next); err != nil {
						return err
					}
					p.volatile = p.volatile || next.volatile
				}
			}
			path = path[:len(path)-1]
		}
		return nil
	}
	return visit(p)
}

// Stored are the programs whose values are kept in the record, in order of dependence.
func (s *Set) Stored() []*Program { return s.stored }

// Volatile are the programs whose values are computed when a record is read,
// in order of dependence.
func (s *Set) Volatile() []*Program { return s.volatile }

// Compute evaluates the stored formulas and sets their slots. A formula that
// fails is left empty; the errors of all are joined, each at its field.
func (s *Set) Compute(rec *record.Record, env Env) error { return compute(s.stored, rec, env) }

// Fill evaluates the volatile formulas and sets their slots, for a record that
// is read: the fields they read must be loaded. Errors as Compute.
func (s *Set) Fill(rec *record.Record, env Env) error { return compute(s.volatile, rec, env) }

func compute(programs []*Program, rec *record.Record, env Env) error {
	var list []*errs.Error
	for _, p := range programs {
		v, err := p.Eval(rec, env)
		rec.Set(p.field.Key, v)
		if e, ok := errors.AsType[*errs.Error](err); ok {
			list = append(list, e)
		}
	}
	return errs.Join(list)
}
