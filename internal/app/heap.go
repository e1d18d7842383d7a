package app

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// heapSlack is what the program may allocate between two collections, at
// least. Its live memory is so small that the usual doubling would have it
// collect hundreds of times a second under load.
const heapSlack = 40 << 20

// KeepHeapSlack lets the heap grow by heapSlack, or to its double if that is
// more, before it is collected. It is for a program's main: it sets the
// collector of the whole process, and leaves it alone when GOGC is set.
func KeepHeapSlack() {
	if os.Getenv("GOGC") != "" {
		return
	}
	afterCollection(struct{}{})
}

// afterCollection sets the collector by what is alive now and comes again
// after the next collection, when the object it hangs on is gone (one with a
// pointer inside: those without share their memory with others).
func afterCollection(struct{}) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent := 100
	if n := live[0].Value.Uint64(); n < heapSlack {
		percent = int(heapSlack * 100 / max(n, 4<<20))
	}
	debug.SetGCPercent(percent)
	runtime.AddCleanup(new(*int64), afterCollection, struct{}{})
}
