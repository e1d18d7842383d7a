package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
)

// tagOf is the version of something that has no number: a digest of what it is.
func tagOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

// moved is the error of a change based on what is no longer so. now is how it
// is, for both sides to be shown.
type moved struct {
	err *errs.Error
	now any
}

func (m *moved) Error() string { return m.err.Error() }
func (m *moved) Unwrap() error { return m.err }

// match refuses a change that If-Match bases on something else than now.
func (q *request) match(now any) error {
	want := q.r.Header.Get("If-Match")
	if want == "" || want == "*" || want == `"`+tagOf(now)+`"` {
		return nil
	}
	return &moved{errs.New(errs.Precondition, "error.settings_moved"), now}
}

// merged is now with the members of a JSON object over it, as RFC 7396 says:
// objects are merged, all else is given anew, null takes a member away. now is
// not touched, and nothing of an array that is given anew stays.
func merged[T any](now T, raw []byte) (out T, err error) {
	old, err := json.Marshal(now)
	if err != nil {
		return out, err
	}
	var was, change any
	if err := json.Unmarshal(raw, &change); err != nil {
		return out, errs.New(errs.BadRequest, "error.body_json").With(err)
	}
	if _, ok := change.(map[string]any); !ok {
		return out, errs.New(errs.BadRequest, "error.body_json")
	}
	d := json.NewDecoder(bytes.NewReader(old))
	d.UseNumber()
	if err := d.Decode(&was); err != nil {
		return out, err
	}
	both, err := json.Marshal(mergePatch(was, change))
	if err != nil {
		return out, err
	}
	return out, decodeJSON(both, &out)
}

func mergePatch(was, change any) any {
	over, ok := change.(map[string]any)
	if !ok {
		return change
	}
	into, ok := was.(map[string]any)
	if !ok {
		into = map[string]any{}
	}
	for key, v := range over {
		if v == nil {
			delete(into, key)
			continue
		}
		into[key] = mergePatch(into[key], v)
	}
	return into
}

// tagged answers something with its version.
func (q *request) tagged(v any) error {
	q.w.Header().Set("ETag", `"`+tagOf(v)+`"`)
	return q.answer(http.StatusOK, v)
}

func (s *Server) settings(q *request) error {
	c, _, err := s.Customize.Company(q.ctx)
	if err != nil {
		return err
	}
	return q.tagged(c)
}

// changeSettings merges the given members into the company's settings, which
// it holds meanwhile: what somebody else sets at the same time is kept.
func (s *Server) changeSettings(q *request) error {
	raw, err := q.body()
	if err != nil {
		return err
	}
	c, err := s.editCompany(q, func(sess *records.Session, c *customize.Company) error {
		was := *c
		if err := q.match(was); err != nil {
			return err
		}
		if *c, err = merged(was, raw); err != nil {
			return err
		}
		if c.Currency != was.Currency {
			return errs.New(errs.Invalid, "error.currency_fixed").At("currency")
		}
		c.Installation, c.Recipient, c.Logo, c.Seal = was.Installation, was.Recipient, was.Logo, was.Seal
		return c.Check()
	})
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "settings_change", 0, true, "company")
	return q.tagged(c)
}

// editCompany changes the settings under their guard and makes them work at once.
func (s *Server) editCompany(q *request, edit func(*records.Session, *customize.Company) error) (c customize.Company, err error) {
	err = s.Engine.InTx(q.ctx, q.actor, func(sess *records.Session) (err error) {
		if err := sess.Guard(q.ctx, customize.CompanyGuard); err != nil {
			return err
		}
		if c, _, err = customize.ReadCompany(q.ctx, sess.Tx()); err != nil {
			return err
		}
		if err := edit(sess, &c); err != nil {
			return err
		}
		return s.Customize.SaveCompany(q.ctx, sess.Tx(), c)
	})
	if err == nil {
		err = s.Platform.Reload(q.ctx)
	}
	return c, err
}

// faceOut is what everybody may know of the company: the sign-in page shows it.
type faceOut struct {
	Name          string `json:"name"`
	ShortName     string `json:"short_name"`
	Logo          string `json:"logo" doc:"Version of the logo, empty without one; /company/logo gives it"`
	PasswordLeast int    `json:"password_least" doc:"Fewest characters of a new password"`
	Mail          bool   `json:"mail" doc:"Whether links are sent by mail"`
}

func (s *Server) face(q *request) error {
	c, _, err := s.Customize.Company(q.ctx)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, faceOut{Name: c.Name, ShortName: c.ShortName, Logo: c.Logo, PasswordLeast: max(c.PasswordLeast, 8),
		Mail: s.Platform.MailReady(q.ctx)})
}

// logo gives the company's logo to everybody.
func (s *Server) logo(q *request) error {
	if q.query.Get("v") != "" {
		q.w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return q.picture(customize.Logo)
}

// pictureNamed is the picture of the path.
func (q *request) pictureNamed() (customize.Picture, error) {
	switch p := customize.Picture(q.r.PathValue("name")); p {
	case customize.Logo, customize.Seal:
		return p, nil
	}
	return "", notFound()
}

// companyPicture gives a picture to administrators; who looked at the seal is written down.
func (s *Server) companyPicture(q *request) error {
	p, err := q.pictureNamed()
	if err != nil {
		return err
	}
	if err := q.picture(p); err != nil {
		return err
	}
	if p == customize.Seal {
		s.Engine.AuditAccess(q.ctx, q.actor, "seal_read", 0, true, "")
	}
	return nil
}

// picture answers a picture, which the settings drew themselves: it is nothing but pixels.
func (q *request) picture(p customize.Picture) error {
	raw, err := q.s.Customize.Picture(q.ctx, p)
	if err != nil {
		q.w.Header().Set("Cache-Control", "no-store")
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	q.w.WriteHeader(http.StatusOK)
	_, _ = q.w.Write(raw) // the client may be gone; there is nobody to tell
	return nil
}

// setPicture keeps the body as a picture of the company; DELETE takes it away.
func (s *Server) setPicture(q *request) error {
	p, err := q.pictureNamed()
	if err != nil {
		return err
	}
	var raw []byte
	if q.r.Method == http.MethodPost {
		if raw, err = io.ReadAll(io.LimitReader(q.r.Body, customize.MaxPicture+1)); err != nil {
			return errs.New(errs.BadRequest, "error.body_read").With(err)
		}
		if raw == nil {
			raw = []byte{}
		}
	}
	c, err := s.editCompany(q, func(sess *records.Session, c *customize.Company) error {
		return s.Customize.SetPicture(q.ctx, sess.Tx(), c, p, raw)
	})
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "settings_change", 0, true, string(p))
	return q.tagged(c)
}
