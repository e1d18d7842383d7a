package search

import (
	"context"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// On SQLite a load, hundreds of thousands of marks, would cost many commits and
// many small pieces to merge if the Indexer followed it batch by batch. So the
// load holds the Indexer and lets it catch up now and then, beside the writing
// of the records, and what has gathered goes in by few transactions, while the
// next batches are read and cut into words.
const (
	gathered = 16          // batches that a transaction begins with
	longest  = time.Second // of one transaction, while nobody waits
)

// Hold keeps Run from following until release is called. Whoever holds calls
// CatchUp every few seconds: what others write meanwhile waits as well. It does
// nothing on PostgreSQL, where nobody waits for the Indexer.
func (x *Indexer) Hold() (release func()) {
	if x.db.Dialect() == sqldb.Postgres {
		return func() {}
	}
	x.held.Add(1)
	return sync.OnceFunc(func() {
		x.held.Add(-1)
		x.Wake()
	})
}

// writeMany writes first, a full batch on SQLite, and the batches of its entity
// behind it up to mark last. When one of them cannot be read it ends: the next
// read meets the error again.
func (x *Indexer) writeMany(ctx context.Context, first batch, last int64) error {
	ctx, cancel := context.WithCancel(ctx)
	var reader sync.WaitGroup
	defer reader.Wait()
	defer cancel()
	ready := make(chan batch, gathered)
	reader.Go(func() {
		defer close(ready)
		for b := first; ; {
			from := b.marks[len(b.marks)-1].seq
			var err error
			b, err = x.load(ctx, func(q sqldb.Querier, b *batch) error { return b.claimBehind(ctx, q, first.entity, from, last) })
			if err != nil || b.entity == "" {
				return
			}
			select {
			case ready <- b:
			case <-ctx.Done():
				return
			}
		}
	})
	for list, more := []batch{first}, true; len(list) > 0; {
		for more && len(list) < gathered { // outside of the transaction
			var b batch
			if b, more = <-ready; more {
				list = append(list, b)
			}
		}
		done, err := x.write(ctx, list)
		if err != nil {
			return err
		}
		list = append([]batch(nil), list[done:]...)
		x.written[first.index] = struct{}{}
		if err := x.mend(ctx, first.index.mergeDown(ctx, x.db, loadPieces)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// putWhile puts batches as long as nobody waits, one at least, and says how
// many.
func putWhile(ctx context.Context, tx sqldb.Tx, list []batch, put func(*batch, context.Context, sqldb.Tx) error) (done int, err error) {
	for began := time.Now(); done < len(list); {
		if err := put(&list[done], ctx, tx); err != nil {
			return done, err
		}
		done++
		if p, is := tx.(sqldb.Patient); !is || p.Waiting() || time.Since(began) > longest {
			break
		}
	}
	return done, nil
}

// claimBehind reads the marks of up to batchDocs records of an entity behind
// mark from, on SQLite.
func (b *batch) claimBehind(ctx context.Context, q sqldb.Querier, entity string, from, last int64) error {
	const sql = "SELECT entity, record_id, seq FROM " + DirtyTable + " WHERE seq > ?1 AND seq <= ?2 AND entity = ?3 ORDER BY seq LIMIT ?4"
	return b.take(ctx, q, sql, record.Int(from), record.Int(last), record.RawText(entity), record.Int(batchDocs))
}
