package main

import (
	"database/sql"
	"net/http"
	"strconv"
)

// row is one customer as it lies in SQLite's memory: the texts are valid until
// the next step.
type row struct {
	id, owner int64
	amount    float64
	texts     [len(textNames)]sql.RawBytes
}

// textNames are the text columns in the order of written, as JSON begins them.
var textNames = [...]string{`,"name":"`, `,"phone":"`, `,"email":"`, `,"industry":"`, `,"region":"`, `,"status":"`, `,"source":"`, `,"created_at":"`, `,"remark":"`}

func (r *row) scan(rows *sql.Rows) error {
	t := &r.texts
	return rows.Scan(&r.id, &t[0], &r.owner, &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &r.amount, &t[7], &t[8])
}

func (r *row) append(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, r.id, 10)
	b = append(b, `,"owner":`...)
	b = strconv.AppendInt(b, r.owner, 10)
	b = append(b, `,"amount":`...)
	b = strconv.AppendFloat(b, r.amount, 'f', 2, 64)
	for i, name := range textNames {
		b = append(b, name...)
		b = escape(b, r.texts[i])
		b = append(b, '"')
	}
	return append(b, '}')
}

// escape is enough for the data set: quotes, backslashes, no control signs.
func escape(b, text []byte) []byte {
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		}
	}
	return b
}

// writePage answers with rows; a total below 0 is left out.
func writePage(w http.ResponseWriter, rows *sql.Rows, err error, total int) {
	if err != nil {
		fail(w, err)
		return
	}
	defer rows.Close()
	b := append(make([]byte, 0, 32<<10), `{"items":[`...)
	var r row
	for first := true; rows.Next(); first = false {
		if err := r.scan(rows); err != nil {
			fail(w, err)
			return
		}
		if !first {
			b = append(b, ',')
		}
		b = r.append(b)
	}
	if err := rows.Err(); err != nil {
		fail(w, err)
		return
	}
	b = append(b, ']')
	if total >= 0 {
		b = append(b, `,"total":`...)
		b = strconv.AppendInt(b, int64(total), 10)
	}
	write(w, append(b, '}'))
}
