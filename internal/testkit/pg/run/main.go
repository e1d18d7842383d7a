// Command run starts one PostgreSQL server, runs a command that finds it in
// GUANXI_TEST_PG, and stops the server:
//
//	go run ./internal/testkit/pg/run -- go test ./...
//
// With -sync first, commits really reach the disk. With -database, the variable
// names an empty database of the command's own, not one to make databases from.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

func main() { os.Exit(run(os.Args[1:])) }

// run gives the exit code of the command.
func run(args []string) int {
	var opt pg.Options
	if len(args) > 0 && args[0] == "-sync" {
		opt.Sync, args = true, args[1:]
	}
	empty := len(args) > 0 && args[0] == "-database"
	if empty {
		args = args[1:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: run [-sync] [-database] -- COMMAND [ARGUMENT…]")
		return 2
	}
	s, err := pg.Start(opt)
	if err != nil {
		fmt.Fprintln(os.Stderr, "PostgreSQL does not start (apt-get install postgresql):", err)
		return 1
	}
	defer s.Stop()
	address := s.URL
	if empty {
		if address, err = s.Database(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	// The command gets the signals of the terminal too; we wait for it.
	signal.Ignore(syscall.SIGINT)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), pg.Variable+"="+address)
	err = cmd.Run()
	if exit, is := errors.AsType[*exec.ExitError](err); is && exit.ExitCode() >= 0 {
		return exit.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
