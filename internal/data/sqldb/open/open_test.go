package open

import (
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	server := pg.URL(t)
	for address, want := range map[string]sqldb.Dialect{
		filepath.Join(dir, "plain path 银行.db"):            sqldb.SQLite,
		"sqlite://" + filepath.Join(dir, "url%20path.db"): sqldb.SQLite,
		server:                             sqldb.Postgres,
		server + "&schema=other":           sqldb.Postgres,
		server + "&schema=Odd%22%20Schema": sqldb.Postgres,
	} {
		db, err := Open(t.Context(), address, Options{})
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		if db.Dialect() != want {
			t.Errorf("%s: %s", address, db.Dialect())
		}
		// Each is empty and takes a table of its own.
		err = db.Exclusive(t.Context(), func(q sqldb.Querier) error {
			_, err := q.Exec(t.Context(), "CREATE TABLE t (id BIGINT)")
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", address, err)
		}
		var out sqldb.Rows
		if err := db.ReadOne(t.Context(), "SELECT count(*) FROM t", nil, []record.Kind{record.KindInt}, &out); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	for address, code := range map[string]errs.Code{
		"mysql://localhost/x":                 errs.Internal,
		"sqlite://host/x.db":                  errs.Internal,
		"sqlite://":                           errs.Internal,
		"sqlite:///x.db?mode=ro":              errs.Internal,
		filepath.Join(dir, "no", "folder.db"): errs.Internal,
		"postgres://nobody@127.0.0.1:1/none?connect_timeout=5":    errs.Unavailable,
		"postgres://nobody@127.0.0.1:1/none?connect_timeout=word": errs.Internal,
	} {
		db, err := Open(t.Context(), address, Options{})
		if err == nil || db != nil || errs.CodeOf(err) != code {
			t.Errorf("%s: %v", address, err)
		}
	}
}
