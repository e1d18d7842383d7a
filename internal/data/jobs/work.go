package jobs

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Work is a job that runs.
type Work struct {
	ID      id.ID
	Kind    string
	Payload string // as last checkpointed
	Fence   int64  // grows with each worker of the job
	Tries   int    // this one included
	By      id.ID

	queue     *Queue
	maxTries  int
	cancelled bool
	until     time.Time // of the lease; the renewal's own

	mu          sync.Mutex
	done, total int64
	finished    bool
	left        string // what came of it before it ended without being done

	stop context.CancelCauseFunc // ends the context of the handler
}

// Progress says how far the job is; total 0 is not known. It costs nothing: it
// is written with the next renewal or checkpoint.
func (w *Work) Progress(done, total int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done, w.total = done, total
}

func (w *Work) progress() (done, total int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.done, w.total
}

var (
	checkpointSQL = ddl.Both(`UPDATE job SET payload = $3, done = $4, total = $5 WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING cancel`)
	finishSQL     = ddl.Both(`UPDATE job SET state = 'done', result = $3, done = $4, total = $5, error = NULL, finished_at = $6 WHERE id = $1 AND fence = $2 AND state = 'running'`)
	endSQL        = ddl.Both(`UPDATE job SET state = $3, error = $4, done = $5, total = $6, finished_at = $7, result = $8 WHERE id = $1 AND fence = $2 AND state = 'running'`)
	againSQL      = ddl.Both(`UPDATE job SET state = 'queued', error = $3, run_at = $4, done = $5, total = $6, tries = tries - $7, lease_until = 0
		WHERE id = $1 AND fence = $2 AND state = 'running'`)
)

// CheckpointIn keeps payload in tx together with what tx does: a later worker
// begins from it. ErrLost when the job is not this worker's any more; tx must
// then fail. Who asked to stop the job need not wait for the next renewal: the
// context of the handler ends when tx is committed.
func (w *Work) CheckpointIn(ctx context.Context, tx sqldb.Tx, payload string) error {
	done, total := w.progress()
	var rows sqldb.Rows
	rows.Reset(1)
	err := tx.Query(ctx, checkpointSQL.For(tx.Dialect()), []record.Value{
		record.Int(int64(w.ID)), record.Int(w.Fence), record.Text(payload), record.Int(done), record.Int(total),
	}, oneInt, &rows)
	switch {
	case err != nil:
		return err
	case rows.Len() == 0:
		return ErrLost
	case rows.At(0, 0).Bool():
		tx.AfterCommit(func() { w.stop(ErrCancelled) })
	}
	return nil
}

// Leave says what came of the job so far: it becomes its result when the job is
// cancelled or fails for good, so that what was done can be taken back.
func (w *Work) Leave(result string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = result
}

// Checkpoint keeps payload in a transaction of its own.
func (w *Work) Checkpoint(ctx context.Context, payload string) error {
	return w.queue.db.Write(ctx, func(tx sqldb.Tx) error { return w.CheckpointIn(ctx, tx, payload) })
}

// Finish marks the job done in tx, together with the last of what it does.
// ErrLost when the job is not this worker's any more; tx must then fail. A
// handler that returns nil without it is done without a result.
func (w *Work) Finish(ctx context.Context, tx sqldb.Tx, result string) error {
	done, total := w.progress()
	err := w.mark(ctx, tx, finishSQL, record.Text(result), record.Int(done), record.Int(total), record.Int(w.queue.clock.Now().UnixMicro()))
	if err == nil {
		tx.AfterCommit(func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.finished = true
		})
	}
	return err
}

// mark runs a statement whose first two parameters say which job and worker.
func (w *Work) mark(ctx context.Context, tx sqldb.Tx, sql ddl.Text, args ...record.Value) error {
	n, err := tx.Exec(ctx, sql.For(tx.Dialect()), append([]record.Value{record.Int(int64(w.ID)), record.Int(w.Fence)}, args...)...)
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// Pauses between tries: 2 s, 4 s, 8 s … up to an hour.
const (
	firstPause = 2 * time.Second
	lastPause  = time.Hour
)

func pause(tries int) time.Duration {
	return min(firstPause<<min(max(tries-1, 0), 20), lastPause)
}

// final says whether another try would fail the same way.
func final(err error) bool {
	return !slices.Contains([]errs.Code{errs.Unavailable, errs.Internal, errs.Conflict, errs.RateLimited}, errs.CodeOf(err))
}

// end writes how the try ended.
func (w *Work) end(ctx context.Context, err error) error {
	w.mu.Lock()
	finished, left := w.finished, record.Null
	if w.left != "" {
		left = record.Text(w.left)
	}
	w.mu.Unlock()
	if finished || errors.Is(err, ErrLost) {
		return nil
	}
	done, total := w.progress()
	now := w.queue.clock.Now()
	return w.queue.db.Write(ctx, func(tx sqldb.Tx) error {
		switch {
		case err == nil:
			return w.Finish(ctx, tx, "")
		case errors.Is(err, ErrStopped):
			tx.AfterCommit(w.queue.Wake)
			return w.mark(ctx, tx, againSQL, record.Null, record.Int(now.UnixMicro()), record.Int(done), record.Int(total), record.Int(1))
		}
		state, failure := Failed, record.Text(failureOf(err).encode())
		switch {
		case errors.Is(err, ErrCancelled):
			state, failure = Cancelled, record.Null
		case final(err):
		case w.Tries >= w.maxTries:
			state = Dead
		default:
			return w.mark(ctx, tx, againSQL, failure, record.Int(now.Add(pause(w.Tries)).UnixMicro()), record.Int(done), record.Int(total), record.Int(0))
		}
		return w.mark(ctx, tx, endSQL, record.Text(string(state)), failure, record.Int(done), record.Int(total), record.Int(now.UnixMicro()), left)
	})
}
