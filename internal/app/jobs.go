package app

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// members' jobs: what they started and did not wait for.
func (a *App) membersJobs() {
	a.Runner.Handle(importer.Kind, a.runImport)
	a.Runner.Handle(importer.ExportKind, a.runExport)
	a.Runner.Handle(records.MassKind, a.runMass)
	a.Runner.Handle(records.UndoKind, a.runUndo)
	a.Runner.Handle(records.BackfillKind, a.runBackfill)
	a.Runner.Handle(api.MailKind, a.runLetter)
	a.Runner.Handle(kindForgot, a.runForgot)
	a.Runner.Handle(kindPaper, a.runPaper)
}

// runImport imports an uploaded file. Every chunk is fenced by the job, and the
// import knows by itself where it stopped.
func (a *App) runImport(ctx context.Context, w *jobs.Work) error {
	var j importer.Job
	if err := json.Unmarshal([]byte(w.Payload), &j); err != nil {
		return err
	}
	actor, err := a.Engine.Actor(j.Who)
	if err != nil {
		return err
	}
	f, err := a.Engine.File(ctx, actor, j.File)
	if err != nil {
		return err
	}
	c, err := a.Files.Open(ctx, f.Blob)
	if err != nil {
		return err
	}
	defer c.Close()
	o := j.Options()
	o.At, o.Size, o.Name, o.Run = c, c.Size(), f.Name, "job:"+w.ID.String()
	o.Fence = func(ctx context.Context, tx sqldb.Tx) error { return w.CheckpointIn(ctx, tx, w.Payload) }
	o.Finish = func(ctx context.Context, tx sqldb.Tx, s *importer.Summary) error {
		raw, err := json.Marshal(s)
		if err != nil {
			return err
		}
		return w.Finish(ctx, tx, string(raw))
	}
	o.Failed = func(ctx context.Context, write func(io.Writer) error) (string, error) {
		return a.keepFailed(ctx, actor, f.Name, write)
	}
	defer a.spare.take()()
	s, err := importer.Run(ctx, importer.Deps{Engine: a.Engine, Texts: a.Texts}, actor, o, func(done, total int) { w.Progress(int64(done), int64(total)) })
	a.imported(ctx, &s)
	if err != nil && s.Changeset != "" {
		if raw, jerr := json.Marshal(s); jerr == nil {
			w.Leave(string(raw))
		}
	}
	return err
}

// exported is what a finished export tells.
type exported struct {
	File string `json:"file"`
	Name string `json:"name"`
	Rows int    `json:"rows"`
}

// runExport writes a list into a file of the member's own.
func (a *App) runExport(ctx context.Context, w *jobs.Work) error {
	var j importer.ExportJob
	if err := json.Unmarshal([]byte(w.Payload), &j); err != nil {
		return err
	}
	actor, err := a.Engine.Actor(j.Who)
	if err != nil {
		return err
	}
	ent := a.Registry.State().Entity(j.Entity)
	if ent == nil {
		return errs.New(errs.NotFound, "error.entity_unknown", "entity", j.Entity)
	}
	o, done := j.Options(), exported{}
	o.Progress = func(rows int) { w.Progress(int64(rows), 0) }
	kind, ending := "text/csv", ".csv"
	if o.Format == sheet.XLSX {
		kind, ending = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
	}
	done.Name = ent.Plural.In(actor.Env.Locale) + " " + a.Clock.Now().In(a.Dir.Zone()).Format("2006-01-02") + ending
	done.File, err = a.keepFile(ctx, actor, done.Name, kind, func(out io.Writer) error {
		done.Rows, err = importer.Export(ctx, importer.Deps{Engine: a.Engine, Texts: a.Texts}, actor, o, out)
		return err
	})
	if err != nil {
		return err
	}
	raw, err := json.Marshal(done)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error { return w.Finish(ctx, tx, string(raw)) })
}

// keepFailed stores a file of failed rows as the member's own.
func (a *App) keepFailed(ctx context.Context, actor *access.Actor, name string, write func(io.Writer) error) (string, error) {
	name = strings.TrimSuffix(name, filepath.Ext(name)) + "-" + a.Texts.Text(actor.Env.Locale, "import.failed_file", nil) + ".csv"
	return a.keepFile(ctx, actor, name, "text/csv", write)
}

// keepFile stores what write writes as the member's own file and gives its id.
func (a *App) keepFile(ctx context.Context, actor *access.Actor, name, kind string, write func(io.Writer) error) (string, error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(write(w)) }()
	blob, err := a.Files.Put(ctx, r, 0)
	if cerr := r.Close(); err == nil { // lets the writer go when Put gave up
		err = cerr
	}
	if err != nil {
		return "", err
	}
	row, err := a.Engine.AddFile(ctx, actor, records.FileRow{Blob: blob.Name, Name: name, Size: blob.Size, Mime: kind})
	return id.ID(row.ID).String(), err
}

// runMass changes all that matches a filter.
func (a *App) runMass(ctx context.Context, w *jobs.Work) error {
	var m records.Mass
	if err := json.Unmarshal([]byte(w.Payload), &m); err != nil {
		return err
	}
	step := func(ctx context.Context, tx sqldb.Tx, m *records.Mass) error {
		raw, err := json.Marshal(m)
		if err != nil {
			return err
		}
		return w.CheckpointIn(ctx, tx, string(raw))
	}
	failed := a.Engine.RunMass(ctx, &m, step, func(done, total int) { w.Progress(int64(done), int64(total)) })
	result, err := json.Marshal(m.Result(func(e *errs.Error) string { return a.Texts.Text(m.Who.Locale, e.Key, e.Args) }))
	switch {
	case failed != nil && m.Done+m.Failed > 0 && err == nil:
		w.Leave(string(result))
		return failed
	case failed != nil:
		return failed
	case err != nil:
		return err
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error { return w.Finish(ctx, tx, string(result)) })
}

// runUndo takes a large changeset back.
func (a *App) runUndo(ctx context.Context, w *jobs.Work) error {
	var u records.UndoWork
	if err := json.Unmarshal([]byte(w.Payload), &u); err != nil {
		return err
	}
	step := func(ctx context.Context, tx sqldb.Tx, u *records.UndoWork) error {
		raw, err := json.Marshal(u)
		if err != nil {
			return err
		}
		return w.CheckpointIn(ctx, tx, string(raw))
	}
	report, failed := a.Engine.RunUndo(ctx, &u, step, func(done, total int) { w.Progress(int64(done), int64(total)) })
	result, err := json.Marshal(api.UndoOut(report, a.Texts, u.Who.Locale))
	switch {
	case failed != nil && u.Before != 0 && err == nil:
		w.Leave(string(result))
		return failed
	case failed != nil:
		return failed
	case err != nil:
		return err
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error { return w.Finish(ctx, tx, string(result)) })
}

// Derive asks for the values of new computed fields in records that are there
// already; it implements customize.Changer.
func (a *App) Derive(ctx context.Context, tx sqldb.Tx, version int64, fields []records.Derived) error {
	raw, err := json.Marshal(records.Backfill{Registry: version, Fields: fields})
	if err != nil {
		return err
	}
	_, err = a.Queue.Enqueue(ctx, tx, jobs.Job{Kind: records.BackfillKind, Payload: string(raw)})
	return err
}

// runBackfill computes them. It looks for what other processes changed first:
// the change that asks for it may still be on its way to this process.
func (a *App) runBackfill(ctx context.Context, w *jobs.Work) error {
	var b records.Backfill
	if err := json.Unmarshal([]byte(w.Payload), &b); err != nil {
		return err
	}
	if _, err := a.Customize.Refresh(ctx); err != nil {
		return err
	}
	first := w.Payload
	step := func(ctx context.Context, tx sqldb.Tx, b *records.Backfill) error {
		raw, err := json.Marshal(b)
		if err != nil {
			return err
		}
		return w.CheckpointIn(ctx, tx, string(raw))
	}
	if err := a.Engine.RunBackfill(ctx, &b, step, func(done, total int) { w.Progress(int64(done), int64(total)) }); err != nil {
		return err
	}
	a.Engine.AuditAccess(ctx, access.System("values of a new formula or roll-up"), records.BackfillKind, 0, true, first)
	result, err := json.Marshal(backfillResult{b.Done, b.Changed, b.Failed})
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error { return w.Finish(ctx, tx, string(result)) })
}

// backfillResult is what a finished backfill tells.
type backfillResult struct {
	Done    int `json:"done"`
	Changed int `json:"changed"`
	Failed  int `json:"failed"`
}
