package session

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Guessing (ASVS V6.1.1, V6.3.1). Failures are counted for three subjects. One
// that had too many waits, twice as long each time, never longer than
// maxBlock; half an hour without failure forgets them. Because waiting
// is counted for a login AT an address first, somebody who guesses from
// elsewhere locks the real member out only after many failures, and never for
// longer than maxBlock.
const (
	pairLimit    = 5   // a login from one address, unless the policy says another
	loginLimit   = 30  // a login from anywhere
	addressLimit = 100 // an address, whatever the login; a whole office may share it
	firstBlock   = 5 * time.Second
	maxBlock     = 15 * time.Minute
	forgetAfter  = 30 * time.Minute
)

// subject is what failures are counted for.
type subject struct {
	key   string
	limit int64
}

// subjects of an attempt. The login is cut: it may be anything.
func (s *Service) subjects(login, ip string) []subject {
	login = strings.ToLower(strings.TrimSpace(login))
	if len(login) > 200 {
		login = strings.ToValidUTF8(login[:200], "")
	}
	list := []subject{{"l:" + login, loginLimit}}
	if ip != "" {
		list = append(list, subject{"p:" + ip + " " + login, int64(s.policy().Tries)}, subject{"a:" + ip, addressLimit})
	}
	return list
}

// failure is a row of sign_in_failure.
type failure struct {
	count    int64
	at, till time.Time
}

func (s *Service) readFailure(ctx context.Context, q sqldb.Querier, key string) (f failure, err error) {
	var rows sqldb.Rows
	err = q.Query(ctx, bind(q.Dialect(), "SELECT failures, last_at, until_at FROM sign_in_failure WHERE subject = ?1"),
		[]record.Value{record.RawText(key)}, []record.Kind{record.KindInt, record.KindInt, record.KindInt}, &rows)
	if err != nil || rows.Len() == 0 {
		return f, err
	}
	return failure{rows.At(0, 0).Int(), instant(rows.At(0, 1)), instant(rows.At(0, 2))}, nil
}

// admit refuses when one of the subjects must wait.
func (s *Service) admit(ctx context.Context, login, ip string) error {
	now := s.clock.Now()
	wait := time.Duration(0)
	if err := s.db.Read(ctx, func(q sqldb.Querier) error {
		for _, sub := range s.subjects(login, ip) {
			f, err := s.readFailure(ctx, q, sub.key)
			if err != nil {
				return err
			}
			wait = max(wait, f.till.Sub(now))
		}
		return nil
	}); err != nil {
		return err
	}
	if wait <= 0 {
		return nil
	}
	seconds := int64((wait + time.Second - 1) / time.Second)
	return errs.New(errs.RateLimited, "error.sign_in_wait", "retry_after", strconv.FormatInt(seconds, 10))
}

// failed counts a failure of all subjects.
func (s *Service) failed(ctx context.Context, login, ip string) error {
	now := s.clock.Now()
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		list := s.subjects(login, ip)
		keys := make([]string, len(list))
		for i, sub := range list {
			keys[i] = "sign_in " + sub.key
		}
		if err := tx.Guard(ctx, keys...); err != nil { // two nodes count the same subject
			return err
		}
		for _, sub := range list {
			f, err := s.readFailure(ctx, tx, sub.key)
			if err != nil {
				return err
			}
			if now.Sub(f.at) >= forgetAfter && !f.till.After(now) {
				f.count = 0
			}
			f.count++
			if _, err := tx.Exec(ctx, bind(tx.Dialect(), `INSERT INTO sign_in_failure (subject, failures, last_at, until_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, until_at = excluded.until_at`),
				record.RawText(sub.key), record.Int(f.count), micros(now), micros(now.Add(block(f.count, sub.limit)))); err != nil {
				return err
			}
		}
		return nil
	})
}

// askSubject stands before the login where those are counted who ask for a
// link because they forgot their password.
const askSubject = "forgot "

// Ask counts a wish for a link to set a password anew. Errors: RateLimited for
// a login or an address that asked too often.
func (s *Service) Ask(ctx context.Context, login, ip string) error {
	if err := s.admit(ctx, askSubject+login, ip); err != nil {
		return err
	}
	return s.failed(ctx, askSubject+login, ip)
}

// block is how long a subject waits after its count-th failure.
func block(count, limit int64) time.Duration {
	over := count - limit
	if over < 0 {
		return 0
	}
	if over > 10 {
		return maxBlock
	}
	return min(firstBlock<<over, maxBlock)
}

// forget clears the login's failures after a success; those of the address
// stay, or one known password would let its owner guess others for ever.
func (s *Service) forget(ctx context.Context, tx sqldb.Tx, login, ip string) error {
	for _, sub := range s.subjects(login, ip) {
		if strings.HasPrefix(sub.key, "a:") {
			continue
		}
		if _, err := tx.Exec(ctx, bind(tx.Dialect(), "DELETE FROM sign_in_failure WHERE subject = ?1"), record.RawText(sub.key)); err != nil {
			return err
		}
	}
	return nil
}
