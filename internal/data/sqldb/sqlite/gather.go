package sqlite

import (
	"context"
	"errors"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// gatherSize is how much of the log is held back at most.
const gatherSize = 128<<10 - 1 // what SQLite writes at once at most

// gatherer holds back what SQLite appends to the log until it has the log
// synced, and writes it by one system call instead of two a page. That is for
// a connection that syncs at every commit, and only for it: elsewhere a commit
// would be shown to readers before its pages are in the file. Before a sync
// SQLite relies on nothing that it wrote, but may look at it: then it is
// written first.
type gatherer struct {
	own     *lib.Tsqlite3_io_methods // of the log's file
	methods *lib.Tsqlite3_io_methods // instead of them
	block   uintptr                  // memory outside of Go's heap: the methods, and behind them
	memory  uintptr                  // what is held back
	used    int32
	offset  int64 // where in the log its first byte belongs
	synced  bool  // once by SQLite itself, which syncs the folder too

	// Functions of the file's own methods.
	ownRead    func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	ownWrite   func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	ownNumber  func(*libc.TLS, uintptr, int64) int32
	ownSync    func(*libc.TLS, uintptr, int32) int32
	ownSize    func(*libc.TLS, uintptr, uintptr) int32
	ownControl func(*libc.TLS, uintptr, int32, uintptr) int32
	ownClose   func(*libc.TLS, uintptr) int32

	// Ours are kept here because SQLite holds only their addresses.
	read     func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	write    func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	truncate func(*libc.TLS, uintptr, int64) int32
	sync     func(*libc.TLS, uintptr, int32) int32
	size     func(*libc.TLS, uintptr, uintptr) int32
	control  func(*libc.TLS, uintptr, int32, uintptr) int32
	close    func(*libc.TLS, uintptr) int32
}

var errNoLog = errors.New("sqlite: the log is not open")

// gatherLog puts a gatherer before the log of the connection.
func (c *conn) gatherLog() error {
	// The first read opens the log, which stays open as long as the connection.
	if _, err := c.exec(context.Background(), "SELECT 1 FROM sqlite_schema", nil); err != nil {
		return err
	}
	at, err := c.filePointer("main", lib.SQLITE_FCNTL_JOURNAL_POINTER)
	if err != nil {
		return err
	}
	if at == 0 || (*lib.Tsqlite3_file)(pointer(at)).FpMethods == 0 {
		return errNoLog
	}
	file := (*lib.Tsqlite3_file)(pointer(at))
	g := &gatherer{own: (*lib.Tsqlite3_io_methods)(pointer(file.FpMethods))}
	const methods = unsafe.Sizeof(*g.methods)
	if g.block = libc.Xmalloc(c.tls, libc.Tsize_t(methods+gatherSize)); g.block == 0 {
		panic("sqlite: out of memory")
	}
	g.methods, g.memory = (*lib.Tsqlite3_io_methods)(pointer(g.block)), g.block+methods
	g.stand()
	c.gather, file.FpMethods = g, g.block
	return nil
}

// stand fills in both sets of methods.
func (g *gatherer) stand() {
	g.ownRead = function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](&g.own.FxRead)
	g.ownWrite = function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](&g.own.FxWrite)
	g.ownNumber = function[func(*libc.TLS, uintptr, int64) int32](&g.own.FxTruncate)
	g.ownSync = function[func(*libc.TLS, uintptr, int32) int32](&g.own.FxSync)
	g.ownSize = function[func(*libc.TLS, uintptr, uintptr) int32](&g.own.FxFileSize)
	g.ownControl = function[func(*libc.TLS, uintptr, int32, uintptr) int32](&g.own.FxFileControl)
	g.ownClose = function[func(*libc.TLS, uintptr) int32](&g.own.FxClose)
	g.read = func(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32 {
		return g.after(tls, file, func() int32 { return g.ownRead(tls, file, buf, n, offset) })
	}
	g.write = g.hold
	g.truncate = func(tls *libc.TLS, file uintptr, n int64) int32 {
		return g.after(tls, file, func() int32 { return g.ownNumber(tls, file, n) })
	}
	g.sync = func(tls *libc.TLS, file uintptr, flags int32) int32 {
		return g.after(tls, file, func() int32 {
			if g.synced {
				if rc, can := syncData(file); can {
					return rc
				}
			}
			rc := g.ownSync(tls, file, flags)
			g.synced = g.synced || rc == lib.SQLITE_OK
			return rc
		})
	}
	g.size = func(tls *libc.TLS, file, out uintptr) int32 {
		return g.after(tls, file, func() int32 { return g.ownSize(tls, file, out) })
	}
	g.control = func(tls *libc.TLS, file uintptr, op int32, arg uintptr) int32 {
		return g.after(tls, file, func() int32 { return g.ownControl(tls, file, op, arg) })
	}
	g.close = func(tls *libc.TLS, file uintptr) int32 {
		rc := g.flush(tls, file)
		(*lib.Tsqlite3_file)(pointer(file)).FpMethods = uintptr(unsafe.Pointer(g.own))
		return max(rc, g.ownClose(tls, file))
	}
	*g.methods = *g.own
	g.methods.FxRead, g.methods.FxWrite = address(&g.read), address(&g.write)
	g.methods.FxTruncate, g.methods.FxSync = address(&g.truncate), address(&g.sync)
	g.methods.FxFileSize, g.methods.FxFileControl = address(&g.size), address(&g.control)
	g.methods.FxClose = address(&g.close)
}

// function is the function whose address SQLite keeps at p.
func function[F any](p *uintptr) F { return *(*F)(unsafe.Pointer(p)) }

// address is what SQLite keeps of the function at p.
func address[F any](p *F) uintptr { return *(*uintptr)(unsafe.Pointer(p)) }

// hold takes what is appended; what belongs elsewhere, or does not fit, has
// the rest written before it.
func (g *gatherer) hold(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32 {
	if g.used > 0 && (offset != g.offset+int64(g.used) || g.used+n > gatherSize) {
		if rc := g.flush(tls, file); rc != lib.SQLITE_OK {
			return rc
		}
	}
	if n > gatherSize {
		return g.ownWrite(tls, file, buf, n, offset)
	}
	if g.used == 0 {
		g.offset = offset
	}
	copy(bytesAt(g.memory+uintptr(g.used), int(n)), bytesAt(buf, int(n)))
	g.used += n
	return lib.SQLITE_OK
}

// flush writes what is held. What fails is forgotten: SQLite takes back the
// transaction, as it does when a page cannot be written.
func (g *gatherer) flush(tls *libc.TLS, file uintptr) int32 {
	n := g.used
	if n == 0 {
		return lib.SQLITE_OK
	}
	g.used = 0
	return g.ownWrite(tls, file, g.memory, n, g.offset)
}

// after writes what is held and then does the next.
func (g *gatherer) after(tls *libc.TLS, file uintptr, next func() int32) int32 {
	if rc := g.flush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	return next()
}
