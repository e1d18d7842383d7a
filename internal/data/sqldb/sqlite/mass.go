package sqlite

import (
	"context"
	"fmt"
	"sync"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// While many rows are written the writer's page cache holds the leaves of a
// dozen indexes of a million rows that one transaction touches, and the log may
// grow further before it is worked into the file: a page that many transactions
// write is then copied once.
const (
	massCacheKiB   = 128 << 10
	massCheckpoint = 128_000  // pages
	keptLog        = 64 << 20 // bytes that a log may keep afterwards
)

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
		db.check.mass.Store(true)
		db.tune(massCacheKiB, massCheckpoint, -1)
	}
	beside := db.massBeside()
	return sync.OnceFunc(func() {
		beside()
		db.mass.mu.Lock()
		defer db.mass.mu.Unlock()
		if db.mass.n--; db.mass.n == 0 {
			db.check.mass.Store(false)
			db.tune(db.opt.CacheKiB, checkpointPages, keptLog)
		}
	})
}

// tune sets the page cache and the pages and bytes that the log may grow to and
// keep.
func (db *DB) tune(cacheKiB, checkpoint, keep int) {
	ctx := context.Background()
	_ = db.Exclusive(ctx, func(q sqldb.Querier) error { // see MassWrite
		for _, set := range []string{fmt.Sprintf("wal_autocheckpoint = %d", checkpoint), fmt.Sprintf("journal_size_limit = %d", keep)} {
			var out sqldb.Rows
			if err := q.Query(ctx, "PRAGMA "+set, nil, []record.Kind{record.KindInt}, &out); err != nil {
				return err
			}
		}
		_, err := q.Exec(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", cacheKiB))
		if err == nil {
			_, err = q.Exec(ctx, "PRAGMA shrink_memory")
		}
		return err
	})
}
