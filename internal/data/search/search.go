// Package search keeps one full-text index per entity and answers which
// records hold given words. Both databases are fed by the same tokens, which
// base/text makes; they differ only in where the tokens lie: an FTS5 table
// without content on SQLite, a side table with a tsvector and a GIN index on
// PostgreSQL.
//
// An index narrows, it never decides: it follows the records by up to a
// second, so the caller always adds the exact rights predicate on the entity's
// own table.
package search

import (
	"strconv"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// RankLimit is the number of hits up to which an answer is complete and
// ranked; above it hits come newest first (DESIGN §6).
const RankLimit = 1000

// NarrowLimit is the number of owners and departments up to which a question
// is narrowed inside the index; a larger set costs more there than it saves.
const NarrowLimit = 64

// Index is the full-text index of one entity. It is safe for many goroutines.
type Index struct {
	table  string // the index's own table
	freq   frequencies
	pieces atomic.Int64 // at most so many since they were counted or merged, on SQLite
}

// New names the index of the entity whose rows lie in table.
func New(table string) *Index { return &Index{table: table + "_fts"} }

// Table is the name of the index's own table.
func (x *Index) Table() string { return x.table }

// Tables names every table that the index has in a database: its own and, on
// SQLite, those that FTS5 keeps behind it. The schema planner must leave them alone.
func (x *Index) Tables(d sqldb.Dialect) []string {
	if d == sqldb.Postgres {
		return []string{x.table}
	}
	return []string{x.table, x.table + "_data", x.table + "_idx", x.table + "_docsize", x.table + "_config"}
}

// DDL makes the index where it does not exist; run it under Exclusive of sqldb.Beside.
//
// FTS5 splits at ASCII separators only, so that tokens joined by blanks stay
// as they are; detail stays full because phrases of Han bigrams need
// positions. GIN keeps no pending list (fastupdate): every search would read
// it, and batches go in faster without, 13,000 documents a second against
// 10,000 with emptying it.
func (x *Index) DDL(d sqldb.Dialect) []string {
	name := ddl.Quote(x.table)
	if d == sqldb.Postgres {
		return []string{
			"CREATE TABLE IF NOT EXISTS " + name + " (id BIGINT PRIMARY KEY, tsv TSVECTOR NOT NULL)",
			x.ginDDL(),
		}
	}
	return append([]string{"CREATE VIRTUAL TABLE IF NOT EXISTS " + name +
		` USING fts5(n, t, content='', contentless_delete=1, tokenize="ascii tokenchars '_'")`}, x.settings()...)
}

func (x *Index) ginName() string { return x.table + "_tsv" }

func (x *Index) ginDDL() string {
	return "CREATE INDEX IF NOT EXISTS " + ddl.Quote(x.ginName()) + " ON " + ddl.Quote(x.table) + " USING GIN (tsv) WITH (fastupdate = off)"
}

// Part is one piece of a document: the text of one field.
type Part struct {
	// Class groups fields that the same people may see. 0 is open to everyone
	// who may see the record; the text of any other class is found only by a
	// Scope that names it. The numbers lie in the index: when one comes to mean
	// another field, what it meant before is found by the wrong people until the
	// index is built anew. Give numbers out once and for ever.
	Class uint8
	// Title marks the text that names the record: hits in it rank first.
	Title bool
	Text  string
}

// Doc is the searchable text of one record.
type Doc struct {
	ID    int64
	Parts []Part
	// Owner and Dept are what own and department scopes read, 0 for none. The
	// index keeps them to narrow a frequent word to a person's own records.
	Owner, Dept int64
}

// Scope is what an actor may search.
type Scope struct {
	// Classes the actor may read, class 0 is always among them.
	Classes []uint8
	// Masked classes answer only to the last four digits or the whole number
	// (DESIGN §5). The caller counts and limits such questions.
	Masked []uint8
	// Plain classes hold numbers and addresses, no names: nobody types their
	// pinyin, and each class asked in vain costs as much as one that is not.
	Plain []uint8
	// Closed says that no text has class 0, so that it need not be asked.
	Closed bool
	// Title is the class of the texts that are titles, for the order of hits.
	Title uint8
	// Owners and Depts narrow to records of any of these owners or departments;
	// both empty = all records. They must cover everything the rights predicate
	// lets through; more than NarrowLimit together are ignored.
	Owners, Depts []int64
}

func itoa(n int) string { return strconv.Itoa(n) }
