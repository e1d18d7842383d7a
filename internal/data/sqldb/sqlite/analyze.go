package sqlite

import (
	"context"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// lookedAt is about how many rows of each index are looked at: enough to tell
// ten rows of a value from ten thousand, few enough that writes hardly wait.
const lookedAt = 2000

// Analyze implements sqldb.Analyst.
func (db *DB) Analyze(ctx context.Context, tables []string, least int) (int, error) {
	known, err := db.analyzed(ctx)
	if err != nil {
		return 0, err
	}
	n, changed := 0, false
	defer func() {
		if changed {
			db.freshReaders()
		}
	}()
	for _, table := range tables {
		many, err := db.hasRows(ctx, table, least)
		switch {
		case err != nil:
			return n, err
		case many:
			n++
			err = db.look(ctx, "ANALYZE main."+name(table))
		case known[table]:
			err = db.forget(ctx, table)
		default:
			continue
		}
		if err != nil {
			return n, err
		}
		changed = true
	}
	return n, nil
}

// analyzed are the tables with statistics.
func (db *DB) analyzed(ctx context.Context) (map[string]bool, error) {
	known := map[string]bool{}
	text := []record.Kind{record.KindText}
	var out sqldb.Rows
	if err := db.ReadOne(ctx, "SELECT name FROM main.sqlite_schema WHERE name = 'sqlite_stat1'", nil, text, &out); err != nil || out.Len() == 0 {
		return known, err
	}
	out.Reset(1)
	if err := db.ReadOne(ctx, "SELECT DISTINCT tbl FROM main.sqlite_stat1", nil, text, &out); err != nil {
		return nil, err
	}
	for i := range out.Len() {
		known[out.At(i, 0).Str()] = true
	}
	return known, nil
}

func (db *DB) hasRows(ctx context.Context, table string, least int) (bool, error) {
	var out sqldb.Rows
	err := db.ReadOne(ctx, "SELECT 1 FROM main."+name(table)+" LIMIT 1 OFFSET ?1", []record.Value{record.Int(int64(max(least, 1)) - 1)}, []record.Kind{record.KindInt}, &out)
	return out.Len() > 0, err
}

// look has the writer look at a table.
func (db *DB) look(ctx context.Context, analyze string) error {
	return db.Exclusive(ctx, func(q sqldb.Querier) error {
		var out sqldb.Rows
		if err := q.Query(ctx, "PRAGMA analysis_limit = "+strconv.Itoa(lookedAt), nil, []record.Kind{record.KindInt}, &out); err != nil {
			return err
		}
		_, err := q.Exec(ctx, analyze)
		return err
	})
}

// forget drops what is kept of a table. The statement after it has the writer
// read again what is left.
func (db *DB) forget(ctx context.Context, table string) error {
	return db.Exclusive(ctx, func(q sqldb.Querier) error {
		if _, err := q.Exec(ctx, "DELETE FROM main.sqlite_stat1 WHERE tbl = ?1", record.Text(table)); err != nil {
			return err
		}
		_, err := q.Exec(ctx, "ANALYZE main.sqlite_schema")
		return err
	})
}

// freshReaders has every read from now on go by the statistics that are kept
// now: SQLite reads them with the schema, which did not change, so that each
// reader must be opened again. Those at work are closed when they are done.
func (db *DB) freshReaders() {
	db.mu.Lock()
	db.seen.Add(1)
	free := db.free
	db.free = nil
	db.mu.Unlock()
	for _, c := range free {
		db.closeReader(c)
	}
}

// name writes a name in SQL.
func name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
