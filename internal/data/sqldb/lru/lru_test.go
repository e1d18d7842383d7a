package lru

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The cache against a list in the order of use.
func TestAgainstList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 5).Draw(t, "size")
		c := New[string](size)
		var list []string // used last in front
		for range 200 {
			k := rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e", "f", "g"}).Draw(t, "key")
			at := slices.Index(list, k)
			if rapid.IntRange(0, 9).Draw(t, "op") == 0 {
				c.Drop(k)
				if at >= 0 {
					list = slices.Delete(list, at, at+1)
				}
				continue
			}
			v, ok := c.Get(k)
			if ok != (at >= 0) || ok && v != "v"+k {
				t.Fatalf("get %q = %q %v, list %q", k, v, ok, list)
			}
			if ok {
				list = slices.Delete(list, at, at+1)
			} else {
				old, left := c.Put(k, "v"+k)
				if left != (len(list) == size) || left && old != "v"+list[size-1] {
					t.Fatalf("put %q: left %q %v, list %q", k, old, left, list)
				}
				if left {
					list = list[:size-1]
				}
			}
			list = slices.Insert(list, 0, k)
			if c.Len() != len(list) {
				t.Fatalf("%d values, want %d", c.Len(), len(list))
			}
		}
	})
}
