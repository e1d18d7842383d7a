package app

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/backup"
)

// plainError turns an error of the system into one for a person.
func plainError(err error) *errs.Error {
	file := ""
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		file = p.Path
	} else if l, ok := errors.AsType[*os.LinkError](err); ok {
		file = l.New
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errs.New(errs.Unavailable, "error.interrupted").With(err)
	case errors.Is(err, syscall.ENOSPC):
		return errs.New(errs.Unavailable, "error.disk_full").With(err)
	case errors.Is(err, syscall.EADDRINUSE):
		return errs.New(errs.Unavailable, "error.listen_taken").With(err)
	case notListened(err, func(cause error) bool { return errors.Is(cause, fs.ErrPermission) }):
		return errs.New(errs.Forbidden, "error.listen_denied").With(err)
	case notListened(err, func(cause error) bool { _, bad := errors.AsType[*net.AddrError](cause); return bad }):
		return errs.New(errs.BadRequest, "error.listen_form").With(err)
	case file != "" && errors.Is(err, fs.ErrPermission):
		return errs.New(errs.Forbidden, "error.path_denied", "file", file).With(err)
	case file != "" && errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.NotFound, "error.path_missing", "file", file).With(err)
	}
	return errs.New(errs.Internal, "error.command_failed", "cause", err.Error()).With(err)
}

// notListened says whether an address could not be listened on for such a cause.
func notListened(err error, cause func(error) bool) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "listen" && cause(op.Err)
}

// replaceable refuses to write a backup over anything but an older one.
func replaceable(file string) error {
	if !filepath.IsAbs(file) {
		return errs.New(errs.Invalid, "error.path_relative", "file", file)
	}
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := backup.Inspect(file); err != nil {
		return errs.New(errs.Conflict, "error.backup_over_other", "file", file).With(err)
	}
	return nil
}
