// Package app is the composition root: the list of modules, the wiring, start
// and stop. Nothing else knows every part.
package app

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/i18n/texts"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/desk"
	"github.com/guanxicrm/guanxi/internal/core/notify/mail"
	"github.com/guanxicrm/guanxi/internal/core/paper"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/open"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/sqlite"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/analysis"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/crm"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool"
	"github.com/guanxicrm/guanxi/internal/modules/finance"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/sales"
	"github.com/guanxicrm/guanxi/internal/modules/targets"
	"github.com/guanxicrm/guanxi/internal/modules/work"
)

// words are the texts of the command line and of what only the whole program
// can say.
//
//go:embed zh.json en.json
var words embed.FS

// Modules is THE list of modules, in the order of their arrows.
func Modules() []entity.Module {
	return []entity.Module{org.Module(), catalog.Module(), crm.Module(), sales.Module(), finance.Module(), targets.Module(), analysis.Module(), work.Module()}
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
	Words    *i18n.Bundle // what Words gave; nil = it is asked
	// Migrating is told while tables and data are brought up to this program; nil = nobody.
	Migrating func(done, total int, what string)

	lock *os.File         // of the data folder, when the caller holds it already
	keys *secrets.Keyring // when the caller has them already
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
	Desk      *desk.Store
	Sessions  *session.Service
	Files     *files.Local
	Outbox    *outbox.Log
	Queue     *jobs.Queue
	Runner    *jobs.Runner
	Mailer    mail.Sender

	kept   string // copy of the data before its upgrade at this start, "" = there was none
	seats  *pool.Seats
	follow *outbox.Follower
	wrote  chan struct{} // a token when other processes have something to follow
	left   chan struct{} // a token when members may have been disabled
	grown  []string      // entities whose search index has new fields; touched by one change at a time
	node   *lease.Node
	holder lease.Holder
	wg     sync.WaitGroup

	printing sync.Once
	papers   *paper.Printer
	stop     context.CancelFunc
	spare    spareProcessors
	policy   atomic.Pointer[session.Policy] // as the settings have it
	manyRows int                            // manyRows, less in tests
}

// Names in the data folder.
const (
	databaseFile = "guanxi.db" // SQLite
	searchPart   = "search"    // its search index
	searchFile   = "guanxi.search.db"
	filesDir     = "files"
	backupDir    = "backup"
	lockFile     = "guanxi.lock"
	socketFile   = "guanxi.sock"
)

// Open opens the installation in a data folder, making what is missing. Only
// one process may hold a folder. Background work starts with Start.
func Open(ctx context.Context, o Options) (a *App, err error) {
	a = &App{Options: o, manyRows: manyRows}
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
	if a.lock == nil {
		if a.lock, err = takeLock(o.DataDir); err != nil {
			return a, err
		}
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

func (o *Options) address() string {
	if o.Database != "" {
		return o.Database
	}
	return filepath.Join(o.DataDir, databaseFile)
}

// Installed says whether a data folder holds an installation.
func Installed(dir string) bool {
	for _, name := range []string{databaseFile, filesDir} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// loadKeys finds the master keys of an installation, or makes them.
func loadKeys(o Options, create bool) (*secrets.Keyring, error) {
	return secrets.Load(secrets.Options{DataDir: o.DataDir, KeyFile: o.KeyFile, Env: os.Getenv(secrets.EnvMasterKey),
		CredentialsDir: os.Getenv("CREDENTIALS_DIRECTORY"), Create: create})
}

// openData opens keys, database and files.
func (a *App) openData(ctx context.Context) error {
	err := checkFolder(a.Options)
	if err != nil {
		return err
	}
	if a.Keys = a.keys; a.Keys == nil {
		if a.Keys, err = loadKeys(a.Options, !Installed(a.DataDir)); err != nil {
			return err
		}
	}
	if a.DB, err = open.Open(ctx, a.address(), open.Options{SQLite: sqlite.Options{Beside: searchPart}}); err != nil {
		return err
	}
	if err := finishRestore(ctx, a.DB); err != nil {
		return err
	}
	if a.Files, err = files.OpenLocal(filepath.Join(a.DataDir, filesDir), a.Keys); err != nil {
		return err
	}
	if err := a.migrate(ctx); err != nil {
		return err
	}
	return markFolder(a.Options)
}

// wire builds the parts and joins them.
func (a *App) wire(ctx context.Context) error {
	a.holder = lease.Holder{DB: a.DB, Clock: a.Clock, Name: a.holderName()}
	var err error
	if a.node, err = lease.TakeNode(ctx, a.holder); err != nil {
		return err
	}
	a.IDs = id.NewGenerator(a.node.Number(), a.Clock, a.node.NotBefore())
	if a.Texts, a.Registry, err = a.builtIn(); err != nil {
		return err
	}
	a.Outbox = outbox.New()
	a.follow, a.wrote = &outbox.Follower{Log: a.Outbox, DB: a.DB, Node: a.node.Number()}, make(chan struct{}, 1)
	a.left = make(chan struct{}, 1)
	if err := a.follow.Begin(ctx); err != nil { // before anything is read that others may change
		return err
	}
	a.Dir = org.NewDirectory()
	a.Rights = access.NewRights(a.Dir)
	a.seats = pool.NewSeats(a.Dir)
	a.Rights.WithPools(a.seats)
	auditKey := a.Keys.Sub("audit digest")
	a.Engine = &records.Engine{DB: a.DB, Registry: a.Registry, Rights: a.Rights, Dir: a.Dir, IDs: a.IDs, Clock: a.Clock,
		History: history.New(a.Keys), Outbox: a.Outbox, AuditKey: auditKey[:], Log: a.Log}
	a.Engine.Handed = a.tellHanded
	a.Engine.Search = search.NewIndexer(a.DB, a.Clock, a.Log, a.Engine.SearchSource)
	if err := a.Engine.Search.Join(ctx, a.searched); err != nil {
		return err
	}
	a.Customize = customize.New(a.DB, a.Registry, a.IDs, a, a.Keys)
	a.Desk = desk.New(a.DB, a.Clock)
	if err := a.Customize.Load(ctx); err != nil {
		return err
	}
	if err := a.Reload(ctx); err != nil {
		return err
	}
	a.Outbox.Subscribe(a.followDirectory)
	a.Sessions = session.New(session.Options{DB: a.DB, Clock: a.Clock, IDs: a.IDs, Members: members{a.Dir}, Hash: a.Hash, Policy: a.sessionPolicy, Revoked: a.Wrote})
	a.Queue = jobs.NewQueue(a.DB, a.Clock, a.IDs)
	a.Runner = a.Queue.NewRunner(jobs.Options{OnError: func(err error) { a.Log.Error("a job", "error", err) }})
	a.daily()
	a.membersJobs()
	return a.Receive(ctx)
}

// searched lists what has a search index.
func (a *App) searched() []search.Marked { return a.Engine.Searched(a.Registry.State().Snapshot) }

// policyOf is what the settings say of passwords and sessions.
func policyOf(c customize.Company) *session.Policy {
	day := 24 * time.Hour
	return &session.Policy{Idle: time.Duration(c.SessionIdle) * time.Hour, Absolute: time.Duration(c.SessionDays) * day, MinPassword: c.PasswordLeast,
		MaxAge: time.Duration(c.PasswordDays) * day, Tries: c.LockAfter, Context: []string{c.Name, c.NameEn, c.ShortName}}
}

func (a *App) sessionPolicy() session.Policy {
	if p := a.policy.Load(); p != nil {
		return *p
	}
	return session.Policy{}
}

// builtIn gives the program's words and what it declares.
func (o *Options) builtIn() (words *i18n.Bundle, registry *entity.Registry, err error) {
	if words = o.Words; words == nil {
		if words, err = Words(); err != nil {
			return nil, nil, err
		}
	}
	registry, err = entity.NewRegistry(words.All, entity.Defs(Modules()...))
	return words, registry, err
}

// Words are the texts of the program and its modules.
func Words() (*i18n.Bundle, error) {
	sources := []fsSource{texts.FS, words}
	for _, m := range Modules() {
		sources = append(sources, m.Texts)
	}
	return i18n.Load(sources...)
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
		a.Dir.SetCurrency(c.Currency)
		a.Dir.SetName(cmp.Or(c.ShortName, c.Name))
		a.policy.Store(policyOf(c))
	}
	if err := a.seats.Load(ctx, a.Engine); err != nil {
		return err
	}
	return a.Dir.Load(ctx, a.Engine)
}

// followDirectory reloads the people when a write touched them, here or at
// another node.
func (a *App) followDirectory(events []outbox.Event) {
	if len(events) == 0 {
		a.loadDirectory()
		a.loadSeats()
	}
	for _, e := range events {
		if e.Entity == pool.Entity.Name {
			a.loadSeats()
			break
		}
	}
	for _, e := range events {
		for _, name := range org.Sources() {
			if e.Entity != name {
				continue
			}
			a.loadDirectory()
			wakeUp(a.left)
			return
		}
	}
}

// endLeavers ends the sessions and keys of members as soon as they are
// disabled, and once at the start those that a crash left.
func (a *App) endLeavers(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := a.Sessions.EndLeavers(ctx)
		a.ended(ctx, "ending the sessions of leavers", err)
		if n > 0 {
			a.Engine.AuditAccess(ctx, access.System("members who were disabled"), "credential_revoke", 0, true, count(n))
		}
		select {
		case <-ctx.Done():
		case <-a.left:
		}
	}
}

func (a *App) loadDirectory() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := a.Dir.Load(ctx, a.Engine); err != nil {
		a.Log.Error("reading the directory", "error", err)
	}
}

func (a *App) loadSeats() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := a.seats.Load(ctx, a.Engine); err != nil {
		a.Log.Error("reading the pools", "error", err)
	}
}

// Start starts the background work of a server: search, seals, events, jobs, leases.
func (a *App) Start() {
	a.Engine.Search.Care(a.Engine.SearchIndexes(a.Registry.State().Snapshot)...)
	ctx := a.startShort()
	if a.DB.Dialect() == sqldb.SQLite { // nobody else can work here: what a process that died left goes on at once
		a.ended(ctx, "jobs of the last start", a.Queue.Reclaim(ctx))
	}
	a.background(func() { a.Runner.Run(ctx) })
	a.background(func() { a.ended(ctx, "sessions", a.Sessions.Run(ctx)) })
	a.background(func() { a.endLeavers(ctx) })
	a.background(func() { a.tick(ctx) })
	a.joinPeers(ctx)
}

// startShort starts what even one command needs: its ids stay its own, what it
// writes is sealed and found.
func (a *App) startShort() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	a.stop = cancel
	sealer := a.sealer()
	a.background(func() { a.Engine.Search.Run(ctx) })
	a.background(func() { sealer.Run(ctx) })
	a.background(func() { a.ended(ctx, "node lease", a.node.Run(ctx, a.IDs.High)) })
	return ctx
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
