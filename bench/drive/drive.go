// Package drive runs closed-loop clients against one system: each sends its
// next call when the last one is answered, and every answer is checked.
package drive

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/httpraw"
	"github.com/guanxicrm/guanxi/bench/system"
	"github.com/guanxicrm/guanxi/bench/workload"
)

// Plan of one measurement; every loop in it is bounded by time and count.
type Plan struct {
	Op       workload.Op
	Clients  int
	Warm     time.Duration
	Time     time.Duration
	MaxCalls int64  // of all clients together, warm-up included
	Seed     uint64 // of the parameters: the same for every system of a round
	Next     func() int
}

// Result of one measurement.
type Result struct {
	System  string      `json:"system"`
	Op      workload.Op `json:"op"`
	Clients int         `json:"clients"`
	Round   int         `json:"round"`
	Calls   int         `json:"calls"`
	Errors  int         `json:"errors"`
	Error   string      `json:"error,omitempty"` // the first
	Seconds float64     `json:"seconds"`
	Rate    float64     `json:"rate"` // right answers a second
	P50     float64     `json:"p50_ms"`
	P95     float64     `json:"p95_ms"`
	P99     float64     `json:"p99_ms"`
	CPU     float64     `json:"cpu_ms_per_call"` // of the server's process
	RssAnon float64     `json:"rss_anon_mib"`    // the largest seen
	Bytes   int         `json:"bytes"`           // of an answer, the mean
}

// tooManyErrors ends a client: what is wrong will not become right.
const tooManyErrors = 20

// client is one closed loop and what it saw.
type client struct {
	took   []time.Duration
	errors int
	first  string
	bytes  int
	last   time.Time
}

// Run measures; ok is false when the system has no such call.
func Run(ctx context.Context, sys system.System, plan Plan) (result Result, ok bool) {
	result = Result{System: sys.Name(), Op: plan.Op, Clients: plan.Clients}
	if len(sys.Append(nil, workload.NewSource(plan.Op, sys.Truth().Rows, 0, func() int { return 1 }).Draw())) == 0 {
		return result, false
	}
	var budget atomic.Int64
	budget.Store(plan.MaxCalls)
	begin := time.Now()
	from, until := begin.Add(plan.Warm), begin.Add(plan.Warm+plan.Time)
	clients := make([]client, plan.Clients)
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			source := workload.NewSource(plan.Op, sys.Truth().Rows, plan.Seed<<8+uint64(i), plan.Next)
			clients[i].loop(ctx, sys, source, &budget, from, until)
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	cpu := watch(sys.PID(), from, done, &result)
	result.gather(clients, from, cpu)
	return result, true
}

func (c *client) loop(ctx context.Context, sys system.System, source *workload.Source, budget *atomic.Int64, from, until time.Time) {
	conn := &httpraw.Conn{Addr: sys.Addr()}
	defer conn.Close()
	c.took = make([]time.Duration, 0, 1<<14)
	var request []byte
	for n := 0; ctx.Err() == nil && budget.Add(-1) >= 0; n++ {
		call := source.Draw()
		request = sys.Append(request[:0], call)
		sent := time.Now()
		if sent.After(until) {
			return
		}
		answer, err := conn.Call(request)
		got := time.Now()
		if err == nil {
			err = sys.Check(call, answer, n < 2 || n%512 == 0)
		}
		if err == nil && call.Op == workload.Create {
			sys.Truth().Created(dataset.At(call.ID))
		}
		if err != nil {
			c.errors++
			if c.first == "" {
				c.first = err.Error()
			}
			if c.errors > tooManyErrors {
				return
			}
			continue
		}
		if sent.After(from) {
			c.took = append(c.took, got.Sub(sent))
			c.bytes += len(answer.Body)
			c.last = got
		}
	}
}

// watch follows the server's memory until the clients are done and returns the
// CPU time that it used since from.
func watch(pid int, from time.Time, done <-chan struct{}, result *Result) time.Duration {
	if pid == 0 {
		<-done
		return 0
	}
	select {
	case <-time.After(time.Until(from)):
	case <-done:
		return 0
	}
	before, _ := system.CPU(pid) // a server that died shows as errors of its calls
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		if rss, err := system.RssAnon(pid); err == nil {
			result.RssAnon = max(result.RssAnon, float64(rss)/(1<<20))
		}
		select {
		case <-tick.C:
		case <-done:
			after, _ := system.CPU(pid)
			return after - before
		}
	}
}

func (r *Result) gather(clients []client, from time.Time, cpu time.Duration) {
	var all []time.Duration
	var last time.Time
	size := 0
	for i := range clients {
		c := &clients[i]
		all = append(all, c.took...)
		r.Errors += c.errors
		size += c.bytes
		if r.Error == "" {
			r.Error = c.first
		}
		if c.last.After(last) {
			last = c.last
		}
	}
	r.Calls = len(all) + r.Errors
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	r.Seconds = last.Sub(from).Seconds()
	r.Rate = float64(len(all)) / r.Seconds
	r.SetQuantiles(all)
	r.CPU = cpu.Seconds() * 1000 / float64(len(all))
	r.Bytes = size / len(all)
}

// SetQuantiles fills P50, P95 and P99 from sorted durations.
func (r *Result) SetQuantiles(sorted []time.Duration) {
	if len(sorted) > 0 {
		r.P50, r.P95, r.P99 = at(sorted, .50), at(sorted, .95), at(sorted, .99)
	}
}

// at is the q-quantile of sorted durations in ms (nearest rank).
func at(sorted []time.Duration, q float64) float64 {
	rank := int(math.Ceil(q*float64(len(sorted)))) - 1
	return float64(sorted[max(rank, 0)]) / float64(time.Millisecond)
}
