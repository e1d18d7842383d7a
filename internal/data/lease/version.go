package lease

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Step brings data of version Version-1 to Version. Steps are numbered from 1
// without gaps, only ever added, and never changed once data has passed them.
type Step struct {
	Version int
	Name    string
	Fn      func(ctx context.Context, tx sqldb.Tx) error
}

var (
	versionSQL    = ddl.Both(`SELECT version, app FROM data_version ORDER BY version DESC LIMIT 1`)
	addVersionSQL = ddl.Both(`INSERT INTO data_version (version, app, at) VALUES ($1, $2, $3)`)
	hasVersionSQL = ddl.Text{
		SQLite:   `SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'data_version'`,
		Postgres: `SELECT COUNT(*) FROM pg_class WHERE relname = 'data_version' AND relnamespace = current_schema()::regnamespace`,
	}
)

// Version is the version of the data and the program that brought it there;
// -1 for a database that no program has finished setting up.
func Version(ctx context.Context, q sqldb.Querier) (version int, app string, err error) {
	var rows sqldb.Rows
	rows.Reset(1)
	if err := q.Query(ctx, hasVersionSQL.For(q.Dialect()), nil, []record.Kind{record.KindInt}, &rows); err != nil {
		return 0, "", err
	}
	if rows.At(0, 0).Int() == 0 {
		return -1, "", nil
	}
	rows.Reset(2)
	if err := q.Query(ctx, versionSQL.For(q.Dialect()), nil, []record.Kind{record.KindInt, record.KindText}, &rows); err != nil {
		return 0, "", err
	}
	if rows.Len() == 0 {
		return -1, "", nil
	}
	return int(rows.At(0, 0).Int()), rows.At(0, 1).Str(), nil
}

// CheckVersion refuses data that a newer program made: Unavailable
// "error.data_newer". It is asked before anything is written, the schema too.
func CheckVersion(ctx context.Context, q sqldb.Querier, steps []Step) error {
	have, app, err := Version(ctx, q)
	if err != nil {
		return err
	}
	if have > len(steps) {
		return errs.New(errs.Unavailable, "error.data_newer", "have", strconv.Itoa(have), "want", strconv.Itoa(len(steps)), "app", app)
	}
	return nil
}

// Upgrade runs the steps that the data lacks, each in one transaction with its
// mark, so that a crash repeats none. A new database has no data to upgrade and
// is marked with the newest version. app is the program's version, for people.
// The caller has made a snapshot when Pending is not empty.
func Upgrade(ctx context.Context, db sqldb.DB, steps []Step, app string, now time.Time) error {
	for i, s := range steps {
		if s.Version != i+1 {
			return fmt.Errorf("lease: data upgrade %q has number %d at place %d", s.Name, s.Version, i+1)
		}
	}
	for {
		more := false
		err := db.Write(ctx, func(tx sqldb.Tx) (err error) {
			more, err = upgradeOne(ctx, tx, steps, app, now)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

// Pending are the steps that the data lacks.
func Pending(ctx context.Context, q sqldb.Querier, steps []Step) ([]Step, error) {
	have, _, err := Version(ctx, q)
	if err != nil || have < 0 || have >= len(steps) {
		return nil, err
	}
	return slices.Clone(steps[have:]), nil
}

// upgradeOne runs the next step; more says that it did.
func upgradeOne(ctx context.Context, tx sqldb.Tx, steps []Step, app string, now time.Time) (more bool, err error) {
	if err := tx.Guard(ctx, "data_version"); err != nil {
		return false, err
	}
	if err := CheckVersion(ctx, tx, steps); err != nil {
		return false, err
	}
	have, _, err := Version(ctx, tx)
	if err != nil || have == len(steps) {
		return false, err
	}
	next := len(steps)
	if have >= 0 {
		next = have + 1
		if err := steps[have].Fn(ctx, tx); err != nil {
			return false, fmt.Errorf("data upgrade %d %s: %w", next, steps[have].Name, err)
		}
	}
	_, err = tx.Exec(ctx, addVersionSQL.For(tx.Dialect()), record.Int(int64(next)), record.Text(app), record.Int(now.UnixMicro()))
	return true, err
}
