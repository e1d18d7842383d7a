package drive

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/httpraw"
	"github.com/guanxicrm/guanxi/bench/system"
	"github.com/guanxicrm/guanxi/bench/workload"
)

// small is a real server that answers right or wrong as told.
type small struct {
	system.System
	addr  string
	truth *dataset.Truth
}

func (s small) Name() string          { return "small" }
func (s small) Addr() string          { return s.addr }
func (s small) PID() int              { return 0 }
func (s small) Truth() *dataset.Truth { return s.truth }

func (s small) Append(buf []byte, c *workload.Call) []byte {
	if c.Op == workload.Report {
		return buf
	}
	return httpraw.Body(httpraw.Request(buf, "GET", "/", "Host: x\r\n"), nil)
}

func (s small) Check(_ *workload.Call, a httpraw.Answer, _ bool) error {
	if a.Status != 200 {
		return http.ErrNotSupported
	}
	return nil
}

func TestRun(t *testing.T) {
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1)%10 == 0 { // one answer in ten is wrong
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(srv.Close)
	sys := small{addr: strings.TrimPrefix(srv.URL, "http://"), truth: dataset.NewTruth(1000)}
	plan := Plan{Op: workload.Open, Clients: 4, Time: 10 * time.Second, MaxCalls: 100, Next: func() int { return 0 }}
	r, ok := Run(t.Context(), sys, plan)
	if !ok || r.Calls != 100 || asked.Load() != 100 {
		t.Errorf("%d calls counted, %d asked, want the budget of 100", r.Calls, asked.Load())
	}
	if r.Errors != 10 || r.Error == "" {
		t.Errorf("%d wrong answers counted (%q), want 10", r.Errors, r.Error)
	}
	if r.Rate <= 0 || r.P50 <= 0 || r.P99 < r.P50 {
		t.Errorf("%+v", r)
	}
	if _, ok := Run(t.Context(), sys, Plan{Op: workload.Report, Clients: 1, Time: time.Second, MaxCalls: 1, Next: plan.Next}); ok {
		t.Error("a call that the system does not have was measured")
	}
}

// A created row counts once it is acknowledged, and never before.
func TestAcknowledgedRowsAreTrue(t *testing.T) {
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1)%2 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(srv.Close)
	sys := small{addr: strings.TrimPrefix(srv.URL, "http://"), truth: dataset.NewTruth(1000)}
	var next atomic.Int64
	next.Store(1000)
	Run(t.Context(), sys, Plan{Op: workload.Create, Clients: 1, Time: 10 * time.Second, MaxCalls: 20, Next: func() int { return int(next.Add(1)) }})
	if n, _ := sys.truth.All(); n != 1010 {
		t.Errorf("%d rows after 10 of 20 creates were acknowledged", n)
	}
}

func TestQuantiles(t *testing.T) {
	var sorted []time.Duration
	for i := 1; i <= 100; i++ {
		sorted = append(sorted, time.Duration(i)*time.Millisecond)
	}
	var r Result
	r.SetQuantiles(sorted)
	if r.P50 != 50 || r.P95 != 95 || r.P99 != 99 {
		t.Errorf("%v %v %v", r.P50, r.P95, r.P99)
	}
	r.SetQuantiles(sorted[:1])
	if r.P50 != 1 || r.P99 != 1 {
		t.Errorf("one value: %v %v", r.P50, r.P99)
	}
}
