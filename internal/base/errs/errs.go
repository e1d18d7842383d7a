// Package errs is the one error that users see: a code that maps to an HTTP
// status once, a message key whose text lives in i18n, and the field it is
// about. Causes are for the log only.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Code classifies an error. The server maps each to one HTTP status, the
// command line to one exit text.
type Code string

// The codes. Their strings are part of the API (problem details "code").
const (
	Invalid         Code = "invalid"             // 422: a value is not acceptable
	BadRequest      Code = "bad_request"         // 400: the request itself is malformed (unknown field, parameter, filter)
	Unauthorized    Code = "unauthorized"        // 401: no or wrong credential
	Forbidden       Code = "forbidden"           // 403: known to the caller, not allowed
	NotFound        Code = "not_found"           // 404: does not exist or may not be seen
	Conflict        Code = "conflict"            // 409: a stale version in the body, or a state that forbids it
	Duplicate       Code = "duplicate"           // 409: a unique value or a strict duplicate rule
	Locked          Code = "locked"              // 423: an approval or a period holds the record
	Precondition    Code = "precondition_failed" // 412: If-Match does not hold
	VersionRequired Code = "version_required"    // 428: neither If-Match nor version given
	KeyReuse        Code = "idempotency_reuse"   // 422: same Idempotency-Key, other body
	TooLarge        Code = "too_large"           // 413
	RateLimited     Code = "rate_limited"        // 429
	Unavailable     Code = "unavailable"         // 503: starting, stopping, database away
	Internal        Code = "internal"            // 500: a defect; the cause is in the log
)

// Error is an error meant for a person. Key names a text in i18n, Args fill
// its {name} places, Field is the api name of the field it is about ("" = the
// whole request). Sub lists several errors found together, one per field. Offer
// names an action of the record that helps.
type Error struct {
	Code  Code
	Key   string
	Args  map[string]string
	Field string
	Offer string
	Sub   []*Error
	Cause error
}

// New makes an error; args are name, value pairs for the text.
func New(code Code, key string, args ...string) *Error {
	e := &Error{Code: code, Key: key}
	if len(args) > 1 {
		e.Args = make(map[string]string, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			e.Args[args[i]] = args[i+1]
		}
	}
	return e
}

// At returns a copy that names the field.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Offering returns a copy that names an action of the record which helps: the
// page offers it with the error, to whom may take it.
func (e *Error) Offering(action string) *Error {
	c := *e
	c.Offer = action
	return &c
}

// With returns a copy that wraps a cause, for the log only.
func (e *Error) With(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error is for logs, not for people.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Code, e.Key)
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	for k, v := range e.Args {
		fmt.Fprintf(&b, " %s=%q", k, v)
	}
	for _, s := range e.Sub {
		fmt.Fprintf(&b, "; %s", s.Error())
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Join makes one error of several field errors; nil when the list is empty.
func Join(list []*Error) error {
	switch len(list) {
	case 0:
		return nil
	case 1:
		return &Error{Code: list[0].Code, Key: list[0].Key, Args: list[0].Args, Field: list[0].Field, Sub: list}
	}
	return &Error{Code: list[0].Code, Key: "error.fields", Sub: list}
}

// CodeOf is the code of err, Internal for an error that is not ours.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Is says whether err carries code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }

// KeyOf is the message key of err, that of an internal error for one that is not ours.
func KeyOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Key
	}
	return "error.internal"
}
