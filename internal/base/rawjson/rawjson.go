// Package rawjson takes JSON apart without maps and writes it without
// reflection: a value stays the bytes it came as until its type is known.
package rawjson

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
	"unsafe"
)

// Value is one valid JSON value without surrounding blanks.
type Value []byte

// Kind is the first character of the value's form: '{' '[' '"' 't' 'f' 'n' or '0' for a number; 0 for nothing.
func (v Value) Kind() byte {
	if len(v) == 0 {
		return 0
	}
	switch c := v[0]; c {
	case '{', '[', '"', 't', 'f', 'n':
		return c
	}
	return '0'
}

// IsNull says whether the value is null or missing.
func (v Value) IsNull() bool { return len(v) == 0 || v[0] == 'n' }

// Str is the text of a JSON string; ok is false for any other kind.
func (v Value) Str() (s string, ok bool) {
	if v.Kind() != '"' {
		return "", false
	}
	in := v[1 : len(v)-1]
	for _, c := range in {
		if c == '\\' || c >= utf8.RuneSelf {
			if json.Unmarshal(v, &s) != nil {
				return "", false
			}
			return s, true
		}
	}
	return string(in), true
}

// Text is Str for strings and the literal for numbers and booleans; "" for the rest.
func (v Value) Text() string {
	switch v.Kind() {
	case '"':
		s, _ := v.Str()
		return s
	case '0', 't', 'f':
		return string(v)
	}
	return ""
}

// Member is one name and value of an object, in the order written.
type Member struct {
	Key string
	Val Value
}

// ErrSyntax is returned for bytes that are not the JSON asked for.
var ErrSyntax = errors.New("not the JSON expected")

// Object takes an object apart. Duplicate names are an error.
func Object(b []byte) ([]Member, error) {
	if !json.Valid(b) {
		return nil, ErrSyntax
	}
	return object(b)
}

func object(b []byte) ([]Member, error) {
	i := blank(b, 0)
	if i >= len(b) || b[i] != '{' {
		return nil, ErrSyntax
	}
	var out []Member
	i = blank(b, i+1)
	for b[i] != '}' {
		end := skip(b, i)
		key, ok := Value(b[i:end]).Str()
		if !ok {
			return nil, ErrSyntax
		}
		for _, m := range out {
			if m.Key == key {
				return nil, ErrSyntax
			}
		}
		i = blank(b, blank(b, end)+1)
		end = skip(b, i)
		out = append(out, Member{Key: key, Val: Value(b[i:end])})
		if i = blank(b, end); b[i] == ',' {
			i = blank(b, i+1)
		}
	}
	return out, nil
}

// Members takes a Value that is an object apart.
func (v Value) Members() ([]Member, error) {
	if v.Kind() != '{' {
		return nil, ErrSyntax
	}
	return object(v)
}

// Get finds a member of an object value.
func (v Value) Get(key string) (Value, bool) {
	ms, err := v.Members()
	if err != nil {
		return nil, false
	}
	for _, m := range ms {
		if m.Key == key {
			return m.Val, true
		}
	}
	return nil, false
}

// Items takes a Value that is an array apart.
func (v Value) Items() ([]Value, error) {
	if v.Kind() != '[' {
		return nil, ErrSyntax
	}
	var out []Value
	i := blank(v, 1)
	for v[i] != ']' {
		end := skip(v, i)
		out = append(out, v[i:end])
		if i = blank(v, end); v[i] == ',' {
			i = blank(v, i+1)
		}
	}
	return out, nil
}

func blank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// skip finds the end of the valid value that starts at i.
func skip(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		depth := 0
		for i < len(b) {
			switch b[i] {
			case '{', '[':
				depth++
			case '}', ']':
				depth--
				if depth == 0 {
					return i + 1
				}
			case '"':
				i = skipString(b, i) - 1
			}
			i++
		}
		return i
	}
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	return i
}

func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return i
}

const hex = "0123456789abcdef"

// AppendString appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD;
// <, >, & and the line separators are escaped so that the result is safe inside HTML.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c != 0x7f {
				i++
				continue
			}
			b = append(b, s[from:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			default:
				b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			i++
			from = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r == '\u2028' || r == '\u2029' {
			b = append(b, s[from:i]...)
			if n == 1 {
				r = utf8.RuneError
			}
			b = append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
			i += n
			from = i
			continue
		}
		i += n
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// AppendBytes is AppendString for bytes; b2 is only read.
func AppendBytes(b, b2 []byte) []byte {
	return AppendString(b, unsafe.String(unsafe.SliceData(b2), len(b2)))
}
