//go:build testdata

package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// dataFile is a file of the test data; its absence is a failure.
func dataFile(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("GUANXI_TEST_DATA")
	if dir == "" {
		t.Fatal("GUANXI_TEST_DATA must name the folder of the test data")
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func openData(t *testing.T, name string, opt Options) (Reader, Info) {
	t.Helper()
	r, info, err := Open(dataFile(t, name), opt)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r, info
}

// want is a row of an expected table: its line, then its cells parted by |.
type want struct {
	line  int
	cells string
}

// kinds of cells in the tables of kinds: one letter a cell.
const kindLetters = ".tnduBE"

func checkData(t *testing.T, name string, opt Options, header string, kinds string, rows []want) Info {
	t.Helper()
	r, info := openData(t, name, opt)
	if got := strings.Join(info.Header, "|"); got != header {
		t.Errorf("%s: header %q, want %q", name, got, header)
	}
	for _, w := range rows {
		row, err := r.Next()
		if err != nil {
			t.Fatalf("%s, line %d: %v", name, w.line, err)
		}
		if got := strings.Join(texts(row), "|"); got != w.cells || r.Line() != w.line {
			t.Errorf("%s, line %d: %q, want line %d: %q", name, r.Line(), got, w.line, w.cells)
		}
		for i, c := range row {
			if k := kindLetters[c.Kind]; k != '.' && kinds[i] != k {
				t.Errorf("%s, line %d: cell %s is of kind %c, want %c", name, w.line, ColumnName(i+1), k, kinds[i])
			}
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("%s: behind the last row: %v", name, err)
	}
	if int64(len(rows)) != info.Rows {
		t.Errorf("%s: %d rows announced, %d there", name, info.Rows, len(rows))
	}
	return info
}

func TestDataDemo(t *testing.T) {
	for _, prefix := range []string{"", "表2"} {
		sheet := map[string]string{"": "", "表2": "Sheet2"}[prefix]
		var rows []want
		for i := range 10 {
			day := time.Date(2020, 1, 1+i, 1, 1, 1, 0, time.UTC).Format(time.DateTime)
			n := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}
			rows = append(rows, want{i + 2, prefix + "字符串" + string(rune('0'+i)) + "|" + day + "|" + n[i]})
		}
		info := checkData(t, "office/xlsx/demo.xlsx", Options{Sheet: sheet}, "字符串标题|日期标题|数字标题", "tdn", rows)
		if diff := cmp.Diff([]string{"Sheet1", "Sheet2"}, info.Sheets); diff != "" || info.Date1904 {
			t.Error(diff, info.Date1904)
		}
	}
}

// The same workbook counted from 1904 gives days 1,462 later.
func TestDataDemo1904(t *testing.T) {
	in, err := zip.OpenReader(dataFile(t, "office/xlsx/demo.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	changed := false
	for _, f := range in.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "xl/workbook.xml" {
			after := bytes.Replace(content, []byte("<workbookPr/>"), []byte(`<workbookPr date1904="true"/>`), 1)
			changed, content = len(after) > len(content), after
		}
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil || !changed {
		t.Fatal(err, changed)
	}
	for _, sheet := range []string{"Sheet1", "Sheet2"} {
		before, _ := openData(t, "office/xlsx/demo.xlsx", Options{Sheet: sheet})
		after, info := openBytes(t, out.Bytes(), Options{Sheet: sheet})
		if !info.Date1904 {
			t.Error("the flag is not seen")
		}
		n := 0
		for ; ; n++ {
			a, err := before.Next()
			b, err2 := after.Next()
			if errors.Is(err, io.EOF) && errors.Is(err2, io.EOF) {
				break
			}
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			day, err := time.Parse(time.DateTime, a[1].Text)
			if err != nil {
				t.Fatal(err)
			}
			if w := day.AddDate(0, 0, 1462).Format(time.DateTime); b[1].Text != w || b[1].Days != a[1].Days+1462 || b[0] != a[0] || b[2] != a[2] {
				t.Errorf("%v became %v, want %s", a, b, w)
			}
		}
		if n != 10 {
			t.Errorf("%d rows", n)
		}
	}
}

func TestDataExtra(t *testing.T) {
	info := checkData(t, "office/xlsx/extra.xlsx", Options{}, "第一列|第二列", "tt", []want{
		{2, "普通超链接|"},
		{3, "多单元格超链接A|多单元格超链接B"},
		{4, "多单元格超链接C|多单元格超链接D"},
		{5, "批注|"},
		{6, "合并单元格|"},
	})
	if len(info.Merged) != 1 || info.Merged[0].String() != "A6:B7" || info.Comments != 1 {
		t.Errorf("merged %v, %d comments", info.Merged, info.Comments)
	}
	r, _ := openData(t, "office/xlsx/extra.xlsx", Options{FillMerged: true})
	all := readAll(t, r)
	if got := strings.Join(all[len(all)-1], "|"); got != "合并单元格|合并单元格" {
		t.Errorf("filled: %q", got)
	}
	for _, empty := range []string{"Sheet2", "Sheet3"} {
		if _, _, err := Open(dataFile(t, "office/xlsx/extra.xlsx"), Options{Sheet: empty}); keyOf(t, err) != "error.sheet_empty" {
			t.Error(empty, err)
		}
	}
}

func TestDataDataformat(t *testing.T) {
	// The private characters U+E001 and U+E002 stand in the file.
	const day, full, clock = "2020-01-01", "2020-01-01 01:01:01", "01:01:01"
	checkData(t, "office/xlsx/dataformat.xlsx", Options{}, "date|dateStringCn|dateStringCn2|dateStringUs|number|numberStringCn|numberStringUs", "dtttntt", []want{
		{2, full + "|2020-1-1 1:01||2020-1-1 1:01|1.1111|1.1111|1.1111"},
		{3, clock + "|01:01.0||01:01.0|1.1111|111.11%|111.11%"},
		{4, day + "|2020/1/1||2020/1/1|1.1111|￥1.11|￥1.11"},
		{5, day + "|2020年1月1日||2020年1月1日|1.1111|￥1|￥1"},
		{6, day + "|2020年1月||2020年1月|1.1111|1.11|1.11"},
		{7, day + "|1月1日||1月1日|1.1111|$1.1111|$1.1111"},
		{8, day + "|2020年1月1日||2020年1月1日|1.1111|¥1|¥1"},
		{9, day + "|2020年1月||2020年1月|1.1111|1|1"},
		{10, day + "|1月1日||1月1日|1111.1111|1111.11|1111.11"},
		{11, full + "|2020/1/1 1:01 上午||2020/1/1 1:01 AM|1111.1111|1111|1111"},
		{12, day + "|20/1/1||20/1/1|1111.1111|1,111.11|1,111.11"},
		{13, day + "|1/1||1/1|1|1|1"},
		{14, day + "|01/01/20||01/01/20|0.105|0.11|0.11"},
		{15, day + "|1-一月|1-1月|1-Jan|0.045|5%|5%"},
		{16, day + "|1-一月-20|1-1月-20|1-Jan-20|||"},
		{17, day + "|一月/20|\ue0011月\ue002/20|January/20|||"},
		{18, day + "|一/20|\ue0011月\ue002/20|J/20|||"},
		{19, day + "|一|\ue0011月\ue002|J|||"},
		{20, clock + "|1:01 上午||1:01 AM|||"},
		{21, clock + "|1:01:01 上午||1:01:01 AM|||"},
		{22, clock + "|1:01:01||1:01:01|||"},
		{23, clock + "|1时01分||1时01分|||"},
		{24, clock + "|上午1时01分||AM1时01分|||"},
		{25, clock + "|上午1时01分01秒||AM1时01分01秒|||"},
		{26, clock + "|1时01分||1时01分|||"},
		{27, clock + "|上午1时01分||AM1时01分|||"},
		{28, full + "|2020年1月1日 1:01:01||2020年1月1日 1:01:01|||"},
	})
	// What the format hides is there all the same.
	r, _ := openData(t, "office/xlsx/dataformat.xlsx", Options{})
	for range 27 {
		row, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if row[0].Days != 18262 || row[0].Millis != 3661000 {
			t.Errorf("line %d: %+v", r.Line(), row[0])
		}
	}
}

func TestDataT02(t *testing.T) {
	const header = "序号|原料编号|厂定名称|标准中文名|INCI名|原料含量（%）|原料中成分含\n量（%）|配方中成分含\n量（%）|使用目的|配方中原料使用目的|使用部位/纳米级/色淀类型|备案用CAS|成分序列号|备案用商品名\n称|备案用生产制\n造商|原料报送码|是否新原料|注册号/备案号"
	checkData(t, "office/xlsx/t02.xlsx", Options{HeaderRow: 2}, header, "tttttnnntttttttttt", []want{
		{3, "1|01502200|1，2-戊二醇|1,2-戊二醇|PENTYLENE GLYCOL|100|100|100|溶剂||||00005|1、信越有机硅；2、浙江物美生物|1、信越有机硅国际贸易（上海）有限公司；2、浙江物美生物技术有限公司|1、无；2、无|0|"},
	})
	_, info := openData(t, "office/xlsx/t02.xlsx", Options{})
	// Its title, 测试配方1027, is over all columns and no header.
	if strings.Join(info.Header, "|") != header || len(info.Merged) != 1 || info.Merged[0].String() != "A1:R1" {
		t.Errorf("%+v", info)
	}
}

func TestDataT04(t *testing.T) {
	const version = "CPU1：V2.0.0.0E.4.1.8\nCPU2：V2.0.0.0E.4.1.8\nCPU3:\u00a0\u00a0 V1.0.29.5E.2.1.6\nFPGA:\u00a0\u00a0\u00a0 V2.0.0.0E2.1.11\n通讯板：V1.0.7"
	blocks := []struct {
		id, pcs string
		packs   []string
	}{
		{"A1JB037FPHA03224400489", "1111111111111111111111", []string{"QQSJK28F152A012242S0081", "QQSJK28F152A012242S0080", "QQSJK28F152A012242S0070", "QQSJK28F152A012242S0082", "QQSJK28F152A012242S0094", "QQSJK28F152A012242S0085", "QQSJK28F152A012242S0089", "QQSJK28F152A012242S0090"}},
		{"A1JB037FPHA03224400020", "CXS2243JS186FBA05S0432", []string{"AASJK28F152A012246S0205", "AASJK28F152A012246S0214", "AASJK28F152A012246S0218", "AASJK28F152A012246S0195", "AASJK28F152A012246S0192", "AASJK28F152A012246S0280", "AASJK28F152A012246S0281", "AASJK28F152A012246S0223"}},
		{"A1JB037FPHA03224200010", "CXS2234JS186FBA05S0112", []string{"QQTJK28F152A012244S0122", "QQTJK28F152A012244S0128", "QQTJK28F152A012244S0124", "QQTJK28F152A012244S0512", "QQTJK28F152A012244S0500", "QQTJK28F152A012244S0503", "QQTJK28F152A012244S0133", "QQTJK28F152A012244S0120"}},
		{"A1JB037FPHA03224000170", "CXS2234JS186FBA05S0112", []string{"AASJK28F152A012248S0001", "AASJK28F152A012248S0005", "AASJK28F152A012248S0002", "AASJK28F152A012248S0007", "AASJK28F152A012248S0008", "AASJK28F152A012248S0003", "AASJK28F152A012248S0004", "AASJK28F152A012248S0006"}},
		{"A1JB037FPHA03224400475", "CXS2238JS186FBA05S0221", []string{"QQRJK28F152A012243S0046", "QQTJK28F152A012236S0344", "QQRJK28F152A012248S0001", "AATJK28F152A012239S0329", "QQRJK28F152A012232S0022", "AATJK28F152A012239S0331", "QQTJK28F152A012241S0164", "QQRJK28F152A012248S0002"}},
		{"AEE2234JB037FPHA03S0068", "CXS2231JS186FBA05S0025", []string{"QQTJK28F152A012236S0352", "QQTJK28F152A012237S0408", "AATJK28F152A012238S0756", "QQTJK28F152A012237S0430", "QQTJK28F152A012237S0404", "QQTJK28F152A012236S0378", "QQTJK28F152A012237S0436", "QQTJK28F152A012236S0379"}},
		{"A1JB037FPHA03224000230", "CXS2234JS186FBA05S0089", []string{"AASJK28F152A012239S0054", "AASJK28F152A012239S0055", "AASJK28F152A012239S0034", "AASJK28F152A012239S0021", "AASJK28F152A012239S0064", "AASJK28F152A012239S0056", "AASJK28F152A012239S0053", "AASJK28F152A012239S0052"}},
	}
	var rows []want
	line := 2
	for b, block := range blocks {
		n := string(rune('1' + b))
		for i, pack := range block.packs {
			place := string(rune('1'+i)) + "号"
			cells := "||||" + place + "|" + pack + "||||||"
			if i == 0 {
				cells = n + "|1" + n + "|" + n + "|" + block.id + "|" + place + "|" + pack + "|" + block.pcs + "|黑水机-新水机|" + version + "||2022.11.29白|"
			}
			rows = append(rows, want{line, cells})
			line++
		}
	}
	info := checkData(t, "office/xlsx/t04.xlsx", Options{}, "序号|ID号|工位号|eblock编码|PACK位置|PACK编码|PCS编码|水机|程序版本号|异常情况|调试时间|调试状态", "nnnttttttttt", rows)
	if len(rows) != 56 || len(info.Merged) != 70 || info.Sheet != "工作表1" {
		t.Errorf("%d rows, %d merged ranges, sheet %q", len(rows), len(info.Merged), info.Sheet)
	}
	r, _ := openData(t, "office/xlsx/t04.xlsx", Options{FillMerged: true})
	for i, row := range readAll(t, r) {
		block := blocks[i/8]
		n := string(rune('1' + i/8))
		got := strings.Join(row, "|")
		w := n + "|1" + n + "|" + n + "|" + block.id + "|" + string(rune('1'+i%8)) + "号|" + block.packs[i%8] + "|" + block.pcs + "|黑水机-新水机|" + version + "||2022.11.29白|"
		if got != w {
			t.Errorf("filled row %d: %q, want %q", i, got, w)
		}
	}
}

func TestDataOldXLS(t *testing.T) {
	if _, _, err := Open(dataFile(t, "office/xlsx/t01.xls"), Options{}); keyOf(t, err) != "error.xls_old" {
		t.Error(err)
	}
}

// Each text decodes to its UTF-8 twin, the encoding told and found.
func TestDataEncodings(t *testing.T) {
	for name, enc := range map[string]string{"gb2312": GB18030, "gbk": GB18030, "big5": Big5} {
		twin, err := os.ReadFile(dataFile(t, "encodings/"+name+"-utf8.txt"))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(dataFile(t, "encodings/"+name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		found, err := detectEncoding(bytes.NewReader(raw), int64(len(raw)))
		if err != nil || found != enc {
			t.Errorf("%s is taken for %s (%v)", name, found, err)
		}
		got, err := io.ReadAll(decode(bytes.NewReader(raw), enc))
		if err != nil || !bytes.Equal(got, twin) {
			t.Errorf("%s: %v\n%s", name, err, cmp.Diff(string(twin), string(got)))
		}
	}
}

func TestDataBOM(t *testing.T) {
	for _, name := range []string{"office/csv/no_bom.csv", "office/csv/office_bom.csv"} {
		var rows []want
		for i := range 10 {
			rows = append(rows, want{i + 2, "姓名" + string(rune('0'+i)) + "|20"})
		}
		checkData(t, name, Options{}, "姓名|年纪", "tt", rows)
	}
}

// Every CSV file reads as the standard library's reader reads it, cell by cell;
// rows with too many cells are reported with all of them. Both encodings of
// the cities are one table.
func TestDataCSV(t *testing.T) {
	files := map[string]string{"encodings/city.gbk.crlf.csv": "regions-cn/city.csv"}
	for _, pattern := range []string{"trade-orders", "orgs-cn", "regions-cn", "retail-orders"} {
		list, err := filepath.Glob(filepath.Join(dataFile(t, pattern), "*.csv"))
		if err != nil || len(list) == 0 {
			t.Fatal(pattern, err)
		}
		for _, f := range list {
			files[pattern+"/"+filepath.Base(f)] = pattern + "/" + filepath.Base(f)
		}
	}
	if len(files) != 19 {
		t.Errorf("%d files", len(files))
	}
	for name, like := range files {
		raw, err := os.ReadFile(dataFile(t, like))
		if err != nil {
			t.Fatal(err)
		}
		std := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
		std.FieldsPerRecord = -1
		expect, err := std.ReadAll()
		if err != nil {
			t.Fatal(name, err)
		}
		r, info := openData(t, name, Options{})
		if info.Comma != ',' {
			t.Errorf("%s: separator %q", name, info.Comma)
		}
		if diff := cmp.Diff(expect[0], info.Header); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for i, w := range expect[1:] {
			row, err := r.Next()
			if wide, ok := errors.AsType[*RowError](err); ok {
				if len(wide.Cells) <= len(info.Header) {
					t.Errorf("%s, row %d: %v", name, i, err)
				}
				row = wide.Cells
			} else if err != nil {
				t.Fatalf("%s, row %d: %v", name, i, err)
			} else if len(w) > len(info.Header) {
				t.Errorf("%s, row %d has %d cells and no error", name, i, len(w))
			}
			if diff := cmp.Diff(w, texts(row)); diff != "" {
				t.Fatalf("%s, row %d: %s", name, i, diff)
			}
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: behind the last row: %v", name, err)
		}
	}
}

// The organisations, re-encoded to GB18030 by our own writer, are the same.
func TestDataOrgsInGB18030(t *testing.T) {
	r, info := openData(t, "orgs-cn/orgs.csv", Options{})
	rows := readAll(t, r)
	var b bytes.Buffer
	w, err := NewCSV(&b, CSVOptions{Encoding: GB18030})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Header(info.Header); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		cells := make([]Cell, len(row))
		for i, s := range row {
			cells[i] = T(s)
		}
		if err := w.Row(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again, info2 := openBytes(t, b.Bytes(), Options{})
	if info2.Encoding != GB18030 || len(rows) != 112 {
		t.Errorf("found %s, %d rows", info2.Encoding, len(rows))
	}
	if diff := cmp.Diff(info.Header, info2.Header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(rows, readAll(t, again)); diff != "" {
		t.Error(diff)
	}
}

func TestDataSalesforceTree(t *testing.T) {
	checkData(t, "salesforce-tree/Accounts.json", Options{}, "Name|BillingStreet|BillingCity|BillingState|BillingPostalCode|BillingCountry|referenceId", "ttttttt", []want{
		{3, "Wheelworks|480 Trapelo Road|Belmont|MA|02478|USA|AccountRef1"},
		{15, "Northern Trail Cycling|415 Mission St|San Francisco|CA|94105|USA|AccountRef2"},
		{27, "Trailblazers|1095 Avenue of the Americas|New York|NY|10036|USA|AccountRef3"},
	})
	r, info := openData(t, "salesforce-tree/Product__cs.json", Options{})
	row, err := r.Next()
	if err != nil || info.Header[3] != "MSRP__c" || row[3] != N("2500") || row[1].Text != "@FuseRef" {
		t.Error(err, info.Header, row)
	}
	if _, _, err := Open(dataFile(t, "salesforce-tree/sample-data-plan.json"), Options{}); keyOf(t, err) != "error.sheet_json" {
		t.Error(err)
	}
}
