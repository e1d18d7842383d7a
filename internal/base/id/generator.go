package id

import (
	"fmt"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/base/clock"
)

// Generator makes the ids of one node. It is safe for many goroutines; its ids
// always grow, also when the clock is set back or stands still.
type Generator struct {
	clock clock.Clock
	node  int64
	// last is the last ms<<seqBits | sequence used. Counting it up by one runs
	// into the next millisecond by itself when a sequence is full.
	last atomic.Int64
}

// NewGenerator makes ids for a leased node number (0 to MaxNode; anything else
// is a programming error and panics), all of them later than notBefore, the
// highest millisecond since 2020 that any holder of the node can have used.
func NewGenerator(node int, c clock.Clock, notBefore int64) *Generator {
	if node < 0 || node > MaxNode {
		panic(fmt.Sprintf("id: node %d is not within 0 to %d", node, MaxNode))
	}
	g := &Generator{clock: c, node: int64(node) << seqBits}
	g.last.Store((max(notBefore, 0)+1)<<seqBits - 1)
	return g
}

// Next makes one id.
func (g *Generator) Next() ID { return g.id(g.reserve(1)) }

// NextN makes n ids in growing order, for bulk writes. They are taken in one
// piece: no other caller gets an id between them.
func (g *Generator) NextN(n int) []ID {
	if n <= 0 {
		return nil
	}
	first := g.reserve(int64(n))
	ids := make([]ID, n)
	for i := range ids {
		ids[i] = g.id(first + int64(i))
	}
	return ids
}

// High is the last millisecond since 2020 that ids were made in; it may lie
// ahead of the clock after a bulk write. The lease must be renewed beyond it.
func (g *Generator) High() int64 { return g.last.Load() >> seqBits }

// reserve takes n numbers ms<<seqBits | sequence in a row and gives the first.
func (g *Generator) reserve(n int64) int64 {
	for {
		last := g.last.Load()
		first := max(last+1, Millis(g.clock.Now())<<seqBits)
		if g.last.CompareAndSwap(last, first+n-1) {
			return first
		}
	}
}

func (g *Generator) id(tick int64) ID {
	return ID(tick>>seqBits<<(nodeBits+seqBits) | g.node | tick&(1<<seqBits-1))
}
