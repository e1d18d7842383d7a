// Package postgres opens a PostgreSQL database by pgx: pools of connections,
// statements prepared once each, the binary protocol read straight into rows.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Options of a database. The zero value is right for a server.
type Options struct {
	Readers     int           // connections for reads; 0 = four times the processors, 8 to 32
	Writers     int           // connections for writes, which wait for the disk; 0 = 24
	ReadTimeout time.Duration // of one statement that reads; 0 = 30 s
}

func (o *Options) defaults() {
	if o.Readers <= 0 {
		o.Readers = min(max(8, 4*runtime.NumCPU()), 32)
	}
	if o.Writers <= 0 {
		o.Writers = 24
	}
	if o.ReadTimeout <= 0 {
		o.ReadTimeout = 30 * time.Second
	}
}

// DB is an open PostgreSQL database. Reads and writes have pools of their own,
// so that neither can keep the other out.
type DB struct {
	readers, writers       *pgxpool.Pool
	alone                  chan struct{} // held by Exclusive
	channel                string        // of the signals
	reads, writes, commits atomic.Int64
}

var _ sqldb.DB = (*DB)(nil)

const (
	defaultSchema = "public"
	retries       = 5 // after serialization failures and deadlocks
)

// Open connects to address, a URL as libpq knows it. Its parameter schema
// names the schema to work in, made when it does not exist.
func Open(ctx context.Context, address string, opt Options) (*DB, error) {
	opt.defaults()
	cfg, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("postgres: address: %w", err)
	}
	schema := defaultSchema
	params := cfg.ConnConfig.RuntimeParams
	if s, ok := params["schema"]; ok {
		schema = s
		delete(params, "schema")
	}
	allow := params["allow_superuser"] == "1"
	delete(params, "allow_superuser")
	for name, value := range map[string]string{
		"search_path":        quote(schema),
		"client_encoding":    "UTF8",
		"timezone":           "UTC",
		"application_name":   "guanxi",
		"synchronous_commit": "on",
		"jit":                "off", // compiling costs more than our statements take
	} {
		params[name] = value
	}
	if params["random_page_cost"] == "" { // unless the address says otherwise
		// The server's default is that of disks that have to move: it reads a
		// whole table where an index that holds all that is asked is smaller.
		params["random_page_cost"] = "1.1"
	}
	if err := prepareSchema(ctx, cfg.ConnConfig, schema, allow); err != nil {
		if _, told := errors.AsType[*errs.Error](err); told {
			return nil, err
		}
		return nil, failure(ctx, err, true)
	}
	db := &DB{alone: make(chan struct{}, 1), channel: channelOf(schema)}
	writing := cfg.Copy()
	writing.MaxConns = int32(opt.Writers) + 1 // one for Exclusive
	reading := cfg.Copy()
	reading.MaxConns = int32(opt.Readers)
	// A process that hangs inside a transaction must not hold its locks for ever.
	writing.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	p := reading.ConnConfig.RuntimeParams
	p["default_transaction_read_only"] = "on"
	p["default_transaction_isolation"] = "repeatable read"
	p["statement_timeout"] = strconv.FormatInt(opt.ReadTimeout.Milliseconds(), 10)
	if db.writers, err = pgxpool.NewWithConfig(ctx, writing); err != nil {
		return nil, failure(ctx, err, true)
	}
	if db.readers, err = pgxpool.NewWithConfig(ctx, reading); err != nil {
		db.writers.Close()
		return nil, failure(ctx, err, true)
	}
	return db, nil
}

// prepareSchema makes the schema and warns of a role that may do everything.
func prepareSchema(ctx context.Context, cfg *pgx.ConnConfig, schema string, allow bool) error {
	c, err := pgconn.ConnectConfig(ctx, &cfg.Config)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }() // everything was answered
	rows, err := c.Exec(ctx, "SELECT usesuper FROM pg_user WHERE usename = current_user; "+
		"SELECT 1 FROM pg_namespace WHERE nspname = "+literal(schema)+"; "+
		"SELECT current_setting('server_version_num'), current_setting('server_version'), current_setting('server_encoding')").ReadAll()
	if err != nil {
		return err
	}
	if err := suitable(rows[2].Rows[0]); err != nil {
		return err
	}
	if len(rows[0].Rows) == 1 && string(rows[0].Rows[0][0]) == "t" && !allow {
		slog.WarnContext(ctx, "postgres: the role is a superuser; a role of its own that owns only this database is safer", "role", cfg.User)
	}
	if len(rows[1].Rows) > 0 {
		return nil
	}
	_, err = c.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+quote(schema)).ReadAll()
	if e, is := errors.AsType[*pgconn.PgError](err); is && (e.Code == uniqueViolation || e.Code == "42P06") {
		return nil // another process made it at the same moment
	}
	return err
}

// oldest is the oldest server that will do, as it numbers itself.
const oldest = 150000

// suitable refuses a server or database that would fail at the first Chinese
// name: it has the server's number, its version and the database's encoding.
func suitable(settings [][]byte) error {
	number, err := strconv.Atoi(string(settings[0]))
	if err != nil {
		return err
	}
	if number < oldest {
		return errs.New(errs.Conflict, "error.database_version", "have", string(settings[1]), "want", strconv.Itoa(oldest/10_000))
	}
	if encoding := string(settings[2]); encoding != "UTF8" {
		return errs.New(errs.Conflict, "error.database_encoding", "have", encoding)
	}
	return nil
}

// quote writes a name in a statement.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal writes a text in a statement; standard_conforming_strings is on.
func literal(text string) string { return `'` + strings.ReplaceAll(text, `'`, `''`) + `'` }

// Dialect is Postgres.
func (db *DB) Dialect() sqldb.Dialect { return sqldb.Postgres }

// Stats counts since Open; every write is a commit of its own.
func (db *DB) Stats() sqldb.Stats {
	return sqldb.Stats{
		Reads: db.reads.Load(), Writes: db.writes.Load(), Commits: db.commits.Load(),
		Readers: int(db.readers.Stat().TotalConns()),
	}
}

// Close waits for running work and closes.
func (db *DB) Close() error {
	db.readers.Close()
	db.writers.Close()
	return nil
}

// Snapshot is not for PostgreSQL: rows are copied by table in a Read.
func (db *DB) Snapshot(context.Context, string) error {
	return errors.New("postgres: no snapshot file; copy the tables in a Read")
}

// ReadOne runs one query.
func (db *DB) ReadOne(ctx context.Context, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	pc, err := db.readers.Acquire(ctx)
	if err != nil {
		return failure(ctx, err, true)
	}
	defer pc.Release()
	db.reads.Add(1)
	return sessionOf(pc).query(ctx, "", sql, args, kinds, out)
}

// ReadAll sends the queries together. Between them nothing is committed, so
// that they are one transaction without its being begun and ended: repeatable
// and read only by the defaults of the pool.
func (db *DB) ReadAll(ctx context.Context, questions ...sqldb.Question) error {
	pc, err := db.readers.Acquire(ctx)
	if err != nil {
		return failure(ctx, err, true)
	}
	defer pc.Release()
	db.reads.Add(1)
	return sessionOf(pc).queryAll(ctx, "", questions)
}

// Read runs fn on one snapshot, which is taken by its first query. The end of
// the transaction is waited for: somebody else doing so would have the next
// call go to another connection, whose process is cold and has to be woken up,
// which costs several times as much.
func (db *DB) Read(ctx context.Context, fn func(sqldb.Querier) error) (err error) {
	pc, err := db.readers.Acquire(ctx)
	if err != nil {
		return failure(ctx, err, true)
	}
	defer pc.Release()
	db.reads.Add(1)
	s := sessionOf(pc)
	q := &tx{s: s, begin: "BEGIN", one: true} // read only and repeatable by the defaults of the pool
	defer func() {
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
		if q.end() {
			_ = s.end(context.Background(), "ROLLBACK") // a broken connection is dropped by the pool
		}
	}()
	return fn(q)
}

// Write runs fn in a transaction, again when it was the victim of a conflict.
func (db *DB) Write(ctx context.Context, fn func(sqldb.Tx) error) error {
	for again := 0; ; again++ {
		after, err := db.write(ctx, fn)
		if err == nil {
			for _, f := range after {
				f()
			}
			return nil
		}
		if !conflict(err) {
			return err
		}
		if again == retries {
			return sqldb.ErrBusy.With(err)
		}
		//nolint:gosec // only keeps the rivals apart
		wait := time.NewTimer(time.Duration(rand.Int64N(int64(5*time.Millisecond) << again)))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		}
	}
}

// write is one try of Write.
func (db *DB) write(ctx context.Context, fn func(sqldb.Tx) error) (after []func(), err error) {
	pc, err := db.writers.Acquire(ctx)
	if err != nil {
		return nil, failure(ctx, err, true)
	}
	defer pc.Release()
	s := sessionOf(pc)
	t := &tx{s: s, begin: "BEGIN"}
	done := false
	defer func() {
		if done {
			return
		}
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
		if t.end() {
			_ = s.end(context.Background(), "ROLLBACK") // a broken connection is dropped by the pool
		}
	}()
	db.writes.Add(1)
	if err := fn(t); err != nil {
		return nil, err
	}
	if t.broken != nil {
		return nil, t.broken
	}
	done = true
	if t.end() {
		if s.pc.TxStatus() != inTransaction { // the server would answer COMMIT of a lost one without an error
			return nil, errors.New("postgres: the transaction ended inside a write")
		}
		// Not cancellable: the caller must learn whether it was committed.
		if err := s.end(context.WithoutCancel(ctx), "COMMIT"); err != nil {
			return nil, err
		}
	}
	db.commits.Add(1)
	return t.after, nil
}

// Exclusive runs fn on one connection without a transaction, one call at a
// time in this process. Two processes are kept apart by the locks of their
// statements: a lock around CREATE INDEX CONCURRENTLY would wait for itself.
func (db *DB) Exclusive(ctx context.Context, fn func(sqldb.Querier) error) (err error) {
	select {
	case db.alone <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-db.alone }()
	pc, err := db.writers.Acquire(ctx)
	if err != nil {
		return failure(ctx, err, true)
	}
	defer pc.Release()
	s := sessionOf(pc)
	q := &tx{s: s}
	if err := s.simple(ctx, "SET lock_timeout = '2s'"); err != nil {
		return err
	}
	defer func() {
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
		q.end()
		if e := s.simple(context.Background(), "RESET lock_timeout"); err == nil {
			err = e
		}
	}()
	db.writes.Add(1)
	if err := fn(q); err != nil {
		return err
	}
	db.commits.Add(1)
	return nil
}
