package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// listening answers commands on the socket of an installation.
func listening(t *testing.T, a *App) *http.Client {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := a.listenControl(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := a.controlServer(ctx)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		cancel()
		_ = s.Close()
		<-done
	})
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialControl(ctx, a.DataDir)
	}}}
}

func args(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Commands over the socket do what they do here, tell their progress, and
// stand in the audit log under the account that gave them.
func TestCommandsAreAudited(t *testing.T) {
	onEach(t, func(t *testing.T, d sqldb.Dialect) {
		a, passphrase := installed(t, model{d, 0})
		defer shut(t, a)
		listening(t, a)
		told := 0
		invoke := func(r Request, into any) error {
			raw, err := Invoke(t.Context(), a.Options, r, func(Progress) { told++ })
			if err == nil && into != nil {
				err = json.Unmarshal(raw, into)
			}
			return err
		}
		var user UserResult
		if err := invoke(Request{Command: "user add", Args: args(t, UserArgs{Login: "Amy", Name: "Amy", Admin: true, Password: testPassword})}, &user); err != nil || user.Login != "amy" {
			t.Fatalf("%+v %v", user, err)
		}
		if err := invoke(Request{Command: "key add", As: "amy", Args: args(t, KeyArgs{Login: "admin"})}, nil); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "b.gxbackup")
		if err := invoke(Request{Command: "backup", Args: args(t, BackupArgs{File: file})}, nil); err != nil || told == 0 {
			t.Fatalf("told %d times, %v", told, err)
		}
		if err := invoke(Request{Command: "user add", Args: args(t, UserArgs{Login: "amy", Name: "Amy", Password: testPassword})}, nil); !errs.Is(err, errs.Duplicate) {
			t.Errorf("a second amy: %v", err)
		}
		if _, _, err := a.Sessions.SignIn(t.Context(), "amy", testPassword, session.Meta{}); err != nil {
			t.Fatal(err)
		}
		const other = "Otter-lamp-77-cloud"
		for _, r := range []struct {
			as, login, password, want string
		}{{"", "nobody", other, "error.login_unknown"}, {"", "amy", "123", "error.password_short"}, {"", "Amy", other, ""}} {
			if err := invoke(Request{Command: "user password", As: r.as, Args: args(t, PasswordArgs{Login: r.login, Password: r.password})}, nil); (err != nil) != (r.want != "") || err != nil && errs.KeyOf(err) != r.want {
				t.Errorf("a password for %s: %v, want %q", r.login, err, r.want)
			}
		}
		if _, _, err := a.Sessions.SignIn(t.Context(), "amy", testPassword, session.Meta{}); !errs.Is(err, errs.Unauthorized) {
			t.Errorf("with the old password: %v", err)
		}
		_, cred, err := a.Sessions.SignIn(t.Context(), "amy", other, session.Meta{})
		if err != nil {
			t.Errorf("with the new password: %v", err)
		}
		if list, err := a.Sessions.List(t.Context(), cred.Member); err != nil || len(list) != 1 {
			t.Errorf("sessions after the new password: %d, %v", len(list), err)
		}
		if err := invoke(Request{Command: "dance"}, nil); errs.KeyOf(err) != "error.command_unknown" {
			t.Errorf("an unknown command: %v", err)
		}
		me := "cli:" + accountName(os.Getuid())
		for _, want := range []struct{ action, kind string }{{"create", me}, {"key_create", "cli"}, {"password_set", me}, {"backup", me}} {
			var rows sqldb.Rows
			err := a.DB.ReadOne(t.Context(), "SELECT actor_kind, actor FROM audit WHERE action = '"+want.action+"' ORDER BY id DESC LIMIT 1", nil,
				[]record.Kind{record.KindText, record.KindInt}, &rows)
			if err != nil || rows.Len() != 1 {
				t.Fatalf("%s: %d rows, %v", want.action, rows.Len(), err)
			}
			if rows.At(0, 0).Str() != want.kind || (rows.At(0, 1).Int() != 0) != (want.kind == "cli") {
				t.Errorf("%s is audited as %s %d, want %s", want.action, rows.At(0, 0).Str(), rows.At(0, 1).Int(), want.kind)
			}
		}
		var rows sqldb.Rows
		if err := a.DB.ReadOne(t.Context(), "SELECT detail FROM audit WHERE detail IS NOT NULL", nil, []record.Kind{record.KindText}, &rows); err != nil {
			t.Fatal(err)
		}
		for i := range rows.Len() {
			if d := rows.At(i, 0).Str(); strings.Contains(d, testPassword) || strings.Contains(d, passphrase) {
				t.Errorf("a secret in the audit log: %s", d)
			}
		}
	})
}

// What is no command is refused, and the socket is the owner's alone.
func TestSocketRefuses(t *testing.T) {
	a, _ := installed(t, model{sqldb.SQLite, 0})
	defer shut(t, a)
	c := listening(t, a)
	for _, r := range []struct {
		method, body string
		want         int
	}{{"GET", "", 403}, {"POST", "nonsense", 400}, {"POST", `{"command":"` + strings.Repeat("x", maxRequest) + `"}`, 400}} {
		req, err := http.NewRequest(r.method, "http://guanxi/", strings.NewReader(r.body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != r.want {
			t.Errorf("%s %.20s: %d, want %d", r.method, r.body, res.StatusCode, r.want)
		}
	}
	info, err := os.Stat(filepath.Join(a.DataDir, socketFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	for _, x := range []struct {
		uid, own int
		ok       bool
	}{{0, 1000, true}, {1000, 1000, true}, {1001, 1000, false}, {1000, 0, false}, {0, 0, true}} {
		if mayCommand(x.uid, x.own) != x.ok {
			t.Errorf("account %d at a server of %d: want %v", x.uid, x.own, x.ok)
		}
	}
}

// A folder whose path is too long for a socket is served all the same.
func TestSocketOfALongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long-", 40))
	a, _ := installedIn(t, model{sqldb.SQLite, 0}, Options{DataDir: dir})
	defer shut(t, a)
	listening(t, a)
	if _, err := Invoke(t.Context(), a.Options, Request{Command: "migrate"}, func(Progress) {}); err != nil {
		t.Error(err)
	}
}

// A server that stops in the middle is told as such.
func TestServerGone(t *testing.T) {
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, socketFile))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			conn.Close()
		}
	}()
	if _, err := Invoke(t.Context(), Options{DataDir: dir}, Request{Command: "doctor"}, func(Progress) {}); errs.KeyOf(err) != "error.server_gone" {
		t.Errorf("%v", err)
	}
}

// Errors of the system get plain words; nothing is lost on the way of an error
// over the socket.
func TestFaults(t *testing.T) {
	_, missing := os.Open(filepath.Join(t.TempDir(), "none"))
	for _, c := range []struct {
		err  error
		want string
	}{
		{missing, "error.path_missing"},
		{&fs.PathError{Op: "open", Path: "/x", Err: fs.ErrPermission}, "error.path_denied"},
		{&os.LinkError{Op: "rename", Old: "/x", New: "/y", Err: fs.ErrPermission}, "error.path_denied"},
		{fmt.Errorf("write: %w", syscall.ENOSPC), "error.disk_full"},
		{fmt.Errorf("listen: %w", syscall.EADDRINUSE), "error.listen_taken"},
		{&net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EACCES)}, "error.listen_denied"},
		{&net.OpError{Op: "listen", Err: &net.AddrError{Err: "missing port in address"}}, "error.listen_form"},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.EACCES)}, "error.command_failed"},
		{context.Canceled, "error.interrupted"},
		{errors.New("anything"), "error.command_failed"},
		{errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.a", "n", "1").At("x"), errs.New(errs.Invalid, "error.b").At("y")}), "error.fields"},
	} {
		raw, err := json.Marshal(FaultOf(c.err))
		if err != nil {
			t.Fatal(err)
		}
		var f Fault
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatal(err)
		}
		e := f.Err()
		if e.Key != c.want {
			t.Errorf("%v: %s, want %s", c.err, e.Key, c.want)
		}
		if e.Key == "error.fields" && (len(e.Sub) != 2 || e.Sub[0].Field != "x" || e.Sub[0].Args["n"] != "1" || e.Sub[1].Key != "error.b") {
			t.Errorf("%+v", e)
		}
	}
}
