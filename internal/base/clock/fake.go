package clock

import (
	"slices"
	"sync"
	"time"
)

// Fake is a clock that stands still until it is told to move; for tests. It is
// safe for many goroutines.
type Fake struct {
	mu      sync.Mutex
	changed *sync.Cond
	now     time.Time
	waiters []waiter
}

type waiter struct {
	at time.Time
	ch chan time.Time
}

// NewFake makes a clock that shows t.
func NewFake(t time.Time) *Fake {
	f := &Fake{now: t}
	f.changed = sync.NewCond(&f.mu)
	return f
}

// Now is the time last set.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// After delivers once the clock reaches now + d; at once when d ≤ 0.
func (f *Fake) After(d time.Duration) <-chan time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	ch := make(chan time.Time, 1)
	if d <= 0 {
		ch <- f.now
		return ch
	}
	f.waiters = append(f.waiters, waiter{f.now.Add(d), ch})
	f.changed.Broadcast()
	return ch
}

// Set moves the clock to t, also backwards (as a machine's clock may), and
// fires the waiters that are due, earliest first.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set(t)
}

// Advance moves the clock on by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set(f.now.Add(d))
}

// BlockUntil returns when at least n goroutines wait on After: a test calls it
// before it moves the clock, instead of sleeping.
func (f *Fake) BlockUntil(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.waiters) < n {
		f.changed.Wait()
	}
}

func (f *Fake) set(t time.Time) {
	f.now = t
	slices.SortStableFunc(f.waiters, func(a, b waiter) int { return a.at.Compare(b.at) })
	due := 0
	for due < len(f.waiters) && !f.waiters[due].at.After(t) {
		f.waiters[due].ch <- t
		due++
	}
	f.waiters = slices.Delete(f.waiters, 0, due)
}
