// Command floor is the yardstick's lower end: the least server that answers
// the workload. SQLite's C library, one prepared statement per question, the
// owner in the WHERE clause, JSON written by hand, sessions in a map. No
// metadata, no rights but the owner, no history, no search index but one. What
// a platform adds to this is what it costs.
//
//	floor load  -db FILE -rows N          makes the database
//	floor serve -db FILE -addr HOST:PORT  answers
package main

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/mattn/go-sqlite3"
)

func main() {
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func command(args []string) error {
	if len(args) == 0 {
		return errors.New("load or serve")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	file := flags.String("db", "floor.db", "the database file")
	rows := flags.Int("rows", 100_000, "load: how many customers")
	addr := flags.String("addr", "127.0.0.1:18081", "serve: where to listen")
	sync := flags.String("sync", "FULL", "serve: PRAGMA synchronous, FULL or NORMAL")
	gram := flags.Bool("gram", false, "load: make the two-character index; serve: search by it instead of LIKE")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "load":
		return load(*file, *rows, *gram)
	case "serve":
		return serve(*file, *addr, *sync, *gram)
	}
	return fmt.Errorf("unknown command %q", args[0])
}

// The settings of the floor: 64 MiB of page cache a connection, no mapping,
// as the published ratios have them.
func open(file, sync string, conns int) (*sql.DB, error) {
	name := fmt.Sprintf("file:%s?_journal_mode=WAL&_synchronous=%s&_cache_size=-65536&_busy_timeout=10000", file, sync)
	db, err := sql.Open("sqlite3", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, db.Ping()
}

func serve(file, addr, sync string, gram bool) error {
	if sync != "FULL" && sync != "NORMAL" {
		return fmt.Errorf("-sync %q: FULL or NORMAL", sync)
	}
	readers, err := open(file, sync, 2*runtime.NumCPU())
	if err != nil {
		return err
	}
	writer, err := open(file, sync, 1)
	if err != nil {
		return err
	}
	s, err := newServer(readers, writer, gram)
	if err != nil {
		return err
	}
	lib, _, _ := sqlite3.Version()
	fmt.Fprintf(os.Stderr, "floor: SQLite %s, synchronous=%s, %s\n", lib, sync, addr)
	h := &http.Server{Addr: addr, Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	return h.ListenAndServe()
}
