package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

func TestIdempotencyKey(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin").With("Idempotency-Key", "k1")
		const racers = 20
		ids := make(chan string, racers)
		for range racers {
			go func() { ids <- admin.Post("/records/crm.customer", `{"name":"甲公司"}`).Str("id") }()
		}
		first := <-ids
		for range racers - 1 {
			if id := <-ids; id != first || id == "" {
				t.Errorf("answers %q and %q", first, id)
			}
		}
		if n := len(c.As("admin").Get("/records/crm.customer").Items()); n != 1 {
			t.Errorf("%d customers", n)
		}
		admin.Post("/records/crm.customer", `{"name":"乙公司"}`).Want(422)
	})
}

// Whatever a POST writes, with the same key it writes it once and answers the
// same again; with the same key for something else it is refused.
func TestEveryPostKeepsItsKey(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		me := admin.Get("/me").Str("me.id")
		posts := 0
		twice := func(want int, path string, body any) company.Reply {
			t.Helper()
			posts++
			keyed := admin.With("Idempotency-Key", fmt.Sprint("post-", posts)).With("If-Match", "*").With("X-Filename", "a.csv")
			first := keyed.Post(path, body).Want(want)
			again := keyed.Post(path, body).Want(want)
			if string(first.Body) != string(again.Body) || first.Header.Get("Content-Type") != again.Header.Get("Content-Type") || first.Header.Get("Location") != again.Header.Get("Location") {
				t.Errorf("%s answered %s, then %s", path, first.Body, again.Body)
			}
			if r := keyed.With("X-Filename", "b.csv").Post(path, `{"other":1}`); r.Status != http.StatusUnprocessableEntity || r.Str("code") != "idempotency_reuse" {
				t.Errorf("%s with another body: %d %s", path, r.Status, r.Body)
			}
			return first
		}
		id := twice(201, "/records/crm.customer", map[string]any{"name": "甲公司"}).Str("id")
		at := "/records/crm.customer/" + id
		timeline := func() int { return len(admin.Get(at + "/timeline").Items()) }
		twice(200, at+"/actions/transfer", map[string]any{"owner": me})
		admin.With("If-Match", "*").Do("DELETE", at, nil).Want(200)
		twice(200, at+"/restore", "{}")
		if n := timeline(); n != 4 {
			t.Errorf("%d entries after creating, handing over, deleting, restoring", n)
		}
		changed := admin.With("If-Match", "*").Patch(at, map[string]any{"address": "一号"}).Want(200).Str("changeset")
		if r := twice(200, "/changesets/"+changed+"/undo", "{}"); r.Str("undone") != "1" || timeline() != 6 {
			t.Errorf("undo %s, %d entries", r.Body, timeline())
		}
		twice(200, "/records/crm.customer/bulk", map[string]any{"op": "create", "items": []map[string]any{{"name": "乙公司"}}})
		twice(201, "/views", map[string]any{"entity": "crm.customer", "name": "我的", "columns": []string{"name"}})
		if n := len(admin.Get("/views?entity=crm.customer").Items()); n != 1 {
			t.Errorf("%d views", n)
		}
		file := twice(201, "/files", "name\n丙公司\n").Str("id")
		finished(t, admin, twice(202, "/import/crm.customer", map[string]any{"file": file}))
		if n := len(admin.Get("/records/crm.customer").Items()); n != 3 {
			t.Errorf("%d customers", n)
		}
		job := twice(202, "/records/crm.customer/bulk", map[string]any{"op": "update", "filter": "", "patch": map[string]any{"level": "a"}})
		finished(t, admin, job)
		twice(202, "/backup", "{}")
		twice(201, "/customize/entities", map[string]any{"name": "thing", "label": zh("东西"), "title": "name"})
		twice(201, "/customize/entities/x.thing/fields", map[string]any{"key": "name", "type": "text", "label": zh("名称")})
		if n := number(t, c, "SELECT count(*) FROM job WHERE kind IN ('import', 'bulk')"); n != 2 {
			t.Errorf("%d jobs", n)
		}
	})
}

// What is shown once is not kept to be shown again: the same key says that it
// was done.
func TestKeyOfWhatIsShownOnce(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		keyed := admin.With("Idempotency-Key", "k")
		key := keyed.Post("/me/keys", map[string]any{"name": "脚本"}).Want(201).Str("key")
		if r := keyed.Post("/me/keys", map[string]any{"name": "脚本"}).Want(409); r.Str("key") != "error.idempotency_secret" {
			t.Errorf("again: %s", r.Body)
		}
		if n := len(admin.Get("/me/keys").Items()); n != 2 { // this one and the client's own
			t.Errorf("%d keys", n)
		}
		phrase := admin.With("Idempotency-Key", "p").Post("/settings/recovery", "{}").Want(200).Str("recovery_passphrase")
		admin.With("Idempotency-Key", "p").Post("/settings/recovery", "{}").Want(409)
		var rows sqldb.Rows
		if err := c.App.DB.Read(context.Background(), func(q sqldb.Querier) error {
			return q.Query(context.Background(), "SELECT body FROM idempotency", nil, []record.Kind{record.KindBytes}, &rows)
		}); err != nil {
			t.Fatal(err)
		}
		if rows.Len() != 2 {
			t.Errorf("%d answers kept", rows.Len())
		}
		for i := range rows.Len() {
			if b := rows.At(i, 0).Str(); strings.Contains(b, key) || strings.Contains(b, phrase) {
				t.Error("a secret is kept with its answer")
			}
		}
	})
}

// A key is free again when its request failed; while the first request runs,
// the second is told to wait, but not for ever after a crash.
func TestKeyOfAFailedOrRunningRequest(t *testing.T) {
	run := func(t *testing.T, database string) {
		now := clock.NewFake(time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC))
		c := company.Open(t, company.Options{Database: database, Clock: now})
		admin := c.As("admin").With("Idempotency-Key", "k")
		const path = "/customize/entities"
		admin.Post(path, map[string]any{"name": "thing"}).Want(422)
		admin.Post(path, map[string]any{"name": "thing", "label": zh("东西")}).Want(201)

		running := admin.With("Idempotency-Key", "running")
		body := map[string]any{"name": "other", "label": zh("其他")}
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		use := records.KeyUse{Credential: credential(t, c), Key: "running", Hash: c.App.Engine.KeyHash("POST /api/v1"+path, raw)}
		if _, done, err := c.App.Engine.ClaimKey(context.Background(), use); done || err != nil {
			t.Fatal(done, err)
		}
		if r := running.Post(path, body).Want(409); r.Str("key") != "error.idempotency_busy" {
			t.Errorf("beside one that runs: %s", r.Body)
		}
		now.Advance(11 * time.Minute)
		running.Post(path, body).Want(201)
		now.Advance(25 * time.Hour)
		running.Post(path, body).Want(409) // the key is forgotten, the entity is there
	}
	t.Run("sqlite", func(t *testing.T) { run(t, "") })
	t.Run("postgres", func(t *testing.T) { run(t, pg.URL(t)) })
}

// Of many equal requests at once one works, whatever it takes to do so.
func TestRaceOfOneKey(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin").With("Idempotency-Key", "k")
		got := race(12, func(int) company.Reply {
			return admin.Post("/customize/entities", map[string]any{"name": "thing", "label": zh("东西")})
		})
		if got[201] == 0 || got[201]+got[409] != 12 {
			t.Errorf("%v", got)
		}
		admin.Post("/customize/entities", map[string]any{"name": "thing", "label": zh("东西")}).Want(201)
	})
}

func TestKeysOutOfBounds(t *testing.T) {
	c := company.Open(t, company.Options{})
	admin := c.As("admin")
	for _, key := range []string{strings.Repeat("k", 256), "a b", "é"} {
		admin.With("Idempotency-Key", key).Post("/records/crm.customer", map[string]any{"name": "甲"}).Want(400)
	}
	admin.With("Idempotency-Key", strings.Repeat("k", 255)).Post("/records/crm.customer", map[string]any{"name": "甲"}).Want(201)
}

// Every POST that writes takes a key, and says so in the document; the others
// are named here.
func TestEveryPostTakesAKey(t *testing.T) {
	c := company.Open(t, company.Options{})
	without := []string{"/setup", "/session", "/session/renew", "/session/forgot", "/session/link", "/session/link/look", "/records/crm.customer/bulk/preview", "/records/crm.customer/query", "/records/crm.customer/aggregate", "/records/crm.customer/board", "/records/crm.customer/preview",
		"/records/crm.customer/duplicates", "/records/crm.customer/{id}/questions/{question}", "/reports/crm.customer/{report}", "/reports/crm.customer/{report}/{format}", "/import/crm.customer/preview", "/customize/entities/{name}/print-preview"}
	d := read(t, c.As("admin"))
	for _, r := range api.New(api.Options{}).Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		path := strings.NewReplacer("{entity}", "crm.customer", "actions/{name}", "actions/transfer").Replace(r.Path)
		takes := strings.Contains(string(d.Paths[path]["post"]), "Idempotency-Key")
		if takes == slices.Contains(without, path) {
			t.Errorf("POST %s: takes a key: %v", path, takes)
		}
	}
}

func credential(t *testing.T, c *company.Company) int64 {
	t.Helper()
	return number(t, c, "SELECT max(id) FROM credential WHERE kind = 'key'")
}

// number reads one number out of the database.
func number(t *testing.T, c *company.Company, sql string) int64 {
	t.Helper()
	var rows sqldb.Rows
	if err := c.App.DB.Read(context.Background(), func(q sqldb.Querier) error {
		return q.Query(context.Background(), sql, nil, []record.Kind{record.KindInt}, &rows)
	}); err != nil {
		t.Fatal(err)
	}
	return rows.At(0, 0).Int()
}
