package app

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
)

// tickEvery is how often the modules are asked whether something's time has come.
const tickEvery = 20 * time.Second

// tick does what the modules do when its time has come, until ctx ends. Every
// node does: what one has done the other finds done.
func (a *App) tick(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.Clock.After(tickEvery):
		}
		if err := a.Tick(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("what is due", "error", err)
		}
	}
}

// Tick does at once what has become due by the installation's clock. What fails
// in one module does not keep the others from theirs; the last failure is given.
func (a *App) Tick(ctx context.Context) (failed error) {
	if a.NeedsSetup() {
		return nil
	}
	for _, m := range Modules() {
		for _, t := range m.Ticks {
			for {
				n, err := a.tickOnce(ctx, t)
				if err != nil {
					failed = err
				}
				if err != nil || n == 0 {
					break
				}
			}
		}
	}
	for {
		n, err := a.takeLetters(ctx)
		if err != nil {
			failed = err
		}
		if err != nil || n < lettersAtOnce {
			return failed
		}
	}
}

func (a *App) tickOnce(ctx context.Context, t entity.Tick) (n int, err error) {
	actor := access.System(t.Name)
	actor.Now = a.Clock.Now()
	err = a.Engine.InTx(ctx, actor, func(s *records.Session) error {
		n, err = t.Run(ctx, s, a.Clock.Now())
		return err
	})
	return n, err
}
