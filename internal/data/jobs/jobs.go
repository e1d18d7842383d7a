// Package jobs keeps work that outlives a request: imports, mass changes,
// exports, nightly repairs. A job is a row written in the transaction that asks
// for it, done by whichever process is free, at least once in parts and exactly
// once in effect: what it changes and the mark that it is done commit together
// (Running.Finish), and a process that lost the job cannot commit either.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// State is where a job stands. Its strings are part of the API.
type State string

// The states. Queued and Running are alive, the others final.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"    // for a reason that another try would not change
	Dead      State = "dead"      // tried too often
	Cancelled State = "cancelled" // by a person
)

// Over says that nothing will happen to the job any more.
func (s State) Over() bool { return s != Queued && s != Running }

// Job is what Enqueue takes and Get gives.
type Job struct {
	ID   id.ID
	Kind string
	// Key makes the job unique among those alive: a second one with the same
	// key is not made. "" for none.
	Key     string
	Payload string // as the handler understands it, JSON by custom
	// MaxTries bounds how often it is begun; 0 = 5.
	MaxTries int
	RunAt    time.Time // not before; zero = at once
	By       id.ID

	// Set by the package.
	State      State
	Result     string
	Error      *Failure
	Done       int64
	Total      int64 // 0 = not known
	Tries      int
	CreatedAt  time.Time
	FinishedAt time.Time // zero while alive
}

// Failure is why the last try failed. Key and Args name a text for people as
// in errs.Error; Text is for the log and administrators.
type Failure struct {
	Code errs.Code         `json:"code"`
	Key  string            `json:"key"`
	Args map[string]string `json:"args,omitempty"`
	Text string            `json:"text"`
}

// maxText is how much of an error's text is kept, in bytes.
const maxText = 4000

func failureOf(err error) *Failure {
	f := &Failure{Code: errs.Internal, Key: "error.internal", Text: err.Error()}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		f.Code, f.Key, f.Args = e.Code, e.Key, e.Args
	}
	if len(f.Text) > maxText {
		f.Text = f.Text[:maxText]
	}
	f.Text = strings.ToValidUTF8(f.Text, "?")
	return f
}

// encode writes f as JSON, which holds no zero byte whatever the text has.
func (f *Failure) encode() string {
	b, err := json.Marshal(f)
	if err != nil {
		return `{"code":"internal","key":"error.internal","text":""}`
	}
	return string(b)
}

// Tables are those of this package.
func Tables() []ddl.Table {
	return []ddl.Table{
		{
			Name: "job",
			Columns: []ddl.Column{
				{Name: "id", Kind: record.KindInt},
				{Name: "kind", Kind: record.KindText, NotNull: true},
				{Name: "key", Kind: record.KindText},
				{Name: "state", Kind: record.KindText, NotNull: true},
				{Name: "payload", Kind: record.KindText},
				{Name: "result", Kind: record.KindText},
				{Name: "error", Kind: record.KindText},
				{Name: "done", Kind: record.KindInt, NotNull: true, Default: "0"},
				{Name: "total", Kind: record.KindInt, NotNull: true, Default: "0"},
				{Name: "tries", Kind: record.KindInt, NotNull: true, Default: "0"},
				{Name: "max_tries", Kind: record.KindInt, NotNull: true},
				{Name: "run_at", Kind: record.KindInt, NotNull: true},
				{Name: "lease_until", Kind: record.KindInt, NotNull: true, Default: "0"},
				{Name: "fence", Kind: record.KindInt, NotNull: true, Default: "0"},
				{Name: "cancel", Kind: record.KindInt, NotNull: true, Default: "0"},
				{Name: "created_at", Kind: record.KindInt, NotNull: true},
				{Name: "created_by", Kind: record.KindInt, NotNull: true},
				{Name: "finished_at", Kind: record.KindInt},
			},
			Key: []string{"id"},
			Indexes: []ddl.Index{
				{Name: "job_key_ux", Columns: []string{"key"}, Unique: true, Where: "finished_at IS NULL"},
				{Name: "job_queued_ix", Columns: []string{"run_at", "id"}, Where: "state = 'queued'"},
				{Name: "job_running_ix", Columns: []string{"lease_until"}, Where: "state = 'running'"},
				{Name: "job_finished_ix", Columns: []string{"finished_at"}, Where: "finished_at IS NOT NULL"},
				{Name: "job_created_by_ix", Columns: []string{"created_by", "id"}},
			},
		},
		{
			Name: "job_tick",
			Columns: []ddl.Column{
				{Name: "name", Kind: record.KindText},
				{Name: "tick", Kind: record.KindInt},
			},
			Key:     []string{"name", "tick"},
			NoRowid: true,
		},
	}
}

// defaultTries is MaxTries when a job does not say.
const defaultTries = 5

// ErrLost is what a worker gets when another one has taken over its job, or the
// job was ended meanwhile: nothing that it does counts any more.
var ErrLost = errs.New(errs.Conflict, "error.job_lost")

// ErrCancelled is the cause of the context of a job that was cancelled.
var ErrCancelled = errs.New(errs.Conflict, "error.job_cancelled")

// ErrStopped is the cause of the context of a job whose process is stopping: it
// goes on elsewhere, from its last checkpoint.
var ErrStopped = errs.New(errs.Unavailable, "error.stopping")

// Queue adds jobs and tells about them.
type Queue struct {
	db    sqldb.DB
	clock clock.Clock
	ids   interface{ Next() id.ID }

	mu   sync.Mutex
	next int
	wake map[int]chan struct{}
}

// NewQueue makes the queue of a process.
func NewQueue(db sqldb.DB, c clock.Clock, ids interface{ Next() id.ID }) *Queue {
	return &Queue{db: db, clock: c, ids: ids, wake: map[int]chan struct{}{}}
}

var (
	enqueueSQL = ddl.Both(`INSERT INTO job (id, kind, key, state, payload, max_tries, run_at, created_at, created_by)
		VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8)
		ON CONFLICT (key) WHERE finished_at IS NULL DO NOTHING`)
	byKeySQL = ddl.Both(`SELECT id FROM job WHERE key = $1 AND finished_at IS NULL`)
	oneInt   = []record.Kind{record.KindInt}
)

// Enqueue adds a job in tx: it exists when tx has committed. It gives the id of
// the living job with the same key when there is one.
func (q *Queue) Enqueue(ctx context.Context, tx sqldb.Tx, j Job) (id.ID, error) {
	now := q.clock.Now()
	if j.MaxTries <= 0 {
		j.MaxTries = defaultTries
	}
	if j.RunAt.IsZero() {
		j.RunAt = now
	}
	jobID := q.ids.Next()
	for {
		n, err := tx.Exec(ctx, enqueueSQL.For(tx.Dialect()), record.Int(int64(jobID)), record.RawText(j.Kind), record.Text(j.Key),
			record.Text(j.Payload), record.Int(int64(j.MaxTries)), record.Int(j.RunAt.UnixMicro()), record.Int(now.UnixMicro()), record.Int(int64(j.By)))
		if err != nil {
			return 0, err
		}
		if n == 1 {
			tx.AfterCommit(q.Wake)
			return jobID, nil
		}
		var rows sqldb.Rows
		rows.Reset(1)
		if err := tx.Query(ctx, byKeySQL.For(tx.Dialect()), []record.Value{record.Text(j.Key)}, oneInt, &rows); err != nil {
			return 0, err
		}
		if rows.Len() > 0 {
			return id.ID(rows.At(0, 0).Int()), nil
		}
		// The other one ended between the two statements: ours may be added now.
	}
}

// Wake makes the runners of this process look for work now.
func (q *Queue) Wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, ch := range q.wake {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

func (q *Queue) waker() (woken <-chan struct{}, cancel func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := q.next
	q.next++
	ch := make(chan struct{}, 1)
	q.wake[n] = ch
	return ch, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.wake, n)
	}
}

const jobColumns = "id, kind, key, state, payload, result, error, done, total, tries, max_tries, run_at, created_at, created_by, finished_at"

var (
	jobKinds = []record.Kind{
		record.KindInt, record.KindText, record.KindText, record.KindText, record.KindText, record.KindText, record.KindText,
		record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt,
	}
	getSQL  = ddl.Both(`SELECT ` + jobColumns + ` FROM job WHERE id = $1`)
	listSQL = ddl.Both(`SELECT ` + jobColumns + ` FROM job WHERE id < $1 AND (CAST($2 AS TEXT) = '' OR state = $2) AND (CAST($3 AS TEXT) = '' OR kind = $3) AND (CAST($4 AS BIGINT) = 0 OR created_by = $4)
		ORDER BY id DESC LIMIT $5`)
)

func scanJob(v []record.Value) Job {
	j := Job{
		ID: id.ID(v[0].Int()), Kind: v[1].Str(), Key: v[2].Str(), State: State(v[3].Str()), Payload: v[4].Str(), Result: v[5].Str(),
		Done: v[7].Int(), Total: v[8].Int(), Tries: int(v[9].Int()), MaxTries: int(v[10].Int()),
		RunAt: time.UnixMicro(v[11].Int()).UTC(), CreatedAt: time.UnixMicro(v[12].Int()).UTC(), By: id.ID(v[13].Int()),
	}
	if !v[14].IsNull() {
		j.FinishedAt = time.UnixMicro(v[14].Int()).UTC()
	}
	if s := v[6].Str(); s != "" {
		j.Error = &Failure{}
		if json.Unmarshal([]byte(s), j.Error) != nil {
			j.Error = &Failure{Code: errs.Internal, Key: "error.internal", Text: s}
		}
	}
	return j
}

// Get reads a job: NotFound "error.job_not_found" when there is none. Who may
// see it is for the caller to check.
func Get(ctx context.Context, q sqldb.Querier, jobID id.ID) (Job, error) {
	var rows sqldb.Rows
	rows.Reset(len(jobKinds))
	if err := q.Query(ctx, getSQL.For(q.Dialect()), []record.Value{record.Int(int64(jobID))}, jobKinds, &rows); err != nil {
		return Job{}, err
	}
	if rows.Len() == 0 {
		return Job{}, errs.New(errs.NotFound, "error.job_not_found")
	}
	return scanJob(rows.Row(0)), nil
}

// Filter chooses jobs for List; zero fields choose all.
type Filter struct {
	State  State
	Kind   string
	By     id.ID
	Before id.ID // continues behind the last job of an earlier page
	Limit  int   // 0 = 50
}

// List gives the jobs that match, the newest first.
func List(ctx context.Context, q sqldb.Querier, f Filter) ([]Job, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	if f.Before == 0 {
		f.Before = 1<<63 - 1
	}
	var rows sqldb.Rows
	rows.Reset(len(jobKinds))
	err := q.Query(ctx, listSQL.For(q.Dialect()), []record.Value{
		record.Int(int64(f.Before)), record.RawText(string(f.State)), record.RawText(f.Kind), record.Int(int64(f.By)), record.Int(int64(f.Limit)),
	}, jobKinds, &rows)
	if err != nil {
		return nil, err
	}
	list := make([]Job, rows.Len())
	for i := range list {
		list[i] = scanJob(rows.Row(i))
	}
	return list, nil
}

var (
	cancelQueuedSQL  = ddl.Both(`UPDATE job SET state = 'cancelled', finished_at = $2 WHERE id = $1 AND state = 'queued'`)
	cancelRunningSQL = ddl.Both(`UPDATE job SET cancel = 1 WHERE id = $1 AND state = 'running'`)
	retrySQL         = ddl.Both(`UPDATE job SET state = 'queued', tries = 0, run_at = $2, cancel = 0, finished_at = NULL WHERE id = $1 AND state IN ('failed', 'dead', 'cancelled')`)
	reclaimSQL       = ddl.Both(`UPDATE job SET lease_until = 0 WHERE state = 'running'`)
	trimSQL          = ddl.Both(`DELETE FROM job WHERE id IN (SELECT id FROM job WHERE finished_at < $1 ORDER BY finished_at LIMIT 500)`)
)

// Cancel ends a job that waits at once, and asks one that runs to stop, which
// takes until its next checkpoint or its worker's next renewal. It says whether there was anything to
// cancel.
func (q *Queue) Cancel(ctx context.Context, tx sqldb.Tx, jobID id.ID) (bool, error) {
	for _, s := range []struct {
		sql  ddl.Text
		args []record.Value
	}{
		{cancelQueuedSQL, []record.Value{record.Int(int64(jobID)), record.Int(q.clock.Now().UnixMicro())}},
		{cancelRunningSQL, []record.Value{record.Int(int64(jobID))}},
	} {
		if n, err := tx.Exec(ctx, s.sql.For(tx.Dialect()), s.args...); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// Retry queues a job again that failed, died or was cancelled: it goes on from
// its last checkpoint. It says whether there was such a job. Duplicate when
// another one with the same key is alive.
func (q *Queue) Retry(ctx context.Context, tx sqldb.Tx, jobID id.ID) (bool, error) {
	n, err := tx.Exec(ctx, retrySQL.For(tx.Dialect()), record.Int(int64(jobID)), record.Int(q.clock.Now().UnixMicro()))
	if n > 0 {
		tx.AfterCommit(q.Wake)
	}
	return n > 0, err
}

// Reclaim frees every running job at once instead of at the end of its lease.
// Only for a start that knows that no other process works on this database: on
// SQLite, under the lock of the data folder.
func (q *Queue) Reclaim(ctx context.Context) error {
	return q.db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, reclaimSQL.For(tx.Dialect()))
		tx.AfterCommit(q.Wake)
		return err
	})
}

// Trim deletes the jobs that ended before the given instant and says how many.
func (q *Queue) Trim(ctx context.Context, before time.Time) (total int64, err error) {
	for {
		n := int64(0)
		err := q.db.Write(ctx, func(tx sqldb.Tx) (err error) {
			n, err = tx.Exec(ctx, trimSQL.For(tx.Dialect()), record.Int(before.UnixMicro()))
			return err
		})
		if err != nil || n == 0 {
			return total, err
		}
		total += n
	}
}

var mentionsSQL = ddl.Text{
	SQLite:   `SELECT 1 FROM job WHERE instr(COALESCE(payload, '') || ' ' || COALESCE(result, ''), ?1) > 0 LIMIT 1`,
	Postgres: `SELECT 1::bigint FROM job WHERE strpos(COALESCE(payload, '') || ' ' || COALESCE(result, ''), $1) > 0 LIMIT 1`,
}

// Mentions says whether any job that is kept has the word in what it is to do
// or in what came of it: what it names is still needed.
func (q *Queue) Mentions(ctx context.Context, word string) (bool, error) {
	var rows sqldb.Rows
	rows.Reset(1)
	err := q.db.ReadOne(ctx, mentionsSQL.For(q.db.Dialect()), []record.Value{record.RawText(word)}, []record.Kind{record.KindInt}, &rows)
	return rows.Len() > 0, err
}
