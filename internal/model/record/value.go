// Package record holds values and records: small tagged unions over a shape,
// no boxing, no maps.
package record

import "strings"

// Kind says what a Value holds.
type Kind uint8

// The kinds of storage. Every field type maps onto these; meaning (money,
// date, reference …) belongs to the type, not to the value.
const (
	KindNull  Kind = iota
	KindInt        // int64: numbers, money (1/10,000), decimals (1/1,000,000), instants (µs UTC), times (s), references, switches
	KindText       // UTF-8
	KindBytes      // raw bytes, kept in the string
	KindList       // several values: many-valued fields, and id sets passed to SQL as one parameter
	KindRef        // an entity name and an id: a reference to a record of any entity
)

// Value is one value. The zero Value is null. Values are immutable.
type Value struct {
	n int64
	s string
	l *[]Value
	k Kind
}

// Null is the empty value.
var Null = Value{}

// Int makes an integer value.
func Int(n int64) Value { return Value{k: KindInt, n: n} }

// Bool makes 1 or 0.
func Bool(b bool) Value {
	if b {
		return Value{k: KindInt, n: 1}
	}
	return Value{k: KindInt}
}

// Text makes a text value; "" is null (an empty text is stored as null).
func Text(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{k: KindText, s: s}
}

// RawText makes a text value that may be empty; for SQL parameters only.
func RawText(s string) Value { return Value{k: KindText, s: s} }

// Bytes makes a value of raw bytes; b is copied.
func Bytes(b []byte) Value { return Value{k: KindBytes, s: string(b)} }

// List makes a many-valued value; an empty list is kept (it differs from null only in SQL parameters).
func List(vs []Value) Value { return Value{k: KindList, l: &vs} }

// Ints makes a list of integers.
func Ints(ns []int64) Value {
	vs := make([]Value, len(ns))
	for i, n := range ns {
		vs[i] = Int(n)
	}
	return List(vs)
}

// Ref makes a reference to a record of any entity.
func Ref(entity string, id int64) Value { return Value{k: KindRef, s: entity, n: id} }

// PutInt makes v the integer n in place: for those who hand out row after row
// in the same cells.
func PutInt(v *Value, n int64) {
	if v.k == KindInt {
		v.n = n
		return
	}
	*v = Int(n)
}

// Kind says what is inside.
func (v Value) Kind() Kind { return v.k }

// IsNull says whether the value is empty (null or an empty list).
func (v Value) IsNull() bool { return v.k == KindNull || v.k == KindList && len(*v.l) == 0 }

// Int is the integer inside, 0 for anything else.
func (v Value) Int() int64 { return v.n }

// Bool says whether the integer inside is not 0.
func (v Value) Bool() bool { return v.n != 0 }

// Str is the text or bytes inside, "" for anything else.
func (v Value) Str() string { return v.s }

// List gives the values of a list, nil for anything else. It must not be changed.
func (v Value) List() []Value {
	if v.l == nil {
		return nil
	}
	return *v.l
}

// Equal compares kind and content; lists element by element in order.
func (v Value) Equal(o Value) bool {
	if v.IsNull() || o.IsNull() {
		return v.IsNull() && o.IsNull()
	}
	if v.k != o.k || v.n != o.n || v.s != o.s {
		return false
	}
	a, b := v.List(), o.List()
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

// Compare orders two values of one kind: integers by number, texts byte by
// byte. Null sorts last. Lists compare element by element.
func (v Value) Compare(o Value) int {
	switch {
	case v.IsNull() && o.IsNull():
		return 0
	case v.IsNull():
		return 1
	case o.IsNull():
		return -1
	case v.k != o.k:
		return int(v.k) - int(o.k)
	case v.k == KindInt:
		switch {
		case v.n < o.n:
			return -1
		case v.n > o.n:
			return 1
		}
		return 0
	case v.k == KindList:
		a, b := v.List(), o.List()
		for i := 0; i < len(a) && i < len(b); i++ {
			if c := a[i].Compare(b[i]); c != 0 {
				return c
			}
		}
		return len(a) - len(b)
	}
	if c := strings.Compare(v.s, o.s); c != 0 || v.k != KindRef {
		return c
	}
	return Int(v.n).Compare(Int(o.n))
}
