package search

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
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
	loadPieces = 400 // are left alone while a load is written; then FTS5 merges all of a size
	loadPages  = 512 // a slice within one
	// batchBytes is what FTS5 gathers before it writes a piece. What fits into
	// the processor's cache costs half as much, merging included, as 8 MiB.
	batchBytes = 1 << 20
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
	return x.merge(ctx, db, mergePages)
}

func (x *Index) merge(ctx context.Context, db sqldb.DB, pages int) (more bool, err error) {
	if db.Dialect() == sqldb.Postgres {
		return false, nil
	}
	name := ddl.Quote(x.table)
	err = sqldb.Beside(db).Write(sqldb.Last(ctx), func(tx sqldb.Tx) error {
		before, err := readInt(ctx, tx, changesSQL)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO "+name+" ("+name+", rank) VALUES ('merge', "+itoa(pages)+")"); err != nil {
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

// mergeDown merges until there are at most so many pieces, or nothing is left
// to merge.
func (x *Index) mergeDown(ctx context.Context, db sqldb.DB, most int) error {
	if db.Dialect() == sqldb.Postgres {
		return nil
	}
	for more := true; more; {
		var n int
		err := db.Read(ctx, func(q sqldb.Querier) (err error) {
			n, err = x.countPieces(ctx, q)
			return err
		})
		if err != nil {
			return err
		}
		x.pieces.Store(int64(n))
		if n <= most {
			return nil
		}
		if more, err = x.merge(ctx, db, loadPages); err != nil {
			return err
		}
	}
	return nil
}

// countPieces reads the record of FTS5 that lists its pieces: a cookie, from
// version 2 on a mark, then the numbers of levels and pieces.
func (x *Index) countPieces(ctx context.Context, q sqldb.Querier) (int, error) {
	var rows sqldb.Rows
	if err := q.Query(ctx, "SELECT block FROM "+ddl.Quote(x.table+"_data")+" WHERE id = 10", nil, []record.Kind{record.KindBytes}, &rows); err != nil || rows.Len() == 0 {
		return 0, err
	}
	b := rows.At(0, 0).Str()
	b = strings.TrimPrefix(b[min(4, len(b)):], "\xff\x00\x00\x01")
	n := 0
	for range 2 { // numbers of seven bits a byte, the highest first
		n = 0
		for more := true; more && len(b) > 0; b = b[1:] {
			n = n<<7 | int(b[0]&0x7f)
			more = b[0] >= 0x80
		}
	}
	return n, nil
}

// Care has the indexes merged that an earlier process left in pieces, when
// there is nothing else to do.
func (x *Indexer) Care(list ...*Index) {
	x.turn <- struct{}{}
	defer x.leave()
	for _, index := range list {
		x.written[index] = struct{}{}
	}
}

// mergeIdle merges the indexes written since until nothing is left or new
// marks ask for the Indexer. It rests as long as it works: it is never urgent.
func (x *Indexer) mergeIdle(ctx context.Context) error {
	if err := x.enter(ctx); err != nil {
		return err
	}
	defer x.leave()
	return x.mend(ctx, x.mergeAll(ctx))
}

func (x *Indexer) mergeAll(ctx context.Context) error {
	for index := range x.written {
		if err := index.mergeDown(ctx, x.db, mostPieces); err != nil { // counts them, after a start
			return err
		}
		for more := true; more; {
			if err := ctx.Err(); err != nil || len(x.wake) > 0 {
				return err
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
