package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
)

// world is a database with an outbox and what writes to it.
type world struct {
	t     *testing.T
	db    sqldb.DB
	clock *clock.Fake
	ids   *id.Generator
	log   *outbox.Log
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	db.Each(t, func(t *testing.T, d sqldb.DB) { fn(newWorld(t, d)) })
}

func newWorld(t *testing.T, d sqldb.DB) *world {
	t.Helper()
	var p ddl.Plan
	tables := slices.Concat(outbox.Tables(), lease.Tables(), txorder.Tables(), []ddl.Table{{
		Name: "thing", Key: []string{"id"},
		Columns: []ddl.Column{{Name: "id", Kind: record.KindInt}, {Name: "version", Kind: record.KindInt, NotNull: true}},
	}})
	err := d.Read(ctx, func(q sqldb.Querier) (err error) { p, err = ddl.NewPlan(ctx, q, tables); return err })
	if err == nil {
		err = ddl.Apply(ctx, d, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(start)
	return &world{t, d, c, id.NewGenerator(1, c, 0), outbox.New()}
}

func (w *world) event(rec id.ID, version int64) outbox.Event {
	return outbox.Event{ID: w.ids.Next(), At: w.clock.Now(), Entity: "crm.thing", Record: rec, Version: version, Kind: "update", Actor: 7, Changeset: 9}
}

// append writes events, each in a transaction of its own.
func (w *world) append(events ...outbox.Event) {
	w.t.Helper()
	for _, e := range events {
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return w.log.Append(ctx, tx, e) }); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) dispatcher(holder string, consumers ...outbox.Consumer) *outbox.Dispatcher {
	return &outbox.Dispatcher{
		Log: w.log, Consumers: consumers, Batch: 4,
		Holder: lease.Holder{DB: w.db, Clock: w.clock, Name: holder, TTL: time.Minute},
	}
}

// drain runs steps until nothing is left to do.
func (w *world) drain(d *outbox.Dispatcher) {
	w.t.Helper()
	for {
		more, err := d.Step(ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		if !more {
			return
		}
	}
}

// inbox is a consumer that keeps what it gets, as "record/version", and fails
// as it is told.
type inbox struct {
	mu   sync.Mutex
	got  []string
	fail func(e outbox.Event) error
}

func (b *inbox) consumer(name string) outbox.Consumer {
	return outbox.Consumer{Name: name, Handle: b.handle}
}

func (b *inbox) handle(_ context.Context, events []outbox.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		if b.fail != nil {
			if err := b.fail(e); err != nil {
				return err
			}
		}
	}
	for _, e := range events {
		b.got = append(b.got, fmt.Sprintf("%d/%d", e.Record, e.Version))
	}
	return nil
}

func (b *inbox) want(t *testing.T, want ...string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if diff := cmp.Diff(want, b.got); diff != "" {
		t.Errorf("delivered (-want +got):\n%s", diff)
	}
	b.got = nil
}

func TestDeliver(t *testing.T) {
	each(t, func(w *world) {
		var full []outbox.Event
		a, b := &inbox{}, &inbox{}
		keep := outbox.Consumer{Name: "keep", Handle: func(_ context.Context, events []outbox.Event) error {
			full = append(full, events...)
			return nil
		}}
		d := w.dispatcher("one", a.consumer("a"), keep)
		e := w.event(1, 1)
		e.Payload = []byte("p\x00ay")
		w.append(e, w.event(2, 1), w.event(1, 2), w.event(3, 1), w.event(1, 3), w.event(2, 2))
		w.drain(d)
		a.want(w.t, "1/1", "2/1", "1/2", "3/1", "1/3", "2/2")
		if diff := cmp.Diff(e, full[0], cmp.AllowUnexported(), cmp.FilterPath(func(p cmp.Path) bool {
			return p.Last().String() == ".position" || p.Last().String() == ".ceiling"
		}, cmp.Ignore())); diff != "" {
			w.t.Errorf("event (-want +got):\n%s", diff)
		}
		w.drain(d)
		a.want(w.t)

		// A consumer that comes later gets all that is kept, unless it asks not to.
		now := &inbox{}
		fromNow := now.consumer("now")
		fromNow.FromNow = true
		late := w.dispatcher("one", b.consumer("b"), fromNow)
		w.drain(late)
		b.want(w.t, "1/1", "2/1", "1/2", "3/1", "1/3", "2/2")
		now.want(w.t)
		w.append(w.event(4, 1))
		w.drain(late)
		b.want(w.t, "4/1")
		now.want(w.t, "4/1")
	})
}

func TestSubscribersHearOnlyCommits(t *testing.T) {
	each(t, func(w *world) {
		var heard []int64
		cancel := w.log.Subscribe(func(events []outbox.Event) {
			for _, e := range events {
				heard = append(heard, e.Version)
			}
		})
		boom := errors.New("boom")
		err := w.db.Write(ctx, func(tx sqldb.Tx) error {
			if err := w.log.Append(ctx, tx, w.event(1, 1)); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			w.t.Fatal(err)
		}
		w.append(w.event(1, 2))
		cancel()
		w.append(w.event(1, 3))
		if !slices.Equal(heard, []int64{2}) {
			w.t.Errorf("heard %v", heard)
		}
		a := &inbox{}
		w.drain(w.dispatcher("one", a.consumer("a")))
		a.want(w.t, "1/2", "1/3")
	})
}

func TestManyInOneTransaction(t *testing.T) {
	each(t, func(w *world) {
		var events []outbox.Event
		var want []string
		for i := range 1000 {
			events = append(events, w.event(id.ID(i%7+1), int64(i)))
			want = append(want, fmt.Sprintf("%d/%d", i%7+1, i))
		}
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return w.log.Append(ctx, tx, events...) }); err != nil {
			w.t.Fatal(err)
		}
		a := &inbox{}
		d := w.dispatcher("one", a.consumer("a"))
		d.Batch = 64
		w.drain(d)
		a.want(w.t, want...)
	})
}

// A record that fails is parked; its further events queue behind it, others go
// on, and it is tried again later and later.
func TestParking(t *testing.T) {
	each(t, func(w *world) {
		a := &inbox{}
		broken := true
		a.fail = func(e outbox.Event) error {
			if broken && e.Record == 2 && e.Version >= 2 {
				return errors.New("bad\x00 record")
			}
			if e.Record == 5 {
				panic("worse")
			}
			return nil
		}
		d := w.dispatcher("one", a.consumer("a"))
		w.append(w.event(1, 1), w.event(2, 1), w.event(2, 2), w.event(3, 1), w.event(2, 3), w.event(1, 2))
		w.drain(d)
		a.want(w.t, "1/1", "2/1", "3/1", "1/2")
		w.append(w.event(2, 4), w.event(3, 2))
		w.drain(d)
		a.want(w.t, "3/2")
		list := w.parked("a")
		if len(list) != 1 || list[0].Record != 2 || list[0].Version != 2 || list[0].Tries != 1 || list[0].Waiting != 3 || list[0].Error != "bad? record" {
			w.t.Fatalf("parked %+v", list)
		}
		if next := list[0].Next; !next.Equal(start.Add(time.Second)) {
			w.t.Errorf("next try at %v", next)
		}
		for try := 2; try <= 4; try++ {
			w.clock.Set(w.parked("a")[0].Next)
			w.drain(d)
			if got := w.parked("a")[0].Tries; got != try {
				w.t.Errorf("%d tries, want %d", got, try)
			}
		}
		if wait := w.parked("a")[0].Next.Sub(w.clock.Now()); wait != 8*time.Second {
			w.t.Errorf("the pause has grown to %v", wait)
		}
		broken = false
		w.drain(d)
		a.want(w.t)
		w.clock.Advance(8 * time.Second)
		w.append(w.event(2, 5))
		w.drain(d)
		a.want(w.t, "2/2", "2/3", "2/4", "2/5")
		if list := w.parked("a"); len(list) != 0 {
			w.t.Errorf("still parked: %+v", list)
		}

		w.append(w.event(5, 1), w.event(6, 1))
		w.drain(d)
		a.want(w.t, "6/1")
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return outbox.Skip(ctx, tx, "a", "crm.thing", 5) }); err != nil {
			w.t.Fatal(err)
		}
		if list := w.parked("a"); len(list) != 0 {
			w.t.Errorf("still parked: %+v", list)
		}
	})
}

func (w *world) parked(consumer string) (list []outbox.Parked) {
	w.t.Helper()
	err := w.db.Read(ctx, func(q sqldb.Querier) (err error) {
		list, err = outbox.ListParked(ctx, q, consumer, 100)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// When nothing works nobody is parked and nothing is lost.
func TestUnavailable(t *testing.T) {
	each(t, func(w *world) {
		a := &inbox{}
		away := errs.New(errs.Unavailable, "error.database_away")
		a.fail = func(e outbox.Event) error {
			if e.Record == 3 {
				return fmt.Errorf("mail: %w", away)
			}
			return nil
		}
		d := w.dispatcher("one", a.consumer("a"))
		w.append(w.event(1, 1), w.event(3, 1))
		if _, err := d.Step(ctx); !errors.Is(err, away) {
			w.t.Fatalf("got %v", err)
		}
		if list := w.parked("a"); len(list) != 0 {
			w.t.Errorf("parked %+v", list)
		}
		a.fail, a.got = nil, nil
		w.drain(d)
		a.want(w.t, "1/1", "3/1")
	})
}

func TestTooManyParked(t *testing.T) {
	each(t, func(w *world) {
		a := &inbox{fail: func(outbox.Event) error { return errors.New("no") }}
		d := w.dispatcher("one", a.consumer("a"))
		d.MaxParked = 8
		for i := range 20 {
			w.append(w.event(id.ID(i+1), 1))
		}
		w.drain(d)
		if n := len(w.parked("a")); n < 8 || n > 12 {
			w.t.Errorf("%d parked", n)
		}
		a.fail = nil
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return outbox.TryAgain(ctx, tx, "a") }); err != nil {
			w.t.Fatal(err)
		}
		for range 4 {
			w.drain(d)
		}
		if len(a.got) != 20 {
			w.t.Errorf("%d delivered after all", len(a.got))
		}
	})
}

func TestTrim(t *testing.T) {
	each(t, func(w *world) {
		a, b := &inbox{fail: func(e outbox.Event) error {
			if e.Record == 2 {
				return errors.New("no")
			}
			return nil
		}}, &inbox{}
		ab := w.dispatcher("one", a.consumer("a"), b.consumer("b"))
		w.append(w.event(1, 1), w.event(2, 1), w.event(3, 1))
		w.drain(w.dispatcher("one", a.consumer("a")))
		trim := func(before time.Time, want int64) {
			w.t.Helper()
			if n, err := ab.Trim(ctx, before); err != nil || n != want {
				w.t.Errorf("trimmed %d, %v; want %d", n, err, want)
			}
		}
		trim(start.Add(time.Hour), 0) // b has got nothing
		w.drain(ab)
		trim(start, 0)                // nothing is older
		trim(start.Add(time.Hour), 1) // 1/1; 2/1 is parked, 3/1 the newest
		w.clock.Advance(time.Hour)
		w.append(w.event(4, 1))
		w.drain(ab)
		trim(start.Add(time.Minute), 1) // 3/1
		a.fail, a.got = nil, nil
		w.clock.Advance(time.Minute)
		w.drain(ab)
		a.want(w.t, "2/1")
		trim(start.Add(2*time.Hour), 1) // 2/1
		w.append(w.event(5, 1))
		w.drain(ab)
		a.want(w.t, "5/1")
	})
}

// A transaction that began earlier and commits later is not missed.
func TestLateCommit(t *testing.T) {
	w := newWorld(t, db.Postgres(t))
	a := &inbox{}
	d := w.dispatcher("one", a.consumer("a"))
	slow := w.hold(func(tx sqldb.Tx) error { return w.log.Append(ctx, tx, w.event(1, 1)) })
	w.append(w.event(2, 1))
	w.drain(d)
	a.want(t)
	slow.commit(nil)
	w.drain(d)
	a.want(t, "1/1", "2/1")
}

// The order of transaction numbers is not that of versions: the record's last
// writer got its number first, and a third one keeps the horizon between them.
func TestVersionsAgainstTransactionNumbers(t *testing.T) {
	w := newWorld(t, db.Postgres(t))
	a := &inbox{}
	d := w.dispatcher("one", a.consumer("a"))
	d.Batch = 1
	late := w.hold(func(tx sqldb.Tx) error { return w.log.Append(ctx, tx, w.event(8, 1)) })
	between := w.hold(func(tx sqldb.Tx) error { return w.log.Append(ctx, tx, w.event(9, 1)) })
	w.append(w.event(1, 5))
	late.commit(func(tx sqldb.Tx) error { return w.log.Append(ctx, tx, w.event(1, 6)) })
	w.drain(d)
	a.want(t, "8/1")
	between.commit(nil)
	w.append(w.event(7, 1))
	w.drain(d)
	a.want(t, "1/5", "9/1", "1/6", "7/1")
}

// held is a transaction that stays open until it is told to commit.
type held struct {
	w    *world
	more chan func(sqldb.Tx) error
	done chan error
}

func (w *world) hold(first func(sqldb.Tx) error) *held {
	w.t.Helper()
	h := &held{w, make(chan func(sqldb.Tx) error), make(chan error, 1)}
	began := make(chan struct{})
	go func() {
		h.done <- w.db.Write(ctx, func(tx sqldb.Tx) error {
			if err := first(tx); err != nil {
				return err
			}
			close(began)
			if fn := <-h.more; fn != nil {
				return fn(tx)
			}
			return nil
		})
	}()
	select {
	case <-began:
	case err := <-h.done:
		w.t.Fatal(err)
	}
	return h
}

func (h *held) commit(fn func(sqldb.Tx) error) {
	h.w.t.Helper()
	h.more <- fn
	if err := <-h.done; err != nil {
		h.w.t.Fatal(err)
	}
}

// Writers race for a few records, several in one transaction and in any order,
// while two processes feed the same consumers: everything arrives, in order.
func TestRunUnderLoad(t *testing.T) {
	const writers, rounds, records = 6, 30, 5
	each(t, func(w *world) {
		for i := range int64(records) {
			w.exec(`INSERT INTO thing (id, version) VALUES ($1, 0)`, record.Int(i+1))
		}
		total := writers * rounds * 2
		sinks := []*sink{newSink(total), newSink(total)}
		running, stop := context.WithCancel(ctx)
		var feeders sync.WaitGroup
		for _, name := range []string{"node a", "node b"} {
			d := w.dispatcher(name, outbox.Consumer{Name: "x", Handle: sinks[0].handle}, outbox.Consumer{Name: "y", Handle: sinks[1].handle})
			d.Batch, d.Poll = 16, 5*time.Millisecond
			d.Holder.Clock = clock.System{}
			d.OnError = func(consumer string, err error) { t.Error(consumer, err) }
			feeders.Go(func() { d.Run(running) })
		}
		var all sync.WaitGroup
		for n := range int64(writers) {
			all.Go(func() {
				for i := range int64(rounds) {
					first := (n+i)%records + 1
					second := (n*3+i*2)%(records-1) + 1
					if second >= first {
						second++
					}
					if err := w.change(min(first, second), max(first, second)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		for _, s := range sinks {
			<-s.full
		}
		stop()
		feeders.Wait()
		for _, s := range sinks {
			if s.disorder != "" {
				w.t.Error(s.disorder)
			}
		}
	})
}

// change raises the version of two records in one transaction.
func (w *world) change(records ...int64) error {
	return w.db.Write(ctx, func(tx sqldb.Tx) error {
		for _, r := range records {
			var rows sqldb.Rows
			rows.Reset(1)
			sql := ddl.Both(`UPDATE thing SET version = version + 1 WHERE id = $1 RETURNING version`).For(tx.Dialect())
			if err := tx.Query(ctx, sql, []record.Value{record.Int(r)}, []record.Kind{record.KindInt}, &rows); err != nil {
				return err
			}
			if err := w.log.Append(ctx, tx, w.event(id.ID(r), rows.At(0, 0).Int())); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) exec(sql string, args ...record.Value) {
	w.t.Helper()
	err := w.db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, ddl.Both(sql).For(tx.Dialect()), args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// sink checks that the first delivery of each version follows the one before.
type sink struct {
	mu       sync.Mutex
	newest   map[id.ID]int64
	left     int
	full     chan struct{}
	disorder string
}

func newSink(total int) *sink {
	return &sink{newest: map[id.ID]int64{}, left: total, full: make(chan struct{})}
}

func (s *sink) handle(_ context.Context, events []outbox.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range events {
		switch last := s.newest[e.Record]; {
		case e.Version <= last: // again
		case e.Version > last+1 && s.disorder == "":
			s.disorder = "record " + strconv.FormatInt(int64(e.Record), 10) + " jumped from " +
				strconv.FormatInt(last, 10) + " to " + strconv.FormatInt(e.Version, 10)
			close(s.full)
		default:
			s.newest[e.Record] = e.Version
			if s.left--; s.left == 0 && s.disorder == "" {
				close(s.full)
			}
		}
	}
	return nil
}
