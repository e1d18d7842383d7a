package sqldbtest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/open"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// victimVariable makes this test binary the process that is killed: it holds
// the address of the database to write to.
const victimVariable = "GUANXI_TEST_VICTIM"

func TestMain(m *testing.M) {
	if address := os.Getenv(victimVariable); address != "" {
		fmt.Fprintln(os.Stderr, victim(address))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const victimWriters = 16

// victim writes until it is killed. Each write is two rows; what Write has
// acknowledged is printed.
func victim(address string) error {
	ctx := context.Background()
	db, err := open.Open(ctx, address, open.Options{})
	if err != nil {
		return err
	}
	var out sqldb.Rows
	if err := db.ReadOne(ctx, "SELECT COALESCE(max(id), 0) FROM k", nil, oneInt, &out); err != nil {
		return err
	}
	// Behind the writes that a killed victim has sent and the server still
	// works on, one for each writer.
	start := out.At(0, 0).Int()/victimWriters + 2
	errs := make(chan error, victimWriters)
	var wg sync.WaitGroup
	for w := range int64(victimWriters) {
		wg.Go(func() {
			for i := start; ; i++ {
				id := record.Int(i*victimWriters + w)
				err := db.Write(ctx, func(tx sqldb.Tx) error {
					if _, err := tx.Exec(ctx, "INSERT INTO k (id, s) VALUES ("+p(db, 1)+", 'x')", id); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, "INSERT INTO k2 (k_id) VALUES ("+p(db, 1)+")", id)
					return err
				})
				if err != nil {
					errs <- err
					return
				}
				fmt.Fprintln(os.Stdout, id.Int())
			}
		})
	}
	return <-errs
}

// killRounds are as many as a test can wait for; all of them in a soak.
func killRounds() int {
	if os.Getenv("GUANXI_SOAK") != "" {
		return 50
	}
	return 5
}

// A process killed at any moment loses nothing that was acknowledged and
// leaves nothing half done.
func TestKill(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killLoop(t, filepath.Join(t.TempDir(), "kill.db")) })
	t.Run("postgres", func(t *testing.T) { killLoop(t, pg.Private(t)) })
}

func killLoop(t *testing.T, address string) {
	db := reopen(t, address)
	ddl(t, db, "CREATE TABLE k (id BIGINT PRIMARY KEY, s TEXT)", "CREATE TABLE k2 (k_id BIGINT REFERENCES k(id))", "CREATE INDEX k2_k ON k2 (k_id)")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for range killRounds() {
		acknowledged += killRound(t, address, 50+rand.IntN(1500))
	}
	t.Logf("%d rounds, %d acknowledged writes, none lost", killRounds(), acknowledged)
}

func reopen(t *testing.T, address string) sqldb.DB {
	t.Helper()
	db, err := open.Open(t.Context(), address, open.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// killRound kills a victim after it has acknowledged a number of writes, and
// checks what it left.
func killRound(t *testing.T, address string, after int) int {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimVariable+"="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		id, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			break // the line during which it died
		}
		ids = append(ids, id)
		if len(ids) == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(ids) < after {
		t.Fatalf("the victim ended by itself after %d writes: %v", len(ids), err)
	}
	db := reopen(t, address)
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	if n := number(t, db, "SELECT count(*) FROM k WHERE "+in(db, "id", 1), record.Ints(ids)); n != int64(len(ids)) {
		t.Errorf("%d of %d acknowledged writes are there", n, len(ids))
	}
	if n := number(t, db, "SELECT count(*) FROM k LEFT JOIN k2 ON k_id = id WHERE k_id IS NULL"); n != 0 {
		t.Errorf("%d writes are half done", n)
	}
	if db.Dialect() == sqldb.SQLite {
		var rows sqldb.Rows
		if err := db.ReadOne(t.Context(), "PRAGMA integrity_check", nil, []record.Kind{record.KindText}, &rows); err != nil || rows.At(0, 0).Str() != "ok" {
			t.Errorf("integrity check: %v", err)
		}
	}
	return len(ids)
}
