package sheet

import (
	"strings"
	"testing"
)

// Titles merged over the columns, then a header of two rows: what is merged
// down has its name above, what is merged across has names of its own below.
func TestXLSXHeaderOfTwoRows(t *testing.T) {
	t.Parallel()
	cell := func(at, text string) string {
		return `<c r="` + at + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	sheet := `<sheetData><row r="1">` + cell("A1", "客户总表") + `</row><row r="2">` + cell("A2", "制表：王芳") + cell("D2", "2026 年") + `</row>
<row r="4">` + cell("A4", "客户名称") + cell("B4", "联系方式") + cell("D4", "开票资料") + cell("F4", "备注") + `</row>
<row r="5">` + cell("B5", "联系人") + cell("C5", "电话") + cell("D5", "税号") + cell("E5", "电话") + `</row>
<row r="6">` + cell("A6", "甲") + cell("B6", "王") + cell("C6", "1") + cell("D6", "x") + cell("E6", "2") + cell("F6", "好") + `</row></sheetData>
<mergeCells><mergeCell ref="A1:F1"/><mergeCell ref="A2:C2"/><mergeCell ref="A4:A5"/><mergeCell ref="B4:C4"/><mergeCell ref="D4:E4"/><mergeCell ref="F4:F5"/></mergeCells>`
	r, info := openBytes(t, book(sheet).zip(t), Options{HeaderRow: 4})
	want := "客户名称|联系人|联系方式 电话|税号|开票资料 电话|备注"
	if got := strings.Join(info.Header, "|"); got != want {
		t.Errorf("told: header %q", got)
	}
	if got := grid(readAll(t, r)); got != "甲|王|1|x|2|好" || info.HeaderRow != 4 || info.Rows != 1 {
		t.Errorf("told: rows %q, header in %d, %d rows", got, info.HeaderRow, info.Rows)
	}
	sheet = strings.Replace(sheet, cell("F4", "备注"), cell("F4", "备注")+cell("G4", "来源"), 1)
	r, info = openBytes(t, book(sheet).zip(t), Options{})
	if got := strings.Join(info.Header, "|"); got != want+"|来源" {
		t.Errorf("found: header %q", got)
	}
	if got := grid(readAll(t, r)); got != "甲|王|1|x|2|好|" || r.Line() != 6 || info.Rows != 1 {
		t.Errorf("found: rows %q, last in %d, %d rows", got, r.Line(), info.Rows)
	}
}
