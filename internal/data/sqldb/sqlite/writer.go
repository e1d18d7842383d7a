package sqlite

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const (
	groupJobs = 128                   // writes that share one commit at most
	groupTime = 20 * time.Millisecond // no further write joins after this
)

// writer is the single writer. Whoever finds it idle leads: runs its own
// write and those that queued meanwhile on its own goroutine, commits once for
// all, wakes the others and hands the lead to the first who came too late. A
// lone client so never waits for another goroutine.
type writer struct {
	mu      sync.Mutex
	busy    bool
	shut    bool
	failed  error // set once, by a commit that left the file in doubt
	queue   []*job
	c       *conn
	onFatal func(error)
	wrote   func() // tells the checkpointer
	writes  atomic.Int64
	commits atomic.Int64
	idle    chan struct{} // closed when the last write ended after shut
}

// job is one call of Write or Exclusive.
type job struct {
	fn    func(sqldb.Tx) error
	alone func(sqldb.Querier) error // instead of fn: outside of any group
	last  bool                      // no other write joins the group after it
	wake  chan bool                 // true = lead, false = done; nil for a leader from the start
	tx    tx
	err   error
}

func (w *writer) open(c *conn, onFatal func(error), wrote func()) {
	w.c, w.onFatal, w.wrote, w.idle = c, onFatal, wrote, make(chan struct{})
}

// Write runs fn in a write transaction.
func (db *DB) Write(ctx context.Context, fn func(sqldb.Tx) error) error {
	j := &job{fn: fn, last: sqldb.IsLast(ctx)}
	if err := db.w.submit(ctx, j); err != nil {
		return err
	}
	for _, f := range j.tx.after {
		f()
	}
	return nil
}

// Exclusive runs fn on the writer outside of a transaction.
func (db *DB) Exclusive(ctx context.Context, fn func(sqldb.Querier) error) error {
	return db.w.submit(ctx, &job{alone: fn})
}

// submit runs j, as leader or by another one's lead, and gives its result.
func (w *writer) submit(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	if err := w.refusal(); err != nil {
		w.mu.Unlock()
		return err
	}
	if !w.busy {
		w.busy = true
		w.mu.Unlock()
		w.lead(j)
		return j.err
	}
	j.wake = make(chan bool, 1)
	w.queue = append(w.queue, j)
	w.mu.Unlock()
	select {
	case lead := <-j.wake:
		if lead {
			w.lead(j)
		}
		return j.err
	case <-ctx.Done():
	}
	if w.withdraw(j) {
		return ctx.Err()
	}
	if <-j.wake { // it was taken at the same moment: it runs to its end
		w.lead(j)
	}
	return j.err
}

// refusal is why no write is accepted; mu is held.
func (w *writer) refusal() error {
	switch {
	case w.failed != nil:
		return w.failed
	case w.shut:
		return sqldb.ErrClosed
	}
	return nil
}

// withdraw takes j out of the queue; false when it is not there any more.
func (w *writer) withdraw(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, q := range w.queue {
		if q == j {
			w.queue = append(w.queue[:i], w.queue[i+1:]...)
			return true
		}
	}
	return false
}

// take gives the next job that may join a group, or nil.
func (w *writer) take() *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 || w.queue[0].alone != nil {
		return nil
	}
	return w.pop()
}

func (w *writer) pop() *job {
	j := w.queue[0]
	w.queue[0] = nil
	w.queue = w.queue[1:]
	return j
}

// lead runs first and a group behind it, then passes the lead on.
func (w *writer) lead(first *job) {
	defer w.pass()
	if first.alone != nil {
		first.err = w.runAlone(first.alone)
		return
	}
	g := group{w: w, c: w.c}
	defer g.end() // also when a job ends the goroutine
	deadline := time.Now().Add(groupTime)
	for j := first; j != nil; j = w.take() {
		w.writes.Add(1)
		g.add(j)
		if j.last || len(g.jobs) >= groupJobs || time.Now().After(deadline) {
			break
		}
	}
}

// pass hands the lead to the next in the queue or leaves the writer idle.
func (w *writer) pass() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != nil {
		for _, j := range w.queue {
			j.err = w.failed
			j.wake <- false
		}
		w.queue = nil
	}
	if len(w.queue) > 0 {
		w.pop().wake <- true
		return
	}
	w.busy = false
	if w.shut {
		close(w.idle)
	}
}

// fail closes the writer for good when err leaves the file in doubt.
func (w *writer) fail(err error) {
	if !fatal(err) {
		return
	}
	w.mu.Lock()
	first := w.failed == nil
	if first {
		w.failed = sqldb.ErrFailed.With(err)
	}
	w.mu.Unlock()
	if first {
		w.onFatal(err)
	}
}

// close waits for the writes that run or wait.
func (w *writer) close() error {
	w.mu.Lock()
	w.shut = true
	if !w.busy {
		close(w.idle)
	}
	w.mu.Unlock()
	<-w.idle
	w.c.close()
	return nil
}

// runAlone runs the function of Exclusive.
func (w *writer) runAlone(fn func(sqldb.Querier) error) (err error) {
	q := &querier{c: w.c}
	defer func() {
		q.c = nil
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
		w.c.done = nil
		if w.c.inTransaction() { // the function left one open
			err = errors.Join(err, w.c.do("ROLLBACK"), errors.New("sqlite: Exclusive left a transaction open"))
		}
	}()
	w.writes.Add(1)
	if err := fn(q); err != nil {
		return err
	}
	w.commits.Add(1)
	w.wrote()
	return nil
}

// group is the writes of one commit. A savepoint around each would copy every
// page that it touches, for the rare write that fails after it wrote something:
// such a one takes back the whole group, and the others run again, with care.
type group struct {
	w       *writer
	c       *conn
	jobs    []*job // whose work is in the open transaction
	lost    []*job // failed by themselves
	redo    []*job // still to run again
	cur     *job   // running
	careful bool   // each in a savepoint
	err     error  // the transaction is gone, and with it the work of all jobs
}

// add runs j inside the group's transaction.
func (g *group) add(j *job) {
	if g.err != nil {
		j.err = g.err
		g.lost = append(g.lost, j)
		return
	}
	g.cur = j
	first := len(g.jobs) == 0
	if j.err = g.begin(first); j.err == nil {
		j.tx.w, g.c.wrote = g.w, false
		if j.err = j.tx.run(g.c, j.fn); j.err == nil && g.careful && !first {
			j.err = g.c.do("RELEASE job")
		}
		if !g.c.inTransaction() { // SQLite gave up the whole of it
			g.err = j.err
			if g.err == nil {
				g.err = errors.New("sqlite: the transaction ended inside a write")
				j.err = g.err
			}
			if !full(g.err) { // then it was rolled back cleanly: the next write may fit
				g.w.fail(g.err)
			}
		}
	}
	g.cur = nil
	if j.err == nil {
		g.jobs = append(g.jobs, j)
		return
	}
	g.lost = append(g.lost, j)
	if g.err == nil && g.c.inTransaction() {
		g.takeBack(first)
	}
}

func (g *group) begin(first bool) error {
	switch {
	case first:
		return g.c.do("BEGIN IMMEDIATE")
	case g.careful:
		return g.c.do("SAVEPOINT job")
	}
	return nil
}

// takeBack undoes the work of the job that failed.
func (g *group) takeBack(first bool) {
	switch {
	case first: // the transaction holds nothing else
		g.undo("ROLLBACK", true)
	case g.careful:
		g.undo("ROLLBACK TO job", false)
	case g.c.wrote:
		g.again()
	}
}

// again runs the writes before the failed one once more, each in a savepoint.
func (g *group) again() {
	if g.undo("ROLLBACK", true); g.err != nil {
		return
	}
	g.jobs, g.redo, g.careful = nil, g.jobs, true
	for len(g.redo) > 0 {
		j := g.redo[0]
		g.redo = g.redo[1:]
		j.tx = tx{}
		g.add(j)
	}
}

// undo takes back the work of the job that failed.
func (g *group) undo(sql string, first bool) {
	err := g.c.do(sql)
	if err == nil && !first {
		err = g.c.do("RELEASE job")
	}
	if err != nil {
		g.err = err
		if g.c.inTransaction() {
			_ = g.c.do("ROLLBACK") // the first error tells more
		}
	}
}

// end commits and wakes all but the leader, who goes on by himself.
func (g *group) end() {
	if g.cur != nil { // its function ended the goroutine
		g.err = errors.New("sqlite: a write ended the goroutine of the writer")
		g.cur.tx.q.c = nil
		g.cur.err = g.err
		g.lost = append(append(g.lost, g.cur), g.redo...)
		for _, j := range g.redo {
			j.err = g.err
		}
	}
	switch {
	case g.err != nil:
		if g.c.inTransaction() {
			_ = g.c.do("ROLLBACK") // g.err tells more
		}
	case len(g.jobs) > 0:
		if g.err = g.c.do("COMMIT"); g.err != nil {
			if g.c.inTransaction() {
				_ = g.c.do("ROLLBACK") // g.err tells more
			}
			g.w.fail(g.err)
		} else {
			g.w.commits.Add(1)
			g.w.wrote()
		}
	}
	for _, j := range g.jobs {
		if g.err != nil {
			j.err = g.err
		}
		j.done()
	}
	for _, j := range g.lost {
		j.done()
	}
}

// done wakes a job that waits.
func (j *job) done() {
	if j.wake != nil {
		j.wake <- false
	}
}

// tx is the transaction as the function of Write sees it.
type tx struct {
	w     *writer
	q     querier
	after []func()
}

// run calls fn and gives its error, panic, or that of a statement it ignored.
func (t *tx) run(c *conn, fn func(sqldb.Tx) error) (err error) {
	t.q = querier{c: c, inTx: true}
	defer func() {
		t.q.c = nil
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
	}()
	if err := fn(t); err != nil {
		return err
	}
	return t.q.broken
}

func (t *tx) Dialect() sqldb.Dialect { return sqldb.SQLite }

// Query does not listen to the context: a write that has started is not
// interrupted.
func (t *tx) Query(_ context.Context, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	return t.q.Query(context.Background(), sql, args, kinds, out)
}

// QueryAll does not listen to the context, as Query.
func (t *tx) QueryAll(_ context.Context, questions ...sqldb.Question) error {
	return t.q.QueryAll(context.Background(), questions...)
}

// Exec does not listen to the context, as Query.
func (t *tx) Exec(_ context.Context, sql string, args ...record.Value) (int64, error) {
	return t.q.Exec(context.Background(), sql, args...)
}

// Waiting says whether another write waits for the writer.
func (t *tx) Waiting() bool {
	w := t.w
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue) > 0
}

// Guard does nothing: there is one writer.
func (t *tx) Guard(context.Context, ...string) error { return t.q.refusal() }

// AfterCommit registers fn.
func (t *tx) AfterCommit(fn func()) { t.after = append(t.after, fn) }

// Sub runs fn behind a savepoint. What made SQLite give up the transaction, or
// leaves the file in doubt, stays lost.
func (t *tx) Sub(_ context.Context, fn func() error) error {
	if err := t.q.refusal(); err != nil {
		return err
	}
	c := t.q.c
	if err := t.q.note(c.do("SAVEPOINT part")); err != nil {
		return err
	}
	after := len(t.after)
	err := fn()
	if err == nil {
		err = t.q.broken
	}
	if err == nil {
		return t.q.note(c.do("RELEASE part"))
	}
	t.after = t.after[:after]
	if t.q.broken != nil && (!c.inTransaction() || fatal(t.q.broken)) {
		return err
	}
	if lost := t.q.note(c.do("ROLLBACK TO part")); lost != nil {
		return lost
	}
	if lost := t.q.note(c.do("RELEASE part")); lost != nil {
		return lost
	}
	return err
}
