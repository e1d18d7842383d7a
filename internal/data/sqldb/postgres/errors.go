package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// SQLSTATE codes, PostgreSQL documentation appendix A.
const (
	uniqueViolation     = "23505"
	foreignKeyViolation = "23503"
	restrictViolation   = "23001"
	outOfRange          = "22003"
	badCharacter        = "22021"
	untranslatable      = "22P05"
	diskFull            = "53100"
	queryCanceled       = "57014"
	lockNotAvailable    = "55P03"
	serialization       = "40001"
	deadlock            = "40P01"
	featureNotSupported = "0A000"
	undefinedStatement  = "26000"
)

// failure turns what the driver said into the errors both databases share;
// lost tells that the connection is gone.
func failure(ctx context.Context, err error, lost bool) error {
	if err == nil {
		return nil
	}
	if e, is := errors.AsType[*pgconn.PgError](err); is {
		return serverFailure(ctx, err, e)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if lost {
		return errs.New(errs.Unavailable, "error.database_away").With(err)
	}
	return err
}

// fail is failure on the session's connection.
func (s *session) fail(ctx context.Context, err error) error {
	return failure(ctx, err, s.pc.IsClosed())
}

// serverFailure maps an answer of the server.
func serverFailure(ctx context.Context, err error, e *pgconn.PgError) error {
	switch e.Code {
	case uniqueViolation:
		return sqldb.ErrDuplicate.With(&sqldb.ViolationError{
			Table: e.TableName, Index: e.ConstraintName, Columns: keyColumns(e.Detail), Err: err,
		})
	case foreignKeyViolation, restrictViolation:
		return sqldb.ErrForeignKey.With(err)
	case outOfRange:
		return sqldb.ErrSumRange.With(err)
	case badCharacter, untranslatable:
		return sqldb.ErrTextUTF8.With(err)
	case lockNotAvailable:
		return sqldb.ErrBusy.With(err)
	case queryCanceled:
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errs.New(errs.Unavailable, "error.database_timeout").With(err)
	}
	if e.Code == diskFull {
		return sqldb.ErrDiskFull.With(err)
	}
	switch e.Code[:2] {
	case "08", "53", "57": // connection, resources (too many connections), shut down
		return errs.New(errs.Unavailable, "error.database_away").With(err)
	}
	return err
}

// at says where err happened; an error for people stays one.
func at(err error, where string) error {
	if e, is := errors.AsType[*errs.Error](err); is {
		return e.With(errors.New(where))
	}
	return fmt.Errorf("%w: %s", err, where)
}

// keyColumns reads `Key (a, b)=(1, 2) already exists.`, whose words depend on
// the server's language; nil when an expression is among them.
func keyColumns(detail string) []string {
	_, rest, ok := strings.Cut(detail, "(")
	list, _, ok2 := strings.Cut(rest, ")=(")
	if !ok || !ok2 || strings.ContainsAny(list, "()") {
		return nil
	}
	columns := strings.Split(list, ", ")
	for i, c := range columns {
		columns[i] = strings.ReplaceAll(strings.Trim(c, `"`), `""`, `"`)
	}
	return columns
}

// conflict says whether the transaction lost against another and may be tried
// again, or met a statement whose plan a schema change made invalid.
func conflict(err error) bool {
	e, is := errors.AsType[*pgconn.PgError](err)
	return is && (e.Code == serialization || e.Code == deadlock) || stale(err)
}

// stale says whether a prepared statement no longer fits the schema.
func stale(err error) bool {
	e, is := errors.AsType[*pgconn.PgError](err)
	return is && (e.Code == featureNotSupported && strings.Contains(e.Routine, "RevalidateCachedQuery") || e.Code == undefinedStatement)
}
