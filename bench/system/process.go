package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/guanxicrm/guanxi/bench/httpraw"
)

// Process is a server that the benchmark started and will stop.
type Process struct {
	// Addr is where it listens; First is how long its first answer took.
	Addr  string
	First time.Duration

	cmd    *exec.Cmd
	out    bytes.Buffer
	exited chan struct{}
}

// FreeAddr finds a free port on loopback.
func FreeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// Start runs a command and waits until path answers 200. The place of the
// address in args is {addr}.
func Start(ctx context.Context, path string, limit time.Duration, name string, args ...string) (*Process, error) {
	addr, err := FreeAddr()
	if err != nil {
		return nil, err
	}
	filled := make([]string, len(args))
	for i, a := range args {
		filled[i] = strings.ReplaceAll(a, "{addr}", addr)
	}
	p := &Process{Addr: addr, cmd: exec.CommandContext(ctx, name, filled...), exited: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // its end is what counts; its words are in out
		close(p.exited)
	}()
	request := httpraw.Body(httpraw.Request(nil, "GET", path, "Host: "+addr+"\r\n"), nil)
	for time.Since(began) < limit {
		select {
		case <-p.exited:
			return nil, fmt.Errorf("%s ended: %s", name, p.out.String())
		case <-time.After(time.Millisecond):
		}
		conn := &httpraw.Conn{Addr: addr, Timeout: 5 * time.Second}
		a, err := conn.Call(request)
		conn.Close()
		if err == nil && a.Status == 200 {
			p.First = time.Since(began)
			return p, nil
		}
	}
	p.Stop()
	return nil, fmt.Errorf("%s gave no answer within %v: %s", name, limit, p.out.String())
}

// PID of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Stop asks it to end and, after ten seconds, ends it.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
}

// CPU time that a process has used, by the kernel's ticks of 10 ms.
func CPU(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold anything; fields are counted behind it.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0, errors.New("system: unknown form of /proc/PID/stat")
	}
	user, err1 := strconv.Atoi(fields[11])
	kernel, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+kernel) * 10 * time.Millisecond, errors.Join(err1, err2)
}

// RssAnon is a process's own memory in bytes: what is not a mapped file.
func RssAnon(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("system: the kernel reports no RssAnon")
}
