// Package outbox carries what happened to records from the transaction that
// did it to everybody who wants to know: search, automation, webhooks, the
// pages that are open. An event is a row written in the same transaction, so
// nothing is told that did not happen and nothing that happened is forgotten.
//
// Consumers get events at least once and, for each record, in the order of its
// versions. Subscribers (pages) get them at once and only while they listen.
package outbox

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Event says that something happened to a record.
type Event struct {
	ID        id.ID
	At        time.Time // to the microsecond
	Entity    string
	Record    id.ID
	Version   int64  // of the record after it
	Kind      string // create, update, delete, restore, or the name of an action
	Actor     id.ID
	Changeset id.ID
	Payload   []byte // what the kind says; nil for none

	position txorder.Position
	ceiling  int64
}

// recordKey names a record of any entity.
type recordKey struct {
	entity string
	id     id.ID
}

func (e *Event) record() recordKey { return recordKey{e.Entity, e.Record} }

// Tables are those of this package.
func Tables() []ddl.Table {
	return []ddl.Table{
		{
			Name: "outbox",
			Columns: []ddl.Column{
				{Name: "xid", Kind: record.KindInt, NotNull: true},
				// seen is above every transaction that had committed when the
				// event was written: an earlier version of the record can only
				// stand below it.
				{Name: "seen", Kind: record.KindInt, NotNull: true},
				{Name: "id", Kind: record.KindInt, NotNull: true},
				{Name: "at", Kind: record.KindInt, NotNull: true},
				{Name: "entity", Kind: record.KindText, NotNull: true},
				{Name: "record_id", Kind: record.KindInt, NotNull: true},
				{Name: "version", Kind: record.KindInt, NotNull: true},
				{Name: "kind", Kind: record.KindText, NotNull: true},
				{Name: "actor", Kind: record.KindInt, NotNull: true},
				{Name: "changeset", Kind: record.KindInt, NotNull: true},
				{Name: "payload", Kind: record.KindBytes},
			},
			Key:     []string{"xid", "id"},
			NoRowid: true,
		},
		{
			Name: "outbox_cursor",
			Columns: []ddl.Column{
				{Name: "name", Kind: record.KindText},
				{Name: "xid", Kind: record.KindInt, NotNull: true},
				{Name: "event_id", Kind: record.KindInt, NotNull: true},
			},
			Key:     []string{"name"},
			NoRowid: true,
		},
		{
			Name: "outbox_parked",
			Columns: []ddl.Column{
				{Name: "consumer", Kind: record.KindText},
				{Name: "xid", Kind: record.KindInt},
				{Name: "event_id", Kind: record.KindInt},
				{Name: "entity", Kind: record.KindText, NotNull: true},
				{Name: "record_id", Kind: record.KindInt, NotNull: true},
				{Name: "version", Kind: record.KindInt, NotNull: true},
				{Name: "error", Kind: record.KindText},
				{Name: "tries", Kind: record.KindInt, NotNull: true},
				{Name: "next_at", Kind: record.KindInt, NotNull: true},
			},
			Key:     []string{"consumer", "xid", "event_id"},
			NoRowid: true,
		},
	}
}

// Log is where events are appended, and where this process hears of them.
type Log struct {
	insert *txorder.Inserter

	mu     sync.Mutex
	local  chan struct{}
	next   int
	listen map[int]func([]Event)
	wake   map[int]chan struct{}
}

// New makes the log of a process.
func New() *Log {
	return &Log{
		insert: txorder.NewInserter("outbox", "seen",
			"id", "at", "entity", "record_id", "version", "kind", "actor", "changeset", "payload"),
		local:  make(chan struct{}, 1),
		listen: map[int]func([]Event){},
		wake:   map[int]chan struct{}{},
	}
}

// Append writes events in tx, after the rows they are about. When tx has
// committed, subscribers of this process are told and its consumers woken.
func (l *Log) Append(ctx context.Context, tx sqldb.Tx, events ...Event) error {
	if err := l.Insert(ctx, tx, events...); err != nil {
		return err
	}
	kept := slices.Clone(events)
	tx.AfterCommit(func() { l.Tell(kept) })
	return nil
}

// Insert is Append without the telling: for who gathers the events of a whole
// transaction to Tell of them at once.
func (l *Log) Insert(ctx context.Context, tx sqldb.Tx, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]record.Value, 0, 9*len(events))
	for i := range events {
		e := &events[i]
		payload := record.Null
		if len(e.Payload) > 0 {
			payload = record.Bytes(e.Payload)
		}
		rows = append(rows, record.Int(int64(e.ID)), record.Int(e.At.UnixMicro()), record.RawText(e.Entity),
			record.Int(int64(e.Record)), record.Int(e.Version), record.RawText(e.Kind),
			record.Int(int64(e.Actor)), record.Int(int64(e.Changeset)), payload)
	}
	return l.insert.Insert(ctx, tx, rows)
}

// Committed holds a token after transactions of this process committed events:
// for the one who tells other processes that there are some.
func (l *Log) Committed() <-chan struct{} { return l.local }

// Subscribe calls fn with the events of each transaction of this process after
// its commit, on the goroutine that wrote, and with those of other processes
// that a Follower finds: fn must hand them on and return. No events means that
// some were missed. The events are shared and must not be changed.
func (l *Log) Subscribe(fn func([]Event)) (cancel func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.next
	l.next++
	l.listen[n] = fn
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.listen, n)
	}
}

// Wake makes the consumers of this process look for events now: for events
// that other processes wrote.
func (l *Log) Wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wakeAll()
}

// waker gives a channel that holds a token when events may have come.
func (l *Log) waker() (woken <-chan struct{}, cancel func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.next
	l.next++
	ch := make(chan struct{}, 1)
	l.wake[n] = ch
	return ch, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.wake, n)
	}
}

// Tell is called with events after their commit: subscribers of this process are
// told and its consumers woken.
func (l *Log) Tell(events []Event) {
	if len(events) == 0 {
		return
	}
	wakeUp(l.local)
	l.tell(events)
}

// tell wakes the consumers and calls the subscribers.
func (l *Log) tell(events []Event) {
	l.mu.Lock()
	fns := make([]func([]Event), 0, len(l.listen))
	for _, fn := range l.listen {
		fns = append(fns, fn)
	}
	l.wakeAll()
	l.mu.Unlock()
	for _, fn := range fns {
		fn(events)
	}
}

func (l *Log) wakeAll() {
	for _, ch := range l.wake {
		wakeUp(ch)
	}
}

func wakeUp(ch chan<- struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
