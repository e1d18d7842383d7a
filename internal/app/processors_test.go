package app

import (
	"runtime"
	"testing"
)

// Imports share the spare processors, and the last one gives them back.
func TestSpareProcessors(t *testing.T) {
	t.Setenv("GOMAXPROCS", "")
	runtime.SetDefaultGOMAXPROCS()
	usual := runtime.GOMAXPROCS(0)
	var s spareProcessors
	one, two := s.take(), s.take()
	if n := runtime.GOMAXPROCS(0); n != usual+spareCount {
		t.Errorf("%d processors while two imports run, usually %d", n, usual)
	}
	one()
	one() // does nothing
	if n := runtime.GOMAXPROCS(0); n != usual+spareCount {
		t.Errorf("%d processors while one import runs", n)
	}
	two()
	if n := runtime.GOMAXPROCS(0); n != usual {
		t.Errorf("%d processors are left, usually %d", n, usual)
	}
	t.Setenv("GOMAXPROCS", "3")
	s.take()()
	if n := runtime.GOMAXPROCS(0); n != usual {
		t.Errorf("%d processors although the number was set", n)
	}
}
