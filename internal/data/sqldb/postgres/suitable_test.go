package postgres

import (
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// A database that cannot hold Chinese is refused before anything is made in it.
func TestOpenRefusesOtherEncodings(t *testing.T) {
	address := pg.URL(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pgconn.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	name := u.Path[1:] + "_latin"
	run := func(sql string) {
		t.Helper()
		if _, err := c.Exec(t.Context(), sql).ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	run("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
	defer run("DROP DATABASE " + name + " WITH (FORCE)")
	u.Path = "/" + name
	db, err := Open(t.Context(), u.String(), Options{})
	if errs.KeyOf(err) != "error.database_encoding" {
		t.Errorf("opened: %v", err)
	}
	if err == nil {
		db.Close()
	}
}

func TestSuitable(t *testing.T) {
	for _, c := range []struct{ number, version, encoding, want string }{
		{"150000", "15.0", "UTF8", ""}, {"180003", "18.3 (Debian)", "UTF8", ""},
		{"140011", "14.11", "UTF8", "error.database_version"}, {"150000", "15.0", "SQL_ASCII", "error.database_encoding"}, {"150000", "15.0", "EUC_CN", "error.database_encoding"},
	} {
		err := suitable([][]byte{[]byte(c.number), []byte(c.version), []byte(c.encoding)})
		if (err != nil) != (c.want != "") || err != nil && errs.KeyOf(err) != c.want {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
