package history

import (
	"encoding/binary"
	"errors"

	"github.com/guanxicrm/guanxi/internal/model/record"
)

// format is the first byte of stored values; readers know every older one.
const format = 1

var errFormat = errors.New("history: values in an unknown form")

func encode(vals []Value) []byte {
	b := []byte{format}
	for _, v := range vals {
		b = appendText(b, v.Field)
		b = appendValue(b, v.Was)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendValue(b []byte, v record.Value) []byte {
	b = append(b, byte(v.Kind()))
	switch v.Kind() {
	case record.KindInt:
		b = binary.AppendVarint(b, v.Int())
	case record.KindText, record.KindBytes:
		b = appendText(b, v.Str())
	case record.KindRef:
		b = binary.AppendVarint(appendText(b, v.Str()), v.Int())
	case record.KindList:
		b = binary.AppendUvarint(b, uint64(len(v.List())))
		for _, one := range v.List() {
			b = appendValue(b, one)
		}
	case record.KindNull:
	}
	return b
}

func decode(b []byte) ([]Value, error) {
	if len(b) == 0 || b[0] != format {
		return nil, errFormat
	}
	d := decoder{b: b[1:]}
	var out []Value
	for len(d.b) > 0 && !d.bad {
		out = append(out, Value{Field: d.text(), Was: d.value(0)})
	}
	if d.bad {
		return nil, errFormat
	}
	return out, nil
}

type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.bad = true
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) varint() int64 {
	n, size := binary.Varint(d.b)
	if size <= 0 {
		d.bad = true
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) text() string {
	n := d.uvarint()
	if d.bad || n > uint64(len(d.b)) {
		d.bad = true
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) value(depth int) record.Value {
	if len(d.b) == 0 || d.bad || depth > 1 {
		d.bad = true
		return record.Null
	}
	k := record.Kind(d.b[0])
	d.b = d.b[1:]
	switch k {
	case record.KindNull:
		return record.Null
	case record.KindInt:
		return record.Int(d.varint())
	case record.KindText:
		return record.RawText(d.text())
	case record.KindBytes:
		return record.Bytes([]byte(d.text()))
	case record.KindRef:
		s := d.text()
		return record.Ref(s, d.varint())
	case record.KindList:
		n := d.uvarint()
		if n > uint64(len(d.b)) {
			d.bad = true
			return record.Null
		}
		vals := make([]record.Value, 0, n)
		for range n {
			vals = append(vals, d.value(depth+1))
		}
		return record.List(vals)
	}
	d.bad = true
	return record.Null
}
