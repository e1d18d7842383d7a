package backup

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Rows are kept the same for every database: groups of a count and its rows,
// a count of 0 at the end; a value is its kind (1) and
//
//	null   nothing
//	int    zigzag varint
//	text, bytes   length, bytes
//	list   count, values
const (
	batchRows  = 1024
	batchBytes = 1 << 20
	maxText    = 1 << 30 // what both databases can hold
	maxDepth   = 4
)

// RowEncoder writes the rows of one table.
type RowEncoder struct {
	w    io.Writer
	cols []Column
	buf  []byte
}

// NewRowEncoder begins the rows of a table.
func NewRowEncoder(w io.Writer, cols []Column) *RowEncoder { return &RowEncoder{w: w, cols: cols} }

// Encode writes rows, row-major. A value of another kind than its column's
// (and not null) is an error: the rows could not be put back.
func (e *RowEncoder) Encode(rows []record.Value) error {
	if len(rows)%len(e.cols) != 0 {
		return errors.New("backup: not whole rows")
	}
	if len(rows) == 0 {
		return nil
	}
	e.buf = binary.AppendUvarint(e.buf[:0], uint64(len(rows)/len(e.cols)))
	for i, v := range rows {
		c := e.cols[i%len(e.cols)]
		if !fits(v.Kind(), c.Kind) {
			return fmt.Errorf("backup: %s holds a %s and should hold a %s", c.Name, kindName(v.Kind()), kindName(c.Kind))
		}
		var err error
		if e.buf, err = appendValue(e.buf, v, 0); err != nil {
			return fmt.Errorf("backup: %s: %w", c.Name, err)
		}
		if len(e.buf) >= chunkSize {
			if err := e.flush(); err != nil {
				return err
			}
		}
	}
	return e.flush()
}

// Close writes the end mark; it does not close the writer below.
func (e *RowEncoder) Close() error {
	e.buf = append(e.buf[:0], 0)
	return e.flush()
}

func (e *RowEncoder) flush() error {
	_, err := e.w.Write(e.buf)
	e.buf = e.buf[:0]
	return err
}

func fits(value, column record.Kind) bool {
	return value == column || value == record.KindNull || column == record.KindNull
}

func appendValue(b []byte, v record.Value, depth int) ([]byte, error) {
	b = append(b, byte(v.Kind()))
	switch v.Kind() {
	case record.KindInt:
		b = binary.AppendVarint(b, v.Int())
	case record.KindText, record.KindBytes:
		if len(v.Str()) > maxText {
			return nil, errors.New("longer than 1 GiB")
		}
		b = binary.AppendUvarint(b, uint64(len(v.Str())))
		b = append(b, v.Str()...)
	case record.KindList:
		if depth == maxDepth {
			return nil, errors.New("lists too deep")
		}
		b = binary.AppendUvarint(b, uint64(len(v.List())))
		for _, item := range v.List() {
			var err error
			if b, err = appendValue(b, item, depth+1); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// RowDecoder reads what RowEncoder wrote.
type RowDecoder struct {
	r     *bufio.Reader
	cols  []Column
	left  uint64 // rows of the group at hand
	done  bool
	vals  []record.Value
	arena []byte // texts of one batch, made a string once
	spans []span
}

type span struct {
	at, from, to int
	kind         record.Kind
}

// NewRowDecoder reads rows of these columns.
func NewRowDecoder(r io.Reader, cols []Column) *RowDecoder {
	return &RowDecoder{r: bufio.NewReaderSize(r, chunkSize), cols: cols}
}

// Next gives the next rows, row-major, at most 1,024 or about 1 MiB; they are
// valid until the next call. io.EOF after the last; anything that cannot have
// been written is secrets.ErrDamaged.
func (d *RowDecoder) Next() ([]record.Value, error) {
	d.vals, d.arena, d.spans = d.vals[:0], d.arena[:0], d.spans[:0]
	for rows := 0; rows < batchRows && len(d.arena) < batchBytes; rows++ {
		more, err := d.more()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		for _, c := range d.cols {
			if err := d.column(c); err != nil {
				return nil, err
			}
		}
		d.left--
	}
	if len(d.vals) == 0 {
		return nil, io.EOF
	}
	texts := string(d.arena)
	for _, s := range d.spans {
		d.vals[s.at] = textValue(s.kind, texts[s.from:s.to])
	}
	return d.vals, nil
}

// more says whether another row follows.
func (d *RowDecoder) more() (bool, error) {
	if d.left > 0 {
		return true, nil
	}
	if d.done {
		return false, nil
	}
	n, err := d.uvarint()
	if err != nil {
		return false, err
	}
	if n > 0 {
		d.left = n
		return true, nil
	}
	d.done = true
	if _, err := d.r.ReadByte(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = broken("bytes after the last row")
		}
		return false, err
	}
	return false, nil
}

func (d *RowDecoder) column(c Column) error {
	b, err := d.r.ReadByte()
	if err != nil {
		return cutOff(err)
	}
	kind := record.Kind(b)
	if !fits(kind, c.Kind) {
		return broken("%s holds kind %d", c.Name, b)
	}
	if kind != record.KindText && kind != record.KindBytes {
		v, err := d.value(kind, 0)
		d.vals = append(d.vals, v)
		return err
	}
	from := len(d.arena)
	if d.arena, err = d.text(d.arena); err != nil {
		return err
	}
	d.spans = append(d.spans, span{len(d.vals), from, len(d.arena), kind})
	d.vals = append(d.vals, record.Null)
	return nil
}

// value reads what follows a kind.
func (d *RowDecoder) value(kind record.Kind, depth int) (record.Value, error) {
	switch kind {
	case record.KindNull:
		return record.Null, nil
	case record.KindInt:
		n, err := binary.ReadVarint(d.r)
		if err != nil {
			return record.Null, cutOff(err)
		}
		return record.Int(n), nil
	case record.KindText, record.KindBytes:
		b, err := d.text(nil)
		return textValue(kind, string(b)), err
	case record.KindList:
		return d.list(depth)
	}
	return record.Null, broken("kind %d", kind)
}

func (d *RowDecoder) list(depth int) (record.Value, error) {
	n, err := d.uvarint()
	if err != nil {
		return record.Null, err
	}
	if depth == maxDepth {
		return record.Null, broken("lists too deep")
	}
	items := make([]record.Value, 0, min(n, batchRows))
	for range n {
		b, err := d.r.ReadByte()
		if err != nil {
			return record.Null, cutOff(err)
		}
		v, err := d.value(record.Kind(b), depth+1)
		if err != nil {
			return record.Null, err
		}
		items = append(items, v)
	}
	return record.List(items), nil
}

// text appends a length-prefixed text; memory grows with what is really there.
func (d *RowDecoder) text(b []byte) ([]byte, error) {
	n, err := d.uvarint()
	if err != nil {
		return b, err
	}
	if n > maxText {
		return b, broken("text of %d bytes", n)
	}
	for n > 0 {
		step := int(min(n, batchBytes))
		at := len(b)
		b = append(b, make([]byte, step)...)
		if _, err := io.ReadFull(d.r, b[at:]); err != nil {
			return b, cutOff(err)
		}
		n -= uint64(step)
	}
	return b, nil
}

func (d *RowDecoder) uvarint() (uint64, error) {
	n, err := binary.ReadUvarint(d.r)
	return n, cutOff(err)
}

func textValue(kind record.Kind, s string) record.Value {
	if kind == record.KindBytes {
		return record.Bytes([]byte(s))
	}
	return record.RawText(s)
}

// cutOff: inside an entry, an end is damage, and so is a number too long.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return broken("cut off")
	}
	return damage(err)
}
