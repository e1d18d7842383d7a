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

// Reopen waits for the running reads, since their connections hold the file,
// and for the writes to it. When the file cannot be opened again, readers do
// without it.
func (db *DB) Reopen(anew bool) error {
	db.alone.Lock()
	defer db.alone.Unlock()
	for range cap(db.slots) {
		db.slots <- struct{}{}
	}
	defer func() {
		for range cap(db.slots) {
			<-db.slots
		}
	}()
	if db.shut.Load() {
		return sqldb.ErrClosed
	}
	db.mu.Lock()
	for _, c := range db.free {
		c.close()
		db.open.Add(-1)
	}
	db.free = nil
	db.mu.Unlock()
	if second := db.beside.Load(); second != nil {
		if err := second.Close(); err != nil {
			return err
		}
	}
	return db.openBeside(anew)
}

// openReader opens a connection that reads both files, or the first alone when
// the second cannot be read: then only its tables are missing.
func (db *DB) openReader() (*conn, error) {
	list := db.opt.pragmas(true)
	if db.beside.Load() == nil {
		return openConn(db.file, list)
	}
	name := besideFile(db.file, db.opt.Beside)
	c, err := openConn(db.file, append([]string{"PRAGMA busy_timeout = 5000", "ATTACH " + text(name) + " AS beside"}, list...))
	if err != nil {
		return openConn(db.file, list)
	}
	return c, nil
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
