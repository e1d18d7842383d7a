package search

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Row is a document made ready for a database: words cut, tokens joined.
type Row struct {
	id   int64
	n, t string // the columns on SQLite; the vector in n on PostgreSQL
}

// Encode makes docs ready outside of the transaction that puts them, so that
// the one writer of SQLite does not wait for it.
func (x *Index) Encode(d sqldb.Dialect, docs []Doc) []Row {
	var e encoder
	rows := make([]Row, len(docs))
	for i := range docs {
		rows[i].id = docs[i].ID
		if d == sqldb.Postgres {
			rows[i].n = e.vector(&docs[i])
		} else {
			rows[i].n, rows[i].t = e.columns(&docs[i])
		}
	}
	return rows
}

// Put indexes docs in place of what the index held of them.
func (x *Index) Put(ctx context.Context, tx sqldb.Tx, docs []Doc) error {
	return x.PutRows(ctx, tx, x.Encode(tx.Dialect(), docs))
}

// PutRows is Put for documents already encoded for the dialect of tx.
func (x *Index) PutRows(ctx context.Context, tx sqldb.Tx, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	name := ddl.Quote(x.table)
	if tx.Dialect() == sqldb.Postgres {
		return putPostgres(ctx, tx, "INSERT INTO "+name+
			" (id, tsv) SELECT i, v::tsvector FROM unnest($1::bigint[], $2::text[]) AS u(i, v)"+
			" ON CONFLICT (id) DO UPDATE SET tsv = EXCLUDED.tsv", rows)
	}
	// Behind the last record that the index holds there is nothing to replace,
	// which FTS5 would look for at a tenth of the cost of a document.
	last, err := readInt(ctx, tx, "SELECT coalesce(max(id), 0) FROM "+ddl.Quote(x.table+"_docsize"))
	if err != nil {
		return err
	}
	const values = " (rowid, n, t) VALUES (?1, ?2, ?3)"
	add, replace := "INSERT INTO "+name+values, "INSERT OR REPLACE INTO "+name+values
	for i := range rows {
		sql := replace
		if rows[i].id > last {
			sql, last = add, rows[i].id
		}
		if _, err := tx.Exec(ctx, sql, record.Int(rows[i].id), record.RawText(rows[i].n), record.RawText(rows[i].t)); err != nil {
			return err
		}
	}
	return nil
}

func putPostgres(ctx context.Context, tx sqldb.Tx, sql string, rows []Row) error {
	ids, vectors := make([]record.Value, 0, len(rows)), make([]record.Value, 0, len(rows))
	seen := make(map[int64]int, len(rows))
	for i := range rows {
		if at, ok := seen[rows[i].id]; ok { // one statement must not touch a row twice: the last wins, as on SQLite
			vectors[at] = record.RawText(rows[i].n)
			continue
		}
		seen[rows[i].id] = len(ids)
		ids = append(ids, record.Int(rows[i].id))
		vectors = append(vectors, record.RawText(rows[i].n))
	}
	_, err := tx.Exec(ctx, sql, record.List(ids), record.List(vectors))
	return err
}

// Remove takes records out of the index; unknown ids are ignored.
func (x *Index) Remove(ctx context.Context, tx sqldb.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	name := ddl.Quote(x.table)
	if tx.Dialect() == sqldb.Postgres {
		_, err := tx.Exec(ctx, "DELETE FROM "+name+" WHERE id = ANY($1)", record.Ints(ids))
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, "DELETE FROM "+name+" WHERE rowid = ?1", record.Int(id)); err != nil {
			return err
		}
	}
	return nil
}
