// Package backup writes everything an installation holds into one encrypted
// file and brings it back, also into the other database engine: tables as
// rows, files as stored, the keys that open them. format.go tells what is in
// the file.
package backup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Column is one column of a table; KindNull means that rows may hold any kind.
type Column struct {
	Name string
	Kind record.Kind
}

// Table is a table as it is kept in a backup.
type Table struct {
	Name    string
	Columns []Column
}

// Source is an installation that is backed up. All of it is one snapshot of
// the database; sweeping of files is held off until the last blob is read.
type Source interface {
	// Tables lists the tables in the order in which they can be filled.
	Tables(ctx context.Context) ([]Table, error)
	// Rows calls fn with rows of a table, row-major in the order of its
	// columns, a bounded number at a time; fn does not keep them.
	Rows(ctx context.Context, t Table, fn func(rows []record.Value) error) error
	// Blobs calls fn once for the name of every file that the rows mention,
	// in ascending order.
	Blobs(ctx context.Context, fn func(name string) error) error
	// OpenBlob reads a file as it is stored. NotFound when it is not there.
	OpenBlob(ctx context.Context, name string) (io.ReadCloser, error)
}

// Sink is an installation that is being restored. Whatever it receives stays
// aside (a temporary folder, a transaction, another schema) until Finish:
// only then the backup is known to be whole.
type Sink interface {
	// Begin comes first. The keyring is the one that sealed what follows.
	Begin(ctx context.Context, c Contents) error
	// CreateTable comes before the rows of each table.
	CreateTable(ctx context.Context, t Table) error
	// InsertRows gives rows, row-major; they are valid during the call.
	InsertRows(ctx context.Context, t Table, rows []record.Value) error
	// PutBlob gives a file as it was stored; r must be read to its end.
	PutBlob(ctx context.Context, name string, r io.Reader) error
	// Finish puts everything in place: the whole file was read and found good.
	Finish(ctx context.Context, s Summary) error
	// Abort throws away what was received. It is called instead of Finish
	// (then perhaps without Begin) and after a Finish that failed.
	Abort()
}

// Contents is what a backup says about itself.
type Contents struct {
	Header Header
	Keys   *secrets.Keyring
	Tables []Table
}

// Info is what the caller knows about the installation.
type Info struct {
	AppVersion   string
	DataVersion  int64 // number of the last data upgrade: an older program refuses newer data
	Dialect      string
	Installation string // id that the recovery recipient was made with
	CreatedAt    time.Time
}

// Options of Write.
type Options struct {
	Info      Info
	Keys      *secrets.Keyring
	Recipient string // secrets.RecipientFor of the recovery passphrase; "" refuses
	ReadBack  bool   // read the finished file to its end before it gets its name
	Progress  func(Progress)
}

// Progress is told while working, often.
type Progress struct {
	Phase string // "tables", "files", "check"
	Table string // the table at hand
	Rows  int64  // rows so far
	Blobs int64  // files so far
	Bytes int64  // bytes of files so far
}

// Summary says what a backup holds.
type Summary struct {
	Header    Header       `json:"-"`
	Tables    []TableCount `json:"tables"`
	Rows      int64        `json:"rows"`
	Blobs     int64        `json:"blobs"`
	BlobBytes int64        `json:"blob_bytes"`
	Missing   int64        `json:"missing"`                 // files that rows mention and that were not there
	Names     []string     `json:"missing_names,omitempty"` // the first MaxMissing of them
	FileSize  int64        `json:"-"`                       // bytes of the backup itself
}

// TableCount is a table and its number of rows.
type TableCount struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// MaxMissing is how many names of missing files a summary lists.
const MaxMissing = 100

// Write makes a backup of src at path, which appears there only when it is
// whole and on disk. Without a recovery recipient: Conflict
// "error.backup_no_recovery". A file that is mentioned and not there does not
// stop the rest; it is counted in Summary.Missing, for the caller to tell.
func Write(ctx context.Context, src Source, path string, o Options) (Summary, error) {
	if o.Recipient == "" {
		return Summary{}, errs.New(errs.Conflict, "error.backup_no_recovery", "command", "guanxi init")
	}
	tables, err := src.Tables(ctx)
	if err != nil {
		return Summary{}, err
	}
	w, err := Create(path, o, tables)
	if err != nil {
		return Summary{}, err
	}
	defer w.Abort()
	for _, t := range tables {
		err := w.AddTable(t, func(emit func([]record.Value) error) error {
			return src.Rows(ctx, t, func(rows []record.Value) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				return emit(rows)
			})
		})
		if err != nil {
			return Summary{}, err
		}
	}
	if err := src.Blobs(ctx, func(name string) error { return copyBlob(ctx, src, w, name) }); err != nil {
		return Summary{}, err
	}
	return w.Close(ctx)
}

func copyBlob(ctx context.Context, src Source, w *Writer, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := src.OpenBlob(ctx, name)
	if errs.Is(err, errs.NotFound) || errors.Is(err, fs.ErrNotExist) {
		w.Missing(name)
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	return w.AddBlob(name, r)
}

// Key opens a backup: the recovery passphrase, or the keyring of the
// installation that made it.
type Key struct {
	Passphrase string
	Keyring    *secrets.Keyring
}

// Verify reads a backup to its end. Errors, here and in Restore: NotFound
// "error.backup_missing"; Invalid "error.backup_foreign" (not a backup),
// "error.backup_newer", "error.backup_passphrase", "error.passphrase_typed",
// "error.backup_key" (the keyring is another's), "error.backup_damaged".
func Verify(ctx context.Context, path string, key Key, progress func(Progress)) (Summary, error) {
	return read(ctx, path, key, nil, progress)
}

// RestoreOptions of Restore.
type RestoreOptions struct {
	// VerifyFirst reads the whole file once before the sink sees any of it:
	// for a sink that cannot keep what it receives aside cheaply.
	VerifyFirst bool
	Progress    func(Progress)
}

// Restore reads a backup into sink. Any damage, anywhere in the file, is an
// error before sink.Finish is called. Errors: see Verify.
func Restore(ctx context.Context, path string, key Key, sink Sink, o RestoreOptions) (Summary, error) {
	done := false
	defer func() {
		if !done {
			sink.Abort()
		}
	}()
	if o.VerifyFirst {
		check := func(p Progress) {
			p.Phase = phaseCheck
			report(o.Progress, p)
		}
		if _, err := read(ctx, path, key, nil, check); err != nil {
			return Summary{}, err
		}
	}
	s, err := read(ctx, path, key, sink, o.Progress)
	if err != nil {
		return Summary{}, err
	}
	if err := sink.Finish(ctx, s); err != nil {
		return Summary{}, err
	}
	done = true
	return s, nil
}

// Inspect reads what a backup says about itself without any key: when and by
// what it was made. Nothing of it is proven before the file is opened.
func Inspect(path string) (Header, error) {
	f, err := openFile(path)
	if err != nil {
		return Header{}, told(path, err)
	}
	defer f.Close()
	p, err := readPrelude(f)
	return p.header, told(path, err)
}

const (
	phaseTables = "tables"
	phaseFiles  = "files"
	phaseCheck  = "check"
)

func report(fn func(Progress), p Progress) {
	if fn != nil {
		fn(p)
	}
}

// told turns what went wrong into an error for a person; faults of the disk,
// of the sink and a cancelled context stay as they are.
func told(path string, err error) error {
	if _, ok := errors.AsType[*errs.Error](err); ok || err == nil {
		return err
	}
	say := func(code errs.Code, key string) error {
		return errs.New(code, key, "file", filepath.Base(path)).With(err)
	}
	switch {
	case errors.Is(err, errNoFile):
		return say(errs.NotFound, "error.backup_missing")
	case errors.Is(err, errForeign):
		return say(errs.Invalid, "error.backup_foreign")
	case errors.Is(err, errNewer):
		return say(errs.Invalid, "error.backup_newer")
	case errors.Is(err, secrets.ErrPassphrase):
		return say(errs.Invalid, "error.backup_passphrase")
	case errors.Is(err, secrets.ErrUnknownKey):
		return say(errs.Invalid, "error.backup_key")
	case errors.Is(err, secrets.ErrDamaged):
		return say(errs.Invalid, "error.backup_damaged")
	}
	return err
}
