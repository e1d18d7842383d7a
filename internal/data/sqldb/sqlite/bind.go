package sqlite

import (
	"fmt"
	"strconv"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// scratch is memory outside of Go's heap for what SQLite reads during one
// statement. It is used from the start again for the next one.
type scratch struct {
	at         uintptr
	size, used int
}

func (s *scratch) reset() { s.used = 0 }

// reserve gives n bytes, valid until the next reset. When the memory must
// grow, what was given before is lost: reserve all of a statement at once.
func (s *scratch) reserve(tls *libc.TLS, n int) uintptr {
	n = (n + 15) &^ 15
	if s.used+n > s.size {
		s.free(tls)
		s.size = max(4096, s.used+n)
		if s.at = libc.Xmalloc(tls, libc.Tsize_t(s.size)); s.at == 0 {
			panic("sqlite: out of memory")
		}
	}
	p := s.at + uintptr(s.used)
	s.used += n
	return p
}

// trim gives memory back after an unusually large statement.
func (s *scratch) trim(tls *libc.TLS) {
	if s.size > 256<<10 {
		s.free(tls)
	}
}

func (s *scratch) free(tls *libc.TLS) {
	if s.at != 0 {
		libc.Xfree(tls, s.at)
	}
	*s = scratch{used: 0}
}

// bind sets all parameters. Texts are copied to the scratch memory, where they
// stay until the statement is done, so SQLite need not copy them again.
func (c *conn) bind(s *stmt, args []record.Value) error {
	if len(args) != s.params {
		return fmt.Errorf("sqlite: %d values for %d parameters: %s", len(args), s.params, s.sql)
	}
	size := 0
	for _, a := range args {
		switch a.Kind() {
		case record.KindText:
			if err := sqldb.CheckText(a.Str()); err != nil {
				return err
			}
			size += len(a.Str()) + 1
		case record.KindBytes:
			size += len(a.Str()) + 1
		}
	}
	if !s.reads {
		c.wrote = true
	}
	c.scratch.trim(c.tls)
	c.scratch.reset()
	at := c.scratch.reserve(c.tls, size+1)
	for i, a := range args {
		var rc int32
		n := int32(i + 1)
		switch a.Kind() {
		case record.KindNull:
			rc = lib.Xsqlite3_bind_null(c.tls, s.h, n)
		case record.KindInt:
			rc = lib.Xsqlite3_bind_int64(c.tls, s.h, n, a.Int())
		case record.KindText:
			p := put(&at, a.Str())
			rc = lib.Xsqlite3_bind_text(c.tls, s.h, n, p, int32(len(a.Str())), lib.SQLITE_STATIC)
		case record.KindBytes:
			p := put(&at, a.Str())
			rc = lib.Xsqlite3_bind_blob(c.tls, s.h, n, p, int32(len(a.Str())), lib.SQLITE_STATIC)
		case record.KindList:
			text, err := listText(a.List())
			if err != nil {
				return err
			}
			rc = c.bindCopy(s, n, text)
		}
		if rc != lib.SQLITE_OK {
			return c.fail(rc, s.sql)
		}
	}
	return nil
}

// put copies text to the memory at *at and moves *at behind it.
func put(at *uintptr, text string) uintptr {
	p := *at
	copy(bytesAt(p, len(text)), text)
	*at += uintptr(len(text)) + 1
	return p
}

// bindCopy binds a text that SQLite copies.
func (c *conn) bindCopy(s *stmt, n int32, text []byte) int32 {
	p := libc.Xmalloc(c.tls, libc.Tsize_t(len(text)+1))
	if p == 0 {
		return lib.SQLITE_NOMEM
	}
	defer libc.Xfree(c.tls, p)
	copy(bytesAt(p, len(text)), text)
	return lib.Xsqlite3_bind_text(c.tls, s.h, n, p, int32(len(text)), lib.SQLITE_TRANSIENT)
}

// listText writes a list parameter as a JSON array for json_each.
func listText(list []record.Value) ([]byte, error) {
	b := make([]byte, 0, 2+20*len(list))
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		switch v.Kind() {
		case record.KindInt:
			b = strconv.AppendInt(b, v.Int(), 10)
		case record.KindText:
			if err := sqldb.CheckText(v.Str()); err != nil {
				return nil, err
			}
			b = appendJSON(b, v.Str())
		default:
			return nil, fmt.Errorf("sqlite: a list parameter holds integers or texts, not kind %d", v.Kind())
		}
	}
	return append(b, ']'), nil
}

// appendJSON writes a JSON string; s is valid UTF-8.
func appendJSON(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		ch := s[i]
		if ch >= ' ' && ch != '"' && ch != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		if ch < ' ' {
			b = append(b, '\\', 'u', '0', '0', hex[ch>>4], hex[ch&15])
		} else {
			b = append(b, '\\', ch)
		}
		from = i + 1
	}
	return append(append(b, s[from:]...), '"')
}

// pointer turns an address of memory outside of Go's heap into a pointer.
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// bytesAt is the n bytes at p, memory outside of Go's heap.
func bytesAt(p uintptr, n int) []byte {
	if n <= 0 || p == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(p)), n)
}
