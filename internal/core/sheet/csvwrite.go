package sheet

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// Writer writes a table: the header, then the rows. Close completes the file
// but does not close what it writes to.
type Writer interface {
	Header(names []string) error
	Row(cells []Cell) error
	Close() error
}

// CSVOptions say how to write. The zero CSVOptions open rightly in Chinese
// Excel: UTF-8 with a byte order mark, comma, CRLF.
type CSVOptions struct {
	Encoding string // "" or utf-8-bom, utf-8, gb18030
	Comma    byte   // 0 = ,
	LF       bool   // end lines with LF instead of CRLF
}

// csvWriter writes CSV that a spreadsheet cannot take for formulas.
type csvWriter struct {
	out   *bufio.Writer
	to    io.Writer // out, or what encodes into it
	comma byte
	eol   string
	buf   []byte
	begun bool
}

// NewCSV makes a writer of CSV. A text that a spreadsheet would take for a
// formula gets an apostrophe in front (OWASP, CSV injection), which reading
// with this package takes away again; numbers and dates get none.
func NewCSV(w io.Writer, opt CSVOptions) (Writer, error) {
	c := &csvWriter{comma: opt.Comma, eol: "\r\n"}
	if c.comma == 0 {
		c.comma = ','
	}
	if opt.LF {
		c.eol = "\n"
	}
	c.out = bufio.NewWriterSize(w, 64<<10)
	c.to = c.out
	switch opt.Encoding {
	case "", UTF8BOM:
		_, err := c.out.WriteString("\ufeff")
		return c, err
	case UTF8:
	case GB18030:
		c.to = newGB18030Writer(c.out)
	default:
		return nil, invalid("error.sheet_encoding_name", "name", opt.Encoding)
	}
	return c, nil
}

func (c *csvWriter) Header(names []string) error {
	row := make([]Cell, len(names))
	for i, n := range names {
		row[i] = T(n)
	}
	return c.Row(row)
}

func (c *csvWriter) Row(cells []Cell) error {
	b := c.buf[:0]
	for i, cell := range cells {
		if i > 0 {
			b = append(b, c.comma)
		}
		if !utf8.ValidString(cell.Text) {
			return invalid("error.sheet_write_utf8", "column", ColumnName(i+1))
		}
		guard := needsGuard(cell.Text) && (cell.Kind != Number || !plainDecimal(cell.Text))
		if guard || c.mustQuote(cell.Text, i == 0 && !c.begun) {
			b = appendQuoted(b, cell.Text, guard)
		} else {
			b = append(b, cell.Text...)
		}
	}
	c.begun = true
	b = append(b, c.eol...)
	c.buf = b
	_, err := c.to.Write(c.buf)
	return err
}

// mustQuote says whether a text needs quotes: also for separators other than
// ours, so that a vote outside quotes finds the right one, and for a beginning
// by which the file could be taken for something else.
func (c *csvWriter) mustQuote(s string, first bool) bool {
	if s == "" {
		return false
	}
	if first && !isLetter(s) || s[0] == ' ' || s[len(s)-1] == ' ' || strings.IndexByte(s, c.comma) >= 0 {
		return true
	}
	return strings.ContainsAny(s, ",;\t|\"\r\n")
}

// isLetter says whether s begins as no magic number does.
func isLetter(s string) bool {
	low := strings.ToLower(s[:min(len(s), 4)])
	return low != "sep=" && !strings.HasPrefix(low, "pk") &&
		(s[0] >= 0x80 && !strings.HasPrefix(s, "\ufeff") || low[0] >= 'a' && low[0] <= 'z' || low[0] >= '0' && low[0] <= '9')
}

func appendQuoted(b []byte, s string, guard bool) []byte {
	b = append(b, '"')
	if guard {
		b = append(b, '\'')
	}
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		b = append(append(b, s[:i+1]...), '"')
		s = s[i+1:]
	}
	return append(append(b, s...), '"')
}

func (c *csvWriter) Close() error { return c.out.Flush() }

// needsGuard says whether a text begins like a formula, behind any number of
// apostrophes: guarding '=1 again makes taking one away exact.
func needsGuard(s string) bool {
	s = strings.TrimLeft(s, "'")
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return true
	case 0xef: // full-width ＝ ＋ － ＠, which East Asian spreadsheets take alike
		return strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠")
	}
	return false
}

// unguard takes away the apostrophe that needsGuard asked for.
func unguard(s string) string {
	if s[0] == '\'' && needsGuard(s) {
		return s[1:]
	}
	return s
}

// FailedRows writes the rows that an import refused, to be mended and imported
// again: the columns of the source and the reason behind them, as CSV in UTF-8
// with byte order mark.
type FailedRows struct {
	w     Writer
	width int
	again bool // the source has a reason column of an earlier round
	row   []Cell
}

// NewFailedRows begins the file. header are the columns of the source, reason
// is ReasonZh or ReasonEn; a reason column of an earlier round is left out.
func NewFailedRows(w io.Writer, header []string, reason string) (*FailedRows, error) {
	c, err := NewCSV(w, CSVOptions{})
	if err != nil {
		return nil, err
	}
	f := &FailedRows{w: c, width: len(header)}
	if n := len(header); n > 0 && IsReason(header[n-1]) {
		f.width, f.again = n-1, true
	}
	names := append(append(make([]string, 0, f.width+1), header[:f.width]...), reason)
	return f, c.Header(names)
}

// Row writes a row as it was read and why it was refused. Cells beyond the
// header are written too, the reason behind them.
func (f *FailedRows) Row(cells []Cell, reason string) error {
	if f.again && len(cells) > f.width {
		cells = cells[:len(cells)-1]
	}
	f.row = append(f.row[:0], cells...)
	for len(f.row) < f.width {
		f.row = append(f.row, Cell{})
	}
	f.row = append(f.row, T(reason))
	return f.w.Row(f.row)
}

// Close completes the file.
func (f *FailedRows) Close() error { return f.w.Close() }
