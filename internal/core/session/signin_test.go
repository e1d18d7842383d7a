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

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// ASVS V6.2.8: the password is compared exactly as typed.
func TestPasswordIsComparedExactly(t *testing.T) {
	each(t, func(h *house) {
		long := strings.Repeat("长 long ", 16) // 128 characters
		for _, p := range []string{"Trailing blank ", "CaseMatters yes", "e\u0301t\u00e9 sans fin", strings.Repeat("x y z ", 13) + "72+", long} {
			h.must(h.one.SetPassword(t.Context(), h.li, p, PasswordOptions{}))
			h.in("li.na", p)
			for _, wrong := range []string{strings.TrimSpace(p) + "  ", strings.ToLower(p) + "!", p[:len(p)-1], p + "x", ""} {
				h.clock.Advance(31 * time.Minute) // forgets the failures
				_, _, err := h.one.SignIn(t.Context(), "li.na", wrong, here)
				h.fails(errs.Unauthorized, fmt.Sprintf("%q for %q", wrong, p), err)
			}
		}
	})
}

// ASVS V6.2.2, V6.2.3, V7.4.3.
func TestChangePasswordNeedsTheOldOne(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		token, c := h.in("li.na", password)
		second, _ := h.in("li.na", password)
		key, _, err := h.one.NewKey(ctx, h.li.ID, KeyOptions{Name: "k"})
		h.must(err)
		h.fails(errs.Forbidden, "wrong old", h.one.ChangePassword(ctx, h.li, other, "completely new words", here.IP, c.ID))
		h.fails(errs.Invalid, "bad new", h.one.ChangePassword(ctx, h.li, password, "12345678", here.IP, c.ID))
		h.must(h.one.ChangePassword(ctx, h.li, password, "completely new words", here.IP, c.ID))
		h.alive(true, "this session", h.one, token)
		h.alive(false, "the other session", h.one, second)
		h.alive(true, "the key", h.one, key)
		_, _, err = h.one.SignIn(ctx, "li.na", password, here)
		h.fails(errs.Unauthorized, "the old password", err)
		h.in("li.na", "completely new words")
		if n := h.scalar("SELECT count(*) FROM credential WHERE member_id = ?1 AND kind = 'password'", record.Int(int64(h.li.ID))).Int(); n != 1 {
			t.Errorf("%d passwords", n)
		}
	})
}

// ASVS V6.4.1: a first password ends by itself.
func TestFirstPasswordExpires(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.one.SetPassword(t.Context(), h.li, "first words to use", PasswordOptions{By: 1, Expires: h.clock.Now().Add(time.Hour)}))
		h.in("li.na", "first words to use")
		h.clock.Advance(time.Hour)
		_, _, err := h.one.SignIn(t.Context(), "li.na", "first words to use", here)
		h.fails(errs.Unauthorized, "expired", err)
	})
}

// ASVS V6.3.1, V6.1.1: guessing one login from one address.
func TestGuessingWaitsLongerAndLonger(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		guesses, refused := 0, 0
		for range 3000 { // a guess a second
			_, _, err := h.one.SignIn(ctx, "li.na", "guess", here)
			switch errs.CodeOf(err) {
			case errs.Unauthorized:
				guesses++
			case errs.RateLimited:
				refused++
			default:
				t.Fatal(err)
			}
			h.clock.Advance(time.Second)
		}
		if guesses > 16 || guesses < 8 || refused == 0 {
			t.Errorf("%d guesses in 50 minutes", guesses)
		}
		// The right password waits too, at most a quarter of an hour, and then works.
		_, _, err := h.other.SignIn(ctx, "LI.NA", password, here)
		h.fails(errs.RateLimited, "at the other node", err)
		var e *errs.Error
		if errors.As(err, &e) {
			if s, _ := strconv.Atoi(e.Args["retry_after"]); s < 1 || s > 900 {
				t.Errorf("retry after %q", e.Args["retry_after"])
			}
		}
		// From elsewhere the member still gets in.
		if _, _, err := h.one.SignIn(ctx, "li.na", password, Meta{IP: "198.51.100.20"}); err != nil {
			t.Errorf("locked out from another address: %v", err)
		}
		h.clock.Advance(15 * time.Minute)
		h.in("li.na", password)
	})
}

// ASVS V6.3.1: 10,000 guesses over 1,000 accounts from 50 addresses. Each of
// the accounts uses one of the tried passwords.
func TestStuffingIsThrottled(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		guesses, attempts := 0, 10_000
		if testing.Short() {
			attempts = 1000
		}
		for i := range attempts {
			_, err := h.one.Verify(ctx, fmt.Sprintf("user%d", i%1000), "guess"+strconv.Itoa(i/1000), fmt.Sprintf("198.51.100.%d", i%50))
			if errs.Is(err, errs.Unauthorized) {
				guesses++
			} else if !errs.Is(err, errs.RateLimited) {
				t.Fatal(err)
			}
			h.clock.Advance(10 * time.Millisecond)
		}
		if guesses > 50*(addressLimit+8) {
			t.Errorf("%d guesses went through", guesses)
		}
		h.in("li.na", password)
	})
}

// Many at once: none slips through between the check and the count.
func TestParallelGuessesAreCounted(t *testing.T) {
	each(t, func(h *house) {
		var mu sync.Mutex
		guesses := 0
		var all sync.WaitGroup
		for range 60 {
			all.Go(func() {
				if _, err := h.one.Verify(t.Context(), "li.na", "guess", here.IP); errs.Is(err, errs.Unauthorized) {
					mu.Lock()
					guesses++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if guesses != pairLimit {
			t.Errorf("%d guesses went through, want %d", guesses, pairLimit)
		}
	})
}

func TestSuccessForgetsTheLoginNotTheAddress(t *testing.T) {
	each(t, func(h *house) {
		for range pairLimit - 1 {
			_, _, err := h.one.SignIn(t.Context(), "li.na", "guess", here)
			h.fails(errs.Unauthorized, "guess", err)
		}
		h.in("li.na", password)
		if n := h.scalar("SELECT count(*) FROM sign_in_failure").Int(); n != 1 {
			t.Errorf("%d subjects are counted, want the address", n)
		}
	})
}

// A login that does not exist costs a whole hash, like one that does.
func TestUnknownLoginIsHashedToo(t *testing.T) {
	h := newHasher(cheap)
	c, salt, hash, err := parsePHC(h.dummy)
	if err != nil || c != cheap || len(salt) != saltBytes || len(hash) != hashBytes {
		t.Errorf("dummy %q: %v", h.dummy, err)
	}
	if ok, _ := h.check(h.dummy, ""); ok {
		t.Error("the dummy has a password")
	}
}

func TestHashIsMadeAnewAtTodaysCost(t *testing.T) {
	each(t, func(h *house) {
		before := h.hash()
		h.one.hasher = newHasher(Cost{MemoryKiB: 128, Rounds: 2})
		h.in("li.na", password)
		after := h.hash()
		if after == before || !strings.Contains(after, "$m=128,t=2,p=1$") {
			t.Errorf("the hash is %s", after)
		}
		h.in("li.na", password)
		if h.hash() != after {
			t.Error("a hash at today's cost is made anew")
		}
	})
}

func (h *house) hash() string {
	h.t.Helper()
	_, hash, err := h.one.stored(h.t.Context(), "li.na")
	h.must(err)
	return hash
}

func TestOneHashAtATimeAndABoundedQueue(t *testing.T) {
	h := newHasher(cheap)
	if err := h.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	left := make(chan error, maxWaiting)
	for range maxWaiting - 1 {
		waiting.Go(func() { left <- h.enter(ctx) })
	}
	for len(h.queue) < maxWaiting { // until all wait
		select {
		case err := <-left:
			t.Fatalf("one got in or out: %v", err)
		default:
		}
	}
	if err := h.enter(t.Context()); !errs.Is(err, errs.RateLimited) {
		t.Errorf("one too many: %v", err)
	}
	cancel()
	waiting.Wait()
	h.leave()
	if len(h.queue) != 0 || len(h.turn) != 0 {
		t.Error("a place is lost")
	}
	if err := h.enter(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestDefaultCostIsWhatOWASPAsks(t *testing.T) {
	h := newHasher(Cost{})
	if h.cost.MemoryKiB < 19456 || h.cost.Rounds < 2 {
		t.Errorf("cost %+v", h.cost)
	}
	made := h.make("some password")
	if ok, weak := h.check(made, "some password"); !ok || weak {
		t.Errorf("ok %v, weak %v", ok, weak)
	}
	if ok, _ := h.check(made, "Some password"); ok {
		t.Error("another password passes")
	}
}

func TestForeignHashesAreRefused(t *testing.T) {
	h := newHasher(cheap)
	good := h.make("p")
	for _, bad := range []string{"", "plain", "$2b$10$abcdefghijklmnopqrstuv", good[1:], strings.Replace(good, "p=1", "p=16", 1),
		strings.Replace(good, "m=64", "m=99999999", 1), strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "v=19", "v=16", 1), good + "$", good[:60]} {
		if ok, _ := h.check(bad, "p"); ok {
			t.Errorf("%q passes", bad)
		}
		if _, _, _, err := parsePHC(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(newHasher(cheap).dummy)
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		if c, salt, hash, err := parsePHC(s); err == nil && (c.MemoryKiB > maxMemoryKiB || c.Rounds == 0 || len(salt) < 8 || len(hash) < 16) {
			t.Errorf("%q gives %+v", s, c)
		}
	})
}
