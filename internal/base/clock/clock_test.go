package clock

import (
	"sync"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func fired(ch <-chan time.Time) (time.Time, bool) {
	select {
	case t := <-ch:
		return t, true
	default:
		return time.Time{}, false
	}
}

func TestFakeFiresWhatIsDue(t *testing.T) {
	f := NewFake(start)
	one, two, now := f.After(time.Minute), f.After(2*time.Minute), f.After(0)
	if at, ok := fired(now); !ok || !at.Equal(start) {
		t.Errorf("After(0) = %v, %v", at, ok)
	}
	f.Advance(time.Minute - 1)
	if _, ok := fired(one); ok {
		t.Error("fired too early")
	}
	f.Advance(1)
	if at, ok := fired(one); !ok || !at.Equal(start.Add(time.Minute)) {
		t.Errorf("one minute: %v, %v", at, ok)
	}
	if _, ok := fired(two); ok {
		t.Error("two minutes fired after one")
	}
	f.Set(start.Add(time.Hour))
	if _, ok := fired(two); !ok {
		t.Error("two minutes did not fire after an hour")
	}
	if !f.Now().Equal(start.Add(time.Hour)) {
		t.Errorf("Now = %v", f.Now())
	}
}

func TestFakeGoesBack(t *testing.T) {
	f := NewFake(start)
	ch := f.After(time.Minute)
	f.Set(start.Add(-time.Hour))
	f.Set(start.Add(time.Second))
	if _, ok := fired(ch); ok {
		t.Error("fired before its time")
	}
}

func TestFakeBlocksUntilSomebodyWaits(t *testing.T) {
	f := NewFake(start)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { <-f.After(time.Second) })
	}
	f.BlockUntil(3)
	f.Advance(time.Second)
	wg.Wait()
}

func TestSystem(t *testing.T) {
	var c Clock = System{}
	before := time.Now()
	if at := <-c.After(time.Millisecond); at.Before(before) || c.Now().Before(at) {
		t.Errorf("fired at %v, before %v", at, before)
	}
}
