package search

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Each batch leaves a piece of its own in an FTS5 index, and pieces must be
// merged for questions to stay quick. FTS5 would do it within the batches, four
// pieces at a time, on the one writer that everybody waits for: under load
// that costs four times what the words themselves do. So it is told not to,
// and the Indexer merges in slices, when there is nothing else to do or too
// many pieces are there; more at a time, so each word is written less often.
const (
	mergePages = 64  // a slice holds the writer for a few ms
	mergeFrom  = 8   // pieces of a size that are worth a merge
	busyPieces = 48  // so many new pieces are merged between the batches of a load
	mostPieces = 500 // FTS5 merges by itself, at once: a guard that is not to be met
	batchBytes = 8 << 20
)

// settings are those that differ from FTS5's own; they lie in the index. Each
// is written once: a write would have all connections read them again.
func (x *Index) settings() []string {
	var out []string
	for _, s := range []struct{ key, value string }{
		{"automerge", "0"},
		{"usermerge", itoa(mergeFrom)},
		{"crisismerge", itoa(mostPieces)},
		{"hashsize", itoa(batchBytes)},
	} {
		out = append(out, "INSERT INTO "+ddl.Quote(x.table)+" ("+ddl.Quote(x.table)+", rank) SELECT '"+s.key+"', "+s.value+
			" WHERE NOT EXISTS (SELECT 1 FROM "+ddl.Quote(x.table+"_config")+" WHERE k = '"+s.key+"' AND v = "+s.value+")")
	}
	return out
}

// Merge does a slice of the merging; more says that there is more to do.
func (x *Index) Merge(ctx context.Context, db sqldb.DB) (more bool, err error) {
	if db.Dialect() == sqldb.Postgres {
		return false, nil
	}
	name := ddl.Quote(x.table)
	err = db.Write(sqldb.Last(ctx), func(tx sqldb.Tx) error {
		before, err := readInt(ctx, tx, changesSQL)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO "+name+" ("+name+", rank) VALUES ('merge', "+itoa(mergePages)+")"); err != nil {
			return err
		}
		after, err := readInt(ctx, tx, changesSQL)
		more = after-before > 1 // FTS5: a merge that found nothing changes less than two rows
		return err
	})
	if err == nil && !more {
		x.pieces.Store(0)
	}
	return more, err
}

const changesSQL = "SELECT total_changes()"

// mergeBetween does a slice when a load has left too many pieces.
func (x *Index) mergeBetween(ctx context.Context, db sqldb.DB) error {
	if x.pieces.Add(1) < busyPieces {
		return nil
	}
	_, err := x.Merge(ctx, db)
	return err
}

// Care has the indexes merged that an earlier process left in pieces, when
// there is nothing else to do.
func (x *Indexer) Care(list ...*Index) {
	x.turn.Lock()
	defer x.turn.Unlock()
	for _, index := range list {
		x.written[index] = struct{}{}
	}
}

// mergeIdle merges the indexes written since until nothing is left or new
// marks ask for the Indexer. It rests as long as it works: it is never urgent.
func (x *Indexer) mergeIdle(ctx context.Context) error {
	x.turn.Lock()
	defer x.turn.Unlock()
	for index := range x.written {
		for more := true; more; {
			if len(x.wake) > 0 || ctx.Err() != nil {
				return nil
			}
			began := x.clock.Now()
			var err error
			if more, err = index.Merge(ctx, x.db); err != nil {
				return err
			}
			if took := x.clock.Now().Sub(began); more && took > 0 {
				x.pause(ctx, took)
			}
		}
		delete(x.written, index)
	}
	return nil
}
