package sheet

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// smallLimits keep a fuzzed file from costing much.
func smallLimits() Limits {
	return Limits{File: 1 << 20, Part: 4 << 20, Strings: 1 << 20, Row: 1 << 20}
}

// readAny reads a file to its end and checks what must hold for any: rows as
// wide as the header and not blank, valid text, lines going up, errors with
// words for people.
func readAny(t *testing.T, data []byte, opt Options) (Info, [][]string) {
	t.Helper()
	r, info, err := OpenAt(bytes.NewReader(data), int64(len(data)), opt)
	if err != nil {
		if _, ok := errors.AsType[*errs.Error](err); !ok || errs.CodeOf(err) == errs.Internal {
			t.Fatalf("open: %v", err)
		}
		return info, nil
	}
	defer r.Close()
	var rows [][]string
	line := info.HeaderRow
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return info, rows
		}
		if wide, ok := errors.AsType[*RowError](err); ok {
			if len(wide.Cells) <= len(info.Header) || wide.Line != r.Line() {
				t.Fatalf("%v of %d cells", err, len(wide.Cells))
			}
			row = nil
		} else if err != nil {
			if _, ok := errors.AsType[*errs.Error](err); !ok || errs.CodeOf(err) == errs.Internal {
				t.Fatalf("line %d: %v", r.Line(), err)
			}
			return info, nil
		} else if len(row) != len(info.Header) || blankRow(row) {
			t.Fatalf("line %d: %d cells, header of %d", r.Line(), len(row), len(info.Header))
		}
		if r.Line() <= line && info.Format != SFTree {
			t.Fatalf("line %d behind line %d", r.Line(), line)
		}
		line = r.Line()
		for _, c := range row {
			if !utf8.ValidString(c.Text) || (c.Text == "") != (c.Kind == Empty) {
				t.Fatalf("line %d: %q of kind %d", line, c.Text, c.Kind)
			}
		}
		if row != nil {
			rows = append(rows, texts(row))
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "\ufeffa;b\r\n\"x\"\"y\";2\r\n", "sep=|\na|b\n1|2", "a\tb\r1\t2\r", "\xff\xfea\x00,\x00b\x00\n\x001\x00", "\xc3\xfb\xb3\xc6,b\n\xbc\xd7,1\n",
		"a,b\n\"open,2\n", "a\n'=1\n''=2\n", "{\"records\":[{\"a\":1}]}", "a,b\n\"l1\r\nl2\",\"\"\n,,,\n1,2,3\n", "\x81\x30\x81\x30,\x80\n1,2\n", "<b>,c\n1,2\n",
	} {
		f.Add([]byte(s), byte(0), 0)
	}
	f.Add([]byte("sex-|\na|b"), byte('-'), 0)
	f.Fuzz(func(t *testing.T, data []byte, comma byte, headerRow int) {
		if comma >= utf8.RuneSelf || comma == '"' || comma == '\n' || comma == '\r' {
			comma = 0
		}
		info, rows := readAny(t, data, Options{Comma: comma, HeaderRow: headerRow, Limits: smallLimits()})
		if info.Format != CSV || len(rows) == 0 {
			return
		}
		var b bytes.Buffer
		w, err := NewCSV(&b, CSVOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Header(info.Header); err != nil {
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
		again, rows2 := readAny(t, b.Bytes(), Options{})
		if diff := cmp.Diff(info.Header, again.Header); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(rows, rows2); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzXLSX(f *testing.F) {
	sample := book(sampleSheet)
	add := func(sheet string) {
		f.Add(sheet, sample["xl/sharedStrings.xml"], sample["xl/styles.xml"], sample["xl/workbook.xml"], false)
	}
	add(sample["xl/worksheets/sheet1.xml"])
	add(`<x:worksheet xmlns:x="u"><x:sheetData><x:row><x:c t='s'><x:v><![CDATA[0]]></x:v></x:c></x:row><!-- c --></x:sheetData></x:worksheet>`)
	add(`<worksheet><sheetData><row r="2"><c r="B2" t="inlineStr"><is><r><t>a_x000D_</t></r><rPh><t>x</t></rPh></is></c></row></sheetData><mergeCells><mergeCell ref="A1:C3"/></mergeCells></worksheet>`)
	add(`<!DOCTYPE a><worksheet/>`)
	add("\xff\xfe<\x00w\x00/\x00>\x00")
	f.Fuzz(func(t *testing.T, sheet, shared, styles, workbook string, fill bool) {
		p := book("")
		p["xl/worksheets/sheet1.xml"], p["xl/sharedStrings.xml"], p["xl/styles.xml"], p["xl/workbook.xml"] = sheet, shared, styles, workbook
		readAny(t, p.zip(t), Options{FillMerged: fill, Limits: smallLimits()})
	})
}

// FuzzOpen is about the containers: archives, JSON, whatever else.
func FuzzOpen(f *testing.F) {
	f.Add(book(sampleSheet).zip(f), "")
	f.Add([]byte(`{"records":[{"attributes":{"referenceId":"R1"},"a":1.5e3,"b":[1],"c":"\ud83d"}]}`), "")
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "")
	f.Add([]byte("\x84\x31\xa4\x37,b\n1,2\n"), "gb18030")
	f.Add([]byte("\xa4\xa4\xa4\xe5,b\n1,2\n"), "big5")
	f.Fuzz(func(t *testing.T, data []byte, encoding string) {
		readAny(t, data, Options{Encoding: encoding, Limits: smallLimits()})
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0.30000000000000004", "1E+21", "-4.0", "1234567890123456789012", "1e-300"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := appendNumber(nil, s)
		if !ok {
			return
		}
		if !plainDecimal(string(got)) || bytes.ContainsRune(got, '.') && bytes.HasSuffix(got, []byte("0")) {
			t.Fatalf("%q became %q", s, got)
		}
		if again, _ := appendNumber(nil, string(got)); len(got) < 300 && !bytes.Equal(again, got) {
			t.Fatalf("%q became %q, then %q", s, got, again)
		}
	})
}
