package records

import (
	"sync"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// maskedPerHour is how many comparisons on masked fields a member may make in
// an hour: enough to look somebody up by his number, too few to guess one.
const maskedPerHour = 60

// maskedCount counts comparisons on masked fields per member and hour.
type maskedCount struct {
	mu   sync.Mutex
	hour int64
	n    map[int64]int
}

// countMasked counts n comparisons and refuses them above the limit.
func (e *Engine) countMasked(actor *access.Actor, n int) error {
	c := &e.masked
	hour := e.now() / (3600 * 1_000_000)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hour != hour || c.n == nil {
		c.hour, c.n = hour, map[int64]int{}
	}
	if c.n[actor.ID()] += n; c.n[actor.ID()] > maskedPerHour {
		return errs.New(errs.RateLimited, "error.masked_limit")
	}
	return nil
}
