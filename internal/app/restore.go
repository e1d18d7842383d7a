package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/dump"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/open"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/sqlite"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// RestoreOptions say what is restored where.
type RestoreOptions struct {
	Options           // DataDir and Database must be empty; KeyFile opens the backup when there is no passphrase
	File       string // the backup
	Passphrase string // the recovery passphrase of its time
	Progress   func(backup.Progress)
}

// Restore brings a backup into an empty data folder, and with Database into an
// empty PostgreSQL database; it may have been made on the other one. Nothing is
// in place before the whole file was read and found good. The search index is
// marked to be made anew. Errors: see backup.Verify; Conflict
// "error.restore_not_empty", "error.restore_database".
func Restore(ctx context.Context, o RestoreOptions) (backup.Summary, error) {
	key, err := restoreKey(o)
	if err != nil {
		return backup.Summary{}, err
	}
	h, err := backup.Inspect(o.File)
	if err != nil {
		return backup.Summary{}, err
	}
	if h.DataVersion > int64(len(upgrades())) {
		return backup.Summary{}, errs.New(errs.Invalid, "error.backup_newer", "file", filepath.Base(o.File))
	}
	if err := durable.MkdirAll(o.DataDir, 0o700); err != nil {
		return backup.Summary{}, err
	}
	lock, err := takeLock(o.DataDir)
	if err != nil {
		return backup.Summary{}, err
	}
	defer lock.Close()
	s, err := newSink(ctx, o.Options, key)
	if err != nil {
		return backup.Summary{}, err
	}
	// SQLite is built aside and moved into place; a PostgreSQL database is
	// filled where it is, so nothing is put there before the file is known to be good.
	return backup.Restore(ctx, o.File, key, s, backup.RestoreOptions{VerifyFirst: o.Database != "", Progress: o.Progress})
}

// Settle opens what Restore has put in place, makes its search index and notes
// who restored it. Cut off, the server's next start makes the index.
func Settle(ctx context.Context, o RestoreOptions, progress func(Progress)) error {
	open := o.Options
	if o.Passphrase != "" {
		open.KeyFile = "" // the keys came with the backup and lie in the folder now
	}
	a, err := Open(ctx, open)
	if err != nil {
		return err
	}
	a.Engine.AuditAccess(ctx, access.Operator(accountName(os.Getuid())), "restore", 0, true, o.File)
	progress(Progress{Key: "cli.progress.search"})
	return errors.Join(a.Engine.Search.CatchUp(ctx), a.Close())
}

// restoreKey is what opens the backup.
func restoreKey(o RestoreOptions) (backup.Key, error) {
	if o.Passphrase != "" {
		return backup.Key{Passphrase: o.Passphrase}, nil
	}
	if o.KeyFile == "" && os.Getenv(secrets.EnvMasterKey) == "" && os.Getenv("CREDENTIALS_DIRECTORY") == "" {
		return backup.Key{}, errs.New(errs.Invalid, "error.restore_key")
	}
	ring, err := loadKeys(o.Options, false)
	return backup.Key{Keyring: ring}, err
}

// sink is an installation that is being restored.
type sink struct {
	o       Options
	key     backup.Key
	staging *backup.Staging
	db      sqldb.DB
	loader  *dump.Loader
	claimed bool // the database holds what this restore put there
	done    bool // nothing is left to throw away
	blobs   *files.Local
	want    []backup.Table
	made    map[string]bool
	entity  bool // the entities' tables are made
	state   *entity.State
	highest int64 // number of a transaction
}

func newSink(ctx context.Context, o Options, key backup.Key) (*sink, error) {
	s := &sink{o: o, key: key, made: map[string]bool{}}
	var err error
	if s.staging, err = backup.Stage(o.DataDir, lockFile, socketFile); err != nil {
		return nil, err
	}
	address := o.Database
	if address == "" {
		address = filepath.Join(s.staging.Dir(), databaseFile)
	}
	// A file that is built aside is synced once, at the end.
	if s.db, err = open.Open(ctx, address, open.Options{SQLite: sqlite.Options{Synchronous: "OFF"}}); err != nil {
		s.staging.Abort()
		return nil, err
	}
	s.loader = dump.NewLoader(s.db)
	return s, nil
}

// Begin is backup.Sink.
func (s *sink) Begin(ctx context.Context, c backup.Contents) error {
	s.want = c.Tables
	if s.key.Keyring == nil || !s.key.Keyring.Same(c.Keys) {
		if err := c.Keys.Save(secrets.KeyPath(s.staging.Dir())); err != nil {
			return err
		}
	}
	var err error
	if s.blobs, err = files.OpenLocal(filepath.Join(s.staging.Dir(), filesDir), c.Keys); err != nil {
		return err
	}
	if err := s.loader.Begin(ctx); err != nil {
		return err
	}
	s.claimed = true
	if err := execute(ctx, s.db, search.DirtyDDL(s.db.Dialect())); err != nil {
		return err
	}
	return s.create(ctx, platformTables())
}

// create makes tables as this program declares them, and the columns that only
// the backup knows: nothing of it is dropped.
func (s *sink) create(ctx context.Context, tables []ddl.Table) error {
	for i := range tables {
		t := &tables[i]
		s.made[t.Name] = true
		for _, w := range s.want {
			if w.Name == t.Name {
				t.Columns = append(t.Columns, strangers(t.Columns, w.Columns)...)
			}
		}
	}
	return s.loader.Create(ctx, tables)
}

func strangers(declared []ddl.Column, kept []backup.Column) []ddl.Column {
	var out []ddl.Column
	for _, c := range kept {
		if !slices.ContainsFunc(declared, func(d ddl.Column) bool { return d.Name == c.Name }) {
			out = append(out, ddl.Column{Name: c.Name, Kind: c.Kind})
		}
	}
	return out
}

// CreateTable is backup.Sink. The tables of entities are made when the first
// of them comes: by then the overlay is in.
func (s *sink) CreateTable(ctx context.Context, t backup.Table) error {
	if s.made[t.Name] {
		return nil
	}
	if !s.entity {
		s.entity = true
		if err := s.compile(ctx); err != nil {
			return err
		}
		if err := s.create(ctx, store.Tables(s.state.Snapshot)); err != nil {
			return err
		}
	}
	if s.made[t.Name] {
		return nil
	}
	return s.create(ctx, []ddl.Table{{Name: t.Name, Columns: strangers(nil, t.Columns)}})
}

func (s *sink) compile(ctx context.Context) error {
	_, registry, err := s.o.builtIn()
	if err != nil {
		return err
	}
	var o *entity.Overlay
	err = s.db.Read(ctx, func(q sqldb.Querier) (err error) {
		o, err = customize.ReadOverlay(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	s.state, err = registry.Compile(o)
	return err
}

// InsertRows is backup.Sink.
func (s *sink) InsertRows(ctx context.Context, t backup.Table, rows []record.Value) error {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
		if c.Name != "xid" {
			continue
		}
		for j := i; j < len(rows); j += len(columns) {
			s.highest = max(s.highest, rows[j].Int())
		}
	}
	return s.loader.Insert(ctx, t.Name, columns, rows)
}

// PutBlob is backup.Sink.
func (s *sink) PutBlob(ctx context.Context, name string, r io.Reader) error {
	return s.blobs.PutRaw(ctx, name, r)
}

// Finish is backup.Sink.
func (s *sink) Finish(ctx context.Context, _ backup.Summary) error {
	if s.state == nil {
		if err := s.compile(ctx); err != nil {
			return err
		}
	}
	for _, e := range s.state.Entities { // a backup of an earlier program knows nothing of it
		if _, err := records.RepairCopies(ctx, s.db, e, nil); err != nil {
			return err
		}
	}
	err := s.loader.Finish(ctx, s.highest, func(tx sqldb.Tx) error {
		for _, e := range s.state.Entities {
			// On SQLite the index is a new file, which marks everything itself.
			if len(e.SearchFields()) > 0 && tx.Dialect() == sqldb.Postgres {
				if err := search.MarkAll(ctx, tx, e.Name, e.Table); err != nil {
					return err
				}
			}
		}
		return lease.Expire(ctx, tx)
	})
	if err != nil {
		return err
	}
	if s.db.Dialect() == sqldb.SQLite {
		return s.commitFile(ctx)
	}
	// The folder first: a crash in between leaves a database that says it is
	// loaded, and the next start releases it.
	if err := s.staging.Commit(); err != nil {
		return err
	}
	s.done = true
	return errors.Join(dump.Release(ctx, s.db), s.db.Close())
}

func (s *sink) commitFile(ctx context.Context) error {
	if err := dump.Release(ctx, s.db); err != nil {
		return err
	}
	if err := s.db.Close(); err != nil {
		return err
	}
	f, err := os.Open(filepath.Join(s.staging.Dir(), databaseFile))
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := s.staging.Commit(); err != nil {
		return err
	}
	s.done = true
	return nil
}

// Abort is backup.Sink.
func (s *sink) Abort() {
	if s.done {
		return
	}
	s.done = true
	if s.claimed && s.db.Dialect() == sqldb.Postgres {
		if err := s.loader.Clear(context.Background()); err != nil {
			slog.Error("clearing what a restore left; the next restore does it", "error", err)
		}
	}
	_ = s.db.Close() // thrown away
	s.staging.Abort()
}

// finishRestore releases a database that a restore has filled, and refuses one
// that it has not.
func finishRestore(ctx context.Context, db sqldb.DB) error {
	var state dump.State
	err := db.Read(ctx, func(q sqldb.Querier) (err error) {
		state, err = dump.StateOf(ctx, q)
		return err
	})
	switch {
	case err != nil:
		return err
	case state == dump.Loading:
		return errs.New(errs.Conflict, "error.restore_unfinished_database")
	case state == dump.Loaded:
		return dump.Release(ctx, db)
	}
	return nil
}
