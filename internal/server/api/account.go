package api

import (
	"net/http"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/desk"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

type signInBody struct {
	Login    string `json:"login" api:"required"`
	Password string `json:"password" api:"required"`
}

// signIn opens a session and sets its cookie. Both outcomes are audited.
func (s *Server) signIn(q *request) error {
	var in signInBody
	if err := q.decode(&in); err != nil {
		return err
	}
	return q.openSession(in.Login, in.Password)
}

type renewBody struct {
	Login    string `json:"login" api:"required"`
	Password string `json:"password" api:"required" doc:"The old one"`
	New      string `json:"new" api:"required"`
}

// renew lets a member in whose password is too old: he sets another.
func (s *Server) renew(q *request) error {
	var in renewBody
	if err := q.decode(&in); err != nil {
		return err
	}
	token, cred, err := s.Sessions.Renew(q.ctx, in.Login, in.Password, in.New, q.meta())
	if err != nil {
		s.Engine.AuditAccess(q.ctx, q.guest(), "sign_in", 0, false, in.Login)
		return err
	}
	return q.signedIn(token, cred, "password_change")
}

func (q *request) openSession(login, password string) error {
	token, cred, err := q.s.Sessions.SignIn(q.ctx, login, password, q.meta())
	if err != nil {
		q.s.Engine.AuditAccess(q.ctx, q.guest(), "sign_in", 0, false, login)
		return err
	}
	return q.signedIn(token, cred, "sign_in")
}

// signedIn answers with the member whose session was opened, and its cookie.
func (q *request) signedIn(token string, cred session.Credential, action string) error {
	actor, ok := q.s.Rights.Actor(int64(cred.Member))
	if !ok {
		return errs.New(errs.Unauthorized, "error.unauthorized")
	}
	q.actor, q.who = actor, session.Principal{Member: cred.Member, Credential: cred.ID, Kind: session.KindSession}
	q.dress()
	q.s.Engine.AuditAccess(q.ctx, q.actor, action, int64(cred.Member), true, "")
	http.SetCookie(q.w, q.sessionCookie(token, cred))
	return q.whoAmIBody()
}

// meta is what is known of the caller when he signs in.
func (q *request) meta() session.Meta {
	m := session.Meta{IP: q.ip, UserAgent: q.r.UserAgent()}
	if c, err := q.r.Cookie(q.cookie()); err == nil {
		m.Replaces = c.Value
	}
	return m
}

// sessionCookie holds the token: out of reach of scripts, of other sites and,
// wherever the browser allows, of plain connections.
func (q *request) sessionCookie(token string, c session.Credential) *http.Cookie {
	return &http.Cookie{Name: q.cookie(), Value: token, Path: "/", HttpOnly: true, Secure: q.secure(), SameSite: http.SameSiteLaxMode, Expires: c.ExpiresAt}
}

// guest is an actor for the audit log before anybody is known.
func (q *request) guest() *access.Actor {
	a := access.System("sign-in")
	a.IP, a.ReqID = q.ip, q.id()
	return a
}

func (s *Server) whoAmI(q *request) error { return q.whoAmIBody() }

type me struct {
	ID       string   `json:"id" api:"id"`
	Login    string   `json:"login"`
	Name     string   `json:"name"`
	Admin    bool     `json:"admin"`
	Locale   string   `json:"locale"`
	Zone     string   `json:"zone"`
	Depts    []string `json:"departments" api:"id" doc:"The main department first"`
	Insecure bool     `json:"insecure" doc:"The connection is not protected: the page warns"`
	Avatar   string   `json:"avatar,omitempty" api:"id" doc:"The file of his picture"`

	Look desk.Look `json:"look" doc:"How the page looks to him"`
}

type whoOut struct {
	Me me `json:"me"`
}

func (q *request) whoAmIBody() error {
	m := q.actor.Member
	out := me{ID: id.ID(m.ID).String(), Login: m.Login, Name: m.Name, Admin: m.Admin, Locale: q.lang(), Zone: q.s.Engine.Dir.Zone().String(),
		Depts: []string{}, Insecure: !q.secure()}
	for _, d := range m.Depts {
		out.Depts = append(out.Depts, id.ID(d).String())
	}
	var err error
	if out.Look, err = q.s.Desk.Look(q.ctx, m.ID); err != nil {
		return err
	}
	if out.Avatar, err = q.avatar(m.ID); err != nil {
		return err
	}
	return q.answer(http.StatusOK, whoOut{out})
}

// avatar is the file of a member's picture, "" when there is none.
func (q *request) avatar(member int64) (string, error) {
	ent := q.s.Engine.Registry.State().Entity(schema.MemberEntity)
	f := ent.Field("avatar")
	r, err := q.s.Engine.Record(q.ctx, access.System("the member's own picture"), ent.Name, member)
	if err != nil || f == nil || f.Retired || len(r.At(f.Slot).List()) == 0 {
		return "", err
	}
	return ref(r.At(f.Slot).List()[0].Int()), nil
}

func (s *Server) signOut(q *request) error {
	if err := s.Sessions.Revoke(q.ctx, q.who.Member, q.who.Credential); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "sign_out", q.actor.ID(), true, "")
	http.SetCookie(q.w, &http.Cookie{Name: q.cookie(), Path: "/", HttpOnly: true, Secure: q.secure(), SameSite: http.SameSiteLaxMode, MaxAge: -1})
	return q.empty()
}

// profileBody is what a member may change of himself; each is a field of org.member.
type profileBody struct {
	Name   string   `json:"name"`
	Locale string   `json:"locale"`
	Zone   string   `json:"zone"`
	Phone  string   `json:"phone"`
	Email  string   `json:"email"`
	Avatar []string `json:"avatar" api:"id" doc:"A file that he uploaded; an empty list takes the picture away"`
}

// changeMe lets a member change what is his own: name, language, contact data.
func (s *Server) changeMe(q *request) error {
	if err := q.wholeKey(); err != nil {
		return err
	}
	body, _, err := q.object()
	if err != nil {
		return err
	}
	own := map[string]bool{"name": true, "locale": true, "zone": true, "phone": true, "email": true, "avatar": true}
	ent := s.Engine.Registry.State().Entity(schema.MemberEntity)
	for _, m := range body {
		if !own[m.Key] || ent.Field(m.Key) == nil {
			return errs.New(errs.BadRequest, "error.field_unknown", "field", m.Key).At(m.Key)
		}
	}
	system := access.System("member changes his own profile")
	in, _, err := s.Engine.Decode(system, ent, body)
	if err != nil {
		return err
	}
	now := *q.actor.Member
	err = s.Engine.InTx(q.ctx, q.actor, func(sess *records.Session) error {
		err := sess.Update(q.ctx, schema.MemberEntity, q.actor.ID(), func(r *record.Record) {
			for _, i := range in {
				r.SetAt(i.Field.Slot, i.Value)
			}
		})
		if err != nil {
			return err
		}
		r, err := sess.Get(q.ctx, schema.MemberEntity, q.actor.ID())
		if err == nil {
			now.Name = r.At(ent.Title.Slot).Str()
		}
		return err
	})
	if err != nil {
		return err
	}
	q.actor.Member = &now
	return q.whoAmIBody()
}

type passwordBody struct {
	Old string `json:"old" api:"required"`
	New string `json:"new" api:"required"`
}

func (s *Server) changePassword(q *request) error {
	if err := q.wholeKey(); err != nil {
		return err
	}
	var in passwordBody
	if err := q.decode(&in); err != nil {
		return err
	}
	m := q.actor.Member
	member := session.Member{ID: id.ID(m.ID), Login: m.Login, Name: m.Name}
	if err := s.Sessions.ChangePassword(q.ctx, member, in.Old, in.New, q.ip, q.who.Credential); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "password_change", m.ID, true, "")
	return q.empty()
}

type credentialOut struct {
	ID        string `json:"id" api:"id"`
	Kind      string `json:"kind" doc:"session or key"`
	Name      string `json:"name,omitempty"`
	Hint      string `json:"hint,omitempty" doc:"The first characters of a key"`
	CreatedAt string `json:"created_at" api:"instant"`
	LastSeen  string `json:"last_seen_at,omitempty" api:"instant"`
	ExpiresAt string `json:"expires_at,omitempty" api:"instant"`
	UserAgent string `json:"user_agent,omitempty"`
	IP        string `json:"ip,omitempty"`
	Current   bool   `json:"current" doc:"The one that asks"`
}

func (q *request) credentials(kind session.Kind) error {
	list, err := q.s.Sessions.List(q.ctx, q.who.Member)
	if err != nil {
		return err
	}
	out := []credentialOut{}
	for _, c := range list {
		if c.Kind != kind || !c.RevokedAt.IsZero() {
			continue
		}
		out = append(out, credentialOut{ID: c.ID.String(), Kind: string(c.Kind), Name: c.Name, Hint: c.Hint, CreatedAt: rfc3339(c.CreatedAt),
			LastSeen: rfc3339(c.LastUsedAt), ExpiresAt: rfc3339(c.ExpiresAt), UserAgent: c.UserAgent, IP: c.LastIP, Current: c.ID == q.who.Credential})
	}
	return q.answer(http.StatusOK, itemsOf[credentialOut]{out})
}

func (s *Server) listSessions(q *request) error { return q.credentials(session.KindSession) }
func (s *Server) listKeys(q *request) error     { return q.credentials(session.KindKey) }

func (s *Server) endSession(q *request) error {
	if err := q.wholeKey(); err != nil {
		return err
	}
	c, err := q.path("id")
	if err != nil {
		return err
	}
	if err := s.Sessions.Revoke(q.ctx, q.who.Member, id.ID(c)); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "credential_revoke", c, true, "")
	return q.empty()
}

type keyBody struct {
	Name  string `json:"name" api:"required"`
	Scope struct {
		ReadOnly bool     `json:"read_only"`
		Entities []string `json:"entities" doc:"Empty: all"`
	} `json:"scope"`
	ExpiresAt time.Time `json:"expires_at"`
}

type newKeyOut struct {
	ID  string `json:"id" api:"id"`
	Key string `json:"key" doc:"Shown this once"`
}

func (s *Server) newKey(q *request) error {
	var in keyBody
	if err := q.decode(&in); err != nil {
		return err
	}
	if len(in.Scope.Entities) == 0 {
		in.Scope.Entities = nil
	}
	key, c, err := s.Sessions.NewKey(q.ctx, q.who.Member, session.KeyOptions{Name: in.Name, Expires: in.ExpiresAt, By: q.who.Member,
		Scope: session.Scope{ReadOnly: in.Scope.ReadOnly, Entities: in.Scope.Entities}, Within: q.who.Scope})
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "key_create", int64(c.ID), true, in.Name)
	return q.answer(http.StatusCreated, newKeyOut{c.ID.String(), key})
}
