package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/open"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

const writers = 16

// rounds are as many as a test can wait for; all of them in a soak.
func rounds() int {
	switch {
	case os.Getenv("GUANXI_SOAK") != "":
		return 50
	case testing.Short():
		return 1
	}
	return 5
}

// A server killed at any moment loses nothing that it acknowledged, does
// nothing twice and leaves nothing half done.
func TestKill(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killLoop(t, &installation{t: t, dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		killLoop(t, &installation{t: t, dir: t.TempDir(), database: pg.Private(t)})
	})
}

func killLoop(t *testing.T, in *installation) {
	p := in.serve()
	in.setUp(p.url)
	crew := newCrew()
	for range rounds() {
		crew.work(t, p.url, in.key, 20+rand.IntN(1500), p.kill)
		p = in.serve()
		crew.check(t, in, p.url, 0)
	}
	p.kill()
	t.Logf("%d rounds, %d writers: %d acknowledged writes, none lost; of %d without an answer %d had happened, none twice; %d customers",
		rounds(), writers, crew.acknowledged(), crew.repeated, crew.happened, crew.customers())
}

// A server whose database is killed answers that nothing is certain, goes on by
// itself when the database is back, and has lost nothing that it acknowledged.
func TestKillDatabase(t *testing.T) {
	server, address := pg.PrivateServer(t)
	in := &installation{t: t, dir: t.TempDir(), database: address}
	p := in.serve()
	in.setUp(p.url)
	crew := newCrew()
	times := (rounds() + 4) / 5
	for range times {
		crew.work(t, p.url, in.key, 20+rand.IntN(1500), func() {
			if err := server.Crash(); err != nil {
				t.Error(err)
			}
		})
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
		crew.check(t, in, p.url, 100)
	}
	t.Logf("the database killed %d times: %d acknowledged writes, none lost; of %d without an answer %d had happened, none twice",
		times, crew.acknowledged(), crew.repeated, crew.happened)
}

// crew are the writers of a loop.
type crew struct {
	list     []*writer
	repeated int // writes without an answer
	happened int // of these had been done
}

func newCrew() *crew {
	c := &crew{}
	for i := range writers {
		c.list = append(c.list, &writer{name: fmt.Sprintf("w%02d", i), random: rand.New(rand.NewPCG(rand.Uint64(), uint64(i)))})
	}
	return c
}

func (c *crew) acknowledged() (n int) {
	for _, w := range c.list {
		n += w.acknowledged
	}
	return n
}

func (c *crew) customers() (n int) {
	for _, w := range c.list {
		n += len(w.rows)
	}
	return n
}

// work lets all write until the server is killed, which happens when so many
// writes are acknowledged.
func (c *crew) work(t *testing.T, url, key string, after int, kill func()) {
	t.Helper()
	var count atomic.Int64
	var wg sync.WaitGroup
	for _, w := range c.list {
		wg.Go(func() {
			cl := newClient(url, key)
			defer cl.close()
			if err := w.write(cl, func() {
				if count.Add(1) == int64(after) {
					kill()
				}
			}); err != nil {
				t.Errorf("%s: %v", w.name, err)
				kill()
			}
		})
	}
	wg.Wait()
	if n := int(count.Load()); n < after {
		t.Fatalf("the server ended by itself after %d writes", n)
	}
}

// check looks at what a killed server left: first the rows as they are, then
// the writes without an answer are repeated, then everything must be exactly
// what was asked for.
func (c *crew) check(t *testing.T, in *installation, url string, patience int) {
	t.Helper()
	cl := newClient(url, in.key)
	cl.patience = patience
	defer cl.close()
	before := cl.all(t)
	for _, w := range c.list {
		for i, row := range w.rows {
			now, ok := before[row.ID]
			switch {
			case ok && now == row:
			case ok && w.asked != nil && w.asked.row == i && now == w.asked.after:
			case !ok:
				t.Errorf("lost: %+v", row)
			default:
				t.Errorf("acknowledged %+v, there is %+v", row, now)
			}
		}
	}
	versions := int64(0)
	for _, row := range before {
		versions += row.Version
	}
	for _, w := range c.list {
		w.settle(t, cl)
		c.repeated++
	}
	after := cl.all(t)
	for _, row := range after {
		versions -= row.Version
	}
	c.happened += writers + int(versions) // each either was there or came now
	known := 0
	for _, w := range c.list {
		for _, row := range w.rows {
			known++
			if after[row.ID] != row {
				t.Errorf("after the repetition: %+v, want %+v", after[row.ID], row)
			}
		}
	}
	if known != len(after) {
		t.Errorf("%d customers, %d were made", len(after), known)
	}
	c.checkFound(t, cl)
	in.checkDoctor()
	in.checkPast()
}

// checkFound asks the search for the newest of a writer: its index follows.
func (c *crew) checkFound(t *testing.T, cl *client) {
	t.Helper()
	w := c.list[rand.IntN(writers)]
	if len(w.rows) == 0 {
		return
	}
	last := w.rows[len(w.rows)-1]
	var page struct{ Items []customer }
	cl.want(t, http.StatusOK, &page, "GET", "/records/crm.customer?fresh=true&fields=name,address&q="+url.QueryEscape(last.Name), nil)
	for _, it := range page.Items {
		if it == last {
			return
		}
	}
	t.Errorf("the search does not find %+v among %d", last, len(page.Items))
}

// checkDoctor has the program look at its own state: the database is whole, the
// audit log is unbroken, files and index are there.
func (i *installation) checkDoctor() {
	i.t.Helper()
	var out struct {
		OK       bool     `json:"ok"`
		Checks   []string `json:"checks"`
		Findings []any    `json:"findings"`
	}
	if err := i.command(&out, "doctor"); err != nil {
		i.t.Fatal(err)
	}
	if !out.OK || len(out.Checks) < 5 {
		i.t.Errorf("doctor: %+v", out)
	}
}

// checkPast reads the tables: one history entry and one audit row for each
// version of each customer, never fewer or more.
func (i *installation) checkPast() {
	i.t.Helper()
	db, err := open.Open(i.t.Context(), i.address(), open.Options{})
	if err != nil {
		i.t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			i.t.Error(err)
		}
	}()
	for _, table := range []string{"history", "audit"} {
		if n := number(i.t, db, "SELECT count(*) FROM crm_customer c LEFT JOIN (SELECT record_id, count(*) AS n FROM "+table+
			" WHERE entity = 'crm.customer' GROUP BY record_id) h ON h.record_id = c.id WHERE c.version <> coalesce(h.n, 0)"); n != 0 {
			i.t.Errorf("%s: %d customers have more or fewer entries than versions", table, n)
		}
	}
	if n := number(i.t, db, "SELECT count(*) FROM history h LEFT JOIN crm_customer c ON c.id = h.record_id WHERE h.entity = 'crm.customer' AND (c.id IS NULL OR h.version > c.version)"); n != 0 {
		i.t.Errorf("%d history entries of writes that are not there", n)
	}
	if n := number(i.t, db, "SELECT count(*) FROM (SELECT record_id, version FROM history GROUP BY record_id, version HAVING count(*) > 1) d"); n != 0 {
		i.t.Errorf("%d versions have two history entries", n)
	}
}

func number(t *testing.T, db sqldb.DB, sql string) int64 {
	t.Helper()
	var rows sqldb.Rows
	if err := db.ReadOne(t.Context(), sql, nil, []record.Kind{record.KindInt}, &rows); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return rows.At(0, 0).Int()
}
