package id

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"pgregory.net/rapid"
)

func TestLayout(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 24, 41, 123e6, time.UTC)
	g := NewGenerator(513, clock.NewFake(at), 0)
	first, second := g.Next(), g.Next()
	if !first.Time().Equal(at) {
		t.Errorf("time = %v, want %v", first.Time(), at)
	}
	if node := int64(first) >> 11 & 1023; node != 513 {
		t.Errorf("node = %d, want 513", node)
	}
	if first&2047 != 0 || second != first+1 {
		t.Errorf("sequence: first %d, second %d", first&2047, second&2047)
	}
	if got, want := g.High(), Millis(at); got != want {
		t.Errorf("High = %d, want %d", got, want)
	}
}

// The text form is stored in links and exports: these pairs must never change.
func TestTextIsPinned(t *testing.T) {
	for want, n := range map[string]ID{
		"0000000000001": 1,
		"000000000000Z": 31,
		"0000000000010": 32,
		"7ZZZZZZZZZZZZ": 1<<63 - 1,
		"0CN45E4270207": 456136182723512327,
	} {
		got, err := Parse(want)
		if err != nil {
			t.Fatalf("Parse(%s): %v", want, err)
		}
		if got != n || n.String() != want {
			t.Errorf("Parse(%s) = %d, want %d; String = %s", want, got, n, n.String())
		}
	}
}

func TestParseReadsWhatPeopleType(t *testing.T) {
	want, err := Parse("0110011001101")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"0iloOILooIIo1", "0110O11001i0l"} {
		got, err := Parse(s)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v, want %d", s, got, err, want)
		}
	}
	low, err := Parse("0abcdefghjkmn")
	up, err2 := Parse("0ABCDEFGHJKMN")
	if err != nil || err2 != nil || low != up {
		t.Errorf("case: %d %v, %d %v", low, err, up, err2)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "1", "000000000001", "00000000000001", "0000000000000", "8000000000000", "ZZZZZZZZZZZZZ",
		"000000000000U", "000000000000-", " 000000000001", "０00000000001", strings.Repeat("9", 1000)} {
		if got, err := Parse(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("Parse(%.20q) = %d, %v, want error.id", s, got, err)
		}
	}
}

func TestTextSortsLikeNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := ID(rapid.Int64Min(1).Draw(t, "a")), ID(rapid.Int64Min(1).Draw(t, "b"))
		if (a < b) != (a.String() < b.String()) {
			t.Fatalf("%d %s, %d %s", a, a, b, b)
		}
		back, err := Parse(a.String())
		if err != nil || back != a {
			t.Fatalf("Parse(%s) = %d, %v, want %d", a, back, err, a)
		}
	})
}

func TestNeverRunsBack(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := clock.NewFake(at)
	g := NewGenerator(0, c, 0)
	last := g.Next()
	rapid.Check(t, func(t *rapid.T) {
		c.Set(at.Add(time.Duration(rapid.Int64Range(-1e12, 1e12).Draw(t, "clock"))))
		for _, next := range g.NextN(rapid.IntRange(1, 5000).Draw(t, "n")) {
			if next <= last {
				t.Fatalf("%d after %d", next, last)
			}
			last = next
		}
	})
}

func TestFullSequenceBorrowsTheNextMillisecond(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g := NewGenerator(1023, clock.NewFake(at), 0)
	ids := g.NextN(2049)
	if !ids[2047].Time().Equal(at) || !ids[2048].Time().Equal(at.Add(time.Millisecond)) {
		t.Errorf("2048th at %v, 2049th at %v", ids[2047].Time(), ids[2048].Time())
	}
	if node := int64(ids[2048]) >> 11 & 1023; node != 1023 || ids[2048]&2047 != 0 {
		t.Errorf("borrowed id has node %d, sequence %d", node, ids[2048]&2047)
	}
}

func TestStartsAfterTheLease(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	lease := Millis(at) + 60_000
	g := NewGenerator(0, clock.NewFake(at), lease)
	if got := g.High(); got != lease {
		t.Errorf("High before the first id = %d, want %d", got, lease)
	}
	if ms := Millis(g.Next().Time()); ms != lease+1 {
		t.Errorf("first id at %d, want %d", ms, lease+1)
	}
}

func TestManyGoroutines(t *testing.T) {
	g := NewGenerator(3, clock.System{}, 0)
	const workers, each = 8, 2000
	lists := make([][]ID, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				if i%10 == 0 {
					lists[w] = append(lists[w], g.NextN(3)...)
				} else {
					lists[w] = append(lists[w], g.Next())
				}
			}
		})
	}
	wg.Wait()
	var all []ID
	for _, l := range lists {
		if !slices.IsSorted(l) {
			t.Error("ids of one goroutine do not grow")
		}
		all = append(all, l...)
	}
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != workers*(each+each/10*2) {
		t.Errorf("%d different ids, want %d", n, workers*(each+each/10*2))
	}
}

func TestNodeOutOfRangePanics(t *testing.T) {
	for _, node := range []int{-1, 1024} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("node %d was accepted", node)
				}
			}()
			NewGenerator(node, clock.System{}, 0)
		}()
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "0000000000001", "7zzzzzzzzzzzz", "OIL0000000000", "８000000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s)
		if err != nil {
			return
		}
		if n <= 0 {
			t.Fatalf("Parse(%q) = %d", s, n)
		}
		if again, err := Parse(n.String()); err != nil || again != n {
			t.Fatalf("%q -> %d -> %s -> %d %v", s, n, n, again, err)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	g := NewGenerator(1, clock.System{}, 0)
	for b.Loop() {
		g.Next()
	}
}

func BenchmarkParse(b *testing.B) {
	s := NewGenerator(1, clock.System{}, 0).Next().String()
	for b.Loop() {
		if _, err := Parse(s); err != nil {
			b.Fatal(err)
		}
	}
}
