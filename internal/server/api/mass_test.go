package api_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// furnished makes customers, 200 a call, and gives their ids.
func furnished(admin *company.Client, count int) (ids []string) {
	for len(ids) < count {
		var items []map[string]any
		for i := range min(200, count-len(ids)) {
			n := len(ids) + i
			items = append(items, map[string]any{"name": fmt.Sprintf("客户%05d", n), "status": []string{"lead", "contacted", "won"}[n%3], "level": []string{"a", "b"}[n%2]})
		}
		r := admin.Post("/records/crm.customer/bulk", map[string]any{"op": "create", "items": items}).Want(200)
		for i := range items {
			ids = append(ids, r.Str(fmt.Sprintf("results.%d.id", i)))
		}
	}
	return ids
}

// A change of ten thousand records (a tenth of them but under GUANXI_SOAK) tells
// how far it is, and taken back leaves every one of them as it was.
func TestTenThousandChangedAndUndone(t *testing.T) {
	count := 1100
	if os.Getenv("GUANXI_SOAK") != "" {
		count = 10_000
	}
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		ids := furnished(admin, count)
		const sheet = "/export/crm.customer?fields=name,status,level,owner&sort=name&headers=keys"
		before := string(admin.Get(sheet).Want(200).Body)
		call := map[string]any{"op": "update", "filter": `status != "won" or status == "won"`, "except": ids[:3], "patch": map[string]any{"status": "lost", "level": "c"}}
		if r := admin.Post("/records/crm.customer/bulk/preview", call).Want(200); r.Str("total") != fmt.Sprint(count-3) || r.Str("may") != fmt.Sprint(count-3) {
			t.Errorf("preview %s", r.Body)
		}
		job := finished(t, admin, admin.Post("/records/crm.customer/bulk", call))
		if job.Str("result.done") != fmt.Sprint(count-3) || job.Str("result.failed") != "0" || job.Str("total") != fmt.Sprint(count-3) || job.Str("done") != job.Str("total") {
			t.Fatalf("changed %s", job.Body)
		}
		lost := `/records/crm.customer?count=true&limit=1&filter=status+%3D%3D+"lost"`
		if n := admin.Get(lost).Want(200).Str("count.value"); n != fmt.Sprint(count-3) {
			t.Fatalf("%s are lost", n)
		}
		// One is changed by somebody else meanwhile: it stays, and is told.
		admin.With("If-Match", "*").Patch("/records/crm.customer/"+ids[7], map[string]any{"level": "d"}).Want(200)
		undo := finished(t, admin, admin.Post("/changesets/"+job.Str("result.changeset")+"/undo?job=true", nil))
		if undo.Str("state") != "done" || undo.Str("result.conflicts.0.id") != ids[7] || undo.Str("result.conflicts.1.id") != "" || undo.Str("total") != fmt.Sprint(count-3) {
			t.Fatalf("undone %s", undo.Body)
		}
		admin.With("If-Match", "*").Patch("/records/crm.customer/"+ids[7], map[string]any{"level": "b"}).Want(200)
		if after := string(admin.Get(sheet).Want(200).Body); after != before {
			t.Error("not everything is as it was")
		}
	})
}

// A change that is stopped on its way is taken back as far as it went.
func TestStoppedChangeIsUndone(t *testing.T) {
	count := 5000
	if testing.Short() {
		count = 1500
	}
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		furnished(admin, count)
		const sheet = "/export/crm.customer?fields=name,status,level,owner&sort=name&headers=keys"
		before := string(admin.Get(sheet).Want(200).Body)
		path := "/jobs/" + admin.Post("/records/crm.customer/bulk", map[string]any{"op": "update", "filter": "", "patch": map[string]any{"level": "c"}}).Want(202).Str("job")
		for r := admin.Get(path).Want(200); r.Str("done") == "0" && r.Str("state") != "done"; {
			r = admin.Get(path).Want(200)
		}
		admin.Post(path+"/cancel", nil)
		job := ended(t, admin, path)
		changed := admin.Get(`/records/crm.customer?count=true&limit=1&filter=level+%3D%3D+"c"`).Want(200).Str("count.value")
		if job.Str("state") != "cancelled" || changed == fmt.Sprint(count) || job.Str("result.done") != changed {
			t.Fatalf("%s are changed: %s", changed, job.Body)
		}
		undo := finished(t, admin, admin.Post("/changesets/"+job.Str("result.changeset")+"/undo?job=true", nil))
		if undo.Str("result.undone") != changed {
			t.Errorf("undone %s", undo.Body)
		}
		if after := string(admin.Get(sheet).Want(200).Body); after != before {
			t.Error("not everything is as it was")
		}
	})
}

// A mass change reaches what is named, found by words, and no further than the
// rights of its caller; the count beforehand says so.
func TestMassReach(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		ids := furnished(admin, 260)
		all := "/records/crm.customer/bulk"
		named := map[string]any{"op": "update", "ids": ids[:230], "patch": map[string]any{"level": "d"}}
		if job := finished(t, admin, admin.Post(all, named)); job.Str("result.done") != "230" {
			t.Errorf("named %s", job.Body)
		}
		named["atomic"] = true
		admin.Post(all, named).Want(400)
		admin.Get("/records/crm.customer?fresh=true&q=x").Want(200)
		// 00010 to 00019, and 00001 by its last four digits.
		found := map[string]any{"op": "update", "filter": `level == "d"`, "q": "客户0001", "patch": map[string]any{"status": "lost"}}
		if r := admin.Post(all+"/preview", found).Want(200); r.Str("total") != "11" {
			t.Errorf("preview of what is found: %s", r.Body)
		}
		if job := finished(t, admin, admin.Post(all, found)); job.Str("result.done") != "11" {
			t.Errorf("found %s", job.Body)
		}
		admin.Post(all, map[string]any{"op": "delete", "ids": ids[:1], "q": "客户"}).Want(400)

		role := c.Role("reader", []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.All}, {Entity: "crm.customer", Op: access.Create, Scope: access.Own}, {Entity: "crm.customer", Op: access.Update, Scope: access.Own}})
		c.Member(company.Person{Login: "zhang", Roles: []int64{role}})
		zhang := c.As("zhang")
		zhang.Post("/records/crm.customer", map[string]any{"name": "张的客户"}).Want(201)
		mine := map[string]any{"op": "update", "filter": "", "patch": map[string]any{"level": "a"}}
		if r := zhang.Post(all+"/preview", mine).Want(200); r.Str("total") != "261" || r.Str("may") != "1" {
			t.Errorf("preview within rights: %s", r.Body)
		}
		job := finished(t, zhang, zhang.Post(all, mine))
		if job.Str("result.done") != "1" || job.Str("result.failed") != "260" {
			t.Errorf("within rights: %s", job.Body)
		}
		admin.Post("/changesets/0000000000001/undo?job=true", nil).Want(404)
		zhang.Post("/changesets/"+job.Str("result.changeset")+"/undo?job=perhaps", nil).Want(400)
	})
}
