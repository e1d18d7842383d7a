package postgres

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/lru"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// cacheSize is how many statements a connection keeps prepared.
const cacheSize = 256

// session is what one connection keeps between statements.
type session struct {
	pc    *pgconn.PgConn
	cache *lru.Cache[*pgconn.StatementDescription]
	names int // of statements prepared so far
	args  args
	rows  rows
}

const sessionKey = "sqldb"

// sessionOf gives the session of a connection, made at its first use.
func sessionOf(c *pgxpool.Conn) *session {
	pc := c.Conn().PgConn()
	data := pc.CustomData()
	if s, ok := data[sessionKey].(*session); ok {
		return s
	}
	s := &session{pc: pc, cache: lru.New[*pgconn.StatementDescription](cacheSize)}
	data[sessionKey] = s
	return s
}

// simple runs a statement without parameters and rows.
func (s *session) simple(ctx context.Context, sql string) error {
	return s.fail(ctx, s.pc.Exec(ctx, sql).Close())
}

// end sends COMMIT or ROLLBACK.
func (s *session) end(ctx context.Context, sql string) error {
	d, err := s.prepare(ctx, sql)
	if err != nil {
		return err
	}
	_, err = s.pc.ExecStatement(ctx, d, nil, nil, nil).Close()
	return s.fail(ctx, err)
}

// prepare gives the prepared statement of the text. Preparing takes no
// snapshot and is done before a transaction begins.
func (s *session) prepare(ctx context.Context, sql string) (*pgconn.StatementDescription, error) {
	if d, ok := s.cache.Get(sql); ok {
		return d, nil
	}
	s.names++
	d, err := s.pc.Prepare(ctx, "s"+strconv.Itoa(s.names), sql, nil)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	if old, left := s.cache.Put(sql, d); left {
		if err := s.pc.Deallocate(ctx, old.Name); err != nil {
			return nil, s.fail(ctx, err)
		}
	}
	return d, nil
}

// allBinary is the format of all results.
var allBinary = []int16{1}

// rowReader takes the rows of a statement.
type rowReader interface {
	// fields is called once before the rows.
	fields(*pgconn.StatementDescription) error
	row(values [][]byte) error
}

// run sends a statement, behind begin when that is not empty, and hands its
// rows to r, which may be nil. It gives the number of rows changed. A statement
// prepared before a change of the schema is prepared again when nothing of the
// transaction is lost by that.
func (s *session) run(ctx context.Context, begin, sql string, args []record.Value, r rowReader) (int64, error) {
	n, err := s.send(ctx, begin, sql, args, r)
	if err == nil || !stale(err) {
		return n, err
	}
	switch {
	case begin != "":
		if err := s.simple(ctx, "ROLLBACK"); err != nil {
			return 0, err
		}
	case s.pc.TxStatus() != idle:
		return 0, err
	}
	return s.send(ctx, begin, sql, args, r)
}

// The status of a connection outside of a transaction, and inside of one that
// is not lost.
const (
	idle          = 'I'
	inTransaction = 'T'
)

func (s *session) send(ctx context.Context, begin, sql string, args []record.Value, r rowReader) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	d, err := s.prepare(ctx, sql)
	if err != nil {
		return 0, err
	}
	if r != nil {
		if err := r.fields(d); err != nil {
			return 0, err
		}
	}
	if err := s.args.encode(d, args); err != nil {
		return 0, err
	}
	if begin == "" {
		return s.drain(ctx, sql, s.pc.ExecStatement(ctx, d, s.args.values, s.args.formats, allBinary), r)
	}
	return s.sendFirst(ctx, begin, sql, d, r)
}

// sendFirst sends begin and a statement in one round trip.
func (s *session) sendFirst(ctx context.Context, begin, sql string, d *pgconn.StatementDescription, to rowReader) (n int64, err error) {
	first, err := s.prepare(ctx, begin)
	if err != nil {
		return 0, err
	}
	p := s.pc.StartPipeline(ctx)
	defer func() {
		if e := p.Close(); err == nil && e != nil {
			err = s.fail(ctx, e)
		}
	}()
	p.SendQueryStatement(first, nil, nil, nil)
	p.SendQueryStatement(d, s.args.values, s.args.formats, allBinary)
	if err := p.Sync(); err != nil {
		return 0, s.fail(ctx, err)
	}
	r, err := p.GetResults()
	if err != nil {
		return 0, s.fail(ctx, err)
	}
	if _, err := r.(*pgconn.ResultReader).Close(); err != nil {
		return 0, s.fail(ctx, err)
	}
	if r, err = p.GetResults(); err != nil {
		return 0, s.failed(ctx, sql, err)
	}
	return s.drain(ctx, sql, r.(*pgconn.ResultReader), to)
}

// drain reads a result to its end.
func (s *session) drain(ctx context.Context, sql string, r *pgconn.ResultReader, to rowReader) (int64, error) {
	var bad error
	for r.NextRow() {
		if bad == nil && to != nil {
			bad = to.row(r.Values())
		}
	}
	tag, err := r.Close()
	if err != nil {
		return 0, s.failed(ctx, sql, err)
	}
	if bad != nil {
		return 0, bad
	}
	if tag.Insert() || tag.Update() || tag.Delete() {
		return tag.RowsAffected(), nil
	}
	return 0, nil
}

func (s *session) failed(ctx context.Context, sql string, err error) error {
	if stale(err) {
		s.cache.Drop(sql) // its name on the server is used up: names are never given twice
	}
	return s.fail(ctx, fmt.Errorf("%w: %s", err, sql))
}

// query appends the rows of a statement to out.
func (s *session) query(ctx context.Context, begin, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	s.rows = rows{out: out, kinds: len(kinds)}
	_, err := s.run(ctx, begin, sql, args, &s.rows)
	s.rows.out = nil
	return err
}

// exec runs a statement and says how many rows it changed.
func (s *session) exec(ctx context.Context, begin, sql string, args []record.Value) (int64, error) {
	return s.run(ctx, begin, sql, args, nil)
}

// rows decodes into sqldb.Rows.
type rows struct {
	out   *sqldb.Rows
	kinds int
	d     *pgconn.StatementDescription
}

func (r *rows) fields(d *pgconn.StatementDescription) error {
	if len(d.Fields) != r.kinds {
		return fmt.Errorf("postgres: %d kinds for %d columns: %s", r.kinds, len(d.Fields), d.SQL)
	}
	r.d = d
	return r.out.Begin(r.kinds)
}

func (r *rows) row(values [][]byte) error {
	for i, v := range values {
		if err := decode(r.d.Fields[i].DataTypeOID, v, r.out); err != nil {
			return at(err, "column "+r.d.Fields[i].Name+" of "+r.d.SQL)
		}
	}
	return nil
}
