package app

import (
	"os"
	"runtime"
	"sync"
)

// spareCount is how many processors an import adds to those of the machine.
const spareCount = 2

// spareProcessors counts the imports that run. An import keeps both cores of a
// small machine busy for minutes, and Go takes a running goroutine off its
// processor after 10 ms only: a request that comes in meanwhile would wait for
// that, once to be noticed and once to be served. With more of Go's processors
// than the machine has the kernel decides who runs, and it prefers who has
// slept. Not for all times: under many equal requests it only costs switching.
type spareProcessors struct {
	mu sync.Mutex
	n  int
}

// take adds the spare processors until done is called. It leaves them alone
// when GOMAXPROCS is set.
func (s *spareProcessors) take() (done func()) {
	if os.Getenv("GOMAXPROCS") != "" {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n++; s.n == 1 {
		runtime.SetDefaultGOMAXPROCS()
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + spareCount)
	}
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.n--; s.n == 0 {
			runtime.SetDefaultGOMAXPROCS() // and follow the limits of a container again
		}
	})
}
