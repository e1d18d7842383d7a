// Package api is the REST face of Guanxi (DESIGN §7): every handler reads the
// request, asks the core, and writes the answer; rights are decided below.
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/desk"
	"github.com/guanxicrm/guanxi/internal/core/paper"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
)

// Options are what the API needs of the rest of the program.
type Options struct {
	Engine    *records.Engine
	Rights    *access.Rights
	Sessions  *session.Service
	Customize *customize.Store
	Desk      *desk.Store
	Files     files.Store
	Queue     *jobs.Queue
	Printer   *paper.Printer
	Texts     *i18n.Bundle
	Modules   []entity.Module
	Platform  Platform
	Clock     clock.Clock
	Log       *slog.Logger
	Version   string
	Secure    bool // served over TLS
}

// Platform is what only the running program can do; app implements it.
type Platform interface {
	// NeedsSetup says whether the first run is still to be done.
	NeedsSetup() bool
	// Setup does the first run and gives the recovery passphrase, which nobody can read again.
	Setup(ctx context.Context, in SetupInput) (passphrase string, err error)
	// Reload makes changed settings of the company work at once.
	Reload(ctx context.Context) error
	// Health is the state of the installation for administrators.
	Health(ctx context.Context) Health
	// Backup asks for a backup into the data folder and gives the job's id.
	Backup(ctx context.Context, by int64) (job string, err error)
	// Backups lists those in the data folder, the newest first.
	Backups(ctx context.Context) ([]BackupFile, error)
	// NewRecovery replaces the recovery passphrase and gives the new one, which nobody can read again.
	NewRecovery(ctx context.Context) (passphrase string, err error)
	// OpenBackup opens one of them. Errors: NotFound.
	OpenBackup(ctx context.Context, name string) (*os.File, error)
	// Drill asks for a trial restore of one of them and gives the job's id. Errors: NotFound.
	Drill(ctx context.Context, by int64, name string) (job string, err error)
	// MailServer is the mail server without its password.
	MailServer(ctx context.Context) (MailServer, error)
	// SetMailServer keeps the mail server, unless match objects to the one until
	// now. Errors: Invalid by field; a password is needed again for another server.
	SetMailServer(ctx context.Context, in MailChange, match func(MailServer) error) (MailServer, error)
	// TestMail sends a letter now, through a server that need not be kept yet.
	// Errors: at the setting that is to blame, with a text that says what to do.
	TestMail(ctx context.Context, in MailChange, to, locale string) error
	// MailReady says whether links can be sent by mail.
	MailReady(ctx context.Context) bool
	// MailLink sends a member a link by which he sets his password, and says
	// where to and until when. Errors: NotFound, Conflict while that cannot be done.
	MailLink(ctx context.Context, member, by int64) (to string, until time.Time, err error)
	// Forgot sends such a link to whoever has the login, later, or to nobody.
	Forgot(ctx context.Context, login string) error
	// Administrators names those whom a member without rights can ask.
	Administrators() []string
	// RoleRights is all that a role grants. Errors: NotFound.
	RoleRights(ctx context.Context, role int64) (RoleRights, error)
	// SetRoleRights gives a role these rights and no others, in one transaction,
	// unless match objects to those that it has until then.
	SetRoleRights(ctx context.Context, actor *access.Actor, role int64, in RoleRights, match func(RoleRights) error) error
}

// RoleRights is all that a role grants (ORG-2, ORG-4).
type RoleRights struct {
	Grants []RoleGrant      `json:"grants" api:"required"`
	Fields []RoleFieldRight `json:"fields" api:"required"`
}

// RoleGrant allows or forbids an operation on the records of an entity.
type RoleGrant struct {
	Entity      string   `json:"entity" api:"required" doc:"module.thing, module.* or *"`
	Operation   string   `json:"operation" api:"required"`
	Scope       string   `json:"scope" api:"required"`
	Departments []string `json:"departments" api:"id" doc:"With the scope chosen"`
	Deny        bool     `json:"deny" doc:"Forbids, whatever other roles allow"`
}

// RoleFieldRight says what a role may do with one field.
type RoleFieldRight struct {
	Entity string `json:"entity" api:"required"`
	Field  string `json:"field" api:"required"`
	Level  string `json:"level" api:"required" doc:"hidden, masked, read or write"`
}

// BackupFile is a backup in the data folder.
type BackupFile struct {
	Name      string `json:"name"`
	Size      int64  `json:"size"`
	CreatedAt string `json:"created_at" api:"instant"`
}

// SetupInput is what the first-run wizard asks (SYS-1).
type SetupInput struct {
	Company  string `json:"company" api:"required"`
	Currency string `json:"currency" api:"required"`
	Zone     string `json:"zone"`
	Locale   string `json:"locale"`
	Login    string `json:"login" api:"required"`
	Name     string `json:"name" api:"required"`
	Password string `json:"password" api:"required"`
}

// Health is the health page.
type Health struct {
	Status          string   `json:"status"`
	Version         string   `json:"version"`
	Database        string   `json:"database"`
	KeyBesideData   bool     `json:"key_beside_data"`
	HasRecovery     bool     `json:"has_recovery"`
	LastBackup      string   `json:"last_backup,omitempty"`
	SkippedOverlays []string `json:"skipped_overlays,omitempty"`
}

// Server answers requests under /api/v1.
type Server struct {
	Options
	mux      *http.ServeMux
	routes   []route
	document docCache
	streams  streams
	// regionTree is the answer of /meta/regions, made when it is first asked for.
	regionTree func() ([]byte, error)
}

// Policy says who may call a route; what he may do there is decided below it.
type Policy string

// The policies. A route without one does not start.
const (
	Public Policy = "public" // nobody needs to be signed in
	Member Policy = "member" // a signed-in member or a key of his
	Admin  Policy = "admin"  // an administrator's session or unlimited key
)

// Route is one line of the API.
type Route struct {
	Method, Path string
	Policy       Policy
}

type route struct {
	Route
	fn     func(*request) error
	doc    routeDoc
	key    keyed
	stream bool // answers as long as the client listens, past requestTimeout
}

// maxBody bounds a request's body, files aside.
const maxBody = 4 << 20

// New makes the server.
func New(o Options) *Server {
	s := &Server{Options: o, mux: http.NewServeMux(), streams: streams{open: map[int64]int{}, ended: make(chan struct{})}}
	s.regionTree = sync.OnceValues(func() ([]byte, error) { return json.Marshal(itemsOf[regionOut]{regionsUnder("")}) })
	s.routes = s.table()
	for _, rt := range s.routes {
		if rt.Policy != Public && rt.Policy != Member && rt.Policy != Admin {
			panic("route without a policy: " + rt.Method + " " + rt.Path)
		}
		s.mux.HandleFunc(rt.Method+" /api/v1"+rt.Path, s.handle(rt))
	}
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		s.handle(route{Route: Route{Policy: Public}, fn: func(*request) error { return notFound() }})(w, r)
	})
	return s
}

// Routes lists the API, for tests and OpenAPI.
func (s *Server) Routes() []Route {
	out := make([]Route, len(s.routes))
	for i, r := range s.routes {
		out[i] = r.Route
	}
	return out
}

// ServeHTTP answers a request; writes from other origins are refused.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, r)
}

// Foreign answers a write that a page of another origin asked for.
func (s *Server) Foreign() http.Handler {
	return s.handle(route{Route: Route{Policy: Public}, fn: func(*request) error { return errs.New(errs.Forbidden, "error.cross_origin") }})
}

// requestTimeout bounds one request; long work is a job.
const requestTimeout = 60 * time.Second
