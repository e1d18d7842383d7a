// Package importer brings tables of other systems in and gives ours out
// (PLT-13, PLT-14). Everything goes through the one write path and the one read
// path: rights, duplicate rules, history and audit are theirs.
package importer

import (
	"context"
	"io"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Texts gives the words of message keys.
type Texts interface {
	Text(locale, key string, args map[string]string) string
}

// Deps are what an import needs of the program.
type Deps struct {
	Engine *records.Engine
	Texts  Texts
}

// What happens to a row whose key is there already.
const (
	Update = "update"
	Skip   = "skip"
)

// Options say what to import and how.
type Options struct {
	Entity string

	Path string      // the file; or At, Size and Name
	At   io.ReaderAt // an upload
	Size int64
	Name string // shown in the list of imports

	Format    sheet.Format
	Encoding  string
	Sheet     string
	HeaderRow int

	Key []string  // fields, or headers, that tell which record a row is about; none = every row is new
	Map []Mapping // beside what the headers say by themselves
	// Exact says where every column goes, by header: the headers are not asked,
	// and columns that are not named are left out. nil = the headers say.
	Exact map[string]string
	// Given says what texts of a field mean, where the field does not understand
	// them by itself: the code of an option, or the id of a record; "" = nothing.
	Given   map[string]map[string]string
	OnMatch string // Update (also "") or Skip
	Null    string // the word that means empty, such as NULL; "" = none
	Owner   string // who gets rows whose owner is not given or not known; "" = nobody
	DryRun  bool   // check everything, store nothing

	FailedPath string // where the file of failed rows is written; "" = nowhere
	// Failed stores the file of failed rows instead of FailedPath and gives its name.
	Failed func(ctx context.Context, write func(io.Writer) error) (string, error)

	// Run names the run, so that it can go on after a crash; "" = by the file's
	// content and the options: the same command goes on with the same import.
	Run string
	// Fence is called in the transaction of every chunk; its error stops the import.
	Fence func(ctx context.Context, tx sqldb.Tx) error
	// Finish is called in the last transaction, which forgets the state of the run.
	Finish func(ctx context.Context, tx sqldb.Tx, s *Summary) error
}

// Summary is what an import did. Every row is counted once among created,
// updated, skipped, unchanged and failed; several rows that make one record
// with detail lines are counted as one.
type Summary struct {
	Rows       int        `json:"rows"`
	Created    int        `json:"created"`
	Updated    int        `json:"updated"`
	Skipped    int        `json:"skipped"`
	Unchanged  int        `json:"unchanged"`
	Failed     int        `json:"failed"`
	Warned     int        `json:"warned"`          // written in spite of a likely duplicate or an unknown owner
	Lines      int        `json:"lines,omitempty"` // detail lines of the records that came in or were there
	Unmapped   []string   `json:"unmapped"`
	Mapped     []Mapped   `json:"mapped"`
	Changeset  string     `json:"changeset,omitempty"` // for the undo; "" when nothing was written
	FailedFile string     `json:"failed_file,omitempty"`
	Errors     []RowError `json:"errors"`            // the first 1,000
	Reasons    []Reason   `json:"reasons,omitempty"` // of all refused rows, the most frequent first
	Notes      []Note     `json:"notes"`
	DryRun     bool       `json:"dry_run,omitempty"`
	Resumed    int        `json:"resumed,omitempty"` // rows that an interrupted run had done before
}

// Mapped says where a column went.
type Mapped struct {
	Header string `json:"header"`
	Field  string `json:"field"`
}

// RowError is why a row was refused.
type RowError struct {
	Line    int    `json:"line"` // in the file
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

// Reason is why several rows were refused.
type Reason struct {
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
	Rows    int    `json:"rows"`
	Line    int    `json:"line"` // the first of them in the file
}

// maxReasons is how many reasons a summary tells.
const maxReasons = 30

// Note is something a person should know about the file or the import.
type Note struct {
	Key     string `json:"key"`
	Message string `json:"message"`
}

// maxErrors is how many refused rows a summary names; the file holds all.
const maxErrors = 1000
