package app

import (
	"context"
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/desk"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/dump"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org"
)

type fsSource = fs.FS

// takeLock makes sure that no other process works on a data folder.
func takeLock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, errs.New(errs.Unavailable, "error.data_locked", "dir", dir)
	}
	return f, nil
}

// holderName names the process to others. With SQLite, where the lock keeps
// them out, it is always the same: leases of a process that died are its own.
func (a *App) holderName() string {
	if a.DB.Dialect() == sqldb.SQLite {
		return "the process"
	}
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return host + ":" + strconv.Itoa(os.Getpid()) + ":" + rand.Text()[:6] // in containers hosts and numbers come again
}

// upgrades are the numbered forward steps of the data (never changed once released).
func upgrades() []lease.Step {
	return []lease.Step{{Version: 1, Name: "first tables", Fn: func(context.Context, sqldb.Tx) error { return nil }}}
}

// platformTables are the tables that belong to no entity.
func platformTables() []ddl.Table {
	var out []ddl.Table
	for _, t := range [][]ddl.Table{txorder.Tables(), lease.Tables(), audit.Tables(), outbox.Tables(), jobs.Tables(), session.Tables(), history.Tables(), records.Tables(), customize.Tables(), importer.Tables(), desk.Tables()} {
		out = append(out, t...)
	}
	return out
}

// migrate brings the platform's tables up to this program, or refuses newer data.
func (a *App) migrate(ctx context.Context) error {
	if err := a.DB.Read(ctx, func(q sqldb.Querier) error { return lease.CheckVersion(ctx, q, upgrades()) }); err != nil {
		return err
	}
	if err := a.keepBefore(ctx); err != nil {
		return err
	}
	if err := a.applyTables(ctx, platformTables()); err != nil {
		return err
	}
	if err := a.exec(ctx, search.DirtyDDL(a.DB.Dialect())); err != nil {
		return err
	}
	if err := a.keepOrder(ctx); err != nil {
		return err
	}
	return lease.Upgrade(ctx, a.DB, upgrades(), a.Version, a.Clock.Now())
}

// keepBefore copies what data upgrades are about to change into the folder of
// the backups: the database file of SQLite, a whole backup of PostgreSQL. An
// installation that was never set up has nothing to keep.
func (a *App) keepBefore(ctx context.Context) error {
	var pending []lease.Step
	setUp := false
	err := a.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		if pending, err = lease.Pending(ctx, q, upgrades()); err != nil || len(pending) == 0 {
			return err
		}
		_, setUp, err = customize.ReadCompany(ctx, q)
		return err
	})
	if err != nil || len(pending) == 0 || !setUp {
		return err
	}
	dir := filepath.Join(a.DataDir, backupDir)
	if err := durable.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	ending := ".db"
	if a.DB.Dialect() == sqldb.Postgres {
		ending = backup.Ending
	}
	file := filepath.Join(dir, "before-version-"+strconv.Itoa(pending[0].Version)+ending)
	if _, err := os.Stat(file); err == nil { // kept by an upgrade that was cut off
		a.kept = file
		return nil
	}
	if a.Migrating != nil {
		a.Migrating(0, 1, file)
	}
	if a.DB.Dialect() == sqldb.Postgres {
		_, registry, err := a.builtIn()
		if err != nil {
			return err
		}
		if _, err := a.writeBackup(ctx, registry, file, nil); err != nil {
			return err
		}
	} else if err := a.DB.Snapshot(ctx, file); err != nil {
		return err
	}
	a.kept = file
	a.Log.Info("the data before its upgrade is kept", "file", file)
	return nil
}

// keepOrder lets transactions count on where the database was moved to another
// PostgreSQL server, by its own tools, that has done fewer: what is written now
// must come after everything that was.
func (a *App) keepOrder(ctx context.Context) error {
	if a.DB.Dialect() != sqldb.Postgres {
		return nil
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error {
		var highest int64
		for _, t := range platformTables() {
			if !slices.ContainsFunc(t.Columns, func(c ddl.Column) bool { return c.Name == "xid" }) {
				continue
			}
			n, err := dump.Highest(ctx, tx, t.Name, "xid")
			if err != nil {
				return err
			}
			highest = max(highest, n)
		}
		return txorder.Rebase(ctx, tx, highest)
	})
}

func (a *App) planned(ctx context.Context, tables []ddl.Table) (plan ddl.Plan, err error) {
	err = a.DB.Read(ctx, func(q sqldb.Querier) error {
		plan, err = ddl.NewPlan(ctx, q, tables)
		return err
	})
	return plan, err
}

func (a *App) applyTables(ctx context.Context, tables []ddl.Table) error {
	plan, err := a.planned(ctx, tables)
	if err != nil || plan.Empty() {
		return err
	}
	return ddl.Apply(ctx, a.DB, plan, a.Migrating)
}

func (a *App) exec(ctx context.Context, statements []string) error {
	return execute(ctx, a.DB, statements)
}

func execute(ctx context.Context, db sqldb.DB, statements []string) error {
	return db.Exclusive(ctx, func(q sqldb.Querier) error {
		for _, s := range statements {
			if _, err := q.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// Prepare makes the tables and indexes that a registry needs; it implements customize.Changer.
func (a *App) Prepare(ctx context.Context, st *entity.State) error {
	if err := a.applyEntities(ctx, st.Snapshot); err != nil {
		return err
	}
	var list []string
	for _, x := range a.Engine.SearchIndexes(st.Snapshot) {
		list = append(list, x.DDL(a.DB.Dialect())...)
	}
	if err := a.Engine.Search.Tend(ctx, func() error { return execute(ctx, sqldb.Beside(a.DB), list) }); err != nil {
		return err
	}
	grown, err := a.Engine.NumberSearchFields(ctx, st.Snapshot)
	a.grown = append(a.grown, grown...)
	return err
}

// applyEntities makes the tables of entities. It fills in what lines keep of
// their records where an earlier program wrote them without, and makes the
// indexes over that afterwards: one that is there says that it was done.
func (a *App) applyEntities(ctx context.Context, snap *schema.Snapshot) error {
	tables := store.Tables(snap)
	plan, err := a.planned(ctx, tables)
	if err != nil || plan.Empty() {
		return err
	}
	var behind []*schema.Entity
	var later []string
	for _, e := range snap.Entities {
		for _, name := range store.CopyIndexes(e) {
			if !slices.Contains(plan.Indexes(), name) {
				continue
			}
			if later = append(later, name); !slices.Contains(behind, e) {
				behind = append(behind, e)
			}
		}
	}
	if len(behind) == 0 {
		return ddl.Apply(ctx, a.DB, plan, a.Migrating)
	}
	for i := range tables {
		tables[i].Indexes = slices.DeleteFunc(slices.Clone(tables[i].Indexes), func(x ddl.Index) bool { return slices.Contains(later, x.Name) })
	}
	if err := a.applyTables(ctx, tables); err != nil {
		return err
	}
	for _, e := range behind {
		_, err := records.RepairCopies(ctx, a.DB, e, func(done int) {
			if a.Migrating != nil {
				a.Migrating(done, done+1, "fill in "+e.Table)
			}
		})
		if err != nil {
			return err
		}
	}
	return ddl.Apply(ctx, a.DB, plan, a.Migrating)
}

// Changed tells the rest of the program that the registry was switched.
func (a *App) Changed(ctx context.Context) {
	grown := a.grown
	a.grown = nil
	if err := a.Engine.Reindex(ctx, grown); err != nil {
		a.Log.Error("marking records for the search index", "error", err)
	}
	a.Engine.Search.Wake()
}

// members is the directory as signing in sees it.
type members struct{ dir *org.Directory }

// ByLogin finds a member by what he types.
func (m members) ByLogin(_ context.Context, login string) (session.Member, bool, error) {
	x, ok := m.dir.MemberByLogin(login)
	return session.Member{ID: id.ID(x.ID), Login: x.Login, Name: x.Name, Disabled: x.Disabled}, ok, nil
}

// ByID finds a member on every request.
func (m members) ByID(_ context.Context, member id.ID) (session.Member, bool, error) {
	x, ok := m.dir.Member(int64(member))
	if !ok {
		return session.Member{}, false, nil
	}
	return session.Member{ID: id.ID(x.ID), Login: x.Login, Name: x.Name, Disabled: x.Disabled}, true, nil
}
