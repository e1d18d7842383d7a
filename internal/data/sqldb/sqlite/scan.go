package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

var _ sqldb.Scanner = (*querier)(nil)

// scanFunc is an aggregate function of SQL that hands its arguments to the
// running Scan. Rows so never leave SQLite's loop, which costs more than half
// of reading one.
const scanFunc = "gx_scan"

// scanner is the running Scan of a connection and what SQLite calls for it.
type scanner struct {
	each  func([]record.Value) error
	row   []record.Value
	err   error
	step  func(tls *libc.TLS, ctx uintptr, n int32, args uintptr) // kept here because SQLite holds only the addresses
	final func(tls *libc.TLS, ctx uintptr)
}

// Scan implements sqldb.Scanner.
func (q *querier) Scan(ctx context.Context, columns, rest string, args []record.Value, each func(row []record.Value) error) error {
	if err := q.refusal(); err != nil {
		return err
	}
	own, err := q.c.scan(ctx, "SELECT "+scanFunc+"("+columns+") "+rest, args, each)
	if own != nil {
		return own
	}
	return q.note(err)
}

// scan runs the statement; own is the error that each ended it with.
func (c *conn) scan(ctx context.Context, sql string, args []record.Value, each func([]record.Value) error) (own, err error) {
	s := &c.scanner
	if s.each != nil {
		return nil, errors.New("sqlite: a Scan within a Scan")
	}
	if s.step == nil {
		if err := c.offerScan(); err != nil {
			return nil, err
		}
	}
	s.each, s.err = each, nil
	defer func() { s.each, s.err = nil, nil }()
	var none sqldb.Rows
	err = c.query(ctx, sql, args, []record.Kind{record.KindNull}, &none)
	return s.err, err
}

// offerScan makes the function known to the connection.
func (c *conn) offerScan() error {
	s := &c.scanner
	s.step = func(tls *libc.TLS, ctx uintptr, n int32, args uintptr) {
		if s.err == nil {
			if s.err = s.hand(int(n), args); s.err == nil {
				return
			}
		}
		lib.Xsqlite3_result_error_code(tls, ctx, lib.SQLITE_ABORT) // ends the statement; s.err tells why
	}
	s.final = func(*libc.TLS, uintptr) {}
	name, err := libc.CString(scanFunc)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, name)
	const flags = lib.SQLITE_UTF8 | lib.SQLITE_DIRECTONLY
	rc := lib.Xsqlite3_create_function(c.tls, c.db, name, -1, flags, 0, 0,
		*(*uintptr)(unsafe.Pointer(&s.step)), *(*uintptr)(unsafe.Pointer(&s.final)))
	if rc != lib.SQLITE_OK {
		s.step = nil
		return c.fail(rc, scanFunc)
	}
	return nil
}

// hand gives a row to the function of the Scan, reading the cells in place as
// readRow does.
func (s *scanner) hand(n int, args uintptr) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = sqldb.Panicked(v, debug.Stack())
		}
	}()
	if len(s.row) != n {
		s.row = make([]record.Value, n)
	}
	for i := range n {
		m := (*lib.TMem)(*(*unsafe.Pointer)(pointer(args + uintptr(i)*unsafe.Sizeof(args))))
		switch flags := m.Fflags; {
		case flags&lib.MEM_Null != 0:
			s.row[i] = record.Null
		case flags&lib.MEM_Int != 0:
			record.PutInt(&s.row[i], *(*int64)(unsafe.Pointer(&m.Fu)))
		case flags&lib.MEM_Str != 0 && flags&lib.MEM_Zero == 0 && m.Fenc == lib.SQLITE_UTF8:
			s.row[i] = record.RawText(unsafe.String((*byte)(pointer(m.Fz)), int(m.Fn)))
		default:
			return fmt.Errorf("sqlite: a Scan reads integers and texts, not what column %d holds", i+1)
		}
	}
	return s.each(s.row)
}
