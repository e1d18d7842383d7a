package ddl

import (
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Text is one statement as each dialect reads it.
type Text struct{ SQLite, Postgres string }

// Both makes a Text of a statement that differs only in its parameters, which
// are written $1, $2 …; the statement has no other $.
func Both(sql string) Text {
	return Text{SQLite: strings.ReplaceAll(sql, "$", "?"), Postgres: sql}
}

// For is the statement in dialect d.
func (t Text) For(d sqldb.Dialect) string {
	if d == sqldb.Postgres {
		return t.Postgres
	}
	return t.SQLite
}

// Param is parameter number n, counted from 1, in dialect d.
func Param(d sqldb.Dialect, n int) string {
	if d == sqldb.Postgres {
		return "$" + strconv.Itoa(n)
	}
	return "?" + strconv.Itoa(n)
}
