// Package sheet reads and writes tables that people keep in files: CSV in the
// encodings that Chinese and Western Excel save, XLSX, and the JSON tree of
// Salesforce. It streams, it never changes a value silently, and whatever it
// cannot read it refuses in plain words with the line where it happened.
//
// It knows nothing of databases or entities: rows of cells go in and out.
package sheet

import (
	"fmt"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Format is the kind of a file.
type Format string

// The formats. Auto looks at the content, never at the name.
const (
	Auto   Format = ""
	CSV    Format = "csv"
	XLSX   Format = "xlsx"
	SFTree Format = "sftree" // {"records":[{"attributes":{…},fields…}]} as `sf data export tree` writes it
)

// Kind says what a cell held in its file. Every cell of a CSV is Text or Empty.
type Kind uint8

// The kinds.
const (
	Empty    Kind = iota
	Text          // as written
	Number        // Text is the plain decimal, never scientific
	Date          // Text is 2024-01-05, 2024-01-05 13:04:05 or 13:04:05: the parts that the cell shows
	Duration      // Text is H:MM:SS, hours may pass 24
	Bool          // Text is TRUE or FALSE
	Error         // Text is the error (#N/A), or the formula when it was never calculated (=A1+B1)
)

// Cell is one value of a row.
type Cell struct {
	Text string
	// Days since 1970-01-01 and Millis since midnight hold a Date in full,
	// also the part that its format does not show.
	Days   int32
	Millis int32
	Kind   Kind
}

// T makes a text cell, an empty one of "".
func T(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Text: s, Kind: Text}
}

// N makes a number cell of a plain decimal ("-12.50").
func N(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Text: s, Kind: Number}
}

// D makes a date cell of 2006-01-02, 2006-01-02 15:04:05 or 15:04:05.
func D(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Text: s, Kind: Date}
}

// Reader gives the rows below the header.
type Reader interface {
	// Next gives the next row, always as wide as the header; rows in which
	// every cell is blank are passed over. The slice is valid until the next
	// call, its texts for ever. A *RowError is about this row alone and reading
	// goes on; any other error ends it, io.EOF regularly.
	Next() ([]Cell, error)
	// Line is the 1-based line (CSV, JSON) or row (XLSX) in the file where the
	// row just given begins.
	Line() int
	// Total and Done measure progress in bytes; any goroutine may ask.
	Total() int64
	Done() int64
	// Merged are the merged ranges of an XLSX sheet, complete at io.EOF.
	Merged() []Range
	Close() error
}

// Range is a block of cells, 1-based and inclusive.
type Range struct{ Row1, Col1, Row2, Col2 int }

// String is the range as Excel writes it: A6:B7.
func (r Range) String() string {
	return fmt.Sprintf("%s%d:%s%d", ColumnName(r.Col1), r.Row1, ColumnName(r.Col2), r.Row2)
}

// RowError says why one row cannot be used; the rows after it can.
type RowError struct {
	Line  int
	Cells []Cell // all cells of the row, for the file of failed rows
	Err   *errs.Error
}

// Error is for logs, not for people; Err is for people.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Err.Error()) }

// Unwrap gives the error for people.
func (e *RowError) Unwrap() error { return e.Err }

// Options say how to read a file. The zero Options find out everything.
type Options struct {
	Format     Format
	Encoding   string // "" or auto, utf-8, gb18030 (also gbk, gb2312), utf-16le, utf-16be, big5, windows-1252
	Comma      byte   // 0 = found by a vote over the first rows
	Sheet      string // "" = the first that is not hidden
	HeaderRow  int    // the header is the first row with content at or after it; 0 = in the whole file
	FillMerged bool   // every cell of a merged range gets the value of its first one
	Limits     Limits
}

// Limits bound what a file may cost. A zero member takes its default.
type Limits struct {
	File    int64 // bytes of the file: 4 GiB for CSV, 512 MiB for XLSX, 200 MiB for JSON
	Part    int64 // bytes of one unpacked part of an XLSX: 4 GiB
	Strings int64 // bytes of the shared strings of an XLSX, which are held in memory: 256 MiB
	Row     int   // bytes of one row: 32 MiB
}

func (l Limits) withDefaults(f Format) Limits {
	if l.File == 0 {
		switch f {
		case XLSX:
			l.File = 512 << 20
		case SFTree:
			l.File = 200 << 20
		default:
			l.File = 4 << 30
		}
	}
	if l.Part == 0 {
		l.Part = 4 << 30
	}
	if l.Strings == 0 {
		l.Strings = 256 << 20
	}
	if l.Row == 0 {
		l.Row = 32 << 20
	}
	return l
}

// Excel's own bounds (ECMA-376 part 1, 18.3): columns and rows of a sheet,
// UTF-16 units of a cell.
const (
	maxColumns  = 16384
	maxRows     = 1048576
	maxCellText = 32767
)

// Info is what opening a file found out.
type Info struct {
	Format    Format
	Encoding  string   // of CSV and JSON
	Comma     byte     // of CSV
	Sheets    []string // of XLSX, in the order of the workbook, hidden ones too
	Sheet     string   // the one that is read
	Header    []string // trimmed; unnamed columns are named [C], repeated names get " (2)"
	HeaderRow int      // where the header stands, counted like Reader.Line
	Rows      int64    // about how many rows there are; 0 = not known
	Merged    []Range  // of XLSX; nil for a sheet over 32 MiB unless FillMerged: see Reader.Merged
	Comments  int      // comments of the sheet, which are not read
	Date1904  bool     // the workbook counts days from 1904
	Notes     []Note   // what a person should know
}

// Note is a remark whose text lives in i18n, like that of an errs.Error.
type Note struct {
	Key  string
	Args map[string]string
}

func note(key string, args ...string) Note {
	e := errs.New(errs.Invalid, key, args...)
	return Note{Key: e.Key, Args: e.Args}
}

// invalid makes an error for people.
func invalid(key string, args ...string) *errs.Error { return errs.New(errs.Invalid, key, args...) }
