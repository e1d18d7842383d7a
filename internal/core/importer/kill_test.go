package importer_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// childVariable tells the process that is to be killed where to import what:
// folder, database, file.
const childVariable = "GUANXI_TEST_IMPORT_CHILD"

const killRows = 6000

// killAfterChunks is how many chunks an import reports before it is killed.
const killAfterChunks = 1

// killOptions have no key: a row that went in twice would be there twice.
func killOptions(file string) importer.Options {
	return importer.Options{Entity: "crm.customer", Path: file}
}

// An import whose process is killed in the middle goes on when the same command
// is given again: every row is there once, under one changeset.
func TestKilledImport(t *testing.T) {
	if how := os.Getenv(childVariable); how != "" {
		importUntilKilled(t, strings.Split(how, "\n"))
		return
	}
	if testing.Short() {
		return // under the race detector most of it is waiting to be killed: the loops do it
	}
	for name, database := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": pg.Private} {
		t.Run(name, func(t *testing.T) { killOnce(t, database(t)) })
	}
}

func importUntilKilled(t *testing.T, how []string) {
	c := company.Open(t, company.Options{Dir: how[0], Database: how[1]})
	actor := access.System("import by a test")
	reports := 0
	_, err := importer.Run(context.Background(), importer.Deps{Engine: c.App.Engine, Texts: c.App.Texts}, actor, killOptions(how[2]),
		func(done, _ int) {
			fmt.Fprintf(os.Stdout, "done %d\n", done)
			if reports++; reports > killAfterChunks { // no further than that, however long the killer takes
				select {}
			}
		})
	if err != nil {
		t.Fatal(err)
	}
}

func killOnce(t *testing.T, database string) {
	dir, file := t.TempDir(), t.TempDir()+"/kill.csv"
	var b strings.Builder
	b.WriteString("name,external_id,level,parent\n")
	for i := range killRows {
		level, parent := "a", ""
		if i%1000 == 999 {
			level = "no such level"
		}
		if i%100 == 7 {
			parent = fmt.Sprintf("k%d", killRows-i-1) // of a row that comes later, or came before
		}
		fmt.Fprintf(&b, "企业%d,k%d,%s,%s\n", i, i, level, parent)
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	killed := killAfter(t, killAfterChunks, strings.Join([]string{dir, database, file}, "\n"))
	h := &house{company.Open(t, company.Options{Dir: dir, Database: database}), t, access.System("import by a test")}
	there := len(h.all("crm.customer"))
	if there == 0 || there >= killRows-6 {
		t.Fatalf("killed after %q, %d customers are there", killed, there)
	}
	s := h.run(killOptions(file), counts{created: killRows - 6, failed: 6})
	if s.Resumed == 0 || len(s.Errors) != 6 || s.Errors[0].Line != 1001 || s.Errors[5].Line != 6001 {
		t.Errorf("resumed after %d, errors %v", s.Resumed, s.Errors)
	}
	seen := map[string]bool{}
	for _, r := range h.all("crm.customer") {
		key := r.Get("external_id").Str()
		if seen[key] {
			t.Errorf("%s is there twice", key)
		}
		seen[key] = true
	}
	if len(seen) != killRows-6 {
		t.Errorf("%d customers", len(seen))
	}
	if p := h.by("crm.customer", "external_id", "k7").Get("parent").Int(); p != h.by("crm.customer", "external_id", fmt.Sprintf("k%d", killRows-8)).ID() {
		t.Error("the parent of a row is not the one that the file names")
	}
	if report := h.undo(s.Changeset); report.Undone != killRows-6 || len(report.Conflicts) > 0 || len(h.all("crm.customer")) != 0 {
		t.Errorf("undo: %d, %v", report.Undone, report.Conflicts)
	}
}

// killAfter runs the import in a process of its own and kills that after some
// chunks; it gives the last line that it wrote.
func killAfter(t *testing.T, chunks int, how string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestKilledImport$")
	cmd.Env = append(os.Environ(), childVariable+"="+how)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last, n := "", 0
	for in := bufio.NewScanner(out); in.Scan(); {
		if !strings.HasPrefix(in.Text(), "done ") {
			continue
		}
		last = in.Text()
		if n++; n == chunks {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // killed
	return last
}
