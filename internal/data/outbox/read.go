package outbox

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const eventColumns = "xid, seen, id, at, entity, record_id, version, kind, actor, changeset, payload"

var (
	eventKinds = []record.Kind{
		record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindText, record.KindInt,
		record.KindInt, record.KindText, record.KindInt, record.KindInt, record.KindBytes,
	}
	pageSQL = ddl.Both(`SELECT ` + eventColumns + ` FROM outbox
		WHERE (xid, id) > ($1, $2) AND xid < $3 AND (xid, id) <= ($4, $5) ORDER BY xid, id LIMIT $6`)
	oneSQL      = ddl.Both(`SELECT ` + eventColumns + ` FROM outbox WHERE xid = $1 AND id = $2`)
	earlierSQL  = ddl.Both(`SELECT xid, id, entity, record_id, version FROM outbox WHERE (xid, id) > ($1, $2) AND xid < $3`)
	earlierKind = []record.Kind{record.KindInt, record.KindInt, record.KindText, record.KindInt, record.KindInt}
	cursorSQL   = ddl.Both(`SELECT xid, event_id FROM outbox_cursor WHERE name = $1`)
	lastSQL     = ddl.Both(`SELECT xid, id FROM outbox ORDER BY xid DESC, id DESC LIMIT 1`)
	twoInts     = []record.Kind{record.KindInt, record.KindInt}
)

// errNoEvent: a parked event is not in the outbox any more.
var errNoEvent = errors.New("outbox: the event is gone")

// readPage reads up to limit events behind from, in an order that keeps the
// versions of each record, and the position of the last one.
//
// The order of transaction numbers is not always that of versions: a
// transaction may get its number first and wait for the record until another
// with a later number has changed it. Such a neighbour stands below the
// event's ceiling; the page grows until it holds it, or ends before the event
// when the neighbour may not be read yet.
func readPage(ctx context.Context, q sqldb.Querier, from txorder.Position, limit int) ([]Event, txorder.Position, error) {
	horizon, err := txorder.Horizon(ctx, q)
	if err != nil {
		return nil, from, err
	}
	end := txorder.Position{Xid: math.MaxInt64, ID: math.MaxInt64}
	events, err := readRange(ctx, q, from, horizon, end, limit)
	if err != nil || len(events) == 0 {
		return nil, from, err
	}
	for { // ends: the page only grows, up to the horizon
		last := events[len(events)-1].position
		late, err := earlierVersions(ctx, q, events, last)
		if err != nil {
			return nil, from, err
		}
		grow := farthest(late)
		if grow.Xid >= horizon {
			events = events[:holdBack(events, late)]
			break
		}
		if !last.Before(grow) {
			break
		}
		if events, err = readRange(ctx, q, from, horizon, grow, math.MaxInt32); err != nil {
			return nil, from, err
		}
	}
	if len(events) == 0 {
		return nil, from, nil
	}
	last := events[len(events)-1].position
	orderVersions(events)
	return events, last, nil
}

func readRange(ctx context.Context, q sqldb.Querier, from txorder.Position, horizon int64, end txorder.Position, limit int) ([]Event, error) {
	var rows sqldb.Rows
	rows.Reset(len(eventKinds))
	err := q.Query(ctx, pageSQL.For(q.Dialect()), []record.Value{
		record.Int(from.Xid), record.Int(from.ID), record.Int(horizon), record.Int(end.Xid), record.Int(end.ID), record.Int(int64(limit)),
	}, eventKinds, &rows)
	if err != nil {
		return nil, err
	}
	events := make([]Event, rows.Len())
	for i := range events {
		events[i] = scan(rows.Row(i))
	}
	return events, nil
}

func scan(r []record.Value) Event {
	e := Event{
		ID: id.ID(r[2].Int()), At: time.UnixMicro(r[3].Int()).UTC(), Entity: r[4].Str(), Record: id.ID(r[5].Int()),
		Version: r[6].Int(), Kind: r[7].Str(), Actor: id.ID(r[8].Int()), Changeset: id.ID(r[9].Int()),
		position: txorder.Position{Xid: r[0].Int(), ID: r[2].Int()}, ceiling: r[1].Int(),
	}
	if s := r[10].Str(); s != "" {
		e.Payload = []byte(s)
	}
	return e
}

// neighbour is an event behind the page with an earlier version of a record in
// it.
type neighbour struct {
	position txorder.Position
	version  int64
}

// earlierVersions finds the events behind last that must come before one of
// events.
func earlierVersions(ctx context.Context, q sqldb.Querier, events []Event, last txorder.Position) (map[recordKey][]neighbour, error) {
	ceiling, newest := int64(0), make(map[recordKey]int64, len(events))
	for i := range events {
		ceiling = max(ceiling, events[i].ceiling)
		newest[events[i].record()] = max(newest[events[i].record()], events[i].Version)
	}
	if ceiling <= last.Xid {
		return nil, nil
	}
	var rows sqldb.Rows
	rows.Reset(len(earlierKind))
	args := []record.Value{record.Int(last.Xid), record.Int(last.ID), record.Int(ceiling)}
	if err := q.Query(ctx, earlierSQL.For(q.Dialect()), args, earlierKind, &rows); err != nil {
		return nil, err
	}
	var found map[recordKey][]neighbour
	for i := range rows.Len() {
		r := rows.Row(i)
		key := recordKey{r[2].Str(), id.ID(r[3].Int())}
		if version, ok := newest[key]; ok && r[4].Int() < version {
			if found == nil {
				found = map[recordKey][]neighbour{}
			}
			found[key] = append(found[key], neighbour{txorder.Position{Xid: r[0].Int(), ID: r[1].Int()}, r[4].Int()})
		}
	}
	return found, nil
}

// farthest is the last position of the neighbours.
func farthest(late map[recordKey][]neighbour) txorder.Position {
	var p txorder.Position
	for _, list := range late {
		for _, n := range list {
			if p.Before(n.position) {
				p = n.position
			}
		}
	}
	return p
}

// holdBack says how many of events may be delivered when not all neighbours
// may be read: those before the first one that waits for a neighbour, behind
// the page or behind that place.
func holdBack(events []Event, late map[recordKey][]neighbour) int {
	cut := len(events)
	for i := range events {
		waits := func(n neighbour) bool { return n.version < events[i].Version }
		if slices.ContainsFunc(late[events[i].record()], waits) {
			cut = i
			break
		}
	}
	oldest := map[recordKey]int64{} // version, among the events held back
	for kept := len(events); kept > cut; {
		for _, e := range events[cut:kept] {
			if v, ok := oldest[e.record()]; !ok || e.Version < v {
				oldest[e.record()] = e.Version
			}
		}
		kept = cut
		for i := range events[:cut] {
			if v, ok := oldest[events[i].record()]; ok && v < events[i].Version {
				cut = i
				break
			}
		}
	}
	return cut
}

// orderVersions puts the events of each record, in the places they have
// together, in the order of their versions.
func orderVersions(events []Event) {
	places := make(map[recordKey][]int, len(events))
	sorted := true
	for i := range events {
		key := events[i].record()
		if at := places[key]; len(at) > 0 && events[at[len(at)-1]].Version > events[i].Version {
			sorted = false
		}
		places[key] = append(places[key], i)
	}
	if sorted {
		return
	}
	for _, at := range places {
		own := make([]Event, len(at))
		for i, p := range at {
			own[i] = events[p]
		}
		slices.SortStableFunc(own, func(a, b Event) int { return cmp.Compare(a.Version, b.Version) })
		for i, p := range at {
			events[p] = own[i]
		}
	}
}

// readCursor is where consumer name stands; ok is false for a new one.
func readCursor(ctx context.Context, q sqldb.Querier, name string) (p txorder.Position, ok bool, err error) {
	var rows sqldb.Rows
	rows.Reset(2)
	if err := q.Query(ctx, cursorSQL.For(q.Dialect()), []record.Value{record.Text(name)}, twoInts, &rows); err != nil || rows.Len() == 0 {
		return p, false, err
	}
	return txorder.Position{Xid: rows.At(0, 0).Int(), ID: rows.At(0, 1).Int()}, true, nil
}

// readEvent reads the event at p.
func readEvent(ctx context.Context, q sqldb.Querier, p txorder.Position) (Event, error) {
	var rows sqldb.Rows
	rows.Reset(len(eventKinds))
	if err := q.Query(ctx, oneSQL.For(q.Dialect()), []record.Value{record.Int(p.Xid), record.Int(p.ID)}, eventKinds, &rows); err != nil {
		return Event{}, err
	}
	if rows.Len() == 0 {
		return Event{}, errNoEvent
	}
	return scan(rows.Row(0)), nil
}

// tip is the position behind everything that may be read.
func tip(ctx context.Context, q sqldb.Querier) (txorder.Position, error) {
	if q.Dialect() == sqldb.Postgres {
		horizon, err := txorder.Horizon(ctx, q)
		return txorder.Position{Xid: horizon - 1, ID: math.MaxInt64}, err
	}
	var rows sqldb.Rows
	rows.Reset(2)
	if err := q.Query(ctx, lastSQL.For(q.Dialect()), nil, twoInts, &rows); err != nil || rows.Len() == 0 {
		return txorder.Position{}, err
	}
	return txorder.Position{Xid: rows.At(0, 0).Int(), ID: rows.At(0, 1).Int()}, nil
}
