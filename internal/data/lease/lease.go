// Package lease gives out what only one process may hold at a time: node
// numbers for ids (Node), named duties (Take, Hold) such as sealing the audit
// log, and the version of the data (Upgrade).
//
// A lease ends by time. A holder that stalls may believe longer than others
// that it holds one, so every named lease carries a fence: a number that grows
// with each new holder and that a holder's writes check in their transaction.
package lease

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Tables are those of this package.
func Tables() []ddl.Table {
	return []ddl.Table{
		{
			Name: "node",
			Columns: []ddl.Column{
				{Name: "id", Kind: record.KindInt},
				{Name: "holder", Kind: record.KindText, NotNull: true},
				{Name: "until", Kind: record.KindInt, NotNull: true}, // ms since 2020
				{Name: "high", Kind: record.KindInt, NotNull: true},  // ms since 2020
			},
			Key: []string{"id"},
		},
		{
			Name: "lease",
			Columns: []ddl.Column{
				{Name: "name", Kind: record.KindText},
				{Name: "holder", Kind: record.KindText, NotNull: true},
				{Name: "until", Kind: record.KindInt, NotNull: true}, // µs UTC
				{Name: "fence", Kind: record.KindInt, NotNull: true},
			},
			Key:     []string{"name"},
			NoRowid: true,
		},
		{
			Name: "data_version",
			Columns: []ddl.Column{
				{Name: "version", Kind: record.KindInt},
				{Name: "app", Kind: record.KindText, NotNull: true},
				{Name: "at", Kind: record.KindInt, NotNull: true}, // µs UTC
			},
			Key: []string{"version"},
		},
	}
}

// ErrLost is the cause of a context that Hold cancelled, and what Check
// answers: somebody else holds the lease now.
var ErrLost = errs.New(errs.Unavailable, "error.lease_lost")

var (
	takeSQL = ddl.Both(`INSERT INTO lease (name, holder, until, fence) VALUES ($1, $2, $3, 1)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
			fence = CASE WHEN lease.holder = excluded.holder AND lease.until > $4 THEN lease.fence ELSE lease.fence + 1 END
		WHERE lease.holder = excluded.holder OR lease.until <= $4
		RETURNING fence`)
	releaseSQL  = ddl.Both(`UPDATE lease SET until = 0 WHERE name = $1 AND fence = $2`)
	checkSQL    = ddl.Both(`SELECT fence FROM lease WHERE name = $1`)
	checkLockPG = ` FOR SHARE`
)

// Take takes the lease name for holder, or extends the one it has. ok is false
// when somebody else holds it at now. The fence grows when the holder changes
// or the lease had run out.
func Take(ctx context.Context, tx sqldb.Tx, name, holder string, now time.Time, ttl time.Duration) (fence int64, ok bool, err error) {
	var rows sqldb.Rows
	rows.Reset(1)
	err = tx.Query(ctx, takeSQL.For(tx.Dialect()), []record.Value{
		record.Text(name), record.Text(holder), record.Int(now.Add(ttl).UnixMicro()), record.Int(now.UnixMicro()),
	}, []record.Kind{record.KindInt}, &rows)
	if err != nil || rows.Len() == 0 {
		return 0, false, err
	}
	return rows.At(0, 0).Int(), true, nil
}

// Release gives the lease back when fence is still the present one.
func Release(ctx context.Context, tx sqldb.Tx, name string, fence int64) error {
	_, err := tx.Exec(ctx, releaseSQL.For(tx.Dialect()), record.Text(name), record.Int(fence))
	return err
}

// Check fails with ErrLost when fence is not the present one of the lease, and
// keeps it the present one until tx ends.
func Check(ctx context.Context, tx sqldb.Tx, name string, fence int64) error {
	sql := checkSQL.For(tx.Dialect())
	if tx.Dialect() == sqldb.Postgres {
		sql += checkLockPG
	}
	var rows sqldb.Rows
	rows.Reset(1)
	if err := tx.Query(ctx, sql, []record.Value{record.Text(name)}, []record.Kind{record.KindInt}, &rows); err != nil {
		return err
	}
	if rows.Len() == 0 || rows.At(0, 0).Int() != fence {
		return ErrLost
	}
	return nil
}

// Expire ends every lease and node number: for a database that was just
// restored, where no process can hold one. Fences and marks stay.
func Expire(ctx context.Context, tx sqldb.Tx) error {
	for _, sql := range []string{"UPDATE lease SET until = 0", "UPDATE node SET until = 0"} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// Holder is who takes leases. Name is one per process; with SQLite, where the
// data folder's lock keeps a second process out, it is the same every time, so
// that a start after a crash does not wait for the dead process's leases.
type Holder struct {
	DB    sqldb.DB
	Clock clock.Clock
	Name  string
	TTL   time.Duration // 0 = 30 s
}

func (h Holder) ttl() time.Duration {
	if h.TTL <= 0 {
		return 30 * time.Second
	}
	return h.TTL
}

// Hold runs fn while the lease name is held: it is renewed every third of its
// time, and fn's context is cancelled with cause ErrLost when that fails until
// the end of the lease. held is false, and fn did not run, when somebody else
// has it. The lease is released when fn returns.
func (h Holder) Hold(ctx context.Context, name string, fn func(ctx context.Context, fence int64) error) (held bool, err error) {
	fence, until, ok, err := h.take(ctx, name)
	if err != nil || !ok {
		return false, err
	}
	inner, cancel := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		h.renew(inner, cancel, name, fence, until)
	}()
	defer func() {
		cancel(nil)
		<-renewed
		// A lease that cannot be given back runs out by itself.
		_ = h.DB.Write(context.WithoutCancel(ctx), func(tx sqldb.Tx) error { return Release(ctx, tx, name, fence) })
	}()
	return true, fn(inner, fence)
}

func (h Holder) take(ctx context.Context, name string) (fence int64, until time.Time, ok bool, err error) {
	now := h.Clock.Now()
	err = h.DB.Write(ctx, func(tx sqldb.Tx) error {
		fence, ok, err = Take(ctx, tx, name, h.Name, now, h.ttl())
		return err
	})
	return fence, now.Add(h.ttl()), ok, err
}

// renew extends the lease until ctx ends or the lease is lost.
func (h Holder) renew(ctx context.Context, cancel context.CancelCauseFunc, name string, fence int64, until time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.Clock.After(h.ttl() / 3):
		}
		now, next, ok, err := h.take(ctx, name)
		switch {
		case err == nil && (!ok || now != fence):
			cancel(ErrLost)
			return
		case err == nil:
			until = next
		case errors.Is(err, context.Canceled):
			return
		case !h.Clock.Now().Before(until):
			cancel(fmt.Errorf("%w: %w", ErrLost, err))
			return
		}
	}
}
