package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
)

// world is a database with jobs, a queue on a clock of the test's, and a table
// that jobs leave their mark in.
type world struct {
	t     *testing.T
	db    sqldb.DB
	clock *clock.Fake
	ids   *id.Generator
	queue *jobs.Queue
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		var p ddl.Plan
		tables := append(jobs.Tables(), ddl.Table{
			Name: "effect", Key: []string{"id"},
			Columns: []ddl.Column{{Name: "id", Kind: record.KindInt}, {Name: "job_id", Kind: record.KindInt, NotNull: true}},
		})
		err := d.Read(ctx, func(q sqldb.Querier) (err error) { p, err = ddl.NewPlan(ctx, q, tables); return err })
		if err == nil {
			err = ddl.Apply(ctx, d, p, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		c := clock.NewFake(start)
		ids := id.NewGenerator(1, c, 0)
		fn(&world{t, d, c, ids, jobs.NewQueue(d, c, ids)})
	})
}

func (w *world) enqueue(j jobs.Job) id.ID {
	w.t.Helper()
	var jobID id.ID
	err := w.db.Write(ctx, func(tx sqldb.Tx) (err error) { jobID, err = w.queue.Enqueue(ctx, tx, j); return err })
	if err != nil {
		w.t.Fatal(err)
	}
	return jobID
}

func (w *world) get(jobID id.ID) jobs.Job {
	w.t.Helper()
	var j jobs.Job
	if err := w.db.Read(ctx, func(q sqldb.Querier) (err error) { j, err = jobs.Get(ctx, q, jobID); return err }); err != nil {
		w.t.Fatal(err)
	}
	return j
}

func (w *world) cancel(jobID id.ID) bool {
	w.t.Helper()
	var ok bool
	if err := w.db.Write(ctx, func(tx sqldb.Tx) (err error) { ok, err = w.queue.Cancel(ctx, tx, jobID); return err }); err != nil {
		w.t.Fatal(err)
	}
	return ok
}

func (w *world) effects() (list []int64) {
	w.t.Helper()
	var rows sqldb.Rows
	rows.Reset(1)
	if err := w.db.ReadOne(ctx, `SELECT job_id FROM effect ORDER BY job_id`, nil, []record.Kind{record.KindInt}, &rows); err != nil {
		w.t.Fatal(err)
	}
	for i := range rows.Len() {
		list = append(list, rows.At(i, 0).Int())
	}
	return list
}

// leaveMark is a side effect of a job, in its transaction.
func (w *world) leaveMark(tx sqldb.Tx, jobID id.ID) error {
	_, err := tx.Exec(ctx, ddl.Both(`INSERT INTO effect (id, job_id) VALUES ($1, $2)`).For(tx.Dialect()), record.Int(int64(w.ids.Next())), record.Int(int64(jobID)))
	return err
}

// run starts a runner; the function it gives stops it and waits for its end.
func (w *world) run(r *jobs.Runner) (stop func()) {
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(running)
	}()
	return func() {
		cancel()
		<-ended
	}
}

func (w *world) options() jobs.Options {
	return jobs.Options{TTL: 30 * time.Second, OnError: func(err error) { w.t.Error(err) }}
}

// until moves the clock on by step until ok. It gives way to the runners
// between, and waits for them on the real clock in the end.
func (w *world) until(step time.Duration, ok func() bool) {
	w.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for !ok() {
		w.clock.BlockUntil(1)
		w.clock.Advance(step)
		runtime.Gosched()
		if time.Now().After(deadline) {
			w.t.Fatal("it never came to that")
		}
	}
}

// untilState waits with the clock standing still: for what a wake-up brings.
func (w *world) untilState(jobID id.ID, state jobs.State) {
	w.t.Helper()
	w.until(0, func() bool { return w.get(jobID).State == state })
}

// untilLooked is untilState for what only a runner's next look brings. It
// moves the clock a little at a time, since a runner that is just about to wait
// has not seen the test's last move.
func (w *world) untilLooked(jobID id.ID, state jobs.State) {
	w.t.Helper()
	w.until(10*time.Millisecond, func() bool { return w.get(jobID).State == state })
}

func TestEnqueue(t *testing.T) {
	each(t, func(w *world) {
		boom := errors.New("boom")
		var lost id.ID
		err := w.db.Write(ctx, func(tx sqldb.Tx) (err error) {
			if lost, err = w.queue.Enqueue(ctx, tx, jobs.Job{Kind: "a"}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			w.t.Fatal(err)
		}
		err = w.db.Read(ctx, func(q sqldb.Querier) error { _, err := jobs.Get(ctx, q, lost); return err })
		if !errs.Is(err, errs.NotFound) {
			w.t.Errorf("a job of a transaction that failed: %v", err)
		}
		first := w.enqueue(jobs.Job{Kind: "a", Key: "k", Payload: `{"x":1}`, By: 5, RunAt: start.Add(time.Hour), MaxTries: 2})
		if second := w.enqueue(jobs.Job{Kind: "a", Key: "k"}); second != first {
			w.t.Error("two living jobs with one key")
		}
		other := w.enqueue(jobs.Job{Kind: "b", Key: "l"})
		want := jobs.Job{
			ID: first, Kind: "a", Key: "k", Payload: `{"x":1}`, By: 5, RunAt: start.Add(time.Hour), MaxTries: 2,
			State: jobs.Queued, CreatedAt: start,
		}
		if diff := cmp.Diff(want, w.get(first)); diff != "" {
			w.t.Errorf("job (-want +got):\n%s", diff)
		}
		if !w.cancel(first) || w.cancel(first) {
			w.t.Error("a waiting job is cancelled once")
		}
		if again := w.enqueue(jobs.Job{Kind: "a", Key: "k"}); again == first {
			w.t.Error("an ended job keeps its key")
		}
		list := func(f jobs.Filter) (ids []id.ID) {
			err := w.db.Read(ctx, func(q sqldb.Querier) error {
				all, err := jobs.List(ctx, q, f)
				for _, j := range all {
					ids = append(ids, j.ID)
				}
				return err
			})
			if err != nil {
				w.t.Fatal(err)
			}
			return ids
		}
		if got := list(jobs.Filter{Limit: 2}); len(got) != 2 || got[1] != other {
			w.t.Errorf("newest first: %v", got)
		}
		if got := list(jobs.Filter{Before: other}); !slices.Equal(got, []id.ID{first}) {
			w.t.Errorf("next page: %v", got)
		}
		if got := list(jobs.Filter{State: jobs.Cancelled, Kind: "a", By: 5}); !slices.Equal(got, []id.ID{first}) {
			w.t.Errorf("filtered: %v", got)
		}
		w.clock.Advance(time.Hour)
		if n, err := w.queue.Trim(ctx, w.clock.Now()); err != nil || n != 1 || len(list(jobs.Filter{})) != 2 {
			w.t.Errorf("trimmed %d, %v", n, err)
		}
	})
}

func TestEnqueueOneKeyTogether(t *testing.T) {
	each(t, func(w *world) {
		var all sync.WaitGroup
		var mu sync.Mutex
		seen := map[id.ID]bool{}
		for range 12 {
			all.Go(func() {
				err := w.db.Write(ctx, func(tx sqldb.Tx) error {
					jobID, err := w.queue.Enqueue(ctx, tx, jobs.Job{Kind: "a", Key: "k"})
					tx.AfterCommit(func() {
						mu.Lock()
						defer mu.Unlock()
						seen[jobID] = true
					})
					return err
				})
				if err != nil {
					w.t.Error(err)
				}
			})
		}
		all.Wait()
		if len(seen) != 1 {
			w.t.Errorf("%d jobs", len(seen))
		}
	})
}

func TestDone(t *testing.T) {
	each(t, func(w *world) {
		r := w.queue.NewRunner(w.options())
		r.Handle("import", func(ctx context.Context, j *jobs.Work) error {
			if j.Payload != "rows" || j.By != 3 || j.Fence != 1 || j.Tries != 1 {
				w.t.Errorf("work %+v", j)
			}
			j.Progress(10, 10)
			return w.db.Write(ctx, func(tx sqldb.Tx) error {
				if err := w.leaveMark(tx, j.ID); err != nil {
					return err
				}
				return j.Finish(ctx, tx, `{"rows":10}`)
			})
		})
		r.Handle("plain", func(context.Context, *jobs.Work) error { return nil })
		defer w.run(r)()
		a := w.enqueue(jobs.Job{Kind: "import", Payload: "rows", By: 3})
		b := w.enqueue(jobs.Job{Kind: "plain"})
		nobody := w.enqueue(jobs.Job{Kind: "of another program"})
		later := w.enqueue(jobs.Job{Kind: "plain", RunAt: start.Add(time.Hour)})
		w.untilState(a, jobs.Done)
		w.untilState(b, jobs.Done)
		got := w.get(a)
		if got.Result != `{"rows":10}` || got.Done != 10 || got.Total != 10 || got.Tries != 1 || !got.FinishedAt.Equal(start) || !got.State.Over() {
			w.t.Errorf("job %+v", got)
		}
		if e := w.effects(); !slices.Equal(e, []int64{int64(a)}) {
			w.t.Errorf("effects %v", e)
		}
		if s := w.get(later).State; s != jobs.Queued {
			w.t.Errorf("before its time: %s", s)
		}
		w.clock.Advance(time.Hour)
		w.untilLooked(later, jobs.Done)
		if s := w.get(nobody).State; s != jobs.Queued {
			w.t.Errorf("without a handler: %s", s)
		}
	})
}

func TestFailures(t *testing.T) {
	each(t, func(w *world) {
		opt := w.options()
		opt.TTL = 24 * time.Hour // the clock runs fast here
		r := w.queue.NewRunner(opt)
		var tries atomic.Int64
		r.Handle("flaky", func(context.Context, *jobs.Work) error {
			if tries.Add(1) < 3 {
				return errors.New("not\x00 yet\xff")
			}
			return nil
		})
		r.Handle("away", func(context.Context, *jobs.Work) error {
			return fmt.Errorf("mail: %w", errs.New(errs.Unavailable, "error.mail_away", "host", "mx"))
		})
		r.Handle("wrong", func(context.Context, *jobs.Work) error {
			return errs.New(errs.Invalid, "error.required", "field", "name")
		})
		r.Handle("panic", func(context.Context, *jobs.Work) error { panic("oh") })
		defer w.run(r)()

		flaky := w.enqueue(jobs.Job{Kind: "flaky"})
		w.until(0, func() bool { return w.get(flaky).Error != nil })
		j := w.get(flaky)
		if j.State != jobs.Queued || !j.RunAt.Equal(start.Add(2*time.Second)) || j.Error.Code != errs.Internal || !strings.HasPrefix(j.Error.Text, "not") {
			w.t.Errorf("after the first failure: %+v %+v", j, j.Error)
		}
		w.until(time.Second, func() bool { return w.get(flaky).State == jobs.Done })
		if j = w.get(flaky); j.Tries != 3 || j.Error != nil || j.FinishedAt.Before(start.Add(6*time.Second)) {
			w.t.Errorf("in the end: %+v", j)
		}

		away := w.enqueue(jobs.Job{Kind: "away", MaxTries: 3})
		w.until(time.Second, func() bool { return w.get(away).State == jobs.Dead })
		if j = w.get(away); j.Tries != 3 || j.Error.Key != "error.mail_away" || j.Error.Args["host"] != "mx" || j.FinishedAt.IsZero() {
			w.t.Errorf("dead: %+v %+v", j, j.Error)
		}
		wrong := w.enqueue(jobs.Job{Kind: "wrong"})
		w.untilState(wrong, jobs.Failed)
		if j = w.get(wrong); j.Tries != 1 || j.Error.Key != "error.required" {
			w.t.Errorf("failed: %+v %+v", j, j.Error)
		}
		broken := w.enqueue(jobs.Job{Kind: "panic", MaxTries: 1})
		w.untilState(broken, jobs.Dead)

		// A person may have it tried again.
		var ok bool
		err := w.db.Write(ctx, func(tx sqldb.Tx) (err error) { ok, err = w.queue.Retry(ctx, tx, away); return err })
		if err != nil || !ok {
			w.t.Fatal(ok, err)
		}
		w.until(time.Second, func() bool { return w.get(away).State == jobs.Dead })
	})
}

// A worker stalls; another takes over when the lease has run out. The first one
// can do nothing any more, and its effect is not there.
func TestTakeOver(t *testing.T) {
	each(t, func(w *world) {
		// The stalled process lives on a clock that stands still.
		stalled := jobs.NewQueue(w.db, clock.NewFake(start), w.ids)
		goOn, late := make(chan struct{}), make(chan error, 2)
		begun := make(chan struct{})
		slow := stalled.NewRunner(w.options())
		slow.Handle("import", func(ctx context.Context, j *jobs.Work) error {
			if err := j.Checkpoint(ctx, "half"); err != nil {
				return err
			}
			close(begun)
			<-goOn
			late <- j.Checkpoint(ctx, "more")
			err := w.db.Write(ctx, func(tx sqldb.Tx) error {
				if err := w.leaveMark(tx, j.ID); err != nil {
					return err
				}
				return j.Finish(ctx, tx, "slow")
			})
			late <- err
			return err
		})
		stopSlow := w.run(slow)
		jobID := w.enqueue(jobs.Job{Kind: "import", Payload: "all"})
		stalled.Wake()
		<-begun

		fast := w.queue.NewRunner(w.options())
		fast.Handle("import", func(ctx context.Context, j *jobs.Work) error {
			if j.Payload != "half" || j.Fence != 2 || j.Tries != 2 {
				w.t.Errorf("taken over: %+v", j)
			}
			close(goOn)
			for range 2 {
				if err := <-late; !errors.Is(err, jobs.ErrLost) {
					w.t.Errorf("the stalled worker got %v", err)
				}
			}
			return w.db.Write(ctx, func(tx sqldb.Tx) error {
				if err := w.leaveMark(tx, j.ID); err != nil {
					return err
				}
				return j.Finish(ctx, tx, "fast")
			})
		})
		defer w.run(fast)()
		w.clock.BlockUntil(1)
		if j := w.get(jobID); j.State != jobs.Running || j.Tries != 1 {
			w.t.Errorf("taken over before its time: %+v", j)
		}
		w.clock.Advance(31 * time.Second)
		w.untilLooked(jobID, jobs.Done)
		stopSlow()
		if j := w.get(jobID); j.Result != "fast" || j.State != jobs.Done {
			w.t.Errorf("job %+v", j)
		}
		if e := w.effects(); len(e) != 1 {
			w.t.Errorf("%d effects", len(e))
		}
	})
}

// After a crash of the only process its jobs go on at once.
func TestReclaim(t *testing.T) {
	each(t, func(w *world) {
		begun, forever := make(chan struct{}), make(chan struct{})
		opt := w.options()
		opt.Workers = 1 // it must not find its own job again
		dead := jobs.NewQueue(w.db, clock.NewFake(start), w.ids).NewRunner(opt)
		dead.Handle("a", func(context.Context, *jobs.Work) error {
			close(begun)
			<-forever
			return nil
		})
		jobID := w.enqueue(jobs.Job{Kind: "a"})
		stop := w.run(dead)
		<-begun
		if err := w.queue.Reclaim(ctx); err != nil {
			w.t.Fatal(err)
		}
		r := w.queue.NewRunner(w.options())
		r.Handle("a", func(context.Context, *jobs.Work) error { return nil })
		defer w.run(r)()
		w.untilState(jobID, jobs.Done)
		close(forever)
		stop()
		if j := w.get(jobID); j.Tries != 2 || !j.FinishedAt.Equal(start) {
			w.t.Errorf("job %+v", j)
		}
	})
}

// A job whose workers die every time is given up.
func TestDiesEveryTime(t *testing.T) {
	each(t, func(w *world) {
		jobID := w.enqueue(jobs.Job{Kind: "import", MaxTries: 2})
		forever := make(chan struct{})
		var stops []func()
		for turn := range 2 {
			c := clock.NewFake(start.Add(time.Duration(turn) * time.Minute))
			begun := make(chan struct{})
			r := jobs.NewQueue(w.db, c, w.ids).NewRunner(w.options())
			r.Handle("import", func(context.Context, *jobs.Work) error {
				close(begun)
				<-forever
				return nil
			})
			stops = append(stops, w.run(r))
			<-begun
		}
		w.clock.Set(start.Add(time.Hour))
		r := w.queue.NewRunner(w.options())
		r.Handle("import", func(context.Context, *jobs.Work) error { w.t.Error("begun a third time"); return nil })
		defer w.run(r)()
		w.untilState(jobID, jobs.Dead)
		if j := w.get(jobID); j.Error.Key != "error.job_died" {
			w.t.Errorf("error %+v", j.Error)
		}
		close(forever)
		for _, stop := range stops {
			stop()
		}
		if j := w.get(jobID); j.State != jobs.Dead {
			w.t.Errorf("the dead worker woke up and the job is %s", j.State)
		}
	})
}

// The lease of a long job is renewed, with its progress; cancelling reaches it.
func TestRenewalAndCancel(t *testing.T) {
	each(t, func(w *world) {
		begun, ended := make(chan struct{}), make(chan error, 1)
		r := w.queue.NewRunner(w.options())
		r.Handle("long", func(ctx context.Context, j *jobs.Work) error {
			j.Progress(3, 9)
			close(begun)
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return ctx.Err()
		})
		defer w.run(r)()
		jobID := w.enqueue(jobs.Job{Kind: "long"})
		<-begun
		for range 12 { // two minutes, four leases
			w.clock.Advance(10 * time.Second)
			w.clock.BlockUntil(2) // the runner's next look and the next renewal
		}
		if j := w.get(jobID); j.State != jobs.Running || j.Tries != 1 || j.Done != 3 || j.Total != 9 {
			w.t.Errorf("a renewed job: %+v", j)
		}
		if !w.cancel(jobID) {
			w.t.Error("there was something to cancel")
		}
		w.clock.Advance(10 * time.Second)
		w.untilState(jobID, jobs.Cancelled)
		if err := <-ended; !errors.Is(err, jobs.ErrCancelled) {
			w.t.Errorf("the handler was told %v", err)
		}
		if w.cancel(jobID) {
			w.t.Error("cancelled twice")
		}
	})
}

// A job that is cancelled hears of it at its next checkpoint, and what it left
// until then is its result.
func TestCancelledAtACheckpoint(t *testing.T) {
	each(t, func(w *world) {
		begun, asked := make(chan struct{}), make(chan struct{})
		r := w.queue.NewRunner(w.options())
		r.Handle("long", func(ctx context.Context, j *jobs.Work) error {
			if err := j.Checkpoint(ctx, "first"); err != nil || ctx.Err() != nil {
				w.t.Errorf("cancelled before anybody asked: %v", err)
			}
			close(begun)
			<-asked
			if err := j.Checkpoint(ctx, "second"); err != nil {
				w.t.Errorf("a checkpoint is kept all the same: %v", err)
			}
			j.Leave(`{"done":2}`)
			return ctx.Err()
		})
		defer w.run(r)()
		jobID := w.enqueue(jobs.Job{Kind: "long"})
		<-begun
		if !w.cancel(jobID) {
			w.t.Error("there was something to cancel")
		}
		close(asked)
		w.untilState(jobID, jobs.Cancelled)
		if j := w.get(jobID); j.Result != `{"done":2}` {
			w.t.Errorf("it left %q", j.Result)
		}
	})
}

// A process that stops gives its jobs back, from their checkpoints and without
// counting the try.
func TestStop(t *testing.T) {
	each(t, func(w *world) {
		begun := make(chan struct{})
		r := w.queue.NewRunner(w.options())
		r.Handle("long", func(ctx context.Context, j *jobs.Work) error {
			if err := j.Checkpoint(ctx, "half"); err != nil {
				return err
			}
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		stop := w.run(r)
		jobID := w.enqueue(jobs.Job{Kind: "long", Payload: "all", MaxTries: 1})
		<-begun
		stop()
		if j := w.get(jobID); j.State != jobs.Queued || j.Tries != 0 || j.Payload != "half" {
			w.t.Errorf("given back: %+v", j)
		}
		next := w.queue.NewRunner(w.options())
		next.Handle("long", func(context.Context, *jobs.Work) error { return nil })
		defer w.run(next)()
		w.untilState(jobID, jobs.Done)
	})
}

// Eight runners, 200 jobs, on a clock that jumps so that leases run out under
// the workers' hands, with handlers that fail and panic now and then: every
// job's effect is there exactly once.
func TestExactlyOnceInEffect(t *testing.T) {
	const runners, count = 8, 200
	each(t, func(w *world) {
		var begun, spoiled atomic.Int64
		work := func(ctx context.Context, j *jobs.Work) error {
			n := begun.Add(1)
			err := w.db.Write(ctx, func(tx sqldb.Tx) error {
				if err := w.leaveMark(tx, j.ID); err != nil {
					return err
				}
				if n%11 == 0 {
					spoiled.Add(1)
					panic("power cut inside the transaction")
				}
				return j.Finish(ctx, tx, "")
			})
			if n%7 == 0 {
				spoiled.Add(1)
				return errors.New("power cut after the transaction")
			}
			return err
		}
		var queues []*jobs.Queue
		var stops []func()
		defer func() {
			for _, stop := range stops {
				stop()
			}
		}()
		for range runners {
			q := jobs.NewQueue(w.db, w.clock, w.ids)
			r := q.NewRunner(jobs.Options{TTL: 3 * time.Second, OnError: func(err error) { w.t.Error(err) }})
			r.Handle("work", work)
			stops = append(stops, w.run(r))
			queues = append(queues, q)
		}
		var ids []int64
		for range count {
			ids = append(ids, int64(w.enqueue(jobs.Job{Kind: "work", MaxTries: 1_000_000})))
		}
		for _, q := range queues {
			q.Wake()
		}
		w.until(300*time.Millisecond, func() bool { return w.count(`state <> 'done'`) == 0 })
		if diff := cmp.Diff(ids, w.effects()); diff != "" {
			w.t.Errorf("effects (-want +got):\n%s", diff)
		}
		if spoiled.Load() < 20 || begun.Load() <= count {
			w.t.Errorf("%d begun, %d spoiled: nothing was put to the test", begun.Load(), spoiled.Load())
		}
		w.t.Logf("%d jobs, begun %d times, %d spoiled", count, begun.Load(), spoiled.Load())
	})
}

// Four processes with the same schedule: every tick's job is queued once, a
// missed span is made up for once, and the past before the first start never.
func TestCronOnce(t *testing.T) {
	each(t, func(w *world) {
		zone := time.FixedZone("UTC+8", 8*3600)
		newRunner := func() *jobs.Runner {
			r := w.queue.NewRunner(w.options())
			r.Handle("nightly", func(_ context.Context, j *jobs.Work) error {
				if j.Payload != "p" {
					w.t.Errorf("payload %q", j.Payload)
				}
				return nil
			})
			if err := r.Cron(jobs.Cron{Name: "repair", Spec: "@daily 02:00", Zone: zone, Kind: "nightly", Payload: "p"}); err != nil {
				w.t.Fatal(err)
			}
			return r
		}
		var stops []func()
		begin := func() {
			stops = nil
			for range 4 {
				stops = append(stops, w.run(newRunner()))
			}
		}
		end := func() {
			for _, stop := range stops {
				stop()
			}
		}
		reach := func(at time.Time, want int64) {
			w.t.Helper()
			w.clock.Set(at)
			// Small steps: on a busy machine large ones reach the next day's tick.
			w.until(10*time.Millisecond, func() bool { return w.count(`state = 'done'`) >= want })
		}
		begin()
		w.until(time.Second, func() bool { return len(w.ticks()) > 0 }) // the one before the start is marked and not done
		reach(time.Date(2026, 3, 4, 18, 0, 0, 0, time.UTC), 1)
		reach(time.Date(2026, 3, 5, 18, 1, 0, 0, time.UTC), 2)
		end()
		w.clock.Set(time.Date(2026, 3, 9, 20, 0, 0, 0, time.UTC))
		begin()
		reach(w.clock.Now(), 3)
		reach(time.Date(2026, 3, 10, 18, 0, 0, 0, time.UTC), 4)
		w.clock.Set(start) // a clock that goes back brings nothing back
		w.until(time.Second, func() bool { return w.clock.Now().After(start.Add(20 * time.Second)) })
		end()
		want := []string{"03-03 18:00", "03-04 18:00", "03-05 18:00", "03-09 18:00", "03-10 18:00"}
		if diff := cmp.Diff(want, w.ticks()); diff != "" {
			w.t.Errorf("ticks (-want +got):\n%s", diff)
		}
		if n := w.count(`1 = 1`); n != 4 {
			w.t.Errorf("%d jobs", n)
		}
	})
}

func (w *world) count(where string) int64 {
	w.t.Helper()
	var rows sqldb.Rows
	rows.Reset(1)
	if err := w.db.ReadOne(ctx, `SELECT COUNT(*) FROM job WHERE `+where, nil, []record.Kind{record.KindInt}, &rows); err != nil {
		w.t.Fatal(err)
	}
	return rows.At(0, 0).Int()
}

func (w *world) ticks() (list []string) {
	w.t.Helper()
	var rows sqldb.Rows
	rows.Reset(1)
	if err := w.db.ReadOne(ctx, `SELECT tick FROM job_tick ORDER BY tick`, nil, []record.Kind{record.KindInt}, &rows); err != nil {
		w.t.Fatal(err)
	}
	for i := range rows.Len() {
		list = append(list, time.UnixMicro(rows.At(i, 0).Int()).UTC().Format("01-02 15:04"))
	}
	return list
}
