package records

import (
	"bytes"
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Answer is what a POST with an Idempotency-Key answered.
type Answer struct {
	Status int
	Head   string // Location
	Body   []byte
}

// Kept finds the answer that a key got within the time kept. The same key with
// another request is KeyReuse. It holds the key until the transaction ends, so
// that two equal requests at once make one record.
func (s *Session) Kept(credential int64, key string, hash []byte, keep time.Duration) (Answer, bool, error) {
	if err := s.tx.Guard(s.ctx, "idempotency:"+key); err != nil {
		return Answer{}, false, err
	}
	sql := "SELECT hash, status, head, body FROM idempotency WHERE credential = ?1 AND key = ?2 AND at > ?3"
	if s.tx.Dialect() == sqldb.Postgres {
		sql = "SELECT hash, status, head, body FROM idempotency WHERE credential = $1 AND key = $2 AND at > $3"
	}
	var rows sqldb.Rows
	err := s.tx.Query(s.ctx, sql, []record.Value{record.Int(credential), record.RawText(key), record.Int(s.now - keep.Microseconds())},
		[]record.Kind{record.KindBytes, record.KindInt, record.KindText, record.KindBytes}, &rows)
	if err != nil || rows.Len() == 0 {
		return Answer{}, false, err
	}
	r := rows.Row(0)
	if !bytes.Equal([]byte(r[0].Str()), hash) {
		return Answer{}, false, errs.New(errs.KeyReuse, "error.idempotency_reuse")
	}
	return Answer{Status: int(r[1].Int()), Head: r[2].Str(), Body: []byte(r[3].Str())}, true, nil
}

// Keep remembers the answer to a key in the transaction of its write.
func (s *Session) Keep(credential int64, key string, hash []byte, a Answer) error {
	sql := `INSERT INTO idempotency (credential, key, hash, status, head, body, at) VALUES (?1,?2,?3,?4,?5,?6,?7)
		ON CONFLICT (credential, key) DO UPDATE SET hash = excluded.hash, status = excluded.status, head = excluded.head, body = excluded.body, at = excluded.at`
	if s.tx.Dialect() == sqldb.Postgres {
		sql = `INSERT INTO idempotency (credential, key, hash, status, head, body, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (credential, key) DO UPDATE SET hash = excluded.hash, status = excluded.status, head = excluded.head, body = excluded.body, at = excluded.at`
	}
	_, err := s.tx.Exec(s.ctx, sql, record.Int(credential), record.RawText(key), record.Bytes(hash), record.Int(int64(a.Status)),
		record.Text(a.Head), record.Bytes(a.Body), record.Int(s.now))
	return err
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
