package records

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const (
	// keepKeys is how long an Idempotency-Key is remembered (DESIGN §7).
	keepKeys = 24 * time.Hour
	// keyRuns is how long a request may hold its key while it runs: what holds
	// it longer was cut off by a crash.
	keyRuns = 10 * time.Minute
)

// KeyUse is a request with an Idempotency-Key.
type KeyUse struct {
	Credential int64
	Key        string
	Hash       []byte // KeyHash of the request
}

// Answer is what a POST with an Idempotency-Key answered.
type Answer struct {
	Status int
	Head   string // Location
	Body   []byte
}

// keyRunning is the status of a key whose request has not ended.
const keyRunning = 0

// KeyHash tells requests apart. It is keyed: bodies hold passwords, and nobody
// shall guess them from what is kept.
func (e *Engine) KeyHash(request string, body []byte) []byte {
	h := hmac.New(sha256.New, e.AuditKey)
	h.Write([]byte("idempotency 1\x00" + request + "\n"))
	h.Write(body)
	return h.Sum(nil)
}

// KeptAnswer finds the answer that a key got, if it got one. The same key with
// another request is KeyReuse.
func (e *Engine) KeptAnswer(ctx context.Context, use KeyUse) (a Answer, ok bool, err error) {
	err = e.DB.Read(ctx, func(q sqldb.Querier) error {
		a, ok, err = e.kept(ctx, q, use)
		return err
	})
	return a, ok && a.Status != keyRunning, err
}

// Kept is KeptAnswer in the transaction that is about to write. It holds the
// key until that ends, so that two equal requests at once write once.
func (s *Session) Kept(use KeyUse) (Answer, bool, error) {
	if err := s.tx.Guard(s.ctx, guardOf(use)); err != nil {
		return Answer{}, false, err
	}
	return s.e.kept(s.ctx, s.tx, use)
}

func guardOf(use KeyUse) string { return "idempotency:" + use.Key }

func (e *Engine) kept(ctx context.Context, q sqldb.Querier, use KeyUse) (Answer, bool, error) {
	sql := "SELECT hash, status, head, body, at FROM idempotency WHERE credential = ?1 AND key = ?2 AND at > ?3"
	if q.Dialect() == sqldb.Postgres {
		sql = "SELECT hash, status, head, body, at FROM idempotency WHERE credential = $1 AND key = $2 AND at > $3"
	}
	var rows sqldb.Rows
	err := q.Query(ctx, sql, []record.Value{record.Int(use.Credential), record.RawText(use.Key), record.Int(e.now() - keepKeys.Microseconds())},
		[]record.Kind{record.KindBytes, record.KindInt, record.KindText, record.KindBytes, record.KindInt}, &rows)
	if err != nil || rows.Len() == 0 {
		return Answer{}, false, err
	}
	r := rows.Row(0)
	if r[1].Int() == keyRunning && r[4].Int() <= e.now()-keyRuns.Microseconds() {
		return Answer{}, false, nil
	}
	if !bytes.Equal([]byte(r[0].Str()), use.Hash) {
		return Answer{}, false, errs.New(errs.KeyReuse, "error.idempotency_reuse")
	}
	return Answer{Status: int(r[1].Int()), Head: r[2].Str(), Body: []byte(r[3].Str())}, true, nil
}

// Keep remembers the answer to a key in the transaction of its write.
func (s *Session) Keep(use KeyUse, a Answer) error { return s.e.keep(s.ctx, s.tx, use, a) }

func (e *Engine) keep(ctx context.Context, tx sqldb.Tx, use KeyUse, a Answer) error {
	sql := `INSERT INTO idempotency (credential, key, hash, status, head, body, at) VALUES (?1,?2,?3,?4,?5,?6,?7)
		ON CONFLICT (credential, key) DO UPDATE SET hash = excluded.hash, status = excluded.status, head = excluded.head, body = excluded.body, at = excluded.at`
	if tx.Dialect() == sqldb.Postgres {
		sql = `INSERT INTO idempotency (credential, key, hash, status, head, body, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (credential, key) DO UPDATE SET hash = excluded.hash, status = excluded.status, head = excluded.head, body = excluded.body, at = excluded.at`
	}
	_, err := tx.Exec(ctx, sql, record.Int(use.Credential), record.RawText(use.Key), record.Bytes(use.Hash), record.Int(int64(a.Status)),
		record.Text(a.Head), record.Bytes(a.Body), record.Int(e.now()))
	return err
}

// ClaimKey takes a key for a request that writes in several transactions, or
// finds the answer that was kept. While an equal request runs it is Conflict.
// The request ends with KeepAnswer or FreeKey; one that a crash cut off is run
// again by the next with its key.
func (e *Engine) ClaimKey(ctx context.Context, use KeyUse) (a Answer, done bool, err error) {
	err = e.DB.Write(ctx, func(tx sqldb.Tx) error {
		if err := tx.Guard(ctx, guardOf(use)); err != nil {
			return err
		}
		if a, done, err = e.kept(ctx, tx, use); err != nil {
			return err
		}
		switch {
		case !done:
			return e.keep(ctx, tx, use, Answer{Status: keyRunning})
		case a.Status == keyRunning:
			return errs.New(errs.Conflict, "error.idempotency_busy")
		}
		return nil
	})
	return a, done, err
}

// KeepAnswer remembers what a request with a claimed key answered.
func (e *Engine) KeepAnswer(ctx context.Context, use KeyUse, a Answer) error {
	return e.DB.Write(ctx, func(tx sqldb.Tx) error { return e.keep(ctx, tx, use, a) })
}

// FreeKey gives a claimed key back: its request failed.
func (e *Engine) FreeKey(ctx context.Context, use KeyUse) error {
	sql := "DELETE FROM idempotency WHERE credential = ?1 AND key = ?2 AND status = 0"
	if e.DB.Dialect() == sqldb.Postgres {
		sql = "DELETE FROM idempotency WHERE credential = $1 AND key = $2 AND status = 0"
	}
	return e.DB.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, sql, record.Int(use.Credential), record.RawText(use.Key))
		return err
	})
}

// ForgetAnswers deletes the answers kept before an instant; the nightly job.
func (e *Engine) ForgetAnswers(ctx context.Context, before time.Time) (n int64, err error) {
	sql := "DELETE FROM idempotency WHERE at < ?1"
	if e.DB.Dialect() == sqldb.Postgres {
		sql = "DELETE FROM idempotency WHERE at < $1"
	}
	err = e.DB.Write(ctx, func(tx sqldb.Tx) error {
		n, err = tx.Exec(ctx, sql, record.Int(before.UnixMicro()))
		return err
	})
	return n, err
}
