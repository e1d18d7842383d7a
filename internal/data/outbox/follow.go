package outbox

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// maxFollowed is how many events of other processes are told at once; where
// there are more, subscribers hear that they missed some.
const maxFollowed = 5000

// Follower tells the subscribers of this process what other processes
// committed. It is for those who want to know at once: each event comes once,
// in no certain order between transactions, and only since Begin. With SQLite
// there are no other processes, and it does nothing.
//
// It does not wait for the oldest transaction as consumers do: it remembers
// which transactions had ended at its last look and reads those that have
// ended since.
type Follower struct {
	Log  *Log
	DB   sqldb.DB
	Node int // of this process: it has heard of what it wrote itself

	seen moment
}

// moment is what was visible at a look.
type moment struct {
	oldest   int64  // number of the oldest transaction that ran
	snapshot string // as PostgreSQL writes it
}

const (
	momentSQL = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ` + txorder.Base + `, pg_current_snapshot()::text`
	// Rows from before a restore have numbers below the offset; none of them
	// is as new as $1, but the order of the conditions is not ours to choose.
	followSQL = `SELECT ` + eventColumns + ` FROM outbox
		WHERE xid >= $1 AND NOT pg_visible_in_snapshot(GREATEST(xid - ` + txorder.Base + `, 3)::text::xid8, $2::pg_snapshot)
			AND id & $3 <> $4 ORDER BY xid, id LIMIT $5`
)

func (f *Follower) idle() bool { return f.DB.Dialect() != sqldb.Postgres }

// Begin remembers this moment: what is committed from now on is told by Step.
func (f *Follower) Begin(ctx context.Context) error {
	if f.idle() {
		return nil
	}
	return f.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		f.seen, err = now(ctx, q)
		return err
	})
}

func now(ctx context.Context, q sqldb.Querier) (moment, error) {
	var rows sqldb.Rows
	rows.Reset(2)
	if err := q.Query(ctx, momentSQL, nil, []record.Kind{record.KindInt, record.KindText}, &rows); err != nil {
		return moment{}, err
	}
	return moment{rows.At(0, 0).Int(), rows.At(0, 1).Str()}, nil
}

// Step tells the subscribers what other processes committed since the last
// look, on the goroutine of the caller.
func (f *Follower) Step(ctx context.Context) error {
	if f.idle() {
		return nil
	}
	var events []Event
	var at moment
	err := f.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		if at, err = now(ctx, q); err != nil || at == f.seen {
			return err
		}
		var rows sqldb.Rows
		rows.Reset(len(eventKinds))
		err = q.Query(ctx, followSQL, []record.Value{record.Int(f.seen.oldest), record.RawText(f.seen.snapshot),
			record.Int(int64(id.NodeMask)), record.Int(int64(id.NodePart(f.Node))), record.Int(maxFollowed + 1)}, eventKinds, &rows)
		if err != nil {
			return err
		}
		events = make([]Event, rows.Len())
		for i := range events {
			events[i] = scan(rows.Row(i))
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.seen = at
	switch {
	case len(events) > maxFollowed:
		f.Log.tell(nil)
	case len(events) > 0:
		f.Log.tell(events)
	}
	return nil
}
