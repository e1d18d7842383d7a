package ddl

import (
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// catalogue is what the database holds now, read from its system tables.
type catalogue struct {
	tables map[string]*liveTable
	order  []string
}

type liveTable struct {
	columns map[string]liveColumn
	order   []string
	indexes map[string]*liveIndex
	names   []string // of the indexes, in catalogue order
}

type liveColumn struct {
	kind    string // INTEGER, TEXT, BLOB; or the type as the database names it
	notNull bool
	key     int // position in the primary key from 1, 0 outside
}

// liveIndex is an index; columns are in the form of Index.Columns. An invalid
// one is what a concurrent build on PostgreSQL leaves behind when it dies.
type liveIndex struct {
	columns []string
	unique  bool
	partial bool
	valid   bool
}

// The queries of the catalogue. Both dialects answer the same columns.
var (
	columnsSQL = map[sqldb.Dialect]string{
		sqldb.SQLite: `SELECT m.name, c.name, c.type, c."notnull", c.pk
			FROM sqlite_schema m, pragma_table_xinfo(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'
			ORDER BY m.name, c.cid`,
		sqldb.Postgres: `SELECT t.relname::text,
				a.attname::text,
				CASE format_type(a.atttypid, a.atttypmod)
					WHEN 'bigint' THEN 'INTEGER'
					WHEN 'bytea' THEN 'BLOB'
					WHEN 'text' THEN CASE WHEN l.collname = 'C' THEN 'TEXT' ELSE 'TEXT COLLATE ' || COALESCE(l.collname, '?') END
					ELSE format_type(a.atttypid, a.atttypmod) END,
				a.attnotnull::int::bigint,
				COALESCE(array_position(k.conkey, a.attnum), 0)::bigint
			FROM pg_class t
			JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
			LEFT JOIN pg_collation l ON l.oid = a.attcollation
			LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
			WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
			ORDER BY t.relname, a.attnum`,
	}
	columnsKinds = []record.Kind{record.KindText, record.KindText, record.KindText, record.KindInt, record.KindInt}

	indexesSQL = map[sqldb.Dialect]string{
		sqldb.SQLite: `SELECT m.name, i.name, COALESCE(c.name, ''), c."desc", i."unique", i.partial, 1
			FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) c
			WHERE m.type = 'table' AND i.origin = 'c' AND c.key = 1
			ORDER BY m.name, i.name, c.seqno`,
		sqldb.Postgres: `SELECT t.relname::text, x.relname::text, COALESCE(a.attname, '')::text,
				(i.indoption[n.n - 1] & 1)::bigint, i.indisunique::int::bigint,
				(i.indpred IS NOT NULL)::int::bigint, i.indisvalid::int::bigint
			FROM pg_index i
			JOIN pg_class t ON t.oid = i.indrelid
			JOIN pg_class x ON x.oid = i.indexrelid
			CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) n(n)
			LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[n.n - 1]
			LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
			WHERE t.relnamespace = current_schema()::regnamespace AND k.oid IS NULL
			ORDER BY t.relname, x.relname, n.n`,
	}
	indexesKinds = []record.Kind{record.KindText, record.KindText, record.KindText, record.KindInt, record.KindInt, record.KindInt, record.KindInt}
)

// readCatalogue reads tables, columns and indexes of the current schema.
// Indexes that a constraint owns are left out.
func readCatalogue(ctx context.Context, q sqldb.Querier) (*catalogue, error) {
	cat := &catalogue{tables: map[string]*liveTable{}}
	var rows sqldb.Rows
	rows.Reset(len(columnsKinds))
	if err := q.Query(ctx, columnsSQL[q.Dialect()], nil, columnsKinds, &rows); err != nil {
		return nil, err
	}
	for i := range rows.Len() {
		r := rows.Row(i)
		t := cat.tables[r[0].Str()]
		if t == nil {
			t = &liveTable{columns: map[string]liveColumn{}, indexes: map[string]*liveIndex{}}
			cat.tables[r[0].Str()] = t
			cat.order = append(cat.order, r[0].Str())
		}
		t.columns[r[1].Str()] = liveColumn{strings.ToUpper(r[2].Str()), r[3].Bool(), int(r[4].Int())}
		t.order = append(t.order, r[1].Str())
	}
	rows.Reset(len(indexesKinds))
	if err := q.Query(ctx, indexesSQL[q.Dialect()], nil, indexesKinds, &rows); err != nil {
		return nil, err
	}
	for i := range rows.Len() {
		r := rows.Row(i)
		if t := cat.tables[r[0].Str()]; t != nil {
			t.addIndexColumn(r[1].Str(), r[2].Str(), r[3:])
		}
	}
	return cat, nil
}

// Present gives the tables that the database has, each with the columns that
// it has: what can be read of data that an older program wrote.
func Present(ctx context.Context, q sqldb.Querier, tables []Table) ([]Table, error) {
	cat, err := readCatalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Table
	for _, t := range tables {
		live := cat.tables[t.Name]
		if live == nil {
			continue
		}
		t.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool {
			_, here := live.columns[c.Name]
			return !here
		})
		out = append(out, t)
	}
	return out, nil
}

// addIndexColumn adds one key column; facts are desc, unique, partial, valid.
func (t *liveTable) addIndexColumn(index, column string, facts []record.Value) {
	ix := t.indexes[index]
	if ix == nil {
		ix = &liveIndex{unique: facts[1].Bool(), partial: facts[2].Bool(), valid: facts[3].Bool()}
		t.indexes[index] = ix
		t.names = append(t.names, index)
	}
	if facts[0].Bool() {
		column += " DESC"
	}
	ix.columns = append(ix.columns, column)
}
