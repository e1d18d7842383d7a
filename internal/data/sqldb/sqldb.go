// Package sqldb is the one face of both databases. Everything above speaks to
// SQLite and PostgreSQL through it; the dialects live in sqldb/sqlite and
// sqldb/postgres.
package sqldb

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Dialect names a database.
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is an open database. Its methods are safe for many goroutines.
type DB interface {
	Dialect() Dialect
	// Read runs fn on one snapshot: every query in fn sees the same commits.
	// Cancelling ctx interrupts a running query.
	Read(ctx context.Context, fn func(Querier) error) error
	// ReadOne runs one query, which is its own snapshot: quicker than a Read
	// around a single Query. Rows are appended to out.
	ReadOne(ctx context.Context, sql string, args []record.Value, kinds []record.Kind, out *Rows) error
	// ReadAll runs several queries on one snapshot: quicker than a Read around
	// them where a database is asked over a network, as PostgreSQL gets them all
	// at once. What one of them asks cannot depend on what another answers.
	ReadAll(ctx context.Context, questions ...Question) error
	// Write runs fn in one write transaction and returns after its commit is
	// on disk. An error or panic of fn rolls back fn's own work only and is
	// returned. fn may run more than once (serialization failure on
	// PostgreSQL, another write of the group that failed late on SQLite), so
	// it must not keep state of an earlier run. On SQLite fn runs on the
	// single writer, as part of a group commit: no I/O, no waiting in it. After the first statement that fails, the transaction
	// is lost on both databases: every later statement answers the same error
	// and Write returns it even when fn returns nil.
	Write(ctx context.Context, fn func(Tx) error) error
	// Exclusive runs DDL: statements that need to be alone. On SQLite on the
	// writer outside of a group, on PostgreSQL on one connection without a
	// transaction (for CREATE INDEX CONCURRENTLY), lock_timeout 2 s.
	Exclusive(ctx context.Context, fn func(Querier) error) error
	// Snapshot writes a consistent copy of the whole database: on SQLite a
	// database file, complete and on disk when the call returns; writers go on
	// meanwhile. PostgreSQL answers an error:
	// its rows are copied by table through a Read.
	Snapshot(ctx context.Context, file string) error
	// Stats for the health page and tests.
	Stats() Stats
	// Close waits for the running work and closes.
	Close() error
}

// Querier reads, and inside a Tx or Exclusive also writes.
type Querier interface {
	Dialect() Dialect
	// Query runs one statement (prepared and cached by its text) and appends
	// the rows to out; after an error out holds rows of no use. Texts with a
	// zero byte or broken UTF-8 are refused as errs.Invalid. kinds gives the kind of each output column. Parameters
	// are written ?1 ?2 … on SQLite and $1 $2 … on PostgreSQL. A list
	// parameter is one parameter: an array on PostgreSQL (use = ANY($1)), a
	// JSON array text on SQLite (use IN (SELECT value FROM json_each(?1))).
	Query(ctx context.Context, sql string, args []record.Value, kinds []record.Kind, out *Rows) error
	// QueryAll runs several queries, on PostgreSQL in one round trip. After an
	// error no Out is of use.
	QueryAll(ctx context.Context, questions ...Question) error
	// Exec runs one statement and says how many rows it inserted, updated or
	// deleted itself (cascades not counted; 0 for anything else).
	Exec(ctx context.Context, sql string, args ...record.Value) (int64, error)
}

// Question is one query of several that are asked at once. Its fields are the
// parameters of Querier.Query; each has its own Out.
type Question struct {
	SQL   string
	Args  []record.Value
	Kinds []record.Kind
	Out   *Rows
}

// Tx is a write transaction.
type Tx interface {
	Querier
	// Guard serialises checks over several rows: two transactions that guard
	// the same key do not run at the same time. Keys are locked in sorted
	// order; call it once, before reading. Free on SQLite.
	Guard(ctx context.Context, keys ...string) error
	// Sub runs fn as a part of the transaction that can fail alone: when fn
	// gives an error, or a statement in it failed, all that was written in it
	// is taken back, what it registered with AfterCommit is forgotten, and the
	// transaction goes on as it was before. The error is returned. A failure
	// that is not about a statement (connection or disk gone, conflict with
	// another transaction, panic) still ends the transaction as a whole. Parts
	// may lie within each other. A part costs a copy of every page it writes
	// on SQLite, two round trips on PostgreSQL, where it also gives back at a
	// failure the locks taken in it; after writing a full-text table see Last.
	Sub(ctx context.Context, fn func() error) error
	// AfterCommit runs fn once when the commit is durable, on the goroutine
	// that called Write, in order of registration.
	AfterCommit(fn func())
}

// Bulk is implemented by a Tx that can add many rows faster than one
// statement each (COPY on PostgreSQL, one prepared statement on SQLite).
type Bulk interface {
	// InsertMany adds rows to table; rows is row-major, len(rows) is a multiple of len(columns).
	InsertMany(ctx context.Context, table string, columns []string, rows []record.Value) error
}

// Patient is implemented by a Tx that knows whether other writes wait behind
// it (SQLite): work that could go on ends its transaction when one does.
type Patient interface {
	Waiting() bool
}

// MassWriter is implemented by a DB that can be told that many rows are about
// to be written (SQLite): until done is called its writer has a larger page
// cache, so that pages of indexes are not read and written again for each
// transaction. Calls may overlap.
type MassWriter interface {
	MassWrite() (done func())
}

// Analyst is implemented by a DB that knows how the rows of its tables are
// spread only if it is told to look (SQLite; a PostgreSQL server looks by
// itself): whether a condition finds ten rows or half of them decides by which
// index it goes.
type Analyst interface {
	// Analyze looks at tables and says of how many it keeps statistics: of those
	// with least rows or more. What was kept of a smaller one is forgotten, since
	// a table that grows soon is no longer what was seen. Reads that begin
	// afterwards go by what is kept now. Writes pass between two tables.
	Analyze(ctx context.Context, tables []string, least int) (int, error)
}

// Snapshotter is implemented by a Querier whose questions may each see another
// moment: what others commit between two of them (a write on PostgreSQL).
type Snapshotter interface {
	// Snapshot says whether all its questions see one moment.
	Snapshot() bool
}

// Scanner is implemented by a Querier that can hand out rows while it reads
// them (SQLite), for those who look at each of many rows once and keep little.
type Scanner interface {
	// Scan runs SELECT columns rest and calls each with every row, in no
	// order. rest begins with FROM and neither groups, orders nor limits.
	// Columns hold integers, texts and nulls. A row and its texts are valid
	// during the call only. An error of each ends the Scan and is returned;
	// the transaction goes on. each must not use the Querier.
	Scan(ctx context.Context, columns, rest string, args []record.Value, each func(row []record.Value) error) error
}

// Signaller is implemented by a DB that several processes may work on at the
// same time (PostgreSQL): they wake one another. Signals are lost where nobody
// awaits them and while a connection is broken, so whoever awaits also looks
// from time to time.
type Signaller interface {
	// Signal wakes everybody who awaits; from names the sender.
	Signal(ctx context.Context, from string) error
	// Await calls woken for each signal, and once with "" when it begins to
	// hear. It returns when ctx ends or the connection breaks.
	Await(ctx context.Context, woken func(from string)) error
}

type lastKey struct{}

// Last marks a Write as the last of its group of commits. On SQLite a
// full-text table that was written flushes to disk at every savepoint that
// follows, which the next writes of the group would open.
func Last(ctx context.Context) context.Context { return context.WithValue(ctx, lastKey{}, true) }

// IsLast says whether a Write was marked by Last.
func IsLast(ctx context.Context) bool { return ctx.Value(lastKey{}) != nil }

// Stats counts what a database did since it was opened.
type Stats struct {
	Reads, Writes, Commits int64 // Writes / Commits = size of a group
	Readers                int   // open reader connections
}
