package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/bench/drive"
	"github.com/guanxicrm/guanxi/bench/workload"
)

func result(system string, op workload.Op, clients, round int, rate float64) drive.Result {
	return drive.Result{System: system, Op: op, Clients: clients, Round: round, Rate: rate, Calls: 10, RssAnon: 40}
}

// A ratio is of medians over the rounds, so that one bad round decides nothing.
func TestRatioOfMedians(t *testing.T) {
	r := report{Database: "SQLite", Clients: []int{16}}
	for i, rate := range []float64{100, 1, 110} {
		r.add(result(floorName, workload.Open, 16, i, rate))
	}
	for i, rate := range []float64{70, 60, 5000} {
		r.add(result(measuredName, workload.Open, 16, i, rate))
	}
	if got, ok := r.ratio(measuredName, floorName, workload.Open, 16); !ok || got != 0.7 {
		t.Errorf("ratio %v %v, want 0.7", got, ok)
	}
	if _, ok := r.ratio(measuredName, floorName, workload.List, 16); ok {
		t.Error("a ratio without a measurement")
	}
}

func TestVerdicts(t *testing.T) {
	cases := []struct {
		own, floor float64
		met        bool
	}{{60, 100, true}, {59, 100, false}, {200, 100, true}}
	for _, c := range cases {
		r := report{Database: "SQLite", Clients: []int{16}}
		r.add(result(floorName, workload.Open, 16, 1, c.floor))
		r.add(result(measuredName, workload.Open, 16, 1, c.own))
		got := judge(&r)
		if len(got) != 1 || got[0].Met != c.met {
			t.Errorf("%v of %v: %+v", c.own, c.floor, got)
		}
	}
	r := report{Database: "SQLite", Loads: []loading{{System: measuredName, Rate: 9999}}, Starts: []start{{measuredName, 301, 61}}}
	for _, v := range judge(&r) {
		if v.Met {
			t.Errorf("%+v is met", v)
		}
	}
	pg := report{Database: "PostgreSQL", Clients: []int{16}}
	pg.add(result(pgbenchName, workload.Open, 16, 1, 100))
	pg.add(result(measuredName, workload.Open, 16, 1, 40))
	if got := judge(&pg); len(got) != 1 || !got[0].Met {
		t.Errorf("PostgreSQL: %+v", got)
	}
}

// A wrong answer shows in the line and fails the run.
func TestWrongAnswersShow(t *testing.T) {
	r := report{Database: "SQLite", Clients: []int{1}}
	bad := result(measuredName, workload.Open, 1, 1, 50)
	bad.Errors, bad.Error = 3, "a foreign row"
	r.add(bad)
	r.add(result(floorName, workload.Open, 1, 1, 100))
	if r.wrongAnswers() != 3 {
		t.Errorf("%d wrong answers", r.wrongAnswers())
	}
	var text bytes.Buffer
	r.text(&text)
	for line := range strings.Lines(text.String()) {
		if strings.HasPrefix(line, "W1") && strings.Contains(line, measuredName) {
			if f := strings.Fields(line); f[len(f)-2] != "3" {
				t.Errorf("the line hides the errors: %s", line)
			}
			if !strings.HasSuffix(strings.TrimSpace(line), "0.50") {
				t.Errorf("the line hides the ratio: %s", line)
			}
			return
		}
	}
	t.Errorf("no line in %s", text.String())
}
