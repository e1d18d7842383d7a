// Package history keeps what records were (PLT-9, PLT-11): the values that a
// write replaced, grouped by changeset, so that one write or ten thousand can
// be shown and undone. Values are encrypted under a key of their record, so
// that dropping the key erases the past of one person and nothing else. A
// create stores no values: there was nothing before.
package history

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Kinds of entries.
const (
	Create  = "create"
	Update  = "update"
	Delete  = "delete"
	Restore = "restore"
)

// Entry is one record's part of a changeset.
type Entry struct {
	ID        int64
	Changeset int64
	Entity    string
	Record    int64
	At        int64 // µs UTC
	Actor     int64 // 0 = the system
	Kind      string
	Version   int64 // after the write
	Before    []Value
}

// Value is what a field held before the write.
type Value struct {
	Field string
	Was   record.Value
}

// Changeset describes a write of several records: an import, a mass change, an undo.
type Changeset struct {
	ID     int64
	Kind   string // import, bulk, undo …
	Actor  int64
	At     int64
	Note   string
	Undoes int64 // the changeset that this one took back, 0 = none
}

// Tables are the tables of this package.
func Tables() []ddl.Table {
	num := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindInt, NotNull: true} }
	text := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindText, NotNull: true} }
	return []ddl.Table{
		{Name: "history", Key: []string{"id"}, Columns: []ddl.Column{num("id"), num("changeset"), text("entity"), num("record_id"),
			num("at"), num("actor"), text("kind"), num("version"), {Name: "data", Kind: record.KindBytes}},
			Indexes: []ddl.Index{
				{Name: "history_record", Columns: []string{"record_id", "id"}},
				{Name: "history_changeset", Columns: []string{"changeset", "id"}}}},
		{Name: "history_key", Key: []string{"record_id"}, Columns: []ddl.Column{num("record_id"), {Name: "key", Kind: record.KindBytes, NotNull: true}}},
		{Name: "changeset", Key: []string{"id"}, Columns: []ddl.Column{num("id"), text("kind"), num("actor"), num("at"),
			{Name: "note", Kind: record.KindText}, num("undoes"), num("undone_by")},
			Indexes: []ddl.Index{{Name: "changeset_undoes", Columns: []string{"undoes"}}}},
	}
}

// Log writes and reads history.
type Log struct{ keys *secrets.Keyring }

// New makes a log that encrypts under keys.
func New(keys *secrets.Keyring) *Log { return &Log{keys: keys} }

var (
	columns  = []string{"id", "changeset", "entity", "record_id", "at", "actor", "kind", "version", "data"}
	rowKinds = []record.Kind{record.KindInt, record.KindInt, record.KindText, record.KindInt, record.KindInt, record.KindInt, record.KindText, record.KindInt, record.KindBytes}
)

// Append writes entries in the transaction of the write they tell of and gives
// each entry's stored bytes to digest, for the audit log.
func (l *Log) Append(ctx context.Context, tx sqldb.Tx, entries []Entry, digest func(i int, stored []byte)) error {
	rows := make([]record.Value, 0, len(columns)*len(entries))
	for i, e := range entries {
		data := record.Null
		if len(e.Before) > 0 {
			key, err := l.keyFor(ctx, tx, e)
			if err != nil {
				return err
			}
			sealed := key.Seal(encode(e.Before), aad(e.ID))
			data = record.Bytes(sealed)
			digest(i, sealed)
		}
		rows = append(rows, record.Int(e.ID), record.Int(e.Changeset), record.RawText(e.Entity), record.Int(e.Record), record.Int(e.At),
			record.Int(e.Actor), record.RawText(e.Kind), record.Int(e.Version), data)
	}
	if bulk, ok := tx.(sqldb.Bulk); ok && len(entries) > 1 {
		return bulk.InsertMany(ctx, "history", columns, rows)
	}
	for i := 0; i < len(rows); i += len(columns) {
		if _, err := tx.Exec(ctx, insertSQL(tx.Dialect()), rows[i:i+len(columns)]...); err != nil {
			return err
		}
	}
	return nil
}

func insertSQL(d sqldb.Dialect) string {
	if d == sqldb.Postgres {
		return "INSERT INTO history (id, changeset, entity, record_id, at, actor, kind, version, data) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)"
	}
	return "INSERT INTO history (id, changeset, entity, record_id, at, actor, kind, version, data) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)"
}

func aad(id int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }

// ErrErased is returned for values whose key was dropped.
var ErrErased = errors.New("the past of this record was erased")

// key finds the record's key, and makes one when asked to.
func (l *Log) key(ctx context.Context, q sqldb.Querier, rec int64, make1 bool) (*secrets.RecordKey, error) {
	var out sqldb.Rows
	sql, ins := "SELECT key FROM history_key WHERE record_id = ?1", "INSERT INTO history_key (record_id, key) VALUES (?1, ?2)"
	if q.Dialect() == sqldb.Postgres {
		sql, ins = "SELECT key FROM history_key WHERE record_id = $1", "INSERT INTO history_key (record_id, key) VALUES ($1, $2)"
	}
	if err := q.Query(ctx, sql, []record.Value{record.Int(rec)}, []record.Kind{record.KindBytes}, &out); err != nil {
		return nil, err
	}
	if out.Len() > 0 {
		return l.keys.UnwrapRecordKey([]byte(out.At(0, 0).Str()), aad(rec))
	}
	if !make1 {
		return nil, ErrErased
	}
	wrapped, key := l.keys.NewRecordKey(aad(rec))
	_, err := q.Exec(ctx, ins, record.Int(rec), record.Bytes(wrapped))
	return key, err
}

// keyFor gives the key of a record that is written, and makes the first. The
// first change of a record nearly always is the first to need one.
func (l *Log) keyFor(ctx context.Context, tx sqldb.Tx, e Entry) (*secrets.RecordKey, error) {
	if e.Version != 2 {
		return l.key(ctx, tx, e.Record, true)
	}
	ins := "INSERT INTO history_key (record_id, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
	if tx.Dialect() == sqldb.Postgres {
		ins = "INSERT INTO history_key (record_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING"
	}
	wrapped, key := l.keys.NewRecordKey(aad(e.Record))
	n, err := tx.Exec(ctx, ins, record.Int(e.Record), record.Bytes(wrapped))
	if err != nil || n == 1 {
		return key, err
	}
	return l.key(ctx, tx, e.Record, true)
}

// Erase drops the key of a record: what its history held cannot be read again.
func (l *Log) Erase(ctx context.Context, tx sqldb.Tx, rec int64) error {
	sql := "DELETE FROM history_key WHERE record_id = ?1"
	if tx.Dialect() == sqldb.Postgres {
		sql = "DELETE FROM history_key WHERE record_id = $1"
	}
	_, err := tx.Exec(ctx, sql, record.Int(rec))
	return err
}

// Of reads up to limit entries of a record, newest first, older than before (0 = from the newest).
func (l *Log) Of(ctx context.Context, q sqldb.Querier, rec, before int64, limit int) ([]Entry, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return l.read(ctx, q, "record_id = %1 AND id < %2 ORDER BY id DESC LIMIT %3", rec, before, int64(limit))
}

// OfAny reads the newest entries, up to limit, of any of some records, newest first.
func (l *Log) OfAny(ctx context.Context, q sqldb.Querier, recs []int64, limit int) ([]Entry, error) {
	oneOf := "record_id IN (SELECT value FROM json_each(%1))"
	if q.Dialect() == sqldb.Postgres {
		oneOf = "record_id = ANY(%1)"
	}
	return l.readBy(ctx, q, oneOf+" ORDER BY id DESC LIMIT %2", record.Ints(recs), record.Int(int64(limit)))
}

// In reads up to limit entries of a changeset in order, after an entry id.
func (l *Log) In(ctx context.Context, q sqldb.Querier, changeset, after int64, limit int) ([]Entry, error) {
	return l.read(ctx, q, "changeset = %1 AND id > %2 ORDER BY id LIMIT %3", changeset, after, int64(limit))
}

// InBackwards reads up to limit entries of a changeset newest first, before an entry id (0 = from the newest).
func (l *Log) InBackwards(ctx context.Context, q sqldb.Querier, changeset, before int64, limit int) ([]Entry, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return l.read(ctx, q, "changeset = %1 AND id < %2 ORDER BY id DESC LIMIT %3", changeset, before, int64(limit))
}

// Count is how many entries a changeset has.
func (l *Log) Count(ctx context.Context, q sqldb.Querier, changeset int64) (int, error) {
	sql := "SELECT count(*) FROM history WHERE changeset = ?1"
	if q.Dialect() == sqldb.Postgres {
		sql = "SELECT count(*) FROM history WHERE changeset = $1"
	}
	var out sqldb.Rows
	if err := q.Query(ctx, sql, []record.Value{record.Int(changeset)}, []record.Kind{record.KindInt}, &out); err != nil {
		return 0, err
	}
	return int(out.At(0, 0).Int()), nil
}

func (l *Log) read(ctx context.Context, q sqldb.Querier, where string, args ...int64) ([]Entry, error) {
	vals := make([]record.Value, len(args))
	for i, a := range args {
		vals[i] = record.Int(a)
	}
	return l.readBy(ctx, q, where, vals...)
}

func (l *Log) readBy(ctx context.Context, q sqldb.Querier, where string, vals ...record.Value) ([]Entry, error) {
	sql := []byte("SELECT id, changeset, entity, record_id, at, actor, kind, version, data FROM history WHERE ")
	for i := 0; i < len(where); i++ {
		c := where[i]
		if c == '%' {
			c = '?'
			if q.Dialect() == sqldb.Postgres {
				c = '$'
			}
		}
		sql = append(sql, c)
	}
	var out sqldb.Rows
	if err := q.Query(ctx, string(sql), vals, rowKinds, &out); err != nil {
		return nil, err
	}
	entries := make([]Entry, out.Len())
	keys := map[int64]*secrets.RecordKey{}
	for i := range entries {
		r := out.Row(i)
		e := Entry{ID: r[0].Int(), Changeset: r[1].Int(), Entity: r[2].Str(), Record: r[3].Int(), At: r[4].Int(),
			Actor: r[5].Int(), Kind: r[6].Str(), Version: r[7].Int()}
		if !r[8].IsNull() {
			key := keys[e.Record]
			if key == nil {
				var err error
				if key, err = l.key(ctx, q, e.Record, false); errors.Is(err, ErrErased) {
					entries[i] = e
					continue
				} else if err != nil {
					return nil, err
				}
				keys[e.Record] = key
			}
			plain, err := key.Open([]byte(r[8].Str()), aad(e.ID))
			if err != nil {
				return nil, err
			}
			if e.Before, err = decode(plain); err != nil {
				return nil, err
			}
		}
		entries[i] = e
	}
	return entries, nil
}

// Begin writes the description of a changeset of several records.
func (l *Log) Begin(ctx context.Context, tx sqldb.Tx, c Changeset) error {
	sql := "INSERT INTO changeset (id, kind, actor, at, note, undoes, undone_by) VALUES (?1,?2,?3,?4,?5,?6,0)"
	if tx.Dialect() == sqldb.Postgres {
		sql = "INSERT INTO changeset (id, kind, actor, at, note, undoes, undone_by) VALUES ($1,$2,$3,$4,$5,$6,0)"
	}
	_, err := tx.Exec(ctx, sql, record.Int(c.ID), record.RawText(c.Kind), record.Int(c.Actor), record.Int(c.At), record.Text(c.Note), record.Int(c.Undoes))
	return err
}

// Changesets reads up to limit descriptions of an actor's changesets (0 =
// everybody's), newest first, older than before (0 = from the newest).
func (l *Log) Changesets(ctx context.Context, q sqldb.Querier, actor, before int64, limit int) ([]Changeset, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	sql := "SELECT id, kind, actor, at, note, undoes FROM changeset WHERE id < ?1 AND (?3 = 0 OR actor = ?3) ORDER BY id DESC LIMIT ?2"
	if q.Dialect() == sqldb.Postgres {
		sql = "SELECT id, kind, actor, at, note, undoes FROM changeset WHERE id < $1 AND ($3 = 0 OR actor = $3) ORDER BY id DESC LIMIT $2"
	}
	var out sqldb.Rows
	if err := q.Query(ctx, sql, []record.Value{record.Int(before), record.Int(int64(limit)), record.Int(actor)},
		[]record.Kind{record.KindInt, record.KindText, record.KindInt, record.KindInt, record.KindText, record.KindInt}, &out); err != nil {
		return nil, err
	}
	list := make([]Changeset, out.Len())
	for i := range list {
		r := out.Row(i)
		list[i] = Changeset{ID: r[0].Int(), Kind: r[1].Str(), Actor: r[2].Int(), At: r[3].Int(), Note: r[4].Str(), Undoes: r[5].Int()}
	}
	return list, nil
}
