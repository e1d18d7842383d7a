package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// csvSource reads records of RFC 4180 and of what people make of it: any line
// end, doubled quotes, line breaks and blanks inside quotes kept exactly, a
// quote in the middle of a field taken as it stands.
type csvSource struct {
	in       io.Reader // UTF-8
	raw      *counted
	total    int64
	encoding string
	comma    byte
	limit    int // bytes of a row

	buf      []byte
	pos, end int
	lf       int   // where the next \n is in buf[:end]; valid while ≥ pos
	noLF     int   // buf[pos:noLF] is known to have none
	stop     error // what in said last
	line     int   // of the record at pos

	odd  bool   // the record has quotes in the middle of a field, or text behind them
	text []byte // a record without its quotes
	ends []int  // of its fields in text
	row  []Cell
}

const csvBuffer = 256 << 10

func newCSVSource(in io.Reader, comma byte, limit int) *csvSource {
	return &csvSource{in: in, comma: comma, limit: limit, buf: make([]byte, csvBuffer), lf: -1, line: 1}
}

func openCSV(r io.ReaderAt, size int64, opt Options) (Reader, Info, error) {
	info := Info{Format: CSV, Comma: opt.Comma}
	var err error
	if info.Encoding, err = canonicalEncoding(opt.Encoding); err != nil {
		return nil, Info{}, err
	}
	head := make([]byte, min(size, 4))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, Info{}, readError(err)
	}
	mark, skip := bomOf(head)
	switch {
	case mark != "" && (info.Encoding == "" || info.Encoding == mark || mark == UTF8):
		info.Encoding = mark
	case info.Encoding == "":
		skip = 0
		if info.Encoding, err = detectEncoding(r, size); err != nil {
			return nil, Info{}, err
		}
		if info.Encoding == Big5 || info.Encoding == Windows1252 {
			info.Notes = append(info.Notes, note("note.sheet_encoding_guessed", "encoding", info.Encoding))
		}
	default:
		skip = 0
	}
	body := func() io.Reader { return io.NewSectionReader(r, int64(skip), size-int64(skip)) }
	sample := readSample(decode(body(), info.Encoding))
	told, sepLine := sepDirective(sample)
	if sepLine && info.Comma == 0 {
		info.Comma = told
	}
	if info.Comma == 0 {
		info.Comma = voteComma(sample, opt.HeaderRow, opt.Limits.Row)
	}
	s := newCSVSource(nil, info.Comma, opt.Limits.Row)
	s.raw = &counted{r: body()}
	s.in = decode(s.raw, info.Encoding)
	s.total, s.encoding = size-int64(skip), info.Encoding
	if sepLine {
		if _, _, err := s.next(); err != nil {
			return nil, Info{}, err
		}
	}
	t, header, err := newTable(s, opt.HeaderRow)
	if err != nil {
		return nil, Info{}, err
	}
	info.Header, info.HeaderRow = header, t.headerRow
	info.Rows = estimateRows(sample, s.total, info)
	return t, info, nil
}

// readSample is the decoded beginning of a file. What is wrong in it shows
// again, with its line, when it is read in earnest.
func readSample(r io.Reader) []byte {
	b := make([]byte, 128<<10)
	n, err := io.ReadFull(r, b)
	if err == nil {
		n = wholeRunes(b[:n])
	}
	return b[:n]
}

// sepDirective understands the line sep=; with which Excel is told the
// separator.
func sepDirective(sample []byte) (comma byte, ok bool) {
	if len(sample) < 6 || !bytes.EqualFold(sample[:4], []byte("sep=")) || sample[5] != '\n' && sample[5] != '\r' {
		return 0, false
	}
	return sample[4], true
}

// voteComma finds the separator: the one that gives most of the first rows the
// header's number of fields, then the one that makes more of them. Rows in which
// quotes do not stand at the ends of fields speak against a separator.
func voteComma(sample []byte, headerRow, limit int) byte {
	best, bestShare, bestWidth := byte(','), 0, 1
	for _, comma := range []byte{',', '\t', ';', '|'} {
		width, rows, same := 0, 0, 0
		s := newCSVSource(bytes.NewReader(sample), comma, limit)
		for rows < 200 {
			row, line, err := s.next()
			if err != nil {
				break
			}
			if line < headerRow || blankRow(row) {
				continue
			}
			if s.pos == s.end && rows > 0 && len(sample) > 64<<10 {
				break // the sample ends inside the last row
			}
			rows++
			if width == 0 {
				width = len(row)
			}
			if len(row) == width && !s.odd {
				same++
			}
		}
		if width < 2 {
			continue
		}
		share := same * 100 / rows
		if share > bestShare+5 || share >= bestShare-5 && width > bestWidth {
			best, bestShare, bestWidth = comma, share, width
		}
	}
	return best
}

// estimateRows scales the rows of the sample to the whole file.
func estimateRows(sample []byte, total int64, info Info) int64 {
	s := newCSVSource(bytes.NewReader(sample), info.Comma, len(sample)+1)
	rows := int64(0)
	for {
		row, line, err := s.next()
		if err != nil {
			break
		}
		if line > info.HeaderRow && !blankRow(row) {
			rows++
		}
	}
	if len(sample) < 100<<10 || rows == 0 {
		return rows
	}
	// GB18030 and UTF-16 need about two bytes where UTF-8 needs three for Chinese.
	used := int64(len(sample))
	switch info.Encoding {
	case UTF16LE, UTF16BE:
		used = 2 * int64(len(bytes.Runes(sample)))
	case GB18030, Big5:
		runes := int64(len(bytes.Runes(sample)))
		used = runes + (used-runes)/2
	}
	return max(rows, total*rows/used)
}

func (s *csvSource) Total() int64    { return s.total }
func (s *csvSource) Done() int64     { return s.raw.n.Load() }
func (s *csvSource) Merged() []Range { return nil }
func (s *csvSource) Close() error    { return nil }

// fill reads more behind what is there. It reports false at the end of input;
// then s.stop says whether that is regular.
func (s *csvSource) fill() (bool, error) {
	if s.over() {
		return false, nil
	}
	if s.pos > 0 {
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.lf -= s.pos
		s.noLF -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if s.end > s.limit {
			return false, invalid("error.sheet_row_long", "line", strconv.Itoa(s.line), "limit", megabytes(int64(s.limit)))
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for s.end < len(s.buf) && s.stop == nil {
		var n int
		n, s.stop = s.in.Read(s.buf[s.end:])
		s.end += n
	}
	return true, nil
}

// over says whether all input is in the buffer, or as much as can be had.
func (s *csvSource) over() bool { return s.stop != nil }

// more is fill for a record that is not complete; at the end of broken input
// it is the error with the line where it broke.
func (s *csvSource) more() (bool, error) {
	ok, err := s.fill()
	if ok || err != nil {
		return ok, err
	}
	if !errors.Is(s.stop, io.EOF) {
		return false, decodeError(s.stop, s.encoding, s.line+countLines(s.buf[s.pos:s.end]))
	}
	return false, nil
}

// next gives the next record; its cells are valid until the next call.
func (s *csvSource) next() ([]Cell, int, error) {
	for {
		size, brk, found := s.plainLine()
		if !found {
			ok, err := s.more()
			if err != nil {
				return nil, 0, err
			}
			if ok {
				continue
			}
			if s.pos == s.end {
				return nil, 0, io.EOF
			}
			size, brk = s.end-s.pos, 0
		}
		line := s.line
		data := s.buf[s.pos : s.pos+size]
		if bytes.IndexByte(data, '"') >= 0 {
			return s.quotedRecord()
		}
		s.pos += size + brk
		s.line++
		if len(data) >= maxColumns && bytes.Count(data, []byte{s.comma}) >= maxColumns {
			return nil, 0, tooManyColumns(line)
		}
		s.odd = false
		return s.split(string(data)), line, nil
	}
}

// plainLine finds the end of the line at pos: its bytes and those of its line
// break. It is not found when the break may lie beyond the buffer.
func (s *csvSource) plainLine() (size, brk int, found bool) {
	if s.lf < s.pos {
		from := max(s.pos, s.noLF)
		s.noLF = s.end
		if i := bytes.IndexByte(s.buf[from:s.end], '\n'); i >= 0 {
			s.lf, s.noLF = from+i, from+i
		}
	}
	stop, lf := s.end, s.lf >= s.pos
	if lf {
		stop = s.lf
	}
	cr := bytes.IndexByte(s.buf[s.pos:stop], '\r')
	switch {
	case cr < 0 && !lf:
		return 0, 0, false
	case cr < 0:
		return stop - s.pos, 1, true
	case s.pos+cr+1 < stop:
		return cr, 1, true
	case lf:
		return cr, 2, true
	case s.stop != nil:
		return cr, 1, true
	}
	return 0, 0, false // a \r at the end of the buffer: \n may follow
}

// split cuts a line without quotes at the separators; all cells share it.
func (s *csvSource) split(line string) []Cell {
	row := s.row[:0]
	start := 0
	for i := 0; i < len(line); i++ {
		if line[i] == s.comma {
			row = append(row, csvCell(line[start:i]))
			start = i + 1
		}
	}
	row = append(row, csvCell(line[start:]))
	s.row = row
	return row
}

func csvCell(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{Text: unguard(text), Kind: Text}
}

// quotedRecord reads a record that has quotes and may pass the line.
func (s *csvSource) quotedRecord() ([]Cell, int, error) {
	for {
		size, lines, state := s.parse(s.buf[s.pos:s.end], errors.Is(s.stop, io.EOF))
		line := s.line
		switch state {
		case parsed:
			s.pos += size
			s.line += lines
			if len(s.ends) > maxColumns {
				return nil, 0, tooManyColumns(line)
			}
			return s.cut(), line, nil
		case openQuote:
			return nil, 0, invalid("error.csv_open_quote", "line", strconv.Itoa(line+lines))
		}
		if _, err := s.more(); err != nil {
			return nil, 0, err
		}
	}
}

type parseState uint8

const (
	parsed parseState = iota
	needMore
	openQuote // the input ends inside quotes
)

// parse takes one record from data into text and ends. size and lines are what
// it took; for openQuote, lines are those before the quote.
func (s *csvSource) parse(data []byte, last bool) (size, lines int, state parseState) {
	s.text, s.ends, s.odd = s.text[:0], s.ends[:0], false
	i := 0
	for {
		quoted := i < len(data) && data[i] == '"'
		if quoted {
			n, in, ok := s.quoted(data[i+1:], last)
			if !ok {
				if last {
					return 0, lines, openQuote
				}
				return 0, 0, needMore
			}
			i += 1 + n
			lines += in
		}
		j := i
		for j < len(data) && data[j] != s.comma && data[j] != '\n' && data[j] != '\r' {
			j++
		}
		s.odd = s.odd || quoted && j > i || bytes.IndexByte(data[i:j], '"') >= 0
		s.text = append(s.text, data[i:j]...)
		if j == len(data) && !last {
			return 0, 0, needMore
		}
		s.ends = append(s.ends, len(s.text))
		switch {
		case j == len(data):
			return j, lines + 1, parsed
		case data[j] == s.comma:
			i = j + 1
			continue
		case data[j] == '\n':
			return j + 1, lines + 1, parsed
		case j+1 == len(data) && !last:
			return 0, 0, needMore
		case j+1 < len(data) && data[j+1] == '\n':
			return j + 2, lines + 1, parsed
		}
		return j + 1, lines + 1, parsed
	}
}

// quoted appends what stands between quotes; data begins behind the first one
// and n ends behind the last.
func (s *csvSource) quoted(data []byte, last bool) (n, lines int, ok bool) {
	for {
		j := bytes.IndexByte(data[n:], '"')
		if j < 0 {
			return 0, 0, false
		}
		part := data[n : n+j]
		s.text = append(s.text, part...)
		lines += countLines(part)
		n += j + 1
		if n == len(data) {
			return n, lines, last
		}
		if data[n] != '"' {
			return n, lines, true
		}
		s.text = append(s.text, '"')
		n++
	}
}

// cut makes the cells of text and ends; all share one string.
func (s *csvSource) cut() []Cell {
	all := string(s.text)
	row, start := s.row[:0], 0
	for _, end := range s.ends {
		row = append(row, csvCell(all[start:end]))
		start = end
	}
	s.row = row
	return row
}

func tooManyColumns(line int) error {
	return invalid("error.sheet_columns", "line", strconv.Itoa(line), "limit", strconv.Itoa(maxColumns))
}

// countLines counts the line breaks of any kind.
func countLines(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return n
		}
		if i+1 == len(b) || b[i+1] != '\n' {
			n++
		}
		b = b[i+1:]
	}
}

func megabytes(n int64) string { return strconv.FormatInt((n+1<<20-1)>>20, 10) + " MB" }
