package main

import (
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/guanxicrm/guanxi/bench/dataset"
)

const (
	written  = `name,owner,phone,email,industry,region,status,source,amount,created_at,remark`
	selected = `SELECT id,` + written + ` FROM customers `
	newest   = ` ORDER BY created_at DESC LIMIT 50`
)

// server holds one prepared statement per question.
type server struct {
	one, ownPage, ownCount, page, count, byLike, byGram, months *sql.Stmt
	create, update                                              *sql.Stmt

	writing  sync.Mutex // SQLite has one writer; waiting here costs less than there
	mu       sync.RWMutex
	sessions map[string]int // token → member
}

func newServer(readers, writer *sql.DB, gram bool) (*server, error) {
	s := &server{sessions: map[string]int{}}
	list := []struct {
		at   **sql.Stmt
		db   *sql.DB
		text string
	}{
		{&s.one, readers, selected + `WHERE id=?`},
		{&s.ownPage, readers, selected + `WHERE owner=? AND status=?` + newest},
		{&s.ownCount, readers, `SELECT count(*) FROM customers WHERE owner=? AND status=?`},
		{&s.page, readers, selected + `WHERE status=?` + newest},
		{&s.count, readers, `SELECT count(*) FROM customers WHERE status=?`},
		// The unary plus keeps the planner from walking the date's index.
		{&s.byLike, readers, selected + `WHERE name LIKE ? ORDER BY +created_at DESC LIMIT 50`},
		{&s.months, readers, `SELECT region, substr(created_at,1,7), count(*), sum(amount) FROM customers GROUP BY 1,2`},
		{&s.create, writer, `INSERT INTO customers(` + written + `) VALUES(?,?,?,?,?,?,?,?,?,?,?)`},
		{&s.update, writer, `UPDATE customers SET phone=? WHERE id=?`},
	}
	if gram {
		list = append(list, struct {
			at   **sql.Stmt
			db   *sql.DB
			text string
		}{&s.byGram, readers, selected + `WHERE id IN (SELECT rowid FROM gram WHERE gram MATCH ?) ORDER BY +created_at DESC LIMIT 50`})
	}
	for _, q := range list {
		var err error
		if *q.at, err = q.db.Prepare(q.text); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *server) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) { write(w, []byte(`{"ok":true}`)) })
	m.HandleFunc("POST /login", s.login)
	m.HandleFunc("GET /c/{id}", s.getOne)
	m.HandleFunc("GET /list", s.getPage)
	m.HandleFunc("GET /search", s.search)
	m.HandleFunc("GET /report", s.report)
	m.HandleFunc("POST /c", s.createOne)
	m.HandleFunc("PATCH /c/{id}", s.updateOne)
	return m
}

func write(w http.ResponseWriter, body []byte) {
	w.Header()["Content-Type"] = jsonType
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a caller who left
}

var jsonType = []string{"application/json"}

func fail(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

// login compares the plain password: hashing is measured elsewhere.
func (s *server) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ User, Password string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	member, err := strconv.Atoi(strings.TrimPrefix(in.User, "sales"))
	if err != nil || member < 1 || member > dataset.Members || subtle.ConstantTimeCompare([]byte(in.Password), []byte(dataset.Password(member))) != 1 {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	var raw [16]byte
	if _, err := rand.Read(raw[:]); err != nil {
		fail(w, err)
		return
	}
	token := hex.EncodeToString(raw[:])
	s.mu.Lock()
	s.sessions[token] = member
	s.mu.Unlock()
	write(w, []byte(`{"token":"`+token+`"}`))
}

// caller is the member behind the token, 0 for nobody. Member 1 sees all rows
// when he says so.
func (s *server) caller(r *http.Request) (member int, all bool) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.RLock()
	member = s.sessions[token]
	s.mu.RUnlock()
	return member, member == 1 && r.Header.Get("X-Admin") != ""
}

func (s *server) getOne(w http.ResponseWriter, r *http.Request) {
	member, all := s.caller(r)
	rows, err := s.one.Query(r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	defer rows.Close()
	var row row
	if member == 0 || !rows.Next() {
		http.NotFound(w, r)
		return
	}
	if err := row.scan(rows); err != nil {
		fail(w, err)
		return
	}
	if row.owner != int64(member) && !all {
		http.NotFound(w, r)
		return
	}
	write(w, row.append(make([]byte, 0, 1<<10)))
}

func (s *server) getPage(w http.ResponseWriter, r *http.Request) {
	member, all := s.caller(r)
	if member == 0 {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	q := r.URL.Query()
	status, owner := q.Get("status"), q.Get("owner")
	if !all {
		owner = strconv.Itoa(member)
	}
	count, page, args := s.count, s.page, []any{status}
	if owner != "" {
		count, page, args = s.ownCount, s.ownPage, []any{owner, status}
	}
	total := 0
	if err := count.QueryRow(args...).Scan(&total); err != nil {
		fail(w, err)
		return
	}
	rows, err := page.Query(args...)
	writePage(w, rows, err, total)
}

func (s *server) search(w http.ResponseWriter, r *http.Request) {
	if _, all := s.caller(r); !all {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	word := r.URL.Query().Get("q")
	if s.byGram != nil {
		rows, err := s.byGram.Query(`"` + strings.ReplaceAll(word, `"`, "") + `"`)
		writePage(w, rows, err, -1)
		return
	}
	rows, err := s.byLike.Query("%" + word + "%")
	writePage(w, rows, err, -1)
}

func (s *server) report(w http.ResponseWriter, r *http.Request) {
	if _, all := s.caller(r); !all {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	rows, err := s.months.Query()
	if err != nil {
		fail(w, err)
		return
	}
	defer rows.Close()
	b := append(make([]byte, 0, 80<<10), `{"items":[`...)
	for first := true; rows.Next(); first = false {
		var region, month string
		var n int64
		var sum float64
		if err := rows.Scan(&region, &month, &n, &sum); err != nil {
			fail(w, err)
			return
		}
		if !first {
			b = append(b, ',')
		}
		b = append(b, `{"region":"`...)
		b = append(b, region...)
		b = append(b, `","month":"`...)
		b = append(b, month...)
		b = append(b, `","n":`...)
		b = strconv.AppendInt(b, n, 10)
		b = append(b, `,"total":`...)
		b = strconv.AppendFloat(b, sum, 'f', 2, 64)
		b = append(b, '}')
	}
	if err := rows.Err(); err != nil {
		fail(w, err)
		return
	}
	write(w, append(b, "]}"...))
}

func (s *server) createOne(w http.ResponseWriter, r *http.Request) {
	if member, _ := s.caller(r); member == 0 {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	var in struct {
		Name, Phone, Email, Industry, Region, Status, Source, Remark string
		Owner                                                        int
		Amount                                                       float64
		Created                                                      string `json:"created_at"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.writing.Lock()
	res, err := s.create.Exec(in.Name, in.Owner, in.Phone, in.Email, in.Industry, in.Region, in.Status, in.Source, in.Amount, in.Created, in.Remark)
	s.writing.Unlock()
	if err != nil {
		fail(w, err)
		return
	}
	id, err := res.LastInsertId()
	if err != nil {
		fail(w, err)
		return
	}
	write(w, []byte(`{"id":`+strconv.FormatInt(id, 10)+`}`))
}

func (s *server) updateOne(w http.ResponseWriter, r *http.Request) {
	if member, _ := s.caller(r); member == 0 {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	var in struct{ Phone string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.writing.Lock()
	_, err := s.update.Exec(in.Phone, r.PathValue("id"))
	s.writing.Unlock()
	if err != nil {
		fail(w, err)
		return
	}
	write(w, []byte(`{"ok":true}`))
}
