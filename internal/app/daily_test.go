package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
)

// morning is 10:00 in Shanghai.
var morning = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

func backups(t *testing.T, a *App) []string {
	t.Helper()
	list, err := a.Backups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, b := range list {
		out = append(out, b.Name)
	}
	return out
}

// within waits until fn is true.
func within(t *testing.T, what string, fn func() bool) {
	t.Helper()
	deadline, tick := time.NewTimer(30*time.Second), time.NewTicker(5*time.Millisecond)
	defer deadline.Stop()
	defer tick.Stop()
	for !fn() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// known waits until the runner has seen schedules.
func known(t *testing.T, a *App, names ...string) {
	t.Helper()
	for _, name := range names {
		within(t, name, func() bool {
			var rows sqldb.Rows
			err := a.DB.ReadOne(t.Context(), "SELECT tick FROM job_tick WHERE name = '"+name+"'", nil, []record.Kind{record.KindInt}, &rows)
			if err != nil {
				t.Fatal(err)
			}
			return rows.Len() > 0
		})
	}
}

// ended waits until the newest job of a kind is over, and gives it.
func ended(t *testing.T, a *App, kind string, after id.ID) (out jobs.Job) {
	t.Helper()
	within(t, "the end of "+kind, func() bool {
		var list []jobs.Job
		err := a.DB.Read(t.Context(), func(q sqldb.Querier) (err error) {
			list, err = jobs.List(t.Context(), q, jobs.Filter{Kind: kind, Limit: 1})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || list[0].ID <= after || !list[0].State.Over() {
			return false
		}
		out = list[0]
		return true
	})
	return out
}

// The daily run happens at its time, in the company's zone, once; a changed
// time holds from the next day on; as many are kept as the settings say.
func TestDailyBackup(t *testing.T) {
	databases(t, func(t *testing.T, address func() string) {
		c := clock.NewFake(morning)
		a := quiet(t, Options{Clock: c, Database: address()})
		defer shut(t, a)
		setUp(t, a)
		keep(t, a, func(s *customize.Company) { s.BackupKeep = 2 })
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); a.Runner.Run(ctx) }()
		defer func() { stop(); <-done }()
		at := func(when time.Time) {
			c.Set(when)
			a.Queue.Wake() // the runner may be between reading the clock and waiting for it
		}

		known(t, a, "backup 02:00 Asia/Shanghai", "maintain 03:30 Asia/Shanghai")
		night := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC) // 02:00 of the 23rd in Shanghai
		at(night.Add(-time.Second))
		if got := backups(t, a); len(got) != 0 {
			t.Fatalf("before its time: %q", got)
		}
		at(night.Add(time.Second))
		job := ended(t, a, kindBackup, 0)
		if job.State != jobs.Done {
			t.Fatalf("%+v", job.Error)
		}
		if got := backups(t, a); len(got) != 1 || got[0] != "guanxi-20261123-020001.gxbackup" {
			t.Fatalf("%q", got)
		}
		at(night.Add(6 * time.Hour))
		if ended(t, a, kindMaintain, 0).State != jobs.Done { // it comes at 03:30, and the backup not again
			t.Error("no maintenance")
		}
		if got := backups(t, a); len(got) != 1 {
			t.Errorf("a second one on the same day: %q", got)
		}
		keep(t, a, func(s *customize.Company) { s.BackupAt = "04:00" })
		at(night.Add(6*time.Hour + time.Minute)) // 08:01: today's new time is past and stays so
		known(t, a, "backup 04:00 Asia/Shanghai")
		at(night.Add(26*time.Hour - time.Second))
		if got := backups(t, a); len(got) != 1 {
			t.Errorf("before the new time: %q", got)
		}
		for day := range 2 {
			at(night.Add(time.Duration(26+24*day)*time.Hour + time.Second))
			if job = ended(t, a, kindBackup, job.ID); job.State != jobs.Done {
				t.Fatalf("%+v", job.Error)
			}
		}
		if got := backups(t, a); len(got) != 2 || got[0] != "guanxi-20261125-040001.gxbackup" || got[1] != "guanxi-20261124-040001.gxbackup" {
			t.Errorf("kept %q", got)
		}
		// One asked for by hand comes at once.
		c.Advance(time.Second)
		if _, err := a.Backup(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if ended(t, a, kindBackup, job.ID).State != jobs.Done {
			t.Error("the one asked for")
		}
	})
}

func keep(t *testing.T, a *App, change func(*customize.Company)) {
	t.Helper()
	s, _, err := a.Customize.Company(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	change(&s)
	if err := a.DB.Write(t.Context(), func(tx sqldb.Tx) error { return a.Customize.SaveCompany(t.Context(), tx, s) }); err != nil {
		t.Fatal(err)
	}
}

// The nightly care mends and clears what it should, and nothing else.
func TestMaintenance(t *testing.T) {
	databases(t, func(t *testing.T, address func() string) {
		c := clock.NewFake(morning)
		a := quiet(t, Options{Clock: c, Database: address()})
		defer shut(t, a)
		setUp(t, a)
		ctx := t.Context()
		admin, _ := a.Dir.MemberByLogin("admin")
		actor, _ := a.Rights.Actor(admin.ID)
		var firm int64
		err := a.Engine.InTx(ctx, access.System("test"), func(s *records.Session) (err error) {
			firm, err = s.Create(ctx, customer.Entity.Name, func(r *record.Record) {
				customer.Name.Set(r, "云腾")
				customer.Owner.Set(r, admin.ID)
			})
			if err == nil {
				_, err = s.Create(ctx, contact.Entity.Name, func(r *record.Record) {
					contact.Name.Set(r, "王芳")
					contact.Customer.Set(r, firm)
					contact.Owner.Set(r, admin.ID)
				})
			}
			if err == nil {
				err = s.Keep(records.KeyUse{Key: "key", Hash: []byte("hash")}, records.Answer{Status: 201})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		used, err := a.Files.Put(ctx, bytes.NewReader([]byte("used")), 0)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]int64{}
		for _, name := range []string{"taken", "imported", "failed rows", "left"} {
			f, err := a.Engine.AddFile(ctx, actor, records.FileRow{Blob: used.Name, Name: name, Mime: "text/plain"})
			if err != nil {
				t.Fatal(err)
			}
			files[name] = f.ID
		}
		sql(t, a, fmt.Sprintf("UPDATE file SET entity = 'crm.customer', record_id = %d WHERE id = %d", firm, files["taken"]))
		for _, job := range []jobs.Job{
			{Kind: "test", Payload: fmt.Sprintf(`{"who":1,"file":%d}`, files["imported"])},
			{Kind: "test", Payload: fmt.Sprintf(`{"failed_file":%q}`, id.ID(files["failed rows"]).String())},
		} {
			if err := a.DB.Write(ctx, func(tx sqldb.Tx) error { _, err := a.Queue.Enqueue(ctx, tx, job); return err }); err != nil {
				t.Fatal(err)
			}
		}
		orphan, err := a.Files.Put(ctx, bytes.NewReader([]byte("orphan")), 0)
		if err != nil {
			t.Fatal(err)
		}
		count := func(sql string) int64 {
			t.Helper()
			var rows sqldb.Rows
			if err := a.DB.ReadOne(ctx, sql, nil, []record.Kind{record.KindInt}, &rows); err != nil {
				t.Fatal(err)
			}
			return rows.At(0, 0).Int()
		}
		spoil := func() {
			t.Helper()
			err := a.DB.Write(ctx, func(tx sqldb.Tx) error {
				_, err := tx.Exec(ctx, "UPDATE crm_customer SET contact_count = 77")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		maintain := func() {
			t.Helper()
			if err := a.maintain(ctx, &jobs.Work{}); err != nil {
				t.Fatal(err)
			}
		}
		has := func(name string) bool {
			t.Helper()
			ok, err := a.Files.Has(ctx, name)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}

		spoil()
		maintain()
		if n := count("SELECT contact_count FROM crm_customer"); n != 1 {
			t.Errorf("the roll-up is %d", n)
		}
		if !has(orphan.Name) || count("SELECT count(*) FROM idempotency") != 1 {
			t.Error("what is young was cleared")
		}
		if n := count("SELECT count(*) FROM file"); n != 4 {
			t.Errorf("%d files are left on the first day", n)
		}
		// A file's age is that of the disk.
		old := morning.Add(-48 * time.Hour)
		for _, name := range []string{orphan.Name, used.Name} {
			if err := os.Chtimes(filepath.Join(a.DataDir, filesDir, name[:2], name[2:4], name), old, old); err != nil {
				t.Fatal(err)
			}
		}
		c.Advance(25 * time.Hour)
		release := a.Files.Protect() // a backup runs
		maintain()
		if !has(orphan.Name) {
			t.Error("swept under a running backup")
		}
		release()
		maintain()
		if has(orphan.Name) || !has(used.Name) {
			t.Error("swept the wrong file")
		}
		if n := count("SELECT count(*) FROM file"); n != 3 || count(fmt.Sprint("SELECT count(*) FROM file WHERE id = ", files["left"])) != 0 {
			t.Errorf("%d files are kept, or not those that a record or a job has", n)
		}
		if n := count("SELECT count(*) FROM idempotency"); n != 0 {
			t.Errorf("%d answers are kept", n)
		}
		events := count("SELECT count(*) FROM outbox")
		c.Advance(8 * 24 * time.Hour)
		maintain()
		if n := count("SELECT count(*) FROM outbox"); n >= events || n == 0 {
			t.Errorf("%d of %d events are kept", n, events)
		}
	})
}

// A job that ran when the process died goes on with the next start: on SQLite
// at once, not when its lease ends.
func TestJobsGoOnAfterACrash(t *testing.T) {
	a := quiet(t, Options{})
	defer shut(t, a)
	setUp(t, a)
	if _, err := a.Backup(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	sql(t, a, "UPDATE job SET state = 'running', tries = 1, fence = 1, lease_until = 9000000000000000")
	a.Start()
	if job := ended(t, a, kindBackup, 0); job.State != jobs.Done || job.Tries != 2 {
		t.Errorf("%+v", job)
	}
	if len(backups(t, a)) != 1 {
		t.Error("no backup")
	}
}

// The audit log is kept as long as the company says, and stays verifiable.
func TestAuditIsKeptAsLongAsAskedFor(t *testing.T) {
	// Transactions of other tests would hold the sealer back on a server that
	// they share.
	alone(t, func(t *testing.T, address func() string) {
		c := clock.NewFake(morning)
		a := quiet(t, Options{Clock: c, Database: address()})
		defer shut(t, a)
		setUp(t, a)
		ctx := t.Context()
		rows := func(condition string) int64 {
			t.Helper()
			var rows sqldb.Rows
			if err := a.DB.ReadOne(ctx, "SELECT count(*) FROM audit WHERE "+condition, nil, []record.Kind{record.KindInt}, &rows); err != nil {
				t.Fatal(err)
			}
			return rows.At(0, 0).Int()
		}
		seal := func() {
			t.Helper()
			if n, err := a.sealer().Seal(ctx); err != nil || n == 0 {
				t.Fatalf("sealed %d, %v", n, err)
			}
		}
		seal()
		before := rows("1 = 1")
		c.Advance(400 * 24 * time.Hour)
		a.Engine.AuditAccess(ctx, access.System("test"), "late", 0, true, "")
		seal()
		maintain := func() {
			t.Helper()
			if err := a.maintain(ctx, &jobs.Work{}); err != nil {
				t.Fatal(err)
			}
		}
		maintain()
		if n := rows("1 = 1"); n <= before {
			t.Fatalf("%d of %d rows are kept although nobody asked for less", n, before)
		}
		s, _, err := a.Customize.Company(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for keep, ok := range map[int]bool{0: true, 1: false, 183: false, 184: true, 36501: false} {
			if s.AuditKeep = keep; (s.Check() == nil) != ok {
				t.Errorf("%d days: %v", keep, s.Check())
			}
		}
		s.AuditKeep = 200
		if err := a.DB.Write(ctx, func(tx sqldb.Tx) error { return a.Customize.SaveCompany(ctx, tx, s) }); err != nil {
			t.Fatal(err)
		}
		maintain()
		if n := rows("action = 'late'"); n != 1 || rows("action = 'audit_trim'") != 1 || rows("action = 'create'") != 0 {
			t.Errorf("%d late rows, %d of the trimming, %d old ones", n, rows("action = 'audit_trim'"), rows("action = 'create'"))
		}
		seal()
		for _, f := range examine(t, a).Findings {
			if f.Key == "error.audit_fault" {
				t.Errorf("%+v", f)
			}
		}
	})
}
