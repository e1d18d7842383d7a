package post

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Exim is a mail server as companies run it, on this machine: over TLS from the
// first byte, for those who know User and Password, with a mailbox for
// everybody at example.org.
type Exim struct {
	Port  int
	Roots *x509.CertPool

	box string
}

// eximConf is its configuration: %[1]s is the folder,
// %[2]d the port, %[3]d and %[4]d as whom it runs, %[5]s and %[6]s who may send.
const eximConf = `primary_hostname = mail.example.com
spool_directory = %[1]s/spool
log_file_path = %[1]s/log/%%slog
pid_file_path = %[1]s/pid
exim_user = %[3]d
exim_group = %[4]d
never_users =
keep_environment =
deliver_drop_privilege = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[2]d
tls_on_connect_ports = %[2]d
tls_advertise_hosts = *
tls_certificate = %[1]s/cert.pem
tls_privatekey = %[1]s/key.pem
rfc1413_query_timeout = 0s
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny !authenticated = *
       message = authentication required
  accept domains = example.org
  deny message = relay not permitted
begin routers
everybody:
  driver = accept
  domains = example.org
  transport = box
begin transports
box:
  driver = appendfile
  directory = %[1]s/mail
  maildir_format
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{%[5]s}}{eq{$auth3}{%[6]s}}}}
  server_set_id = $auth2
`

// StartExim serves until the end of the test. A machine without Exim fails it:
// scripts/setup-test.sh installs it.
func StartExim(t testing.TB) *Exim {
	t.Helper()
	program, err := exec.LookPath("exim4")
	if err != nil {
		program = "/usr/sbin/exim4" // not everybody's PATH has it
	}
	dir, err := os.MkdirTemp("", "guanxi-exim-") // short, and open to the server's user
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	lender := httptest.NewTLSServer(nil) // has a certificate for 127.0.0.1 at hand
	cert, roots := lender.TLS.Certificates[0], x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	lender.Close()
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	must(t, err)
	port := freePort(t)
	attr, uid, gid := ordinaryUser(t)
	for name, content := range map[string][]byte{
		"cert.pem":  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}),
		"key.pem":   pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		"exim.conf": fmt.Appendf(nil, eximConf, dir, port, uid, gid, User, Password),
	} {
		must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	for _, name := range []string{"spool", "log", "mail"} {
		must(t, os.Mkdir(filepath.Join(dir, name), 0o700))
	}
	if attr.Credential != nil {
		must(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			return errors.Join(err, os.Chown(path, uid, gid))
		}))
	}
	var said bytes.Buffer
	cmd := exec.Command(program, "-bdf", "-C", filepath.Join(dir, "exim.conf"))
	cmd.Dir, cmd.SysProcAttr, cmd.Stdout, cmd.Stderr = "/", attr, &said, &said
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) // with the children that take letters in
		t.Logf("exim: %v", <-ended)
	})
	listening := func() bool {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}
	await(t, "the mail server does not answer", func() bool {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("exim: %v: %s", err, said.String())
		default:
		}
		return listening()
	})
	return &Exim{Port: port, Roots: roots, box: filepath.Join(dir, "mail", "new")}
}

// Letter waits for the next letter in the mailbox and takes it out.
func (x *Exim) Letter(t testing.TB) Letter {
	t.Helper()
	var l Letter
	await(t, "no letter is in the mailbox", func() bool {
		names, _ := filepath.Glob(filepath.Join(x.box, "*"))
		if len(names) == 0 {
			return false
		}
		raw, err := os.ReadFile(names[0])
		must(t, err)
		must(t, os.Remove(names[0]))
		l = Letter{Text: string(raw), Safe: strings.Contains(string(raw), "esmtpsa")} // over TLS, by one who signed in
		return true
	})
	return l
}

// await asks again and again, for a minute at most.
func await(t testing.TB, otherwise string, done func() bool) {
	t.Helper()
	late := time.After(time.Minute)
	for again := time.NewTicker(20 * time.Millisecond); !done(); {
		select {
		case <-again.C:
		case <-late:
			t.Fatal(otherwise)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, l.Close())
	return l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
}

// ordinaryUser says as whom the server runs: never as root.
func ordinaryUser(t testing.TB) (attr *syscall.SysProcAttr, uid, gid int) {
	t.Helper()
	attr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() != 0 {
		return attr, os.Geteuid(), os.Getegid()
	}
	nobody, err := user.Lookup("nobody")
	must(t, err)
	uid, err = strconv.Atoi(nobody.Uid)
	must(t, err)
	gid, err = strconv.Atoi(nobody.Gid)
	must(t, err)
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, uid, gid
}
