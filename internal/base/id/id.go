// Package id makes the identifiers of all records: 63 bit numbers that grow
// with time, so that new rows go to the end of the primary key.
//
//	42 bit milliseconds since 2020-01-01T00:00Z | 10 bit node | 11 bit sequence
//
// An id is no secret and gives no right.
package id

import (
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// ID identifies one record of any entity. 0 is no id; valid ids are positive.
type ID int64

// MaxNode is the highest node number.
const MaxNode = 1<<nodeBits - 1

// NodeMask covers the bits of an id that tell which node made it.
const NodeMask ID = MaxNode << seqBits

// NodePart is what those bits are in every id of a node.
func NodePart(node int) ID { return ID(node) << seqBits & NodeMask }

const (
	nodeBits = 10
	seqBits  = 11
	// textLen base-32 digits hold 65 bits, so the first digit of a valid id is at most 7.
	textLen = 13
	// epoch is 2020-01-01T00:00Z in Unix milliseconds.
	epoch = 1577836800000
)

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// String is the id as 13 upper-case Crockford base-32 digits. Texts sort like
// the numbers.
func (i ID) String() string {
	var b [textLen]byte
	return string(i.AppendText(b[:0]))
}

// AppendText appends what String gives.
func (i ID) AppendText(b []byte) []byte {
	u := uint64(i)
	for shift := 5 * (textLen - 1); shift >= 0; shift -= 5 {
		b = append(b, digits[u>>shift&31])
	}
	return b
}

// Time is when the id was made, to the millisecond, UTC.
func (i ID) Time() time.Time {
	return time.UnixMilli(int64(i)>>(nodeBits+seqBits) + epoch).UTC()
}

// Millis is t in milliseconds since 2020-01-01T00:00Z, the unit of leases.
func Millis(t time.Time) int64 { return t.UnixMilli() - epoch }

// Parse reads what String wrote, in either case, with I and L read as 1 and O
// as 0. Anything else, and the zero id, is Invalid "error.id".
func Parse(s string) (ID, error) {
	if len(s) != textLen {
		return 0, invalid(s)
	}
	var u uint64
	for i := range textLen {
		d := digit(s[i])
		if d > 31 || i == 0 && d > 7 {
			return 0, invalid(s)
		}
		u = u<<5 | uint64(d)
	}
	if u == 0 {
		return 0, invalid(s)
	}
	return ID(u), nil
}

func invalid(s string) error {
	if len(s) > 64 {
		s = s[:64]
	}
	return errs.New(errs.Invalid, "error.id", "value", s)
}

// digit is the value of a base-32 digit, 255 for anything else.
func digit(c byte) byte {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	switch c {
	case 'I', 'L':
		return 1
	case 'O':
		return 0
	}
	for i := range len(digits) {
		if digits[i] == c {
			return byte(i)
		}
	}
	return 255
}
