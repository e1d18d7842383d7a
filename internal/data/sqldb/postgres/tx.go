package postgres

import (
	"context"
	"errors"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// tx is a transaction, or in Exclusive a connection, lent to a function. It
// begins with its first statement, in the same round trip.
type tx struct {
	s      *session // nil after the end
	one    bool     // all statements see one moment
	begin  string   // still to be sent before the first statement
	open   bool
	after  []func()
	broken error // of the first statement that failed in a transaction
}

var errOver = errors.New("postgres: used after the end of its transaction")

// end takes the connection away from the function; true when a transaction is
// open on it.
func (t *tx) end() bool {
	open := t.open && !t.s.pc.IsClosed()
	t.s = nil
	return open
}

func (t *tx) Dialect() sqldb.Dialect { return sqldb.Postgres }

// Snapshot implements sqldb.Snapshotter.
func (t *tx) Snapshot() bool { return t.one }

// start gives what must be sent before the next statement.
func (t *tx) start() (begin string, err error) {
	if t.broken != nil {
		return "", t.broken
	}
	if t.s == nil {
		return "", errOver
	}
	if t.begin == "" {
		return "", nil
	}
	begin, t.begin, t.open = t.begin, "", true
	return begin, nil
}

// note keeps the error that ended a transaction.
func (t *tx) note(err error) error {
	if t.open && err != nil {
		t.broken = err
	}
	return err
}

func (t *tx) Query(ctx context.Context, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	begin, err := t.start()
	if err != nil {
		return err
	}
	return t.note(t.s.query(ctx, begin, sql, args, kinds, out))
}

func (t *tx) QueryAll(ctx context.Context, questions ...sqldb.Question) error {
	if len(questions) == 0 {
		return t.broken
	}
	begin, err := t.start()
	if err != nil {
		return err
	}
	return t.note(t.s.queryAll(ctx, begin, questions))
}

func (t *tx) Exec(ctx context.Context, sql string, args ...record.Value) (int64, error) {
	begin, err := t.start()
	if err != nil {
		return 0, err
	}
	n, err := t.s.exec(ctx, begin, sql, args)
	return n, t.note(err)
}

// Guard takes one advisory lock for each key, in the order of their hashes, so
// that two transactions never wait for each other, in one round trip.
func (t *tx) Guard(ctx context.Context, keys ...string) error {
	if len(keys) == 0 {
		return t.broken
	}
	list := make([]record.Value, len(keys))
	for i, k := range keys {
		list[i] = record.RawText(k)
	}
	_, err := t.Exec(ctx, "SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT hashtextextended(k, 0) AS h FROM unnest($1::text[]) AS k ORDER BY h) AS s", record.List(list))
	return err
}

// AfterCommit registers fn.
func (t *tx) AfterCommit(fn func()) { t.after = append(t.after, fn) }

// Sub runs fn behind a savepoint. What Write tries again as a whole stays lost.
func (t *tx) Sub(ctx context.Context, fn func() error) error {
	if _, err := t.Exec(ctx, "SAVEPOINT part"); err != nil {
		return err
	}
	after := len(t.after)
	err := fn()
	if err == nil {
		err = t.broken
	}
	if err == nil {
		_, err = t.Exec(ctx, "RELEASE SAVEPOINT part")
		return err
	}
	t.after = t.after[:after]
	if t.broken != nil && (conflict(t.broken) || t.s.pc.IsClosed()) {
		return err
	}
	// Not cancellable: a call that was broken off must not leave half of its part.
	t.broken = t.s.simple(context.WithoutCancel(ctx), "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")
	if t.broken != nil {
		return t.broken
	}
	return err
}
