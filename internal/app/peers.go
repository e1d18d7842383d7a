package app

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

const (
	peerLook   = 2 * time.Second        // how often to look for what other processes did, without being woken
	peerSignal = 100 * time.Millisecond // the least time between two signals to them
)

// joinPeers keeps this process and the others on its database together
// (PostgreSQL): each tells the others that it wrote something, and follows what
// they wrote. Signals only make it quick; what counts is what a look finds.
func (a *App) joinPeers(ctx context.Context) {
	db, ok := a.DB.(sqldb.Signaller)
	if !ok {
		return
	}
	woken := make(chan struct{}, 1)
	a.background(func() { a.signal(ctx, db) })
	a.background(func() { a.await(ctx, db, woken) })
	a.background(func() {
		failing := false
		for ctx.Err() == nil {
			err := a.look(ctx)
			if err != nil && !failing {
				a.ended(ctx, "following the other processes", err)
			}
			failing = err != nil
			select {
			case <-ctx.Done():
			case <-woken:
			case <-a.Clock.After(peerLook):
			}
		}
	})
}

// Wrote notes that other processes have something to follow; it implements customize.Changer.
func (a *App) Wrote() { wakeUp(a.wrote) }

func wakeUp(ch chan<- struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// signal tells the other processes of writes, many in one.
func (a *App) signal(ctx context.Context, db sqldb.Signaller) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.wrote:
		case <-a.Outbox.Committed():
		}
		_ = db.Signal(ctx, a.holder.Name) // they look by themselves, only later
		select {
		case <-ctx.Done():
			return
		case <-a.Clock.After(peerSignal):
		}
	}
}

// await hears the signals of the others.
func (a *App) await(ctx context.Context, db sqldb.Signaller, woken chan<- struct{}) {
	for {
		_ = db.Await(ctx, func(from string) { // a broken connection is made anew; until then there are the looks
			if from != a.holder.Name {
				wakeUp(woken)
			}
		})
		select {
		case <-ctx.Done():
			return
		case <-a.Clock.After(peerLook):
		}
	}
}

// look makes work here what was changed elsewhere.
func (a *App) look(ctx context.Context) error {
	a.Sessions.Recheck()
	settings, err := a.Customize.Refresh(ctx)
	if err != nil {
		return err
	}
	if settings {
		if err := a.Reload(ctx); err != nil {
			return err
		}
	}
	return a.follow.Step(ctx)
}
