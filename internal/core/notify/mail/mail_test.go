package mail

import (
	"mime"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/testkit/post"
)

func via(port int, how Security, user string) Server {
	return Server{Host: "127.0.0.1", Port: port, Security: how, User: user, Sender: post.User, SenderName: "云腾 CRM", Private: true}
}

var letter = Letter{ID: "0ABC", To: "li@example.org", Subject: "邀请\r\nBcc: x@example.org", Text: "您好：\n打开链接 https://crm.example.com/join#abc"}

// A letter arrives whole over each kind of connection; a subject makes no headers.
func TestLettersArrive(t *testing.T) {
	for name, x := range map[string]struct {
		o    post.Options
		how  Security
		user string
	}{
		"tls":      {post.Options{TLS: true, Auth: true}, TLS, post.User},
		"starttls": {post.Options{StartTLS: true, Auth: true}, StartTLS, post.User},
		"plain":    {post.Options{}, Plain, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := post.Start(t, x.o)
			if err := (Sender{RootCAs: s.Roots}).Send(t.Context(), via(s.Port, x.how, x.user), post.Password, letter); err != nil {
				t.Fatal(err)
			}
			got := <-s.Letters
			m, err := netmail.ReadMessage(strings.NewReader(got.Text))
			if err != nil {
				t.Fatal(err)
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil || subject != "邀请 Bcc: x@example.org" || m.Header.Get("Bcc") != "" || got.To != letter.To || got.From != post.User || got.Safe != (x.how != Plain) ||
				m.Header.Get("Message-ID") != "<0ABC@example.com>" || m.Header.Get("Auto-Submitted") != "auto-generated" {
				t.Errorf("%q %v from %s to %s:\n%s", subject, err, got.From, got.To, got.Text)
			}
		})
	}
}

// What goes wrong is told by cause, at the setting to blame, and says whether
// another try makes sense.
func TestFailuresAreTold(t *testing.T) {
	refuse := func(code int) func(string) error {
		return func(string) error { return &smtp.SMTPError{Code: code, Message: "not\r\n you"} }
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	deaf := silent.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
	gone := closed.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
	_ = closed.Close()
	plain := post.Start(t, post.Options{})
	safe := post.Start(t, post.Options{TLS: true, Auth: true})
	trusted := Sender{RootCAs: safe.Roots, Timeout: 20 * time.Second}
	with := func(s Server, change func(*Server)) Server { change(&s); return s }
	for name, x := range map[string]struct {
		s        Sender
		via      Server
		password string
		key      string
		field    string
		code     errs.Code
	}{
		"no such name":       {trusted, with(via(25, Plain, ""), func(s *Server) { s.Host = "no-such-host.invalid" }), "", "error.mail_dns", "host", errs.Unavailable},
		"nobody listens":     {trusted, via(gone, Plain, ""), "", "error.mail_refused", "port", errs.Unavailable},
		"nobody answers":     {Sender{Timeout: 300 * time.Millisecond}, via(deaf, Plain, ""), "", "error.mail_timeout", "port", errs.Unavailable},
		"nobody shakes":      {Sender{Timeout: 300 * time.Millisecond}, via(deaf, TLS, ""), "", "error.mail_timeout", "port", errs.Unavailable},
		"own network":        {trusted, with(via(plain.Port, Plain, ""), func(s *Server) { s.Private = false }), "", "error.mail_closed", "host", errs.Forbidden},
		"metadata of clouds": {trusted, with(via(25, Plain, ""), func(s *Server) { s.Host = "169.254.169.254" }), "", "error.mail_closed", "host", errs.Forbidden},
		"not trusted":        {Sender{}, via(safe.Port, TLS, post.User), post.Password, "error.mail_tls", "security", errs.Unavailable},
		"no TLS there":       {trusted, via(plain.Port, TLS, ""), "", "error.mail_tls", "security", errs.Unavailable},
		"no STARTTLS there":  {trusted, via(plain.Port, StartTLS, ""), "", "error.mail_no_starttls", "security", errs.Invalid},
		"wrong password":     {trusted, via(safe.Port, TLS, post.User), "wrong", "error.mail_auth", "password", errs.Invalid},
		"no password":        {trusted, via(safe.Port, TLS, ""), "", "error.mail_sender", "sender", errs.Invalid},
		"no sign-in there":   {Sender{RootCAs: post.Start(t, post.Options{TLS: true}).Roots}, via(post.Start(t, post.Options{TLS: true}).Port, TLS, post.User), "x", "error.mail_no_auth", "user", errs.Invalid},
		"sender refused":     {trusted, via(post.Start(t, post.Options{Mail: refuse(553)}).Port, Plain, ""), "", "error.mail_sender", "sender", errs.Invalid},
		"recipient refused":  {trusted, via(post.Start(t, post.Options{Rcpt: refuse(550)}).Port, Plain, ""), "", "error.mail_recipient", "to", errs.Invalid},
		"greylisted":         {trusted, via(post.Start(t, post.Options{Rcpt: refuse(451)}).Port, Plain, ""), "", "error.mail_recipient", "to", errs.Unavailable},
		"refused at the end": {trusted, via(post.Start(t, post.Options{Data: func() error { return &smtp.SMTPError{Code: 554, Message: "spam"} }}).Port, Plain, ""), "", "error.mail_letter", "host", errs.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			err := x.s.Send(t.Context(), x.via, x.password, letter)
			e, ok := err.(*errs.Error)
			if !ok || e.Key != x.key || e.Field != x.field || e.Code != x.code {
				t.Fatalf("%v (%+v), want %s at %s", err, e, x.key, x.field)
			}
			if strings.ContainsAny(e.Args["answer"], "\r\n") {
				t.Errorf("a stranger's line breaks: %q", e.Args["answer"])
			}
		})
	}
}

func TestServerIsChecked(t *testing.T) {
	good := Server{Host: " SMTP.example.com", Sender: "crm@example.com", User: "crm"}
	if err := good.Check(); err != nil || good.Host != "smtp.example.com" || good.Port != 465 || good.Security != TLS {
		t.Errorf("%+v %v", good, err)
	}
	off := Server{User: "x"}
	if err := off.Check(); err != nil || off.On() || off.User != "" {
		t.Errorf("%+v %v", off, err)
	}
	for field, s := range map[string]Server{
		"host": {Host: "https://smtp.example.com", Sender: "a@b.cn"}, "port": {Host: "a.cn", Port: 70000, Sender: "a@b.cn"}, "sender": {Host: "a.cn", Sender: "云腾 <a@b.cn>"},
		"security": {Host: "a.cn", Security: Plain, Sender: "a@b.cn"}, "user": {Host: "a.cn", Security: Plain, Private: true, User: "u", Sender: "a@b.cn"},
		"sender_name": {Host: "a.cn", Sender: "a@b.cn", SenderName: "a\r\nBcc: x@y.z"},
	} {
		err := s.Check()
		if e, ok := err.(*errs.Error); !ok || e.Field != field && (len(e.Sub) == 0 || e.Sub[0].Field != field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
