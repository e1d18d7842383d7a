package forecast

import (
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// Since is the first day from which a snapshot of a day holds what was won: that
// of the year, and of the quarter before, so that the last snapshots of a
// quarter tell how it ended.
func Since(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	year := calendar.YearStart(t, time.UTC)
	before := calendar.QuarterStart(t, time.UTC).AddDate(0, -3, 0)
	if before.Before(year) {
		return before.Format(time.DateOnly)
	}
	return year.Format(time.DateOnly)
}

// Tick takes the week's snapshot, once, in the company's week and as soon as
// the program runs in it: weeks that went by without it have none. A company
// without opportunities keeps none.
func Tick(ctx context.Context, tx entity.Writer, now time.Time) (int, error) {
	week := calendar.WeekStart(now, tx.Here().Zone).Format(time.DateOnly)
	taken := func() (bool, error) {
		n, err := tx.Count(ctx, name, query.All(entity.Is(Week, week), entity.Is(Kind, Weekly)), 1)
		return n > 0, err
	}
	if done, err := taken(); err != nil || done {
		return 0, err
	}
	if n, err := tx.Count(ctx, opportunity.Entity.Name, nil, 1); err != nil || n == 0 {
		return 0, err
	}
	if err := tx.Guard(ctx, name); err != nil {
		return 0, err
	}
	if done, err := taken(); err != nil || done {
		return 0, err // another node was first
	}
	_, err := tx.Create(ctx, name, func(r *record.Record) { Kind.Set(r, Weekly) })
	return 1, err
}

// validate dates a new snapshot with the moment at which it is taken, and
// refuses a second one by hand on a day.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil || c.Before != nil {
		return nil
	}
	r, here := c.After, tx.Here()
	today := here.Today()
	week := calendar.WeekStart(here.Now, here.Zone).Format(time.DateOnly)
	key := Kind.Get(r) + " " + today
	if Kind.Get(r) == Weekly {
		key = Weekly + " " + week
	}
	same, err := tx.Count(ctx, name, entity.Is(Key, key), 1)
	if err == nil && same > 0 {
		err = errs.New(errs.Duplicate, "error.forecast_taken", "day", today)
	}
	if err != nil {
		return err
	}
	Name.Set(r, today)
	On.Set(r, today)
	Week.Set(r, week)
	TakenAt.Set(r, here.Now.UnixMicro())
	Key.Set(r, key)
	return nil
}

// derive keeps a row in the department where its opportunities lay, whatever
// its owner's is by now.
func derive(r *record.Record, _ entity.Needs) error {
	r.Set("dept", Department.Value(r))
	return nil
}

// within writes the rows of a new snapshot, all of one moment.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil || c.Before != nil {
		return nil
	}
	since := query.Comparing(opportunity.ClosedOn.Key(), schema.OpGe, Since(On.Get(c.After)))
	groups := []string{opportunity.Owner.Key(), "dept", opportunity.Pipeline.Key(), opportunity.Currency.Key()}
	for _, part := range []struct {
		where *query.Node
		group []string
	}{
		{entity.Is(opportunity.State, stage.Open), []string{opportunity.ExpectedOn.Key() + ":month", opportunity.Forecast.Key()}},
		{query.All(entity.Is(opportunity.State, stage.Won), since), []string{opportunity.ClosedOn.Key() + ":month"}},
	} {
		rows, more, err := tx.Sum(ctx, entity.Sum{Entity: opportunity.Entity.Name, Where: part.where, Group: slices.Concat(groups, part.group),
			Of: []string{opportunity.Amount.Key(), opportunity.AmountBase.Key(), opportunity.Weighted.Key()}})
		if err == nil && more {
			err = errs.New(errs.Invalid, "error.forecast_wide")
		}
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := write(ctx, tx, c.After, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes a row: of its groups, the last of which is the forecast of open
// opportunities and is not there for those that were won, and of four figures.
func write(ctx context.Context, tx entity.Writer, of *record.Record, row []record.Value) error {
	keys, figures := row[:len(row)-4], row[len(row)-4:]
	_, err := tx.Create(ctx, rowName, func(r *record.Record) {
		Of.Set(r, of.ID())
		RowOn.Set(r, On.Get(of))
		RowKind.Set(r, Kind.Get(of))
		Owner.Set(r, keys[0].Int())
		Department.Set(r, keys[1].Int())
		Flow.Set(r, keys[2].Int())
		Currency.Set(r, keys[3].Str())
		if day := keys[4]; !day.IsNull() {
			Month.Set(r, day.Str()[:7]+"-01")
		}
		Category.Set(r, Won)
		if len(keys) > 5 {
			Category.Set(r, CategoryOf(keys[5].Str()))
		}
		for i, f := range []*entity.Field[int64]{Amount, AmountBase, Weighted, Deals} {
			f.Set(r, figures[i].Int())
		}
	})
	return err
}

// CategoryOf is the category in which an open opportunity's forecast counts:
// one that says nothing is in the pipeline.
func CategoryOf(forecast string) string {
	if forecast == "" {
		return Pipeline
	}
	return forecast
}
