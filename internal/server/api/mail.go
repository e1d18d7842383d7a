package api

import (
	"encoding/json"
	"net/http"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/notify/mail"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// MailKind is the kind of jobs that send a letter.
const MailKind = "mail"

// MailServer is the company's mail server without its password, which nobody can read again.
type MailServer struct {
	mail.Server
	HasPassword bool `json:"has_password"`
}

// MailChange is the mail server as an administrator wants it.
type MailChange struct {
	mail.Server
	Password *string `json:"password" doc:"Left out: as it was, if server and user are the same"`
}

func (s *Server) mailServer(q *request) error {
	m, err := s.Platform.MailServer(q.ctx)
	if err != nil {
		return err
	}
	return q.tagged(m)
}

// setMailServer keeps a mail server; an empty host switches mail off.
func (s *Server) setMailServer(q *request) error {
	var in MailChange
	if err := q.decode(&in); err != nil {
		return err
	}
	m, err := s.Platform.SetMailServer(q.ctx, in, func(now MailServer) error { return q.match(now) })
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "settings_change", 0, true, "mail "+m.Host)
	return q.tagged(m)
}

type mailTestBody struct {
	MailChange
	To string `json:"to" api:"required"`
}

// testMail sends a letter now. Whatever goes wrong is about a setting, so the
// answer says at which.
func (s *Server) testMail(q *request) error {
	var in mailTestBody
	if err := q.decode(&in); err != nil {
		return err
	}
	err := s.Platform.TestMail(q.ctx, in.MailChange, in.To, q.lang())
	s.Engine.AuditAccess(q.ctx, q.actor, "mail_test", 0, err == nil, in.Host)
	if e, ok := err.(*errs.Error); ok && e.Field != "" { //nolint:errorlint // bare by contract
		return errs.New(errs.Invalid, e.Key, flat(e.Args)...).At(e.Field).With(e.Cause)
	}
	if err != nil {
		return err
	}
	return q.empty()
}

// flat writes arguments as New takes them.
func flat(args map[string]string) []string {
	var out []string
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

// letterOut is a letter on its way, gone, or stuck.
type letterOut struct {
	ID      string `json:"id" api:"id"`
	To      string `json:"to"`
	Subject string `json:"subject"`
	State   string `json:"state" doc:"queued, running, done, cancelled; failed: the server will not take it; dead: tried too often"`
	Tries   int    `json:"tries"`
	Problem string `json:"problem" doc:"What came of the last try"`
	Created string `json:"created_at" api:"instant"`
	Next    string `json:"next_at,omitempty" api:"instant" doc:"When it is tried again"`
	Ended   string `json:"finished_at,omitempty" api:"instant"`
}

// letters lists the mail of the last weeks, without what it says.
func (s *Server) letters(q *request) error {
	list, err := s.jobsOf(q, jobs.Filter{Kind: MailKind})
	if err != nil {
		return err
	}
	out := []letterOut{}
	for _, j := range list {
		out = append(out, q.letter(j))
	}
	return q.answer(http.StatusOK, itemsOf[letterOut]{out})
}

func (q *request) letter(j jobs.Job) letterOut {
	out := letterOut{ID: j.ID.String(), State: string(j.State), Tries: j.Tries, Created: rfc3339(j.CreatedAt), Ended: rfc3339(j.FinishedAt)}
	var head struct {
		To      string `json:"to"`
		Subject string `json:"subject"`
	}
	if json.Unmarshal([]byte(j.Payload), &head) == nil {
		out.To, out.Subject = head.To, head.Subject
	}
	if j.Error != nil && j.State != jobs.Done {
		out.Problem = q.s.Texts.Text(q.lang(), j.Error.Key, j.Error.Args)
	}
	if j.State == jobs.Queued && j.Tries > 0 {
		out.Next = rfc3339(j.RunAt)
	}
	return out
}

// retryLetter sends a letter again that stuck.
func (s *Server) retryLetter(q *request) error {
	n, err := q.path("id")
	if err != nil {
		return err
	}
	var j jobs.Job
	err = s.Engine.DB.Write(q.ctx, func(tx sqldb.Tx) error {
		if j, err = jobs.Get(q.ctx, tx, id.ID(n)); err != nil {
			return err
		}
		if j.Kind != MailKind {
			return errs.New(errs.NotFound, "error.job_not_found")
		}
		again, err := s.Queue.Retry(q.ctx, tx, j.ID)
		if err != nil {
			return err
		}
		if !again {
			return errs.New(errs.Conflict, "error.letter_alive")
		}
		j, err = jobs.Get(q.ctx, tx, j.ID)
		return err
	})
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "mail_retry", n, true, "")
	return q.answer(http.StatusOK, q.letter(j))
}

type mailedOut struct {
	To        string `json:"to"`
	ExpiresAt string `json:"expires_at" api:"instant"`
}

// mailMember sends a member the link that memberLink shows: an invitation, or
// a reset for one who has a password.
func (s *Server) mailMember(q *request) error {
	n, err := q.path("id")
	if err != nil {
		return err
	}
	to, until, err := s.Platform.MailLink(q.ctx, n, q.actor.ID())
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "link_mail", n, true, to)
	return q.answer(http.StatusAccepted, mailedOut{to, rfc3339(until)})
}

type forgotBody struct {
	Login string `json:"login" api:"required"`
}

// forgot asks for a link by mail. It never tells whether there is such a member.
func (s *Server) forgot(q *request) error {
	var in forgotBody
	if err := q.decode(&in); err != nil {
		return err
	}
	if err := s.Sessions.Ask(q.ctx, in.Login, q.ip); err != nil {
		return err
	}
	if s.Platform.MailReady(q.ctx) {
		if err := s.Platform.Forgot(q.ctx, in.Login); err != nil {
			return err
		}
	}
	return q.empty()
}
