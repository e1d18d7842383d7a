package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

func TestCSVForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, header, rows string
		opt                    Options
	}{
		{"plain", "a,b\n1,2\n3,4\n", "a|b", "1|2\n3|4", Options{}},
		{"no end of line", "a,b\r\n1,2", "a|b", "1|2", Options{}},
		{"old Mac", "a,b\r1,2\r3,4\r", "a|b", "1|2\n3|4", Options{}},
		{"mixed ends", "a,b\r\n1,2\r3,4\n5,6", "a|b", "1|2\n3|4\n5|6", Options{}},
		{"semicolon", "name;amount\nA;1,50\nB;2,75\n", "name|amount", "A|1,50\nB|2,75", Options{}},
		{"tab", "a\tb, c\n1\t2\n", "a|b, c", "1|2", Options{}},
		{"pipe", "a|b\n1|2\n", "a|b", "1|2", Options{}},
		{"comma against many semicolons in cells", "name,phones\nA,1;2;3\nB,4;5\n", "name|phones", "A|1;2;3\nB|4;5", Options{}},
		{"separators inside quotes do not vote", "a,b\n\"x;y;z\",1\n\"p;q;r\",2\n", "a|b", "x;y;z|1\np;q;r|2", Options{}},
		{"a separator that breaks quotes loses", "sex,\"|\"\r\n\"a|b\",\r\n", "sex||", "a|b|", Options{}},
		{"told separator", "a,b;c\n1,2;3\n", "a,b|c", "1,2|3", Options{Comma: ';'}},
		{"sep line", "sep=;\r\na;b\r\n1,5;2\r\n", "a|b", "1,5|2", Options{}},
		{"one column", "name\nA B\nC\n", "name", "A B\nC", Options{}},
		{"quotes", "a,b\n\"x \"\"y\"\" \",\" blank \"\n", "a|b", "x \"y\" | blank ", Options{}},
		{"line breaks in quotes", "a,b\n\"l1\r\nl2\nl3\rl4\",2\n", "a|b", "l1\r\nl2\nl3\rl4|2", Options{}},
		{"quote in the middle", "a,b\n6\" pipe,x\"y\"z\n", "a|b", "6\" pipe|x\"y\"z", Options{}},
		{"text behind a quote", "a,b\n\"x\"y,\"p\" \"q\"\n", "a|b", "xy|p \"q\"", Options{}},
		{"blanks outside quotes", "a,b\n x , y\n", "a|b", " x | y", Options{}},
		{"short and long rows", "a,b,c\n1\n1,2,3,,\n,,\n", "a|b|c", "1||\n1|2|3", Options{}},
		{"blank rows", "\n\n a ,b\n\n1,2\n  \n,\n3,4\n\n", "a|b", "1|2\n3|4", Options{}},
		{"a title above", "客户资料表（2026 年）,,\n\n甲,乙,丙\n1,2,3\n", "甲|乙|丙", "1|2|3", Options{}},
		{"titles above", "客户资料表\n制表：王芳,2026 年\n甲,乙,丙,丁,戊\n1,2,3,4,5\n", "甲|乙|丙|丁|戊", "1|2|3|4|5", Options{}},
		{"two columns have no title", "甲,乙\n1,2\n3,4\n", "甲|乙", "1|2\n3|4", Options{}},
		{"a title over nothing", "客户资料表\n无\n", "客户资料表", "无", Options{}},
		{"one column has no title", "甲\n1\n2\n", "甲", "1\n2", Options{}},
		{"header row", "title\n\na,b\n1,2\n", "a|b", "1|2", Options{HeaderRow: 3}},
		{"names", "x,,X,x,\n1,2,3,4\n", "x|[B]|X|x (2)", "1|2|3|4", Options{}},
		{"byte order mark", "\ufeff名称,行业\n甲,乙\n", "名称|行业", "甲|乙", Options{}},
		{"guard", "a,b\n'=1+1,'-5\n''=x,it's\n'abc,'\n", "a|b", "=1+1|-5\n'=x|it's\n'abc|'", Options{}},
		{"long numbers and zeros", "a,b\n1234567890123456789012,00123\n1e5,1.50\n", "a|b", "1234567890123456789012|00123\n1e5|1.50", Options{}},
		{"angle but no markup", "<b>,c\n1,2\n", "<b>|c", "1|2", Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, info := openBytes(t, []byte(c.in), c.opt)
			if got := strings.Join(info.Header, "|"); got != c.header {
				t.Errorf("header %q, want %q", got, c.header)
			}
			if got := grid(readAll(t, r)); got != c.rows {
				t.Errorf("rows %q, want %q", got, c.rows)
			}
			if info.Format != CSV || r.Done() != r.Total() {
				t.Errorf("format %q, %d of %d bytes", info.Format, r.Done(), r.Total())
			}
		})
	}
}

func TestCSVLines(t *testing.T) {
	t.Parallel()
	r, info := openBytes(t, []byte("sep=,\n\na,b\r\n\"x\ny\",1\n\n2,3\r4,5\n"), Options{})
	if info.HeaderRow != 3 {
		t.Errorf("header in line %d, want 3", info.HeaderRow)
	}
	var lines []int
	for {
		if _, err := r.Next(); err != nil {
			break
		}
		lines = append(lines, r.Line())
	}
	if diff := cmp.Diff([]int{4, 7, 8}, lines); diff != "" {
		t.Error(diff)
	}
}

func TestCSVWideRowIsOneRowsError(t *testing.T) {
	t.Parallel()
	r, _ := openBytes(t, []byte("a,b\n1,2\n24, place Kléber,x\n3,4\n"), Options{})
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	_, err := r.Next()
	row, ok := errors.AsType[*RowError](err)
	if !ok {
		t.Fatalf("got %v, want a RowError", err)
	}
	if row.Line != 3 || r.Line() != 3 || keyOf(t, err) != "error.sheet_row_wide" || row.Err.Args["cells"] != "3" || row.Err.Args["columns"] != "2" {
		t.Errorf("got line %d, %v", row.Line, row.Err)
	}
	if diff := cmp.Diff([]string{"24", " place Kléber", "x"}, texts(row.Cells)); diff != "" {
		t.Error(diff)
	}
	if got := grid(readAll(t, r)); got != "3|4" {
		t.Errorf("then %q", got)
	}
}

func TestCSVRefusals(t *testing.T) {
	t.Parallel()
	gb := func(s string) string {
		b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		name, in, key, line string
		opt                 Options
	}{
		{"nothing", "", "error.sheet_empty", "", Options{}},
		{"only blanks", "\ufeff \n\r\n", "error.sheet_empty", "", Options{}},
		{"header row beyond the end", "a\n1\n", "error.sheet_header_row", "", Options{HeaderRow: 9}},
		{"open quote", "a,b\n1,2\n3,\"x\ny\n", "error.csv_open_quote", "3", Options{}},
		{"zero byte", "a,b\n1,2\n3,\x004\n", "error.sheet_nul", "3", Options{}},
		{"not GB18030 either", gb("名称,行业\n甲甲甲,乙\n") + "丙\xff\n", "error.sheet_encoding", "3", Options{}},
		{"asked for UTF-8", gb("名称,行业\n甲,乙\n"), "error.sheet_encoding", "1", Options{Encoding: "utf-8"}},
		{"unassigned GB18030", gb("名称\n甲\n乙") + "\xfe\x51\n", "error.sheet_encoding", "3", Options{Encoding: "gbk"}},
		{"half a surrogate", "\xff\xfea\x00\n\x00\x00\xd8\n\x00", "error.sheet_encoding", "2", Options{}},
		{"odd UTF-16", "\xff\xfea\x00\n\x00b", "error.sheet_encoding", "2", Options{}},
		{"unknown encoding", "a\n", "error.sheet_encoding_name", "", Options{Encoding: "klingon"}},
		{"row too long", "a\n" + strings.Repeat("x", 3<<20), "error.sheet_row_long", "2", Options{Limits: Limits{Row: 1 << 20}}},
		{"too many columns", strings.Repeat(",", maxColumns) + "\n", "error.sheet_columns", "1", Options{Comma: ','}},
		{"file too large", "a\n1\n", "error.sheet_too_large", "", Options{Limits: Limits{File: 3}}},
		{"broken behind a quoted row", "a,b\n\"x\",y\xff", "error.sheet_encoding", "2", Options{Encoding: "utf-8"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, _, err := OpenAt(strings.NewReader(c.in), int64(len(c.in)), c.opt)
			for err == nil {
				_, err = r.Next()
			}
			if key := keyOf(t, err); key != c.key {
				t.Fatalf("key %s, want %s", key, c.key)
			}
			if c.line != "" && !strings.Contains(err.Error(), fmt.Sprintf("line=%q", c.line)) {
				t.Errorf("%v does not name line %s", err, c.line)
			}
		})
	}
}

// A file of many buffers, its characters and quotes across their ends.
func TestCSVOfManyBuffers(t *testing.T) {
	t.Parallel()
	const rows = 40000
	for _, enc := range []string{UTF8, GB18030} {
		var b bytes.Buffer
		w, err := NewCSV(&b, CSVOptions{Encoding: enc})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Header([]string{"名称", "备注", "号"}); err != nil {
			t.Fatal(err)
		}
		cells := func(i int) []Cell {
			return []Cell{T("招商银行" + strings.Repeat("支", i%7)), T(strings.Repeat("引\"号\n", i%5) + "完"), T(fmt.Sprint(i))}
		}
		for i := range rows {
			if err := w.Row(cells(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, info := openBytes(t, b.Bytes(), Options{})
		if info.Encoding != enc || info.Rows < rows*9/10 || info.Rows > rows*11/10 {
			t.Errorf("encoding %s, about %d rows", info.Encoding, info.Rows)
		}
		for i := range rows {
			row, err := r.Next()
			if err != nil {
				t.Fatalf("%s, row %d: %v", enc, i, err)
			}
			if diff := cmp.Diff(cells(i), row); diff != "" {
				t.Fatalf("%s, row %d: %s", enc, i, diff)
			}
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	}
}

func TestCSVGuard(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := NewCSV(&b, CSVOptions{Encoding: UTF8, LF: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]Cell{
		{T("=1+1"), T("+8613800000000"), T("-12.5"), T("@x")},
		{N("-12.5"), N("=1"), D("2024-01-05"), T("'=x")},
		{T("\tx"), T("\rx"), T("＝1"), T("it's -1")},
	} {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := "\"'=1+1\",\"'+8613800000000\",\"'-12.5\",\"'@x\"\n" +
		"-12.5,\"'=1\",2024-01-05,\"''=x\"\n" +
		"\"'\tx\",\"'\rx\",\"'＝1\",it's -1\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// anyText draws cells as people and attackers write them.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[0-9]{1,24}`),
		rapid.SampledFrom([]string{"", " ", "=1+1", "'=1", "''", "'", "-5", "+86 138", "@a", "\"", "a\"b", "\"\"", "a,b", "a;b", "a\tb", "a|b",
			"l1\nl2", "l1\r\nl2", "\r", "\n", "00123", "1234567890123456789012", "sep=;", "PK", "{", "<html>", "[{", "招商银行", " 上海 ", "𠮷野家", "😀", "é", "＝1", "_x000D_", "_x005F_", "\ufeff"}),
		rapid.StringOf(rapid.RuneFrom([]rune("ab01'\"=,;|\t\r\n 中é😀＝<&>_x\u00a0"))),
		rapid.String(),
	)
}

// anyTable draws a header and rows of which none is blank.
func anyTable(t *rapid.T, clean func(string) string) (header []string, rows [][]string) {
	n := rapid.IntRange(1, 5).Draw(t, "columns")
	for i := range n {
		header = append(header, fmt.Sprintf("列%d", i+1))
	}
	for range rapid.IntRange(0, 8).Draw(t, "rows") {
		row := make([]string, n)
		blank := true
		for i := range row {
			row[i] = clean(anyText().Draw(t, "cell"))
			blank = blank && isBlank(row[i])
		}
		if blank {
			row[0] = "x"
		}
		rows = append(rows, row)
	}
	return header, rows
}

func writeTable(t *rapid.T, w Writer, header []string, rows [][]string) {
	if err := w.Header(header); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		cells := make([]Cell, len(r))
		for i, s := range r {
			cells[i] = T(s)
		}
		if err := w.Row(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func checkTable(t *rapid.T, data []byte, opt Options, header []string, rows [][]string) {
	r, info, err := OpenAt(bytes.NewReader(data), int64(len(data)), opt)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if diff := cmp.Diff(header, info.Header); diff != "" {
		t.Fatal(diff)
	}
	for i, want := range rows {
		row, err := r.Next()
		if err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		if diff := cmp.Diff(want, texts(row)); diff != "" {
			t.Fatalf("row %d: %s", i, diff)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("behind the last row: %v", err)
	}
}

// Whatever is written as CSV comes back exactly, the separator and, for UTF-8,
// the encoding found by the reader itself.
func TestCSVRoundTrip(t *testing.T) {
	t.Parallel()
	noNUL := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == 0 || r >= 0xe766 && r <= 0xe864 {
				return -1
			}
			return r
		}, s)
	}
	for _, enc := range []string{UTF8BOM, UTF8, GB18030} {
		t.Run(enc, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				header, rows := anyTable(t, noNUL)
				var b bytes.Buffer
				w, err := NewCSV(&b, CSVOptions{
					Encoding: enc,
					Comma:    rapid.SampledFrom([]byte{0, ';', '\t', '|'}).Draw(t, "comma"),
					LF:       rapid.Bool().Draw(t, "lf"),
				})
				if err != nil {
					t.Fatal(err)
				}
				writeTable(t, w, header, rows)
				opt := Options{}
				if enc == GB18030 {
					opt.Encoding = enc
				}
				checkTable(t, b.Bytes(), opt, header, rows)
			})
		})
	}
}

func TestFailedRowsLoadAlone(t *testing.T) {
	t.Parallel()
	var first bytes.Buffer
	f, err := NewFailedRows(&first, []string{"名称", "电话"}, ReasonZh)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]Cell{{T("甲"), T("=1")}, {T("乙")}, {T("丙"), T("1"), T("2")}} {
		if err := f.Row(row, "电话不对"); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(first.Bytes(), []byte("\ufeff名称,电话,失败原因\r\n")) {
		t.Errorf("begins %q", first.String()[:40])
	}
	r, info := openBytes(t, first.Bytes(), Options{})
	if n := len(info.Header); n != 3 || !IsReason(info.Header[n-1]) || IsReason(info.Header[0]) {
		t.Fatalf("header %q", info.Header)
	}
	// A second round with the first one's file leaves the old reasons out.
	var second bytes.Buffer
	g, err := NewFailedRows(&second, info.Header, ReasonEn)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if wide, ok := errors.AsType[*RowError](err); ok {
			row = wide.Cells
		} else if err != nil {
			t.Fatal(err)
		}
		if err := g.Row(row, "bad"); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff名称,电话,Failure reason\r\n甲,\"'=1\",bad\r\n乙,,bad\r\n丙,1,2,bad\r\n"
	if diff := cmp.Diff(want, second.String()); diff != "" {
		t.Error(diff)
	}
}
