package main

import (
	"fmt"

	"github.com/guanxicrm/guanxi/bench/drive"
	"github.com/guanxicrm/guanxi/bench/workload"
)

// verdict is one bar and what was measured.
type verdict struct {
	Bar  string `json:"bar"`
	Want string `json:"want"`
	Got  string `json:"got"`
	Met  bool   `json:"met"`
}

func (v verdict) word() string {
	if v.Met {
		return "met"
	}
	return "MISSED"
}

// bars are the least ratios to the floor (pgbench, on PostgreSQL) of the first
// milestone. A read is judged at 16 clients, a write where it says.
var bars = []struct {
	op      workload.Op
	clients int
	least   float64
}{
	{workload.Open, 16, 0.6},
	{workload.List, 16, 0.7},
	{workload.Wide, 16, 5},
	{workload.Own, 16, 0.7},
	{workload.Search, 16, 0.4},
	{workload.Create, 1, 0.4},
	{workload.Create, 64, 1.0},
	{workload.Update, 1, 0.4},
	{workload.Update, 64, 0.8},
	{workload.Report, 1, 0.5},
}

// postgresBar is the least ratio to pgbench with the same statements.
const postgresBar = 0.4

// The bars that are no ratios, and the size that all are set for.
const (
	barRows       = 1_000_000
	importBar     = 10_000.0 // rows a second
	startBar      = 300.0    // ms
	idleBar       = 60.0     // MiB
	busyBar       = 256.0    // MiB, at 64 clients
	measuredName  = "guanxi"
	floorName     = "floor"
	pgbenchName   = "pgbench"
	busyAtClients = 64
)

func judge(r *report) []verdict {
	var out []verdict
	if r.Database == "PostgreSQL" {
		return judgePostgres(r)
	}
	for _, b := range bars {
		if got, ok := r.ratio(measuredName, floorName, b.op, b.clients); ok {
			out = append(out, verdict{fmt.Sprintf("%s at %d clients / floor", b.op, b.clients), fmt.Sprintf("≥ %g", b.least), fmt.Sprintf("%.2f", got), got >= b.least})
		}
	}
	return append(out, judgePlain(r)...)
}

func judgePlain(r *report) []verdict {
	var out []verdict
	for _, l := range r.Loads {
		if l.System == measuredName {
			out = append(out, verdict{"W7 rows/s", fmt.Sprintf("≥ %.0f", importBar), fmt.Sprintf("%.0f", l.Rate), l.Rate >= importBar})
		}
	}
	for _, s := range r.Starts {
		if s.System == measuredName {
			out = append(out, verdict{"first answer, ms", fmt.Sprintf("≤ %.0f", startBar), fmt.Sprintf("%.0f", s.FirstMS), s.FirstMS <= startBar},
				verdict{"idle memory, MiB", fmt.Sprintf("≤ %.0f", idleBar), fmt.Sprintf("%.1f", s.IdleMiB), s.IdleMiB <= idleBar})
		}
	}
	most := 0.0
	for _, op := range workload.Ops {
		if v, ok := r.median(measuredName, op, busyAtClients, func(c drive.Result) float64 { return c.RssAnon }); ok {
			most = max(most, v)
		}
	}
	if most > 0 {
		out = append(out, verdict{"memory at 64 clients, MiB", fmt.Sprintf("≤ %.0f", busyBar), fmt.Sprintf("%.1f", most), most <= busyBar})
	}
	return out
}

func judgePostgres(r *report) []verdict {
	var out []verdict
	for _, op := range []workload.Op{workload.Open, workload.List, workload.Wide, workload.Own, workload.Create, workload.Update} {
		for _, clients := range r.Clients {
			if got, ok := r.ratio(measuredName, pgbenchName, op, clients); ok {
				out = append(out, verdict{fmt.Sprintf("%s at %d clients / pgbench", op, clients), fmt.Sprintf("≥ %g", postgresBar), fmt.Sprintf("%.2f", got), got >= postgresBar})
			}
		}
	}
	return append(out, judgePlain(r)...)
}
