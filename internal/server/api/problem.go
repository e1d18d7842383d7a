package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
)

// status maps each code to its HTTP status, once.
func status(c errs.Code) int {
	switch c {
	case errs.Invalid, errs.KeyReuse:
		return http.StatusUnprocessableEntity
	case errs.BadRequest:
		return http.StatusBadRequest
	case errs.Unauthorized:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict, errs.Duplicate:
		return http.StatusConflict
	case errs.Locked:
		return http.StatusLocked
	case errs.Precondition:
		return http.StatusPreconditionFailed
	case errs.VersionRequired:
		return http.StatusPreconditionRequired
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.RateLimited:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers an error as problem details (RFC 9457) in the caller's language.
// What is not meant for people goes to the log, under the same request id.
func (q *request) fail(err error) {
	if d, ok := errors.AsType[*records.Diverted](err); ok {
		_ = q.reply(http.StatusAccepted, []byte(`{"pending":"`+id.ID(d.Pending).String()+`"}`))
		return
	}
	e, ok := errors.AsType[*errs.Error](err)
	if ok && e.Code == errs.Forbidden {
		q.auditDenial(err, e)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return // nobody is there any more
	case errors.Is(err, context.DeadlineExceeded):
		e = errs.New(errs.Unavailable, "error.timeout")
	case !ok:
		q.s.Log.Error("request failed", "path", q.r.URL.Path, "request", q.id(), "error", err)
		e = errs.New(errs.Internal, "error.internal")
	case e.Code == errs.Internal || e.Cause != nil:
		q.s.Log.Warn("request refused", "path", q.r.URL.Path, "request", q.id(), "error", err)
	}
	h := q.w.Header()
	if e.Code == errs.RateLimited {
		after := e.Args["retry_after"]
		if after == "" {
			after = "60"
		}
		h.Set("Retry-After", after)
	}
	if e.Code == errs.Unauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="guanxi"`)
	}
	b := q.problem(nil, e)
	b = b[:len(b)-1]
	if stale, ok := errors.AsType[*records.Stale](err); ok {
		b = q.appendCurrent(b, stale)
	}
	if m, ok := errors.AsType[*moved](err); ok {
		if now, err := json.Marshal(m.now); err == nil {
			b = append(append(b, `,"current":`...), now...)
		}
		h.Set("ETag", `"`+tagOf(m.now)+`"`)
	}
	if dup, ok := errors.AsType[*records.Duplicates](err); ok {
		b = append(b, `,"duplicates":`...)
		b = q.appendHits(b, dup.Hits)
	}
	b = append(b, '}')
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	q.w.WriteHeader(status(e.Code))
	_, _ = q.w.Write(b) // the client may be gone
}

// auditDenial writes down what the core did not: refusals by the route's
// policy, by the scope of a key, of a field, of a job.
func (q *request) auditDenial(err error, e *errs.Error) {
	if _, done := errors.AsType[*records.Audited](err); done || q.actor == nil {
		return
	}
	name, rec := q.r.PathValue("entity"), id.ID(0)
	switch {
	case q.s.Engine.Registry.State().Entity(name) == nil:
		name = ""
	case q.r.PathValue("id") != "":
		rec, _ = id.Parse(q.r.PathValue("id")) // 0 when it is none
	}
	what := cmp.Or(e.Args["op"], e.Key) + " " + q.r.Method + " " + q.r.URL.Path
	q.s.Engine.AuditDenial(q.ctx, q.actor, name, int64(rec), what)
}

func (q *request) problem(b []byte, e *errs.Error) []byte {
	text := func(e *errs.Error) string { return q.s.Texts.Text(q.lang(), e.Key, e.Args) }
	b = append(b, `{"type":"about:blank","title":`...)
	b = rawjson.AppendString(b, q.s.Texts.Text(q.lang(), "problem."+string(e.Code), nil))
	b = append(b, `,"status":`...)
	b = strconv.AppendInt(b, int64(status(e.Code)), 10)
	b = append(b, `,"detail":`...)
	b = rawjson.AppendString(b, text(e))
	b = append(b, `,"code":"`...)
	b = append(b, e.Code...)
	b = append(b, `","key":`...)
	b = rawjson.AppendString(b, e.Key)
	if e.Offer != "" {
		b = append(b, `,"offer":`...)
		b = rawjson.AppendString(b, e.Offer)
	}
	list := e.Sub
	if len(list) == 0 && e.Field != "" {
		list = []*errs.Error{e}
	}
	b = append(b, `,"errors":[`...)
	for i, sub := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"field":`...)
		b = rawjson.AppendString(b, sub.Field)
		b = append(b, `,"code":`...)
		b = rawjson.AppendString(b, sub.Key)
		b = append(b, `,"message":`...)
		b = rawjson.AppendString(b, text(sub))
		b = append(b, '}')
	}
	b = append(b, `],"request_id":`...)
	b = rawjson.AppendString(b, q.id())
	return append(b, '}')
}

func (q *request) lang() string {
	if q.locale == "" {
		return "zh-CN"
	}
	return q.locale
}

// appendCurrent shows both sides of a version conflict: the record as it is
// now, under the caller's rights.
func (q *request) appendCurrent(b []byte, s *records.Stale) []byte {
	cur, _, err := q.s.Engine.Get(q.ctx, q.actor, s.Current.Shape.Entity, s.Current.ID(), records.ListQuery{}, nil)
	if err != nil {
		return b
	}
	b = append(b, `,"current":`...)
	b = append(b, cur...)
	b = append(b, `,"current_version":`...)
	return strconv.AppendInt(b, s.Current.Version(), 10)
}

// appendHits writes what the duplicate check found, masked where it must be.
func (q *request) appendHits(b []byte, hits []records.Hit) []byte {
	b = append(b, '[')
	for i, h := range hits {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"id":`...)
		if h.Readable {
			b = append(b, '"')
			b = id.ID(h.ID).AppendText(b)
			b = append(b, '"')
		} else {
			b = append(b, "null"...)
		}
		b = append(b, `,"entity":`...)
		b = rawjson.AppendString(b, h.Entity)
		b = append(b, `,"label":`...)
		b = rawjson.AppendString(b, h.Label)
		b = append(b, `,"rule":`...)
		b = rawjson.AppendString(b, h.Rule)
		b = append(b, `,"strict":`...)
		b = strconv.AppendBool(b, h.Strict)
		b = append(b, `,"owner":`...)
		name, _ := q.s.Engine.Dir.Label("org.member", h.Owner)
		b = rawjson.AppendString(b, name)
		b = append(b, `,"matched":[`...)
		for j, m := range h.Matched {
			if j > 0 {
				b = append(b, ',')
			}
			b = rawjson.AppendString(b, m)
		}
		b = append(b, `]}`...)
	}
	return append(b, ']')
}
