package analysis

import (
	"cmp"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
)

// What nearly every report asks: which time, whose. Days of one's own count
// where the period is "custom". Reports ask for them in different orders, so
// entity.Fields, which gives a field its place, is not for them.
var (
	period = entity.Choice("period", "this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year", "all", custom).Default("this_year")
	from   = entity.Date("from").VisibleWhen(entity.Is(period, custom))
	to     = entity.Date("to").VisibleWhen(entity.Is(period, custom))
	whose  = entity.Member("member")
	dept   = entity.Ref("department", department.Entity.Name)
	flow   = entity.Ref("pipeline", pipeline.Entity.Name)
)

const custom = "custom"

// span is a time from day to day, both of it; "" is open.
type span struct{ from, to string }

// spanOf works out the time that is asked for.
func spanOf(here entity.Here, input *record.Record) (span, error) {
	if input.Shape.Slot(period.Key()) < 0 {
		return span{}, nil // of no period
	}
	today, err := time.Parse(time.DateOnly, here.Today())
	if err != nil {
		return span{}, errs.New(errs.Internal, "error.internal").With(err)
	}
	month := today.AddDate(0, 0, 1-today.Day())
	quarter := month.AddDate(0, -(int(month.Month())-1)%3, 0)
	year := month.AddDate(0, 1-int(month.Month()), 0)
	until := func(first time.Time, months int) (span, error) {
		return span{first.Format(time.DateOnly), first.AddDate(0, months, -1).Format(time.DateOnly)}, nil
	}
	switch cmp.Or(period.Get(input), "this_year") {
	case "this_month":
		return until(month, 1)
	case "last_month":
		return until(month.AddDate(0, -1, 0), 1)
	case "this_quarter":
		return until(quarter, 3)
	case "last_quarter":
		return until(quarter.AddDate(0, -3, 0), 3)
	case "this_year":
		return until(year, 12)
	case "last_year":
		return until(year.AddDate(-1, 0, 0), 12)
	case custom:
		s := span{from.Get(input), to.Get(input)}
		if s.to != "" && s.to < s.from {
			return span{}, errs.New(errs.Invalid, "error.ends_before").At(to.Key())
		}
		return s, nil
	}
	return span{}, nil
}

// on is the condition that a day or moment lies within.
func (s span) on(path string) *query.Node {
	var low, high *query.Node
	if s.from != "" {
		low = query.Comparing(path, schema.OpGe, s.from)
	}
	if s.to != "" {
		high = query.Comparing(path, schema.OpLe, s.to)
	}
	return query.All(low, high)
}

// of is the condition that a reference is what an input says, nil where it says nothing.
func of(path string, op schema.Op, input *record.Record, field *entity.Field[int64]) *query.Node {
	if input.Shape.Slot(field.Key()) < 0 || field.Get(input) == 0 {
		return nil
	}
	return query.Comparing(path, op, id.ID(field.Get(input)).String())
}
