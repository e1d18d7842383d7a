package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const sampleSheet = `<dimension ref="A1:K9"/><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>B</t></is></c><c r="C1" t="str"><f>"C"</f><v>C</v></c><c r="E1" t="inlineStr"><is><t> E </t></is></c></row>
<row r="2"/>
<row r="3" spans="1:5"><c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" s="1"/><c r="E3" t="s"><v>4</v></c></row>
<row><c><v>1</v></c><c><v>1234567890123456789012</v></c><c><v>1.2345E+3</v></c><c t="s"/><c><v>4.4999999999999998E-2</v></c></row>
<row r="7"><c r="A7" t="b"><v>1</v></c><c r="B7" t="b"><v>0</v></c><c r="C7" t="e"><v>#N/A</v></c><c r="D7"><f>SUM(A1:A2)</f></c><c r="E7"><f>1+1</f><v>2</v></c></row>
<row r="8"><c r="A8" s="1"><v>45296</v></c><c r="B8" s="2"><v>45296.544502314813</v></c><c r="C8" s="3"><v>0.544502314814815</v></c><c r="D8" s="4"><v>0.12</v></c><c r="E8" s="5"><v>45296.5</v></c></row>
<row r="9"><c r="A9" s="6"><v>1.5</v></c><c r="B9" s="7"><v>0.0423726852</v></c><c r="C9" t="d"><v>2024-01-05T13:04:05</v></c><c r="D9" s="8"><v>1.10</v></c><c r="E9" s="1"><v>-1</v></c></row>
</sheetData><mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="D1:E1"/></mergeCells>`

func TestXLSXCells(t *testing.T) {
	t.Parallel()
	r, info := openBytes(t, book(sampleSheet).zip(t), Options{})
	if diff := cmp.Diff([]string{"名称", "B", "C", "[D]", "E"}, info.Header); diff != "" {
		t.Error(diff)
	}
	if info.Sheet != "S1" || info.HeaderRow != 1 || info.Rows != 5 || len(info.Merged) != 2 || info.Merged[0].String() != "A3:A4" {
		t.Errorf("info %+v", info)
	}
	want := []struct {
		line  int
		cells []Cell
	}{
		{3, []Cell{T("rich  text"), T("a & b\nc\r_x0041_"), {}, {}, T("00123")}},
		{4, []Cell{N("1"), N("1234567890123456789012"), N("1234.5"), {}, N("0.045")}},
		{7, []Cell{{Text: "TRUE", Kind: Bool}, {Text: "FALSE", Kind: Bool}, {Text: "#N/A", Kind: Error}, {Text: "=SUM(A1:A2)", Kind: Error}, N("2")}},
		{8, []Cell{{Text: "2024-01-05", Kind: Date, Days: 19727}, {Text: "2024-01-05 13:04:05", Kind: Date, Days: 19727, Millis: 47045000},
			{Text: "13:04:05", Kind: Date, Days: base1900 + 1, Millis: 47045000}, N("0.12"), {Text: "2024-01-05", Kind: Date, Days: 19727, Millis: 43200000}}},
		{9, []Cell{{Text: "36:00:00", Kind: Duration}, {Text: "01:01:01", Kind: Date, Days: base1900 + 1, Millis: 3661000},
			{Text: "2024-01-05 13:04:05", Kind: Date, Days: 19727, Millis: 47045000}, N("1.1"), N("-1")}},
	}
	for _, w := range want {
		row, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if r.Line() != w.line {
			t.Errorf("line %d, want %d", r.Line(), w.line)
		}
		if diff := cmp.Diff(w.cells, row); diff != "" {
			t.Errorf("line %d: %s", w.line, diff)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last row: %v", err)
	}
	if r.Done() != r.Total() {
		t.Errorf("%d of %d bytes", r.Done(), r.Total())
	}
}

func TestXLSXFillMerged(t *testing.T) {
	t.Parallel()
	sheet := `<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>
<row r="2"><c r="A2"><v>5</v></c><c r="B2"><v>6</v></c></row><row r="3"><c r="A3"/><c r="C3"><v>7</v></c></row><row r="4"><c r="A4"/></row><row r="5"><c r="C5"><v>8</v></c></row></sheetData>
<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B2:C2"/></mergeCells>`
	r, _ := openBytes(t, book(sheet).zip(t), Options{FillMerged: true})
	if got := grid(readAll(t, r)); got != "5|6|6\n5||7\n||8" {
		t.Errorf("filled %q", got)
	}
	r, _ = openBytes(t, book(sheet).zip(t), Options{})
	if got := grid(readAll(t, r)); got != "5|6|\n||7\n||8" {
		t.Errorf("not filled %q", got)
	}
}

// Writers choose prefixes, encodings and paths as they like.
func TestXLSXWritersVary(t *testing.T) {
	t.Parallel()
	const rows = `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>4</v></c></row></sheetData>`
	prefixed := book("")
	prefixed["xl/worksheets/sheet1.xml"] = "\ufeff" + `<?xml version="1.0"?><!-- made by hand > --><x:worksheet xmlns:x="urn:x" xmlns:r="urn:r" xmlns:s="urn:s" xmlns:t="urn:t"><x:sheetData><x:row r='1'><x:c t='s' r="A1" ><x:v><![CDATA[0]]></x:v></x:c ></x:row><x:row r = "2"><x:c r="A2" t="s"><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>`
	utf16 := book(rows)
	wide := []byte{0xff, 0xfe}
	for _, r := range strings.Replace(utf16["xl/worksheets/sheet1.xml"], `?>`, ` encoding="UTF-16"?>`, 1) {
		wide = append(wide, byte(r), byte(r>>8))
	}
	utf16["xl/worksheets/sheet1.xml"] = string(wide)
	moved := book(rows)
	moved[`xl\worksheets\Sheet1.xml`] = moved["xl/worksheets/sheet1.xml"]
	delete(moved, "xl/worksheets/sheet1.xml")
	controls := book(rows + `<controls><control><anchor><from><xdr:row>7</xdr:row></from></anchor></control></controls>`)
	for name, p := range map[string]parts{"prefix": prefixed, "utf-16": utf16, "path": moved, "controls": controls} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, info := openBytes(t, p.zip(t), Options{})
			if got := grid(readAll(t, r)); got != "00123" || info.Header[0] != "名称" {
				t.Errorf("header %q, rows %q", info.Header, got)
			}
		})
	}
}

func TestXLSXSheets(t *testing.T) {
	t.Parallel()
	p := book(`<sheetData><row><c><v>1</v></c></row></sheetData>`)
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], `<sheet name="S1" sheetId="1" r:id="rId1"/>`,
		`<sheet name="字典" sheetId="2" state="hidden" r:id="rId9"/><sheet name="S&amp;1" sheetId="1" r:id="rId1"/><sheet name="chart" sheetId="3" r:id="rId2"/>`, 1)
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], `</Relationships>`,
		`<Relationship Id="rId9" Type="x/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`, 1)
	p["xl/worksheets/sheet2.xml"] = `<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>`
	p["xl/worksheets/_rels/sheet1.xml.rels"] = `<Relationships><Relationship Id="r1" Type="x/comments" Target="../comments1.xml"/></Relationships>`
	p["xl/comments1.xml"] = `<comments><commentList><comment ref="A1"><text><t>x</t></text></comment><comment ref="A2"/></commentList></comments>`
	data := p.zip(t)
	_, info := openBytes(t, data, Options{})
	if diff := cmp.Diff([]string{"字典", "S&1"}, info.Sheets); diff != "" || info.Sheet != "S&1" || info.Header[0] != "1" || info.Comments != 2 {
		t.Errorf("%s%+v", diff, info)
	}
	if _, info = openBytes(t, data, Options{Sheet: "字典"}); info.Header[0] != "2" || info.Comments != 0 {
		t.Errorf("%+v", info)
	}
	if key := openKey(t, data, Options{Sheet: "none"}); key != "error.sheet_name" {
		t.Error(key)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	date, both, clock := numFmt{kind: fmtDate}, numFmt{kind: fmtDateTime}, numFmt{kind: fmtTime}
	for _, c := range []struct {
		serial   float64
		f        numFmt
		from1904 bool
		want     string
	}{
		{1, date, false, "1900-01-01"}, {59, date, false, "1900-02-28"}, {60, date, false, "1900-02-29"}, {61, date, false, "1900-03-01"},
		{43831, date, false, "2020-01-01"}, {43831, date, true, "2024-01-02"}, {0, date, true, "1904-01-01"}, {2958465, date, false, "9999-12-31"},
		{43831.0423726852, both, false, "2020-01-01 01:01:01"}, {43831, both, false, "2020-01-01 00:00:00"},
		{43830.9999999, both, false, "2020-01-01 00:00:00"}, {0.5, both, false, "12:00:00"}, {0.5, clock, false, "12:00:00"},
		{43831.75, clock, false, "18:00:00"}, {43831.75, date, false, "2020-01-01"},
		{0.04237558, numFmt{kind: fmtTime, fraction: true}, false, "01:01:01.25"},
		{43831, builtinFmt(34), false, "2020-01-01"}, {43831.5, builtinFmt(34), false, "12:00:00"},
		{1.25, numFmt{kind: fmtDuration}, false, "30:00:00"}, {-0.5, numFmt{kind: fmtDuration}, false, "-12:00:00"},
		{-1, date, false, ""}, {0, date, false, ""}, {2958466, date, false, ""}, {1e300, numFmt{kind: fmtDuration}, false, ""},
	} {
		got, _, ok := dateCell(nil, c.serial, c.f, c.from1904)
		if string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%v under %+v, 1904 %v: %q, want %q", c.serial, c.f, c.from1904, got, c.want)
		}
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]fmtKind{
		"General": fmtNumber, "0.00_ ": fmtNumber, "#,##0": fmtNumber, "0%": fmtNumber, "0.00E+00": fmtNumber, "@": fmtNumber,
		`[Red]\$#,##0.0000`: fmtNumber, `0"天"`: fmtNumber, `#,##0 "days"`: fmtNumber, `"￥"#,##0.00`: fmtNumber, "G/通用格式": fmtNumber,
		`[DBNum1][$-804]General`: fmtNumber, "Standard": fmtNumber, `0.00" USD";[Red]-0.00`: fmtNumber, "# ?/?": fmtNumber, `_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ `: fmtNumber,
		"yyyy-mm-dd": fmtDate, "m/d/yy": fmtDate, "mmmm/yy": fmtDate, "mmmmm": fmtDate, `[DBNum1][$-804]yyyy"年"m"月"d"日"`: fmtDate, "dd.mm.yyyy": fmtDate,
		`[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`: fmtDate, "e/m/d": fmtDate, `ggge"年"m"月"`: fmtDate, "aaaa": fmtDate, `d\ mmm;@`: fmtDate,
		"h:mm": fmtTime, "mm:ss.0": fmtTime, "mm:ss": fmtTime, `h"时"mm"分"ss"秒"`: fmtTime, `[DBNum1]上午/下午h"时"mm"分"`: fmtTime, "[$-F400]h:mm:ss AM/PM": fmtTime,
		"yyyy-mm-dd hh:mm": fmtDateTime, `yyyy/m/d\ h:mm\ AM/PM`: fmtDateTime, "m/d/yy h:mm": fmtDateTime, "yyyy-mm-dd hh:mm:ss.000": fmtDateTime,
		"[h]:mm": fmtDuration, "[mm]:ss": fmtDuration, "[ss]": fmtDuration, "[HH]:mm:ss": fmtDuration,
		`"unclosed`: fmtNumber, "[unclosed": fmtNumber, `\`: fmtNumber, "": fmtNumber,
	} {
		if got := customFmt(code).kind; got != want {
			t.Errorf("%s is %d, want %d", code, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "0.0": "0", "1": "1", "4.0": "4", "-12.50": "-12.5", "1.1111": "1.1111", "00012": "12", "+5": "5", ".5": "0.5", "5.": "5",
		"1111.1111000000001": "1111.1111", "4.4999999999999998E-2": "0.045", "1E+21": "1000000000000000000000", "1.5e-7": "0.00000015",
		"0.30000000000000004": "0.3", "0.79999999999999993": "0.8", "12345678901234.56": "12345678901234.56",
		"1234567890123456": "1234567890123456", "1234567890123456789012": "1234567890123456789012", "0.1234567890123456789": "0.1234567890123456789",
		"100": "100", "1e2": "100", "123.456e1": "1234.56",
	} {
		got, ok := appendNumber(nil, in)
		if !ok || string(got) != want {
			t.Errorf("%s is %s (%v), want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "-", ".", "1,5", "NaN", "INF", "1e", "1e999", "0x10", "1 2", "1e99999999999"} {
		if got, ok := appendNumber(nil, in); ok {
			t.Errorf("%q was taken for %s", in, got)
		}
	}
}

func TestXLSXRefusals(t *testing.T) {
	t.Parallel()
	change := func(part, content string) []byte {
		p := book(sampleSheet)
		p[part] = content
		return p.zip(t)
	}
	sheet := func(s string) []byte { return book(s).zip(t) }
	good := book(sampleSheet).zip(t)
	var flipped []byte
	if i := bytes.Index(good, []byte("xl/worksheets/sheet1.xml")); i > 0 {
		flipped = append([]byte(nil), good...)
		flipped[i+60] ^= 0x55
	}
	for _, c := range []struct {
		name string
		data []byte
		key  string
		opt  Options
	}{
		{"cut off", good[:len(good)-200], "error.xlsx_damaged", Options{}},
		{"flipped bits", flipped, "error.xlsx_damaged", Options{}},
		{"doctype", change("xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>`), "error.xlsx_doctype", Options{}},
		{"doctype in strings", change("xl/sharedStrings.xml", `<!DOCTYPE x SYSTEM "file:///etc/passwd"><sst/>`), "error.xlsx_doctype", Options{}},
		{"entity", sheet(`<sheetData><row><c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData>`), "error.xlsx_damaged", Options{}},
		{"tags crossed", sheet(`<sheetData><row><c></row></c></sheetData>`), "error.xlsx_damaged", Options{}},
		{"too deep", sheet(strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)), "error.xlsx_damaged", Options{}},
		{"string index", sheet(`<sheetData><row><c t="s"><v>99</v></c></row></sheetData>`), "error.xlsx_damaged", Options{}},
		{"column", sheet(`<sheetData><row><c r="ZZZZ1"><v>1</v></c></row></sheetData>`), "error.xlsx_damaged", Options{}},
		{"row", sheet(`<sheetData><row r="99999999"><c><v>1</v></c></row></sheetData>`), "error.xlsx_damaged", Options{}},
		{"rows backwards", sheet(`<sheetData><row r="5"/><row r="5"/></sheetData>`), "error.xlsx_damaged", Options{}},
		{"not a sheet", change("xl/worksheets/sheet1.xml", `<html/>`), "error.xlsx_damaged", Options{}},
		{"empty part", change("xl/worksheets/sheet1.xml", ``), "error.xlsx_damaged", Options{}},
		{"bad UTF-8", sheet("<sheetData><row><c t=\"str\"><v>\xff</v></c></row></sheetData>"), "error.xlsx_damaged", Options{}},
		{"other encoding", change("xl/worksheets/sheet1.xml", `<?xml version="1.0" encoding="GBK"?><worksheet/>`), "error.xlsx_damaged", Options{}},
		{"no content", sheet(`<sheetData><row r="1"><c r="A1" s="1"/></row></sheetData>`), "error.sheet_empty", Options{}},
		{"no workbook", parts{"a.txt": "x"}.zip(t), "error.sheet_zip", Options{}},
		{"docx", parts{"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}.zip(t), "error.sheet_not_table", Options{}},
		{"ods", parts{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}.zip(t), "error.sheet_ods", Options{}},
		{"xlsb", parts{"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"}.zip(t), "error.sheet_xlsb", Options{}},
		{"strings budget", good, "error.sheet_too_large", Options{Limits: Limits{Strings: 10}}},
		{"part budget", good, "error.sheet_too_large", Options{Limits: Limits{Part: 100}}},
		{"token budget", sheet(`<sheetData><row><c t="str"><v>` + strings.Repeat("x", 1<<20) + `</v></c></row></sheetData>`), "error.sheet_too_large", Options{Limits: Limits{Row: 100 << 10}}},
		{"bomb", sheet(strings.Repeat(" ", 80<<20)), "error.xlsx_bomb", Options{}},
		{"overlapping merges", sheet(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:XFD9"/>`, 50) + `</mergeCells>`), "error.xlsx_damaged", Options{FillMerged: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if key := openKey(t, c.data, c.opt); key != c.key {
				t.Errorf("key %s, want %s", key, c.key)
			}
		})
	}
}

// Whatever is written as XLSX comes back exactly.
func TestXLSXRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		header, rows := anyTable(t, func(s string) string { return s })
		var b bytes.Buffer
		w, err := NewXLSX(&b, rapid.String().Draw(t, "sheet"))
		if err != nil {
			t.Fatal(err)
		}
		writeTable(t, w, header, rows)
		checkTable(t, b.Bytes(), Options{}, header, rows)
	})
}

func TestXLSXTypesRoundTrip(t *testing.T) {
	t.Parallel()
	row := []Cell{
		N("1"), N("-12.5"), N("123456789012345"), N("0.000001"), {Text: "TRUE", Kind: Bool}, {Text: "FALSE", Kind: Bool},
		D("2024-01-05"), D("2024-01-05 13:04:05"), D("13:04:05"), D("1900-03-02"), D("9999-12-31 23:59:59"), D("2024-01-05 13:04:05.25"), D("00:00:00.001"),
		{Text: "36:00:00", Kind: Duration}, T("=1+1"), T("2024-01-05"), T("00123"),
	}
	// What Excel cannot hold as a number or a date stays, as a text.
	kept := []Cell{N("1234567890123456789012"), N("1234567890.1234567"), N("007"), D("1900-02-28"), D("0001-01-01"), {Text: "-1:00:00", Kind: Duration}, {Text: "#N/A", Kind: Error}}
	var b bytes.Buffer
	w, err := NewXLSX(&b, "数据")
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(row)+len(kept))
	for i := range names {
		names[i] = ColumnName(i + 1)
	}
	if err := errors.Join(w.Header(names), w.Row(append(append([]Cell(nil), row...), kept...)), w.Close()); err != nil {
		t.Fatal(err)
	}
	r, info := openBytes(t, b.Bytes(), Options{})
	got, err := r.Next()
	if err != nil || info.Sheet != "数据" {
		t.Fatal(err, info.Sheet)
	}
	for i, c := range got {
		want := append(append([]Cell(nil), row...), kept...)[i]
		if i >= len(row) {
			want.Kind = Text
		}
		if c.Text != want.Text || c.Kind != want.Kind {
			t.Errorf("%s: %q of kind %d, want %q of kind %d", names[i], c.Text, c.Kind, want.Text, want.Kind)
		}
	}
}

func TestXLSXFurtherSheet(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := NewXLSX(&b, "一/二")
	if err != nil {
		t.Fatal(err)
	}
	w.limit = 3
	if err := w.Header([]string{"n"}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		if err := w.Row([]Cell{N(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Row([]Cell{T(strings.Repeat("长", maxCellText+1))}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Cut() != 1 {
		t.Errorf("%d texts cut, want 1", w.Cut())
	}
	_, info := openBytes(t, b.Bytes(), Options{})
	if diff := cmp.Diff([]string{"一_二", "一_二 (2)", "一_二 (3)"}, info.Sheets); diff != "" {
		t.Fatal(diff)
	}
	for i, want := range []string{"1\n2", "3\n4", "5\n" + strings.Repeat("长", maxCellText)} {
		r, info := openBytes(t, b.Bytes(), Options{Sheet: info.Sheets[i]})
		if got := grid(readAll(t, r)); got != want || info.Header[0] != "n" {
			t.Errorf("sheet %d: header %q, %d bytes of rows", i, info.Header, len(got))
		}
	}
}
