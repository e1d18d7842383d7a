package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
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

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/httpraw"
	"github.com/guanxicrm/guanxi/bench/system"
	"github.com/guanxicrm/guanxi/bench/workload"
)

const (
	adminLogin    = "admin"
	adminPassword = "Bench-admin-pass!"
	// startCount is how often the server is started; the middle one counts.
	startCount = 5
)

// product is the program under measure and its installation.
type product struct {
	program, data, database string
}

// run calls the command line; stdin may be empty.
func (p product) run(ctx context.Context, stdin string, args ...string) (string, error) {
	args = append(args, "--data", p.data)
	if p.database != "" {
		args = append(args, "--database", p.database)
	}
	cmd := exec.CommandContext(ctx, p.program, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("guanxi %s: %w: %s%s", strings.Join(args, " "), err, log.String(), out.String())
	}
	return strings.TrimSpace(out.String()), nil
}

func (p product) serve(ctx context.Context) (*system.Process, error) {
	args := []string{"serve", "--data", p.data, "--listen", "{addr}"}
	if p.database != "" {
		args = append(args, "--database", p.database)
	}
	return system.Start(ctx, "/api/v1/health", time.Minute, p.program, args...)
}

func (b *bench) startGuanxi(ctx context.Context) error {
	p := product{program: b.guanxi, data: filepath.Join(b.dir, "guanxi")}
	keys := filepath.Join(b.dir, "guanxi-keys.json")
	_, err := os.Stat(keys)
	installed := err == nil
	if b.postgres {
		if p.database, err = database(ctx, "gxbench", !installed); err != nil {
			return err
		}
		b.pgDatabase = p.database
	}
	if !installed {
		if err := b.install(ctx, p, keys); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(keys)
	if err != nil {
		return err
	}
	var held []string
	if err := json.Unmarshal(text, &held); err != nil {
		return err
	}
	server, err := b.startOften(ctx, p)
	if err != nil {
		return err
	}
	b.stops = append(b.stops, server.Stop)
	b.say("learning ids")
	g, err := system.ConnectGuanxi(server.Addr, server.PID(), b.truth.Copy(), held[0], held)
	if err != nil {
		return err
	}
	b.report.Sync[measuredName] = "FULL"
	b.add(overHTTP{g})
	return b.settled(ctx, g)
}

// startOften starts the server several times and leaves the last one running.
func (b *bench) startOften(ctx context.Context, p product) (*system.Process, error) {
	var starts []start
	for i := range startCount {
		server, err := p.serve(ctx)
		if err != nil {
			return nil, err
		}
		rss, err := system.RssAnon(server.PID())
		if err != nil {
			return nil, err
		}
		starts = append(starts, start{measuredName, float64(server.First) / float64(time.Millisecond), float64(rss) / (1 << 20)})
		if i == startCount-1 {
			slices.SortFunc(starts, func(a, b start) int { return int(1000 * (a.FirstMS - b.FirstMS)) })
			b.report.Starts = append(b.report.Starts, starts[startCount/2])
			return server, nil
		}
		server.Stop()
	}
	return nil, errors.New("never started")
}

// install makes the company, its members with their role and keys, and imports
// the customers, which is W7.
func (b *bench) install(ctx context.Context, p product, keys string) error {
	b.say("guanxi: company and members")
	if _, err := p.run(ctx, adminPassword+"\n", "init", "--company", "Bench", "--currency", "CNY", "--login", adminLogin, "--password-stdin"); err != nil {
		return err
	}
	held := make([]string, dataset.Members+1)
	var err error
	if held[0], err = p.run(ctx, "", "key", "add", "--login", adminLogin); err != nil {
		return err
	}
	if err := b.staff(ctx, p, held[0]); err != nil {
		return err
	}
	for m := 1; m <= dataset.Members; m++ {
		if held[m], err = p.run(ctx, "", "key", "add", "--login", dataset.Login(m)); err != nil {
			return err
		}
	}
	if err := b.importCustomers(ctx, p); err != nil {
		return err
	}
	text, err := json.Marshal(held)
	if err != nil {
		return err
	}
	return os.WriteFile(keys, text, 0o600)
}

// importCustomers is W7: from the file to committed, checked, searchable rows.
func (b *bench) importCustomers(ctx context.Context, p product) error {
	file := filepath.Join(b.dir, "customers.csv")
	if err := writeCustomers(file, b.rows); err != nil {
		return err
	}
	b.say("guanxi: importing %d customers", b.rows)
	began := time.Now()
	out, err := p.run(ctx, "", "import", "crm.customer", file, "--key", "external_id", "--json")
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	var summary struct{ Created, Failed int }
	if err := json.Unmarshal([]byte(out), &summary); err != nil || summary.Created != b.rows {
		return fmt.Errorf("import: %d of %d created: %s", summary.Created, b.rows, out)
	}
	b.report.Loads = append(b.report.Loads, loading{measuredName, b.rows, took, float64(b.rows) / took})
	b.say("guanxi: %.0f rows/s", float64(b.rows)/took)
	return os.Remove(file)
}

// writeCustomers writes the data set with the product's own field names.
func writeCustomers(name string, rows int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.Write([]string{"external_id", "name", "owner", "phone", "email", "industry", "region", "status", "source", "amount", "source_created_at", "remark"}); err != nil {
		return err
	}
	for id := 1; id <= rows; id++ {
		c := dataset.At(id)
		err := w.Write([]string{strconv.Itoa(id), c.Name, dataset.Login(c.Owner), c.Phone, c.Email, c.Industry.Code, c.Region.Code,
			dataset.Statuses[c.Status], c.Source, c.Amount(), c.CreatedText(), c.Remark})
		if err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return f.Close()
}

// settled waits until the search index has followed the import, which it may
// do behind it, and says how long that took.
func (b *bench) settled(ctx context.Context, g *system.Guanxi) error {
	conn := &httpraw.Conn{Addr: g.Addr()}
	defer conn.Close()
	began, tick := time.Now(), time.NewTicker(100*time.Millisecond)
	defer tick.Stop()
	for id := b.rows; id > b.rows-20; {
		call := &workload.Call{Op: workload.Search, Word: dataset.Brand(id)}
		a, err := conn.Call(g.Append(nil, call))
		if err == nil {
			err = g.Check(call, a, true)
		}
		if err == nil {
			id--
			continue
		}
		if time.Since(began) > 2*time.Minute {
			return fmt.Errorf("the search index does not follow: %w", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b.say("guanxi: the search index is complete after %v", time.Since(began).Round(time.Millisecond))
	return b.calm(ctx, g)
}

// calm waits until the server has nothing left to do behind the load, and says
// how long that took: what is measured is a day's work, not the evening after.
func (b *bench) calm(ctx context.Context, g *system.Guanxi) error {
	const look, most, limit = time.Second, 0.02, 5 * time.Minute
	began, tick := time.Now(), time.NewTicker(look)
	defer tick.Stop()
	before, err := system.CPU(g.PID())
	for quiet := 0; err == nil && quiet < 2; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		var now time.Duration
		if now, err = system.CPU(g.PID()); (now - before).Seconds() < most*look.Seconds() {
			quiet++
		} else {
			quiet = 0
		}
		before = now
		if time.Since(began) > limit {
			return fmt.Errorf("the server still works %v after the load", limit)
		}
	}
	b.say("guanxi: nothing left to do after %v", time.Since(began).Round(time.Second))
	return err
}

// staff makes departments and members over the API, as an administrator
// would; all sell, under the role that a new installation brings.
func (b *bench) staff(ctx context.Context, p product, key string) error {
	server, err := p.serve(ctx)
	if err != nil {
		return err
	}
	defer server.Stop()
	api := system.NewAPI(server.Addr, key)
	defer api.Close()
	var roles struct{ Items []struct{ ID string } }
	if err := api.Call("GET", "/records/org.role?fields=code&filter="+url.QueryEscape(`code == "sales"`), nil, &roles); err != nil {
		return err
	}
	if len(roles.Items) != 1 {
		return errors.New("guanxi: no role sales")
	}
	type id struct {
		ID string `json:"id"`
	}
	departments := make([]string, dataset.Departments+1)
	for d := 1; d <= dataset.Departments; d++ {
		var made id
		if err := api.Call("POST", "/records/org.department", map[string]string{"name": fmt.Sprintf("销售%02d部", d)}, &made); err != nil {
			return err
		}
		departments[d] = made.ID
	}
	for m := 1; m <= dataset.Members; m++ {
		member := struct {
			Name       string   `json:"name"`
			Login      string   `json:"login"`
			ExternalID string   `json:"external_id"`
			Department string   `json:"department"`
			Roles      []string `json:"roles"`
		}{dataset.Login(m), dataset.Login(m), dataset.Login(m), departments[dataset.Department(m)], []string{roles.Items[0].ID}}
		if err := api.Call("POST", "/records/org.member", member, nil); err != nil {
			return err
		}
	}
	return nil
}
