package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// A fixture is a backup that an earlier version made, and its witness: what
// that version answered. Every later version restores the one on both databases
// and gives the other. CONTRIBUTING says how a closing adds one.
var fixture = flag.String("fixture", "", "make the fixtures of this name; those that are there are never written again")

const fixturesDir = "testdata/fixtures"

// witness is what an installation of a fixture must still give.
type witness struct {
	MadeAt     time.Time `json:"made_at"`
	Passphrase string    `json:"passphrase"`
	Password   string    `json:"password"`
	Disabled   string    `json:"disabled"` // login of one who may not sign in
	Key        string    `json:"key"`      // the administrator's
	ReadOnly   string    `json:"read_only"`
	Revoked    string    `json:"revoked"`
	Files      []fileOf  `json:"files"`
	Changeset  string    `json:"changeset"` // of an import that can be undone
	Undone     []string  `json:"undone"`    // paths of what it made
	Deleted    string    `json:"deleted"`   // path of a record in the bin
	Number     string    `json:"number"`    // the next of x.machine's automatic numbers
	Hidden     []string  `json:"hidden"`    // words that no search may find

	answers []answer
}

type fileOf struct {
	ID  string `json:"id"`
	Sum string `json:"sha256"`
}

// answer is what a member was told at a path. Now he may be told more, never
// less or something else.
type answer struct {
	As   string          `json:"as"`
	Path string          `json:"path"`
	Body json.RawMessage `json:"body"`
}

func (w *witness) write(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(f)
	e := json.NewEncoder(z)
	err = e.Encode(w)
	for _, a := range w.answers {
		err = errors.Join(err, e.Encode(a))
	}
	return errors.Join(err, z.Close(), f.Close())
}

// witnessOf names the witness of a backup: one line of JSON, then one for each answer.
func witnessOf(backup string) string { return strings.TrimSuffix(backup, ".gxbackup") + ".jsonl.gz" }

// gunzip reads a packed file, which is open until the test ends.
func gunzip(t *testing.T, file string) io.Reader {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func readWitness(t *testing.T, file string) *witness {
	t.Helper()
	z := gunzip(t, file)
	d, w := json.NewDecoder(z), &witness{}
	if err := d.Decode(w); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		var a answer
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		w.answers = append(w.answers, a)
	}
	return w
}

// Every fixture there is opens in this version, on both databases, and gives
// what it gave. This and the making of one are left to the loops: under the race
// detector they take minutes, and what they do is watched by other tests.
func TestFixturesOpen(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixturesDir, "*.gxbackup"))
	if err != nil || len(files) < 2 {
		t.Fatalf("fixtures %v, %v: one of each database at least", files, err)
	}
	unchanged(t)
	if testing.Short() {
		return
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".gxbackup"), func(t *testing.T) { opens(t, file) })
	}
}

// sums lists what the files of fixtures are, for "sha256sum -c".
const sums = "SHA256SUMS"

// unchanged compares every file with the sum it had when it was made.
func unchanged(t *testing.T) {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(fixturesDir, sums))
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(fixturesDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(fixturesDir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() != sums && !strings.Contains(string(list), sum(content)+"  "+f.Name()+"\n") {
			t.Errorf("%s is not what was made: a fixture is never changed", f.Name())
		}
	}
	if lines := strings.Count(string(list), "\n"); lines != len(files)-1 {
		t.Errorf("%d fixtures' files are there, %d were made", len(files)-1, lines)
	}
}

// note adds files to the list of sums.
func note(t *testing.T, files ...string) {
	t.Helper()
	list, err := os.OpenFile(filepath.Join(filepath.Dir(files[0]), sums), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, e := os.ReadFile(file)
		_, w := fmt.Fprintf(list, "%s  %s\n", sum(content), filepath.Base(file))
		err = errors.Join(err, e, w)
	}
	if err = errors.Join(err, list.Close()); err != nil {
		t.Fatal(err)
	}
}

// Making a fixture works in every version, so that a closing can; with -fixture
// it is kept.
func TestFixtureIsMade(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	each := func(t *testing.T, o company.Options) {
		// At ten in Shanghai: when it is opened again, an hour later, no night has
		// passed, which reckons anew what its witness has seen.
		o.Clock = clock.NewFake(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
		c := company.Open(t, o)
		dir, name := t.TempDir(), "today"
		if *fixture != "" {
			dir, name = fixturesDir, *fixture
		}
		file := filepath.Join(dir, name+"-"+string(c.App.DB.Dialect())+".gxbackup")
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s is there (%v): a fixture is never made again", file, err)
		}
		w := makeFixture(t, c)
		if _, err := c.App.WriteBackup(t.Context(), file, nil); err != nil {
			t.Fatal(err)
		}
		pack(t, c, folderOf(file))
		if err := w.write(witnessOf(file)); err != nil {
			t.Fatal(err)
		}
		opens(t, file)
		note(t, file, witnessOf(file), folderOf(file))
	}
	t.Run("sqlite", func(t *testing.T) { each(t, company.Options{}) })
	t.Run("postgres", func(t *testing.T) { each(t, company.Options{Database: pg.URL(t)}) })
}

// opens restores a fixture on each database, opens its data folder as it lay
// on the disk, and holds all to its witness.
func opens(t *testing.T, file string) {
	t.Helper()
	w := readWitness(t, witnessOf(file))
	if len(w.answers) < 50 || len(w.Files) < 3 {
		t.Fatalf("%d answers and %d files are too few to tell", len(w.answers), len(w.Files))
	}
	restore := func(t *testing.T, o app.Options) {
		t.Helper()
		if _, err := app.Restore(t.Context(), app.RestoreOptions{Options: o, File: file, Passphrase: w.Passphrase}); err != nil {
			t.Fatal(err)
		}
		w.holds(t, o)
	}
	for _, way := range []struct {
		name string
		open func(t *testing.T)
	}{
		{"restored on sqlite", func(t *testing.T) { restore(t, app.Options{DataDir: filepath.Join(t.TempDir(), "data")}) }},
		{"restored on postgres", func(t *testing.T) {
			restore(t, app.Options{DataDir: filepath.Join(t.TempDir(), "data"), Database: pg.URL(t)})
		}},
		{"in place", func(t *testing.T) {
			o := app.Options{DataDir: t.TempDir()}
			o.Database = unpack(t, folderOf(file), o.DataDir)
			w.holds(t, o)
		}},
	} {
		t.Run(way.name, way.open)
	}
}

// holds starts an installation and looks at everything.
func (w *witness) holds(t *testing.T, o app.Options) {
	t.Helper()
	// An hour later: nothing of it has expired, in whatever year this runs.
	c := company.Open(t, company.Options{Dir: o.DataDir, Database: o.Database, Clock: clock.NewFake(w.MadeAt.Add(time.Hour))})
	w.signsIn(t, c)
	w.answersAgain(t, c)
	w.keepsFiles(t, c)
	w.keepsKeys(t, c)
	examined(t, c)
	w.goesOn(t, c)
	examined(t, c)
}

// session signs a member in and gives a client with his cookie.
func session(c *company.Company, login, password string) *company.Client {
	in := c.Anonymous().Post("/session", map[string]any{"login": login, "password": password}).Want(200)
	cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
	return c.Anonymous().With("Cookie", cookie)
}

func (w *witness) signsIn(t *testing.T, c *company.Company) {
	t.Helper()
	if c.App.NeedsSetup() {
		t.Fatal("not set up")
	}
	if got := session(c, "admin", w.Password).Get("/me").Want(200).Str("me.login"); got != "admin" {
		t.Errorf("signed in as %q", got)
	}
	c.Anonymous().Post("/session", map[string]any{"login": "admin", "password": w.Password + "x"}).Want(401)
	c.Anonymous().Post("/session", map[string]any{"login": w.Disabled, "password": w.Password}).Want(401)
}

// handedOut are the lists of what roles may, counted how many they are of and
// that a page does not hold them all.
var (
	handedOut = regexp.MustCompile(`^/records/org\.(role|grant|field_right)\?`)
	counted   = regexp.MustCompile(`,"has_more":(?:true|false)|,"next":(?:null|"[^"]*")|,?"count":\{[^{}]*\}`)
)

// answersAgain asks everything again, as the same members.
func (w *witness) answersAgain(t *testing.T, c *company.Company) {
	t.Helper()
	clients := map[string]*company.Client{}
	for _, a := range w.answers {
		if clients[a.As] == nil {
			clients[a.As] = session(c, a.As, w.Password)
		}
		now := clients[a.As].Get(a.Path).Want(200).Body
		ofRecords := strings.HasPrefix(a.Path, "/records/") && !strings.HasSuffix(a.Path, "/related") // later versions relate more to a record
		before := a.Body
		if handedOut.MatchString(a.Path) { // modules of later versions bring their share of the roles
			ofRecords, before = false, counted.ReplaceAll(before, nil)
		}
		for _, wrong := range less(t, before, now, ofRecords) {
			t.Errorf("%s, %s: %s", a.As, a.Path, wrong)
		}
	}
	for _, word := range w.Hidden {
		if got := clients["admin"].Get("/search?fresh=true&q=" + word).Want(200).Items(); len(got) != 0 {
			t.Errorf("%s finds %v", word, got)
		}
	}
}

func (w *witness) keepsFiles(t *testing.T, c *company.Company) {
	t.Helper()
	admin := session(c, "admin", w.Password)
	for _, f := range w.Files {
		if got := admin.Get("/files/" + f.ID).Want(200).Body; sum(got) != f.Sum {
			t.Errorf("file %s: %d bytes, others than were put in", f.ID, len(got))
		}
	}
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

func bearer(c *company.Company, key string) *company.Client {
	return c.Anonymous().With("Authorization", "Bearer "+key)
}

func (w *witness) keepsKeys(t *testing.T, c *company.Company) {
	t.Helper()
	const customers = "/records/crm.customer"
	bearer(c, w.Key).Get(customers).Want(200)
	bearer(c, w.ReadOnly).Get(customers).Want(200)
	bearer(c, w.ReadOnly).Post(customers, map[string]any{"name": "不许"}).Want(403)
	bearer(c, w.Revoked).Get(customers).Want(401)
}

// goesOn uses the installation: what was done before can be taken back, and new
// things come after the old.
func (w *witness) goesOn(t *testing.T, c *company.Company) {
	t.Helper()
	admin := bearer(c, w.Key)
	if got := admin.Post("/changesets/"+w.Changeset+"/undo", "{}").Want(200).Str("undone"); got != fmt.Sprint(len(w.Undone)) {
		t.Errorf("undone %s, want %d", got, len(w.Undone))
	}
	for _, path := range w.Undone {
		admin.Get(path).Want(404)
	}
	admin.Get(w.Deleted).Want(404)
	admin.Post(w.Deleted+"/restore", "{}").Want(200)
	admin.Get(w.Deleted).Want(200)
	if got := admin.Post("/records/x.machine", map[string]any{"name": "恢复之后的机床"}).Want(201).Str("no"); got != w.Number {
		t.Errorf("the next machine has the number %s, want %s", got, w.Number)
	}
	made := admin.Post("/records/crm.customer", map[string]any{"name": "恢复之后的新客户"}).Want(201).Str("id")
	found := admin.Get("/search?fresh=true&q=hfzhdxkh").Want(200).Items()
	if !slices.ContainsFunc(found, func(it map[string]any) bool { return it["id"] == made }) {
		t.Errorf("a new record is not found: %v", found)
	}
	for _, it := range admin.Get("/records/crm.customer?limit=200&deleted=true&fields=id").Want(200).Items() {
		if id, _ := it["id"].(string); id >= made {
			t.Errorf("the new id %s is not above %s", made, id)
		}
	}
}

// examined has doctor look: tables, audit log, files and search index are whole.
func examined(t *testing.T, c *company.Company) {
	t.Helper()
	if err := c.App.Engine.Search.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	c.App.Run(t.Context(), "tester", app.Request{Command: "doctor"}, func(e app.Event) {
		if e.Error != nil {
			t.Error(e.Error.Err())
		}
		if e.Result == nil {
			return
		}
		var r app.DoctorResult
		if err := json.Unmarshal(e.Result, &r); err != nil || !r.OK || len(r.Checks) < 9 {
			t.Errorf("doctor: %s", e.Result)
		}
	})
}

// less says what of an old answer a new one lacks or has otherwise. Members may
// be added to objects; lists of records stay as they were, other lists may grow.
func less(t *testing.T, before, now []byte, exact bool) []string {
	t.Helper()
	var x, y any
	for _, v := range []struct {
		raw  []byte
		into *any
	}{{before, &x}, {now, &y}} {
		d := json.NewDecoder(bytes.NewReader(v.raw))
		d.UseNumber()
		if err := d.Decode(v.into); err != nil {
			t.Fatal(err)
		}
	}
	return lacks("", x, y, exact)
}

func lacks(at string, before, now any, exact bool) []string {
	switch x := before.(type) {
	case map[string]any:
		y, ok := now.(map[string]any)
		if !ok {
			break
		}
		var out []string
		for key, v := range x {
			out = append(out, lacks(at+"."+key, v, y[key], exact)...)
		}
		return out
	case []any:
		y, ok := now.([]any)
		if !ok || len(y) < len(x) || exact && len(y) != len(x) {
			return []string{fmt.Sprintf("%s: %d elements, want %d", at, len(y), len(x))}
		}
		var out []string
		for i, v := range x {
			name := fmt.Sprintf("%s[%d]", at, i)
			if exact {
				out = append(out, lacks(name, v, y[i], exact)...)
			} else if !slices.ContainsFunc(y, func(w any) bool { return lacks(name, v, w, exact) == nil }) {
				out = append(out, fmt.Sprintf("%s: %v is not there", name, v))
			}
		}
		return out
	default:
		if before == now {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s: %v, want %v", at, now, before)}
}

// The comparison must bite, or a fixture proves nothing.
func TestLessBites(t *testing.T) {
	const was = `{"items":[{"id":"1","n":"1.50","list":["a","b"],"x":null},{"id":"2"}],"more":false}`
	for now, c := range map[string]struct{ exact, loose int }{
		was: {0, 0},
		`{"items":[{"id":"1","n":"1.50","list":["a","b"],"x":null,"new":1},{"id":"2"}],"more":false,"new":{}}`: {0, 0},
		`{"items":[{"id":"2"},{"id":"1","n":"1.50","list":["a","b"],"x":null}],"more":false}`:                  {4, 0},
		`{"items":[{"id":"1","n":"1.50","list":["a","b"]},{"id":"3"},{"id":"2"}],"more":false}`:                {1, 0},
		`{"items":[{"id":"1","n":"1.5","list":["a","b"],"x":null},{"id":"2"}],"more":false}`:                   {1, 1},
		`{"items":[{"id":"1","n":"1.50","list":["a"],"x":null},{"id":"2"}],"more":true}`:                       {2, 2},
		`{"items":[{"id":"1","n":"1.50","list":"ab","x":0},{"id":"2"}]}`:                                       {3, 2},
		`{"items":[{"id":"1","n":"1.50","list":["a","b"],"x":null}],"more":false}`:                             {1, 1},
		`[]`: {1, 1},
	} {
		if got := less(t, []byte(was), []byte(now), true); len(got) != c.exact {
			t.Errorf("exact %s: %q", now, got)
		}
		if got := less(t, []byte(was), []byte(now), false); len(got) != c.loose {
			t.Errorf("loose %s: %q", now, got)
		}
	}
}
