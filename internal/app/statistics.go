package app

import (
	"context"
	"errors"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
)

// kindStatistics is the job that has the database look how rows are spread.
const kindStatistics = "statistics"

// manyRows is how many rows a table has of which statistics are kept, and how
// many an import adds that they are taken anew after.
const manyRows = 10_000

// statistics has a database that does not do so by itself look at the tables of
// entities, and says of how many it keeps statistics.
func (a *App) statistics(ctx context.Context) (int64, error) {
	db, is := a.DB.(sqldb.Analyst)
	if !is {
		return 0, nil
	}
	var names []string
	for _, t := range store.Tables(a.Registry.State().Snapshot) {
		names = append(names, t.Name)
	}
	n, err := db.Analyze(ctx, names, a.manyRows)
	return int64(n), err
}

func (a *App) runStatistics(ctx context.Context, _ *jobs.Work) error {
	n, err := a.statistics(ctx)
	a.Log.Info("statistics of the tables", "count", n)
	return err
}

// leastOfMonth is how many rows a month has that is worth keeping added up.
const leastOfMonth = 1000

// settleMonths has entities keep added up what the months before this one came
// to (schema.Months), and mends what somebody else changed in them. It gives how
// many months it added up.
func (a *App) settleMonths(ctx context.Context) (n int64, err error) {
	now := a.Clock.Now().In(a.Dir.Zone())
	before := now.AddDate(0, 0, 1-now.Day()).Format(time.DateOnly)
	for _, e := range a.Registry.State().Entities {
		if e.Months == nil {
			continue
		}
		added, failed := a.Engine.SettleMonths(ctx, e.Name, before, min(leastOfMonth, a.manyRows))
		n += added
		err = errors.Join(err, failed)
	}
	return n, err
}

// imported asks for new statistics where an import brought many rows: those of
// last night tell of a table without them. That it cannot is left to the night.
func (a *App) imported(ctx context.Context, s *importer.Summary) {
	if _, is := a.DB.(sqldb.Analyst); !is || s.DryRun || s.Created+s.Lines < a.manyRows {
		return
	}
	err := a.DB.Write(context.WithoutCancel(ctx), func(tx sqldb.Tx) error {
		_, err := a.Queue.Enqueue(ctx, tx, jobs.Job{Kind: kindStatistics, Key: kindStatistics})
		return err
	})
	if err != nil {
		a.Log.Error("asking for statistics of the tables", "error", err)
	}
}
