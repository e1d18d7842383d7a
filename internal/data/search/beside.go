package search

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// On SQLite the indexes lie in a file of their own, beside that of the records
// (decision 0018). The two have no common transaction: a batch is committed
// there first, and only then are its marks taken away here. Both files keep
// what tells whether they belong together.
const (
	// followTable, in the file of the records: which index follows them, the
	// last batch whose marks are gone, and whether all is still to be marked.
	// The number of a batch is random: copies that went on apart, for as many
	// batches, do not belong together.
	followTable = "search_follow"
	followDDL   = "CREATE TABLE IF NOT EXISTS " + followTable +
		" (one INTEGER PRIMARY KEY CHECK (one = 1), generation TEXT NOT NULL, batch INTEGER NOT NULL, unmarked INTEGER NOT NULL) STRICT"
	// fileTable, in the file of the indexes: which records it follows, the last
	// batch that it holds, whose records these were, and the batch before.
	fileTable = "search_file"
	fileDDL   = "CREATE TABLE IF NOT EXISTS " + fileTable +
		" (one INTEGER PRIMARY KEY CHECK (one = 1), generation TEXT NOT NULL, batch INTEGER NOT NULL, before INTEGER NOT NULL, entity TEXT NOT NULL, ids TEXT NOT NULL) STRICT"
)

// Marked is an entity whose records are indexed.
type Marked struct {
	Entity, Table string
	Index         *Index
}

// follows is how the file of the indexes stands to that of the records.
type follows struct {
	all      func() []Marked
	batch    int64       // the last one committed beside; under turn
	unmarked atomic.Bool // a new file: every record is still to be marked
	cutOff   bool        // an error ended mend before the file was whole again; under turn
}

// besideError is an error of the file of the indexes; the records are sound.
type besideError struct{ error }

func (e besideError) Unwrap() error { return e.error }

// besider gives the DB when its indexes lie in a file of their own.
func (x *Indexer) besider() (sqldb.Besider, bool) {
	b, is := x.db.(sqldb.Besider)
	return b, is && b.Beside() != nil
}

// Join is called once, before anything else and before the indexes are made.
// An index file that is missing, damaged, or belongs to other records than
// those of the database, or to an older or newer state of them, is made anew:
// the next CatchUp marks all records of the entities that all lists.
func (x *Indexer) Join(ctx context.Context, all func() []Marked) error {
	if err := x.enter(ctx); err != nil {
		return err
	}
	defer x.leave()
	x.follows.all = all
	if _, is := x.besider(); !is {
		return nil
	}
	return x.join(ctx, false)
}

// join compares the two files; turn is held.
func (x *Indexer) join(ctx context.Context, damaged bool) error {
	if err := x.db.Exclusive(ctx, func(q sqldb.Querier) error {
		_, err := q.Exec(ctx, followDDL)
		return err
	}); err != nil {
		return err
	}
	if err := x.dropInside(ctx); err != nil {
		return err
	}
	var here, there sqldb.Rows
	if err := x.db.ReadOne(ctx, "SELECT generation, batch, unmarked FROM "+followTable, nil,
		[]record.Kind{record.KindText, record.KindInt, record.KindInt}, &here); err != nil {
		return err
	}
	b, _ := x.besider()
	err := b.Beside().ReadOne(ctx, "SELECT generation, batch, before, entity, ids FROM "+fileTable, nil,
		[]record.Kind{record.KindText, record.KindInt, record.KindInt, record.KindText, record.KindText}, &there)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if damaged || err != nil || here.Len() == 0 || there.Len() == 0 || here.At(0, 0).Str() != there.At(0, 0).Str() {
		return x.anew(ctx, b)
	}
	x.batch = there.At(0, 1).Int()
	x.unmarked.Store(here.At(0, 2).Int() != 0)
	switch here.At(0, 1).Int() {
	case x.batch:
		return nil
	case there.At(0, 2).Int(): // stopped between the two commits, or the records are those of just before the batch
		return x.markAgain(ctx, there.At(0, 3).Str(), there.At(0, 4).Str())
	}
	return x.anew(ctx, b)
}

// dropInside drops the indexes that earlier versions kept among the records,
// where a name would find them first. Such a version took marks for them, so
// the file no longer belongs to these records: cut off, too.
func (x *Indexer) dropInside(ctx context.Context) error {
	var rows sqldb.Rows
	if err := x.db.ReadOne(ctx, `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name LIKE '%\_fts' ESCAPE '\' AND sql LIKE 'CREATE VIRTUAL TABLE%'`,
		nil, []record.Kind{record.KindText}, &rows); err != nil || rows.Len() == 0 {
		return err
	}
	x.log.InfoContext(ctx, "search: the indexes move into a file of their own", "indexes", rows.Len())
	return x.db.Exclusive(ctx, func(q sqldb.Querier) error {
		if _, err := q.Exec(ctx, "DELETE FROM "+followTable); err != nil {
			return err
		}
		for i := range rows.Len() {
			if _, err := q.Exec(ctx, "DROP TABLE "+ddl.Quote(rows.At(i, 0).Str())); err != nil {
				return err
			}
		}
		return nil
	})
}

// anew begins an empty index file. The records learn of it first: cut off in
// between, the generations differ and it begins again.
func (x *Indexer) anew(ctx context.Context, b sqldb.Besider) error {
	var rows sqldb.Rows
	err := b.Beside().ReadOne(ctx, "SELECT count(*) FROM sqlite_schema", nil, []record.Kind{record.KindInt}, &rows)
	if err != nil || rows.At(0, 0).Int() > 0 {
		x.log.WarnContext(ctx, "search: the index is made anew, it does not belong to these records or is damaged")
		if err := b.Reopen(true); err != nil {
			return err
		}
	}
	generation := rand.Text()
	if err := x.db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, "INSERT OR REPLACE INTO "+followTable+" (one, generation, batch, unmarked) VALUES (1, ?1, 0, 1)", record.RawText(generation))
		return err
	}); err != nil {
		return err
	}
	if err := b.Beside().Exclusive(ctx, func(q sqldb.Querier) error {
		_, err := q.Exec(ctx, fileDDL)
		return err
	}); err != nil {
		return err
	}
	x.batch = 0
	x.unmarked.Store(true)
	return b.Beside().Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, "INSERT OR REPLACE INTO "+fileTable+" (one, generation, batch, before, entity, ids) VALUES (1, ?1, 0, 0, '', '[]')", record.RawText(generation))
		return err
	})
}

// markAgain marks the records of the last batch.
func (x *Indexer) markAgain(ctx context.Context, entity, list string) error {
	var ids []int64
	if err := json.Unmarshal([]byte(list), &ids); err != nil {
		return err
	}
	return x.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := MarkDirty(ctx, tx, entity, ids...); err != nil {
			return err
		}
		return x.noteHere(ctx, tx)
	})
}

// noteHere says that the marks of the last batch are gone.
func (x *Indexer) noteHere(ctx context.Context, tx sqldb.Tx) error {
	_, err := tx.Exec(ctx, "UPDATE "+followTable+" SET batch = ?1", record.Int(x.batch))
	return err
}

// newBatch gives the number of a batch.
func newBatch() int64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return int64(binary.LittleEndian.Uint64(b[:]) >> 1)
}

// noteThere says that a batch is in.
func (x *Indexer) noteThere(ctx context.Context, tx sqldb.Tx, number int64, list []batch) error {
	ids := []int64{}
	for _, b := range list {
		ids = append(ids, b.ids...)
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE "+fileTable+" SET batch = ?1, before = ?2, entity = ?3, ids = ?4",
		record.Int(number), record.Int(x.batch), record.RawText(list[0].entity), record.RawText(string(text)))
	return err
}

// beginNew marks every record, for a new file.
func (x *Indexer) beginNew(ctx context.Context) error {
	if !x.unmarked.Load() {
		return nil
	}
	if err := x.enter(ctx); err != nil {
		return err
	}
	defer x.leave()
	if !x.unmarked.Load() {
		return nil
	}
	for _, m := range x.all() {
		if err := Rebuild(ctx, x.db, m.Entity, m.Table); err != nil {
			return err
		}
	}
	if err := x.db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE "+followTable+" SET unmarked = 0")
		return err
	}); err != nil {
		return err
	}
	x.unmarked.Store(false)
	return nil
}

// putBeside commits batches of one entity, one at least, to the index file and
// takes their marks away behind it. There is one Indexer and marks are numbered,
// so those that came meanwhile stay. Done twice after a crash it does no harm.
func (x *Indexer) putBeside(ctx context.Context, b sqldb.Besider, list []batch) (done int, err error) {
	if done = 1; list[0].known {
		number := newBatch()
		if err := b.Beside().Write(sqldb.Last(ctx), func(tx sqldb.Tx) (err error) {
			if done, err = putWhile(ctx, tx, list, (*batch).putAll); err != nil {
				return err
			}
			return x.noteThere(ctx, tx, number, list[:done])
		}); err != nil {
			return 0, x.mend(ctx, err)
		}
		x.batch = number
	}
	return done, x.db.Write(ctx, func(tx sqldb.Tx) error {
		for _, b := range list[:done] {
			if _, err := b.release(ctx, tx); err != nil {
				return err
			}
		}
		return x.noteHere(ctx, tx)
	})
}

// mend opens the index file again when an error of it says that it must be,
// anew when it is damaged; turn is held. The error is returned, the next turn
// goes on.
func (x *Indexer) mend(ctx context.Context, err error) error {
	b, is := x.besider()
	if err == nil || !is {
		return err
	}
	if x.cutOff || unusable(b, err) {
		err = errors.Join(err, x.reopen(ctx, b, b.Damaged(err)))
	}
	return besideError{err}
}

// unusable says of an error of the index file that it must be opened again.
func unusable(b sqldb.Besider, err error) bool {
	return b.Damaged(err) || errors.Is(err, sqldb.ErrFailed) || errors.Is(err, sqldb.ErrClosed) // closed: it could not be opened again last time
}

// Tend runs fn, which writes to the indexes behind the Indexer's back, and once
// more when the file had to be opened again or made anew for it.
func (x *Indexer) Tend(ctx context.Context, fn func() error) error {
	err := fn()
	b, is := x.besider()
	if err == nil || !is || !unusable(b, err) {
		return err
	}
	if late := x.enter(ctx); late != nil {
		return errors.Join(err, late)
	}
	defer x.leave()
	if again := x.reopen(ctx, b, b.Damaged(err)); again != nil {
		return errors.Join(err, again)
	}
	return fn()
}

// bear waits after an error of the index file: its disk is full, perhaps, and
// nothing is lost by waiting.
func (x *Indexer) bear(ctx context.Context, err error) {
	if _, beside := errors.AsType[besideError](err); beside {
		x.pause(ctx, parkTime)
	}
}

func (x *Indexer) reopen(ctx context.Context, b sqldb.Besider, damaged bool) error {
	x.cutOff = true
	if !damaged {
		if err := b.Reopen(false); err != nil {
			return err
		}
	}
	if err := x.join(ctx, damaged); err != nil {
		return err
	}
	if err := b.Beside().Exclusive(ctx, func(q sqldb.Querier) error {
		for _, m := range x.all() {
			m.Index.pieces.Store(0)
			for _, sql := range m.Index.DDL(sqldb.SQLite) {
				if _, err := q.Exec(ctx, sql); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	x.cutOff = false
	return nil
}

// Behind counts the records whose changes are not in the index yet; unknown
// says that they are still being found out, for a new index.
func (x *Indexer) Behind(ctx context.Context) (n int64, unknown bool, err error) {
	err = x.db.Read(ctx, func(q sqldb.Querier) error {
		n, err = readInt(ctx, q, "SELECT count(*) FROM "+DirtyTable)
		return err
	})
	return n, x.unmarked.Load(), err
}
