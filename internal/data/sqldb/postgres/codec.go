package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// args holds the encoded parameters of one statement; reused by the next.
type args struct {
	values  [][]byte
	formats []int16
	buf     []byte
}

const (
	textFormat   = 0
	binaryFormat = 1
)

// encode writes the values in the types the server inferred: integers, texts
// and arrays of them in binary, anything rarer as text.
func (a *args) encode(d *pgconn.StatementDescription, list []record.Value) error {
	if len(list) != len(d.ParamOIDs) {
		return fmt.Errorf("postgres: %d values for %d parameters: %s", len(list), len(d.ParamOIDs), d.SQL)
	}
	a.values, a.formats = a.values[:0], a.formats[:0]
	if cap(a.buf) == 0 || cap(a.buf) > 256<<10 { // also: give back after an unusually large statement
		a.buf = make([]byte, 0, 1024) // not nil: an empty text must not look like null
	}
	a.buf = a.buf[:0]
	for i, v := range list {
		if v.Kind() == record.KindNull {
			a.values, a.formats = append(a.values, nil), append(a.formats, binaryFormat)
			continue
		}
		from := len(a.buf)
		b, format, err := appendValue(a.buf, d.ParamOIDs[i], v)
		if err != nil {
			return err
		}
		a.buf = b
		// A value stays where it is when buf grows: the old memory is kept by it.
		a.values, a.formats = append(a.values, b[from:len(b):len(b)]), append(a.formats, format)
	}
	return nil
}

// appendValue writes one value that is not null.
func appendValue(b []byte, oid uint32, v record.Value) ([]byte, int16, error) {
	switch v.Kind() {
	case record.KindInt:
		return appendInt(b, oid, v.Int())
	case record.KindText:
		if err := sqldb.CheckText(v.Str()); err != nil {
			return nil, 0, err
		}
		return append(b, v.Str()...), textFormat, nil
	case record.KindBytes:
		if oid == pgtype.ByteaOID {
			return append(b, v.Str()...), binaryFormat, nil
		}
		return hex.AppendEncode(append(b, `\x`...), []byte(v.Str())), textFormat, nil
	case record.KindList:
		return appendList(b, oid, v.List())
	}
	return nil, 0, fmt.Errorf("postgres: a parameter of kind %d", v.Kind())
}

func appendInt(b []byte, oid uint32, n int64) ([]byte, int16, error) {
	switch oid {
	case pgtype.Int8OID:
		return binary.BigEndian.AppendUint64(b, uint64(n)), binaryFormat, nil
	case pgtype.Int4OID:
		if n == int64(int32(n)) {
			return binary.BigEndian.AppendUint32(b, uint32(n)), binaryFormat, nil
		}
	case pgtype.Int2OID:
		if n == int64(int16(n)) {
			return binary.BigEndian.AppendUint16(b, uint16(n)), binaryFormat, nil
		}
	}
	return strconv.AppendInt(b, n, 10), textFormat, nil // the server refuses what does not fit
}

// appendList writes integers for an int8 array and anything else as an array's text.
func appendList(b []byte, oid uint32, list []record.Value) ([]byte, int16, error) {
	if oid == pgtype.Int8ArrayOID && len(list) > 0 {
		for _, n := range []uint32{1, 0, pgtype.Int8OID, uint32(len(list)), 1} { // dimensions, no nulls, type, length, first index
			b = binary.BigEndian.AppendUint32(b, n)
		}
		for _, v := range list {
			if v.Kind() != record.KindInt {
				return nil, 0, fmt.Errorf("postgres: a value of kind %d in a list of integers", v.Kind())
			}
			b = binary.BigEndian.AppendUint32(b, 8)
			b = binary.BigEndian.AppendUint64(b, uint64(v.Int()))
		}
		return b, binaryFormat, nil
	}
	b = append(b, '{')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		switch v.Kind() {
		case record.KindInt:
			b = strconv.AppendInt(b, v.Int(), 10)
		case record.KindText:
			if err := sqldb.CheckText(v.Str()); err != nil {
				return nil, 0, err
			}
			b = append(b, '"')
			b = append(b, arrayText.Replace(v.Str())...)
			b = append(b, '"')
		default:
			return nil, 0, fmt.Errorf("postgres: a list parameter holds integers or texts, not kind %d", v.Kind())
		}
	}
	return append(b, '}'), textFormat, nil
}

var arrayText = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// voidOID is the type of functions that answer nothing.
const voidOID = 2278

var errNotWhole = errors.New("postgres: a number that is not whole")

// decode appends one binary column to out.
func decode(oid uint32, v []byte, out *sqldb.Rows) error {
	if v == nil {
		out.AppendNull()
		return nil
	}
	switch oid {
	case pgtype.Int8OID, pgtype.XID8OID:
		out.AppendInt(int64(binary.BigEndian.Uint64(v)))
	case pgtype.Int4OID:
		out.AppendInt(int64(int32(binary.BigEndian.Uint32(v))))
	case pgtype.Int2OID:
		out.AppendInt(int64(int16(binary.BigEndian.Uint16(v))))
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.UnknownOID, pgtype.JSONOID, pgtype.QCharOID:
		out.AppendText(v)
	case pgtype.ByteaOID:
		out.AppendBytes(v)
	case pgtype.BoolOID:
		out.AppendInt(int64(v[0]))
	case pgtype.OIDOID, pgtype.XIDOID:
		out.AppendInt(int64(binary.BigEndian.Uint32(v)))
	case pgtype.NumericOID:
		n, err := numericInt(v)
		if err != nil {
			return err
		}
		out.AppendInt(n)
	case pgtype.Float8OID:
		f := math.Float64frombits(binary.BigEndian.Uint64(v))
		n := int64(f)
		if float64(n) != f || f <= -1<<63 || f >= 1<<63 {
			return errNotWhole
		}
		out.AppendInt(n)
	case voidOID:
		out.AppendNull()
	default:
		return fmt.Errorf("postgres: a column of type %d", oid)
	}
	return nil
}

// numericInt reads a numeric: count of digits, weight of the first, sign,
// scale, then digits in base 10,000 (numeric_send in the server).
func numericInt(v []byte) (int64, error) {
	count := int(int16(binary.BigEndian.Uint16(v)))
	weight := int(int16(binary.BigEndian.Uint16(v[2:])))
	sign := binary.BigEndian.Uint16(v[4:])
	if sign != 0 && sign != 0x4000 { // not a number, infinity
		return 0, errNotWhole
	}
	var n uint64
	for i := 0; i < max(count, weight+1); i++ {
		digit := uint64(0)
		if i < count {
			digit = uint64(binary.BigEndian.Uint16(v[8+2*i:]))
		}
		if i > weight {
			if digit != 0 {
				return 0, errNotWhole
			}
			continue
		}
		if n > (1<<63)/10000 {
			return 0, sqldb.ErrSumRange
		}
		n = n*10000 + digit
	}
	switch {
	case sign == 0 && n <= math.MaxInt64:
		return int64(n), nil
	case sign != 0 && n <= 1<<63:
		return -int64(n), nil // the least one is its own negation
	}
	return 0, sqldb.ErrSumRange
}
