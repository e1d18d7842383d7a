// Package sqlite opens a SQLite database by the pure-Go translation of the C
// library, without database/sql: one writer with group commit, a pool of
// readers on snapshots.
//
// No other code of the process may open and close the database file itself:
// the locks of the file belong to the process and closing any descriptor drops
// them.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Options of a database. The zero value is right for a server.
type Options struct {
	Readers     int    // connections that read; 0 = twice the processors, 4 to 16
	CacheKiB    int    // page cache of a connection; 0 = 4096
	MmapBytes   int64  // part of the file that is mapped; 0 = 2 GiB, negative = none
	Synchronous string // "" = FULL: a commit is on disk when Write returns
	// Beside names a second file, for what can be made again: "search" is
	// guanxi.search.db beside guanxi.db; "" = none. See sqldb.Besider.
	Beside string
	// OnFatal is called once when a commit failed in a way that leaves the
	// file in doubt. The database refuses writes from then on.
	OnFatal func(error)
}

func (o *Options) defaults() {
	if o.Readers <= 0 {
		o.Readers = min(max(4, 2*runtime.NumCPU()), 16)
	}
	if o.CacheKiB <= 0 {
		o.CacheKiB = 4096
	}
	if o.MmapBytes == 0 {
		o.MmapBytes = 2 << 30
	}
	if o.Synchronous == "" {
		o.Synchronous = "FULL"
	}
	if o.OnFatal == nil {
		o.OnFatal = func(error) {}
	}
}

// pragmas in the order that works: the time to wait for locks before the
// first that may need one.
func (o *Options) pragmas(reader bool) []string {
	list := []string{
		"PRAGMA busy_timeout = 5000",
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = " + o.Synchronous,
		fmt.Sprintf("PRAGMA cache_size = -%d", o.CacheKiB),
		"PRAGMA foreign_keys = ON",
		fmt.Sprintf("PRAGMA mmap_size = %d", max(o.MmapBytes, 0)),
	}
	if reader {
		return append(list, "PRAGMA query_only = 1")
	}
	// A checkpoint in the writer's commit every 64 MiB of log: rarely, and
	// then all of it, so that the log starts again from its beginning.
	return append(list, fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", checkpointPages))
}

// checkpointPages is how long the log may be, 64 MiB, before the writer works
// it into the file.
const checkpointPages = 16_000

// beside are the pragmas of a connection that works beside the others: it
// never starts a checkpoint by itself.
func (o *Options) beside() []string {
	list := o.pragmas(false)
	return append(list[:len(list)-1], "PRAGMA wal_autocheckpoint = 0")
}

// DB is an open SQLite database.
type DB struct {
	file  string
	opt   Options
	view  *view // nil = none
	w     writer
	check checkpointer
	mass  mass
	slots chan struct{} // one token for each reader in use
	mu    sync.Mutex
	free  []*conn // idle readers, the one used last at the end
	open  atomic.Int64
	reads atomic.Int64
	shut  atomic.Bool

	beside  atomic.Pointer[DB] // the second file, if there is one
	alone   sync.Mutex         // of Reopen and Close
	seen    atomic.Int64       // how often the tables were looked at: what a reader knows of them is as old as itself
	readers bothReaders        // under mu
}

var (
	_ sqldb.DB         = (*DB)(nil)
	_ sqldb.MassWriter = (*DB)(nil)
	_ sqldb.Analyst    = (*DB)(nil)
	_ sqldb.Patient    = (*tx)(nil)
)

// Open opens the database in file and creates it when it does not exist.
func Open(file string, opt Options) (*DB, error) {
	opt.defaults()
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	if err := private(file); err != nil {
		return nil, err
	}
	c, err := openConn(file, opt.pragmas(false))
	if err != nil {
		return nil, err
	}
	db := &DB{file: file, opt: opt, slots: make(chan struct{}, opt.Readers)}
	beside, err := db.openRest(c)
	if err != nil {
		c.close()
		db.view.close()
		return nil, err
	}
	db.check.start(beside, db.w.commits.Load)
	db.w.open(c, opt.OnFatal, db.check.tell)
	return db, nil
}

// openRest makes ready what belongs to the writer's connection, and gives the
// checkpointer's.
func (db *DB) openRest(c *conn) (*conn, error) {
	db.view = newView(c, db.opt.MmapBytes)
	if err := c.share("main", db.view); err != nil {
		return nil, err
	}
	if db.opt.Synchronous == "FULL" {
		if err := c.gatherLog(); err != nil {
			return nil, err
		}
	}
	beside, err := openConn(db.file, db.opt.beside())
	if err != nil {
		return nil, err
	}
	if err = beside.share("main", db.view); err == nil && db.opt.Beside != "" {
		err = db.openBeside(false)
	}
	if err != nil {
		beside.close()
	}
	return beside, err
}

// private creates an empty file that only its owner may read, unless it
// exists. SQLite gives the log the same rights.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Dialect is SQLite.
func (db *DB) Dialect() sqldb.Dialect { return sqldb.SQLite }

// Stats counts since Open.
func (db *DB) Stats() sqldb.Stats {
	return sqldb.Stats{
		Reads: db.reads.Load(), Writes: db.w.writes.Load(), Commits: db.w.commits.Load(),
		Readers: int(db.open.Load()),
	}
}

// acquire takes a reader; the one used last, whose pages and statements are
// warm. Readers are opened when first needed.
func (db *DB) acquire(ctx context.Context) (*conn, error) {
	select {
	case db.slots <- struct{}{}:
	default:
		select {
		case db.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if db.shut.Load() {
		<-db.slots
		return nil, sqldb.ErrClosed
	}
	db.mu.Lock()
	if n := len(db.free); n > 0 {
		c := db.free[n-1]
		db.free = db.free[:n-1]
		db.mu.Unlock()
		return c, nil
	}
	db.mu.Unlock()
	c, err := db.openReader()
	if err != nil {
		<-db.slots
		return nil, err
	}
	db.open.Add(1)
	return c, nil
}

func (db *DB) release(c *conn) {
	c.done = nil
	sound := !c.inTransaction() || c.do("ROLLBACK") == nil // a Read that ended badly leaves one open
	db.mu.Lock()
	if sound = sound && db.fits(c); sound {
		db.free = append(db.free, c)
	}
	db.mu.Unlock()
	if !sound {
		db.closeReader(c)
	}
	<-db.slots
}

// ReadOne runs one query.
func (db *DB) ReadOne(ctx context.Context, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	c, err := db.acquire(ctx)
	if err != nil {
		return err
	}
	db.reads.Add(1)
	err = c.query(ctx, sql, args, kinds, out)
	db.release(c)
	return err
}

// Read runs fn on one snapshot, which is taken by its first query.
func (db *DB) Read(ctx context.Context, fn func(sqldb.Querier) error) (err error) {
	c, err := db.acquire(ctx)
	if err != nil {
		return err
	}
	db.reads.Add(1)
	q := &querier{c: c, inTx: true}
	defer func() {
		q.c = nil
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
		db.release(c)
	}()
	if err := c.do("BEGIN"); err != nil {
		return err
	}
	if err := fn(q); err != nil {
		return err
	}
	return c.do("COMMIT")
}

// ReadAll runs the queries one after another on one snapshot.
func (db *DB) ReadAll(ctx context.Context, questions ...sqldb.Question) error {
	return db.Read(ctx, func(q sqldb.Querier) error { return q.QueryAll(ctx, questions...) })
}

// querier is a connection lent to a function.
type querier struct {
	c      *conn // nil after the end
	inTx   bool  // the first statement that fails ends it
	broken error // what that statement answered
}

var errOver = errors.New("sqlite: used after the end of its transaction")

func (q *querier) Dialect() sqldb.Dialect { return sqldb.SQLite }

func (q *querier) Query(ctx context.Context, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	if err := q.refusal(); err != nil {
		return err
	}
	return q.note(q.c.query(ctx, sql, args, kinds, out))
}

func (q *querier) QueryAll(ctx context.Context, questions ...sqldb.Question) error {
	for _, a := range questions {
		if err := q.Query(ctx, a.SQL, a.Args, a.Kinds, a.Out); err != nil {
			return err
		}
	}
	return nil
}

func (q *querier) Exec(ctx context.Context, sql string, args ...record.Value) (int64, error) {
	if err := q.refusal(); err != nil {
		return 0, err
	}
	n, err := q.c.exec(ctx, sql, args)
	return n, q.note(err)
}

// refusal is why no statement is accepted any more.
func (q *querier) refusal() error {
	if q.c == nil {
		return errOver
	}
	return q.broken
}

// note keeps the error that ended a transaction, as PostgreSQL does.
func (q *querier) note(err error) error {
	if q.inTx {
		q.broken = err
	}
	return err
}

// Snapshot writes the database to file, which must not exist. It reads one
// snapshot on a connection of its own, so neither readers nor the writer wait;
// the log cannot start again from its beginning until it is done.
func (db *DB) Snapshot(ctx context.Context, file string) (err error) {
	if db.shut.Load() {
		return sqldb.ErrClosed
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("sqlite: snapshot: %w: %s", os.ErrExist, file)
	}
	c, err := openConn(db.file, db.opt.beside())
	if err != nil {
		return err
	}
	part := file + ".part"
	defer func() {
		c.close()
		if err != nil {
			os.Remove(part)
		}
	}()
	os.Remove(part) // left by a run that was killed
	if err := private(part); err != nil {
		return err
	}
	if _, err := c.exec(ctx, "VACUUM INTO ?1", []record.Value{record.RawText(part)}); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return err
	}
	return durable.Rename(part, file)
}

// syncFile brings a file to the disk.
func syncFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Close waits for running reads and writes and closes; the log is worked into
// the file. What comes later is answered with ErrClosed.
func (db *DB) Close() error {
	if db.shut.Swap(true) {
		return nil
	}
	db.alone.Lock()
	defer db.alone.Unlock()
	for range cap(db.slots) {
		db.slots <- struct{}{}
	}
	db.mu.Lock()
	free := db.free
	db.free = nil
	db.mu.Unlock()
	for _, c := range free {
		db.closeReader(c)
	}
	for range cap(db.slots) {
		<-db.slots // those who wait learn that it is closed
	}
	db.check.close()
	err := errors.Join(db.w.close(), db.closeBeside())
	db.view.close()
	return err
}
