package session

import (
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
)

func resolver() (*Service, string) {
	m := Member{ID: 11, Login: "li.na"}
	s := New(Options{Clock: clock.System{}, Members: &staff{list: map[id.ID]Member{11: m}}})
	token := newToken()
	look, _ := digestOf(token)
	e := &entry{p: Principal{Member: 11, Credential: 5, Kind: KindSession}, expires: time.Now().Add(time.Hour)}
	now := time.Now().UnixMicro()
	e.used.Store(now)
	e.written.Store(now)
	s.cache.checked.Store(now + time.Hour.Microseconds()/2)
	s.cache.put(look, e, 0)
	return s, token
}

func TestResolveFromMemoryAllocatesNothing(t *testing.T) {
	s, token := resolver()
	s.cache.checked.Store(time.Now().UnixMicro())
	if n := testing.AllocsPerRun(100, func() {
		if _, err := s.Resolve(t.Context(), token, "203.0.113.7"); err != nil {
			t.Fatal(err)
		}
	}); n > 1 { // t.Context() is ours
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkResolve(b *testing.B) {
	s, token := resolver()
	ctx := b.Context()
	for b.Loop() {
		s.cache.checked.Store(time.Now().UnixMicro())
		if _, err := s.Resolve(ctx, token, "203.0.113.7"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	h := newHasher(Cost{})
	for b.Loop() {
		h.make("some password")
	}
}
