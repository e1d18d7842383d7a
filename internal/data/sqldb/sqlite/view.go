package sqlite

import (
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// view is the one mapping of a database file that all its connections read
// through. SQLite by itself maps the file once for each connection and anew
// after every commit of another one; the kernel then has to find every page
// again. Nothing is lost by keeping it: a shared mapping always shows what is in
// the file, and what a connection may look at is decided by the log alone.
//
// The mapping is as long as it may become, mostly behind the end of the file:
// only what lies before the end is handed out.
type view struct {
	bytes []byte
	end   atomic.Int64 // of what may be handed out: the end of the file as it was last seen

	own *lib.Tsqlite3_io_methods // of the file

	// Functions of the file's own methods.
	ownRead     func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	ownTruncate func(*libc.TLS, uintptr, int64) int32
	ownControl  func(*libc.TLS, uintptr, int32, uintptr) int32

	// Ours are kept here because SQLite holds only their addresses.
	read     func(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32
	truncate func(tls *libc.TLS, file uintptr, n int64) int32
	control  func(tls *libc.TLS, file uintptr, op int32, arg uintptr) int32
	fetch    func(tls *libc.TLS, file uintptr, offset int64, n int32, out uintptr) int32
	unfetch  func(tls *libc.TLS, file uintptr, offset int64, p uintptr) int32
}

// overread is what SQLite may read behind a page of a damaged file.
const overread = 256

// newView maps the file that c reads; nil where that cannot be done: then
// SQLite reads it in its own way. The mapping holds no descriptor.
func newView(c *conn, size int64) *view {
	if size <= 0 {
		return nil
	}
	file, err := c.filePointer("main", lib.SQLITE_FCNTL_FILE_POINTER)
	if err != nil || file == 0 {
		return nil
	}
	v := &view{own: (*lib.Tsqlite3_io_methods)(pointer((*lib.Tsqlite3_file)(pointer(file)).FpMethods))}
	if v.own == nil || v.own.FiVersion < 3 {
		return nil
	}
	if v.bytes = mapFile(file, size); v.bytes == nil {
		return nil
	}
	v.ownRead = function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](&v.own.FxRead)
	v.ownTruncate = function[func(*libc.TLS, uintptr, int64) int32](&v.own.FxTruncate)
	v.ownControl = function[func(*libc.TLS, uintptr, int32, uintptr) int32](&v.own.FxFileControl)
	v.read = func(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32 {
		if offset+int64(n) <= v.end.Load() {
			copy(bytesAt(buf, int(n)), v.bytes[offset:])
			return lib.SQLITE_OK
		}
		return v.ownRead(tls, file, buf, n, offset)
	}
	v.truncate = func(tls *libc.TLS, file uintptr, n int64) int32 {
		v.end.Store(min(v.end.Load(), n))
		return v.ownTruncate(tls, file, n)
	}
	v.control = func(tls *libc.TLS, file uintptr, op int32, arg uintptr) int32 {
		if op == lib.SQLITE_FCNTL_SIZE_HINT { // it would map the file to the length that it is about to have
			return lib.SQLITE_OK
		}
		return v.ownControl(tls, file, op, arg)
	}
	v.fetch = v.hand
	v.unfetch = func(_ *libc.TLS, file uintptr, _ int64, p uintptr) int32 {
		if p == 0 { // another one has committed since the last look
			v.look(file)
		}
		return lib.SQLITE_OK
	}
	v.look(file)
	return v
}

// hand tells where in memory a piece of the file lies, if it does.
func (v *view) hand(_ *libc.TLS, file uintptr, offset int64, n int32, out uintptr) int32 {
	at := (*uintptr)(pointer(out))
	*at = 0
	last := offset + int64(n) + overread
	if last > v.end.Load() {
		if last > int64(len(v.bytes)) {
			return lib.SQLITE_OK
		}
		if v.look(file); last > v.end.Load() {
			return lib.SQLITE_OK
		}
	}
	*at = uintptr(unsafe.Pointer(&v.bytes[offset]))
	return lib.SQLITE_OK
}

// look sees where the file ends now.
func (v *view) look(file uintptr) {
	v.end.Store(min(fileLength(file), int64(len(v.bytes))))
}

// share lets c read its database of that name through v, before it has read
// anything.
func (c *conn) share(name string, v *view) error {
	if v == nil {
		return nil
	}
	at, err := c.filePointer(name, lib.SQLITE_FCNTL_FILE_POINTER)
	if err != nil {
		return err
	}
	file := (*lib.Tsqlite3_file)(pointer(at))
	if file.FpMethods != uintptr(unsafe.Pointer(v.own)) {
		return nil
	}
	block := libc.Xmalloc(c.tls, libc.Tsize_t(unsafe.Sizeof(*v.own)))
	if block == 0 {
		panic("sqlite: out of memory")
	}
	methods := (*lib.Tsqlite3_io_methods)(pointer(block))
	*methods = *v.own
	methods.FxRead, methods.FxTruncate = address(&v.read), address(&v.truncate)
	methods.FxFileControl = address(&v.control)
	methods.FxFetch, methods.FxUnfetch = address(&v.fetch), address(&v.unfetch)
	file.FpMethods = block
	c.views, c.blocks = append(c.views, v), append(c.blocks, block)
	return nil
}

// close gives the memory back, when nobody reads; connections that are opened
// afterwards read in SQLite's own way.
func (v *view) close() {
	if v == nil || v.bytes == nil {
		return
	}
	v.end.Store(0)
	unmapFile(v.bytes)
	v.bytes, v.own = nil, nil
}
