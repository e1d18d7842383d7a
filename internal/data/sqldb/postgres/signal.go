package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

var _ sqldb.Signaller = (*DB)(nil)

// channelOf names the channel of the processes that work in a schema; the name
// of the schema itself may be as long as names can be.
func channelOf(schema string) string {
	sum := sha256.Sum256([]byte(schema))
	return "guanxi_" + hex.EncodeToString(sum[:8])
}

// Signal sends a notification in a transaction of its own: one sent with a
// write would hold a lock of the whole database until that write is on disk,
// and no two writes would be committed together any more.
func (db *DB) Signal(ctx context.Context, from string) error {
	pc, err := db.writers.Acquire(ctx)
	if err != nil {
		return failure(ctx, err, true)
	}
	defer pc.Release()
	var rows sqldb.Rows
	rows.Reset(1)
	// Nothing is written: there is nothing to wait for on the disk either.
	return sessionOf(pc).query(ctx, "", "SELECT 1 FROM (SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)) AS s",
		[]record.Value{record.RawText(db.channel), record.RawText(from)}, []record.Kind{record.KindInt}, &rows)
}

// Await listens on a connection of its own.
func (db *DB) Await(ctx context.Context, woken func(from string)) error {
	cfg := db.writers.Config().ConnConfig.Config
	cfg.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { woken(n.Payload) }
	c, err := pgconn.ConnectConfig(ctx, &cfg)
	if err != nil {
		return failure(ctx, err, true)
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }() // it holds nothing
	if err := c.Exec(ctx, "LISTEN "+quote(db.channel)).Close(); err != nil {
		return failure(ctx, err, true)
	}
	woken("")
	for {
		if err := c.WaitForNotification(ctx); err != nil {
			return failure(ctx, err, true)
		}
	}
}
