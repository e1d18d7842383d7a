package session

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// KeyOptions describe an API key.
type KeyOptions struct {
	Name    string    // what it is for, 1 to 100 characters
	Scope   Scope     // narrows the member's rights
	Expires time.Time // zero = never
	By      id.ID
	// Within is the scope of the credential that makes the key: a narrowed one
	// cannot make a wider one.
	Within Scope
}

// NewKey makes an API key of a member. The key is shown only here. Errors:
// Invalid at "name" or "expires_at", Forbidden when the scope is wider than Within.
func (s *Service) NewKey(ctx context.Context, member id.ID, o KeyOptions) (key string, c Credential, err error) {
	o.Name = strings.TrimSpace(o.Name)
	now := s.clock.Now()
	switch {
	case !goodName(o.Name):
		return "", c, errBadName
	case !o.Expires.IsZero() && !o.Expires.After(now):
		return "", c, errs.New(errs.Invalid, "error.key_expired").At("expires_at")
	case !o.Scope.within(o.Within):
		return "", c, errs.New(errs.Forbidden, "error.key_scope").At("scope")
	}
	key, hint := newKey()
	look, _ := digestOf(key)
	c = Credential{ID: s.ids.Next(), Member: member, Kind: KindKey, Name: o.Name, Hint: hint, Scope: o.Scope, CreatedAt: now, CreatedBy: o.By, ExpiresAt: o.Expires}
	if err := s.db.Write(ctx, func(tx sqldb.Tx) error { return insert(ctx, tx, &c, "", look[:]) }); err != nil {
		return "", Credential{}, err
	}
	return key, c, nil
}

var errBadName = errs.New(errs.Invalid, "error.credential_name", "max", "100").At("name")

func goodName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= 100 && sqldb.CheckText(name) == nil
}

// List gives the live sessions and keys of a member, newest first (ASVS V7.5.2).
func (s *Service) List(ctx context.Context, member id.ID) ([]Credential, error) {
	now := s.clock.Now()
	idle := now.Add(-s.policy().Idle)
	var rows sqldb.Rows
	if err := s.db.Read(ctx, func(q sqldb.Querier) error {
		return q.Query(ctx, bind(q.Dialect(), `SELECT id, kind, name, hint, scope, created_at, created_by, expires_at, last_used_at, last_ip, user_agent
FROM credential WHERE member_id = ?1 AND kind IN ('session', 'key') AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)
AND (kind <> 'session' OR last_used_at > ?3) ORDER BY id DESC LIMIT 1000`),
			[]record.Value{record.Int(int64(member)), micros(now), micros(idle)},
			[]record.Kind{record.KindInt, record.KindText, record.KindText, record.KindText, record.KindText, record.KindInt, record.KindInt,
				record.KindInt, record.KindInt, record.KindText, record.KindText}, &rows)
	}); err != nil {
		return nil, err
	}
	list := make([]Credential, rows.Len())
	for i := range list {
		r := rows.Row(i)
		list[i] = Credential{
			ID: id.ID(r[0].Int()), Member: member, Kind: Kind(r[1].Str()), Name: r[2].Str(), Hint: r[3].Str(), Scope: parseScope(r[4].Str()),
			CreatedAt: instant(r[5]), CreatedBy: id.ID(r[6].Int()), ExpiresAt: instant(r[7]), LastUsedAt: instant(r[8]),
			LastIP: r[9].Str(), UserAgent: r[10].Str(),
		}
	}
	return list, nil
}

// Rename names a session or key of a member. Errors: Invalid, NotFound.
func (s *Service) Rename(ctx context.Context, member, credential id.ID, name string) error {
	name = strings.TrimSpace(name)
	if !goodName(name) {
		return errBadName
	}
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		n, err := tx.Exec(ctx, bind(tx.Dialect(), "UPDATE credential SET name = ?1 WHERE id = ?2 AND member_id = ?3 AND kind <> 'password' AND revoked_at IS NULL"),
			record.RawText(name), record.Int(int64(credential)), record.Int(int64(member)))
		if err == nil && n == 0 {
			err = errUnknown
		}
		return err
	})
}

// Revoke ends one session or key of a member (sign out, ASVS V7.4.1). Errors:
// NotFound when it is not one of his or has ended already.
func (s *Service) Revoke(ctx context.Context, member, credential id.ID) error {
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		n, err := tx.Exec(ctx, bind(tx.Dialect(), "UPDATE credential SET revoked_at = ?1 WHERE id = ?2 AND member_id = ?3 AND kind <> 'password' AND revoked_at IS NULL"),
			micros(s.clock.Now()), record.Int(int64(credential)), record.Int(int64(member)))
		if err != nil {
			return err
		}
		if n == 0 {
			return errUnknown
		}
		return s.changed(ctx, tx)
	})
}

// RevokeAll ends every session and key of a member but one (0 = none is kept)
// and says how many (ASVS V7.4.5).
func (s *Service) RevokeAll(ctx context.Context, member, except id.ID) (n int64, err error) {
	err = s.db.Write(ctx, func(tx sqldb.Tx) error {
		n, err = s.RevokeAllTx(ctx, tx, member, except)
		return err
	})
	return n, err
}

// RevokeAllTx is RevokeAll inside the transaction of something larger: a leaver.
func (s *Service) RevokeAllTx(ctx context.Context, tx sqldb.Tx, member, except id.ID) (int64, error) {
	return s.end(ctx, tx, member, except, "kind <> 'password'")
}

func (s *Service) endSessions(ctx context.Context, tx sqldb.Tx, member, except id.ID) (int64, error) {
	return s.end(ctx, tx, member, except, "kind = 'session'")
}

func (s *Service) end(ctx context.Context, tx sqldb.Tx, member, except id.ID, which string) (int64, error) {
	n, err := tx.Exec(ctx, bind(tx.Dialect(), "UPDATE credential SET revoked_at = ?1 WHERE member_id = ?2 AND id <> ?3 AND revoked_at IS NULL AND "+which),
		micros(s.clock.Now()), record.Int(int64(member)), record.Int(int64(except)))
	if err != nil || n == 0 {
		return n, err
	}
	return n, s.changed(ctx, tx)
}

// keepEnded is how long ended credentials stay for questions.
const keepEnded = 90 * 24 * time.Hour

// Sweep removes what ended long ago; a nightly job runs it.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clock.Now()
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		if _, err := tx.Exec(ctx, bind(tx.Dialect(), "DELETE FROM credential WHERE kind <> 'password' AND (revoked_at < ?1 OR expires_at < ?1)"),
			micros(now.Add(-keepEnded))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, bind(tx.Dialect(), "DELETE FROM sign_in_failure WHERE last_at < ?1 AND until_at < ?2"),
			micros(now.Add(-24*time.Hour)), micros(now))
		return err
	})
}
