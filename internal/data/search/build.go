package search

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Build fills an empty index. next gives the documents in pieces (about 1,000
// are right) and an empty piece at the end; the next piece is cut into words
// while the last is being written. On PostgreSQL the GIN index is made behind
// the rows. When Build fails the index holds a part: drop it or build again,
// which replaces rows that are there.
func (x *Index) Build(ctx context.Context, db sqldb.DB, next func(context.Context) ([]Doc, error)) error {
	if err := x.beforeBuild(ctx, db); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type piece struct {
		rows []Row
		err  error
	}
	pieces := make(chan piece, 2)
	go func() {
		defer close(pieces)
		for {
			docs, err := next(ctx)
			if err == nil && len(docs) == 0 {
				return
			}
			select {
			case pieces <- piece{x.Encode(db.Dialect(), docs), err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		if p.err != nil {
			return p.err
		}
		if err := sqldb.Beside(db).Write(ctx, func(tx sqldb.Tx) error { return x.PutRows(ctx, tx, p.rows) }); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return x.afterBuild(ctx, db)
}

func (x *Index) beforeBuild(ctx context.Context, db sqldb.DB) error {
	return exclusively(ctx, db, func(d sqldb.Dialect) []string {
		if d == sqldb.Postgres {
			return []string{"DROP INDEX IF EXISTS " + ddl.Quote(x.ginName())}
		}
		return nil
	})
}

func (x *Index) afterBuild(ctx context.Context, db sqldb.DB) error {
	name := ddl.Quote(x.table)
	return exclusively(ctx, db, func(d sqldb.Dialect) []string {
		if d == sqldb.Postgres {
			return []string{"SET maintenance_work_mem = '256MB'", x.ginDDL(), "RESET maintenance_work_mem", "ANALYZE " + name}
		}
		return []string{"INSERT INTO " + name + " (" + name + ") VALUES ('optimize')"}
	})
}

// Maintain is the nightly care: old rows and statistics on PostgreSQL, merging the pieces that days of small batches left on SQLite.
func (x *Index) Maintain(ctx context.Context, db sqldb.DB) error {
	name := ddl.Quote(x.table)
	return exclusively(ctx, db, func(d sqldb.Dialect) []string {
		if d == sqldb.Postgres {
			return []string{"VACUUM (ANALYZE) " + name}
		}
		return []string{"INSERT INTO " + name + " (" + name + ", rank) VALUES ('merge', 4000)"}
	})
}

func exclusively(ctx context.Context, db sqldb.DB, list func(sqldb.Dialect) []string) error {
	return sqldb.Beside(db).Exclusive(ctx, func(q sqldb.Querier) error {
		for _, sql := range list(q.Dialect()) {
			if _, err := q.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}
