package target

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
)

// What a row of a breakdown says: the target itself, those right below it, what
// they come to, and what is missing of it; less than 0 is what they are above.
const (
	Self       = "self"
	Below      = "part"
	BelowSum   = "sum"
	Difference = "difference"
)

// The columns.
var (
	Row      = entity.Choice("row", Self, Below, BelowSum, Difference)
	Part     = entity.Ref("target", name)
	RowTotal = rowFigure("total")
	RowParts = []*entity.Field[int64]{rowFigure("q1"), rowFigure("q2"), rowFigure("q3"), rowFigure("q4")}
)

// rowFigure is a column of what the target's measure says.
func rowFigure(key string) *entity.Field[int64] {
	return entity.Decimal(key, 0).AmountWhen(Measure, measure.Amounts()...)
}

// mostParts is how many departments or members are looked at right below one.
const mostParts = entity.MostAnswers - 3

// figures are year and quarters of a row.
type figures [1 + Quarters]int64

func figuresOf(r *record.Record) figures {
	out := figures{Total.Get(r)}
	for i, q := range quarters {
		out[1+i] = q.Get(r)
	}
	return out
}

// plus adds other figures so many times.
func (f figures) plus(o figures, times int64) (figures, error) {
	for i := range f {
		n, err := decimal.Add(f[i], times*o[i])
		if err != nil {
			return f, err
		}
		f[i] = n
	}
	return f, nil
}

func (f figures) row(kind string, of int64) []record.Value {
	ref := record.Null
	if of != 0 {
		ref = record.Int(of)
	}
	out := []record.Value{record.Text(kind), ref}
	for _, n := range f {
		out = append(out, record.Int(n))
	}
	return out
}

// breakdown sets a target against those right below it: of the departments in
// it, and of the members whose department it is. That they come to something
// else is shown and not refused.
func breakdown(ctx context.Context, tx entity.Reader, r, _ *record.Record, _ time.Time) ([][]record.Value, bool, error) {
	keys, err := childKeys(ctx, tx, r)
	if err != nil {
		return nil, false, err
	}
	rows := [][]record.Value{figuresOf(r).row(Self, r.ID())}
	var sum figures
	if len(keys) > 0 {
		list, err := tx.Find(ctx, name, entity.In(Key, keys...), len(keys))
		if err != nil {
			return nil, false, err
		}
		for _, one := range list {
			if sum, err = sum.plus(figuresOf(one), 1); err != nil {
				return nil, false, err
			}
			rows = append(rows, figuresOf(one).row(Below, one.ID()))
		}
	}
	missing, err := figuresOf(r).plus(sum, -1)
	if err != nil {
		return nil, false, err
	}
	return append(rows, sum.row(BelowSum, 0), missing.row(Difference, 0)), len(keys) == mostParts, nil
}

// childKeys are the keys of the targets right below one.
func childKeys(ctx context.Context, tx entity.Reader, r *record.Record) ([]string, error) {
	var below, people []*record.Record
	var err error
	switch Kind.Get(r) {
	case Company:
		below, err = tx.Find(ctx, schema.DepartmentEntity, entity.Empty(department.Parent), mostParts)
	case Department:
		at := id.ID(OfDept.Get(r)).String()
		if below, err = tx.Find(ctx, schema.DepartmentEntity, entity.Is(department.Parent, at), mostParts); err == nil {
			people, err = tx.Find(ctx, schema.MemberEntity, entity.Is(member.Department, at), mostParts)
		}
	}
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(below)+len(people))
	for _, d := range below {
		out = append(out, KeyOf(Year.Get(r), Measure.Get(r), Department, d.ID()))
	}
	for _, m := range people {
		out = append(out, KeyOf(Year.Get(r), Measure.Get(r), Member, m.ID()))
	}
	return out[:min(len(out), mostParts)], nil
}
