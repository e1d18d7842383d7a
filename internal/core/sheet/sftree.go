package sheet

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// treeReference is the column of a record's reference id in a Salesforce tree;
// it is the last one.
const treeReference = "referenceId"

// treeSource gives the records of a Salesforce tree as rows. The file is held
// in memory: the tool that writes such files cuts them at 200 records.
type treeSource struct {
	columns []string
	index   map[string]int
	rows    []treeRow
	nested  []string // fields that hold records of their own
	size    int64
	at      atomic.Int64
}

type treeRow struct {
	cells     []Cell
	reference string
	line      int
}

func openTree(r io.ReaderAt, size int64) (Reader, Info, error) {
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), data); err != nil {
		return nil, Info{}, readError(err)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		good, _ := (&utf8Check{}).good(data)
		return nil, Info{}, decodeError(bytesError{}, UTF8, countLines(data[:good])+1)
	}
	s := &treeSource{index: map[string]int{}, size: size}
	if err := s.read(data); err != nil {
		return nil, Info{}, err
	}
	if len(s.rows) == 0 {
		return nil, Info{}, invalid("error.sheet_empty")
	}
	info := Info{Format: SFTree, Encoding: UTF8, HeaderRow: 1, Rows: int64(len(s.rows))}
	for _, name := range s.nested {
		info.Notes = append(info.Notes, note("note.sheet_tree_nested", "field", name))
	}
	names := make([]Cell, 0, len(s.columns)+1)
	for _, name := range append(s.columns, treeReference) {
		names = append(names, T(name))
	}
	info.Header = headerNames(names)
	return &table{source: s, width: len(names), headerRow: 1}, info, nil
}

// treeFile is {"records":[…]}, each record kept as text until its turn.
type treeFile struct {
	Records []json.RawMessage `json:"records"`
}

// attributes are what a record says of itself.
type attributes struct {
	Reference string `json:"referenceId"`
}

func (s *treeSource) read(data []byte) error {
	var f treeFile
	if err := json.Unmarshal(data, &f); err != nil || f.Records == nil {
		return invalid("error.sheet_json").With(err)
	}
	lines := recordLines(data)
	for i, raw := range f.Records {
		row := treeRow{line: 1}
		if i < len(lines) {
			row.line = lines[i]
		}
		if err := s.record(raw, &row); err != nil {
			return invalid("error.sheet_json").With(err)
		}
		s.rows = append(s.rows, row)
		if len(s.columns) > maxColumns {
			return tooManyColumns(row.line)
		}
	}
	return nil
}

// recordLines finds the line of each record in the array "records".
func recordLines(data []byte) []int {
	d := json.NewDecoder(bytes.NewReader(data))
	var lines []int
	last, line := int64(0), 1
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return lines
		}
		if key != "records" {
			var skip json.RawMessage
			if d.Decode(&skip) != nil {
				return lines
			}
			continue
		}
		if _, err := d.Token(); err != nil {
			return lines
		}
		for d.More() {
			off := d.InputOffset()
			off += int64(len(data[off:]) - len(bytes.TrimLeft(data[off:], ", \t\r\n")))
			line += countLines(data[last:off])
			last = off
			lines = append(lines, line)
			var skip json.RawMessage
			if d.Decode(&skip) != nil {
				return lines
			}
		}
		return lines
	}
	return lines
}

// record reads the fields of a record in their order.
func (s *treeSource) record(raw []byte, row *treeRow) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return invalid("error.sheet_json")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return err
		}
		if name == "attributes" {
			var a attributes
			if err := json.Unmarshal(v, &a); err != nil {
				return err
			}
			row.reference = a.Reference
			continue
		}
		c, nested, err := treeCell(v)
		if err != nil {
			return err
		}
		if nested {
			s.leaveOut(name)
			continue
		}
		at := s.column(name)
		for len(row.cells) <= at {
			row.cells = append(row.cells, Cell{})
		}
		row.cells[at] = c
	}
	return nil
}

func (s *treeSource) column(name string) int {
	i, ok := s.index[name]
	if !ok {
		i = len(s.columns)
		s.index[name] = i
		s.columns = append(s.columns, name)
	}
	return i
}

func (s *treeSource) leaveOut(name string) {
	for _, n := range s.nested {
		if n == name {
			return
		}
	}
	s.nested = append(s.nested, name)
}

// treeCell makes a cell of a JSON value; nested says that it is an object or
// an array, which a table cannot hold.
func treeCell(v []byte) (c Cell, nested bool, err error) {
	v = bytes.TrimSpace(v)
	switch v[0] {
	case '"':
		var text string
		err := json.Unmarshal(v, &text)
		return T(text), false, err
	case '{', '[':
		return Cell{}, true, nil
	case 't', 'f':
		return Cell{Text: strings.ToUpper(string(v)), Kind: Bool}, false, nil
	case 'n':
		return Cell{}, false, nil
	}
	b, ok := appendNumber(nil, string(v))
	if !ok {
		return T(string(v)), false, nil
	}
	return N(string(b)), false, nil
}

func (s *treeSource) next() ([]Cell, int, error) {
	at := int(s.at.Load())
	if at == len(s.rows) {
		return nil, 0, io.EOF
	}
	s.at.Add(1)
	r := s.rows[at]
	row := make([]Cell, len(s.columns)+1)
	copy(row, r.cells)
	row[len(s.columns)] = T(r.reference)
	return row, r.line, nil
}

func (s *treeSource) Total() int64    { return s.size }
func (s *treeSource) Done() int64     { return s.size * s.at.Load() / int64(len(s.rows)) }
func (s *treeSource) Merged() []Range { return nil }
func (s *treeSource) Close() error    { return nil }
