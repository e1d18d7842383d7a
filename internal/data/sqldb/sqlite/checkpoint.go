package sqlite

import "time"

const (
	restTime  = 250 * time.Millisecond // without a commit: a good moment
	busyTicks = 8                      // of restTime, then it is done beside the writes
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
	tick := time.NewTicker(restTime)
	defer tick.Stop()
	for {
		select {
		case <-p.wrote:
		case <-p.stop:
			return
		}
		for n, seen := 0, commits(); n < busyTicks; n++ {
			select {
			case <-tick.C:
			case <-p.stop:
				return
			}
			now := commits()
			if now == seen && n > 0 {
				break
			}
			seen = now
		}
		// An error (another connection just does the same, the disk is full) is
		// left to the writer, who meets it again.
		_ = c.do("PRAGMA wal_checkpoint(PASSIVE)")
	}
}

func (p *checkpointer) close() {
	close(p.stop)
	<-p.ended
}
