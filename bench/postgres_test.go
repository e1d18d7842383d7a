package main

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/workload"
)

// Every script is whole: no part is left unnamed, no text holds a colon that
// pgbench would take for a variable.
func TestScripts(t *testing.T) {
	made := 0
	for _, op := range workload.Ops {
		text, err := script(op)
		if op == workload.Search || op == workload.Report {
			if err == nil {
				t.Errorf("%s has a script", op)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		made++
		if strings.ContainsAny(text, "{}«»") {
			t.Errorf("%s: a part is missing: %s", op, text)
		}
		known := map[string]bool{"rows": true}
		for line := range strings.Lines(text) {
			if f := strings.Fields(line); len(f) > 1 && f[0] == `\set` {
				known[f[1]] = true
			}
			rest := strings.ReplaceAll(line, "::", "")
			for {
				_, after, ok := strings.Cut(rest, ":")
				if !ok {
					break
				}
				name := after[:strings.IndexFunc(after+" ", func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })]
				if !known[name] {
					t.Errorf("%s: variable %q is not set: %s", op, name, line)
				}
				rest = after
			}
		}
		if n := strings.Count(text, ";\n"); n < 2 {
			t.Errorf("%s has %d statements", op, n)
		}
		if status := "ARRAY['" + strings.Join(dataset.Statuses[:], "', '") + "']"; strings.Contains(text, "ARRAY['lead'") && !strings.Contains(text, status) {
			t.Errorf("%s asks other statuses than the data set has: %s", op, text)
		}
	}
	if made != 6 {
		t.Errorf("%d scripts, want 6", made)
	}
}
