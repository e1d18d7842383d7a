package app

import (
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The kinds of jobs that the platform does for itself.
const (
	kindBackup   = "backup"
	kindMaintain = "maintain"
)

// maintainAt is when nobody works: in the company's zone.
const maintainAt = "03:30"

// How long what nobody asks for any more is kept.
const (
	keepJobs    = 30 * 24 * time.Hour
	keepEvents  = 7 * 24 * time.Hour
	keepAnswers = 24 * time.Hour
	keepBlobs   = 24 * time.Hour
)

// daily gives the runner what is done every day.
func (a *App) daily() {
	a.Runner.Handle(kindBackup, a.runBackup)
	a.Runner.Handle(kindMaintain, a.maintain)
	a.Runner.Handle(kindDrill, a.runDrill)
	a.Runner.Handle(kindStatistics, a.runStatistics)
	a.Runner.CronFunc(func(ctx context.Context) (jobs.Cron, bool) { return a.schedule(ctx, kindBackup, "") })
	a.Runner.CronFunc(func(ctx context.Context) (jobs.Cron, bool) { return a.schedule(ctx, kindMaintain, maintainAt) })
}

// schedule is a daily job at a time ("" = the one in the settings) in the
// company's zone; none before the first run. Its name tells time and zone, so
// that changing them is another schedule.
func (a *App) schedule(ctx context.Context, kind, at string) (jobs.Cron, bool) {
	c, ok, err := a.Customize.Company(ctx)
	if err != nil || !ok {
		return jobs.Cron{}, false
	}
	if at == "" {
		at = c.BackupAt
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil || at == "" {
		return jobs.Cron{}, false
	}
	return jobs.Cron{Name: kind + " " + at + " " + c.Zone, Spec: "@daily " + at, Zone: zone, Kind: kind}, true
}

// backupJob is a backup asked for by hand.
func backupJob(by id.ID) jobs.Job { return jobs.Job{Kind: kindBackup, Key: "backup now", By: by} }

// runBackup writes a backup into the data folder and removes the oldest ones.
func (a *App) runBackup(ctx context.Context, w *jobs.Work) error {
	c, ok, err := a.Customize.Company(ctx)
	if err != nil || !ok {
		return err
	}
	name := backup.FileName(a.Clock.Now().In(a.Dir.Zone()))
	dir := filepath.Join(a.DataDir, backupDir)
	sum, err := a.WriteBackup(ctx, filepath.Join(dir, name), func(p backup.Progress) { w.Progress(p.Rows+p.Blobs, 0) })
	actor := access.System("backup into the data folder")
	a.Engine.AuditAccess(ctx, actor, "backup", 0, err == nil, name)
	if err != nil {
		return err
	}
	if sum.Missing > 0 {
		a.Log.Error("the backup lacks files", "count", sum.Missing, "file", name)
	}
	removed, err := backup.Prune(dir, c.BackupKeep)
	a.Log.Info("backup written", "file", name, "rows", sum.Rows, "files", sum.Blobs, "bytes", sum.FileSize, "removed", len(removed))
	return err
}

// maintain is the nightly care. A part that fails does not keep the others from
// being done.
func (a *App) maintain(ctx context.Context, w *jobs.Work) error {
	now := a.Clock.Now()
	parts := []struct {
		name string
		do   func() (int64, error)
	}{
		{"rollups", func() (int64, error) { return a.repairRollups(ctx) }},
		{"sessions", func() (int64, error) { return 0, a.Sessions.Sweep(ctx) }},
		{"answers", func() (int64, error) { return a.Engine.ForgetAnswers(ctx, now.Add(-keepAnswers)) }},
		{"jobs", func() (int64, error) { return a.Queue.Trim(ctx, now.Add(-keepJobs)) }},
		{"events", func() (int64, error) {
			return (&outbox.Dispatcher{Log: a.Outbox, Holder: a.holder}).Trim(ctx, now.Add(-keepEvents))
		}},
		{"uploads", func() (int64, error) { return a.Engine.ForgetFiles(ctx, now.Add(-keepBlobs), a.fileOfJob) }},
		{"files", func() (int64, error) {
			s, err := a.Files.Sweep(ctx, func(name string) (bool, error) { return a.Engine.FileNamed(ctx, name) }, now.Add(-keepBlobs))
			return int64(s.Removed), err
		}},
		{"file keys", func() (int64, error) {
			if a.Keys.Len() == 1 {
				return 0, nil
			}
			return a.Files.Rewrap(ctx)
		}},
		{"audit", func() (int64, error) { return a.trimAudit(ctx, now) }},
		{"search", func() (int64, error) { return a.maintainSearch(ctx) }},
		{"months", func() (int64, error) { return a.settleMonths(ctx) }},
		{"statistics", func() (int64, error) { return a.statistics(ctx) }},
	}
	var failed error
	for i, p := range parts {
		w.Progress(int64(i), int64(len(parts)))
		n, err := p.do()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			a.Log.Error("nightly maintenance", "part", p.name, "error", err)
			failed = errors.Join(failed, err)
			continue
		}
		a.Log.Info("nightly maintenance", "part", p.name, "count", n)
	}
	if failed != nil {
		return errs.New(errs.Internal, "error.maintenance").With(failed)
	}
	return nil
}

// fileOfJob says whether a job reads a file or gave one as its result: those
// stay as long as the job does.
func (a *App) fileOfJob(ctx context.Context, file int64) (bool, error) {
	for _, word := range []string{`"file":` + count(file), id.ID(file).String()} {
		if found, err := a.Queue.Mentions(ctx, word); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// trimAudit deletes what the audit log keeps longer than the company wants.
func (a *App) trimAudit(ctx context.Context, now time.Time) (int64, error) {
	c, ok, err := a.Customize.Company(ctx)
	if err != nil || !ok || c.AuditKeep == 0 {
		return 0, err
	}
	before := now.AddDate(0, 0, -c.AuditKeep)
	n, err := a.sealer().Trim(ctx, a.auditKeys(), before)
	if n > 0 {
		a.Engine.AuditAccess(ctx, access.System("the audit log is kept "+count(int64(c.AuditKeep))+" days"), "audit_trim", 0, err == nil, count(n)+" rows from before "+before.UTC().Format(time.DateOnly))
	}
	return n, err
}

// sealer seals and trims the audit log.
func (a *App) sealer() *audit.Sealer {
	key := a.Keys.Sub("audit seal")
	return &audit.Sealer{Holder: a.holder, Key: ed25519.NewKeyFromSeed(key[:]),
		OnError: func(err error) { a.Log.Error("sealing the audit log", "error", err) }}
}

// auditKeys are what the audit log is checked with: also what older master keys
// wrote.
func (a *App) auditKeys() audit.Keys {
	var keys audit.Keys
	for _, key := range a.Keys.Subs("audit digest") {
		keys.Digest = append(keys.Digest, key[:])
	}
	for _, key := range a.Keys.Subs("audit seal") {
		if pub, ok := ed25519.NewKeyFromSeed(key[:]).Public().(ed25519.PublicKey); ok {
			keys.Public = append(keys.Public, pub)
		}
	}
	return keys
}

func (a *App) repairRollups(ctx context.Context) (n int64, err error) {
	for _, e := range a.Registry.State().Entities {
		if len(e.Copies) > 0 {
			n++
			_, failed := a.Engine.RepairCopies(ctx, e.Name)
			err = errors.Join(err, failed)
		}
		for _, f := range e.Fields {
			if schema.IsRollup(f) && !f.Retired {
				n++
				err = errors.Join(err, a.Engine.RepairRollups(ctx, e.Name))
				break
			}
		}
	}
	return n, err
}

func (a *App) maintainSearch(ctx context.Context) (n int64, err error) {
	for _, x := range a.Engine.SearchIndexes(a.Registry.State().Snapshot) {
		n++
		err = errors.Join(err, a.Engine.Search.Tend(ctx, func() error { return x.Maintain(ctx, a.DB) }))
	}
	return n, err
}

// lastBackup is when the newest backup in the data folder was made, zero for none.
func (a *App) lastBackup(ctx context.Context) time.Time {
	list, err := a.Backups(ctx)
	if err != nil || len(list) == 0 {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, list[0].CreatedAt)
	if err != nil {
		return time.Time{}
	}
	return t
}

func count(n int64) string { return strconv.FormatInt(n, 10) }
