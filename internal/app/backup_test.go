package app

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/dump"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/open"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

const testPassword = "Kite-plum-29-river"

// databases gives an address of each kind: "" is SQLite in the data folder.
func databases(t *testing.T, fn func(t *testing.T, address func() string)) {
	t.Helper()
	onBoth(t, pg.URL, fn)
}

// alone is databases on a PostgreSQL that no other test uses.
func alone(t *testing.T, fn func(t *testing.T, address func() string)) {
	t.Helper()
	onBoth(t, pg.Private, fn)
}

func onBoth(t *testing.T, postgres func(testing.TB) string, fn func(t *testing.T, address func() string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, func() string { return "" }) })
	t.Run("postgres", func(t *testing.T) { fn(t, func() string { return postgres(t) }) })
}

// quiet is an installation without background work, so that its rows stand
// still. The caller closes it.
func quiet(t *testing.T, o Options) *App {
	t.Helper()
	if o.DataDir == "" {
		o.DataDir = t.TempDir()
	}
	o.Version, o.Hash, o.Words = "test", session.Cost{MemoryKiB: 64, Rounds: 1}, wordsOfTests(t)
	o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	a, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wordsRead are the program's words, read once for all tests.
var wordsRead = sync.OnceValues(Words)

func wordsOfTests(t *testing.T) *i18n.Bundle {
	t.Helper()
	words, err := wordsRead()
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// setUp makes the company and gives its recovery passphrase.
func setUp(t *testing.T, a *App) string {
	t.Helper()
	passphrase, err := a.Setup(t.Context(), api.SetupInput{Company: "云腾科技", Currency: "CNY", Login: "admin", Name: "管理员", Password: testPassword})
	if err != nil {
		t.Fatal(err)
	}
	return passphrase
}

func shut(t *testing.T, a *App) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// someCustomers is how many customers a filled installation has: more than a page.
const someCustomers = 110

// customersHere is how many have to come back from a backup.
func customersHere() int {
	if testing.Short() {
		return someCustomers
	}
	return 300
}

// fill puts something of everything into an installation.
func fill(t *testing.T, a *App) {
	t.Helper()
	fillWith(t, a, someCustomers)
}

func fillWith(t *testing.T, a *App, customers int) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(a.Customize.AddEntity(ctx, entity.EntityPatch{Name: "x.city", Label: schema.Labels{"zh-CN": "城市"}}))
	must(a.Customize.AddField(ctx, entity.FieldPatch{Entity: "x.city", Key: "code", Type: "text", Label: schema.Labels{"zh-CN": "代码"}}))
	must(a.Customize.AddField(ctx, entity.FieldPatch{Entity: "crm.customer", Key: "mood", Type: "text", Label: schema.Labels{"zh-CN": "心情"}}))
	admin, _ := a.Dir.MemberByLogin("admin")
	actor, _ := a.Rights.Actor(admin.ID)
	var blobs []record.Value
	for i := range 3 {
		b, err := a.Files.Put(ctx, strings.NewReader(strings.Repeat(fmt.Sprint("附件", i), 40_000*i)), 0)
		must(err)
		f, err := a.Engine.AddFile(ctx, actor, records.FileRow{Blob: b.Name, Name: "a.txt", Size: b.Size, Mime: "text/plain"})
		must(err)
		blobs = append(blobs, record.Int(f.ID))
	}
	must(a.Engine.InTx(ctx, access.System("test"), func(s *records.Session) error {
		var first int64
		for i := range customers {
			n, err := s.Create(ctx, customer.Entity.Name, func(r *record.Record) {
				customer.Name.Set(r, fmt.Sprintf("上海%03d贸易有限公司", i))
				customer.Owner.Set(r, admin.ID)
				customer.Phones.Set(r, []record.Value{record.Text("021-5555000" + fmt.Sprint(i%10)), record.Text("13800138000")})
				if i%7 == 0 {
					customer.Remark.Set(r, strings.Repeat("备注"+fmt.Sprint(i), 2000))
				}
				if i > 0 {
					customer.Parent.Set(r, first)
				}
				if i == 5 {
					customer.Attachments.Set(r, blobs)
				}
			})
			if err != nil {
				return err
			}
			if first == 0 {
				first = n
			}
			if _, err := s.Create(ctx, contact.Entity.Name, func(r *record.Record) {
				contact.Name.Set(r, fmt.Sprintf("王%03d", i))
				contact.Customer.Set(r, n)
				contact.Owner.Set(r, admin.ID)
			}); err != nil {
				return err
			}
			if i%50 == 49 {
				if err := s.Delete(ctx, customer.Entity.Name, n); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	_, _, err := a.Sessions.NewKey(ctx, id.ID(admin.ID), session.KeyOptions{Name: "robot"})
	must(err)
	_, _, err = a.Sessions.SignIn(ctx, "admin", testPassword, session.Meta{})
	must(err)
}

// content is all that a backup must bring back: every row of every table, and
// every file as it is stored.
func contentOf(t *testing.T, dir, address string) (rows map[string][]string, blobs map[string][32]byte) {
	t.Helper()
	o := Options{DataDir: dir, Database: address}
	_, registry, err := o.builtIn()
	if err != nil {
		t.Fatal(err)
	}
	db, err := open.Open(t.Context(), o.address(), open.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows = map[string][]string{}
	err = db.Read(t.Context(), func(q sqldb.Querier) error {
		src, err := newSource(t.Context(), q, registry, nil)
		if err != nil {
			return err
		}
		for _, bt := range src.list {
			table := src.tables[bt.Name]
			list := []string{}
			err := dump.Rows(t.Context(), q, table, kept(bt.Name), func(flat []record.Value) error {
				for i := 0; i < len(flat); i += len(table.Columns) {
					list = append(list, rowText(table, flat[i:i+len(table.Columns)]))
				}
				return nil
			})
			if err != nil {
				return err
			}
			rows[bt.Name] = list
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	blobs = map[string][32]byte{}
	root := filepath.Join(dir, filesDir)
	err = filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		blobs[strings.TrimPrefix(path, root)] = sha256.Sum256(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, blobs
}

// rowText writes a row. When a lease ends is no part of it: nobody holds one
// after a restore.
func rowText(t ddl.Table, row []record.Value) string {
	var b strings.Builder
	for i, v := range row {
		if (t.Name == "lease" || t.Name == "node") && t.Columns[i].Name == "until" {
			continue
		}
		fmt.Fprintf(&b, "%s=%d:%d:%q ", t.Columns[i].Name, v.Kind(), v.Int(), v.Str())
	}
	return b.String()
}

func compare(t *testing.T, dir, address, otherDir, otherAddress string) {
	t.Helper()
	rows, blobs := contentOf(t, dir, address)
	gotRows, gotBlobs := contentOf(t, otherDir, otherAddress)
	if len(rows) < 30 || len(rows["crm_customer"]) != customersHere() || len(blobs) != 3 {
		t.Fatalf("%d tables, %d customers, %d files: too little to compare", len(rows), len(rows["crm_customer"]), len(blobs))
	}
	for name, want := range rows {
		if name == "tx_base" { // how far numbers of transactions are lifted is the database's own
			continue
		}
		if got := gotRows[name]; !slices.Equal(want, got) {
			t.Errorf("%s: %d rows, want %d, or of other content", name, len(got), len(want))
		}
	}
	if len(gotRows) != len(rows) || !maps.Equal(blobs, gotBlobs) {
		t.Errorf("tables %d and %d, files %d and %d", len(rows), len(gotRows), len(blobs), len(gotBlobs))
	}
}

// Row by row and file by file, on each database and from one to the other.
func TestBackupRestores(t *testing.T) {
	onEach(t, func(t *testing.T, from sqldb.Dialect) {
		a, passphrase := installed(t, model{from, customersHere()})
		file := filepath.Join(t.TempDir(), "b.gxbackup")
		sum, err := a.WriteBackup(t.Context(), file, nil)
		if err != nil || sum.Blobs != 3 || sum.Missing != 0 {
			t.Fatalf("%+v, %v", sum, err)
		}
		dir, address := a.DataDir, a.Database
		shut(t, a)
		databases(t, func(t *testing.T, to func() string) {
			o := RestoreOptions{Options: Options{DataDir: filepath.Join(t.TempDir(), "new"), Database: to()}, File: file, Passphrase: passphrase}
			if _, err := Restore(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			compareAfter(t, dir, address, o)
			works(t, o.Options)
			_, err := Restore(t.Context(), o)
			if key := errs.KeyOf(err); key != "error.restore_not_empty" {
				t.Errorf("a second restore: %v", err)
			}
			if o.Database != "" {
				o.DataDir = filepath.Join(t.TempDir(), "other")
				if _, err := Restore(t.Context(), o); errs.KeyOf(err) != "error.restore_database" {
					t.Errorf("into a database in use: %v", err)
				}
			}
		})
	})
}

// compareAfter leaves out what closing the source wrote after the backup: the
// node's mark.
func compareAfter(t *testing.T, dir, address string, o RestoreOptions) {
	t.Helper()
	clear := func(dir, address string) {
		o := Options{DataDir: dir, Database: address}
		db, err := open.Open(t.Context(), o.address(), open.Options{})
		if err == nil {
			err = db.Write(t.Context(), func(tx sqldb.Tx) error {
				_, err := tx.Exec(t.Context(), "UPDATE node SET high = 0")
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
	}
	high := func(dir, address string) int64 {
		o := Options{DataDir: dir, Database: address}
		db, err := open.Open(t.Context(), o.address(), open.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var n int64
		if err := db.Read(t.Context(), func(q sqldb.Querier) (err error) { n, err = dump.Highest(t.Context(), q, "node", "high"); return err }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if high(o.DataDir, o.Database) == 0 {
		t.Error("the node's mark was not restored")
	}
	clear(dir, address)
	clear(o.DataDir, o.Database)
	compare(t, dir, address, o.DataDir, o.Database)
}

// works opens a restored installation and uses it.
func works(t *testing.T, o Options) {
	t.Helper()
	a := quiet(t, o)
	defer shut(t, a)
	ctx := t.Context()
	if a.NeedsSetup() {
		t.Error("not set up")
	}
	if _, _, err := a.Sessions.SignIn(ctx, "admin", testPassword, session.Meta{}); err != nil {
		t.Errorf("signing in: %v", err)
	}
	if st := a.Registry.State(); st.Entity("x.city") == nil || st.Entity("crm.customer").Field("mood") == nil {
		t.Error("what was customised is gone")
	}
	if err := a.Engine.Search.CatchUp(ctx); err != nil {
		t.Error(err)
	}
	actor, err := a.commandActor("tester", Request{As: "admin"})
	if err != nil {
		t.Fatal(err)
	}
	found, err := a.Engine.Find(ctx, actor, "上海101", nil, 10, nil)
	if err != nil || !strings.Contains(string(found), "上海101贸易有限公司") {
		t.Errorf("search: %s, %v", found, err)
	}
	// Writing goes on, in order, above everything that came with the backup.
	if err := a.Engine.InTx(ctx, actor, func(s *records.Session) error {
		_, err := s.Create(ctx, customer.Entity.Name, func(r *record.Record) {
			customer.Name.Set(r, "恢复之后")
			customer.Owner.Set(r, actor.ID())
		})
		return err
	}); err != nil {
		t.Errorf("writing: %v", err)
	}
	if r := examine(t, a); !r.OK {
		t.Errorf("doctor: %+v", r.Findings)
	}
}

func examine(t *testing.T, a *App) DoctorResult {
	t.Helper()
	out, err := a.run(t.Context(), "tester", Request{Command: "doctor"}, func(Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	r, ok := out.(DoctorResult)
	if !ok {
		t.Fatalf("doctor gave %T", out)
	}
	return r
}

// One flipped bit anywhere: refused, and nothing is in place. Every byte is
// tried by core/backup; here the whole way is, at places all over the file.
func TestDamagedBackupLeavesNothing(t *testing.T) {
	a, _ := installed(t, model{sqldb.SQLite, someCustomers})
	file := filepath.Join(t.TempDir(), "b.gxbackup")
	if _, err := a.WriteBackup(t.Context(), file, nil); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(a.DataDir, "secret", "master.key")
	shut(t, a)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	databases(t, func(t *testing.T, to func() string) {
		address := to()
		count := 40
		if address != "" || testing.Short() {
			count = 8
		}
		bad := filepath.Join(t.TempDir(), "bad.gxbackup")
		for i := range count {
			at := i * (len(whole) - 1) / (count - 1)
			broken := slices.Clone(whole)
			broken[at] ^= 1 << (i % 8)
			if err := os.WriteFile(bad, broken, 0o600); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "new")
			if _, err := Restore(t.Context(), RestoreOptions{Options: Options{DataDir: dir, Database: address, KeyFile: keys}, File: bad}); err == nil {
				t.Fatalf("byte %d of %d: accepted", at, len(whole))
			}
			if Installed(dir) {
				t.Fatalf("byte %d: something is in place", at)
			}
			if _, err := os.Stat(filepath.Join(dir, "restoring")); err == nil {
				t.Fatalf("byte %d: rests lie in the folder", at)
			}
		}
		o := RestoreOptions{Options: Options{DataDir: filepath.Join(t.TempDir(), "new"), Database: address, KeyFile: keys}, File: file}
		if _, err := Restore(t.Context(), o); err != nil {
			t.Fatalf("the whole file, after the damaged ones: %v", err)
		}
		if _, err := os.Stat(filepath.Join(o.DataDir, "secret", "master.key")); err == nil {
			t.Error("a key kept elsewhere was copied beside the data")
		}
		works(t, o.Options)
	})
}

// A restore that was killed while it filled a database is no installation, and
// the next restore clears what it left.
func TestRestoreCutOff(t *testing.T) {
	a, passphrase := installed(t, model{sqldb.SQLite, someCustomers})
	file := filepath.Join(t.TempDir(), "b.gxbackup")
	if _, err := a.WriteBackup(t.Context(), file, nil); err != nil {
		t.Fatal(err)
	}
	shut(t, a)
	address := pg.URL(t)
	db, err := open.Open(t.Context(), address, open.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := dump.NewLoader(db)
	if err := l.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.Create(t.Context(), platformTables()); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(t.Context(), Options{DataDir: t.TempDir(), Database: address}); errs.KeyOf(err) != "error.restore_unfinished_database" {
		t.Errorf("opened: %v", err)
	}
	o := RestoreOptions{Options: Options{DataDir: filepath.Join(t.TempDir(), "new"), Database: address}, File: file, Passphrase: passphrase}
	if _, err := Restore(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	works(t, o.Options)
}

// A backup of a newer program is refused before anything is touched.
func TestRestoreRefuses(t *testing.T) {
	a, passphrase := installed(t, model{sqldb.SQLite, 0})
	good := filepath.Join(t.TempDir(), "b.gxbackup")
	if _, err := a.WriteBackup(t.Context(), good, nil); err != nil {
		t.Fatal(err)
	}
	err := a.DB.Write(t.Context(), func(tx sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO data_version (version, app, at) VALUES (99, 'later', 0)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(t.TempDir(), "n.gxbackup")
	if _, err := a.WriteBackup(t.Context(), newer, nil); err != nil {
		t.Fatal(err)
	}
	used := a.DataDir
	cases := []struct {
		name, file, dir, passphrase, want string
	}{
		{"newer", newer, "", passphrase, "error.backup_newer"},
		{"held", good, used, passphrase, "error.data_locked"},
		{"no key", good, "", "", "error.restore_key"},
		{"mistyped", good, "", strings.Replace(passphrase, passphrase[:1], "Z", 1) + "Z", "error.passphrase_typed"},
		{"missing", good + "x", "", passphrase, "error.backup_missing"},
		{"no backup", filepath.Join(used, databaseFile), "", passphrase, "error.backup_foreign"},
	}
	for _, c := range cases {
		dir := c.dir
		if dir == "" {
			dir = filepath.Join(t.TempDir(), "new")
		}
		_, err := Restore(t.Context(), RestoreOptions{Options: Options{DataDir: dir}, File: c.file, Passphrase: c.passphrase})
		if errs.KeyOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if c.dir == "" && Installed(dir) {
			t.Errorf("%s: something is in place", c.name)
		}
	}
	shut(t, a)
	if _, err := Open(t.Context(), Options{DataDir: used}); errs.KeyOf(err) != "error.data_newer" {
		t.Errorf("newer data was opened: %v", err)
	}
}

// A new passphrase opens the backups made since, the old one those before.
func TestNewRecovery(t *testing.T) {
	a, old := installed(t, model{sqldb.SQLite, 0})
	before, after := filepath.Join(t.TempDir(), "1.gxbackup"), filepath.Join(t.TempDir(), "2.gxbackup")
	backup := func(file string) {
		if _, err := a.WriteBackup(t.Context(), file, nil); err != nil {
			t.Fatal(err)
		}
	}
	backup(before)
	fresh, err := a.NewRecovery(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	backup(after)
	shut(t, a)
	for _, c := range []struct{ file, passphrase, want string }{
		{before, old, ""}, {before, fresh, "error.backup_passphrase"}, {after, old, "error.backup_passphrase"}, {after, fresh, ""},
	} {
		_, err := Restore(t.Context(), RestoreOptions{Options: Options{DataDir: filepath.Join(t.TempDir(), "new")}, File: c.file, Passphrase: c.passphrase})
		if c.want == "" && err != nil || c.want != "" && errs.KeyOf(err) != c.want {
			t.Errorf("%s: %v, want %q", filepath.Base(c.file), err, c.want)
		}
	}
}
