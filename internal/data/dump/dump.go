// Package dump reads whole tables row by row and loads them into an empty
// database of either dialect: what a backup is made from and restored by.
package dump

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// A page is read with one statement. Its rows are chosen so that a page of
// long texts stays small and a page of short rows costs few statements.
const (
	firstRows = 64
	mostRows  = 2048
	wantBytes = 1 << 20
)

// Rows calls fn with the rows of t in the order of its primary key, all of its
// columns row-major, a bounded number at a time; fn does not keep them. where
// is "" or a condition that both dialects read. q holds one snapshot.
func Rows(ctx context.Context, q sqldb.Querier, t ddl.Table, where string, fn func(rows []record.Value) error) error {
	kinds := make([]record.Kind, len(t.Columns))
	key := make([]int, len(t.Key))
	for i, c := range t.Columns {
		kinds[i] = c.Kind
		for j, k := range t.Key {
			if k == c.Name {
				key[j] = i
			}
		}
	}
	var out sqldb.Rows
	var flat, after []record.Value
	for limit := firstRows; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		out.Reset(len(kinds))
		args := slices.Concat(after, []record.Value{record.Int(int64(limit))})
		if err := q.Query(ctx, pageSQL(q.Dialect(), t, where, len(after) > 0), args, kinds, &out); err != nil {
			return err
		}
		n, bytes := out.Len(), 0
		flat = flat[:0]
		for i := range n {
			row := out.Row(i)
			for _, v := range row {
				bytes += len(v.Str()) + 8
			}
			flat = append(flat, row...)
		}
		if n > 0 {
			if err := fn(flat); err != nil {
				return err
			}
		}
		if n < limit {
			return nil
		}
		after = after[:0]
		for _, i := range key {
			after = append(after, out.At(n-1, i))
		}
		switch {
		case bytes > wantBytes:
			limit = max(limit/2, 1)
		case bytes < wantBytes/2:
			limit = min(limit*2, mostRows)
		}
	}
}

// pageSQL is one page behind the key given by the first parameters.
func pageSQL(d sqldb.Dialect, t ddl.Table, where string, after bool) string {
	var b strings.Builder
	b.WriteString("SELECT " + names(columnsOf(t)) + " FROM " + ddl.Quote(t.Name))
	cond, param := where, 1
	if after {
		if cond != "" {
			cond += " AND "
		}
		params := make([]string, len(t.Key))
		for i := range params {
			params[i] = ddl.Param(d, param)
			param++
		}
		cond += "(" + names(t.Key) + ") > (" + strings.Join(params, ", ") + ")"
	}
	if cond != "" {
		b.WriteString(" WHERE " + cond)
	}
	b.WriteString(" ORDER BY " + names(t.Key) + " LIMIT " + ddl.Param(d, param))
	return b.String()
}

func columnsOf(t ddl.Table) []string {
	list := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = c.Name
	}
	return list
}

func names(list []string) string {
	quoted := make([]string, len(list))
	for i, n := range list {
		quoted[i] = ddl.Quote(n)
	}
	return strings.Join(quoted, ", ")
}

// Count says how many rows a table has.
func Count(ctx context.Context, q sqldb.Querier, table string) (int64, error) {
	return number(ctx, q, "SELECT count(*) FROM "+ddl.Quote(table))
}

// Highest is the largest value of an integer column, 0 for an empty table.
func Highest(ctx context.Context, q sqldb.Querier, table, column string) (int64, error) {
	return number(ctx, q, "SELECT COALESCE(max("+ddl.Quote(column)+"), 0) FROM "+ddl.Quote(table))
}

func number(ctx context.Context, q sqldb.Querier, sql string) (int64, error) {
	var rows sqldb.Rows
	rows.Reset(1)
	if err := q.Query(ctx, sql, nil, []record.Kind{record.KindInt}, &rows); err != nil {
		return 0, err
	}
	return rows.At(0, 0).Int(), nil
}

// Faults asks the database whether it is whole and gives what is wrong, in the
// database's words, at most limit of it. On PostgreSQL, whose server checks
// its own pages and references, every table is read through once.
func Faults(ctx context.Context, q sqldb.Querier, tables []ddl.Table, limit int) ([]string, error) {
	if q.Dialect() == sqldb.Postgres {
		for _, t := range tables {
			if _, err := Count(ctx, q, t.Name); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	out, err := integrity(ctx, q, "main", limit)
	if err != nil {
		return nil, err
	}
	lost, err := lostReferences(ctx, q, limit)
	return append(out, lost...), err
}

func integrity(ctx context.Context, q sqldb.Querier, file string, limit int) (out []string, err error) {
	var rows sqldb.Rows
	rows.Reset(1)
	err = q.Query(ctx, "PRAGMA "+file+".integrity_check("+strconv.Itoa(limit)+")", nil, []record.Kind{record.KindText}, &rows)
	for i := range rows.Len() {
		if s := rows.At(i, 0).Str(); s != "ok" {
			out = append(out, s)
		}
	}
	return out, err
}

// IndexFaults is Faults of the file that keeps what can be made again from the
// rest (sqldb.Besider), of SQLite. An error of the database is such a fault.
func IndexFaults(ctx context.Context, q sqldb.Querier, limit int) []string {
	err := rereadIndexes(ctx, q)
	var out []string
	if err == nil {
		out, err = integrity(ctx, q, "beside", limit)
	}
	if err != nil && ctx.Err() == nil {
		out = append(out, err.Error())
	}
	return out
}

// rereadIndexes asks every search index of SQLite something. A connection keeps
// what it read last of an index's structure; a question reads it anew, the
// integrity check does not and takes pieces merged since for damage.
func rereadIndexes(ctx context.Context, q sqldb.Querier) error {
	var names, rows sqldb.Rows
	names.Reset(1)
	err := q.Query(ctx, "SELECT name FROM pragma_table_list WHERE type = 'virtual'", nil, []record.Kind{record.KindText}, &names)
	for i := 0; i < names.Len() && err == nil; i++ {
		t := ddl.Quote(names.At(i, 0).Str())
		rows.Reset(1)
		err = q.Query(ctx, "SELECT rowid FROM "+t+" WHERE "+t+" MATCH 'a' LIMIT 1", nil, []record.Kind{record.KindInt}, &rows)
	}
	return err
}

// lostReferences lists rows of SQLite that point to rows that are not there.
func lostReferences(ctx context.Context, q sqldb.Querier, limit int) ([]string, error) {
	var rows sqldb.Rows
	rows.Reset(3)
	err := q.Query(ctx, `SELECT "table", COALESCE(rowid, 0), "parent" FROM pragma_foreign_key_check LIMIT ?1`, []record.Value{record.Int(int64(limit))},
		[]record.Kind{record.KindText, record.KindInt, record.KindText}, &rows)
	if err != nil {
		return nil, err
	}
	var out []string
	for i := range rows.Len() {
		out = append(out, rows.At(i, 0).Str()+" "+strconv.FormatInt(rows.At(i, 1).Int(), 10)+" → "+rows.At(i, 2).Str())
	}
	return out, nil
}
