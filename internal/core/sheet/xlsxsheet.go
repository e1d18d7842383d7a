package sheet

import (
	"bytes"
	"errors"
	"io"
	"sort"
	"strconv"
	"strings"
)

// sheetSource streams the rows of one sheet.
type sheetSource struct {
	book  *workbook
	x     *xmlScanner
	raw   *counted
	close io.Closer
	total int64

	line, col int
	dimension int // last row by the sheet's own word
	merged    []Range
	surveyed  bool // merged is complete already
	fill      *mergeFill

	row     []Cell
	text    []byte // of the row's cells that are not shared strings
	spans   []span
	value   []byte
	formula []byte
}

// span is where the text of a cell lies.
type span struct{ cell, start, end int }

func (s *sheetSource) open(part string) error {
	var err error
	s.total = int64(s.book.parts[part].UncompressedSize64)
	if s.x, s.raw, s.close, err = s.book.part(part); err != nil {
		return err
	}
	for {
		kind, err := s.x.next()
		switch {
		case errors.Is(err, io.EOF):
			err = damaged("worksheet")
		case err == nil && kind == xmlText:
			continue
		case err == nil && string(s.x.name) != "worksheet":
			err = damaged("worksheet")
		}
		if err != nil {
			_ = s.close.Close()
			return err
		}
		return nil
	}
}

func (s *sheetSource) Total() int64    { return s.total }
func (s *sheetSource) Done() int64     { return s.raw.n.Load() }
func (s *sheetSource) Merged() []Range { return s.merged }
func (s *sheetSource) Close() error    { return s.close.Close() }

// next gives the next row. The sheet is read to its end, so that the checksum
// of the archive is compared and the merged ranges are known.
func (s *sheetSource) next() ([]Cell, int, error) {
	for {
		kind, err := s.x.next()
		if err != nil {
			return nil, 0, err
		}
		if kind != xmlStart {
			continue
		}
		switch depth := len(s.x.open); {
		case depth == 3 && string(s.x.name) == "row":
			if err := s.readRow(); err != nil {
				return nil, 0, err
			}
			if s.fill != nil && !blankRow(s.row) {
				if s.row, err = s.fill.apply(s.row, s.line); err != nil {
					return nil, 0, err
				}
			}
			return s.row, s.line, nil
		case depth == 2 && string(s.x.name) == "dimension":
			if r, ok := parseRange(s.x.attrText("ref")); ok {
				s.dimension = r.Row2
			}
		case depth == 3 && string(s.x.name) == "mergeCell":
			r, ok := parseRange(s.x.attrText("ref"))
			if !ok || len(s.merged) >= maxRows {
				return nil, 0, damaged("mergeCell")
			}
			if !s.surveyed {
				s.merged = append(s.merged, r)
			}
		}
	}
}

func (s *sheetSource) readRow() error {
	s.line++
	if v, ok := s.x.attr("r"); ok {
		n, err := strconv.Atoi(string(v))
		if err != nil || n < s.line || n > maxRows {
			return damaged("row " + string(v))
		}
		s.line = n
	}
	s.row, s.text, s.spans, s.col = s.row[:0], s.text[:0], s.spans[:0], 0
	depth := len(s.x.open)
	for {
		kind, err := s.x.next()
		if err != nil {
			return err
		}
		if kind == xmlEnd && len(s.x.open) < depth {
			break
		}
		if kind == xmlStart && len(s.x.open) == depth+1 && string(s.x.name) == "c" {
			if err := s.readCell(); err != nil {
				return err
			}
		}
	}
	all := string(s.text)
	for _, p := range s.spans {
		s.row[p.cell].Text = all[p.start:p.end]
	}
	return nil
}

func (s *sheetSource) readCell() error {
	s.col++
	if ref, ok := s.x.attr("r"); ok {
		col, _, ok := parseRef(ref)
		if !ok {
			return damaged("cell " + string(ref))
		}
		s.col = col
	}
	if s.col > maxColumns {
		return damaged("cell")
	}
	style := 0
	if v, ok := s.x.attr("s"); ok {
		style = atoi(v)
	}
	t, _ := s.x.attr("t")
	kind := cellType(t)
	hasValue, err := s.readContent()
	if err != nil {
		return err
	}
	for len(s.row) < s.col {
		s.row = append(s.row, Cell{})
	}
	if !hasValue && len(s.formula) == 0 {
		return nil
	}
	if !hasValue {
		s.put(append(append(s.text, '='), s.formula...), Cell{Kind: Error})
		return nil
	}
	return s.convert(kind, style)
}

// cellType keeps the type of a cell while the scanner moves on: n, s, b, e, d,
// i for texts in place, t for texts of formulas.
func cellType(t []byte) byte {
	switch string(t) {
	case "", "n":
		return 'n'
	case "str":
		return 't'
	}
	return t[0]
}

// readContent reads v or is into value and f into formula.
func (s *sheetSource) readContent() (hasValue bool, err error) {
	s.value, s.formula = s.value[:0], s.formula[:0]
	depth := len(s.x.open)
	var into *[]byte
	for {
		kind, err := s.x.next()
		if err != nil {
			return false, err
		}
		switch kind {
		case xmlStart:
			switch string(s.x.name) {
			case "v":
				into, hasValue = &s.value, true
			case "f":
				into = &s.formula
			case "is":
				hasValue = true
				if s.value, err = appendRich(s.value, s.x); err != nil {
					return false, err
				}
			}
		case xmlText:
			if into != nil {
				if *into, err = s.x.appendText(*into); err != nil {
					return false, err
				}
			}
		case xmlEnd:
			if len(s.x.open) < depth {
				return hasValue, nil
			}
			into = nil
		}
	}
}

// put makes the text appended to s.text the text of the current cell.
func (s *sheetSource) put(text []byte, c Cell) {
	start := len(s.text)
	s.text = text
	if len(text) == start {
		return
	}
	s.row[s.col-1] = c
	s.spans = append(s.spans, span{s.col - 1, start, len(text)})
}

func (s *sheetSource) convert(kind byte, style int) error {
	switch kind {
	case 's':
		if len(s.value) == 0 {
			return nil
		}
		text, ok := s.book.strings.get(atoi(bytes.TrimSpace(s.value)))
		if !ok {
			return damaged("sharedStrings")
		}
		s.row[s.col-1] = T(text)
	case 'i':
		s.put(append(s.text, s.value...), Cell{Kind: Text})
	case 't':
		start := len(s.text)
		s.put(unescape(append(s.text, s.value...), start), Cell{Kind: Text})
	case 'b':
		text := "FALSE"
		if v := string(bytes.TrimSpace(s.value)); v == "1" || v == "true" {
			text = "TRUE"
		}
		s.put(append(s.text, text...), Cell{Kind: Bool})
	case 'e':
		s.put(append(s.text, s.value...), Cell{Kind: Error})
	case 'd':
		if text, c, ok := isoDate(string(bytes.TrimSpace(s.value))); ok {
			s.put(append(s.text, text...), c)
			return nil
		}
		s.put(append(s.text, s.value...), Cell{Kind: Text})
	default:
		s.number(style)
	}
	return nil
}

func (s *sheetSource) number(style int) {
	v := string(bytes.TrimSpace(s.value))
	if v == "" {
		return
	}
	if style >= 0 && style < len(s.book.formats) && s.book.formats[style].kind != fmtNumber {
		if serial, err := strconv.ParseFloat(v, 64); err == nil {
			if text, c, ok := dateCell(s.text, serial, s.book.formats[style], s.book.date1904); ok {
				s.put(text, c)
				return
			}
		}
	}
	if text, ok := appendNumber(s.text, v); ok {
		s.put(text, Cell{Kind: Number})
		return
	}
	s.put(append(s.text, v...), Cell{Kind: Text})
}

// atoi reads a small number, -1 for anything else.
func atoi(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' || n > 1<<40 {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	if len(b) == 0 {
		return -1
	}
	return n
}

// parseRef reads A1, the dollar signs of $A$1 passed over.
func parseRef(ref []byte) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref); i++ {
		switch c := ref[i]; {
		case c == '$':
		case c >= 'A' && c <= 'Z':
			col = col*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			col = col*26 + int(c-'a') + 1
		case c >= '1' && c <= '9' && col > 0:
			row = atoi(ref[i:])
			return col, row, row > 0 && col <= maxColumns
		default:
			return 0, 0, false
		}
		if col > maxColumns {
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// parseRange reads A6:B7 or A1.
func parseRange(ref string) (Range, bool) {
	from, to, two := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !two {
		to = from
	}
	c1, r1, ok1 := parseRef([]byte(from))
	c2, r2, ok2 := parseRef([]byte(to))
	r := Range{Row1: min(r1, r2), Col1: min(c1, c2), Row2: max(r1, r2), Col2: max(c1, c2)}
	return r, ok1 && ok2 && r.Row2 <= maxRows
}

// mergeFill copies the first cell of each merged range over the range.
type mergeFill struct {
	todo   []Range // by first row
	active []mergeActive
}

type mergeActive struct {
	Range
	cell Cell
}

func newMergeFill(list []Range) *mergeFill {
	todo := append([]Range(nil), list...)
	sort.SliceStable(todo, func(i, j int) bool { return todo[i].Row1 < todo[j].Row1 })
	return &mergeFill{todo: todo}
}

func (m *mergeFill) apply(row []Cell, line int) ([]Cell, error) {
	for len(m.todo) > 0 && m.todo[0].Row1 <= line {
		a := mergeActive{Range: m.todo[0]}
		if a.Row1 == line && a.Col1 <= len(row) {
			a.cell = row[a.Col1-1]
		}
		m.todo = m.todo[1:]
		if a.cell.Text != "" {
			m.active = append(m.active, a)
		}
	}
	kept, filled := m.active[:0], 0
	for _, a := range m.active {
		if a.Row2 < line {
			continue
		}
		kept = append(kept, a)
		if filled += a.Col2 - a.Col1 + 1; filled > maxColumns {
			return nil, damaged("mergeCell") // ranges overlap
		}
		for len(row) < a.Col2 {
			row = append(row, Cell{})
		}
		for c := a.Col1 - 1; c < a.Col2; c++ {
			if row[c].Text == "" {
				row[c] = a.cell
			}
		}
	}
	m.active = kept
	return row, nil
}
