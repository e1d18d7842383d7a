package sqlite

import (
	"errors"
	"os"
	"strings"

	lib "modernc.org/sqlite/lib"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// The second file holds what can be made again. Readers attach it, so that a
// statement finds its tables by their names alone; SQLite looks in the first
// file first. The writer of the first does not: BEGIN IMMEDIATE would wait for
// the writer of each attached file.

var _ sqldb.Besider = (*DB)(nil)

// besideFile names the second file: guanxi.search.db for guanxi.db and "search".
func besideFile(file, part string) string {
	return strings.TrimSuffix(file, ".db") + "." + part + ".db"
}

// openBeside opens the second file. One that is no database is thrown away.
func (db *DB) openBeside(anew bool) error {
	opt := db.opt
	opt.Beside, opt.OnFatal = "", func(error) {}
	name := besideFile(db.file, db.opt.Beside)
	if _, err := os.Lstat(name); anew || os.IsNotExist(err) {
		if err := removeFile(name); err != nil {
			return err
		}
	}
	second, err := Open(name, opt)
	if db.Damaged(err) {
		if err := removeFile(name); err != nil {
			return err
		}
		second, err = Open(name, opt)
	}
	if err != nil {
		return err
	}
	db.beside.Store(second)
	return nil
}

// removeFile removes a database and what belongs to it. No connection is open.
func removeFile(name string) error {
	for _, ending := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(name + ending); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// Beside is the second file.
func (db *DB) Beside() sqldb.DB {
	if second := db.beside.Load(); second != nil {
		return second
	}
	return nil
}

// Damaged says whether an error tells that a file is no sound database.
func (db *DB) Damaged(err error) bool {
	e, is := errors.AsType[*Error](err)
	return is && (e.Code&0xff == lib.SQLITE_CORRUPT || e.Code&0xff == lib.SQLITE_NOTADB)
}

// Reopen waits for the running reads whose connections hold the file (the last
// to close it would remove the log of the new one, by its name), and for the
// writes to it. Reads that begin meanwhile, and as long as it cannot be opened
// again, do without it: a backup may run for an hour.
func (db *DB) Reopen(anew bool) error {
	db.alone.Lock()
	defer db.alone.Unlock()
	if db.shut.Load() {
		return sqldb.ErrClosed
	}
	db.partReaders()
	defer db.joinReaders()
	if second := db.beside.Load(); second != nil {
		if err := second.Close(); err != nil {
			return err
		}
	}
	return db.openBeside(anew)
}

// bothReaders are the readers that hold the second file open.
type bothReaders struct {
	n    int
	none chan struct{} // while Reopen waits for them: closed when there are none
}

// partReaders waits until no reader holds the second file; from then on they
// are opened without it.
func (db *DB) partReaders() {
	db.mu.Lock()
	none := make(chan struct{})
	if db.readers.none = none; db.readers.n == 0 {
		close(none)
	}
	free := db.free
	db.free = nil
	db.mu.Unlock()
	for _, c := range free {
		db.closeReader(c)
	}
	<-none
}

// joinReaders ends partReaders.
func (db *DB) joinReaders() {
	db.mu.Lock()
	db.readers.none = nil
	db.mu.Unlock()
}

// fits says whether a reader may be used again; mu is held. One without the
// second file is not kept, since that may be there the next time, nor one that
// goes by older statistics.
func (db *DB) fits(c *conn) bool {
	return c.seen == db.seen.Load() && (db.opt.Beside == "" || c.both && db.readers.none == nil)
}

// openReader opens a connection that reads both files, or the first alone when
// the second cannot be read: then only its tables are missing.
func (db *DB) openReader() (*conn, error) {
	seen := db.seen.Load()
	c, err := db.openFiles()
	if err != nil {
		return nil, err
	}
	c.seen = seen
	err = c.share("main", db.view)
	if err == nil && c.both {
		err = c.share("beside", db.beside.Load().view)
	}
	if err != nil {
		c.close()
		if c.both {
			db.leave()
		}
		return nil, err
	}
	return c, nil
}

func (db *DB) openFiles() (*conn, error) {
	list := db.opt.pragmas(true)
	db.mu.Lock()
	both := db.opt.Beside != "" && db.readers.none == nil
	if both {
		db.readers.n++
	}
	db.mu.Unlock()
	if both {
		name := besideFile(db.file, db.opt.Beside)
		c, err := openConn(db.file, append([]string{"PRAGMA busy_timeout = 5000", "ATTACH " + text(name) + " AS beside"}, list...))
		if err == nil {
			c.both = true
			return c, nil
		}
		db.leave()
	}
	return openConn(db.file, list)
}

// closeReader closes a reader that was opened.
func (db *DB) closeReader(c *conn) {
	c.close()
	db.open.Add(-1)
	if c.both {
		db.leave()
	}
}

// leave counts a reader less that holds the second file.
func (db *DB) leave() {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.readers.n--; db.readers.n == 0 && db.readers.none != nil {
		close(db.readers.none)
	}
}

// text writes a text in SQL.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// closeBeside closes the second file.
func (db *DB) closeBeside() error {
	if second := db.beside.Load(); second != nil {
		return second.Close()
	}
	return nil
}

// massBeside is MassWrite of the second file.
func (db *DB) massBeside() (done func()) {
	if second := db.beside.Load(); second != nil {
		return second.MassWrite()
	}
	return func() {}
}
