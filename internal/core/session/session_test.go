package session

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// staff is a directory of members.
type staff struct {
	mu   sync.Mutex
	list map[id.ID]Member
}

func (s *staff) ByLogin(_ context.Context, login string) (Member, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.list {
		if strings.EqualFold(m.Login, login) {
			return m, true, nil
		}
	}
	return Member{}, false, nil
}

func (s *staff) ByID(_ context.Context, member id.ID) (Member, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.list[member]
	return m, ok, nil
}

func (s *staff) set(m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list[m.ID] = m
}

// house is an installation: two nodes over one database, and its people.
type house struct {
	t          *testing.T
	db         sqldb.DB
	clock      *clock.Fake
	staff      *staff
	one, other *Service
	li, wang   Member
}

// cheap keeps the tests quick; the cost of hashing is tested apart.
var cheap = Cost{MemoryKiB: 64, Rounds: 1}

const (
	password = "云上的日子 Tea 4 two"
	other    = "another fine sentence"
)

var here = Meta{IP: "203.0.113.7", UserAgent: "Firefox"}

func each(t *testing.T, fn func(h *house)) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		plan := func() error {
			var p ddl.Plan
			if err := d.Read(t.Context(), func(q sqldb.Querier) error {
				var err error
				p, err = ddl.NewPlan(t.Context(), q, Tables())
				return err
			}); err != nil {
				return err
			}
			return ddl.Apply(t.Context(), d, p, func(int, int, string) {})
		}
		if err := plan(); err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, db: d, clock: clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)),
			li: Member{ID: 11, Login: "li.na", Name: "李娜"}, wang: Member{ID: 12, Login: "wang", Name: "王芳"}}
		h.staff = &staff{list: map[id.ID]Member{11: h.li, 12: h.wang}}
		h.one, h.other = h.node(1), h.node(2)
		h.must(h.one.SetPassword(t.Context(), h.li, password, PasswordOptions{By: 1}))
		h.must(h.one.SetPassword(t.Context(), h.wang, other, PasswordOptions{By: 1}))
		fn(h)
	})
}

func (h *house) node(n int) *Service {
	return New(Options{DB: h.db, Clock: h.clock, IDs: id.NewGenerator(n, h.clock, 0), Members: h.staff, Hash: cheap})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// in signs in at node one.
func (h *house) in(login, password string) (string, Credential) {
	h.t.Helper()
	token, c, err := h.one.SignIn(h.t.Context(), login, password, here)
	h.must(err)
	return token, c
}

// fails wants an error of a code.
func (h *house) fails(code errs.Code, what string, err error) {
	h.t.Helper()
	if !errs.Is(err, code) {
		h.t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// alive wants a token to work, or not to, at a node.
func (h *house) alive(want bool, what string, s *Service, token string) {
	h.t.Helper()
	_, err := s.Resolve(h.t.Context(), token, "203.0.113.7")
	switch {
	case want && err != nil:
		h.t.Errorf("%s: %v", what, err)
	case !want:
		h.fails(errs.Unauthorized, what, err)
	}
}

func (h *house) scalar(sql string, args ...record.Value) (v record.Value) {
	h.t.Helper()
	var rows sqldb.Rows
	h.must(h.db.Read(h.t.Context(), func(q sqldb.Querier) error {
		return q.Query(h.t.Context(), bind(q.Dialect(), sql), args, []record.Kind{record.KindInt}, &rows)
	}))
	if rows.Len() == 0 {
		return record.Null
	}
	return rows.At(0, 0)
}

// ASVS V7.2.1, V7.2.2, V7.2.4, V7.4.1.
func TestSignInResolveSignOut(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		token, c := h.in(" LI.na ", password)
		for _, node := range []*Service{h.one, h.other} {
			p, err := node.Resolve(ctx, token, "203.0.113.7")
			h.must(err)
			if p.Member != h.li.ID || p.Credential != c.ID || p.Kind != KindSession || !p.Scope.Whole() {
				t.Errorf("resolved to %+v", p)
			}
		}
		again, _, err := h.one.SignIn(ctx, "li.na", password, Meta{Replaces: token})
		h.must(err)
		if again == token {
			t.Error("signing in keeps the token")
		}
		h.alive(false, "the token that was replaced", h.one, token)
		h.alive(true, "the new token", h.one, again)
		p, err := h.one.Resolve(ctx, again, "")
		h.must(err)
		h.fails(errs.NotFound, "another's session", h.one.Revoke(ctx, h.wang.ID, p.Credential))
		h.must(h.one.Revoke(ctx, h.li.ID, p.Credential))
		h.alive(false, "signed out", h.one, again)
		h.fails(errs.NotFound, "twice", h.one.Revoke(ctx, h.li.ID, p.Credential))
		for _, wrong := range []string{"", "x", again + "x", strings.ToUpper(again), strings.Repeat("a", 5000), "gx_" + again} {
			h.alive(false, "wrong token", h.one, wrong)
		}
	})
}

// ASVS V7.2.3: 256 bits, never the same; V6.5.3.
func TestTokensAreLongAndNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 100_000 {
		s := newToken()
		if len(s) != 43 || seen[s] {
			t.Fatalf("token %q is short or there already", s)
		}
		seen[s] = true
	}
	key, hint := newKey()
	if !IsKey(key) || !strings.HasPrefix(key, hint+"_") || len(key) != 3+8+1+43 || len(key) > maxToken {
		t.Errorf("key %q, hint %q", key, hint)
	}
}

func TestNothingSecretLiesInTheTable(t *testing.T) {
	each(t, func(h *house) {
		token, _ := h.in("li.na", password)
		key, _, err := h.one.NewKey(t.Context(), h.li.ID, KeyOptions{Name: "export", By: h.li.ID})
		h.must(err)
		var rows sqldb.Rows
		h.must(h.db.Read(t.Context(), func(q sqldb.Querier) error {
			return q.Query(t.Context(), "SELECT kind, name, hint, secret, lookup, scope FROM credential", nil,
				[]record.Kind{record.KindText, record.KindText, record.KindText, record.KindText, record.KindBytes, record.KindText}, &rows)
		}))
		for i := range rows.Len() {
			line := fmt.Sprint(rows.Row(i))
			for _, secret := range []string{token, key, key[12:], password, other} {
				if strings.Contains(line, secret) {
					t.Errorf("a secret lies in %s", line)
				}
			}
		}
		if rows.Len() != 4 {
			t.Errorf("%d rows", rows.Len())
		}
	})
}

// ASVS V7.1.1, V7.3.1, V7.3.2.
func TestSessionsEndWhenIdleAndAtLast(t *testing.T) {
	each(t, func(h *house) {
		token, _ := h.in("li.na", password)
		for range 4 {
			h.clock.Advance(11 * time.Hour)
			h.alive(true, "in use", h.one, token)
		}
		h.must(h.one.Flush(t.Context()))
		h.clock.Advance(11*time.Hour + 59*time.Minute)
		h.alive(true, "in use at the other node", h.other, token)
		h.clock.Advance(time.Minute)
		h.must(h.other.Flush(t.Context()))
		h.alive(true, "node one asks the table before it ends a session", h.one, token)
		h.clock.Advance(12 * time.Hour)
		h.alive(false, "idle for 12 hours", h.one, token)

		token, _ = h.in("li.na", password)
		for range 16 {
			h.clock.Advance(10 * time.Hour)
			h.alive(true, "in use", h.one, token)
		}
		h.clock.Advance(8*time.Hour - time.Microsecond)
		h.alive(true, "just before 7 days", h.one, token)
		h.clock.Advance(time.Microsecond)
		h.alive(false, "after 7 days", h.one, token)
	})
}

// ASVS V7.4.2: a disabled or deleted member is out at once, with keys too.
func TestDisabledMemberIsOutAtOnce(t *testing.T) {
	each(t, func(h *house) {
		token, _ := h.in("li.na", password)
		key, _, err := h.one.NewKey(t.Context(), h.li.ID, KeyOptions{Name: "k"})
		h.must(err)
		h.alive(true, "key", h.one, key)
		gone := h.li
		gone.Disabled = true
		h.staff.set(gone)
		h.alive(false, "session", h.one, token)
		h.alive(false, "key", h.one, key)
		_, _, err = h.one.SignIn(t.Context(), "li.na", password, here)
		h.fails(errs.Unauthorized, "sign in", err)
		h.staff.set(h.li)
		h.alive(true, "enabled again", h.one, token)
		delete(h.staff.list, h.li.ID)
		h.alive(false, "deleted", h.one, token)
	})
}

// ASVS V7.4.1, V7.4.5 on several nodes: here at once, elsewhere within 5 s.
func TestRevocationReachesEveryNode(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		var tokens []string
		var last Credential
		for range 3 {
			token, c := h.in("li.na", password)
			tokens, last = append(tokens, token), c
		}
		key, _, err := h.one.NewKey(ctx, h.li.ID, KeyOptions{Name: "k"})
		h.must(err)
		wang, _ := h.in("wang", other)
		tokens = append(tokens, key)
		for _, x := range append(tokens, wang) {
			h.alive(true, "before", h.one, x)
			h.alive(true, "before", h.other, x)
		}
		n, err := h.one.RevokeAll(ctx, h.li.ID, last.ID)
		h.must(err)
		if n != 3 {
			t.Errorf("%d ended, want 3", n)
		}
		for i, x := range tokens {
			h.alive(i == 2, "here, at once", h.one, x)
		}
		h.clock.Advance(5 * time.Second)
		for i, x := range tokens {
			h.alive(i == 2, "there, after 5 s", h.other, x)
		}
		h.alive(true, "somebody else's", h.one, wang)
	})
}

// A revocation between the reading of a credential and its place in memory
// must not be forgotten.
func TestRevocationDuringLoad(t *testing.T) {
	each(t, func(h *house) {
		token, c := h.in("li.na", password)
		look, _ := digestOf(token)
		round := h.one.cache.now()
		e, err := h.one.load(t.Context(), look)
		h.must(err)
		h.must(h.one.Revoke(t.Context(), h.li.ID, c.ID))
		h.one.cache.put(look, e, round)
		h.alive(false, "revoked meanwhile", h.one, token)
	})
}

func TestARolledBackRevocationEndsNothing(t *testing.T) {
	each(t, func(h *house) {
		token, _ := h.in("li.na", password)
		no := errors.New("no")
		if err := h.db.Write(t.Context(), func(tx sqldb.Tx) error {
			if _, err := h.one.RevokeAllTx(t.Context(), tx, h.li.ID, 0); err != nil {
				return err
			}
			return no
		}); !errors.Is(err, no) {
			t.Fatal(err)
		}
		h.alive(true, "still there", h.one, token)
	})
}

// ASVS V7.1.2.
func TestTheOldestSessionGivesWay(t *testing.T) {
	each(t, func(h *house) {
		var tokens []string
		for range 21 {
			h.clock.Advance(time.Second)
			token, _ := h.in("li.na", password)
			tokens = append(tokens, token)
		}
		h.alive(false, "the first of 21", h.one, tokens[0])
		h.alive(true, "the second", h.one, tokens[1])
		h.alive(true, "the last", h.one, tokens[20])
		list, err := h.one.List(t.Context(), h.li.ID)
		h.must(err)
		if len(list) != 20 {
			t.Errorf("%d sessions are listed", len(list))
		}
	})
}

// ASVS V7.5.2: seen and ended by their owner.
func TestListAndRename(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		_, c := h.in("li.na", password)
		_, k, err := h.one.NewKey(ctx, h.li.ID, KeyOptions{Name: " 报表 ", By: 1, Scope: Scope{ReadOnly: true, Entities: []string{"crm.customer"}}})
		h.must(err)
		h.in("wang", other)
		h.must(h.one.Rename(ctx, h.li.ID, c.ID, "办公室电脑"))
		h.fails(errs.NotFound, "another's", h.one.Rename(ctx, h.wang.ID, c.ID, "x"))
		for _, bad := range []string{"", " ", strings.Repeat("长", 101), "a\x00"} {
			h.fails(errs.Invalid, "name", h.one.Rename(ctx, h.li.ID, c.ID, bad))
		}
		list, err := h.one.List(ctx, h.li.ID)
		h.must(err)
		if len(list) != 2 || list[0].Name != "报表" || list[0].Hint != k.Hint || !list[0].Scope.ReadOnly || list[0].CreatedBy != 1 ||
			list[1].Name != "办公室电脑" || list[1].LastIP != here.IP || list[1].UserAgent != "Firefox" || !list[1].CreatedAt.Equal(h.clock.Now()) {
			t.Errorf("listed %+v", list)
		}
		h.clock.Advance(13 * time.Hour)
		if list, err = h.one.List(ctx, h.li.ID); err != nil || len(list) != 1 {
			t.Errorf("an idle session is listed: %+v %v", list, err)
		}
	})
}

func TestKeys(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		key, c, err := h.one.NewKey(ctx, h.li.ID, KeyOptions{Name: "k", Expires: h.clock.Now().Add(time.Hour), Scope: Scope{Entities: []string{}}})
		h.must(err)
		p, err := h.other.Resolve(ctx, key, "198.51.100.1")
		h.must(err)
		if p.Kind != KindKey || p.Credential != c.ID || p.Scope.Allows("crm.customer", false) {
			t.Errorf("resolved to %+v", p)
		}
		h.clock.Advance(time.Hour)
		h.alive(false, "expired", h.other, key)
		for _, o := range []KeyOptions{{}, {Name: strings.Repeat("n", 101)}, {Name: "k", Expires: h.clock.Now()}} {
			_, _, err = h.one.NewKey(ctx, h.li.ID, o)
			h.fails(errs.Invalid, fmt.Sprint(o), err)
		}
		_, _, err = h.one.NewKey(ctx, h.li.ID, KeyOptions{Name: "k", Within: Scope{ReadOnly: true}})
		h.fails(errs.Forbidden, "a wider key", err)
		forever, _, err := h.one.NewKey(ctx, h.li.ID, KeyOptions{Name: "k"})
		h.must(err)
		h.clock.Advance(1000 * 24 * time.Hour)
		h.alive(true, "a key does not idle", h.one, forever)
	})
}

func TestScopeOnlyNarrows(t *testing.T) {
	all, read := Scope{}, Scope{ReadOnly: true}
	some, none := Scope{Entities: []string{"a", "b"}}, Scope{Entities: []string{}}
	for _, c := range []struct {
		s      Scope
		entity string
		write  bool
		want   bool
	}{
		{all, "a", true, true}, {read, "a", true, false}, {read, "a", false, true},
		{some, "a", true, true}, {some, "c", false, false}, {none, "a", false, false},
	} {
		if got := parseScope(c.s.text()).Allows(c.entity, c.write); got != c.want {
			t.Errorf("%+v %s %v: %v", c.s, c.entity, c.write, got)
		}
	}
	if parseScope("{broken").Allows("a", false) {
		t.Error("a scope that cannot be read allows something")
	}
	for _, c := range []struct {
		in, out Scope
		want    bool
	}{{all, all, true}, {read, all, true}, {all, read, false}, {some, all, true}, {all, some, false}, {none, some, true},
		{Scope{Entities: []string{"a"}}, some, true}, {Scope{Entities: []string{"c"}}, some, false}} {
		if got := c.in.within(c.out); got != c.want {
			t.Errorf("%+v within %+v: %v", c.in, c.out, got)
		}
	}
}

func TestLastUseIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(h *house) {
		token, c := h.in("li.na", password)
		used := func() time.Time {
			return instant(h.scalar("SELECT last_used_at FROM credential WHERE id = ?1", record.Int(int64(c.ID))))
		}
		start := h.clock.Now()
		h.clock.Advance(59 * time.Second)
		h.alive(true, "use", h.one, token)
		before := h.db.Stats().Writes
		h.must(h.one.Flush(t.Context()))
		if !used().Equal(start) || h.db.Stats().Writes != before {
			t.Error("written within a minute")
		}
		h.clock.Advance(2 * time.Second)
		h.alive(true, "use", h.one, token)
		h.must(h.one.Flush(t.Context()))
		if !used().Equal(h.clock.Now()) {
			t.Errorf("last use is %v", used())
		}
		// Run does the same, and once more at its end.
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- h.one.Run(ctx) }()
		h.clock.BlockUntil(1)
		h.clock.Advance(2 * time.Minute)
		h.clock.BlockUntil(1)
		h.alive(true, "use", h.one, token)
		cancel()
		h.must(<-done)
		if !used().Equal(h.clock.Now()) {
			t.Errorf("last use is %v after the end", used())
		}
	})
}

func TestSweepRemovesWhatEndedLongAgo(t *testing.T) {
	each(t, func(h *house) {
		_, c := h.in("li.na", password)
		h.must(h.one.Revoke(t.Context(), h.li.ID, c.ID))
		_, _, err := h.one.SignIn(t.Context(), "nobody", "x", here)
		h.fails(errs.Unauthorized, "nobody", err)
		h.clock.Advance(89 * 24 * time.Hour)
		h.in("wang", other)
		h.must(h.one.Sweep(t.Context()))
		if n := h.scalar("SELECT count(*) FROM credential").Int(); n != 4 {
			t.Errorf("%d credentials", n)
		}
		h.clock.Advance(2 * 24 * time.Hour)
		h.must(h.one.Sweep(t.Context()))
		if n := h.scalar("SELECT count(*) FROM credential").Int(); n != 3 {
			t.Errorf("%d credentials, want two passwords and wang's session", n)
		}
		if n := h.scalar("SELECT count(*) FROM sign_in_failure").Int(); n != 0 {
			t.Errorf("%d failures are kept", n)
		}
	})
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache()
	for i := range maxCached + 100 {
		var d digest
		copy(d[:], strconv.Itoa(i))
		c.put(d, &entry{}, 0)
	}
	if len(c.entries) != maxCached {
		t.Errorf("%d entries", len(c.entries))
	}
}
