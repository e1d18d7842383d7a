package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// The server listens on a socket in the data folder for the commands of the
// command line: HTTP with one request and a line of JSON for each event. Only
// the account of the server and root may speak there, by the rights of the
// socket and by what the system tells of the caller.

// maxRequest bounds a command's text.
const maxRequest = 1 << 20

// peerKey finds the caller's account in a request's context.
type peerKey struct{}

// maxSocketPath is what every system takes for the path of a socket.
const maxSocketPath = 100

// socketPath is an address for the socket of a data folder. A long path is
// reached through the open folder; release ends that way.
func socketPath(dir string) (path string, release func(), err error) {
	path = filepath.Join(dir, socketFile)
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	path = "/proc/self/fd/" + strconv.Itoa(int(d.Fd())) + "/" + socketFile
	return path, func() { _ = d.Close() }, nil
}

// listenControl opens the socket; the caller holds the lock, so a socket that
// is there already belongs to a process that died.
func (a *App) listenControl(ctx context.Context) (net.Listener, error) {
	path, release, err := socketPath(a.DataDir)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false) // the path may be a way that is closed by then
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, err
	}
	return l, nil
}

// controlServer answers on the socket. A command that runs when ctx ends is
// told to stop.
func (a *App) controlServer(ctx context.Context) *http.Server {
	return &http.Server{
		Handler:           http.HandlerFunc(a.control),
		ReadHeaderTimeout: 5 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			name, ok := peerAccount(c)
			if !ok {
				return ctx
			}
			return context.WithValue(ctx, peerKey{}, name)
		},
	}
}

// control runs one command.
func (a *App) control(w http.ResponseWriter, r *http.Request) {
	account, ok := r.Context().Value(peerKey{}).(string)
	if !ok || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	var req Request
	if err := json.NewDecoder(io.LimitReader(r.Body, maxRequest)).Decode(&req); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	// Only a request that was read to its end tells when the caller goes away.
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxRequest))
	w.Header().Set("Content-Type", "application/x-ndjson")
	flush := http.NewResponseController(w)
	a.Run(r.Context(), account, req, func(e Event) {
		raw, err := json.Marshal(e)
		if err != nil {
			return // an event holds only texts and numbers
		}
		_, _ = w.Write(append(raw, '\n')) // the caller may be gone
		_ = flush.Flush()
	})
}

// mayCommand says whether an account may command a server that runs as own.
func mayCommand(uid, own int) bool { return uid == 0 || uid == own }

// accountName is the name of an account by its number.
func accountName(uid int) string {
	n := strconv.Itoa(uid)
	if u, err := user.LookupId(n); err == nil {
		return u.Username
	}
	return n
}

// Invoke does one command: by the server that holds the data folder, else in
// this process. progress is told what happens meanwhile.
func Invoke(ctx context.Context, o Options, r Request, progress func(Progress)) (json.RawMessage, error) {
	for try := 0; ; try++ {
		conn, err := dialControl(ctx, o.DataDir)
		if err != nil {
			return nil, err
		}
		if conn != nil {
			return invokeServer(ctx, conn, r, progress)
		}
		result, err := invokeHere(ctx, o, r, progress)
		// A server that is just starting holds the lock before it listens.
		if errs.KeyOf(err) != "error.data_locked" || try == 20 {
			return result, err
		}
		timer := time.NewTimer(100 * time.Millisecond)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

// dialControl gives a connection to the running server, nil without one.
func dialControl(ctx context.Context, dir string) (net.Conn, error) {
	path, release, err := socketPath(dir)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	defer release()
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", path)
	switch {
	case err == nil:
		return conn, nil
	case errors.Is(err, os.ErrPermission):
		return nil, errs.New(errs.Forbidden, "error.socket_denied", "dir", dir)
	}
	return nil, nil // none, or left behind by a process that died
}

func invokeServer(ctx context.Context, conn net.Conn, r Request, progress func(Progress)) (json.RawMessage, error) {
	defer func() { _ = conn.Close() }() // everything was said
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	tr := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }, DisableKeepAlives: true}
	defer tr.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://guanxi/", bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	res, err := tr.RoundTrip(req)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "error.server_gone").With(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, errs.New(errs.Forbidden, "error.socket_refused")
	}
	in := bufio.NewReader(res.Body)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, errs.New(errs.Unavailable, "error.server_gone").With(err)
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, err
		}
		switch {
		case e.Error != nil:
			return nil, e.Error.Err()
		case e.Progress != nil:
			progress(*e.Progress)
		default:
			return e.Result, nil
		}
	}
}

// invokeHere opens the installation for one command.
func invokeHere(ctx context.Context, o Options, r Request, progress func(Progress)) (result json.RawMessage, err error) {
	if !Installed(o.DataDir) && r.Command != "init" && r.Command != "demo" {
		return nil, errs.New(errs.NotFound, "error.no_installation", "dir", o.DataDir, "command", "guanxi init")
	}
	a, err := Open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if cerr := a.Close(); err == nil && cerr != nil {
			err = cerr
		}
	}()
	a.startShort()
	a.Run(ctx, accountName(os.Getuid()), r, func(e Event) {
		switch {
		case e.Error != nil:
			err = e.Error.Err()
		case e.Progress != nil:
			progress(*e.Progress)
		default:
			result = e.Result
		}
	})
	return result, err
}
