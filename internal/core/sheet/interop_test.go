package sheet

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// Another library reads what is written here: values, types and looks.
func TestOthersReadOurXLSX(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := NewXLSX(&b, "客户 & \"单\"")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Header([]string{"名称", "编号", "金额", "日期", "时间", "启用", "用时"}); err != nil {
		t.Fatal(err)
	}
	row := []Cell{T("<甲> & =1+1\nb"), T("1234567890123456789012"), N("-1234.56"), D("2024-01-05"), D("2024-01-05 13:04:05"), {Text: "TRUE", Kind: Bool}, {Text: "36:30:00", Kind: Duration}}
	if err := w.Row(row); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	if sheet != "客户 & \"单\"" {
		t.Errorf("sheet %q", sheet)
	}
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"名称", "编号", "金额", "日期", "时间", "启用", "用时"},
		{"<甲> & =1+1\nb", "1234567890123456789012", "-1234.56", "2024-01-05", "2024-01-05 13:04:05", "TRUE", "36:30:00"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	for cell, kind := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeInlineString, "C2": excelize.CellTypeUnset, "F2": excelize.CellTypeBool} {
		if got, err := f.GetCellType(sheet, cell); err != nil || got != kind {
			t.Errorf("%s is of type %d (%v), want %d", cell, got, err, kind)
		}
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v (%v)", panes, err)
	}
	id, err := f.GetCellStyle(sheet, "A1")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(id); err != nil || !style.Font.Bold {
		t.Errorf("the header is not bold (%v)", err)
	}
	if width, err := f.GetColWidth(sheet, "B"); err != nil || width != 24 {
		t.Errorf("column B is %v wide (%v), want 24", width, err)
	}
}

// What another library writes is read here.
func TestWeReadOthersXLSX(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	day := "yyyy\"年\"m\"月\"d\"日\""
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &day})
	if err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]interface{}{
		"A1": "名称", "B1": "日期", "C1": "数", "D1": "是", "E1": "富文本",
		"A2": "00123", "B2": time.Date(2024, 1, 5, 0, 0, 0, 0, time.UTC), "C2": 0.1, "D2": true,
		"A3": " 两端空白 ", "B3": 45296, "C3": 12345678901234, "D3": "x",
	} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStyle("Sheet1", "B2", "B3", style); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellRichText("Sheet1", "E2", []excelize.RichTextRun{{Text: "一"}, {Text: "二", Font: &excelize.Font{Bold: true}}}); err != nil {
		t.Fatal(err)
	}
	if err := f.MergeCell("Sheet1", "D3", "E3"); err != nil {
		t.Fatal(err)
	}
	if err := f.AddComment("Sheet1", excelize.Comment{Cell: "A2", Author: "x", Text: "c"}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	r, info := openBytes(t, b.Bytes(), Options{})
	if info.Comments != 1 || len(info.Merged) != 1 || info.Merged[0].String() != "D3:E3" {
		t.Errorf("%+v", info)
	}
	if got, want := grid(readAll(t, r)), "00123|2024-01-05|0.1|TRUE|一二\n 两端空白 |2024-01-05|12345678901234|x|"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
