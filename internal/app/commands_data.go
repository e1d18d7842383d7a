package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

// ImportArgs are those of import. Paths are absolute.
type ImportArgs struct {
	Entity    string   `json:"entity"`
	File      string   `json:"file"`
	Key       []string `json:"key"`
	Map       []string `json:"map"` // "Header=field", "A+B=field"
	OnMatch   string   `json:"on_match"`
	Encoding  string   `json:"encoding"`
	Sheet     string   `json:"sheet"`
	HeaderRow int      `json:"header_row"`
	Null      string   `json:"null"`
	Owner     string   `json:"owner"`
	DryRun    bool     `json:"dry_run"`
	Failed    string   `json:"failed"`
}

func importFile(ctx context.Context, c *call) (any, error) {
	var in ImportArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	for _, file := range []string{in.File, in.Failed} {
		if file != "" && !filepath.IsAbs(file) {
			return nil, errs.New(errs.Invalid, "error.path_relative", "file", file)
		}
	}
	o := importer.Options{Entity: in.Entity, Path: in.File, Key: in.Key, OnMatch: in.OnMatch, Encoding: in.Encoding, Sheet: in.Sheet,
		HeaderRow: in.HeaderRow, Null: in.Null, Owner: in.Owner, DryRun: in.DryRun, FailedPath: in.Failed}
	for _, text := range in.Map {
		m, err := importer.ParseMapping(text)
		if err != nil {
			return nil, err
		}
		o.Map = append(o.Map, m)
	}
	a := c.a
	defer a.spare.take()()
	sum, err := importer.Run(ctx, importer.Deps{Engine: a.Engine, Texts: a.Texts}, c.actor, o, func(done, total int) {
		c.progress(Progress{Key: "cli.progress.rows", Done: int64(done), Total: int64(total)})
	})
	a.imported(ctx, &sum)
	if !in.DryRun {
		a.Engine.AuditAccess(ctx, c.actor, "import", 0, err == nil, in.Entity+" "+filepath.Base(in.File))
	}
	if err != nil || in.DryRun {
		return sum, err
	}
	c.progress(Progress{Key: "cli.progress.search"})
	return sum, a.Engine.Search.CatchUp(ctx)
}

// ExportArgs are those of export. File is absolute; its ending chooses the
// format.
type ExportArgs struct {
	Entity   string   `json:"entity"`
	File     string   `json:"file"`
	Filter   string   `json:"filter"`
	Fields   []string `json:"fields"`
	Encoding string   `json:"encoding"`
	Keys     bool     `json:"keys"`
}

// ExportResult says what was written.
type ExportResult struct {
	File string `json:"file"`
	Rows int    `json:"rows"`
}

func exportFile(ctx context.Context, c *call) (any, error) {
	var in ExportArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if !filepath.IsAbs(in.File) {
		return nil, errs.New(errs.Invalid, "error.path_relative", "file", in.File)
	}
	o := importer.ExportOptions{Entity: in.Entity, Filter: in.Filter, Fields: in.Fields, Encoding: in.Encoding, Keys: in.Keys}
	switch strings.ToLower(filepath.Ext(in.File)) {
	case ".csv":
		o.Format = sheet.CSV
	case ".xlsx":
		o.Format = sheet.XLSX
	default:
		return nil, errs.New(errs.Invalid, "error.export_ending", "file", in.File)
	}
	rows := 0
	err := writeWhole(in.File, func(w io.Writer) (err error) {
		rows, err = importer.Export(ctx, importer.Deps{Engine: c.a.Engine, Texts: c.a.Texts}, c.actor, o, w)
		return err
	})
	return ExportResult{File: in.File, Rows: rows}, err
}

// writeWhole writes a file that appears under its name only when it is whole.
func writeWhole(file string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".export-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	out := bufio.NewWriterSize(f, 64<<10)
	if err = write(out); err == nil {
		err = errors.Join(out.Flush(), f.Sync())
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return durable.Rename(f.Name(), file)
}

// UndoArgs are those of import --undo.
type UndoArgs struct {
	Changeset string `json:"changeset"`
}

// UndoResult says what an undo did, and what it left alone because it was
// changed since.
type UndoResult struct {
	Undone    int         `json:"undone"`
	Changeset string      `json:"changeset"`
	Conflicts []Untouched `json:"conflicts"`
}

// Untouched is a record that an undo left as it is.
type Untouched struct {
	Entity string   `json:"entity"`
	ID     string   `json:"id"`
	Label  string   `json:"label"`
	Reason string   `json:"reason"` // message key
	Fields []string `json:"fields"`
}

func undoChangeset(ctx context.Context, c *call) (any, error) {
	var in UndoArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	n, err := id.Parse(in.Changeset)
	if err != nil {
		return nil, err
	}
	report, err := c.a.Engine.Undo(ctx, c.actor, int64(n), func(done int) { c.progress(Progress{Key: "cli.progress.undo", Done: int64(done)}) })
	if err != nil {
		return nil, err
	}
	out := UndoResult{Undone: report.Undone, Changeset: id.ID(report.Changeset).String(), Conflicts: []Untouched{}}
	for _, x := range report.Conflicts {
		out.Conflicts = append(out.Conflicts, Untouched{Entity: x.Entity, ID: id.ID(x.ID).String(), Label: x.Label, Reason: x.Reason, Fields: append([]string{}, x.Fields...)})
	}
	return out, nil
}
