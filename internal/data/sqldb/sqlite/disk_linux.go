package sqlite

import (
	"errors"
	"syscall"

	lib "modernc.org/sqlite/lib"
)

// syncData brings a file's data and its length to the disk, but not when it
// was changed, which would be one more write to another place. SQLite does the
// same where it is compiled with HAVE_FDATASYNC; this one is not.
func syncData(file uintptr) (rc int32, can bool) {
	fd := int((*lib.TunixFile)(pointer(file)).Fh)
	for {
		err := syscall.Fdatasync(fd)
		if err == nil {
			return lib.SQLITE_OK, true
		}
		if !errors.Is(err, syscall.EINTR) {
			return lib.SQLITE_IOERR_FSYNC, true
		}
	}
}
