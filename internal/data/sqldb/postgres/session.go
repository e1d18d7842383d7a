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
	return failure(ctx, s.pc.Exec(ctx, sql).Close())
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
		return nil, failure(ctx, err)
	}
	if old, left := s.cache.Put(sql, d); left {
		if err := s.pc.Deallocate(ctx, old.Name); err != nil {
			return nil, failure(ctx, err)
		}
	}
	return d, nil
}

// forget drops a statement whose plan a schema change made invalid.
func (s *session) forget(sql string) { s.cache.Drop(sql) }

// allBinary is the format of all results.
var allBinary = []int16{1}

// run sends a statement, behind begin when that is not empty, and calls each
// for every row. It gives the number of rows changed.
func (s *session) run(ctx context.Context, begin, sql string, args []record.Value, check func(*pgconn.StatementDescription) error, each func(values [][]byte) error) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	d, err := s.prepare(ctx, sql)
	if err != nil {
		return 0, err
	}
	if check != nil {
		if err := check(d); err != nil {
			return 0, err
		}
	}
	if err := s.args.encode(d, args); err != nil {
		return 0, err
	}
	if begin == "" {
		return s.drain(ctx, sql, s.pc.ExecStatement(ctx, d, s.args.values, s.args.formats, allBinary), each)
	}
	return s.runFirst(ctx, begin, sql, d, each)
}

// runFirst sends begin and a statement in one round trip.
func (s *session) runFirst(ctx context.Context, begin, sql string, d *pgconn.StatementDescription, each func(values [][]byte) error) (n int64, err error) {
	p := s.pc.StartPipeline(ctx)
	defer func() {
		if e := p.Close(); err == nil && e != nil {
			err = failure(ctx, e)
		}
	}()
	p.SendQueryParams(begin, nil, nil, nil, nil)
	p.SendQueryStatement(d, s.args.values, s.args.formats, allBinary)
	if err := p.Sync(); err != nil {
		return 0, failure(ctx, err)
	}
	r, err := p.GetResults()
	if err != nil {
		return 0, failure(ctx, err)
	}
	if _, err := r.(*pgconn.ResultReader).Close(); err != nil {
		return 0, failure(ctx, err)
	}
	if r, err = p.GetResults(); err != nil {
		return 0, s.failed(ctx, sql, err)
	}
	return s.drain(ctx, sql, r.(*pgconn.ResultReader), each)
}

// drain reads a result to its end.
func (s *session) drain(ctx context.Context, sql string, r *pgconn.ResultReader, each func(values [][]byte) error) (int64, error) {
	var bad error
	for r.NextRow() {
		if bad == nil && each != nil {
			bad = each(r.Values())
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
		s.forget(sql)
	}
	return failure(ctx, fmt.Errorf("%w: %s", err, sql))
}

// query appends the rows of a statement to out.
func (s *session) query(ctx context.Context, begin, sql string, args []record.Value, kinds []record.Kind, out *sqldb.Rows) error {
	var fields []pgconn.FieldDescription
	_, err := s.run(ctx, begin, sql, args, func(d *pgconn.StatementDescription) error {
		if len(d.Fields) != len(kinds) {
			return fmt.Errorf("postgres: %d kinds for %d columns: %s", len(kinds), len(d.Fields), sql)
		}
		fields = d.Fields
		return out.Begin(len(kinds))
	}, func(values [][]byte) error {
		for i, v := range values {
			if err := decode(fields[i].DataTypeOID, v, out); err != nil {
				return fmt.Errorf("%w: column %s of %s", err, fields[i].Name, sql)
			}
		}
		return nil
	})
	return err
}

// exec runs a statement and says how many rows it changed.
func (s *session) exec(ctx context.Context, begin, sql string, args []record.Value) (int64, error) {
	return s.run(ctx, begin, sql, args, nil, nil)
}
