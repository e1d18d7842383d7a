package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/drive"
	"github.com/guanxicrm/guanxi/bench/system"
	"github.com/guanxicrm/guanxi/bench/workload"
)

const (
	maxCalls = 2_000_000 // of one measurement
	// maxNew keeps the data near its size: created rows stay.
	maxNew = 6_000
	// slow calls are not asked of more clients: two cores are busy with one.
	slow = 300 * time.Millisecond
)

// contestant is one that can be asked; ok is false when it has no such call.
type contestant interface {
	Name() string
	Run(ctx context.Context, plan drive.Plan) (r drive.Result, ok bool)
}

// overHTTP asks a system by the closed-loop clients.
type overHTTP struct{ system.System }

// Run implements contestant.
func (o overHTTP) Run(ctx context.Context, plan drive.Plan) (drive.Result, bool) {
	return drive.Run(ctx, o.System, plan)
}

// bench is a run in progress.
type bench struct {
	*settings
	truth   *dataset.Truth
	systems []contestant
	stops   []func()
	fresh   map[string]*atomic.Int64 // next new customer, by system
	report  report
	log     io.Writer

	pgDatabase string // Guanxi's, on PostgreSQL
}

// measure makes the data, starts the systems, asks the questions and writes
// the report.
func measure(ctx context.Context, s *settings) error {
	b := &bench{settings: s, fresh: map[string]*atomic.Int64{}, log: os.Stderr}
	defer b.stop()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	if err := b.askAll(ctx); err != nil {
		return err
	}
	b.report.finish()
	if err := b.report.save(s.out); err != nil {
		return err
	}
	b.report.text(os.Stdout)
	if n := b.report.wrongAnswers(); n > 0 {
		return fmt.Errorf("%d wrong answers or failed calls", n)
	}
	return nil
}

func (b *bench) stop() {
	for i := len(b.stops) - 1; i >= 0; i-- {
		b.stops[i]()
	}
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.log, "%s "+format+"\n", append([]any{time.Now().Format("15:04:05")}, args...)...)
}

func (b *bench) prepare(ctx context.Context) error {
	if b.dir == "" {
		dir, err := os.MkdirTemp("", "gxbench")
		if err != nil {
			return err
		}
		if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as another user
			return err
		}
		b.dir = dir
		if b.keep {
			b.say("the databases stay in %s", dir)
		} else {
			b.stops = append(b.stops, func() { _ = os.RemoveAll(dir) })
		}
	}
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return err
	}
	b.report.begin(b.settings)
	b.say("reading the data set: %d customers", b.rows)
	b.truth = dataset.NewTruth(b.rows)
	if !b.postgres {
		if err := b.startFloor(ctx); err != nil {
			return err
		}
	}
	for name, addr := range b.peers {
		peer, err := system.ConnectFloor(name, addr, 0, b.truth.Copy())
		if err != nil {
			return err
		}
		b.add(overHTTP{peer})
	}
	if b.guanxi == "" {
		return nil
	}
	if err := b.startGuanxi(ctx); err != nil || !b.postgres {
		return err
	}
	b.say("copying the tables for pgbench")
	plain, err := startPgbench(ctx, b.dir, b.pgDatabase, b.rows)
	if err != nil {
		return err
	}
	b.add(plain)
	return nil
}

func (b *bench) add(s contestant) {
	b.systems = append(b.systems, s)
	next := &atomic.Int64{}
	next.Store(int64(b.rows))
	b.fresh[s.Name()] = next
}

func (b *bench) startFloor(ctx context.Context) error {
	file := filepath.Join(b.dir, "floor.db")
	if _, err := os.Stat(file); err != nil {
		b.say("loading the floor")
		out, err := exec.CommandContext(ctx, b.floor, "load", "-db", file, "-rows", strconv.Itoa(b.rows), "-gram").CombinedOutput()
		if err != nil {
			return fmt.Errorf("floor load: %w: %s", err, out)
		}
	}
	p, err := system.Start(ctx, "/ping", time.Minute, b.floor, "serve", "-db", file, "-addr", "{addr}", "-sync", b.sync, "-gram")
	if err != nil {
		return err
	}
	b.stops = append(b.stops, p.Stop)
	floor, err := system.ConnectFloor("floor", p.Addr, p.PID(), b.truth.Copy())
	if err != nil {
		return err
	}
	b.report.started("floor", p)
	b.add(overHTTP{floor})
	return nil
}

// askAll runs operation by operation; inside it the systems take turns in
// every round and at every number of clients.
func (b *bench) askAll(ctx context.Context) error {
	for _, op := range b.ops {
		tooSlow := map[string]bool{}
		for round := 1; round <= b.rounds; round++ {
			for _, clients := range b.clients {
				for k := range b.systems {
					s := b.systems[(k+round)%len(b.systems)] // nobody is always first
					if clients > 1 && tooSlow[s.Name()] {
						continue
					}
					r, ok := s.Run(ctx, b.plan(op, clients, round, s.Name()))
					if !ok {
						continue
					}
					if err := ctx.Err(); err != nil {
						return err
					}
					r.Round = round
					b.report.add(r)
					b.say("%-3s %2d clients, round %d, %-8s %9.1f/s  p50 %.2f ms  %s", op, clients, round, s.Name(), r.Rate, r.P50, r.Error)
					if r.P50 > float64(slow/time.Millisecond) {
						tooSlow[s.Name()] = true
					}
				}
			}
		}
	}
	return nil
}

func (b *bench) plan(op workload.Op, clients, round int, name string) drive.Plan {
	plan := drive.Plan{
		Op: op, Clients: clients, Warm: b.warm, Time: b.length, MaxCalls: maxCalls, Seed: b.draw<<20 + uint64(round*1000+clients),
		Next: func() int { return int(b.fresh[name].Add(1)) },
	}
	if op == workload.Create {
		plan.MaxCalls, plan.Warm = maxNew, b.warm/5
	}
	return plan
}
