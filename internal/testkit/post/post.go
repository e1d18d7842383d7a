// Package post gives tests a mail server that takes letters, or misbehaves.
package post

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The one account of a server that asks for a password.
const (
	User     = "crm@example.com"
	Password = "授权码-4711"
)

// Options of a server.
type Options struct {
	TLS      bool // from the first byte
	StartTLS bool
	Auth     bool // asks for User and Password
	// Mail, Rcpt and Data refuse by what they return, in the words of the protocol.
	Mail, Rcpt func(address string) error
	Data       func() error
}

// Letter is what arrived.
type Letter struct {
	From, To string
	Text     string // head and body as they came
	Safe     bool   // over TLS
}

// Server is a mail server on this machine.
type Server struct {
	Port int
	// Roots trust the server's certificate, which is for example.com and 127.0.0.1.
	Roots *x509.CertPool
	// Letters in the order in which they came.
	Letters chan Letter

	o  Options
	mu sync.Mutex
}

// Start serves until the end of the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	lender := httptest.NewTLSServer(nil) // has a certificate for 127.0.0.1 at hand
	cert := lender.TLS.Certificates[0]
	s := &Server{Roots: x509.NewCertPool(), Letters: make(chan Letter, 100), o: o}
	s.Roots.AddCert(lender.Certificate())
	lender.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, conn: c}, nil }))
	srv.Domain, srv.ReadTimeout, srv.WriteTimeout = "example.com", time.Minute, time.Minute
	srv.ErrorLog = log.New(io.Discard, "", 0)
	conf := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if o.StartTLS {
		srv.TLSConfig = conf
	}
	if o.TLS {
		l = tls.NewListener(l, conf)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() {
		_ = srv.Close()
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s
}

// Turn makes the server behave in another way from now on.
func (s *Server) Turn(o Options) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o = o
}

func (s *Server) options() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o
}

type session struct {
	s      *Server
	conn   *smtp.Conn
	letter Letter
	known  bool
}

func (x *session) AuthMechanisms() []string {
	if x.s.options().Auth {
		return []string{sasl.Plain}
	}
	return nil
}

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "authentication failed"}
		}
		x.known = true
		return nil
	}), nil
}

func (x *session) Reset()        { x.letter = Letter{} }
func (x *session) Logout() error { return nil }

func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	o := x.s.options()
	if o.Auth && !x.known {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "authentication required"}
	}
	_, safe := x.conn.TLSConnectionState()
	x.letter = Letter{From: from, Safe: safe}
	if o.Mail != nil {
		return o.Mail(from)
	}
	return nil
}

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.letter.To = to
	if o := x.s.options(); o.Rcpt != nil {
		return o.Rcpt(to)
	}
	return nil
}

func (x *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if o := x.s.options(); o.Data != nil {
		if err := o.Data(); err != nil {
			return err
		}
	}
	x.letter.Text = string(raw)
	x.s.Letters <- x.letter
	return nil
}
