package lease_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
)

func each(t *testing.T, fn func(t *testing.T, d sqldb.DB, c *clock.Fake)) {
	t.Helper()
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		create(t, d)
		fn(t, d, clock.NewFake(start))
	})
}

func create(t *testing.T, d sqldb.DB) {
	t.Helper()
	var p ddl.Plan
	err := d.Read(ctx, func(q sqldb.Querier) (err error) { p, err = ddl.NewPlan(ctx, q, lease.Tables()); return err })
	if err == nil {
		err = ddl.Apply(ctx, d, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func holder(d sqldb.DB, c clock.Clock, name string) lease.Holder {
	return lease.Holder{DB: d, Clock: c, Name: name, TTL: time.Minute}
}

func take(t *testing.T, d sqldb.DB, c clock.Clock, who string) (fence int64, ok bool) {
	t.Helper()
	err := d.Write(ctx, func(tx sqldb.Tx) (err error) {
		fence, ok, err = lease.Take(ctx, tx, "duty", who, c.Now(), time.Minute)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fence, ok
}

func check(d sqldb.DB, fence int64) error {
	return d.Write(ctx, func(tx sqldb.Tx) error { return lease.Check(ctx, tx, "duty", fence) })
}

func TestTake(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, c *clock.Fake) {
		steps := []struct {
			after time.Duration
			who   string
			fence int64 // 0 = refused
		}{
			{0, "a", 1},
			{0, "b", 0},
			{30 * time.Second, "a", 1}, // extended
			{59 * time.Second, "b", 0},
			{2 * time.Second, "b", 2}, // ran out
			{0, "a", 0},
			{61 * time.Second, "b", 3}, // ran out, nobody else wanted it: still a new turn
		}
		for i, s := range steps {
			c.Advance(s.after)
			if fence, ok := take(t, d, c, s.who); ok != (s.fence > 0) || fence != s.fence {
				t.Errorf("step %d: %s got %d %v, want %d", i, s.who, fence, ok, s.fence)
			}
		}
		if err := check(d, 3); err != nil {
			t.Error(err)
		}
		if err := check(d, 2); !errors.Is(err, lease.ErrLost) {
			t.Errorf("an old fence passes: %v", err)
		}
		if err := d.Write(ctx, func(tx sqldb.Tx) error { return lease.Release(ctx, tx, "duty", 2) }); err != nil {
			t.Fatal(err)
		}
		if _, ok := take(t, d, c, "a"); ok {
			t.Error("an old holder gave back what is not his")
		}
		if err := d.Write(ctx, func(tx sqldb.Tx) error { return lease.Release(ctx, tx, "duty", 3) }); err != nil {
			t.Fatal(err)
		}
		if fence, ok := take(t, d, c, "a"); !ok || fence != 4 {
			t.Errorf("after a release: %d %v", fence, ok)
		}
	})
}

func TestHold(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, c *clock.Fake) {
		held, err := holder(d, c, "a").Hold(ctx, "duty", func(inner context.Context, fence int64) error {
			for range 9 { // three minutes, renewed every 20 s
				c.BlockUntil(1)
				c.Advance(20 * time.Second)
			}
			c.BlockUntil(1)
			if _, ok := take(t, d, c, "b"); ok {
				t.Error("the lease was not renewed")
			}
			if other, err := holder(d, c, "b").Hold(ctx, "duty", nil); other || err != nil {
				t.Errorf("a second holder: %v %v", other, err)
			}
			// Stalled: the clock passes the end of the lease before the renewal
			// comes, and somebody else takes it.
			err := d.Write(ctx, func(tx sqldb.Tx) error {
				_, ok, err := lease.Take(ctx, tx, "duty", "b", c.Now().Add(2*time.Minute), time.Minute)
				if err == nil && !ok {
					err = errors.New("not taken")
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			c.Advance(20 * time.Second)
			<-inner.Done()
			return context.Cause(inner)
		})
		if !held || !errors.Is(err, lease.ErrLost) {
			t.Errorf("got %v %v", held, err)
		}
		if fence, ok := take(t, d, c, "b"); !ok || fence != 2 {
			t.Errorf("the old holder's end touched the new one's lease: %d %v", fence, ok)
		}
	})
}

func TestNodeNumbers(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, c *clock.Fake) {
		node := func(who string) *lease.Node {
			t.Helper()
			n, err := lease.TakeNode(ctx, holder(d, c, who))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		a, b := node("a"), node("b")
		if a.Number() != 0 || b.Number() != 1 {
			t.Fatalf("numbers %d and %d", a.Number(), b.Number())
		}
		gen := id.NewGenerator(a.Number(), c, a.NotBefore())
		last := gen.Next()
		// A clean end gives the number back at once, with the exact mark.
		if err := a.Release(ctx, gen.High()); err != nil {
			t.Fatal(err)
		}
		if err := a.Renew(ctx, gen.High()); !errors.Is(err, lease.ErrLost) {
			t.Errorf("renewed after the release: %v", err)
		}
		c.Advance(time.Millisecond)
		a = node("c")
		if next := id.NewGenerator(a.Number(), c, a.NotBefore()).Next(); a.Number() != 0 || next <= last {
			t.Errorf("number %d, id %v after %v", a.Number(), next, last)
		}
		// A crash: the number is free when the lease has run out, and its ids
		// go on above all that the dead process can have made.
		c.Advance(50 * time.Second)
		if n := node("d"); n.Number() != 2 {
			t.Errorf("a leased number was given out: %d", n.Number())
		}
		high := id.Millis(c.Now())
		c.Advance(11 * time.Second)
		n := node("e")
		if n.Number() != 0 || n.NotBefore() < high {
			t.Errorf("number %d from %d, want 0 from %d", n.Number(), n.NotBefore(), high)
		}
		if err := a.Renew(ctx, 0); !errors.Is(err, lease.ErrLost) {
			t.Errorf("the dead process renewed: %v", err)
		}
	})
}

// A clock that ran ahead once spoils one number, not the ids that follow.
func TestNodeAfterClockRanAhead(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, c *clock.Fake) {
		c.Set(start.AddDate(4, 0, 0))
		n, err := lease.TakeNode(ctx, holder(d, c, "a"))
		if err != nil {
			t.Fatal(err)
		}
		gen := id.NewGenerator(n.Number(), c, n.NotBefore())
		gen.Next()
		if err := n.Release(ctx, gen.High()); err != nil {
			t.Fatal(err)
		}
		c.Set(start)
		n, err = lease.TakeNode(ctx, holder(d, c, "a"))
		if err != nil {
			t.Fatal(err)
		}
		if got := id.NewGenerator(n.Number(), c, n.NotBefore()).Next().Time(); n.Number() != 1 || !got.Equal(start) {
			t.Errorf("number %d makes ids of %v", n.Number(), got)
		}
	})
}

func TestAllNodesTaken(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, c *clock.Fake) {
		now := id.Millis(start)
		err := d.Write(ctx, func(tx sqldb.Tx) error {
			for n := range int64(id.MaxNode) + 1 {
				high := now + n
				if n == 700 {
					high = now - 5
				}
				_, err := tx.Exec(ctx, ddl.Both(`INSERT INTO node (id, holder, until, high) VALUES ($1, 'x', $2, $3)`).For(d.Dialect()),
					record.Int(n), record.Int(now+1000), record.Int(high+5000))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = lease.TakeNode(ctx, holder(d, c, "a"))
		if e, ok := errors.AsType[*errs.Error](err); !ok || e.Key != "error.nodes_all_taken" {
			t.Errorf("got %v", err)
		}
		c.Advance(time.Second)
		if n, err := lease.TakeNode(ctx, holder(d, c, "a")); err != nil || n.Number() != 700 || n.NotBefore() != now+4995 {
			t.Errorf("the one least far ahead: %+v, %v", n, err)
		}
	})
}

// Many processes start at once: no two get one number.
func TestNodesTogether(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, c *clock.Fake) {
		var mu sync.Mutex
		var all sync.WaitGroup
		var numbers []int
		for range 20 {
			all.Go(func() {
				n, err := lease.TakeNode(ctx, holder(d, c, "same name"))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				numbers = append(numbers, n.Number())
			})
		}
		all.Wait()
		slices.Sort(numbers)
		if len(slices.Compact(numbers)) != 20 || numbers[19] != 19 {
			t.Errorf("numbers %v", numbers)
		}
	})
}

func TestNodeRun(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, c *clock.Fake) {
		n, err := lease.TakeNode(ctx, holder(d, c, "a"))
		if err != nil {
			t.Fatal(err)
		}
		gen := id.NewGenerator(n.Number(), c, n.NotBefore())
		running, stop := context.WithCancel(ctx)
		result := make(chan error, 1)
		go func() { result <- n.Run(running, gen.High) }()
		for range 6 {
			c.BlockUntil(1)
			c.Advance(20 * time.Second)
		}
		c.BlockUntil(1)
		if other, err := lease.TakeNode(ctx, holder(d, c, "b")); err != nil || other.Number() != 1 {
			t.Errorf("a renewed number was given out: %+v %v", other, err)
		}
		stop()
		if err := <-result; err != nil {
			t.Error(err)
		}
		c.Advance(time.Millisecond)
		if other, err := lease.TakeNode(ctx, holder(d, c, "c")); err != nil || other.Number() != 0 {
			t.Errorf("the number was not given back: %+v %v", other, err)
		}
	})
}

func upgrade(d sqldb.DB, app string, steps ...lease.Step) error {
	return lease.Upgrade(ctx, d, steps, app, start)
}

func TestUpgrade(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		var ran []string
		step := func(n int, err error) lease.Step {
			name := string(rune('a' + n - 1))
			return lease.Step{Version: n, Name: name, Fn: func(ctx context.Context, tx sqldb.Tx) error {
				if err != nil {
					return err
				}
				tx.AfterCommit(func() { ran = append(ran, name) })
				return nil
			}}
		}
		version := func() int {
			t.Helper()
			var v int
			if err := d.Read(ctx, func(q sqldb.Querier) (err error) { v, _, err = lease.Version(ctx, q); return err }); err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := version(); v != -1 {
			t.Errorf("a database without tables has version %d", v)
		}
		create(t, d)
		if v := version(); v != -1 {
			t.Errorf("a new database has version %d", v)
		}
		// New data needs no upgrade.
		if err := upgrade(d, "v1", step(1, nil)); err != nil || version() != 1 || len(ran) != 0 {
			t.Fatalf("new data: %v, version %d, ran %v", err, version(), ran)
		}
		boom := errors.New("boom")
		err := upgrade(d, "v2", step(1, nil), step(2, nil), step(3, boom), step(4, nil))
		if !errors.Is(err, boom) || version() != 2 || !slices.Equal(ran, []string{"b"}) {
			t.Fatalf("a failing step: %v, version %d, ran %v", err, version(), ran)
		}
		all := []lease.Step{step(1, nil), step(2, nil), step(3, nil), step(4, nil)}
		var pending []lease.Step
		if err := d.Read(ctx, func(q sqldb.Querier) (err error) { pending, err = lease.Pending(ctx, q, all); return err }); err != nil || len(pending) != 2 {
			t.Errorf("pending %v, %v", pending, err)
		}
		for range 2 {
			if err := upgrade(d, "v3", all...); err != nil || version() != 4 || !slices.Equal(ran, []string{"b", "c", "d"}) {
				t.Fatalf("the rest: %v, version %d, ran %v", err, version(), ran)
			}
		}
		err = upgrade(d, "v1", step(1, nil))
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || e.Code != errs.Unavailable || e.Key != "error.data_newer" || e.Args["app"] != "v3" || e.Args["have"] != "4" {
			t.Errorf("an older program: %v", err)
		}
		if err := upgrade(d, "v4", step(2, nil)); err == nil {
			t.Error("a gap in the numbers passed")
		}
	})
}

func TestUpgradeTogether(t *testing.T) {
	each(t, func(t *testing.T, d sqldb.DB, _ *clock.Fake) {
		if err := upgrade(d, "v1"); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		runs := 0
		step := lease.Step{Version: 1, Name: "once", Fn: func(_ context.Context, tx sqldb.Tx) error {
			tx.AfterCommit(func() {
				mu.Lock()
				defer mu.Unlock()
				runs++
			})
			return nil
		}}
		var nodes sync.WaitGroup
		for range 6 {
			nodes.Go(func() {
				if err := upgrade(d, "v2", step); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if runs != 1 {
			t.Errorf("the step ran %d times", runs)
		}
	})
}
