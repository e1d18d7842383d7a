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
	fd := descriptor(file)
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

// mapFile maps size bytes of an open file, also behind its end; nil when that
// cannot be done.
func mapFile(file uintptr, size int64) []byte {
	if int64(int(size)) != size {
		return nil
	}
	b, err := syscall.Mmap(descriptor(file), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil
	}
	return b
}

// unmapFile ends a mapping. It cannot fail for what mapFile gave.
func unmapFile(b []byte) { _ = syscall.Munmap(b) }

// fileLength is how long an open file is; 0 when it cannot be told.
func fileLength(file uintptr) int64 {
	var s syscall.Stat_t
	if syscall.Fstat(descriptor(file), &s) != nil {
		return 0
	}
	return s.Size
}

func descriptor(file uintptr) int { return int((*lib.TunixFile)(pointer(file)).Fh) }
