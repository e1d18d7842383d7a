package importer

import (
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

// Kind is the kind of jobs that import.
const Kind = "import"

// Job is an import as a job keeps it.
type Job struct {
	Who     records.Who       `json:"who"`
	Entity  string            `json:"entity"`
	File    int64             `json:"file"`
	Key     []string          `json:"key,omitempty"`
	Map     map[string]string `json:"map"` // nil = as the headers say
	OnMatch string            `json:"on_match,omitempty"`

	Given map[string]map[string]string `json:"given,omitempty"`

	Encoding  string `json:"encoding,omitempty"`
	Sheet     string `json:"sheet,omitempty"`
	HeaderRow int    `json:"header_row,omitempty"`
	Null      string `json:"null,omitempty"`
	Owner     string `json:"owner,omitempty"`
	DryRun    bool   `json:"dry_run,omitempty"`
}

// Options are those of the import but for its file.
func (j *Job) Options() Options {
	return Options{Entity: j.Entity, Key: j.Key, Exact: j.Map, Given: j.Given, OnMatch: j.OnMatch, Encoding: j.Encoding, Sheet: j.Sheet,
		HeaderRow: j.HeaderRow, Null: j.Null, Owner: j.Owner, DryRun: j.DryRun}
}

// ExportKind is the kind of jobs that export.
const ExportKind = "export"

// ExportJob is an export as a job keeps it.
type ExportJob struct {
	Who      records.Who `json:"who"`
	Entity   string      `json:"entity"`
	Filter   string      `json:"filter,omitempty"`
	Sort     string      `json:"sort,omitempty"`
	Words    string      `json:"q,omitempty"`
	Fields   []string    `json:"fields,omitempty"`
	Format   string      `json:"format,omitempty"` // csv or xlsx
	Encoding string      `json:"encoding,omitempty"`
	Keys     bool        `json:"keys,omitempty"`
}

// Options are those of the export.
func (j *ExportJob) Options() ExportOptions {
	return ExportOptions{Entity: j.Entity, Filter: j.Filter, Sort: j.Sort, Words: j.Words, Fields: j.Fields,
		Format: sheet.Format(j.Format), Encoding: j.Encoding, Keys: j.Keys}
}
