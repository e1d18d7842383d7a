package sqlite

import (
	"context"
	"fmt"
	"sync"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// massCacheKiB is the writer's page cache while many rows are written: the
// leaves of a dozen indexes of a million rows that one transaction touches.
const massCacheKiB = 64 << 10

// mass counts the mass writes that run.
type mass struct {
	mu sync.Mutex
	n  int
}

// MassWrite gives the writer a large page cache until done is called. That it
// cannot have one makes it slower, not wrong, and so is no error.
func (db *DB) MassWrite() (done func()) {
	db.mass.mu.Lock()
	defer db.mass.mu.Unlock()
	if db.mass.n++; db.mass.n == 1 {
		db.cache(massCacheKiB)
	}
	return sync.OnceFunc(func() {
		db.mass.mu.Lock()
		defer db.mass.mu.Unlock()
		if db.mass.n--; db.mass.n == 0 {
			db.cache(db.opt.CacheKiB)
		}
	})
}

func (db *DB) cache(kib int) {
	_ = db.Exclusive(context.Background(), func(q sqldb.Querier) error { // see MassWrite
		if _, err := q.Exec(context.Background(), fmt.Sprintf("PRAGMA cache_size = -%d", kib)); err != nil {
			return err
		}
		_, err := q.Exec(context.Background(), "PRAGMA shrink_memory")
		return err
	})
}
