//go:build testdata

package importer_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

// source is a file of the real data, read in place.
func source(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("GUANXI_TEST_DATA")
	if dir == "" {
		t.Fatal("GUANXI_TEST_DATA names no folder")
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}

// Some rows of this file have a comma in the address and no quotes around it:
// they are refused, the others go in, and the file of refused rows goes in by
// itself once the addresses are put together again.
func TestDataNorthwindCustomers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Path: source(t, "trade-orders/customers.csv"), Key: []string{"customerID"}, Null: "NULL",
			FailedPath: filepath.Join(t.TempDir(), "failed.csv")}
		h.recognised(opt, "northwind", "customer")
		before := h.dump("crm.customer")
		first := h.run(opt, counts{created: 67, failed: 24})
		if len(first.Unmapped) != 0 || len(first.Errors) != 24 || first.Errors[0].Line != 8 {
			t.Errorf("unmapped %v, errors %v", first.Unmapped, first.Errors)
		}
		h.want("crm.customer", h.by("crm.customer", "external_id", "ANATR"), map[string]string{
			"name": "Ana Trujillo Emparedados y helados", "contact_name": "Ana Trujillo", "contact_title": "Owner",
			"address": "Avda. de la Constitución 2222", "city": "México D.F.", "state": "", "region": "", "postal_code": "05021", "country": "Mexico",
			"phone": "(5) 555-4729", "fax": "(5) 555-3745"})
		h.run(opt, counts{unchanged: 67, failed: 24})

		mended := opt
		mended.Path = h.file("mended.csv", mendAddress(t, first.FailedFile))
		second := h.run(mended, counts{created: 24})
		if len(second.Unmapped) != 0 {
			t.Errorf("unmapped %v", second.Unmapped)
		}
		h.want("crm.customer", h.by("crm.customer", "external_id", "BLONP"), map[string]string{"address": "24, place Kléber", "city": "Strasbourg", "fax": "88.60.15.32"})
		h.run(mended, counts{unchanged: 24})
		mended.OnMatch = importer.Skip
		h.run(mended, counts{skipped: 24})

		for _, changeset := range []string{second.Changeset, first.Changeset} {
			if report := h.undo(changeset); len(report.Conflicts) > 0 {
				t.Errorf("undo left %v", report.Conflicts)
			}
		}
		if after := h.dump("crm.customer"); !slices.Equal(before, after) {
			t.Errorf("after both undos: %d customers, %d before", len(after), len(before))
		}
	})
}

// mendAddress joins the two pieces of the address in a file of refused rows.
func mendAddress(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if head := rows[0]; head[len(head)-1] != sheet.ReasonZh || len(head) != 12 {
		t.Fatalf("header %q", head)
	}
	var out strings.Builder
	w := csv.NewWriter(&out)
	for i, r := range rows {
		if i > 0 {
			if len(r) != 13 || !strings.Contains(r[12], "12") {
				t.Fatalf("row %q", r)
			}
			r = slices.Concat(r[:4], []string{r[4] + "," + r[5]}, r[6:])
		}
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return out.String()
}

// Without the word for empty, it is a text like any other; where a number of a
// superior is wanted it names nobody.
func TestDataNorthwindWithoutNull(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.run(importer.Options{Entity: "crm.customer", Path: source(t, "trade-orders/customers.csv"), Key: []string{"external_id"}}, counts{created: 67, failed: 24})
		h.want("crm.customer", h.by("crm.customer", "external_id", "ANTON"), map[string]string{"state": "NULL", "fax": "NULL"})

		opt := importer.Options{Entity: "org.member", Path: source(t, "trade-orders/employees.csv"), Key: []string{"external_id"}, FailedPath: filepath.Join(t.TempDir(), "failed.csv")}
		s := h.run(opt, counts{failed: 9})
		for _, e := range s.Errors {
			if e.Field != "superior" {
				t.Errorf("%+v", e)
			}
		}
		// Mended, the file of refused rows brings them all.
		raw, err := os.ReadFile(s.FailedFile)
		if err != nil {
			t.Fatal(err)
		}
		opt.Path = h.file("mended.csv", strings.Replace(string(raw), ",NULL,", ",,", 1))
		h.run(opt, counts{created: 9})
	})
}

func TestDataNorthwindEmployees(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		before := h.dump("org.member")
		opt := importer.Options{Entity: "org.member", Path: source(t, "trade-orders/employees.csv"), Key: []string{"employeeID"}, Null: "NULL"}
		first := h.run(opt, counts{created: 9})
		if !slices.Equal(first.Unmapped, []string{"photo"}) {
			t.Errorf("unmapped %v, mapped %v", first.Unmapped, first.Mapped)
		}
		nancy := h.by("org.member", "external_id", "1")
		h.want("org.member", nancy, map[string]string{"name": "Nancy Davolio", "birthday": "1948-12-08", "hired_on": "1992-05-01", "login": "",
			"salutation": "Ms.", "title": "Sales Representative", "home_phone": "(206) 555-9857", "extension": "5467", "state": "WA", "disabled": "是",
			"notes": `Education includes a BA in psychology from Colorado State University in 1970.  She also completed "The Art of the Cold Call."  Nancy is a member of Toastmasters International.`})
		for who, boss := range map[string]string{"1": "2", "6": "5", "5": "2"} {
			if got, want := h.by("org.member", "external_id", who).Get("superior").Int(), h.by("org.member", "external_id", boss).ID(); got != want {
				t.Errorf("superior of %s is %d, want %d", who, got, want)
			}
		}
		if !h.by("org.member", "external_id", "2").Get("superior").IsNull() {
			t.Error("somebody is above the one at the top")
		}
		h.run(opt, counts{unchanged: 9})
		if report := h.undo(first.Changeset); len(report.Conflicts) > 0 {
			t.Errorf("undo left %v", report.Conflicts)
		}
		if after := h.dump("org.member"); !slices.Equal(before, after) {
			t.Errorf("after the undo: %d members, %d before", len(after), len(before))
		}
	})
}

func TestDataOrganisations(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := source(t, "orgs-cn/orgs.csv")
		opt := importer.Options{Entity: "crm.customer", Path: path, Key: []string{"name"}}
		h.recognised(opt, "chinese", "customer")
		first := h.run(opt, counts{created: 112})
		if len(first.Unmapped) != 0 {
			t.Errorf("unmapped %v", first.Unmapped)
		}
		h.want("crm.customer", h.by("crm.customer", "name", "UPS"), map[string]string{"business": "快递物流", "phone": "8008208388",
			"phones": "8008208388|4008208388|8008303202|4001083999", "website": "https://www.ups.com/cn/zh/home", "email": ""})
		h.want("crm.customer", h.by("crm.customer", "name", "DHL"), map[string]string{"phone": "95380", "phones": ""})
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(raw)
		if err != nil {
			t.Fatal(err)
		}
		opt.Path = h.file("orgs.gb18030.csv", string(gb))
		h.run(opt, counts{unchanged: 112})

		// Told to go into the dictionary, a trade that is not in it is refused by name.
		opt.Map = mappings(t, "行业=industry")
		s, err := h.try(opt)
		if err != nil {
			t.Fatal(err)
		}
		if s.Failed == 0 || s.Errors[0].Field != "industry" || !strings.Contains(s.Errors[0].Message, "快递物流") {
			t.Errorf("%+v", s)
		}
	})
}

func TestDataCities(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.entity("x.city", field{"name", "text", "名称"}, field{"code", "text", "代码"}, field{"province", "text", "省"}, field{"city", "text", "市"})
		opt := importer.Options{Entity: "x.city", Path: source(t, "encodings/city.gbk.crlf.csv"), Key: []string{"code"}}
		first := h.run(opt, counts{created: 337})
		h.want("x.city", h.by("x.city", "code", "130100"), map[string]string{"name": "石家庄市", "province": "13", "city": "01"})
		h.run(opt, counts{unchanged: 337})
		h.undo(first.Changeset)
		if n := len(h.all("x.city")); n != 0 {
			t.Errorf("%d cities after the undo", n)
		}
	})
}

func TestDataWorkbook(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.entity("x.demo", field{"title", "text", "字符串标题"}, field{"moment", "instant", "日期标题"}, field{"figure", "decimal", "数字标题"})
		path := source(t, "office/xlsx/demo.xlsx")
		for _, name := range []string{"Sheet1", "Sheet2"} {
			opt := importer.Options{Entity: "x.demo", Path: path, Sheet: name, Key: []string{"字符串标题"}}
			h.run(opt, counts{created: 10})
			h.run(opt, counts{unchanged: 10})
		}
		h.want("x.demo", h.by("x.demo", "title", "字符串0"), map[string]string{"moment": "2020-01-01 01:01:01", "figure": "1"})
		h.want("x.demo", h.by("x.demo", "title", "表2字符串9"), map[string]string{"moment": "2020-01-10 01:01:01", "figure": "10"})

		// The same book counted from 1904: every day 1,462 later.
		s := h.run(importer.Options{Entity: "x.demo", Path: h.date1904(path), Key: []string{"title"}}, counts{updated: 10})
		h.want("x.demo", h.by("x.demo", "title", "字符串0"), map[string]string{"moment": "2024-01-02 01:01:01"})
		h.undo(s.Changeset)
		h.want("x.demo", h.by("x.demo", "title", "字符串0"), map[string]string{"moment": "2020-01-01 01:01:01"})

		_, err := h.try(importer.Options{Entity: "x.demo", Path: source(t, "office/xlsx/t01.xls"), Key: []string{"title"}})
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || e.Code != errs.Invalid || !strings.Contains(h.App.Texts.Text("zh-CN", e.Key, e.Args), "xlsx") {
			t.Errorf("an old workbook: %v", err)
		}
	})
}

// date1904 makes a workbook that counts days from 1904.
func (h *house) date1904(path string) string {
	h.t.Helper()
	in, err := zip.OpenReader(path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer in.Close()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			h.t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			h.t.Fatal(err)
		}
		content = bytes.Replace(content, []byte("<workbookPr/>"), []byte(`<workbookPr date1904="true"/>`), 1)
		w, err := z.Create(f.Name)
		if err != nil {
			h.t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		h.t.Fatal(err)
	}
	return h.file("demo1904.xlsx", out.String())
}

// recognised wants the wizard to tell which system wrote a file, "" for none.
func (h *house) recognised(opt importer.Options, system, kind string) {
	h.t.Helper()
	p, err := importer.Look(h.t.Context(), h.deps(), h.actor, opt)
	if err != nil {
		h.t.Fatal(err)
	}
	if p.Source != system || p.Kind != kind {
		h.t.Errorf("%s is recognised as %q %q, want %q %q", opt.Path, p.Source, p.Kind, system, kind)
	}
}

func TestDataSalesforceTree(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Path: source(t, "salesforce-tree/Accounts.json"), Key: []string{"external_id"}}
		h.recognised(opt, "salesforce", "customer")
		first := h.run(opt, counts{created: 3})
		if len(first.Unmapped) != 0 {
			t.Errorf("unmapped %v", first.Unmapped)
		}
		h.want("crm.customer", h.by("crm.customer", "name", "Wheelworks"), map[string]string{"address": "480 Trapelo Road", "city": "Belmont",
			"state": "MA", "postal_code": "02478", "country": "USA", "external_id": "AccountRef1"})
		h.run(opt, counts{unchanged: 3})
		opt.Key = []string{"name"}
		h.run(opt, counts{unchanged: 3})
	})
}
