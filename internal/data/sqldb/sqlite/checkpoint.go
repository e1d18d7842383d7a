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
	catchUps  = 4                      // turns beside a load, each shorter than the one before
	remainder = 500                    // pages that the writer is asked to work in: some ms
	longPart  = 3                      // of the log that the writer would work in
)

// checkpointer works the log into the file beside the running reads and
// writes: pages still in the log are read by a system call and through a cache
// that all connections share, those in the file through the mapping, twice as
// fast.
//
// The log starts again from its beginning only when all of it lies in the file
// at the moment of a write. Beside steady writes that never comes by itself:
// so when a third of it is used up, the checkpointer works in turn by turn what
// was written meanwhile, and has the writer do the last few pages between two
// commits. The writer's own checkpoint of a full log, all of it within a
// commit, remains for the case that this one does not keep up.
type checkpointer struct {
	wrote  chan struct{} // something is in the log
	stop   chan struct{}
	ended  chan struct{}
	commit func() int64 // number of commits
	writer func(func(sqldb.Querier) error) error
	long   atomic.Int64 // pages in the log from which on it is worked in at once
	last   atomic.Int64 // pages in the log << 32 + pages worked in, at the last checkpoint
}

func (p *checkpointer) start(c *conn, w *writer) {
	p.wrote, p.stop, p.ended = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	p.commit = w.commits.Load
	p.writer = func(fn func(sqldb.Querier) error) error { return w.submit(context.Background(), &job{alone: fn}) }
	p.long.Store(checkpointPages / longPart)
	go p.run(c)
}

// tell says that something was committed; it never waits.
func (p *checkpointer) tell() {
	select {
	case p.wrote <- struct{}{}:
	default:
	}
}

func (p *checkpointer) run(c *conn) {
	defer close(p.ended)
	defer c.close()
	tick := time.NewTicker(restTime)
	defer tick.Stop()
	for {
		select {
		case <-p.wrote:
		case <-p.stop:
			return
		}
		for n, seen := 0, p.commit(); n < busyTicks; n++ {
			select {
			case <-tick.C:
			case <-p.stop:
				return
			}
			now := p.commit()
			if now == seen && n > 0 {
				break
			}
			if log, _ := logPages(&querier{c: c}, "NOOP"); log >= p.long.Load() {
				break
			}
			seen = now
		}
		p.workIn(c)
	}
}

// workIn checkpoints; after it the log may start again, or is not
// long, or somebody still reads what it holds.
func (p *checkpointer) workIn(beside *conn) {
	for range catchUps {
		log, done := logPages(&querier{c: beside}, "PASSIVE")
		p.last.Store(log<<32 + done)
		if log < p.long.Load() {
			return
		}
		// SQLite syncs the file in the turn that reaches the end of the log,
		// which here is the writer's: little may be left to write by then.
		beside.spread(p.stop)
		if log, _ = logPages(&querier{c: beside}, "NOOP"); log-done <= remainder {
			break
		}
	}
	_ = p.writer(func(q sqldb.Querier) error { // refused when the database is being closed, which does it too
		log, done := logPages(q, "PASSIVE")
		p.last.Store(log<<32 + done)
		return nil
	})
}

// logPages checkpoints in a mode of SQLite's and gives the pages in the log and
// those of them that lie in the file. An error (another connection just does
// the same, the disk is full) is left to the writer, who meets it again.
func logPages(q sqldb.Querier, mode string) (log, done int64) {
	var rows sqldb.Rows
	kinds := []record.Kind{record.KindInt, record.KindInt, record.KindInt} // was refused, log, done
	if err := q.Query(context.Background(), "PRAGMA wal_checkpoint("+mode+")", nil, kinds, &rows); err != nil || rows.Len() == 0 {
		return 0, 0
	}
	return rows.At(0, 1).Int(), rows.At(0, 2).Int()
}

func (p *checkpointer) close() {
	close(p.stop)
	<-p.ended
}
