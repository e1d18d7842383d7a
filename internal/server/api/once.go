package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
)

// keyed says how a route holds to an Idempotency-Key (DESIGN §7).
type keyed int

const (
	keyless    keyed = iota // it writes nothing, or nobody is signed in yet
	keptInside              // the answer is kept in the one transaction of the write: see request.once
	keptAfter               // it takes several transactions: the key is claimed before, the answer kept after
	keptSecret              // as keptAfter, but what it shows once is not kept: the key answers that it was done
)

// once marks a route that keeps its answer in the transaction of its write.
func (r route) once() route { return r.keyed(keptInside) }

// onceApart marks a route whose answer is kept after its transactions.
func (r route) onceApart() route { return r.keyed(keptAfter) }

// onceShown marks a route that shows a secret once.
func (r route) onceShown() route { return r.keyed(keptSecret) }

func (r route) keyed(k keyed) route {
	r.key = k
	return r.asks("Idempotency-Key").fails(http.StatusConflict, http.StatusUnprocessableEntity)
}

// run calls the handler, with an Idempotency-Key once: the same key and request
// get the same answer again, the same key with another one is refused. What
// failed is not kept and may be tried again with its key.
func (q *request) run(rt route) error {
	key := q.r.Header.Get("Idempotency-Key")
	if rt.key == keyless || key == "" {
		return rt.fn(q)
	}
	use, err := q.use(rt, key)
	if err != nil {
		return err
	}
	if rt.key == keptInside {
		if a, done, err := q.s.Engine.KeptAnswer(q.ctx, use); err != nil || done {
			return q.again(a, err)
		}
		q.key = &use
		return rt.fn(q)
	}
	a, done, err := q.s.Engine.ClaimKey(q.ctx, use)
	if err != nil || done {
		return q.again(a, err)
	}
	return q.apart(rt, use)
}

// use is the request as far as it must be the same: an uploaded file is known
// by its name and size, everything else by its body.
func (q *request) use(rt route, key string) (records.KeyUse, error) {
	if len(key) > 255 {
		return records.KeyUse{}, errs.New(errs.BadRequest, "error.idempotency_key")
	}
	for _, c := range []byte(key) {
		if c <= ' ' || c >= 0x7f {
			return records.KeyUse{}, errs.New(errs.BadRequest, "error.idempotency_key")
		}
	}
	what := q.r.Method + " " + q.r.URL.RequestURI()
	var body []byte
	if rt.doc.in != nil && rt.doc.in.kind != jsonKind {
		what += "\n" + q.r.Header.Get("X-Filename") + "\n" + itoa(int(q.r.ContentLength))
	} else {
		var err error
		if body, err = q.body(); err != nil {
			return records.KeyUse{}, err
		}
	}
	return records.KeyUse{Credential: q.actor.Cred, Key: key, Hash: q.s.Engine.KeyHash(what, body)}, nil
}

// again gives the answer that was kept.
func (q *request) again(a records.Answer, err error) error {
	switch {
	case err != nil:
		return err
	case a.Status == http.StatusConflict:
		return errs.New(errs.Conflict, "error.idempotency_secret")
	}
	return q.give(a)
}

func (q *request) give(a records.Answer) error {
	if a.Head != "" {
		q.w.Header().Set("Location", a.Head)
		q.w.Header().Set("ETag", `"v1"`)
	}
	if a.Status == http.StatusNoContent {
		return q.empty()
	}
	return q.reply(a.Status, a.Body)
}

// once runs a POST in one transaction, in which the answer is kept when the
// request has an Idempotency-Key.
func (q *request) once(fn func(*records.Session) (records.Answer, error)) error {
	var a records.Answer
	err := q.s.Engine.InTx(q.ctx, q.actor, func(sess *records.Session) (err error) {
		if q.key != nil {
			kept, done, err := sess.Kept(*q.key)
			if err != nil || done {
				a = kept
				return err
			}
		}
		if a, err = fn(sess); err != nil || q.key == nil {
			return err
		}
		return sess.Keep(*q.key, a)
	})
	if err != nil {
		return err
	}
	return q.give(a)
}

// apart runs a handler that writes in several transactions and keeps its answer.
func (q *request) apart(rt route, use records.KeyUse) (err error) {
	held := &heldAnswer{ResponseWriter: q.w}
	q.w = held
	kept := false
	defer func() { // also when the handler panics
		q.w = held.ResponseWriter
		if !kept {
			q.afterwards("free an idempotency key", func(ctx context.Context) error { return q.s.Engine.FreeKey(ctx, use) })
		}
	}()
	if err := rt.fn(q); err != nil {
		return err
	}
	kept = true
	a := records.Answer{Status: held.status, Body: held.body.Bytes()}
	if rt.key == keptSecret {
		a = records.Answer{Status: http.StatusConflict}
	}
	q.afterwards("keep an answer", func(ctx context.Context) error { return q.s.Engine.KeepAnswer(ctx, use, a) })
	held.ResponseWriter.WriteHeader(held.status)
	_, _ = held.ResponseWriter.Write(held.body.Bytes()) // the client may be gone
	return nil
}

// afterwards does what belongs to a request that is done, whether or not its
// client still waits.
func (q *request) afterwards(what string, do func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(q.ctx), 5*time.Second)
	defer cancel()
	if err := do(ctx); err != nil {
		q.s.Log.Error(what, "path", q.r.URL.Path, "request", q.id(), "error", err)
	}
}

// heldAnswer holds an answer back until it is kept.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (h *heldAnswer) WriteHeader(status int) { h.status = status }

// Write notes a part of the body.
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }

// Unwrap gives the connection to http.ResponseController.
func (h *heldAnswer) Unwrap() http.ResponseWriter { return h.ResponseWriter }
