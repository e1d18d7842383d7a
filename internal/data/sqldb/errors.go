package sqldb

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// ViolationError is the cause inside the errs.Duplicate that a unique index
// gives. SQLite tells the columns, or the name of an index over expressions;
// PostgreSQL tells the table and the index, and the columns as far as its
// message names them.
type ViolationError struct {
	Table   string
	Index   string
	Columns []string
	Err     error // as the driver gave it
}

// Error is for logs.
func (v *ViolationError) Error() string {
	return fmt.Sprintf("unique index %s of %s (%s): %v", v.Index, v.Table, strings.Join(v.Columns, ", "), v.Err)
}

// Unwrap gives the driver's error.
func (v *ViolationError) Unwrap() error { return v.Err }

// UniqueColumns tells which unique index a write ran into. At least one of
// index and columns is filled; ok is false for any other error.
func UniqueColumns(err error) (table, index string, columns []string, ok bool) {
	if v, is := errors.AsType[*ViolationError](err); is {
		return v.Table, v.Index, v.Columns, true
	}
	return "", "", nil, false
}

// PanicError is the cause inside the errs.Internal that Write and Read return
// when the function they were given panicked.
type PanicError struct {
	Value any
	Stack []byte
}

// Error is for logs and holds the stack.
func (p *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", p.Value, p.Stack) }

// Panicked makes the error for a recovered panic.
func Panicked(value any, stack []byte) error {
	return errs.New(errs.Internal, "error.internal").With(&PanicError{Value: value, Stack: stack})
}

// The errors both drivers give for the same cause.
var (
	ErrDuplicate  = errs.New(errs.Duplicate, "error.unique")
	ErrForeignKey = errs.New(errs.Conflict, "error.foreign_key")
	ErrSumRange   = errs.New(errs.Invalid, "error.sum_range")
	ErrTextNul    = errs.New(errs.Invalid, "error.text_nul")
	ErrTextUTF8   = errs.New(errs.Invalid, "error.text_utf8")
	ErrFailed     = errs.New(errs.Unavailable, "error.database_failed")
	ErrBusy       = errs.New(errs.Unavailable, "error.database_busy")
	ErrDiskFull   = errs.New(errs.Unavailable, "error.disk_full")
	ErrClosed     = errs.New(errs.Unavailable, "error.database_closed")
)

// CheckText refuses what PostgreSQL cannot store, so that both databases hold
// the same: a zero byte (ErrTextNul) and bytes that are not UTF-8 (ErrTextUTF8).
func CheckText(s string) error {
	if strings.IndexByte(s, 0) >= 0 {
		return ErrTextNul
	}
	if !utf8.ValidString(s) {
		return ErrTextUTF8
	}
	return nil
}
