// Package mail sends letters through the company's mail server (SMTP, RFC
// 5321): one server, one recipient at a time, errors that say what to do.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/egress"
)

// Security says how the connection is protected. The texts are stored.
type Security string

// The ways. Without protection only a server in the company's own network is
// used, and never with a password.
const (
	TLS      Security = "tls"      // from the first byte, port 465 (RFC 8314)
	StartTLS Security = "starttls" // after a greeting in clear, port 587; never without
	Plain    Security = "none"     // port 25
)

// Server is the mail server that letters leave through.
type Server struct {
	Host       string   `json:"host" doc:"Empty: no mail is sent"`
	Port       int      `json:"port"`
	Security   Security `json:"security" doc:"tls, starttls or none"`
	User       string   `json:"user" doc:"Empty: the server asks for no password"`
	Sender     string   `json:"sender" doc:"The address that letters come from"`
	SenderName string   `json:"sender_name"`
	Private    bool     `json:"private" doc:"The server stands in the company's own network: private addresses are allowed"`
}

// On says whether mail is sent at all.
func (s *Server) On() bool { return s.Host != "" }

// Check brings the server into its usual form and says what is wrong with it.
func (s *Server) Check() error {
	var list []*errs.Error
	wrong := func(field, key string, args ...string) {
		list = append(list, errs.New(errs.Invalid, key, args...).At(field))
	}
	s.Host, s.User = strings.ToLower(strings.TrimSpace(s.Host)), strings.TrimSpace(s.User)
	s.Sender, s.SenderName = strings.TrimSpace(s.Sender), strings.TrimSpace(s.SenderName)
	if s.Host == "" {
		*s = Server{Port: 465, Security: TLS}
		return nil
	}
	ports := map[Security]int{TLS: 465, StartTLS: 587, Plain: 25}
	if s.Security == "" {
		s.Security = TLS
	}
	if ports[s.Security] == 0 {
		wrong("security", "error.mail_security")
	}
	if s.Port == 0 {
		s.Port = ports[s.Security]
	}
	if s.Port < 1 || s.Port > 65535 {
		wrong("port", "error.between", "least", "1", "most", "65535")
	}
	if strings.ContainsAny(s.Host, "/:@ \t") && net.ParseIP(s.Host) == nil {
		wrong("host", "error.mail_host", "host", s.Host)
	}
	if !Address(s.Sender) {
		wrong("sender", "error.email", "value", s.Sender)
	}
	if len(s.SenderName) > 200 || strings.ContainsAny(s.SenderName, "\r\n\x00") {
		wrong("sender_name", "error.one_line")
	}
	if s.Security == Plain && !s.Private {
		wrong("security", "error.mail_plain")
	}
	if s.Security == Plain && s.User != "" {
		wrong("user", "error.mail_plain_password")
	}
	return errs.Join(list)
}

// Address says whether text is one address and nothing else.
func Address(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= 254 && !strings.ContainsAny(text, "\r\n")
}

// Letter is a letter in plain text.
type Letter struct {
	ID      string // of the message, the same at each try: a receiver may drop a second copy
	To      string
	Subject string
	Text    string
	Files   []File // that go along
}

// File is what goes along with a letter.
type File struct {
	Name, Kind string // kind is a media type
	Data       []byte
}

// Sender sends letters.
type Sender struct {
	// RootCAs to trust; nil = those of the machine.
	RootCAs *x509.CertPool
	// Timeout of a whole sending; 0 = 30 s.
	Timeout time.Duration
}

// Send gives a letter to the server. Errors say at which setting to look (At)
// and whether it is worth trying again: Unavailable is, Invalid and Forbidden
// are not.
func (s Sender) Send(ctx context.Context, via Server, password string, l Letter) error {
	limit := s.Timeout
	if limit <= 0 {
		limit = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	msg, err := compose(via, l)
	if err != nil {
		return err
	}
	c, err := s.client(via, password, limit)
	if err != nil {
		return errs.New(errs.Invalid, "error.mail_host", "host", via.Host).At("host").With(err)
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return notReached(ctx, via, err)
	}
	err = c.SendWithSMTPClient(conn, msg)
	_ = c.CloseWithSMTPClient(conn) // the letter is gone or not, whatever the goodbye
	if err != nil && !msg.IsDelivered() {
		return notTaken(ctx, via, l, err)
	}
	return nil
}

func compose(via Server, l Letter) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8))
	if err := msg.FromFormat(via.SenderName, via.Sender); err != nil {
		return nil, errs.New(errs.Invalid, "error.email", "value", via.Sender).At("sender").With(err)
	}
	if !Address(l.To) {
		return nil, errs.New(errs.Invalid, "error.email", "value", l.To).At("to")
	}
	if err := msg.To(l.To); err != nil {
		return nil, errs.New(errs.Invalid, "error.email", "value", l.To).At("to").With(err)
	}
	msg.Subject(strings.Join(strings.Fields(l.Subject), " "))
	msg.SetDate()
	_, domain, _ := strings.Cut(via.Sender, "@")
	if l.ID != "" {
		msg.SetMessageIDWithValue(l.ID + "@" + domain)
	} else {
		msg.SetMessageID()
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday answers, please
	msg.SetBodyString(gomail.TypeTextPlain, l.Text)
	for _, f := range l.Files {
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Data), gomail.WithFileContentType(gomail.ContentType(f.Kind))); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

func (s Sender) client(via Server, password string, limit time.Duration) (*gomail.Client, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: via.Host, RootCAs: s.RootCAs}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := egress.Dial(ctx, via.Host, via.Port, via.Private)
		if err != nil || via.Security != TLS {
			return conn, err
		}
		safe := tls.Client(conn, conf)
		if err := safe.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, &handshake{err}
		}
		return safe, nil
	}
	policy := gomail.NoTLS
	if via.Security == StartTLS {
		policy = gomail.TLSMandatory
	}
	_, domain, _ := strings.Cut(via.Sender, "@")
	opts := []gomail.Option{gomail.WithPort(via.Port), gomail.WithTimeout(limit), gomail.WithDialContextFunc(dial), gomail.WithTLSConfig(conf),
		gomail.WithTLSPolicy(policy), gomail.WithHELO(domain)}
	if via.User != "" {
		opts = append(opts, gomail.WithUsername(via.User), gomail.WithPassword(password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(via.Host, opts...)
}

// handshake is an error of TLS from the first byte.
type handshake struct{ err error }

func (h *handshake) Error() string { return h.err.Error() }
func (h *handshake) Unwrap() error { return h.err }

func place(via Server) []string {
	return []string{"host", via.Host, "port", strconv.Itoa(via.Port)}
}
