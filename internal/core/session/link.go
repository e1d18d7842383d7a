package session

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// KindLink is a link by which a member sets his password once: for the first
// time, or because he forgot it (SYS-6). It signs nobody in by itself, and no
// request is made with it.
const KindLink Kind = "link"

// LinkFor is how long a link can be used (ASVS V6.4.1: such secrets end soon).
const LinkFor = 7 * 24 * time.Hour

// linkSubject stands for the login where wrong links are counted: by address
// alone, so that a stranger who tries many keeps nobody else from using his.
const linkSubject = "link "

var errLink = errs.New(errs.NotFound, "error.link_ended") // unknown, used, replaced, expired, or its member disabled

// NewLink makes a link for a member, in place of any earlier one of his. The
// token is shown only here; the table holds its digest. Errors: Conflict for a
// member who is disabled or has no login.
func (s *Service) NewLink(ctx context.Context, m Member, by id.ID) (token string, c Credential, err error) {
	switch {
	case m.Login == "":
		return "", c, errs.New(errs.Conflict, "error.link_login", "name", m.Name)
	case m.Disabled:
		return "", c, errs.New(errs.Conflict, "error.link_disabled", "name", m.Name)
	}
	now := s.clock.Now()
	token = newToken()
	look, _ := digestOf(token)
	c = Credential{ID: s.ids.Next(), Member: m.ID, Kind: KindLink, CreatedAt: now, CreatedBy: by, ExpiresAt: now.Add(LinkFor)}
	err = s.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := tx.Guard(ctx, "password "+m.ID.String()); err != nil {
			return err
		}
		if err := s.endLinks(ctx, tx, m.ID); err != nil {
			return err
		}
		return insert(ctx, tx, &c, "", look[:])
	})
	if err != nil {
		return "", Credential{}, err
	}
	return token, c, nil
}

func (s *Service) endLinks(ctx context.Context, tx sqldb.Tx, member id.ID) error {
	_, err := tx.Exec(ctx, bind(tx.Dialect(), "UPDATE credential SET revoked_at = ?1 WHERE member_id = ?2 AND kind = 'link' AND revoked_at IS NULL"),
		micros(s.clock.Now()), record.Int(int64(member)))
	return err
}

// LinkOf says whose link a token is, without using it up. Errors: NotFound,
// RateLimited for an address that tried too many.
func (s *Service) LinkOf(ctx context.Context, token, ip string) (Member, error) {
	if err := s.admit(ctx, linkSubject+ip, ip); err != nil {
		return Member{}, err
	}
	look, ok := digestOf(token)
	var rows sqldb.Rows
	if ok {
		err := s.db.Read(ctx, func(q sqldb.Querier) error {
			return q.Query(ctx, bind(q.Dialect(), "SELECT member_id FROM credential WHERE lookup = ?1 AND kind = 'link' AND revoked_at IS NULL AND expires_at > ?2"),
				[]record.Value{record.Bytes(look[:]), micros(s.clock.Now())}, []record.Kind{record.KindInt}, &rows)
		})
		if err != nil {
			return Member{}, err
		}
	}
	if rows.Len() == 0 {
		if err := s.failed(ctx, linkSubject+ip, ip); err != nil {
			return Member{}, err
		}
		return Member{}, errLink
	}
	m, ok, err := s.members.ByID(ctx, id.ID(rows.At(0, 0).Int()))
	if err != nil {
		return Member{}, err
	}
	if !ok || m.Disabled {
		return Member{}, errLink
	}
	return m, nil
}

// UseLink sets the password of the member whose link it is, uses the link up,
// ends what was open in his name and opens a session. Errors: as LinkOf;
// Invalid at "password".
func (s *Service) UseLink(ctx context.Context, link, password string, meta Meta) (token string, c Credential, err error) {
	m, err := s.LinkOf(ctx, link, meta.IP)
	if err != nil {
		return "", c, err
	}
	hash, err := s.Prepare(ctx, m, password)
	if err != nil {
		return "", c, err
	}
	look, _ := digestOf(link)
	err = s.db.Write(ctx, func(tx sqldb.Tx) error {
		n, err := tx.Exec(ctx, bind(tx.Dialect(), "UPDATE credential SET revoked_at = ?1 WHERE lookup = ?2 AND kind = 'link' AND revoked_at IS NULL"),
			micros(s.clock.Now()), record.Bytes(look[:]))
		if err != nil {
			return err
		}
		if n == 0 { // used at the same time, or replaced
			return errLink
		}
		if err := s.StorePassword(ctx, tx, m.ID, hash, PasswordOptions{By: m.ID}); err != nil {
			return err
		}
		_, err = s.endSessions(ctx, tx, m.ID, 0)
		return err
	})
	if err != nil {
		return "", c, err
	}
	return s.open(ctx, m, m.Login, meta)
}

// Access is what an administrator sees of a member's ways in.
type Access struct {
	Password bool      // he has one that can be used now
	LinkEnds time.Time // zero = there is no link that can still be used
	LastUsed time.Time // zero = he was never here
}

// Accesses gives the ways in of every member who has or had one.
func (s *Service) Accesses(ctx context.Context) (map[id.ID]Access, error) {
	now := s.clock.Now()
	var rows sqldb.Rows
	err := s.db.Read(ctx, func(q sqldb.Querier) error {
		return q.Query(ctx, bind(q.Dialect(), `SELECT member_id, kind, MAX(expires_at), MAX(last_used_at),
SUM(CASE WHEN revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?1) THEN 1 ELSE 0 END) FROM credential GROUP BY member_id, kind`),
			[]record.Value{micros(now)}, []record.Kind{record.KindInt, record.KindText, record.KindInt, record.KindInt, record.KindInt}, &rows)
	})
	if err != nil {
		return nil, err
	}
	out := map[id.ID]Access{}
	for i := range rows.Len() {
		r := rows.Row(i)
		a, live := out[id.ID(r[0].Int())], r[4].Int() > 0
		switch Kind(r[1].Str()) {
		case KindPassword:
			a.Password = live
		case KindLink:
			if live {
				a.LinkEnds = instant(r[2])
			}
		case KindSession, KindKey:
			if at := instant(r[3]); at.After(a.LastUsed) {
				a.LastUsed = at
			}
		}
		out[id.ID(r[0].Int())] = a
	}
	return out, nil
}

// EndLeavers ends every session, key and link of members who may not sign in
// any more, and says how many. They let nobody in as it is; ended, they stay
// dead when the member is enabled again.
func (s *Service) EndLeavers(ctx context.Context) (ended int64, err error) {
	var rows sqldb.Rows
	if err := s.db.Read(ctx, func(q sqldb.Querier) error {
		return q.Query(ctx, "SELECT DISTINCT member_id FROM credential WHERE kind <> 'password' AND revoked_at IS NULL", nil, []record.Kind{record.KindInt}, &rows)
	}); err != nil {
		return 0, err
	}
	for i := range rows.Len() {
		member := id.ID(rows.At(i, 0).Int())
		if m, ok, err := s.members.ByID(ctx, member); err != nil {
			return ended, err
		} else if ok && !m.Disabled {
			continue
		}
		n, err := s.RevokeAll(ctx, member, 0)
		if err != nil {
			return ended, err
		}
		ended += n
	}
	return ended, nil
}
