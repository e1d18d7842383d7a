package main

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/importer"
)

// shownErrors is how many refused rows are shown; the file of failed rows and
// --json tell more.
const shownErrors = 20

type importCmd struct {
	Entity    string   `arg:"" optional:"" help:"${help_import_entity}"`
	File      string   `arg:"" optional:"" help:"${help_import_file}"`
	Key       []string `placeholder:"F[,F]" help:"${help_import_key}"`
	Map       []string `sep:"none" placeholder:"'HEADER=FIELD'" help:"${help_import_map}"`
	OnMatch   string   `enum:"update,skip" default:"update" help:"${help_import_on_match}"`
	Encoding  string   `default:"auto" help:"${help_import_encoding}"`
	Sheet     string   `placeholder:"NAME" help:"${help_import_sheet}"`
	HeaderRow int      `placeholder:"N" help:"${help_import_header_row}"`
	Null      string   `placeholder:"WORD" help:"${help_import_null}"`
	Owner     string   `placeholder:"LOGIN" help:"${help_import_owner}"`
	DryRun    bool     `help:"${help_import_dry_run}"`
	Failed    string   `placeholder:"OUT" help:"${help_import_failed}"`
	Undo      string   `placeholder:"CHANGESET" help:"${help_import_undo}"`
}

// Run imports a file, or takes an import back.
func (c *importCmd) Run(ctx context.Context, s *shell) error {
	if c.Undo != "" {
		return c.undo(ctx, s)
	}
	if c.Entity == "" || c.File == "" {
		return errs.New(errs.BadRequest, "error.import_what")
	}
	in := app.ImportArgs{Entity: c.Entity, Key: c.Key, Map: c.Map, OnMatch: c.OnMatch, Encoding: c.Encoding, Sheet: c.Sheet, HeaderRow: c.HeaderRow,
		Null: c.Null, Owner: c.Owner, DryRun: c.DryRun}
	if in.Encoding == "auto" {
		in.Encoding = ""
	}
	var err error
	if in.File, err = filepath.Abs(c.File); err != nil {
		return err
	}
	if c.Failed != "" {
		if in.Failed, err = filepath.Abs(c.Failed); err != nil {
			return err
		}
	}
	var out importer.Summary
	if err := s.invoke(ctx, "import", in, &out); err != nil {
		return err
	}
	if err := s.result(out, func() { s.showImport(out) }); err != nil || out.Failed == 0 {
		return err
	}
	return errIncomplete
}

func (s *shell) showImport(r importer.Summary) {
	key := "cli.done.import"
	if r.DryRun {
		key = "cli.done.import_dry"
	}
	s.line(s.text(key, "rows", strconv.Itoa(r.Rows), "created", strconv.Itoa(r.Created), "updated", strconv.Itoa(r.Updated), "skipped", strconv.Itoa(r.Skipped),
		"unchanged", strconv.Itoa(r.Unchanged), "failed", strconv.Itoa(r.Failed)))
	if r.Warned > 0 {
		s.line(s.text("cli.import.warned", "count", strconv.Itoa(r.Warned)))
	}
	if len(r.Unmapped) > 0 {
		s.line(s.text("cli.import.unmapped", "names", strings.Join(r.Unmapped, ", ")))
	}
	for _, n := range r.Notes {
		s.line(n.Message)
	}
	for _, e := range r.Errors[:min(len(r.Errors), shownErrors)] {
		s.line(s.text("cli.import.row", "line", strconv.Itoa(e.Line), "text", e.Message))
	}
	if more := r.Failed - shownErrors; more > 0 {
		s.line(s.text("cli.import.more", "count", strconv.Itoa(more)))
	}
	if r.FailedFile != "" {
		s.line(s.text("cli.import.failed_file", "file", r.FailedFile))
	}
	if r.Changeset != "" && r.Created+r.Updated > 0 {
		s.line(s.text("cli.import.undo", "changeset", r.Changeset+s.where()))
	}
}

func (c *importCmd) undo(ctx context.Context, s *shell) error {
	var out app.UndoResult
	if err := s.invoke(ctx, "undo", app.UndoArgs{Changeset: c.Undo}, &out); err != nil {
		return err
	}
	err := s.result(out, func() {
		s.line(s.text("cli.done.undo", "count", strconv.Itoa(out.Undone)))
		for _, x := range out.Conflicts[:min(len(out.Conflicts), shownErrors)] {
			s.line(s.text("cli.undo.left", "entity", x.Entity, "id", x.ID, "label", x.Label, "text", s.text(x.Reason), "fields", strings.Join(x.Fields, ", ")))
		}
		if more := len(out.Conflicts) - shownErrors; more > 0 {
			s.line(s.text("cli.import.more", "count", strconv.Itoa(more)))
		}
	})
	if err == nil && len(out.Conflicts) > 0 {
		err = errIncomplete
	}
	return err
}

type exportCmd struct {
	Entity   string   `arg:"" help:"${help_import_entity}"`
	File     string   `arg:"" help:"${help_export_file}"`
	Filter   string   `placeholder:"T" help:"${help_export_filter}"`
	Fields   []string `placeholder:"A,B" help:"${help_export_fields}"`
	Encoding string   `help:"${help_export_encoding}"`
	Keys     bool     `help:"${help_export_keys}"`
}

// Run writes the records of a list into a file.
func (c *exportCmd) Run(ctx context.Context, s *shell) error {
	file, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	var out app.ExportResult
	in := app.ExportArgs{Entity: c.Entity, File: file, Filter: c.Filter, Fields: c.Fields, Encoding: c.Encoding, Keys: c.Keys}
	if err := s.invoke(ctx, "export", in, &out); err != nil {
		return err
	}
	return s.result(out, func() { s.say("cli.done.export", "file", out.File, "rows", strconv.Itoa(out.Rows)) })
}
