// Package faults breaks the running program and looks at what it leaves: the
// real binary, real processes, real databases (SECURITY.md, faults).
package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// binary is the program under test, built by the first test that asks.
var binary struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if binary.dir != "" {
		if err := os.RemoveAll(binary.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// program builds guanxi as it is shipped: static, without cgo.
func program(t *testing.T) string {
	t.Helper()
	binary.once.Do(func() {
		if binary.dir, binary.err = os.MkdirTemp("", "guanxi-faults-"); binary.err != nil {
			return
		}
		cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(binary.dir, "guanxi"), "github.com/guanxicrm/guanxi/cmd/guanxi")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return filepath.Join(binary.dir, "guanxi")
}

// installation is a data folder and its database.
type installation struct {
	t        *testing.T
	dir      string
	database string // address, "" = SQLite in dir
	key      string // of the administrator
}

// flags name the installation on the command line.
func (i *installation) flags() []string {
	f := []string{"--data", i.dir}
	if i.database != "" {
		f = append(f, "--database", i.database)
	}
	return f
}

// address is where the database lies.
func (i *installation) address() string {
	if i.database != "" {
		return i.database
	}
	return filepath.Join(i.dir, "guanxi.db")
}

// command runs a command of the program and decodes its summary line.
func (i *installation) command(out any, args ...string) error {
	cmd := exec.Command(program(i.t), append(append(args, i.flags()...), "--json")...)
	var log bytes.Buffer
	cmd.Stderr = &log
	raw, err := cmd.Output()
	if jerr := json.Unmarshal(raw, out); jerr != nil {
		return fmt.Errorf("guanxi %s: %w: %w\n%s%s", strings.Join(args, " "), err, jerr, raw, log.Bytes())
	}
	return nil
}

// process is a running server.
type process struct {
	cmd   *exec.Cmd
	url   string
	ended chan struct{} // closed when the process has ended
}

var address = regexp.MustCompile(`guanxi is ready.* address=(\S+)`)

// serve starts a server and waits until it answers. It ends with the test at
// the latest, and with this process however that ends.
func (i *installation) serve() *process {
	i.t.Helper()
	p := &process{cmd: exec.Command(program(i.t), append([]string{"serve", "--listen", "127.0.0.1:0"}, i.flags()...)...), ended: make(chan struct{})}
	log, err := p.cmd.StderrPipe()
	if err != nil {
		i.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		i.t.Fatal(err)
	}
	i.t.Cleanup(p.kill)
	p.watch(i.t)
	ready := make(chan string, 1)
	var said bytes.Buffer
	go func() {
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				ready <- m[1]
			}
			said.WriteString(lines.Text() + "\n")
		}
		_ = p.cmd.Wait() // killed, or its words are in said
		close(p.ended)
	}()
	select {
	case p.url = <-ready:
	case <-p.ended:
		i.t.Fatalf("the server ended by itself:\n%s", said.String())
	case <-time.After(2 * time.Minute):
		p.kill()
		i.t.Fatalf("the server does not answer:\n%s", said.String())
	}
	return p
}

// watch starts a helper that kills the server when this process is gone, also
// when it could not clean up.
func (p *process) watch(t *testing.T) {
	t.Helper()
	cmd := exec.Command("sh", "-c", `trap '' INT HUP TERM; read -r line || kill -KILL "$1"`, "sh", strconv.Itoa(p.cmd.Process.Pid))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		_, _ = io.WriteString(in, "done\n") // the helper is there to read it
		_ = in.Close()
		_ = cmd.Wait()
	})
}

// kill ends the server at once and waits for its end.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // has ended already at the second call
	<-p.ended
}
