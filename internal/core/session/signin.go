package session

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// SignIn checks a password and opens a session. The token is shown to the
// caller only here. Errors: Unauthorized for a wrong login or password and for
// a disabled member, all alike and equally slow; Forbidden "error.password_aged"
// for a right password that is older than the policy lets it be (Renew sets
// another); RateLimited with
// "retry_after" in seconds after too many failures or while too many sign in.
// The caller audits both outcomes.
func (s *Service) SignIn(ctx context.Context, login, password string, meta Meta) (token string, c Credential, err error) {
	m, err := s.Verify(ctx, login, password, meta.IP)
	if err != nil {
		return "", Credential{}, err
	}
	if err := s.aged(ctx, m.ID); err != nil {
		return "", Credential{}, err
	}
	token, c, err = s.open(ctx, m, login, meta)
	return token, c, err
}

// Verify checks a login and its password without opening a session: for
// setting up other credentials and for proving presence again. Errors as SignIn.
func (s *Service) Verify(ctx context.Context, login, password, ip string) (Member, error) {
	if err := s.admit(ctx, login, ip); err != nil {
		return Member{}, err
	}
	if err := s.hasher.enter(ctx); err != nil {
		return Member{}, err
	}
	defer s.hasher.leave()
	// Once more inside: of many who came at once, each sees the failures of those before.
	if err := s.admit(ctx, login, ip); err != nil {
		return Member{}, err
	}
	m, stored, err := s.stored(ctx, login)
	if err != nil {
		return Member{}, err
	}
	known := stored != ""
	if !known {
		stored = s.hasher.dummy
	}
	if utf8.RuneCountInString(password) > maxPassword {
		password = "" // never set, so never right; hashing a long one would take longer
	}
	ok, weak := s.hasher.check(stored, password)
	if !ok || !known || m.Disabled {
		if err := s.failed(ctx, login, ip); err != nil {
			return Member{}, err
		}
		return Member{}, errSignIn
	}
	if weak {
		if err := s.rehash(ctx, m.ID, stored, password); err != nil {
			return Member{}, err
		}
	}
	return m, nil
}

// aged refuses a password that the policy lets live no longer.
func (s *Service) aged(ctx context.Context, member id.ID) error {
	most := s.policy().MaxAge
	if most <= 0 {
		return nil
	}
	return s.db.Read(ctx, func(q sqldb.Querier) error {
		var rows sqldb.Rows
		err := q.Query(ctx, bind(q.Dialect(), "SELECT created_at FROM credential WHERE member_id = ?1 AND kind = 'password' AND revoked_at IS NULL"),
			[]record.Value{record.Int(int64(member))}, []record.Kind{record.KindInt}, &rows)
		if err != nil || rows.Len() == 0 || instant(rows.At(0, 0)).Add(most).After(s.clock.Now()) {
			return err
		}
		return errs.New(errs.Forbidden, "error.password_aged", "days", strconv.Itoa(int(most.Hours()/24)))
	})
}

// Renew changes the password of a member who knows the old one and signs him
// in: the way in with one that is too old. What was open in his name ends.
// Errors: as SignIn; Invalid at "password", also for the old one again.
func (s *Service) Renew(ctx context.Context, login, old, password string, meta Meta) (token string, c Credential, err error) {
	m, err := s.Verify(ctx, login, old, meta.IP)
	if err != nil {
		return "", Credential{}, err
	}
	if old == password {
		return "", Credential{}, errs.New(errs.Invalid, "error.password_same").At("password")
	}
	if err := s.ResetPassword(ctx, m, password, PasswordOptions{By: m.ID}); err != nil {
		return "", Credential{}, err
	}
	token, c, err = s.open(ctx, m, login, meta)
	return token, c, err
}

// stored finds a member and the hash of the password that is valid now, "" for
// none.
func (s *Service) stored(ctx context.Context, login string) (m Member, hash string, err error) {
	m, ok, err := s.members.ByLogin(ctx, strings.TrimSpace(login))
	if err != nil || !ok {
		return Member{}, "", err
	}
	err = s.db.Read(ctx, func(q sqldb.Querier) error {
		var rows sqldb.Rows
		err := q.Query(ctx, bind(q.Dialect(), "SELECT secret, expires_at FROM credential WHERE member_id = ?1 AND kind = 'password' AND revoked_at IS NULL"),
			[]record.Value{record.Int(int64(m.ID))}, []record.Kind{record.KindText, record.KindInt}, &rows)
		if err != nil || rows.Len() == 0 {
			return err
		}
		if until := instant(rows.At(0, 1)); until.IsZero() || until.After(s.clock.Now()) {
			hash = rows.At(0, 0).Str()
		}
		return nil
	})
	return m, hash, err
}

// rehash stores the hash of the same password at today's cost, unless the
// password was changed meanwhile. The caller has the turn.
func (s *Service) rehash(ctx context.Context, member id.ID, old, password string) error {
	hash := s.hasher.make(password)
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, bind(tx.Dialect(), "UPDATE credential SET secret = ?1 WHERE member_id = ?2 AND kind = 'password' AND secret = ?3"),
			record.RawText(hash), record.Int(int64(member)), record.RawText(old))
		return err
	})
}

// open makes a session in one transaction with what belongs to it: the old
// token ends, failures are forgotten, the oldest session beyond the limit ends.
func (s *Service) open(ctx context.Context, m Member, login string, meta Meta) (string, Credential, error) {
	now, p := s.clock.Now(), s.policy()
	token := newToken()
	c := Credential{
		ID: s.ids.Next(), Member: m.ID, CreatedBy: m.ID, Kind: KindSession, CreatedAt: now, ExpiresAt: now.Add(p.Absolute),
		LastUsedAt: now, LastIP: cut(meta.IP, 64), UserAgent: cut(meta.UserAgent, 400),
	}
	look, _ := digestOf(token)
	err := s.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := s.endReplaced(ctx, tx, meta.Replaces); err != nil {
			return err
		}
		if err := s.forget(ctx, tx, login, meta.IP); err != nil {
			return err
		}
		if err := s.endOldest(ctx, tx, m.ID, p.MaxSessions-1); err != nil {
			return err
		}
		return insert(ctx, tx, &c, "", look[:])
	})
	if err != nil {
		return "", Credential{}, err
	}
	return token, c, nil
}

// endReplaced ends the session whose token the browser held (session fixation).
func (s *Service) endReplaced(ctx context.Context, tx sqldb.Tx, token string) error {
	look, ok := digestOf(token)
	if !ok {
		return nil
	}
	n, err := tx.Exec(ctx, bind(tx.Dialect(), "UPDATE credential SET revoked_at = ?1 WHERE lookup = ?2 AND kind = 'session' AND revoked_at IS NULL"),
		micros(s.clock.Now()), record.Bytes(look[:]))
	if err != nil || n == 0 {
		return err
	}
	return s.changed(ctx, tx)
}

// endOldest keeps the sessions used last, at most keep of them.
func (s *Service) endOldest(ctx context.Context, tx sqldb.Tx, member id.ID, keep int) error {
	n, err := tx.Exec(ctx, bind(tx.Dialect(), `UPDATE credential SET revoked_at = ?1 WHERE id IN (
SELECT id FROM credential WHERE member_id = ?2 AND kind = 'session' AND revoked_at IS NULL AND expires_at > ?1
ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET ?3)`), micros(s.clock.Now()), record.Int(int64(member)), record.Int(int64(keep)))
	if err != nil || n == 0 {
		return err
	}
	return s.changed(ctx, tx)
}

func insert(ctx context.Context, tx sqldb.Tx, c *Credential, secret string, lookup []byte) error {
	look := record.Null
	if lookup != nil {
		look = record.Bytes(lookup)
	}
	_, err := tx.Exec(ctx, bind(tx.Dialect(), `INSERT INTO credential (id, member_id, kind, name, hint, secret, lookup, scope,
created_at, created_by, expires_at, last_used_at, last_ip, user_agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`),
		record.Int(int64(c.ID)), record.Int(int64(c.Member)), record.RawText(string(c.Kind)), record.Text(c.Name), record.Text(c.Hint),
		record.Text(secret), look, record.Text(c.Scope.text()), micros(c.CreatedAt), record.Int(int64(c.CreatedBy)),
		micros(c.ExpiresAt), micros(c.LastUsedAt), record.Text(c.LastIP), record.Text(c.UserAgent))
	return err
}

// cut keeps what a stranger sent within limits and valid.
func cut(s string, n int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// PasswordOptions say how a password is set.
type PasswordOptions struct {
	By id.ID // who sets it
	// Expires ends a first or reset password that was not changed (ASVS V6.4.1); zero = never.
	Expires time.Time
}

// Prepare checks a new password against the policy and hashes it, outside of
// any transaction. Errors: Invalid at field "password", RateLimited.
func (s *Service) Prepare(ctx context.Context, m Member, password string) (hash string, err error) {
	if err := CheckPassword(password, m, s.policy().MinPassword, s.policy().Context); err != nil {
		return "", err
	}
	if err := s.hasher.enter(ctx); err != nil {
		return "", err
	}
	defer s.hasher.leave()
	return s.hasher.make(password), nil
}

// StorePassword stores what Prepare made in place of any password of the
// member. Sessions go on; end them with RevokeAllTx when they should not.
func (s *Service) StorePassword(ctx context.Context, tx sqldb.Tx, member id.ID, hash string, o PasswordOptions) error {
	now := s.clock.Now()
	if err := tx.Guard(ctx, "password "+member.String()); err != nil { // two at once must not leave two
		return err
	}
	if _, err := tx.Exec(ctx, bind(tx.Dialect(), "DELETE FROM credential WHERE member_id = ?1 AND kind = 'password'"), record.Int(int64(member))); err != nil {
		return err
	}
	return insert(ctx, tx, &Credential{ID: s.ids.Next(), Member: member, Kind: KindPassword, CreatedAt: now, CreatedBy: o.By, ExpiresAt: o.Expires}, hash, nil)
}

// SetPassword is Prepare and StorePassword in a transaction of its own.
func (s *Service) SetPassword(ctx context.Context, m Member, password string, o PasswordOptions) error {
	hash, err := s.Prepare(ctx, m, password)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx sqldb.Tx) error { return s.StorePassword(ctx, tx, m.ID, hash, o) })
}

// ResetPassword is SetPassword by another, for a member who has none or forgot
// it: whoever is signed in as him is no longer.
func (s *Service) ResetPassword(ctx context.Context, m Member, password string, o PasswordOptions) error {
	hash, err := s.Prepare(ctx, m, password)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := s.StorePassword(ctx, tx, m.ID, hash, o); err != nil {
			return err
		}
		_, err := s.endSessions(ctx, tx, m.ID, 0)
		return err
	})
}

// ChangePassword is SetPassword by the member himself, who knows the old one
// (ASVS V6.2.3). With keep ≠ 0 all his other sessions end, that one stays
// (V7.4.3). Errors: Forbidden at field "old" for a wrong old password, counted
// as a failed sign-in; the others as SetPassword.
func (s *Service) ChangePassword(ctx context.Context, m Member, old, password, ip string, keep id.ID) error {
	if _, err := s.Verify(ctx, m.Login, old, ip); errs.Is(err, errs.Unauthorized) {
		return errs.New(errs.Forbidden, "error.password_old").At("old")
	} else if err != nil {
		return err
	}
	hash, err := s.Prepare(ctx, m, password)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := s.StorePassword(ctx, tx, m.ID, hash, PasswordOptions{By: m.ID}); err != nil || keep == 0 {
			return err
		}
		_, err := s.endSessions(ctx, tx, m.ID, keep)
		return err
	})
}
