package outbox

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// trimChunk is how many events one transaction looks at.
const trimChunk = 1000

var (
	trimReadSQL = ddl.Both(`SELECT xid, id, at FROM outbox
		WHERE (xid, id) > ($1, $2) AND (xid, id) <= ($3, $4) ORDER BY xid, id LIMIT $5`)
	trimSQL = ddl.Both(`DELETE FROM outbox WHERE (xid, id) > ($1, $2) AND (xid, id) <= ($3, $4)
		AND NOT EXISTS (SELECT 1 FROM outbox_parked p WHERE p.xid = outbox.xid AND p.event_id = outbox.id)`)
	threeInts = []record.Kind{record.KindInt, record.KindInt, record.KindInt}
)

// Trim deletes the events before the given instant that every consumer of d
// has got, and says how many. Parked events stay, and the newest one: the
// numbers of later ones go on from it.
func (d *Dispatcher) Trim(ctx context.Context, before time.Time) (int64, error) {
	var end txorder.Position
	err := d.Holder.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		end, err = d.gotByAll(ctx, q)
		return err
	})
	if err != nil {
		return 0, err
	}
	total, from := int64(0), txorder.Position{}
	for {
		upto, more, err := d.trimmable(ctx, from, end, before)
		if err != nil || upto == from {
			return total, err
		}
		err = d.Holder.DB.Write(ctx, func(tx sqldb.Tx) error {
			n, err := tx.Exec(ctx, trimSQL.For(tx.Dialect()), record.Int(from.Xid), record.Int(from.ID), record.Int(upto.Xid), record.Int(upto.ID))
			if err == nil {
				tx.AfterCommit(func() { total += n })
			}
			return err
		})
		if err != nil || !more {
			return total, err
		}
		from = upto
	}
}

// gotByAll is the last position that every consumer has behind it, and that is
// not the newest event.
func (d *Dispatcher) gotByAll(ctx context.Context, q sqldb.Querier) (txorder.Position, error) {
	var rows sqldb.Rows
	rows.Reset(2)
	if err := q.Query(ctx, lastSQL.For(q.Dialect()), nil, twoInts, &rows); err != nil || rows.Len() == 0 {
		return txorder.Position{}, err
	}
	end := txorder.Position{Xid: rows.At(0, 0).Int(), ID: rows.At(0, 1).Int() - 1}
	for _, c := range d.Consumers {
		at, ok, err := readCursor(ctx, q, c.Name)
		if err != nil || !ok {
			return txorder.Position{}, err
		}
		if at.Before(end) {
			end = at
		}
	}
	return end, nil
}

// trimmable finds the end of the next chunk of old events behind from.
func (d *Dispatcher) trimmable(ctx context.Context, from, end txorder.Position, before time.Time) (upto txorder.Position, more bool, err error) {
	var rows sqldb.Rows
	err = d.Holder.DB.Read(ctx, func(q sqldb.Querier) error {
		rows.Reset(3)
		return q.Query(ctx, trimReadSQL.For(q.Dialect()), []record.Value{
			record.Int(from.Xid), record.Int(from.ID), record.Int(end.Xid), record.Int(end.ID), record.Int(trimChunk),
		}, threeInts, &rows)
	})
	upto = from
	for i := range rows.Len() {
		r := rows.Row(i)
		if r[2].Int() >= before.UnixMicro() {
			return upto, false, err
		}
		upto = txorder.Position{Xid: r[0].Int(), ID: r[1].Int()}
	}
	return upto, rows.Len() == trimChunk, err
}
