package backup_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const installation = "01JD3N6Q2"

var created = time.Date(2026, 11, 22, 2, 30, 0, 0, time.UTC)

// memory is an installation in memory: Source and Sink.
type memory struct {
	tables []backup.Table
	rows   map[string][]record.Value
	blobs  map[string][]byte
	absent []string // mentioned by rows and not there

	got      backup.Contents
	summary  backup.Summary
	finished bool
	aborted  int
	calls    int // of the sink, before Finish
	fail     string
}

var errFail = errors.New("told to fail")

func (m *memory) failing(step string) error {
	if m.fail == step {
		return errFail
	}
	return nil
}

func (m *memory) Tables(context.Context) ([]backup.Table, error) {
	return m.tables, m.failing("tables")
}

func (m *memory) Rows(_ context.Context, t backup.Table, fn func([]record.Value) error) error {
	for rest := m.rows[t.Name]; len(rest) > 0; {
		n := min(len(rest), 7*len(t.Columns))
		if err := fn(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return m.failing("rows")
}

func (m *memory) Blobs(_ context.Context, fn func(string) error) error {
	for _, name := range slices.Sorted(maps.Keys(m.blobs)) {
		if err := fn(name); err != nil {
			return err
		}
	}
	for _, name := range m.absent {
		if err := fn(name); err != nil {
			return err
		}
	}
	return m.failing("blobs")
}

func (m *memory) OpenBlob(_ context.Context, name string) (io.ReadCloser, error) {
	b, ok := m.blobs[name]
	if !ok {
		return nil, errs.New(errs.NotFound, "error.file_missing", "name", name)
	}
	return io.NopCloser(bytes.NewReader(b)), m.failing("open")
}

func (m *memory) Begin(_ context.Context, c backup.Contents) error {
	m.calls++
	m.got, m.tables, m.rows, m.blobs = c, nil, map[string][]record.Value{}, map[string][]byte{}
	return m.failing("begin")
}

func (m *memory) CreateTable(_ context.Context, t backup.Table) error {
	m.calls++
	m.tables = append(m.tables, t)
	return m.failing("create")
}

func (m *memory) InsertRows(_ context.Context, t backup.Table, rows []record.Value) error {
	m.calls++
	m.rows[t.Name] = append(m.rows[t.Name], rows...)
	return m.failing("insert")
}

func (m *memory) PutBlob(_ context.Context, name string, r io.Reader) error {
	m.calls++
	if m.fail == "unread" {
		return nil
	}
	b, err := io.ReadAll(r)
	switch {
	case m.fail == "swallow":
		err = nil
	case m.fail == "own" && err != nil:
		err = errFail
	}
	m.blobs[name] = b
	return cmp.Or(err, m.failing("put"))
}

func (m *memory) Finish(_ context.Context, s backup.Summary) error {
	m.summary, m.finished = s, true
	return m.failing("finish")
}

func (m *memory) Abort() { m.aborted++ }

func content(n int, seed byte) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

func sample(rows, blobs, blobSize int) *memory {
	m := &memory{rows: map[string][]record.Value{}, blobs: map[string][]byte{}}
	m.tables = []backup.Table{
		{Name: "crm_customer", Columns: []backup.Column{{"id", record.KindInt}, {"name", record.KindText}, {"key", record.KindBytes}}},
		{Name: "empty", Columns: []backup.Column{{"id", record.KindInt}}},
		{Name: "odd", Columns: []backup.Column{{"any", record.KindNull}, {"list", record.KindList}}},
	}
	for i := range rows {
		m.rows["crm_customer"] = append(m.rows["crm_customer"],
			record.Int(int64(i)*7919-3), record.Text(fmt.Sprintf("上海%d贸易有限公司", i)), record.Bytes(content(i%40, byte(i))))
	}
	m.rows["odd"] = []record.Value{
		record.Null, record.Ints([]int64{1, -2, 1 << 60}),
		record.RawText(""), record.List(nil),
		record.Int(-1 << 63), record.List([]record.Value{record.Text("a"), record.Null, record.Ints(nil)}),
		record.Bytes([]byte{0, 255}), record.Null,
		record.Text(strings.Repeat("长", 100)), record.List(nil),
	}
	for i := range blobs {
		b := content(blobSize+i, byte(i))
		m.blobs[fmt.Sprintf("%x", sha256.Sum256(b))] = b
	}
	return m
}

type made struct {
	path       string
	passphrase string
	ring       *secrets.Keyring
	options    backup.Options
}

func options(t *testing.T) made {
	t.Helper()
	m := made{path: filepath.Join(t.TempDir(), "b", "x.gxbackup"), passphrase: secrets.NewPassphrase(nil), ring: secrets.New(nil).Rotate()}
	recipient, err := secrets.RecipientFor(m.passphrase, installation)
	if err != nil {
		t.Fatal(err)
	}
	m.options = backup.Options{
		Info: backup.Info{AppVersion: "1.2.3", DataVersion: 7, Dialect: "sqlite", Installation: installation, CreatedAt: created},
		Keys: m.ring, Recipient: recipient, ReadBack: true,
	}
	return m
}

func write(t *testing.T, src backup.Source) made {
	t.Helper()
	m := options(t)
	if _, err := backup.Write(t.Context(), src, m.path, m.options); err != nil {
		t.Fatal(err)
	}
	return m
}

func same(t *testing.T, want, got *memory) {
	t.Helper()
	if len(got.tables) != len(want.tables) {
		t.Fatalf("%d tables", len(got.tables))
	}
	for i, table := range want.tables {
		if got.tables[i].Name != table.Name || !slices.Equal(got.tables[i].Columns, table.Columns) {
			t.Fatalf("table %+v, want %+v", got.tables[i], table)
		}
		a, b := want.rows[table.Name], got.rows[table.Name]
		if len(a) != len(b) {
			t.Fatalf("%s: %d values, want %d", table.Name, len(b), len(a))
		}
		for j := range a {
			if a[j].Kind() != b[j].Kind() || !a[j].Equal(b[j]) {
				t.Fatalf("%s: value %d is %v, want %v", table.Name, j, b[j], a[j])
			}
		}
	}
	if !maps.EqualFunc(want.blobs, got.blobs, bytes.Equal) {
		t.Fatal("files differ")
	}
}

func key(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Key
	}
	return ""
}

func TestRoundTrip(t *testing.T) {
	for _, c := range []struct{ rows, blobs, size int }{{0, 0, 0}, {3, 1, 0}, {3000, 5, 1000}, {100, 3, 300_000}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			src := sample(c.rows, c.blobs, c.size)
			m := write(t, src)
			for name, k := range map[string]backup.Key{
				"passphrase": {Passphrase: strings.ToLower(m.passphrase)}, "keyring": {Keyring: m.ring}, "later keyring": {Keyring: m.ring.Rotate()},
			} {
				sink := &memory{}
				s, err := backup.Restore(t.Context(), m.path, k, sink, backup.RestoreOptions{VerifyFirst: name == "keyring"})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				same(t, src, sink)
				if !sink.finished || sink.aborted != 0 || !sink.got.Keys.Same(m.ring) {
					t.Fatalf("%s: finished %v, aborted %d", name, sink.finished, sink.aborted)
				}
				h := sink.got.Header
				if h.AppVersion != "1.2.3" || h.DataVersion != 7 || h.Dialect != "sqlite" || !h.CreatedAt.Equal(created) || h.Installation != installation {
					t.Fatalf("header %+v", h)
				}
				if s.Rows != int64(c.rows+5) || s.Blobs != int64(c.blobs) || len(s.Tables) != 3 || s.Tables[0].Rows != int64(c.rows) || s.FileSize == 0 {
					t.Fatalf("summary %+v", s)
				}
			}
		})
	}
}

func TestFolderAndSecrecy(t *testing.T) {
	src := sample(50, 2, 500)
	m := write(t, src)
	entries, err := os.ReadDir(filepath.Dir(m.path))
	if err != nil || len(entries) != 1 {
		t.Fatalf("folder holds %v, %v", entries, err)
	}
	info, err := os.Stat(m.path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	raw, err := os.ReadFile(m.path)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"贸易", "crm_customer", m.passphrase, m.options.Recipient} {
		if bytes.Contains(raw, []byte(word)) {
			t.Errorf("the file shows %q", word)
		}
	}
	h, err := backup.Inspect(m.path)
	if err != nil || h.AppVersion != "1.2.3" || !h.CreatedAt.Equal(created) {
		t.Fatalf("%+v, %v", h, err)
	}
	// A second backup replaces the first in one step.
	if _, err := backup.Write(t.Context(), sample(1, 0, 0), m.path, m.options); err != nil {
		t.Fatal(err)
	}
	if s, err := backup.Verify(t.Context(), m.path, backup.Key{Keyring: m.ring}, nil); err != nil || s.Tables[0].Rows != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
}

func TestRefusals(t *testing.T) {
	src := sample(5, 1, 10)
	m := write(t, src)
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	raw, err := os.ReadFile(m.path)
	if err != nil {
		t.Fatal(err)
	}
	good := backup.Key{Keyring: m.ring}
	for _, c := range []struct {
		name, path string
		key        backup.Key
		want       string
	}{
		{"other passphrase", m.path, backup.Key{Passphrase: secrets.NewPassphrase(nil)}, "error.backup_passphrase"},
		{"typo", m.path, backup.Key{Passphrase: m.passphrase[1:]}, "error.passphrase_typed"},
		{"no key", m.path, backup.Key{}, "error.passphrase_typed"},
		{"other keyring", m.path, backup.Key{Keyring: secrets.New(nil)}, "error.backup_key"},
		{"no file", filepath.Join(dir, "none"), good, "error.backup_missing"},
		{"another file", file("a", "SQLite format 3\x00 and so on"), good, "error.backup_foreign"},
		{"empty file", file("b", ""), good, "error.backup_foreign"},
		{"next format", file("c", "GXB2"+string(raw[4:])), good, "error.backup_newer"},
		{"only a magic", file("d", "GXB1"), good, "error.backup_foreign"},
		{"huge header", file("e", "GXB1\xff\xff\xff\xff"), good, "error.backup_damaged"},
	} {
		sink := &memory{}
		_, err := backup.Restore(t.Context(), c.path, c.key, sink, backup.RestoreOptions{})
		if key(err) != c.want || sink.calls != 0 || sink.finished || sink.aborted != 1 {
			t.Errorf("%s: %v; sink %+v", c.name, err, sink)
		}
	}
}

func TestNoRecovery(t *testing.T) {
	m := options(t)
	m.options.Recipient = ""
	_, err := backup.Write(t.Context(), sample(1, 0, 0), m.path, m.options)
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Code != errs.Conflict || e.Key != "error.backup_no_recovery" || e.Args["command"] == "" {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(m.path)); err == nil {
		t.Fatal("something was written")
	}
}

// A source or a disk that fails leaves no file, neither whole nor partial,
// and an older backup of the same name stays.
func TestFailedWriteLeavesNothing(t *testing.T) {
	m := options(t)
	if _, err := backup.Write(t.Context(), sample(2, 0, 0), m.path, m.options); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"tables", "rows", "blobs", "open"} {
		src := sample(10, 2, 10)
		src.fail = step
		if _, err := backup.Write(t.Context(), src, m.path, m.options); !errors.Is(err, errFail) {
			t.Fatalf("%s: %v", step, err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := backup.Write(cancelled, sample(10, 2, 10), m.path, m.options); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	wrong := sample(1, 0, 0)
	wrong.rows["crm_customer"][0] = record.Text("not a number")
	if _, err := backup.Write(t.Context(), wrong, m.path, m.options); err == nil {
		t.Fatal("a text was kept in a column of numbers")
	}
	entries, err := os.ReadDir(filepath.Dir(m.path))
	if err != nil || len(entries) != 1 {
		t.Fatalf("folder holds %v, %v", entries, err)
	}
	if s, err := backup.Verify(t.Context(), m.path, backup.Key{Keyring: m.ring}, nil); err != nil || s.Tables[0].Rows != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
}

func TestMissingFilesAreTold(t *testing.T) {
	src := sample(1, 2, 10)
	for i := range backup.MaxMissing + 5 {
		src.absent = append(src.absent, fmt.Sprintf("z%03d", i))
	}
	m := options(t)
	s, err := backup.Write(t.Context(), src, m.path, m.options)
	if err != nil || s.Missing != backup.MaxMissing+5 || len(s.Names) != backup.MaxMissing || s.Blobs != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	r, err := backup.Verify(t.Context(), m.path, backup.Key{Keyring: m.ring}, nil)
	if err != nil || r.Missing != s.Missing || !slices.Equal(r.Names, s.Names) {
		t.Fatalf("%+v, %v", r, err)
	}
}

func TestFailingSink(t *testing.T) {
	m := write(t, sample(10, 2, 10))
	for _, step := range []string{"begin", "create", "insert", "put", "finish"} {
		sink := &memory{fail: step}
		if _, err := backup.Restore(t.Context(), m.path, backup.Key{Keyring: m.ring}, sink, backup.RestoreOptions{}); !errors.Is(err, errFail) || sink.aborted != 1 {
			t.Errorf("%s: %v, aborted %d", step, err, sink.aborted)
		}
	}
	sink := &memory{fail: "unread"}
	if _, err := backup.Restore(t.Context(), m.path, backup.Key{Keyring: m.ring}, sink, backup.RestoreOptions{}); err == nil || key(err) == "error.backup_damaged" || sink.aborted != 1 {
		t.Errorf("a sink that drops a file: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	sink = &memory{}
	if _, err := backup.Restore(cancelled, m.path, backup.Key{Keyring: m.ring}, sink, backup.RestoreOptions{}); !errors.Is(err, context.Canceled) || sink.aborted != 1 {
		t.Errorf("cancelled: %v", err)
	}
}

func TestProgress(t *testing.T) {
	src := sample(3000, 3, 1000)
	m := options(t)
	var phases []string
	var last backup.Progress
	m.options.Progress = func(p backup.Progress) {
		if len(phases) == 0 || phases[len(phases)-1] != p.Phase {
			phases = append(phases, p.Phase)
			last = backup.Progress{}
		}
		if p.Rows < last.Rows || p.Blobs < last.Blobs || p.Bytes < last.Bytes {
			t.Fatalf("%+v after %+v", p, last)
		}
		last = p
	}
	if _, err := backup.Write(t.Context(), src, m.path, m.options); err != nil {
		t.Fatal(err)
	}
	if strings.Join(phases, " ") != "tables files check" || last.Rows != 3005 || last.Blobs != 3 {
		t.Fatalf("%v, last %+v", phases, last)
	}
}

// The real store on both sides: what was stored is copied as it is and opens
// with the keys that the backup brings along.
func TestWithFileStore(t *testing.T) {
	m := options(t)
	from, err := files.OpenLocal(t.TempDir(), m.ring)
	if err != nil {
		t.Fatal(err)
	}
	src := &stored{memory: sample(5, 0, 0), store: from}
	var names []string
	for i := range 4 {
		blob, err := from.Put(t.Context(), bytes.NewReader(content(70_000*i, byte(i))), 0)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, blob.Name)
	}
	if _, err := backup.Write(t.Context(), src, m.path, m.options); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "data")
	sink := &folder{memory: &memory{}, dir: to}
	if _, err := backup.Restore(t.Context(), m.path, backup.Key{Passphrase: m.passphrase}, sink, backup.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	ring, err := secrets.Load(secrets.Options{DataDir: to})
	if err != nil {
		t.Fatal(err)
	}
	again, err := files.OpenLocal(filepath.Join(to, "files"), ring)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := again.Verify(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
}

// stored is a source with files in a store.
type stored struct {
	*memory
	store files.Store
}

func (s *stored) Blobs(ctx context.Context, fn func(string) error) error {
	return s.store.List(ctx, fn)
}

func (s *stored) OpenBlob(ctx context.Context, name string) (io.ReadCloser, error) {
	return s.store.OpenRaw(ctx, name)
}

// folder is a sink that builds a data folder.
type folder struct {
	*memory
	dir   string
	stage *backup.Staging
	store *files.Local
}

func (f *folder) Begin(ctx context.Context, c backup.Contents) (err error) {
	if f.stage, err = backup.Stage(f.dir); err != nil {
		return err
	}
	if err := c.Keys.Save(secrets.KeyPath(f.stage.Dir())); err != nil {
		return err
	}
	if f.store, err = files.OpenLocal(filepath.Join(f.stage.Dir(), "files"), c.Keys); err != nil {
		return err
	}
	return f.memory.Begin(ctx, c)
}

func (f *folder) PutBlob(ctx context.Context, name string, r io.Reader) error {
	return f.store.PutRaw(ctx, name, r)
}

func (f *folder) Finish(context.Context, backup.Summary) error { return f.stage.Commit() }

func (f *folder) Abort() {
	if f.stage != nil {
		f.stage.Abort()
	}
}
