package app

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/notify/mail"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// The kinds of jobs around mail: a letter on its way, and a member who asked
// for a link because he forgot his password.
const (
	kindForgot = "mail_forgot"
	// mailTries spreads the tries of a letter over some three hours: a server
	// that is down for lunch, or that lets strangers wait (greylisting).
	mailTries = 14
)

const (
	mailSetting = "mail"
	mailGuard   = "mail server"
	letterClass = "letter"
)

// mailServer is the setting: it is kept encrypted as a whole.
type mailServer struct {
	mail.Server
	Password string `json:"password"`
}

func (a *App) mailServer(ctx context.Context, q sqldb.Querier) (m mailServer, err error) {
	raw, err := a.Customize.Secret(ctx, q, mailSetting)
	if err != nil {
		return m, err
	}
	if raw == nil {
		return m, m.Check()
	}
	return m, json.Unmarshal(raw, &m)
}

// MailServer is the mail server without its password.
func (a *App) MailServer(ctx context.Context) (out api.MailServer, err error) {
	err = a.DB.Read(ctx, func(q sqldb.Querier) error {
		m, err := a.mailServer(ctx, q)
		out = mailOut(m)
		return err
	})
	return out, err
}

func mailOut(m mailServer) api.MailServer {
	return api.MailServer{Server: m.Server, HasPassword: m.Password != ""}
}

// over is the server with what a caller says of it. A password goes only where
// it was meant to go: another server or user needs it given again.
func (m mailServer) over(in api.MailChange) (mailServer, error) {
	next := mailServer{Server: in.Server}
	if err := next.Check(); err != nil {
		return m, err
	}
	switch {
	case next.User == "":
	case in.Password != nil && *in.Password != "":
		next.Password = *in.Password
	case m.Password != "" && next.Host == m.Host && next.Port == m.Port && next.User == m.User && next.Security == m.Security:
		next.Password = m.Password
	case m.Password != "":
		return m, errs.New(errs.Invalid, "error.mail_password_again").At("password")
	default:
		return m, errs.New(errs.Invalid, "error.required").At("password")
	}
	return next, nil
}

// SetMailServer keeps the mail server, unless match objects to the one until now.
func (a *App) SetMailServer(ctx context.Context, in api.MailChange, match func(api.MailServer) error) (out api.MailServer, err error) {
	err = a.DB.Write(ctx, func(tx sqldb.Tx) error {
		if err := tx.Guard(ctx, mailGuard); err != nil {
			return err
		}
		was, err := a.mailServer(ctx, tx)
		if err != nil {
			return err
		}
		if err := match(mailOut(was)); err != nil {
			return err
		}
		next, err := was.over(in)
		if err != nil {
			return err
		}
		out = mailOut(next)
		var raw []byte
		if next.On() {
			if raw, err = json.Marshal(next); err != nil {
				return err
			}
		}
		return a.Customize.SetSecret(ctx, tx, mailSetting, raw)
	})
	return out, err
}

// TestMail sends a letter at once through a server that may not be kept yet.
func (a *App) TestMail(ctx context.Context, in api.MailChange, to, locale string) error {
	var m mailServer
	err := a.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		m, err = a.mailServer(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	if m, err = m.over(in); err != nil {
		return err
	}
	if !m.On() {
		return errs.New(errs.Invalid, "error.mail_off").At("host")
	}
	c, _, err := a.Customize.Company(ctx)
	if err != nil {
		return err
	}
	l := mail.Letter{To: to, Subject: a.Texts.Text(locale, "mail.test_subject", map[string]string{"company": c.Name}),
		Text: a.Texts.Text(locale, "mail.test_text", map[string]string{"company": c.Name, "host": m.Host})}
	return a.Mailer.Send(ctx, m.Server, m.Password, l)
}

// letterJob is a letter on its way. What it says lies sealed: it may hold a
// link that opens the door.
type letterJob struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Sealed  string `json:"sealed,omitempty"`
}

// post writes a letter down in tx; it leaves by a job after the commit.
func (a *App) post(ctx context.Context, tx sqldb.Tx, by id.ID, l mail.Letter) (id.ID, error) {
	raw, err := json.Marshal(letterJob{To: l.To, Subject: l.Subject,
		Sealed: base64.StdEncoding.EncodeToString(a.Keys.Seal(letterClass, []byte(l.Text), []byte(l.To)))})
	if err != nil {
		return 0, err
	}
	return a.Queue.Enqueue(ctx, tx, jobs.Job{Kind: api.MailKind, Payload: string(raw), MaxTries: mailTries, By: by})
}

// runLetter sends a letter. Its text is forgotten when it is gone.
func (a *App) runLetter(ctx context.Context, w *jobs.Work) error {
	var j letterJob
	if err := json.Unmarshal([]byte(w.Payload), &j); err != nil {
		return err
	}
	sealed, err := base64.StdEncoding.DecodeString(j.Sealed)
	if err != nil {
		return err
	}
	text, err := a.Keys.Open(letterClass, sealed, []byte(j.To))
	if err != nil {
		return err
	}
	if err := a.sendNow(ctx, mail.Letter{ID: w.ID.String(), To: j.To, Subject: j.Subject, Text: string(text)}); err != nil {
		return err
	}
	j.Sealed = ""
	raw, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error {
		if err := w.CheckpointIn(ctx, tx, string(raw)); err != nil {
			return err
		}
		return w.Finish(ctx, tx, "{}")
	})
}

// MailReady says whether links can be sent by mail: a server, and the address
// of the page, which is never taken from a request (its Host is the caller's).
func (a *App) MailReady(ctx context.Context) bool {
	m, err := a.MailServer(ctx)
	c, _, cerr := a.Customize.Company(ctx)
	return err == nil && cerr == nil && m.On() && c.PageURL != ""
}

// MailLink sends a member a link by which he sets his password.
func (a *App) MailLink(ctx context.Context, of int64, by int64) (to string, until time.Time, err error) {
	c, _, err := a.Customize.Company(ctx)
	if err != nil {
		return "", until, err
	}
	m, ok := a.Dir.Member(of)
	switch {
	case !ok:
		return "", until, errs.New(errs.NotFound, "error.not_found")
	case c.PageURL == "":
		return "", until, errs.New(errs.Conflict, "error.page_url_missing")
	}
	if server, err := a.MailServer(ctx); err != nil {
		return "", until, err
	} else if !server.On() {
		return "", until, errs.New(errs.Conflict, "error.mail_off")
	}
	r, err := a.Engine.Record(ctx, access.System("where a member's link is sent"), schema.MemberEntity, of)
	if err != nil {
		return "", until, err
	}
	if to = member.Email.Get(r); !mail.Address(to) {
		return "", until, errs.New(errs.Conflict, "error.member_email", "name", m.Name)
	}
	accesses, err := a.Sessions.Accesses(ctx)
	if err != nil {
		return "", until, err
	}
	token, link, err := a.Sessions.NewLink(ctx, session.Member{ID: id.ID(of), Login: m.Login, Name: m.Name, Disabled: m.Disabled}, id.ID(by))
	if err != nil {
		return "", until, err
	}
	kind := "mail.invite"
	if accesses[id.ID(of)].Password {
		kind = "mail.reset"
	}
	return to, link.ExpiresAt, a.DB.Write(ctx, func(tx sqldb.Tx) error {
		_, err := a.post(ctx, tx, id.ID(by), a.linkLetter(c, kind, to, localeOf(c, member.Locale.Get(r)), map[string]string{"name": m.Name, "login": m.Login, "company": c.Name,
			"url": c.PageURL + "/join#" + token, "until": link.ExpiresAt.In(a.Dir.Zone()).Format("2006-01-02 15:04")}))
		return err
	})
}

func localeOf(c customize.Company, own string) string {
	if own != "" {
		return own
	}
	return c.Locale
}

func (a *App) linkLetter(c customize.Company, kind, to, locale string, args map[string]string) mail.Letter {
	return mail.Letter{To: to, Subject: a.Texts.Text(locale, kind+"_subject", args), Text: a.Texts.Text(locale, kind+"_text", args)}
}

// forgotJob is somebody who says that he forgot his password.
type forgotJob struct {
	Login string `json:"login"`
}

// Forgot notes that somebody wants a link to set his password anew. It takes as
// long and answers the same whether there is such a member or not.
func (a *App) Forgot(ctx context.Context, login string) error {
	login = strings.ToLower(strings.TrimSpace(login))
	raw, err := json.Marshal(forgotJob{login})
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx sqldb.Tx) error {
		_, err := a.Queue.Enqueue(ctx, tx, jobs.Job{Kind: kindForgot, Key: kindForgot + " " + login, Payload: string(raw), MaxTries: 3})
		return err
	})
}

// runForgot sends the link, if there is such a member whose address is known.
func (a *App) runForgot(ctx context.Context, w *jobs.Work) error {
	var j forgotJob
	if err := json.Unmarshal([]byte(w.Payload), &j); err != nil {
		return err
	}
	m, ok := a.Dir.MemberByLogin(j.Login)
	if !ok || m.Disabled {
		return nil
	}
	_, _, err := a.MailLink(ctx, m.ID, m.ID)
	a.Engine.AuditAccess(ctx, access.System("a member forgot his password"), "link_mail", m.ID, err == nil, m.Login)
	if errs.Is(err, errs.Conflict) { // no address, no server: nothing that another try would change
		return nil
	}
	return err
}
