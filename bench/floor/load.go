package main

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/bench/dataset"
)

const (
	table = `CREATE TABLE customers (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner INTEGER NOT NULL, phone TEXT, email TEXT, industry TEXT,
  region TEXT, status TEXT, source TEXT, amount REAL, created_at TEXT, remark TEXT)`
	gramTable = `CREATE VIRTUAL TABLE gram USING fts5(g, content='', detail=none)`
	insertRow = `INSERT INTO customers(id, ` + written + `) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)`
)

// The indexes that the questions need, and no other.
var indexes = []string{
	`CREATE INDEX c_owner ON customers(owner, status, created_at)`,
	`CREATE INDEX c_status ON customers(status, created_at)`,
	`CREATE INDEX c_created ON customers(created_at)`,
	`ANALYZE`,
}

func load(file string, rows int, gram bool) error {
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("%s exists", file)
	}
	db, err := open(file, "NORMAL", 1)
	if err != nil {
		return err
	}
	defer db.Close()
	began := time.Now()
	if _, err := db.Exec(table); err != nil {
		return err
	}
	if gram {
		if _, err := db.Exec(gramTable); err != nil {
			return fmt.Errorf("the two-character index needs the build tag sqlite_fts5: %w", err)
		}
	}
	if err := fill(db, rows, gram); err != nil {
		return err
	}
	for _, q := range indexes {
		if _, err := db.Exec(q); err != nil {
			return err
		}
	}
	if _, err := db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	fmt.Printf(`{"rows":%d,"seconds":%.2f,"rows_per_s":%.0f}`+"\n", rows, took, float64(rows)/took)
	return nil
}

func fill(db *sql.DB, rows int, gram bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.Prepare(insertRow)
	if err != nil {
		return err
	}
	var words *sql.Stmt
	if gram {
		if words, err = tx.Prepare(`INSERT INTO gram(rowid, g) VALUES(?, ?)`); err != nil {
			return err
		}
	}
	for id := 1; id <= rows; id++ {
		c := dataset.At(id)
		_, err := insert.Exec(c.ID, c.Name, c.Owner, c.Phone, c.Email, c.Industry.Name, c.Region.Name, dataset.Statuses[c.Status],
			c.Source, float64(c.Cents)/100, c.CreatedText(), c.Remark)
		if err != nil {
			return err
		}
		if gram {
			if _, err := words.Exec(c.ID, pairs(c.Name)); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}

// pairs writes a name's two-character words one after the other.
func pairs(name string) string {
	var b strings.Builder
	signs := []rune(name)
	for k := 0; k+1 < len(signs); k++ {
		b.WriteString(string(signs[k : k+2]))
		b.WriteByte(' ')
	}
	return b.String()
}
