//go:build testdata

package importer_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/guanxicrm/guanxi/internal/core/importer"
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

func TestDataNorthwindCustomers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Path: source(t, "trade-orders/customers.csv"), Key: []string{"customerID"}, Null: "NULL"}
		first := h.run(opt, counts{created: 91})
		if len(first.Unmapped) != 0 {
			t.Errorf("unmapped %v", first.Unmapped)
		}
		h.want("crm.customer", h.by("crm.customer", "external_id", "ANATR"), map[string]string{
			"name": "Ana Trujillo Emparedados y helados", "contact_name": "Ana Trujillo", "contact_title": "Owner",
			"address": "Avda. de la Constitución 2222", "city": "México D.F.", "state": "", "region": "", "postal_code": "05021", "country": "Mexico",
			"phone": "(5) 555-4729", "fax": "(5) 555-3745"})
		h.run(opt, counts{unchanged: 91})
		opt.OnMatch = importer.Skip
		h.run(opt, counts{skipped: 91})
	})
}

func TestDataNorthwindWithoutNull(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Path: source(t, "trade-orders/customers.csv"), Key: []string{"external_id"}}
		h.run(opt, counts{created: 91})
		h.want("crm.customer", h.by("crm.customer", "external_id", "ANTON"), map[string]string{"state": "NULL", "fax": "NULL"})
	})
}

func TestDataNorthwindEmployees(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "org.member", Path: source(t, "trade-orders/employees.csv"), Key: []string{"external_id"}, Null: "NULL"}
		first := h.run(opt, counts{created: 9})
		if len(first.Unmapped) != 1 || first.Unmapped[0] != "photo" {
			t.Errorf("unmapped %v, mapped %v", first.Unmapped, first.Mapped)
		}
		nancy := h.by("org.member", "external_id", "1")
		h.want("org.member", nancy, map[string]string{"name": "Nancy Davolio", "birthday": "1948-12-08", "hired_on": "1992-05-01",
			"salutation": "Ms.", "title": "Sales Representative", "home_phone": "(206) 555-9857", "extension": "5467", "state": "WA", "disabled": "是"})
		if got, want := nancy.Get("superior").Int(), h.by("org.member", "external_id", "2").ID(); got != want {
			t.Errorf("superior %d, want %d", got, want)
		}
		h.run(opt, counts{unchanged: 9})
	})
}

func TestDataOrganisations(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := source(t, "orgs-cn/orgs.csv")
		opt := importer.Options{Entity: "crm.customer", Path: path, Key: []string{"name"}}
		h.run(opt, counts{created: 112})
		h.want("crm.customer", h.by("crm.customer", "name", "UPS"), map[string]string{"business": "快递物流", "phone": "8008208388",
			"phones": "8008208388|4008208388|8008303202|4001083999", "website": "https://www.ups.com/cn/zh/home", "email": ""})
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
	})
}
