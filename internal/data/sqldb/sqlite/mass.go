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
// grow further before the writer itself works it into the file: a page that
// many transactions write is then copied once.
const (
	massCacheKiB   = 128 << 10
	massCheckpoint = 64_000 // pages
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
		db.tune(massCacheKiB, massCheckpoint)
	}
	beside := db.massBeside()
	return sync.OnceFunc(func() {
		beside()
		db.mass.mu.Lock()
		defer db.mass.mu.Unlock()
		if db.mass.n--; db.mass.n == 0 {
			db.tune(db.opt.CacheKiB, checkpointPages)
		}
	})
}

func (db *DB) tune(cacheKiB, checkpoint int) {
	ctx := context.Background()
	_ = db.Exclusive(ctx, func(q sqldb.Querier) error { // see MassWrite
		var out sqldb.Rows
		err := q.Query(ctx, fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", checkpoint), nil, []record.Kind{record.KindInt}, &out)
		if err == nil {
			_, err = q.Exec(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", cacheKiB))
		}
		if err == nil {
			_, err = q.Exec(ctx, "PRAGMA shrink_memory")
		}
		return err
	})
}
