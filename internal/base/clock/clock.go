// Package clock is the only source of time: everything that asks what time it
// is, or waits, takes a Clock, so that tests run on a clock of their own.
package clock

import "time"

// Clock tells the time and waits.
type Clock interface {
	// Now is the present instant.
	Now() time.Time
	// After delivers the time once on the returned channel when d has passed.
	// The channel holds one value, so a reader that went away blocks nobody.
	After(d time.Duration) <-chan time.Time
}

// System is the clock of the machine.
type System struct{}

// Now is the machine's time.
func (System) Now() time.Time { return time.Now() }

// After waits on the machine's timer.
func (System) After(d time.Duration) <-chan time.Time { return time.After(d) }
