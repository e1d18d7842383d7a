package app

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/paper/face"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/dump"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/open"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/entity"
)

// Finding is one thing that doctor has to say. Wrong ones need mending; the
// others are advice.
type Finding struct {
	Wrong bool              `json:"wrong"`
	Key   string            `json:"key"`
	Args  map[string]string `json:"args,omitempty"`
}

// DoctorResult is what doctor saw.
type DoctorResult struct {
	OK       bool      `json:"ok"` // nothing is wrong
	Checks   []string  `json:"checks"`
	Findings []Finding `json:"findings"`
}

// examination collects findings.
type examination struct {
	call *call
	DoctorResult
}

func (x *examination) say(wrong bool, key string, args ...string) {
	e := errs.New(errs.Invalid, key, args...)
	x.Findings = append(x.Findings, Finding{Wrong: wrong, Key: key, Args: e.Args})
	if wrong {
		x.OK = false
	}
}

// Limits of an examination.
const (
	mostFaults   = 20
	searchSample = 2000
	backupLate   = 26 * time.Hour
	failedJobs   = 7 * 24 * time.Hour
)

// doctor looks at everything and changes nothing. A check that cannot be done
// is itself a finding.
func doctor(ctx context.Context, c *call) (any, error) {
	if err := c.admin(); err != nil {
		return nil, err
	}
	x := &examination{call: c, DoctorResult: DoctorResult{OK: true, Checks: []string{}, Findings: []Finding{}}}
	checks := []struct {
		name string
		do   func(context.Context) error
	}{
		{"schema", x.schema}, {"database", x.database}, {"audit", x.audit}, {"overlay", x.overlay}, {"key", x.key},
		{"backup", x.backup}, {"files", x.files}, {"search", x.search}, {"jobs", x.jobs}, {"font", x.font},
	}
	for i, check := range checks {
		c.progress(Progress{Key: "cli.check." + check.name, Done: int64(i), Total: int64(len(checks))})
		if err := check.do(ctx); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			c.a.Log.Error("doctor", "check", check.name, "error", err)
			x.say(true, "error.check_failed", "check", check.name, "cause", err.Error())
		}
		x.Checks = append(x.Checks, check.name)
	}
	return x.DoctorResult, nil
}

// font says where papers cannot be printed.
func (x *examination) font(context.Context) error {
	if _, _, err := face.Find(); err != nil {
		x.say(false, "error.print_font_missing", "cause", err.Error())
	}
	return nil
}

func (x *examination) schema(ctx context.Context) error {
	p, err := x.call.a.plan(ctx)
	if err != nil {
		return err
	}
	if len(p.Steps) > 0 {
		x.say(true, "error.schema_behind", "count", strconv.Itoa(len(p.Steps)), "command", "guanxi migrate")
	}
	return nil
}

func (x *examination) database(ctx context.Context) error {
	a := x.call.a
	var faults []string
	err := a.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		faults, err = dump.Faults(ctx, q, allTables(a.Registry.State()), mostFaults)
		return err
	})
	for _, f := range faults {
		x.say(true, "error.database_fault", "text", f)
	}
	return err
}

func (x *examination) audit(ctx context.Context) error {
	a := x.call.a
	var r audit.Report
	err := a.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		r, err = audit.Verify(ctx, q, a.auditKeys(), nil)
		return err
	})
	for _, f := range r.Findings[:min(len(r.Findings), mostFaults)] {
		x.say(true, "error.audit_fault", "text", f.Text)
	}
	return err
}

func (x *examination) overlay(context.Context) error {
	if skipped := x.call.a.Registry.State().Skipped; len(skipped) > 0 {
		x.say(true, "error.overlay_skipped", "names", strings.Join(skipped, ", "))
	}
	return nil
}

func (x *examination) key(context.Context) error {
	s := x.call.a.Keys.Source()
	if s.BesideData {
		x.say(false, "note.key_beside_data", "file", s.Path)
	}
	if s.Exposed {
		x.say(true, "error.key_exposed", "file", s.Path)
	}
	return nil
}

func (x *examination) backup(ctx context.Context) error {
	a := x.call.a
	c, ok, err := a.Customize.Company(ctx)
	if err != nil || !ok {
		if err == nil {
			x.say(false, "note.setup_open", "command", "guanxi init")
		}
		return err
	}
	last := a.lastBackup(ctx)
	now := a.Clock.Now()
	switch {
	case c.Recipient == "":
		x.say(true, "error.recovery_missing")
	case c.BackupAt == "":
		x.say(false, "note.backup_off")
	case last.IsZero():
		made, err := id.Parse(c.Installation)
		x.say(err == nil && now.Sub(made.Time()) > backupLate, "error.backup_none", "at", c.BackupAt)
	case now.Sub(last) > backupLate:
		x.say(true, "error.backup_late", "at", last.In(a.Dir.Zone()).Format("2006-01-02 15:04"))
	}
	return nil
}

func (x *examination) files(ctx context.Context) error {
	a := x.call.a
	var lost int64
	err := a.DB.Read(ctx, func(q sqldb.Querier) error {
		return records.BlobNames(ctx, q, func(name string) error {
			has, err := a.Files.Has(ctx, name)
			if err == nil && !has {
				lost++
			}
			return err
		})
	})
	if lost > 0 {
		x.say(true, "error.files_lost", "count", count(lost))
	}
	return err
}

func (x *examination) search(ctx context.Context) error {
	a := x.call.a
	st := a.Registry.State()
	behind, unknown, err := a.Engine.Search.Behind(ctx)
	if err != nil {
		return err
	}
	if damaged, err := x.indexFile(ctx); damaged || err != nil {
		return err
	}
	if unknown { // nothing is marked yet, so nothing is lost
		x.say(false, "note.search_new")
		return nil
	}
	if behind > searchSample {
		x.say(false, "note.search_behind", "count", count(behind))
	}
	return a.DB.Read(ctx, func(q sqldb.Querier) error {
		for _, e := range st.Entities {
			if len(e.SearchFields()) == 0 {
				continue
			}
			lost, err := search.New(e.Table).Lost(ctx, q, e.Name, e.Table, searchSample)
			if err != nil {
				return err
			}
			if lost > 0 {
				x.say(true, "error.search_lost", "entity", e.Name, "count", count(lost))
			}
		}
		return nil
	})
}

// indexFile looks at the file that SQLite keeps the search index in.
func (x *examination) indexFile(ctx context.Context) (damaged bool, err error) {
	a := x.call.a
	if sqldb.Beside(a.DB) == a.DB {
		return false, nil
	}
	var faults []string
	err = a.DB.Read(ctx, func(q sqldb.Querier) error {
		faults = dump.IndexFaults(ctx, q, 1)
		return nil
	})
	if len(faults) > 0 { // then the end of the read may tell of it, too
		x.say(true, "error.search_damaged", "text", faults[0], "file", searchFile)
		return true, nil
	}
	return false, err
}

func (x *examination) jobs(ctx context.Context) error {
	a := x.call.a
	since := a.Clock.Now().Add(-failedJobs)
	return a.DB.Read(ctx, func(q sqldb.Querier) error {
		for _, state := range []jobs.State{jobs.Failed, jobs.Dead} {
			list, err := jobs.List(ctx, q, jobs.Filter{State: state, Limit: mostFaults})
			if err != nil {
				return err
			}
			for _, j := range list {
				if j.FinishedAt.After(since) {
					x.say(false, "note.job_failed", "kind", j.Kind, "at", j.FinishedAt.In(a.Dir.Zone()).Format("2006-01-02 15:04"))
				}
			}
		}
		return nil
	})
}

// plan says what would be done to an open installation.
func (a *App) plan(ctx context.Context) (MigrateResult, error) {
	return planOf(ctx, a.DB, a.Registry)
}

func planOf(ctx context.Context, db sqldb.DB, registry *entity.Registry) (out MigrateResult, err error) {
	out.Steps = []string{}
	err = db.Read(ctx, func(q sqldb.Querier) error {
		if err := lease.CheckVersion(ctx, q, upgrades()); err != nil {
			return err
		}
		if out.Version, _, err = lease.Version(ctx, q); err != nil {
			return err
		}
		pending, err := lease.Pending(ctx, q, upgrades())
		if err != nil {
			return err
		}
		for _, s := range pending {
			out.Steps = append(out.Steps, "upgrade data to "+strconv.Itoa(s.Version)+": "+s.Name)
		}
		o := &entity.Overlay{}
		if out.Version >= 0 {
			if o, err = customize.ReadOverlay(ctx, q); err != nil {
				return err
			}
		}
		st, err := registry.Compile(o)
		if err != nil {
			return err
		}
		p, err := ddl.NewPlan(ctx, q, slices.Concat(platformTables(), store.Tables(st.Snapshot)))
		if err != nil {
			return err
		}
		for _, s := range p.Steps() {
			out.Steps = append(out.Steps, s.What)
		}
		return nil
	})
	return out, err
}

// Migrate brings an installation up to this program, or with only says what
// that would do. A running server has done it.
func Migrate(ctx context.Context, o Options, only bool, progress func(Progress)) (MigrateResult, error) {
	if !Installed(o.DataDir) {
		return MigrateResult{}, errs.New(errs.NotFound, "error.no_installation", "dir", o.DataDir, "command", "guanxi init")
	}
	lock, err := takeLock(o.DataDir)
	if err != nil {
		return MigrateResult{}, err
	}
	before, err := planClosed(ctx, o)
	if err != nil || only {
		_ = lock.Close()
		return before, err
	}
	o.lock = lock
	o.Migrating = func(done, total int, what string) {
		progress(Progress{Key: "cli.progress.migrate", What: what, Done: int64(done), Total: int64(total)})
	}
	a, err := Open(ctx, o)
	if err != nil {
		return MigrateResult{}, err
	}
	after, err := a.plan(ctx)
	after.Applied, after.Steps, after.Kept = len(after.Steps) == 0, before.Steps, a.kept
	return after, errors.Join(err, a.Close())
}

// planClosed looks at a database without opening the installation.
func planClosed(ctx context.Context, o Options) (MigrateResult, error) {
	_, registry, err := o.builtIn()
	if err != nil {
		return MigrateResult{}, err
	}
	if err := checkFolder(o); err != nil {
		return MigrateResult{}, err
	}
	if o.Database == "" {
		if _, err := os.Stat(o.address()); err != nil {
			return MigrateResult{}, err
		}
	}
	db, err := open.Open(ctx, o.address(), open.Options{})
	if err != nil {
		return MigrateResult{}, err
	}
	out, err := planOf(ctx, db, registry)
	return out, errors.Join(err, db.Close())
}

// Examine is doctor for the command line: it never brings an installation up
// to date by looking at it.
func Examine(ctx context.Context, o Options, r Request, progress func(Progress)) (DoctorResult, error) {
	out := DoctorResult{OK: false, Checks: []string{"schema"}, Findings: []Finding{}}
	conn, err := dialControl(ctx, o.DataDir)
	if err != nil {
		return out, err
	}
	if conn != nil {
		_ = conn.Close()
	} else {
		p, err := Migrate(ctx, o, true, progress)
		if err != nil {
			return out, err
		}
		if len(p.Steps) > 0 {
			args := map[string]string{"count": strconv.Itoa(len(p.Steps)), "command": "guanxi migrate"}
			out.Findings = append(out.Findings, Finding{Wrong: true, Key: "error.schema_behind", Args: args})
			return out, nil
		}
	}
	raw, err := Invoke(ctx, o, r, progress)
	if err != nil {
		return out, err
	}
	out = DoctorResult{}
	err = json.Unmarshal(raw, &out)
	return out, err
}
