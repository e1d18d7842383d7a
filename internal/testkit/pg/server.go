package pg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Options of a server.
type Options struct {
	Sync bool // commits reach the disk (fsync on): slower, for tests that kill
}

// Server is a running private PostgreSQL.
type Server struct {
	URL   string // of a role that may create databases
	cmd   *exec.Cmd
	stdin io.WriteCloser
	out   *bufio.Reader // what the supervisor says
}

// supervisor starts the server and stops it when its standard input closes:
// that happens when the process that asked for it ends, also by a signal that
// cannot be caught. Then it removes the folder. Before that it takes the orders
// crash and restart; a start is refused as long as a process of the killed
// server lives, hence the loop. $1 = folder of the programs, $2 = folder of the
// cluster, $3 = port, $4 = fsync.
const supervisor = `
trap '' INT HUP TERM
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >"$2/log" 2>&1 || { cat "$2/log"; rm -rf "$2"; exit 1; }
options="-c listen_addresses=127.0.0.1 -p $3 -k $2 -c fsync=$4 -c full_page_writes=$4 -c max_connections=400 -c shared_buffers=64MB -c max_wal_size=256MB -c autovacuum_naptime=10s -c lc_messages=C"
"$1/postgres" -D "$2/data" $options >>"$2/log" 2>&1 </dev/null &
server=$!
echo started
while read -r order; do
	case $order in
	crash)
		kill -KILL $server
		wait $server 2>/dev/null ;;
	restart)
		until "$1/pg_ctl" -D "$2/data" -l "$2/log" -s -w -o "$options" start >/dev/null 2>&1 </dev/null; do sleep 0.1; done
		server=$(head -n 1 "$2/data/postmaster.pid") ;;
	esac
	echo "$order"
done
"$1/pg_ctl" -D "$2/data" -s -m immediate -w -t 30 stop >/dev/null 2>&1
wait $server 2>/dev/null
rm -rf "$2"
rmdir "${2%/*}" 2>/dev/null
`

// Start runs initdb and a server on a free port of 127.0.0.1. It stops when
// Stop is called or this process ends.
func Start(opt Options) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(place(opt), "guanxi-pg-")
	if err != nil {
		return nil, err
	}
	attr, err := ordinaryUser(dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	// Another program may take the port between our look and the server's: then again.
	for range 5 {
		s, e := start(bin, dir, attr, opt)
		if e == nil {
			return s, nil
		}
		err = e
	}
	os.RemoveAll(dir)
	return nil, err
}

// place is where a server lies whose commits need not reach the disk: in memory
// where there is plenty, since a database is two thousand files, made and deleted
// for each test. TMPDIR chooses another place.
func place(opt Options) string {
	const memory, plenty = "/dev/shm", 4 << 30
	var free syscall.Statfs_t
	if opt.Sync || os.Getenv("TMPDIR") != "" || syscall.Statfs(memory, &free) != nil || free.Bavail*uint64(free.Bsize) < plenty {
		return "" // the usual one
	}
	return memory
}

func start(bin, dir string, attr *syscall.SysProcAttr, opt Options) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	home := filepath.Join(dir, strconv.Itoa(port))
	if err := os.Mkdir(home, 0o700); err != nil {
		return nil, err
	}
	if c := attr.Credential; c != nil {
		if err := os.Chown(home, int(c.Uid), int(c.Gid)); err != nil {
			return nil, err
		}
	}
	fsync := "off"
	if opt.Sync {
		fsync = "on"
	}
	cmd := exec.Command("sh", "-c", supervisor, "sh", bin, home, strconv.Itoa(port), fsync)
	cmd.Dir = "/"
	cmd.SysProcAttr = attr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{
		URL: fmt.Sprintf("postgres://guanxi@127.0.0.1:%d/postgres?sslmode=disable", port),
		cmd: cmd, stdin: stdin, out: bufio.NewReader(stdout),
	}
	if line, _ := s.out.ReadString('\n'); line != "started\n" {
		rest, _ := io.ReadAll(s.out)
		s.Stop()
		return nil, fmt.Errorf("initdb: %s%s", line, rest)
	}
	if err := s.ready(strings.Replace(s.URL, "guanxi@", "postgres@", 1)); err != nil {
		log, _ := os.ReadFile(filepath.Join(home, "log"))
		s.Stop()
		return nil, fmt.Errorf("postgres: %w\n%s", err, log)
	}
	return s, nil
}

// ready waits until the server answers and makes the role of the tests, which
// is no superuser: nothing may need one.
func (s *Server) ready(admin string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := pgconn.Connect(ctx, admin)
		if err == nil {
			_, err = c.Exec(ctx, "CREATE ROLE guanxi LOGIN CREATEDB").ReadAll()
			return errors.Join(err, c.Close(ctx))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// Crash kills the server; its connections break.
func (s *Server) Crash() error { return s.order("crash") }

// Restart starts a killed server on its files; it answers when Restart returns.
func (s *Server) Restart() error { return s.order("restart") }

// order tells the supervisor what to do and waits until it is done.
func (s *Server) order(what string) error {
	if _, err := io.WriteString(s.stdin, what+"\n"); err != nil {
		return err
	}
	if said, err := s.out.ReadString('\n'); said != what+"\n" {
		return fmt.Errorf("%s: the supervisor says %q: %w", what, said, err)
	}
	return nil
}

// Stop ends the server and removes its files.
func (s *Server) Stop() {
	s.stdin.Close()
	_ = s.cmd.Wait() // it was told to stop: its status says nothing
}

// programs finds the folder with initdb and postgres, the newest version first.
func programs() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	more, _ := filepath.Glob("/usr/pgsql-*/bin")
	dirs = append(dirs, more...)
	slices.SortFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	dirs = append(dirs, "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin")
	if p, err := exec.LookPath("initdb"); err == nil {
		dirs = append([]string{filepath.Dir(p)}, dirs...)
	}
	for _, d := range dirs {
		if _, err := os.Stat(filepath.Join(d, "initdb")); err == nil {
			if _, err := os.Stat(filepath.Join(d, "postgres")); err == nil {
				return d, nil
			}
		}
	}
	return "", errors.New("initdb and postgres not found")
}

// version is the number in a path like …/postgresql/15/bin.
func version(path string) int {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '-' })
	n, _ := strconv.Atoi(parts[len(parts)-2])
	return n
}

// ordinaryUser says as whom to run: the server refuses to run as root. It
// gives the folder to that user.
func ordinaryUser(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true} // a signal to our terminal is not for the server
	if os.Geteuid() != 0 {
		return attr, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attr, os.Chown(dir, uid, gid)
	}
	return nil, errors.New("running as root, and neither the user postgres nor nobody exists")
}

// freePort asks the system for a port nobody uses.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
