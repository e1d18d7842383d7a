// Package pg gives tests a real PostgreSQL server. The variable
// GUANXI_TEST_PG names one (an address whose role may create databases, for
// tests that share a server: see the command in run); without it a private
// server is started once for the process.
package pg

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Variable names the server that tests share.
const Variable = "GUANXI_TEST_PG"

// shared is the server of this process, started by the first test that asks
// and stopped by its supervisor when the process ends, however it ends. It is
// kept: its pipe must stay open until then.
var shared = sync.OnceValues(func() (*Server, error) {
	if address := os.Getenv(Variable); address != "" {
		return &Server{URL: address}, nil
	}
	return Start(Options{})
})

// URL gives the address of a fresh, empty database on a real PostgreSQL; it is
// dropped at the end of the test. The test fails when no server can be had.
func URL(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("the tests need PostgreSQL (apt-get install postgresql, or set %s to an address whose role may create databases): %v", Variable, err)
	}
	return fresh(t, s.URL, empty)
}

// Template gives the address of an empty database that Copy copies. It stays
// until its server ends.
func Template(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	address, err := s.Database()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Copy is URL with what is in the database at template, which nobody uses.
func Copy(t testing.TB, template string) string {
	t.Helper()
	u, err := url.Parse(template)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	copying, err := strategy()
	if err != nil {
		t.Fatal(err)
	}
	return fresh(t, s.URL, "TEMPLATE "+strings.TrimPrefix(u.Path, "/")+copying)
}

// strategy has the server of this process copy databases by their files. From
// version 15 on it must be told, or writes every page into its log first, which
// takes half as long again.
var strategy = sync.OnceValues(func() (string, error) {
	s, err := shared()
	if err != nil {
		return "", err
	}
	ctx := context.Background()
	c, err := pgconn.Connect(ctx, s.URL)
	if err != nil {
		return "", err
	}
	defer func() { _ = c.Close(ctx) }() // everything was answered
	found, err := c.Exec(ctx, "SELECT current_setting('server_version_num')::integer >= 150000").ReadAll()
	if err != nil || string(found[0].Rows[0][0]) != "t" {
		return "", err
	}
	return " STRATEGY FILE_COPY", nil
})

// Alone runs the tests of a package on a server that no other package shares.
func Alone(m *testing.M) {
	if err := os.Unsetenv(Variable); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// Private gives the address of a fresh database on a server of its own, which
// really writes to the disk: for tests that kill what uses it.
func Private(t testing.TB) string {
	t.Helper()
	_, address := PrivateServer(t)
	return address
}

// PrivateServer is Private with the server: for tests that kill it too. It
// must run when the test ends.
func PrivateServer(t testing.TB) (s *Server, address string) {
	t.Helper()
	s, err := Start(Options{Sync: true})
	if err != nil {
		t.Fatalf("the tests need PostgreSQL (apt-get install postgresql): %v", err)
	}
	t.Cleanup(s.Stop)
	return s, fresh(t, s.URL, empty)
}

// Dump writes the database at address to file as SQL, as an administrator's
// pg_dump does.
func Dump(t testing.TB, address, file string) {
	t.Helper()
	client(t, "pg_dump", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100", "--file", file, address)
}

// Load brings what Dump wrote into the empty database at address.
func Load(t testing.TB, address, file string) {
	t.Helper()
	client(t, "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--output", os.DevNull, "--file", file, address)
}

// client runs one of PostgreSQL's programs, those beside the server's.
func client(t testing.TB, name string, args ...string) {
	t.Helper()
	bin, err := programs()
	if err == nil { // a link to the server may stand where the clients have none
		bin, err = filepath.EvalSymlinks(filepath.Join(bin, "initdb"))
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(filepath.Join(filepath.Dir(bin), name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// empty is how a database is made, in an encoding and order that do not depend
// on the machine.
const empty = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"

// fresh makes a database and drops it after the test.
func fresh(t testing.TB, admin, how string) string {
	t.Helper()
	address, name, err := create(admin, how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// FORCE is refused while a vacuum of the server itself is in there; the
		// plain form sends that away and waits for it.
		if command(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") == nil {
			return
		}
		if err := command(admin, "DROP DATABASE IF EXISTS "+name); err != nil {
			t.Error(err)
		}
	})
	return address
}

// create makes a database on the server of admin and gives its address.
func create(admin, how string) (address, name string, err error) {
	u, err := url.Parse(admin)
	if err != nil {
		return "", "", err
	}
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", "", err
	}
	name = "test_" + hex.EncodeToString(b[:])
	u.Path = "/" + name
	return u.String(), name, command(admin, "CREATE DATABASE "+name+" "+how)
}

// Database makes an empty database on the server and gives its address; it goes with the server.
func (s *Server) Database() (address string, err error) {
	address, _, err = create(s.URL, empty)
	return address, err
}

// command runs one statement on a connection of its own.
func command(address, sql string) error {
	ctx := context.Background()
	c, err := pgconn.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }() // everything was answered
	if _, err := c.Exec(ctx, sql).ReadAll(); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}
