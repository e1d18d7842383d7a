package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"syscall"

	gomail "github.com/wneessen/go-mail"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// maxAnswer is how much of a server's words people are shown, in bytes.
const maxAnswer = 300

// answer is what a server said, on one line and bounded: it is a stranger's text.
func answer(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		text = e.Error()
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if len(text) > maxAnswer {
		text = strings.ToValidUTF8(text[:maxAnswer], "") + "…"
	}
	return text
}

// notReached says why there was no connection on which a letter could go.
func notReached(ctx context.Context, via Server, err error) error {
	again := func(field, key string, args ...string) error {
		return errs.New(errs.Unavailable, key, append(args, place(via)...)...).At(field).With(err)
	}
	if e, ok := errors.AsType[*errs.Error](err); ok { // the rule for addresses
		if e.Code == errs.Forbidden {
			return errs.New(errs.Forbidden, "error.mail_closed", place(via)...).At("host").With(err)
		}
		return errs.New(errs.Invalid, "error.mail_host", place(via)...).At("host").With(err)
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return again("host", "error.mail_dns")
	}
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH) {
		return again("port", "error.mail_refused")
	}
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		return greeted(via, said, err)
	}
	switch text := err.Error(); {
	case aboutTLS(err):
		return again("security", "error.mail_tls", "answer", answer(err))
	case strings.Contains(text, "does not support STARTTLS"):
		return errs.New(errs.Invalid, "error.mail_no_starttls", place(via)...).At("security").With(err)
	case strings.Contains(text, "does not support SMTP AUTH") || errors.Is(err, gomail.ErrPlainAuthNotSupported) || strings.Contains(text, "unsupported SMTP AUTH type"):
		return errs.New(errs.Invalid, "error.mail_no_auth", place(via)...).At("user").With(err)
	}
	if timedOut(ctx, err) {
		return again("port", "error.mail_timeout")
	}
	return again("host", "error.mail_broken", "answer", answer(err))
}

// greeted says what a server meant that answered before there was a letter.
func greeted(via Server, said *textproto.Error, err error) error {
	code, key, field := errs.Invalid, "error.mail_broken", "host"
	switch said.Code {
	case 530, 534, 535, 538, 504:
		key, field = "error.mail_auth", "password"
	}
	if said.Code < 500 {
		code = errs.Unavailable
	}
	return errs.New(code, key, append([]string{"answer", answer(said)}, place(via)...)...).At(field).With(err)
}

// notTaken says why a letter was refused.
func notTaken(ctx context.Context, via Server, l Letter, err error) error {
	code, key, field := errs.Invalid, "error.mail_letter", "host"
	refused, ok := errors.AsType[*gomail.SendError](err)
	said := err
	if ok {
		switch refused.Reason { //nolint:exhaustive // the others are about the connection
		case gomail.ErrSMTPMailFrom:
			key, field = "error.mail_sender", "sender"
		case gomail.ErrSMTPRcptTo:
			key, field = "error.mail_recipient", "to"
		}
		if refused.IsTemp() || refused.ErrorCode() == 0 {
			code = errs.Unavailable
		}
	}
	if !ok || timedOut(ctx, err) {
		return errs.New(errs.Unavailable, "error.mail_timeout", place(via)...).At("host").With(err)
	}
	return errs.New(code, key, append([]string{"answer", answer(said), "sender", via.Sender, "to", l.To}, place(via)...)...).At(field).With(err)
}

func aboutTLS(err error) bool {
	if _, ok := errors.AsType[*handshake](err); ok && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, io.EOF) {
		return true
	}
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	_, verify := errors.AsType[*tls.CertificateVerificationError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	return record || alert || verify || unknown
}

func timedOut(ctx context.Context, err error) bool {
	var timeout interface{ Timeout() bool }
	return ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout()
}
