package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// Request asks for one command of the command line. The same text goes over
// the socket of a running server and, when there is none, stays in the process.
type Request struct {
	Command string          `json:"command"`
	As      string          `json:"as,omitempty"` // login of the member to act as; "" = the operator
	Locale  string          `json:"locale,omitempty"`
	Args    json.RawMessage `json:"args,omitempty"`
}

// Event is one line of the answer: any number of Progress, then one Result or
// one Error.
type Event struct {
	Progress *Progress       `json:"progress,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"`
	Error    *Fault          `json:"error,omitempty"`
}

// Progress says how far a command is.
type Progress struct {
	Key   string `json:"key"`            // text of what is being done
	What  string `json:"what,omitempty"` // the table or entity at hand
	Done  int64  `json:"done,omitempty"`
	Total int64  `json:"total,omitempty"` // 0 = not known
}

// Fault is an error on its way to a person: never its cause.
type Fault struct {
	Code  errs.Code         `json:"code"`
	Key   string            `json:"key"`
	Args  map[string]string `json:"args,omitempty"`
	Field string            `json:"field,omitempty"`
	Sub   []*Fault          `json:"sub,omitempty"`
}

// FaultOf gives what a person is told of an error.
func FaultOf(err error) *Fault {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return faultOf(plainError(err))
	}
	return faultOf(e)
}

func faultOf(e *errs.Error) *Fault {
	f := &Fault{Code: e.Code, Key: e.Key, Args: e.Args, Field: e.Field}
	for _, sub := range e.Sub {
		f.Sub = append(f.Sub, faultOf(sub))
	}
	return f
}

// Err is the fault as an error again.
func (f *Fault) Err() *errs.Error {
	e := &errs.Error{Code: f.Code, Key: f.Key, Args: f.Args, Field: f.Field}
	for _, sub := range f.Sub {
		e.Sub = append(e.Sub, sub.Err())
	}
	return e
}

// call is one running command.
type call struct {
	a        *App
	actor    *access.Actor
	args     json.RawMessage
	locale   string
	progress func(Progress)
}

// decode reads the arguments.
func (c *call) decode(into any) error {
	if len(c.args) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.args, into); err != nil {
		return errs.New(errs.BadRequest, "error.command_args").With(err)
	}
	return nil
}

// admin refuses whoever may not administer.
func (c *call) admin() error {
	if !c.actor.Admin() {
		return errs.New(errs.Forbidden, "error.command_admin")
	}
	return nil
}

// command does its work and gives its result, which is written as JSON.
type command func(ctx context.Context, c *call) (any, error)

// commands is the whole command line as far as it works on an open
// installation.
func commands() map[string]command {
	return map[string]command{
		"init":          initCompany,
		"demo":          makeDemo,
		"user add":      addUser,
		"user password": setPassword,
		"key add":       addKey,
		"import":        importFile,
		"undo":          undoChangeset,
		"export":        exportFile,
		"backup":        writeBackup,
		"migrate":       migrated,
		"doctor":        doctor,
	}
}

// Run does one command of the operator's account, or of the member in As, and
// tells out what happens; the last event is the result or the error.
func (a *App) Run(ctx context.Context, account string, r Request, out func(Event)) {
	result, err := a.run(ctx, account, r, func(p Progress) { out(Event{Progress: &p}) })
	if err == nil {
		var raw []byte
		if raw, err = json.Marshal(result); err == nil {
			out(Event{Result: raw})
			return
		}
	}
	if code := errs.CodeOf(err); code == errs.Internal || code == errs.Unavailable {
		a.Log.Error("command failed", "command", r.Command, "error", err)
	}
	out(Event{Error: FaultOf(err)})
}

func (a *App) run(ctx context.Context, account string, r Request, progress func(Progress)) (any, error) {
	fn := commands()[r.Command]
	if fn == nil {
		return nil, errs.New(errs.BadRequest, "error.command_unknown", "name", r.Command)
	}
	actor, err := a.commandActor(account, r)
	if err != nil {
		return nil, err
	}
	if r.Command != "init" && r.Command != "demo" && r.Command != "migrate" && r.Command != "doctor" && a.NeedsSetup() {
		return nil, errs.New(errs.Conflict, "error.setup_first", "command", "guanxi init")
	}
	return fn(ctx, &call{a: a, actor: actor, args: r.Args, locale: r.Locale, progress: Slowly(progress)})
}

// commandActor is who acts: the account at the command line, or a member.
func (a *App) commandActor(account string, r Request) (*access.Actor, error) {
	actor := access.Operator(account)
	if r.As != "" {
		m, ok := a.Dir.MemberByLogin(r.As)
		if !ok {
			return nil, errs.New(errs.NotFound, "error.login_unknown", "login", r.As)
		}
		if actor, ok = a.Rights.Actor(m.ID); !ok {
			return nil, errs.New(errs.Forbidden, "error.login_disabled", "login", r.As)
		}
		actor.Via = "cli"
	}
	actor.Now = a.Clock.Now()
	actor.Env.Locale, actor.Env.Zone, actor.Env.Region = r.Locale, a.Dir.Zone(), "CN"
	return actor, nil
}

// Slowly passes on what a person can read: a new text at once, else ten a second.
func Slowly(fn func(Progress)) func(Progress) {
	var last Progress
	var at time.Time
	return func(p Progress) {
		now := time.Now()
		if p.Key == last.Key && p.What == last.What && now.Sub(at) < 100*time.Millisecond && (p.Total == 0 || p.Done < p.Total) {
			return
		}
		last, at = p, now
		fn(p)
	}
}

// BackupArgs are those of backup.
type BackupArgs struct {
	File string `json:"file"` // absolute
}

// BackupResult says what a backup holds, or what was restored.
type BackupResult struct {
	File    string `json:"file"`
	Bytes   int64  `json:"bytes"`
	Rows    int64  `json:"rows"`
	Files   int64  `json:"files"`
	Missing int64  `json:"missing_files"` // mentioned by rows and not there
}

func writeBackup(ctx context.Context, c *call) (any, error) {
	var in BackupArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := c.admin(); err != nil {
		return nil, err
	}
	if err := replaceable(in.File); err != nil {
		return nil, err
	}
	sum, err := c.a.WriteBackup(ctx, in.File, func(p backup.Progress) { c.progress(BackupProgress(p)) })
	c.a.Engine.AuditAccess(ctx, c.actor, "backup", 0, err == nil, in.File)
	if err != nil {
		return nil, err
	}
	return BackupSummary(in.File, sum), nil
}

// BackupSummary is a summary as the command line shows it.
func BackupSummary(file string, s backup.Summary) BackupResult {
	return BackupResult{File: file, Bytes: s.FileSize, Rows: s.Rows, Files: s.Blobs, Missing: s.Missing}
}

// BackupProgress is the progress of a backup or a restore.
func BackupProgress(p backup.Progress) Progress {
	switch p.Phase {
	case "tables":
		return Progress{Key: "cli.progress.tables", Done: p.Rows}
	case "files":
		return Progress{Key: "cli.progress.files", Done: p.Blobs}
	}
	return Progress{Key: "cli.progress.check", Done: p.Rows + p.Blobs}
}

// MigrateResult says what migrate did, or would do.
type MigrateResult struct {
	Version int      `json:"version"` // of the data, -1 for none yet
	Steps   []string `json:"steps"`
	Applied bool     `json:"applied"`
	Kept    string   `json:"kept,omitempty"` // copy of the data as it was before
}

// migrated answers for an installation that is open: opening it did the work.
func migrated(ctx context.Context, c *call) (any, error) {
	if err := c.admin(); err != nil {
		return nil, err
	}
	p, err := c.a.plan(ctx)
	if err != nil {
		return nil, err
	}
	p.Applied, p.Kept = len(p.Steps) == 0, c.a.kept
	return p, nil
}
