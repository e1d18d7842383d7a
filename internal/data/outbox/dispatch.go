package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Consumer wants every event. Name is for ever: it names the cursor.
//
// Handle gets events in a batch, the versions of each record in order. It may
// get an event again (after a crash, or when a later one of the same batch
// failed), so it must be idempotent. When it fails for a batch it is called
// again for each event alone, and a record whose event fails is parked: tried
// again later and later, while its further events queue behind it and other
// records go on. An error of code Unavailable means that nothing works at
// present: no record is parked, and the whole batch is tried again later.
type Consumer struct {
	Name   string
	Handle func(ctx context.Context, events []Event) error
	// FromNow lets a new consumer begin behind the events that exist when it
	// first runs; otherwise it gets all that are kept.
	FromNow bool
}

// Dispatcher feeds the consumers. Any number of processes may run one with the
// same consumers: each consumer is fed by one process at a time.
type Dispatcher struct {
	Log       *Log
	Holder    lease.Holder
	Consumers []Consumer
	Poll      time.Duration // how often to look without being woken; 0 = 5 s
	Batch     int           // events of one call of Handle; 0 = 200
	MaxParked int           // parked events of a consumer above which it takes no new ones; 0 = 10,000
	// OnError hears of what fails, for the log; nil drops it.
	OnError func(consumer string, err error)
}

const (
	firstPause = time.Second
	lastPause  = time.Hour
	// slowPause bounds the pause of a consumer that nothing works for.
	slowPause = time.Minute
)

// pause is how long to wait after the given number of failures.
func pause(tries int64, most time.Duration) time.Duration {
	return min(firstPause<<min(tries-1, 20), most)
}

// Run feeds the consumers until ctx ends.
func (d *Dispatcher) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, c := range d.Consumers {
		all.Go(func() { d.feed(ctx, c) })
	}
	all.Wait()
}

func (d *Dispatcher) poll() time.Duration {
	if d.Poll <= 0 {
		return 5 * time.Second
	}
	return d.Poll
}

// feed holds the consumer's lease, or waits for it.
func (d *Dispatcher) feed(ctx context.Context, c Consumer) {
	for ctx.Err() == nil {
		_, err := d.Holder.Hold(ctx, leaseName(c), func(ctx context.Context, fence int64) error { return d.serve(ctx, c, fence) })
		if err != nil && ctx.Err() == nil {
			d.failed(c, err)
		}
		select {
		case <-ctx.Done():
		case <-d.Holder.Clock.After(d.poll()):
		}
	}
}

func leaseName(c Consumer) string { return "outbox:" + c.Name }

func (d *Dispatcher) failed(c Consumer, err error) {
	if d.OnError != nil {
		d.OnError(c.Name, err)
	}
}

// serve feeds one consumer until ctx ends.
func (d *Dispatcher) serve(ctx context.Context, c Consumer, fence int64) error {
	woken, cancel := d.Log.waker()
	defer cancel()
	failures := int64(0)
	for {
		more, err := d.step(ctx, c, fence)
		wait := d.poll()
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, lease.ErrLost):
			return err
		case err != nil:
			d.failed(c, err)
			failures++
			wait = pause(failures, slowPause)
		default:
			failures = 0
			if more {
				continue
			}
		}
		wake := woken
		if err != nil {
			wake = nil // new events do not mend what is broken
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-wake:
		case <-d.Holder.Clock.After(wait):
		}
	}
}

// Step does for every consumer one round of what Run does all the time: due
// parked records, then one batch each. more says that there may be more to do
// at once. For programs that run and end, and for tests.
func (d *Dispatcher) Step(ctx context.Context) (more bool, err error) {
	for _, c := range d.Consumers {
		_, holdErr := d.Holder.Hold(ctx, leaseName(c), func(ctx context.Context, fence int64) error {
			again, err := d.step(ctx, c, fence)
			more = more || again
			return err
		})
		err = errors.Join(err, holdErr)
	}
	return more, err
}

// round is what one step reads.
type round struct {
	cursor txorder.Position
	fresh  bool // the consumer has no cursor yet
	parked []parkedEvent
	events []Event
	last   txorder.Position
}

// step delivers what is due. more is false when nothing was left to do.
func (d *Dispatcher) step(ctx context.Context, c Consumer, fence int64) (more bool, err error) {
	r, err := d.read(ctx, c)
	if err != nil {
		return false, err
	}
	var done outcome
	done.cursor = r.last
	if err := d.retryParked(ctx, c, r.parked, &done); err != nil {
		return false, err
	}
	if err := d.deliver(ctx, c, r, &done); err != nil {
		return false, err
	}
	if !r.fresh && r.last == r.cursor && done.empty() {
		return false, nil
	}
	err = d.Holder.DB.Write(ctx, func(tx sqldb.Tx) error {
		if err := lease.Check(ctx, tx, leaseName(c), fence); err != nil {
			return err
		}
		return done.save(ctx, tx, c.Name)
	})
	return len(r.events) > 0, err
}

func (d *Dispatcher) read(ctx context.Context, c Consumer) (r round, err error) {
	batch, limit := d.Batch, d.MaxParked
	if batch <= 0 {
		batch = 200
	}
	if limit <= 0 {
		limit = 10_000
	}
	err = d.Holder.DB.Read(ctx, func(q sqldb.Querier) error {
		r = round{}
		var known bool
		var err error
		if r.cursor, known, err = readCursor(ctx, q, c.Name); err != nil {
			return err
		}
		if r.parked, err = readParked(ctx, q, c.Name, limit); err != nil {
			return err
		}
		r.fresh = !known
		if r.fresh && c.FromNow {
			r.cursor, err = tip(ctx, q)
			r.last = r.cursor
			return err
		}
		r.last = r.cursor
		if len(r.parked) >= limit {
			return nil
		}
		r.events, r.last, err = readPage(ctx, q, r.cursor, batch)
		return err
	})
	return r, err
}

// deliver hands the batch to the consumer, without the events of parked
// records, which queue behind those.
func (d *Dispatcher) deliver(ctx context.Context, c Consumer, r round, done *outcome) error {
	stuck := make(map[recordKey]bool)
	for i := range r.parked {
		if !done.gone[r.parked[i].position] {
			stuck[r.parked[i].key] = true
		}
	}
	free := make([]Event, 0, len(r.events))
	for _, e := range r.events {
		if stuck[e.record()] {
			done.queue(e)
			continue
		}
		free = append(free, e)
	}
	if len(free) == 0 {
		return nil
	}
	err := call(ctx, c, free)
	if err == nil {
		return nil
	}
	if hopeless(ctx, err) {
		return err
	}
	for _, e := range free {
		if stuck[e.record()] {
			done.queue(e)
			continue
		}
		if len(free) > 1 {
			err = call(ctx, c, []Event{e})
		}
		if err == nil {
			continue
		}
		if hopeless(ctx, err) {
			return err
		}
		d.failed(c, fmt.Errorf("%s %s version %d: %w", e.Entity, e.Record, e.Version, err))
		stuck[e.record()] = true
		done.park(e, err, 1, d.Holder.Clock.Now().Add(pause(1, lastPause)))
	}
	return nil
}

// retryParked tries the records that are due, the events of each in order
// until one fails.
func (d *Dispatcher) retryParked(ctx context.Context, c Consumer, parked []parkedEvent, done *outcome) error {
	now := d.Holder.Clock.Now()
	for i := 0; i < len(parked); {
		end := i + 1
		for end < len(parked) && parked[end].key == parked[i].key {
			end++
		}
		if !parked[i].next.After(now) {
			if err := d.retryRecord(ctx, c, parked[i:end], done); err != nil {
				return err
			}
		}
		i = end
	}
	return nil
}

func (d *Dispatcher) retryRecord(ctx context.Context, c Consumer, queue []parkedEvent, done *outcome) error {
	for _, p := range queue {
		var e Event
		err := d.Holder.DB.Read(ctx, func(q sqldb.Querier) (err error) {
			e, err = readEvent(ctx, q, p.position)
			return err
		})
		if errors.Is(err, errNoEvent) {
			done.remove(p)
			continue
		}
		if err != nil {
			return err
		}
		if err = call(ctx, c, []Event{e}); err == nil {
			done.remove(p)
			continue
		}
		if hopeless(ctx, err) {
			return err
		}
		d.failed(c, fmt.Errorf("%s %s version %d, try %d: %w", e.Entity, e.Record, e.Version, p.tries+1, err))
		done.park(e, err, p.tries+1, d.Holder.Clock.Now().Add(pause(p.tries+1, lastPause)))
		return nil
	}
	return nil
}

// hopeless says whether err is not about a record.
func hopeless(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errs.Is(err, errs.Unavailable)
}

// call runs the handler; a panic is an error of its own.
func call(ctx context.Context, c Consumer, events []Event) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
	}()
	return c.Handle(ctx, events)
}

var (
	moveCursorSQL = ddl.Both(`INSERT INTO outbox_cursor (name, xid, event_id) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, event_id = excluded.event_id`)
	parkSQL = ddl.Both(`INSERT INTO outbox_parked (consumer, xid, event_id, entity, record_id, version, error, tries, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (consumer, xid, event_id) DO UPDATE SET error = excluded.error, tries = excluded.tries, next_at = excluded.next_at`)
	unparkSQL = ddl.Both(`DELETE FROM outbox_parked WHERE consumer = $1 AND xid = $2 AND event_id = $3`)
)

// outcome collects what a step changes, to be saved in one transaction.
type outcome struct {
	cursor txorder.Position
	parks  []parkedEvent
	gone   map[txorder.Position]bool
}

func (o *outcome) empty() bool { return len(o.parks) == 0 && len(o.gone) == 0 }

func (o *outcome) park(e Event, err error, tries int64, next time.Time) {
	o.parks = append(o.parks, parkedEvent{key: e.record(), position: e.position, version: e.Version, text: errorText(err), tries: tries, next: next})
}

// queue parks an event behind an earlier one of its record.
func (o *outcome) queue(e Event) {
	o.parks = append(o.parks, parkedEvent{key: e.record(), position: e.position, version: e.Version})
}

func (o *outcome) remove(p parkedEvent) {
	if o.gone == nil {
		o.gone = map[txorder.Position]bool{}
	}
	o.gone[p.position] = true
}

func (o *outcome) save(ctx context.Context, tx sqldb.Tx, consumer string) error {
	for p := range o.gone {
		if _, err := tx.Exec(ctx, unparkSQL.For(tx.Dialect()), record.Text(consumer), record.Int(p.Xid), record.Int(p.ID)); err != nil {
			return err
		}
	}
	for _, p := range o.parks {
		next := int64(0)
		if !p.next.IsZero() {
			next = p.next.UnixMicro()
		}
		_, err := tx.Exec(ctx, parkSQL.For(tx.Dialect()), record.Text(consumer), record.Int(p.position.Xid), record.Int(p.position.ID),
			record.RawText(p.key.entity), record.Int(int64(p.key.id)), record.Int(p.version), record.Text(p.text), record.Int(p.tries), record.Int(next))
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, moveCursorSQL.For(tx.Dialect()), record.Text(consumer), record.Int(o.cursor.Xid), record.Int(o.cursor.ID))
	return err
}
