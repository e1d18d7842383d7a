package target

import (
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
)

// The codes of how a year's figure is split over its months.
const (
	Evenly     = "even"
	AsPlanned  = "last_target"
	AsAchieved = "last_actual"
)

// What spread asks for: how, and the year's figure where it is another.
var (
	Way = entity.Choice("way", Evenly, AsPlanned, AsAchieved).Required().Default(Evenly)
	Sum = entity.Decimal("total", 0).Between("0", "")
)

// What copy asks for: the year it is for, the one after when empty, and by how
// much more it is.
var (
	Into   = entity.Text("year", 4)
	Growth = entity.Percent("growth").Between("-100", "10000")
)

// spread splits the year's figure over its months.
func spread(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	r := c.After
	whole := Total.Get(r)
	if v := input.Get(Sum.Key()); !v.IsNull() {
		whole = v.Int()
	}
	step := measure.Step(Measure.Get(r), tx.Here().Currency)
	if whole%step != 0 {
		return errs.New(errs.Invalid, "error.target_step", "step", decimal.Grouped(step, measure.Digits, 0)).At(Sum.Key())
	}
	weights, err := weightsOf(ctx, tx, r, input.Get(Way.Key()).Str())
	if err != nil {
		return err
	}
	parts := Split(whole, weights, Months, step)
	return tx.Update(ctx, name, r.ID(), func(r *record.Record) { put(r, parts) })
}

// put gives a target its months; quarters and year follow.
func put(r *record.Record, parts []int64) {
	for i, m := range months {
		m.Set(r, parts[i])
	}
}

// weightsOf are the months of the year before, as they were planned or as they
// came out; nil for evenly.
func weightsOf(ctx context.Context, tx entity.Writer, r *record.Record, way string) ([]int64, error) {
	if way == Evenly || way == "" {
		return nil, nil
	}
	before := yearOn(Year.Get(r), -1)
	weights := make([]int64, Months)
	if way == AsAchieved {
		got, err := measure.Named(Measure.Get(r)).ByMonth(ctx, tx, before, Of(r))
		if err != nil {
			return nil, err
		}
		copy(weights, got)
	} else {
		list, err := tx.Find(ctx, name, entity.Is(Key, KeyOf(before, Measure.Get(r), Kind.Get(r), SubjectOf(r))), 1)
		if err != nil {
			return nil, err
		}
		for i, m := range months {
			if len(list) > 0 {
				weights[i] = m.Get(list[0])
			}
		}
	}
	for _, w := range weights {
		if w > 0 {
			return weights, nil
		}
	}
	return nil, errs.New(errs.Invalid, "error.target_no_share", "year", before).At(Way.Key())
}

// Of is whose figures count for a target.
func Of(r *record.Record) measure.Of {
	return measure.Of{Member: OfMember.Get(r), Dept: OfDept.Get(r), Product: OfProduct.Get(r)}
}

func yearOn(year string, by int) string {
	n, err := strconv.Atoi(year)
	if err != nil {
		return year
	}
	return strconv.Itoa(n + by)
}

// copied makes the target of another year from this one: each month as it is,
// more or less by a part, in whole steps.
func copied(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	r := c.After
	year := yearOn(Year.Get(r), 1)
	if v := input.Get(Into.Key()); !v.IsNull() {
		year = v.Str()
	}
	step := measure.Step(Measure.Get(r), tx.Here().Currency)
	whole, err := decimal.MulDiv(Total.Get(r), money.Hundred+input.Get(Growth.Key()).Int(), money.Hundred)
	if err != nil {
		return err
	}
	whole = (whole + step/2) / step * step
	weights := make([]int64, Months)
	for i, m := range months {
		weights[i] = m.Get(r)
	}
	parts := Split(whole, weights, Months, step)
	_, err = tx.Create(ctx, name, func(to *record.Record) {
		for _, f := range []entity.Declared{Measure, Kind, OfMember, OfDept, OfProduct, Owner} {
			to.Set(entity.KeyOf(f), r.Get(entity.KeyOf(f)))
		}
		Year.Set(to, year)
		put(to, parts)
	})
	return err
}
