package api_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// finished waits for a job and gives its last state.
func finished(t *testing.T, k *company.Client, started company.Reply) company.Reply {
	t.Helper()
	return ended(t, k, "/jobs/"+started.Want(202).Str("job"))
}

// ended waits for the end of the job at a path.
func ended(t *testing.T, k *company.Client, path string) company.Reply {
	t.Helper()
	late := time.After(time.Minute)
	for {
		r := k.Get(path).Want(200)
		switch r.Str("state") {
		case "done", "failed", "cancelled":
			return r
		}
		select {
		case <-late:
			t.Fatalf("the job does not end: %s", r.Body)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func uploaded(k *company.Client, name, content string) string {
	return k.With("X-Filename", url.PathEscape(name)).With("Content-Type", "text/csv").Post("/files", content).Want(201).Str("id")
}

// A file comes in by upload, preview and job; what is refused comes back as a
// file that only its owner can fetch; the whole can be taken back.
func TestImportOverTheAPI(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		dept := c.Dept("销售部", 0)
		role := c.Role("seller", []access.Grant{{Entity: "crm.*", Op: access.Read, Scope: access.Own}, {Entity: "crm.*", Op: access.Create, Scope: access.Own},
			{Entity: "crm.*", Op: access.Update, Scope: access.Own}, {Entity: "crm.*", Op: access.Import, Scope: access.Own}})
		for _, login := range []string{"li", "wang"} {
			c.Member(company.Person{Login: login, Dept: dept, Roles: []int64{role}})
		}
		li, wang := c.As("li"), c.As("wang")
		file := uploaded(li, "客户.csv", "客户名称,客户状态,编码,颜色\n云山科技,成交,A1,红\n海天贸易,没有这种,A2,蓝\n")
		wang.Post("/import/crm.customer", map[string]any{"file": file}).Want(422)
		wang.Post("/import/crm.customer/preview", map[string]any{"file": file}).Want(422)

		look := li.Post("/import/crm.customer/preview", map[string]any{"file": file}).Want(200)
		if look.Str("map.客户名称") != "name" || look.Str("map.客户状态") != "status" || look.Str("sample.0.0") != "云山科技" || look.Str("unmapped.1") != "颜色" {
			t.Fatalf("preview %s", look.Body)
		}
		body := map[string]any{"file": file, "map": map[string]string{"客户名称": "name", "客户状态": "status", "编码": "external_id"}, "key": []string{"external_id"}}
		dry := finished(t, li, li.Post("/import/crm.customer", with(body, "dry_run", true)))
		if dry.Str("result.created") != "1" || dry.Str("result.failed") != "1" || len(li.Get("/records/crm.customer").Items()) != 0 {
			t.Fatalf("dry run %s", dry.Body)
		}
		done := finished(t, li, li.Post("/import/crm.customer", body))
		if done.Str("result.created") != "1" || done.Str("result.failed") != "1" || done.Str("result.errors.0.line") != "3" || done.Str("result.errors.0.field") != "status" {
			t.Fatalf("result %s", done.Body)
		}
		if got := li.Get("/records/crm.customer?fields=name,owner").Items(); len(got) != 1 || got[0]["name"] != "云山科技" {
			t.Errorf("records %v", got)
		}
		failed := done.Str("result.failed_file")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(li.Get("/files/"+failed).Want(200).Body), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][0] != "海天贸易" || !strings.Contains(rows[1][4], "没有这种") {
			t.Errorf("failed rows %v %v", rows, err)
		}
		wang.Get("/files/" + failed).Want(404)
		wang.Get("/jobs/" + done.Str("id")).Want(404)
		wang.Post("/jobs/"+done.Str("id")+"/cancel", nil).Want(404)
		c.As("admin").Get("/jobs/" + done.Str("id")).Want(200)

		again := finished(t, li, li.Post("/import/crm.customer", body))
		if again.Str("result.unchanged") != "1" || again.Str("result.created") != "0" {
			t.Errorf("the second time %s", again.Body)
		}
		if undo := li.Post("/changesets/"+done.Str("result.changeset")+"/undo", nil).Want(200); undo.Str("undone") != "1" {
			t.Errorf("undo %s", undo.Body)
		}
		if got := li.Get("/records/crm.customer").Items(); len(got) != 0 {
			t.Errorf("after the undo %v", got)
		}

		li.Post("/import/crm.customer", with(body, "key", []string{"nothing"})).Want(400)
		li.Post("/import/crm.customer", with(body, "map", map[string]string{"客户名称": "contact_count"})).Want(403)
		li.Post("/import/org.member", map[string]any{"file": file}).Want(403)
		li.Post("/import/no.such", map[string]any{"file": file}).Want(404)
		bad := uploaded(li, "old.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 600))
		li.Post("/import/crm.customer", map[string]any{"file": bad}).Want(422)
	})
}

func with(m map[string]any, key string, v any) map[string]any {
	out := map[string]any{key: v}
	for k, v := range m {
		if _, ok := out[k]; !ok {
			out[k] = v
		}
	}
	return out
}

// Everything that matches a filter is changed by a job, within its starter's
// rights, but for what he left out and for what was made after.
func TestBulkByFilter(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		var csv strings.Builder
		csv.WriteString("name,external_id,level\n")
		for i := range 250 {
			fmt.Fprintf(&csv, "客户%03d,%d,%s\n", i, i, []string{"a", "b"}[i%2])
		}
		finished(t, admin, admin.Post("/import/crm.customer", map[string]any{"file": uploaded(admin, "c.csv", csv.String())}))
		first := admin.Get("/records/crm.customer?sort=id&limit=1").Items()[0]["id"].(string)

		admin.Post("/records/crm.customer/bulk", map[string]any{"op": "update", "filter": `level == "a"`, "ids": []string{first}, "patch": map[string]any{"level": "c"}}).Want(400)
		admin.Post("/records/crm.customer/bulk", map[string]any{"op": "update", "filter": `nothing == "a"`, "patch": map[string]any{"level": "c"}}).Want(400)
		admin.Post("/records/crm.customer/bulk", map[string]any{"op": "update", "filter": "", "patch": map[string]any{"level": "zz"}}).Want(422)
		admin.Post("/records/crm.customer/bulk", map[string]any{"op": "create", "filter": ""}).Want(400)

		up := finished(t, admin, admin.Post("/records/crm.customer/bulk", map[string]any{"op": "update", "filter": `level == "a"`, "except": []string{first}, "patch": map[string]any{"level": "c"}}))
		if up.Str("state") != "done" || up.Str("result.done") != "124" || up.Str("result.failed") != "0" {
			t.Fatalf("%s", up.Body)
		}
		count := func(filter string) string {
			return admin.Get("/records/crm.customer?count=true&limit=1&filter=" + url.QueryEscape(filter)).Want(200).Str("count.value")
		}
		if count(`level == "c"`) != "124" || count(`level == "a"`) != "1" {
			t.Errorf("%s and %s", count(`level == "c"`), count(`level == "a"`))
		}
		c.Member(company.Person{Login: "li"})
		who := admin.Get("/records/org.member?filter=" + url.QueryEscape(`login == "li"`)).Items()[0]["id"]
		if r := finished(t, admin, admin.Post("/records/crm.customer/bulk", map[string]any{"op": "transfer", "filter": `level == "c"`, "owner": who})); r.Str("result.done") != "124" {
			t.Fatalf("%s", r.Body)
		}
		del := finished(t, admin, admin.Post("/records/crm.customer/bulk", map[string]any{"op": "delete", "filter": `level == "b"`}))
		if del.Str("result.done") != "125" || count("") != "125" {
			t.Fatalf("%s, %s left", del.Body, count(""))
		}
		if r := admin.Post("/changesets/"+del.Str("result.changeset")+"/undo", nil).Want(200); r.Str("undone") != "125" || count("") != "250" {
			t.Errorf("undo %s, %s left", r.Body, count(""))
		}

		// A member without a right to any of them starts nothing.
		c.As("li").Post("/records/crm.customer/bulk", map[string]any{"op": "delete", "filter": ""}).Want(403)
	})
}

// An export holds what its reader may see, in the format asked for.
func TestExportOverTheAPI(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Post("/records/crm.customer", map[string]any{"name": "=cmd()", "phone": "13800138000", "region": "江苏省南京市", "status": "won"}).Want(201)
		r := admin.Get("/export/crm.customer?fields=name,status,region,phone").Want(200)
		if want := "\ufeff客户名称,客户状态,地区,电话\r\n\"'=cmd()\",成交,江苏省/南京市,13800138000\r\n"; string(r.Body) != want {
			t.Errorf("%q, want %q", r.Body, want)
		}
		if d := r.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || !strings.Contains(d, "csv") {
			t.Errorf("disposition %q", d)
		}
		keys := admin.Get("/export/crm.customer?fields=name,status,region&headers=keys&encoding=utf-8").Want(200)
		if want := "name,status,region\r\n\"'=cmd()\",won,3201\r\n"; string(keys.Body) != want {
			t.Errorf("%q, want %q", keys.Body, want)
		}
		if x := admin.Get("/export/crm.customer?format=xlsx").Want(200); !strings.HasPrefix(string(x.Body), "PK") {
			t.Errorf("xlsx %.20q", x.Body)
		}
		admin.Get("/export/crm.customer?format=pdf").Want(400)
		admin.Get("/export/crm.customer?fields=nothing").Want(400)
		admin.Get("/export/no.such").Want(404)

		role := c.Role("reader", []access.Grant{{Entity: "crm.*", Op: access.Read, Scope: access.All}, {Entity: "crm.*", Op: access.Export, Scope: access.Own}, {Entity: "crm.*", Op: access.Create, Scope: access.Own}},
			access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: 1})
		c.Member(company.Person{Login: "li", Roles: []int64{role}})
		c.Member(company.Person{Login: "none"})
		li := c.As("li")
		me := li.Get("/me").Want(200).Str("me.id")
		admin.Post("/records/crm.customer", map[string]any{"name": "自己的客户", "phone": "13911112222", "owner": me}).Want(201)
		own := li.Get("/export/crm.customer?fields=name,phone").Want(200)
		if want := "\ufeff客户名称,电话\r\n自己的客户,139****2222\r\n"; string(own.Body) != want {
			t.Errorf("%q, want %q", own.Body, want)
		}
		c.As("none").Get("/export/crm.customer").Want(403)
	})
}
