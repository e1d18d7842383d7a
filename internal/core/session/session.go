// Package session keeps every credential of a member in one table: passwords,
// browser sessions, API keys (SECURITY 7). It proves who signs in, slows down
// guessing, resolves the token of a request to a principal, and makes one
// revocation reach every door: at once on this node, within five seconds on
// the others.
//
// Time-outs (ASVS V7.1.1) and the limit of sessions (V7.1.2) are in Policy. A
// session is an opaque random token that only the server can read (V7.2.1);
// the table holds its SHA-256.
package session

import (
	"context"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Kind says what a credential is. The texts are stored.
type Kind string

// The kinds.
const (
	KindPassword Kind = "password"
	KindSession  Kind = "session"
	KindKey      Kind = "key"
)

// Member is what signing in needs of a member.
type Member struct {
	ID       id.ID
	Login    string
	Name     string
	Disabled bool
}

// Members is the directory of members; modules/org implements it. Both methods
// read the last committed state.
type Members interface {
	// ByLogin finds a member by what he types, in any case; ok is false for
	// nobody. Deleted members are nobody.
	ByLogin(ctx context.Context, login string) (m Member, ok bool, err error)
	// ByID is asked on every request: answer from memory.
	ByID(ctx context.Context, member id.ID) (m Member, ok bool, err error)
}

// Policy is what an installation may choose.
type Policy struct {
	// Idle ends a session that is not used, Absolute every session (ASVS
	// V7.3.1, V7.3.2). Zero = 12 hours and 7 days.
	Idle, Absolute time.Duration
	// MaxSessions of one member; signing in once more ends the one used longest
	// ago. Zero = 20.
	MaxSessions int
	// MinPassword is how many characters a new password has at least; less than 8 = 8.
	MinPassword int
	// MaxAge of a password: an older one still proves who signs in, but he has
	// to set another first. Zero = for ever, as ASVS V6.2.10 advises.
	MaxAge time.Duration
	// Tries are the wrong passwords of a login from one address after which it
	// has to wait. Zero = 5.
	Tries int
	// Context words that no password may be made of, beside the member's own
	// login and name: the company's names (ASVS V6.1.2).
	Context []string
}

func (p Policy) defaults() Policy {
	if p.Idle <= 0 {
		p.Idle = 12 * time.Hour
	}
	if p.Absolute <= 0 {
		p.Absolute = 7 * 24 * time.Hour
	}
	if p.MaxSessions <= 0 {
		p.MaxSessions = 20
	}
	p.MinPassword = max(p.MinPassword, minPassword)
	if p.Tries <= 0 {
		p.Tries = pairLimit
	}
	return p
}

// Meta is what the server knows of the caller.
type Meta struct {
	IP        string
	UserAgent string
	// Replaces is the token that the browser held before signing in; it ends (ASVS V7.2.4).
	Replaces string
}

// Principal is who makes a request. The caller checks Kind at each door: a
// cookie must hold a session, a header may hold either.
type Principal struct {
	Member     id.ID
	Credential id.ID
	Kind       Kind
	Scope      Scope
}

// Credential is one row of the table, without its secret.
type Credential struct {
	ID, Member, CreatedBy                       id.ID
	Kind                                        Kind
	Name                                        string
	Hint                                        string // the visible beginning of a key
	Scope                                       Scope
	CreatedAt, ExpiresAt, LastUsedAt, RevokedAt time.Time // zero = never
	LastIP, UserAgent                           string
}

// Service works on the credentials of one installation. It is safe for many
// goroutines.
type Service struct {
	db      sqldb.DB
	clock   clock.Clock
	ids     *id.Generator
	members Members
	policy  func() Policy
	hasher  *hasher
	cache   *cache
	revoked func()
}

// Options of a service; everything but Policy is needed.
type Options struct {
	DB      sqldb.DB
	Clock   clock.Clock
	IDs     *id.Generator
	Members Members
	// Policy is asked whenever it matters, so a changed setting works at once.
	// Nil = the defaults.
	Policy func() Policy
	// Revoked is called after a commit that took a credential away, so that
	// other processes can be told to Recheck. Nil = nobody.
	Revoked func()
	// Hash is the cost of a password hash; the zero value is DefaultCost.
	Hash Cost
}

// New makes a service. Run must run for last-used times to be written.
func New(o Options) *Service {
	if o.Policy == nil {
		o.Policy = func() Policy { return Policy{} }
	}
	if o.Revoked == nil {
		o.Revoked = func() {}
	}
	s := &Service{db: o.DB, clock: o.Clock, ids: o.IDs, members: o.Members, hasher: newHasher(o.Hash), revoked: o.Revoked}
	s.policy = func() Policy { return o.Policy().defaults() }
	s.cache = newCache()
	return s
}

// Tables of this package.
func Tables() []ddl.Table {
	text := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindText} }
	number := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindInt} }
	needed := func(c ddl.Column) ddl.Column { c.NotNull = true; return c }
	return []ddl.Table{
		{
			Name: "credential", Key: []string{"id"},
			Columns: []ddl.Column{
				needed(number("id")), needed(number("member_id")), needed(text("kind")), text("name"), text("hint"),
				text("secret"), {Name: "lookup", Kind: record.KindBytes}, text("scope"),
				needed(number("created_at")), number("created_by"), number("expires_at"),
				number("last_used_at"), text("last_ip"), text("user_agent"), number("revoked_at"),
			},
			Indexes: []ddl.Index{
				{Name: "credential_lookup_ix", Columns: []string{"lookup"}, Unique: true},
				{Name: "credential_member_ix", Columns: []string{"member_id", "kind"}},
			},
		},
		{
			Name: "credential_version", Key: []string{"id"},
			Columns: []ddl.Column{needed(number("id")), needed(number("version"))},
		},
		{
			Name: "sign_in_failure", Key: []string{"subject"}, NoRowid: true,
			Columns: []ddl.Column{needed(text("subject")), needed(number("failures")), needed(number("last_at")), needed(number("until_at"))},
			Indexes: []ddl.Index{{Name: "sign_in_failure_last_ix", Columns: []string{"last_at"}}},
		},
	}
}

// The errors. None tells whether a login exists.
var (
	errSignIn  = errs.New(errs.Unauthorized, "error.sign_in")          // wrong login or password, or disabled
	errEnded   = errs.New(errs.Unauthorized, "error.session_ended")    // no such token, expired or revoked
	errUnknown = errs.New(errs.NotFound, "error.credential_not_found") // not one of the member's
)

// bind writes the parameters of sql as the dialect wants them.
func bind(d sqldb.Dialect, sql string) string {
	if d == sqldb.Postgres {
		return strings.ReplaceAll(sql, "?", "$")
	}
	return sql
}

func micros(t time.Time) record.Value {
	if t.IsZero() {
		return record.Null
	}
	return record.Int(t.UnixMicro())
}

func instant(v record.Value) time.Time {
	if v.IsNull() {
		return time.Time{}
	}
	return time.UnixMicro(v.Int()).UTC()
}
