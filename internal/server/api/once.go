package api

import (
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
)

// keepKeys is how long an Idempotency-Key is remembered.
const keepKeys = 24 * time.Hour

// once runs a POST in one transaction. With an Idempotency-Key the answer is
// kept in the same transaction: the same key and body get the same answer
// again, the same key with another body is refused.
func (q *request) once(raw []byte, fn func(*records.Session) (status int, location string, body []byte, err error)) error {
	key := q.r.Header.Get("Idempotency-Key")
	if len(key) > 200 {
		return errs.New(errs.BadRequest, "error.idempotency_key")
	}
	var ans records.Answer
	hash := sha256.Sum256([]byte(q.r.Method + " " + q.r.URL.RequestURI() + "\n" + string(raw)))
	err := q.s.Engine.InTx(q.ctx, q.actor, func(sess *records.Session) error {
		if key != "" {
			kept, ok, err := sess.Kept(q.actor.Cred, key, hash[:], keepKeys)
			if err != nil || ok {
				ans = kept
				return err
			}
		}
		st, head, body, err := fn(sess)
		if err != nil {
			return err
		}
		ans = records.Answer{Status: st, Head: head, Body: body}
		if key == "" {
			return nil
		}
		return sess.Keep(q.actor.Cred, key, hash[:], ans)
	})
	if err != nil {
		return err
	}
	if ans.Head != "" {
		q.w.Header().Set("Location", ans.Head)
		q.w.Header().Set("ETag", `"v1"`)
	}
	if ans.Status == 0 {
		ans.Status = http.StatusOK
	}
	return q.reply(ans.Status, ans.Body)
}
