package outbox

import (
	"context"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// maxError is how much of an error's text is kept.
const maxError = 2000

// parkedEvent is an event that waits: the first of its record for its next
// try, the others for the first.
type parkedEvent struct {
	key      recordKey
	position txorder.Position
	version  int64
	text     string
	tries    int64
	next     time.Time
}

// Parked is a record that a consumer could not handle.
type Parked struct {
	Consumer string
	Entity   string
	Record   id.ID
	Version  int64  // of the event that fails
	Error    string // of the last try; for the log and administrators
	Tries    int
	Next     time.Time // of the next try
	Waiting  int       // events in the queue, with the one that fails
}

var (
	parkedSQL = ddl.Both(`SELECT entity, record_id, xid, event_id, version, error, tries, next_at FROM outbox_parked
		WHERE consumer = $1 ORDER BY entity, record_id, version, xid, event_id LIMIT $2`)
	parkedKinds = []record.Kind{
		record.KindText, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindText, record.KindInt, record.KindInt,
	}
	skipSQL  = ddl.Both(`DELETE FROM outbox_parked WHERE consumer = $1 AND entity = $2 AND record_id = $3`)
	againSQL = ddl.Both(`UPDATE outbox_parked SET next_at = 0 WHERE consumer = $1`)
)

// readParked reads at most limit parked events, those of one record together
// and in the order of versions.
func readParked(ctx context.Context, q sqldb.Querier, consumer string, limit int) ([]parkedEvent, error) {
	var rows sqldb.Rows
	rows.Reset(len(parkedKinds))
	err := q.Query(ctx, parkedSQL.For(q.Dialect()), []record.Value{record.Text(consumer), record.Int(int64(limit))}, parkedKinds, &rows)
	if err != nil {
		return nil, err
	}
	list := make([]parkedEvent, rows.Len())
	for i := range list {
		r := rows.Row(i)
		list[i] = parkedEvent{
			key: recordKey{r[0].Str(), id.ID(r[1].Int())}, position: txorder.Position{Xid: r[2].Int(), ID: r[3].Int()},
			version: r[4].Int(), text: r[5].Str(), tries: r[6].Int(), next: time.UnixMicro(r[7].Int()).UTC(),
		}
	}
	return list, nil
}

// ListParked lists the records that consumer could not handle, at most limit
// events deep.
func ListParked(ctx context.Context, q sqldb.Querier, consumer string, limit int) ([]Parked, error) {
	events, err := readParked(ctx, q, consumer, limit)
	if err != nil {
		return nil, err
	}
	var list []Parked
	for i, e := range events {
		if i > 0 && events[i-1].key == e.key {
			list[len(list)-1].Waiting++
			continue
		}
		list = append(list, Parked{
			Consumer: consumer, Entity: e.key.entity, Record: e.key.id, Version: e.version,
			Error: e.text, Tries: int(e.tries), Next: e.next, Waiting: 1,
		})
	}
	return list, nil
}

// Skip gives up the parked events of a record: the consumer never gets them.
func Skip(ctx context.Context, tx sqldb.Tx, consumer, entity string, rec id.ID) error {
	_, err := tx.Exec(ctx, skipSQL.For(tx.Dialect()), record.Text(consumer), record.Text(entity), record.Int(int64(rec)))
	return err
}

// TryAgain makes all parked records of a consumer due at once.
func TryAgain(ctx context.Context, tx sqldb.Tx, consumer string) error {
	_, err := tx.Exec(ctx, againSQL.For(tx.Dialect()), record.Text(consumer))
	return err
}

// errorText is err in a form that both databases store.
func errorText(err error) string {
	s := err.Error()
	if len(s) > maxError {
		s = s[:maxError]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
}
