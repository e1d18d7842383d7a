package outbox_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// Every process hears of what the others commit, once, however long an older
// transaction runs; and of what it wrote itself by its own commit.
func TestFollower(t *testing.T) {
	d := db.Postgres(t)
	w := newWorld(t, d)
	others := &world{t, d, w.clock, id.NewGenerator(2, w.clock, 0), outbox.New()}
	f := &outbox.Follower{Log: w.log, DB: d, Node: 1}
	if err := f.Begin(ctx); err != nil {
		t.Fatal(err)
	}
	var told []id.ID
	missed := 0
	defer w.log.Subscribe(func(events []outbox.Event) {
		if len(events) == 0 {
			missed++
		}
		for _, e := range events {
			told = append(told, e.ID)
		}
	})()
	want := func(ids ...id.ID) {
		t.Helper()
		if err := f.Step(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ids, told); diff != "" {
			t.Errorf("told (-want +got)\n%s", diff)
		}
		told = nil
	}
	first, own := others.event(1, 1), w.event(2, 1)
	others.append(first)
	want(first.ID)
	want()
	w.append(own)
	want(own.ID)

	// An older transaction holds up nobody, and is told when it has ended.
	late, early := others.event(3, 1), others.event(4, 1)
	if err := d.Write(ctx, func(tx sqldb.Tx) error {
		if err := others.log.Append(ctx, tx, late); err != nil {
			return err
		}
		others.append(early)
		want(early.ID)
		want()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want(late.ID)

	many := make([]outbox.Event, 5001)
	for i := range many {
		many[i] = others.event(id.ID(i+10), 1)
	}
	if err := d.Write(ctx, func(tx sqldb.Tx) error { return others.log.Append(ctx, tx, many...) }); err != nil {
		t.Fatal(err)
	}
	want()
	if missed != 1 {
		t.Errorf("told %d times that events were missed", missed)
	}
	last := others.event(5, 1)
	others.append(last)
	want(last.ID)
}

// After a restore the numbers of transactions stand above those in the backup.
func TestFollowerAfterRestore(t *testing.T) {
	d := db.Postgres(t)
	w := newWorld(t, d)
	w.append(w.event(1, 1))
	if err := d.Write(ctx, func(tx sqldb.Tx) error { return txorder.Rebase(ctx, tx, 1<<40) }); err != nil {
		t.Fatal(err)
	}
	f := &outbox.Follower{Log: w.log, DB: d, Node: 2}
	if err := f.Begin(ctx); err != nil {
		t.Fatal(err)
	}
	var told []id.ID
	e := w.event(2, 1)
	w.append(e)
	defer w.log.Subscribe(func(events []outbox.Event) {
		for _, e := range events {
			told = append(told, e.ID)
		}
	})()
	if err := f.Step(ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]id.ID{e.ID}, told); diff != "" {
		t.Errorf("told (-want +got)\n%s", diff)
	}
}
