package pg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const orphanVariable = "GUANXI_TEST_ORPHAN"

// TestMain can be the process that is killed while its server runs.
func TestMain(m *testing.M) {
	if os.Getenv(orphanVariable) != "" {
		s, err := Start(Options{})
		if err != nil {
			fmt.Fprintln(os.Stdout, err)
			os.Exit(1)
		}
		fmt.Fprintln(os.Stdout, s.URL)
		select {}
	}
	os.Exit(m.Run())
}

// A killed process leaves no server behind.
func TestNoOrphan(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), orphanVariable+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, err := out.Read(b)
	address := strings.TrimSpace(string(b[:n]))
	if err != nil || !strings.HasPrefix(address, "postgres://") {
		t.Fatalf("%s %v", address, err)
	}
	if err := command(address, "SELECT 1"); err != nil {
		t.Fatal(err)
	}
	c, err := pgconn.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := c.WaitForNotification(ctx); err == nil || ctx.Err() != nil { // ends with the server
		t.Errorf("the server still runs: %v", err)
	}
}

// Each test has a database of its own on the shared server.
func TestURL(t *testing.T) {
	a, b := URL(t), URL(t)
	if a == b {
		t.Fatal("one database for two tests")
	}
	if err := command(a, "CREATE TABLE x (id INT)"); err != nil {
		t.Fatal(err)
	}
	if err := command(b, "SELECT 1 FROM x"); err == nil {
		t.Error("the table of one is seen in the other")
	}
}

func TestPrivate(t *testing.T) {
	c, err := pgconn.Connect(t.Context(), Private(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	r, err := c.Exec(t.Context(), "SHOW fsync").ReadAll()
	if err != nil || string(r[0].Rows[0][0]) != "on" {
		t.Errorf("fsync: %v %v", r, err)
	}
}

// A killed server comes back with what was committed.
func TestCrash(t *testing.T) {
	s, address := PrivateServer(t)
	for _, sql := range []string{"CREATE TABLE x (id INT)", "INSERT INTO x VALUES (1)"} {
		if err := command(address, sql); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := s.Crash(); err != nil {
			t.Fatal(err)
		}
		if err := command(address, "SELECT 1"); err == nil {
			t.Error("a killed server answers")
		}
		if err := s.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	if err := command(address, "UPDATE x SET id = 1 / (SELECT count(*) FROM x WHERE id = 1)"); err != nil {
		t.Errorf("the row is gone: %v", err)
	}
}
