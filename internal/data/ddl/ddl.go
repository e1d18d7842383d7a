// Package ddl keeps the tables of both databases in step with what the
// program declares. It only ever adds: tables, columns, indexes. A type never
// changes in place and nothing is dropped while the program serves (DESIGN §6);
// what the database holds and nobody declares is listed, not touched.
package ddl

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// maxName is the longest identifier PostgreSQL keeps; longer ones would be cut
// without a word and then never be found again.
const maxName = 63

// Column is one column of a table.
type Column struct {
	Name string
	// Kind is KindInt (INTEGER, BIGINT), KindText (TEXT, byte-wise order) or
	// KindBytes (BLOB, BYTEA).
	Kind    record.Kind
	NotNull bool
	// Default is an SQL literal that both dialects read, "" for none. A NOT
	// NULL column that is added to an existing table needs one.
	Default string
	// Ref names the table whose id this column holds: a foreign key that
	// refuses the deletion of its target. "" for none.
	Ref string
}

// Index is an index of a table. A changed index needs a new name.
type Index struct {
	Name string
	// Columns are written "col" or "col DESC". On PostgreSQL a descending
	// nullable column is NULLS LAST, as every list sorts (DESIGN §3).
	Columns []string
	Unique  bool
	// Where makes the index partial: SQL that both dialects read, such as
	// deleted_at IS NULL.
	Where string
	// Only names the one dialect that needs the index; "" is both.
	Only sqldb.Dialect
}

// Table is a table. Key is the primary key: ["id"] over an integer column is
// the rowid on SQLite. NoRowid makes the key the storage order on SQLite
// (WITHOUT ROWID) and means nothing on PostgreSQL.
type Table struct {
	Name    string
	Columns []Column
	Key     []string
	Indexes []Index
	NoRowid bool
}

// Quote writes an identifier for both dialects.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// IndexName makes the name of an index from its table and columns: readable,
// the same every time, never longer than PostgreSQL keeps.
func IndexName(table string, columns ...string) string {
	parts := make([]string, 0, len(columns)+2)
	parts = append(parts, table)
	for _, c := range columns {
		name, _ := splitColumn(c)
		parts = append(parts, name)
	}
	full := strings.Join(append(parts, "ix"), "_")
	if len(full) <= maxName {
		return full
	}
	sum := sha256.Sum256([]byte(full))
	tail := "_" + hex.EncodeToString(sum[:5]) + "_ix"
	return strings.ToValidUTF8(full[:maxName-len(tail)], "") + tail
}

// Create renders the statements that make table t with its indexes, on an
// empty database. Foreign keys are inline: their targets must exist.
func Create(d sqldb.Dialect, t Table) []string {
	list := []string{createTable(d, t, nil)}
	for _, ix := range t.Indexes {
		if ix.on(d) {
			list = append(list, createIndex(d, t, ix, false))
		}
	}
	return list
}

// References renders the statements that add the foreign keys of t to a table
// that was made without them. SQLite cannot: there they are part of the table.
func References(d sqldb.Dialect, t Table) []string {
	if d == sqldb.SQLite {
		return nil
	}
	var list []string
	for _, c := range t.Columns {
		if c.Ref != "" {
			list = append(list, addReference(d, t.Name, c))
		}
	}
	return list
}

func addReference(d sqldb.Dialect, table string, c Column) string {
	return "ALTER TABLE " + Quote(table) + " ADD FOREIGN KEY (" + Quote(c.Name) + ")" + reference(d, c.Ref)
}

// createTable renders CREATE TABLE; the references of the columns in later are
// left out (they are added when their target exists).
func createTable(d sqldb.Dialect, t Table, later map[string]bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (", Quote(t.Name))
	rowid := t.rowid()
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		c.NotNull = c.NotNull || t.inKey(c.Name)
		if later[c.Name] {
			c.Ref = ""
		}
		if rowid == c.Name {
			b.WriteString(Quote(c.Name) + " " + columnType(d, c.Kind) + " PRIMARY KEY")
			if c.Ref != "" {
				b.WriteString(reference(d, c.Ref))
			}
			continue
		}
		b.WriteString(columnText(d, c))
	}
	if len(t.Key) > 0 && rowid == "" {
		b.WriteString(", PRIMARY KEY (" + quoteAll(t.Key) + ")")
	}
	b.WriteString(")")
	if d == sqldb.SQLite {
		// STRICT gives SQLite the type checks PostgreSQL has anyway.
		b.WriteString(" STRICT")
		if t.NoRowid && len(t.Key) > 0 && rowid == "" {
			b.WriteString(", WITHOUT ROWID")
		}
	}
	return b.String()
}

func columnText(d sqldb.Dialect, c Column) string {
	s := Quote(c.Name) + " " + columnType(d, c.Kind)
	if c.NotNull {
		s += " NOT NULL"
	}
	if c.Default != "" {
		s += " DEFAULT " + c.Default
	}
	if c.Ref != "" {
		s += reference(d, c.Ref)
	}
	return s
}

// reference renders a foreign key that refuses to lose its target. SQLite's
// keys are immediate and refuse by default; its RESTRICT is a trigger that
// reports another error.
func reference(d sqldb.Dialect, table string) string {
	s := " REFERENCES " + Quote(table) + ` ("id")`
	if d == sqldb.Postgres {
		s += " ON DELETE RESTRICT"
	}
	return s
}

func createIndex(d sqldb.Dialect, t Table, ix Index, online bool) string {
	var b strings.Builder
	b.WriteString("CREATE ")
	if ix.Unique {
		b.WriteString("UNIQUE ")
	}
	b.WriteString("INDEX ")
	if online && d == sqldb.Postgres {
		b.WriteString("CONCURRENTLY ")
	}
	fmt.Fprintf(&b, "%s ON %s (", Quote(ix.Name), Quote(t.Name))
	for i, c := range ix.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		name, desc := splitColumn(c)
		b.WriteString(Quote(name))
		if desc {
			b.WriteString(" DESC")
			if d == sqldb.Postgres && t.nullable(name) {
				b.WriteString(" NULLS LAST")
			}
		}
	}
	b.WriteString(")")
	if ix.Where != "" {
		b.WriteString(" WHERE " + ix.Where)
	}
	return b.String()
}

func columnType(d sqldb.Dialect, k record.Kind) string {
	pg := d == sqldb.Postgres
	switch {
	case k == record.KindInt && pg:
		return "BIGINT"
	case k == record.KindInt:
		return "INTEGER"
	case k == record.KindBytes && pg:
		return "BYTEA"
	case k == record.KindBytes:
		return "BLOB"
	case pg:
		return `TEXT COLLATE "C"`
	}
	return "TEXT"
}

// splitColumn takes "col DESC" apart.
func splitColumn(s string) (name string, desc bool) {
	name, order, _ := strings.Cut(s, " ")
	return name, strings.EqualFold(order, "DESC")
}

func quoteAll(names []string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = Quote(n)
	}
	return strings.Join(list, ", ")
}

func (ix *Index) on(d sqldb.Dialect) bool { return ix.Only == "" || ix.Only == d }

// rowid is the name of the single integer key column, "" when the key is
// anything else.
func (t *Table) rowid() string {
	if len(t.Key) != 1 {
		return ""
	}
	if c := t.column(t.Key[0]); c != nil && c.Kind == record.KindInt {
		return c.Name
	}
	return ""
}

func (t *Table) inKey(name string) bool {
	for _, k := range t.Key {
		if k == name {
			return true
		}
	}
	return false
}

func (t *Table) column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

func (t *Table) nullable(name string) bool {
	c := t.column(name)
	return c != nil && !c.NotNull && !t.inKey(name)
}
