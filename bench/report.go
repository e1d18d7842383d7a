package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/drive"
	"github.com/guanxicrm/guanxi/bench/system"
	"github.com/guanxicrm/guanxi/bench/workload"
)

// report is what a run found; its JSON is written beside the text.
type report struct {
	Date     time.Time         `json:"date"`
	Commit   string            `json:"commit"`
	Cores    int               `json:"cores"`
	Seed     int64             `json:"seed"`
	Rows     int               `json:"rows"`
	Rounds   int               `json:"rounds"`
	Clients  []int             `json:"clients"`
	Seconds  float64           `json:"seconds_each"`
	Database string            `json:"database"`
	Sync     map[string]string `json:"synchronous"`
	Starts   []start           `json:"starts"`
	Loads    []loading         `json:"loads"`
	Calls    []drive.Result    `json:"calls"`
	Verdicts []verdict         `json:"verdicts"`
}

// start of a process: how long to its first answer, how much memory of its
// own when nothing was asked yet.
type start struct {
	System  string  `json:"system"`
	FirstMS float64 `json:"first_answer_ms"`
	IdleMiB float64 `json:"idle_rss_anon_mib"`
}

// loading is W7: the data set from a file into the system.
type loading struct {
	System  string  `json:"system"`
	Rows    int     `json:"rows"`
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"rows_per_s"`
}

func (r *report) begin(s *settings) {
	commit, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		commit = []byte("unknown")
	}
	*r = report{Date: time.Now().UTC().Truncate(time.Second), Commit: strings.TrimSpace(string(commit)), Cores: runtime.NumCPU(), Seed: dataset.Seed,
		Rows: s.rows, Rounds: s.rounds, Clients: s.clients, Seconds: s.length.Seconds(), Database: "SQLite", Sync: map[string]string{"floor": s.sync}}
	if s.postgres {
		r.Database = "PostgreSQL"
	}
}

func (r *report) started(name string, p *system.Process) {
	rss, err := system.RssAnon(p.PID())
	if err != nil {
		rss = -1 << 20
	}
	r.Starts = append(r.Starts, start{name, float64(p.First) / float64(time.Millisecond), float64(rss) / (1 << 20)})
}

func (r *report) add(c drive.Result) { r.Calls = append(r.Calls, c) }

func (r *report) wrongAnswers() (n int) {
	for _, c := range r.Calls {
		n += c.Errors
	}
	return n
}

func (r *report) systems() []string {
	var out []string
	for _, c := range r.Calls {
		if !slices.Contains(out, c.System) {
			out = append(out, c.System)
		}
	}
	slices.Sort(out)
	return out
}

// median over the rounds of one figure; ok is false without a measurement.
func (r *report) median(name string, op workload.Op, clients int, figure func(drive.Result) float64) (float64, bool) {
	var list []float64
	for _, c := range r.Calls {
		if c.System == name && c.Op == op && c.Clients == clients {
			list = append(list, figure(c))
		}
	}
	if len(list) == 0 {
		return 0, false
	}
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2, true
}

func rate(c drive.Result) float64 { return c.Rate }

// base is what the others are compared with.
func (r *report) base() string {
	if r.Database == "PostgreSQL" {
		return pgbenchName
	}
	return floorName
}

// ratio of a system's rate to another's.
func (r *report) ratio(name, base string, op workload.Op, clients int) (float64, bool) {
	own, ok1 := r.median(name, op, clients, rate)
	other, ok2 := r.median(base, op, clients, rate)
	if !ok1 || !ok2 || other == 0 {
		return 0, false
	}
	return own / other, true
}

func (r *report) finish() { r.Verdicts = judge(r) }

func (r *report) save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%d", strings.ToLower(r.Database), r.Rows)
	if err := os.WriteFile(filepath.Join(dir, name+".json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, name+".txt"))
	if err != nil {
		return err
	}
	r.text(f)
	return f.Close()
}

func (r *report) text(w io.Writer) {
	fmt.Fprintf(w, "\n%s, commit %s, %d cores, %s, %d customers (seed %x), %d rounds of %g s, medians over the rounds\n",
		r.Date.Format(time.RFC3339), r.Commit, r.Cores, r.Database, r.Rows, r.Seed, r.Rounds, r.Seconds)
	for _, name := range r.systems() {
		if mode := r.Sync[name]; mode != "" {
			fmt.Fprintf(w, "%s: synchronous=%s\n", name, mode)
		}
	}
	for _, s := range r.Starts {
		fmt.Fprintf(w, "%s: first answer after %.0f ms, %.1f MiB of its own memory then\n", s.System, s.FirstMS, s.IdleMiB)
	}
	for _, l := range r.Loads {
		fmt.Fprintf(w, "W7 %s: %d rows in %.1f s, %.0f rows/s\n", l.System, l.Rows, l.Seconds, l.Rate)
	}
	fmt.Fprintf(w, "\n%-4s %7s  %-10s %10s %8s %8s %8s %9s %9s %8s %6s  %s\n", "", "clients", "system", "calls/s", "p50 ms", "p95", "p99", "CPU ms", "own MiB", "bytes", "errors", "/ "+r.base())
	for _, op := range workload.Ops {
		for _, clients := range r.Clients {
			for _, name := range r.systems() {
				r.line(w, op, clients, name)
			}
		}
	}
	if len(r.Verdicts) > 0 {
		if r.Rows < barRows {
			fmt.Fprintf(w, "\nThe bars are set for %d customers: fewer rows flatter the floor in W2b and W8.\n", barRows)
		}
		fmt.Fprintf(w, "\n%-28s %10s %10s\n", "bar", "wanted", "measured")
		for _, v := range r.Verdicts {
			fmt.Fprintf(w, "%-28s %10s %10s  %s\n", v.Bar, v.Want, v.Got, v.word())
		}
	}
}

func (r *report) line(w io.Writer, op workload.Op, clients int, name string) {
	get := func(f func(drive.Result) float64) float64 {
		v, _ := r.median(name, op, clients, f)
		return v
	}
	if _, ok := r.median(name, op, clients, rate); !ok {
		return
	}
	errors := 0
	for _, c := range r.Calls {
		if c.System == name && c.Op == op && c.Clients == clients {
			errors += c.Errors
		}
	}
	to := ""
	if q, ok := r.ratio(name, r.base(), op, clients); ok && name != r.base() {
		to = fmt.Sprintf("%.2f", q)
	}
	fmt.Fprintf(w, "%-4s %7d  %-10s %10.1f %8.2f %8.2f %8.2f %9.3f %9.1f %8.0f %6d  %s\n", op, clients, name, get(rate),
		get(func(c drive.Result) float64 { return c.P50 }), get(func(c drive.Result) float64 { return c.P95 }), get(func(c drive.Result) float64 { return c.P99 }),
		get(func(c drive.Result) float64 { return c.CPU }), get(func(c drive.Result) float64 { return c.RssAnon }), get(func(c drive.Result) float64 { return float64(c.Bytes) }), errors, to)
}
