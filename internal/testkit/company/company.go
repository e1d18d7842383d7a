// Package company gives tests a whole installation: a company with members,
// departments and roles over the real stack, on both databases.
package company

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// Password is every member's.
const Password = "Kite-plum-29-river"

// Company is an installation that was set up, with the administrator "admin".
type Company struct {
	App        *app.App
	URL        string
	Passphrase string
	t          testing.TB
	keys       map[string]string
	contract   contract
	options    Options
}

// Options of an installation for a test.
type Options struct {
	Database string // address; "" = SQLite
	Dir      string // data folder; "" = a new one
	NoSetup  bool
	Clock    clock.Clock // nil = the machine's
}

// Each runs fn as the subtests "sqlite" and "postgres", beside other tests: half
// of their time goes by in waiting for a database.
func Each(t *testing.T, fn func(t *testing.T, c *Company)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { fn(t, Open(t, Options{})) })
	t.Run("postgres", func(t *testing.T) { fn(t, OpenPostgres(t)) })
}

// OpenPostgres is Open on a PostgreSQL database of its own.
func OpenPostgres(t testing.TB) *Company {
	t.Helper()
	dir := t.TempDir()
	database, passphrase := templates.postgres.copyTo(t, dir)
	return start(t, Options{Dir: dir, Database: database}, passphrase)
}

// Open opens an installation; it is closed at the end of the test.
func Open(t testing.TB, o Options) *Company {
	t.Helper()
	fresh := o == Options{}
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	passphrase := ""
	if fresh {
		_, passphrase = templates.sqlite.copyTo(t, o.Dir)
	}
	return start(t, o, passphrase)
}

var setup = api.SetupInput{Company: "云腾科技", Currency: "CNY", Login: "admin", Name: "管理员", Password: Password}

// words are the program's, read once for all tests.
var words = sync.OnceValues(app.Words)

func open(t testing.TB, o Options) (*app.App, error) {
	w, err := words()
	if err != nil {
		return nil, err
	}
	return app.Open(context.Background(), app.Options{DataDir: o.Dir, Database: o.Database, Version: "test", Clock: o.Clock, Words: w,
		Log:  slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Hash: session.Cost{MemoryKiB: 64, Rounds: 1}})
}

// start opens what is in o.Dir; passphrase is that of an installation that was
// set up before.
func start(t testing.TB, o Options, passphrase string) *Company {
	t.Helper()
	a, err := open(t, o)
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	srv := httptest.NewServer(a.Handler(false))
	describer := sync.OnceValue(func() *api.Server { // most documents were read for another test
		return api.New(api.Options{Engine: a.Engine, Texts: a.Texts, Modules: app.Modules(), Version: a.Version})
	})
	c := &Company{App: a, URL: srv.URL, t: t, keys: map[string]string{}, contract: contract{server: describer, told: map[string]*promise{}}, options: o, Passphrase: passphrase}
	t.Cleanup(func() {
		srv.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if !o.NoSetup && a.NeedsSetup() {
		c.Passphrase, err = a.Setup(context.Background(), setup)
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// Peer opens another installation with the keys and on the PostgreSQL database
// of this one: a second node.
func (c *Company) Peer() *Company {
	c.t.Helper()
	o := c.options
	from := filepath.Join(o.Dir, "secret", "master.key")
	o.Dir = c.t.TempDir()
	to := filepath.Join(o.Dir, "secret", "master.key")
	raw, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o700)
	}
	if err == nil {
		err = os.WriteFile(to, raw, 0o600)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return Open(c.t, o)
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// Write runs fn in one transaction of the system.
func (c *Company) Write(fn func(ctx context.Context, s *records.Session) error) {
	c.t.Helper()
	ctx := context.Background()
	if err := c.App.Engine.InTx(ctx, access.System("test"), func(s *records.Session) error { return fn(ctx, s) }); err != nil {
		c.t.Fatal(err)
	}
}

// Dept makes a department below parent (0 = at the top).
func (c *Company) Dept(name string, parent int64) (out int64) {
	c.t.Helper()
	c.Write(func(ctx context.Context, s *records.Session) (err error) {
		out, err = s.Create(ctx, department.Entity.Name, func(r *record.Record) {
			department.Name.Set(r, name)
			department.Parent.Set(r, parent)
		})
		return err
	})
	return out
}

// Role makes a role of grants and field rights.
func (c *Company) Role(code string, grants []access.Grant, fields ...access.FieldGrant) (out int64) {
	c.t.Helper()
	c.Write(func(ctx context.Context, s *records.Session) (err error) {
		out, err = s.Create(ctx, role.Entity.Name, func(r *record.Record) {
			role.Name.Set(r, code)
			role.Code.Set(r, code)
		})
		for _, g := range grants {
			if err == nil {
				_, err = s.Create(ctx, grant.Entity.Name, func(r *record.Record) { grant.Fill(r, out, g) })
			}
		}
		for _, f := range fields {
			if err == nil {
				_, err = s.Create(ctx, fieldright.Entity.Name, func(r *record.Record) { fieldright.Fill(r, out, f) })
			}
		}
		return err
	})
	return out
}

// Person is what Member needs to know.
type Person struct {
	Login    string
	Dept     int64
	Superior int64
	Roles    []int64
	Admin    bool
}

// Member makes a member who can sign in with Password.
func (c *Company) Member(p Person) (out int64) {
	c.t.Helper()
	c.Write(func(ctx context.Context, s *records.Session) (err error) {
		out, err = s.Create(ctx, member.Entity.Name, func(r *record.Record) {
			member.Login.Set(r, p.Login)
			member.Name.Set(r, p.Login)
			member.Department.Set(r, p.Dept)
			member.Superior.Set(r, p.Superior)
			member.Admin.Set(r, p.Admin)
			member.Roles.Set(r, record.Ints(p.Roles).List())
		})
		return err
	})
	err := c.App.Sessions.SetPassword(context.Background(), session.Member{ID: id.ID(out), Login: p.Login, Name: p.Login}, Password, session.PasswordOptions{})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// Actor is the member as the core sees him.
func (c *Company) Actor(member int64) *access.Actor {
	c.t.Helper()
	a, ok := c.App.Rights.Actor(member)
	if !ok {
		c.t.Fatalf("no actor for %d", member)
	}
	a.Via, a.Now, a.Env.Zone, a.Env.Locale = "session", c.App.Clock.Now(), c.App.Dir.Zone(), "zh-CN"
	return a
}

// Client speaks to the API as one member.
type Client struct {
	c      *Company
	login  string
	key    string
	Header http.Header
}

// As gives a client with an API key of the member with a login.
func (c *Company) As(login string) *Client {
	c.t.Helper()
	if c.keys[login] == "" {
		m, ok := c.App.Dir.MemberByLogin(login)
		if !ok {
			c.t.Fatalf("no member %s", login)
		}
		key, _, err := c.App.Sessions.NewKey(context.Background(), id.ID(m.ID), session.KeyOptions{Name: "test"})
		if err != nil {
			c.t.Fatal(err)
		}
		c.keys[login] = key
	}
	return &Client{c: c, login: login, key: c.keys[login], Header: http.Header{}}
}

// Anonymous speaks to the API without a credential.
func (c *Company) Anonymous() *Client { return &Client{c: c, Header: http.Header{}} }

// Key is the client's API key.
func (k *Client) Key() string { return k.key }

// With gives a copy of the client that sends one more header.
func (k *Client) With(name, value string) *Client {
	h := k.Header.Clone()
	h.Set(name, value)
	return &Client{c: k.c, login: k.login, key: k.key, Header: h}
}

// Reply is an answer.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	t      testing.TB
}

// Do sends a request; body is marshalled unless it is text or nil. The test
// fails when the reply is not what the OpenAPI document says.
func (k *Client) Do(method, path string, body any) Reply {
	k.c.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	case []byte:
		r = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(body)
		if err != nil {
			k.c.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, k.c.URL+"/api/v1"+path, r)
	if err != nil {
		k.c.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, v := range k.Header {
		req.Header[name] = v
	}
	if k.key != "" {
		req.Header.Set("Authorization", "Bearer "+k.key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		k.c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		k.c.t.Fatal(err)
	}
	reply := Reply{Status: res.StatusCode, Header: res.Header, Body: b, t: k.c.t}
	if wrong := k.c.contract.check(k, method, path, reply); wrong != "" {
		k.c.t.Errorf("%s %s: %s", method, path, wrong)
	}
	return reply
}

// Get is Do with GET.
func (k *Client) Get(path string) Reply { k.c.t.Helper(); return k.Do("GET", path, nil) }

// Post is Do with POST.
func (k *Client) Post(path string, body any) Reply { k.c.t.Helper(); return k.Do("POST", path, body) }

// Patch is Do with PATCH.
func (k *Client) Patch(path string, body any) Reply { k.c.t.Helper(); return k.Do("PATCH", path, body) }

// Want fails the test when the status is another.
func (r Reply) Want(status int) Reply {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("status %d, want %d: %.600s", r.Status, status, r.Body)
	}
	return r
}

// Holds compares values of a reply's JSON: path, text, path, text …
func Holds(t testing.TB, r Reply, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := r.Str(pairs[i]); got != pairs[i+1] {
			t.Errorf("%s is %q, want %q", pairs[i], got, pairs[i+1])
		}
	}
	if t.Failed() {
		t.Fatalf("%s", r.Body)
	}
}

var instants = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// Text is the body without its instants, for tests that look for digits which
// must not be there: the microseconds of a time may be any.
func (r Reply) Text() string { return instants.ReplaceAllString(string(r.Body), "") }

// JSON decodes the body.
func (r Reply) JSON() map[string]any {
	r.t.Helper()
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(r.Body))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		r.t.Fatalf("%v: %.300s", err, r.Body)
	}
	return out
}

// Str digs a text out of the body: "current.name", "items.0.id".
func (r Reply) Str(path string) string {
	r.t.Helper()
	var v any = r.JSON()
	for key := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// Items are the elements of "items".
func (r Reply) Items() []map[string]any {
	r.t.Helper()
	list, ok := r.JSON()["items"].([]any)
	if !ok {
		r.t.Fatalf("no items: %.300s", r.Body)
	}
	out := make([]map[string]any, len(list))
	for i, x := range list {
		out[i], _ = x.(map[string]any)
	}
	return out
}
