package target

import (
	"context"
	"math/big"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
)

// derive says whose target it is and makes months, quarters and year agree.
func derive(r *record.Record, n entity.Needs) error {
	if Year.Value(r).IsNull() {
		Year.Set(r, n.Here.Today()[:4])
	}
	if y, err := strconv.Atoi(Year.Get(r)); err != nil || y < 2000 || y > 2199 {
		return errs.New(errs.Invalid, "error.target_year").At(Year.Key())
	}
	StartsOn.Set(r, Year.Get(r)+"-01-01")
	subject(r, n)
	if Kind.Value(r).IsNull() {
		return nil // said by the check of the fields
	}
	if Kind.Get(r) == Product && !measure.OfProducts(Measure.Get(r)) {
		return errs.New(errs.Invalid, "error.target_product").At(Measure.Key())
	}
	Key.Set(r, KeyOf(Year.Get(r), Measure.Get(r), Kind.Get(r), SubjectOf(r)))
	return agree(r, measure.Step(Measure.Get(r), n.Here.Currency))
}

// subject keeps the one whose target it is, names the target after it and puts
// it where it belongs: a member's target is his, a department's lies there.
func subject(r *record.Record, n entity.Needs) {
	if Kind.Value(r).IsNull() {
		switch {
		case OfMember.Get(r) != 0:
			Kind.Set(r, Member)
		case OfDept.Get(r) != 0:
			Kind.Set(r, Department)
		case OfProduct.Get(r) != 0:
			Kind.Set(r, Product)
		}
	}
	called := ""
	if Kind.Get(r) == Company {
		called = n.Here.Company + " "
	}
	for _, one := range []struct {
		kind  string
		field *entity.Field[int64]
		name  *entity.Field[string]
	}{{Member, OfMember, member.Name}, {Department, OfDept, department.Name}, {Product, OfProduct, product.Name}} {
		if Kind.Get(r) != one.kind {
			one.field.Clear(r)
		} else if near := n.Of(one.field); near != nil {
			called = one.name.Get(near) + " "
		}
	}
	Name.Set(r, called+Year.Get(r))
	switch Kind.Get(r) {
	case Member:
		if OfMember.Get(r) != 0 {
			Owner.Set(r, OfMember.Get(r))
		}
		if near := n.Of(OfMember); near != nil {
			r.Set("dept", member.Department.Value(near))
		}
	case Department:
		if OfDept.Get(r) != 0 {
			r.Set("dept", OfDept.Value(r))
		}
	}
}

// SubjectOf is the id of the one whose target it is, 0 for the company.
func SubjectOf(r *record.Record) int64 {
	switch Kind.Get(r) {
	case Member:
		return OfMember.Get(r)
	case Department:
		return OfDept.Get(r)
	case Product:
		return OfProduct.Get(r)
	}
	return 0
}

// KeyOf is the Key of a target: there is one of it.
func KeyOf(year, measure, kind string, subject int64) string {
	return year + " " + measure + " " + kind + " " + id.ID(subject).String()
}

// agree makes year, quarters and months add up. What is empty of a new target
// shares what is left: of its quarter, then of the year; figures that do not add
// up are refused. A year or quarter of a target that changes takes its months
// along, each by the share that it has.
func agree(r *record.Record, step int64) error {
	for _, list := range [][]*entity.Field[int64]{{Total}, quarters, months} {
		for _, f := range list {
			if f.Get(r)%step != 0 {
				return errs.New(errs.Invalid, "error.target_step", "step", decimal.Grouped(step, measure.Digits, 0)).At(f.Key())
			}
		}
	}
	var open []*entity.Field[int64] // months whose quarter nobody gave
	var given int64
	for i, q := range quarters {
		if q.Value(r).IsNull() {
			open = append(open, quarter(i)...)
			continue
		}
		if err := share(r, q, q.Get(r), quarter(i), step); err != nil {
			return err
		}
		var err error
		if given, err = decimal.Add(given, q.Get(r)); err != nil {
			return err
		}
	}
	if Total.Value(r).IsNull() && allEmpty(r, months) {
		return nil // the check of the fields asks for it
	}
	if !Total.Value(r).IsNull() {
		if err := share(r, Total, Total.Get(r)-given, open, step); err != nil {
			return err
		}
	}
	return addUp(r)
}

// addUp computes quarters and year from the months; one that nobody gave is 0.
func addUp(r *record.Record) error {
	var year int64
	for i, q := range quarters {
		n, err := added(r, quarter(i))
		if err == nil {
			q.Set(r, n)
			year, err = decimal.Add(year, n)
		}
		if err != nil {
			return err
		}
	}
	for _, m := range months {
		m.Set(r, m.Get(r))
	}
	Total.Set(r, year)
	return nil
}

func allEmpty(r *record.Record, list []*entity.Field[int64]) bool {
	for _, f := range list {
		if !f.Value(r).IsNull() {
			return false
		}
	}
	return true
}

func added(r *record.Record, list []*entity.Field[int64]) (sum int64, err error) {
	for _, f := range list {
		if sum, err = decimal.Add(sum, f.Get(r)); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// share makes parts add up to a whole, which the field at says: empty ones share
// what is left; without any, those of a target that is there change by their
// shares, evenly where they are all 0.
func share(r *record.Record, at *entity.Field[int64], whole int64, list []*entity.Field[int64], step int64) error {
	sum, err := added(r, list)
	if err != nil {
		return err
	}
	var empty []*entity.Field[int64]
	weights := make([]int64, len(list))
	for i, f := range list {
		if weights[i] = f.Get(r); f.Value(r).IsNull() {
			empty = append(empty, f)
		}
	}
	left := whole - sum
	switch {
	case left == 0 || left > 0 && len(empty) > 0:
		for i, n := range Split(left, nil, len(empty), step) {
			empty[i].Set(r, n)
		}
	case whole < 0 || len(list) == 0 || r.ID() == 0:
		return errs.New(errs.Invalid, "error.target_sum", "sum", decimal.Grouped(at.Get(r)-left, measure.Digits, 0), "whole", decimal.Grouped(at.Get(r), measure.Digits, 0)).At(at.Key())
	default:
		if sum == 0 {
			weights = nil
		}
		for i, n := range Split(whole, weights, len(list), step) {
			list[i].Set(r, n)
		}
	}
	return nil
}

// Split shares a whole among so many parts by their weights, nil for evenly, in
// whole steps rounded down; what is left over goes to the last that has a
// weight. The parts add up to the whole, which is not below 0. Weights that come
// to nothing share nothing out.
func Split(whole int64, weights []int64, parts int, step int64) []int64 {
	out := make([]int64, parts)
	if parts == 0 {
		return out
	}
	weight := func(i int) int64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	total, last := new(big.Int), -1
	for i := range parts {
		if w := weight(i); w > 0 {
			total.Add(total, big.NewInt(w))
			last = i
		}
	}
	if last < 0 {
		return out
	}
	left := whole
	for i := range last {
		if w := weight(i); w > 0 {
			n := new(big.Int).Mul(big.NewInt(whole/step), big.NewInt(w))
			out[i] = n.Div(n, total).Int64() * step
			left -= out[i]
		}
	}
	out[last] = left
	return out
}

// validate refuses a second target of the same.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil || !c.Touches(Key) {
		return nil
	}
	same, err := tx.Find(ctx, name, entity.Is(Key, Key.Get(c.After)), 2)
	if err != nil {
		return err
	}
	for _, r := range same {
		if r.ID() != c.After.ID() {
			return errs.New(errs.Duplicate, "error.target_same", "name", Name.Get(r)).At(Measure.Key())
		}
	}
	return nil
}
