package sheet

import (
	"archive/zip"
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// XLSXWriter writes a workbook as a stream: texts stay texts, whatever they
// begin with; numbers of at most 15 digits become numbers, longer ones texts,
// for Excel would round them; dates become dates. Beyond Excel's last row a
// further sheet begins, with the header again.
type XLSXWriter struct {
	zip    *zip.Writer
	part   *bufio.Writer
	name   string
	names  map[int]string // of the sheets that were begun with a name of their own
	sheets int
	header []string
	line   int
	buf    []byte // the row, or the first rows while the widths are measured
	widths []int
	held   int // rows in buf; -1 = the widths are written
	limit  int // rows of a sheet
	cut    int
}

// Styles of cells, in the order of cellXfs in xlsxStyles.
const (
	styleNone = iota
	styleHeader
	styleDate
	styleDateTime
	styleTime
	styleDuration
	styleMillis
	styleTimeMillis
)

const (
	heldRows  = 100
	heldBytes = 1 << 20
)

// NewXLSX begins a workbook with one sheet of this name; characters that Excel
// does not allow in names are replaced by _.
func NewXLSX(w io.Writer, sheetName string) (*XLSXWriter, error) {
	x := &XLSXWriter{zip: zip.NewWriter(w), name: sheetTitle(sheetName), limit: maxRows}
	for _, p := range [][2]string{
		{"[Content_Types].xml", xlsxTypes}, {"_rels/.rels", xlsxRels}, {"xl/styles.xml", xlsxStyles},
	} {
		if err := x.writePart(p[0], p[1]); err != nil {
			return nil, err
		}
	}
	return x, x.beginSheet()
}

// sheetTitle makes a name of a sheet: 1 to 31 UTF-16 units, none of []:*?/\,
// no apostrophe at its ends.
func sheetTitle(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || strings.ContainsRune(`[]:*?/\`, r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(s))
	s = strings.Trim(s, "'")
	s = cutUnits(s, 31)
	if s == "" || strings.EqualFold(s, "history") {
		return "Sheet1"
	}
	return s
}

// cutUnits shortens s to at most n UTF-16 units.
func cutUnits(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i, r := range s {
		if n--; r > 0xffff {
			n--
		}
		if n < 0 {
			return s[:i]
		}
	}
	return s
}

// title is the name of the n-th sheet.
func (x *XLSXWriter) title(n int) string {
	if n == 1 {
		return x.name
	}
	if own := x.names[n]; own != "" {
		return own
	}
	tail := " (" + strconv.Itoa(n) + ")"
	return cutUnits(x.name, 31-len(tail)) + tail
}

// Sheet ends the sheet and begins one of another name, without a header. A name
// that there is already gets the sheet's number.
func (x *XLSXWriter) Sheet(name string) error {
	if err := x.endSheet(); err != nil {
		return err
	}
	name = sheetTitle(name)
	for n := 1; n <= x.sheets; n++ {
		if strings.EqualFold(x.title(n), name) {
			tail := " (" + strconv.Itoa(x.sheets+1) + ")"
			name = cutUnits(name, 31-len(tail)) + tail
		}
	}
	if x.names == nil {
		x.names = map[int]string{}
	}
	x.names[x.sheets+1], x.header = name, nil
	return x.beginSheet()
}

func (x *XLSXWriter) writePart(name, content string) error {
	w, err := x.zip.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, content)
	return err
}

func (x *XLSXWriter) beginSheet() error {
	x.sheets++
	w, err := x.zip.Create("xl/worksheets/sheet" + strconv.Itoa(x.sheets) + ".xml")
	if err != nil {
		return err
	}
	x.part = bufio.NewWriterSize(w, 64<<10)
	x.line, x.held, x.buf, x.widths = 0, 0, x.buf[:0], x.widths[:0]
	return nil
}

// Header writes the first row, bold; it stays in sight while one scrolls.
func (x *XLSXWriter) Header(names []string) error {
	x.header = append([]string(nil), names...)
	return x.writeHeader()
}

func (x *XLSXWriter) writeHeader() error {
	cells := make([]Cell, len(x.header))
	for i, n := range x.header {
		cells[i] = T(n)
	}
	return x.row(cells, styleHeader)
}

// Row writes one row.
func (x *XLSXWriter) Row(cells []Cell) error {
	if x.line == x.limit {
		if err := x.endSheet(); err != nil {
			return err
		}
		if err := x.beginSheet(); err != nil {
			return err
		}
		if x.header != nil {
			if err := x.writeHeader(); err != nil {
				return err
			}
		}
	}
	return x.row(cells, styleNone)
}

// Cut is how many texts were longer than a cell of Excel holds (32,767
// characters) and were cut there.
func (x *XLSXWriter) Cut() int { return x.cut }

func (x *XLSXWriter) row(cells []Cell, style int) error {
	if len(cells) > maxColumns {
		return invalid("error.sheet_columns", "line", strconv.Itoa(x.line+1), "limit", strconv.Itoa(maxColumns))
	}
	x.line++
	b := x.buf
	b = append(b, `<row r="`...)
	b = strconv.AppendInt(b, int64(x.line), 10)
	b = append(b, `">`...)
	for i, c := range cells {
		if c.Text == "" {
			continue
		}
		if !utf8.ValidString(c.Text) {
			return invalid("error.sheet_write_utf8", "column", ColumnName(i+1))
		}
		b = append(b, `<c r="`...)
		b = append(b, ColumnName(i+1)...)
		b = strconv.AppendInt(b, int64(x.line), 10)
		b = append(b, '"')
		b = x.appendCell(b, c, style)
		if x.held >= 0 {
			x.measure(i, c.Text)
		}
	}
	b = append(b, "</row>"...)
	x.buf = b
	if x.held >= 0 {
		x.held++
		if x.held < heldRows && len(x.buf) < heldBytes {
			return nil
		}
		if err := x.writeHead(); err != nil {
			return err
		}
	}
	_, err := x.part.Write(x.buf)
	x.buf = x.buf[:0]
	return err
}

// appendCell writes the cell behind its reference.
func (x *XLSXWriter) appendCell(b []byte, c Cell, style int) []byte {
	switch c.Kind {
	case Number:
		if plainDecimal(c.Text) && significant(c.Text) <= 15 {
			return appendValue(b, "", style, c.Text)
		}
	case Bool:
		if c.Text == "TRUE" || c.Text == "FALSE" {
			v := "0"
			if c.Text == "TRUE" {
				v = "1"
			}
			return appendValue(b, "b", style, v)
		}
	case Date, Duration:
		if serial, st, ok := excelSerial(c); ok {
			return appendValue(b, "", st, serial)
		}
	}
	text := cutUnits(c.Text, maxCellText)
	if len(text) < len(c.Text) {
		x.cut++
	}
	b = append(b, ` t="inlineStr"`...)
	b = appendStyle(b, style)
	b = append(b, `><is><t xml:space="preserve">`...)
	b = appendEscaped(b, text)
	return append(b, "</t></is></c>"...)
}

func appendValue(b []byte, kind string, style int, v string) []byte {
	if kind != "" {
		b = append(append(append(b, ` t="`...), kind...), '"')
	}
	b = appendStyle(b, style)
	b = append(append(b, "><v>"...), v...)
	return append(b, "</v></c>"...)
}

func appendStyle(b []byte, style int) []byte {
	if style == styleNone {
		return b
	}
	b = append(b, ` s="`...)
	b = strconv.AppendInt(b, int64(style), 10)
	return append(b, '"')
}

// appendEscaped writes a text so that XML and Excel give back exactly it:
// characters that XML does not have, and CR, as _x000D_; and what looks like
// such an escape escaped in turn.
func appendEscaped(b []byte, s string) []byte {
	for i, r := range s {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			const hex = "0123456789ABCDEF"
			b = append(b, '_', 'x', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15], '_')
		case r == '_':
			if _, ok := escaped(s[i:]); ok {
				b = append(b, "_x005F"...)
			}
			b = append(b, '_')
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// excelSerial is the number and style of a date, a time or a duration. Days
// before 1900-03-01 are not written as dates: Excel miscounts them.
func excelSerial(c Cell) (serial string, style int, ok bool) {
	if c.Kind == Duration {
		ms, ok := clockMillis(c.Text)
		return fraction(0, ms), styleDuration, ok
	}
	date, clock, both := strings.Cut(c.Text, " ")
	if !both && strings.IndexByte(date, ':') > 0 {
		ms, ok := clockMillis(date)
		style := styleTime
		if ms%1000 != 0 {
			style = styleTimeMillis
		}
		return fraction(0, ms), style, ok && ms < dayMillis
	}
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "", 0, false
	}
	days := t.Unix()/(24*60*60) - base1900
	if days <= leapBug || days > lastSerial {
		return "", 0, false
	}
	if !both {
		return strconv.FormatInt(days, 10), styleDate, true
	}
	ms, ok := clockMillis(clock)
	style = styleDateTime
	if ms%1000 != 0 {
		style = styleMillis
	}
	return fraction(days, ms), style, ok && ms < dayMillis
}

// clockMillis reads H:MM:SS[.mmm].
func clockMillis(s string) (int64, bool) {
	hms, frac, _ := strings.Cut(s, ".")
	h, rest, _ := strings.Cut(hms, ":")
	m, sec, two := strings.Cut(rest, ":")
	if !two || !allDigits(h) || len(h) > 7 || len(m) != 2 || len(sec) != 2 || !allDigits(m+sec) || m > "59" || sec > "59" {
		return 0, false
	}
	if len(frac) > 3 || frac != "" && !allDigits(frac) {
		return 0, false
	}
	ms := int64(0)
	for _, part := range []struct {
		text  string
		scale int64
	}{{h, 3600000}, {m, 60000}, {sec, 1000}, {(frac + "000")[:3], 1}} {
		n, _ := strconv.ParseInt(part.text, 10, 64)
		ms += n * part.scale
	}
	return ms, true
}

// fraction is days and milliseconds as Excel counts, to the last bit.
func fraction(days, millis int64) string {
	return strconv.FormatFloat(float64(days)+float64(millis)/dayMillis, 'f', -1, 64)
}

// measure keeps the widest text of a column; Chinese characters are two wide.
func (x *XLSXWriter) measure(col int, s string) {
	for len(x.widths) <= col {
		x.widths = append(x.widths, 0)
	}
	w := 0
	for _, r := range s {
		if r == '\n' || w > 60 {
			break
		}
		if w++; r >= 0x1100 {
			w++
		}
	}
	x.widths[col] = max(x.widths[col], w)
}

// writeHead writes what stands before the rows; the widths are those of the
// first rows.
func (x *XLSXWriter) writeHead() error {
	b := []byte(xmlHead + `<worksheet xmlns="` + xlsxMain + `"><sheetViews><sheetView workbookViewId="0"`)
	if x.sheets == 1 {
		b = append(b, ` tabSelected="1"`...)
	}
	b = append(b, '>')
	if x.header != nil {
		b = append(b, `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`...)
	}
	b = append(b, "</sheetView></sheetViews>"...)
	for i, w := range x.widths {
		if i == 0 {
			b = append(b, "<cols>"...)
		}
		n := strconv.Itoa(i + 1)
		b = append(b, `<col min="`+n+`" max="`+n+`" width="`+strconv.Itoa(int(math.Min(60, math.Max(8, float64(w+2)))))+`" customWidth="1"/>`...)
		if i == len(x.widths)-1 {
			b = append(b, "</cols>"...)
		}
	}
	b = append(b, "<sheetData>"...)
	x.held = -1
	_, err := x.part.Write(b)
	return err
}

func (x *XLSXWriter) endSheet() error {
	if x.held >= 0 {
		if err := x.writeHead(); err != nil {
			return err
		}
	}
	x.buf = append(x.buf, "</sheetData></worksheet>"...)
	if _, err := x.part.Write(x.buf); err != nil {
		return err
	}
	x.buf = x.buf[:0]
	return x.part.Flush()
}

// Close completes the workbook; it does not close what it writes to.
func (x *XLSXWriter) Close() error {
	if err := x.endSheet(); err != nil {
		return err
	}
	book := []byte(xmlHead + `<workbook xmlns="` + xlsxMain + `" xmlns:r="` + xlsxDoc + `"><sheets>`)
	rels := []byte(xmlHead + `<Relationships xmlns="` + xlsxPackage + `"><Relationship Id="rId0" Type="` + xlsxDoc + `/styles" Target="styles.xml"/>`)
	for n := 1; n <= x.sheets; n++ {
		i := strconv.Itoa(n)
		book = append(book, `<sheet name="`...)
		for _, r := range x.title(n) {
			if r == '"' {
				book = append(book, "&quot;"...)
				continue
			}
			book = appendEscaped(book, string(r))
		}
		book = append(book, `" sheetId="`+i+`" r:id="rId`+i+`"/>`...)
		rels = append(rels, `<Relationship Id="rId`+i+`" Type="`+xlsxDoc+`/worksheet" Target="worksheets/sheet`+i+`.xml"/>`...)
	}
	if err := x.writePart("xl/workbook.xml", string(book)+"</sheets></workbook>"); err != nil {
		return err
	}
	if err := x.writePart("xl/_rels/workbook.xml.rels", string(rels)+"</Relationships>"); err != nil {
		return err
	}
	return x.zip.Close()
}

const (
	xmlHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	xlsxMain    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	xlsxDoc     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	xlsxPackage = "http://schemas.openxmlformats.org/package/2006/relationships"
	xlsxKind    = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	// How many sheets there will be is not known yet: worksheet is the type of
	// every XML part that is not named.
	xlsxTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="` + xlsxKind + `worksheet+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + xlsxKind + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + xlsxKind + `styles+xml"/></Types>`

	xlsxRels = xmlHead + `<Relationships xmlns="` + xlsxPackage + `">` +
		`<Relationship Id="rId1" Type="` + xlsxDoc + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`

	xlsxStyles = xmlHead + `<styleSheet xmlns="` + xlsxMain + `"><numFmts count="6">` +
		`<numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/>` +
		`<numFmt numFmtId="166" formatCode="hh:mm:ss"/><numFmt numFmtId="167" formatCode="[h]:mm:ss"/>` +
		`<numFmt numFmtId="168" formatCode="yyyy\-mm\-dd\ hh:mm:ss.000"/><numFmt numFmtId="169" formatCode="hh:mm:ss.000"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8">` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="167" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="168" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="169" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)
