package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/lru"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// conn is one connection: for one goroutine at a time, so SQLite's own
// connection mutex is off.
type conn struct {
	tls      *libc.TLS
	db       uintptr
	scratch  scratch // the parameters of the running statement, outside of Go's heap
	cache    *lru.Cache[*stmt]
	own      []*stmt                        // of do: a handful, beside the cache
	done     <-chan struct{}                // of the context of the running statement; nil = not cancellable
	wrote    bool                           // a statement that may write was run since somebody set it to false
	both     bool                           // it reads the second file too
	seen     int64                          // of a reader: DB.seen when it was opened
	progress func(*libc.TLS, uintptr) int32 // kept here because SQLite holds only its address
	scanner  scanner
	gather   *gatherer // of the writer
	views    []*view   // what it reads through, and its methods for that, outside of Go's heap
	blocks   []uintptr
}

// cacheSize is how many statements a connection keeps compiled.
const cacheSize = 256

// stmt is a compiled statement.
type stmt struct {
	sql          string
	h            uintptr
	params, cols int
	reads        bool // it cannot write
}

// progressOps is how many virtual machine steps lie between two looks at the
// context: about 0.2 ms.
const progressOps = 4000

// openConn opens file, which exists, and runs pragmas in order.
func openConn(file string, pragmas []string) (*conn, error) {
	c := &conn{tls: libc.NewTLS(), cache: lru.New[*stmt](cacheSize)}
	name, err := libc.CString(file)
	if err != nil {
		c.tls.Close()
		return nil, err
	}
	defer libc.Xfree(c.tls, name)
	c.scratch.reserve(c.tls, 1024)
	const flags = lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_NOMUTEX
	out := c.scratch.at
	rc := lib.Xsqlite3_open_v2(c.tls, name, out, flags, 0)
	c.db = *(*uintptr)(pointer(out))
	if rc != lib.SQLITE_OK {
		err := c.fail(rc, "open "+file)
		c.close()
		return nil, err
	}
	lib.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	c.configure()
	for _, p := range pragmas {
		if _, err := c.exec(context.Background(), p, nil); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

// configure sets what has no pragma. Plans must not depend on parameter
// values (QPSG): otherwise a cached statement is compiled anew for each value.
func (c *conn) configure() {
	for _, o := range []struct{ op, on int32 }{
		{lib.SQLITE_DBCONFIG_ENABLE_QPSG, 1},
		{lib.SQLITE_DBCONFIG_DQS_DML, 0},
		{lib.SQLITE_DBCONFIG_DQS_DDL, 0},
		{lib.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{lib.SQLITE_DBCONFIG_DEFENSIVE, 1},
	} {
		list := libc.NewVaList(o.on, uintptr(0))
		lib.Xsqlite3_db_config(c.tls, c.db, o.op, list)
		libc.Xfree(c.tls, list)
	}
	c.progress = func(*libc.TLS, uintptr) int32 {
		select {
		case <-c.done: // nil never
			return 1
		default:
			return 0
		}
	}
	// SQLite keeps the address of the closure; Go does not move heap objects
	// and c keeps it alive.
	lib.Xsqlite3_progress_handler(c.tls, c.db, progressOps, *(*uintptr)(unsafe.Pointer(&c.progress)), 0)
}

func (c *conn) close() {
	c.cache.All(func(s *stmt) { lib.Xsqlite3_finalize(c.tls, s.h) })
	for _, s := range c.own {
		lib.Xsqlite3_finalize(c.tls, s.h)
	}
	if c.db != 0 {
		lib.Xsqlite3_close_v2(c.tls, c.db)
		c.db = 0
	}
	if c.gather != nil {
		libc.Xfree(c.tls, c.gather.block)
	}
	for _, b := range c.blocks {
		libc.Xfree(c.tls, b)
	}
	c.scratch.free(c.tls)
	c.tls.Close()
}

// filePointer gives SQLite's object for one of the connection's files: of the
// database of that name.
func (c *conn) filePointer(database string, which int32) (uintptr, error) {
	c.scratch.reset()
	out := c.scratch.reserve(c.tls, 8+len(database)+1)
	name := out + 8
	copy(bytesAt(name, len(database)+1), database+"\x00")
	if rc := lib.Xsqlite3_file_control(c.tls, c.db, name, which, out); rc != lib.SQLITE_OK {
		return 0, c.fail(rc, "a file of the database")
	}
	return *(*uintptr)(pointer(out)), nil
}

// prepare gives the cached statement of the text or compiles it.
func (c *conn) prepare(sql string) (*stmt, error) {
	if s, ok := c.cache.Get(sql); ok {
		return s, nil
	}
	s, err := c.compile(sql)
	if err != nil {
		return nil, err
	}
	if old, left := c.cache.Put(sql, s); left {
		lib.Xsqlite3_finalize(c.tls, old.h)
	}
	return s, nil
}

func (c *conn) compile(sql string) (*stmt, error) {
	c.scratch.reset()
	out := c.scratch.reserve(c.tls, 16+len(sql)+1)
	text := out + 16
	dst := bytesAt(text, len(sql)+1)
	copy(dst, sql)
	dst[len(sql)] = 0
	rc := lib.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(sql)+1), lib.SQLITE_PREPARE_PERSISTENT, out, out+8)
	if rc != lib.SQLITE_OK {
		return nil, c.fail(rc, sql)
	}
	s := &stmt{sql: sql, h: *(*uintptr)(pointer(out))}
	rest := sql[*(*uintptr)(pointer(out + 8))-text:]
	if s.h == 0 || strings.TrimSpace(rest) != "" {
		lib.Xsqlite3_finalize(c.tls, s.h)
		return nil, fmt.Errorf("sqlite: exactly one statement is wanted: %s", sql)
	}
	s.params = int(lib.Xsqlite3_bind_parameter_count(c.tls, s.h))
	s.cols = int(lib.Xsqlite3_column_count(c.tls, s.h))
	s.reads = lib.Xsqlite3_stmt_readonly(c.tls, s.h) != 0
	return s, nil
}

// query runs a statement and appends its rows to out.
func (c *conn) query(ctx context.Context, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	if s.cols != len(kinds) {
		if s.cols = int(lib.Xsqlite3_column_count(c.tls, s.h)); s.cols != len(kinds) {
			return fmt.Errorf("sqlite: %d kinds for %d columns: %s", len(kinds), s.cols, sql)
		}
	}
	if err := out.Begin(s.cols); err != nil {
		return err
	}
	if err := c.bind(s, args); err != nil {
		return err
	}
	c.done = ctx.Done()
	for {
		switch rc := lib.Xsqlite3_step(c.tls, s.h); rc {
		case lib.SQLITE_ROW:
			if err := c.readRow(s, out); err != nil {
				lib.Xsqlite3_reset(c.tls, s.h)
				return err
			}
		case lib.SQLITE_DONE:
			lib.Xsqlite3_reset(c.tls, s.h)
			return nil
		default:
			return c.stop(ctx, s, rc)
		}
	}
}

// exec runs a statement to its end and says how many rows it changed.
func (c *conn) exec(ctx context.Context, sql string, args []record.Value) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s, err := c.prepare(sql)
	if err != nil {
		return 0, err
	}
	if err := c.bind(s, args); err != nil {
		return 0, err
	}
	c.done = ctx.Done()
	return c.run(ctx, s)
}

// run steps a bound statement to its end.
func (c *conn) run(ctx context.Context, s *stmt) (int64, error) {
	before := lib.Xsqlite3_total_changes64(c.tls, c.db)
	for {
		switch rc := lib.Xsqlite3_step(c.tls, s.h); rc {
		case lib.SQLITE_ROW:
		case lib.SQLITE_DONE:
			lib.Xsqlite3_reset(c.tls, s.h)
			if lib.Xsqlite3_total_changes64(c.tls, c.db) == before {
				return 0, nil // changes() would still tell about the statement before
			}
			return lib.Xsqlite3_changes64(c.tls, c.db), nil
		default:
			return 0, c.stop(ctx, s, rc)
		}
	}
}

// stop ends a failed statement. The message is taken before the reset.
func (c *conn) stop(ctx context.Context, s *stmt, rc int32) error {
	err := c.fail(rc, s.sql)
	lib.Xsqlite3_reset(c.tls, s.h)
	if rc&0xff == lib.SQLITE_INTERRUPT && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// do runs one of the writer's own statements, which have no parameters and
// are never cancelled.
func (c *conn) do(sql string) error {
	s, err := c.ownStmt(sql)
	if err != nil {
		return err
	}
	c.done = nil
	rc := lib.Xsqlite3_step(c.tls, s.h)
	if rc != lib.SQLITE_DONE {
		return c.stop(context.Background(), s, rc)
	}
	lib.Xsqlite3_reset(c.tls, s.h)
	return nil
}

func (c *conn) ownStmt(sql string) (*stmt, error) {
	for _, s := range c.own {
		if s.sql == sql {
			return s, nil
		}
	}
	s, err := c.compile(sql)
	if err == nil {
		c.own = append(c.own, s)
	}
	return s, err
}

// inTransaction says whether a transaction is open: some errors (disk full,
// input/output) make SQLite roll back by itself.
func (c *conn) inTransaction() bool { return lib.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

var errReal = errors.New("sqlite: a number that is not whole")

// readRow appends the current row to out. The cells are read in place: the
// calls of the C interface would cost three times as much. A test holds the
// layout of the cells of this library version.
func (c *conn) readRow(s *stmt, out *sqldb.Rows) error {
	v := (*lib.TVdbe)(pointer(s.h))
	if int(v.FnResColumn) != s.cols { // compiled again inside the step, on a changed schema
		s.cols = int(v.FnResColumn)
		return fmt.Errorf("sqlite: the columns changed: %s", s.sql)
	}
	row := v.FpResultRow
	for i := range s.cols {
		m := (*lib.TMem)(pointer(row + uintptr(i)*unsafe.Sizeof(lib.TMem{})))
		switch flags := m.Fflags; {
		case flags&lib.MEM_Null != 0:
			out.AppendNull()
		case flags&lib.MEM_Int != 0:
			out.AppendInt(*(*int64)(unsafe.Pointer(&m.Fu)))
		case flags&lib.MEM_Str != 0 && m.Fenc == lib.SQLITE_UTF8:
			out.AppendText(bytesAt(m.Fz, int(m.Fn)))
		default:
			if err := c.readCell(s, i, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// readCell reads the rarer kinds by the C interface.
func (c *conn) readCell(s *stmt, i int, out *sqldb.Rows) error {
	switch lib.Xsqlite3_column_type(c.tls, s.h, int32(i)) {
	case lib.SQLITE_INTEGER:
		out.AppendInt(lib.Xsqlite3_column_int64(c.tls, s.h, int32(i)))
	case lib.SQLITE_FLOAT:
		f := lib.Xsqlite3_column_double(c.tls, s.h, int32(i))
		if n := int64(f); float64(n) == f && f > -1<<63 && f < 1<<63 {
			out.AppendInt(n)
			return nil
		}
		return fmt.Errorf("%w: column %d of %s", errReal, i+1, s.sql)
	case lib.SQLITE_TEXT:
		p := lib.Xsqlite3_column_text(c.tls, s.h, int32(i))
		out.AppendText(bytesAt(p, int(lib.Xsqlite3_column_bytes(c.tls, s.h, int32(i)))))
	case lib.SQLITE_BLOB:
		p := lib.Xsqlite3_column_blob(c.tls, s.h, int32(i))
		out.AppendBytes(bytesAt(p, int(lib.Xsqlite3_column_bytes(c.tls, s.h, int32(i)))))
	default:
		out.AppendNull()
	}
	return nil
}
