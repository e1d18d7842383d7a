package sqlite

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const (
	restTime  = 250 * time.Millisecond // without a commit: a good moment
	busyTicks = 8                      // of restTime, then it is done beside the writes
	massTicks = 20                     // while many rows are written, whether they rest or not
)

// checkpointer works the log into the file beside the running reads and
// writes: pages still in the log are read by a system call and through a cache
// that all connections share, those in the file through the mapping, twice as
// fast. The writer's own checkpoint remains for the case that this one does
// not keep up.
type checkpointer struct {
	wrote chan struct{} // something is in the log
	stop  chan struct{}
	ended chan struct{}
	mass  atomic.Bool  // many rows are being written: their transactions touch the same pages
	last  atomic.Int64 // pages in the log << 32 + pages worked in, at the last checkpoint
}

func (p *checkpointer) start(c *conn, commits func() int64) {
	p.wrote, p.stop, p.ended = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go p.run(c, commits)
}

// tell says that something was committed; it never waits.
func (p *checkpointer) tell() {
	select {
	case p.wrote <- struct{}{}:
	default:
	}
}

func (p *checkpointer) run(c *conn, commits func() int64) {
	defer close(p.ended)
	defer c.close()
	var rows sqldb.Rows
	kinds := []record.Kind{record.KindInt, record.KindInt, record.KindInt} // was refused, pages in the log, pages worked in
	tick := time.NewTicker(restTime)
	defer tick.Stop()
	for {
		select {
		case <-p.wrote:
		case <-p.stop:
			return
		}
		for n, seen := 1, commits(); ; n++ {
			select {
			case <-tick.C:
			case <-p.stop:
				return
			}
			now := commits()
			if p.due(n, now == seen && n > 1) {
				break
			}
			seen = now
		}
		// An error (another connection just does the same, the disk is full) is
		// left to the writer, who meets it again.
		rows.Reset(len(kinds))
		if err := c.query(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)", nil, kinds, &rows); err == nil && rows.Len() == 1 {
			p.last.Store(rows.At(0, 1).Int()<<32 + rows.At(0, 2).Int())
		}
	}
}

// due says whether to begin after so many ticks. A page that each transaction
// of a mass write touches is copied once for many of them.
func (p *checkpointer) due(ticks int, rest bool) bool {
	if p.mass.Load() {
		return ticks >= massTicks
	}
	return rest || ticks >= busyTicks
}

func (p *checkpointer) close() {
	close(p.stop)
	<-p.ended
}
