// Package open opens a database by its address.
package open

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/postgres"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/sqlite"
)

// Options of both databases; the zero value is right for a server.
type Options struct {
	SQLite   sqlite.Options
	Postgres postgres.Options
}

// Open opens the database at address: "postgres://…" or "postgresql://…" is a
// PostgreSQL server (?schema=name chooses the schema, made when it does not
// exist); "sqlite:///absolute/path.db" or a plain path is a SQLite file.
func Open(ctx context.Context, address string, opt Options) (sqldb.DB, error) {
	scheme, _, ok := strings.Cut(address, "://")
	if !ok {
		return file(address, opt.SQLite)
	}
	switch scheme {
	case "postgres", "postgresql":
		return server(ctx, address, opt.Postgres)
	case "sqlite":
		u, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		if u.Host != "" || u.Path == "" || u.RawQuery != "" {
			return nil, fmt.Errorf("database address %q: want sqlite:///absolute/path.db", address)
		}
		return file(u.Path, opt.SQLite)
	}
	return nil, fmt.Errorf("database address: unknown scheme %q (sqlite or postgres)", scheme)
}

func server(ctx context.Context, address string, opt postgres.Options) (sqldb.DB, error) {
	db, err := postgres.Open(ctx, address, opt)
	if err != nil {
		return nil, err // not db: an interface around a nil pointer is not nil
	}
	return db, nil
}

func file(path string, opt sqlite.Options) (sqldb.DB, error) {
	db, err := sqlite.Open(path, opt)
	if err != nil {
		return nil, err
	}
	return db, nil
}
