package sheet

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// The last column of a file of failed rows. An importer leaves it out.
const (
	ReasonZh = "失败原因"
	ReasonEn = "Failure reason"
)

// IsReason says whether a header names the reason column of a file of failed
// rows, in any language.
func IsReason(header string) bool {
	h := MatchHeader(header)
	return h == MatchHeader(ReasonZh) || h == MatchHeader(ReasonEn)
}

// MatchHeader folds a header so that two spellings of one name are equal:
// case, full-width forms, blanks and underscores do not count.
func MatchHeader(h string) string {
	h = strings.ToLower(norm.NFKC.String(h))
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, h)
}

// ColumnName is Excel's name of a 1-based column: 1 = A, 28 = AB.
func ColumnName(n int) string {
	var b [8]byte
	i := len(b)
	for ; n > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}

// headerNames trims the names, names the nameless by their column and makes
// each name unique. Nameless columns at the right end are dropped.
func headerNames(row []Cell) []string {
	n := len(row)
	for n > 0 && isBlank(row[n-1].Text) {
		n--
	}
	names := make([]string, n)
	taken := make(map[string]bool, n)
	for i := range names {
		names[i] = strings.TrimSpace(strings.Trim(row[i].Text, "\ufeff"))
		taken[names[i]] = true
	}
	seen := make(map[string]bool, n)
	for i, name := range names {
		if name == "" {
			name = "[" + ColumnName(i+1) + "]"
		}
		free := name
		for k := 2; seen[free] || free != names[i] && taken[free]; k++ {
			free = fmt.Sprintf("%s (%d)", name, k)
		}
		seen[free], taken[free] = true, true
		names[i] = free
	}
	return names
}

func isBlank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) && r != '\ufeff' {
			return false
		}
	}
	return true
}

func blankRow(row []Cell) bool {
	for i := range row {
		if row[i].Text != "" && !isBlank(row[i].Text) {
			return false
		}
	}
	return true
}

// source gives the rows of one format as they are, of any width.
type source interface {
	next() (row []Cell, line int, err error)
	Total() int64
	Done() int64
	Merged() []Range
	Close() error
}

// table is the Reader over a source: it finds the header and gives every row
// its width.
type table struct {
	source
	width, line, headerRow int
	above                  int64     // rows with content down to the header
	held                   []heldRow // the rows that were read to tell the header
}

type heldRow struct {
	row  []Cell
	line int
}

// Titles above the header (客户资料表, 制表：王芳) are up to four rows of one
// cell, or of two over a row of many.
const (
	underTitle  = 3
	underTitles = 5
	mostTitles  = 4
)

// isTitle says whether a row of so many cells is a title of a table whose header has so many.
func isTitle(cells, header int) bool {
	return cells == 1 && header >= underTitle || cells == 2 && header >= underTitles
}

func filled(row []Cell) (n int) {
	for i := range row {
		if !isBlank(row[i].Text) {
			n++
		}
	}
	return n
}

// newTable reads the header. at is Options.HeaderRow; with 0 it is the first
// row with content that is no title.
func newTable(s source, at int) (*table, []string, error) {
	above := int64(0)
	t := &table{source: s}
	for {
		row, line, err := t.pull()
		if errors.Is(err, io.EOF) {
			if at > 1 {
				return nil, nil, invalid("error.sheet_header_row", "row", strconv.Itoa(at))
			}
			return nil, nil, invalid("error.sheet_empty")
		}
		if err != nil {
			return nil, nil, err
		}
		if blankRow(row) {
			continue
		}
		if above++; line < at {
			continue
		}
		if n := filled(row); at == 0 && isTitle(n, underTitles) {
			row = append([]Cell(nil), row...) // the next row may take its place
			under, err := t.titled(n)
			if err != nil {
				return nil, nil, err
			}
			if under > 0 {
				above += int64(under - 1)
				t.held = t.held[under-1:]
				continue
			}
		}
		names, below, err := t.head(row, line)
		if err != nil {
			return nil, nil, err
		}
		t.width, t.line, t.headerRow, t.above = len(names), line, line, above+below
		return t, names, nil
	}
}

// titled reads on to tell whether a row of so many cells is a title: how many
// rows below it the header stands, 0 when it is the header itself.
func (t *table) titled(cells int) (under int, err error) {
	for under = 1; under <= mostTitles; under++ {
		if err := t.hold(under); err != nil || len(t.held) < under {
			return 0, err
		}
		n := filled(t.held[under-1].row)
		if isTitle(cells, n) {
			return under, nil
		}
		if !isTitle(n, underTitles) {
			return 0, nil
		}
		cells = max(cells, n)
	}
	return 0, nil
}

// hold keeps the next rows with content for later, so many or as many as there are.
func (t *table) hold(many int) error {
	for len(t.held) < many {
		row, line, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !blankRow(row) {
			t.held = append(t.held, heldRow{append([]Cell(nil), row...), line})
		}
	}
	return nil
}

// pull gives the row that is held, or else the next one.
func (t *table) pull() ([]Cell, int, error) {
	if len(t.held) > 0 {
		first := t.held[0]
		t.held = t.held[1:]
		return first.row, first.line, nil
	}
	return t.next()
}

// Next gives the next row that is not blank.
func (t *table) Next() ([]Cell, error) {
	for {
		row, line, err := t.pull()
		if err != nil {
			return nil, err
		}
		if blankRow(row) {
			continue
		}
		t.line = line
		for i := t.width; i < len(row); i++ {
			if !isBlank(row[i].Text) {
				return nil, &RowError{Line: line, Cells: append([]Cell(nil), row...), Err: t.tooWide(row)}
			}
		}
		for len(row) < t.width {
			row = append(row, Cell{})
		}
		return row[:t.width], nil
	}
}

// tooWide is the error of a row with content right of the header.
func (t *table) tooWide(row []Cell) *errs.Error {
	n := len(row)
	for isBlank(row[n-1].Text) {
		n--
	}
	return invalid("error.sheet_row_wide", "cells", strconv.Itoa(n), "columns", strconv.Itoa(t.width),
		"column", ColumnName(n), "header", strconv.Itoa(t.headerRow))
}

// Line is where the row just given begins.
func (t *table) Line() int { return t.line }
