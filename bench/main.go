// Command gxbench measures Guanxi against the floor: the same data, the same
// questions, in one run, interleaved. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/guanxicrm/guanxi/bench/workload"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "gxbench:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("run or csv")
	}
	switch args[0] {
	case "run":
		s, err := parseSettings(args[1:])
		if err != nil {
			return err
		}
		return measure(ctx, s)
	case "csv":
		flags := flag.NewFlagSet("csv", flag.ExitOnError)
		rows := flags.Int("rows", 100_000, "how many customers")
		header := flags.Bool("header", true, "write a header line")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return writePlain(os.Stdout, *rows, *header)
	}
	return fmt.Errorf("unknown command %q: run or csv", args[0])
}

// settings of a run.
type settings struct {
	rows         int
	clients      []int
	rounds       int
	warm, length time.Duration
	ops          []workload.Op
	guanxi       string // binary; "" = leave Guanxi out
	floor        string // binary
	sync         string
	postgres     bool
	peers        map[string]string // name → host:port
	dir, out     string
	keep         bool
	draw         uint64
}

func parseSettings(args []string) (*settings, error) {
	s := &settings{peers: map[string]string{}}
	flags := flag.NewFlagSet("run", flag.ExitOnError)
	flags.IntVar(&s.rows, "rows", 100_000, "customers in the data set")
	clients := flags.String("clients", "1,16,64", "closed-loop clients")
	flags.IntVar(&s.rounds, "rounds", 3, "rounds; the systems take turns in each")
	flags.DurationVar(&s.warm, "warm", 500*time.Millisecond, "warm-up of a measurement")
	flags.DurationVar(&s.length, "time", 2*time.Second, "length of a measurement")
	ops := flags.String("ops", "", "which of W1,W2,W2b,W3,W4,W5,W6,W8; empty = all")
	flags.StringVar(&s.guanxi, "guanxi", "bin/guanxi", "the program under measure; empty = floor alone")
	flags.StringVar(&s.floor, "floor", "bin/gxfloor", "the floor")
	flags.StringVar(&s.sync, "sync", "FULL", "the floor's PRAGMA synchronous")
	flags.BoolVar(&s.postgres, "postgres", false, "Guanxi on PostgreSQL, beside pgbench with the same statements")
	flags.StringVar(&s.dir, "dir", "", "where the databases are made; empty = a temporary folder")
	flags.StringVar(&s.out, "out", "bin/bench", "where report.txt and report.json go")
	flags.Uint64Var(&s.draw, "draw", 0, "another draw of the calls: on a kept folder the same changes would change nothing")
	flags.BoolVar(&s.keep, "keep", false, "keep the databases")
	flags.Func("peer", "NAME=HOST:PORT: another server that speaks the floor's protocol over this data (repeat)", func(v string) error {
		name, addr, ok := strings.Cut(v, "=")
		if !ok {
			return errors.New("want NAME=HOST:PORT")
		}
		s.peers[name] = addr
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if s.postgres && s.guanxi == "" {
		return nil, errors.New("-postgres copies Guanxi's own tables: -guanxi cannot be empty")
	}
	for word := range strings.SplitSeq(*clients, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > 256 {
			return nil, fmt.Errorf("-clients %q: numbers from 1 to 256", *clients)
		}
		s.clients = append(s.clients, n)
	}
	for _, op := range workload.Ops {
		if *ops == "" || strings.Contains(","+*ops+",", ","+string(op)+",") {
			s.ops = append(s.ops, op)
		}
	}
	if len(s.ops) == 0 || s.rows < 1000 || s.rounds < 1 || s.rounds > 50 || s.length > time.Minute || s.warm > time.Minute {
		return nil, errors.New("at least one operation, 1,000 rows and one round; at most 50 rounds and a minute a measurement")
	}
	return s, nil
}
