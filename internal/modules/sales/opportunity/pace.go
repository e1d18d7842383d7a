package opportunity

import (
	"context"
	"errors"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// Stale is the pace of an opportunity that has stood in a stage for longer than
// the stage allows (停滞, SAL-1); the others have none.
const Stale = "stale"

// pace keeps until when an opportunity may stand in the stage that it enters.
func pace(r, at *record.Record, here entity.Here) {
	Pace.Clear(r)
	StaleOn.Clear(r)
	if days := stage.Stale.Get(at); days > 0 && stage.Kind.Get(at) == stage.Open {
		StaleOn.Set(r, here.Now.In(here.Zone).AddDate(0, 0, int(min(days, mostDays))).Format(time.DateOnly))
	}
}

// mostDays is longer than anything may stand: ten years.
const mostDays = 3650

// stalePage is how many are marked in a transaction.
const stalePage = 100

// Tick marks the opportunities that stand still since a day has gone by.
func Tick(ctx context.Context, tx entity.Writer, _ time.Time) (int, error) {
	list, err := tx.Find(ctx, "sales.opportunity", query.All(entity.Empty(Pace), query.Comparing(StaleOn.Key(), schema.OpLt, tx.Here().Today())), stalePage)
	if err != nil {
		return 0, err
	}
	marked := 0
	for _, one := range list {
		err := tx.Update(ctx, "sales.opportunity", one.ID(), func(r *record.Record) { Pace.Set(r, Stale) })
		if _, refused := errors.AsType[*errs.Error](err); refused {
			continue // its own rules refuse it as it is: it stays unmarked
		}
		if err != nil {
			return 0, err
		}
		marked++
	}
	return marked, nil
}
