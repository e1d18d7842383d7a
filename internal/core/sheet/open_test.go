package sheet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpenRefusesPlainly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 70000)
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	for name, c := range map[string]struct{ content, key string }{
		"old.xls":       {ole, "error.xls_old"},
		"password.xlsx": {ole + wide("EncryptedPackage") + "x", "error.xlsx_password"},
		"page.xls":      {"\n <html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>1</table>", "error.sheet_html"},
		"xml.xls":       {"\ufeff<?xml version=\"1.0\"?><Workbook/>", "error.sheet_html"},
		"doc.pdf":       {"%PDF-1.7\n", "error.sheet_not_table"},
		"empty.csv":     {"", "error.sheet_empty"},
		"plan.json":     {"[\n {\"sobject\": \"Account\"}]", "error.sheet_json"},
		"other.json":    {"{\"a\": 1}", "error.sheet_json"},
		"broken.json":   {"{\"records\": [", "error.sheet_json"},
		"latin.json":    {"{\"records\": [\n{\"a\": \"\xe9\"}]}", "error.sheet_encoding"},
		"none.json":     {"{\"records\": []}", "error.sheet_empty"},
		"image.csv":     {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "error.sheet_not_table"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := Open(path, Options{})
		if err == nil {
			t.Errorf("%s was opened", name)
			continue
		}
		if key := keyOf(t, err); key != c.key {
			t.Errorf("%s: %s, want %s", name, key, c.key)
		}
	}
	if _, _, err := Open(dir, Options{}); keyOf(t, err) != "error.sheet_folder" {
		t.Error(err)
	}
	if _, _, err := Open(filepath.Join(dir, "none"), Options{}); keyOf(t, err) != "error.sheet_no_file" {
		t.Error(err)
	}
	if key := openKey(t, []byte("a,b\n1,2\n"), Options{Format: XLSX}); key != "error.sheet_other_format" {
		t.Error(key)
	}
}

func TestOpenFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, info, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := grid(readAll(t, r)); got != "1|2" || info.Rows != 1 || info.Comma != ',' || info.Encoding != UTF8 {
		t.Errorf("%q %+v", got, info)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	const file = "\ufeff{ \"x\": [1, {\"records\": []}],\n\"records\": [\n" +
		"{\"attributes\": {\"type\": \"Account\", \"referenceId\": \"R1\"}, \"Name\": \"甲 \\\"A\\\"\", \"Zip\": \"02478\", \"Size\": 2500, \"Contacts\": {\"records\": [{}]}},\n\n" +
		"{\"attributes\": {\"type\": \"Account\", \"referenceId\": \"R2\"}, \"Name\": null, \"Big\": 12345678901234567890123, \"Rate\": 1.5e-3, \"On\": true}\n]}"
	r, info := openBytes(t, []byte(file), Options{})
	if diff := cmp.Diff([]string{"Name", "Zip", "Size", "Big", "Rate", "On", "referenceId"}, info.Header); diff != "" {
		t.Error(diff)
	}
	if len(info.Notes) != 1 || info.Notes[0].Args["field"] != "Contacts" || info.Rows != 2 || info.Format != SFTree {
		t.Errorf("%+v", info)
	}
	row, err := r.Next()
	if err != nil || r.Line() != 3 {
		t.Fatal(err, r.Line())
	}
	if diff := cmp.Diff([]Cell{T("甲 \"A\""), T("02478"), N("2500"), {}, {}, {}, T("R1")}, row); diff != "" {
		t.Error(diff)
	}
	row, err = r.Next()
	if err != nil || r.Line() != 5 {
		t.Fatal(err, r.Line())
	}
	if diff := cmp.Diff([]Cell{{}, {}, {}, N("12345678901234567890123"), N("0.0015"), {Text: "TRUE", Kind: Bool}, T("R2")}, row); diff != "" {
		t.Error(diff)
	}
	if r.Done() != r.Total() {
		t.Errorf("%d of %d", r.Done(), r.Total())
	}
}

func TestHeaderNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b string }{
		{"Company Name", "company_name"}, {"ＩＤ", "id"}, {"客户 名称", "客户名称"}, {"原料含量（%）", "原料含量(%)"}, {"First\u200bName", "firstname"}, {"a\nb", "AB"},
	} {
		if MatchHeader(c.a) != MatchHeader(c.b) {
			t.Errorf("%q and %q differ", c.a, c.b)
		}
	}
	if MatchHeader("phone") == MatchHeader("phone2") {
		t.Error("phone and phone2 are one")
	}
	row := []Cell{T("a"), T(" a "), T("a (2)"), {}, T("[D]"), T("A"), {}, T(" ")}
	if diff := cmp.Diff([]string{"a", "a (3)", "a (2)", "[D] (2)", "[D]", "A"}, headerNames(row)); diff != "" {
		t.Error(diff)
	}
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 702: "ZZ", 703: "AAA", 16384: "XFD"} {
		if got := ColumnName(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
