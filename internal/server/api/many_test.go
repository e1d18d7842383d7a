package api_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// parse reads an id of the API.
func parse(t *testing.T, text string) int64 {
	t.Helper()
	n, err := id.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return int64(n)
}

// hang puts n contacts under a customer, by hand: they need nothing else.
func hang(t *testing.T, c *company.Company, customer string, n int) {
	t.Helper()
	ent := c.App.Registry.State().Entity("crm.contact")
	col := func(key string) string { return ent.Field(key).Columns[0].Name }
	first := int64(c.App.IDs.Next())
	sql := fmt.Sprintf(`INSERT INTO %s (id, version, created_at, updated_at, %s, %s, "%s")
		WITH RECURSIVE g(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < %d) SELECT %d - i, 1, 0, 0, '人', %d, %d FROM g`,
		ent.Table, col("name"), col("customer"), col("owner"), n-1, first, parse(t, customer), parse(t, c.As("admin").Get("/me").Str("me.id")))
	if err := c.App.DB.Write(context.Background(), func(tx sqldb.Tx) error { _, err := tx.Exec(context.Background(), sql); return err }); err != nil {
		t.Fatal(err)
	}
}

// All that hangs under a deleted record goes with it and comes back with it;
// what is too much for one transaction is refused, and nothing is orphaned.
func TestDeletingWithManyBelow(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin").With("If-Match", "*")
		some := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		hang(t, c, some, 1203)
		live := func() int64 {
			return number(t, c, "SELECT count(*) FROM "+c.App.Registry.State().Entity("crm.contact").Table+" WHERE deleted_at IS NULL")
		}
		admin.Do("DELETE", "/records/crm.customer/"+some, nil).Want(200)
		if n := live(); n != 0 {
			t.Errorf("%d left below the deleted", n)
		}
		if n := number(t, c, "SELECT count(*) FROM history WHERE kind = 'delete'"); n != 1204 {
			t.Errorf("%d deletions in the history", n)
		}
		admin.Post("/records/crm.customer/"+some+"/restore", nil).Want(200)
		if n := live(); n != 1203 {
			t.Errorf("%d came back", n)
		}
	})
}

// Too much is refused at once where one list alone is too long, and when a
// second one makes it too much; what was deleted until then comes back.
func TestDeletingWithTooManyBelow(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin").With("If-Match", "*")
		table := func(entity string) string { return c.App.Registry.State().Entity(entity).Table }
		refused := func(id string, live int64) {
			t.Helper()
			if r := admin.Do("DELETE", "/records/crm.customer/"+id, nil).Want(409); r.Str("key") != "error.delete_many" {
				t.Errorf("%s", r.Body)
			}
			if n := number(t, c, "SELECT count(*) FROM "+table("crm.contact")+" WHERE deleted_at IS NULL"); n != live {
				t.Errorf("%d left after a refusal", n)
			}
			admin.Get("/records/crm.customer/" + id).Want(200)
		}
		made := func(name string) string {
			return admin.Post("/records/crm.customer", map[string]any{"name": name}).Want(201).Str("id")
		}
		many := made("乙公司")
		hang(t, c, many, 100_001)
		refused(many, 100_001)
		if os.Getenv("GUANXI_SOAK") == "" { // two hundred thousand more take their time
			return
		}
		both, other := made("丙公司"), made("丁公司")
		hang(t, c, both, 99_000)
		hang(t, c, other, 2_000)
		first := int64(c.App.IDs.Next())
		ent := c.App.Registry.State().Entity("crm.affiliation")
		col := func(key string) string { return ent.Field(key).Columns[0].Name }
		sql := fmt.Sprintf(`INSERT INTO %s (id, version, created_at, updated_at, %s, %s, "%s")
			SELECT %d - ROW_NUMBER() OVER (ORDER BY id), 1, 0, 0, id, %d, 0 FROM %s WHERE %s = %d`, ent.Table, col("contact"), col("customer"), col("primary"),
			first, parse(t, both), table("crm.contact"), c.App.Registry.State().Entity("crm.contact").Field("customer").Columns[0].Name, parse(t, other))
		if err := c.App.DB.Write(context.Background(), func(tx sqldb.Tx) error { _, err := tx.Exec(context.Background(), sql); return err }); err != nil {
			t.Fatal(err)
		}
		refused(both, 201_001)
	})
}

// edits writes n changes of a customer's address into the history, without the
// writes: address i was there before change i.
func edits(t *testing.T, c *company.Company, customer string, n int) {
	t.Helper()
	ctx := context.Background()
	entries := make([]history.Entry, n)
	for i := range entries {
		entries[i] = history.Entry{ID: int64(c.App.IDs.Next()), Changeset: int64(c.App.IDs.Next()), Entity: "crm.customer", Record: parse(t, customer), At: int64(i), Kind: history.Update,
			Version: int64(i + 2), Before: []history.Value{{Field: "address", Was: record.Text(fmt.Sprint(i))}}}
	}
	if err := c.App.DB.Write(ctx, func(tx sqldb.Tx) error {
		return c.App.Engine.History.Append(ctx, tx, entries, func(int, []byte) {})
	}); err != nil {
		t.Fatal(err)
	}
}

// A history is told to its very beginning.
func TestLongTimeline(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		n := 10_300
		if testing.Short() { // for the race detector
			n = 1_300
		}
		admin := c.As("admin")
		one := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司", "address": fmt.Sprint(n)}).Want(201).Str("id")
		edits(t, c, one, n)
		path, got := "/records/crm.customer/"+one+"/timeline?limit=200", 0
		for cursor := ""; ; {
			r := admin.Get(path + cursor).Want(200)
			for _, it := range r.Items() {
				got++
				changes, _ := it["changes"].([]any)
				if got <= n {
					change, _ := changes[0].(map[string]any)
					if change["from"] != fmt.Sprint(n-got) || change["to"] != fmt.Sprint(n-got+1) {
						t.Fatalf("entry %d: %v", got, change)
					}
				}
			}
			if r.Str("has_more") != "true" {
				break
			}
			cursor = "&cursor=" + r.Str("next")
		}
		if got != n+1 {
			t.Errorf("%d entries, want %d", got, n+1)
		}
	})
}

// However often a record was changed since, an undo sees it.
func TestUndoBehindManyChanges(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		one := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司", "phone": "10086"}).Want(201).Str("id")
		first := admin.With("If-Match", "*").Patch("/records/crm.customer/"+one, map[string]any{"phone": "10010", "city": "上海"}).Want(200).Str("changeset")
		admin.With("If-Match", "*").Patch("/records/crm.customer/"+one, map[string]any{"phone": "10000"}).Want(200)
		edits(t, c, one, 1200)
		r := admin.Post("/changesets/"+first+"/undo", nil).Want(200)
		if r.Str("conflicts.0.fields.0") != "phone" {
			t.Errorf("undo %s", r.Body)
		}
		if now := admin.Get("/records/crm.customer/" + one); now.Str("phone") != "10000" || now.Str("city") != "" {
			t.Errorf("phone %s, city %s", now.Str("phone"), now.Str("city"))
		}
	})
}
