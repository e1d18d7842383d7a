package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What the wizard of the import shows and asks: the rows as they would be,
// texts that nothing fits and what they mean, reasons counted, and the next
// file of the same columns mapped as this one.
func TestImportWizard(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		c.Member(company.Person{Login: "zhang"})
		admin := c.As("admin")
		const table = "客户名称,状态,老板,负责人,建档日期\n甲公司,成交,x,zhang,2020-05-06\n乙公司,已签约,y,张三丰,2021-01-02\n丙公司,已签约,z,张三丰,2021-01-03\n"
		file := uploaded(admin, "a.csv", table)
		mapping := map[string]string{"客户名称": "name", "状态": "status", "负责人": "owner", "建档日期": "source_created_at"}
		look := admin.Post("/import/crm.customer/preview", map[string]any{"file": file, "map": mapping}).Want(200)
		for path, want := range map[string]string{"become.0.values.status": "成交", "become.0.values.owner": "zhang", "become.0.line": "2",
			"become.1.errors.0.field": "status", "unknown.0.field": "status", "unknown.0.value": "已签约", "unknown.0.rows": "2", "unknown.1.value": "张三丰"} {
			if got := look.Str(path); got != want {
				t.Errorf("%s is %q, want %q", path, got, want)
			}
		}
		body := map[string]any{"file": file, "map": mapping, "dry_run": true}
		dry := finished(t, admin, admin.Post("/import/crm.customer", body))
		if dry.Str("entity") != "crm.customer" || dry.Str("result.reasons.0.rows") != "2" || dry.Str("result.reasons.0.line") != "3" {
			t.Errorf("dry run: %s", dry.Body)
		}
		given := map[string]any{"status": map[string]string{"已签约": "won"}, "owner": map[string]string{"张三丰": ""}}
		again := admin.Post("/import/crm.customer/preview", map[string]any{"file": file, "map": mapping, "given": given}).Want(200)
		if again.Str("unknown.0.value") != "" || again.Str("become.1.values.status") != "成交" {
			t.Errorf("as told: %s", again.Body)
		}
		done := finished(t, admin, admin.Post("/import/crm.customer", map[string]any{"file": file, "map": mapping, "given": given}))
		if done.Str("result.created") != "3" || done.Str("result.failed") != "0" {
			t.Fatalf("import: %s", done.Body)
		}
		for _, it := range admin.Get("/records/crm.customer?fields=name,status,source_created_at").Want(200).Items() {
			if !strings.HasPrefix(it["source_created_at"].(string), "202") || it["status"] == nil {
				t.Errorf("a record: %v", it)
			}
		}
		next := uploaded(admin, "b.csv", table)
		remembered := admin.Post("/import/crm.customer/preview", map[string]any{"file": next}).Want(200)
		if remembered.Str("remembered") != "true" || remembered.Str("given.status.已签约") != "won" || remembered.Str("map.老板") != "" || remembered.Str("unknown.0.value") != "" {
			t.Errorf("the second time: %s", remembered.Body)
		}
		if r := c.As("zhang").Post("/import/crm.customer/preview", map[string]any{"file": next}); r.Status == 200 {
			t.Errorf("another's file: %s", r.Body)
		}
	})
}

func TestSourceOfAFile(t *testing.T) {
	c := company.Open(t, company.Options{})
	admin := c.As("admin")
	for header, want := range map[string]string{
		"Id,Name,ParentId,BillingCity,OwnerId":                                 "salesforce",
		"Record ID,Company name,Company owner,Create Date":                     "hubspot",
		"id,name,phone_office,billing_address_street,assigned_user_name":       "suitecrm",
		"id,name,emailAddress,billingAddressStreet,assignedUserName,createdAt": "espocrm",
		"客户名称,电话": "",
	} {
		file := uploaded(admin, "a.csv", header+"\n")
		if got := admin.Post("/import/crm.customer/preview", map[string]any{"file": file}).Want(200).Str("source"); got != want {
			t.Errorf("%s is of %q, want %q", header, got, want)
		}
	}
}

func TestImportTemplate(t *testing.T) {
	c := company.Open(t, company.Options{})
	body := string(c.As("admin").Get("/import/crm.customer/template").Want(200).Body)
	for name, want := range map[string][]string{"客户": {"客户名称"}, "可填的值": {"列", "必填", "类型", "可填的值"}} {
		in, info, err := sheet.OpenAt(strings.NewReader(body), int64(len(body)), sheet.Options{Format: sheet.XLSX, Sheet: name})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := strings.Join(info.Header[:len(want)], ","); got != strings.Join(want, ",") {
			t.Errorf("%s begins %s", name, got)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
	c.Member(company.Person{Login: "zhang"})
	c.As("zhang").Get("/import/crm.customer/template").Want(403)
}

// A large export is a job: its file is the caller's own.
func TestExportAsAJob(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		c.Member(company.Person{Login: "zhang"})
		zhang, admin := c.As("zhang"), c.As("admin")
		var ids []string
		for _, name := range []string{"甲公司", "乙公司", "=1+1"} {
			ids = append(ids, admin.Post("/records/crm.customer", map[string]any{"name": name}).Want(201).Str("id"))
		}
		body := map[string]any{"fields": []string{"name"}, "filter": `id in ("` + ids[0] + `", "` + ids[2] + `")`, "sort": "name"}
		done := finished(t, admin, admin.Post("/export/crm.customer", body))
		if done.Str("result.rows") != "2" {
			t.Fatalf("export: %s", done.Body)
		}
		file := string(admin.Get("/files/" + done.Str("result.file")).Want(200).Body)
		if !strings.Contains(file, "甲公司") || strings.Contains(file, "乙公司") || strings.Contains(file, "\n=1") {
			t.Errorf("the file: %q", file)
		}
		zhang.Get("/files/" + done.Str("result.file")).Want(404)
		zhang.Post("/export/crm.customer", body).Want(403)
		admin.Post("/export/crm.customer", map[string]any{"format": "doc"}).Want(400)
		admin.Post("/export/crm.customer", map[string]any{"filter": "nothing =="}).Want(400)
	})
}
