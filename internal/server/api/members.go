package api

import (
	"net/http"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/session"
)

// memberAccess is how a member can come in.
type memberAccess struct {
	ID       string `json:"id" api:"id"`
	State    string `json:"state" doc:"active: has a password; invited: has a link; none: neither"`
	LinkEnds string `json:"link_expires_at,omitempty" api:"instant"`
	LastSeen string `json:"last_seen_at,omitempty" api:"instant"`
}

// memberAccesses tells administrators who can come in and who was ever here.
func (s *Server) memberAccesses(q *request) error {
	all, err := s.Sessions.Accesses(q.ctx)
	if err != nil {
		return err
	}
	out := make([]memberAccess, 0, len(all))
	for member, a := range all {
		one := memberAccess{ID: member.String(), State: "none", LinkEnds: rfc3339(a.LinkEnds), LastSeen: rfc3339(a.LastUsed)}
		switch {
		case a.Password:
			one.State = "active"
		case !a.LinkEnds.IsZero():
			one.State = "invited"
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b memberAccess) int { return compareText(a.ID, b.ID) })
	return q.answer(http.StatusOK, itemsOf[memberAccess]{out})
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

type linkOut struct {
	Token     string `json:"token" doc:"Shown this once; the page makes an address of it: /join#TOKEN"`
	ExpiresAt string `json:"expires_at" api:"instant"`
}

// memberLink makes a link by which a member sets his password himself: an
// invitation for a new one, a reset for one who forgot it. Nobody else ever
// knows the password.
func (s *Server) memberLink(q *request) error {
	n, err := q.path("id")
	if err != nil {
		return err
	}
	m, ok := s.Engine.Dir.Member(n)
	if !ok {
		return notFound()
	}
	token, c, err := s.Sessions.NewLink(q.ctx, session.Member{ID: id.ID(n), Login: m.Login, Name: m.Name, Disabled: m.Disabled}, id.ID(q.actor.ID()))
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "link_create", n, true, m.Login)
	return q.answer(http.StatusCreated, linkOut{token, rfc3339(c.ExpiresAt)})
}

type linkBody struct {
	Token string `json:"token" api:"required"`
}

type linkOwnerOut struct {
	Login   string `json:"login"`
	Name    string `json:"name"`
	Company string `json:"company"`
}

// lookAtLink tells the holder of a link whose it is, before he sets a password.
func (s *Server) lookAtLink(q *request) error {
	var in linkBody
	if err := q.decode(&in); err != nil {
		return err
	}
	m, err := s.Sessions.LinkOf(q.ctx, in.Token, q.ip)
	if err != nil {
		return err
	}
	c, _, err := s.Customize.Company(q.ctx)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, linkOwnerOut{m.Login, m.Name, c.Name})
}

type linkUseBody struct {
	Token    string `json:"token" api:"required"`
	Password string `json:"password" api:"required"`
}

// useLink sets the password and signs the member in. Both outcomes are audited.
func (s *Server) useLink(q *request) error {
	var in linkUseBody
	if err := q.decode(&in); err != nil {
		return err
	}
	token, cred, err := s.Sessions.UseLink(q.ctx, in.Token, in.Password, q.meta())
	if err != nil {
		if !errs.Is(err, errs.Invalid) { // a password that is too weak is not an attempt to break in
			s.Engine.AuditAccess(q.ctx, q.guest(), "link_use", 0, false, "")
		}
		return err
	}
	return q.signedIn(token, cred, "link_use")
}

// roleRights answers all that a role grants.
func (s *Server) roleRights(q *request) error {
	n, err := q.path("id")
	if err != nil {
		return err
	}
	out, err := s.Platform.RoleRights(q.ctx, n)
	if err != nil {
		return err
	}
	return q.tagged(out)
}

// setRoleRights gives a role these rights and no others, at work at once.
func (s *Server) setRoleRights(q *request) error {
	n, err := q.path("id")
	if err != nil {
		return err
	}
	var in RoleRights
	if err := q.decode(&in); err != nil {
		return err
	}
	if err := s.Platform.SetRoleRights(q.ctx, q.actor, n, in, func(now RoleRights) error { return q.match(now) }); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "role_rights", n, true, "")
	return s.roleRights(q)
}
