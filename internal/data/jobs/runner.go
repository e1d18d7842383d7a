package jobs

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Handler does a job. It returns when the job is done, failed, or its context
// ended. It may be begun again after a crash, so it works in steps: each
// changes something and marks it by CheckpointIn in one transaction, the last
// by Finish. An error of code Unavailable, Internal, Conflict or RateLimited, or
// one that is not ours, is tried again; any other is final.
type Handler func(ctx context.Context, j *Work) error

// Options of a Runner; the zero value is right for a server.
type Options struct {
	Workers int           // jobs at a time; 0 = 2
	TTL     time.Duration // of the lease of a running job; 0 = 30 s
	Poll    time.Duration // how often to look for work that other processes queued; 0 = 2 s
	// OnError hears of what fails outside of a job's own result; nil drops it.
	OnError func(err error)
}

// Runner does jobs. Any number of processes may run one.
type Runner struct {
	queue    *Queue
	opt      Options
	handlers map[string]Handler
	kinds    []record.Value
	crons    []*cron
	changing []*changing
}

// NewRunner makes a runner without handlers. Handlers and crons are added
// before Run.
func (q *Queue) NewRunner(opt Options) *Runner {
	if opt.Workers <= 0 {
		opt.Workers = 2
	}
	if opt.TTL <= 0 {
		opt.TTL = 30 * time.Second
	}
	if opt.Poll <= 0 {
		opt.Poll = 2 * time.Second
	}
	if opt.OnError == nil {
		opt.OnError = func(error) {}
	}
	return &Runner{queue: q, opt: opt, handlers: map[string]Handler{}}
}

// Handle names the handler of a kind of job.
func (r *Runner) Handle(kind string, h Handler) {
	r.handlers[kind] = h
	r.kinds = append(r.kinds, record.Text(kind))
}

// Run does jobs until ctx ends; then it stops those that run, gives them back
// to the queue and returns.
func (r *Runner) Run(ctx context.Context) {
	woken, cancel := r.queue.waker()
	defer cancel()
	var working sync.WaitGroup
	defer working.Wait()
	free := make(chan struct{}, r.opt.Workers)
	ended := make(chan struct{}, 1)
	for ctx.Err() == nil {
		r.fireCrons(ctx)
		wait := r.opt.Poll
		for len(free) < r.opt.Workers {
			w, next, err := r.claim(ctx)
			if err != nil {
				if ctx.Err() == nil {
					r.opt.OnError(err)
				}
				break
			}
			if w == nil {
				wait = min(wait, max(next, time.Millisecond))
				break
			}
			free <- struct{}{}
			working.Go(func() {
				r.work(ctx, w)
				<-free
				select {
				case ended <- struct{}{}:
				default: // the loop knows already that somebody is free
				}
			})
		}
		select {
		case <-ctx.Done():
		case <-woken:
		case <-ended:
		case <-r.queue.clock.After(wait):
		}
	}
}

var (
	// Sorted, not MIN: the indexes answer with their first entry that fits.
	dueSQL = ddl.Text{
		SQLite: `SELECT COALESCE((SELECT run_at FROM job WHERE state = 'queued' AND kind IN (SELECT value FROM json_each(?1)) ORDER BY run_at, id LIMIT 1), 9223372036854775807),
			COALESCE((SELECT lease_until FROM job WHERE state = 'running' AND kind IN (SELECT value FROM json_each(?1)) ORDER BY lease_until LIMIT 1), 9223372036854775807)`,
		Postgres: `SELECT COALESCE((SELECT run_at FROM job WHERE state = 'queued' AND kind = ANY($1) ORDER BY run_at, id LIMIT 1), 9223372036854775807),
			COALESCE((SELECT lease_until FROM job WHERE state = 'running' AND kind = ANY($1) ORDER BY lease_until LIMIT 1), 9223372036854775807)`,
	}
	claimSQL = ddl.Text{
		SQLite: `UPDATE job SET state = 'running', fence = fence + 1, tries = tries + 1, lease_until = ?2
			WHERE id = (SELECT id FROM job WHERE state = 'queued' AND run_at <= ?1 AND kind IN (SELECT value FROM json_each(?3)) ORDER BY run_at, id LIMIT 1)
			RETURNING ` + workColumns,
		Postgres: `UPDATE job SET state = 'running', fence = fence + 1, tries = tries + 1, lease_until = $2
			WHERE id = (SELECT id FROM job WHERE state = 'queued' AND run_at <= $1 AND kind = ANY($3) ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
			RETURNING ` + workColumns,
	}
	takeOverSQL = ddl.Text{
		SQLite: `UPDATE job SET fence = fence + 1, tries = tries + 1, lease_until = ?2
			WHERE id = (SELECT id FROM job WHERE state = 'running' AND lease_until <= ?1 AND kind IN (SELECT value FROM json_each(?3)) ORDER BY lease_until LIMIT 1)
			RETURNING ` + workColumns,
		Postgres: `UPDATE job SET fence = fence + 1, tries = tries + 1, lease_until = $2
			WHERE id = (SELECT id FROM job WHERE state = 'running' AND lease_until <= $1 AND kind = ANY($3) ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED)
			RETURNING ` + workColumns,
	}
)

const workColumns = "id, kind, payload, fence, tries, max_tries, created_by, done, total, cancel"

var workKinds = []record.Kind{
	record.KindInt, record.KindText, record.KindText, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt,
}

// claim takes the next job: first one whose worker died, then the one that is
// due for longest. Without one, next is how long until one may be due.
func (r *Runner) claim(ctx context.Context) (w *Work, next time.Duration, err error) {
	now := r.queue.clock.Now()
	var rows sqldb.Rows
	rows.Reset(2)
	err = r.queue.db.ReadOne(ctx, dueSQL.For(r.queue.db.Dialect()), []record.Value{record.List(r.kinds)}, []record.Kind{record.KindInt, record.KindInt}, &rows)
	if err != nil {
		return nil, 0, err
	}
	queued, running := rows.At(0, 0).Int(), rows.At(0, 1).Int()
	if soonest := min(queued, running); soonest > now.UnixMicro() {
		return nil, time.Duration(min(soonest-now.UnixMicro(), int64(time.Hour/time.Microsecond))) * time.Microsecond, nil
	}
	until := now.Add(r.opt.TTL)
	err = r.queue.db.Write(ctx, func(tx sqldb.Tx) error {
		w = nil
		for _, s := range []struct {
			sql ddl.Text
			due int64
		}{{takeOverSQL, running}, {claimSQL, queued}} {
			if s.due > now.UnixMicro() {
				continue
			}
			var rows sqldb.Rows
			rows.Reset(len(workKinds))
			err := tx.Query(ctx, s.sql.For(tx.Dialect()), []record.Value{record.Int(now.UnixMicro()), record.Int(until.UnixMicro()), record.List(r.kinds)}, workKinds, &rows)
			if err != nil {
				return err
			}
			if rows.Len() > 0 {
				w = r.newWork(rows.Row(0), until)
				return nil
			}
		}
		return nil
	})
	return w, r.opt.Poll, err
}

func (r *Runner) newWork(v []record.Value, until time.Time) *Work {
	return &Work{
		ID: id.ID(v[0].Int()), Kind: v[1].Str(), Payload: v[2].Str(), Fence: v[3].Int(), Tries: int(v[4].Int()), By: id.ID(v[6].Int()),
		queue: r.queue, maxTries: int(v[5].Int()), done: v[7].Int(), total: v[8].Int(), cancelled: v[9].Bool(), until: until,
	}
}

// errDied is the failure of a job whose worker vanished in its last try.
var errDied = errs.New(errs.Internal, "error.job_died")

// work does one job and writes how it ended.
func (r *Runner) work(ctx context.Context, w *Work) {
	var err error
	switch {
	case w.cancelled:
		err = ErrCancelled
	case w.Tries > w.maxTries:
		err = errDied
	default:
		err = r.attempt(ctx, w)
	}
	if err = w.end(context.WithoutCancel(ctx), err); err != nil && !errors.Is(err, ErrLost) {
		r.opt.OnError(err)
	}
}

// attempt runs the handler while the lease is renewed.
func (r *Runner) attempt(ctx context.Context, w *Work) (err error) {
	inner, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	w.stop = cancel
	stop := context.AfterFunc(ctx, func() { cancel(ErrStopped) })
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		r.renew(inner, cancel, w)
	}()
	defer func() {
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
		stop()
		cause := context.Cause(inner)
		cancel(nil)
		<-renewed
		if err != nil && cause != nil {
			err = cause // what the handler says about its ended context tells less
		}
	}()
	return r.handlers[w.Kind](inner, w)
}

var renewSQL = ddl.Both(`UPDATE job SET lease_until = $3, done = $4, total = $5 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING cancel`)

// renew extends the lease until ctx ends. It ends ctx when the job is lost or
// cancelled.
func (r *Runner) renew(ctx context.Context, cancel context.CancelCauseFunc, w *Work) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.queue.clock.After(r.opt.TTL / 3):
		}
		until := r.queue.clock.Now().Add(r.opt.TTL)
		var rows sqldb.Rows
		err := r.queue.db.Write(ctx, func(tx sqldb.Tx) error {
			rows.Reset(1)
			done, total := w.progress()
			return tx.Query(ctx, renewSQL.For(tx.Dialect()), []record.Value{
				record.Int(int64(w.ID)), record.Int(w.Fence), record.Int(until.UnixMicro()), record.Int(done), record.Int(total),
			}, oneInt, &rows)
		})
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && rows.Len() == 0:
			cancel(ErrLost)
			return
		case err == nil && rows.At(0, 0).Bool():
			cancel(ErrCancelled)
			return
		case err == nil:
			w.until = until
		case !r.queue.clock.Now().Before(w.until):
			cancel(ErrLost)
			return
		}
	}
}
