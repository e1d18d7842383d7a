package archtest

import (
	"bytes"
	"context"
	"debug/elf"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What the program promises about itself: one static file of at most 60 MB
// that answers within 300 ms and takes at most 60 MiB of its own memory while
// nothing is asked.
const (
	maxBinary = 60_000_000
	maxFirst  = 300 * time.Millisecond
	maxIdle   = 60 << 20
)

func buildBinary(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "guanxi")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", file, "./cmd/guanxi")
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return file
}

func TestBinary(t *testing.T) {
	file := buildBinary(t)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", info.Size())
	if info.Size() > maxBinary {
		t.Errorf("%d bytes, at most %d", info.Size(), maxBinary)
	}
	image, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	for _, p := range image.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program is not static: it asks for a dynamic loader")
		}
	}
	// A busy machine is slow now and then; one quick start in five shows what
	// the program needs.
	best, data := time.Hour, t.TempDir()
	var idle int
	for range 5 {
		first, rss := startOnce(t, file, data)
		best, idle = min(best, first), max(idle, rss)
	}
	t.Logf("first answer after %v, %d KiB of its own memory", best, idle>>10)
	if best > maxFirst {
		t.Errorf("the first answer came after %v, at most %v", best, maxFirst)
	}
	if idle > maxIdle {
		t.Errorf("%d bytes of its own memory, at most %d", idle, maxIdle)
	}
}

// startOnce serves an empty folder, waits for the first answer, reads the
// memory a second later and stops the server.
func startOnce(t *testing.T, file, data string) (first time.Duration, rss int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, file, "serve", "--data", data, "--listen", addr)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cancel()
		_ = cmd.Wait() // it was told to stop
	}()
	for tick := time.NewTicker(time.Millisecond); ; <-tick.C {
		res, err := http.Get("http://" + addr + "/api/v1/health")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				first = time.Since(began)
				break
			}
		}
		if time.Since(began) > 20*time.Second {
			cancel()
			_ = cmd.Wait()
			t.Fatalf("no answer: %v\n%s", err, out.String())
		}
	}
	settle := time.NewTimer(time.Second)
	<-settle.C
	return first, rssAnon(t, cmd.Process.Pid)
}

// rssAnon is a process's own memory; a mapped file is page cache.
func rssAnon(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kib, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Fatal("the kernel reports no RssAnon")
	return 0
}
