package ddl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const (
	// tries bounds the wait for a lock that somebody holds: with 2 s per try
	// (the lock_timeout of Exclusive) and the pauses between, about 3 minutes.
	tries    = 60
	maxPause = 2 * time.Second
	// indexLockTimeout is longer, since a concurrent build blocks no reader
	// and no writer while it waits for older transactions to end.
	indexLockTimeout = "120s"
	// planLock is the PostgreSQL advisory lock that keeps two nodes from
	// changing the schema at the same time ("guanxddl" in ASCII).
	planLock = 0x6775616e7864646c
)

// Apply brings the database to the declared state of p. Missing tables are
// made in one transaction; columns and indexes one by one, so that a crash
// leaves a state from which a new plan goes on. The live catalogue is read
// again first: what another node did meanwhile is not done twice. progress,
// which may be nil, is told before each step and once at the end.
//
// On PostgreSQL indexes are built concurrently and nothing waits more than
// 2 s for a table before it lets others pass and tries again; when that never
// succeeds the error is Unavailable "error.schema_busy". A unique index over
// rows that hold a value twice is Duplicate "error.schema_duplicates".
func Apply(ctx context.Context, db sqldb.DB, p Plan, progress func(done, total int, what string)) error {
	if progress == nil {
		progress = func(int, int, string) {}
	}
	if db.Dialect() == sqldb.Postgres {
		return applyPostgres(ctx, db, p, progress)
	}
	return applySQLite(ctx, db, p, progress)
}

// applySQLite gives the writer back after every step, so that waiting writes
// pass between two index builds.
func applySQLite(ctx context.Context, db sqldb.DB, p Plan, progress func(int, int, string)) error {
	var steps []Step
	done := 0
	err := db.Exclusive(ctx, func(q sqldb.Querier) error {
		fresh, err := NewPlan(ctx, q, p.want)
		if err != nil {
			return err
		}
		steps = fresh.steps
		done, err = makeTables(ctx, q, steps, progress)
		return err
	})
	if err != nil {
		return err
	}
	for ; done < len(steps); done++ {
		s := steps[done]
		progress(done, len(steps), s.What)
		if err := db.Exclusive(ctx, func(q sqldb.Querier) error { return run(ctx, q, s) }); err != nil {
			return err
		}
	}
	progress(done, len(steps), "")
	return nil
}

func applyPostgres(ctx context.Context, db sqldb.DB, p Plan, progress func(int, int, string)) error {
	return db.Exclusive(ctx, func(q sqldb.Querier) error {
		if err := lockPlan(ctx, q); err != nil {
			return err
		}
		defer unlockPlan(ctx, q)
		fresh, err := NewPlan(ctx, q, p.want)
		if err != nil {
			return err
		}
		var done int
		err = retry(ctx, func() error {
			done, err = makeTables(ctx, q, fresh.steps, progress)
			return err
		})
		if err != nil {
			return err
		}
		for ; done < len(fresh.steps); done++ {
			s := fresh.steps[done]
			progress(done, len(fresh.steps), s.What)
			if err := runPostgres(ctx, q, s); err != nil {
				return err
			}
		}
		progress(done, len(fresh.steps), "")
		return nil
	})
}

func runPostgres(ctx context.Context, q sqldb.Querier, s Step) error {
	if s.stage != stageIndexes {
		return retry(ctx, func() error { return run(ctx, q, s) })
	}
	if _, err := q.Exec(ctx, "SET lock_timeout = '"+indexLockTimeout+"'"); err != nil {
		return err
	}
	err := retry(ctx, func() error {
		err := run(ctx, q, s)
		if err != nil && ctx.Err() == nil {
			// A build that failed leaves its index behind, INVALID: it would
			// cost every write and serve no query.
			if _, dropErr := q.Exec(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+Quote(s.index)); dropErr != nil {
				return errors.Join(err, dropErr)
			}
		}
		return err
	})
	if _, resetErr := q.Exec(context.WithoutCancel(ctx), "SET lock_timeout = '2s'"); err == nil {
		err = resetErr
	}
	return err
}

// makeTables runs the first stage in one transaction and says how many steps
// it had.
func makeTables(ctx context.Context, q sqldb.Querier, steps []Step, progress func(int, int, string)) (int, error) {
	n := 0
	for n < len(steps) && steps[n].stage == stageTables {
		n++
	}
	if n == 0 {
		return 0, nil
	}
	if _, err := q.Exec(ctx, "BEGIN"); err != nil {
		return 0, err
	}
	for i, s := range steps[:n] {
		progress(i, len(steps), s.What)
		if err := run(ctx, q, s); err != nil {
			_, rollback := q.Exec(context.WithoutCancel(ctx), "ROLLBACK")
			return 0, errors.Join(err, rollback)
		}
	}
	_, err := q.Exec(ctx, "COMMIT")
	return n, err
}

func run(ctx context.Context, q sqldb.Querier, s Step) error {
	_, err := q.Exec(ctx, s.SQL)
	switch {
	case err == nil:
		return nil
	case errs.Is(err, errs.Duplicate) && s.index != "":
		return errs.New(errs.Duplicate, "error.schema_duplicates", "table", s.Table, "index", s.index).With(err)
	}
	return fmt.Errorf("ddl: %s: %w", s.What, err)
}

// lockPlan takes the advisory lock. It asks again instead of waiting inside a
// statement: a statement that waits holds a snapshot, and the holder's
// concurrent index build would wait for that snapshot in turn.
func lockPlan(ctx context.Context, q sqldb.Querier) error {
	return retry(ctx, func() error {
		var rows sqldb.Rows
		rows.Reset(1)
		err := q.Query(ctx, "SELECT pg_try_advisory_lock($1)::int::bigint", []record.Value{record.Int(planLock)}, []record.Kind{record.KindInt}, &rows)
		if err != nil {
			return err
		}
		if !rows.At(0, 0).Bool() {
			return errLocked
		}
		return nil
	})
}

// unlockPlan needs no error: the lock ends with the connection at the latest,
// and until then the next Apply keeps asking.
func unlockPlan(ctx context.Context, q sqldb.Querier) {
	var rows sqldb.Rows
	rows.Reset(1)
	_ = q.Query(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)::int::bigint", []record.Value{record.Int(planLock)}, []record.Kind{record.KindInt}, &rows)
}

var errLocked = errors.New("ddl: another node is changing the schema")

// retry runs fn again while it fails for a lock that others hold.
func retry(ctx context.Context, fn func() error) error {
	pause := 50 * time.Millisecond
	for try := 1; ; try++ {
		err := fn()
		if err == nil || !busy(err) {
			return err
		}
		if try == tries {
			return errs.New(errs.Unavailable, "error.schema_busy").With(err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		pause = min(2*pause, maxPause)
	}
}

// busy says whether err is a lock that was not free in time: lock_not_available,
// or a deadlock that PostgreSQL broke.
func busy(err error) bool {
	if errors.Is(err, errLocked) {
		return true
	}
	var state interface{ SQLState() string }
	if !errors.As(err, &state) {
		return false
	}
	return state.SQLState() == "55P03" || state.SQLState() == "40P01"
}
