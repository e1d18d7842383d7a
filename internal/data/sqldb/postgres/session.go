package postgres

import (
	"context"
	"fmt"
	"slices"
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
	list  []statement
	rows  []rows // of list
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

// statement is what is sent and who takes its rows, which may be nil.
type statement struct {
	sql  string
	args []record.Value
	to   rowReader
}

// run sends statements together, behind begin when that is not empty. It gives
// the number of rows that they changed. A statement prepared before a change of
// the schema is prepared again when nothing of the transaction is lost by that;
// before that again is called.
func (s *session) run(ctx context.Context, begin string, list []statement, again func()) (int64, error) {
	n, err := s.send(ctx, begin, list)
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
	again()
	return s.send(ctx, begin, list)
}

// The status of a connection outside of a transaction, and inside of one that
// is not lost.
const (
	idle          = 'I'
	inTransaction = 'T'
)

func (s *session) send(ctx context.Context, begin string, list []statement) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if begin != "" || len(list) > 1 {
		return s.sendTogether(ctx, begin, list)
	}
	one := list[0]
	d, err := s.describe(ctx, one)
	if err != nil {
		return 0, err
	}
	if err := s.args.encode(d, one.args); err != nil {
		return 0, err
	}
	return s.drain(ctx, one.sql, s.pc.ExecStatement(ctx, d, s.args.values, s.args.formats, allBinary), one.to)
}

// describe prepares a statement and tells its reader what comes.
func (s *session) describe(ctx context.Context, one statement) (*pgconn.StatementDescription, error) {
	d, err := s.prepare(ctx, one.sql)
	if err == nil && one.to != nil {
		err = one.to.fields(d)
	}
	return d, err
}

// sendTogether sends begin and the statements in one round trip.
func (s *session) sendTogether(ctx context.Context, begin string, list []statement) (n int64, err error) {
	var room [4]*pgconn.StatementDescription
	all := room[:0]
	for _, one := range list { // first: nothing may be prepared while results are awaited
		d, err := s.describe(ctx, one)
		if err != nil {
			return 0, err
		}
		all = append(all, d)
	}
	var first *pgconn.StatementDescription
	if begin != "" {
		if first, err = s.prepare(ctx, begin); err != nil {
			return 0, err
		}
	}
	p := s.pc.StartPipeline(ctx)
	defer func() {
		if e := p.Close(); err == nil && e != nil {
			err = s.fail(ctx, e)
		}
	}()
	if first != nil {
		p.SendQueryStatement(first, nil, nil, nil)
	}
	for i, d := range all {
		if err = s.args.encode(d, list[i].args); err != nil {
			break // what was written is answered, so that the connection can go on
		}
		p.SendQueryStatement(d, s.args.values, s.args.formats, allBinary)
	}
	if e := p.Sync(); e != nil {
		return 0, s.fail(ctx, e)
	}
	if err != nil {
		return 0, err
	}
	return s.receive(ctx, p, begin != "", list)
}

// receive reads what sendTogether asked for.
func (s *session) receive(ctx context.Context, p *pgconn.Pipeline, begun bool, list []statement) (n int64, err error) {
	if begun {
		r, err := p.GetResults()
		if err != nil {
			return 0, s.fail(ctx, err)
		}
		if _, err := r.(*pgconn.ResultReader).Close(); err != nil {
			return 0, s.fail(ctx, err)
		}
	}
	for _, one := range list {
		r, err := p.GetResults()
		if err != nil {
			return 0, s.failed(ctx, one.sql, err)
		}
		changed, err := s.drain(ctx, one.sql, r.(*pgconn.ResultReader), one.to)
		if err != nil {
			return 0, err
		}
		n += changed
	}
	return n, nil
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
	return s.queryAll(ctx, begin, []sqldb.Question{{SQL: sql, Args: args, Kinds: kinds, Out: out}})
}

// queryAll appends the rows of each statement to its Out.
func (s *session) queryAll(ctx context.Context, begin string, questions []sqldb.Question) error {
	if len(questions) == 0 {
		return nil
	}
	s.list, s.rows = s.list[:0], slices.Grow(s.rows[:0], len(questions))
	for _, q := range questions {
		s.rows = append(s.rows, rows{out: q.Out, kinds: len(q.Kinds), before: q.Out.Len()})
		s.list = append(s.list, statement{q.SQL, q.Args, &s.rows[len(s.rows)-1]})
	}
	_, err := s.run(ctx, begin, s.list, func() {
		for _, r := range s.rows {
			r.out.Cut(r.before)
		}
	})
	clear(s.list) // the texts of the last questions are not held
	clear(s.rows)
	return err
}

// exec runs a statement and says how many rows it changed.
func (s *session) exec(ctx context.Context, begin, sql string, args []record.Value) (int64, error) {
	s.list = append(s.list[:0], statement{sql: sql, args: args})
	n, err := s.run(ctx, begin, s.list, func() {})
	clear(s.list)
	return n, err
}

// rows decodes into sqldb.Rows.
type rows struct {
	out           *sqldb.Rows
	kinds, before int // before: rows that out held
	d             *pgconn.StatementDescription
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
