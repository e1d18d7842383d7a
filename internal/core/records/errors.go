package records

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// notFound is the answer for what is not there and for what may not be seen.
func notFound() *errs.Error { return errs.New(errs.NotFound, "error.not_found") }

func errNoEntity(name string) *errs.Error {
	return errs.New(errs.NotFound, "error.entity_unknown", "entity", name)
}

func forbidden(op string) *errs.Error {
	return errs.New(errs.Forbidden, "error.forbidden", "op", op)
}

// Stale tells a writer that somebody else saved first; Current is the record as it is now.
type Stale struct {
	Err     *errs.Error
	Current *record.Record
}

func (s *Stale) Error() string { return s.Err.Error() }

// Unwrap gives the coded error.
func (s *Stale) Unwrap() error { return s.Err }

// Duplicates is returned when the duplicate check refuses a write.
type Duplicates struct {
	Err  *errs.Error
	Hits []Hit
}

func (d *Duplicates) Error() string { return d.Err.Error() }

// Unwrap gives the coded error.
func (d *Duplicates) Unwrap() error { return d.Err }

// Diverted is returned by a gate that put the change aside for approval; the
// API answers 202 with it.
type Diverted struct{ Pending int64 }

func (d *Diverted) Error() string { return "diverted to pending change " + id.ID(d.Pending).String() }
