package sqlite

import (
	"syscall"
	"time"
)

const (
	spreadParts = 64      // of the file, written one after the other
	leastPart   = 1 << 20 // bytes
	andWait     = 1 | 2 | 4
)

// spread has the system write what it holds of the file to the disk, part by
// part and resting between them twice as long as each took, until told to stop:
// written all at once, every commit would wait behind thousands of pages. It is
// no promise: what makes the file safe is SQLite's own sync, which then finds
// little left. An error shows itself there again.
func (c *conn) spread(stop <-chan struct{}) {
	file := c.file()
	var st syscall.Stat_t
	if file == nil || syscall.Fstat(int(file.Fh), &st) != nil {
		return
	}
	part := max(st.Size/spreadParts, leastPart)
	for at := int64(0); at < st.Size; at += part {
		began := time.Now()
		if syscall.SyncFileRange(int(file.Fh), at, part, andWait) != nil {
			return
		}
		select {
		case <-stop:
			return
		case <-time.After(2 * time.Since(began)):
		}
	}
}
