// Package app is the composition root: the list of modules, the wiring, start
// and stop. Nothing else knows every part.
package app

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/i18n/texts"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/open"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/crm"
	"github.com/guanxicrm/guanxi/internal/modules/org"
)

// Modules is THE list of modules, in the order of their arrows.
func Modules() []entity.Module {
	return []entity.Module{org.Module(), catalog.Module(), crm.Module()}
}

// Options say where an installation lives.
type Options struct {
	DataDir  string // folder of everything that is not in PostgreSQL
	Database string // address of the database; "" = SQLite in DataDir
	KeyFile  string // master key outside of the data folder
	Clock    clock.Clock
	Log      *slog.Logger
	Version  string
	Hash     session.Cost // cost of a password hash; the zero value is right for a server
}

// App is an open installation.
type App struct {
	Options
	DB        sqldb.DB
	Keys      *secrets.Keyring
	IDs       *id.Generator
	Texts     *i18n.Bundle
	Registry  *entity.Registry
	Dir       *org.Directory
	Rights    *access.Rights
	Engine    *records.Engine
	Customize *customize.Store
	Sessions  *session.Service
	Files     *files.Local
	Outbox    *outbox.Log
	Queue     *jobs.Queue
	Runner    *jobs.Runner

	lock   *os.File
	node   *lease.Node
	holder lease.Holder
	wg     sync.WaitGroup
	stop   context.CancelFunc
}

// databaseFile is the SQLite database in the data folder.
const databaseFile = "guanxi.db"

// Open opens the installation in a data folder, making what is missing. Only
// one process may hold a folder. Background work starts with Start.
func Open(ctx context.Context, o Options) (a *App, err error) {
	a = &App{Options: o}
	if a.Clock == nil {
		a.Clock = clock.System{}
	}
	if a.Log == nil {
		a.Log = slog.Default()
	}
	defer func() {
		if err != nil {
			_ = a.Close()
			a = nil
		}
	}()
	if err := durable.MkdirAll(o.DataDir, 0o700); err != nil {
		return a, err
	}
	if err := a.takeLock(); err != nil {
		return a, err
	}
	if err := backup.FinishStaging(o.DataDir); err != nil {
		return a, err
	}
	if err := a.openData(ctx); err != nil {
		return a, err
	}
	if err := a.wire(ctx); err != nil {
		return a, err
	}
	return a, nil
}

func (a *App) address() string {
	if a.Database != "" {
		return a.Database
	}
	return filepath.Join(a.DataDir, databaseFile)
}

// openData opens keys, database and files.
func (a *App) openData(ctx context.Context) error {
	fresh := true
	for _, name := range []string{databaseFile, "files"} {
		if _, err := os.Stat(filepath.Join(a.DataDir, name)); err == nil {
			fresh = false
		}
	}
	var err error
	a.Keys, err = secrets.Load(secrets.Options{DataDir: a.DataDir, KeyFile: a.KeyFile, Env: os.Getenv(secrets.EnvMasterKey),
		CredentialsDir: os.Getenv("CREDENTIALS_DIRECTORY"), Create: fresh})
	if err != nil {
		return err
	}
	if a.DB, err = open.Open(ctx, a.address(), open.Options{}); err != nil {
		return err
	}
	if err := a.migrate(ctx); err != nil {
		return err
	}
	a.Files, err = files.OpenLocal(filepath.Join(a.DataDir, "files"), a.Keys)
	return err
}

// wire builds the parts and joins them.
func (a *App) wire(ctx context.Context) error {
	a.holder = lease.Holder{DB: a.DB, Clock: a.Clock, Name: processName()}
	var err error
	if a.node, err = lease.TakeNode(ctx, a.holder); err != nil {
		return err
	}
	a.IDs = id.NewGenerator(a.node.Number(), a.Clock, a.node.NotBefore())
	mods := Modules()
	sources := []fsSource{texts.FS}
	for _, m := range mods {
		sources = append(sources, m.Texts)
	}
	if a.Texts, err = i18n.Load(sources...); err != nil {
		return err
	}
	if a.Registry, err = entity.NewRegistry(a.Texts.All, entity.Defs(mods...)); err != nil {
		return err
	}
	a.Dir = org.NewDirectory()
	a.Rights = access.NewRights(a.Dir)
	a.Outbox = outbox.New()
	auditKey := a.Keys.Sub("audit digest")
	a.Engine = &records.Engine{DB: a.DB, Registry: a.Registry, Rights: a.Rights, Dir: a.Dir, IDs: a.IDs, Clock: a.Clock,
		History: history.New(a.Keys), Outbox: a.Outbox, AuditKey: auditKey[:], Log: a.Log}
	a.Engine.Search = search.NewIndexer(a.DB, a.Clock, a.Log, a.Engine.SearchSource)
	a.Customize = customize.New(a.DB, a.Registry, a.IDs, a)
	if err := a.Customize.Load(ctx); err != nil {
		return err
	}
	if err := a.Prepare(ctx, a.Registry.State()); err != nil {
		return err
	}
	if err := a.Reload(ctx); err != nil {
		return err
	}
	a.Outbox.Subscribe(a.followDirectory)
	a.Sessions = session.New(session.Options{DB: a.DB, Clock: a.Clock, IDs: a.IDs, Members: members{a.Dir}, Hash: a.Hash})
	a.Queue = jobs.NewQueue(a.DB, a.Clock, a.IDs)
	a.Runner = a.Queue.NewRunner(jobs.Options{})
	return nil
}

// Reload reads the company's settings and people anew.
func (a *App) Reload(ctx context.Context) error {
	c, ok, err := a.Customize.Company(ctx)
	if err != nil {
		return err
	}
	if ok {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			return err
		}
		a.Dir.SetZone(zone)
	}
	return a.Dir.Load(ctx, a.Engine)
}

// followDirectory reloads the people when a write of this process touched them.
func (a *App) followDirectory(events []outbox.Event) {
	for _, e := range events {
		for _, name := range org.Sources() {
			if e.Entity != name {
				continue
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := a.Dir.Load(ctx, a.Engine); err != nil {
				a.Log.Error("reading the directory", "error", err)
			}
			return
		}
	}
}

// Start starts the background work: search, seals, events, jobs, leases.
func (a *App) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	a.stop = cancel
	logged := func(what string) func(error) {
		return func(err error) { a.Log.Error(what, "error", err) }
	}
	sealKey := a.Keys.Sub("audit seal")
	sealer := &audit.Sealer{Holder: a.holder, Key: ed25519.NewKeyFromSeed(sealKey[:]), OnError: logged("sealing the audit log")}
	a.background(func() { a.Engine.Search.Run(ctx) })
	a.background(func() { sealer.Run(ctx) })
	a.background(func() { a.Runner.Run(ctx) })
	a.background(func() { a.ended(ctx, "sessions", a.Sessions.Run(ctx)) })
	a.background(func() { a.ended(ctx, "node lease", a.node.Run(ctx, a.IDs.High)) })
}

func (a *App) background(fn func()) { a.wg.Go(fn) }

func (a *App) ended(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		a.Log.Error(what, "error", err)
	}
}

// Close stops the background work, waits for it and closes the database.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop()
	}
	a.wg.Wait()
	var list []error
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if a.Sessions != nil {
		list = append(list, a.Sessions.Flush(ctx))
	}
	if a.node != nil {
		list = append(list, a.node.Release(ctx, a.IDs.High()))
	}
	if a.DB != nil {
		list = append(list, a.DB.Close())
	}
	if a.lock != nil {
		list = append(list, a.lock.Close())
	}
	return errors.Join(list...)
}
