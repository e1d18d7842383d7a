package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

const testPassword = "Kite-plum-29-river"

// built is the program, made once for all tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "guanxi-test-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "guanxi")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-X main.version=v-test", "-o", file, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = errors.New(string(out))
	}
	return file, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if file, err := built(); err == nil {
		os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

// program is the built program with an installation of its own.
type program struct {
	t        *testing.T
	file     string
	dir      string // data folder
	database string
	lang     string
}

func newProgram(t *testing.T, database string) *program {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return &program{t: t, file: file, dir: filepath.Join(t.TempDir(), "data"), database: database, lang: "C"}
}

// each runs fn as the subtests "sqlite" and "postgres".
func each(t *testing.T, fn func(t *testing.T, p *program)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, newProgram(t, "")) })
	t.Run("postgres", func(t *testing.T) { fn(t, newProgram(t, pg.URL(t))) })
}

// reply is what a command answered.
type reply struct {
	t        *testing.T
	what     string
	code     int
	out, log string
}

func (p *program) command(args ...string) *exec.Cmd {
	args = append(args, "--data", p.dir)
	if p.database != "" {
		args = append(args, "--database", p.database)
	}
	cmd := exec.Command(p.file, args...)
	cmd.Env = append(os.Environ(), "LC_ALL="+p.lang, "GUANXI_MASTER_KEY=", "CREDENTIALS_DIRECTORY=")
	return cmd
}

// run runs a command to its end.
func (p *program) run(stdin string, args ...string) reply {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	cmd := p.command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	if err := cmd.Wait(); err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return reply{p.t, "guanxi " + strings.Join(args, " "), cmd.ProcessState.ExitCode(), out.String(), log.String()}
}

// want fails the test when the exit code is another.
func (r reply) want(code int) reply {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("%s: exit code %d, want %d\n%s%s", r.what, r.code, code, r.log, r.out)
	}
	return r
}

// says fails the test when the person was not told something.
func (r reply) says(text string) reply {
	r.t.Helper()
	if !strings.Contains(r.log+r.out, text) {
		r.t.Errorf("%s: not said: %s\n%s%s", r.what, text, r.log, r.out)
	}
	return r
}

// json decodes the one line of standard output.
func (r reply) json() map[string]any {
	r.t.Helper()
	if strings.Count(r.out, "\n") != 1 || !strings.HasSuffix(r.out, "\n") {
		r.t.Fatalf("%s: not one line: %q", r.what, r.out)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(r.out), &out); err != nil {
		r.t.Fatalf("%s: %v: %q", r.what, err, r.out)
	}
	return out
}

func (r reply) text(key string) string {
	r.t.Helper()
	s, _ := r.json()[key].(string)
	return s
}

func (r reply) number(key string) int {
	r.t.Helper()
	n, _ := r.json()[key].(float64)
	return int(n)
}

// init sets the company up and gives the recovery passphrase.
func (p *program) init() string {
	p.t.Helper()
	return p.run(testPassword+"\n", "init", "--company", "云腾科技", "--currency", "CNY", "--login", "admin", "--password-stdin", "--json").want(0).text("recovery_passphrase")
}

// key makes a key of a member.
func (p *program) key(login string) string {
	p.t.Helper()
	return strings.TrimSpace(p.run("", "key", "add", "--login", login).want(0).out)
}

// server is a running guanxi serve.
type server struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	log  *bytes.Buffer
	once sync.Once
}

// serve starts the server and waits for its first answer.
func (p *program) serve() *server {
	p.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	s := &server{t: p.t, cmd: p.command("serve", "--listen", addr), url: "http://" + addr + "/api/v1", log: &bytes.Buffer{}}
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { s.stop(os.Kill) })
	deadline := time.Now().Add(20 * time.Second)
	for tick := time.NewTicker(5 * time.Millisecond); ; <-tick.C {
		res, err := http.Get(s.url + "/health")
		if err == nil {
			res.Body.Close()
			tick.Stop()
			return s
		}
		if time.Now().After(deadline) {
			s.stop(os.Kill)
			p.t.Fatalf("no answer: %v\n%s", err, s.log)
		}
	}
}

// stop ends the server and gives its exit code, -1 when it was killed.
func (s *server) stop(sig os.Signal) int {
	s.once.Do(func() {
		_ = s.cmd.Process.Signal(sig)
		_ = s.cmd.Wait() // how it ended is in the state
	})
	return s.cmd.ProcessState.ExitCode()
}

func (s *server) term() {
	s.t.Helper()
	if code := s.stop(syscall.SIGTERM); code != 0 {
		s.t.Errorf("serve ended with %d\n%s", code, s.log)
	}
}

// call asks the API with a key.
func (s *server) call(method, path, key, body string) (int, []byte, error) {
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return res.StatusCode, raw, err
}

func (s *server) get(path, key string) string {
	s.t.Helper()
	code, raw, err := s.call("GET", path, key, "")
	if err != nil || code != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s %v\n%s", path, code, raw, err, s.log)
	}
	return string(raw)
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newDatabase(t *testing.T) string {
	t.Helper()
	return pg.URL(t)
}
