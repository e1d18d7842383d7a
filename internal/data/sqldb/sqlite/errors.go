package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Error is what SQLite said about a statement. Code is the extended result code.
type Error struct {
	Code int32
	Text string
	SQL  string
}

// Error is for logs.
func (e *Error) Error() string { return fmt.Sprintf("sqlite: %s (%d): %s", e.Text, e.Code, e.SQL) }

// fail makes the error of a result code; the ones people can cause become
// errors for people.
func (c *conn) fail(rc int32, sql string) error {
	e := &Error{Code: rc, SQL: sql}
	if c.db != 0 {
		if code := lib.Xsqlite3_extended_errcode(c.tls, c.db); code&0xff == rc&0xff {
			e.Code = code
		}
		e.Text = libc.GoString(lib.Xsqlite3_errmsg(c.tls, c.db))
	}
	switch e.Code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return sqldb.ErrDuplicate.With(violation(e))
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return sqldb.ErrForeignKey.With(e)
	case lib.SQLITE_BUSY, lib.SQLITE_BUSY_RECOVERY, lib.SQLITE_BUSY_SNAPSHOT, lib.SQLITE_BUSY_TIMEOUT:
		return sqldb.ErrBusy.With(e)
	case lib.SQLITE_FULL:
		return sqldb.ErrDiskFull.With(e)
	case lib.SQLITE_ERROR:
		if e.Text == "integer overflow" {
			return sqldb.ErrSumRange.With(e)
		}
	}
	return e
}

// violation reads "UNIQUE constraint failed: t.a, t.b" or "…: index 'i'".
func violation(e *Error) *sqldb.ViolationError {
	v := &sqldb.ViolationError{Err: e}
	_, list, _ := strings.Cut(e.Text, "failed: ")
	if name, is := strings.CutPrefix(list, "index '"); is {
		v.Index = strings.TrimSuffix(name, "'")
		return v
	}
	for _, p := range strings.Split(list, ", ") {
		table, column, _ := strings.Cut(p, ".")
		v.Table = table
		v.Columns = append(v.Columns, column)
	}
	return v
}

// full says whether the disk, or the limit of the file, is full.
func full(err error) bool {
	e, is := errors.AsType[*Error](err)
	return is && e.Code&0xff == lib.SQLITE_FULL
}

// fatal says whether a failed commit leaves the file in doubt: the disk is
// full, does not answer, or the file is damaged.
func fatal(err error) bool {
	e, is := errors.AsType[*Error](err)
	if !is {
		return false
	}
	switch e.Code & 0xff {
	case lib.SQLITE_IOERR, lib.SQLITE_FULL, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN:
		return true
	}
	return false
}
