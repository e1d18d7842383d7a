package app

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// kindDrill is the job that restores a backup aside and looks at what comes
// out: a backup that was never restored does not exist (SYS-5).
const kindDrill = "drill"

// drillPrefix begins the names of the folders that a drill restores into.
const drillPrefix = "drill-"

type drillJob struct {
	Name string `json:"name"`
}

// drillResult is what a drill that went well tells.
type drillResult struct {
	Name    string `json:"name"`
	Rows    int64  `json:"rows"`
	Files   int64  `json:"files"`
	Missing int64  `json:"missing"`
	Tables  int    `json:"tables"` // whose rows were counted again in what was restored
	Millis  int64  `json:"millis"`
}

// OpenBackup opens a backup of the data folder. Errors: NotFound.
func (a *App) OpenBackup(ctx context.Context, name string) (*os.File, error) {
	list, err := a.Backups(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range list { // one of the list, so that a name is never a path
		if b.Name == name {
			return os.Open(filepath.Join(a.DataDir, backupDir, b.Name))
		}
	}
	return nil, errs.New(errs.NotFound, "error.backup_missing", "file", name)
}

// Drill asks for a trial restore of a backup; it is done in the background.
func (a *App) Drill(ctx context.Context, by int64, name string) (job string, err error) {
	f, err := a.OpenBackup(ctx, name)
	if err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	payload, err := json.Marshal(drillJob{name})
	if err != nil {
		return "", err
	}
	var n id.ID
	err = a.DB.Write(ctx, func(tx sqldb.Tx) (err error) {
		n, err = a.Queue.Enqueue(ctx, tx, jobs.Job{Kind: kindDrill, Key: "drill " + name, Payload: string(payload), By: id.ID(by)})
		return err
	})
	return n.String(), err
}

// runDrill restores the backup into a folder of its own, opens what came out as
// this program would, counts its rows and throws it away.
func (a *App) runDrill(ctx context.Context, w *jobs.Work) error {
	var j drillJob
	if err := json.Unmarshal([]byte(w.Payload), &j); err != nil {
		return err
	}
	began := a.Clock.Now()
	left, err := filepath.Glob(filepath.Join(a.DataDir, drillPrefix+"*")) // of a drill that a crash ended
	if err != nil {
		return err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp(a.DataDir, drillPrefix)
	if err != nil {
		return err
	}
	sum, tables, err := a.drill(ctx, j.Name, dir, func(p backup.Progress) { w.Progress(p.Rows+p.Blobs, 0) })
	err = errors.Join(err, os.RemoveAll(dir))
	a.Engine.AuditAccess(ctx, access.System("trial restore of a backup"), kindDrill, 0, err == nil, j.Name)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(drillResult{Name: j.Name, Rows: sum.Rows, Files: sum.Blobs, Missing: sum.Missing, Tables: tables,
		Millis: int64(a.Clock.Now().Sub(began) / time.Millisecond)})
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error { return w.Finish(ctx, tx, string(raw)) })
}

// drill restores into dir and says how many tables hold what the backup says.
func (a *App) drill(ctx context.Context, name, dir string, progress func(backup.Progress)) (sum backup.Summary, tables int, err error) {
	key := backup.Key{Keyring: a.Keys}
	s, err := newSink(ctx, Options{DataDir: dir}, key)
	if err != nil {
		return sum, 0, err
	}
	if sum, err = backup.Restore(ctx, filepath.Join(a.DataDir, backupDir, name), key, s, backup.RestoreOptions{Progress: progress}); err != nil {
		return sum, 0, err
	}
	twin, err := Open(ctx, Options{DataDir: dir, Clock: a.Clock, Log: a.Log, Version: a.Version, Hash: a.Hash, Words: a.Texts, keys: a.Keys})
	if err != nil {
		return sum, 0, err
	}
	defer func() { err = errors.Join(err, twin.Close()) }()
	want := map[string]int64{}
	for _, t := range sum.Tables {
		want[t.Name] = t.Rows
	}
	for _, t := range store.Tables(twin.Registry.State().Snapshot) {
		rows, known := want[t.Name]
		if !known {
			continue
		}
		var got sqldb.Rows
		if err := twin.DB.ReadOne(ctx, `SELECT COUNT(*) FROM "`+t.Name+`"`, nil, []record.Kind{record.KindInt}, &got); err != nil {
			return sum, 0, err
		}
		if n := got.At(0, 0).Int(); n != rows {
			return sum, 0, errs.New(errs.Internal, "error.drill_rows", "table", t.Name, "want", count(rows), "got", count(n))
		}
		tables++
	}
	return sum, tables, nil
}
