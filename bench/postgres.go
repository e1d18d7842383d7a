package main

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/bench/drive"
	"github.com/guanxicrm/guanxi/bench/workload"
)

//go:embed pgbench
var scripts embed.FS

// pgServer names the PostgreSQL of the run; scripts/bench.sh starts it.
const pgServer = "GUANXI_TEST_PG"

// database gives the address of a database on the run's server; fresh makes
// it, which otherwise an earlier run in the same folder did.
func database(ctx context.Context, name string, fresh bool) (string, error) {
	server := os.Getenv(pgServer)
	if server == "" {
		return "", errors.New("no PostgreSQL: run this by make bench, or name a server in " + pgServer)
	}
	if fresh {
		if out, err := exec.CommandContext(ctx, "psql", "-q", server, "-c", "CREATE DATABASE "+name).CombinedOutput(); err != nil {
			return "", fmt.Errorf("psql: %w: %s", err, out)
		}
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// pgbench is PostgreSQL alone, asked by its own load program: the statements
// that the product sends, on a second set of the product's own tables, without
// the product. What the product sends is seen with log_statement = all.
type pgbench struct {
	database, program, dir string
	rows                   int
}

// startPgbench copies the product's tables, which hold the data already.
func startPgbench(ctx context.Context, dir, database string, rows int) (*pgbench, error) {
	program, err := pgbenchProgram()
	if err != nil {
		return nil, err
	}
	p := &pgbench{database, program, filepath.Join(dir, "pgbench"), rows}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	for _, op := range workload.Ops {
		text, err := script(op)
		if err != nil {
			continue // pgbench has no such call
		}
		if err := os.WriteFile(p.script(op), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	prepare, err := scripts.ReadFile("pgbench/prepare.sql")
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "psql", "-q", "-v", "ON_ERROR_STOP=1", "-v", "source=public", database)
	cmd.Stdin = bytes.NewReader(prepare)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("psql: %w: %s", err, out)
	}
	return p, nil
}

func (p *pgbench) script(op workload.Op) string { return filepath.Join(p.dir, string(op)+".sql") }

var (
	partOf = regexp.MustCompile(`\{[a-z]+\}`)
	// «…» is what stands for a parameter of the product's.
	marks = strings.NewReplacer("«", "", "»", "")
)

// script is what the product sends for an operation, put together from the
// parts that several share. That it is still so is a test of the product's
// server (TestBenchScripts).
func script(op workload.Op) (string, error) {
	text, err := scripts.ReadFile("pgbench/" + string(op) + ".sql")
	for err == nil && partOf.Match(text) {
		text = partOf.ReplaceAllFunc(text, func(name []byte) []byte {
			part, e := scripts.ReadFile("pgbench/" + string(name[1:len(name)-1]) + ".sql")
			err = errors.Join(err, e)
			return bytes.TrimSpace(part)
		})
	}
	return marks.Replace(string(text)), err
}

func pgbenchProgram() (string, error) {
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil || len(found) == 0 {
		return "", errors.New("pgbench is not installed (apt-get install postgresql-contrib)")
	}
	return found[len(found)-1], nil
}

// Name implements contestant.
func (p *pgbench) Name() string { return pgbenchName }

// Run implements contestant.
func (p *pgbench) Run(ctx context.Context, plan drive.Plan) (drive.Result, bool) {
	r := drive.Result{System: pgbenchName, Op: plan.Op, Clients: plan.Clients}
	if _, err := os.Stat(p.script(plan.Op)); err != nil {
		return r, false
	}
	prefix := filepath.Join(p.dir, fmt.Sprintf("%s-%d-%d", plan.Op, plan.Clients, plan.Seed))
	defer func() {
		logs, _ := filepath.Glob(prefix + ".*") // left-over logs lie in the run's own folder
		for _, l := range logs {
			_ = os.Remove(l)
		}
	}()
	args := []string{"-n", "-M", "prepared", "-f", p.script(plan.Op), "-c", strconv.Itoa(plan.Clients), "-j", strconv.Itoa(min(plan.Clients, 2)),
		"-D", "rows=" + strconv.Itoa(p.rows), "--log", "--log-prefix=" + prefix}
	if plan.Op == workload.Create { // a bounded number of new rows, as for the others
		args = append(args, "-t", strconv.Itoa(max(1, int(plan.MaxCalls)/plan.Clients)))
	} else {
		args = append(args, "-T", strconv.Itoa(max(1, int((plan.Warm+plan.Time).Round(time.Second)/time.Second))))
	}
	cmd := exec.CommandContext(ctx, p.program, append(args, p.database)...)
	cmd.Env = append(os.Environ(), "PGOPTIONS=-c search_path=plain")
	out, err := cmd.CombinedOutput()
	if err == nil {
		err = readLogs(&r, prefix, out)
	}
	if err != nil {
		r.Errors, r.Error = 1, err.Error()
	}
	return r, true
}

// readLogs takes the rate from what pgbench prints and the latencies from its
// transaction logs, whose third column is microseconds.
func readLogs(r *drive.Result, prefix string, printed []byte) error {
	for line := range strings.Lines(string(printed)) {
		if rest, ok := strings.CutPrefix(line, "tps = "); ok {
			rate, _, _ := strings.Cut(rest, " ")
			var err error
			if r.Rate, err = strconv.ParseFloat(rate, 64); err != nil {
				return err
			}
		}
	}
	logs, err := filepath.Glob(prefix + ".*")
	if err != nil || r.Rate == 0 {
		return fmt.Errorf("pgbench printed no rate: %s", printed)
	}
	var took []time.Duration
	for _, name := range logs {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if fields := strings.Fields(lines.Text()); len(fields) > 2 {
				us, err := strconv.ParseInt(fields[2], 10, 64)
				if err != nil {
					return err
				}
				took = append(took, time.Duration(us)*time.Microsecond)
			}
		}
		f.Close()
	}
	slices.Sort(took)
	r.Calls = len(took)
	r.SetQuantiles(took)
	return nil
}
