package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const (
	maxCached = 20000 // credentials in memory, some 300 bytes each
	// freshFor is how long the cache is trusted before the version is read
	// again. Another node's revocation works within it and one reading, well
	// below the five seconds of SECURITY 7.
	freshFor = 3 * time.Second
	// touchEvery is how exact last_used_at is.
	touchEvery = time.Minute
)

// entry is a credential in memory; only used changes.
type entry struct {
	p       Principal
	expires time.Time    // absolute, zero = never
	used    atomic.Int64 // µs, as this node knows
	written atomic.Int64 // µs, as the table has it
}

// cache holds resolved credentials. version counts every change of the table
// that takes something away; when it moved, everything is forgotten.
type cache struct {
	mu      sync.RWMutex
	entries map[digest]*entry
	// round counts the times that something was forgotten: what was read
	// before one of them must not be put in after it.
	round   uint64
	version int64
	checked atomic.Int64 // µs of the last look at version
	looking sync.Mutex
	touched sync.Map // id.ID → touch
}

type touch struct {
	at int64
	ip string
}

func newCache() *cache { return &cache{entries: map[digest]*entry{}} }

func (c *cache) get(d digest) *entry {
	c.mu.RLock()
	e := c.entries[d]
	c.mu.RUnlock()
	return e
}

func (c *cache) now() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.round
}

// put keeps e when nothing was forgotten since round.
func (c *cache) put(d digest, e *entry, round uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.round != round {
		return
	}
	for len(c.entries) >= maxCached { // any will do: the map gives them in no order
		for k := range c.entries {
			delete(c.entries, k)
			break
		}
	}
	c.entries[d] = e
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.round++
	clear(c.entries)
}

// Resolve says who holds a token: of a session cookie or an Authorization
// header. It is on the path of every request and answers from memory. ip is
// noted as the last used. Errors: Unauthorized when the token is unknown,
// expired or revoked, or its member disabled or gone (at once, ASVS V7.4.2).
func (s *Service) Resolve(ctx context.Context, token, ip string) (Principal, error) {
	now := s.clock.Now()
	e, err := s.find(ctx, token, now)
	if err != nil {
		return Principal{}, err
	}
	s.use(e, now, ip)
	return e.p, nil
}

// Check is Resolve without noting a use: what merely stays open, such as a
// stream of events, does not keep an idle session alive.
func (s *Service) Check(ctx context.Context, token string) (Principal, error) {
	e, err := s.find(ctx, token, s.clock.Now())
	if err != nil {
		return Principal{}, err
	}
	return e.p, nil
}

// find gives the live credential behind a token.
func (s *Service) find(ctx context.Context, token string, now time.Time) (*entry, error) {
	look, ok := digestOf(token)
	if !ok {
		return nil, errEnded
	}
	if err := s.refresh(ctx, now); err != nil {
		return nil, err
	}
	e := s.cache.get(look)
	idle := s.policy().Idle
	if e == nil || e.ended(now, idle) {
		// A session that looks idle may have been used at another node.
		var err error
		if e, err = s.load(ctx, look); err != nil {
			return nil, err
		}
		if e == nil || e.ended(now, idle) {
			return nil, errEnded
		}
	}
	m, ok, err := s.members.ByID(ctx, e.p.Member)
	if err != nil {
		return nil, err
	}
	if !ok || m.Disabled {
		return nil, errEnded
	}
	return e, nil
}

func (e *entry) ended(now time.Time, idle time.Duration) bool {
	if !e.expires.IsZero() && !now.Before(e.expires) {
		return true
	}
	return e.p.Kind == KindSession && now.UnixMicro()-e.used.Load() >= idle.Microseconds()
}

// use notes the use in memory; Run writes it.
func (s *Service) use(e *entry, now time.Time, ip string) {
	at := now.UnixMicro()
	e.used.Store(at)
	if last := e.written.Load(); at-last >= touchEvery.Microseconds() && e.written.CompareAndSwap(last, at) {
		s.cache.touched.Store(e.p.Credential, touch{at, cut(ip, 64)})
	}
}

// load reads a credential and keeps it. nil: there is none.
func (s *Service) load(ctx context.Context, look digest) (*entry, error) {
	round := s.cache.now()
	var rows sqldb.Rows
	if err := s.db.Read(ctx, func(q sqldb.Querier) error {
		return q.Query(ctx, bind(q.Dialect(), "SELECT id, member_id, kind, scope, expires_at, last_used_at FROM credential WHERE lookup = ?1 AND kind IN ('session', 'key') AND revoked_at IS NULL"),
			[]record.Value{record.Bytes(look[:])},
			[]record.Kind{record.KindInt, record.KindInt, record.KindText, record.KindText, record.KindInt, record.KindInt}, &rows)
	}); err != nil || rows.Len() == 0 {
		return nil, err
	}
	r := rows.Row(0)
	e := &entry{
		p:       Principal{Credential: id.ID(r[0].Int()), Member: id.ID(r[1].Int()), Kind: Kind(r[2].Str()), Scope: parseScope(r[3].Str())},
		expires: instant(r[4]),
	}
	used := r[5].Int()
	e.written.Store(used)
	if t, ok := s.cache.touched.Load(e.p.Credential); ok { // used here, not yet written
		used = max(used, t.(touch).at)
	}
	e.used.Store(used)
	s.cache.put(look, e, round)
	return e, nil
}

// refresh forgets everything when another node changed the version. One
// request looks; the others go on with what is fresh enough or wait for it.
func (s *Service) refresh(ctx context.Context, now time.Time) error {
	c := s.cache
	if c.fresh(now) {
		return nil
	}
	c.looking.Lock()
	defer c.looking.Unlock()
	if c.fresh(now) {
		return nil
	}
	v, err := s.readVersion(ctx)
	if err != nil {
		return err
	}
	if v != c.version {
		c.version = v
		c.clear()
	}
	c.checked.Store(now.UnixMicro())
	return nil
}

// Recheck makes the next request look whether another node took a credential
// away, without waiting for freshFor.
func (s *Service) Recheck() { s.cache.checked.Store(0) }

// fresh also says no when the clock was set back.
func (c *cache) fresh(now time.Time) bool {
	age := now.UnixMicro() - c.checked.Load()
	return age >= 0 && age < freshFor.Microseconds()
}

func (s *Service) readVersion(ctx context.Context) (v int64, err error) {
	var rows sqldb.Rows
	err = s.db.Read(ctx, func(q sqldb.Querier) error {
		return q.Query(ctx, "SELECT version FROM credential_version WHERE id = 1", nil, []record.Kind{record.KindInt}, &rows)
	})
	if err == nil && rows.Len() > 0 {
		v = rows.At(0, 0).Int()
	}
	return v, err
}

// changed counts a change that takes something away, in its transaction; this
// node forgets as soon as it is committed, the others when they look.
func (s *Service) changed(ctx context.Context, tx sqldb.Tx) error {
	_, err := tx.Exec(ctx, "INSERT INTO credential_version (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = credential_version.version + 1")
	if err == nil {
		tx.AfterCommit(func() {
			s.cache.clear()
			s.revoked()
		})
	}
	return err
}

// Run writes last-used times until ctx ends, and once more then.
func (s *Service) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return s.Flush(context.WithoutCancel(ctx))
		case <-s.clock.After(touchEvery / 4):
			if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

// Flush writes the last-used times that wait.
func (s *Service) Flush(ctx context.Context) error {
	waiting := map[id.ID]touch{}
	s.cache.touched.Range(func(k, v any) bool {
		waiting[k.(id.ID)] = v.(touch)
		return true
	})
	if len(waiting) == 0 {
		return nil
	}
	if err := s.db.Write(ctx, func(tx sqldb.Tx) error {
		sql := bind(tx.Dialect(), "UPDATE credential SET last_used_at = ?1, last_ip = coalesce(?2, last_ip) WHERE id = ?3 AND (last_used_at IS NULL OR last_used_at < ?1)")
		for key, t := range waiting {
			if _, err := tx.Exec(ctx, sql, record.Int(t.at), record.Text(t.ip), record.Int(int64(key))); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for key, t := range waiting {
		s.cache.touched.CompareAndDelete(key, t)
	}
	return nil
}
