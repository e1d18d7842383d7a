package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/unit"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type happened struct {
	Entity  string `json:"entity"`
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Kind    string `json:"kind"`
}

func wantRecord(t *testing.T, l *company.Listener, want happened) {
	t.Helper()
	e := l.Want("record")
	var got happened
	if err := json.Unmarshal([]byte(e.Data), &got); err != nil || got != want || e.ID == "" {
		t.Fatalf("event %s (id %q, %v), want %+v", e.Data, e.ID, err, want)
	}
}

// Everybody hears of the records he may read and of no others (ORG-10).
func TestEventsUnderRights(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("seller", sales())
		c.Member(company.Person{Login: "zhang", Roles: []int64{role}})
		c.Member(company.Person{Login: "li", Roles: []int64{role}})
		zhang, li, admin := c.As("zhang"), c.As("li"), c.As("admin")
		ears := map[string]*company.Listener{}
		for name, k := range map[string]*company.Client{"zhang": zhang, "li": li, "admin": admin} {
			ears[name] = k.Listen()
			if got, want := ears[name].Want("meta").Data, fmt.Sprintf(`{"version":%q}`, k.Get("/meta").Str("version")); got != want {
				t.Errorf("%s: meta %s, want %s", name, got, want)
			}
		}
		id := zhang.Post("/records/crm.customer", map[string]any{"name": "张的客户"}).Want(201).Str("id")
		path := "/records/crm.customer/" + id
		for _, l := range []string{"zhang", "admin"} {
			wantRecord(t, ears[l], happened{"crm.customer", id, 1, "create"})
		}
		zhang.With("If-Match", "*").Patch(path, map[string]any{"status": "won"}).Want(200)
		for _, l := range []string{"zhang", "admin"} {
			wantRecord(t, ears[l], happened{"crm.customer", id, 2, "update"})
		}
		version := int64(3)
		zhang.With("If-Match", "*").Do("DELETE", path, nil).Want(200)
		for _, l := range []string{"zhang", "admin"} {
			wantRecord(t, ears[l], happened{"crm.customer", id, version, "delete"})
		}
		admin.Post(path+"/restore", "{}").Want(200)
		version++
		for _, l := range []string{"zhang", "admin"} {
			wantRecord(t, ears[l], happened{"crm.customer", id, version, "restore"})
		}
		// What li hears first is what is his: nothing of all that.
		own := li.Post("/records/crm.customer", map[string]any{"name": "李的客户"}).Want(201).Str("id")
		wantRecord(t, ears["li"], happened{"crm.customer", own, 1, "create"})
		wantRecord(t, ears["admin"], happened{"crm.customer", own, 1, "create"})
		// Handed over, zhang's customer is li's to hear of.
		admin.With("If-Match", "*").Post(path+"/actions/transfer", map[string]any{"owner": li.Get("/me").Str("me.id")}).Want(200)
		if e := ears["li"].Want("record"); !strings.Contains(e.Data, id) {
			t.Errorf("after the transfer li hears %s", e.Data)
		}
		// zhang, who had it until then, is told that he has lost it, and nothing after that.
		version++
		wantRecord(t, ears["zhang"], happened{"crm.customer", id, version, "lost"})
		li.With("If-Match", "*").Patch(path, map[string]any{"status": "lost"}).Want(200)
		zhang.Post("/records/crm.customer", map[string]any{"name": "张的第二个"}).Want(201)
		if e := ears["zhang"].Want("record"); strings.Contains(e.Data, id) {
			t.Errorf("zhang hears of a customer that is no longer his: %s", e.Data)
		}
	})
}

// A stream ends within five seconds of its credential or its member (SECURITY 7).
func TestEventsEndWithTheCredential(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		c.Member(company.Person{Login: "zhang"})
		zhang := c.As("zhang")
		key := zhang.Get("/me/keys").Want(200).Items()[0]["id"]
		l := zhang.Listen()
		l.Want("meta")
		began := time.Now()
		zhang.Do("DELETE", fmt.Sprint("/me/keys/", key), nil).Want(204)
		l.WantEnd()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("a revoked key listened for %v", took)
		}

		other := c.Member(company.Person{Login: "wang"})
		l = c.As("wang").Listen()
		l.Want("meta")
		began = time.Now()
		c.Write(func(ctx context.Context, s *records.Session) error {
			return s.Update(ctx, member.Entity.Name, other, func(r *record.Record) { member.Disabled.Set(r, true) })
		})
		l.WantEnd()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("a disabled member listened for %v", took)
		}
	})
}

// New metadata is told, with the version that meta then has.
func TestEventsTellOfNewMetadata(t *testing.T) {
	c := company.Open(t, company.Options{})
	admin := c.As("admin")
	l := admin.Listen()
	first := l.Want("meta").Data
	admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "grade", "type": "text", "label": zh("等级")}).Want(201)
	second := l.Want("meta").Data
	if want := fmt.Sprintf(`{"version":%q}`, admin.Get("/meta").Str("version")); second != want || second == first {
		t.Errorf("meta %s, then %s, want %s", first, second, want)
	}
}

// A client that cannot keep up, or was away, is told to read anew.
func TestEventsMissed(t *testing.T) {
	c := company.Open(t, company.Options{})
	l := c.As("admin").Listen()
	l.Want("meta")
	c.Write(func(ctx context.Context, s *records.Session) error {
		for i := range 4000 {
			if _, err := s.Create(ctx, unit.Entity.Name, func(r *record.Record) {
				unit.Code.Set(r, fmt.Sprint("u", i))
				unit.Name.Set(r, fmt.Sprint("单位", i))
			}); err != nil {
				return err
			}
		}
		return nil
	})
	until := func(done func(company.Event) bool) { // what was on its way already may come first
		t.Helper()
		for {
			ev, err := l.Next()
			if err != nil {
				t.Fatal(err)
			}
			if done(ev) {
				return
			}
		}
	}
	until(func(ev company.Event) bool { return ev.Name == "reset" })
	id := ""
	for id == "" { // it may be told once more that it missed some, and then misses this one too
		made := c.As("admin").Post("/records/crm.customer", map[string]any{"name": "甲"}).Want(201).Str("id")
		until(func(ev company.Event) bool {
			if ev.ID == made || strings.Contains(ev.Data, made) {
				id = made
			}
			return id != "" || ev.Name == "reset"
		})
	}

	again := c.As("admin").With("Last-Event-ID", id).Listen()
	again.Want("reset")
	again.Want("meta")
}

func TestEventsAtMostSixStreams(t *testing.T) {
	c := company.Open(t, company.Options{})
	for range 6 {
		if l := c.As("admin").Listen(); l.Status != http.StatusOK {
			t.Fatalf("status %d", l.Status)
		}
	}
	if r := c.As("admin").Get("/events"); r.Status != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" {
		t.Errorf("the seventh: %d", r.Status)
	}
	c.Member(company.Person{Login: "zhang"})
	if l := c.As("zhang").Listen(); l.Status != http.StatusOK {
		t.Errorf("another member: %d", l.Status)
	}
}

// A comment each 25 s keeps proxies from closing a quiet stream.
func TestEventsHeartbeat(t *testing.T) {
	fake := clock.NewFake(time.Now())
	c := company.Open(t, company.Options{Clock: fake})
	l := c.As("admin").Listen()
	l.Want("meta")
	beat := make(chan error)
	go func() {
		e, err := l.Next()
		if err == nil && e.Data != "comment" {
			err = fmt.Errorf("event %+v", e)
		}
		beat <- err
	}()
	start := fake.Now()
	for {
		select {
		case err := <-beat:
			if err != nil {
				t.Fatal(err)
			}
			if passed := fake.Now().Sub(start); passed < 25*time.Second {
				t.Errorf("a heartbeat after %v", passed)
			}
			return
		default:
			fake.Advance(100 * time.Millisecond)
		}
	}
}

// Stopping the server does not wait for those who listen.
func TestEventsEndWithTheServer(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	a, err := app.Open(ctx, app.Options{DataDir: t.TempDir(), Version: "test", Hash: session.Cost{MemoryKiB: 64, Rounds: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	if _, err := a.Setup(ctx, api.SetupInput{Company: "甲", Currency: "CNY", Login: "admin", Name: "管理员", Password: company.Password}); err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- a.Serve(ctx, app.ServeOptions{Listen: "127.0.0.1:0", Ready: func(address string) { ready <- address }})
	}()
	url := "http://" + <-ready + "/api/v1"
	res, err := http.Post(url+"/session", "application/json", strings.NewReader(`{"login":"admin","password":"`+company.Password+`"}`))
	if err != nil || len(res.Cookies()) == 0 {
		t.Fatalf("signing in: %v", err)
	}
	req, _ := http.NewRequest(http.MethodGet, url+"/events", http.NoBody)
	req.AddCookie(res.Cookies()[0])
	if res, err = http.DefaultClient.Do(req); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("listening: %v", err)
	}
	began := time.Now()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if _, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the stream was torn: %v", err)
	}
}

// A record that is seen through another is lost with the move to a third; who
// never saw it hears nothing.
func TestEventsOfWhatMovesAway(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("seller", sales())
		c.Member(company.Person{Login: "zhang", Roles: []int64{role}})
		c.Member(company.Person{Login: "li", Roles: []int64{role}})
		c.Member(company.Person{Login: "wang", Roles: []int64{role}})
		zhang, li, wang, admin := c.As("zhang"), c.As("li"), c.As("wang"), c.As("admin")
		from := zhang.Post("/records/crm.customer", map[string]any{"name": "张的客户"}).Want(201).Str("id")
		to := li.Post("/records/crm.customer", map[string]any{"name": "李的客户"}).Want(201).Str("id")
		who := admin.Post("/records/crm.contact", map[string]any{"name": "王芳", "customer": from, "owner": admin.Get("/me").Str("me.id")}).Want(201).Str("id")
		ears := map[string]*company.Listener{"zhang": zhang.Listen(), "li": li.Listen(), "wang": wang.Listen()}
		for _, l := range ears {
			l.Want("meta")
		}
		admin.With("If-Match", "*").Patch("/records/crm.contact/"+who, map[string]any{"customer": to}).Want(200)
		lost := func(entity, id, kind string) func(company.Event) bool {
			return func(e company.Event) bool {
				return strings.Contains(e.Data, entity) && strings.Contains(e.Data, id) && strings.Contains(e.Data, `"kind":"`+kind+`"`)
			}
		}
		for name, want := range map[string]func(company.Event) bool{"zhang": lost("crm.contact", who, "lost"), "li": lost("crm.contact", who, "update")} {
			for {
				e, err := ears[name].Next()
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if want(e) {
					break
				}
			}
		}
		own := wang.Post("/records/crm.customer", map[string]any{"name": "王的客户"}).Want(201).Str("id")
		wantRecord(t, ears["wang"], happened{"crm.customer", own, 1, "create"})
	})
}
