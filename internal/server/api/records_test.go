package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A record's whole life over the real stack: created, read, changed by two,
// deleted, restored, its past shown.
func TestLifeOfACustomer(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		made := admin.Post("/records/crm.customer", map[string]any{"name": "上海云腾网络科技有限公司", "phone": "138 0013 8000",
			"phones": []string{"021-55551234", "95588"}, "amount": "1200.5", "region": "上海", "remark": "第一行\n第二行"}).Want(201)
		id := made.Str("id")
		if got := made.Str("amount"); got != "1200.50" {
			t.Errorf("amount %q", got)
		}
		if got := made.Str("region"); got != "31" {
			t.Errorf("region %q", got)
		}
		path := "/records/crm.customer/" + id
		if got := made.Header.Get("Location"); got != "/api/v1"+path {
			t.Errorf("location %q", got)
		}
		read := admin.Get(path).Want(200)
		if read.Header.Get("ETag") != `"v1"` || read.Str("remark") != "第一行\n第二行" || read.Str("phones.1") != "95588" {
			t.Errorf("read %s", read.Body)
		}
		admin.With("If-None-Match", `"v1"`).Get(path).Want(304)

		admin.Patch(path, map[string]any{"status": "won"}).Want(428)
		admin.With("If-Match", `"v1"`).Patch(path, map[string]any{"status": "won", "phones": map[string]any{"add": []string{"10086"}, "remove": []string{"95588"}}}).Want(200)
		admin.With("If-Match", `"v1"`).Patch(path, map[string]any{"status": "lost"}).Want(412)
		stale := admin.Patch(path, map[string]any{"version": 1, "status": "lost"}).Want(409)
		if stale.Str("current.status") != "won" || stale.Str("current_version") != "2" {
			t.Errorf("conflict %s", stale.Body)
		}
		now := admin.Get(path).Want(200)
		if now.Str("phones.0") != "021-55551234" || now.Str("phones.1") != "10086" || now.Str("phones.2") != "" {
			t.Errorf("phones %s", now.Body)
		}
		same := admin.With("If-Match", "*").Patch(path, map[string]any{"status": "won"}).Want(200)
		if same.Str("version") != "2" {
			t.Errorf("a change of nothing made version %s", same.Str("version"))
		}

		line := admin.Get(path + "/timeline").Want(200)
		items := line.Items()
		if len(items) != 2 || items[0]["kind"] != "update" || items[1]["kind"] != "create" {
			t.Fatalf("timeline %s", line.Body)
		}
		if !strings.Contains(string(line.Body), `"field":"status","from":"lead","to":"won"`) {
			t.Errorf("timeline %s", line.Body)
		}

		admin.With("If-Match", "*").Do("DELETE", path, nil).Want(200)
		admin.Get(path).Want(404)
		if n := len(admin.Get("/records/crm.customer").Items()); n != 0 {
			t.Errorf("%d customers after the deletion", n)
		}
		if n := len(admin.Get("/records/crm.customer?deleted=true").Items()); n != 1 {
			t.Errorf("%d in the recycle bin", n)
		}
		back := admin.Post(path+"/restore", "{}").Want(200)
		if back.Str("name") != "上海云腾网络科技有限公司" || back.Str("phones.1") != "10086" {
			t.Errorf("restored %s", back.Body)
		}
	})
}

func TestWrongInputIsRefusedByField(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		bad := admin.Post("/records/crm.customer", map[string]any{"amount": "12.345678", "email": "nobody", "status": "gone"}).Want(422)
		for _, want := range []string{`"field":"amount"`, `"field":"status"`} {
			if !strings.Contains(string(bad.Body), want) {
				t.Errorf("no %s in %s", want, bad.Body)
			}
		}
		admin.Post("/records/crm.customer", map[string]any{"name": "甲", "no_such": 1}).Want(400)
		admin.Post("/records/crm.customer", `{"name":`).Want(400)
		admin.Post("/records/crm.nothing", map[string]any{"name": "甲"}).Want(404)
		admin.Get("/records/crm.customer?nonsense=1").Want(400)
		admin.Get("/records/crm.customer?filter=nonsense+%3D%3D+1").Want(400)
		admin.Get("/records/crm.customer/garbage").Want(404)
		c.Anonymous().Get("/records/crm.customer").Want(401)
		if n := len(admin.Get("/records/crm.customer").Items()); n != 0 {
			t.Errorf("%d customers after refusals", n)
		}
	})
}
