package search

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// DirtyTable holds what changed and is not yet indexed: rows are only ever
// added by writers and deleted by the Indexer, so that neither waits for the
// other. On PostgreSQL the key leads to all marks of a record (see claim).
const DirtyTable = "search_dirty"

// DirtyDDL makes the table where it does not exist.
func DirtyDDL(d sqldb.Dialect) []string {
	if d == sqldb.Postgres {
		return []string{"CREATE TABLE IF NOT EXISTS " + DirtyTable +
			` (entity TEXT COLLATE "C" NOT NULL, record_id BIGINT NOT NULL, seq BIGINT GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (entity, record_id, seq))` +
			" WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)"}
	}
	return []string{"CREATE TABLE IF NOT EXISTS " + DirtyTable +
		" (seq INTEGER PRIMARY KEY, entity TEXT NOT NULL, record_id INTEGER NOT NULL) STRICT"}
}

// MarkDirty notes in the transaction of a write that records must be indexed
// anew (or taken out, when they are gone). Wake the Indexer after the commit.
func MarkDirty(ctx context.Context, tx sqldb.Tx, entity string, ids ...int64) error {
	var err error
	switch {
	case len(ids) == 0:
	case tx.Dialect() == sqldb.Postgres:
		_, err = tx.Exec(ctx, "INSERT INTO "+DirtyTable+" (entity, record_id) SELECT $1, unnest($2::bigint[])",
			record.RawText(entity), record.Ints(ids))
	case len(ids) == 1:
		_, err = tx.Exec(ctx, "INSERT INTO "+DirtyTable+" (entity, record_id) VALUES (?1, ?2)", record.RawText(entity), record.Int(ids[0]))
	default:
		_, err = tx.Exec(ctx, "INSERT INTO "+DirtyTable+" (entity, record_id) SELECT ?1, value FROM json_each(?2)",
			record.RawText(entity), record.Ints(ids))
	}
	return err
}

// Source gives the indexer the records of an entity.
type Source struct {
	Index *Index
	// Load reads documents; ids that are not in docs are gone and leave the
	// index. It runs on one snapshot.
	Load func(ctx context.Context, q sqldb.Querier, ids []int64) (docs []Doc, err error)
}

// Indexer brings the indexes up to date behind the writes.
type Indexer struct {
	db      sqldb.DB
	clock   clock.Clock
	log     *slog.Logger
	source  func(entity string) (Source, bool)
	wake    chan struct{}
	turn    chan struct{}       // of one, for a batch at a time: a later one must not be overtaken; see enter
	written map[*Index]struct{} // whose pieces wait to be merged; under turn
	held    atomic.Int32        // by so many loads
	follows
}

const (
	batchDocs  = 512                    // a batch holds the writer of SQLite for some 40 ms
	followTime = time.Second            // other nodes' writes are found within this
	parkTime   = 30 * time.Second       // an entity whose records cannot be read waits so long
	settle     = 300 * time.Millisecond // writes that come close together share a batch
)

// NewIndexer makes an indexer; source gives the Source of an entity by the name
// its records were marked with, and may change from call to call. Records of an
// unknown entity are forgotten.
func NewIndexer(db sqldb.DB, c clock.Clock, log *slog.Logger, source func(entity string) (Source, bool)) *Indexer {
	return &Indexer{db: db, clock: c, log: log, source: source, wake: make(chan struct{}, 1), turn: make(chan struct{}, 1), written: map[*Index]struct{}{}}
}

// Wake tells that records were marked. It never blocks.
func (x *Indexer) Wake() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Run follows the writes until ctx ends. An entity that cannot be read is
// tried again after parkTime; the others go on.
func (x *Indexer) Run(ctx context.Context) {
	parked := map[string]time.Time{}
	for ctx.Err() == nil {
		if x.held.Load() > 0 {
			x.rest(ctx)
			continue
		}
		now := x.clock.Now()
		maps.DeleteFunc(parked, func(_ string, until time.Time) bool { return !until.After(now) })
		failed, err := x.catchUp(ctx, slices.Collect(maps.Keys(parked)))
		if err != nil && ctx.Err() == nil {
			x.log.ErrorContext(ctx, "search: an index does not follow", "entities", failed, "error", err)
			x.bear(ctx, err)
		}
		for _, entity := range failed {
			parked[entity] = now.Add(parkTime)
		}
		if err := x.mergeIdle(ctx); err != nil && ctx.Err() == nil {
			x.log.ErrorContext(ctx, "search: the pieces of an index cannot be merged", "error", err)
			x.bear(ctx, err)
		}
		x.rest(ctx)
	}
}

// rest waits for something to do.
func (x *Indexer) rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-x.wake:
		x.pause(ctx, settle)
	case <-x.clock.After(followTime):
	}
}

func (x *Indexer) pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-x.clock.After(d):
	}
}

// enter waits for the turn, which the making of a whole index may hold for
// minutes; leave ends it.
func (x *Indexer) enter(ctx context.Context) error {
	select {
	case x.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (x *Indexer) leave() { <-x.turn }

// Wait returns when everything that was committed before the call is in the
// index (fresh=true).
func (x *Indexer) Wait(ctx context.Context) error { return x.CatchUp(ctx) }

// CatchUp indexes everything marked before the call. Entities that cannot be
// read are left marked and their errors returned; the others are done.
func (x *Indexer) CatchUp(ctx context.Context) error {
	_, err := x.catchUp(ctx, nil)
	return err
}

// catchUp leaves out the parked entities and tells which could not be read.
func (x *Indexer) catchUp(ctx context.Context, parked []string) (failed []string, err error) {
	if err := x.beginNew(ctx); err != nil {
		return nil, err
	}
	var last int64
	if err := x.db.Read(ctx, func(q sqldb.Querier) error {
		sql := lastSQLite
		if q.Dialect() == sqldb.Postgres {
			sql = lastPostgres
		}
		var err error
		last, err = readInt(ctx, q, sql)
		return err
	}); err != nil || last == 0 {
		return nil, err
	}
	if err := x.enter(ctx); err != nil {
		return nil, err
	}
	defer x.leave()
	var causes []error
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b, err := x.read(ctx, last, append(parked, failed...))
		switch {
		case err != nil && b.entity != "":
			failed, causes = append(failed, b.entity), append(causes, err)
			continue
		case err == nil && b.known && len(b.marks) == batchDocs && x.db.Dialect() == sqldb.SQLite:
			err = x.writeMany(ctx, b, last)
		case err == nil && b.entity != "":
			if _, err = x.write(ctx, []batch{b}); err == nil && b.known {
				x.written[b.index] = struct{}{}
				err = x.mend(ctx, b.index.mergeBetween(ctx, x.db))
			}
		}
		if err != nil || b.entity == "" {
			return failed, errors.Join(append(causes, err)...)
		}
	}
}

// batch is some records of one entity, read and cut into words.
type batch struct {
	entity string
	known  bool
	index  *Index
	marks  []mark
	rows   []Row
	ids    []int64
}

type mark struct{ seq, id int64 }

// read takes the oldest marks up to last and loads their records, on one
// snapshot and outside of the writer.
func (x *Indexer) read(ctx context.Context, last int64, parked []string) (batch, error) {
	return x.load(ctx, func(q sqldb.Querier, b *batch) error { return b.claim(ctx, q, last, parked) })
}

// load reads the records of the marks that claim gives.
func (x *Indexer) load(ctx context.Context, claim func(q sqldb.Querier, b *batch) error) (batch, error) {
	var b batch
	var docs []Doc
	err := x.db.Read(ctx, func(q sqldb.Querier) error {
		b, docs = batch{}, nil
		if err := claim(q, &b); err != nil || b.entity == "" {
			return err
		}
		src, ok := x.source(b.entity)
		if !ok {
			return nil
		}
		b.known, b.index = true, src.Index
		var err error
		docs, err = src.Load(ctx, q, b.ids)
		return err
	})
	if err == nil && b.known {
		b.rows = b.index.Encode(x.db.Dialect(), docs)
	}
	return b, err
}

// claim reads the marks of up to batchDocs records of one entity. On
// PostgreSQL these are all marks that the snapshot holds of the records,
// because whoever deletes one of them must know them all (see write). On SQLite
// there is one indexer and later marks of a record may wait for their turn.
func (b *batch) claim(ctx context.Context, q sqldb.Querier, last int64, parked []string) error {
	skip := make([]record.Value, len(parked))
	for i, p := range parked {
		skip[i] = record.RawText(p)
	}
	sql := claimSQLite
	if q.Dialect() == sqldb.Postgres {
		sql = claimPostgres
	}
	return b.take(ctx, q, sql, record.Int(last), record.List(skip), record.Int(batchDocs))
}

// take reads marks: entity, record and number.
func (b *batch) take(ctx context.Context, q sqldb.Querier, sql string, args ...record.Value) error {
	var rows sqldb.Rows
	if err := q.Query(ctx, sql, args, []record.Kind{record.KindText, record.KindInt, record.KindInt}, &rows); err != nil || rows.Len() == 0 {
		return err
	}
	b.entity = rows.At(0, 0).Str()
	for i := range rows.Len() {
		id := rows.At(i, 1).Int()
		b.ids = append(b.ids, id)
		b.marks = append(b.marks, mark{rows.At(i, 2).Int(), id})
	}
	slices.Sort(b.ids)
	b.ids = slices.Compact(b.ids)
	return nil
}

const (
	lastSQLite   = "SELECT coalesce(max(seq), 0) FROM search_dirty"
	lastPostgres = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('search_dirty', 'seq')::regclass), 0)"

	claimSQLite = `WITH f AS (SELECT entity FROM search_dirty WHERE seq <= ?1 AND entity NOT IN (SELECT value FROM json_each(?2)) ORDER BY seq LIMIT 1)
SELECT d.entity, d.record_id, d.seq FROM f CROSS JOIN search_dirty AS d WHERE d.seq <= ?1 AND d.entity = f.entity ORDER BY d.seq LIMIT ?3`
	claimPostgres = `WITH f AS MATERIALIZED (SELECT entity FROM search_dirty WHERE seq <= $1 AND entity <> ALL($2::text[]) ORDER BY entity, record_id, seq LIMIT 1),
r AS MATERIALIZED (SELECT DISTINCT entity, record_id FROM (SELECT d.entity, d.record_id FROM search_dirty AS d
WHERE d.seq <= $1 AND d.entity = (SELECT entity FROM f) ORDER BY d.entity, d.record_id, d.seq LIMIT $3) AS s)
SELECT d.entity, d.record_id, d.seq FROM r JOIN search_dirty AS d ON d.entity = r.entity AND d.record_id = r.record_id`
)

// write writes the first of list, or more of them. It deletes the marks and puts the documents, for those records of which
// at least one mark was still there. A record without any was done meanwhile
// by another node from a later snapshot: whoever read later knew all the marks
// and took them away. So an older text never replaces a newer one.
func (x *Indexer) write(ctx context.Context, list []batch) (done int, err error) {
	if b, is := x.besider(); is {
		return x.putBeside(ctx, b, list)
	}
	err = x.db.Write(sqldb.Last(ctx), func(tx sqldb.Tx) error {
		done, err = putWhile(ctx, tx, list, (*batch).put)
		return err
	})
	return done, err
}

func (b *batch) put(ctx context.Context, tx sqldb.Tx) error {
	mine, err := b.release(ctx, tx)
	if err != nil || !b.known || len(mine) == 0 {
		return err
	}
	put := make([]Row, 0, len(b.rows))
	found := make(map[int64]bool, len(b.rows))
	for _, r := range b.rows {
		found[r.id] = true
		if mine[r.id] {
			put = append(put, r)
		}
	}
	var gone []int64
	for _, id := range b.ids {
		if mine[id] && !found[id] {
			gone = append(gone, id)
		}
	}
	return b.replace(ctx, tx, gone, put)
}

// putAll puts the documents alone: there is no other Indexer.
func (b *batch) putAll(ctx context.Context, tx sqldb.Tx) error {
	if !b.known { // gone since the batch before
		return nil
	}
	found := make(map[int64]bool, len(b.rows))
	for _, r := range b.rows {
		found[r.id] = true
	}
	gone := slices.DeleteFunc(slices.Clone(b.ids), func(id int64) bool { return found[id] })
	return b.replace(ctx, tx, gone, b.rows)
}

func (b *batch) replace(ctx context.Context, tx sqldb.Tx, gone []int64, put []Row) error {
	if err := b.index.Remove(ctx, tx, gone); err != nil {
		return err
	}
	return b.index.PutRows(ctx, tx, put)
}

// release deletes the marks and tells whose were there.
func (b *batch) release(ctx context.Context, tx sqldb.Tx) (map[int64]bool, error) {
	seqs, ids := make([]int64, len(b.marks)), make([]int64, len(b.marks))
	for i, m := range b.marks {
		seqs[i], ids[i] = m.seq, m.id
	}
	sql, args := "DELETE FROM "+DirtyTable+" WHERE seq IN (SELECT value FROM json_each(?1)) RETURNING record_id", []record.Value{record.Ints(seqs)}
	if tx.Dialect() == sqldb.Postgres {
		// Pairs: two lists over one key would try each number with each record.
		sql = "DELETE FROM " + DirtyTable + " AS d USING unnest($1::bigint[], $3::bigint[]) AS m(seq, id)" +
			" WHERE d.entity = $2 AND d.record_id = m.id AND d.seq = m.seq RETURNING d.record_id"
		args = append(args, record.RawText(b.entity), record.Ints(ids))
	}
	var rows sqldb.Rows
	if err := tx.Query(ctx, sql, args, []record.Kind{record.KindInt}, &rows); err != nil {
		return nil, err
	}
	mine := make(map[int64]bool, rows.Len())
	for i := range rows.Len() {
		mine[rows.At(i, 0).Int()] = true
	}
	return mine, nil
}

func readInt(ctx context.Context, q sqldb.Querier, sql string, args ...record.Value) (int64, error) {
	var rows sqldb.Rows
	if err := q.Query(ctx, sql, args, []record.Kind{record.KindInt}, &rows); err != nil || rows.Len() == 0 {
		return 0, err
	}
	return rows.At(0, 0).Int(), nil
}

// Rebuild marks every record of an entity, so that the Indexer makes its index
// anew behind the running work: after a field became searchable or the
// tokenizer changed. table is the entity's table. It goes in pieces and may be
// run again.
func Rebuild(ctx context.Context, db sqldb.DB, entity, table string) error {
	const piece = 20000
	last := int64(-1 << 63)
	for {
		var next int64
		var n int64
		if err := db.Write(ctx, func(tx sqldb.Tx) error {
			one, two := "?1", "?2"
			if tx.Dialect() == sqldb.Postgres {
				one, two = "$1", "$2"
			}
			some := "SELECT id FROM " + ddl.Quote(table) + " WHERE id > " + one + " ORDER BY id LIMIT " + two
			var err error
			if next, err = readInt(ctx, tx, "SELECT coalesce(max(id), 0) FROM ("+some+") AS s", record.Int(last), record.Int(piece)); err != nil {
				return err
			}
			three := "?3"
			if tx.Dialect() == sqldb.Postgres {
				three = "$3::text"
			}
			n, err = tx.Exec(ctx, "INSERT INTO "+DirtyTable+" (entity, record_id) SELECT "+three+", id FROM ("+some+") AS s",
				record.Int(last), record.Int(piece), record.RawText(entity))
			return err
		}); err != nil {
			return err
		}
		if n < piece {
			return nil
		}
		last = next
	}
}
