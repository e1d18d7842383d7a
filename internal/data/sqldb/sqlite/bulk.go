package sqlite

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

var _ sqldb.Bulk = (*tx)(nil)

// InsertMany adds rows by one prepared statement, compiled and looked up once.
func (t *tx) InsertMany(_ context.Context, table string, columns []string, rows []record.Value) error {
	if err := t.q.refusal(); err != nil {
		return err
	}
	return t.q.note(t.insertMany(table, columns, rows))
}

func (t *tx) insertMany(table string, columns []string, rows []record.Value) error {
	if len(columns) == 0 || len(rows)%len(columns) != 0 {
		return fmt.Errorf("sqlite: %d values for rows of %d columns", len(rows), len(columns))
	}
	c := t.q.c
	s, err := c.prepare(insertSQL(table, columns))
	if err != nil {
		return err
	}
	c.done = nil
	for n := len(columns); len(rows) > 0; rows = rows[n:] {
		if err := c.bind(s, rows[:n]); err != nil {
			return err
		}
		if _, err := c.run(context.Background(), s); err != nil {
			return err
		}
	}
	return nil
}

func insertSQL(table string, columns []string) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + quote(table) + " (")
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(c))
	}
	b.WriteString(") VALUES (")
	for i := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("?" + strconv.Itoa(i+1))
	}
	b.WriteString(")")
	return b.String()
}

// quote writes a name of a table or column.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
