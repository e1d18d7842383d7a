package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// request is one call on its way: who, in which language, and where the answer goes.
type request struct {
	s      *Server
	w      http.ResponseWriter
	r      *http.Request
	ctx    context.Context
	locale string
	reqID  string
	ip     string
	who    session.Principal
	actor  *access.Actor
	query  url.Values // parameters, all of them named by the route
	buf    []byte
	raw    []byte          // the body, once it was read
	key    *records.KeyUse // of a route that keeps its answer inside
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 32<<10); return &b }}

// maxPooled is the largest buffer that is kept for the next request.
const maxPooled = 1 << 20

// handle wraps a handler: identity, policy, errors, buffer.
func (s *Server) handle(rt route) http.HandlerFunc {
	query := rt.query()
	return func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if !rt.stream {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, requestTimeout)
			defer cancel()
		}
		pooled := buffers.Get().(*[]byte) //nolint:forcetypeassert // the pool holds nothing else
		q := &request{s: s, w: w, r: r, ctx: ctx, ip: clientIP(r), buf: (*pooled)[:0]}
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler { //nolint:errorlint // passed as it is: an answer is broken off on purpose
					panic(v)
				}
				s.Log.Error("panic in a handler", "path", r.URL.Path, "request", q.id(), "panic", v)
				q.fail(errs.New(errs.Internal, "error.internal"))
			}
			if cap(q.buf) <= maxPooled {
				*pooled = q.buf[:0]
				buffers.Put(pooled)
			}
		}()
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		err := q.admit(rt.Policy)
		if err == nil && rt.Path != "" { // what is no route asks for nothing
			err = q.ask(query)
		}
		if err != nil {
			q.fail(err)
			return
		}
		if err := q.run(rt); err != nil {
			q.fail(err)
		}
	}
}

// admit finds out who calls and applies the route's policy.
func (q *request) admit(p Policy) error {
	q.locale = i18n.Match(q.r.Header.Get("Accept-Language"))
	token, kind := q.token()
	if token != "" {
		who, err := q.s.Sessions.Resolve(q.ctx, token, q.ip)
		if err == nil && (kind == session.KindSession && who.Kind != session.KindSession) {
			err = errs.New(errs.Unauthorized, "error.unauthorized")
		}
		if err != nil && p != Public {
			return err
		}
		if err == nil {
			if actor, ok := q.s.Rights.Actor(int64(who.Member)); ok {
				q.who, q.actor = who, actor
				q.dress()
			}
		}
	}
	if p == Public {
		return nil
	}
	if q.actor == nil {
		return errs.New(errs.Unauthorized, "error.unauthorized")
	}
	if p == Admin && !q.actor.Admin() {
		return errs.New(errs.Forbidden, "error.admin_only")
	}
	return nil
}

// dress gives the actor what belongs to this call.
func (q *request) dress() {
	a := q.actor
	a.Cred, a.IP, a.ReqID = int64(q.who.Credential), q.ip, q.id()
	a.Via = string(q.who.Kind)
	a.Now = q.s.Clock.Now()
	a.Env.Locale, a.Env.Zone, a.Env.Region = q.locale, q.s.Engine.Dir.Zone(), "CN"
	if !q.who.Scope.Whole() {
		a.Narrow = &access.Narrow{ReadOnly: q.who.Scope.ReadOnly, Entities: q.who.Scope.Entities}
	}
}

// wholeKey keeps narrowed keys from what is about their owner, not about records.
func (q *request) wholeKey() error {
	if q.who.Scope.Whole() {
		return nil
	}
	return errs.New(errs.Forbidden, "error.key_narrow")
}

// writingKey keeps keys that may only read from writing what is no record.
func (q *request) writingKey() error {
	if !q.who.Scope.ReadOnly {
		return nil
	}
	return errs.New(errs.Forbidden, "error.key_narrow")
}

const cookieName = "guanxi_session"

// cookie is the session cookie's name: with the __Host- prefix wherever the
// browser accepts it.
func (q *request) cookie() string {
	if q.secure() {
		return "__Host-" + cookieName
	}
	return cookieName
}

// secure says whether the browser treats this origin as safe: TLS, or this machine.
func (q *request) secure() bool {
	if q.s.Secure || q.r.TLS != nil {
		return true
	}
	host := q.r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (q *request) token() (string, session.Kind) {
	if h := q.r.Header.Get("Authorization"); h != "" {
		token, ok := strings.CutPrefix(h, "Bearer ")
		if !ok {
			return "?", session.KindKey
		}
		return token, session.KindKey
	}
	if c, err := q.r.Cookie(q.cookie()); err == nil {
		return c.Value, session.KindSession
	}
	return "", ""
}

// id is the request's id, made when first asked for.
func (q *request) id() string {
	if q.reqID == "" {
		q.reqID = rand.Text()[:16]
	}
	return q.reqID
}

func clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// ask reads the query parameters: only those that the route names may be
// there, each once.
func (q *request) ask(names []string) error {
	v, err := url.ParseQuery(q.r.URL.RawQuery)
	if err != nil {
		return errs.New(errs.BadRequest, "error.parameters")
	}
	for k, list := range v {
		switch {
		case !slices.Contains(names, k):
			return errs.New(errs.BadRequest, "error.parameter_unknown", "name", k)
		case len(list) > 1:
			return errs.New(errs.BadRequest, "error.parameter_twice", "name", k)
		case sqldb.CheckText(list[0]) != nil:
			return errs.New(errs.BadRequest, "error.parameter_value", "name", k)
		}
	}
	q.query = v
	return nil
}

// flag reads a true/false parameter.
func flag(v url.Values, name string) (bool, error) {
	switch v.Get(name) {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	}
	return false, errs.New(errs.BadRequest, "error.parameter_value", "name", name)
}

// path reads an id in the path; what is no id does not exist.
func (q *request) path(name string) (int64, error) {
	n, err := id.Parse(q.r.PathValue(name))
	if err != nil {
		return 0, notFound()
	}
	return int64(n), nil
}

// body reads the whole request body.
func (q *request) body() ([]byte, error) {
	if q.raw != nil {
		return q.raw, nil
	}
	if ct := q.r.Header.Get("Content-Type"); ct != "" && !strings.Contains(ct, "json") {
		return nil, errs.New(errs.BadRequest, "error.content_type")
	}
	// The context does not reach a read that waits: who sends a byte a minute is cut off too.
	wire := http.NewResponseController(q.w)
	if wire.SetReadDeadline(time.Now().Add(requestTimeout)) == nil {
		defer func() { _ = wire.SetReadDeadline(time.Time{}) }() // it was set a moment ago
	}
	b, err := io.ReadAll(http.MaxBytesReader(q.w, q.r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, errs.New(errs.TooLarge, "error.body_large")
		}
		return nil, errs.New(errs.BadRequest, "error.body_read").With(err)
	}
	q.raw = b
	return b, nil
}

// object reads the body as a JSON object.
func (q *request) object() ([]rawjson.Member, []byte, error) {
	b, err := q.body()
	if err != nil {
		return nil, nil, err
	}
	ms, err := rawjson.Object(b)
	if err != nil {
		return nil, nil, errs.New(errs.BadRequest, "error.body_json")
	}
	return ms, b, nil
}

// decode reads the body into a struct; unknown members are an error.
func (q *request) decode(into any) error {
	b, err := q.body()
	if err != nil {
		return err
	}
	return decodeJSON(b, into)
}

// decodeJSON reads b into a struct; unknown members are an error.
func decodeJSON(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil || d.More() {
		return errs.New(errs.BadRequest, "error.body_json").With(err)
	}
	return nil
}

// reply writes JSON bytes.
func (q *request) reply(status int, body []byte) error {
	h := q.w.Header()
	h["Content-Type"] = []string{"application/json"}
	q.w.WriteHeader(status)
	_, _ = q.w.Write(body) // the client may be gone; there is nobody to tell
	return nil
}

// answer writes a value as JSON; for answers that are not records.
func (q *request) answer(status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return q.reply(status, b)
}

func (q *request) empty() error {
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func rfc3339Micro(at int64) string { return rfc3339(time.UnixMicro(at)) }

func notFound() *errs.Error { return errs.New(errs.NotFound, "error.not_found") }
