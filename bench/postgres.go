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

// newDatabase makes an empty database on the run's server.
func newDatabase(ctx context.Context, name string) (string, error) {
	server := os.Getenv(pgServer)
	if server == "" {
		return "", errors.New("no PostgreSQL: run this by make bench, or name a server in " + pgServer)
	}
	if out, err := exec.CommandContext(ctx, "psql", "-q", server, "-c", "CREATE DATABASE "+name).CombinedOutput(); err != nil {
		return "", fmt.Errorf("psql: %w: %s", err, out)
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// pgbench is PostgreSQL alone: its own load program with the same statements,
// no HTTP, no platform.
type pgbench struct {
	database, program, dir string
	rows                   int
}

func startPgbench(ctx context.Context, dir string, rows int) (*pgbench, error) {
	program, err := pgbenchProgram()
	if err != nil {
		return nil, err
	}
	database, err := newDatabase(ctx, "gxbench_plain")
	if err != nil {
		return nil, err
	}
	p := &pgbench{database, program, filepath.Join(dir, "pgbench"), rows}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.CopyFS(p.dir, scripts); err != nil {
		return nil, err
	}
	var data bytes.Buffer
	if err := writePlain(&data, rows, false); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "psql", "-q", "-v", "ON_ERROR_STOP=1", database, "-f", filepath.Join(p.dir, "pgbench", "load.sql"))
	cmd.Stdin = &data
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("psql: %w: %s", err, out)
	}
	return p, nil
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
	script := filepath.Join(p.dir, "pgbench", string(plan.Op)+".sql")
	if _, err := os.Stat(script); err != nil {
		return r, false
	}
	prefix := filepath.Join(p.dir, fmt.Sprintf("%s-%d-%d", plan.Op, plan.Clients, plan.Seed))
	defer func() {
		logs, _ := filepath.Glob(prefix + ".*") // left-over logs lie in the run's own folder
		for _, l := range logs {
			_ = os.Remove(l)
		}
	}()
	args := []string{"-n", "-M", "prepared", "-f", script, "-c", strconv.Itoa(plan.Clients), "-j", strconv.Itoa(min(plan.Clients, 2)),
		"-D", "rows=" + strconv.Itoa(p.rows), "--log", "--log-prefix=" + prefix}
	if plan.Op == workload.Create { // a bounded number of new rows, as for the others
		args = append(args, "-t", strconv.Itoa(max(1, int(plan.MaxCalls)/plan.Clients)))
	} else {
		args = append(args, "-T", strconv.Itoa(max(1, int((plan.Warm+plan.Time).Round(time.Second)/time.Second))))
	}
	out, err := exec.CommandContext(ctx, p.program, append(args, p.database)...).CombinedOutput()
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
