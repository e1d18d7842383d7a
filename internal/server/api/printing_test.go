package api_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// tool runs a program of poppler over a document.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "PDF", file)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// textOf is what a reader of the document finds in it, blanks evened out.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	return regexp.MustCompile(`[ \t]+`).ReplaceAllString(tool(t, pdf, "pdftotext", "-layout", "PDF", "-"), " ")
}

// checkFonts holds every font of a document to being embedded, cut down and readable back.
func checkFonts(t *testing.T, pdf []byte) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(tool(t, pdf, "pdffonts", "PDF")), "\n")
	if len(lines) < 3 {
		t.Fatalf("no fonts:\n%s", strings.Join(lines, "\n"))
	}
	for _, l := range lines[2:] {
		if !regexp.MustCompile(`^[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes `).MatchString(l) {
			t.Errorf("font %q", l)
		}
	}
}

func printCustomer(k *company.Client, more map[string]any) string {
	body := map[string]any{"name": "上海浦江精密机械有限公司", "short_name": "浦江精密", "status": "won", "industry": "manufacturing", "phone": "021-55551234",
		"region": "310104", "address": "肇嘉浜路 1000 号", "annual_revenue": "1234567.50", "tags": []string{"key", "strategic"}, "remark": "第一行\n第二行",
		"addresses":      []map[string]any{{"consignee": "王收", "phone": "13812345678", "region": "310104", "address": "漕溪北路 8 号", "is_default": true}},
		"invoice_titles": []map[string]any{{"title": "上海浦江精密机械有限公司", "tax_no": "91310000123456789X", "bank_account": "6222000011112222"}}}
	for key, v := range more {
		body[key] = v
	}
	return k.Post("/records/crm.customer", body).Want(201).Str("id")
}

func TestCustomerOnPaper(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.With("If-Match", "*").Patch("/settings", map[string]any{"name": "广州示例贸易有限公司", "phone": "020-12345678", "address": "广州市天河区 1 号"}).Want(200)
		id := printCustomer(admin, nil)
		r := admin.Get("/records/crm.customer/" + id + "/print/sheet").Want(200)
		if kind := r.Header.Get("Content-Type"); kind != "application/pdf" || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s, %s", kind, r.Header.Get("Content-Disposition"))
		}
		checkFonts(t, r.Body)
		if len(r.Body) > 120_000 {
			t.Errorf("%d bytes", len(r.Body))
		}
		text := textOf(t, r.Body)
		for _, want := range []string{"广州示例贸易有限公司", "电话 020-12345678", "上海浦江精密机械有限公司", "浦江精密", "制造", "1,234,567.50", "重点", "、", "第一行", "第二行", "王收", "漕溪北路", "91310000123456789X", "第 1 页，共 1 页"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		admin.Get("/records/crm.customer/" + id + "/print/none").Want(404)
		admin.Get("/records/crm.nothing/" + id + "/print/sheet").Want(404)
		admin.Get("/records/crm.customer/0000000000001/print/sheet").Want(404)
		admin.Get("/records/crm.customer_address/" + id + "/print/sheet").Want(404)
	})
}

// Whoever may not see a field does not find it on paper, neither in facts nor
// in lines nor through a reference.
func TestPaperKeepsWhatIsHidden(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		dept := c.Dept("销售部", 0)
		ops := []access.Op{access.Read, access.Create, access.Update}
		seeing := c.Role("seeing", entity.Allow("crm.*", access.Own, append(ops, access.Print)...),
			access.FieldGrant{Entity: "crm.customer", Field: "annual_revenue", Level: schema.Hidden},
			access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: schema.Masked},
			access.FieldGrant{Entity: "crm.customer_invoice_title", Field: "bank_account", Level: schema.Hidden})
		blind := c.Role("blind", entity.Allow("crm.*", access.Own, ops...))
		c.Member(company.Person{Login: "zhang", Dept: dept, Roles: []int64{seeing}})
		c.Member(company.Person{Login: "li", Dept: dept, Roles: []int64{blind}})
		zhang, li := c.As("zhang"), c.As("li")
		others := printCustomer(admin, nil)
		zhang.Get("/records/crm.customer/" + others + "/print/sheet").Want(404)
		mine := printCustomer(admin, map[string]any{"name": "张的客户", "owner": zhang.Get("/me").Str("me.id"), "parent": others})
		text := textOf(t, zhang.Get("/records/crm.customer/"+mine+"/print/sheet").Want(200).Body)
		for _, want := range []string{"张的客户", "021****1234", "91310000123456789X"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		for _, never := range []string{"1,234,567", "55551234", "6222000011112222", "年营业额", "银行账号", "浦江精密\n"} {
			if strings.Contains(text, never) {
				t.Errorf("%q in\n%s", never, text)
			}
		}
		his := printCustomer(li, map[string]any{"name": "李的客户"})
		li.Get("/records/crm.customer/" + his + "/print/sheet").Want(403)
		if p, ok := li.Get("/meta").Want(200).JSON()["entities"].(map[string]any)["crm.customer"].(map[string]any)["prints"].([]any); !ok || len(p) != 0 {
			t.Errorf("offered without the right: %v", p)
		}
	})
}

func TestManyLinesGoOverPages(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		var lines []map[string]any
		for i := range 300 {
			lines = append(lines, map[string]any{"consignee": fmt.Sprintf("收货%03d", i), "address": strings.Repeat("很长的地址", i%7+1)})
		}
		id := printCustomer(admin, map[string]any{"addresses": lines})
		pdf := admin.Get("/records/crm.customer/" + id + "/print/sheet").Want(200).Body
		text := textOf(t, pdf)
		for i := range 300 {
			if n := strings.Count(text, fmt.Sprintf("收货%03d", i)); n != 1 {
				t.Errorf("line %d stands there %d times", i, n)
			}
		}
		pages := strings.Count(text, "\f")
		if heads := strings.Count(text, "收货人"); pages < 6 || heads < pages-1 || !strings.Contains(text, fmt.Sprintf("第 %d 页，共 %d 页", pages, pages)) {
			t.Errorf("%d pages, %d heads\n%s", pages, heads, text[len(text)-500:])
		}
	})
}

// An administrator's layout stands in the place of the program's until it is
// taken away; what is wrong with one is said where it is.
func TestLayoutsOfAdministrators(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		id := printCustomer(admin, nil)
		const prints = "/customize/entities/crm.customer/prints"
		seen := admin.Get(prints).Want(200).Items()[0]
		own := map[string]any{"key": "sheet", "label": zh("我的资料卡"), "language": "both", "paper": "A5", "landscape": true, "blocks": []map[string]any{
			{"kind": "letterhead", "logo": true},
			{"kind": "title", "text": map[string]any{"zh-CN": "客户 {{甲} {short_name}", "en": "Customer"}},
			{"kind": "facts", "full": true, "items": []map[string]any{{"value": "{owner.name} {@today|long}"}, {"value": "{annual_revenue|words}"}, {"value": "{annual_revenue|upper}"}, {"value": "{status}"}, {"value": "{parent.owner.name}", "label": zh("上级负责人")}}},
			{"kind": "signature", "seal": true, "items": []map[string]any{{"label": zh("甲方"), "value": "签字："}, {"label": zh("乙方"), "value": "日期："}}},
			{"kind": "break"}, {"kind": "space", "height": 10}, {"kind": "rule"}, {"kind": "bank", "bank": "all"}, {"kind": "totals", "items": []map[string]any{{"value": "{amount}", "bold": true}}}}}
		admin.With("If-Match", `"other"`).Post(prints+"/sheet", own).Want(412)
		saved := admin.With("If-Match", fmt.Sprintf("%q", seen["tag"])).Post(prints+"/sheet", own).Want(200)
		if saved.Str("own") != "true" || saved.Str("declared") != "true" {
			t.Errorf("%s", saved.Body)
		}
		text := textOf(t, admin.Get("/records/crm.customer/"+id+"/print/sheet").Want(200).Body)
		for _, want := range []string{"客户 {甲} 浦江精密", "Customer", "2026年", "SAY RENMINBI YUAN ONE", "THIRTY-FOUR THOUSAND FIVE", "50/100 ONLY", "壹佰贰拾叁万肆仟伍佰陆拾柒元伍",
			"成交 / Won", "客户状态 Status", "上级负责人", "Page 1 of 2"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		own["key"], own["label"] = "second", zh("另一张")
		admin.Post(prints+"/second", own).Want(200)
		admin.Get("/records/crm.customer/" + id + "/print/second").Want(200)
		shown := admin.Post("/customize/entities/crm.customer/print-preview", map[string]any{"print": own, "record": id}).Want(200)
		checkFonts(t, shown.Body)
		admin.Post("/customize/entities/crm.customer/print-preview", map[string]any{"print": own}).Want(200)
		admin.Post("/customize/entities/crm.lead/print-preview", map[string]any{"print": map[string]any{"key": "a", "label": zh("甲"), "blocks": []map[string]any{{"kind": "rule"}}}}).Want(404)
		for at, change := range map[string]map[string]any{
			"blocks.0.text":          {"blocks": []map[string]any{{"kind": "title", "text": zh("{nothing}")}}},
			"blocks.0.items.0.value": {"blocks": []map[string]any{{"kind": "facts", "items": []map[string]any{{"value": "{owner.nothing}"}}}}},
			"blocks.1.lines":         {"blocks": []map[string]any{{"kind": "rule"}, {"kind": "table", "lines": "nothing", "items": []map[string]any{{"value": "{name}"}}}}},
			"blocks.0.kind":          {"blocks": []map[string]any{{"kind": "script"}}},
			"accent":                 {"accent": "red"},
			"margins":                {"margins": []int{1, 2, 3}},
			"head":                   {"head": zh("{name")},
			"label":                  {"label": map[string]any{}},
		} {
			bad := map[string]any{"key": "sheet", "label": zh("甲"), "blocks": []map[string]any{{"kind": "rule"}}}
			for key, v := range change {
				bad[key] = v
			}
			if r := admin.Post(prints+"/sheet", bad).Want(422); !strings.Contains(string(r.Body), `"`+at+`"`) {
				t.Errorf("%s: %s", at, r.Body)
			}
		}
		for _, key := range []string{"sheet", "second"} {
			call := admin.Do("DELETE", prints+"/"+key, nil)
			call.Want(204)
		}
		admin.Do("DELETE", prints+"/second", nil).Want(404)
		admin.Get("/records/crm.customer/" + id + "/print/second").Want(404)
		if text := textOf(t, admin.Get("/records/crm.customer/"+id+"/print/sheet").Want(200).Body); !strings.Contains(text, "收货地址") {
			t.Errorf("the program's layout is not back:\n%s", text)
		}
	})
}
