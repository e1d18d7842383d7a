package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/dump"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// kept says which rows of a table go into a backup: "" all, else a condition.
// A browser session ends with the installation it was opened at: one restored
// would be open again although its owner signed out since; nor does a link set a
// password that was set since. The search index is
// made anew from the rows.
func kept(table string) string {
	if table == "credential" {
		return "kind NOT IN ('session', 'link')"
	}
	return ""
}

// leftOut are the tables of the platform that say nothing about the company.
var leftOut = []string{"sign_in_failure"}

// allTables lists what a backup holds: the platform first, with the overlay
// that tells what the entities' tables are.
func allTables(st *entity.State) []ddl.Table {
	list := slices.DeleteFunc(platformTables(), func(t ddl.Table) bool { return slices.Contains(leftOut, t.Name) })
	return append(list, store.Tables(st.Snapshot)...)
}

// source is the installation as one snapshot of the database sees it.
type source struct {
	q      sqldb.Querier
	blobs  *files.Local
	tables map[string]ddl.Table
	list   []backup.Table
}

// newSource compiles the registry from the snapshot itself, and leaves out what
// this program knows and the database does not have yet.
func newSource(ctx context.Context, q sqldb.Querier, registry *entity.Registry, blobs *files.Local) (*source, error) {
	o, err := customize.ReadOverlay(ctx, q)
	if err != nil {
		return nil, err
	}
	st, err := registry.Compile(o)
	if err != nil {
		return nil, err
	}
	tables, err := ddl.Present(ctx, q, allTables(st))
	if err != nil {
		return nil, err
	}
	s := &source{q: q, blobs: blobs, tables: map[string]ddl.Table{}}
	for _, t := range tables {
		bt := backup.Table{Name: t.Name}
		for _, c := range t.Columns {
			bt.Columns = append(bt.Columns, backup.Column{Name: c.Name, Kind: c.Kind})
		}
		s.tables[t.Name] = t
		s.list = append(s.list, bt)
	}
	return s, nil
}

// Tables is backup.Source.
func (s *source) Tables(context.Context) ([]backup.Table, error) { return s.list, nil }

// Rows is backup.Source.
func (s *source) Rows(ctx context.Context, t backup.Table, fn func([]record.Value) error) error {
	return dump.Rows(ctx, s.q, s.tables[t.Name], kept(t.Name), fn)
}

// Blobs is backup.Source.
func (s *source) Blobs(ctx context.Context, fn func(string) error) error {
	return records.BlobNames(ctx, s.q, fn)
}

// OpenBlob is backup.Source.
func (s *source) OpenBlob(ctx context.Context, name string) (io.ReadCloser, error) {
	return s.blobs.OpenRaw(ctx, name)
}

// WriteBackup writes everything into one file while the installation works on.
// Errors: see backup.Write.
func (a *App) WriteBackup(ctx context.Context, file string, progress func(backup.Progress)) (backup.Summary, error) {
	return a.writeBackup(ctx, a.Registry, file, progress)
}

// writeBackup needs of the installation no more than its database, keys and files.
func (a *App) writeBackup(ctx context.Context, registry *entity.Registry, file string, progress func(backup.Progress)) (backup.Summary, error) {
	release := a.Files.Protect()
	defer release()
	var sum backup.Summary
	err := a.DB.Read(ctx, func(q sqldb.Querier) error {
		c, _, err := customize.ReadCompany(ctx, q)
		if err != nil {
			return err
		}
		version, _, err := lease.Version(ctx, q)
		if err != nil {
			return err
		}
		src, err := newSource(ctx, q, registry, a.Files)
		if err != nil {
			return err
		}
		sum, err = backup.Write(ctx, src, file, backup.Options{Keys: a.Keys, Recipient: c.Recipient, ReadBack: true, Progress: progress,
			Info: backup.Info{AppVersion: a.Version, DataVersion: int64(version), Dialect: string(a.DB.Dialect()), Installation: c.Installation, CreatedAt: a.Clock.Now()}})
		return err
	})
	return sum, err
}

// Backups lists the daily backups and those asked for by hand in the data
// folder, the newest first.
func (a *App) Backups(context.Context) ([]api.BackupFile, error) {
	entries, err := os.ReadDir(filepath.Join(a.DataDir, backupDir))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	out := []api.BackupFile{}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), backup.Ending) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // pruned meanwhile
		}
		h, err := backup.Inspect(filepath.Join(a.DataDir, backupDir, e.Name()))
		if err != nil {
			continue // not one of ours
		}
		out = append(out, api.BackupFile{Name: e.Name(), Size: info.Size(), CreatedAt: h.CreatedAt.UTC().Format(time.RFC3339)})
	}
	slices.SortFunc(out, func(x, y api.BackupFile) int { return strings.Compare(y.CreatedAt, x.CreatedAt) })
	return out, nil
}

// Backup asks for a backup now; it is made in the background.
func (a *App) Backup(ctx context.Context, by int64) (job string, err error) {
	c, _, err := a.Customize.Company(ctx)
	if err != nil {
		return "", err
	}
	if c.Recipient == "" {
		return "", errs.New(errs.Conflict, "error.backup_no_recovery", "command", "guanxi init")
	}
	var n id.ID
	err = a.DB.Write(ctx, func(tx sqldb.Tx) (err error) {
		n, err = a.Queue.Enqueue(ctx, tx, backupJob(id.ID(by)))
		return err
	})
	return n.String(), err
}

// NewRecovery issues a new recovery passphrase in place of the old one. Backups
// made before still open with the passphrase of their time.
func (a *App) NewRecovery(ctx context.Context) (string, error) {
	none := errs.New(errs.Conflict, "error.setup_first", "command", "guanxi init")
	c, ok, err := a.Customize.Company(ctx)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", none
	}
	// Stretching a passphrase takes its time: not in the transaction.
	passphrase := secrets.NewPassphrase(nil)
	recipient, err := secrets.RecipientFor(passphrase, c.Installation)
	if err != nil {
		return "", err
	}
	err = a.Engine.InTx(ctx, access.System("new recovery passphrase"), func(s *records.Session) error {
		if err := s.Guard(ctx, customize.CompanyGuard); err != nil {
			return err
		}
		now, ok, err := customize.ReadCompany(ctx, s.Tx())
		if err != nil {
			return err
		}
		if !ok {
			return none
		}
		now.Recipient = recipient
		return a.Customize.SaveCompany(ctx, s.Tx(), now)
	})
	if err != nil {
		return "", err
	}
	return passphrase, nil
}
